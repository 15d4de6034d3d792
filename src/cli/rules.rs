//! `breakbulk rules`: lists the rules that apply, checks rule files, tries one, and prints the schema for editors.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::RulesAction;
use super::{Outcome, output};
use crate::analysis::{Analysis, Repository as _};
use crate::config;
use crate::facts::{FileId, SourceFile};
use crate::rules::{self, Confidence, RuleSet};
use crate::text::sanitize;
use crate::walk::{self, Folder};
use crate::{assets, syntax};

/// Near misses shown by `try`.
const NEAR: usize = 40;

/// The rules of a scan: the built-in ones, which are compiled when first asked for, or those with own files on top.
pub enum Rules {
    /// Nobody wrote own rules.
    BuiltIn,
    /// Built in and own.
    Own(Box<RuleSet>),
}

impl Rules {
    /// Reads the user's own rules and those of the repository at `root`.
    ///
    /// # Errors
    /// File, line and what to write instead, when one of them is no rule file.
    pub fn read(root: Option<&Path>) -> Result<Rules, String> {
        let files = config::read_rules(root)?;
        if files.is_empty() {
            return Ok(Rules::BuiltIn);
        }
        RuleSet::with_own(&files).map(|set| Rules::Own(Box::new(set))).map_err(|error| error.to_string())
    }

    /// The rules.
    ///
    /// # Errors
    /// One line, when a built-in rule file is broken, which the tests rule out.
    pub fn get(&self) -> Result<&RuleSet, String> {
        match self {
            Rules::BuiltIn => RuleSet::built_in().map_err(|error| error.to_string()),
            Rules::Own(set) => Ok(set),
        }
    }

    /// Says in the result which built-in rules somebody switched off.
    pub fn tell(&self, analysis: &mut Analysis) {
        let Rules::Own(set) = self else { return };
        let off: Vec<String> = set.rules().filter(|rule| rule.off).map(|rule| rule.id.to_string()).collect();
        if !off.is_empty() {
            analysis.history.notes.push(format!("Rules switched off by own rule files: {}.", off.join(", ")));
        }
    }
}

/// Runs one of the commands.
pub fn run(action: &RulesAction) -> Outcome {
    match action {
        RulesAction::List { path, kind } => list(path, kind.as_deref()),
        RulesAction::Check { files } => check(files),
        RulesAction::Try { file, path } => attempt(file, path),
        RulesAction::Schema => {
            let text = assets::get("schema/rule.json").ok_or("the schema is missing from this build")?;
            output::print_bytes(text.as_bytes())
        }
    }
}

fn list(path: &Path, kind: Option<&str>) -> Outcome {
    if !path.is_dir() {
        return Err(format!("{} is no folder", path.display()));
    }
    if let Some(kind) = kind.filter(|kind| rules::kinds::find(kind).is_none()) {
        let known: Vec<&str> = rules::kinds::all().iter().map(|info| info.kind.0).collect();
        return Err(format!("no kind is called {kind}; there are {}", known.join(", ")));
    }
    let rules = Rules::read(Some(path))?;
    let mut out = String::new();
    for rule in rules.get()?.rules().filter(|rule| kind.is_none_or(|kind| rule.kind.0 == kind)) {
        let languages = if rule.languages.is_empty() { "settings".to_owned() } else { rule.languages.join(",") };
        let off = if rule.off { "  (off)" } else { "" };
        let severity = rule.severity.as_str();
        let _ = writeln!(out, "{:52} {:20} {severity:7} {languages}{off}", sanitize(&rule.id), rule.kind.0);
    }
    output::print_bytes(out.as_bytes())
}

fn check(files: &[PathBuf]) -> Outcome {
    let named = |path: &PathBuf| -> Result<(String, String), String> {
        let shown = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
        Ok((shown, text))
    };
    let files = if files.is_empty() {
        config::read_rules(Some(Path::new(".")))?
    } else {
        files.iter().map(named).collect::<Result<_, _>>()?
    };
    if files.is_empty() {
        return Err("there are no rule files in .breakbulk/rules or ~/.config/breakbulk/rules; name one".to_owned());
    }
    let mut out = String::new();
    let mut broken = Vec::new();
    for file in &files {
        match RuleSet::with_own(std::slice::from_ref(file)) {
            Ok(set) => {
                let own = set.rules().filter(|rule| rule.id.starts_with("own/")).count();
                let _ = writeln!(out, "{}: fine, {own} rules", sanitize(&file.0));
            }
            Err(error) => broken.push(error.to_string()),
        }
    }
    // Ids that collide show only when all are read together.
    if broken.is_empty() {
        RuleSet::with_own(&files).map_err(|error| error.to_string())?;
    }
    output::print_bytes(out.as_bytes())?;
    for message in &broken {
        output::complain(message);
    }
    Ok(if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

/// Runs the rules of one file alone.
fn attempt(file: &Path, path: &Path) -> Outcome {
    let shown = file.display().to_string();
    let text = fs::read_to_string(file).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    let set = RuleSet::only((shown, text)).map_err(|error| error.to_string())?;
    let (folder, files) = sources(path)?;
    let (mut out, mut near, mut count) = (String::new(), Vec::new(), 0_usize);
    for source in &files {
        let (Some(language), Ok(bytes)) = (source.language, folder.read(source)) else { continue };
        let text = walk::decode(&bytes);
        let facts = syntax::extract(language, &source.path, &text, &set.interest(language));
        let found = rules::evaluate(&set, FileId(0), source, &facts, &text, &rules::Around::default());
        let found: Vec<_> = found.into_iter().filter(|finding| finding.rule.starts_with("own/")).collect();
        for finding in &found {
            let place = format!("{}:{}", sanitize(&source.path), finding.span.line);
            let low = if finding.confidence == Confidence::Low {
                format!(" (low confidence: {})", sanitize(&finding.doubt))
            } else {
                String::new()
            };
            let _ = writeln!(out, "{place}  {} {}{low}", sanitize(&finding.rule), sanitize(&finding.message));
            let _ = writeln!(out, "    {}", sanitize(&finding.snippet));
        }
        count += found.len();
        for miss in rules::near_misses(&set, source.language, &facts) {
            if !found.iter().any(|finding| finding.rule == miss.rule && finding.span.line == miss.line) {
                near.push((source.path.clone(), miss));
            }
        }
    }
    let _ = writeln!(out, "{count} found in {} files", files.len());
    if !near.is_empty() {
        let _ = writeln!(out, "\nLooked at and not reported:");
    }
    for (path, miss) in near.iter().take(NEAR) {
        let _ = writeln!(out, "{}:{}  {}: {}", sanitize(path), miss.line, sanitize(&miss.rule), sanitize(&miss.why));
    }
    if near.len() > NEAR {
        let _ = writeln!(out, "… and {} more", near.len() - NEAR);
    }
    output::print_bytes(out.as_bytes())
}

/// The files of a folder, or the one file.
fn sources(path: &Path) -> Result<(Folder, Vec<SourceFile>), String> {
    if path.is_dir() {
        let folder = Folder::open(path)?;
        let (files, _) = folder.files(&|| false);
        return Ok((folder, files));
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().ok_or_else(|| format!("{} is no file", path.display()))?.to_string_lossy();
    let meta = fs::metadata(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    // The path as it was given decides the language, as far as its folders do.
    let (language, is_code, scope) = walk::classify(&path.to_string_lossy().replace('\\', "/"));
    let source = SourceFile { path: name.as_ref().into(), language, is_code, scope, bytes: meta.len(), lines: 0 };
    Ok((Folder::open(parent)?, vec![source]))
}
