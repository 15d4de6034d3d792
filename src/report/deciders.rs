//! For those who decide: what speaks most for beginning, and what threatens the move most, with figures and places.
//!
//! Every reason has a strength from 0 to 1, a share that the analysis holds; the strongest three are told.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::shared::{counted, module_name, place};
use crate::analysis::Analysis;
use crate::facts::FileId;
use crate::plan::{Effort, Item, Risk, days_left, days_text};
use crate::principles::Status;
use crate::rules::{Finding, Severity, kinds};
use crate::split::SHARED;
use crate::text::{Said, count, say};

/// Reasons told of each side.
const TOLD: usize = 3;
/// Places named per reason.
const PLACES: usize = 3;

/// One reason.
struct Reason {
    /// Share of the whole that it stands for, 0 to 1.
    strength: f64,
    said: Said,
    places: Vec<String>,
}

/// The strongest arguments for beginning.
pub fn arguments(analysis: &Analysis) -> Vec<Value> {
    told([holding(analysis), first_part(analysis), small_steps(analysis), concentrated(analysis), portable(analysis)])
}

/// The largest risks.
pub fn risks(analysis: &Analysis) -> Vec<Value> {
    let others = [unknown(analysis), circle(analysis), shared_tables(analysis), risky_steps(analysis)];
    told(obstacles(analysis).into_iter().map(Some).chain(others))
}

fn told(reasons: impl IntoIterator<Item = Option<Reason>>) -> Vec<Value> {
    let mut reasons: Vec<Reason> = reasons.into_iter().flatten().filter(|reason| reason.strength > 0.0).collect();
    reasons.sort_by(|a, b| b.strength.total_cmp(&a.strength));
    reasons.truncate(TOLD);
    let row = |reason: &Reason| json!({ "text": reason.said.en, "text_de": reason.said.de, "places": reason.places });
    reasons.iter().map(row).collect()
}

/// Part of a whole; 0 where there is no whole.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn percent(share: f64) -> String {
    format!("{:.0}", share * 100.0)
}

fn holding(analysis: &Analysis) -> Option<Reason> {
    let verdicts = || analysis.scorecard.verdicts.iter();
    let holds: Vec<_> = verdicts().filter(|verdict| verdict.status == Status::Holds).collect();
    let examined = verdicts().filter(|verdict| verdict.status != Status::NoEvidence).count();
    let title = |verdict: &&crate::principles::Verdict| Said {
        en: format!("{} {}", verdict.id, verdict.title),
        de: format!("{} {}", verdict.id, verdict.title_de),
    };
    let named: Vec<Said> = holds.iter().take(PLACES).map(title).collect();
    (!holds.is_empty()).then(|| Reason {
        strength: share(holds.len(), examined),
        said: say("decide.holds").put("n", holds.len()).put("all", examined).with("named", &Said::join(&named, "; ")),
        places: holds.iter().filter_map(|verdict| verdict.evidence.first().cloned()).take(PLACES).collect(),
    })
}

fn first_part(analysis: &Analysis) -> Option<Reason> {
    let first = analysis.candidates.iter().find(|candidate| candidate.rank == 1 && candidate.id != SHARED)?;
    let seams: Vec<_> = first.seams.iter().filter(|seam| !seam.to_shared).collect();
    Some(Reason {
        strength: f64::from(first.score.total) / 100.0,
        said: say("decide.first")
            .put("name", &first.name)
            .with("files", &count(first.files.len(), "file"))
            .with("border", &count(seams.len(), "dependency"))
            .put("score", format!("{:.0}", first.score.total)),
        places: seams.iter().take(PLACES).map(|seam| place(analysis, seam.from, seam.line)).collect(),
    })
}

/// Places of findings, the first few.
fn places<'a>(analysis: &Analysis, findings: impl Iterator<Item = &'a Finding>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for finding in findings {
        let at = place(analysis, finding.file, finding.span.line);
        if found.len() < PLACES && !found.contains(&at) {
            found.push(at);
        }
    }
    found
}

fn findings_of<'a>(analysis: &'a Analysis, items: &[&'a Item]) -> BTreeSet<u32> {
    let all = items.iter().flat_map(|item| item.findings.iter().copied());
    all.filter(|index| analysis.findings.get(*index as usize).is_some_and(super::shared::counts)).collect()
}

fn small_steps(analysis: &Analysis) -> Option<Reason> {
    let small = |item: &&Item| item.is_open() && item.effort == Effort::S && !item.findings.is_empty();
    let steps: Vec<&Item> = analysis.plan.items().filter(small).collect();
    let cleared = findings_of(analysis, &steps);
    let days = days_left(steps.iter().copied());
    let all = counted(analysis).count();
    (!cleared.is_empty()).then(|| Reason {
        strength: share(cleared.len(), all),
        said: say("decide.small")
            .put("n", steps.len())
            .put("cleared", cleared.len())
            .put("all", all)
            .with("days", &Said { en: days_text(days, false), de: days_text(days, true) }),
        places: places(analysis, cleared.iter().filter_map(|index| analysis.findings.get(*index as usize))),
    })
}

fn concentrated(analysis: &Analysis) -> Option<Reason> {
    let mut modules: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in counted(analysis) {
        *modules.entry(module_name(analysis, finding.file).unwrap_or(".")).or_default() += 1;
    }
    let all: usize = modules.values().sum();
    let others = analysis.graph.modules.len();
    let mut modules: Vec<_> = modules.into_iter().collect();
    modules.sort_by_key(|(name, count)| (Reverse(*count), *name));
    modules.truncate(3);
    let within = share(modules.iter().map(|(_, count)| count).sum(), all);
    // where three modules are most of the program it says nothing
    let named: Vec<&str> = modules.iter().map(|(name, _)| *name).collect();
    (others > 6).then(|| Reason {
        strength: within - share(modules.len(), others),
        said: say("decide.concentrated")
            .put("share", percent(within))
            .put("modules", named.join(", "))
            .put("all", others),
        places: Vec::new(),
    })
}

fn portable(analysis: &Analysis) -> Option<Reason> {
    let phase = analysis.plan.phases.iter().find(|phase| phase.id == "portable")?;
    let open: Vec<&Item> = phase.items.iter().filter(|item| item.is_open()).collect();
    let cleared = findings_of(analysis, &open);
    let part = share(cleared.len(), counted(analysis).count());
    Some(Reason {
        strength: part,
        said: say("decide.portable").put("share", percent(part)).put("n", open.len()),
        places: places(analysis, cleared.iter().filter_map(|index| analysis.findings.get(*index as usize))),
    })
}

fn weight(severity: Severity) -> usize {
    match severity {
        Severity::High => 3,
        Severity::Medium => 2,
        _ => 1,
    }
}

/// One risk per kind of finding: its share of all findings by severity.
fn obstacles(analysis: &Analysis) -> Vec<Reason> {
    let mut groups: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in counted(analysis) {
        groups.entry(finding.kind.0).or_default().push(finding);
    }
    let sum = |list: &[&Finding]| list.iter().map(|finding| weight(finding.severity)).sum::<usize>();
    let all: usize = groups.values().map(|list| sum(list)).sum();
    let reason = |(kind, list): (&str, Vec<&Finding>)| {
        let info = kinds::find(kind)?;
        let files: BTreeSet<FileId> = list.iter().map(|finding| finding.file).collect();
        let both = |en: &str, de: &str| Said { en: en.to_owned(), de: de.to_owned() };
        let mut worst = list.clone();
        worst.sort_by_key(|finding| Reverse(finding.severity));
        Some(Reason {
            strength: share(sum(&list), all),
            said: say("decide.obstacle")
                .with("title", &both(info.title, info.title_de))
                .with("places", &count(list.len(), "place"))
                .with("files", &count(files.len(), "file"))
                .with("why", &both(info.why, info.why_de)),
            places: places(analysis, worst.into_iter()),
        })
    };
    groups.into_iter().filter_map(reason).collect()
}

fn unknown(analysis: &Analysis) -> Option<Reason> {
    let points = analysis.scorecard.readiness.unknown;
    let points = analysis.scorecard.readiness.total.map(|_| f64::from(points))?;
    let verdicts = analysis.scorecard.verdicts.iter().filter(|verdict| verdict.status == Status::NoEvidence);
    Some(Reason {
        strength: points / 100.0,
        said: say("decide.unknown").put("points", format!("{points:.0}")).put("n", verdicts.count()),
        places: Vec::new(),
    })
}

fn circle(analysis: &Analysis) -> Option<Reason> {
    let graph = &analysis.graph;
    let circle = graph.module_cycles.first()?;
    let with_code = graph.modules.iter().filter(|module| module.lines > 0).count();
    let named = circle.iter().filter_map(|module| graph.modules.get(module.index())).take(4);
    let named: Vec<&str> = named.map(|module| module.name.as_str()).collect();
    let dots = if circle.len() > named.len() { " …" } else { "" };
    Some(Reason {
        strength: share(circle.len(), with_code),
        said: say("decide.circle").put("n", circle.len()).put("all", with_code).put("named", named.join(", ") + dots),
        places: Vec::new(),
    })
}

fn shared_tables(analysis: &Analysis) -> Option<Reason> {
    let first = analysis.candidates.iter().find(|candidate| candidate.rank == 1 && candidate.id != SHARED)?;
    let (shared, own) = (first.shared_tables.len(), first.own_tables.len());
    let named: Vec<&str> = first.shared_tables.iter().take(4).map(|table| table.as_str()).collect();
    let dots = if shared > named.len() { " …" } else { "" };
    (shared > 0).then(|| Reason {
        // one shared table of one is less than the same share of twenty
        strength: shared as f64 / (shared + own + 2) as f64,
        said: say("decide.tables")
            .put("name", &first.name)
            .with("tables", &count(shared, "table"))
            .put("named", named.join(", ") + dots),
        places: Vec::new(),
    })
}

fn risky_steps(analysis: &Analysis) -> Option<Reason> {
    let open = || analysis.plan.items().filter(|item| item.is_open());
    let risky: Vec<&Item> = open().filter(|item| item.risk == Risk::High).collect();
    let first = risky.first()?;
    Some(Reason {
        strength: share(risky.len(), open().count()),
        said: say("decide.risky")
            .put("n", risky.len())
            .put("all", open().count())
            .with("title", &Said { en: first.name.clone(), de: first.german.title.clone() })
            .with("why", &Said { en: first.risk_why.clone(), de: first.german.risk_why.clone() }),
        places: Vec::new(),
    })
}
