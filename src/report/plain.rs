//! The summary for a terminal that is no screen, a pipe or a screen reader: linear text without drawing characters.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::shared::{count, counted, inventory, one_line, place, thousands};
use crate::analysis::Analysis;
use crate::facts::Scope;
use crate::plan::{self, State};
use crate::principles::Status;
use crate::rules::{Confidence, Finding};
use crate::split::SHARED;
use crate::text::wrap;

/// Findings listed per kind before the rest is counted.
const PER_KIND: usize = 10;
/// Candidates listed.
const CANDIDATES: usize = 5;

/// The summary.
#[must_use]
pub fn render(analysis: &Analysis) -> String {
    let mut out = String::new();
    head(&mut out, analysis);
    findings(&mut out, analysis);
    scorecard(&mut out, analysis);
    needs(&mut out, analysis);
    candidates(&mut out, analysis);
    plan(&mut out, analysis);
    skipped(&mut out, analysis);
    out
}

fn head(out: &mut String, analysis: &Analysis) {
    let _ = writeln!(out, "breakbulk: {}", one_line(&analysis.name));
    let main: Vec<_> = analysis.files.iter().filter(|file| file.scope == Scope::Main).collect();
    let lines: u64 = main.iter().map(|file| u64::from(file.lines)).sum();
    let total = usize::try_from(lines).unwrap_or(usize::MAX);
    let _ = writeln!(
        out,
        "  {} in all, {} of the application with {}",
        count(analysis.files.len(), "file", "files"),
        thousands(main.len()),
        count(total, "line", "lines")
    );
    let mut languages: BTreeMap<&str, u64> = BTreeMap::new();
    for file in main.iter().filter(|file| file.is_code) {
        if let Some(language) = file.language {
            *languages.entry(language.0).or_default() += u64::from(file.lines);
        }
    }
    let mut languages: Vec<(&str, u64)> = languages.into_iter().collect();
    languages.sort_by_key(|(name, lines)| (std::cmp::Reverse(*lines), *name));
    if languages.is_empty() {
        let _ = writeln!(out, "  no source file of a known language was found");
    } else {
        let list: Vec<String> = languages
            .iter()
            .map(|(name, lines)| format!("{name} {}", thousands(usize::try_from(*lines).unwrap_or(usize::MAX))))
            .collect();
        let _ = writeln!(out, "  lines by language: {}", list.join(", "));
    }
    let history = &analysis.history;
    if let Some(commit) = &history.commit {
        let short = commit.get(..10).unwrap_or(commit);
        let _ = writeln!(out, "  commit {short}, {} read", count(history.commits_read as usize, "commit", "commits"));
    }
    for note in &history.notes {
        let _ = writeln!(out, "  note: {}", one_line(note));
    }
    if !analysis.complete {
        let _ = writeln!(out, "  the scan was stopped before its end: everything below is what was seen so far");
    }
}

fn findings(out: &mut String, analysis: &Analysis) {
    let mut kinds: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for finding in counted(analysis) {
        kinds.entry(finding.kind.0).or_default().push(finding);
    }
    let _ = writeln!(out, "\nFindings");
    if kinds.is_empty() {
        let _ = writeln!(out, "  none in the application's own code and configuration");
    }
    for (kind, list) in &kinds {
        let _ = writeln!(out, "  {kind}: {}", thousands(list.len()));
        for finding in list.iter().take(PER_KIND) {
            let place = place(analysis, finding.file, finding.span.line);
            let _ = writeln!(out, "    {place}  {}", one_line(&finding.message));
        }
        if list.len() > PER_KIND {
            let _ = writeln!(out, "    … and {} more", thousands(list.len() - PER_KIND));
        }
    }
    let problem = |finding: &&Finding| !finding.is_inventory();
    let low = analysis.findings.iter().filter(problem).filter(|found| found.confidence == Confidence::Low).count();
    let other = analysis.findings.iter().filter(problem).filter(|found| found.scope != Scope::Main).count();
    let _ = writeln!(
        out,
        "  not shown: {} of low confidence, {} in tests, build, docs and vendored code, {} suppressed",
        thousands(low),
        thousands(other),
        thousands(analysis.suppressed.len())
    );
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in inventory(analysis) {
        *kinds.entry(finding.kind.0).or_default() += 1;
    }
    if !kinds.is_empty() {
        let list: Vec<String> = kinds.iter().map(|(kind, number)| format!("{kind} {}", thousands(*number))).collect();
        let _ = writeln!(out, "  inventory, no problems in themselves: {}", list.join(", "));
    }
    suppressed(out, analysis);
}

/// Who set what aside, and why; and what sets nothing aside any more.
fn suppressed(out: &mut String, analysis: &Analysis) {
    if !analysis.suppressed.is_empty() {
        let _ = writeln!(out, "  set aside, with the reason:");
    }
    for item in analysis.suppressed.iter().take(PER_KIND) {
        let place = place(analysis, item.finding.file, item.finding.span.line);
        let (kind, reason, by) = (item.finding.kind.0, one_line(&item.reason), one_line(&item.by));
        let _ = writeln!(out, "    {place}  {kind}: {reason} ({by})");
    }
    if analysis.suppressed.len() > PER_KIND {
        let _ = writeln!(out, "    … and {} more", thousands(analysis.suppressed.len() - PER_KIND));
    }
    for item in &analysis.unused_suppressions {
        let _ = writeln!(out, "  suppression not used: {}: {}", one_line(&item.by), one_line(&item.why));
    }
}

fn scorecard(out: &mut String, analysis: &Analysis) {
    let _ = writeln!(out, "\nPrinciples");
    if let Some(total) = analysis.scorecard.readiness.total {
        let readiness = &analysis.scorecard.readiness;
        let _ = writeln!(out, "  readiness at most {total:.0} of 100, {:.0} of them unknown", readiness.unknown);
        for line in wrap(&readiness.formula.en, 96) {
            let _ = writeln!(out, "    {line}");
        }
    }
    for verdict in analysis.scorecard.verdicts.iter().filter(|verdict| verdict.status != Status::NoEvidence) {
        let reason = verdict.reasons.first().map(|said| said.en.as_str()).unwrap_or_default();
        let _ = writeln!(out, "  {} {}: {}; {}", verdict.id, verdict.status.as_str(), verdict.title, one_line(reason));
    }
    let silent = analysis.scorecard.verdicts.iter().filter(|verdict| verdict.status == Status::NoEvidence).count();
    let _ = writeln!(out, "  no evidence for or against {silent} of {}", analysis.scorecard.verdicts.len());
}

/// What a container needs, where nothing describes one yet.
fn needs(out: &mut String, analysis: &Analysis) {
    if analysis.needs.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nWhat a container of this application needs");
    let mut topic = None;
    let mut listed = 0;
    for need in &analysis.needs {
        if topic != Some(need.topic) {
            topic = Some(need.topic);
            listed = 0;
            let all = analysis.needs.iter().filter(|other| other.topic == need.topic).count();
            let _ = writeln!(out, "  {}: {}", need.topic.as_str(), thousands(all));
        }
        listed += 1;
        if listed <= PER_KIND {
            let place = place(analysis, need.file, need.line);
            let _ = writeln!(out, "    {}  {}", one_line(&need.what), place);
        }
    }
}

fn candidates(out: &mut String, analysis: &Analysis) {
    let _ = writeln!(out, "\nSplit candidates, best to start with first");
    let ranked = || analysis.candidates.iter().filter(|candidate| candidate.id != SHARED);
    if ranked().next().is_none() {
        let _ = writeln!(out, "  none: no source files of the application, or nothing that can be told apart");
    }
    for candidate in ranked().take(CANDIDATES) {
        let _ = writeln!(
            out,
            "  {}. {}: score {:.0}, {}, {} in, {} out, {}, {}",
            candidate.rank,
            one_line(&candidate.name),
            candidate.score.total,
            count(candidate.files.len(), "file", "files"),
            thousands(candidate.metrics.incoming as usize),
            thousands(candidate.metrics.outgoing as usize),
            count(candidate.shared_tables.len(), "shared table", "shared tables"),
            count(candidate.blockers.len(), "blocker", "blockers"),
        );
    }
    let rest = ranked().count().saturating_sub(CANDIDATES);
    if rest > 0 {
        let _ = writeln!(out, "  … and {rest} more");
    }
}

fn plan(out: &mut String, analysis: &Analysis) {
    let _ = writeln!(out, "\nPlan");
    for phase in &analysis.plan.phases {
        let steps = count(phase.items.len(), "step", "steps");
        let left = plan::days_left(phase.items.iter());
        let left = if left > 0.0 { format!(", {} left", plan::days_text(left, false)) } else { String::new() };
        let _ = writeln!(out, "  {}: {steps}{left}", one_line(&phase.title));
        if let Some(item) = phase.items.iter().find(|item| item.is_open()) {
            let _ = writeln!(out, "    first: {} [{}]", one_line(&item.title), item.effort.as_str());
        }
    }
    for item in analysis.plan.items().filter(|item| item.state() == State::Reopened) {
        let _ = writeln!(out, "  reopened: {} ({})", one_line(&item.title), item.id);
    }
    if let Some(item) = analysis.plan.first() {
        let _ = writeln!(out, "  start with: {} ({})", one_line(&item.title), item.id);
    }
}

fn skipped(out: &mut String, analysis: &Analysis) {
    if analysis.skipped.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nLeft out: {}", thousands(analysis.skipped.len()));
    for skipped in analysis.skipped.iter().take(PER_KIND) {
        let _ = writeln!(out, "  {}: {}", one_line(&skipped.path), one_line(&skipped.reason));
    }
    if analysis.skipped.len() > PER_KIND {
        let _ =
            writeln!(out, "  … and {} more (all of them in the JSON)", thousands(analysis.skipped.len() - PER_KIND));
    }
}
