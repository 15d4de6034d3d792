//! Plan: phases and steps, checked off, left out with a reason, undone.

use super::overview::sizes;
use super::{Data, Go, Item, Paragraph};
use crate::plan::{Item as Step, ItemStatus};
use crate::text::pad;
use crate::tui::theme::Role;
use crate::tui::widgets::canvas::bar;

/// Done and left out, of all.
#[must_use]
pub fn progress<'a>(steps: impl Iterator<Item = &'a Step>) -> (usize, usize, [usize; 3]) {
    steps.fold((0, 0, [0; 3]), |(done, all, mut open), step| {
        if step.status == ItemStatus::Open {
            open[step.effort as usize] += 1;
            (done, all + 1, open)
        } else {
            (done + 1, all + 1, open)
        }
    })
}

/// One row per step under its phase.
#[must_use]
pub fn rows(data: &Data) -> Vec<Item> {
    let mut out = Vec::new();
    for phase in data.plan.phases.iter().filter(|phase| !phase.items.is_empty()) {
        let (done, all, open) = progress(phase.items.iter());
        #[allow(clippy::cast_precision_loss)] // a bar of eight cells
        let share = done as f32 / all as f32;
        let title = vec![
            (pad(&phase.title, 40), Role::Title),
            (format!("  {done}/{all} "), Role::Dim),
            (bar(share, 8), Role::Good),
            (format!("  left {}", if done == all { "nothing".to_owned() } else { sizes(open) }), Role::Dim),
        ];
        let (row, folded) = Item::group(data, &format!("phase {}", phase.id), title);
        out.push(row);
        for step in phase.items.iter().filter(|_| !folded) {
            let (mark, role) = match step.status {
                ItemStatus::Open => ("[ ]", Role::Text),
                ItemStatus::Done => ("[x]", Role::Good),
                ItemStatus::Waived => ("[-]", Role::Dim),
            };
            let place = step
                .findings
                .first()
                .and_then(|f| data.finding(*f))
                .map(|f| (f.file, f.span.line, f.span.end_line))
                .or_else(|| step.places.iter().find_map(|(at, _)| data.locate(at)));
            let mut text = vec![
                (format!("  {mark} {} ", step.effort.as_str()), role),
                (pad(step.principle, 4), Role::Dim),
                (step.title.clone(), role),
            ];
            if !step.owner.is_empty() {
                text.push((format!("  {}", step.owner), Role::Accent));
            }
            if !step.note.is_empty() {
                text.push((format!("  “{}”", step.note), Role::Dim));
            }
            if !step.needs.is_empty() {
                text.push(("  needs another first".to_owned(), Role::Warn));
            }
            out.push(Item { place, stop: step.status == ItemStatus::Open, ..Item::new(&step.id, text, Go::Detail) });
        }
    }
    out
}

/// Why, how, where, check of the selected step.
#[must_use]
pub fn detail(data: &Data, item: &Item) -> Vec<Paragraph> {
    if let Some(phase) = data.plan.phases.iter().find(|p| item.key.strip_prefix("# phase ") == Some(p.id)) {
        let (done, all, open) = progress(phase.items.iter());
        return vec![
            Paragraph::title(phase.title.clone()),
            Paragraph::new("why", phase.why.clone(), Role::Text),
            Paragraph::new("done", format!("{done} of {all}   left: {}", sizes(open)), Role::Text),
            Paragraph::new("", "S is hours, M is days, L is more than a week.", Role::Dim),
        ];
    }
    let steps = || data.plan.phases.iter().flat_map(|p| &p.items);
    let Some(s) = steps().find(|i| i.id == item.key) else { return Vec::new() };
    let or_dash = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
    let mut out = vec![Paragraph::title(s.title.clone()), Paragraph::new("why", s.why.clone(), Role::Text)];
    out.extend(
        s.how
            .iter()
            .enumerate()
            .map(|(n, how)| Paragraph::new(if n == 0 { "how" } else { "" }, format!("{} {how}", n + 1), Role::Text)),
    );
    out.push(Paragraph::new("effort", format!("{}  {}", s.effort.as_str(), s.effort_rule), Role::Text));
    out.push(Paragraph::new("check", s.check.clone(), Role::Good));
    out.push(Paragraph::new(
        "status",
        format!("{}   owner {}   note {}", s.status.as_str(), or_dash(&s.owner), or_dash(&s.note)),
        Role::Accent,
    ));
    for need in &s.needs {
        let title = steps().find(|step| step.id == *need).map_or(need.as_str(), |step| step.title.as_str());
        out.push(Paragraph::new("needs", title, Role::Warn));
    }
    for f in s.findings.iter().filter_map(|f| data.finding(*f)) {
        let place = (f.file, f.span.line, f.span.end_line);
        out.push(Paragraph::at("where", data, place, &f.message, Role::Text));
    }
    out.extend(s.places.iter().map(|(at, what)| Paragraph {
        label: "where",
        text: format!("{at}  {what}"),
        role: Role::Text,
        place: data.locate(at),
    }));
    out
}
