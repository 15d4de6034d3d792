//! PHP: namespaces, `use`, includes, names relative to the namespace.

use tree_sitter::Node;

use super::Hooks;
use crate::facts::{CallKind, DefinitionKind, Import, ImportKind, Name, Receiver, RefKind, Value};
use crate::syntax::extract::{Walk, dotted, normalise};
use crate::syntax::scopes::Var;

/// The variable that holds what a visitor's session keeps.
const SESSION: &str = "$_SESSION";

pub struct Php;

impl Hooks for Php {
    fn enter<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        match node.kind() {
            // The same function by the language's own manual.
            "shell_command_expression" => walk.command_text(node, "shell_exec"),
            "assignment_expression" => session(walk, node),
            _ => {}
        }
    }

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

    fn on_call<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        loaded(walk, node);
        // `define('NAME', value)`
        let is_define = node.child_by_field_name("function").is_some_and(|f| walk.text(f) == "define");
        if let (true, [name, value, ..]) = (is_define, walk.arguments(node).as_slice())
            && let Value::Str(_) = walk.value_of(*name)
            && let Some(literal) = name.named_child(0).and_then(|s| s.named_child(0))
        {
            let (name, init) = (walk.text(literal), value.named_child(0));
            let value = init.map_or(Value::Unknown, |v| walk.value_of(v));
            walk.define(node, name, DefinitionKind::Constant, None, value);
            walk.scopes.declare(name, Var { init, ..Var::default() });
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

/// `$_SESSION['cart'] = …`: noted once for each key of a file.
fn session<'t>(walk: &mut Walk<'t>, node: Node<'t>) {
    let Some(mut left) = node.child_by_field_name("left") else { return };
    let mut key = None;
    while left.kind() == "subscript_expression" {
        key = left.named_child(1);
        let Some(inner) = left.named_child(0) else { return };
        left = inner;
    }
    let (Some(key), true) = (key, walk.text(left) == SESSION && walk.interest.call(SESSION)) else { return };
    let key = walk.value_of(key);
    let known = walk.facts.calls.iter().any(|call| call.name == SESSION && call.receiver_value == key);
    if !known {
        walk.record(node, Name::const_new(SESSION), CallKind::Assign, Receiver::None, key);
    }
}

/// `$this->load->model('catalog/product')`: frameworks with a loader object find a file by kind and path.
fn loaded<'t>(walk: &mut Walk<'t>, node: Node<'t>) {
    let (Some(object), Some(name)) = (node.child_by_field_name("object"), node.child_by_field_name("name")) else {
        return;
    };
    let kind = walk.text(name);
    let kinds = ["model", "controller", "library", "helper", "view"];
    let object = walk.text(object);
    if !kinds.contains(&kind) || !(object == "$load" || object.ends_with("->load") || object.ends_with("->loader")) {
        return;
    }
    let Some(path) = walk.arguments(node).first().map(|path| walk.value_of(*path)) else { return };
    // `common/header.index` and `common/header|index` name a method of what is loaded.
    let path = path.as_str().and_then(|path| path.split(['.', '|']).next()).unwrap_or_default().trim_matches('/');
    if !path.is_empty() {
        walk.refer(Name::from(format!("{kind}/{path}")), RefKind::Loader, node);
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
