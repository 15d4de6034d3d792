//! Which file belongs to which module: build files first, then packages and folders.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::{Module, ModuleId};
use crate::facts::{Name, Scope, SourceFile};

/// A module with more main files than this is divided by its folders.
const LARGE: usize = 300;
/// In a repository with few modules, one with more main files than this is divided too.
const LARGE_WHEN_FEW: usize = 40;
/// Where there are only one or two modules, more than this are worth dividing: one row is no picture.
const LARGE_WHEN_ALONE: usize = 12;
/// Folders with fewer main files stay with their parent.
const SMALL: usize = 5;
/// The same in a repository of at most [`FEW_FILES`] main files, where a domain has a handful of files.
const SMALL_WHEN_FEW: usize = 3;
/// Up to so many main files a repository is small.
const FEW_FILES: usize = 100;
/// So many modules are enough for a picture of a monolith.
const ENOUGH: usize = 60;

/// Names of build and package files that make their folder a module, the more telling first.
const MANIFESTS: [&str; 12] = [
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "package.json",
    "composer.json",
    "go.mod",
    "Cargo.toml",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "build.xml",
    "mix.exs",
];

/// True for a build or package file.
fn is_manifest(name: &str) -> bool {
    MANIFESTS.contains(&name)
        || [".csproj", ".vbproj", ".fsproj", ".gemspec"].iter().any(|end| name.len() > end.len() && name.ends_with(end))
}

/// Folder and name of a path; the folder of a path at the top is empty.
fn parts(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The folder above; `None` for the top.
fn parent(folder: &str) -> Option<&str> {
    if folder.is_empty() { None } else { Some(folder.rsplit_once('/').map_or("", |(above, _)| above)) }
}

/// Modules, sorted by id, and the module of each file.
pub(super) fn split(files: &[SourceFile]) -> (Vec<Module>, Vec<ModuleId>) {
    let mut manifests: BTreeMap<&str, &str> = BTreeMap::new();
    // Code files of scope main directly in a folder: what modules are measured by.
    let mut weight: BTreeMap<&str, usize> = BTreeMap::new();
    for file in files {
        let (folder, name) = parts(&file.path);
        if is_manifest(name) && !matches!(file.scope, Scope::Test | Scope::Docs | Scope::Vendored) {
            let rank = |name: &str| MANIFESTS.iter().position(|m| *m == name).unwrap_or(0);
            let kept = manifests.entry(folder).or_insert(name);
            if rank(name) < rank(kept) {
                *kept = name;
            }
        }
        if file.is_code && file.scope == Scope::Main {
            *weight.entry(folder).or_default() += 1;
        }
    }
    let tree = Tree::new(&weight);
    let mut roots: BTreeSet<&str> = BTreeSet::from([""]);
    roots.extend(manifests.keys().filter(|folder| tree.total(folder) > 0));
    tree.divide(&mut roots);

    let mut modules: Vec<Module> = Vec::new();
    let mut index: FxHashMap<&str, ModuleId> = FxHashMap::default();
    let mut of_folder: FxHashMap<&str, &str> = FxHashMap::default();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for file in files {
        let (folder, _) = parts(&file.path);
        let root = *of_folder.entry(folder).or_insert_with(|| owner(&roots, folder));
        used.insert(root);
    }
    // `.` sorts before every letter, but not before every character: order by the text of the id.
    let mut used: Vec<(&str, &str)> =
        used.into_iter().map(|root| (if root.is_empty() { "." } else { root }, root)).collect();
    used.sort_unstable();
    let names = unique_names(&used.iter().map(|(_, root)| *root).collect::<Vec<_>>());
    for ((id, root), name) in used.iter().zip(names) {
        index.insert(root, ModuleId(u32::try_from(modules.len()).unwrap_or(u32::MAX)));
        let manifest = manifests
            .get(root)
            .map(|file| if root.is_empty() { Name::from(*file) } else { Name::from(format!("{root}/{file}")) });
        modules.push(Module { id: (*id).into(), name, path: (*id).into(), manifest, files: 0, lines: 0 });
    }
    let module_of: Vec<ModuleId> = files
        .iter()
        .map(|file| {
            let root = of_folder.get(parts(&file.path).0).copied().unwrap_or_default();
            let id = index.get(root).copied().unwrap_or(ModuleId(0));
            if let Some(module) = modules.get_mut(id.index()) {
                module.files += 1;
                if file.scope == Scope::Main {
                    module.lines = module.lines.saturating_add(file.lines);
                }
            }
            id
        })
        .collect();
    (modules, module_of)
}

/// The nearest folder at or above `folder` that is a module.
fn owner<'a>(roots: &BTreeSet<&'a str>, folder: &'a str) -> &'a str {
    let mut at = Some(folder);
    while let Some(folder) = at {
        if let Some(root) = roots.get(folder) {
            return root;
        }
        at = parent(folder);
    }
    ""
}

/// Folders with their children and the number of main files below them.
struct Tree<'a> {
    total: BTreeMap<&'a str, usize>,
    children: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Tree<'a> {
    fn new(weight: &BTreeMap<&'a str, usize>) -> Self {
        let mut tree = Tree { total: BTreeMap::new(), children: BTreeMap::new() };
        for (&folder, &count) in weight {
            let mut at = folder;
            loop {
                *tree.total.entry(at).or_default() += count;
                let Some(above) = parent(at) else { break };
                tree.children.entry(above).or_default().insert(at);
                at = above;
            }
        }
        tree
    }

    fn total(&self, folder: &str) -> usize {
        self.total.get(folder).copied().unwrap_or(0)
    }

    /// Main files that belong to a module: below its folder, and below no other module's.
    fn own(&self, roots: &BTreeSet<&'a str>, root: &str) -> usize {
        let below: usize = self.nested(roots, root).map(|nested| self.total(nested)).sum();
        self.total(root).saturating_sub(below)
    }

    /// The modules directly below a module's folder.
    fn nested<'r>(&self, roots: &'r BTreeSet<&'a str>, root: &'r str) -> impl Iterator<Item = &'a str> + 'r {
        roots.iter().copied().filter(move |other| {
            *other != root && is_below(other, root) && parent(other).is_some_and(|above| owner(roots, above) == root)
        })
    }

    /// Divides what is too large, the largest first, as long as the whole stays a picture.
    fn divide(&self, roots: &mut BTreeSet<&'a str>) {
        let mut finished: BTreeSet<&str> = BTreeSet::new();
        while roots.len() < ENOUGH * 2 {
            let limit = match roots.len() {
                ..3 => LARGE_WHEN_ALONE,
                3..12 => LARGE_WHEN_FEW,
                _ => LARGE,
            };
            let largest = roots
                .iter()
                .copied()
                .filter(|root| !finished.contains(root))
                .map(|root| (self.own(roots, root), root))
                .filter(|(own, _)| *own > limit)
                .max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(a.1)));
            let Some((own, root)) = largest else { return };
            finished.insert(root);
            let mut parts = self.parts_of(roots, root);
            // What is only somewhat large is not worth a crowd; of what is far too large the largest parts stand apart.
            let room = if own > LARGE {
                ENOUGH.saturating_sub(roots.len()).max(ENOUGH / 4)
            } else {
                ENOUGH.saturating_sub(roots.len())
            };
            if parts.len() > room && own <= LARGE {
                continue;
            }
            parts.sort_by_key(|part| (std::cmp::Reverse(self.own_below(roots, part)), *part));
            roots.extend(parts.into_iter().take(room));
        }
    }

    /// The folders that a module falls into: the first level with at least two that are large enough.
    fn parts_of(&self, roots: &BTreeSet<&'a str>, root: &'a str) -> Vec<&'a str> {
        let small = if self.total("") <= FEW_FILES { SMALL_WHEN_FEW } else { SMALL };
        let mut level: Vec<&'a str> = vec![root];
        for _ in 0..12 {
            let mut next: Vec<&'a str> = Vec::new();
            for folder in &level {
                next.extend(
                    self.children
                        .get(folder)
                        .into_iter()
                        .flatten()
                        .copied()
                        .filter(|child| !roots.contains(child) && self.own_below(roots, child) >= small),
                );
            }
            let Some(&only) = next.first() else { return Vec::new() };
            if next.len() > 1 {
                return next;
            }
            level = vec![only];
        }
        Vec::new()
    }

    /// Main files below a folder that is no module yet, those of modules below it left out.
    fn own_below(&self, roots: &BTreeSet<&'a str>, folder: &str) -> usize {
        let below: usize = roots
            .iter()
            .filter(|root| is_below(root, folder))
            .filter(|root| {
                let mut above = parent(root);
                while let Some(at) = above {
                    if at == folder {
                        return true;
                    }
                    if roots.contains(at) {
                        return false;
                    }
                    above = parent(at);
                }
                false
            })
            .map(|root| self.total(root))
            .sum();
        self.total(folder).saturating_sub(below)
    }
}

/// True when `folder` lies below `above`.
fn is_below(folder: &str, above: &str) -> bool {
    above.is_empty() && !folder.is_empty() || folder.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}

/// Short names: the last parts of the paths, as many as it takes to tell them apart.
fn unique_names(roots: &[&str]) -> Vec<Name> {
    const SAYS_NOTHING: [&str; 8] = ["src", "main", "java", "lib", "app", "source", "core", "internal"];
    let tail = |root: &str, count: usize| -> String {
        if root.is_empty() {
            return "(root)".into();
        }
        let parts: Vec<&str> = root.split('/').collect();
        parts[parts.len().saturating_sub(count)..].join("/")
    };
    let mut counts: Vec<usize> = roots
        .iter()
        .map(|root| if SAYS_NOTHING.contains(&root.rsplit('/').next().unwrap_or_default()) { 2 } else { 1 })
        .collect();
    for _ in 0..64 {
        let mut seen: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, root) in roots.iter().enumerate() {
            seen.entry(tail(root, counts[at])).or_default().push(at);
        }
        let mut same = false;
        for group in seen.values().filter(|group| group.len() > 1) {
            same = true;
            for &at in group {
                counts[at] += 1;
            }
        }
        if !same {
            break;
        }
    }
    roots.iter().zip(counts).map(|(root, count)| tail(root, count).into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> SourceFile {
        let is_code = path.ends_with(".java");
        SourceFile { path: path.into(), language: None, is_code, scope: Scope::Main, bytes: 1, lines: 10 }
    }

    fn many(folder: &str, count: usize) -> Vec<SourceFile> {
        (0..count).map(|n| file(&format!("{folder}/F{n:03}.java"))).collect()
    }

    fn split_sorted(mut files: Vec<SourceFile>) -> (Vec<Module>, Vec<ModuleId>) {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        split(&files)
    }

    #[test]
    fn build_files_make_modules_and_names_are_unique() {
        let mut files = vec![file("pom.xml"), file("a/core/pom.xml"), file("b/core/pom.xml"), file("docs/x.md")];
        files.extend(many("a/core/src", 6));
        files.extend(many("b/core/src", 6));
        let (modules, module_of) = split_sorted(files);
        let ids: Vec<&str> = modules.iter().map(|m| m.id.as_str()).collect();
        assert_eq!(ids, [".", "a/core", "b/core"]);
        let names: Vec<&str> = modules.iter().map(|m| m.name.as_str()).collect();
        assert_eq!(names, ["(root)", "a/core", "b/core"]);
        assert_eq!(modules[1].manifest.as_deref(), Some("a/core/pom.xml"));
        assert_eq!((modules[1].files, modules[1].lines), (7, 70));
        assert_eq!(module_of.len(), 16);
    }

    #[test]
    fn one_giant_module_falls_into_its_packages() {
        let mut files = vec![file("pom.xml")];
        for package in ["billing", "orders", "users", "tiny"] {
            files.extend(many(&format!("src/main/java/org/corp/{package}"), if package == "tiny" { 2 } else { 30 }));
        }
        let (modules, _) = split_sorted(files);
        let names: Vec<&str> = modules.iter().map(|m| m.name.as_str()).collect();
        assert_eq!(names, ["(root)", "billing", "orders", "users"]);
        assert_eq!(modules[0].files, 3, "what is too small stays with its parent");
    }

    #[test]
    fn a_crowd_of_folders_is_kept_to_the_largest() {
        let mut files = vec![file("composer.json")];
        for n in 0..150 {
            files.extend(many(&format!("modules/M{n:03}"), if n < 10 { 40 } else { 8 }));
        }
        let (modules, _) = split_sorted(files);
        assert!((11..=ENOUGH * 2).contains(&modules.len()), "{}", modules.len());
        assert!(modules.iter().any(|module| module.name == "M009"));
    }

    #[test]
    fn no_files_no_modules() {
        let (modules, module_of) = split(&[]);
        assert!(modules.is_empty() && module_of.is_empty());
    }
}
