//! Go: import paths and the names they give, several names on the left of one assignment, map and slice literals.

use tree_sitter::Node;

use super::Hooks;
use crate::facts::{Arg, CallKind, Import, ImportKind, Name, Receiver, Value};
use crate::syntax::chains::shape;
use crate::syntax::extract::Walk;
use crate::syntax::mapping::{Role, Slot};
use crate::syntax::scopes::Var;
use crate::syntax::values::{Target, unquote};

pub struct Go;

impl Hooks for Go {
    fn namespace<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        if let Some(name) = node.named_child(0) {
            walk.facts.namespace = Name::from(walk.text(name));
        }
    }

    fn import<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        let Some(path) = node.child_by_field_name("path") else { return };
        let path = Name::from(unquote(walk.text(path)));
        let given = node.child_by_field_name("name").map(|name| walk.text(name));
        let mut kind = ImportKind::Name;
        match given {
            Some(".") => {
                kind = ImportKind::Wildcard;
                walk.wildcards.push(path.clone());
            }
            Some("_") => {}
            Some(name) => {
                walk.names.insert(Name::from(name), path.clone());
            }
            None => {
                for name in package_names(&path) {
                    walk.names.entry(name).or_insert_with(|| path.clone());
                }
            }
        }
        let line = walk.line(node);
        let alias = given.filter(|name| *name != ".").map(Name::from);
        let import = Import { path, item: None, alias, kind, type_only: false, value: Value::Unknown, line };
        walk.facts.imports.push(import);
    }

    fn predeclare<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        if node.kind() != "source_file" {
            return;
        }
        let mut specs = Vec::new();
        let mut cursor = node.walk();
        for item in node.named_children(&mut cursor) {
            if matches!(item.kind(), "const_declaration" | "var_declaration") {
                collect_specs(item, &mut specs);
            }
        }
        specs.into_iter().for_each(|spec| walk.declare(spec));
    }

    fn enter<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        if node.kind() == "literal_element" {
            // The key of a struct literal is a field, no use of a name.
            let is_key = walk.stack.last().is_some_and(|frame| {
                frame.role == Role::Pair
                    && frame.node.child_by_field_name("key").is_some_and(|key| key.id() == node.id())
            });
            if is_key && let Some(name) = node.named_child(0).filter(|name| name.kind() == "identifier") {
                walk.counted = name.id();
            }
            return;
        }
        let (Some(left), right) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else { return };
        let single = right.filter(|right| right.kind() != "expression_list");
        for index in 0..left.named_child_count().min(16) as u32 {
            let Some(name) = left.named_child(index) else { continue };
            let value = match (single, right) {
                _ if node.kind() == "range_clause" => None,
                (Some(_), _) | (None, None) => None,
                // `f, err := open()`: the call is the value of the first name
                (None, Some(right)) => right.named_child(index),
            };
            match walk.map.role(name) {
                Role::Name => {
                    let text = walk.text(name);
                    if node.kind() == "assignment_statement" {
                        if let Some(value) = value {
                            walk.scopes.assign(text, value, false);
                        }
                    } else {
                        walk.scopes.declare(text, Var { init: value, ..Var::default() });
                    }
                }
                Role::Member => assign_field(walk, node, name, value),
                _ => {}
            }
        }
    }

    fn value<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Value> {
        match node.kind() {
            "literal_element" => node.named_child(0).map(|inner| walk.value_of(inner)),
            "composite_literal" => {
                let body = node.child_by_field_name("body")?;
                match node.child_by_field_name("type")?.kind() {
                    "map_type" => {
                        let pairs = walk.arguments(node).into_iter().filter_map(|pair| {
                            let key = pair.child_by_field_name("key")?.named_child(0)?;
                            let key = match walk.value_of(key) {
                                Value::Str(text) => text,
                                _ => walk.dotted(key),
                            };
                            Some((key, walk.value_of(pair.child_by_field_name("value")?)))
                        });
                        Some(Value::Map(pairs.collect()))
                    }
                    "slice_type" | "array_type" | "implicit_length_array_type" => {
                        let count = body.named_child_count().min(64) as u32;
                        let items = (0..count).filter_map(|index| body.named_child(index));
                        Some(Value::List(items.map(|item| walk.value_of(item)).collect()))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn type_of<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        match node.kind() {
            "literal_element" => node.named_child(0).and_then(|inner| walk.type_of(inner)),
            // `new(T)` is a pointer to a T
            "call_expression" if node.child_by_field_name("function").is_some_and(|f| walk.text(f) == "new") => {
                walk.arguments(node).first().and_then(|ty| walk.type_at(*ty))
            }
            _ => None,
        }
    }

    fn type_name<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        match node.kind() {
            // several results: the first one is what is worked with
            "parameter_list" => {
                let first = node.named_child(0)?;
                self.type_name(walk, first.child_by_field_name("type")?)
            }
            "map_type" | "slice_type" | "array_type" | "channel_type" | "function_type" | "struct_type"
            | "interface_type" => None,
            _ => Some(walk.head_of_type(node)),
        }
    }

    fn owner<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        let receiver = node.child_by_field_name("receiver")?.named_child(0)?.child_by_field_name("type")?;
        shape(walk.text(receiver).split('[').next().unwrap_or_default())
    }

    fn constant<'t>(&self, _walk: &Walk<'t>, node: Node<'t>, _name: &str) -> bool {
        matches!(node.kind(), "const_spec" | "var_spec")
    }
}

/// `server.Addr = x` as a property.
fn assign_field<'t>(walk: &mut Walk<'t>, node: Node<'t>, left: Node<'t>, value: Option<Node<'t>>) {
    let (Some(name), Some(value)) = (walk.map.slot(left, Slot::Name), value) else { return };
    if !walk.interest.call(walk.text(name)) {
        return;
    }
    let Some(callee) = walk.callee_at(left) else { return };
    let receiver = match &callee.target {
        Some(Target::Static(_)) => Receiver::Static,
        Some(Target::Typed(_)) => Receiver::Typed,
        _ => Receiver::Unknown(callee.object.map_or_else(Name::default, |object| walk.dotted(object))),
    };
    let arg = Arg { name: None, value: walk.value_of(value), type_name: walk.type_of(value), span: walk.span(value) };
    let index = walk.record(node, callee.name, CallKind::Assign, receiver, Value::Unknown);
    walk.facts.calls[index as usize].args = vec![arg];
}

fn collect_specs<'t>(node: Node<'t>, out: &mut Vec<Node<'t>>) {
    let mut cursor = node.walk();
    for child in node.named_children(&mut cursor) {
        match child.kind() {
            "const_spec" | "var_spec" => out.push(child),
            "var_spec_list" => collect_specs(child, out),
            _ => {}
        }
    }
}

/// The names that a package of this path may have; only its own clause says it, so the customs are followed:
/// `/v2` and `.v2` are versions, `go-` before and `-go`, `.go` behind the name are no part of it.
fn package_names(path: &str) -> Vec<Name> {
    let is_version =
        |part: &str| part.len() > 1 && part.starts_with('v') && part[1..].bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = path.rsplit('/');
    let mut last = parts.next().unwrap_or(path);
    let mut names = Vec::new();
    if is_version(last) {
        let version = last;
        last = parts.next().unwrap_or(last);
        // `go.etcd.io/etcd/client/v3` is the package `clientv3`.
        names.push(Name::from(format!("{last}{version}")));
    }
    if let Some((name, version)) = last.rsplit_once('.')
        && is_version(version)
    {
        last = name;
    }
    names.insert(0, Name::from(last));
    for name in [last.strip_prefix("go-"), last.strip_suffix("-go"), last.strip_suffix(".go")].into_iter().flatten() {
        names.push(Name::from(name));
    }
    if let Some((_, name)) = last.rsplit_once('-') {
        names.push(Name::from(name));
    }
    names
}

#[cfg(test)]
mod tests {
    use crate::facts::{Call, CallKind, Context, FileFacts, ImportKind, KeepAll, Language, Name, RefKind, Value};

    fn facts(text: &str) -> FileFacts {
        crate::syntax::extract(Language("go"), "a.go", text, &KeepAll)
    }

    fn call<'f>(facts: &'f FileFacts, name: &str) -> &'f Call {
        let names: Vec<&str> = facts.calls.iter().map(|c| c.name.as_str()).collect();
        facts.calls.iter().find(|c| c.name == name).unwrap_or_else(|| panic!("{name} not in {names:?}"))
    }

    fn context<'f>(facts: &'f FileFacts, text: &str) -> &'f Context {
        let found = facts.literals.iter().find(|l| l.value.template().as_deref() == Some(text));
        &found.unwrap_or_else(|| panic!("{text} not in {:?}", facts.literals)).context
    }

    fn text(value: &str) -> Value {
        Value::Str(Name::from(value))
    }

    #[test]
    fn imports_and_the_package() {
        let facts = facts(
            "package store\nimport \"os\"\nimport (\n r \"github.com/go-redis/redis/v8\"\n . \"fmt\"\n _ \"x/y\"\n \"gopkg.in/ini.v1\"\n)\n\
             func f() { os.Remove(\"a\"); r.NewClient(nil); ini.Load(\"b\"); Println() }",
        );
        assert_eq!(facts.namespace, "store");
        let kinds: Vec<ImportKind> = facts.imports.iter().map(|one| one.kind).collect();
        use ImportKind::{Name as Named, Wildcard};
        assert_eq!(kinds, [Named, Named, Wildcard, Named, Named]);
        assert_eq!(facts.imports[1].alias.as_deref(), Some("r"));
        call(&facts, "os.Remove");
        call(&facts, "github.com/go-redis/redis/v8.NewClient");
        call(&facts, "gopkg.in/ini.v1.Load");
        assert_eq!(call(&facts, "Println").also[0], "fmt.Println");
    }

    #[test]
    fn variables_types_and_flags() {
        let facts = facts(
            "package a\nimport \"os\"\nconst dir = \"/var/lib\"\nvar (\n name = dir + \"/x\"\n)\nfunc f(in *os.File) {\n \
             out, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0600)\n out.Write(nil)\n in.Close()\n}",
        );
        let open = call(&facts, "os.OpenFile");
        assert_eq!(open.args[0].value, text("/var/lib/x"));
        let flags = ["os.O_CREATE", "os.O_WRONLY"].map(|flag| Value::Name(Name::from(flag)));
        assert_eq!(open.args[1].value, Value::OneOf(flags.to_vec()));
        call(&facts, "os.File#Write");
        call(&facts, "os.File#Close");
    }

    #[test]
    fn struct_literals_and_properties() {
        let facts = facts(
            "package a\nimport \"github.com/go-redis/redis\"\nfunc f() {\n c := redis.NewClient(&redis.Options{Addr: \"db1:6379\", DB: 2})\n \
             o := &redis.Options{}\n o.Addr = \"db2:6379\"\n m := map[string]string{\"host\": \"db3\"}\n use(m, []string{\"db4\"})\n}",
        );
        let made = call(&facts, "github.com/go-redis/redis.Options");
        assert_eq!(made.kind, CallKind::Construct);
        assert_eq!(made.args[0].name.as_deref(), Some("Addr"));
        assert_eq!(made.args[0].value, text("db1:6379"));
        let assign = call(&facts, "github.com/go-redis/redis.Options#Addr");
        assert_eq!((assign.kind, &assign.args[0].value), (CallKind::Assign, &text("db2:6379")));
        context(&facts, "db1:6379");
        assert!(matches!(context(&facts, "db3"), Context::Keyed { path } if path.ends_with("host")));
        let used = call(&facts, "use");
        assert_eq!(used.args[0].value, Value::Map(vec![(Name::from("host"), text("db3"))]));
        assert_eq!(used.args[1].value, Value::List(vec![text("db4")]));
    }

    #[test]
    fn the_environment_formats_and_comments() {
        let facts = facts(
            "package a\nimport (\"os\"; \"fmt\")\n// \"http://comment\"\nfunc f(h string) string {\n host := os.Getenv(\"HOST\")\n dial(host)\n \
             return fmt.Sprintf(\"http://%s:%d/x\", h, 80)\n}",
        );
        assert_eq!(call(&facts, "dial").args[0].value, Value::Env { name: Name::from("HOST"), default: None });
        assert!(facts.literals.iter().all(|one| one.value.as_str() != Some("http://comment")));
        assert!(facts.literals.iter().any(|one| one.value.as_str() == Some("http://%s:%d/x")));
    }

    #[test]
    fn references_name_package_members_but_no_locals_and_no_keys() {
        let facts = facts(
            "package a\nimport \"a/models\"\ntype S struct { u models.User; o Other }\nfunc f(x int) { y := x; helper(y); models.Save(S{u: LIMIT}) \n \
             for i, v := range all { g(i, v) } }",
        );
        let has = |name: &str| facts.references.iter().any(|one| one.name == name);
        for name in ["models.User", "Other", "helper", "models.Save", "S", "LIMIT", "all", "g"] {
            assert!(has(name), "{name} in {:?}", facts.references);
        }
        for name in ["x", "y", "u", "i", "v"] {
            assert!(!has(name), "{name} in {:?}", facts.references);
        }
        assert!(facts.references.iter().any(|one| one.name == "models.Save" && one.kind == RefKind::Call));
    }
}
