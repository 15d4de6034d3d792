//! Measures precision and recall on real repositories: what the program finds against labels made by reading.
//!
//! `cargo run --release --example accuracy -- CHECKOUTS [--language L] [--kind K] [--markdown]`, where CHECKOUTS is a folder
//! with one checkout per repository, named by the last part of the repository's name. The labels are in `tests/accuracy/`;
//! docs/accuracy.md says how they are made and how they are counted.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod score;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use breakbulk::analysis::{self, Analysis, Options, Silent};
use breakbulk::facts::{FileId, Scope, SourceFile};
use breakbulk::rules::{Confidence, Finding, RuleSet, redact};
use breakbulk::text;
use breakbulk::walk::{self, Folder};
use clap::Parser;

use score::{KINDS, Labels, Outcome, Seen, Tally, Wrong};

/// Prints precision, recall and F1 per kind and language, with misses and false alarms.
#[derive(Parser)]
struct Arguments {
    /// Folder with one checkout per repository, each named by the last part of the repository's name
    checkouts: PathBuf,
    /// Only files of this language (java, php, …, configuration)
    #[arg(long)]
    language: Option<String>,
    /// Only this kind (file-write, hardcoded-endpoint, log-path)
    #[arg(long)]
    kind: Option<String>,
    /// Print the tables in Markdown, without the lists
    #[arg(long)]
    markdown: bool,
    /// Folder of the labels
    #[arg(long, default_value = "tests/accuracy")]
    labels: PathBuf,
}

fn main() -> Result<(), String> {
    let arguments = Arguments::parse();
    let labels = read_labels(&arguments.labels)?;
    let mut rows = Tally::default();
    let mut repositories = Vec::new();
    for (name, labels) in &labels {
        let root = arguments.checkouts.join(labels.folder());
        if !root.is_dir() {
            eprintln!("{name}: no checkout at {}; left out", root.display());
            continue;
        }
        let scanned = scan(&root)?;
        let head = scanned.history.commit.as_deref().unwrap_or_default();
        if !same_commit(head, &labels.commit) {
            eprintln!("{name}: labelled at {}, the checkout is at {}: lines may be off", labels.commit, or_none(head));
        }
        let outcomes = judge(name, labels, &scanned, &root, &arguments);
        let mut own = Tally::default();
        for outcome in &outcomes {
            rows.add(outcome);
            own.add(outcome);
        }
        repositories.push((labels, own));
    }
    if arguments.markdown {
        print!("{}", score::markdown(&rows, &repositories));
    } else {
        print!("{}", score::plain(&rows));
    }
    Ok(())
}

/// All labels below a folder by file name, in the order of the names.
fn read_labels(folder: &Path) -> Result<BTreeMap<String, Labels>, String> {
    let fault = |error: std::io::Error| format!("{} cannot be read: {error}", folder.display());
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        if path.extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let content = fs::read_to_string(&path).map_err(|error| format!("{name} cannot be read: {error}"))?;
        let labels = Labels::read(&content)
            .map_err(|(span, message)| format!("{}: {}", path.display(), text::fault(&content, span, &message)))?;
        found.insert(name, labels);
    }
    if found.is_empty() {
        return Err(format!("{} holds no labels", folder.display()));
    }
    Ok(found)
}

fn scan(root: &Path) -> Result<Analysis, String> {
    let mut folder = Folder::open(root)?;
    folder.max_commits = 0;
    let rules = RuleSet::built_in().map_err(|error| error.to_string())?;
    Ok(analysis::scan(&folder, rules, &Options::default(), &Silent))
}

/// True when one is the other or its beginning: labels may abbreviate.
fn same_commit(head: &str, labelled: &str) -> bool {
    let labelled = labelled.trim_end_matches('.');
    !labelled.is_empty() && (head.starts_with(labelled) || (!head.is_empty() && labelled.starts_with(head)))
}

fn or_none(head: &str) -> &str {
    if head.is_empty() { "no commit" } else { head }
}

/// Judges the labelled files of one repository and prints what went wrong.
fn judge(name: &str, labels: &Labels, scanned: &Analysis, root: &Path, arguments: &Arguments) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for file in &labels.file {
        let place = scanned.files.binary_search_by(|known| known.path.as_str().cmp(&file.path));
        let Ok(index) = place else {
            eprintln!("{name}: {} is not in the checkout, or is left out of the scan", file.path);
            continue;
        };
        let source = &scanned.files[index];
        let language = row(source);
        if arguments.language.as_deref().is_some_and(|wanted| wanted != language) {
            continue;
        }
        let id = FileId(u32::try_from(index).unwrap_or(u32::MAX));
        let findings: Vec<Seen> = scanned.findings.iter().filter(|found| found.file == id).map(seen).collect();
        let lines = lines(root, source);
        for kind in KINDS {
            if arguments.kind.as_deref().is_some_and(|wanted| wanted != kind) {
                continue;
            }
            let outcome = score::judge(file, kind, language, &findings);
            if !arguments.markdown {
                for wrong in &outcome.wrong {
                    print_wrong(labels.folder(), &file.path, kind, wrong, &lines);
                }
            }
            outcomes.push(outcome);
        }
    }
    outcomes
}

fn seen(finding: &Finding) -> Seen {
    Seen {
        kind: finding.kind.0,
        line: finding.span.line,
        end_line: finding.span.end_line,
        low: finding.confidence == Confidence::Low,
        main: finding.scope == Scope::Main,
        rule: finding.rule.to_string(),
        doubt: if finding.scope == Scope::Main { finding.doubt.clone() } else { finding.scope.as_str().to_owned() },
    }
}

/// The row of the table that a file belongs to: its programming language, or `configuration`.
fn row(file: &SourceFile) -> &'static str {
    match file.language {
        Some(language) if file.is_code => language.0,
        _ => "configuration",
    }
}

fn lines(root: &Path, file: &SourceFile) -> Vec<String> {
    // A file that cannot be read has no findings either; its labels are misses, shown without their source.
    let bytes = fs::read(root.join(file.path.as_str())).unwrap_or_default();
    walk::decode(&bytes).lines().map(|line| line.trim().chars().take(160).collect()).collect()
}

fn print_wrong(repository: &str, path: &str, kind: &str, wrong: &Wrong, lines: &[String]) {
    let (line, what, note) = match wrong {
        Wrong::Miss { line, note } => (*line, "miss       ", note),
        Wrong::FalseAlarm { line, rule } => (*line, "false alarm", rule),
    };
    let snippet = (line as usize).checked_sub(1).and_then(|index| lines.get(index)).map_or("", String::as_str);
    println!("{what} {kind} {repository}/{path}:{line}  [{note}]");
    println!("            {}", text::sanitize(&redact(snippet)));
}
