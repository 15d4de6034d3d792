//! SARIF 2.1.0 for code scanning: findings of every scope, low confidence as notes, suppressions kept.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::baseline::{Comparison, Row, content};
use super::markdown::escape;
use super::shared::one_line;
use crate::analysis::Analysis;
use crate::rules::{Confidence, Finding, Severity, kinds};

/// Where the schema of the format lives; an identifier, never fetched.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The findings as SARIF; with a comparison, what is new, unchanged and gone since a baseline.
///
/// # Errors
/// Never in practice: the value holds nothing that JSON cannot.
pub fn render(analysis: &Analysis, comparison: Option<&Comparison>) -> Result<String, String> {
    let mut rules: BTreeMap<&str, &str> = BTreeMap::new();
    let suppressed = analysis.suppressed.iter().map(|item| &item.finding);
    for finding in analysis.findings.iter().chain(suppressed) {
        rules.entry(finding.rule.as_str()).or_insert(finding.kind.0);
    }
    let gone: Vec<&Row> = comparison.map_or_else(Vec::new, |comparison| comparison.fixed().collect());
    for row in &gone {
        rules.entry(row.rule.as_str()).or_insert(row.kind.as_str());
    }
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(number, rule)| (*rule, number)).collect();
    let mut results: Vec<Value> = analysis.findings.iter().map(|item| result(analysis, item, &index)).collect();
    for item in &analysis.suppressed {
        let mut value = result(analysis, &item.finding, &index);
        // A comment stands beside what it sets aside, an entry of the settings elsewhere.
        let kind = if item.by.starts_with(".breakbulk/") { "external" } else { "inSource" };
        value["suppressions"] =
            json!([{ "kind": kind, "status": "accepted", "justification": one_line(&item.reason) }]);
        results.push(value);
    }
    if let Some(comparison) = comparison {
        // Findings and what was set aside are the rows of the comparison, in this order.
        for (number, value) in results.iter_mut().enumerate() {
            value["baselineState"] = if comparison.is_new(number) { "new" } else { "unchanged" }.into();
        }
        results.extend(gone.iter().map(|row| absent(row, &index)));
    }
    let unused: Vec<Value> = analysis
        .unused_suppressions
        .iter()
        .map(|item| {
            let text = one_line(&format!("{}: the suppression is not used: {}", item.by, item.why));
            json!({ "level": "note", "message": { "text": text } })
        })
        .collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|(rule, kind)| descriptor(rule, kind)).collect::<Vec<_>>(),
            }},
            "invocations": [{ "executionSuccessful": analysis.complete, "toolConfigurationNotifications": unused }],
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "The folder that was scanned." } } },
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    });
    let mut out = serde_json::to_string_pretty(&document).map_err(|error| error.to_string())?;
    out.push('\n');
    Ok(out)
}

/// A rule with its help: why it matters and what to do.
fn descriptor(rule: &str, kind: &str) -> Value {
    let Some(info) = kinds::find(kind) else {
        return json!({ "id": rule, "shortDescription": { "text": kind }, "properties": { "tags": [kind] } });
    };
    let steps = crate::plan::advice(kind, crate::text::Lang::En);
    let numbered: Vec<String> = steps.iter().enumerate().map(|(n, step)| format!("{}. {step}", n + 1)).collect();
    let plain = [&[info.why.to_owned()], numbered.as_slice()].concat().join("\n");
    let mut help = format!("**{}** ({})\n\n{}\n", escape(info.title), info.principle, escape(info.why));
    if !steps.is_empty() {
        help.push_str("\nWhat to do:\n\n");
        for (number, step) in steps.iter().enumerate() {
            let _ = writeln!(help, "{}. {}", number + 1, escape(step));
        }
    }
    let _ = write!(help, "\nMore: `breakbulk explain {rule}`");
    json!({
        "id": rule,
        "name": kind,
        "shortDescription": { "text": info.title },
        "fullDescription": { "text": info.why },
        "help": { "text": plain, "markdown": help },
        "defaultConfiguration": { "level": level(info.severity) },
        "properties": { "tags": [kind, info.principle] },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "none",
        Severity::Low => "note",
        Severity::Medium => "warning",
        Severity::High => "error",
    }
}

fn result(analysis: &Analysis, finding: &Finding, index: &BTreeMap<&str, usize>) -> Value {
    let level = match (finding.confidence, finding.severity) {
        (Confidence::Low, severity) if severity > Severity::Info => "note",
        (_, severity) => level(severity),
    };
    let (line, path) = (finding.span.line.max(1), analysis.path(finding.file));
    let content = content(&finding.rule, path, &one_line(&finding.snippet), &one_line(&finding.subject));
    json!({
        "ruleId": finding.rule.as_str(),
        "ruleIndex": index.get(finding.rule.as_str()),
        "level": level,
        "kind": if finding.is_inventory() { "informational" } else { "fail" },
        "message": { "text": one_line(&finding.message) },
        "locations": [location(path, line, finding.span.end_line)],
        // The second one is the same after a renaming of the file, and of equal lines as well.
        "partialFingerprints": { "breakbulk/v1": finding.id.as_str(), "breakbulkContent/v1": format!("{content:016x}") },
        "properties": {
            "scope": finding.scope.as_str(),
            "confidence": finding.confidence.as_str(),
            "kind": finding.kind.0,
        },
    })
}

/// A finding of the baseline that is gone.
fn absent(row: &Row, index: &BTreeMap<&str, usize>) -> Value {
    let level = match row.severity.as_str() {
        "high" => "error",
        "medium" => "warning",
        _ => "note",
    };
    json!({
        "ruleId": row.rule,
        "ruleIndex": index.get(row.rule.as_str()),
        "level": level,
        "kind": "fail",
        "baselineState": "absent",
        "message": { "text": one_line(&row.message) },
        "locations": [location(&row.path, row.line.max(1), row.line)],
        "partialFingerprints": { "breakbulk/v1": row.id },
        "properties": { "scope": row.scope, "confidence": row.confidence, "kind": row.kind },
    })
}

fn location(path: &str, line: u32, end_line: u32) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(path), "uriBaseId": "%SRCROOT%" },
        "region": { "startLine": line, "endLine": end_line.max(line) },
    }})
}

/// A relative path as a URI reference: every byte outside the unreserved set is percent-encoded, slashes are kept.
fn uri(path: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_are_percent_encoded() {
        assert_eq!(uri("a b/ü%.java"), "a%20b/%C3%BC%25.java");
    }
}
