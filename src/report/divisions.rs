//! Divisions side by side, as text and as JSON.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::split::compare::{Column, Figure, PART, TOTALS, Unit, names};
use crate::split::whatif::COMMON;
use crate::text::{cut, pad, pad_start, sanitize, width};

/// A table: one column per division, one line per figure of the whole, then one per candidate with score and files.
#[must_use]
pub fn text(columns: &[Column]) -> String {
    let wide: Vec<usize> = columns.iter().map(|column| width(&cut(&sanitize(&column.name), 24)).max(10)).collect();
    let mut out = String::new();
    let mut line = |name: &str, cells: &mut dyn Iterator<Item = String>| {
        let cells: String = cells.zip(&wide).map(|(cell, wide)| format!("  {}", pad_start(&cell, *wide))).collect();
        let _ = writeln!(out, "{}", format!("{}{cells}", pad(name, 26)).trim_end());
    };
    line("", &mut columns.iter().map(|column| cut(&sanitize(&column.name), 24).into_owned()));
    for figure in TOTALS {
        line(figure.name, &mut columns.iter().map(|column| figure.unit.show((figure.of)(&column.totals))));
    }
    line("candidate: score, files", &mut std::iter::empty());
    for name in names(columns) {
        let cells = columns.iter().map(|column| match column.part(&name) {
            None => "–".to_owned(),
            Some(part) if part.part == COMMON => format!("–, {}", part.files),
            Some(part) => format!("{:.0}, {}", part.score.total, part.files),
        });
        line(&sanitize(&name), &mut cells.collect::<Vec<_>>().into_iter());
    }
    for column in columns.iter().filter(|column| column.unmatched > 0) {
        let (name, count) = (sanitize(&column.name), column.unmatched);
        let _ = writeln!(out, "{name}: {count} files that no pattern names stay common");
    }
    out
}

fn value<T>(figure: &Figure<T>, of: &T) -> Value {
    match ((figure.of)(of), figure.unit) {
        (None, _) => Value::Null,
        (Some(value), Unit::Flag) => json!(value > 0.0),
        #[allow(clippy::cast_possible_truncation)] // a count that came from a whole number
        (Some(value), Unit::Count) => json!(value as i64),
        // Three digits: what is behind them is noise, and differs between machines at the worst.
        (Some(value), Unit::Points | Unit::Share) => json!((f64::from(value) * 1000.0).round() / 1000.0),
    }
}

fn object<T>(figures: &[Figure<T>], of: &T) -> Map<String, Value> {
    figures.iter().map(|figure| (figure.id.to_owned(), value(figure, of))).collect()
}

/// `{schema_version, divisions: [{name, unmatched, figures, candidates: [{name, …}]}]}`, the proposal first.
///
/// # Errors
/// One line when it cannot be written (which no figure can cause).
pub fn json(columns: &[Column]) -> Result<String, String> {
    let division = |column: &Column| {
        let parts = column.parts.iter().map(|part| {
            let mut fields = object(PART, part);
            fields.insert("name".to_owned(), json!(part.name.as_str()));
            Value::Object(fields)
        });
        json!({
            "name": column.name,
            "unmatched": column.unmatched,
            "figures": object(TOTALS, &column.totals),
            "candidates": parts.collect::<Vec<_>>(),
        })
    };
    let all = json!({ "schema_version": 1, "divisions": columns.iter().map(division).collect::<Vec<_>>() });
    serde_json::to_string_pretty(&all).map(|text| text + "\n").map_err(|error| error.to_string())
}
