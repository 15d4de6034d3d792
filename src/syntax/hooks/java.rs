//! Java: packages, imports, modifiers.

use tree_sitter::Node;

use super::Hooks;
use crate::facts::{Import, ImportKind, Name, Value};
use crate::syntax::extract::Walk;

pub struct Java;

impl Hooks for Java {
    fn namespace<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        if let Some(name) = walk.last_named(node) {
            walk.facts.namespace = walk.dotted(name);
        }
    }

    fn import<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        let text = walk.text(node).trim_start_matches("import").trim_end_matches(';').trim();
        let (text, is_static) = match text.strip_prefix("static ") {
            Some(rest) => (rest.trim(), true),
            None => (text, false),
        };
        let path: Name = text.split_whitespace().collect();
        let (path, wildcard) = match path.strip_suffix(".*") {
            Some(package) => (Name::from(package), true),
            None => (path, false),
        };
        if wildcard {
            walk.wildcards.push(path.clone());
        } else if let Some(local) = path.rsplit('.').next() {
            walk.names.insert(Name::from(local), path.clone());
        }
        let kind = match (is_static, wildcard) {
            (true, _) => ImportKind::Static,
            (_, true) => ImportKind::Wildcard,
            _ => ImportKind::Name,
        };
        let item = (is_static && wildcard).then(|| Name::const_new("*"));
        let line = walk.line(node);
        walk.facts.imports.push(Import {
            path,
            item,
            alias: None,
            kind,
            type_only: false,
            value: Value::Unknown,
            line,
        });
    }

    fn iterated<'t>(&self, node: Node<'t>) -> Option<Node<'t>> {
        (node.kind() == "enhanced_for_statement").then(|| node.child_by_field_name("value")).flatten()
    }

    fn private<'t>(&self, walk: &Walk<'t>, node: Node<'t>, _name: &str) -> bool {
        modifiers(walk, node).split_whitespace().any(|word| word == "private")
    }

    fn constant<'t>(&self, walk: &Walk<'t>, node: Node<'t>, _name: &str) -> bool {
        let text = modifiers(walk, node);
        node.kind() == "constant_declaration" || (text.contains("static") && text.contains("final"))
    }
}

fn modifiers<'t>(walk: &Walk<'t>, node: Node<'t>) -> &'t str {
    node.child(0).filter(|first| first.kind() == "modifiers").map_or("", |first| walk.text(first))
}
