//! What the names of a file mean: `use` declarations flattened, and paths expanded by them.

use rustc_hash::{FxHashMap, FxHashSet};
use syn::{ItemUse, Path, UseTree, Visibility};

use crate::facts::{Import, ImportKind, Name, Value};

/// Local names and what they stand for, dotted.
#[derive(Debug, Default)]
pub(super) struct Names {
    map: FxHashMap<Name, Name>,
    /// Paths of `use a::b::*`, dotted, in source order.
    globs: Vec<Name>,
    /// First parts of what was imported: a path that starts so is whole.
    roots: FxHashSet<Name>,
}

impl Names {
    /// Takes a local name; the first one wins, as outer declarations come first.
    pub(super) fn add(&mut self, local: &str, dotted: Name) {
        self.roots.insert(Name::from(dotted.split('.').next().unwrap_or_default()));
        self.map.entry(Name::from(local)).or_insert(dotted);
    }

    /// Takes the path of a glob.
    pub(super) fn add_glob(&mut self, dotted: Name) {
        if !self.globs.contains(&dotted) {
            self.globs.push(dotted);
        }
    }

    /// The dotted path with its first part replaced by what it stands for.
    pub(super) fn expand(&self, dotted: &str) -> Name {
        let (first, rest) = match dotted.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (dotted, None),
        };
        match (self.map.get(first), rest) {
            (Some(known), Some(rest)) => compact_str::format_compact!("{known}.{rest}"),
            (Some(known), None) => known.clone(),
            (None, _) => Name::from(dotted),
        }
    }

    /// Other names that globs may give to a path whose first part no `use` names.
    pub(super) fn also(&self, dotted: &str) -> Vec<Name> {
        let first = dotted.split('.').next().unwrap_or(dotted);
        if self.roots.contains(first)
            || self.map.contains_key(first)
            || matches!(first, "std" | "core" | "crate" | "self" | "super" | "?")
        {
            return Vec::new();
        }
        // The glob of an enum brings variants, no modules and no functions.
        let variant = is_type_like(dotted) && !dotted.contains('.');
        let fits = |glob: &&Name| variant || !is_type_like(glob.rsplit('.').next().unwrap_or(glob));
        self.globs.iter().filter(fits).map(|glob| compact_str::format_compact!("{glob}.{dotted}")).collect()
    }
}

/// An identifier without `r#`.
pub(super) fn ident(ident: &syn::Ident) -> Name {
    let text = ident.to_string();
    Name::from(text.strip_prefix("r#").unwrap_or(&text))
}

/// A path with dots, generic arguments removed.
pub(super) fn dotted(path: &Path) -> Name {
    let mut out = Name::default();
    for segment in &path.segments {
        if !out.is_empty() {
            out.push('.');
        }
        out.push_str(&ident(&segment.ident));
    }
    out
}

/// True for a name that looks like a type: `File`, not `fs`.
pub(super) fn is_type_like(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase)
}

/// Flattens a `use` declaration; `modules` are the inline modules around it.
pub(super) fn flatten(item: &ItemUse, modules: &[Name], line: u32, imports: &mut Vec<Import>, names: &mut Names) {
    let kind = match item.vis {
        Visibility::Inherited => ImportKind::Name,
        _ => ImportKind::ReExport,
    };
    let mut walk = Flatten { modules, kind, line, imports, names };
    walk.tree(&item.tree, &mut Vec::new());
}

struct Flatten<'a> {
    modules: &'a [Name],
    kind: ImportKind,
    line: u32,
    imports: &'a mut Vec<Import>,
    names: &'a mut Names,
}

impl Flatten<'_> {
    fn tree(&mut self, tree: &UseTree, path: &mut Vec<Name>) {
        match tree {
            UseTree::Path(part) => {
                path.push(ident(&part.ident));
                self.tree(&part.tree, path);
                path.pop();
            }
            UseTree::Name(name) => self.one(path, &ident(&name.ident), None),
            UseTree::Rename(name) => self.one(path, &ident(&name.ident), Some(ident(&name.rename))),
            UseTree::Glob(_) => {
                let full = outward(path, self.modules);
                self.names.add_glob(Name::from(full.join(".")));
                // A public glob hands on everything; that it is a wildcard says more than that it is public.
                self.push(Name::from(full.join("::")), None, ImportKind::Wildcard);
            }
            UseTree::Group(group) => {
                for item in &group.items {
                    self.tree(item, path);
                }
            }
        }
    }

    fn one(&mut self, path: &[Name], last: &Name, alias: Option<Name>) {
        let mut full = path.to_vec();
        if last != "self" || full.is_empty() {
            full.push(last.clone());
        }
        let full = outward(&full, self.modules);
        let Some(own) = full.last().cloned() else { return };
        let local = alias.clone().unwrap_or(own);
        if local != "_" {
            self.names.add(&local, Name::from(full.join(".")));
        }
        self.push(Name::from(full.join("::")), alias, self.kind);
    }

    fn push(&mut self, path: Name, alias: Option<Name>, kind: ImportKind) {
        self.imports.push(Import {
            path,
            item: None,
            alias,
            kind,
            type_only: false,
            value: Value::Unknown,
            line: self.line,
        });
    }
}

/// A path written inside inline modules as the file's own module would write it.
fn outward(path: &[Name], modules: &[Name]) -> Vec<Name> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    let starts_self = path.first().is_some_and(|part| part == "self");
    if modules.is_empty() || (ups == 0 && !starts_self) {
        return path.to_vec();
    }
    if starts_self {
        let mut out = vec![Name::from("self")];
        out.extend(modules.iter().cloned());
        out.extend(path.iter().skip(1).cloned());
        return out;
    }
    let mut out = Vec::new();
    if ups <= modules.len() {
        out.push(Name::from("self"));
        out.extend(modules[..modules.len() - ups].iter().cloned());
    } else {
        out.extend(std::iter::repeat_n(Name::from("super"), ups - modules.len()));
    }
    out.extend(path.iter().skip(ups).cloned());
    out
}
