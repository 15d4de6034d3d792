//! `breakbulk graph`: the coupling as a picture or as data for graph programs.

use std::process::ExitCode;

use super::args::{GraphCommand, LevelName, PictureName, ScanArguments};
use super::scan::analyse;
use super::{Outcome, output, progress};
use crate::report::picture::{self, Level, PictureFormat};

/// Scans and writes the picture.
pub fn run(command: &GraphCommand, arguments: &ScanArguments) -> Outcome {
    let analysis = analyse(&command.path, arguments, &progress::Bar::new())?;
    let format = match command.format {
        PictureName::Dot => PictureFormat::Dot,
        PictureName::Mermaid => PictureFormat::Mermaid,
        PictureName::Graphml => PictureFormat::GraphMl,
        PictureName::Json => PictureFormat::Json,
        PictureName::Svg => PictureFormat::Svg,
    };
    let level = match command.level {
        LevelName::Module => Level::Module,
        LevelName::File => Level::File,
        LevelName::Candidate => Level::Candidate,
    };
    let most = match command.nodes {
        Some(0) => None,
        Some(most) => Some(most),
        None => format.readable(),
    };
    let drawn = picture::draw(&analysis, level, command.around.as_deref(), most)?;
    let drawn = match command.edges {
        None if format.readable().is_some() => drawn.strongest(None),
        None | Some(0) => drawn,
        most => drawn.strongest(most),
    };
    output::deliver(&picture::render(&drawn, format)?, command.output.as_deref())?;
    Ok(ExitCode::SUCCESS)
}
