//! Split: candidates by rank, with score terms, seams, tables and blockers.

use super::{Data, Go, Item, Paragraph};
use crate::text::pad;
use crate::tui::theme::Role;

/// One row per candidate.
#[must_use]
pub fn rows(data: &Data) -> Vec<Item> {
    data.analysis
        .candidates
        .iter()
        .map(|c| {
            let cycle = if c.metrics.in_cycle { "  cycle" } else { "" };
            let text = vec![
                (format!("{:>3}  ", c.rank), Role::Dim),
                (pad(&c.name, 24), Role::Text),
                (format!("{:>5} files  score {:>3.0}", c.files.len(), c.score.total), Role::Accent),
                (
                    format!("  {} blocker{}{cycle}", c.blockers.len(), if c.blockers.len() == 1 { " " } else { "s" }),
                    Role::Warn,
                ),
            ];
            let place = c.seams.first().map(|s| (s.from, s.line, s.line));
            Item { key: c.id.clone(), text, place, go: Go::Detail, stop: true }
        })
        .collect()
}

/// Everything about the selected candidate.
#[must_use]
pub fn detail(data: &Data, item: &Item) -> Vec<Paragraph> {
    let Some(c) = data.analysis.candidates.iter().find(|c| c.id == item.key) else { return Vec::new() };
    let mut out = vec![(
        "",
        format!("{}: {} files, {} lines, score {:.0}", c.name, c.files.len(), c.lines, c.score.total),
        Role::Title,
    )];
    out.push((
        "border",
        format!(
            "in {}, out {}, to shared {}, cohesion {:.0} %",
            c.metrics.incoming,
            c.metrics.outgoing,
            c.metrics.to_shared,
            c.metrics.cohesion * 100.0
        ),
        Role::Text,
    ));
    out.extend(c.score.terms.iter().map(|t| {
        ("score", format!("{:+.0}  {}", t.points, t.text), if t.points < 0.0 { Role::Warn } else { Role::Good })
    }));
    if !c.own_tables.is_empty() {
        out.push(("own", c.own_tables.join(", "), Role::Good));
    }
    if !c.shared_tables.is_empty() {
        out.push(("shared", c.shared_tables.join(", "), Role::Warn));
    }
    for b in c.blockers.iter().take(40) {
        if let Some(f) = data.analysis.findings.get(*b as usize) {
            out.push(("blocker", format!("{} {}", data.at(f.file, f.span.line), f.message), Role::Bad));
        }
    }
    for s in c.seams.iter().take(100) {
        let label = if s.incoming { "in" } else { "out" };
        out.push((
            label,
            format!(
                "{} → {}{}",
                data.at(s.from, s.line),
                data.analysis.path(s.to),
                if s.to_shared { " (shared)" } else { "" }
            ),
            Role::Text,
        ));
    }
    out.extend(c.files.iter().take(200).map(|f| ("file", data.analysis.path(*f).to_owned(), Role::Dim)));
    out
}
