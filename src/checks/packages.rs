//! What is declared and what is not: languages without a manifest, third-party code that was copied in.

use std::collections::{BTreeMap, BTreeSet};

use super::Repository;
use super::deployables::folder;
use crate::facts::{FileId, Scope, SourceFile};
use crate::rules::Finding;

/// Source files of a language from which on it needs a manifest: fewer are scripts beside something else.
const NEEDS_MANIFEST: usize = 5;
/// Names of files that a finding lists.
const NAMES: usize = 3;

/// `missing-manifest`: languages of the application for which nothing declares dependencies.
pub fn manifests(repository: &Repository) -> Vec<Finding> {
    let ecosystem = |language: &str| match language {
        "typescript" => "javascript".to_owned(),
        other => other.to_owned(),
    };
    let declared: BTreeSet<&str> = repository
        .findings
        .iter()
        .filter(|found| found.kind.0 == "package" && found.tagged("manifest"))
        .map(|found| found.part("ecosystem"))
        .collect();
    let mut files: BTreeMap<String, (usize, FileId)> = BTreeMap::new();
    for (index, file) in (0u32..).zip(repository.files) {
        if let (Scope::Main, true, Some(language)) = (file.scope, file.is_code, file.language) {
            let entry = files.entry(ecosystem(language.0)).or_insert((0, FileId(index)));
            entry.0 += 1;
        }
    }
    // Scripts that pages load are no program of their own.
    let only_pages = files.len() > 1;
    files
        .into_iter()
        .filter(|(language, (count, _))| {
            *count >= NEEDS_MANIFEST
                && !declared.contains(language.as_str())
                && !(language == "javascript" && only_pages)
        })
        .map(|(language, (count, first))| {
            let subject = format!("{count} {language} files");
            repository.finding("missing-manifest", "language", first, 1, &subject)
        })
        .collect()
}

/// `vendored-code`: one finding per folder of binaries, and one per folder of copied sources.
pub fn vendored(repository: &Repository) -> Vec<Finding> {
    let mut binaries: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for clue in repository.clues("binary") {
        binaries.entry(folder(repository.path(clue.file))).or_default().push(clue);
    }
    let mut found = Vec::new();
    for list in binaries.into_values() {
        let names: Vec<&str> = list.iter().take(NAMES).map(|clue| clue.subject.as_str()).collect();
        let more = list.len().saturating_sub(NAMES);
        let mut subject = names.join(", ");
        if more > 0 {
            subject.push_str(&format!(" and {more} more"));
        }
        let mut finding = repository.finding("vendored-code", "binary", list[0].file, 1, &subject);
        finding.tags.push("binary".into());
        found.push(finding);
    }
    let mut sources: BTreeMap<&str, (FileId, usize)> = BTreeMap::new();
    for (index, file) in (0u32..).zip(repository.files) {
        if file.scope == Scope::Vendored && file.is_code && is_copied(file) {
            let entry = sources.entry(top(&file.path)).or_insert((FileId(index), 0));
            entry.1 += 1;
        }
    }
    for (folder, (first, count)) in sources {
        let subject = format!("{folder} ({count} source file{})", if count == 1 { "" } else { "s" });
        let mut finding = repository.finding("vendored-code", "sources", first, 1, &subject);
        finding.tags.push("sources".into());
        found.push(finding);
    }
    found
}

/// Copied, and not generated or a test: in a folder named for it, or a script, which nobody generates into a repository.
fn is_copied(file: &SourceFile) -> bool {
    let mut parts = file.path.split('/');
    let script = file.language.is_some_and(|language| language.0 == "javascript");
    let test = file.path.split('/').any(|part| matches!(part, "test" | "tests" | "spec" | "e2e" | "cypress"));
    !test && (script || parts.any(|part| NAMED.contains(&part)))
}

/// Folders that are named for what others wrote.
const NAMED: [&str; 12] = [
    "vendor",
    "vendors",
    "node_modules",
    "bower_components",
    "third_party",
    "thirdparty",
    "third-party",
    "external",
    "3rdparty",
    "lib",
    "libs",
    "libraries",
];

/// A folder named for what was published: `codemirror-5.17.0`.
fn is_release(name: &str) -> bool {
    name.rsplit_once('-').is_some_and(|(_, version)| {
        version.contains('.') && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}

/// The folder that copied sources are told by: down to the first that is named for it, else that of the file.
fn top(path: &str) -> &str {
    let mut at = 0;
    for part in folder(path).split('/') {
        at += part.len();
        if NAMED.contains(&part) || is_release(part) {
            return &path[..at];
        }
        at += 1;
    }
    let folder = folder(path);
    if folder.is_empty() { "." } else { folder }
}
