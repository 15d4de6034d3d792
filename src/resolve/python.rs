//! Python: modules by path, relative imports, names handed on by `__init__`.

use rustc_hash::FxHashMap;

use super::Uses;
use super::index::{Family, Index};
use super::paths::{prefixes, upwards};
use crate::facts::{FileFacts, Import, ImportKind};

/// All modules by every dotted name under which some source root may know them.
pub(super) struct Modules {
    by_name: FxHashMap<String, Vec<(u32, String)>>,
}

impl Modules {
    pub(super) fn new(index: &Index<'_>) -> Self {
        let mut by_name: FxHashMap<String, Vec<(u32, String)>> = FxHashMap::default();
        for id in index.of_family(Family::Python) {
            let path = index.path(id);
            let Some(stem) = path.strip_suffix(".py").or_else(|| path.strip_suffix(".pyi")) else { continue };
            let module = stem.strip_suffix("/__init__").unwrap_or(stem);
            let mut from = 0;
            loop {
                let root = module.get(..from).unwrap_or_default().trim_end_matches('/');
                // Below a package, names begin at the package; only scripts see their own folder.
                let name = module.get(from..).unwrap_or_default().replace('/', ".");
                by_name.entry(name).or_default().push((id, root.to_string()));
                match module.get(from..).and_then(|rest| rest.find('/')) {
                    Some(at) => from += at + 1,
                    None => break,
                }
            }
        }
        Modules { by_name }
    }

    /// The file of a module as seen from file `id`.
    fn module(&self, index: &Index<'_>, id: u32, name: &str) -> Option<u32> {
        let folder = index.folder(id);
        let candidates: Vec<u32> = self
            .by_name
            .get(name)?
            .iter()
            .filter(|(_, root)| {
                let own = root == folder || upwards(folder).any(|above| above == root);
                let package = !root.is_empty() && index.at(&format!("{root}/__init__.py")).is_some();
                if package { root == folder && !in_package(index, folder) } else { own || name.contains('.') }
            })
            .map(|(to, _)| *to)
            .collect();
        index.nearest(id, &candidates)
    }

    /// Adds the uses of other files by file `id`.
    pub(super) fn link(&self, index: &Index<'_>, id: u32, facts: &FileFacts, out: &mut Uses) {
        let mut bound: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        let mut open: Vec<u32> = Vec::new();
        for import in &facts.imports {
            let targets = self.targets(index, id, import);
            if let [module, definer] = targets.as_slice() {
                out.import(*module, import.line);
                out.import_through(*definer, import.line);
            } else {
                targets.iter().for_each(|to| out.import(*to, import.line));
            }
            if import.kind == ImportKind::Wildcard {
                open.extend(&targets);
            } else if !targets.is_empty() {
                let local = import.alias.as_ref().or(import.item.as_ref()).unwrap_or(&import.path);
                // The last one is the file that defines it.
                bound.entry(local.to_string()).or_default().extend(targets.last());
            }
        }
        for reference in &facts.references {
            let head = reference.name.split('.').next().unwrap_or_default();
            if let Some(targets) = prefixes(&reference.name).find_map(|prefix| bound.get(prefix)) {
                for &to in targets {
                    out.reference(to, reference);
                }
            } else if reference.kind == crate::facts::RefKind::Loader {
                if let Some(to) = prefixes(&reference.name).find_map(|name| self.module(index, id, name)) {
                    out.reference(to, reference);
                }
            } else if !index.defines(id, head)
                && let Some(&to) = open.iter().find(|to| index.defines(**to, head))
            {
                out.reference(to, reference);
            }
        }
    }

    /// The files that an import means: the module, then, where another one defines the item, that one.
    fn targets(&self, index: &Index<'_>, id: u32, import: &Import) -> Vec<u32> {
        let item = import.item.as_deref().filter(|item| *item != "*");
        let Some(module) = self.absolute(index, id, &import.path) else { return Vec::new() };
        let find = |name: &str| {
            if import.path.starts_with('.') { at(index, &name.replace('.', "/")) } else { self.module(index, id, name) }
        };
        let Some(item) = item else {
            // `import a.b.c` may name a member in Python's dynamic ways: the longest module counts.
            return prefixes(&module).find_map(find).into_iter().collect();
        };
        let whole = if module.is_empty() { item.to_string() } else { format!("{module}.{item}") };
        if let Some(to) = find(&whole) {
            return vec![to];
        }
        let Some(to) = find(&module) else { return Vec::new() };
        let mut targets = vec![to];
        if !index.defines(to, item) {
            targets.extend(self.handed_on(index, to, item));
        }
        targets
    }

    /// Where a module has a name from that it only hands on.
    fn handed_on(&self, index: &Index<'_>, module: u32, item: &str) -> Option<u32> {
        let facts = index.facts.get(module as usize)?;
        facts.imports.iter().find_map(|import| {
            let local = import.alias.as_deref().or(import.item.as_deref())?;
            let named = local == item;
            if !named && import.kind != ImportKind::Wildcard {
                return None;
            }
            let path = self.absolute(index, module, &import.path)?;
            let find = |name: &str| {
                if import.path.starts_with('.') {
                    at(index, &name.replace('.', "/"))
                } else {
                    self.module(index, module, name)
                }
            };
            if named {
                return find(&format!("{path}.{}", import.item.as_deref().unwrap_or(item))).or_else(|| find(&path));
            }
            find(&path).filter(|to| index.defines(*to, item))
        })
    }

    /// The dotted name of an import; a relative one becomes the path from the top of the repository.
    fn absolute(&self, index: &Index<'_>, id: u32, path: &str) -> Option<String> {
        let rest = path.trim_start_matches('.');
        let dots = path.len() - rest.len();
        if dots == 0 {
            return Some(path.to_string());
        }
        let folder = upwards(index.folder(id)).nth(dots - 1)?.replace('/', ".");
        Some(match (folder.is_empty(), rest.is_empty()) {
            (_, true) => folder,
            (true, false) => rest.to_string(),
            (false, false) => format!("{folder}.{rest}"),
        })
    }
}

fn in_package(index: &Index<'_>, folder: &str) -> bool {
    index.at(&format!("{folder}/__init__.py")).is_some()
}

/// The module at a path without its ending.
fn at(index: &Index<'_>, path: &str) -> Option<u32> {
    if path.is_empty() {
        return index.at("__init__.py");
    }
    ["", "/__init__"].iter().find_map(|end| index.at(&format!("{path}{end}.py")))
}
