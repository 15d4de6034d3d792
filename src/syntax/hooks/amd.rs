//! Modules of JavaScript before `import`: AMD's `define` and `require` with a list, and what `require` is bound to.

use tree_sitter::Node;

use crate::facts::{Import, ImportKind, Name, Value};
use crate::syntax::extract::Walk;

/// Reads `define('name', ['a', './b'], function (a, b) {…})` and `require(['a'], …)`; true when the call is one.
/// The name, where there is one, becomes the namespace of the file.
pub(super) fn definition<'t>(walk: &mut Walk<'t>, node: Node<'t>) -> bool {
    let Some(function) = node.child_by_field_name("function") else { return false };
    let function = walk.text(function);
    if !matches!(function, "define" | "require" | "requirejs") {
        return false;
    }
    let args = walk.arguments(node);
    let Some(list) = args.iter().take(2).find(|arg| arg.kind() == "array").copied() else { return false };
    if function == "define"
        && let Some(name) = args.first().filter(|name| name.kind() == "string")
        && let Some(name) = walk.value_of(*name).as_str()
        && walk.facts.namespace.is_empty()
    {
        walk.facts.namespace = Name::from(name);
    }
    let parameters = args.last().and_then(|body| body.child_by_field_name("parameters"));
    let parameter = |at: usize| {
        let at = u32::try_from(at).ok()?;
        parameters.and_then(|list| list.named_child(at)).filter(|name| name.kind() == "identifier")
    };
    for at in 0..list.named_child_count() {
        let Some(element) = list.named_child(at as u32) else { continue };
        let value = walk.value_of(element);
        let Some(path) = value.as_str().filter(|path| !matches!(*path, "require" | "exports" | "module")) else {
            continue;
        };
        let alias = parameter(at).map(|name| Name::from(walk.text(name)));
        if let Some(local) = &alias {
            walk.names.insert(local.clone(), Name::from(path));
        }
        push(walk, element, Name::from(path), None, alias);
    }
    true
}

/// What the result of a `require` is called, as (member, local name): `const x = require(…)`,
/// `const { a, b: c } = require(…)`, `const x = require(…).a`.
pub(super) fn bound<'t>(walk: &Walk<'t>, node: Node<'t>) -> Vec<(Option<Name>, Option<Name>)> {
    let mut inner = node;
    let mut member = None;
    let mut outer = node.parent();
    while let Some(parent) = outer {
        match parent.kind() {
            "await_expression" | "parenthesized_expression" => {}
            "member_expression" if member.is_none() && parent.child_by_field_name("object") == Some(inner) => {
                member = parent.child_by_field_name("property").map(|name| Name::from(walk.text(name)));
            }
            _ => break,
        }
        inner = parent;
        outer = parent.parent();
    }
    let target = outer
        .filter(|parent| parent.kind() == "variable_declarator" && parent.child_by_field_name("value") == Some(inner))
        .and_then(|parent| parent.child_by_field_name("name"));
    match target {
        Some(name) if name.kind() == "identifier" => vec![(member, Some(Name::from(walk.text(name))))],
        Some(pattern) if pattern.kind() == "object_pattern" && member.is_none() => (0..pattern.named_child_count())
            .filter_map(|at| {
                let part = pattern.named_child(at as u32)?;
                let (key, local) = match part.kind() {
                    "pair_pattern" => (part.child_by_field_name("key")?, part.child_by_field_name("value")?),
                    "object_assignment_pattern" => (part.named_child(0)?, part.named_child(0)?),
                    "shorthand_property_identifier_pattern" => (part, part),
                    _ => return None,
                };
                Some((Some(Name::from(walk.text(key))), Some(Name::from(walk.text(local)))))
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn push<'t>(walk: &mut Walk<'t>, node: Node<'t>, path: Name, item: Option<Name>, alias: Option<Name>) {
    let line = walk.line(node);
    let kind = ImportKind::File;
    walk.facts.imports.push(Import { path, item, alias, kind, type_only: false, value: Value::Unknown, line });
}
