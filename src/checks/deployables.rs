//! What is deployed on its own: folders with a manifest or an image definition that hold a way to start.

use std::collections::BTreeMap;

use super::Repository;
use crate::facts::{FileId, Scope};
use crate::rules::Finding;

/// A part of the repository that is built and started on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployable {
    /// Its folder; empty for the whole repository.
    pub folder: String,
    /// Where it is entered: the main program, or its first route.
    pub entry: Option<(FileId, u32)>,
}

/// The deployables, sorted by folder: the folders of manifests and image definitions below which there is a way into the
/// program that belongs to no deeper one; one for the whole repository where there are none of these.
#[must_use]
pub fn deployables(repository: &Repository) -> Vec<Deployable> {
    let mut folders: Vec<&str> = repository
        .findings
        .iter()
        .filter(|found| found.kind.0 == "package" && found.tagged("manifest") && found.scope == Scope::Main)
        .chain(repository.clues.iter().filter(|clue| clue.tagged("image")))
        .map(|found| folder(repository.path(found.file)))
        .collect();
    folders.push("");
    folders.sort_unstable();
    folders.dedup();
    let mut entries: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for entry in repository.of_kind("entry-point") {
        let path = repository.path(entry.file);
        let owner = folders.iter().rev().find(|folder| is_in(path, folder)).copied().unwrap_or("");
        entries.entry(owner).or_default().push(entry);
    }
    entries
        .into_iter()
        .map(|(folder, entries)| {
            let main = entries.iter().find(|entry| entry.tagged("main")).or(entries.first());
            Deployable { folder: folder.to_owned(), entry: main.map(|entry| (entry.file, entry.span.line)) }
        })
        .collect()
}

/// The folder of a path; empty at the root.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// True when the path lies in the folder or below it.
pub fn is_in(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
