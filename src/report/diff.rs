//! What is new, fixed and unchanged between two scans, as text, JSON and Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::baseline::{Comparison, Row};
use super::markdown::{code, escape};
use super::shared::{count, one_line};
use super::wire;

/// Findings listed per part; the rest is counted.
const LISTED: usize = 50;

/// The formats of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Lines to read.
    Text,
    /// One object.
    Json,
    /// For a merge request.
    Markdown,
}

/// The comparison in a format.
///
/// # Errors
/// Never in practice: the value holds nothing that JSON cannot.
pub fn render(comparison: &Comparison, format: Format) -> Result<String, String> {
    match format {
        Format::Text => Ok(text(comparison)),
        Format::Json => {
            let mut out = serde_json::to_string_pretty(&value(comparison)).map_err(|error| error.to_string())?;
            out.push('\n');
            Ok(out)
        }
        Format::Markdown => Ok(markdown(comparison)),
    }
}

/// Counts in one line: `2 new, 1 fixed, 40 unchanged`.
#[must_use]
pub fn summary(comparison: &Comparison) -> String {
    let mut out = format!(
        "{} new, {} fixed, {} unchanged",
        comparison.added().count(),
        comparison.fixed().count(),
        comparison.unchanged().count()
    );
    for (number, what) in [(comparison.set_aside().count(), "set aside"), (comparison.renamed.len(), "renamed")] {
        if number > 0 && what == "renamed" {
            let _ = write!(out, ", {} renamed", count(number, "file", "files"));
        } else if number > 0 {
            let _ = write!(out, ", {number} {what}");
        }
    }
    out
}

/// The comparison as lines; what is unchanged is counted only.
#[must_use]
pub fn text(comparison: &Comparison) -> String {
    let mut out = format!("{}\n", summary(comparison));
    let parts: [(&str, Vec<&Row>); 2] =
        [("new", comparison.added().collect()), ("fixed", comparison.fixed().collect())];
    for (title, rows) in parts.iter().filter(|(_, rows)| !rows.is_empty()) {
        let _ = writeln!(out, "\n{title}");
        for row in rows.iter().take(LISTED) {
            let (place, message) = (one_line(&row.place()), one_line(&row.message));
            let _ = writeln!(out, "  {place} {} {}: {message}", one_line(&row.severity), one_line(&row.kind));
        }
        if rows.len() > LISTED {
            let _ = writeln!(out, "  … and {} more (all of them in the JSON)", rows.len() - LISTED);
        }
    }
    out
}

/// The comparison for a merge request.
#[must_use]
pub fn markdown(comparison: &Comparison) -> String {
    let mut out = format!("## Since the baseline\n\n{}.\n", escape(&summary(comparison)));
    let parts: [(&str, Vec<&Row>); 2] =
        [("New", comparison.added().collect()), ("Fixed", comparison.fixed().collect())];
    for (title, rows) in parts.iter().filter(|(_, rows)| !rows.is_empty()) {
        let _ = writeln!(out, "\n### {title} ({})\n", rows.len());
        for row in rows.iter().take(LISTED) {
            let place = code(&row.place());
            let _ =
                writeln!(out, "- {place} {} ({}): {}", escape(&row.kind), escape(&row.severity), escape(&row.message));
        }
        if rows.len() > LISTED {
            let _ = writeln!(out, "- and {} more in the JSON", rows.len() - LISTED);
        }
    }
    out
}

fn value(comparison: &Comparison) -> Value {
    let by = |rows: &mut dyn Iterator<Item = &Row>, field: fn(&Row) -> &str| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        rows.for_each(|row| *counts.entry(field(row).to_owned()).or_default() += 1);
        counts
    };
    let kinds = |rows: &mut dyn Iterator<Item = &Row>| by(rows, |row| &row.kind);
    let severities = |rows: &mut dyn Iterator<Item = &Row>| by(rows, |row| &row.severity);
    let side = |snapshot: &super::baseline::Snapshot| json!({ "name": snapshot.name, "commit": snapshot.commit });
    json!({
        "schema_version": wire::SCHEMA_VERSION,
        "tool": { "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") },
        "old": side(&comparison.old),
        "new_scan": side(&comparison.new),
        "summary": {
            "new": comparison.added().count(),
            "fixed": comparison.fixed().count(),
            "unchanged": comparison.unchanged().count(),
            "set_aside": comparison.set_aside().count(),
            "new_by_kind": kinds(&mut comparison.added()),
            "new_by_severity": severities(&mut comparison.added()),
            "fixed_by_kind": kinds(&mut comparison.fixed()),
        },
        "renamed": comparison.renamed.iter().map(|(from, to)| json!({ "from": from, "to": to })).collect::<Vec<_>>(),
        "new": comparison.added().map(row).collect::<Vec<_>>(),
        "fixed": comparison.fixed().map(row).collect::<Vec<_>>(),
        "unchanged": comparison.unchanged().map(|(now, was)| {
            let mut value = row(now);
            if (&now.path, now.line) != (&was.path, was.line) {
                value["was"] = json!({ "id": was.id, "path": was.path, "line": was.line });
            }
            value
        }).collect::<Vec<_>>(),
        "set_aside": comparison.set_aside().map(row).collect::<Vec<_>>(),
    })
}

/// A finding with the names of the scan's JSON.
pub(super) fn row(row: &Row) -> Value {
    json!({
        "id": row.id, "kind": row.kind, "rule": row.rule, "severity": row.severity, "confidence": row.confidence,
        "path": row.path, "line": row.line, "message": one_line(&row.message),
    })
}
