//! `breakbulk [PATH]`: the text summary of a folder.

use std::path::Path;
use std::process::ExitCode;

use super::args::ScanArguments;
use super::{Outcome, output, progress, scan};
use crate::report::{self, Format, Lang};

/// Scans a folder and prints the summary.
pub fn open(path: &Path, arguments: &ScanArguments) -> Outcome {
    let analysis = scan::analyse(path, arguments, &progress::Bar::new())?;
    output::deliver(&report::render(&analysis, Format::Text, Lang::En)?, None)?;
    Ok(ExitCode::SUCCESS)
}
