//! JavaScript and TypeScript: `import`, `require`, `export … from`, destructuring, promisified functions.

use tree_sitter::Node;

use super::Hooks;
use crate::facts::{Import, ImportKind, Name, Value};
use crate::syntax::extract::{Walk, dotted};
use crate::syntax::scopes::Var;
use crate::syntax::values::Target;

pub struct JavaScript;

impl Hooks for JavaScript {
    fn import<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        let type_only = walk.text(node).starts_with("import type");
        let Some(source) = node.child_by_field_name("source").and_then(|s| module(walk, s)) else {
            // `import x = require('y')`
            return;
        };
        let plain = self.normalise(source.clone());
        let mut found: Vec<(Option<Name>, Option<Name>)> = Vec::new();
        let clause = (0..node.named_child_count()).filter_map(|i| node.named_child(i as u32));
        for clause in clause.filter(|c| c.kind() == "import_clause") {
            for i in 0..clause.named_child_count() {
                let Some(part) = clause.named_child(i as u32) else { continue };
                match part.kind() {
                    "identifier" => {
                        let local = Name::from(walk.text(part));
                        walk.names.insert(local.clone(), plain.clone());
                        found.push((Some(Name::const_new("default")), Some(local)));
                    }
                    "namespace_import" => {
                        if let Some(local) = part.named_child(0).map(|n| Name::from(walk.text(n))) {
                            walk.names.insert(local.clone(), plain.clone());
                            found.push((None, Some(local)));
                        }
                    }
                    _ => {
                        for (name, alias) in specifiers(walk, part) {
                            let local = alias.clone().unwrap_or_else(|| name.clone());
                            let full =
                                if name == "default" { plain.clone() } else { self.normalise(dotted(&plain, &name)) };
                            walk.names.insert(local, full);
                            found.push((Some(name), alias));
                        }
                    }
                }
            }
        }
        if found.is_empty() {
            found.push((None, None));
        }
        for (item, alias) in found {
            push(walk, node, source.clone(), item, alias, ImportKind::Name, type_only);
        }
    }

    fn enter<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        if node.kind() == "formal_parameters" {
            for i in 0..node.named_child_count() {
                if let Some(child) = node.named_child(i as u32) {
                    let name = if child.kind() == "assignment_pattern" { child.named_child(0) } else { Some(child) };
                    if let Some(name) = name.filter(|n| n.kind() == "identifier") {
                        let name = walk.text(name);
                        walk.scopes.declare(name, Var { param: true, ..Var::default() });
                    }
                }
            }
            return;
        }
        let Some(source) = node.child_by_field_name("source").and_then(|s| module(walk, s)) else { return };
        let type_only = walk.text(node).starts_with("export type");
        let list = (0..node.named_child_count()).filter_map(|i| node.named_child(i as u32));
        let names: Vec<_> = list.filter(|c| c.kind() == "export_clause").flat_map(|c| specifiers(walk, c)).collect();
        if names.is_empty() {
            push(walk, node, source, None, None, ImportKind::ReExport, type_only);
            return;
        }
        for (name, alias) in names {
            push(walk, node, source.clone(), Some(name), alias, ImportKind::ReExport, type_only);
        }
    }

    fn on_call<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        if super::amd::definition(walk, node) {
            return;
        }
        let Some(source) = required(walk, node) else { return };
        let kind = if source.starts_with('.') { ImportKind::File } else { ImportKind::Name };
        let mut bound = super::amd::bound(walk, node);
        if bound.is_empty() {
            bound.push((None, None));
        }
        for (item, alias) in bound {
            push(walk, node, source.clone(), item, alias, kind, false);
        }
    }

    fn declared<'t>(&self, walk: &mut Walk<'t>, name: Node<'t>, init: Option<Node<'t>>) {
        if name.kind() != "object_pattern" {
            if let Some(source) = init.and_then(|i| required(walk, i)) {
                let local = Name::from(walk.text(name));
                walk.names.insert(local, self.normalise(source));
            }
            return;
        }
        let outer = init.map(|i| walk.target(i));
        for i in 0..name.named_child_count() {
            let Some(part) = name.named_child(i as u32) else { continue };
            let (key, local) = match part.kind() {
                "pair_pattern" => (part.child_by_field_name("key"), part.child_by_field_name("value")),
                "object_assignment_pattern" => (part.named_child(0), part.named_child(0)),
                _ => (Some(part), Some(part)),
            };
            let (Some(key), Some(local)) = (key, local) else { continue };
            let (key, local) = (walk.text(key), walk.text(local));
            let alias = match &outer {
                Some(Target::Static(outer)) => Some(self.normalise(dotted(outer, key))),
                _ => None,
            };
            if let Some(alias) = &alias {
                walk.names.insert(Name::from(local), alias.clone());
            }
            walk.scopes.declare(local, Var { alias, ..Var::default() });
        }
    }

    fn alias<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        if let Some(source) = required(walk, node) {
            return Some(self.normalise(source));
        }
        let function = node.child_by_field_name("function")?;
        if !walk.text(function).ends_with("promisify") {
            return None;
        }
        let first = walk.arguments(node).first().copied()?;
        walk.callee_at(first).map(|callee| callee.name)
    }

    fn normalise(&self, name: Name) -> Name {
        let text = name.strip_prefix("node:").unwrap_or(&name);
        let default = text.find(".default.").map(|at| format!("{}{}", &text[..at], &text[at + ".default".len()..]));
        let text = default.as_deref().unwrap_or(text);
        match text.strip_prefix("fs.promises") {
            Some(rest) if rest.is_empty() || rest.starts_with('.') => Name::from(format!("fs/promises{rest}")),
            _ => Name::from(text),
        }
    }

    fn type_name<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        let name = walk.dotted(node);
        (!name.contains(['|', '{', '='])).then_some(name)
    }

    fn member_param(&self, node: Node<'_>) -> bool {
        let children = (0..node.child_count().min(4)).filter_map(|i| node.child(i));
        children.into_iter().any(|c| matches!(c.kind(), "accessibility_modifier" | "readonly"))
    }

    fn candidates(&self, _walk: &Walk<'_>, _name: &str) -> Vec<Name> {
        Vec::new()
    }
}

fn push<'t>(
    walk: &mut Walk<'t>,
    node: Node<'t>,
    path: Name,
    item: Option<Name>,
    alias: Option<Name>,
    kind: ImportKind,
    type_only: bool,
) {
    let line = walk.line(node);
    walk.facts.imports.push(Import { path, item, alias, kind, type_only, value: Value::Unknown, line });
}

/// Text of a module's name.
fn module<'t>(walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
    walk.value_of(node).as_str().map(Name::from)
}

/// The module of `require('x')` and `import('x')`.
fn required<'t>(walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
    if node.kind() == "await_expression" {
        return required(walk, node.named_child(0)?);
    }
    let function = node.child_by_field_name("function")?;
    if !matches!(walk.text(function), "require" | "import") {
        return None;
    }
    let args = walk.arguments(node);
    module(walk, *args.first()?)
}

/// Names and aliases in braces.
fn specifiers<'t>(walk: &Walk<'t>, node: Node<'t>) -> Vec<(Name, Option<Name>)> {
    let children = (0..node.named_child_count()).filter_map(|i| node.named_child(i as u32));
    let named = children.filter_map(|c| Some((c.child_by_field_name("name")?, c.child_by_field_name("alias"))));
    named.map(|(n, a)| (Name::from(walk.text(n)), a.map(|a| Name::from(walk.text(a))))).collect()
}
