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

fn push<'t>(walk: &mut Walk<'t>, node: Node<'t>, path: Name, item: Option<Name>, alias: Option<Name>) {
    let line = walk.line(node);
    let kind = ImportKind::File;
    walk.facts.imports.push(Import { path, item, alias, kind, type_only: false, value: Value::Unknown, line });
}
