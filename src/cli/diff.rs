//! `breakbulk diff`: two scans compared, for gates and merge requests.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use super::args::{DiffCommand, DiffFormatName, LimitName};
use super::{Outcome, output, scan};
use crate::report::baseline::{Comparison, Snapshot};
use crate::report::diff::{Format, render};

/// Compares the JSON of two scans.
pub fn run(command: &DiffCommand) -> Outcome {
    scan::refuse_output_inside_git(command.output.as_deref())?;
    let comparison = Comparison::of(read(&command.old)?, read(&command.new)?);
    let format = match command.format {
        DiffFormatName::Text => Format::Text,
        DiffFormatName::Json => Format::Json,
        DiffFormatName::Markdown => Format::Markdown,
    };
    output::deliver(&render(&comparison, format)?, command.output.as_deref())?;
    let at_least: &[&str] = match command.fail_on {
        None => &[],
        Some(LimitName::New | LimitName::Low) => &["low", "medium", "high"],
        Some(LimitName::Medium) => &["medium", "high"],
        Some(LimitName::High) => &["high"],
    };
    let failed = comparison.added().any(|row| at_least.contains(&row.severity.as_str()));
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Reads the JSON of an earlier scan.
///
/// # Errors
/// One line when the file cannot be read or is no such JSON.
pub fn read(path: &Path) -> Result<Snapshot, String> {
    let fail = |error: String| format!("the baseline {} {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| fail(format!("cannot be read: {error}")))?;
    Snapshot::parse(&text).map_err(fail)
}
