//! SARIF 2.1.0 for code scanning: findings of every scope, low confidence as notes, suppressions kept.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::shared::one_line;
use crate::analysis::Analysis;
use crate::rules::{Confidence, Finding, Severity};

/// Where the schema of the format lives; an identifier, never fetched.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The findings as SARIF.
///
/// # Errors
/// Never in practice: the value holds nothing that JSON cannot.
pub fn render(analysis: &Analysis) -> Result<String, String> {
    let mut rules: BTreeMap<&str, &Finding> = BTreeMap::new();
    let suppressed = analysis.suppressed.iter().map(|item| &item.finding);
    for finding in analysis.findings.iter().chain(suppressed) {
        rules.entry(finding.rule.as_str()).or_insert(finding);
    }
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(number, rule)| (*rule, number)).collect();
    let mut results: Vec<Value> = analysis.findings.iter().map(|item| result(analysis, item, &index)).collect();
    for item in &analysis.suppressed {
        let mut value = result(analysis, &item.finding, &index);
        // A comment stands beside what it sets aside, an entry of the settings elsewhere.
        let kind = if item.by.starts_with(".breakbulk/") { "external" } else { "inSource" };
        value["suppressions"] = json!([{ "kind": kind, "justification": one_line(&item.reason) }]);
        results.push(value);
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
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(|finding| rule(finding)).collect::<Vec<_>>(),
            }},
            "invocations": [{ "executionSuccessful": true, "toolConfigurationNotifications": unused }],
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    });
    let mut out = serde_json::to_string_pretty(&document).map_err(|error| error.to_string())?;
    out.push('\n');
    Ok(out)
}

fn rule(finding: &Finding) -> Value {
    json!({
        "id": finding.rule.as_str(),
        "shortDescription": { "text": format!("{} ({})", finding.kind.0, finding.principle) },
        "properties": { "tags": [finding.kind.0, finding.principle] },
    })
}

fn result(analysis: &Analysis, finding: &Finding, index: &BTreeMap<&str, usize>) -> Value {
    let level = match (finding.confidence, finding.severity) {
        (_, Severity::Info) => "none",
        (Confidence::Low, _) | (_, Severity::Low) => "note",
        (_, Severity::Medium) => "warning",
        (_, Severity::High) => "error",
    };
    json!({
        "ruleId": finding.rule.as_str(),
        "ruleIndex": index.get(finding.rule.as_str()),
        "level": level,
        "kind": if finding.is_inventory() { "informational" } else { "fail" },
        "message": { "text": one_line(&finding.message) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(analysis.path(finding.file)), "uriBaseId": "%SRCROOT%" },
            "region": { "startLine": finding.span.line.max(1), "endLine": finding.span.end_line.max(1) },
        }}],
        "partialFingerprints": { "breakbulk/v1": finding.id.as_str() },
        "properties": {
            "scope": finding.scope.as_str(),
            "confidence": finding.confidence.as_str(),
            "kind": finding.kind.0,
        },
    })
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
