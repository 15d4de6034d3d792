//! Analysis to text: one file per format.
//!
//! Nothing here computes a figure that the analysis does not hold, and nothing is written to a file.

mod explanation;
pub mod json;
pub mod markdown;
pub mod mermaid;
pub mod parts;
pub mod picture;
pub mod plain;
pub mod sarif;
mod shared;
pub mod tasks;
pub mod wire;

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
}

impl Format {
    /// All formats with the names used on the command line.
    pub const ALL: [(&'static str, Format); 4] =
        [("text", Format::Text), ("json", Format::Json), ("sarif", Format::Sarif), ("markdown", Format::Markdown)];

    /// The format of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Format> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }
}

/// Writes the analysis in a format.
///
/// # Errors
/// When a template is faulty (cannot happen with the built-in ones: a test renders them all).
pub fn render(analysis: &crate::analysis::Analysis, format: Format, lang: Lang) -> Result<String, String> {
    match format {
        Format::Text => Ok(plain::render(analysis)),
        Format::Json => json::render(analysis),
        Format::Sarif => sarif::render(analysis),
        Format::Markdown => markdown::render(analysis, lang, None),
    }
}
