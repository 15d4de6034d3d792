//! JavaScript and TypeScript: modules by relative path, by alias, by package of the workspace; barrels are followed.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::Uses;
use super::index::{Family, Index, split};
use super::paths::{anchored, join, prefixes, upwards};
use crate::facts::{FileFacts, Import, ImportKind};

/// Endings tried, in this order.
const ENDINGS: [&str; 14] =
    ["", ".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", ".json", ".es6"];

/// Barrels that hand on what barrels hand on: followed so deep.
const DEPTH: u32 = 3;

/// What package and compiler settings say about names that are no paths.
pub(super) struct Packages {
    /// Name of a workspace package → its folder and entry file.
    by_name: FxHashMap<String, (String, Option<u32>)>,
    /// Per folder of a `tsconfig`: (pattern, target) pairs; the base URL is the pair (`*`, base).
    aliases: BTreeMap<String, Vec<(String, String)>>,
    /// Modules that name themselves (`define('name', …)`); `None` where several have the name.
    defined: FxHashMap<String, Option<u32>>,
}

impl Packages {
    pub(super) fn new(index: &Index<'_>) -> Self {
        let mut packages =
            Packages { by_name: FxHashMap::default(), aliases: BTreeMap::new(), defined: FxHashMap::default() };
        for id in index.of_family(Family::Script) {
            let name = index.facts.get(id as usize).map(|facts| facts.namespace.as_str()).unwrap_or_default();
            if !name.is_empty() {
                packages.defined.entry(name.to_string()).and_modify(|one| *one = None).or_insert(Some(id));
            }
        }
        for (facts, id) in index.facts.iter().zip(0u32..) {
            let (folder, name) = split(index.path(id));
            if name == "package.json" {
                packages.package(index, folder, facts);
            } else if (name.starts_with("tsconfig") || name.starts_with("jsconfig")) && name.ends_with(".json") {
                packages.aliases.entry(folder.to_string()).or_default().extend(aliases(folder, facts));
            }
        }
        packages
    }

    fn package(&mut self, index: &Index<'_>, folder: &str, facts: &FileFacts) {
        let value = |key: &str| facts.entries.iter().find(|entry| entry.key == key).map(|entry| entry.value.as_str());
        let Some(name) = value("name").filter(|name| !name.is_empty()) else { return };
        let entry = ["source", "main", "module", "types", "exports"]
            .iter()
            .filter_map(|key| value(key))
            .find_map(|path| join(folder, path).and_then(|path| file(index, &path)))
            .or_else(|| {
                ["src/index", "index", "src/main", "lib/index"].iter().find_map(|p| file(index, &join(folder, p)?))
            });
        self.by_name.entry(name.to_string()).or_insert_with(|| (folder.to_string(), entry));
    }

    /// The file that a module name means, seen from file `id`.
    fn module(&self, index: &Index<'_>, id: u32, name: &str) -> Option<u32> {
        let name = name.split(['?', '!']).next().unwrap_or(name);
        let folder = index.folder(id);
        if name.starts_with('.') {
            return join(folder, name)
                .and_then(|path| file(index, &path))
                .or_else(|| upwards(folder).find_map(|above| file(index, &join(above, name.strip_prefix("./")?)?)));
        }
        if let Some(rest) = name.strip_prefix('/') {
            return file(index, rest);
        }
        for above in upwards(folder) {
            for (pattern, target) in self.aliases.get(above).into_iter().flatten() {
                if let Some(to) = substitute(pattern, target, name).and_then(|path| file(index, &path)) {
                    return Some(to);
                }
            }
        }
        let mut package = name;
        loop {
            if let Some((folder, entry)) = self.by_name.get(package) {
                let rest = name.get(package.len()..).unwrap_or_default().trim_start_matches('/');
                if rest.is_empty() {
                    return *entry;
                }
                return ["", "src/"].iter().find_map(|src| file(index, &join(folder, &format!("{src}{rest}"))?));
            }
            match package.rsplit_once('/') {
                Some((front, _)) => package = front,
                None => break,
            }
        }
        // The usual shorthands for the source folder, where no setting says otherwise.
        let rest = name.strip_prefix("@/").or_else(|| name.strip_prefix("~/"))?;
        upwards(folder).find_map(|above| {
            ["src/", "app/", ""].iter().find_map(|src| file(index, &join(above, &format!("{src}{rest}"))?))
        })
    }

    fn target(&self, index: &Index<'_>, id: u32, import: &Import) -> Option<u32> {
        match anchored(&import.value, index.folder(id)) {
            Some(Ok(text)) if text.starts_with('/') => join("", &text).and_then(|path| file(index, &path)),
            Some(Ok(text)) => self.module(index, id, &text),
            Some(Err(_)) => None,
            None => self.module(index, id, &import.path).or_else(|| {
                let named = import.kind == ImportKind::File && !import.path.starts_with(['.', '/']);
                named.then(|| self.named(index, &import.path)).flatten()
            }),
        }
    }

    /// The module of an AMD name: the one that calls itself so, or the only file with such an end of its path.
    fn named(&self, index: &Index<'_>, name: &str) -> Option<u32> {
        match self.defined.get(name) {
            Some(one) => *one,
            None if name.contains('/') => index.by_suffix(&format!("{name}.js")),
            None => None,
        }
    }

    /// Adds the uses of other files by file `id`.
    pub(super) fn link(&self, index: &Index<'_>, id: u32, facts: &FileFacts, out: &mut Uses) {
        let mut bound: FxHashMap<&str, u32> = FxHashMap::default();
        for import in &facts.imports {
            let Some(to) = self.target(index, id, import) else { continue };
            out.import(to, import.line);
            let item = import.item.as_deref().filter(|item| *item != "*");
            let definer = item.and_then(|item| self.handed_on(index, to, item, DEPTH));
            if let Some(definer) = definer {
                out.import_through(definer, import.line);
            }
            if import.kind == ImportKind::ReExport {
                continue;
            }
            if let Some(local) = import.alias.as_deref().or(item) {
                bound.insert(local, definer.unwrap_or(to));
            }
        }
        for reference in &facts.references {
            if let Some(&to) = prefixes(&reference.name).find_map(|prefix| bound.get(prefix)) {
                out.reference(to, reference);
            }
        }
    }

    /// The file that defines what `module` only hands on.
    fn handed_on(&self, index: &Index<'_>, module: u32, item: &str, depth: u32) -> Option<u32> {
        if depth == 0 || index.family(module) != Some(Family::Script) || index.defines(module, item) {
            return None;
        }
        let facts = index.facts.get(module as usize)?;
        let open = |import: &&Import| {
            import.kind == ImportKind::Wildcard
                || (import.kind == ImportKind::ReExport && import.item.as_deref().is_none_or(|item| item == "*"))
        };
        let named = facts
            .imports
            .iter()
            .find(|import| !open(import) && import.alias.as_deref().or(import.item.as_deref()) == Some(item));
        if let Some(import) = named {
            let to = self.target(index, module, import)?;
            let inner = import.item.as_deref().unwrap_or(item);
            return self.handed_on(index, to, inner, depth - 1).or(Some(to));
        }
        facts.imports.iter().filter(open).find_map(|import| {
            let to = self.target(index, module, import)?;
            if index.defines(to, item) { Some(to) } else { self.handed_on(index, to, item, depth - 1) }
        })
    }
}

/// The aliases of a compiler configuration: `compilerOptions.paths.@app/*.0` = `src/app/*`, `compilerOptions.baseUrl`.
fn aliases(folder: &str, facts: &FileFacts) -> Vec<(String, String)> {
    let base =
        facts.entries.iter().find(|entry| entry.key == "compilerOptions.baseUrl").map(|entry| entry.value.as_str());
    let root = join(folder, base.unwrap_or(".")).unwrap_or_default();
    let mut out: Vec<(String, String)> = facts
        .entries
        .iter()
        .filter_map(|entry| {
            let rest = entry.key.strip_prefix("compilerOptions.paths.")?;
            let pattern =
                rest.rsplit_once('.').filter(|(_, n)| n.bytes().all(|b| b.is_ascii_digit())).map_or(rest, |(p, _)| p);
            Some((pattern.to_string(), join(&root, &entry.value)?))
        })
        .collect();
    if base.is_some() {
        out.push(("*".into(), if root.is_empty() { "*".into() } else { format!("{root}/*") }));
    }
    out
}

/// `name` by an alias.
fn substitute(pattern: &str, target: &str, name: &str) -> Option<String> {
    match pattern.split_once('*') {
        None => (pattern == name).then(|| target.to_string()),
        Some((front, end)) => {
            let middle = name.strip_prefix(front)?.strip_suffix(end)?;
            Some(target.replacen('*', middle, 1))
        }
    }
}

/// The file at a path that may lack its ending, name a folder, or name what a source is compiled to.
fn file(index: &Index<'_>, path: &str) -> Option<u32> {
    let with_ending = |path: &str| ENDINGS.iter().find_map(|ending| index.at(&format!("{path}{ending}")));
    with_ending(path)
        .or_else(|| [".js", ".jsx", ".mjs", ".cjs"].iter().find_map(|end| path.strip_suffix(end)).and_then(with_ending))
        .or_else(|| with_ending(&if path.is_empty() { "index".to_string() } else { format!("{path}/index") }))
}
