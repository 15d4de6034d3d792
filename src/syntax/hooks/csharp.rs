//! C#: using directives, namespaces (also nested and file-scoped), interpolated and verbatim strings, `nameof`.

use tree_sitter::Node;

use super::Hooks;
use crate::facts::{Import, ImportKind, Name, Value};
use crate::syntax::extract::{Walk, dotted, normalise};
use crate::syntax::values::{joined, unquote};

pub struct CSharp;

impl Hooks for CSharp {
    fn namespace<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        let mut full = Name::default();
        let mut at = Some(node);
        while let Some(here) = at {
            if matches!(here.kind(), "namespace_declaration" | "file_scoped_namespace_declaration")
                && let Some(name) = here.child_by_field_name("name")
            {
                let name = walk.dotted(name);
                full = if full.is_empty() { name } else { dotted(&name, &full) };
            }
            at = here.parent();
        }
        walk.facts.namespace = full;
    }

    fn import<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        let text = walk.text(node).trim().trim_end_matches(';').trim();
        let text = text.strip_prefix("global ").map_or(text, str::trim_start);
        let Some(text) = text.strip_prefix("using ").map(str::trim_start) else { return };
        let (text, is_static) = match text.strip_prefix("static ") {
            Some(rest) => (rest, true),
            None => (text.strip_prefix("unsafe ").unwrap_or(text), false),
        };
        let (alias, path) = match text.split_once('=') {
            Some((alias, path)) => (Some(Name::from(alias.trim())), path),
            None => (None, text),
        };
        let path = normalise(path.trim().trim_start_matches("global::"));
        match &alias {
            Some(alias) => {
                walk.names.insert(alias.clone(), path.clone());
            }
            None => walk.wildcards.push(path.clone()),
        }
        let kind = match (is_static, &alias) {
            (true, _) => ImportKind::Static,
            (_, Some(_)) => ImportKind::Name,
            // a namespace: everything in it
            _ => ImportKind::Wildcard,
        };
        let line = walk.line(node);
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

    fn value<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Value> {
        match node.kind() {
            "boolean_literal" => Some(Value::Bool(walk.text(node) == "true")),
            "invocation_expression" if walk.text(node.child_by_field_name("function")?) == "nameof" => {
                let name = walk.arguments(node).first().map(|arg| walk.dotted(*arg))?;
                Some(Value::Str(Name::from(name.rsplit('.').next().unwrap_or(&name))))
            }
            _ => None,
        }
    }

    fn list_key<'t>(&self, walk: &Walk<'t>, list: Node<'t>, element: Node<'t>) -> Option<Name> {
        let inner = list.kind() == "initializer_expression" && list.parent().is_some_and(|p| p.kind() == list.kind());
        let (key, value) = (list.named_child(0)?, list.named_child(1)?);
        let pair = inner && list.named_child_count() == 2 && value.id() == element.id();
        if pair { walk.value_of(key).as_str().map(Name::from) } else { None }
    }

    fn iterated<'t>(&self, node: Node<'t>) -> Option<Node<'t>> {
        (node.kind() == "foreach_statement").then(|| node.child_by_field_name("right")).flatten()
    }

    /// `T x = new()`, `T[] all = [new(…)]`, `x = new()`, `return new()`.
    fn implied_type<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        // `: base(path)`
        if node.kind() == "constructor_initializer" {
            return node.child(1).filter(|word| word.kind() == "base").and_then(|_| walk.base_class());
        }
        let mut at = node.parent()?;
        for _ in 0..8 {
            match at.kind() {
                "variable_declarator" => {
                    return at.parent()?.child_by_field_name("type").and_then(|ty| walk.type_at(ty));
                }
                "property_declaration" => return at.child_by_field_name("type").and_then(|ty| walk.type_at(ty)),
                "method_declaration" => return at.child_by_field_name("returns").and_then(|ty| walk.type_at(ty)),
                "assignment_expression" => return at.child_by_field_name("left").and_then(|left| walk.type_of(left)),
                "argument_list" | "lambda_expression" | "anonymous_method_expression" | "switch_expression" => {
                    return None;
                }
                _ => at = at.parent()?,
            }
        }
        None
    }

    fn string<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Value> {
        let text = walk.text(node);
        match node.kind() {
            "verbatim_string_literal" => Some(Value::Str(Name::from(unquote(text).replace("\"\"", "\"")))),
            "raw_string_literal" => Some(Value::Str(Name::from(text.trim_matches('"').trim()))),
            "interpolated_string_expression" => {
                let mut parts = Vec::new();
                let mut cursor = node.walk();
                for child in node.named_children(&mut cursor) {
                    match child.kind() {
                        "string_content" => parts.push(Value::Str(Name::from(walk.text(child)))),
                        "escape_sequence" => parts.push(Value::Str(escape(walk.text(child)))),
                        "interpolation" => {
                            let mut inner = child.walk();
                            let value = child
                                .named_children(&mut inner)
                                .find(|part| !part.kind().starts_with("interpolation_"));
                            parts.push(value.map_or(Value::Unknown, |value| walk.value_of(value)));
                        }
                        _ => {}
                    }
                }
                Some(joined(parts))
            }
            _ => None,
        }
    }

    fn type_name<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        let name = walk.head_of_type(node);
        // what a task or a lazy value gives is what the code works with
        if matches!(name.as_str(), "Task" | "ValueTask" | "Lazy" | "Nullable") && node.kind() == "generic_name" {
            let list = node.named_child(1)?;
            return list.named_child(0).and_then(|inner| self.type_name(walk, inner));
        }
        Some(name)
    }

    fn alias<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        // `string.Format`: the keyword stands for a type
        (node.kind() == "predefined_type").then(|| Name::from(walk.text(node)))
    }

    fn type_of<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        // `this` is a keyword to the grammar, not a node with a name
        (node.kind() == "this").then(|| walk.scopes.class().map(|class| class.class.clone())).flatten()
    }

    fn private<'t>(&self, walk: &Walk<'t>, node: Node<'t>, _name: &str) -> bool {
        modifiers(walk, node).any(|word| word == "private")
    }

    fn constant<'t>(&self, walk: &Walk<'t>, node: Node<'t>, _name: &str) -> bool {
        let words: Vec<&str> = modifiers(walk, node).collect();
        words.contains(&"const") || (words.contains(&"static") && words.contains(&"readonly"))
    }

    /// Also the namespaces around the file's own one: `A` and `A.B` are visible in `A.B.C`.
    fn candidates(&self, walk: &Walk<'_>, name: &str) -> Vec<Name> {
        let mut found = walk.candidates(name);
        if !found.is_empty() {
            let mut outer = walk.facts.namespace.as_str();
            while let Some((shorter, _)) = outer.rsplit_once('.') {
                found.push(dotted(shorter, name));
                outer = shorter;
            }
        }
        found
    }
}

fn modifiers<'w, 't>(walk: &'w Walk<'t>, node: Node<'t>) -> impl Iterator<Item = &'t str> + 'w {
    let count = node.child_count().min(12);
    (0..count)
        .filter_map(move |index| node.child(index))
        .filter(|child| child.kind() == "modifier")
        .map(|child| walk.text(child))
}

fn escape(text: &str) -> Name {
    match text {
        "\\n" => Name::const_new("\n"),
        "\\t" => Name::const_new("\t"),
        "\\r" => Name::const_new("\r"),
        "{{" => Name::const_new("{"),
        "}}" => Name::const_new("}"),
        other => Name::from(other.strip_prefix('\\').unwrap_or(other)),
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::{Call, CallKind, Context, FileFacts, ImportKind, KeepAll, Language, Name, RefKind, Value};

    fn facts(text: &str) -> FileFacts {
        crate::syntax::extract(Language("csharp"), "A.cs", text, &KeepAll)
    }

    fn call<'f>(facts: &'f FileFacts, name: &str) -> &'f Call {
        let known: Vec<(&Name, &Vec<Name>)> = facts.calls.iter().map(|c| (&c.name, &c.also)).collect();
        facts
            .calls
            .iter()
            .find(|c| c.name == name || c.also.iter().any(|also| also == name))
            .unwrap_or_else(|| panic!("{name} not in {known:?}"))
    }

    fn context<'f>(facts: &'f FileFacts, text: &str) -> &'f Context {
        let found = facts.literals.iter().find(|l| l.value.template().as_deref() == Some(text));
        &found.unwrap_or_else(|| panic!("{text} not in {:?}", facts.literals)).context
    }

    fn text(value: &str) -> Value {
        Value::Str(Name::from(value))
    }

    #[test]
    fn usings_and_namespaces() {
        let facts = facts(
            "global using System.Text;\nusing static System.Math;\nusing F = System.IO.File;\nusing Own.Data;\nnamespace A.B { namespace C { \
             class D { void M() { F.Delete(\"a\"); Repo.Save(); } } } }",
        );
        assert_eq!(facts.namespace, "A.B.C");
        let found: Vec<(&str, ImportKind)> = facts.imports.iter().map(|one| (one.path.as_str(), one.kind)).collect();
        use ImportKind::{Static, Wildcard};
        assert_eq!(
            found,
            [
                ("System.Text", Wildcard),
                ("System.Math", Static),
                ("System.IO.File", ImportKind::Name),
                ("Own.Data", Wildcard)
            ]
        );
        call(&facts, "System.IO.File.Delete");
        let also = &call(&facts, "Repo.Save").also;
        for name in ["Own.Data.Repo.Save", "A.B.C.Repo.Save", "A.B.Repo.Save", "A.Repo.Save"] {
            assert!(also.iter().any(|one| one == name), "{name} in {also:?}");
        }
        assert!(facts.definitions.iter().any(|one| one.qualified == "A.B.C.D.M"));
    }

    #[test]
    fn file_scoped_namespaces_bases_and_attributes() {
        let facts = facts(
            "namespace A.B;\n[Route(\"api/x\")]\npublic partial class C : Base, IThing { [HttpGet(Name = \"n\")] public void Get() {} \
             private const string Dir = @\"C:\\data\"; }",
        );
        assert_eq!(facts.namespace, "A.B");
        for name in ["Base", "IThing"] {
            let found = facts.references.iter().find(|one| one.name == name).map(|one| one.kind);
            assert_eq!(found, Some(RefKind::Inherit), "{name}");
        }
        assert_eq!(call(&facts, "Route").kind, CallKind::Annotation);
        assert!(matches!(context(&facts, "api/x"), Context::Annotation { name, .. } if name.ends_with("Route")));
        let dir = facts.definitions.iter().find(|one| one.name == "Dir").unwrap_or_else(|| panic!("no Dir"));
        assert_eq!((dir.value.clone(), dir.private), (text("C:\\data"), true));
    }

    #[test]
    fn typed_receivers_constructions_and_initialisers() {
        let facts = facts(
            "using System.IO;\nusing RabbitMQ.Client;\nclass C { private readonly FileInfo _info; void M(string p) { _info.Delete(); var w = new \
             StreamWriter(p); w.Write(\"x\"); File.WriteAllText(Path.Combine(p, \"log\"), \"y\"); var f = new ConnectionFactory { HostName = \
             \"mq1\", Port = 5672 }; f.HostName = \"mq2\"; } }",
        );
        call(&facts, "System.IO.FileInfo#Delete");
        call(&facts, "System.IO.StreamWriter#Write");
        call(&facts, "System.IO.File.WriteAllText");
        let made = call(&facts, "RabbitMQ.Client.ConnectionFactory");
        assert_eq!(made.kind, CallKind::Construct);
        assert_eq!(made.args[0].name.as_deref(), Some("HostName"));
        assert_eq!(made.args[0].value, text("mq1"));
        let assign = call(&facts, "RabbitMQ.Client.ConnectionFactory#HostName");
        assert_eq!((assign.kind, &assign.args[0].value), (CallKind::Assign, &text("mq2")));
        assert!(matches!(context(&facts, "mq1"), Context::Argument { name: Some(name), .. } if name == "HostName"));
    }

    #[test]
    fn strings_the_environment_and_flags() {
        let facts = facts(
            "using System;\nclass C { const string Host = \"db1\"; void M(int port) { Open($\"http://{Host}:{port}/x\"); Open(nameof(C.Host)); \
             Open(Environment.GetEnvironmentVariable(\"H\") ?? \"local\"); Open(A.X | A.Y); Open(\"a\" + Host); \
             Open(string.Format(\"{0}:{1}\", Host, port)); x.Get<Foo>(1); } public string Url { get; set; } = \"http://db2\"; }",
        );
        let values: Vec<&Value> =
            facts.calls.iter().filter(|one| one.last() == "Open").map(|one| &one.args[0].value).collect();
        assert_eq!(values[0].template().as_deref(), Some("http://db1:{}/x"));
        assert_eq!(values[1], &text("Host"));
        assert_eq!(values[2], &Value::Env { name: Name::from("H"), default: Some(Box::new(text("local"))) });
        assert!(matches!(values[3], Value::OneOf(flags) if flags.len() == 2));
        assert_eq!(values[4], &text("adb1"));
        assert_eq!(values[5].template().as_deref(), Some("db1:{}"));
        call(&facts, "?#Get");
        assert!(matches!(context(&facts, "http://db2"), Context::Assigned { name } if name == "Url"));
        assert!(facts.references.iter().any(|one| one.name == "Foo"));
    }
}
