//! The readiness figure: one number for how far the code is from what a container needs, with its areas.

use super::{Area, Readiness, Verdict};
use crate::analysis::Analysis;
use crate::facts::Scope;
use crate::rules::Severity;

/// Points possible per area: state on disk costs most to change, log files least.
const AREAS: [(&str, &str, f32, &str); 3] = [
    ("A4", "State on disk", 40.0, "file write"),
    ("A5", "Fixed addresses", 35.0, "fixed address"),
    ("A7", "Log files", 25.0, "log file"),
];

/// Each area reaches `possible / (1 + 10 * w / files)`, `w` being the weighted findings (high 1, medium 0.5, low 0.25) and
/// `files` the source files of scope main, at least 20: a finding in every tenth file halves the area.
#[must_use]
pub fn readiness(analysis: &Analysis, verdicts: &[Verdict]) -> Readiness {
    let formula = "Sum over the areas of possible / (1 + 10 * weighted findings / source files), \
                   findings weighing 1 (high), 0.5 (medium), 0.25 (low); at least 20 files."
        .to_owned();
    let files = analysis.files.iter().filter(|file| file.scope == Scope::Main && file.is_code).count();
    if files == 0 {
        return Readiness { total: None, areas: Vec::new(), formula };
    }
    let mut areas = Vec::new();
    for (principle, name, possible, noun) in AREAS {
        let none: &[u32] = &[];
        let found = verdicts.iter().find(|verdict| verdict.id == principle).map_or(none, |verdict| &verdict.findings);
        let of = |index: &u32| &analysis.findings[*index as usize];
        let weight: f32 = found.iter().map(|index| weight(of(index).severity)).sum();
        let temporary = found.iter().filter(|index| of(index).tags.iter().any(|tag| tag == "temp")).count();
        let mut text = match (found.len(), noun.ends_with('s')) {
            (1, _) => format!("1 {noun}"),
            (many, true) => format!("{many} {noun}es"),
            (many, false) => format!("{many} {noun}s"),
        };
        if temporary > 0 {
            text.push_str(&format!(", {temporary} of them temporary"));
        }
        let reached = possible / (1.0 + 10.0 * weight / files.max(20) as f32);
        areas.push(Area { principle, name, reached, possible, text });
    }
    let total = areas.iter().map(|area| area.reached).sum::<f32>().clamp(0.0, 100.0);
    Readiness { total: Some(total), areas, formula }
}

fn weight(severity: Severity) -> f32 {
    match severity {
        Severity::Info => 0.0,
        Severity::Low => 0.25,
        Severity::Medium => 0.5,
        Severity::High => 1.0,
    }
}
