//! The published JSON: inner types to [`super::wire`], nothing else.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::baseline::Comparison;
use super::shared::{counts, module_name, one_line, ref_kind, round};
use super::{diff, explanation, wire};
use crate::analysis::Analysis;
use crate::facts::{FileId, Scope};
use crate::plan;
use crate::rules::{Confidence, Finding};
use crate::text::sanitize;

/// Writes the analysis as JSON, with a newline at the end, piece by piece: the text may be larger than all that was read. With a
/// comparison, what is new and fixed since a baseline as well.
///
/// # Errors
/// What the writer says: the types hold nothing that JSON cannot.
pub fn write(analysis: &Analysis, comparison: Option<&Comparison>, out: &mut dyn Write) -> io::Result<()> {
    let mut scan = scan(analysis);
    if let Some(comparison) = comparison {
        for (index, finding) in scan.findings.iter_mut().enumerate() {
            finding.baseline = Some(if comparison.is_new(index) { "new" } else { "unchanged" });
        }
        scan.baseline = Some(wire::Baseline {
            name: &comparison.old.name,
            commit: &comparison.old.commit,
            new: comparison.added().count(),
            fixed: comparison.fixed().count(),
            unchanged: comparison.unchanged().count(),
            set_aside: comparison.set_aside().count(),
            fixed_findings: comparison.fixed().map(diff::row).collect(),
        });
    }
    serde_json::to_writer_pretty(&mut *out, &scan)?;
    out.write_all(b"\n")
}

/// The analysis as the published types.
#[must_use]
pub fn scan(analysis: &Analysis) -> wire::Scan<'_> {
    let history = &analysis.history;
    wire::Scan {
        schema_version: wire::SCHEMA_VERSION,
        tool: wire::Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        repository: wire::Repository {
            name: sanitize(&analysis.name).into_owned(),
            commit: history.commit.as_deref(),
            branch: history.branch.as_deref(),
            commits_read: history.commit.is_some().then_some(history.commits_read),
            notes: history.notes.iter().map(String::as_str).collect(),
        },
        summary: summary(analysis),
        files: files(analysis),
        modules: modules(analysis),
        findings: analysis.findings.iter().map(|item| finding(analysis, item)).collect(),
        suppressed: analysis
            .suppressed
            .iter()
            .map(|item| wire::Suppressed {
                finding: finding(analysis, &item.finding),
                reason: &item.reason,
                by: &item.by,
            })
            .collect(),
        unused_suppressions: analysis
            .unused_suppressions
            .iter()
            .map(|item| wire::UnusedSuppression { by: &item.by, why: &item.why })
            .collect(),
        dependencies: dependencies(analysis, true),
        indirect: dependencies(analysis, false),
        coupling: history
            .pairs
            .iter()
            .map(|pair| wire::Coupling {
                a: analysis.path(pair.a),
                b: analysis.path(pair.b),
                commits: pair.commits,
                degree: round(pair.degree),
                confidence: round(pair.confidence),
                lift: round(pair.lift),
            })
            .collect(),
        data: tables(analysis),
        entry_points: analysis
            .entry_points()
            .map(|found| wire::EntryPoint {
                path: analysis.path(found.file),
                line: found.span.line,
                what: one_line(&found.subject),
            })
            .collect(),
        environment: analysis
            .env_reads()
            .map(|found| wire::EnvRead {
                name: &found.subject,
                path: analysis.path(found.file),
                line: found.span.line,
                default: found.part("default"),
            })
            .collect(),
        container: analysis
            .needs
            .iter()
            .map(|need| wire::Need {
                topic: need.topic.as_str(),
                what: one_line(&need.what),
                detail: one_line(&need.detail),
                path: analysis.path(need.file),
                line: need.line,
            })
            .collect(),
        principles: principles(analysis),
        readiness: readiness(analysis),
        candidates: candidates(analysis),
        plan: plan(analysis),
        skipped: analysis
            .skipped
            .iter()
            .map(|skipped| wire::Skipped { path: &skipped.path, reason: &skipped.reason })
            .collect(),
        baseline: None,
        complete: analysis.complete,
    }
}

/// Dependencies that the language itself makes, or the others: by a framework's convention, by way of a file between.
fn dependencies(analysis: &Analysis, direct: bool) -> wire::Sequence<'_, wire::Dependency<'_>> {
    wire::Sequence(Box::new(move || {
        let edges = analysis.graph.edges.iter().filter(move |edge| edge.kinds.is_direct() == direct);
        Box::new(edges.map(|edge| wire::Dependency {
            from: analysis.path(edge.from),
            to: analysis.path(edge.to),
            kinds: edge.kinds.iter().collect(),
            example: wire::Example { line: edge.line },
        }))
    }))
}

fn summary(analysis: &Analysis) -> wire::Summary<'_> {
    let mut summary = wire::Summary { files: analysis.files.len(), ..wire::Summary::default() };
    for file in &analysis.files {
        summary.lines += u64::from(file.lines);
        if let (Scope::Main, Some(language)) = (file.scope, file.language) {
            let entry = summary.by_language.entry(language.0).or_default();
            entry.files += 1;
            entry.lines += u64::from(file.lines);
        }
    }
    for finding in &analysis.findings {
        if finding.is_inventory() {
            if finding.scope == Scope::Main && finding.confidence > Confidence::Low {
                *summary.inventory.entry(finding.kind.0).or_default() += 1;
            }
            continue;
        }
        if finding.confidence == Confidence::Low {
            summary.low_confidence += 1;
            continue;
        }
        *summary.by_scope.entry(finding.scope.as_str()).or_default() += 1;
        if counts(finding) {
            summary.findings += 1;
            *summary.by_kind.entry(finding.kind.0).or_default() += 1;
            *summary.by_severity.entry(finding.severity.as_str()).or_default() += 1;
            *summary.by_principle.entry(finding.principle).or_default() += 1;
        }
    }
    summary
}

fn files(analysis: &Analysis) -> Vec<wire::File<'_>> {
    let candidate = |index: usize| {
        let candidate = (*analysis.candidate_of.get(index)?)?;
        analysis.candidates.get(candidate as usize).map(|candidate| candidate.id.as_str())
    };
    let list = analysis.files.iter().enumerate();
    list.map(|(index, file)| wire::File {
        path: &file.path,
        language: file.language.map(|language| language.0),
        lines: file.lines,
        bytes: file.bytes,
        scope: file.scope.as_str(),
        module: u32::try_from(index).ok().and_then(|id| module_name(analysis, FileId(id))),
        candidate: candidate(index),
    })
    .collect()
}

fn modules(analysis: &Analysis) -> Vec<wire::Module<'_>> {
    let graph = &analysis.graph;
    let mut cycle_of = BTreeMap::new();
    for (number, cycle) in graph.module_cycles.iter().enumerate() {
        cycle_of.extend(cycle.iter().map(|module| (module.index(), number)));
    }
    let list = graph.modules.iter().enumerate();
    list.map(|(index, module)| {
        let metrics = graph.module_metrics.get(index).copied().unwrap_or_default();
        wire::Module {
            id: &module.id,
            name: &module.name,
            path: &module.path,
            files: module.files,
            lines: module.lines,
            fan_in: metrics.fan_in,
            fan_out: metrics.fan_out,
            instability: round(metrics.instability),
            cycle: cycle_of.get(&index).copied(),
        }
    })
    .collect()
}

fn finding<'a>(analysis: &'a Analysis, finding: &'a Finding) -> wire::Finding<'a> {
    wire::Finding {
        id: &finding.id,
        kind: finding.kind.0,
        rule: &finding.rule,
        principle: finding.principle,
        severity: finding.severity.as_str(),
        confidence: finding.confidence.as_str(),
        doubt: &finding.doubt,
        path: analysis.path(finding.file),
        line: finding.span.line,
        end_line: finding.span.end_line,
        column: finding.span.column,
        scope: finding.scope.as_str(),
        tags: finding.tags.iter().map(|tag| tag.as_str()).collect(),
        message: one_line(&finding.message),
        snippet: one_line(&finding.snippet),
        subject: one_line(&finding.subject),
        parts: finding.parts.iter().map(|(name, value)| (name.as_str(), one_line(value))).collect(),
        baseline: None,
        inventory: finding.is_inventory(),
        module: module_name(analysis, finding.file),
    }
}

fn tables(analysis: &Analysis) -> Vec<wire::Table<'_>> {
    let paths = |list: &[(FileId, u32)]| {
        let mut paths: Vec<&str> = list.iter().map(|(file, _)| analysis.path(*file)).collect();
        paths.dedup();
        paths
    };
    let list = analysis.graph.tables.iter();
    list.map(|table| wire::Table { table: &table.name, readers: paths(&table.readers), writers: paths(&table.writers) })
        .collect()
}

fn principles(analysis: &Analysis) -> Vec<wire::Principle<'_>> {
    let list = analysis.scorecard.verdicts.iter();
    list.map(|verdict| wire::Principle {
        id: verdict.id,
        title: verdict.title,
        title_de: verdict.title_de,
        status: verdict.status.as_str(),
        findings: verdict.findings.len(),
        reasons: verdict.reasons.iter().map(|said| said.en.as_str()).collect(),
        reasons_de: verdict.reasons.iter().map(|said| said.de.as_str()).collect(),
        evidence: &verdict.evidence,
    })
    .collect()
}

fn readiness(analysis: &Analysis) -> wire::Readiness<'_> {
    let readiness = &analysis.scorecard.readiness;
    let areas = readiness.areas.iter();
    wire::Readiness {
        total: readiness.total.map(round),
        unknown: round(readiness.unknown),
        formula: &readiness.formula.en,
        formula_de: &readiness.formula.de,
        areas: areas
            .map(|area| wire::ReadinessArea {
                principle: area.principle,
                name: area.name,
                reached: round(area.reached),
                possible: round(area.possible),
                name_de: area.name_de,
                text: &area.text.en,
                text_de: &area.text.de,
            })
            .collect(),
    }
}

fn candidates(analysis: &Analysis) -> Vec<wire::Candidate<'_>> {
    let list = analysis.candidates.iter();
    list.map(|candidate| {
        let metrics = &candidate.metrics;
        wire::Candidate {
            id: &candidate.id,
            name: &candidate.name,
            terms: candidate.terms.iter().map(|term| term.as_str()).collect(),
            files: candidate.files.iter().map(|file| analysis.path(*file)).collect(),
            lines: candidate.lines,
            score: round(candidate.score.total),
            rank: candidate.rank,
            metrics: wire::CandidateMetrics {
                cohesion: round(metrics.cohesion),
                incoming: metrics.incoming,
                outgoing: metrics.outgoing,
                to_shared: metrics.to_shared,
                in_cycle: metrics.in_cycle,
                changes_alone: metrics.changes_alone.map(round),
                entry_points: metrics.entry_points,
                commits: metrics.commits,
            },
            score_terms: candidate
                .score
                .terms
                .iter()
                .map(|term| wire::ScoreTerm {
                    id: term.id,
                    text: &term.text.en,
                    text_de: &term.text.de,
                    points: round(term.points),
                })
                .collect(),
            seams: candidate
                .seams
                .iter()
                .map(|seam| wire::Seam {
                    from: analysis.path(seam.from),
                    to: analysis.path(seam.to),
                    line: seam.line,
                    kind: ref_kind(seam.kind),
                    incoming: seam.incoming,
                    to_shared: seam.to_shared,
                })
                .collect(),
            shared_tables: candidate.shared_tables.iter().map(|table| table.as_str()).collect(),
            own_tables: candidate.own_tables.iter().map(|table| table.as_str()).collect(),
            blockers: ids(analysis, &candidate.blockers),
            explanation: explanation::of(analysis, candidate),
        }
    })
    .collect()
}

/// Days as they are written: three decimals.
fn days(days: f64) -> f64 {
    (days * 1000.0).round() / 1000.0
}

fn plan(analysis: &Analysis) -> Vec<wire::Phase<'_>> {
    let phases = analysis.plan.phases.iter();
    phases
        .map(|phase| wire::Phase {
            phase: phase.id,
            title: &phase.title,
            days_left: days(plan::days_left(phase.items.iter())),
            items: phase
                .items
                .iter()
                .map(|item| wire::Item {
                    id: &item.id,
                    title: one_line(&item.title),
                    principle: item.principle,
                    effort: item.effort.as_str(),
                    effort_rule: &item.effort_rule,
                    days: days(item.days),
                    risk: item.risk.as_str(),
                    risk_why: &item.risk_why,
                    back: &item.back,
                    status: item.status.as_str(),
                    state: item.state().as_str(),
                    owner: &item.owner,
                    note: &item.note,
                    evidence: ids(analysis, &item.findings),
                    places: item
                        .places
                        .iter()
                        .map(|(place, what)| wire::Place { place: one_line(place), what: one_line(what) })
                        .collect(),
                    needs: item.needs.iter().map(|id| id.as_str()).collect(),
                    unlocks: item.unlocks.iter().map(|id| id.as_str()).collect(),
                    check: one_line(&item.check),
                    check_by_scan: item.by_scan,
                })
                .collect(),
        })
        .collect()
}

/// Ids of findings given by index.
fn ids<'a>(analysis: &'a Analysis, indices: &[u32]) -> Vec<&'a str> {
    indices.iter().filter_map(|index| analysis.findings.get(*index as usize)).map(|found| found.id.as_str()).collect()
}
