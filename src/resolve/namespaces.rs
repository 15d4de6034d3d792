//! Java, C# and PHP: names live in packages or namespaces, imports name them, files follow from the definitions.

use rustc_hash::FxHashMap;

use super::Uses;
use super::index::{Family, Index, ends_with_path, split};
use super::members::Members;
use super::paths::{anchored, join, prefixes, upwards};
use crate::facts::{DefinitionKind, FileFacts, Import, ImportKind, RefKind};

/// More files than this for a name that no import settles: no edge.
const AMBIGUOUS: usize = 3;

/// What the imports of one file bring in.
#[derive(Default)]
pub(super) struct Scope {
    /// Local name → qualified name.
    names: FxHashMap<String, String>,
    /// Packages and namespaces of which every name is visible.
    open: Vec<String>,
}

/// Adds the uses of other files by file `id`.
pub(super) fn link<'a>(index: &Index<'a>, members: &Members<'a>, id: u32, facts: &'a FileFacts, out: &mut Uses) {
    let Some(family) = index.family(id) else { return };
    let namespace = dotted(&facts.namespace);
    let mut scope = Scope::default();
    for import in &facts.imports {
        take(index, id, family, import, &mut scope, out);
    }
    for reference in &facts.references {
        let name = reference.name.as_str();
        if name.contains('#') {
            members.follow(index, id, name, &mut |to| out.reference(to, reference));
            continue;
        }
        let absolute = name.starts_with(['.', '\\']) || reference.kind == RefKind::Loader;
        let name = dotted(name);
        if reference.kind == RefKind::Loader && name.contains('/') {
            if let Some(to) = loaded(index, id, &name) {
                out.reference(to, reference);
            }
            continue;
        }
        let mut found = resolve(index, id, family, &name, absolute, &namespace, &scope);
        // PHP's functions and classes live apart: `sha1()` is no class of that name.
        if family == Family::Php && reference.kind == RefKind::Call && !reference.name.contains(['.', ':']) {
            let simple = name.rsplit('.').next().unwrap_or_default();
            found.retain(|to| defines_function(index, *to, simple));
        }
        if found.is_empty() && family == Family::CSharp && reference.kind == RefKind::Annotation {
            found = resolve(index, id, family, &format!("{name}Attribute"), absolute, &namespace, &scope);
        }
        // C#: `global using` and implicit usings stand in other files: a name that only one file defines is that one.
        // Attributes are left out, the framework's have the same names.
        let head = name.split('.').next().unwrap_or_default();
        if found.is_empty()
            && family == Family::CSharp
            && !absolute
            && reference.kind != RefKind::Annotation
            && head.starts_with(char::is_uppercase)
            && !scope.names.contains_key(head)
            && !index.defines(id, head)
            && let [only] = index.simple(family, head)
        {
            found.push(*only);
        }
        for to in found {
            out.reference(to, reference);
        }
    }
}

fn defines_function(index: &Index<'_>, id: u32, name: &str) -> bool {
    let facts = index.facts.get(id as usize);
    facts.is_some_and(|facts| {
        facts.definitions.iter().any(|one| one.name == name && one.kind == DefinitionKind::Function)
    })
}

/// What the imports of a file bring in, for names of it that are met elsewhere.
pub(super) fn scope_of(index: &Index<'_>, id: u32) -> Scope {
    let mut scope = Scope::default();
    if let (Some(family), Some(facts)) = (index.family(id), index.facts.get(id as usize)) {
        let mut aside = Uses::new(&FileFacts::default());
        for import in facts.imports.iter().filter(|import| import.kind != ImportKind::File) {
            take(index, id, family, import, &mut scope, &mut aside);
        }
    }
    scope
}

/// The files of a type's name as file `id` writes it; not the file's own types.
pub(super) fn type_files(index: &Index<'_>, id: u32, name: &str, scope: &Scope) -> Vec<u32> {
    let (Some(family), Some(facts)) = (index.family(id), index.facts.get(id as usize)) else { return Vec::new() };
    let found = resolve(index, id, family, name, false, &dotted(&facts.namespace), scope);
    if found.is_empty()
        && family == Family::CSharp
        && !index.defines(id, name)
        && let [only] = index.simple(family, name)
    {
        return vec![*only];
    }
    found
}

/// Reads one import: what it brings in, and the edge to the file that defines it.
fn take(index: &Index<'_>, id: u32, family: Family, import: &Import, scope: &mut Scope, out: &mut Uses) {
    if import.kind == ImportKind::File {
        if let Some(to) = include(index, id, import) {
            out.import(to, import.line);
        }
        return;
    }
    let path = dotted(&import.path);
    let path = path.strip_suffix(".*").unwrap_or(&path);
    match (import.kind, family) {
        (ImportKind::Wildcard, _) => scope.open.push(path.to_string()),
        // `using A.B` names a namespace, or (with an alias) a type.
        (ImportKind::Name, Family::CSharp) if import.alias.is_none() => {
            scope.open.push(path.to_string());
            return;
        }
        _ => {}
    }
    let whole = match &import.item {
        Some(item) if item != "*" => format!("{path}.{item}"),
        _ => path.to_string(),
    };
    if import.kind == ImportKind::Static && (import.path.ends_with('*') || import.item.is_none()) {
        scope.open.push(path.to_string());
    }
    let local = import.alias.as_deref().or_else(|| whole.rsplit('.').next()).unwrap_or_default();
    if import.kind != ImportKind::Wildcard {
        scope.names.insert(local.to_string(), whole.clone());
    }
    if let Some(to) = lookup(index, id, family, &whole, if family == Family::Java { 0 } else { whole.len() }).first() {
        out.import(*to, import.line);
    }
}

/// The files that a name means: none, one, or the parts of a partial class.
fn resolve(
    index: &Index<'_>,
    id: u32,
    family: Family,
    name: &str,
    absolute: bool,
    namespace: &str,
    scope: &Scope,
) -> Vec<u32> {
    let (head, rest) = name.split_once('.').map_or((name, ""), |(head, rest)| (head, rest));
    let own = match family {
        Family::Php => matches!(head, "self" | "parent" | "static"),
        _ => matches!(head, "this" | "super" | "base"),
    };
    if name.is_empty() || own {
        return Vec::new();
    }
    if absolute {
        return lookup(index, id, family, name, 0);
    }
    if let Some(qualified) = scope.names.get(head) {
        let whole = if rest.is_empty() { qualified.clone() } else { format!("{qualified}.{rest}") };
        // Only Java imports members; elsewhere `Foo` is not what an unknown `Foo\Bar` means.
        let floor = if family == Family::Java { 0 } else { qualified.len() };
        return lookup(index, id, family, &whole, floor);
    }
    // What the file defines itself hides everything but imports.
    if index.defines(id, head) {
        return Vec::new();
    }
    let mut at = namespace;
    while !at.is_empty() {
        let found = lookup_below(index, id, family, at, name);
        if !found.is_empty() {
            return found;
        }
        at = if family == Family::CSharp { at.rsplit_once('.').map_or("", |(above, _)| above) } else { "" };
    }
    for open in &scope.open {
        let found = lookup_below(index, id, family, open, name);
        if !found.is_empty() {
            return found;
        }
    }
    // A qualified name written out; or, outside namespaces, a global one. Java has no global names.
    if !rest.is_empty() || family != Family::Java {
        let found = lookup(index, id, family, name, 0);
        if !found.is_empty() {
            return found;
        }
    } else if namespace.is_empty() && index.qualified(family, name).len() <= AMBIGUOUS {
        return lookup(index, id, family, name, 0);
    }
    Vec::new()
}

/// `name` inside `package`: at least the first part of the name must be defined there.
fn lookup_below(index: &Index<'_>, id: u32, family: Family, package: &str, name: &str) -> Vec<u32> {
    let whole = format!("{package}.{name}");
    prefixes(&whole)
        .take_while(|prefix| prefix.len() > package.len())
        .map(|prefix| choose(index, id, family, prefix))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// The longest part of a qualified name, of at least `floor` bytes, that some file defines.
fn lookup(index: &Index<'_>, id: u32, family: Family, name: &str, floor: usize) -> Vec<u32> {
    prefixes(name)
        .take_while(|prefix| prefix.len() >= floor)
        .map(|prefix| choose(index, id, family, prefix))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// The files of exactly this name: the nearest, and for C# the other parts of the class beside it.
fn choose(index: &Index<'_>, id: u32, family: Family, name: &str) -> Vec<u32> {
    let all = index.qualified(family, name);
    if all.len() > AMBIGUOUS && !name.contains('.') {
        return Vec::new();
    }
    let Some(nearest) = index.nearest(id, all) else { return Vec::new() };
    if all.contains(&id) {
        return Vec::new();
    }
    if family == Family::CSharp && all.len() <= AMBIGUOUS {
        return all.iter().copied().filter(|other| index.folder(*other) == index.folder(nearest)).collect();
    }
    vec![nearest]
}

/// The file that an include means: from the file's own folder, from a folder above, or by the only path that ends so.
fn include(index: &Index<'_>, id: u32, import: &Import) -> Option<u32> {
    let folder = index.folder(id);
    let by_value = anchored(&import.value, folder);
    let text = match &by_value {
        Some(Ok(text) | Err(text)) => text.as_str(),
        None => import.path.as_str(),
    };
    let text = text.trim_start_matches("{}");
    if matches!(by_value, Some(Ok(_)))
        && text.starts_with('/')
        && let Some(to) = join("", text).and_then(|path| index.at(&path))
    {
        return Some(to);
    }
    let relative = text.trim_start_matches('/');
    upwards(folder)
        .find_map(|above| join(above, relative).and_then(|path| index.at(&path)))
        .or_else(|| index.by_suffix(relative.trim_start_matches("../").trim_start_matches("./")))
}

/// The file that a loader finds by kind and path, `model/catalog/product`: the nearest `model/catalog/product.php`, or,
/// as CodeIgniter has it, `models/catalog/Product.php`.
fn loaded(index: &Index<'_>, id: u32, name: &str) -> Option<u32> {
    let (kind, path) = name.split_once('/')?;
    let plural = if let Some(stem) = kind.strip_suffix('y') { format!("{stem}ies") } else { format!("{kind}s") };
    let (folder, last) = split(path);
    let mut capital = last.to_string();
    if let Some(first) = capital.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    [kind, &plural].into_iter().find_map(|kind| {
        [last, &capital].into_iter().find_map(|last| {
            let suffix = format!("{kind}/{folder}{last}.php");
            let found: Vec<u32> = index
                .named(split(&suffix).1)
                .iter()
                .copied()
                .filter(|to| ends_with_path(index.path(*to), &suffix))
                .collect();
            index.nearest(id, &found)
        })
    })
}

/// Separators as dots, none at the ends.
fn dotted(name: &str) -> String {
    name.replace("::", ".").replace('\\', ".").trim_matches('.').to_string()
}
