//! Python: imports with dots kept, parameters, `with … as`, construction by call, `%` and `.format`.

use tree_sitter::Node;

use super::Hooks;
use crate::facts::{Import, ImportKind, Name, Value};
use crate::syntax::extract::{Walk, dotted, normalise, starts_upper};
use crate::syntax::literals::filled;
use crate::syntax::scopes::Var;
use crate::syntax::values::Target;

pub struct Python;

impl Hooks for Python {
    fn import<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        let line = walk.line(node);
        let type_only = walk.stack.iter().rev().take(4).any(|frame| {
            frame.node.kind() == "if_statement"
                && frame.node.child_by_field_name("condition").is_some_and(|c| walk.text(c).contains("TYPE_CHECKING"))
        });
        let module = node.child_by_field_name("module_name").map(|m| walk.text(m));
        let mut add = |path: Name, item: Option<Name>, alias: Option<Name>, kind| {
            walk.facts.imports.push(Import { path, item, alias, kind, type_only, value: Value::Unknown, line });
        };
        let mut cursor = node.walk();
        let names: Vec<Node<'t>> = node.children_by_field_name("name", &mut cursor).collect();
        let mut found = Vec::new();
        if let (Some(module), true) = (module, names.is_empty()) {
            add(Name::from(module), None, None, ImportKind::Wildcard);
            walk.wildcards.push(Name::from(module));
            return;
        }
        for name in names {
            let alias = name.child_by_field_name("alias");
            let bare = name.child_by_field_name("name").unwrap_or(name);
            found.push((bare, alias));
        }
        for (bare, alias) in found {
            let name = walk.text(bare);
            let alias = alias.map(|a| Name::from(walk.text(a)));
            let (path, item) = match module {
                Some(module) => (Name::from(module), Some(Name::from(name))),
                None => (Name::from(name), None),
            };
            let (local, full) = match (module, &alias) {
                (Some(module), _) => {
                    let full = if module.ends_with('.') {
                        Name::from(format!("{module}{name}"))
                    } else {
                        dotted(module, name)
                    };
                    (alias.clone().unwrap_or_else(|| Name::from(name)), full)
                }
                (None, Some(alias)) => (alias.clone(), Name::from(name)),
                (None, None) => {
                    let head = name.split('.').next().unwrap_or(name);
                    (Name::from(head), Name::from(head))
                }
            };
            walk.names.insert(local, full);
            let kind = ImportKind::Name;
            walk.facts.imports.push(Import { path, item, alias, kind, type_only, value: Value::Unknown, line });
        }
    }

    fn enter<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        match node.kind() {
            "parameters" | "lambda_parameters" => {
                for i in 0..node.named_child_count() {
                    if let Some(child) = node.named_child(i as u32).filter(|c| c.kind() == "identifier") {
                        let name = walk.text(child);
                        walk.scopes.declare(name, Var { param: true, ..Var::default() });
                    }
                }
            }
            _ => {
                let (value, alias) = (node.named_child(0), node.child_by_field_name("alias"));
                if let Some(alias) = alias {
                    let name = walk.text(alias);
                    walk.scopes.declare(name, Var { init: value, ..Var::default() });
                }
            }
        }
    }

    fn predeclare<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        // `self.x = …` in the constructor is what other languages declare as a field
        for i in 0..node.named_child_count() {
            let Some(method) = node.named_child(i as u32).filter(|m| m.kind() == "function_definition") else {
                continue;
            };
            let is_init = method.child_by_field_name("name").is_some_and(|n| walk.text(n) == "__init__");
            let Some(body) = method.child_by_field_name("body").filter(|_| is_init) else { continue };
            for k in 0..body.named_child_count() {
                let statement = body.named_child(k as u32).and_then(|s| s.named_child(0));
                if let Some(assignment) = statement.filter(|s| s.kind() == "assignment") {
                    walk.remember_assignment(assignment);
                }
            }
        }
    }

    fn constructs(&self, _walk: &Walk<'_>, name: &str, target: Option<&Target>) -> bool {
        let last = name.rsplit(['.', '#']).next().unwrap_or(name);
        starts_upper(last) && !matches!(target, Some(Target::Typed(_) | Target::Unknown))
    }

    fn type_of<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        match node.kind() {
            "call" => {
                let callee = walk.callee(node)?;
                self.constructs(walk, &callee.name, callee.target.as_ref()).then_some(callee.name)
            }
            // `path / "name"`
            "binary_operator" if node.child(1).is_some_and(|o| o.kind() == "/") => {
                walk.type_of(node.named_child(0)?).filter(|name| name == "pathlib.Path")
            }
            _ => None,
        }
    }

    fn type_name<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        // `"Path"`, `Optional[Path]`, `Path | None`
        let text = walk.text(node).trim().trim_matches(['"', '\'']);
        let inner = ["Optional[", "typing.Optional[", "Union[", "typing.Union[", "Final[", "Annotated["]
            .iter()
            .find_map(|wrapper| text.strip_prefix(wrapper));
        let text = inner.unwrap_or(text);
        let first =
            text.split(['|', ',']).map(|part| part.trim().trim_matches(['"', '\''])).find(|part| *part != "None")?;
        Some(normalise(first))
    }

    fn value<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Value> {
        match node.kind() {
            "binary_operator" if node.child(1).is_some_and(|o| o.kind() == "%") => {
                let Value::Str(template) = walk.value_of(node.named_child(0)?) else { return None };
                let args = match walk.value_of(node.named_child(1)?) {
                    Value::List(args) => args,
                    one => vec![one],
                };
                Some(filled(&template, &args))
            }
            // `base / "name"`
            "binary_operator" if node.child(1).is_some_and(|o| o.kind() == "/") => {
                let (left, right) = (node.named_child(0)?, node.named_child(1)?);
                let args = vec![walk.value_of(left), walk.value_of(right)];
                let path = matches!(args[1], Value::Str(_) | Value::Joined(_)) || self.type_of(walk, node).is_some();
                path.then(|| Value::Call { name: "pathlib.Path".into(), construct: true, args })
            }
            "call" => {
                let function = node.child_by_field_name("function").filter(|f| f.kind() == "attribute")?;
                let object = function.child_by_field_name("object").filter(|o| o.kind() == "string")?;
                if walk.text(function.child_by_field_name("attribute")?) != "format" {
                    return None;
                }
                let Value::Str(template) = walk.value_of(object) else { return None };
                let args: Vec<Value> = walk.arguments(node).into_iter().map(|a| walk.value_of(a)).collect();
                Some(filled(&template, &args))
            }
            _ => None,
        }
    }

    fn private<'t>(&self, _walk: &Walk<'t>, _node: Node<'t>, name: &str) -> bool {
        name.starts_with('_') && !name.starts_with("__")
    }

    fn candidates(&self, walk: &Walk<'_>, name: &str) -> Vec<Name> {
        let head = name.split(['.', '#']).next().unwrap_or(name);
        if walk.names.contains_key(head) || name.starts_with('?') {
            return Vec::new();
        }
        walk.wildcards.iter().map(|module| dotted(module, name)).collect()
    }
}
