//! What is deployed on its own: folders with a manifest or an image definition that hold a way to start.

use std::collections::{BTreeMap, BTreeSet};

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
    /// True when it answers requests or messages, or runs jobs: it does not end by itself.
    pub serves: bool,
}

/// The deployables, sorted by folder: folders with a manifest or an image definition that hold a main program or that
/// definition itself, without what belongs to a deeper one. Where there are none, the whole repository is one. Ways in that
/// belong to none (modules that several programs share) speak for all of them.
#[must_use]
pub fn deployables(repository: &Repository) -> Vec<Deployable> {
    let manifest =
        |found: &&Finding| found.kind.0 == "package" && found.tagged("manifest") && found.scope == Scope::Main;
    let images: BTreeSet<&str> =
        repository.clues("image-base").map(|clue| folder(repository.path(clue.file))).collect();
    let mut folders: Vec<&str> =
        repository.findings.iter().filter(manifest).map(|found| folder(repository.path(found.file))).collect();
    folders.extend(&images);
    folders.push("");
    folders.sort_unstable();
    folders.dedup();
    let mut entries: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for entry in repository.of_kind("entry-point") {
        let path = repository.path(entry.file);
        let owner = folders.iter().filter(|folder| is_in(path, folder)).max_by_key(|folder| folder.len());
        entries.entry(owner.copied().unwrap_or("")).or_default().push(entry);
    }
    let starts =
        |folder: &str, entries: &[&Finding]| images.contains(folder) || entries.iter().any(|e| e.tagged("main"));
    let serving = |entries: &[&Finding]| {
        entries.iter().any(|entry| ["http", "consumer", "job"].iter().any(|tag| entry.tagged(tag)))
    };
    let place = |entries: &[&Finding]| {
        let tagged = |tag: &str| entries.iter().find(|entry| entry.tagged(tag));
        let main = tagged("main").or_else(|| tagged("http")).or(entries.first());
        main.map(|entry| (entry.file, entry.span.line))
    };
    let (own, common): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(folder, list)| starts(folder, list));
    let common: Vec<&Finding> = common.into_iter().flat_map(|(_, list)| list).collect();
    if own.is_empty() {
        let entry = place(&common);
        return vec![Deployable { folder: String::new(), entry, serves: serving(&common) }];
    }
    let alone = own.len() == 1;
    own.into_iter()
        .map(|(folder, list)| Deployable {
            folder: if alone { String::new() } else { folder.to_owned() },
            entry: place(&list),
            serves: serving(&list) || (alone && serving(&common)),
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
