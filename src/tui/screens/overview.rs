//! Overview: readiness, the principles, modules by effort, what was left out; where to start and what was scanned.

use super::{Data, Go, Item, Paragraph, plural};
use crate::plan::Effort;
use crate::principles::{Area, Status};
use crate::rules::{Confidence, Severity};
use crate::text::{pad, pad_start};
use crate::tui::app::Tab;
use crate::tui::theme::Role;
use crate::tui::widgets::canvas::bar;

/// Readiness first, then the principles, modules by effort, and notes.
#[must_use]
pub fn rows(data: &Data) -> Vec<Item> {
    let a = &data.analysis;
    if a.complete && a.files.iter().all(|file| !file.is_code) {
        return nothing(data);
    }
    let mut out = Vec::new();
    readiness(data, &mut out);
    principles(data, &mut out);
    modules(data, &mut out);
    notes(data, &mut out);
    out
}

/// What a person sees who pointed the program at a folder without code.
fn nothing(data: &Data) -> Vec<Item> {
    let a = &data.analysis;
    let line = |key: &str, text: &str, role| Item::new(key, vec![(format!(" {text}"), role)], Go::Detail);
    let languages = "Java, PHP, Python, JavaScript, TypeScript, Ruby, C#, Go, Rust";
    let mut out = vec![
        Item::heading(format!("Nothing to analyse in {}", a.name)),
        line(
            "seen",
            &format!("{} read, none of them code in a known language.", plural(a.files.len(), "file")),
            Role::Text,
        ),
        line("looked", &format!("Looked for: {languages},"), Role::Text),
        line("looked2", "their templates, and configuration, Dockerfiles and the git history around them.", Role::Text),
        Item::heading("What to do"),
    ];
    let mut sample = Item::new(
        "sample",
        vec![(" Open the built-in sample project".to_owned(), Role::Accent), ("   Enter, or D".to_owned(), Role::Dim)],
        Go::Sample,
    );
    sample.stop = true;
    out.push(sample);
    out.push(line("again", "Is this the right folder? Start again with: breakbulk path/to/monolith", Role::Text));
    out.push(line("ignored", "Are the files left out? The list below says why; .gitignore is honoured.", Role::Text));
    notes(data, &mut out);
    out
}

fn readiness(data: &Data, out: &mut Vec<Item>) {
    let readiness = &data.analysis.scorecard.readiness;
    if let Some(total) = readiness.total {
        out.push(Item::heading(format!(
            "Container readiness at most {total:.0} / 100, {:.0} of them unknown",
            readiness.unknown
        )));
    }
    // The three that cost most; the others are with the formula.
    let mut costly: Vec<_> = readiness.areas.iter().filter(|area| area.reached < area.possible).collect();
    let lost = |area: &Area| area.possible - area.reached;
    costly.sort_by(|a, b| lost(b).total_cmp(&lost(a)));
    for area in costly.into_iter().take(3) {
        let share = if area.possible > 0.0 { area.reached / area.possible } else { 0.0 };
        let role = if share < 0.5 { Role::Bad } else { Role::Good };
        let text = vec![
            (format!(" {} ", pad(area.name, 18)), Role::Text),
            (bar(share, 14), role),
            (format!(" {:>5}  {}", format!("{:.0}/{:.0}", area.reached, area.possible), area.text.en), Role::Text),
        ];
        let go = Go::Filter(Tab::Findings, format!("principle:={}", area.principle));
        out.push(Item::new(format!("area {}", area.name), text, go));
    }
}

/// The figure, principle by principle, and its formula.
#[must_use]
pub fn formula(data: &Data) -> Vec<(Role, String)> {
    let readiness = &data.analysis.scorecard.readiness;
    let Some(total) = readiness.total else {
        return vec![(Role::Dim, "There is no figure: nothing speaks for or against any principle.".to_owned())];
    };
    let mut out = vec![(Role::Title, format!("{total:.0} of 100, {:.0} of them unknown", readiness.unknown))];
    out.extend(readiness.areas.iter().map(|area| {
        let points = format!("{:.1}/{:.1}", area.reached, area.possible);
        let role = if area.reached < area.possible { Role::Text } else { Role::Good };
        (role, format!("{} {} {:>11}  {}", pad(area.principle, 4), pad(area.name, 28), points, area.text.en))
    }));
    out.push((Role::Text, String::new()));
    out.push((Role::Text, readiness.formula.en.clone()));
    out
}

/// Steps of the plan for a principle by size: `2S 1M`.
fn effort(data: &Data, id: &str) -> String {
    let mut count = [0_usize; 3];
    for step in data.plan.phases.iter().flat_map(|phase| &phase.items).filter(|step| step.principle == id) {
        count[step.effort as usize] += 1;
    }
    sizes(count)
}

/// `2S 1M`, sizes without steps left out.
#[must_use]
pub fn sizes(count: [usize; 3]) -> String {
    let parts: Vec<String> = [Effort::S, Effort::M, Effort::L]
        .iter()
        .filter(|size| count[**size as usize] > 0)
        .map(|size| format!("{}{}", count[*size as usize], size.as_str()))
        .collect();
    parts.join(" ")
}

fn principles(data: &Data, out: &mut Vec<Item>) {
    for (letter, title) in [
        ("A", "A  The application"),
        ("B", "B  Building images"),
        ("C", "C  Running containers"),
        ("D", "D  Containerize everything?"),
    ] {
        let verdicts: Vec<_> = data.analysis.scorecard.verdicts.iter().filter(|v| v.id.starts_with(letter)).collect();
        if verdicts.is_empty() {
            continue;
        }
        let count = |status| verdicts.iter().filter(|v| v.status == status).count();
        let (row, folded) = Item::group(
            data,
            letter,
            vec![
                (pad(title, 30), Role::Title),
                (format!("✗ {:<3}", count(Status::Violated)), Role::Bad),
                (format!("✓ {:<3}", count(Status::Holds)), Role::Good),
                (format!("· {}", count(Status::NoEvidence)), Role::Dim),
            ],
        );
        out.push(row);
        for v in verdicts.into_iter().filter(|_| !folded) {
            let (shape, word, role) = match v.status {
                Status::Holds => ("✓", "holds", Role::Good),
                Status::Violated => ("✗", "violated", Role::Bad),
                Status::NoEvidence => ("·", "no evidence", Role::Dim),
            };
            let count = if v.findings.is_empty() { String::new() } else { v.findings.len().to_string() };
            let text = vec![
                (format!(" {shape} "), role),
                (pad(v.id, 4), Role::Dim),
                (pad(word, 11), role),
                (pad_start(&count, 5), role),
                (format!(" {}", pad(&effort(data, v.id), 9)), Role::Dim),
                (v.title.to_owned(), Role::Text),
            ];
            let go = if v.findings.is_empty() {
                Go::Detail
            } else {
                Go::Filter(Tab::Findings, format!("principle:={}", v.id))
            };
            out.push(Item { stop: v.status == Status::Violated, ..Item::new(v.id, text, go) });
        }
    }
}

/// What a finding of this severity weighs in the order of modules.
fn weight(severity: Severity) -> u32 {
    match severity {
        Severity::Info => 0,
        Severity::Low => 1,
        Severity::Medium => 3,
        Severity::High => 5,
    }
}

/// Modules, most effort first: index, findings, findings weighted by severity.
#[must_use]
pub fn by_effort(data: &Data) -> Vec<(usize, usize, u32)> {
    let a = &data.analysis;
    let mut out: Vec<(usize, usize, u32)> = (0..a.graph.modules.len()).map(|m| (m, 0, 0)).collect();
    for finding in
        a.findings.iter().filter(|f| data.shows(f.scope) && f.confidence > Confidence::Low && !f.is_inventory())
    {
        if let Some(row) = a.graph.module_of.get(finding.file.index()).and_then(|m| out.get_mut(m.index())) {
            (row.1, row.2) = (row.1 + 1, row.2 + weight(finding.severity));
        }
    }
    out.sort_by_key(|(m, count, weight)| (std::cmp::Reverse((*weight, *count)), *m));
    out
}

/// Letter of the cycle of each module.
fn cycles(data: &Data) -> Vec<Option<char>> {
    let graph = &data.analysis.graph;
    let mut out = vec![None; graph.modules.len()];
    for (at, cycle) in graph.module_cycles.iter().enumerate() {
        for id in cycle {
            if let Some(slot) = out.get_mut(id.index()) {
                *slot = Some(super::matrix::letter(at));
            }
        }
    }
    out
}

fn modules(data: &Data, out: &mut Vec<Item>) {
    let graph = &data.analysis.graph;
    if graph.modules.is_empty() {
        return;
    }
    let cycles = cycles(data);
    let (row, folded) = Item::group(
        data,
        "modules",
        vec![(format!("{} files finds  in  out cycle effort", pad("Modules by effort", 27)), Role::Title)],
    );
    out.push(row);
    let order = by_effort(data);
    let most = order.first().map_or(1, |(.., weight)| *weight).max(1);
    for (index, count, weight) in order.into_iter().filter(|_| !folded) {
        let (m, figures) = (&graph.modules[index], graph.module_metrics.get(index).copied().unwrap_or_default());
        #[allow(clippy::cast_precision_loss)] // a bar of ten cells
        let share = bar(weight as f32 / most as f32, 10).replace('░', "");
        let text = vec![
            (format!(" {}", pad(&m.name, 27)), Role::Text),
            (format!("{:>6}{:>6}{:>4}{:>5}", m.files, count, figures.fan_in, figures.fan_out), Role::Text),
            (cycles[index].map_or("    ".to_owned(), |letter| format!("  ●{letter}")), Role::Warn),
            (format!("  {share}"), Role::Accent),
        ];
        let go = Go::Filter(Tab::Findings, format!("module:\"={}\"", m.name));
        out.push(Item::new(format!("module {}", m.id), text, go));
    }
}

fn notes(data: &Data, out: &mut Vec<Item>) {
    let a = &data.analysis;
    let count = a.history.notes.len() + a.unused_suppressions.len() + a.skipped.len();
    if count == 0 {
        return;
    }
    let (row, folded) = Item::group(data, "notes", vec![(format!("Left out, and notes ({count})"), Role::Title)]);
    out.push(row);
    if folded {
        return;
    }
    let history = a.history.notes.iter().map(|n| ("", n.as_str()));
    let unused = a.unused_suppressions.iter().map(|unused| (unused.by.as_str(), unused.why.as_str()));
    let skipped = a.skipped.iter().map(|s| (s.path.as_str(), s.reason.as_str()));
    for (index, (path, why)) in history.chain(unused).chain(skipped).enumerate() {
        let text = vec![(format!(" ! {path}  "), Role::Warn), (why.to_owned(), Role::Dim)];
        let place = data.locate(path).or_else(|| data.locate(&format!("{path}:1")));
        let go = if place.is_some() { Go::Source } else { Go::Detail };
        out.push(Item { place, ..Item::new(format!("note {index} {path}"), text, go) });
    }
}

/// Reasons of the selected principle, or the text of the selected row.
#[must_use]
pub fn detail(data: &Data, item: &Item) -> Vec<Paragraph> {
    let a = &data.analysis;
    let mut out = Vec::new();
    if let Some(v) = a.scorecard.verdicts.iter().find(|v| v.id == item.key.as_str()) {
        out.push(Paragraph::title(format!("{} {}: {}", v.id, v.title, v.status.as_str())));
        out.extend(v.reasons.iter().map(|r| Paragraph::new("", r.en.clone(), Role::Text)));
        out.extend(v.evidence.iter().take(8).map(|e| Paragraph {
            label: "place",
            text: e.clone(),
            role: Role::Accent,
            place: data.locate(e),
        }));
        let steps: Vec<_> =
            data.plan.phases.iter().flat_map(|phase| &phase.items).filter(|step| step.principle == v.id).collect();
        out.extend(
            steps
                .iter()
                .take(3)
                .map(|step| Paragraph::new("step", format!("{}  {}", step.effort.as_str(), step.title), Role::Good)),
        );
        match v.findings.len() {
            0 => {}
            1 => out.push(Paragraph::new("", "Enter opens the finding.", Role::Dim)),
            n => out.push(Paragraph::new("", format!("Enter opens the {n} findings."), Role::Dim)),
        }
    } else if !item.key.starts_with("# ") {
        let text: String = item.spans(data, 80).iter().map(|(t, _)| t.trim_start()).collect();
        out.push(Paragraph::title(text));
    }
    if item.key.starts_with("area ") || item.key.starts_with("# Container") {
        out.push(Paragraph::new("formula", a.scorecard.readiness.formula.en.clone(), Role::Dim));
    }
    if item.key == "# modules" || item.key.starts_with("module ") {
        out.push(Paragraph::new("", "Effort: findings weighted by severity, low 1, medium 3, high 5.", Role::Dim));
        out.push(Paragraph::new("", "in, out: modules that use it, that it uses. ● part of a cycle.", Role::Dim));
    }
    if out.is_empty() {
        out.push(Paragraph::new("", "✓ holds, ✗ violated, · no evidence for or against it", Role::Dim));
        out.push(Paragraph::new("", "The number counts the findings against it; Enter opens them.", Role::Dim));
        out.push(Paragraph::new("", "2S 1M: steps of the plan for it, by size.", Role::Dim));
    }
    out
}

/// Where to start.
#[must_use]
pub fn start(data: &Data) -> Vec<Paragraph> {
    let a = &data.analysis;
    let mut out = Vec::new();
    if let Some(first) = a.candidates.iter().find(|c| c.rank == 1) {
        out.push(Paragraph::title(format!("{}   score {:.0} of 100", first.name, first.score.total)));
        out.push(Paragraph::new(
            "",
            format!("{}, {} lines", plural(first.files.len(), "file"), first.lines),
            Role::Text,
        ));
        out.push(Paragraph::new(
            "",
            format!(
                "{} in, {} out, {}, {}",
                first.metrics.incoming,
                first.metrics.outgoing,
                plural(first.shared_tables.len(), "shared table"),
                plural(first.blockers.len(), "blocker")
            ),
            Role::Text,
        ));
        for other in a.candidates.iter().filter(|c| (2..=3).contains(&c.rank)) {
            out.push(Paragraph::new("then", format!("{}   score {:.0}", other.name, other.score.total), Role::Dim));
        }
        out.push(Paragraph::new("", "4 shows the candidates, 5 the plan", Role::Dim));
    } else {
        let words = if a.complete { "no part stands out as a first container" } else { "not known yet" };
        out.push(Paragraph::new("", words, Role::Dim));
    }
    out
}

/// What was scanned.
#[must_use]
pub fn scanned(data: &Data) -> Vec<Paragraph> {
    let a = &data.analysis;
    let mut out = Vec::new();
    let mut languages: Vec<(&str, usize, u64)> = Vec::new();
    for file in &a.files {
        let id = file.language.map_or("other", |l| l.0);
        match languages.iter_mut().find(|(known, ..)| *known == id) {
            Some((_, files, lines)) => (*files, *lines) = (*files + 1, *lines + u64::from(file.lines)),
            None => languages.push((id, 1, u64::from(file.lines))),
        }
    }
    languages.sort_by_key(|(id, files, _)| (std::cmp::Reverse(*files), *id));
    out.push(Paragraph::new(
        "",
        format!(
            "{}, {}",
            plural(a.files.len(), "file"),
            plural(a.findings.iter().filter(|f| !f.is_inventory()).count(), "finding")
        ),
        Role::Text,
    ));
    out.push(Paragraph::new(
        "",
        format!("{}, {} left out", plural(a.history.commits_read as usize, "commit"), a.skipped.len()),
        Role::Text,
    ));
    out.extend(languages.iter().take(9).map(|(id, files, lines)| {
        Paragraph::new("", format!("{}{:>12} {lines:>8} lines", pad(id, 11), plural(*files, "file")), Role::Text)
    }));
    let hidden = |hidden: bool, name: &str, key: &str, count: usize| {
        let state = if hidden { "hidden" } else { "shown" };
        (count > 0)
            .then(|| Paragraph::new("", format!("{name}: {} {state} ({key})", plural(count, "finding")), Role::Dim))
    };
    let count = |scope: fn(crate::facts::Scope) -> bool| {
        a.findings.iter().filter(|f| scope(f.scope) && !f.is_inventory()).count()
    };
    use crate::facts::Scope;
    out.extend(hidden(!data.tests, "tests", "t", count(|s| s == Scope::Test)));
    out.extend(hidden(
        !data.vendored,
        "vendored, build, docs",
        "v",
        count(|s| !matches!(s, Scope::Main | Scope::Test)),
    ));
    out
}
