//! The report for planning: the analysis as a context for a Markdown template in `assets/templates`.
//!
//! The words are in the templates, one per language; here is only what they need, in the order in which they need it.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Value as TemplateValue};
use serde_json::{Value, json};

use super::shared::{counted, counts, inventory, module_name, one_line, place, ref_kind, thousands};
use super::{Lang, mermaid};
use crate::analysis::Analysis;
use crate::facts::Scope;
use crate::plan::{days_left, days_text};
use crate::rules::{Confidence, Finding, kinds};
use crate::split::{Candidate, SHARED};
use crate::text::told;

/// Findings listed per module and kind; the rest is counted and named as left to the JSON.
const PER_GROUP: usize = 25;
/// Candidates written out in full.
const FULL_CANDIDATES: usize = 5;
/// Seams listed per candidate and direction.
const SEAMS: usize = 15;
/// Left-out files listed.
const SKIPPED: usize = 30;

/// The report in a language; `template` replaces the built-in one.
///
/// # Errors
/// One line with the place when the template is faulty.
pub fn render(analysis: &Analysis, lang: Lang, template: Option<&str>) -> Result<String, String> {
    let name = match lang {
        Lang::En => "templates/report.en.md",
        Lang::De => "templates/report.de.md",
    };
    let source = match template {
        Some(own) => own,
        None => crate::assets::get(name).ok_or_else(|| format!("the template {name} is missing"))?,
    };
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(|error| error.to_string())?);
    environment.add_filter("n", |number: usize| thousands(number));
    environment.add_filter("md", |text: String| escape(&text));
    environment.add_filter("long", |text: String| marked_up(&text));
    environment.add_filter("code", |text: String| code(&text));
    environment
        .render_str(source, TemplateValue::from(Serde(context(analysis, lang))))
        .map_err(|error| format!("report template: {error:#}"))
}

/// Text inside a Markdown paragraph, list or table cell: nothing in it acts as markup.
pub(super) fn escape(text: &str) -> String {
    marked_up(&one_line(text))
}

/// The same for text of the program's own, however long.
fn marked_up(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Text as inline code, also inside a table: the fence is longer than any run of back ticks inside.
pub(super) fn code(text: &str) -> String {
    let text = one_line(text).replace('|', "\\|");
    if text.is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn context(analysis: &Analysis, lang: Lang) -> Value {
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
        "notes": history.notes.iter().map(|note| told(note, lang)).collect::<Vec<_>>(),
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
        "inventory": inventory_rows(analysis),
        "total": counted(analysis).count(),
        "modules": modules(analysis),
        "module_rows": module_rows(analysis),
        "cycles": cycles(analysis),
        "picture": mermaid::candidates(analysis, lang),
        "tables": tables(analysis),
        "candidates": ranked(analysis).take(FULL_CANDIDATES).map(|item| candidate(analysis, item)).collect::<Vec<_>>(),
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
            "path": item.path, "reason": told(&item.reason, lang),
        })).collect::<Vec<_>>(),
        "skipped_total": analysis.skipped.len(),
        "per_group": PER_GROUP,
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
    kinds.iter().map(|(kind, (count, files))| json!({ "kind": kind, "count": count, "files": files.len() })).collect()
}

/// Facts that are no problem, by kind: what they are, how many, and the first of them.
fn inventory_rows(analysis: &Analysis) -> Vec<Value> {
    let mut kinds: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in inventory(analysis) {
        kinds.entry(finding.kind.0).or_default().push(finding);
    }
    let rows = kinds.into_iter().map(|(kind, list)| {
        let info = kinds::find(kind);
        json!({
            "kind": kind, "title": info.map(|info| info.title), "title_de": info.map(|info| info.title_de),
            "count": list.len(), "more": list.len().saturating_sub(PER_GROUP),
            "findings": list.iter().take(PER_GROUP).map(|item| finding(analysis, item)).collect::<Vec<_>>(),
        })
    });
    rows.collect()
}

/// Findings by module, then kind; modules with most findings first.
fn modules(analysis: &Analysis) -> Vec<Value> {
    let mut modules: BTreeMap<&str, BTreeMap<&str, Vec<&Finding>>> = BTreeMap::new();
    for finding in counted(analysis) {
        let module = module_name(analysis, finding.file).unwrap_or(".");
        modules.entry(module).or_default().entry(finding.kind.0).or_default().push(finding);
    }
    let mut modules: Vec<_> = modules.into_iter().collect();
    modules.sort_by_key(|(name, kinds)| (std::cmp::Reverse(kinds.values().map(Vec::len).sum::<usize>()), *name));
    modules
        .into_iter()
        .map(|(name, kinds)| {
            let total: usize = kinds.values().map(Vec::len).sum();
            let kinds: Vec<Value> = kinds
                .into_iter()
                .map(|(kind, list)| {
                    json!({
                        "kind": kind, "count": list.len(), "more": list.len().saturating_sub(PER_GROUP),
                        "findings": list.iter().take(PER_GROUP).map(|item| finding(analysis, item)).collect::<Vec<_>>(),
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

fn candidate(analysis: &Analysis, candidate: &Candidate) -> Value {
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
        "blocker_count": by_kind.values().sum::<usize>(),
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

#[cfg(test)]
mod tests {
    use super::{code, escape, render};
    use crate::analysis::Analysis;
    use crate::report::Lang;

    #[test]
    fn foreign_text_cannot_act_as_markup() {
        assert_eq!(escape("a*b|<c>\n\u{1b}"), "a\\*b\\|\\<c\\>\\\\x0a\\\\x1b");
        assert_eq!(code("a`b"), "`` a`b ``");
    }

    #[test]
    fn both_templates_render_an_empty_analysis() {
        for lang in [Lang::En, Lang::De] {
            let text = render(&Analysis::default(), lang, None).unwrap();
            assert!(text.starts_with("# "), "{text}");
        }
    }

    #[test]
    fn a_table_after_the_cycles_is_no_part_of_the_list() {
        use crate::graph::{Module, ModuleId, Table};
        let mut analysis = Analysis::default();
        let module = |name: &str| Module {
            id: name.into(),
            name: name.into(),
            path: name.into(),
            manifest: None,
            files: 1,
            lines: 1,
        };
        analysis.graph.modules = vec![module("a"), module("b")];
        analysis.graph.module_cycles = vec![vec![ModuleId(0), ModuleId(1)]];
        analysis.graph.tables = vec![Table { name: "orders".into(), readers: Vec::new(), writers: Vec::new() }];
        for (lang, head) in [(Lang::En, "\n\n| table |"), (Lang::De, "\n\n| Tabelle |")] {
            let text = render(&analysis, lang, None).unwrap();
            assert!(text.contains(head), "{text}");
        }
    }
}
