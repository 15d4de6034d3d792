//! Split while a division is changed by hand: its parts with what changed, their files, before and after, seams as work.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::split::{how, tail};
use super::{Data, Go, Item, Paragraph, Text, plural};
use crate::analysis::Analysis;
use crate::facts::{FileId, Name};
use crate::split::compare::{Column, Figure, PART, TOTALS, names};
use crate::split::whatif::{COMMON, Figures, PartId, WhatIf};
use crate::split::{SHARED, Seam};
use crate::text::{cut_start, pad, pad_start, width};
use crate::tui::theme::Role;
use crate::tui::widgets::canvas::PICTURE;

/// Seams that are listed of one neighbour.
const LISTED: usize = 100;
/// Cells of the names of figures, and of one figure.
const NAME: usize = 26;
const CELL: usize = 10;

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A part.
    Part(PartId),
    /// The files of a part in one module.
    Module(PartId, u32),
    /// A file.
    File(FileId),
}

/// A division that a person changes.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The division.
    pub what_if: WhatIf,
    /// The alternative that it was loaded from or saved as; empty where neither.
    pub name: String,
    /// Changed since it was saved, loaded or begun.
    pub unsaved: bool,
    /// Files that the next change is about.
    pub marked: BTreeSet<FileId>,
    /// The figures of the proposal.
    pub proposal: Column,
    /// The figures now.
    pub now: Column,
    /// Seams by number of the part, now.
    pub seams: Vec<Vec<Seam>>,
    /// The analysis with the proposal, while the other screens show the what-if.
    pub original: Option<Arc<Analysis>>,
    /// The parts that the proposal has too: what they were there.
    before: BTreeMap<PartId, (Figures, BTreeSet<(FileId, FileId)>)>,
}

impl Trial {
    /// Begins with the candidates of an analysis.
    #[must_use]
    pub fn begin(analysis: &Analysis) -> Trial {
        let what_if = WhatIf::new(&analysis.split_inputs(), &analysis.candidates);
        Trial::with(analysis, what_if, "")
    }

    /// Goes on with a division that has a name already.
    #[must_use]
    pub fn with(analysis: &Analysis, what_if: WhatIf, name: &str) -> Trial {
        let proposal = Column::of("proposal", &WhatIf::new(&analysis.split_inputs(), &analysis.candidates));
        let mut before = BTreeMap::new();
        for part in what_if.parts() {
            let own = what_if.name(part);
            let candidate =
                analysis.candidates.iter().find(|c| if part == COMMON { c.id == SHARED } else { c.name == own });
            if let (Some(figures), Some(candidate)) = (proposal.part(own), candidate) {
                let seams = candidate.seams.iter().map(|seam| (seam.from, seam.to)).collect();
                before.insert(part, (figures.clone(), seams));
            }
        }
        let seams = what_if.seams(&analysis.graph);
        let now = Column::of(if name.is_empty() { "what-if" } else { name }, &what_if);
        Trial {
            what_if,
            name: name.to_owned(),
            unsaved: false,
            marked: BTreeSet::new(),
            proposal,
            now,
            seams,
            original: None,
            before,
        }
    }

    /// Reads all figures anew after a change.
    pub fn follow(&mut self, analysis: &Analysis) {
        self.seams = self.what_if.seams(&analysis.graph);
        self.now = Column::of(if self.name.is_empty() { "what-if" } else { &self.name }, &self.what_if);
        self.marked.retain(|file| self.what_if.part_of(*file).is_some());
    }

    /// The figures of a part now; `None` where it has no files any more.
    #[must_use]
    pub fn figures(&self, part: PartId) -> Option<&Figures> {
        self.now.parts.iter().find(|figures| figures.part == part)
    }

    /// What a part was in the proposal.
    #[must_use]
    pub fn before(&self, part: PartId) -> Option<&Figures> {
        self.before.get(&part).map(|(figures, _)| figures)
    }

    /// True while nothing differs from the proposal and nothing has a name.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        self.what_if.steps() == 0 && self.name.is_empty()
    }
}

/// The key of a part's row.
#[must_use]
pub fn part_key(part: PartId) -> Name {
    Name::from(format!("part:{}", part.0))
}

/// What a row stands for; `None` for a heading.
#[must_use]
pub fn target(data: &Data, key: &str) -> Option<Target> {
    if let Some(path) = key.strip_prefix("file ") {
        let at = data.analysis.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        return Some(Target::File(FileId(u32::try_from(at).ok()?)));
    }
    let rest = key.strip_prefix("part:")?;
    match rest.split_once('/') {
        Some((part, module)) => Some(Target::Module(PartId(part.parse().ok()?), module.parse().ok()?)),
        None => Some(Target::Part(PartId(rest.parse().ok()?))),
    }
}

/// The files that a row stands for, sorted.
#[must_use]
pub fn files(data: &Data, trial: &Trial, target: Target) -> Vec<FileId> {
    match target {
        Target::File(file) => vec![file],
        Target::Part(part) => trial.what_if.files(part),
        Target::Module(part, module) => {
            let mut all = trial.what_if.files(part);
            all.retain(|file| module_of(data, *file) == module);
            all
        }
    }
}

fn module_of(data: &Data, file: FileId) -> u32 {
    data.analysis.graph.module_of.get(file.index()).map_or(0, |module| u32::try_from(module.index()).unwrap_or(0))
}

/// One figure with what changed, in eight cells: `  14 +2  `.
fn cell(figure: &Figure<Figures>, before: Option<&Figures>, now: &Figures) -> Vec<(String, Role)> {
    let value = (figure.of)(now);
    let change = before.map_or(String::new(), |before| figure.unit.change((figure.of)(before), value));
    let gain = before.map_or(0.0, |before| figure.gain(before, now));
    vec![
        (pad_start(&figure.unit.show(value), 4), Role::Text),
        (pad(&format!(" {change}"), 5), role(gain, Role::Accent)),
    ]
}

/// Better, worse, or another role where it is neither.
fn role(gain: f32, neither: Role) -> Role {
    match () {
        () if gain > 0.0 => Role::Good,
        () if gain < 0.0 => Role::Bad,
        () => neither,
    }
}

/// The figures of the rows: score, files, seams, shared tables.
const COLUMNS: [usize; 4] = [0, 1, 2, 3];

/// One row per part, below it its modules and files where it is unfolded.
#[must_use]
pub fn rows(data: &Data, trial: &Trial) -> Vec<Item> {
    let mut order: Vec<&Figures> = trial.now.parts.iter().collect();
    match data.order[3] {
        1 => order.sort_by(|a, b| a.name.cmp(&b.name)),
        2 => order.sort_by_key(|f| std::cmp::Reverse(f.files)),
        3 => order.sort_by_key(|f| f.blockers.iter().sum::<u32>()),
        _ => {}
    }
    let head = "     candidate        score    files    seams    tables";
    let mut out = vec![Item { key: "# figures".into(), ..Item::heading(head) }];
    out[0].text = Text::Spans(vec![(head.to_owned(), Role::Dim)]);
    for figures in order {
        let part = figures.part;
        let key = part_key(part);
        let open = data.opened.contains(&key);
        let marked = trial.marked.iter().filter(|file| trial.what_if.part_of(**file) == Some(part)).count();
        let before = trial.before(part);
        let new = if before.is_none() && part != COMMON { "new" } else { "" };
        let mark = if marked > 0 { format!("{marked}*") } else { new.to_owned() };
        let mut text = vec![
            (if open { "▾" } else { "▸" }.to_owned(), Role::Dim),
            (pad(&mark, 4), Role::Warn),
            (pad(&figures.name, 17), Role::Text),
        ];
        for figure in COLUMNS {
            text.extend(cell(&PART[figure], before, figures));
        }
        let place = trial.seams.get(part.0 as usize).and_then(|s| s.first()).map(|s| (s.from, s.line, s.line));
        out.push(Item { place, stop: part != COMMON, ..Item::new(&key, text, Go::Detail) });
        if open {
            members(data, trial, part, &mut out);
        }
    }
    out
}

fn members(data: &Data, trial: &Trial, part: PartId, out: &mut Vec<Item>) {
    let mut modules: BTreeMap<u32, Vec<FileId>> = BTreeMap::new();
    for file in trial.what_if.files(part) {
        modules.entry(module_of(data, file)).or_default().push(file);
    }
    let row = |file: FileId, depth: u32| Item {
        place: Some((file, 1, 1)),
        text: Text::Member(file.0, depth),
        ..Item::new(format!("file {}", data.analysis.path(file)), Vec::new(), Go::Source)
    };
    if modules.len() < 2 {
        return out.extend(modules.into_values().flatten().map(|file| row(file, 0)));
    }
    for (module, files) in modules {
        let key = Name::from(format!("{}/{module}", part_key(part)));
        let open = data.opened.contains(&key);
        let name = data.module(files[0]);
        let marked = files.iter().filter(|file| trial.marked.contains(file)).count();
        let mark = if marked > 0 { format!("  {marked} marked") } else { String::new() };
        let text = vec![
            (format!("   {} ", if open { "▾" } else { "▸" }), Role::Dim),
            (format!("{name}  "), Role::Accent),
            (plural(files.len(), "file"), Role::Dim),
            (mark, Role::Warn),
        ];
        out.push(Item::new(&key, text, Go::Detail));
        if open {
            out.extend(files.into_iter().map(|file| row(file, 1)));
        }
    }
}

/// The row of a file: marked or not, its path, and the part that binds it more than its own.
#[must_use]
pub fn member(data: &Data, file: FileId, depth: u32, cells: usize) -> Vec<(String, Role)> {
    let Some(trial) = &data.trial else { return Vec::new() };
    let mark = match () {
        () if trial.marked.contains(&file) => "[x] ",
        () if trial.what_if.is_pinned(file) => "[=] ",
        () => "[ ] ",
    };
    let own = trial.what_if.part_of(file);
    let bond = trial.what_if.places(file).into_iter().next().filter(|bond| Some(bond.part) != own);
    let bond = bond
        .map_or(String::new(), |bond| format!("  {:.0} % to {}", bond.share * 100.0, trial.what_if.name(bond.part)));
    let head = format!("{}{mark}", " ".repeat(3 + 2 * depth as usize));
    let room = cells.saturating_sub(width(&head) + width(&bond)).max(12);
    let role = if trial.marked.contains(&file) { Role::Warn } else { Role::Text };
    vec![(head, role), (cut_start(data.analysis.path(file), room).into_owned(), role), (bond, Role::Accent)]
}

/// A line of a table: name, figures.
fn line(name: &str, cells: &[String], role: Role) -> Paragraph {
    let cells: String = cells.iter().map(|cell| pad_start(cell, CELL)).collect();
    Paragraph::new(PICTURE, format!("{}{cells}", pad(name, NAME)), role)
}

fn table<T>(figures: &[Figure<T>], before: Option<&T>, now: Option<&T>, out: &mut Vec<Paragraph>) {
    for figure in figures {
        let (old, new) = (before.and_then(figure.of), now.and_then(figure.of));
        let gain = before.zip(now).map_or(0.0, |(before, now)| figure.gain(before, now));
        let change = figure.unit.change(old, new);
        let role = if change.is_empty() { Role::Text } else { role(gain, Role::Accent) };
        out.push(line(figure.name, &[figure.unit.show(old), figure.unit.show(new), change], role));
    }
}

/// Before and after of the part that a row belongs to, and of the whole, then the seams as work.
#[must_use]
pub fn detail(data: &Data, trial: &Trial, item: &Item) -> Vec<Paragraph> {
    let part = match target(data, &item.key) {
        Some(Target::Part(part) | Target::Module(part, _)) => part,
        Some(Target::File(file)) => match trial.what_if.part_of(file) {
            Some(part) => part,
            None => return Vec::new(),
        },
        None => return Vec::new(),
    };
    let heads = ["proposal".to_owned(), "what-if".to_owned(), "change".to_owned()];
    let mut out = Vec::new();
    if let Some(Target::File(file)) = target(data, &item.key) {
        out.push(Paragraph::title(format!("What binds {}", tail(data.analysis.path(file)))));
        for bond in trial.what_if.places(file) {
            let role = if bond.part == part { Role::Good } else { Role::Text };
            let text = format!(
                "{:.0} % to {}: uses {}, used by {}",
                bond.share * 100.0,
                trial.what_if.name(bond.part),
                plural(bond.uses as usize, "file"),
                bond.used
            );
            out.push(Paragraph::new("", text, role));
        }
    }
    out.push(line(trial.what_if.name(part), &heads, Role::Title));
    table(&PART[..6], trial.before(part), trial.figures(part), &mut out);
    out.push(line("the whole division", &heads, Role::Title));
    table(&TOTALS[..6], Some(&trial.proposal.totals), Some(&trial.now.totals), &mut out);
    work(data, trial, part, &mut out);
    let tables: Vec<String> = trial
        .what_if
        .shared_tables()
        .into_iter()
        .filter(|(_, parts)| parts.contains(&part))
        .map(|(table, parts)| {
            let others = parts.iter().filter(|other| **other != part).map(|other| trial.what_if.name(*other));
            format!("{table} with {}", others.collect::<Vec<_>>().join(", "))
        })
        .collect();
    if !tables.is_empty() {
        out.push(Paragraph::title(format!("Tables to divide ({})", tables.len())));
        out.extend(tables.into_iter().map(|text| Paragraph::new("", text, Role::Warn)));
    }
    out.push(line(&format!("more of {}", trial.what_if.name(part)), &heads, Role::Title));
    table(&PART[6..], trial.before(part), trial.figures(part), &mut out);
    out.push(line("more of the whole", &heads, Role::Title));
    table(&TOTALS[6..], Some(&trial.proposal.totals), Some(&trial.now.totals), &mut out);
    out
}

/// The seams of a part as a list of work, by the part on the other side; those that the change did away with last.
fn work(data: &Data, trial: &Trial, part: PartId, out: &mut Vec<Paragraph>) {
    let none = Vec::new();
    let own = trial.seams.get(part.0 as usize).unwrap_or(&none);
    let old = trial.before.get(&part).map(|(_, seams)| seams);
    let mut sides: BTreeMap<(bool, u32), Vec<&Seam>> = BTreeMap::new();
    for seam in own {
        let other = if seam.incoming { seam.from } else { seam.to };
        if let Some(other) = trial.what_if.part_of(other) {
            sides.entry((!seam.incoming, other.0)).or_default().push(seam);
        }
    }
    out.push(Paragraph::title(format!("Seams: the work at the border ({})", own.len())));
    for ((outgoing, other), seams) in sides {
        let used: BTreeSet<FileId> = seams.iter().map(|seam| seam.to).collect();
        let (other, count) = (trial.what_if.name(PartId(other)), plural(seams.len(), "use"));
        let what = if used.len() == 1 { "1 file".to_owned() } else { format!("{} files", used.len()) };
        let text = match (outgoing, other == SHARED) {
            (_, true) => format!("take along or copy from {SHARED}: {count} of {what}"),
            (true, _) => format!("{other} must offer an interface: {count} of {what}"),
            (false, _) => format!("offer an interface to {other}: {count} of {what}"),
        };
        out.push(Paragraph::new("", text, Role::Accent));
        for seam in seams.iter().take(LISTED) {
            let new = old.is_some_and(|old| !old.contains(&(seam.from, seam.to)));
            let text =
                format!("{}{} {}", if new { "new: " } else { "" }, how(seam.kind), tail(data.analysis.path(seam.to)));
            let role = if new { Role::Bad } else { Role::Text };
            out.push(Paragraph::at("", data, (seam.from, seam.line, seam.line), &text, role));
        }
        if seams.len() > LISTED {
            out.push(Paragraph::new("", format!("… {} more", seams.len() - LISTED), Role::Dim));
        }
    }
    let kept: BTreeSet<(FileId, FileId)> = own.iter().map(|seam| (seam.from, seam.to)).collect();
    let gone: Vec<&(FileId, FileId)> = old.into_iter().flatten().filter(|pair| !kept.contains(pair)).collect();
    if !gone.is_empty() {
        out.push(Paragraph::new("", format!("no border any more: {}", plural(gone.len(), "use")), Role::Good));
        for (from, to) in gone.into_iter().take(LISTED) {
            let text = format!("uses {}", tail(data.analysis.path(*to)));
            out.push(Paragraph::at("", data, (*from, 1, 1), &text, Role::Good));
        }
    }
}

/// Divisions side by side, as many as fit from `first` on; the best figure of a line is marked by `*`.
#[must_use]
pub fn comparison(columns: &[Column], first: usize, cells: usize) -> Vec<(String, Role)> {
    const WIDE: usize = 14;
    let fit = (cells.saturating_sub(NAME) / WIDE).max(1);
    // The proposal stays: everything is compared with it.
    let shown: Vec<&Column> =
        columns.iter().take(1).chain(columns.iter().skip(1 + first).take(fit.saturating_sub(1))).collect();
    let put = |name: &str, values: Vec<String>| {
        let values: String = values.iter().map(|value| pad_start(&format!(" {value}"), WIDE)).collect();
        format!("{}{values}", pad(name, NAME))
    };
    let mut out =
        vec![(put("", shown.iter().map(|c| crate::text::cut(&c.name, WIDE - 2).into_owned()).collect()), Role::Title)];
    for figure in TOTALS {
        let values: Vec<Option<f32>> = shown.iter().map(|column| (figure.of)(&column.totals)).collect();
        let best = values.iter().flatten().map(|v| v * f32::from(figure.better)).fold(f32::NEG_INFINITY, f32::max);
        let differs = values.iter().any(|value| figure.unit.show(*value) != figure.unit.show(values[0]));
        let marked = values.iter().map(|value| {
            let is_best = figure.better != 0 && differs && value.is_some_and(|v| v * f32::from(figure.better) >= best);
            format!("{}{}", figure.unit.show(*value), if is_best { "*" } else { " " })
        });
        out.push((put(figure.name, marked.collect()), if differs { Role::Accent } else { Role::Text }));
    }
    out.push((put("candidate: score, files", Vec::new()), Role::Title));
    for name in names(columns) {
        let values = shown.iter().map(|column| match column.part(&name) {
            None => "– ".to_owned(),
            Some(part) if part.part == COMMON => format!("{} files ", part.files),
            Some(part) => format!("{:.0}, {} ", part.score.total, part.files),
        });
        out.push((put(&name, values.collect()), Role::Text));
    }
    let unmatched = shown.iter().filter(|column| column.unmatched > 0);
    for column in unmatched {
        let files = plural(column.unmatched, "file");
        out.push((format!("{}: {files} that no pattern names stay common", column.name), Role::Warn));
    }
    if columns.len() > shown.len() {
        out.push((format!("{} of {} shown: ← → for the others", shown.len(), columns.len()), Role::Dim));
    }
    out
}
