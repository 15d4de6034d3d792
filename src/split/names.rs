//! What candidates are called: a name that their files and tables say, and an id that outlives edits.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64;

use super::{Inputs, SHARED, terms};
use crate::facts::{FileId, Name, SourceFile};

/// Ids and names of the groups, unique, none of them `shared`. `given` are the names that people gave.
///
/// The name is the most telling term, spelt as the files spell it; where two groups have the same, the second term is added.
/// The id is the first term and a hash of the first two and of the folder that most files lie in, so that it outlives files
/// that come and go. The terms are rewritten as they are spelt, the one that the name is made of first.
#[must_use]
pub fn of_groups(
    inputs: &Inputs<'_>,
    groups: &[Vec<u32>],
    given: &[Option<Name>],
    group_terms: &mut [Vec<Name>],
) -> Vec<(Name, Name)> {
    let (mut names, mut ids) = (BTreeSet::from([Name::from(SHARED)]), BTreeSet::from([Name::from(SHARED)]));
    names.extend(given.iter().flatten().cloned());
    let mut tables: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for table in &inputs.graph.tables {
        for (file, _) in table.readers.iter().chain(&table.writers) {
            tables.entry(file.0).or_default().push(&table.name);
        }
    }
    let mut found = Vec::with_capacity(groups.len());
    for ((group, given), terms) in groups.iter().zip(given).zip(group_terms) {
        let files: Vec<FileId> = group.iter().map(|file| FileId(*file)).collect();
        let folder = main_folder(inputs.files, &files);
        let fallback = || {
            let part = folder.rsplit('/').find(|part| !part.is_empty()).unwrap_or("part");
            Name::from(part.to_lowercase())
        };
        let stem = terms.first().cloned().unwrap_or_else(fallback);
        let top: Vec<&str> = terms.iter().take(2).map(Name::as_str).collect();
        let hash = xxh3_64(format!("{}\0{folder}", top.join("\0")).as_bytes()) & 0xffff;
        let id = unique(&mut ids, format!("{stem}-{hash:04x}"));
        let paths = group.iter().map(|file| inputs.files[*file as usize].path.as_str());
        let texts = paths.chain(group.iter().filter_map(|file| tables.get(file)).flatten().copied());
        let spelt = terms::spelling(texts, terms);
        for term in terms.iter_mut() {
            if let Some(word) = spelt.get(term) {
                term.clone_from(word);
            }
        }
        let name = given.clone().unwrap_or_else(|| {
            let first = terms.first().cloned().unwrap_or(stem);
            let longer = terms.iter().skip(1).map(|term| format!("{first}-{term}"));
            let free = std::iter::once(first.to_string()).chain(longer).find(|name| !names.contains(name.as_str()));
            unique(&mut names, free.unwrap_or_else(|| first.to_string()))
        });
        found.push((id, name));
    }
    found
}

/// The text, with a number behind it where it is taken.
fn unique(taken: &mut BTreeSet<Name>, text: String) -> Name {
    let mut candidate = Name::from(text.as_str());
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = Name::from(format!("{text}-{number}"));
        number += 1;
    }
    candidate
}

/// The folder that most of these files lie in; empty for the top.
#[must_use]
pub fn main_folder<'a>(files: &'a [SourceFile], group: &[FileId]) -> &'a str {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for file in group {
        let path = files[file.index()].path.as_str();
        *counts.entry(path.rsplit_once('/').map_or("", |(folder, _)| folder)).or_default() += 1;
    }
    let best = counts.iter().max_by_key(|(folder, count)| (**count, std::cmp::Reverse(**folder)));
    best.map_or("", |(folder, _)| *folder)
}
