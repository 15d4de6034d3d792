//! Rules and suppressions of users, through the real binary: found, checked, tried, explained, listed in every report.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::{TempDir, tempdir};

const RULES: &str = "kind = \"file-write\"\nlanguages = [\"java\"]\n\n[[rule]]\nid = \"spool-append\"\napi = \"com.acme.io.Spool#append\"\nsubject = { arg = 0 }\nmessage = \"appends to the spool file {subject}\"\n\n[[entry]]\nid = \"spool-folder\"\nfiles = \"**/*.properties\"\nkey = \"spool.folder\"\n\n[[change]]\nrule = \"file-write/java/file-delete\"\noff = true\n";

const SOURCE: &str = "import com.acme.io.Spool;\nimport java.io.File;\nclass A {\n  void a(Spool spool, Object other) {\n    spool.append(\"/spool/a\", \"x\");\n    other.append(\"/spool/b\", \"y\");\n    new File(\"/data/x\").delete();\n  }\n}\n";

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn repository() -> TempDir {
    let folder = tempdir().unwrap();
    write(folder.path(), ".breakbulk/rules/acme.toml", RULES);
    write(folder.path(), "src/A.java", SOURCE);
    write(folder.path(), "src/app.properties", "spool.folder=/spool\nspool.name=x\n");
    folder
}

/// The program in `folder`, with a home of its own.
fn breakbulk(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("breakbulk").unwrap();
    command.current_dir(folder).env("XDG_CONFIG_HOME", folder.join("config")).env_remove("HOME");
    command
}

fn run(folder: &Path, arguments: &[&str], status: i32) -> (String, String) {
    let output = breakbulk(folder).args(arguments).assert().code(status).get_output().clone();
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn scan(folder: &Path) -> Value {
    serde_json::from_str(&run(folder, &["scan", "--format", "json"], 0).0).unwrap()
}

fn rules_of(scan: &Value) -> Vec<(String, u64)> {
    let findings = scan["findings"].as_array().unwrap().iter();
    findings.map(|found| (found["rule"].as_str().unwrap().to_owned(), found["line"].as_u64().unwrap())).collect()
}

#[test]
fn own_rules_are_used_and_a_rule_that_is_switched_off_is_said() {
    let folder = repository();
    let scan = scan(folder.path());
    let expected = [("own/acme/spool-append".to_owned(), 5), ("own/acme/spool-folder".to_owned(), 1)];
    assert_eq!(rules_of(&scan), expected);
    assert!(scan["findings"][0]["message"].as_str().unwrap().contains("spool file /spool/a"));
    assert!(scan["repository"]["notes"].to_string().contains("file-write/java/file-delete"), "{}", scan["repository"]);
}

#[test]
fn rules_of_the_user_are_read_before_those_of_the_repository() {
    let folder = repository();
    let own =
        "kind = \"file-write\"\nlanguages = [\"java\"]\n[[rule]]\nid = \"b\"\napi = \"com.acme.io.Spool#close\"\n";
    write(folder.path(), "config/breakbulk/rules/user.toml", own);
    write(folder.path(), ".breakbulk/rules/zz.toml", "[[change]]\nrule = \"own/user/b\"\noff = true\n");
    let (list, _) = run(folder.path(), &["rules", "list"], 0);
    let line = list.lines().find(|line| line.starts_with("own/user/b ")).unwrap();
    assert!(line.contains("(off)"), "{line}");
    assert!(list.contains("own/acme/spool-append") && list.contains("file-write/java/"));
}

#[test]
fn a_broken_rule_file_is_refused_with_file_line_and_remedy() {
    let folder = repository();
    write(folder.path(), ".breakbulk/rules/acme.toml", &RULES.replace("subject", "subjekt"));
    for arguments in [&["scan"][..], &["rules", "check"], &["rules", "list"]] {
        let (_, complaint) = run(folder.path(), arguments, 2);
        assert!(complaint.contains(".breakbulk/rules/acme.toml:7: "), "{complaint}");
        assert!(complaint.contains("write `subject`"), "{complaint}");
    }
    for (from, to, line, remedy) in [
        ("kind = \"file-write\"", "kind = \"file-wirte\"", 1, "write `kind = \"file-write\"`"),
        ("[\"java\"]", "[\"jave\"]", 4, "languages = [\"java\"]"),
        ("Spool#append", "Spool::append", 4, "dots, no wildcards"),
        ("file-delete\"", "file-delet\"", 15, "write `file-write/java/file-delete`"),
        ("arg = 0", "arg = \"first\"", 4, "a place is one of"),
        ("id = \"spool-folder\"\n", "", 10, "`id` is missing"),
    ] {
        write(folder.path(), ".breakbulk/rules/acme.toml", &RULES.replace(from, to));
        let (_, complaint) = run(folder.path(), &["rules", "check", ".breakbulk/rules/acme.toml"], 2);
        assert!(complaint.contains(&format!("acme.toml:{line}: ")) && complaint.contains(remedy), "{to}: {complaint}");
    }
}

#[test]
fn try_shows_what_is_found_and_why_the_rest_is_not() {
    let folder = repository();
    let (text, _) = run(folder.path(), &["rules", "try", ".breakbulk/rules/acme.toml", "src"], 0);
    assert!(text.contains("A.java:5  own/acme/spool-append appends to the spool file /spool/a"), "{text}");
    assert!(text.contains("2 found in 2 files"), "{text}");
    assert!(text.contains("A.java:6  own/acme/spool-append: the name is read as `"), "{text}");
    let (text, _) = run(folder.path(), &["rules", "try", ".breakbulk/rules/acme.toml", "src/app.properties"], 0);
    assert!(text.contains("1 found in 1 files"), "{text}");
}

#[test]
fn a_rule_a_kind_and_a_slip_are_explained() {
    let folder = repository();
    let (text, _) = run(folder.path(), &["explain", "own/acme/spool-append"], 0);
    for part in ["com.acme.io.Spool#append", "Why: ", "Principle: A4", "What to do:", "In java, before:", "after:"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("In php"), "{text}");
    let (text, _) = run(folder.path(), &["explain", "hardcoded-endpoint/config/host-port"], 0);
    assert!(text.contains("In configuration, before:"), "{text}");
    let (_, complaint) = run(folder.path(), &["explain", "file-wirte"], 2);
    assert!(complaint.contains("did you mean file-write?"), "{complaint}");
}

#[test]
fn what_is_set_aside_stands_in_every_report_and_so_does_what_sets_nothing_aside() {
    let folder = repository();
    let source = SOURCE.replace("    spool", "    // breakbulk:ignore file-write drained by a job\n    spool");
    let source = source.replace("class A", "// breakbulk:ignore log-path long gone\n// breakbulk:ignore\nclass A");
    write(folder.path(), "src/A.java", &source);
    let settings = "[[suppress]]\npath = \"src/*.properties\"\nreason = \"a volume\"\n\n[[suppress]]\nrule = \"log-path\"\nreason = \"rotated\"\n";
    write(folder.path(), ".breakbulk/config.toml", settings);
    let scan = scan(folder.path());
    assert_eq!(rules_of(&scan), []);
    let aside = scan["suppressed"].as_array().unwrap();
    let listed: Vec<_> =
        aside.iter().map(|item| (item["by"].as_str().unwrap(), item["reason"].as_str().unwrap())).collect();
    assert_eq!(listed, [("src/A.java:7", "drained by a job"), (".breakbulk/config.toml:1", "a volume")]);
    let unused = scan["unused_suppressions"].to_string();
    for by in ["src/A.java:3", "src/A.java:4", ".breakbulk/config.toml:5"] {
        assert!(unused.contains(&format!("{by}\"")), "{by}: {unused}");
    }
    assert!(unused.contains("gives no reason"), "{unused}");
    for (format, parts) in [
        ("text", ["drained by a job (src/A.java:7)", "not used: .breakbulk/config.toml:5"]),
        ("markdown", ["drained by a job", "sets nothing aside"]),
        ("sarif", ["\"justification\": \"drained by a job\"", "the suppression is not used"]),
    ] {
        let (text, _) = run(folder.path(), &["scan", "--format", format], 0);
        for part in parts {
            assert!(
                text.contains(part) || text.contains(&part.replace("sets nothing", "set nothing")),
                "{format}: {part}: {text}"
            );
        }
    }
}

#[test]
fn the_first_rule_of_the_documentation_is_one() {
    let folder = repository();
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md")).unwrap();
    let mut checked = 0;
    for block in page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        if block.contains("[[suppress]]") {
            continue;
        }
        let head = if block.contains("kind =") { "" } else { "kind = \"file-write\"\nlanguages = [\"python\"]\n" };
        write(folder.path(), "doc.toml", &format!("{head}{block}"));
        let (text, _) = run(folder.path(), &["rules", "check", "doc.toml"], 0);
        assert!(text.contains("fine"), "{text}");
        checked += 1;
    }
    assert_eq!(checked, 6);
}
