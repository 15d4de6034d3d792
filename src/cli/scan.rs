//! `breakbulk scan` and `breakbulk report`: one scan, one text, nothing interactive.

use std::path::Path;
use std::process::ExitCode;
use std::{fs, io};

use super::args::{FormatName, LangName, LimitName, ReportCommand, ReportName, ScanArguments, ScanCommand};
use super::rules::Rules;
use super::{Outcome, diff, output, plan, progress};
use crate::analysis::{self, Analysis, Observer};
use crate::config::{self, Settings};
use crate::facts::Scope;
use crate::report::baseline::{Comparison, Snapshot};
use crate::report::{self, Format, Lang};
use crate::rules::{Confidence, Severity, Suppression};
use crate::split::partition::Partition;
use crate::walk::Folder;

/// Scans and writes the result.
pub fn scan(command: &ScanCommand, arguments: &ScanArguments) -> Outcome {
    refuse_output_inside_git(command.output.as_deref())?;
    if command.fail_on == Some(LimitName::New) && command.baseline.is_none() {
        return Err("--fail-on new needs --baseline FILE, the JSON of an earlier scan".into());
    }
    let baseline = command.baseline.as_deref().map(diff::read).transpose()?;
    let analysis = analyse(&command.path, arguments, &progress::Bar::new())?;
    let comparison = baseline.map(|old| Comparison::of(old, Snapshot::of(&analysis)));
    let format = command.format.format();
    output::deliver_with(command.output.as_deref(), &|out| {
        report::write(&analysis, format, Lang::En, comparison.as_ref(), out)
    })?;
    let failed = match command.fail_on {
        None => false,
        Some(LimitName::New) => comparison.is_some_and(|comparison| comparison.added().next().is_some()),
        Some(LimitName::Low) => any_at_least(&analysis, Severity::Low),
        Some(LimitName::Medium) => any_at_least(&analysis, Severity::Medium),
        Some(LimitName::High) => any_at_least(&analysis, Severity::High),
    };
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// Scans and writes the report for planning.
pub fn report(command: &ReportCommand, arguments: &ScanArguments) -> Outcome {
    refuse_output_inside_git(command.output.as_deref())?;
    let template = match &command.template {
        Some(path) => {
            let text = fs::read_to_string(path)
                .map_err(|error| format!("the template {} cannot be read: {error}", path.display()))?;
            Some(text)
        }
        None => None,
    };
    let analysis = analyse(&command.path, arguments, &progress::Bar::new())?;
    let lang = match command.lang {
        LangName::En => Lang::En,
        LangName::De => Lang::De,
    };
    let text = match command.format {
        ReportName::Markdown => report::markdown::render(&analysis, lang, template.as_deref())?,
        ReportName::Html => report::html::render(&analysis, lang, template.as_deref(), None)?,
    };
    let known = report::parts::parts(&text);
    let is_known = |title: &&String| known.iter().any(|part| part.to_lowercase() == title.to_lowercase());
    if let Some(wrong) = command.without.iter().find(|title| !is_known(title)) {
        return Err(format!("the report has no part {wrong}; there are: {}", known.join(", ")));
    }
    let text = report::parts::without(&text, &command.without);
    output::deliver(&text, command.output.as_deref())?;
    Ok(ExitCode::SUCCESS)
}

/// Scans a folder, with the settings and the plan that it holds.
///
/// # Errors
/// One line when the folder, its settings or its plan cannot be read.
pub fn analyse(path: &Path, arguments: &ScanArguments, observer: &dyn Observer) -> Result<Analysis, String> {
    let (folder, options, rules) = open(path, arguments)?;
    let mut analysis = analysis::scan(&folder, rules.get()?, &options, observer);
    rules.tell(&mut analysis);
    plan::PlanFile::new(path).merge(&mut analysis)?;
    Ok(analysis)
}

/// Opens a folder for scanning and reads the settings and rules that apply to it.
///
/// # Errors
/// One line when the folder, its settings or its rules cannot be read.
pub fn open(path: &Path, arguments: &ScanArguments) -> Result<(Folder, analysis::Options, Rules), String> {
    let mut folder = Folder::open(path)?;
    folder.max_bytes = arguments.max_file_size;
    folder.max_commits = if arguments.no_history { 0 } else { arguments.commits };
    let settings = Settings::read(path)?;
    let suppressions = settings.suppress.iter().cloned();
    let suppressions = suppressions
        .map(|entry| Suppression { path: entry.path, what: entry.rule, reason: entry.reason, by: entry.by })
        .collect();
    let partition = match &arguments.partition {
        Some(path) => {
            let text = fs::read_to_string(path)
                .map_err(|error| format!("the partition {} cannot be read: {error}", path.display()))?;
            Some(Partition::parse(&text).map_err(|error| format!("the partition {}: {error}", path.display()))?)
        }
        None => None,
    };
    let effort = effort(&settings)?;
    let options = analysis::Options { threads: arguments.threads.map(usize::from), suppressions, partition, effort };
    Ok((folder, options, Rules::read(Some(path))?))
}

/// The weights of effort with what the settings change.
///
/// # Errors
/// One line when the settings are none of them.
pub(super) fn effort(settings: &Settings) -> Result<crate::plan::Weights, String> {
    let mut effort = crate::plan::Weights::default();
    effort.change(&settings.effort).map_err(|error| format!("{}: {error}", config::SETTINGS_FILE))?;
    Ok(effort)
}

/// True when the application's own code has a finding of this severity or above.
fn any_at_least(analysis: &Analysis, limit: Severity) -> bool {
    let counted = |confidence| confidence > Confidence::Low;
    let mut findings = analysis.findings.iter();
    findings.any(|found| found.scope == Scope::Main && counted(found.confidence) && found.severity >= limit)
}

/// A result written into a `.git` folder would damage the repository: no good reason exists for it.
pub(super) fn refuse_output_inside_git(output: Option<&Path>) -> Result<(), String> {
    match output {
        Some(path) if path.components().any(|part| part.as_os_str() == ".git") => {
            Err(format!("{} lies inside a .git folder; choose another file", path.display()))
        }
        _ => Ok(()),
    }
}

/// Writes a file that a person asked for in the terminal program.
///
/// # Errors
/// One line when it exists and `overwrite` is not given, or when it cannot be written.
pub fn write_file(path: &str, text: &str, overwrite: bool) -> Result<String, String> {
    let path = Path::new(path);
    refuse_output_inside_git(Some(path))?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create(overwrite).truncate(overwrite).create_new(!overwrite);
    let written = options.open(path).and_then(|mut file| io::Write::write_all(&mut file, text.as_bytes()));
    match written {
        Ok(()) => Ok(format!("written: {}", path.display())),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(format!("{} exists", path.display())),
        Err(error) => Err(format!("cannot write {}: {error}", path.display())),
    }
}

impl FormatName {
    /// The format of this name.
    pub fn format(self) -> Format {
        match self {
            FormatName::Text => Format::Text,
            FormatName::Json => Format::Json,
            FormatName::Sarif => Format::Sarif,
            FormatName::Markdown => Format::Markdown,
            FormatName::Html => Format::Html,
            FormatName::Github => Format::Github,
            FormatName::Gitlab => Format::Gitlab,
        }
    }
}
