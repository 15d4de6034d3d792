//! The plan as a list of tasks: Markdown with boxes to tick for an issue, CSV for a tracker.

use std::fmt::Write as _;

use super::markdown::{code, escape};
use super::shared::{one_line, place};
use crate::analysis::Analysis;
use crate::plan::{Item, Phase, State, days_left, days_text};

/// Places named per task; the rest is counted.
const PLACES: usize = 8;

/// The places of a step: `path:line` and what is there.
#[must_use]
pub fn places(analysis: &Analysis, item: &Item) -> Vec<(String, String)> {
    let findings = item.findings.iter().filter_map(|index| analysis.findings.get(*index as usize));
    let findings = findings.map(|found| (place(analysis, found.file, found.span.line), one_line(&found.message)));
    findings.chain(item.places.iter().map(|(place, what)| (one_line(place), one_line(what)))).collect()
}

/// The plan as a Markdown list of tasks.
#[must_use]
pub fn markdown(analysis: &Analysis) -> String {
    let mut out = format!("# Plan for {}\n", escape(&analysis.name));
    if let Some(first) = analysis.plan.first() {
        let _ = writeln!(out, "\nStart with: **{}** ({})", escape(&first.title), code(&first.id));
    }
    for phase in analysis.plan.phases.iter().filter(|phase| !phase.items.is_empty()) {
        heading(&mut out, phase);
        for item in &phase.items {
            task(&mut out, analysis, item);
        }
    }
    out
}

fn heading(out: &mut String, phase: &Phase) {
    let done = phase.items.iter().filter(|item| !item.is_open()).count();
    let left = days_text(days_left(phase.items.iter()), false);
    let _ = writeln!(out, "\n## {}\n", escape(&phase.title));
    let _ = writeln!(out, "{} {done} of {} done, {left} left.\n", escape(&phase.why), phase.items.len());
}

fn task(out: &mut String, analysis: &Analysis, item: &Item) {
    let tick = if item.is_open() { ' ' } else { 'x' };
    let (title, id) = (escape(&item.title), code(&item.id));
    let strike = if item.state() == State::Waived { "~~" } else { "**" };
    let _ = write!(out, "- [{tick}] {strike}{title}{strike} ({id}; {} {}", item.effort.as_str(), item.principle);
    match item.state() {
        State::Open | State::Done => {}
        state => {
            let _ = write!(out, "; {}", state.as_str());
        }
    }
    if !item.owner.is_empty() {
        let _ = write!(out, "; owner: {}", escape(&item.owner));
    }
    out.push_str(")\n");
    if !item.note.is_empty() {
        let _ = writeln!(out, "  - Note: {}", escape(&item.note));
    }
    if !item.is_open() {
        return;
    }
    let _ = writeln!(out, "  - Why: {}", escape(&item.why));
    for (number, step) in item.how.iter().enumerate() {
        let _ = writeln!(out, "  - {}. {}", number + 1, escape(step));
    }
    let places = places(analysis, item);
    if !places.is_empty() {
        let named: Vec<String> = places.iter().take(PLACES).map(|(place, _)| code(place)).collect();
        let more = match places.len().saturating_sub(PLACES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let _ = writeln!(out, "  - Where: {}{more}", named.join(", "));
    }
    if !item.effort_rule.is_empty() {
        let _ = writeln!(out, "  - Effort: {}", escape(&item.effort_rule));
    }
    let _ =
        writeln!(out, "  - Risk: {}. {} Way back: {}", item.risk.as_str(), escape(&item.risk_why), escape(&item.back));
    if !item.needs.is_empty() {
        let needs: Vec<String> = item.needs.iter().map(|id| code(id)).collect();
        let _ = writeln!(out, "  - Needs: {}", needs.join(", "));
    }
    let _ = writeln!(out, "  - Check: {} {}", escape(&item.check), code(&format!("breakbulk plan check {}", item.id)));
}

/// The plan as CSV (RFC 4180, a heading, UTF-8), one row per step.
#[must_use]
pub fn csv(analysis: &Analysis) -> String {
    let columns = [
        "id",
        "phase",
        "title",
        "principle",
        "effort",
        "days",
        "risk",
        "status",
        "state",
        "owner",
        "note",
        "needs",
        "places",
        "first_place",
        "check",
    ];
    let mut out = columns.join(",");
    out.push_str("\r\n");
    for phase in &analysis.plan.phases {
        for item in &phase.items {
            let places = places(analysis, item);
            let needs: Vec<&str> = item.needs.iter().map(|id| id.as_str()).collect();
            let row = [
                item.id.to_string(),
                phase.id.to_owned(),
                item.title.clone(),
                item.principle.to_owned(),
                item.effort.as_str().to_owned(),
                format!("{:.2}", item.days),
                item.risk.as_str().to_owned(),
                item.status.as_str().to_owned(),
                item.state().as_str().to_owned(),
                item.owner.clone(),
                item.note.clone(),
                needs.join(" "),
                places.len().to_string(),
                places.first().map_or_else(String::new, |(place, _)| place.clone()),
                item.check.clone(),
            ];
            let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
            let _ = write!(out, "{}\r\n", cells.join(","));
        }
    }
    out
}

/// One cell. Text that a spreadsheet would take for a formula gets an apostrophe before it: titles hold names of a foreign
/// repository.
fn cell(text: &str) -> String {
    let text = one_line(text);
    let formula = text.starts_with(['=', '+', '-', '@']);
    let text = if formula { format!("'{text}") } else { text };
    if text.contains([',', '"', '\'']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::{cell, csv, markdown};
    use crate::analysis::Analysis;
    use crate::plan::{Item, ItemStatus, Phase, Plan, Seen};

    fn analysis() -> Analysis {
        let step = |id: &str, status, seen| Item {
            id: id.into(),
            title: "Read a|b, \"c\"".into(),
            check: "None is left.".into(),
            places: vec![("a.php:3".into(), "x".into())],
            days: 0.75,
            status,
            seen,
            ..Item::default()
        };
        let items = vec![
            step("a-1", ItemStatus::Open, Seen::Nothing),
            step("b-2", ItemStatus::Done, Seen::Gone),
            step("c-3", ItemStatus::Done, Seen::There),
            step("d-4", ItemStatus::Waived, Seen::Nothing),
        ];
        let phase = Phase { id: "know", title: "Know it".into(), why: "Why.".into(), items, ..Phase::default() };
        Analysis { name: "shop".into(), plan: Plan { phases: vec![phase], ..Plan::default() }, ..Analysis::default() }
    }

    #[test]
    fn tasks_say_what_is_done_verified_and_reopened() {
        let text = markdown(&analysis());
        for line in [
            "Why. 2 of 4 done, 1.5 days left.",
            "- [ ] **Read a\\|b, \"c\"** (`a-1`; S )",
            "- [x] **Read a\\|b, \"c\"** (`b-2`; S ; verified)",
            "- [ ] **Read a\\|b, \"c\"** (`c-3`; S ; reopened)",
            "- [x] ~~Read a\\|b, \"c\"~~ (`d-4`; S ; waived)",
            "  - Check: None is left. `breakbulk plan check a-1`",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }

    #[test]
    fn cells_are_quoted_and_no_formulas() {
        assert_eq!(cell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(cell("a\nb"), "a\\x0ab");
        let text = csv(&analysis());
        let rows: Vec<&str> = text.split_terminator("\r\n").collect();
        assert_eq!(rows.len(), 5);
        assert_eq!(rows[1], "a-1,know,\"Read a|b, \"\"c\"\"\",,S,0.75,low,open,open,,,,1,a.php:3,None is left.");
    }
}
