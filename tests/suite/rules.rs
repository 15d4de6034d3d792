//! Runs every `tests/fixtures/**/*.md`: code blocks say beside each line what is found there, and nothing else may be.
//!
//! A block starts with ```` ```java path=src/A.java ````. A line that is found ends in a comment `finds: file-write, log-path`
//! (`//`, `#`, `--`, `;`, `<!-- -->`, whatever the language has). Where the format has no comments, the info string lists them:
//! `finds=3:hardcoded-endpoint,7:log-path`. Findings of low confidence are announced as `low:file-write`.
//!
//! Checked are the kinds of [`ALWAYS`], every kind that the file announces somewhere, and those of a line
//! `<!-- kinds: entry-point, clue -->`. So a fixture about one thing need not say what else its lines are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use breakbulk::facts::{DefinitionKind, FileFacts, FileId, Language, Scope, SourceFile};
use breakbulk::rules::{Around, Confidence, Finding, RuleSet, evaluate};
use breakbulk::syntax;

/// Kinds that are checked in every fixture.
const ALWAYS: [&str; 3] = ["file-write", "hardcoded-endpoint", "log-path"];

pub struct Block {
    line: usize,
    pub language: String,
    pub path: String,
    finds: String,
    /// Commits that changed it, in fixtures that have a history.
    pub commits: u32,
    pub text: String,
}

/// The code blocks with a path.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut out = Vec::new();
    let mut open: Option<Block> = None;
    for (at, line) in markdown.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) if info.contains("path=") => {
                let mut words = info.split_whitespace();
                let language = words.next().unwrap_or_default().to_owned();
                let value = |key: &str| {
                    info.split_whitespace().find_map(|word| word.strip_prefix(key)).unwrap_or_default().to_owned()
                };
                open = Some(Block {
                    line: at + 2,
                    language,
                    path: value("path="),
                    finds: value("finds="),
                    commits: value("commits=").parse().unwrap_or(0),
                    text: String::new(),
                });
            }
            (Some(_), Some("")) => out.extend(open.take()),
            (Some(block), _) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, _) => {}
        }
    }
    out
}

/// Line and kind of everything that the block announces.
pub fn announced(block: &Block) -> Vec<(u32, String)> {
    let mut out = Vec::new();
    for (at, line) in block.text.lines().enumerate() {
        let Some((_, rest)) = line.split_once("finds:") else { continue };
        let rest = ["-->", "*/", "--}}", "--%>", "%>"].iter().fold(rest, |rest, end| rest.trim_end_matches(end));
        out.extend(rest.split(',').map(|kind| (at as u32 + 1, kind.trim().to_owned())));
    }
    for item in block.finds.split(',').filter(|item| !item.is_empty()) {
        let (line, kind) = item.split_once(':').unwrap();
        out.push((line.parse().unwrap(), kind.to_owned()));
    }
    out.sort();
    out
}

/// The kinds of lines `<!-- kinds: entry-point, clue -->`.
pub fn listed_kinds(markdown: &str) -> BTreeSet<String> {
    let lists = markdown.lines().filter_map(|line| line.strip_prefix("<!-- kinds:"));
    lists.flat_map(|line| line.trim_end_matches("-->").split(',')).map(|kind| kind.trim().to_owned()).collect()
}

/// The kinds that are checked in a fixture.
pub fn checked_kinds(markdown: &str, blocks: &[Block]) -> BTreeSet<String> {
    let mut kinds: BTreeSet<String> = ALWAYS.iter().map(ToString::to_string).collect();
    kinds.extend(blocks.iter().flat_map(announced).map(|(_, kind)| kind.trim_start_matches("low:").to_owned()));
    kinds.extend(listed_kinds(markdown));
    kinds
}

/// What the program knows of a block and finds in it; `None` where the language is none.
pub fn judged(block: &Block) -> Option<(Language, FileFacts, Vec<Finding>)> {
    let rules = RuleSet::built_in().unwrap();
    let info = syntax::languages().iter().find(|info| info.id == block.language)?;
    let language = Language(info.id);
    let source = SourceFile {
        path: block.path.as_str().into(),
        language: Some(language),
        is_code: info.is_code,
        scope: Scope::Main,
        bytes: block.text.len() as u64,
        lines: block.text.lines().count() as u32,
    };
    let facts = syntax::extract(language, &block.path, &block.text, &rules.interest(language));
    // The block is the whole repository: what it defines is its own.
    let types = facts.definitions.iter().filter(|definition| definition.kind == DefinitionKind::Class);
    let own: BTreeSet<String> = types.map(|class| format!("{}.{}", facts.namespace, class.name)).collect();
    let around = Around { own_types: &|name| own.contains(name), dialled: &[] };
    let findings = evaluate(rules, FileId(0), &source, &facts, &block.text, &around);
    Some((language, facts, findings))
}

fn check(file: &Path, failures: &mut Vec<String>) -> usize {
    let markdown = fs::read_to_string(file).unwrap();
    let blocks = blocks(&markdown);
    let kinds = checked_kinds(&markdown, &blocks);
    for block in &blocks {
        let Some((_, _, findings)) = judged(block) else {
            failures.push(format!("{}:{}: no language `{}`", file.display(), block.line, block.language));
            continue;
        };
        let mut found: Vec<(u32, String)> = findings
            .iter()
            .filter(|finding| kinds.contains(finding.kind.0))
            .map(|finding| {
                let low = if finding.confidence == Confidence::Low { "low:" } else { "" };
                (finding.span.line, format!("{low}{}", finding.kind.0))
            })
            .collect();
        found.sort();
        let wanted = announced(block);
        if found != wanted {
            let mut by_line: BTreeMap<u32, (Vec<&str>, Vec<&str>)> = BTreeMap::new();
            wanted.iter().for_each(|(line, kind)| by_line.entry(*line).or_default().0.push(kind));
            found.iter().for_each(|(line, kind)| by_line.entry(*line).or_default().1.push(kind));
            for (line, (wanted, found)) in by_line.iter().filter(|(_, (wanted, found))| wanted != found) {
                let text = block.text.lines().nth(*line as usize - 1).unwrap_or_default().trim();
                let place = format!("{}:{}", file.display(), block.line + *line as usize - 1);
                failures.push(format!("{place}: announced {wanted:?}, found {found:?} in `{text}`"));
            }
        }
    }
    blocks.len()
}

/// All Markdown files below a folder.
pub fn markdown_files(folder: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            markdown_files(&path, out);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            out.push(path);
        }
    }
}

#[test]
fn every_fixture_finds_what_it_announces_and_nothing_else() {
    let mut files = Vec::new();
    markdown_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"), &mut files);
    // Repositories of several files, which `checks.rs` runs.
    files.retain(|file| !file.iter().any(|part| part == "checks"));
    files.sort();
    let mut failures = Vec::new();
    let checked: usize = files.iter().map(|file| check(file, &mut failures)).sum();
    assert!(failures.is_empty(), "{} of {checked} blocks:\n{}", failures.len(), failures.join("\n"));
}
