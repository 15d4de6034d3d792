//! `breakbulk [PATH]`: the terminal program, or the text summary where standard output is no terminal.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::args::{ScanArguments, ScreenArguments, ThemeName};
use super::rules::Rules;
use super::{Outcome, output, plan, progress, scan};
use crate::analysis::{self, Repository};
use crate::report::{self, Format, Lang};
use crate::tui;

/// Opens the terminal program on a folder.
pub fn open(path: &Path, arguments: &ScanArguments, screen: &ScreenArguments) -> Outcome {
    if !io::stdout().is_terminal() {
        let analysis = scan::analyse(path, arguments, &progress::Bar::new())?;
        output::deliver(&report::render(&analysis, Format::Text, Lang::En)?, None)?;
        return Ok(ExitCode::SUCCESS);
    }
    let (folder, options, rules) = scan::open(path, arguments)?;
    show(Arc::new(folder), options, rules, screen, Some(path.to_path_buf()))
}

/// Runs the terminal program on a repository; `root` is where the plan is kept, if anywhere.
pub fn show(
    source: Arc<dyn Repository>,
    options: analysis::Options,
    rules: Rules,
    screen: &ScreenArguments,
    root: Option<PathBuf>,
) -> Outcome {
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        return Err(
            "the terminal program needs a terminal; use `breakbulk scan` or `breakbulk demo --format text`".into()
        );
    }
    let scanned = Arc::clone(&source);
    let plan_root = root.clone();
    let starter: tui::Starter = Box::new(move |observer| {
        // The built-in rules are compiled here, after the first frame was drawn.
        let analysis = match rules.get() {
            Ok(set) => {
                let mut analysis = analysis::scan(scanned.as_ref(), set, &options, observer.as_ref());
                rules.tell(&mut analysis);
                if let Some(root) = &plan_root
                    && let Err(message) = plan::merge_saved(&mut analysis, root)
                {
                    analysis.history.notes.push(message);
                }
                analysis
            }
            Err(message) => {
                let mut analysis = analysis::Analysis { name: scanned.name(), ..analysis::Analysis::default() };
                analysis.history.notes.push(message);
                analysis
            }
        };
        Arc::new(analysis)
    });
    let save_root = root.clone();
    let options = tui::Options {
        theme: match screen.theme {
            ThemeName::Auto => tui::Choice::Auto,
            ThemeName::Light => tui::Choice::Light,
            ThemeName::Dark => tui::Choice::Dark,
            ThemeName::Mono => tui::Choice::Mono,
        },
        ascii: screen.ascii,
        mouse: !screen.no_mouse,
        save_plan: Arc::new(move |changed| match &save_root {
            Some(root) => plan::save(root, changed),
            None => Ok("the demo keeps no plan".into()),
        }),
        render_report: Arc::new(|analysis, format, lang| {
            let lang = if lang == "de" { Lang::De } else { Lang::En };
            let format = Format::parse(format).unwrap_or(Format::Markdown);
            report::render(analysis, format, lang).unwrap_or_else(|error| error)
        }),
        write_file: Arc::new(scan::write_file),
        root,
    };
    tui::run(source, starter, options).map_err(|error| format!("{error:#}"))?;
    Ok(ExitCode::SUCCESS)
}
