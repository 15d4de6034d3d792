//! `breakbulk [PATH]`: the terminal program, or the text summary where standard output is no terminal.

use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use super::args::{ScanArguments, ScreenArguments, ThemeName};
use super::rules::Rules;
use super::{Outcome, demo, output, plan, progress, scan, split};
use crate::analysis::{self, Repository};
use crate::config::{self, Settings, user};
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
    let source: Arc<dyn Repository> = Arc::new(folder);
    // Settings and rules are read again for each scan: a person may have changed them meanwhile.
    let (again, arguments) = (path.to_path_buf(), arguments.clone());
    let first = Mutex::new(Some((options, rules)));
    let settings: Asked = Arc::new(move || match first.lock().ok().and_then(|mut first| first.take()) {
        Some(ready) => Ok(ready),
        None => scan::open(&again, &arguments).map(|(_, options, rules)| (options, rules)),
    });
    let root = path.to_path_buf();
    let settings_root = root.clone();
    let plan = Arc::new(plan::PlanFile::new(path));
    let (read_root, save_root, plan_root, kept) = (root.clone(), root.clone(), root.clone(), Arc::clone(&plan));
    let memory = user::memory(path);
    let recalled = memory.clone();
    let project = tui::Project {
        start: starter(Arc::clone(&source), settings, Some(Arc::clone(&plan))),
        source,
        save_plan: Arc::new(move |changed| plan.save(changed)),
        suppress: Arc::new(move |id, path, reason, aside| config::suppress(&settings_root, path, id, reason, aside)),
        alternatives: Arc::new(move || split::alternatives(&read_root)),
        save_alternative: Arc::new(move |name, text, overwrite| split::save(&save_root, name, text, overwrite)),
        replan: Arc::new(move |analysis| {
            analysis.plan = crate::plan::build(analysis, &scan::effort(&Settings::read(&plan_root)?)?);
            kept.merge(analysis)
        }),
        root: Some(root),
        path: path.display().to_string(),
        recall: Arc::new(move |name| user::recall(recalled.as_deref()?, name)),
        remember: Arc::new(move |name, text| {
            // Where nothing can be remembered the program works as well.
            let _ = memory.as_deref().map(|memory| user::remember(memory, name, text));
        }),
    };
    show(project, screen, None)
}

/// How a scan is to run, asked for at its start.
pub type Asked = Arc<dyn Fn() -> Result<(analysis::Options, Rules), String> + Send + Sync>;

/// What runs a scan of a repository; `kept` is where the plan is kept, if anywhere.
pub fn starter(source: Arc<dyn Repository>, settings: Asked, kept: Option<Arc<plan::PlanFile>>) -> tui::Starter {
    Arc::new(move |observer| {
        // The built-in rules are compiled here, after the first frame was drawn.
        let scanned = settings().and_then(|(options, rules)| {
            let mut analysis = analysis::scan(source.as_ref(), rules.get()?, &options, observer.as_ref());
            rules.tell(&mut analysis);
            if let Some(kept) = &kept
                && let Err(message) = kept.merge(&mut analysis)
            {
                analysis.history.notes.push(message);
            }
            Ok(analysis)
        });
        let analysis = scanned.unwrap_or_else(|message| {
            let mut analysis = analysis::Analysis { name: source.name(), ..analysis::Analysis::default() };
            analysis.history.notes.push(message);
            analysis
        });
        Arc::new(analysis)
    })
}

/// Runs the terminal program on a project; `tour` begins the guided tour, in German if true.
pub fn show(project: tui::Project, screen: &ScreenArguments, tour: Option<bool>) -> Outcome {
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        return Err(
            "the terminal program needs a terminal; use `breakbulk scan` or `breakbulk demo --format text`".into()
        );
    }
    let options = tui::Options {
        theme: match screen.theme {
            ThemeName::Auto => tui::Choice::Auto,
            ThemeName::Light => tui::Choice::Light,
            ThemeName::Dark => tui::Choice::Dark,
            ThemeName::Mono => tui::Choice::Mono,
        },
        ascii: screen.ascii,
        mouse: !screen.no_mouse,
        keys: user::read_keys()?,
        crash: user::crash_file(),
        render_report: Arc::new(|analysis, format, lang| {
            let lang = if lang == "de" { Lang::De } else { Lang::En };
            let format = Format::parse(format).unwrap_or(Format::Markdown);
            report::render(analysis, format, lang).unwrap_or_else(|error| error)
        }),
        write_file: Arc::new(scan::write_file),
        sample: demo::project(analysis::Options::default()),
        tour,
    };
    tui::run(project, &options).map_err(|error| format!("{error:#}"))?;
    Ok(ExitCode::SUCCESS)
}
