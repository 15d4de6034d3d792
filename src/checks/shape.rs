//! The shape of the application: what belongs into a library, where it is hot, what serves pages and data at once.

use std::collections::{BTreeMap, BTreeSet};

use super::Repository;
use crate::facts::{FileId, Scope};
use crate::rules::Finding;

/// Hot spots that are named.
const SPOTS: usize = 10;
/// Commits from which on a file changes often.
const OFTEN: u32 = 5;
/// Modules that must use another before it is called shared.
const SHARED_BY: u32 = 3;

/// `hotspot`: the files with the largest product of lines, commits and 1 + files that use it.
pub fn hotspots(repository: &Repository) -> Vec<Finding> {
    let mut spots: Vec<(u64, FileId, u32, u32)> = Vec::new();
    for (index, file) in (0u32..).zip(repository.files) {
        let churn = repository.history.changes.get(index as usize).map_or(0, |churn| churn.commits);
        let fan_in = repository.graph.file_metrics.get(index as usize).map_or(0, |metrics| metrics.fan_in);
        if file.scope == Scope::Main && file.is_code && churn >= OFTEN && fan_in > 0 {
            let heat = u64::from(file.lines) * u64::from(churn) * u64::from(1 + fan_in);
            spots.push((heat, FileId(index), churn, fan_in));
        }
    }
    spots.sort_by_key(|(heat, file, _, _)| (std::cmp::Reverse(*heat), *file));
    spots.truncate(SPOTS);
    spots
        .into_iter()
        .map(|(_, file, commits, uses)| {
            let lines = repository.files[file.index()].lines;
            let subject = format!("{lines} lines, {commits} commits, used by {uses}");
            repository.finding("hotspot", "file", file, 1, &subject)
        })
        .collect()
}

/// `shared-library`: modules that many others use, that use few, have no way in and touch no table.
pub fn libraries(repository: &Repository) -> Vec<Finding> {
    let graph = repository.graph;
    let with_entry: BTreeSet<usize> = repository
        .of_kind("entry-point")
        .filter_map(|entry| graph.module_of.get(entry.file.index()))
        .map(|module| module.index())
        .collect();
    let with_tables: BTreeSet<usize> = graph
        .tables
        .iter()
        .flat_map(|table| table.readers.iter().chain(&table.writers))
        .filter_map(|(file, _)| graph.module_of.get(file.index()))
        .map(|module| module.index())
        .collect();
    let mut first: BTreeMap<usize, FileId> = BTreeMap::new();
    for (index, module) in (0u32..).zip(&graph.module_of) {
        if repository.files.get(index as usize).is_some_and(|file| file.scope == Scope::Main && file.is_code) {
            first.entry(module.index()).or_insert(FileId(index));
        }
    }
    let mut found = Vec::new();
    for (index, module) in graph.modules.iter().enumerate() {
        let Some(metrics) = graph.module_metrics.get(index) else { continue };
        let shared = metrics.fan_in >= SHARED_BY && metrics.fan_out * 3 <= metrics.fan_in;
        if shared
            && !with_entry.contains(&index)
            && !with_tables.contains(&index)
            && let Some(file) = first.get(&index)
        {
            let subject = format!("{}, used by {} modules, uses {}", module.name, metrics.fan_in, metrics.fan_out);
            found.push(repository.finding("shared-library", "module", *file, 1, &subject));
        }
    }
    found
}

/// `mixed-entry`: files with ways in, or controllers by name, in which some code answers pages and other code data.
pub fn mixed(repository: &Repository) -> Vec<Finding> {
    let lines = |tag: &'static str| {
        let mut lines: BTreeMap<FileId, u32> = BTreeMap::new();
        for clue in repository.clues(tag).filter(|clue| clue.scope == Scope::Main) {
            lines.entry(clue.file).or_insert(clue.span.line);
        }
        lines
    };
    let (pages, data) = (lines("answers-page"), lines("answers-data"));
    let mut ways_in: BTreeSet<FileId> =
        repository.of_kind("entry-point").filter(|entry| entry.tagged("http")).map(|entry| entry.file).collect();
    ways_in.extend(repository.clues("controller").map(|clue| clue.file));
    pages
        .iter()
        .filter(|(file, _)| ways_in.contains(file))
        .filter_map(|(file, page)| data.get(file).map(|data| (*file, *page, *data)))
        .map(|(file, page, data)| {
            let subject = format!("a page in line {page}, data in line {data}");
            repository.finding("mixed-entry", "file", file, page.min(data), &subject)
        })
        .collect()
}
