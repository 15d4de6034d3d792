//! Imports of JavaScript and TypeScript: statements, `export … from`, `require` and `import()`.

use tree_sitter::Node;

use super::Hooks;
use super::javascript::{JavaScript, children, module, requested};
use crate::facts::{Import, ImportKind, Name, Value};
use crate::syntax::extract::{Walk, dotted};
use crate::syntax::mapping::Role;

/// `import … from 'x'`, `import 'x'`, `import x = require('y')`, `import x = A.B`.
pub(super) fn import<'t>(walk: &mut Walk<'t>, node: Node<'t>) {
    let parts = children(node);
    if node.kind() == "import_alias" {
        if let [local, full] = parts.as_slice() {
            let full = walk.qualify(&walk.dotted(*full));
            walk.names.insert(Name::from(walk.text(*local)), full);
        }
        return;
    }
    let type_only = node.child(1).is_some_and(|c| c.kind() == "type");
    if let Some(clause) = parts.iter().find(|c| c.kind() == "import_require_clause") {
        let source = clause.child_by_field_name("source").and_then(|s| module(walk, s));
        if let (Some(source), Some(local)) = (source, clause.named_child(0)) {
            let local = Name::from(walk.text(local));
            walk.names.insert(local.clone(), JavaScript.normalise(source.clone()));
            push(walk, node, source, (None, Some(local)), ImportKind::Name, type_only);
        }
        return;
    }
    let Some(source) = node.child_by_field_name("source").and_then(|s| module(walk, s)) else { return };
    let plain = JavaScript.normalise(source.clone());
    let mut found: Vec<(Option<Name>, Option<Name>, bool)> = Vec::new();
    for part in parts.iter().filter(|c| c.kind() == "import_clause").flat_map(|c| children(*c)) {
        match part.kind() {
            "identifier" => {
                let local = Name::from(walk.text(part));
                walk.names.insert(local.clone(), plain.clone());
                found.push((Some(Name::const_new("default")), Some(local), type_only));
            }
            "namespace_import" => {
                if let Some(local) = part.named_child(0).map(|n| Name::from(walk.text(n))) {
                    walk.names.insert(local.clone(), plain.clone());
                    found.push((None, Some(local), type_only));
                }
            }
            _ => {
                for (name, alias, only) in specifiers(walk, part) {
                    let local = alias.clone().unwrap_or_else(|| name.clone());
                    let full = JavaScript.normalise(dotted(&plain, &name));
                    walk.names.insert(local, full);
                    found.push((Some(name), alias, type_only || only));
                }
            }
        }
    }
    if found.is_empty() {
        found.push((None, None, type_only));
    }
    for (item, alias, type_only) in found {
        push(walk, node, source.clone(), (item, alias), ImportKind::Name, type_only);
    }
}

/// `export … from 'x'`; other exports hand on nothing.
pub(super) fn export<'t>(walk: &mut Walk<'t>, node: Node<'t>) {
    let Some(source) = node.child_by_field_name("source").and_then(|s| module(walk, s)) else { return };
    let type_only = node.child(1).is_some_and(|c| c.kind() == "type");
    let mut found = Vec::new();
    for part in children(node) {
        match part.kind() {
            "export_clause" => {
                let named = specifiers(walk, part).into_iter();
                found.extend(named.map(|(name, alias, only)| (Some(name), alias, type_only || only)));
            }
            "namespace_export" => {
                let alias = part.named_child(0).map(|n| Name::from(walk.text(n)));
                found.push((Some(Name::const_new("*")), alias, type_only));
            }
            _ => {}
        }
    }
    if found.is_empty() {
        found.push((None, None, type_only));
    }
    for (item, alias, type_only) in found {
        push(walk, node, source.clone(), (item, alias), ImportKind::ReExport, type_only);
    }
}

/// `require('x')` and `import('x')`, with the names that the result is bound to.
pub(super) fn require<'t>(walk: &mut Walk<'t>, node: Node<'t>) {
    let Some(argument) = requested(walk, node) else { return };
    let value = walk.value_of(argument);
    let (source, value) = match value {
        Value::Str(source) => (source, Value::Unknown),
        value => match from_own_folder(&value) {
            Some(value) => (Name::from(value.template().unwrap_or_default()), value),
            None => return,
        },
    };
    let local = source.starts_with(['.', '/', '{']);
    let mut kind = if local { ImportKind::File } else { ImportKind::Name };
    let mut member: Option<Name> = None;
    let mut bound: Vec<(Option<Name>, Option<Name>)> = Vec::new();
    let mut child = node;
    for frame in walk.stack.iter().rev().take(6) {
        let parent = frame.node;
        match frame.role {
            Role::Paren => {}
            Role::Member if member.is_none() => {
                member = parent.child_by_field_name("property").map(|p| Name::from(walk.text(p)));
            }
            // `require('x')(argument)` keeps the name
            Role::Call if parent.child_by_field_name("function").is_some_and(|f| f.id() == child.id()) => {}
            Role::Declarator => {
                match parent.child_by_field_name("name") {
                    Some(pattern) if pattern.kind() == "object_pattern" => {
                        for (key, alias) in keys(walk, pattern) {
                            let local = alias.clone().unwrap_or_else(|| key.clone());
                            bound.push(match &member {
                                Some(member) => (Some(member.clone()), Some(local)),
                                None => (Some(key), alias),
                            });
                        }
                    }
                    Some(name) if name.kind() == "identifier" => {
                        bound.push((member.clone(), Some(Name::from(walk.text(name)))));
                    }
                    _ => {}
                }
                break;
            }
            Role::Assign => {
                let left = parent.child_by_field_name("left");
                let text = left.map_or("", |l| walk.text(l));
                let handed = text.strip_prefix("module.").unwrap_or(text).strip_prefix("exports");
                match (handed, left.map(|l| l.kind())) {
                    (Some(rest), _) => {
                        kind = ImportKind::ReExport;
                        let alias = rest.strip_prefix('.').map(Name::from);
                        bound.push((member.clone(), alias));
                    }
                    (None, Some("identifier")) => bound.push((member.clone(), Some(Name::from(text)))),
                    _ => {}
                }
                break;
            }
            _ => break,
        }
        child = parent;
    }
    if bound.is_empty() {
        bound.push((member, None));
    }
    let line = walk.line(node);
    for (item, alias) in bound {
        let (path, value) = (source.clone(), value.clone());
        walk.facts.imports.push(Import { path, item, alias, kind, type_only: false, value, line });
    }
}

/// A path below the file's own folder: `__dirname + '/x'`, `path.join(__dirname, 'x')`.
fn from_own_folder(value: &Value) -> Option<Value> {
    let own = |value: &Value| matches!(value, Value::Name(name) if name == "__dirname");
    match value {
        Value::Joined(parts) if parts.first().is_some_and(own) => Some(value.clone()),
        Value::Call { name, args, .. } if matches!(name.as_str(), "path.join" | "path.resolve") => {
            let (first, rest) = args.split_first().filter(|(first, _)| own(first))?;
            let texts: Option<Vec<&str>> = rest.iter().map(Value::as_str).collect();
            Some(Value::Joined(vec![first.clone(), Value::Str(Name::from(format!("/{}", texts?.join("/"))))]))
        }
        _ => None,
    }
}

fn push<'t>(
    walk: &mut Walk<'t>,
    node: Node<'t>,
    path: Name,
    (item, alias): (Option<Name>, Option<Name>),
    kind: ImportKind,
    type_only: bool,
) {
    let line = walk.line(node);
    walk.facts.imports.push(Import { path, item, alias, kind, type_only, value: Value::Unknown, line });
}

/// Names and aliases in braces; true where only the type is meant.
fn specifiers<'t>(walk: &Walk<'t>, node: Node<'t>) -> Vec<(Name, Option<Name>, bool)> {
    let name = |node: Node<'t>| Name::from(walk.text(node).trim_matches(['"', '\'']));
    let one = |node: Node<'t>| {
        let only = node.child(0).is_some_and(|c| c.kind() == "type");
        Some((name(node.child_by_field_name("name")?), node.child_by_field_name("alias").map(name), only))
    };
    children(node).into_iter().filter_map(one).collect()
}

/// Keys of an object pattern, with the local name where it differs.
fn keys<'t>(walk: &Walk<'t>, pattern: Node<'t>) -> Vec<(Name, Option<Name>)> {
    let one = |part: Node<'t>| match part.kind() {
        "pair_pattern" => {
            let (key, value) = (part.child_by_field_name("key")?, part.child_by_field_name("value")?);
            let local = (value.kind() == "identifier").then(|| Name::from(walk.text(value)));
            Some((Name::from(walk.text(key)), local))
        }
        "object_assignment_pattern" => part.named_child(0).map(|n| (Name::from(walk.text(n)), None)),
        "shorthand_property_identifier_pattern" => Some((Name::from(walk.text(part)), None)),
        _ => None,
    };
    children(pattern).into_iter().filter_map(one).collect()
}
