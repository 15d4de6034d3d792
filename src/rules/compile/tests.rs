//! What rule files may say, and what is said about broken ones.

use super::*;

fn compile(text: &str) -> Result<Compiled, RuleError> {
    let mut compiled = Compiled::default();
    add_file(&mut compiled, "rules/file-write/java.toml", text, true)?;
    Ok(compiled)
}

#[test]
fn alternates_multiply() {
    assert_eq!(alternates("a.{b,c}#{d,e}").unwrap(), ["a.b#d", "a.b#e", "a.c#d", "a.c#e"]);
    assert!(alternates("a.{b").is_err());
}

#[test]
fn shapes_come_from_the_notation() {
    assert_eq!(pattern("new a.B").unwrap().shape, Shape::New);
    assert_eq!(pattern("a.B#c").unwrap().shape, Shape::Method);
    assert_eq!(pattern("@a.B").unwrap().shape, Shape::Annotation);
    assert_eq!(pattern("@aws-sdk/client-s3.S3").unwrap().shape, Shape::Plain);
    let assign = pattern("a.B#Host =").unwrap();
    assert_eq!((assign.shape, &*assign.name), (Shape::Assign, "a.B#Host"));
    assert!(pattern("a.write*").is_err());
}

#[test]
fn errors_name_file_line_and_remedy() {
    let error =
        compile("[[rule]]\nid = \"a\"\napi = \"x\"\n\n[[rule]]\nid = \"b\"\napi = \"y\"\nwhen = [{ arg = 0 }]\n")
            .unwrap_err();
    assert_eq!((error.line, error.path.as_str()), (5, "rules/file-write/java.toml"));
    assert!(error.message.contains("needs a test"));
    let error = compile("[[rule]]\nid = \"a\"\napi = \"x\"\nwhenn = []\n").unwrap_err();
    assert!(error.message.contains("whenn"), "{error}");
    let error = compile("[[rule]]\nid = \"a\"\napi = \"x\"\nwhen = [{ arg = 0, matches = \"(\" }]\n").unwrap_err();
    assert!(error.message.contains("no regular expression"), "{error}");
}

#[test]
fn own_files_can_switch_a_rule_off() {
    let mut compiled = compile("[[rule]]\nid = \"a\"\napi = \"x\"\n").unwrap();
    add_file(&mut compiled, "mine.toml", "[[change]]\nrule = \"own/java/a\"\noff = true\n", true).unwrap();
    assert!(compiled.rules[0].outcome.off);
    assert!(add_file(&mut compiled, "mine.toml", "[[change]]\nrule = \"own/java/z\"\n", true).is_err());
}
