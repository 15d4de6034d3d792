//! Tests of Rust facts, one per topic.

use crate::facts::{
    Call, CallKind, Context, DefinitionKind, FileFacts, ImportKind, KeepAll, Language, Literal, Name, Receiver,
    RefKind, Value,
};

fn facts(text: &str) -> FileFacts {
    super::extract(Language("rust"), "src/lib.rs", text, &KeepAll)
}

fn call<'f>(facts: &'f FileFacts, name: &str) -> &'f Call {
    facts
        .calls
        .iter()
        .find(|call| call.name == name)
        .unwrap_or_else(|| panic!("no {name} in {:?}", facts.calls.iter().map(|call| &call.name).collect::<Vec<_>>()))
}

fn literal<'f>(facts: &'f FileFacts, text: &str) -> &'f Literal {
    facts
        .literals
        .iter()
        .find(|literal| literal.value.template().as_deref() == Some(text))
        .unwrap_or_else(|| panic!("no {text} in {:?}", facts.literals))
}

fn text(value: &str) -> Value {
    Value::Str(Name::from(value))
}

#[test]
fn imports_are_flattened() {
    let facts = facts(
        "use std::{fs::{self, File}, io as inout};\npub use crate::a::B;\nuse super::*;\nmod x;\n#[path = \"other.rs\"] mod y;\n\
         mod inner { use super::Z; mod deep; }\nfn f() { use std::env; env::var(\"X\"); }",
    );
    let paths: Vec<(&str, ImportKind, u32)> =
        facts.imports.iter().map(|import| (import.path.as_str(), import.kind, import.line)).collect();
    assert_eq!(
        paths,
        [
            ("std::fs", ImportKind::Name, 1),
            ("std::fs::File", ImportKind::Name, 1),
            ("std::io", ImportKind::Name, 1),
            ("crate::a::B", ImportKind::ReExport, 2),
            ("super", ImportKind::Wildcard, 3),
            ("x", ImportKind::Module, 4),
            ("y", ImportKind::Module, 5),
            ("self::Z", ImportKind::Name, 6),
            ("inner::deep", ImportKind::Module, 6),
            ("std::env", ImportKind::Name, 7),
        ]
    );
    assert_eq!(facts.imports[2].alias.as_deref(), Some("inout"));
    assert_eq!(facts.imports[6].value, text("other.rs"));
    call(&facts, "std.env.var");
}

#[test]
fn definitions_have_kinds_parents_types_and_values() {
    let facts = facts(
        "use std::path::PathBuf;\npub struct Store { pub dir: PathBuf }\nimpl Store {\n    const DIR: &'static str = \"/data\";\n    \
         pub fn open() -> Self { Store { dir: PathBuf::from(Self::DIR) } }\n}\npub enum E { A }\ntrait T { fn t(&self); }\n\
         pub const A: &str = concat!(\"/x\", \"/y\");\nmod m { pub fn f() {} }\nmacro_rules! mac { () => {}; }",
    );
    let found: Vec<(&str, DefinitionKind)> =
        facts.definitions.iter().map(|one| (one.qualified.as_str(), one.kind)).collect();
    assert_eq!(
        found,
        [
            ("Store", DefinitionKind::Class),
            ("Store.dir", DefinitionKind::Field),
            ("Store.DIR", DefinitionKind::Constant),
            ("Store.open", DefinitionKind::Method),
            ("E", DefinitionKind::Enum),
            ("T", DefinitionKind::Interface),
            ("T.t", DefinitionKind::Method),
            ("A", DefinitionKind::Constant),
            ("m", DefinitionKind::Module),
            ("m.f", DefinitionKind::Function),
            ("mac", DefinitionKind::Function),
        ]
    );
    assert_eq!(facts.definitions[1].type_name.as_deref(), Some("std.path.PathBuf"));
    assert_eq!(facts.definitions[3].parent, Some(0));
    assert_eq!(facts.definitions[3].type_name.as_deref(), Some("Store"));
    assert_eq!(facts.definitions[7].value, text("/x/y"));
    assert!(facts.definitions[5].private && !facts.definitions[0].private);
    assert_eq!((facts.definitions[0].span.line, facts.definitions[3].span.line), (2, 5));
}

#[test]
fn functions_are_qualified_through_use() {
    let facts = facts(
        "use std::fs;\nuse std::fs::File;\nfn f(p: &str) {\n    fs::write(p, b\"x\").unwrap();\n    let out = \
         File::create(\"/var/x\").unwrap();\n    out.set_len(3);\n    p.unknown();\n}",
    );
    assert_eq!(call(&facts, "std.fs.write").span.line, 4);
    let create = call(&facts, "std.fs.File.create");
    assert_eq!(create.args[0].value, text("/var/x"));
    assert_eq!(create.assigned_to, "out");
    let set_len = call(&facts, "std.fs.File#set_len");
    assert_eq!(set_len.receiver, Receiver::Typed);
    assert_eq!(set_len.inside, Some(0));
}

#[test]
fn globs_and_unknown_receivers_leave_room() {
    let facts = facts("use tokio::fs::*;\nfn f() { g().delete(); File::create(\"a\"); }");
    assert_eq!(call(&facts, "?#delete").receiver, Receiver::Unknown(Name::from("g()")));
    assert_eq!(call(&facts, "File.create").also, ["tokio.fs.File.create"]);
}

#[test]
fn builder_chains_keep_their_links() {
    let facts = facts(
        "use std::fs::OpenOptions;\nfn f(p: &str) { let f = OpenOptions::new().write(true).open(p)?; f.sync_all(); }",
    );
    let open = call(&facts, "std.fs.OpenOptions#open");
    let Value::Call { name, args, .. } = &open.receiver_value else { panic!("{:?}", open.receiver_value) };
    assert_eq!(name, "std.fs.OpenOptions#write");
    assert_eq!(args[1], Value::Bool(true));
    assert!(matches!(&args[0], Value::Call { name, .. } if name == "std.fs.OpenOptions.new"));
    call(&facts, "std.fs.File#sync_all");
}

#[test]
fn builders_in_variables_grow() {
    let facts = facts(
        "use std::fs::OpenOptions;\nfn f(p: &str) { let mut o = OpenOptions::new(); o.append(true); o.open(p); }",
    );
    let open = call(&facts, "std.fs.OpenOptions#open");
    assert!(matches!(&open.receiver_value, Value::Call { name, .. } if name == "std.fs.OpenOptions#append"));
}

#[test]
fn types_come_from_fields_parameters_and_results() {
    let facts = facts(
        "use std::fs::File;\nuse std::sync::{Arc, Mutex};\nstruct S { log: Arc<Mutex<File>> }\nimpl S {\n fn a(&self) { \
         self.log.lock().unwrap().set_len(0); }\n fn make() -> std::io::Result<File> { x() }\n fn b(f: &mut File) { f.set_len(1); \
         Self::make().unwrap().sync_all(); }\n}",
    );
    assert_eq!(facts.calls.iter().filter(|call| call.name == "std.fs.File#set_len").count(), 2);
    call(&facts, "std.fs.File#sync_all");
}

#[test]
fn struct_literals_and_properties() {
    let facts = facts(
        "use a::Config;\nfn f() { let mut c = Config { host: \"db1\".into(), port: 5 }; c.host = \"db2\".to_string(); }",
    );
    let made = call(&facts, "a.Config");
    assert_eq!(made.kind, CallKind::Construct);
    assert_eq!(made.args[0].name.as_deref(), Some("host"));
    assert_eq!(made.args[0].value, text("db1"));
    let assign = call(&facts, "a.Config#host");
    assert_eq!((assign.kind, &assign.args[0].value), (CallKind::Assign, &text("db2")));
    assert!(matches!(&literal(&facts, "db1").context, Context::Argument { name: Some(name), .. } if name == "host"));
}

#[test]
fn the_environment_and_its_defaults() {
    let facts = facts(
        "use std::env;\nfn f() {\n connect(env::var(\"HOST\").unwrap_or_else(|_| \"localhost\".to_string()));\n \
         connect(option_env!(\"X\").unwrap_or(\"d\"));\n connect(match env::var(\"Y\") { Ok(v) => v, Err(_) => \"e\".into() });\n}",
    );
    let values: Vec<&Value> =
        facts.calls.iter().filter(|call| call.name == "connect").map(|call| &call.args[0].value).collect();
    let env = |name: &str, default: &str| Value::Env { name: Name::from(name), default: Some(Box::new(text(default))) };
    assert_eq!(values, [&env("HOST", "localhost"), &env("X", "d"), &env("Y", "e")]);
    for (default, name) in [("localhost", "HOST"), ("d", "X"), ("e", "Y")] {
        assert_eq!(literal(&facts, default).context, Context::EnvDefault { name: Name::from(name) });
    }
}

#[test]
fn constants_and_joins_are_followed() {
    let facts = facts(
        "const HOST: &str = \"db1\";\nfn f(port: u16) { open(&format!(\"http://{HOST}:{port}/{}\", \"x\")); open(BASE.to_owned() + \
         \"/y\"); }\nstatic BASE: &str = \"/srv\";\nfn g(dir: &std::path::Path) { make(dir.join(\"logs\")); }",
    );
    let joined = literal(&facts, "http://db1:{}/x");
    assert!(matches!(&joined.context, Context::Argument { callee, index: 0, .. } if callee == "open"));
    literal(&facts, "/srv/y");
    literal(&facts, "{}/logs");
    assert!(matches!(&literal(&facts, "db1").context, Context::Assigned { name } if name == "HOST"));
}

#[test]
fn references_by_kind() {
    let facts = facts(
        "struct A;\nimpl crate::t::T for A { fn f(x: crate::u::U) -> Vec<W> { match x { E::V(y) => G { y }, _ => h::i() } } }\n\
         #[derive(Debug, Own)] struct B;",
    );
    let has = |name: &str, kind: RefKind| facts.references.iter().any(|one| one.name == name && one.kind == kind);
    assert!(has("crate.t.T", RefKind::Inherit));
    assert!(has("crate.u.U", RefKind::Type) && has("W", RefKind::Type) && has("E.V", RefKind::Type));
    assert!(has("G", RefKind::Create) && has("h.i", RefKind::Call) && has("Own", RefKind::Annotation));
    assert!(!facts.references.iter().any(|one| one.name == "x" || one.name == "Vec"));
}

#[test]
fn macros_are_read_as_expressions_or_picked_over() {
    let facts = facts(
        "lazy_static! { static ref DIR: String = std::env::var(\"DIR\").unwrap_or(\"/tmp/x\".into()); }\n\
         fn f() { let v = vec![\"a\"]; json!({ \"db\": { \"host\": \"db1\" } }); info!(\"at {}\", std::fs::remove_file(\"b\").is_ok()); }",
    );
    assert!(matches!(&literal(&facts, "/tmp/x").context, Context::EnvDefault { name } if name == "DIR"));
    assert!(matches!(&literal(&facts, "db1").context, Context::Keyed { path } if path == "db.host"));
    assert!(matches!(&literal(&facts, "a").context, Context::Assigned { name } if name == "v"));
    call(&facts, "std.fs.remove_file");
}

#[test]
fn attributes_are_annotations() {
    let facts = facts(
        "use clap::Parser;\n#[derive(Parser)]\nstruct A { #[arg(long, env = \"HOST\", default_value = \"db1\")] host: String }\n\
         #[get(\"/users\")] async fn users() {}",
    );
    assert_eq!(literal(&facts, "db1").context, Context::EnvDefault { name: Name::from("HOST") });
    assert_eq!(call(&facts, "get").kind, CallKind::Annotation);
    assert!(matches!(&literal(&facts, "/users").context, Context::Annotation { name, .. } if name == "get"));
}

#[test]
fn test_code_gives_no_calls_and_comments_and_doc_no_literals() {
    let facts = facts(
        "/// \"http://doc\"\n// \"http://comment\"\nfn f() {}\n#[cfg(test)] mod tests { use super::*; #[test] fn t() { \
         std::fs::write(\"a\", \"b\"); } }",
    );
    assert!(facts.calls.is_empty() && facts.literals.is_empty());
    assert_eq!(facts.imports.len(), 1);
}

#[test]
fn broken_files_still_give_imports_and_definitions() {
    let facts = facts("use a::{b, c};\nmod m;\npub struct S {}\nfn f( { }\nlet = x::y();");
    assert!(facts.partial);
    assert_eq!(facts.imports.len(), 3, "from lines: the brackets do not match");
    let facts = self::facts("use a::{b, c};\nmod m;\npub struct S {}\nfn f() { let = x::y(); }");
    assert!(facts.partial);
    assert_eq!(facts.imports.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["a::b", "a::c", "m"]);
    assert_eq!(facts.definitions.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["S", "f"]);
    assert!(facts.references.iter().any(|one| one.name == "x.y"));
}

#[test]
fn absurd_nesting_is_refused() {
    let deep = format!("fn f() {{ {}1{} }}", "(".repeat(5000), ")".repeat(5000));
    assert!(facts(&deep).partial);
    let long = format!("fn f() {{ a{} }}", ".b()".repeat(5000));
    assert!(facts(&long).partial);
}

#[test]
fn heads_and_places() {
    let facts = facts("\u{feff}#!/usr/bin/env run\n// breakbulk:ignore file-write reason\nfn ä() { é(\"x\"); }\n");
    assert_eq!(facts.lines, 3);
    assert_eq!(facts.pragmas, [(2, Name::from("file-write reason"))]);
    let call = call(&facts, "é");
    assert_eq!((call.span.line, call.span.column), (3, 11));
}

#[test]
fn values_that_grow_are_forgotten() {
    let steps = "q = (q, q);".repeat(40);
    let facts = facts(&format!("fn f() {{ let mut q = a(); {steps} b(q); }}"));
    assert_eq!(call(&facts, "b").args[0].value, Value::Name(Name::from("q")));
}
