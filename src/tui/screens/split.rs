//! Split: candidates by rank, with score terms, seams, tables and blockers.

use super::{Data, Go, Item, Paragraph, plural};
use crate::facts::RefKind;
use crate::split::{Candidate, SHARED};
use crate::text::pad;
use crate::tui::theme::{Role, shape};
use crate::tui::widgets::canvas::bar;

/// Orders of the candidates.
pub const ORDERS: [&str; 4] = ["easiest first", "name", "largest first", "fewest blockers first"];

/// Blockers by kind, as shapes with counts.
fn blockers(data: &Data, candidate: &Candidate) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for found in candidate.blockers.iter().filter_map(|b| data.finding(*b)) {
        let (mark, _) = shape(found.kind);
        match counts.iter_mut().find(|(known, _)| *known == mark) {
            Some((_, count)) => *count += 1,
            None => counts.push((mark, 1)),
        }
    }
    counts.iter().map(|(mark, count)| format!("{count}{mark}")).collect::<Vec<_>>().join(" ")
}

/// One row per candidate.
#[must_use]
pub fn rows(data: &Data) -> Vec<Item> {
    let mut order: Vec<&Candidate> = data.analysis.candidates.iter().collect();
    match data.order[3] {
        1 => order.sort_by(|a, b| a.name.cmp(&b.name)),
        2 => order.sort_by_key(|c| std::cmp::Reverse(c.files.len())),
        3 => order.sort_by_key(|c| c.blockers.len()),
        _ => {}
    }
    order
        .into_iter()
        .map(|c| {
            let shared = c.id == SHARED;
            let score = if shared {
                "stays common".to_owned()
            } else {
                format!("{:>3.0} {}", c.score.total, bar(c.score.total / 100.0, 6))
            };
            let text = vec![
                (if shared { "  – ".to_owned() } else { format!("{:>3} ", c.rank) }, Role::Dim),
                (pad(&c.name, 20), Role::Text),
                (format!("{:>5} {}  ", c.files.len(), if c.files.len() == 1 { "file " } else { "files" }), Role::Dim),
                (pad(&score, 13), Role::Accent),
                (if c.metrics.in_cycle { "cycle " } else { "      " }.to_owned(), Role::Warn),
                (blockers(data, c), Role::Bad),
            ];
            let place = c.seams.first().map(|s| (s.from, s.line, s.line));
            Item { place, stop: !shared, ..Item::new(&c.id, text, Go::Detail) }
        })
        .collect()
}

/// The end of a path, which tells it from its neighbours: folder and name.
pub(super) fn tail(path: &str) -> &str {
    path.rmatch_indices('/').nth(1).map_or(path, |(at, _)| &path[at + 1..])
}

/// A kind of use as a verb.
pub(super) fn how(kind: RefKind) -> &'static str {
    match kind {
        RefKind::Inherit => "extends",
        RefKind::Create => "constructs",
        RefKind::Call => "calls",
        RefKind::Type => "names the type in",
        RefKind::Annotation | RefKind::Name => "names something of",
        RefKind::Loader => "loads",
    }
}

/// Everything about the selected candidate.
#[must_use]
pub fn detail(data: &Data, item: &Item) -> Vec<Paragraph> {
    let Some(c) = data.analysis.candidates.iter().find(|c| c.id == item.key) else { return Vec::new() };
    let files = plural(c.files.len(), "file");
    let mut out = vec![Paragraph::title(if c.id == SHARED {
        format!("{}: {files}, {} lines: what several parts use", c.name, c.lines)
    } else {
        format!("{}: {files}, {} lines, score {:.0} of 100", c.name, c.lines, c.score.total)
    })];
    let cohesion = c.metrics.cohesion * 100.0;
    out.push(Paragraph::new(
        "border",
        format!(
            "{} in, {} out, {} to shared; {cohesion:.0} % of its edges stay inside",
            c.metrics.incoming, c.metrics.outgoing, c.metrics.to_shared
        ),
        Role::Text,
    ));
    out.extend(c.score.terms.iter().enumerate().map(|(n, t)| {
        let role = if t.points < 0.0 { Role::Warn } else { Role::Good };
        Paragraph::new(if n == 0 { "score" } else { "" }, format!("{:+.0} {}", t.points, t.text.en), role)
    }));
    if !c.own_tables.is_empty() {
        out.push(Paragraph::new("owns", c.own_tables.join(", "), Role::Good));
    }
    if !c.shared_tables.is_empty() {
        out.push(Paragraph::new("shares", c.shared_tables.join(", "), Role::Warn));
    }
    let sections =
        [("way", "In the way of a container"), ("in", "Seams: used from outside"), ("out", "Seams: uses outside")];
    for (label, title) in sections {
        let mut lines: Vec<Paragraph> = Vec::new();
        match label {
            "way" => lines.extend(
                c.blockers
                    .iter()
                    .filter_map(|b| data.finding(*b))
                    .map(|f| Paragraph::at("", data, (f.file, f.span.line, f.span.end_line), &f.message, Role::Bad)),
            ),
            _ => lines.extend(c.seams.iter().filter(|s| s.incoming == (label == "in")).map(|s| {
                let shared = if s.to_shared { " (shared)" } else { "" };
                let text = format!("{} {}{shared}", how(s.kind), tail(data.analysis.path(s.to)));
                Paragraph::at("", data, (s.from, s.line, s.line), &text, Role::Text)
            })),
        }
        if !lines.is_empty() {
            out.push(Paragraph::title(format!("{title} ({})", lines.len())));
            let more = lines.len().saturating_sub(200);
            out.extend(lines.into_iter().take(200));
            if more > 0 {
                out.push(Paragraph::new("", format!("… {more} more, in the report"), Role::Dim));
            }
        }
    }
    out.push(Paragraph::title(format!("Files ({})", c.files.len())));
    out.extend(c.files.iter().take(300).map(|f| Paragraph {
        label: "file",
        text: data.analysis.path(*f).to_owned(),
        role: Role::Dim,
        place: Some((*f, 1, 1)),
    }));
    out
}
