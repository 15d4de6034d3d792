//! The readiness figure: one number for what the findings leave of what a container needs, with what it is made of.

use super::data::{Figures, Unit, figures};
use super::{Area, Readiness, Status, Verdict, all, places};
use crate::analysis::Analysis;
use crate::facts::Scope;
use crate::rules::Severity;
use crate::text::{Said, count, say};

/// The figure. With the weights `p` of the principles that have a subject in the repository, brought to a sum of 100, it is
/// the sum of `p` where a principle holds or is unknown and of `p / (1 + w / u)` where it is violated: `w` the weighted
/// findings, `u` the units they are measured against. Fewer findings never lower it, and as unknown principles lose
/// nothing, it is an upper bound; [`Readiness::unknown`] says how much of it nothing speaks for.
#[must_use]
pub fn readiness(analysis: &Analysis, verdicts: &[Verdict]) -> Readiness {
    let figures = figures();
    let files = analysis.files.iter().filter(|file| file.scope == Scope::Main && file.is_code).count();
    let definitions = places::definitions(analysis);
    let has_subject =
        |verdict: &Verdict| verdict.status != Status::NoEvidence || subject(verdict.id, files, definitions);
    let considered: Vec<_> = all().iter().zip(verdicts).filter(|(_, verdict)| has_subject(verdict)).collect();
    let whole: f32 = considered.iter().map(|(principle, _)| principle.weight).sum();
    let (mut areas, mut unknown) = (Vec::new(), 0.0);
    for (principle, verdict) in considered.into_iter().filter(|(principle, _)| principle.weight > 0.0) {
        let possible = 100.0 * principle.weight / whole;
        let weight: f32 =
            verdict.findings.iter().map(|index| weight(figures, analysis.findings[*index as usize].severity)).sum();
        let units = match principle.unit {
            Unit::Files => (files as f32 / figures.files_per_unit).max(figures.least_units),
            Unit::Definitions => definitions.max(1) as f32,
            Unit::Once => 1.0,
        };
        let (reached, text) = match verdict.status {
            Status::NoEvidence => {
                unknown += possible;
                continue;
            }
            Status::Holds => (possible, say("readiness.holds")),
            Status::Violated => {
                let found = count(verdict.findings.len(), "finding");
                let text = say("readiness.area").with("findings", &found).with("weight", &Said::figure(weight));
                (possible / (1.0 + weight / units), text)
            }
        };
        areas.push(Area {
            principle: verdict.id,
            name: &principle.name,
            name_de: &principle.name_de,
            reached,
            possible,
            text,
        });
    }
    let formula = say("readiness.formula")
        .with("high", &Said::figure(figures.high))
        .with("medium", &Said::figure(figures.medium))
        .with("low", &Said::figure(figures.low))
        .with("files_per_unit", &Said::figure(figures.files_per_unit))
        .with("least_units", &Said::figure(figures.least_units))
        .put("unknown", format!("{unknown:.0}"));
    let reached: f32 = areas.iter().map(|area| area.reached).sum();
    let total = (!areas.is_empty()).then(|| (reached + unknown).clamp(0.0, 100.0));
    Readiness { total, areas, unknown, formula }
}

/// True where the repository has what the principle is about.
fn subject(id: &str, files: usize, definitions: usize) -> bool {
    if id.starts_with('A') { files > 0 } else { definitions > 0 }
}

fn weight(figures: &Figures, severity: Severity) -> f32 {
    match severity {
        Severity::Info => 0.0,
        Severity::Low => figures.low,
        Severity::Medium => figures.medium,
        Severity::High => figures.high,
    }
}
