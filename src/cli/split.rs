//! `breakbulk split`: saved divisions listed and compared with the program's own.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use super::args::{ScanArguments, SplitAction, SplitCommand, TableFormat};
use super::{Outcome, output, progress, scan};
use crate::analysis::Analysis;
use crate::config::{self, ALTERNATIVES};
use crate::report::divisions;
use crate::split::compare::Column;
use crate::split::partition::Partition;
use crate::split::whatif::WhatIf;
use crate::tui::app::Alternatives;

/// Lists or compares.
pub fn run(command: &SplitCommand, arguments: &ScanArguments) -> Outcome {
    let (chosen, format, target) = match &command.action {
        SplitAction::List { format } => (alternatives(&command.path)?, *format, None),
        SplitAction::Compare { names, format, output } => {
            scan::refuse_output_inside_git(output.as_deref())?;
            let named = names.iter().map(|name| Ok((name.clone(), Ok(read(&command.path, name)?))));
            (named.collect::<Result<Alternatives, String>>()?, *format, output.as_deref())
        }
    };
    let analysis = scan::analyse(&command.path, arguments, &progress::Bar::new())?;
    let mut columns = vec![Column::of("proposal", &WhatIf::new(&analysis.split_inputs(), &analysis.candidates))];
    for (name, partition) in chosen {
        match partition {
            Ok(partition) => columns.push(column(&analysis, &name, &partition)?),
            // One that cannot be read does not hide the others.
            Err(why) => output::complain(&format!("{name}: {why}")),
        }
    }
    let text = match format {
        TableFormat::Text => divisions::text(&columns),
        TableFormat::Json => divisions::json(&columns)?,
    };
    output::deliver(&text, target)?;
    Ok(ExitCode::SUCCESS)
}

fn column(analysis: &Analysis, name: &str, partition: &Partition) -> Result<Column, String> {
    let inputs = analysis.split_inputs();
    let division = partition.divide(&analysis.files, &inputs.members())?;
    let unmatched = division.unmatched.len();
    Ok(Column { unmatched, ..Column::of(name, &WhatIf::of_division(&inputs, &division)) })
}

/// An alternative by its name, or by the path of a file.
fn read(root: &Path, name: &str) -> Result<Partition, String> {
    let known = config::list_alternatives(root)?;
    let text = if known.iter().any(|known| known == name) {
        config::read_alternative(root, name)?
    } else if Path::new(name).is_file() {
        fs::read_to_string(name).map_err(|error| format!("{name} cannot be read: {error}"))?
    } else {
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        return Err(format!("there is no alternative {name} in {ALTERNATIVES} and no such file; there are: {known}"));
    };
    Partition::parse(&text).map_err(|why| format!("{name}: {why}"))
}

/// All saved alternatives, sorted by name; one that cannot be read says why.
///
/// # Errors
/// One line when the folder is there and cannot be listed.
pub fn alternatives(root: &Path) -> Result<Alternatives, String> {
    let read = |name: String| {
        let partition = config::read_alternative(root, &name).and_then(|text| Partition::parse(&text));
        (name, partition)
    };
    Ok(config::list_alternatives(root)?.into_iter().map(read).collect())
}

/// Saves an alternative and says where; nothing where there is one of this name that is not to be replaced.
///
/// # Errors
/// One line when the name is not allowed or it cannot be written.
pub fn save(root: &Path, name: &str, text: &str, overwrite: bool) -> Result<Option<String>, String> {
    if !overwrite && config::list_alternatives(root)?.iter().any(|known| known == name) {
        return Ok(None);
    }
    config::write_alternative(root, name, text)?;
    Ok(Some(format!("saved in {ALTERNATIVES}/{name}.toml")))
}
