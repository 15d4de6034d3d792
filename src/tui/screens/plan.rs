//! Plan: phases and steps, checked off, left out with a reason, undone; what a scan verified and what it reopened.

use super::overview::sizes;
use super::{Data, Go, Item, Paragraph};
use crate::facts::Name;
use crate::plan::{Item as Step, State, days_left, days_text};
use crate::text::pad;
use crate::tui::theme::Role;
use crate::tui::widgets::canvas::bar;

/// How far a phase, or the plan, is.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// Steps that are done or left out.
    pub done: usize,
    /// All steps.
    pub all: usize,
    /// Done ones that a scan verified.
    pub verified: usize,
    /// Checked off, and found again.
    pub reopened: usize,
    /// What is left: `3.5 days (2S 1M)`; empty where nothing is.
    pub left: String,
}

/// How far these steps are.
#[must_use]
pub fn progress<'a>(steps: impl Iterator<Item = &'a Step> + Clone) -> Progress {
    let mut open = [0; 3];
    let mut progress = Progress::default();
    for step in steps.clone() {
        progress.all += 1;
        progress.verified += usize::from(step.state() == State::Verified);
        progress.reopened += usize::from(step.state() == State::Reopened);
        if step.is_open() {
            open[step.effort as usize] += 1;
        } else {
            progress.done += 1;
        }
    }
    if progress.done < progress.all {
        progress.left = format!("{} ({})", days_text(days_left(steps), false), sizes(open));
    }
    progress
}

impl Progress {
    /// `1 verified, 1 reopened`, with two spaces before; empty where there is neither.
    #[must_use]
    pub fn seen(&self) -> String {
        let part = |n: usize, word: &str| if n == 0 { String::new() } else { format!("  {n} {word}") };
        format!("{}{}", part(self.verified, "verified"), part(self.reopened, "reopened"))
    }
}

/// One row per step under its phase.
#[must_use]
pub fn rows(data: &Data) -> Vec<Item> {
    let mut out = Vec::new();
    let first = data.plan.first().map(|step| step.id.clone());
    for phase in data.plan.phases.iter().filter(|phase| !phase.items.is_empty()) {
        let progress = progress(phase.items.iter());
        #[allow(clippy::cast_precision_loss)] // a bar of eight cells
        let share = progress.done as f32 / progress.all as f32;
        let left = if progress.left.is_empty() { "nothing" } else { progress.left.as_str() };
        let title = vec![
            (pad(&phase.title, 24), Role::Title),
            (format!(" {}/{} ", progress.done, progress.all), Role::Dim),
            (bar(share, 8), Role::Good),
            (format!("  left {left}"), Role::Dim),
        ];
        let (row, folded) = Item::group(data, &format!("phase {}", phase.id), title);
        out.push(row);
        for step in phase.items.iter().filter(|_| !folded) {
            let state = step.state();
            let (mark, role) = match state {
                State::Open => ("[ ]", Role::Text),
                State::Done => ("[x]", Role::Good),
                State::Verified => ("[✓]", Role::Good),
                State::Reopened => ("[!]", Role::Warn),
                State::Waived => ("[-]", Role::Dim),
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
            match state {
                State::Verified | State::Reopened => text.push((format!("  {}", state.as_str()), role)),
                _ if first.as_ref() == Some(&step.id) => text.push(("  start here".to_owned(), Role::Accent)),
                _ => {}
            }
            if !step.owner.is_empty() {
                text.push((format!("  {}", step.owner), Role::Accent));
            }
            if !step.note.is_empty() {
                text.push((format!("  “{}”", step.note), Role::Dim));
            }
            if step.is_open() && waits(data, step) {
                text.push(("  needs another first".to_owned(), Role::Warn));
            }
            out.push(Item { place, stop: step.is_open(), ..Item::new(&step.id, text, Go::Detail) });
        }
    }
    out
}

/// True while a step that this one needs is open.
fn waits(data: &Data, step: &Step) -> bool {
    data.plan.items().any(|other| other.is_open() && step.needs.contains(&other.id))
}

/// Why, how, where, check of the selected step.
#[must_use]
pub fn detail(data: &Data, item: &Item) -> Vec<Paragraph> {
    if let Some(phase) = data.plan.phases.iter().find(|p| item.key.strip_prefix("# phase ") == Some(p.id)) {
        let progress = progress(phase.items.iter());
        let left = if progress.left.is_empty() { "nothing" } else { progress.left.as_str() };
        return vec![
            Paragraph::title(phase.title.clone()),
            Paragraph::new("why", phase.why.clone(), Role::Text),
            Paragraph::new(
                "done",
                format!("{} of {}{}   left: {left}", progress.done, progress.all, progress.seen()),
                Role::Text,
            ),
            Paragraph::new(
                "",
                "Days of one person, by figures in assets/effort.toml that .breakbulk/config.toml can change.",
                Role::Dim,
            ),
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
    let status = match s.state() {
        State::Verified => "verified: checked off, and the scan finds none of its places".to_owned(),
        State::Reopened => "reopened: checked off, but the scan finds its places".to_owned(),
        state => state.as_str().to_owned(),
    };
    out.push(Paragraph::new("status", status, if s.state() == State::Reopened { Role::Warn } else { Role::Accent }));
    out.push(Paragraph::new("owner", format!("{}   note {}", or_dash(&s.owner), or_dash(&s.note)), Role::Accent));
    if !s.effort_rule.is_empty() {
        out.push(Paragraph::new("effort", s.effort_rule.clone(), Role::Text));
    }
    if !s.risk_why.is_empty() {
        out.push(Paragraph::new("risk", format!("{}: {}", s.risk.as_str(), s.risk_why), Role::Text));
        out.push(Paragraph::new("back", s.back.clone(), Role::Text));
    }
    out.push(Paragraph::new("check", s.check.clone(), Role::Good));
    let title = |id: &Name| steps().find(|step| step.id == *id).map_or(id.to_string(), |step| step.title.clone());
    for need in &s.needs {
        let open = steps().any(|step| step.id == *need && step.is_open());
        out.push(Paragraph::new("needs", title(need), if open { Role::Warn } else { Role::Dim }));
    }
    out.extend(s.unlocks.iter().map(|id| Paragraph::new("unlocks", title(id), Role::Dim)));
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
