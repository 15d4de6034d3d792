//! Findings: grouped, filtered, with the source beside them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{Data, Go, Item, Paragraph};
use crate::facts::Name;
use crate::rules::{Confidence, Finding};
use crate::text::{cut_start, pad, pad_start};
use crate::tui::app::Tab;
use crate::tui::filter::{Field, Query};
use crate::tui::theme::{Role, shape, short};

/// Names of the groupings.
pub const GROUPS: [&str; 5] = ["module", "kind", "rule", "file", "none"];

fn matches(data: &Data, query: &Query, f: &Finding) -> bool {
    let file = data.analysis.file(f.file);
    query.matches(|field| match field {
        Some(Field::Kind) => Cow::Borrowed(f.kind.0),
        Some(Field::Module) => Cow::Borrowed(data.module(f.file)),
        Some(Field::Scope) => Cow::Borrowed(f.scope.as_str()),
        Some(Field::Rule) => Cow::Borrowed(f.rule.as_str()),
        Some(Field::Path) => Cow::Borrowed(file.path.as_str()),
        Some(Field::Language) => Cow::Borrowed(file.language.map_or("", |l| l.0)),
        Some(Field::Principle) => Cow::Borrowed(f.principle),
        Some(Field::Severity) => Cow::Borrowed(f.severity.as_str()),
        Some(Field::Confidence) => Cow::Borrowed(f.confidence.as_str()),
        Some(Field::Tag) => Cow::Owned(f.tags.join(" ")),
        Some(Field::Status) => Cow::Borrowed(""),
        None => Cow::Owned(format!("{} {} {} {} {}", file.path, f.message, f.snippet, f.rule, f.subject)),
    })
}

/// Rows, how many findings answer the filter, and how many could.
#[must_use]
pub fn rows(data: &Data, query: &Query, folded: &BTreeSet<Name>) -> (Vec<Item>, usize, usize) {
    let shown_scope = |f: &&Finding| data.shows(f.scope) && (data.doubtful || f.confidence != Confidence::Low);
    let visible = |f: &&Finding| shown_scope(f) && !f.is_inventory();
    let total = data.analysis.findings.iter().filter(visible).count();
    let mut groups: BTreeMap<Name, Vec<&Finding>> = BTreeMap::new();
    let mut shown = 0;
    for f in data.analysis.findings.iter().filter(visible).filter(|f| matches(data, query, f)) {
        shown += 1;
        let group = match data.group {
            0 => Name::new(data.module(f.file)),
            1 => Name::new(f.kind.0),
            2 => f.rule.clone(),
            3 => data.analysis.file(f.file).path.clone(),
            _ => Name::default(),
        };
        groups.entry(group).or_default().push(f);
    }
    let mut out = Vec::with_capacity(shown + groups.len());
    for (group, findings) in groups {
        if data.group < 4 {
            let mark = if folded.contains(&group) { "▸" } else { "▾" };
            out.push(Item {
                key: Name::from(format!("# {group}")),
                text: vec![(format!("{mark} {group} ({})", findings.len()), Role::Title)],
                place: None,
                go: Go::Fold(group.clone()),
                stop: false,
            });
            if folded.contains(&group) {
                continue;
            }
        }
        out.extend(findings.into_iter().map(|f| row(data, f)));
    }
    let facts = data.analysis.findings.iter().filter(|f| f.is_inventory()).filter(shown_scope);
    inventory(data, facts.filter(|f| matches(data, query, f)).collect(), folded, &mut out);
    (out, shown, total)
}

/// Facts that are no problem, below the findings and by kind: unfolded one kind at a time, as they are many.
fn inventory(data: &Data, facts: Vec<&Finding>, folded: &BTreeSet<Name>, out: &mut Vec<Item>) {
    let mut kinds: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for fact in facts {
        kinds.entry(fact.kind.0).or_default().push(fact);
    }
    if !kinds.is_empty() {
        out.push(Item::heading("Inventory: facts, no problems in themselves"));
    }
    for (kind, facts) in kinds {
        // The other way round than groups of findings: closed until somebody opens it.
        let group = Name::from(format!("inventory {kind}"));
        let open = folded.contains(&group);
        let title = crate::rules::kinds::find(kind).map_or(kind, |info| info.title);
        out.push(Item {
            key: Name::from(format!("# {group}")),
            text: vec![(format!("{} {kind} ({})  {title}", if open { "▾" } else { "▸" }, facts.len()), Role::Dim)],
            place: None,
            go: Go::Fold(group),
            stop: false,
        });
        if open {
            out.extend(facts.into_iter().map(|f| Item { stop: false, ..row(data, f) }));
        }
    }
}

fn row(data: &Data, f: &Finding) -> Item {
    let (mark, role) = shape(f.kind);
    let text = vec![
        (format!("  {mark} "), role),
        (pad(short(f.kind), 10), role),
        (pad(&cut_start(&data.analysis.file(f.file).path, 34), 34), Role::Text),
        (pad_start(&f.span.line.to_string(), 6), Role::Dim),
        (format!("  {}", f.message), Role::Dim),
    ];
    Item { key: f.id.clone(), text, place: Some((f.file, f.span.line, f.span.end_line)), go: Go::Detail, stop: true }
}

/// Why, rule, fix.
#[must_use]
pub fn detail(data: &Data, item: &Item) -> Vec<Paragraph> {
    let Some(f) = data.analysis.findings.iter().find(|f| f.id == item.key) else { return Vec::new() };
    let mut out = vec![
        ("why", f.message.clone(), Role::Text),
        (
            "rule",
            format!(
                "{}   principle {}   severity {}   confidence {}   scope {}",
                f.rule,
                f.principle,
                f.severity.as_str(),
                f.confidence.as_str(),
                f.scope.as_str()
            ),
            Role::Dim,
        ),
    ];
    if !f.doubt.is_empty() {
        out.push(("doubt", f.doubt.clone(), Role::Warn));
    }
    if !f.tags.is_empty() {
        out.push(("tags", f.tags.join(", "), Role::Dim));
    }
    if let Some(name) = &f.proposal {
        out.push(("fix", format!("take the value from the environment variable {name}"), Role::Good));
    }
    if let Some(step) = steps(data, item).first() {
        out.push(("fix", step.title.clone(), Role::Good));
        out.extend(step.how.iter().take(4).map(|how| ("", how.clone(), Role::Text)));
        out.push(("", format!("effort {} (p shows the step)", step.effort.as_str()), Role::Dim));
    }
    out
}

/// The plan's steps about a finding.
#[must_use]
pub fn steps<'a>(data: &'a Data, item: &Item) -> Vec<&'a crate::plan::Item> {
    let Some(index) = data.analysis.findings.iter().position(|f| f.id == item.key) else { return Vec::new() };
    data.plan.phases.iter().flat_map(|p| &p.items).filter(|i| i.findings.iter().any(|f| *f as usize == index)).collect()
}

/// Where a step of the plan is.
#[must_use]
pub fn to_plan(data: &Data, item: &Item) -> Option<Go> {
    steps(data, item).first().map(|step| Go::Row(Tab::Plan, step.id.clone()))
}
