//! The symbol table of the repository: what each file defines, and where each path is.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::facts::{DefinitionKind, FileFacts, Name, Scope, SourceFile};

/// Languages that see each other's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Java,
    CSharp,
    Php,
    Python,
    Script,
    Ruby,
    Go,
    Rust,
}

/// How many families there are.
const FAMILIES: usize = Family::Rust as usize + 1;

/// Names that are defined, per family, and paths.
pub(super) struct Index<'a> {
    pub(super) files: &'a [SourceFile],
    pub(super) facts: &'a [FileFacts],
    families: Vec<Option<Family>>,
    by_path: FxHashMap<&'a str, u32>,
    by_name: FxHashMap<&'a str, Vec<u32>>,
    qualified: [FxHashMap<&'a str, Vec<u32>>; FAMILIES],
    simple: [FxHashMap<&'a str, Vec<u32>>; FAMILIES],
    members: Vec<Vec<&'a str>>,
}

impl<'a> Index<'a> {
    pub(super) fn new(files: &'a [SourceFile], facts: &'a [FileFacts]) -> Self {
        let families: Vec<Option<Family>> = files.iter().map(family_of).collect();
        let mut index = Index {
            files,
            facts,
            by_path: files.iter().zip(0u32..).map(|(file, id)| (file.path.as_str(), id)).collect(),
            by_name: FxHashMap::default(),
            qualified: std::array::from_fn(|_| FxHashMap::default()),
            simple: std::array::from_fn(|_| FxHashMap::default()),
            members: vec![Vec::new(); files.len()],
            families,
        };
        for (file, id) in files.iter().zip(0u32..) {
            index.by_name.entry(split(&file.path).1).or_default().push(id);
        }
        for (one, id) in facts.iter().zip(0u32..).take(files.len()) {
            let Some(family) = index.family(id) else { continue };
            for definition in &one.definitions {
                let inner = definition.parent.and_then(|parent| one.definitions.get(parent as usize));
                let inside_code = inner.is_some_and(|parent| !holds_types(parent.kind));
                let free = inner.is_none_or(|parent| parent.kind == DefinitionKind::Module);
                // PHP constants are set by whichever file sets the program up, often several: they tell no file.
                let setting = family == Family::Php && definition.kind == DefinitionKind::Constant;
                if setting || inside_code || !(is_type(definition.kind) || (free && is_free(definition.kind))) {
                    continue;
                }
                push(index.qualified[family as usize].entry(definition.qualified.as_str()).or_default(), id);
                push(index.simple[family as usize].entry(definition.name.as_str()).or_default(), id);
                index.members[id as usize].push(definition.name.as_str());
            }
        }
        for members in &mut index.members {
            members.sort_unstable();
            members.dedup();
        }
        index
    }

    pub(super) fn family(&self, id: u32) -> Option<Family> {
        self.families.get(id as usize).copied().flatten()
    }

    /// All files of a family, by id.
    pub(super) fn of_family(&self, family: Family) -> impl Iterator<Item = u32> + '_ {
        (0u32..).zip(&self.families).filter(move |(_, one)| **one == Some(family)).map(|(id, _)| id)
    }

    pub(super) fn path(&self, id: u32) -> &'a str {
        self.files.get(id as usize).map_or("", |file| file.path.as_str())
    }

    /// The folder of a file, empty for the top.
    pub(super) fn folder(&self, id: u32) -> &'a str {
        split(self.path(id)).0
    }

    pub(super) fn at(&self, path: &str) -> Option<u32> {
        self.by_path.get(path).copied()
    }

    /// Files with this file name.
    pub(super) fn named(&self, name: &str) -> &[u32] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The one file whose path ends with these parts; `None` when several do.
    pub(super) fn by_suffix(&self, suffix: &str) -> Option<u32> {
        let suffix = suffix.trim_start_matches('/');
        let mut found = self.named(split(suffix).1).iter().copied().filter(|id| ends_with_path(self.path(*id), suffix));
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// Files that define a qualified name.
    pub(super) fn qualified(&self, family: Family, name: &str) -> &[u32] {
        self.qualified[family as usize].get(name).map_or(&[], Vec::as_slice)
    }

    /// Files that define a type or free function of this simple name.
    pub(super) fn simple(&self, family: Family, name: &str) -> &[u32] {
        self.simple[family as usize].get(name).map_or(&[], Vec::as_slice)
    }

    /// True when the file defines a type or free function of this simple name.
    pub(super) fn defines(&self, id: u32, name: &str) -> bool {
        self.members.get(id as usize).is_some_and(|members| members.binary_search(&name).is_ok())
    }

    /// The candidate nearest to `from`: the same scope before another, then the longest way in common.
    pub(super) fn nearest(&self, from: u32, candidates: &[u32]) -> Option<u32> {
        let scope = |id: u32| self.files.get(id as usize).map_or(Scope::Main, |file| file.scope);
        let own = self.path(from);
        candidates.iter().copied().min_by_key(|&id| {
            let common = own.bytes().zip(self.path(id).bytes()).take_while(|(a, b)| a == b).count();
            (scope(id) != Scope::Main && scope(id) != scope(from), Reverse(common), id)
        })
    }

    /// Simple and qualified names of types, sorted. A library that was copied in stays the library.
    pub(super) fn own_types(&self) -> Vec<Name> {
        let mut own: Vec<Name> = Vec::new();
        let written = self.files.iter().zip(self.facts).filter(|(file, _)| file.scope != Scope::Vendored);
        for definition in written.flat_map(|(_, one)| &one.definitions) {
            if matches!(
                definition.kind,
                DefinitionKind::Class | DefinitionKind::Interface | DefinitionKind::Enum | DefinitionKind::Alias
            ) {
                own.push(definition.name.clone());
                own.push(definition.qualified.clone());
            }
        }
        own.sort_unstable();
        own.dedup();
        own
    }
}

fn push(list: &mut Vec<u32>, id: u32) {
    if list.last() != Some(&id) {
        list.push(id);
    }
}

/// Folder and name of a path.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// True when `path` is `suffix` or ends with it behind a slash.
pub(super) fn ends_with_path(path: &str, suffix: &str) -> bool {
    path.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

fn is_type(kind: DefinitionKind) -> bool {
    use DefinitionKind::{Alias, Class, Enum, Interface, Module};
    matches!(kind, Class | Interface | Enum | Alias | Module)
}

fn holds_types(kind: DefinitionKind) -> bool {
    is_type(kind)
}

fn is_free(kind: DefinitionKind) -> bool {
    matches!(kind, DefinitionKind::Function | DefinitionKind::Constant)
}

fn family_of(file: &SourceFile) -> Option<Family> {
    Some(match file.language?.0 {
        "java" => Family::Java,
        "csharp" => Family::CSharp,
        "php" => Family::Php,
        "python" => Family::Python,
        "javascript" | "typescript" => Family::Script,
        "ruby" => Family::Ruby,
        "go" => Family::Go,
        "rust" => Family::Rust,
        _ => return None,
    })
}
