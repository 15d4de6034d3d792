//! Findings: grouped, filtered, with the source beside them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{Data, Go, Item, Paragraph, Text, plural};
use crate::facts::{FileId, Name};
use crate::rules::{Confidence, Finding, kinds};
use crate::text::{cut_start, pad, pad_start, sanitize};
use crate::tui::app::Tab;
use crate::tui::filter::{Field, Query};
use crate::tui::theme::{Role, shape, short};

/// Names of the groupings.
pub const GROUPS: [&str; 7] = ["module", "kind", "rule", "folder", "principle", "candidate", "nothing"];

/// Orders of the groups and what is in them.
pub const ORDERS: [&str; 3] = ["name and place", "number in the group", "severity"];

fn matches(data: &Data, query: &Query, f: &Finding) -> bool {
    let file = data.analysis.file(f.file);
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let get = |field| match field {
        Field::Kind => Cow::Borrowed(f.kind.0),
        Field::Module => Cow::Borrowed(data.module(f.file)),
        Field::Scope => Cow::Borrowed(f.scope.as_str()),
        Field::Rule => Cow::Borrowed(f.rule.as_str()),
        Field::Path => Cow::Borrowed(file.path.as_str()),
        Field::Language => Cow::Borrowed(file.language.map_or("", |l| l.0)),
        Field::Principle => Cow::Borrowed(f.principle),
        Field::Severity => Cow::Borrowed(f.severity.as_str()),
        Field::Confidence => Cow::Borrowed(f.confidence.as_str()),
        Field::Tag => Cow::Owned(f.tags.join(" ")),
        Field::Status => Cow::Borrowed(""),
        Field::Candidate => Cow::Borrowed(candidate(data, f.file)),
    };
    query.matches(get, &[&file.path, &f.message, &f.snippet, &f.rule, &f.subject], name)
}

/// Name of the candidate that a file belongs to.
fn candidate(data: &Data, file: FileId) -> &str {
    let index = data.analysis.candidate_of.get(file.index()).copied().flatten();
    index.and_then(|index| data.analysis.candidates.get(index as usize)).map_or("none", |c| c.name.as_str())
}

fn group<'a>(data: &'a Data, f: &'a Finding) -> &'a str {
    match data.group {
        0 => data.module(f.file),
        1 => f.kind.0,
        2 => &f.rule,
        3 => data.analysis.file(f.file).path.rsplit_once('/').map_or(".", |(folder, _)| folder),
        4 => f.principle,
        5 => candidate(data, f.file),
        _ => "",
    }
}

/// The heading of a group: its name, and what the name stands for.
fn heading(data: &Data, name: &str) -> String {
    match data.group {
        _ if name.is_empty() => "not divided yet".to_owned(),
        1 => kinds::find(name).map_or_else(|| name.to_owned(), |kind| format!("{name}  {}", kind.title)),
        4 => data
            .analysis
            .scorecard
            .verdicts
            .iter()
            .find(|v| v.id == name)
            .map_or_else(|| name.to_owned(), |v| format!("{name}  {}", v.title)),
        _ => name.to_owned(),
    }
}

/// Number of a principle's group in the order of the scorecard; other groups go by name.
fn number(data: &Data, name: &str) -> usize {
    if data.group == 4 {
        data.analysis.scorecard.verdicts.iter().position(|v| v.id == name).unwrap_or(usize::MAX)
    } else {
        0
    }
}

/// Rows, how many findings answer the filter, and how many could.
#[must_use]
pub fn rows(data: &Data, query: &Query) -> (Vec<Item>, usize, usize) {
    let findings = &data.analysis.findings;
    let mut total = 0;
    let mut shown = 0;
    let mut groups: Vec<(&str, Vec<u32>)> = Vec::new();
    let mut known: FxHashMap<&str, usize> = FxHashMap::default();
    let mut facts = Vec::new();
    // Findings are in the order of their places: the group is mostly that of the one before.
    let mut last: Option<(&str, usize)> = None;
    for (index, f) in (0..).zip(findings) {
        if !data.shows(f.scope) || (f.confidence == Confidence::Low && !data.doubtful) || data.ignored.contains(&f.id) {
            continue;
        }
        total += usize::from(!f.is_inventory());
        if !query.is_empty() && !matches(data, query, f) {
            continue;
        }
        if f.is_inventory() {
            facts.push(index);
            continue;
        }
        shown += 1;
        let name = group(data, f);
        let at = match last {
            Some((before, at)) if before == name => at,
            _ => *known.entry(name).or_insert_with(|| {
                groups.push((name, Vec::new()));
                groups.len() - 1
            }),
        };
        last = Some((name, at));
        groups[at].1.push(index);
    }
    match data.order[1] {
        1 => groups.sort_by_key(|(name, inside)| (std::cmp::Reverse(inside.len()), *name)),
        _ => groups.sort_by_key(|(name, _)| (number(data, name), *name)),
    }
    if data.order[1] == 2 {
        let severity = |index: &u32| std::cmp::Reverse(findings[*index as usize].severity);
        groups.iter_mut().for_each(|(_, inside)| inside.sort_by_key(severity));
        groups.sort_by_key(|(_, inside)| inside.first().map(severity));
    }
    let mut out = Vec::with_capacity(shown + groups.len());
    for (name, inside) in groups {
        if data.group + 1 < GROUPS.len() {
            let title = format!("{} ({})", heading(data, name), inside.len());
            let (row, folded) = Item::group(data, &format!("{} {name}", data.group), vec![(title, Role::Title)]);
            out.push(row);
            if folded {
                continue;
            }
        }
        out.extend(inside.into_iter().map(|index| row(data, index)));
    }
    inventory(data, &facts, &mut out);
    (out, shown, total)
}

fn row(data: &Data, index: u32) -> Item {
    let f = &data.analysis.findings[index as usize];
    Item {
        key: f.id.clone(),
        text: Text::Finding(index),
        place: Some((f.file, f.span.line, f.span.end_line)),
        go: Go::Detail,
        stop: !f.is_inventory(),
    }
}

/// Facts that are no problem, below the findings and by kind: closed until somebody opens a kind, as they are many.
fn inventory(data: &Data, facts: &[u32], out: &mut Vec<Item>) {
    let mut kinds: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for index in facts {
        kinds.entry(data.analysis.findings[*index as usize].kind.0).or_default().push(*index);
    }
    if !kinds.is_empty() {
        out.push(Item::heading("Inventory: facts, no problems in themselves"));
    }
    for (kind, facts) in kinds {
        // The other way round than groups of findings.
        let key = Name::from(format!("# inventory {kind}"));
        let open = data.folded.contains(&key);
        let title = kinds::find(kind).map_or(kind, |info| info.title);
        let text = format!("{} {kind} ({})  {title}", if open { "▾" } else { "▸" }, facts.len());
        out.push(Item::new(&key, vec![(text, Role::Dim)], Go::Fold(key.clone())));
        if open {
            out.extend(facts.into_iter().map(|index| row(data, index)));
        }
    }
}

/// One finding in so many cells: shape, kind, place, what it does.
#[must_use]
pub fn text(data: &Data, index: u32, cells: usize) -> Vec<(String, Role)> {
    let Some(f) = data.finding(index) else { return Vec::new() };
    let (mark, role) = shape(f.kind);
    let path = sanitize(&data.analysis.file(f.file).path);
    let room = cells.saturating_sub(4 + 11 + 6).max(12);
    // A wide pane has room for what is done; a narrow one says where, which is what tells rows apart.
    let wide = cells > 76;
    let path_room = if wide { room * 3 / 5 } else { room };
    let mut out = vec![
        (format!("  {mark} "), role),
        (pad(short(f.kind), 11), role),
        (pad(&cut_start(&path, path_room), path_room), Role::Text),
        (pad_start(&f.span.line.to_string(), 6), Role::Dim),
    ];
    if wide {
        out.push((format!("  {}", f.message), Role::Dim));
    }
    out
}

/// Why, rule, fix.
#[must_use]
pub fn detail(data: &Data, item: &Item) -> Vec<Paragraph> {
    let Text::Finding(index) = item.text else { return about_group(data, item) };
    let Some(f) = data.finding(index) else { return Vec::new() };
    let mut out = vec![Paragraph::new("why", f.message.clone(), Role::Text)];
    if let Some(kind) = kinds::find(f.kind.0) {
        out.push(Paragraph::new("", kind.why, Role::Dim));
    }
    if let Some(name) = &f.proposal {
        out.push(Paragraph::new("fix", format!("take the value from the environment variable {name}"), Role::Good));
    }
    if let Some(step) = steps(data, index).first() {
        out.push(Paragraph::new("fix", step.title.clone(), Role::Good));
        out.extend(step.how.iter().take(4).map(|how| Paragraph::new("", how.clone(), Role::Text)));
        out.push(Paragraph::new("", format!("effort {} (p shows the step)", step.effort.as_str()), Role::Dim));
    }
    out.push(Paragraph::new(
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
    ));
    if !f.doubt.is_empty() {
        out.push(Paragraph::new("doubt", f.doubt.clone(), Role::Warn));
    }
    let mut facts = Vec::new();
    if !f.tags.is_empty() {
        facts.push(f.tags.join(", "));
    }
    if !f.subject.is_empty() {
        let alike = data.alike.get_or_init(|| count_alike(&data.analysis.findings));
        let same = alike.get(index as usize).copied().unwrap_or(0);
        if same > 1 {
            facts.push(format!("{} about the same: {}", plural(same as usize, "place"), f.subject));
        }
    }
    if let Some(churn) = data.analysis.history.changes.get(f.file.index()).filter(|churn| churn.commits > 0) {
        let by = plural(churn.authors as usize, "author");
        facts.push(format!("the file changed in {} by {by}", plural(churn.commits as usize, "commit")));
    }
    if !facts.is_empty() {
        out.push(Paragraph::new("facts", facts.join("; "), Role::Dim));
    }
    out
}

/// Per finding, how many are of its kind and about its subject.
fn count_alike(findings: &[Finding]) -> Vec<u32> {
    let mut counts: FxHashMap<(&str, &str), u32> = FxHashMap::default();
    for f in findings {
        *counts.entry((f.kind.0, f.subject.as_str())).or_default() += 1;
    }
    findings.iter().map(|f| counts.get(&(f.kind.0, f.subject.as_str())).copied().unwrap_or(0)).collect()
}

/// What a group's heading stands for.
fn about_group(data: &Data, item: &Item) -> Vec<Paragraph> {
    if item.key.to_lowercase().starts_with("# inventory") {
        let kind = item.key.strip_prefix("# inventory ").and_then(kinds::find);
        let mut out = vec![Paragraph::title(kind.map_or("Inventory", |kind| kind.title))];
        out.extend(kind.map(|kind| Paragraph::new("why", kind.why, Role::Text)));
        let words = "Facts that are no problem in themselves; they feed the scorecard, the split and the plan.";
        out.push(Paragraph::new("", words, Role::Dim));
        return out;
    }
    let words = item.key.strip_prefix("# ").and_then(|rest| rest.split_once(' ')).map_or("", |(_, name)| name);
    let mut out = vec![Paragraph::title(heading(data, words))];
    if let Some(kind) = kinds::find(words) {
        out.push(Paragraph::new("why", kind.why, Role::Text));
    }
    if let Some(v) = data.analysis.scorecard.verdicts.iter().find(|v| data.group == 4 && v.id == words) {
        out.extend(v.reasons.iter().map(|reason| Paragraph::new("", reason.en.clone(), Role::Text)));
    }
    out.push(Paragraph::new("", "Enter folds and unfolds; b groups by something else, s orders.", Role::Dim));
    out
}

/// The plan's steps about a finding.
#[must_use]
pub fn steps(data: &Data, index: u32) -> Vec<&crate::plan::Item> {
    data.plan.phases.iter().flat_map(|p| &p.items).filter(|i| i.findings.contains(&index)).collect()
}

/// Where the step of the plan about a row is.
#[must_use]
pub fn to_plan(data: &Data, item: &Item) -> Option<Go> {
    let Text::Finding(index) = item.text else { return None };
    steps(data, index).first().map(|step| Go::Row(Tab::Plan, step.id.clone()))
}
