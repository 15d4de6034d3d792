//! Small sources and the facts that they must give.

use super::extract;
use crate::facts::{Call, Context, FileFacts, KeepAll, Language, RefKind, Value};

fn facts(language: &'static str, text: &str) -> FileFacts {
    extract(Language(language), "a", text, &KeepAll)
}

fn call<'f>(facts: &'f FileFacts, name: &str) -> &'f Call {
    let names: Vec<&str> = facts.calls.iter().map(|c| c.name.as_str()).collect();
    facts.calls.iter().find(|c| c.name == name).unwrap_or_else(|| panic!("{name} not in {names:?}"))
}

fn context<'f>(facts: &'f FileFacts, text: &str) -> &'f Context {
    let found = facts.literals.iter().find(|l| l.value.template().as_deref() == Some(text));
    &found.unwrap_or_else(|| panic!("{text} not in {:?}", facts.literals)).context
}

fn refers(facts: &FileFacts, name: &str, kind: RefKind) -> bool {
    facts.references.iter().any(|r| r.name == name && r.kind == kind)
}

fn text(value: &Value) -> String {
    value.template().unwrap_or_else(|| panic!("no text: {value:?}"))
}

const JAVA: &str = r#"
package a.b;
import java.io.*;
import java.nio.file.Files;
import java.nio.file.Paths;
import org.x.Base;
/* breakbulk:ignore file-write because */
@Service("name")
public class Store extends Base implements Closeable {
    private static final String DIR = "/var/data";
    private final File root = new File(DIR + "/x");
    @Value("${a.b:http://h}") private String url;
    void save(String name, Helper h) throws IOException {
        Files.write(Paths.get(DIR, name), name.getBytes());
        root.delete();
        h.run();
        unknown.go();
        FileWriter w = new FileWriter("/tmp/" + name, true);
        BufferedWriter b = new BufferedWriter(new FileWriter(name));
        String host = System.getenv("DB_HOST");
        String p = System.getProperty("dir", "/srv");
        Paths.get("/a").toFile().mkdirs();
        other().mkdirs();
        mail.setHost("smtp.corp");
        if (name.equals("x") || name == "cmp") return;
        map.put("k", "v"); // not "code"
    }
    private File other() { return null; }
}
"#;

#[test]
fn java_calls_have_qualified_names_receivers_and_values() {
    let f = facts("java", JAVA);
    assert!(!f.partial);
    assert_eq!(f.namespace, "a.b");
    let write = call(&f, "java.nio.file.Files.write");
    assert_eq!(write.args.len(), 2);
    assert_eq!(write.args[0].type_name.as_deref(), Some("java.nio.file.Path"));
    let delete = call(&f, "File#delete");
    assert!(delete.also.iter().any(|n| n == "java.io.File#delete"), "{:?}", delete.also);
    assert!(matches!(&delete.receiver_value, Value::Call { construct: true, args, .. } if text(&args[0]) == "/var/data/x"));
    call(&f, "Helper#run");
    call(&f, "?#go");
    call(&f, "java.io.File#mkdirs");
    call(&f, "File#mkdirs");
    let inner = f.calls.iter().filter(|c| c.name == "FileWriter").nth(1).unwrap();
    assert_eq!(f.calls[inner.parent.unwrap() as usize].name, "BufferedWriter");
    assert_eq!(f.calls.iter().find(|c| c.name == "FileWriter").unwrap().assigned_to, "w");
}

#[test]
fn java_literals_have_contexts() {
    let f = facts("java", JAVA);
    assert!(matches!(context(&f, "/var/data"), Context::Assigned { name } if name == "DIR"));
    assert!(matches!(context(&f, "smtp.corp"), Context::Argument { callee, index: 0, .. } if callee == "?#setHost"));
    assert!(matches!(context(&f, "/srv"), Context::EnvDefault { name } if name == "dir"));
    assert!(matches!(context(&f, "cmp"), Context::Compared));
    assert!(matches!(context(&f, "v"), Context::Argument { index: 1, .. }));
    assert!(matches!(context(&f, "${a.b:http://h}"), Context::Annotation { name, element } if name == "Value" && element == "value"));
    assert!(f.literals.iter().all(|l| l.value.template().as_deref() != Some("code")));
    assert_eq!(f.pragmas.len(), 1);
    assert_eq!(f.pragmas[0].0, 7);
}

#[test]
fn java_references_and_definitions() {
    let f = facts("java", JAVA);
    assert!(refers(&f, "Base", RefKind::Inherit));
    assert!(refers(&f, "Closeable", RefKind::Inherit));
    assert!(refers(&f, "Helper", RefKind::Type));
    assert!(refers(&f, "Files", RefKind::Call));
    assert!(refers(&f, "File", RefKind::Create));
    assert!(refers(&f, "Service", RefKind::Annotation));
    assert_eq!(f.imports.len(), 4);
    let names: Vec<&str> = f.definitions.iter().map(|d| d.qualified.as_str()).collect();
    assert_eq!(names, ["a.b.Store", "a.b.Store.DIR", "a.b.Store.root", "a.b.Store.url", "a.b.Store.save", "a.b.Store.other"]);
    assert_eq!(text(&f.definitions[1].value), "/var/data");
}

#[test]
fn deep_nesting_does_not_overflow() {
    let source = format!("class A {{ int a = {}1{}; }}", "(".repeat(20_000), ")".repeat(20_000));
    facts("java", &source);
    let source = format!("class A {{ String a = {}\"b\"; }}", "\"a\" + ".repeat(5_000));
    facts("java", &source);
}
