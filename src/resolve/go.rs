//! Go: a package is a folder, an import names it by the path of the module.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::Uses;
use super::index::{Family, Index};
use super::members::Members;
use crate::facts::FileFacts;

/// Packages by folder, and the paths under which modules are imported.
pub(super) struct Packages<'a> {
    by_folder: FxHashMap<&'a str, Vec<u32>>,
    /// Module path and its folder, longest path first.
    modules: Vec<(String, String)>,
}

impl<'a> Packages<'a> {
    pub(super) fn new(index: &Index<'a>) -> Self {
        let mut by_folder: FxHashMap<&'a str, Vec<u32>> = FxHashMap::default();
        for id in index.of_family(Family::Go) {
            by_folder.entry(index.folder(id)).or_default().push(id);
        }
        let mut modules: Vec<(String, String)> = Vec::new();
        let mut bases: BTreeSet<&str> = BTreeSet::from([""]);
        for &id in index.named("go.mod") {
            let folder = index.folder(id);
            bases.insert(folder);
            let Some(facts) = index.facts.get(id as usize) else { continue };
            let entry = facts.entries.iter().find(|entry| entry.key == "module").map(|entry| entry.value.as_str());
            let stated = entry.or(Some(facts.namespace.as_str())).filter(|path| !path.is_empty());
            if let Some(path) = stated {
                modules.push((path.to_string(), folder.to_string()));
            }
        }
        for base in bases {
            if !modules.iter().any(|(_, folder)| folder == base) {
                modules.extend(guess(index, &by_folder, base).map(|path| (path, base.to_string())));
            }
        }
        modules.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        Packages { by_folder, modules }
    }

    /// The folder of an imported package.
    fn folder(&self, path: &str) -> Option<&'a str> {
        self.modules.iter().find_map(|(module, base)| {
            let rest = path.strip_prefix(module.as_str())?;
            if !rest.is_empty() && !rest.starts_with('/') {
                return None;
            }
            let folder = format!("{base}{rest}");
            self.by_folder.get_key_value(folder.trim_start_matches('/')).map(|(folder, _)| *folder)
        })
    }

    /// The files of a folder that define a name; test files only for test files.
    fn definers(&self, index: &Index<'_>, id: u32, folder: &str, name: &str) -> impl Iterator<Item = u32> {
        let is_test = |id: u32| index.path(id).ends_with("_test.go");
        let mut found: Vec<u32> = self.by_folder.get(folder).cloned().unwrap_or_default();
        found.retain(|to| (is_test(id) || !is_test(*to)) && index.defines(*to, name));
        // Several files of one package define one name only behind build tags: all of them are meant.
        if found.len() > 3 {
            found.clear();
        }
        found.into_iter()
    }

    /// What the imports of a file bind: name → (folder, line), and the folders whose names need no package before them.
    fn bound<'s>(
        &'s self,
        index: &'s Index<'_>,
        facts: &'s FileFacts,
    ) -> (FxHashMap<&'s str, (&'s str, u32)>, Vec<&'s str>) {
        let mut bound: FxHashMap<&str, (&str, u32)> = FxHashMap::default();
        let mut open: Vec<&str> = Vec::new();
        for import in &facts.imports {
            let Some(folder) = self.folder(&import.path) else { continue };
            let declared = self
                .by_folder
                .get(folder)
                .and_then(|files| files.iter().find(|file| !index.path(**file).ends_with("_test.go")))
                .and_then(|file| index.facts.get(*file as usize))
                .map(|facts| facts.namespace.as_str())
                .filter(|name| !name.is_empty());
            let last = import.path.rsplit('/').next().unwrap_or_default();
            match import.alias.as_deref() {
                Some(".") => open.push(folder),
                alias => {
                    bound.insert(alias.or(declared).unwrap_or(last), (folder, import.line));
                }
            }
        }
        (bound, open)
    }

    /// The folders in which the head of a name (`pkg.Name`, `Name`) is to be looked for, with the name inside.
    pub(super) fn places<'n>(&self, index: &Index<'a>, id: u32, name: &'n str) -> Vec<(String, &'n str)> {
        let Some(facts) = index.facts.get(id as usize) else { return Vec::new() };
        let (bound, open) = self.bound(index, facts);
        match name.split_once('.') {
            Some((package, rest)) => {
                bound.get(package).map(|(folder, _)| ((*folder).to_string(), rest)).into_iter().collect()
            }
            None => open.into_iter().chain([index.folder(id)]).map(|folder| (folder.to_string(), name)).collect(),
        }
    }

    /// Files of a package, those of tests left out.
    pub(super) fn files(&self, index: &Index<'_>, folder: &str) -> impl Iterator<Item = u32> {
        let mut files = self.by_folder.get(folder).cloned().unwrap_or_default();
        files.retain(|id| !index.path(*id).ends_with("_test.go"));
        files.into_iter()
    }

    /// Adds the uses of other files by file `id`.
    pub(super) fn link(&self, index: &Index<'a>, members: &Members<'a>, id: u32, facts: &'a FileFacts, out: &mut Uses) {
        let (bound, open) = self.bound(index, facts);
        let own = index.folder(id);
        for reference in &facts.references {
            if reference.name.contains('#') {
                members.follow(index, id, &reference.name, &mut |to| out.reference(to, reference));
                continue;
            }
            let mut parts = reference.name.split('.');
            let (Some(head), member) = (parts.next(), parts.next()) else { continue };
            if let (Some((folder, line)), Some(member)) = (bound.get(head), member) {
                for to in self.definers(index, id, folder, member) {
                    out.import(to, *line);
                    out.reference(to, reference);
                }
            } else if !bound.contains_key(head) && !index.defines(id, head) {
                for folder in open.iter().copied().chain([own]) {
                    for to in self.definers(index, id, folder, head) {
                        out.reference(to, reference);
                    }
                }
            }
        }
    }
}

/// The module path that explains most imports: what stands before the folders of the repository.
fn guess(index: &Index<'_>, by_folder: &FxHashMap<&str, Vec<u32>>, base: &str) -> Option<String> {
    let mut votes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for id in index.of_family(Family::Go) {
        for import in index.facts.get(id as usize).into_iter().flat_map(|facts| &facts.imports) {
            let path = import.path.as_str();
            for (at, _) in path.match_indices('/') {
                let (front, folder) = (&path[..at], &path[at + 1..]);
                let whole = if base.is_empty() { folder.to_string() } else { format!("{base}/{folder}") };
                if by_folder.contains_key(whole.as_str()) {
                    votes.entry(front).or_default().insert(folder);
                    break;
                }
            }
        }
    }
    let best = votes.iter().max_by_key(|(path, folders)| (folders.len(), path.contains('.'), path.len()))?;
    let domain = best.0.split('/').next().is_some_and(|first| first.contains('.'));
    (domain || best.1.len() > 1).then(|| (*best.0).to_string())
}
