//! JavaScript and TypeScript: `import`, `require`, `export … from`, patterns, promisified functions, named closures.

use tree_sitter::Node;

use super::Hooks;
use super::javascript_imports::{export, import, require};
use crate::facts::{DefinitionKind, Name, Value};
use crate::syntax::extract::{Walk, dotted, starts_upper};
use crate::syntax::mapping::Role;
use crate::syntax::scopes::{TypeSource, Var};
use crate::syntax::values::Target;

pub struct JavaScript;

/// Key in `Walk::names` under which an exported name is noted; the blank keeps it apart from identifiers.
const EXPORT: &str = "export ";

/// Functions that hand on the function or module they are given.
const WRAPPERS: [&str; 9] = [
    "promisify",
    "promisifyAll",
    "callbackify",
    "denodeify",
    "universalify",
    "__importDefault",
    "__importStar",
    "_interopRequireDefault",
    "_interopRequireWildcard",
];

/// Types that say nothing of the object; what is inside counts.
const TRANSPARENT: [&str; 7] = ["Promise", "Readonly", "Partial", "Required", "NonNullable", "Awaited", "PromiseLike"];

impl Hooks for JavaScript {
    fn import<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        import(walk, node);
    }

    fn enter<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        match node.kind() {
            "formal_parameters" => {
                for child in children(node) {
                    // parameters of TypeScript are nodes of their own
                    let pattern = child.child_by_field_name("pattern").filter(|p| p.kind() != "identifier");
                    match (child.kind(), pattern) {
                        ("required_parameter" | "optional_parameter", None) => {}
                        (_, pattern) => bind(walk, pattern.unwrap_or(child), None, None),
                    }
                }
            }
            "catch_clause" => {
                if let Some(pattern) = node.child_by_field_name("parameter") {
                    bind(walk, pattern, None, None);
                }
            }
            "for_in_statement" => {
                if let (Some(pattern), Some(_)) = (node.child_by_field_name("left"), node.child_by_field_name("kind")) {
                    bind(walk, pattern, None, None);
                }
            }
            "assignment_expression" => exported(walk, node),
            "export_statement" => {
                // `export default { LOG: "x" }`
                let handed = node.child_by_field_name("value").filter(|value| value.kind() == "object");
                if let Some(handed) = handed.filter(|_| walk.inside().is_none()) {
                    exported_object(walk, handed);
                }
                export(walk, node);
            }
            _ => export(walk, node),
        }
    }

    fn predeclare<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        if node.kind() != "program" {
            return;
        }
        // imports are hoisted: what stands before them, and what takes them apart, may use their names
        let known = walk.facts.imports.len();
        for child in children(node) {
            match child.kind() {
                "import_statement" | "import_alias" => import(walk, child),
                "export_statement" => note_exports(walk, child),
                "expression_statement" => note_module_exports(walk, child),
                _ => {}
            }
        }
        walk.facts.imports.truncate(known);
        for child in children(node) {
            let inner = child.child_by_field_name("declaration").unwrap_or(child);
            if walk.map.role(inner) == Role::Local {
                for (name, init) in walk.declarators(inner) {
                    self.declared(walk, name, init);
                }
            }
        }
    }

    fn on_call<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        if !super::amd::definition(walk, node) {
            require(walk, node);
        }
    }

    fn declared<'t>(&self, walk: &mut Walk<'t>, name: Node<'t>, init: Option<Node<'t>>) {
        let Some(init) = init else {
            if name.kind() != "identifier" {
                bind(walk, name, None, None);
            }
            return;
        };
        if name.kind() != "identifier" {
            let outer = match walk.target(init) {
                Target::Static(outer) => Some(outer),
                _ => None,
            };
            bind(walk, name, None, outer);
            return;
        }
        let mut value = init;
        while matches!(value.kind(), "await_expression" | "parenthesized_expression" | "as_expression") {
            let Some(inner) = value.named_child(0) else { return };
            value = inner;
        }
        if !matches!(value.kind(), "call_expression" | "member_expression") {
            return;
        }
        let local = walk.text(name);
        match walk.target(value) {
            Target::Static(full) if !full.starts_with("process.env") => {
                walk.names.insert(Name::from(local), full);
            }
            // `const FileStore = require('session-file-store')(session)`
            _ if starts_upper(local) && value.kind() == "call_expression" => {
                let Some(callee) = walk.callee(value).filter(|c| c.target.is_none()) else { return };
                let function = value.child_by_field_name("function");
                let module = function.is_some_and(|f| {
                    f.kind() == "call_expression" || walk.names.get(walk.text(f)).is_some_and(|n| *n == callee.name)
                });
                if module {
                    walk.names.insert(Name::from(local), callee.name);
                }
            }
            _ => {}
        }
    }

    fn names_lambdas(&self) -> bool {
        true
    }

    fn lambda<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) -> Option<(Name, DefinitionKind)> {
        if let Some(param) = node.child_by_field_name("parameter") {
            bind(walk, param, None, None);
        }
        let depth = walk.stack.len();
        let (role, parent) = walk.stack.last().map(|f| (f.role, f.node))?;
        match role {
            // `const f = …` of the file; inside functions they are only values
            Role::Declarator if depth <= 4 => {
                let name = parent.child_by_field_name("name").filter(|n| n.kind() == "identifier")?;
                Some((Name::from(walk.text(name)), DefinitionKind::Function))
            }
            Role::Field => {
                let name = parent.child_by_field_name("name").or_else(|| parent.child_by_field_name("property"))?;
                Some((Name::from(walk.text(name)), DefinitionKind::Method))
            }
            Role::Assign => {
                let left = parent.child_by_field_name("left").filter(|l| walk.map.role(*l) == Role::Member)?;
                let object = left.child_by_field_name("object").filter(|o| !walk.is_this(*o))?;
                let name = walk.text(left.child_by_field_name("property")?);
                (walk.text(object) != "module").then(|| (Name::from(name), DefinitionKind::Function))
            }
            // `module.exports = { f() {}, g: () => {} }`, `const service = { … }`
            Role::Pair if depth <= 6 => Some((walk.pair_key(parent)?, DefinitionKind::Method)),
            _ => None,
        }
    }

    fn value<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Value> {
        match node.kind() {
            "identifier" | "shorthand_property_identifier" | "shorthand_property_identifier_pattern" => {
                let text = walk.text(node);
                // `const { PORT = 80 } = process.env`
                if let Some(var) = walk.variable(text)
                    && let Some(name) = var.alias.as_ref().and_then(|a| a.strip_prefix("process.env."))
                {
                    let default = var.init.map(|d| Box::new(walk.value_of(d)));
                    return Some(Value::Env { name: Name::from(name), default });
                }
                if node.kind() == "identifier" {
                    return None;
                }
                let known = walk.variable(text).and_then(|v| v.init.filter(|_| !v.element && v.again.is_none()));
                Some(known.map_or_else(|| Value::Name(walk.qualify(text)), |init| walk.value_of(init)))
            }
            "object" => Some(object(walk, node)),
            "member_expression" | "subscript_expression" => {
                let inner = node.child_by_field_name("object")?;
                if !holds_object(walk, inner) {
                    return None;
                }
                let key = match node.child_by_field_name("property") {
                    Some(property) => Name::from(walk.text(property)),
                    None => Name::from(walk.value_of(node.child_by_field_name("index")?).as_str()?),
                };
                let Value::Map(entries) = walk.value_of(inner) else { return None };
                let found = entries.into_iter().find(|(k, _)| *k == key)?.1;
                (found != Value::Unknown).then_some(found)
            }
            _ => None,
        }
    }

    fn type_of<'t>(&self, _walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        matches!(node.kind(), "arrow_function" | "function_expression").then(|| Name::const_new("Function"))
    }

    fn alias<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        if let Some(source) = required(walk, node) {
            return Some(self.normalise(source));
        }
        let function = node.child_by_field_name("function")?;
        let property = function.child_by_field_name("property");
        let last = walk.text(property.unwrap_or(function));
        if matches!(last, "verbose" | "bind")
            && let Some(object) = function.child_by_field_name("object")
        {
            // `require('sqlite3').verbose()`, `fs.unlink.bind(fs)`
            return match walk.target(object) {
                Target::Static(name) => Some(name),
                _ => None,
            };
        }
        if !WRAPPERS.contains(&last) {
            return None;
        }
        let first = walk.arguments(node).first().copied()?;
        if let Some(source) = required(walk, first) {
            return Some(self.normalise(source));
        }
        walk.callee_at(first).map(|callee| callee.name).filter(|name| !name.starts_with('?'))
    }

    fn normalise(&self, name: Name) -> Name {
        let text = name.strip_prefix("node:").unwrap_or(&name);
        let text = ["window.", "globalThis."].iter().find_map(|front| text.strip_prefix(front)).unwrap_or(text);
        let text = text.strip_suffix(".default").unwrap_or(text);
        let default = text.find(".default.").map(|at| format!("{}{}", &text[..at], &text[at + ".default".len()..]));
        let text = default.as_deref().unwrap_or(text);
        match text.strip_prefix("fs.promises") {
            Some(rest) if rest.is_empty() || rest.starts_with('.') => Name::from(format!("fs/promises{rest}")),
            _ => Name::from(text),
        }
    }

    fn type_name<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        type_name(walk, node, 0)
    }

    fn private<'t>(&self, walk: &Walk<'t>, node: Node<'t>, name: &str) -> bool {
        if name.starts_with('#') {
            return true;
        }
        let modifier = node.child(0).filter(|c| c.kind() == "accessibility_modifier");
        if let Some(modifier) = modifier {
            return walk.text(modifier) == "private";
        }
        if walk.scopes.in_class() || matches!(node.kind(), "method_definition" | "public_field_definition") {
            return false;
        }
        // scripts without exports share their names
        let exported = walk.names.contains_key(format!("{EXPORT}{name}").as_str());
        let outermost = walk.stack.iter().rev().take(3).any(|f| f.node.kind() == "export_statement");
        let assigned = walk.stack.last().is_some_and(|f| f.role == Role::Assign);
        walk.names.contains_key(EXPORT) && !exported && !outermost && !assigned
    }

    fn member_param(&self, node: Node<'_>) -> bool {
        let children = (0..node.child_count().min(4)).filter_map(|i| node.child(i));
        children.into_iter().any(|c| matches!(c.kind(), "accessibility_modifier" | "readonly"))
    }

    fn candidates(&self, _walk: &Walk<'_>, _name: &str) -> Vec<Name> {
        Vec::new()
    }
}

/// The named children of a node.
pub(super) fn children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).collect()
}

/// Text of a module's name.
pub(super) fn module<'t>(walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
    walk.value_of(node).as_str().map(Name::from)
}

/// The argument of `require('x')` and `import('x')`.
pub(super) fn requested<'t>(walk: &Walk<'t>, node: Node<'t>) -> Option<Node<'t>> {
    let function = node.child_by_field_name("function")?;
    if !matches!(
        walk.text(function),
        "require"
            | "import"
            | "Npm.require"
            | "module.require"
            | "global.require"
            | "nodeRequire"
            | "jest.requireActual"
            | "__webpack_require__"
    ) {
        return None;
    }
    walk.arguments(node).first().copied()
}

/// The module of `require('x')` and `import('x')`.
fn required<'t>(walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
    if matches!(node.kind(), "await_expression" | "parenthesized_expression") {
        return required(walk, node.named_child(0)?);
    }
    requested(walk, node).and_then(|source| module(walk, source))
}

/// Declares the names of a pattern. `outer` is the module or global that it takes apart.
fn bind<'t>(walk: &mut Walk<'t>, pattern: Node<'t>, init: Option<Node<'t>>, outer: Option<Name>) {
    match pattern.kind() {
        "identifier" | "shorthand_property_identifier_pattern" => {
            let local = walk.text(pattern);
            if let Some(alias) = outer.as_ref().filter(|a| !a.starts_with("process.env")) {
                walk.names.insert(Name::from(local), alias.clone());
            }
            let param = outer.is_none();
            walk.scopes.declare(local, Var { ty: TypeSource::None, init, alias: outer, param, ..Var::default() });
        }
        "object_pattern" => {
            for part in children(pattern) {
                let key = match part.kind() {
                    "pair_pattern" => part.child_by_field_name("key"),
                    "object_assignment_pattern" => part.named_child(0),
                    _ => Some(part),
                };
                let Some(key) = key else { continue };
                let rest = part.kind() == "rest_pattern";
                let inner = match &outer {
                    Some(outer) if rest => Some(outer.clone()),
                    Some(outer) => Some(JavaScript.normalise(dotted(outer, walk.text(key)))),
                    None => None,
                };
                match part.kind() {
                    "pair_pattern" => {
                        if let Some(value) = part.child_by_field_name("value") {
                            bind(walk, value, None, inner);
                        }
                    }
                    _ => bind(walk, part, None, inner),
                }
            }
        }
        "array_pattern" => children(pattern).into_iter().for_each(|part| bind(walk, part, None, None)),
        "assignment_pattern" | "object_assignment_pattern" => {
            if let Some(left) = pattern.named_child(0) {
                // a default is only the value where the environment gives none
                let default = outer.is_some().then(|| pattern.named_child(1)).flatten();
                bind(walk, left, default, outer);
            }
        }
        "rest_pattern" => {
            if let Some(inner) = pattern.named_child(0) {
                bind(walk, inner, None, outer);
            }
        }
        _ => {}
    }
}

/// An object literal: pairs, names that stand for themselves, and what known objects spread into it.
fn object<'t>(walk: &Walk<'t>, node: Node<'t>) -> Value {
    let mut entries = Vec::new();
    for part in children(node).into_iter().take(64) {
        match part.kind() {
            "pair" => {
                if let (Some(key), Some(value)) = (walk.pair_key(part), walk.pair_value(part)) {
                    entries.push((key, walk.value_of(value)));
                }
            }
            "shorthand_property_identifier" => entries.push((Name::from(walk.text(part)), walk.value_of(part))),
            "spread_element" => {
                if let Some(Value::Map(more)) = part.named_child(0).map(|inner| walk.value_of(inner)) {
                    entries.extend(more);
                }
            }
            "method_definition" => {
                if let Some(name) = part.child_by_field_name("name") {
                    entries.push((Name::from(walk.text(name)), Value::Unknown));
                }
            }
            _ => {}
        }
    }
    Value::Map(entries)
}

/// True for a variable of this file that is initialised with an object literal, and for members of such.
fn holds_object<'t>(walk: &Walk<'t>, node: Node<'t>) -> bool {
    let mut head = node;
    for _ in 0..6 {
        match head.child_by_field_name("object") {
            Some(object) => head = object,
            None => break,
        }
    }
    let var = (head.kind() == "identifier").then(|| walk.variable(walk.text(head))).flatten();
    var.and_then(|v| v.init).is_some_and(|init| init.kind() == "object")
}

fn type_name<'t>(walk: &Walk<'t>, node: Node<'t>, depth: u32) -> Option<Name> {
    if depth > 8 {
        return None;
    }
    let inner = |node: Node<'t>| node.named_child(0).and_then(|n| type_name(walk, n, depth + 1));
    match node.kind() {
        "type_annotation" | "parenthesized_type" | "readonly_type" | "type_arguments" => inner(node),
        "union_type" => {
            let parts = children(node);
            let mut parts = parts.into_iter().filter(|p| !matches!(walk.text(*p), "null" | "undefined"));
            match (parts.next(), parts.next()) {
                (Some(one), None) => type_name(walk, one, depth + 1),
                _ => None,
            }
        }
        "array_type" | "tuple_type" => Some(Name::const_new("Array")),
        "function_type" => Some(Name::const_new("Function")),
        "generic_type" => {
            let name = walk.dotted(node.named_child(0)?);
            if TRANSPARENT.contains(&name.as_str()) { inner(node.named_child(1)?) } else { Some(name) }
        }
        "predefined_type" => match walk.text(node) {
            "any" | "unknown" | "object" | "never" | "void" => None,
            text => Some(Name::from(text)),
        },
        "type_identifier" | "nested_type_identifier" | "identifier" | "member_expression" => Some(walk.dotted(node)),
        _ => None,
    }
}

/// Notes what `export` statements of the file let others see.
fn note_exports<'t>(walk: &mut Walk<'t>, node: Node<'t>) {
    walk.names.insert(Name::const_new(EXPORT), Name::default());
    for child in children(node) {
        if matches!(child.kind(), "export_clause") {
            children(child).iter().filter_map(|s| s.child_by_field_name("name")).for_each(|n| note(walk, n));
        } else if child.kind() == "identifier" {
            note(walk, child);
        }
    }
}

/// Defines the texts that a file hands out: `exports.LOG = "x"`, `module.exports = { LOG: "x" }`.
fn exported<'t>(walk: &mut Walk<'t>, node: Node<'t>) {
    let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
        return;
    };
    let left = walk.text(left);
    let Some(rest) = left.strip_prefix("module.").unwrap_or(left).strip_prefix("exports") else { return };
    if walk.inside().is_some() || walk.scopes.in_function() {
        return;
    }
    match rest.strip_prefix('.') {
        Some(name) if !name.contains('.') => exported_text(walk, node, name, right),
        None if rest.is_empty() && right.kind() == "object" => exported_object(walk, right),
        _ => {}
    }
}

/// The same for the entries of an object.
fn exported_object<'t>(walk: &mut Walk<'t>, object: Node<'t>) {
    for pair in children(object).into_iter().filter(|part| part.kind() == "pair") {
        if let (Some(key), Some(value)) = (pair.child_by_field_name("key"), pair.child_by_field_name("value")) {
            let name = walk.text(key).trim_matches(['"', '\'']);
            exported_text(walk, pair, name, value);
        }
    }
}

fn exported_text<'t>(walk: &mut Walk<'t>, node: Node<'t>, name: &str, value: Node<'t>) {
    if !matches!(value.kind(), "string" | "template_string" | "binary_expression" | "call_expression") {
        return;
    }
    let value = walk.value_of(value);
    let path = matches!(&value, Value::Call { name, .. } if name.starts_with("path."));
    if path || matches!(value, Value::Str(_) | Value::Joined(_) | Value::Env { .. }) {
        let index = walk.define(node, name, DefinitionKind::Constant, None, value);
        walk.facts.definitions[index as usize].private = false;
    }
}

/// Notes `module.exports = …` and `exports.x = …`.
fn note_module_exports<'t>(walk: &mut Walk<'t>, node: Node<'t>) {
    let Some(assignment) = node.named_child(0).filter(|n| n.kind() == "assignment_expression") else { return };
    let (Some(left), Some(right)) = (assignment.child_by_field_name("left"), assignment.child_by_field_name("right"))
    else {
        return;
    };
    let left = walk.text(left);
    if !left.starts_with("module.exports") && !left.starts_with("exports") {
        return;
    }
    walk.names.insert(Name::const_new(EXPORT), Name::default());
    match right.kind() {
        "identifier" => note(walk, right),
        "object" => {
            for part in children(right) {
                let named = if part.kind() == "pair" { part.child_by_field_name("value") } else { Some(part) };
                if let Some(named) = named {
                    note(walk, named);
                }
                if let Some(key) = part.child_by_field_name("key") {
                    note(walk, key);
                }
            }
        }
        _ => {}
    }
}

fn note<'t>(walk: &mut Walk<'t>, node: Node<'t>) {
    let text = walk.text(node);
    if text.len() < 80 {
        walk.names.insert(Name::from(format!("{EXPORT}{text}")), Name::default());
    }
}
