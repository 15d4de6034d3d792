//! Ruby: required files, and constants that the loader finds by name.

use std::collections::BTreeSet;

use super::Uses;
use super::index::{Family, Index, ends_with_path};
use super::paths::{anchored, join, prefixes};
use crate::facts::{DefinitionKind, FileFacts, ImportKind};
use rustc_hash::FxHashMap;

/// What the classes and modules of the repository inherit from and include.
pub(super) struct Ancestors<'a> {
    bases: FxHashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Ancestors<'a> {
    pub(super) fn new(index: &Index<'a>) -> Self {
        let mut bases: FxHashMap<&'a str, Vec<&'a str>> = FxHashMap::default();
        for id in index.of_family(Family::Ruby) {
            for one in index.facts.get(id as usize).into_iter().flat_map(|facts| &facts.definitions) {
                if let (DefinitionKind::Class | DefinitionKind::Module, Some(names)) = (one.kind, &one.type_name) {
                    bases.entry(one.qualified.as_str()).or_default().extend(names.split(','));
                }
            }
        }
        Ancestors { bases }
    }

    /// All that a constant inherits from, as far as the repository defines it, nearest first.
    fn of(&self, index: &Index<'_>, constant: &str, out: &mut Vec<String>) {
        let mut open = vec![constant.to_string()];
        let mut at = 0;
        while let Some(here) = open.get(at).cloned() {
            at += 1;
            for base in self.bases.get(here.as_str()).into_iter().flatten() {
                let bare = base.trim_matches('.');
                let nested = prefixes(&here).skip(1).filter(|_| !base.starts_with('.'));
                let known = nested
                    .map(|outer| format!("{outer}.{bare}"))
                    .chain([bare.to_string()])
                    .find(|whole| !index.qualified(Family::Ruby, whole).is_empty());
                if let Some(known) = known.filter(|known| !open.contains(known))
                    && open.len() < MOST_ANCESTORS
                {
                    open.push(known);
                }
            }
        }
        out.extend(open.into_iter().skip(1));
    }
}

/// Ancestors that are looked at.
const MOST_ANCESTORS: usize = 64;

/// Adds the uses of other files by file `id`.
pub(super) fn link(index: &Index<'_>, ancestors: &Ancestors<'_>, id: u32, facts: &FileFacts, out: &mut Uses) {
    for import in &facts.imports {
        if import.kind == ImportKind::Wildcard {
            continue;
        }
        let text = match anchored(&import.value, index.folder(id)) {
            Some(Ok(text) | Err(text)) => text,
            None => import.path.to_string(),
        };
        if let Some(to) = required(index, id, &text) {
            out.import(to, import.line);
        }
    }
    // The nesting of a use is not known: every module and class of the file may be around it, inner ones first.
    let mut nestings: BTreeSet<String> = BTreeSet::new();
    for definition in &facts.definitions {
        if matches!(definition.kind, DefinitionKind::Class | DefinitionKind::Module) {
            nestings.extend(prefixes(&definition.qualified).map(str::to_string));
        }
    }
    let mut nestings: Vec<String> = nestings.into_iter().collect();
    nestings.sort_by_key(|nesting| std::cmp::Reverse(nesting.matches('.').count()));
    let mut inherited = Vec::new();
    nestings.iter().for_each(|nesting| ancestors.of(index, nesting, &mut inherited));
    nestings.extend(inherited);
    for reference in &facts.references {
        let top = reference.name.starts_with('.');
        let name = reference.name.replace("::", ".");
        let name = name.trim_matches('.');
        if !name.starts_with(char::is_uppercase) {
            continue;
        }
        let nested = nestings.iter().filter(|_| !top).map(|nesting| format!("{nesting}.{name}"));
        for whole in nested.chain([name.to_string()]) {
            let floor = whole.len() - name.len() + name.find('.').unwrap_or(name.len());
            let found =
                prefixes(&whole).take_while(|prefix| prefix.len() >= floor).find_map(|p| constant(index, id, p));
            match found {
                Some(Some(to)) => out.reference(to, reference),
                Some(None) => {}
                None => continue,
            }
            break;
        }
    }
}

/// Classes that Ruby itself has: a file that opens one again is not what a use of it means.
const CORE: [&str; 36] = [
    "Array",
    "BasicObject",
    "Class",
    "Comparable",
    "Date",
    "DateTime",
    "Dir",
    "Enumerable",
    "Enumerator",
    "Exception",
    "FalseClass",
    "File",
    "FileUtils",
    "Float",
    "Hash",
    "IO",
    "Integer",
    "Kernel",
    "Math",
    "Method",
    "Module",
    "NilClass",
    "Numeric",
    "Object",
    "Pathname",
    "Proc",
    "Random",
    "Range",
    "Regexp",
    "Set",
    "StandardError",
    "String",
    "Struct",
    "Symbol",
    "Time",
    "TrueClass",
];

/// Top modules of libraries that programs like to open again.
const LIBRARIES: [&str; 14] = [
    "ActionCable",
    "ActionController",
    "ActionDispatch",
    "ActionMailer",
    "ActionView",
    "ActiveJob",
    "ActiveModel",
    "ActiveRecord",
    "ActiveStorage",
    "ActiveSupport",
    "I18n",
    "Net",
    "Rack",
    "Rails",
];

/// The file of a constant: `None` where nothing defines it, `Some(None)` where it is the file's own or too many define it.
fn constant(index: &Index<'_>, id: u32, name: &str) -> Option<Option<u32>> {
    let all = index.qualified(Family::Ruby, name);
    if all.is_empty() {
        return None;
    }
    if all.contains(&id) {
        return Some(None);
    }
    if CORE.binary_search(&name).is_ok() {
        return Some(None);
    }
    let home = format!("{}.rb", underscore(name));
    let at_home: Vec<u32> = all.iter().copied().filter(|to| ends_with_path(index.path(*to), &home)).collect();
    if !at_home.is_empty() {
        return Some(index.nearest(id, &at_home));
    }
    let library = LIBRARIES.binary_search(&name.split('.').next().unwrap_or_default()).is_ok();
    Some(if library || all.len() > 3 { None } else { index.nearest(id, all) })
}

/// The path that the loader expects a constant in: `Admin.HTTPClient` → `admin/http_client`.
pub(super) fn underscore(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let chars: Vec<char> = name.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        if c == '.' {
            out.push('/');
            continue;
        }
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1);
        let starts = c.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase() || b.is_ascii_digit() || (b.is_uppercase() && after.is_some_and(|a| a.is_lowercase()))
            });
        if starts {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// The file that a `require` means: beside the file, or below some `lib`, `app` or the top.
fn required(index: &Index<'_>, id: u32, text: &str) -> Option<u32> {
    let text = text.trim_start_matches("{}");
    let path = if text.ends_with(".rb") { text.to_string() } else { format!("{text}.rb") };
    let folder = index.folder(id);
    if let Some(to) = join(folder, &path).and_then(|path| index.at(&path)) {
        return Some(to);
    }
    let bare = path.trim_start_matches('/');
    if bare.starts_with("./") || bare.starts_with("../") {
        return None;
    }
    let found: Vec<u32> = index
        .named(super::index::split(bare).1)
        .iter()
        .copied()
        .filter(|to| {
            index.path(*to).strip_suffix(bare).is_some_and(|root| {
                root.is_empty() || ["lib/", "app/", "spec/", "test/"].iter().any(|end| ends_with_path(root, end))
            })
        })
        .collect();
    index.nearest(id, &found)
}
