//! The real binary on inputs good and bad: one clear line, the right exit status, never a panic, nothing written.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::tempdir;

fn breakbulk() -> Command {
    Command::cargo_bin("breakbulk").unwrap()
}

fn stdout(command: &mut Command, status: i32) -> String {
    let output = command.assert().code(status).get_output().clone();
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn complaint(command: &mut Command) -> String {
    let output = command.assert().code(2).get_output().clone();
    assert!(output.stdout.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text.trim_end().lines().count(), 1, "one line: {text}");
    text
}

fn scan(path: &Path) -> Value {
    serde_json::from_str(&stdout(breakbulk().args(["scan", "--format", "json"]).arg(path), 0)).unwrap()
}

#[test]
fn a_folder_that_does_not_exist_is_one_clear_line() {
    let text = complaint(breakbulk().args(["scan", "/does/not/exist"]));
    assert!(text.contains("/does/not/exist"), "{text}");
}

#[test]
fn a_file_instead_of_a_folder_is_one_clear_line() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("a.java");
    fs::write(&file, "class A {}").unwrap();
    let text = complaint(breakbulk().arg("scan").arg(&file));
    assert!(text.contains("folder"), "{text}");
}

#[test]
fn an_empty_folder_gives_an_empty_result() {
    let folder = tempdir().unwrap();
    let scan = scan(folder.path());
    assert_eq!(scan["files"].as_array().unwrap().len(), 0);
    assert_eq!(scan["principles"].as_array().unwrap().len(), 26);
    assert_eq!(scan["schema_version"], 1);
    let text = stdout(breakbulk().arg("scan").arg(folder.path()), 0);
    assert!(text.contains("no source file of a known language"), "{text}");
}

#[test]
fn without_a_terminal_the_summary_is_printed() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("a.php"), "<?php\nfile_put_contents('/var/data/x', 'y');\n").unwrap();
    let text = stdout(breakbulk().arg(folder.path()), 0);
    assert!(text.contains("file-write: 1"), "{text}");
    assert!(text.contains("a.php:2"), "{text}");
}

#[test]
fn fail_on_ends_with_one_when_something_is_found_and_only_then() {
    let folder = tempdir().unwrap();
    stdout(breakbulk().args(["scan", "--fail-on", "low"]).arg(folder.path()), 0);
    fs::write(folder.path().join("a.php"), "<?php\nfile_put_contents('/var/data/x', 'y');\n").unwrap();
    stdout(breakbulk().args(["scan", "--fail-on", "low"]).arg(folder.path()), 1);
}

#[test]
fn a_wrong_option_is_refused_with_two() {
    breakbulk().args(["scan", "--format", "xml"]).assert().code(2);
}

#[test]
fn broken_sources_links_and_encodings_never_stop_a_scan() {
    let folder = tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("src")).unwrap();
    fs::write(root.join("src/Broken.java"), "class Broken { void f( { new java.io.FileWriter(\"x\"); ").unwrap();
    fs::write(root.join("src/latin1.php"), b"<?php\n// gr\xfc\xdfe\nfile_put_contents('/srv/x', 'y');\n").unwrap();
    let wide: Vec<u8> = std::iter::once(0xfeff_u16)
        .chain("import os\nos.remove('/srv/x')\n".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    fs::write(root.join("src/wide.py"), wide).unwrap();
    fs::write(root.join("src/binary.js"), b"\x00\x01\x02").unwrap();
    fs::write(root.join("src/big.js"), vec![b' '; 3 << 20]).unwrap();
    fs::write(root.join("src/deep.js"), "(".repeat(100_000)).unwrap();
    fs::write(root.join("src/deep.rs"), format!("fn f() {{ {} }}", "(".repeat(50_000))).unwrap();
    fs::write(root.join("src/\u{1b}[31mred.php"), "<?php unlink('/srv/x');\n").unwrap();
    fs::create_dir_all(root.join(".git")).unwrap();
    fs::write(root.join(".git/HEAD"), "nonsense").unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("..", root.join("src/loop")).unwrap();
        std::os::unix::fs::symlink("nowhere", root.join("src/dangling.php")).unwrap();
    }
    let scan = scan(root);
    let found: Vec<&str> =
        scan["findings"].as_array().unwrap().iter().map(|finding| finding["path"].as_str().unwrap()).collect();
    assert!(found.contains(&"src/latin1.php"), "{found:?}");
    assert!(found.contains(&"src/wide.py"), "{found:?}");
    let skipped: Vec<&str> =
        scan["skipped"].as_array().unwrap().iter().map(|skipped| skipped["path"].as_str().unwrap()).collect();
    for path in ["src/binary.js", "src/big.js", "src/deep.js"] {
        assert!(skipped.contains(&path), "{path} is not in {skipped:?}");
    }
    for format in ["text", "markdown"] {
        let text = stdout(breakbulk().args(["scan", "--format", format]).arg(root), 0);
        assert!(!text.contains('\u{1b}'), "{format} holds an escape");
    }
    let mut left: Vec<String> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    left.sort();
    assert_eq!(left, [".git", "src"], "a scan writes nothing");
}

#[test]
fn the_plan_is_saved_only_when_somebody_changes_it() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("a.php"), "<?php\nfile_put_contents('/var/data/x', 'y');\n").unwrap();
    let list = stdout(breakbulk().arg("plan").arg(folder.path()).arg("list"), 0);
    assert!(!folder.path().join(".breakbulk").exists());
    let line = list.lines().find(|line| line.contains("[ ]")).unwrap();
    let id = line.split_whitespace().nth(2).unwrap();
    stdout(breakbulk().arg("plan").arg(folder.path()).args(["check", id, "--by-hand"]), 0);
    let list = stdout(breakbulk().arg("plan").arg(folder.path()).arg("list"), 0);
    assert!(list.lines().any(|line| line.contains("[!]") && line.contains(id)), "{list}");
    complaint(breakbulk().arg("plan").arg(folder.path()).args(["check", "no-such-step"]));
    fs::write(folder.path().join(".breakbulk/plan.toml"), "this is [no toml").unwrap();
    complaint(breakbulk().arg("plan").arg(folder.path()).args(["check", id]));
    assert_eq!(fs::read_to_string(folder.path().join(".breakbulk/plan.toml")).unwrap(), "this is [no toml");
}

#[test]
fn demo_explain_completions_and_manual_print_something() {
    assert!(stdout(breakbulk().args(["demo", "--format", "text"]), 0).contains("file-write"));
    assert!(stdout(breakbulk().args(["explain", "file-write"]), 0).contains("Why"));
    assert!(stdout(breakbulk().args(["explain", "a7"]), 0).contains("log-path"));
    assert!(stdout(breakbulk().args(["completions", "bash"]), 0).contains("_breakbulk"));
    assert!(stdout(breakbulk().arg("man"), 0).contains("breakbulk"));
    complaint(breakbulk().args(["explain", "no-such-thing"]));
}

#[test]
fn the_graph_is_drawn_and_a_partition_is_taken() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-projects/demo");
    let svg = stdout(breakbulk().args(["graph", "--format", "svg", "--level", "module"]).arg(&demo), 0);
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n") && svg.contains(">catalog<"), "{svg}");
    let around = ["graph", "--format", "json", "--level", "file", "--around", "mailer.php"];
    let picture: Value = serde_json::from_str(&stdout(breakbulk().args(around).arg(&demo), 0)).unwrap();
    let centre = picture["nodes"].as_array().unwrap().iter().find(|node| node["centre"] == true).unwrap();
    assert_eq!(centre["id"], "mail/mailer.php");
    let text = complaint(breakbulk().args(["graph", "--around", "nowhere"]).arg(&demo));
    assert!(text.contains("nowhere"), "{text}");

    let folder = tempdir().unwrap();
    let file = folder.path().join("two.toml");
    fs::write(&file, "[[part]]\nname = \"shop\"\nfiles = [\"{orders,catalog}/**\"]\n").unwrap();
    let scan: Value = serde_json::from_str(&stdout(
        breakbulk().args(["scan", "--format", "json", "--partition"]).arg(&file).arg(&demo),
        0,
    ))
    .unwrap();
    assert_eq!(scan["candidates"][0]["name"], "shop");
    assert!(scan["candidates"][0]["explanation"]["needed"].is_number());
    fs::write(&file, "[[part]]\nname = \"a\"\nfiles = [\"a[\"]\n").unwrap();
    let text = complaint(breakbulk().args(["scan", "--partition"]).arg(&file).arg(&demo));
    assert!(text.contains("no pattern"), "{text}");
}
