//! Analysis to text: one file per format.
//!
//! Nothing here computes a figure that the analysis does not hold, and nothing is written to a file.

pub mod annotations;
pub mod baseline;
mod context;
mod deciders;
pub mod diff;
pub mod divisions;
mod explanation;
pub mod html;
pub mod json;
pub mod markdown;
mod matrix;
pub mod mermaid;
pub mod parts;
pub mod picture;
pub mod plain;
pub mod sarif;
mod shared;
pub mod tasks;
pub mod wire;

use std::io;

use crate::analysis::Analysis;
use baseline::Comparison;

pub use crate::text::Lang;

/// The formats that a scan can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A summary to read in a terminal.
    Text,
    /// The published JSON, see [`wire`].
    Json,
    /// SARIF 2.1.0 for code scanning.
    Sarif,
    /// The report for planning.
    Markdown,
    /// The same as one page for a browser, see [`html`].
    Html,
    /// Workflow commands of GitHub, see [`annotations`].
    Github,
    /// A Code Quality report of GitLab, see [`annotations`].
    Gitlab,
}

impl Format {
    /// All formats with the names used on the command line.
    pub const ALL: [(&'static str, Format); 7] = [
        ("text", Format::Text),
        ("json", Format::Json),
        ("sarif", Format::Sarif),
        ("markdown", Format::Markdown),
        ("html", Format::Html),
        ("github", Format::Github),
        ("gitlab", Format::Gitlab),
    ];

    /// The format of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Format> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }
}

/// Writes the analysis in a format, without holding the whole text where the format permits it.
///
/// # Errors
/// What the writer says, or a faulty template.
pub fn write(
    analysis: &Analysis,
    format: Format,
    lang: Lang,
    comparison: Option<&Comparison>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    match format {
        Format::Json => json::write(analysis, comparison, out),
        _ => out.write_all(compared(analysis, format, lang, comparison).map_err(io::Error::other)?.as_bytes()),
    }
}

/// The analysis in a format, as one text.
///
/// # Errors
/// When a template is faulty (cannot happen with the built-in ones: a test renders them all).
pub fn render(analysis: &Analysis, format: Format, lang: Lang) -> Result<String, String> {
    compared(analysis, format, lang, None)
}

/// Writes the analysis in a format, with what is new and fixed since a baseline.
///
/// # Errors
/// See [`render`].
pub fn compared(
    analysis: &Analysis,
    format: Format,
    lang: Lang,
    comparison: Option<&Comparison>,
) -> Result<String, String> {
    let since =
        |text: fn(&Comparison) -> String| comparison.map_or_else(String::new, |found| format!("\n{}", text(found)));
    match format {
        Format::Text => {
            Ok(plain::render(analysis) + &since(|found| format!("Since the baseline: {}", diff::text(found))))
        }
        Format::Json => {
            let mut out = Vec::new();
            json::write(analysis, comparison, &mut out).map_err(|error| error.to_string())?;
            String::from_utf8(out).map_err(|error| error.to_string())
        }
        Format::Sarif => sarif::render(analysis, comparison),
        Format::Markdown => Ok(markdown::render(analysis, lang, None)? + &since(diff::markdown)),
        Format::Html => html::render(analysis, lang, None, comparison.map(diff::text)),
        Format::Github => Ok(annotations::github(analysis, comparison)),
        Format::Gitlab => annotations::gitlab(analysis),
    }
}
