//! What if: a division that is changed by hand, with all figures kept up to date.
//!
//! [`WhatIf`] owns what it needs, so that a screen can hold it beside the analysis. Every [`Edit`] is one step that can be
//! undone and redone. A move costs as much as the file has dependencies; reading all figures costs the square of the number
//! of parts, and the history once. A screen works like this:
//!
//! ```no_run
//! # use breakbulk::{analysis::Analysis, split::whatif::{Edit, WhatIf}, facts::FileId};
//! # fn screen(analysis: &Analysis) -> Result<(), String> {
//! let mut what_if = WhatIf::new(&analysis.split_inputs(), &analysis.candidates);
//! let before = what_if.totals();
//! let billing = what_if.find("billing").ok_or("no such part")?;
//! what_if.apply(Edit::Move { files: vec![FileId(7)], to: billing })?;
//! let after = what_if.totals();               // what it did to the whole
//! let figures = what_if.figures();            // and to every part, with the terms of its score
//! let places = what_if.places(FileId(7));     // where else the file could be
//! what_if.undo();
//! let partition = what_if.partition(&analysis.files);     // to be saved under a name
//! let (candidates, of) = what_if.candidates(&analysis.split_inputs()); // for the other screens and reports
//! # Ok(()) }
//! ```

mod count;
mod edit;

use std::collections::{BTreeMap, BTreeSet};

pub use edit::{Bond, Edit, Figures, Step, Totals};

use super::assemble::{Group, assemble, severity_slot};
use super::border::seams;
use super::changes::Changes;
use super::cluster::{Network, leiden};
use super::partition::{Division, Partition};
use super::settings::SETTINGS;
use super::{Candidate, CandidateMetrics, Inputs, SHARED, Score, Seam, score, terms_of_files};
use crate::facts::{FileId, Name, Scope, SourceFile};
use crate::git::{Churn, CoChange, History};
use crate::graph::Graph;
use crate::rules::Confidence;

/// A part of the division; keeps its number as long as the [`WhatIf`] lives. 0 is what stays common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartId(pub u32);

/// What stays common: libraries, utilities, base classes.
pub const COMMON: PartId = PartId(0);

/// No part: no code of scope main, or excluded.
const NONE: u32 = u32::MAX;
/// Seed of the visiting order when a part is split.
const SEED: u64 = 0x5EED;
/// Steps that can be undone.
const UNDO: usize = 200;

#[derive(Debug, Clone, Copy)]
struct Link {
    other: u32,
    outgoing: bool,
    weight: f32,
}

/// A division that can be changed.
#[derive(Debug, Clone)]
pub struct WhatIf {
    names: Vec<Name>,
    of: Vec<u32>,
    pinned: BTreeSet<FileId>,
    first: Vec<usize>,
    links: Vec<Link>,
    touched: BTreeMap<u32, Vec<u32>>,
    tables: Vec<Name>,
    lines: Vec<u32>,
    blockers: BTreeMap<u32, [u32; 3]>,
    entries: BTreeMap<u32, u32>,
    changes: Vec<Churn>,
    pairs: Vec<CoChange>,
    // counters, by part
    count: Vec<u32>,
    size: Vec<u32>,
    bad: Vec<[u32; 3]>,
    open: Vec<u32>,
    inside: Vec<f64>,
    touching: Vec<f64>,
    /// Directed dependencies between parts, inside on the diagonal; rows are who uses.
    between: Vec<u32>,
    /// Per table, how many files of each part touch it.
    users: Vec<BTreeMap<u32, u32>>,
    done: Vec<Step>,
    undone: Vec<Step>,
}

impl WhatIf {
    /// Begins with these candidates.
    #[must_use]
    pub fn new(inputs: &Inputs<'_>, candidates: &[Candidate]) -> WhatIf {
        let mut division = Division::default();
        for candidate in candidates {
            if candidate.id == SHARED {
                division.shared.clone_from(&candidate.files);
            } else {
                division.groups.push(Group { name: Some(candidate.name.clone()), files: candidate.files.clone() });
            }
        }
        Self::of_division(inputs, &division)
    }

    /// Begins with a division; files in none of its parts are excluded.
    #[must_use]
    pub fn of_division(inputs: &Inputs<'_>, division: &Division) -> WhatIf {
        let count = inputs.files.len();
        let members = inputs.members();
        let mut member = vec![false; count];
        for file in &members {
            member[file.index()] = true;
        }
        let edges = || {
            let all = inputs.graph.edges.iter();
            all.filter(|edge| edge.from != edge.to && member[edge.from.index()] && member[edge.to.index()])
        };
        let mut first = vec![0; count + 1];
        for edge in edges() {
            first[edge.from.index() + 1] += 1;
            first[edge.to.index() + 1] += 1;
        }
        for index in 0..count {
            first[index + 1] += first[index];
        }
        let mut links = vec![Link { other: 0, outgoing: false, weight: 0.0 }; first[count]];
        let mut next = first.clone();
        for edge in edges() {
            let weight = SETTINGS.weights.of(&edge.kinds) as f32;
            for (at, other, outgoing) in [(edge.from, edge.to, true), (edge.to, edge.from, false)] {
                links[next[at.index()]] = Link { other: other.0, outgoing, weight };
                next[at.index()] += 1;
            }
        }
        let mut touched: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (index, table) in inputs.graph.tables.iter().enumerate() {
            let files: BTreeSet<FileId> = table.readers.iter().chain(&table.writers).map(|user| user.0).collect();
            for file in files.into_iter().filter(|file| member[file.index()]) {
                touched.entry(file.0).or_default().push(index as u32);
            }
        }
        let mut blockers: BTreeMap<u32, [u32; 3]> = BTreeMap::new();
        for finding in inputs.findings {
            if let Some(slot) = severity_slot(finding.severity)
                && finding.scope == Scope::Main
                && finding.confidence > Confidence::Low
            {
                blockers.entry(finding.file.0).or_default()[slot] += 1;
            }
        }
        let mut entries: BTreeMap<u32, u32> = BTreeMap::new();
        for file in inputs.entry_points() {
            *entries.entry(file.0).or_default() += 1;
        }
        let mut names = vec![Name::from(SHARED)];
        let mut of = vec![NONE; count];
        for file in &division.shared {
            of[file.index()] = COMMON.0;
        }
        for (index, group) in division.groups.iter().enumerate() {
            names.push(group.name.clone().unwrap_or_else(|| Name::from(format!("part-{}", index + 1))));
            for file in &group.files {
                of[file.index()] = index as u32 + 1;
            }
        }
        let mut what_if = WhatIf {
            names,
            of,
            pinned: BTreeSet::new(),
            first,
            links,
            touched,
            tables: inputs.graph.tables.iter().map(|table| table.name.clone()).collect(),
            lines: inputs.files.iter().map(|file| file.lines).collect(),
            blockers,
            entries,
            changes: inputs.history.changes.clone(),
            pairs: inputs.history.pairs.clone(),
            count: Vec::new(),
            size: Vec::new(),
            bad: Vec::new(),
            open: Vec::new(),
            inside: Vec::new(),
            touching: Vec::new(),
            between: Vec::new(),
            users: vec![BTreeMap::new(); inputs.graph.tables.len()],
            done: Vec::new(),
            undone: Vec::new(),
        };
        what_if.count_anew();
        what_if
    }

    /// The part with this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<PartId> {
        self.names.iter().position(|known| known == name).map(|index| PartId(index as u32))
    }

    /// The name of a part.
    #[must_use]
    pub fn name(&self, part: PartId) -> &str {
        self.names.get(part.0 as usize).map_or("", Name::as_str)
    }

    /// The part of a file; `None` where it counts nowhere.
    #[must_use]
    pub fn part_of(&self, file: FileId) -> Option<PartId> {
        self.of.get(file.index()).copied().filter(|part| *part != NONE).map(PartId)
    }

    /// The files of a part, sorted.
    #[must_use]
    pub fn files(&self, part: PartId) -> Vec<FileId> {
        let all = (0..self.of.len() as u32).map(FileId);
        all.filter(|file| self.of[file.index()] == part.0).collect()
    }

    /// True when later edits leave the file where it is.
    #[must_use]
    pub fn is_pinned(&self, file: FileId) -> bool {
        self.pinned.contains(&file)
    }

    /// Makes one change.
    ///
    /// # Errors
    /// One line, and nothing is changed: a part or file that is not there, a name that is taken or empty, a part that does
    /// not fall apart, or nothing that could be moved (pinned files stay).
    pub fn apply(&mut self, edit: Edit) -> Result<Step, String> {
        let mut step = Step::default();
        match edit {
            Edit::Move { files, to } => {
                self.known(to)?;
                step.moves = self.moves(&files, to.0)?;
            }
            Edit::Extract { files, name } => {
                self.free(&name)?;
                step.moves = self.moves(&files, self.names.len() as u32)?;
                self.add_part(name);
            }
            Edit::Merge { from, into } => {
                self.known(from)?;
                self.known(into)?;
                step.moves = self.moves(&self.files(from), into.0)?;
            }
            Edit::Split { part } => {
                self.known(part)?;
                let pieces = self.pieces(part)?;
                for piece in pieces {
                    let moves = self.moves(&piece, self.names.len() as u32)?;
                    let stem = self.name(part).to_owned();
                    let name = (2..).map(|n| Name::from(format!("{stem}-{n}"))).find(|name| self.free(name).is_ok());
                    self.add_part(name.unwrap_or_default());
                    step.moves.extend(moves);
                }
            }
            Edit::Rename { part, name } => {
                self.known(part)?;
                self.free(&name)?;
                if part == COMMON {
                    return Err(format!("{SHARED} keeps its name"));
                }
                step.renamed.push((part.0, self.names[part.0 as usize].clone(), name));
            }
            Edit::Pin { files, on } => {
                let change = files.into_iter().filter(|file| self.pinned.contains(file) != on);
                step.pinned = change.map(|file| (file, on)).collect();
            }
            Edit::Exclude { files } => step.moves = self.moves(&files, NONE)?,
        }
        self.run(&step, false);
        self.undone.clear();
        if self.done.len() == UNDO {
            self.done.remove(0);
        }
        self.done.push(step.clone());
        Ok(step)
    }

    /// Takes the last change back; `None` where there is none.
    pub fn undo(&mut self) -> Option<Step> {
        let step = self.done.pop()?;
        self.run(&step, true);
        self.undone.push(step.clone());
        Some(step)
    }

    /// Makes the last change that was taken back again; `None` where there is none.
    pub fn redo(&mut self) -> Option<Step> {
        let step = self.undone.pop()?;
        self.run(&step, false);
        self.done.push(step.clone());
        Some(step)
    }

    /// The figures of all parts with files, easiest to start with first, what stays common last.
    #[must_use]
    pub fn figures(&self) -> Vec<Figures> {
        let parts = self.names.len();
        let of: Vec<Option<u32>> = self.of.iter().map(|part| (*part != NONE).then_some(*part)).collect();
        let history = History { changes: self.changes.clone(), pairs: self.pairs.clone(), ..History::default() };
        // the last index is the common one there
        let shifted = |part: u32| if part == COMMON.0 { parts as u32 - 1 } else { part - 1 };
        let of: Vec<Option<u32>> = of.into_iter().map(|part| part.map(shifted)).collect();
        let changes = Changes::new(&history, &of, parts, parts as u32 - 1);
        let cycles = self.cycles();
        let all: u32 = self.count.iter().sum();
        let (mut own, mut shared) = (vec![0; parts], vec![0; parts]);
        for users in &self.users {
            let list = if users.len() == 1 { &mut own } else { &mut shared };
            users.keys().for_each(|part| list[*part as usize] += 1);
        }
        let mut found: Vec<Figures> = Vec::new();
        for part in (0..parts).filter(|part| self.count[*part] > 0) {
            let others = || (1..parts).filter(move |other| *other != part);
            let at = shifted(part as u32) as usize;
            let metrics = CandidateMetrics {
                cohesion: if self.touching[part] > 0.0 {
                    (self.inside[part] / self.touching[part]) as f32
                } else {
                    0.0
                },
                incoming: others().map(|other| self.uses(other, part)).sum(),
                outgoing: if part == 0 { 0 } else { others().map(|other| self.uses(part, other)).sum() },
                to_shared: if part == 0 { 0 } else { self.uses(part, 0) + self.uses(0, part) },
                in_cycle: cycles[part],
                changes_alone: changes.alone(at),
                entry_points: self.open[part],
                commits: changes.commits[at],
            };
            let facts = score::Facts {
                metrics,
                files: self.count[part] as usize,
                inner: self.uses(part, part) as usize,
                all_files: all as usize,
                own_tables: own[part],
                shared_tables: shared[part],
                blockers: self.bad[part].map(|count| count as usize),
                activity: changes.activity(at),
            };
            found.push(Figures {
                part: PartId(part as u32),
                name: self.names[part].clone(),
                files: self.count[part],
                lines: self.size[part],
                metrics,
                inner: self.uses(part, part),
                own_tables: own[part] as u32,
                shared_tables: shared[part] as u32,
                blockers: self.bad[part],
                score: if part == 0 { Score::default() } else { score::score(&facts, &SETTINGS.ranking) },
            });
        }
        found.sort_by(|a, b| {
            let last = (a.part == COMMON).cmp(&(b.part == COMMON));
            last.then(b.score.total.total_cmp(&a.score.total)).then_with(|| a.name.cmp(&b.name))
        });
        found
    }

    /// The figures of the whole.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let figures = self.figures();
        let real = || figures.iter().filter(|figures| figures.part != COMMON);
        let parts = self.names.len();
        let all: u32 = self.between.iter().sum();
        let crossing: u32 = real().map(|figures| figures.metrics.outgoing).sum();
        let bound = |a: &usize, b: usize| self.uses(*a, b) + self.uses(b, *a) > 0;
        let count = real().count();
        Totals {
            parts: count as u32,
            files: real().map(|figures| figures.files).sum(),
            common: self.count[0],
            largest: real().map(|figures| figures.files).max().unwrap_or(0),
            crossing,
            crossing_share: if all > 0 { crossing as f32 / all as f32 } else { 0.0 },
            interfaces: (1..parts).map(|b| (1..b).filter(|a| bound(a, b)).count() as u32).sum(),
            in_cycles: real().filter(|figures| figures.metrics.in_cycle).count() as u32,
            shared_tables: self.users.iter().filter(|users| users.len() > 1).count() as u32,
            cohesion: real().map(|figures| figures.metrics.cohesion).sum::<f32>() / count.max(1) as f32,
            best_score: real().map(|figures| figures.score.total).fold(0.0, f32::max),
        }
    }

    /// How many changes could be taken back.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.done.len()
    }

    /// All parts with at least one file, in the order in which they were made; what stays common is the first.
    #[must_use]
    pub fn parts(&self) -> Vec<PartId> {
        let all = (0..self.names.len() as u32).map(PartId);
        all.filter(|part| *part == COMMON || self.count[part.0 as usize] > 0).collect()
    }

    /// The dependencies across the border of each part, by number of the part; `graph` is the one it was made from.
    #[must_use]
    pub fn seams(&self, graph: &Graph) -> Vec<Vec<Seam>> {
        let of: Vec<Option<u32>> = self.of.iter().map(|part| (*part != NONE).then_some(*part)).collect();
        seams(graph, &of, self.names.len(), COMMON.0)
    }

    /// The tables that several parts touch, with the parts.
    #[must_use]
    pub fn shared_tables(&self) -> Vec<(&Name, Vec<PartId>)> {
        let tables = self.tables.iter().zip(&self.users).filter(|(_, users)| users.len() > 1);
        tables.map(|(name, users)| (name, users.keys().map(|part| PartId(*part)).collect())).collect()
    }

    /// What binds a file to which part, the strongest first: why it is where it is, and where else it could be.
    #[must_use]
    pub fn places(&self, file: FileId) -> Vec<Bond> {
        let mut found: BTreeMap<u32, Bond> = BTreeMap::new();
        let mut all = 0.0;
        for link in self.links_of(file.index()) {
            let part = self.of[link.other as usize];
            if part == NONE {
                continue;
            }
            all += link.weight;
            let bond = found.entry(part).or_insert(Bond { part: PartId(part), share: 0.0, uses: 0, used: 0 });
            bond.share += link.weight;
            *(if link.outgoing { &mut bond.uses } else { &mut bond.used }) += 1;
        }
        let mut list: Vec<Bond> = found.into_values().collect();
        list.iter_mut().for_each(|bond| bond.share /= all.max(f32::EPSILON));
        list.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.part.cmp(&b.part)));
        list
    }

    /// The division as patterns, to be saved.
    #[must_use]
    pub fn partition(&self, files: &[SourceFile]) -> Partition {
        let mut parts: Vec<(Name, Vec<FileId>)> = self.names.iter().map(|name| (name.clone(), Vec::new())).collect();
        for (index, part) in self.of.iter().enumerate().filter(|(_, part)| **part != NONE) {
            parts[*part as usize].1.push(FileId(index as u32));
        }
        parts.retain(|(_, files)| !files.is_empty());
        Partition::describe(files, &parts)
    }

    /// The candidates of this division with all explanations, as [`super::candidates`] gives them. For reports and other
    /// screens; much slower than [`WhatIf::figures`].
    #[must_use]
    pub fn candidates(&self, inputs: &Inputs<'_>) -> (Vec<Candidate>, Vec<Option<u32>>) {
        let mut groups: Vec<Group> =
            self.names.iter().map(|name| Group { name: Some(name.clone()), files: Vec::new() }).collect();
        for (index, part) in self.of.iter().enumerate().filter(|(_, part)| **part != NONE) {
            groups[*part as usize].files.push(FileId(index as u32));
        }
        let shared = groups.remove(0).files;
        groups.retain(|group| !group.files.is_empty());
        let terms = terms_of_files(inputs, &inputs.members(), &|_| Vec::new());
        assemble(inputs, groups, shared, &terms)
    }

    fn links_of(&self, file: usize) -> &[Link] {
        &self.links[self.first[file]..self.first[file + 1]]
    }

    fn uses(&self, from: usize, to: usize) -> u32 {
        self.between[from * self.names.len() + to]
    }

    fn known(&self, part: PartId) -> Result<(), String> {
        if (part.0 as usize) < self.names.len() { Ok(()) } else { Err(format!("there is no part {}", part.0)) }
    }

    fn free(&self, name: &str) -> Result<(), String> {
        if name.trim().is_empty() {
            Err("a part needs a name".into())
        } else if self.names.iter().any(|known| known == name) {
            Err(format!("there is a part {name} already"))
        } else {
            Ok(())
        }
    }

    /// What has to be moved so that these files are in `to`.
    fn moves(&self, files: &[FileId], to: u32) -> Result<Vec<(FileId, u32, u32)>, String> {
        let mut moves = Vec::new();
        for file in files.iter().copied().collect::<BTreeSet<_>>() {
            let from = *self.of.get(file.index()).ok_or_else(|| format!("there is no file {}", file.0))?;
            if from != to && !self.pinned.contains(&file) {
                moves.push((file, from, to));
            }
        }
        if moves.is_empty() { Err("nothing to move: all of it is there already, or pinned".into()) } else { Ok(moves) }
    }

    /// The pieces that a part falls into, but for the largest.
    fn pieces(&self, part: PartId) -> Result<Vec<Vec<FileId>>, String> {
        let files = self.files(part);
        let mut place: BTreeMap<u32, u32> = BTreeMap::new();
        for (index, file) in files.iter().enumerate() {
            place.insert(file.0, index as u32);
        }
        let mut edges = Vec::new();
        for (index, file) in files.iter().enumerate() {
            for link in self.links_of(file.index()).iter().filter(|link| link.outgoing) {
                if let Some(other) = place.get(&link.other) {
                    edges.push((index as u32, *other, f64::from(link.weight)));
                }
            }
        }
        let network = Network::new(files.len(), &edges);
        let worth = (files.len() / 10).max(2);
        for resolution in [0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0] {
            let mut groups: BTreeMap<u32, Vec<FileId>> = BTreeMap::new();
            for (file, community) in files.iter().zip(leiden(&network, resolution, SEED)) {
                groups.entry(community).or_default().push(*file);
            }
            let mut groups: Vec<Vec<FileId>> = groups.into_values().filter(|group| group.len() >= worth).collect();
            groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group[0]));
            if groups.len() > 1 {
                return Ok(groups.split_off(1));
            }
        }
        Err(format!("{} does not fall apart", self.name(part)))
    }

    fn add_part(&mut self, name: Name) {
        self.names.push(name);
        self.count_anew();
    }

    fn run(&mut self, step: &Step, back: bool) {
        for &(file, from, to) in &step.moves {
            self.put(file.index(), if back { from } else { to });
        }
        for (part, old, new) in &step.renamed {
            self.names[*part as usize].clone_from(if back { old } else { new });
        }
        for (file, on) in &step.pinned {
            if *on != back {
                self.pinned.insert(*file);
            } else {
                self.pinned.remove(file);
            }
        }
    }
}

#[cfg(test)]
mod tests;
