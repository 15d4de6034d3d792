//! Small views of an analysis that several formats need, so that they cannot disagree.

use crate::analysis::Analysis;
use crate::facts::{FileId, RefKind, Scope};
use crate::rules::{Confidence, Finding};
use crate::text::sanitize;

/// Longest snippet in characters.
const SNIPPET: usize = 200;

/// Findings that count: problems of scope main, not low in confidence; in order.
pub fn counted(analysis: &Analysis) -> impl Iterator<Item = &Finding> {
    analysis.findings.iter().filter(|finding| counts(finding))
}

/// True for problems of scope main that are not low in confidence.
pub fn counts(finding: &Finding) -> bool {
    is_sure(finding) && !finding.is_inventory()
}

/// Facts that are no problem: scope main, not low in confidence; in order.
pub fn inventory(analysis: &Analysis) -> impl Iterator<Item = &Finding> {
    analysis.findings.iter().filter(|finding| is_sure(finding) && finding.is_inventory())
}

fn is_sure(finding: &Finding) -> bool {
    finding.scope == Scope::Main && finding.confidence > Confidence::Low
}

/// One line of at most 200 characters, control characters visible.
pub fn one_line(text: &str) -> String {
    let line = sanitize(text.trim());
    match line.char_indices().nth(SNIPPET) {
        Some(_) => line.chars().take(SNIPPET - 1).chain(std::iter::once('…')).collect(),
        None => line.into_owned(),
    }
}

/// Name of the module of a file.
pub fn module_name(analysis: &Analysis, file: FileId) -> Option<&str> {
    let module = analysis.graph.module_of.get(file.index())?;
    analysis.graph.modules.get(module.index()).map(|module| module.name.as_str())
}

/// `path:line`, made harmless.
pub fn place(analysis: &Analysis, file: FileId, line: u32) -> String {
    format!("{}:{line}", sanitize(analysis.path(file)))
}

/// The name of a kind of use in JSON and in reports.
pub fn ref_kind(kind: RefKind) -> &'static str {
    match kind {
        RefKind::Inherit => "inherit",
        RefKind::Create => "create",
        RefKind::Call => "call",
        RefKind::Type => "type",
        RefKind::Annotation => "annotation",
        RefKind::Name => "name",
        RefKind::Loader => "loader",
    }
}

/// Rounds to three decimals, so that figures are short and the same everywhere.
pub fn round(value: f32) -> f32 {
    (value * 1000.0).round() / 1000.0
}

/// A count with its noun: `1 file`, `4 files`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// A number with thin groups of three: `1 204`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{one_line, thousands};

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(1204), "1 204");
        assert_eq!(thousands(1_204_000), "1 204 000");
    }

    #[test]
    fn a_long_line_is_cut_at_200_characters() {
        let cut = one_line(&"ä".repeat(300));
        assert_eq!(cut.chars().count(), 200);
        assert!(cut.ends_with('…'));
    }
}
