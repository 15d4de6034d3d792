//! Overview: the principles, readiness, where to start, modules, what was scanned and what was not.

use super::{Data, Go, Item, Paragraph};
use crate::facts::Name;
use crate::principles::Status;
use crate::text::{pad, pad_start};
use crate::tui::app::Tab;
use crate::tui::theme::Role;
use crate::tui::widgets::canvas::bar;

/// Principles first, then readiness, candidates, modules and notes.
#[must_use]
pub fn rows(data: &Data) -> Vec<Item> {
    let a = &data.analysis;
    let mut out = Vec::new();
    for (letter, title) in [
        ("A", "A  The application"),
        ("B", "B  Building images"),
        ("C", "C  Running containers"),
        ("D", "D  Containerize everything?"),
    ] {
        let mut verdicts = a.scorecard.verdicts.iter().filter(|v| v.id.starts_with(letter)).peekable();
        if verdicts.peek().is_some() {
            out.push(Item::heading(title));
        }
        for v in verdicts {
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
                (format!("  {}", v.title), Role::Text),
            ];
            out.push(Item {
                key: Name::new(v.id),
                text,
                place: None,
                go: Go::Filter(Tab::Findings, format!("principle:={}", v.id)),
                stop: v.status == Status::Violated,
            });
        }
    }
    if let Some(total) = a.scorecard.readiness.total {
        out.push(Item::heading(format!("Container readiness {total:.0} / 100")));
    }
    for area in &a.scorecard.readiness.areas {
        let share = if area.possible > 0.0 { area.reached / area.possible } else { 0.0 };
        let text = vec![
            (format!(" {} ", pad(area.name, 18)), Role::Text),
            (bar(share, 12), Role::Accent),
            (format!(" {:.0}/{:.0}  {}", area.reached, area.possible, area.text), Role::Text),
        ];
        out.push(Item {
            key: Name::from(format!("area {}", area.name)),
            text,
            place: None,
            go: Go::Filter(Tab::Findings, format!("principle:={}", area.principle)),
            stop: false,
        });
    }
    if !a.graph.modules.is_empty() {
        out.push(Item::heading("Modules   files, findings, in, out"));
    }
    let mut counts = vec![0_usize; a.graph.modules.len()];
    for finding in a.findings.iter().filter(|f| data.shows(f.scope) && !f.is_inventory()) {
        if let Some(count) = a.graph.module_of.get(finding.file.index()).and_then(|m| counts.get_mut(m.index())) {
            *count += 1;
        }
    }
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|m| std::cmp::Reverse(counts[*m]));
    for index in order {
        let (m, figures) = (&a.graph.modules[index], a.graph.module_metrics.get(index).copied().unwrap_or_default());
        let cycle = if a.graph.module_cycles.iter().any(|c| c.iter().any(|id| id.index() == index)) {
            "  ● cycle"
        } else {
            ""
        };
        let text = vec![
            (format!(" {}", pad(&m.name, 26)), Role::Text),
            (format!("{:>6}{:>6}{:>5}{:>5}", m.files, counts[index], figures.fan_in, figures.fan_out), Role::Text),
            (cycle.to_owned(), Role::Warn),
        ];
        out.push(Item {
            key: Name::from(format!("module {}", m.id)),
            text,
            place: None,
            go: Go::Filter(Tab::Findings, format!("module:\"={}\"", m.name)),
            stop: false,
        });
    }
    let skipped = a.skipped.iter().map(|s| (s.path.as_str(), s.reason.as_str()));
    let history = a.history.notes.iter().map(|n| ("", n.as_str()));
    let notes: Vec<_> = history.chain(skipped).collect();
    if !notes.is_empty() {
        out.push(Item::heading(format!("Left out, and notes ({})", notes.len())));
    }
    for (index, (path, why)) in notes.into_iter().enumerate() {
        out.push(Item {
            key: Name::from(format!("note {index} {path}")),
            text: vec![(format!(" ! {path}  "), Role::Warn), (why.to_owned(), Role::Dim)],
            place: None,
            go: Go::Detail,
            stop: false,
        });
    }
    out
}

/// Reasons of the selected principle, or the text of the selected row.
#[must_use]
pub fn detail(data: &Data, item: &Item) -> Vec<Paragraph> {
    let a = &data.analysis;
    let mut out = Vec::new();
    if let Some(v) = a.scorecard.verdicts.iter().find(|v| v.id == item.key.as_str()) {
        out.push(("", format!("{} {}: {}", v.id, v.title, v.status.as_str()), Role::Title));
        out.extend(v.reasons.iter().map(|r| ("", r.clone(), Role::Text)));
        out.extend(v.evidence.iter().take(8).map(|e| ("place", e.clone(), Role::Accent)));
        if !v.findings.is_empty() {
            out.push((
                "",
                match v.findings.len() {
                    1 => "Enter opens the finding.".to_owned(),
                    n => format!("Enter opens the {n} findings."),
                },
                Role::Dim,
            ));
        }
    } else if !item.key.starts_with("# ") {
        out.push(("", item.text.iter().map(|(t, _)| t.trim_start()).collect(), Role::Title));
    }
    if item.key.starts_with("area ") || item.key.starts_with("# Container") {
        out.push(("formula", a.scorecard.readiness.formula.clone(), Role::Dim));
    }
    if out.is_empty() {
        out.push(("", "✓ holds, ✗ violated, · no evidence for or against it".to_owned(), Role::Dim));
        out.push(("", "The number counts the findings against it; Enter opens them.".to_owned(), Role::Dim));
    }
    out
}

/// Where to start.
#[must_use]
pub fn start(data: &Data) -> Vec<Paragraph> {
    let a = &data.analysis;
    let mut out = Vec::new();
    if let Some(first) = a.candidates.iter().find(|c| c.rank == 1) {
        let plural = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
        out.push(("", format!("{}   score {:.0} of 100", first.name, first.score.total), Role::Title));
        out.push(("", format!("{}, {} lines", plural(first.files.len(), "file"), first.lines), Role::Text));
        out.push((
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
            out.push(("then", format!("{}   score {:.0}", other.name, other.score.total), Role::Dim));
        }
        out.push(("", "4 shows the candidates, 5 the plan".to_owned(), Role::Dim));
    } else {
        out.push((
            "",
            if a.complete { "no part stands out as a first container" } else { "not known yet" }.to_owned(),
            Role::Dim,
        ));
    }
    out
}

/// What was scanned.
#[must_use]
pub fn scanned(data: &Data) -> Vec<Paragraph> {
    let a = &data.analysis;
    let mut out = Vec::new();
    let mut languages: Vec<(&str, u32, u64)> = Vec::new();
    for file in &a.files {
        let id = file.language.map_or("other", |l| l.0);
        match languages.iter_mut().find(|(known, ..)| *known == id) {
            Some((_, files, lines)) => (*files, *lines) = (*files + 1, *lines + u64::from(file.lines)),
            None => languages.push((id, 1, u64::from(file.lines))),
        }
    }
    languages.sort_by_key(|(id, files, _)| (std::cmp::Reverse(*files), *id));
    out.push((
        "",
        format!(
            "{} files, {} findings, {} commits, {} left out",
            a.files.len(),
            a.findings.iter().filter(|f| !f.is_inventory()).count(),
            a.history.commits_read,
            a.skipped.len()
        ),
        Role::Text,
    ));
    out.extend(languages.iter().take(9).map(|(id, files, lines)| {
        (
            "",
            format!("{} {files:>6} {} {lines:>8} lines", pad(id, 12), if *files == 1 { "file " } else { "files" }),
            Role::Text,
        )
    }));
    if a.complete && a.findings.is_empty() {
        out.push((
            "",
            "Nothing was found. If that surprises: is this the right folder? `breakbulk demo` shows a sample project."
                .to_owned(),
            Role::Warn,
        ));
    }
    out
}
