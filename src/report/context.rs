//! What a template of a report can name: the analysis as one value, the same for Markdown and HTML.
//!
//! The words are in the templates and in `assets/sentences`; here is only what they need, in the order in which they need it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::shared::{counted, counts, inventory, module_name, place, ref_kind};
use super::{Lang, deciders, mermaid};
use crate::analysis::Analysis;
use crate::facts::Scope;
use crate::plan::{days_left, days_text};
use crate::rules::{Confidence, Finding, kinds};
use crate::split::{Candidate, Interface, SHARED};
use crate::text::{self, count, words};

/// Modules in the table of their coupling.
const PER_GROUP: usize = 25;
/// Candidates written out in full.
const FULL_CANDIDATES: usize = 5;
/// Seams listed per candidate and direction.
const SEAMS: usize = 15;
/// Left-out files listed.
const SKIPPED: usize = 30;

/// How much is written out; what is beyond is counted.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Findings per module and kind.
    pub per_group: usize,
    /// Findings in all, modules with most findings first.
    pub findings: usize,
}

/// Everything that a template of a report can name, in the words of a language: where a text is there in both languages, `title` is
/// that of the report and `title_de` the German one.
#[must_use]
pub fn of(analysis: &Analysis, lang: Lang, limits: Limits) -> Value {
    let mut all = whole(analysis, lang, limits);
    let more = [
        ("lang", lang.as_str().into()),
        ("arguments", deciders::arguments(analysis).into()),
        ("risks", deciders::risks(analysis).into()),
        ("picture_left_out", mermaid::left_out(analysis).into()),
    ];
    if let Value::Object(all) = &mut all {
        all.extend(more.map(|(name, value)| (name.to_owned(), value)));
    }
    if lang == Lang::De {
        german(&mut all);
    }
    all
}

/// The sentence `report.KEY` with its places filled: `t("more", n=3)` in a template.
///
/// # Errors
/// When a value cannot be written.
pub fn told(lang: Lang, key: &str, values: &minijinja::value::Kwargs) -> Result<String, minijinja::Error> {
    let mut text = words(lang, &format!("report.{key}")).to_owned();
    for name in values.args() {
        text = text.replace(&format!("{{{name}}}"), &values.get::<minijinja::Value>(name)?.to_string());
    }
    values.assert_all_used()?;
    Ok(text)
}

/// Puts the German text where the English one is, at every depth.
fn german(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let names: Vec<String> = map.keys().filter(|key| map.contains_key(&format!("{key}_de"))).cloned().collect();
            for name in names {
                if let Some(text) = map.get(&format!("{name}_de")).cloned() {
                    map.insert(name, text);
                }
            }
            map.values_mut().for_each(german);
        }
        Value::Array(list) => list.iter_mut().for_each(german),
        _ => {}
    }
}

fn whole(analysis: &Analysis, lang: Lang, limits: Limits) -> Value {
    let main = || analysis.files.iter().filter(|file| file.scope == Scope::Main);
    let lines: u64 = main().map(|file| u64::from(file.lines)).sum();
    let history = &analysis.history;
    let problems = || analysis.findings.iter().filter(|finding| !finding.is_inventory());
    json!({
        "name": analysis.name,
        "version": env!("CARGO_PKG_VERSION"),
        "complete": analysis.complete,
        "commit": history.commit.as_deref().map(|commit| commit.get(..12).unwrap_or(commit)),
        "branch": history.branch,
        "commits": history.commits_read,
        "notes": history.notes.iter().map(|note| text::told(note, lang)).collect::<Vec<_>>(),
        "files": analysis.files.len(),
        "main_files": main().count(),
        "lines": lines,
        "languages": languages(analysis),
        "needs": analysis.needs.iter().map(|need| json!({
            "topic": need.topic.as_str(), "what": need.what, "detail": need.detail,
            "place": place(analysis, need.file, need.line),
        })).collect::<Vec<_>>(),
        "readiness": analysis.scorecard.readiness.total.map(|total| format!("{total:.0}")),
        "formula": analysis.scorecard.readiness.formula.en, "formula_de": analysis.scorecard.readiness.formula.de,
        "unknown": format!("{:.0}", analysis.scorecard.readiness.unknown),
        "areas": analysis.scorecard.readiness.areas.iter().map(|area| json!({
            "principle": area.principle, "name": area.name, "name_de": area.name_de,
            "text": area.text.en, "text_de": area.text.de,
            "reached": format!("{:.0}", area.reached), "possible": format!("{:.0}", area.possible),
        })).collect::<Vec<_>>(),
        "principles": principles(analysis),
        "counts": kind_rows(analysis),
        "low": problems().filter(|finding| finding.confidence == Confidence::Low).count(),
        "other_scopes": problems().filter(|finding| finding.scope != Scope::Main).count(),
        "inventory": inventory_rows(analysis, limits),
        "total": counted(analysis).count(),
        "modules": modules(analysis, limits),
        "module_rows": module_rows(analysis),
        "cycles": cycles(analysis),
        "picture": mermaid::candidates(analysis, lang),
        "tables": tables(analysis),
        "candidates": ranked(analysis).take(FULL_CANDIDATES).map(|item| candidate(analysis, lang, item)).collect::<Vec<_>>(),
        "more_candidates": ranked(analysis).skip(FULL_CANDIDATES).map(|item| json!({
            "name": item.name, "rank": item.rank, "score": format!("{:.0}", item.score.total), "files": item.files.len(),
        })).collect::<Vec<_>>(),
        "shared": analysis.candidates.iter().find(|item| item.id == SHARED).map(|item| json!({
            "files": item.files.len(), "lines": item.lines,
        })),
        "phases": phases(analysis),
        "first_step": analysis.plan.first().map(|item| json!({
            "id": item.id, "title": item.title, "title_de": item.german.title, "why": item.why, "why_de": item.german.why,
            "days": days_text(item.days, false), "days_de": days_text(item.days, true),
        })),
        "suppressed": analysis.suppressed.iter().map(|item| json!({
            "place": place(analysis, item.finding.file, item.finding.span.line),
            "kind": item.finding.kind.0, "reason": item.reason, "by": item.by,
        })).collect::<Vec<_>>(),
        "unused_suppressions": analysis.unused_suppressions.iter().map(|item| json!({
            "by": item.by, "why": item.why,
        })).collect::<Vec<_>>(),
        "skipped": analysis.skipped.iter().take(SKIPPED).map(|item| json!({
            "path": item.path, "reason": text::told(&item.reason, lang),
        })).collect::<Vec<_>>(),
        "skipped_total": analysis.skipped.len(),
        "per_group": limits.per_group,
    })
}

fn ranked(analysis: &Analysis) -> impl Iterator<Item = &Candidate> {
    analysis.candidates.iter().filter(|candidate| candidate.id != SHARED)
}

fn languages(analysis: &Analysis) -> Vec<Value> {
    let mut sizes: BTreeMap<&str, (usize, u64)> = BTreeMap::new();
    for file in analysis.files.iter().filter(|file| file.scope == Scope::Main && file.is_code) {
        if let Some(language) = file.language {
            let size = sizes.entry(language.0).or_default();
            size.0 += 1;
            size.1 += u64::from(file.lines);
        }
    }
    let mut sizes: Vec<_> = sizes.into_iter().collect();
    sizes.sort_by_key(|(name, (_, lines))| (std::cmp::Reverse(*lines), *name));
    sizes.iter().map(|(name, (files, lines))| json!({ "name": name, "files": files, "lines": lines })).collect()
}

fn principles(analysis: &Analysis) -> Vec<Value> {
    let list = analysis.scorecard.verdicts.iter();
    list.map(|verdict| {
        json!({
            "id": verdict.id, "title": verdict.title, "title_de": verdict.title_de,
            "status": verdict.status.as_str(), "findings": verdict.findings.len(),
            "reason": verdict.reasons.first().map(|said| &said.en), "reason_de": verdict.reasons.first().map(|said| &said.de),
            "evidence": verdict.evidence.iter().take(3).collect::<Vec<_>>(),
        })
    })
    .collect()
}

fn kind_rows(analysis: &Analysis) -> Vec<Value> {
    let mut kinds: BTreeMap<&str, (usize, BTreeMap<u32, usize>)> = BTreeMap::new();
    for finding in counted(analysis) {
        let entry = kinds.entry(finding.kind.0).or_default();
        entry.0 += 1;
        *entry.1.entry(finding.file.0).or_default() += 1;
    }
    let row = |(kind, (count, files)): (&&str, &(usize, BTreeMap<u32, usize>))| {
        let info = kinds::find(kind);
        json!({
            "kind": kind, "count": count, "files": files.len(), "title": info.map(|info| info.title),
            "title_de": info.map(|info| info.title_de), "principle": info.map(|info| info.principle),
        })
    };
    let mut kinds: Vec<_> = kinds.iter().collect();
    kinds.sort_by_key(|(kind, (count, _))| (std::cmp::Reverse(*count), **kind));
    kinds.into_iter().map(row).collect()
}

/// Facts that are no problem, by kind: what they are, how many, and the first of them.
fn inventory_rows(analysis: &Analysis, limits: Limits) -> Vec<Value> {
    let mut kinds: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in inventory(analysis) {
        kinds.entry(finding.kind.0).or_default().push(finding);
    }
    let rows = kinds.into_iter().map(|(kind, list)| {
        let info = kinds::find(kind);
        json!({
            "kind": kind, "title": info.map(|info| info.title), "title_de": info.map(|info| info.title_de),
            "count": list.len(), "more": list.len().saturating_sub(limits.per_group),
            "findings": list.iter().take(limits.per_group).map(|item| finding(analysis, item)).collect::<Vec<_>>(),
        })
    });
    rows.collect()
}

/// Findings by module, then kind; modules with most findings first.
fn modules(analysis: &Analysis, limits: Limits) -> Vec<Value> {
    let mut modules: BTreeMap<&str, BTreeMap<&str, Vec<&Finding>>> = BTreeMap::new();
    for finding in counted(analysis) {
        let module = module_name(analysis, finding.file).unwrap_or(".");
        modules.entry(module).or_default().entry(finding.kind.0).or_default().push(finding);
    }
    let mut modules: Vec<_> = modules.into_iter().collect();
    modules.sort_by_key(|(name, kinds)| (std::cmp::Reverse(kinds.values().map(Vec::len).sum::<usize>()), *name));
    let mut left = limits.findings;
    modules
        .into_iter()
        .map(|(name, kinds)| {
            let total: usize = kinds.values().map(Vec::len).sum();
            let kinds: Vec<Value> = kinds
                .into_iter()
                .map(|(kind, list)| {
                    let shown = list.len().min(limits.per_group).min(left);
                    left -= shown;
                    let info = kinds::find(kind);
                    json!({
                        "kind": kind, "title": info.map(|info| info.title), "title_de": info.map(|info| info.title_de),
                        "count": list.len(), "more": list.len() - shown,
                        "findings": list.iter().take(shown).map(|item| finding(analysis, item)).collect::<Vec<_>>(),
                    })
                })
                .collect();
            json!({ "name": name, "count": total, "kinds": kinds })
        })
        .collect()
}

fn finding(analysis: &Analysis, finding: &Finding) -> Value {
    json!({
        "place": place(analysis, finding.file, finding.span.line), "message": finding.message,
        "message_de": kinds::message_de(finding), "subject": finding.subject,
        "snippet": finding.snippet, "severity": finding.severity.as_str(), "id": finding.id,
        "tags": finding.tags.iter().map(|tag| tag.as_str()).collect::<Vec<_>>().join(", "),
    })
}

/// Modules with their coupling figures, those with most uses from outside first, at most 25.
fn module_rows(analysis: &Analysis) -> Vec<Value> {
    let graph = &analysis.graph;
    let mut rows: Vec<usize> = (0..graph.modules.len()).filter(|index| graph.modules[*index].lines > 0).collect();
    let metrics = |index: usize| graph.module_metrics.get(index).copied().unwrap_or_default();
    rows.sort_by_key(|index| (std::cmp::Reverse(metrics(*index).fan_in + metrics(*index).fan_out), *index));
    rows.truncate(PER_GROUP);
    rows.iter()
        .map(|index| {
            let (module, metrics) = (&graph.modules[*index], metrics(*index));
            json!({
                "name": module.name, "files": module.files, "lines": module.lines, "fan_in": metrics.fan_in,
                "fan_out": metrics.fan_out, "instability": format!("{:.2}", metrics.instability),
            })
        })
        .collect()
}

fn cycles(analysis: &Analysis) -> Vec<Value> {
    let graph = &analysis.graph;
    let name = |module: &crate::graph::ModuleId| graph.modules.get(module.index()).map(|module| module.name.as_str());
    let cycles = graph.module_cycles.iter().take(5);
    cycles
        .map(|cycle| {
            json!({
                "size": cycle.len(),
                "modules": cycle.iter().filter_map(name).take(12).collect::<Vec<_>>(),
                "more": cycle.len().saturating_sub(12),
            })
        })
        .collect()
}

/// Tables that most files touch, at most 20.
fn tables(analysis: &Analysis) -> Vec<Value> {
    let mut tables: Vec<_> = analysis.graph.tables.iter().collect();
    tables.sort_by_key(|table| (std::cmp::Reverse(table.readers.len() + table.writers.len()), table.name.clone()));
    let touched = tables.into_iter().take(20);
    touched
        .map(|table| json!({ "name": table.name, "readers": table.readers.len(), "writers": table.writers.len() }))
        .collect()
}

fn candidate(analysis: &Analysis, lang: Lang, candidate: &Candidate) -> Value {
    let seams = |incoming: bool, shared: bool| -> Vec<Value> {
        let side = candidate.seams.iter().filter(|seam| seam.incoming == incoming && seam.to_shared == shared);
        side.take(SEAMS)
            .map(|seam| {
                json!({
                    "place": place(analysis, seam.from, seam.line), "to": analysis.path(seam.to),
                    "kind": ref_kind(seam.kind),
                })
            })
            .collect()
    };
    let blockers = candidate.blockers.iter().filter_map(|index| analysis.findings.get(*index as usize));
    let mut by_kind: BTreeMap<&str, usize> = BTreeMap::new();
    for blocker in blockers.filter(|finding| counts(finding)) {
        *by_kind.entry(blocker.kind.0).or_default() += 1;
    }
    let metrics = &candidate.metrics;
    json!({
        "id": candidate.id, "name": candidate.name, "rank": candidate.rank, "lines": candidate.lines,
        "terms": candidate.terms.iter().take(6).map(|term| term.as_str()).collect::<Vec<_>>().join(", "),
        "score": format!("{:.0}", candidate.score.total),
        "score_terms": candidate.score.terms.iter().map(|term| json!({
            "text": term.text.en, "text_de": term.text.de, "points": format!("{:+.0}", term.points),
        })).collect::<Vec<_>>(),
        "files": candidate.files.iter().take(SEAMS).map(|file| analysis.path(*file)).collect::<Vec<_>>(),
        "file_count": candidate.files.len(), "more_files": candidate.files.len().saturating_sub(SEAMS),
        "incoming": seams(true, false), "outgoing": seams(false, false),
        "incoming_count": metrics.incoming, "outgoing_count": metrics.outgoing, "to_shared": metrics.to_shared,
        "cohesion": format!("{:.0}", metrics.cohesion * 100.0), "in_cycle": metrics.in_cycle,
        "shared_tables": candidate.shared_tables.iter().map(|table| table.as_str()).collect::<Vec<_>>(),
        "own_tables": candidate.own_tables.iter().map(|table| table.as_str()).collect::<Vec<_>>(),
        "blockers": by_kind.iter().map(|(kind, count)| json!({ "kind": kind, "count": count })).collect::<Vec<_>>(),
        "why": explained(analysis, lang, candidate),
        "blocker_count": by_kind.values().sum::<usize>(),
    })
}

/// Why these files belong together, what crosses the border, what must be cut, and which files could be elsewhere.
fn explained(analysis: &Analysis, lang: Lang, candidate: &Candidate) -> Value {
    let why = &candidate.explanation;
    let name = |index: u32| analysis.candidates.get(index as usize).map_or("", |other| other.name.as_str());
    let interfaces = |list: &[Interface]| -> Vec<Value> {
        list.iter()
            .map(|item| {
                json!({
                    "path": analysis.path(item.file), "users": item.users,
                    "example": place(analysis, item.example.0, item.example.1),
                })
            })
            .collect()
    };
    json!({
        "sure": format!("{:.0}", why.confidence * 100.0),
        "ties": why.ties.iter().map(|tie| json!({
            "place": place(analysis, tie.from, tie.line), "to": analysis.path(tie.to), "kind": ref_kind(tie.kind),
        })).collect::<Vec<_>>(),
        "offers": interfaces(&why.offers), "offered": why.offered,
        "offers_more": (why.offered as usize).saturating_sub(why.offers.len()),
        "needs": interfaces(&why.needs), "needed": why.needed,
        "needs_more": (why.needed as usize).saturating_sub(why.needs.len()),
        "cut": why.cut.iter().map(|step| json!({
            "from": name(step.from), "to": name(step.to), "dependencies": step.count,
            "text": count(step.count as usize, "dependency").text(lang),
            "places": step.edges.iter().map(|(from, _, line)| place(analysis, *from, *line)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "hotspots": why.hotspots.iter().take(5).map(|spot| json!({
            "path": analysis.path(spot.file), "commits": spot.commits, "lines": spot.lines,
        })).collect::<Vec<_>>(),
        "authors": why.authors,
    })
}

fn phases(analysis: &Analysis) -> Vec<Value> {
    let phases = analysis.plan.phases.iter();
    phases
        .map(|phase| {
            json!({
                "id": phase.id, "title": phase.title, "why": phase.why,
                "title_de": phase.title_de, "why_de": phase.why_de,
                "done": phase.items.iter().filter(|item| !item.is_open()).count(), "all": phase.items.len(),
                "left": days_text(days_left(phase.items.iter()), false),
                "left_de": days_text(days_left(phase.items.iter()), true),
                "items": phase.items.iter().map(|item| json!({
                    "id": item.id, "title": item.title, "why": item.why, "how": item.how, "effort": item.effort.as_str(),
                    "effort_rule": item.effort_rule, "status": item.status.as_str(), "principle": item.principle,
                    "state": item.state().as_str(), "days": days_text(item.days, false), "risk": item.risk.as_str(),
                    "risk_why": item.risk_why, "back": item.back,
                    "title_de": item.german.title, "why_de": item.german.why, "how_de": item.german.how,
                    "effort_rule_de": item.german.effort_rule, "check_de": item.german.check,
                    "risk_why_de": item.german.risk_why, "back_de": item.german.back,
                    "days_de": days_text(item.days, true),
                    "check": item.check, "note": item.note, "owner": item.owner,
                    "places": item.findings.iter().filter_map(|index| analysis.findings.get(*index as usize))
                        .map(|found| place(analysis, found.file, found.span.line))
                        .chain(item.places.iter().map(|(place, _)| place.clone()))
                        .take(4).collect::<Vec<_>>(),
                    "place_count": item.findings.len() + item.places.len(),
                })).collect::<Vec<_>>(),
            })
        })
        .collect()
}
