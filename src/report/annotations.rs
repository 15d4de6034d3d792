//! Findings where a platform shows them beside the changed lines: GitHub workflow commands, GitLab Code Quality.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::baseline::Comparison;
use super::shared::{counts, one_line};
use crate::analysis::Analysis;
use crate::rules::{Finding, Severity, kinds};

/// One workflow command per finding that counts, the most severe first: GitHub shows only the first ones of a step. With a
/// baseline, only what is new.
#[must_use]
pub fn github(analysis: &Analysis, comparison: Option<&Comparison>) -> String {
    let is_new = |index: usize| comparison.is_none_or(|comparison| comparison.is_new(index));
    let mut found: Vec<&Finding> = analysis
        .findings
        .iter()
        .enumerate()
        .filter(|(index, finding)| counts(finding) && is_new(*index))
        .map(|(_, finding)| finding)
        .collect();
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut out = String::new();
    for finding in found {
        let command = match finding.severity {
            Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low | Severity::Info => "notice",
        };
        let title = kinds::find(finding.kind.0).map_or(finding.kind.0, |info| info.title);
        let _ = writeln!(
            out,
            "::{command} file={},line={},endLine={},title={}::{}",
            property(analysis.path(finding.file)),
            finding.span.line.max(1),
            finding.span.end_line.max(finding.span.line).max(1),
            property(&format!("{title} ({})", finding.principle)),
            message(&one_line(&finding.message)),
        );
    }
    out
}

/// Text of a workflow command: nothing in it begins a command of its own.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value among the properties of a workflow command.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

/// A Code Quality report: a list of what counts. GitLab itself compares the lists of two branches, by fingerprint.
///
/// # Errors
/// Never in practice: the value holds nothing that JSON cannot.
pub fn gitlab(analysis: &Analysis) -> Result<String, String> {
    let entry = |finding: &Finding| -> Value {
        let severity = match finding.severity {
            Severity::High => "critical",
            Severity::Medium => "major",
            Severity::Low => "minor",
            Severity::Info => "info",
        };
        json!({
            "description": one_line(&finding.message),
            "check_name": finding.rule.as_str(),
            "fingerprint": finding.id.as_str(),
            "severity": severity,
            "location": {
                "path": analysis.path(finding.file),
                "lines": { "begin": finding.span.line.max(1), "end": finding.span.end_line.max(finding.span.line).max(1) },
            },
        })
    };
    let list: Vec<Value> = analysis.findings.iter().filter(|finding| counts(finding)).map(entry).collect();
    let mut out = serde_json::to_string_pretty(&list).map_err(|error| error.to_string())?;
    out.push('\n');
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::{message, property};

    #[test]
    fn foreign_text_is_no_command() {
        assert_eq!(message("a\n::error::b 100%"), "a%0A::error::b 100%25");
        assert_eq!(property("a,b:c\r"), "a%2Cb%3Ac%0D");
    }
}
