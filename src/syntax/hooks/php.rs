//! PHP: namespaces, `use`, includes, names relative to the namespace.

use tree_sitter::Node;

use super::Hooks;
use crate::facts::{Import, ImportKind, Name, Value};
use crate::syntax::extract::{Walk, dotted, normalise};

pub struct Php;

impl Hooks for Php {
    fn namespace<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        if let Some(name) = node.child_by_field_name("name") {
            walk.facts.namespace = walk.dotted(name);
        }
    }

    fn import<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        let text = walk.text(node);
        match text.strip_prefix("use").filter(|_| node.kind() == "namespace_use_declaration") {
            Some(rest) => uses(walk, node, rest),
            None => {
                let value = node.named_child(0).map_or(Value::Unknown, |v| walk.value_of(v));
                let path = match value.template() {
                    Some(path) => Name::from(path),
                    None => node.named_child(0).map_or_else(Name::default, |v| Name::from(walk.text(v))),
                };
                let line = walk.line(node);
                let kind = ImportKind::File;
                walk.facts.imports.push(Import { path, item: None, alias: None, kind, type_only: false, value, line });
            }
        }
    }

    fn type_name<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        let text = walk.text(node).trim_start_matches('?');
        if text.starts_with('$') || text.contains('|') && !text.contains("|null") {
            return None;
        }
        let text = text.trim_end_matches("|null");
        if matches!(text, "self" | "static") {
            return walk.scopes.class().map(|class| class.class.clone());
        }
        let name = normalise(text);
        let head = name.split('.').next().unwrap_or("");
        let builtin = matches!(text, "string" | "int" | "bool" | "array" | "float" | "mixed" | "callable" | "resource");
        if text.starts_with('\\') || builtin || walk.names.contains_key(head) || walk.facts.namespace.is_empty() {
            return Some(name);
        }
        Some(dotted(&walk.facts.namespace, &name))
    }

    fn value<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Value> {
        (node.kind() == "boolean").then(|| Value::Bool(walk.text(node).eq_ignore_ascii_case("true")))
    }

    fn member_param(&self, node: Node<'_>) -> bool {
        node.kind() == "property_promotion_parameter"
    }

    fn candidates(&self, _walk: &Walk<'_>, _name: &str) -> Vec<Name> {
        Vec::new()
    }

    fn private<'t>(&self, walk: &Walk<'t>, node: Node<'t>, _name: &str) -> bool {
        (0..node.named_child_count().min(4))
            .filter_map(|i| node.named_child(i as u32))
            .any(|c| c.kind() == "visibility_modifier" && walk.text(c) == "private")
    }

    fn constant<'t>(&self, _walk: &Walk<'t>, node: Node<'t>, _name: &str) -> bool {
        node.kind() == "const_declaration"
    }
}

/// `use A\B`, `use A\{B, C as D}`, `use function a\b`.
fn uses<'t>(walk: &mut Walk<'t>, node: Node<'t>, rest: &'t str) {
    let line = walk.line(node);
    let rest = rest.trim().trim_end_matches(';');
    let (prefix, list) = match rest.split_once('{') {
        Some((prefix, list)) => (prefix.trim(), list.trim_end_matches('}')),
        None => ("", rest),
    };
    let strip = |text: &'t str| {
        let text = text.trim();
        text.strip_prefix("function ").or_else(|| text.strip_prefix("const ")).unwrap_or(text).trim()
    };
    let prefix = strip(prefix).trim_matches('\\');
    for clause in list.split(',').map(strip).filter(|c| !c.is_empty()) {
        let mut words = clause.split_whitespace();
        let Some(name) = words.next() else { continue };
        let alias = words.nth(1).map(Name::from);
        let name = name.trim_matches('\\');
        let path = if prefix.is_empty() { Name::from(name) } else { Name::from(format!("{prefix}\\{name}")) };
        let local = alias.clone().unwrap_or_else(|| Name::from(name.rsplit('\\').next().unwrap_or(name)));
        walk.names.insert(local, normalise(&path));
        let kind = ImportKind::Name;
        walk.facts.imports.push(Import {
            path,
            item: None,
            alias,
            kind,
            type_only: false,
            value: Value::Unknown,
            line,
        });
    }
}
