//! Plan: phases and steps, checked off, left out with a reason, undone.

use super::{Data, Go, Item, Paragraph};
use crate::facts::Name;
use crate::plan::ItemStatus;
use crate::text::pad;
use crate::tui::theme::Role;

/// One row per step under its phase.
#[must_use]
pub fn rows(data: &Data) -> Vec<Item> {
    let mut out = Vec::new();
    for phase in data.plan.phases.iter().filter(|phase| !phase.items.is_empty()) {
        let done = phase.items.iter().filter(|i| i.status != ItemStatus::Open).count();
        out.push(Item {
            key: Name::from(format!("# {}", phase.id)),
            text: vec![
                (format!("▾ {}", phase.title), Role::Title),
                (format!("  {done}/{}", phase.items.len()), Role::Dim),
            ],
            place: None,
            go: Go::Detail,
            stop: false,
        });
        for step in &phase.items {
            let (mark, role) = match step.status {
                ItemStatus::Open => ("[ ]", Role::Text),
                ItemStatus::Done => ("[x]", Role::Good),
                ItemStatus::Waived => ("[-]", Role::Dim),
            };
            let place = step
                .findings
                .first()
                .and_then(|f| data.analysis.findings.get(*f as usize))
                .map(|f| (f.file, f.span.line, f.span.end_line));
            out.push(Item {
                key: step.id.clone(),
                text: vec![
                    (format!("  {mark} {} ", step.effort.as_str()), role),
                    (pad(step.principle, 4), Role::Dim),
                    (step.title.clone(), role),
                ],
                place,
                go: Go::Detail,
                stop: step.status == ItemStatus::Open,
            });
        }
    }
    out
}

/// Why, how, where, check of the selected step.
#[must_use]
pub fn detail(data: &Data, item: &Item) -> Vec<Paragraph> {
    if let Some(phase) = data.plan.phases.iter().find(|p| item.key.strip_prefix("# ") == Some(p.id)) {
        return vec![("", phase.title.clone(), Role::Title), ("why", phase.why.clone(), Role::Text)];
    }
    let Some(s) = data.plan.phases.iter().flat_map(|p| &p.items).find(|i| i.id == item.key) else { return Vec::new() };
    let mut out = vec![("", s.title.clone(), Role::Title), ("why", s.why.clone(), Role::Text)];
    out.extend(s.how.iter().enumerate().map(|(n, how)| ("how", format!("{} {how}", n + 1), Role::Text)));
    out.push(("effort", format!("{}  {}", s.effort.as_str(), s.effort_rule), Role::Text));
    out.push(("check", s.check.clone(), Role::Good));
    out.push((
        "status",
        format!(
            "{}   owner {}   note {}",
            s.status.as_str(),
            if s.owner.is_empty() { "–" } else { &s.owner },
            if s.note.is_empty() { "–" } else { &s.note }
        ),
        Role::Accent,
    ));
    if !s.needs.is_empty() {
        out.push(("needs", s.needs.join(", "), Role::Warn));
    }
    for f in s.findings.iter().take(60) {
        if let Some(f) = data.analysis.findings.get(*f as usize) {
            out.push(("where", format!("{} {}", data.at(f.file, f.span.line), f.message), Role::Text));
        }
    }
    out.extend(s.places.iter().map(|(at, what)| ("where", format!("{at} {what}"), Role::Text)));
    out
}
