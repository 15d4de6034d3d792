//! Rust: modules by the tree of `mod` files, crates by their manifests.

use rustc_hash::FxHashMap;

use super::Uses;
use super::index::{Family, Index, split};
use super::paths::{prefixes, upwards};
use crate::facts::{FileFacts, ImportKind, Reference};

/// Names that are handed on again: followed so far.
const DEPTH: u8 = 4;

/// The module tree of every crate.
pub(super) struct Crates {
    /// Crate and module path of each Rust file, by file id.
    place: FxHashMap<u32, (usize, String)>,
    /// (crate, module path with dots) → file.
    modules: FxHashMap<(usize, String), u32>,
    /// Name in `use` → crate.
    by_name: FxHashMap<String, usize>,
}

impl Crates {
    pub(super) fn new(index: &Index<'_>) -> Self {
        let mut crates =
            Crates { place: FxHashMap::default(), modules: FxHashMap::default(), by_name: FxHashMap::default() };
        let mut folders: FxHashMap<&str, usize> = FxHashMap::default();
        for (number, &id) in index.named("Cargo.toml").iter().enumerate() {
            let folder = index.folder(id);
            folders.insert(folder, number);
            let entries = index.facts.get(id as usize).map(|facts| facts.entries.as_slice()).unwrap_or_default();
            let value = |key: &str| entries.iter().find(|entry| entry.key == key).map(|entry| entry.value.as_str());
            let name = value("lib.name").or_else(|| value("package.name")).unwrap_or_else(|| split(folder).1);
            if !name.is_empty() {
                crates.by_name.entry(name.replace('-', "_")).or_insert(number);
            }
        }
        for id in index.of_family(Family::Rust) {
            let path = index.path(id);
            let (number, folder) = upwards(index.folder(id))
                .find_map(|above| folders.get(above).map(|number| (*number, above)))
                .unwrap_or((usize::MAX, ""));
            let inside = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
            let below = inside.strip_prefix("src/").unwrap_or(inside);
            let stem = below.strip_suffix(".rs").unwrap_or(below);
            let stem = stem.strip_suffix("/mod").unwrap_or(stem);
            let module = if matches!(stem, "lib" | "main" | "mod") { String::new() } else { stem.replace('/', ".") };
            let slot = crates.modules.entry((number, module.clone())).or_insert(id);
            if below == "lib.rs" {
                *slot = id;
            }
            crates.place.insert(id, (number, module));
        }
        crates
    }

    /// The file that a path means, seen from file `id`, and the part of the path that is left inside it.
    fn find<'p>(&self, id: u32, path: &'p str) -> Option<(u32, &'p str)> {
        let (own, module) = self.place.get(&id)?;
        let (head, mut rest) = path.split_once('.').unwrap_or((path, ""));
        let mut at = (*own, module.clone());
        match head {
            "crate" => at.1.clear(),
            "self" => {}
            "super" => {
                at.1 = above(&at.1);
                while let Some(more) =
                    rest.strip_prefix("super").filter(|more| more.is_empty() || more.starts_with('.'))
                {
                    at.1 = above(&at.1);
                    rest = more.trim_start_matches('.');
                }
            }
            _ => {
                let child = if module.is_empty() { head.to_string() } else { format!("{module}.{head}") };
                if self.modules.contains_key(&(*own, child.clone())) {
                    at.1 = child;
                } else {
                    at = (*self.by_name.get(head)?, String::new());
                }
            }
        }
        let mut file = *self.modules.get(&at)?;
        while !rest.is_empty() {
            let (next, more) = rest.split_once('.').unwrap_or((rest, ""));
            let child = if at.1.is_empty() { next.to_string() } else { format!("{}.{next}", at.1) };
            let key = (at.0, child);
            let Some(&inner) = self.modules.get(&key) else { break };
            at = key;
            file = inner;
            rest = more;
        }
        Some((file, rest))
    }

    /// The file that defines what a path means, names handed on by `pub use` followed; `false` where only the module on
    /// the way there is known.
    fn target(&self, index: &Index<'_>, id: u32, path: &str, depth: u8) -> Option<(u32, bool)> {
        let (file, rest) = self.find(id, path)?;
        let item = rest.split('.').next().unwrap_or_default();
        if item.is_empty() {
            return Some((file, false));
        }
        if index.defines(file, item) {
            return Some((file, true));
        }
        let Some(depth) = depth.checked_sub(1) else { return Some((file, false)) };
        let imports = index.facts.get(file as usize).into_iter().flat_map(|facts| &facts.imports);
        let handed_on = imports.filter(|import| import.kind != ImportKind::Module).find_map(|import| {
            let path = dotted(&import.path);
            let path = path.strip_suffix(".*").unwrap_or(&path);
            let whole = import.item.as_ref().map_or(path.to_string(), |item| format!("{path}.{item}"));
            if import.kind == ImportKind::Wildcard {
                let found = self.target(index, file, &format!("{path}.{item}"), depth)?;
                return (found.1 && found.0 != file).then_some(found);
            }
            let local = import.alias.as_deref().or_else(|| whole.rsplit('.').next())?;
            // What is left of the path goes on behind the name that is handed on.
            let more = rest.strip_prefix(item).unwrap_or_default();
            (local == item).then(|| self.target(index, file, &format!("{whole}{more}"), depth)).flatten()
        });
        handed_on.or(Some((file, false)))
    }

    /// Adds the uses of other files by file `id`.
    pub(super) fn link(&self, index: &Index<'_>, id: u32, facts: &FileFacts, out: &mut Uses) {
        let mut bound: FxHashMap<String, u32> = FxHashMap::default();
        let mut open: Vec<u32> = Vec::new();
        for import in &facts.imports {
            let path = dotted(&import.path);
            let path = path.strip_suffix(".*").unwrap_or(&path);
            let whole = match import.item.as_deref().filter(|item| !matches!(*item, "*" | "self")) {
                Some(item) => format!("{path}.{item}"),
                None => path.to_string(),
            };
            if import.kind == ImportKind::Module {
                let child = format!("self.{}", whole.rsplit('.').next().unwrap_or_default());
                if let Some((to, "")) = self.find(id, &child) {
                    out.import(to, import.line);
                }
                continue;
            }
            let Some((to, defined)) = self.target(index, id, &whole, DEPTH) else { continue };
            if defined {
                out.import(to, import.line);
            } else {
                out.import_through(to, import.line);
            }
            if import.kind == ImportKind::Wildcard {
                open.push(to);
            } else {
                let local = import.alias.as_deref().or_else(|| whole.rsplit('.').next()).unwrap_or_default();
                bound.insert(local.to_string(), to);
            }
        }
        for reference in &facts.references {
            let name = dotted(&reference.name);
            if let Some(bare) = name.strip_suffix('!') {
                self.macro_used(index, id, bare, &bound, reference, out);
                continue;
            }
            let head = name.split('.').next().unwrap_or_default();
            if let Some(&to) = prefixes(&name).find_map(|prefix| bound.get(prefix)) {
                // A module brought in by name: what is used may stand in a child or be handed on.
                let through = name
                    .split_once('.')
                    .filter(|_| !index.defines(to, head))
                    .and_then(|(_, rest)| self.target(index, to, &format!("self.{rest}"), DEPTH));
                match through {
                    Some(found) => out.used(found, reference),
                    None => out.reference(to, reference),
                }
            } else if index.defines(id, head) {
                continue;
            } else if name.contains('.') {
                if let Some(found) = self.target(index, id, &name, DEPTH) {
                    out.used(found, reference);
                }
            } else if let Some(&to) = open.iter().find(|to| index.defines(**to, head)) {
                out.reference(to, reference);
            }
        }
    }
}

impl Crates {
    /// A macro: one that is imported by name, or the one of the crate that is in reach by `#[macro_use]`.
    fn macro_used(
        &self,
        index: &Index<'_>,
        id: u32,
        name: &str,
        bound: &FxHashMap<String, u32>,
        reference: &Reference,
        out: &mut Uses,
    ) {
        if index.defines(id, name) {
            return;
        }
        if let Some(&to) = bound.get(name) {
            out.reference(to, reference);
            return;
        }
        let own = self.place.get(&id).map(|(number, _)| *number);
        let mut found = index.simple(Family::Rust, name).to_vec();
        found.retain(|to| self.place.get(to).map(|(number, _)| *number) == own);
        if let [only] = found.as_slice() {
            out.reference(*only, reference);
        }
    }
}

fn above(module: &str) -> String {
    module.rsplit_once('.').map_or(String::new(), |(above, _)| above.to_string())
}

fn dotted(path: &str) -> String {
    path.replace("::", ".").trim_matches('.').to_string()
}
