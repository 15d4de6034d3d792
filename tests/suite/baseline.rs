//! A baseline holds: findings are known again after lines were put above them, after indenting, and after renaming files;
//! gates end with the right status, and every format says what is new.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use breakbulk::analysis::{Analysis, Options, Repository, Silent, scan};
use breakbulk::facts::{Skipped, SourceFile};
use breakbulk::git::History;
use breakbulk::report::baseline::{Comparison, Snapshot};
use breakbulk::report::{self, Format, Lang};
use breakbulk::rules::RuleSet;
use breakbulk::walk;
use proptest::prelude::*;
use serde_json::Value;
use tempfile::tempdir;

/// Files in memory: path and text.
struct Memory(Vec<(String, String)>);

impl Repository for Memory {
    fn name(&self) -> String {
        "memory".into()
    }

    fn files(&self, _stop: &(dyn Fn() -> bool + Sync)) -> (Vec<SourceFile>, Vec<Skipped>) {
        let mut files: Vec<SourceFile> = self
            .0
            .iter()
            .map(|(path, text)| {
                let (language, is_code, scope) = walk::classify(path);
                SourceFile { path: path.as_str().into(), language, is_code, scope, bytes: text.len() as u64, lines: 0 }
            })
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        (files, Vec::new())
    }

    fn read(&self, file: &SourceFile) -> Result<Vec<u8>, String> {
        let found = self.0.iter().find(|(path, _)| *path == file.path);
        found.map(|(_, text)| text.clone().into_bytes()).ok_or_else(|| "gone".to_owned())
    }

    fn history(&self, _files: &[SourceFile], _stop: &(dyn Fn() -> bool + Sync)) -> History {
        History::default()
    }
}

fn look(files: &[(String, String)]) -> Analysis {
    let options = Options { threads: Some(1), ..Options::default() };
    scan(&Memory(files.to_vec()), RuleSet::built_in().unwrap(), &options, &Silent)
}

fn sources() -> Vec<(String, String)> {
    let files = [
        (
            "app/store.php",
            "<?php\nfunction save($p) {\n    if ($p) {\n        file_put_contents('/var/shop/a', $p);\n        file_put_contents('/var/shop/b', $p);\n    }\n    unlink('/tmp/x');\n}\n",
        ),
        (
            "app/Log.java",
            "package app;\nimport java.io.FileWriter;\nclass Log {\n    void say() throws Exception {\n        FileWriter w = new FileWriter(\"/var/log/shop.log\");\n        java.net.URI u = java.net.URI.create(\"http://api.corp.internal:8080/x\");\n        new java.net.URL(\"http://api.corp.internal:8080/x\").openStream();\n    }\n}\n",
        ),
        (
            "app/jobs.py",
            "import os\n\ndef run():\n    with open('/srv/out.txt', 'w') as f:\n        f.write('x')\n    os.makedirs('/srv/cache')\n",
        ),
        (
            "app/send.js",
            "const fs = require('fs');\nfunction f(x) {\n    fs.writeFileSync('/data/a.json', x);\n    fetch('http://mail.corp.internal/send');\n}\n",
        ),
        ("conf/app.properties", "db.url=jdbc:mysql://db1.corp.internal:3306/shop\nlog.file=/var/log/shop/app.log\n"),
    ];
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

/// What is done to one file.
#[derive(Debug, Clone)]
struct Edit {
    above: usize,
    indent: usize,
    rename: bool,
}

fn edited(files: &[(String, String)], edits: &[Edit]) -> Vec<(String, String)> {
    let one = |((path, text), edit): (&(String, String), &Edit)| {
        let comment = match path.rsplit('.').next() {
            Some("py" | "properties") => "# a line\n",
            _ => "// a line\n",
        };
        // deeper indentation, and in proportion: Python goes by it
        let indented = text.lines().map(|line| {
            let blanks = line.len() - line.trim_start().len();
            format!("{}{}\n", " ".repeat(blanks * edit.indent), line.trim_start())
        });
        let indented: String = indented.collect();
        let head = indented.strip_prefix("<?php\n").map_or("", |_| "<?php\n");
        let text = format!("{head}{}{}", comment.repeat(edit.above), &indented[head.len()..]);
        let path = match (edit.rename, path.split_once('/')) {
            (true, Some((folder, name))) => format!("{folder}/inner/new_{name}"),
            _ => path.clone(),
        };
        (path, text)
    };
    files.iter().zip(edits).map(one).collect()
}

fn edit() -> impl Strategy<Value = Edit> {
    (0..40_usize, 1..4_usize, any::<bool>()).prop_map(|(above, indent, rename)| Edit { above, indent, rename })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn lines_above_indentation_and_new_names_change_nothing(edits in prop::collection::vec(edit(), 5)) {
        let before = look(&sources());
        let old = Snapshot::parse(&report::render(&before, Format::Json, Lang::En).unwrap()).unwrap();
        prop_assert_eq!(&old.rows, &Snapshot::of(&before).rows, "the JSON says the same as the result");
        let after = look(&edited(&sources(), &edits));
        let comparison = Comparison::of(old, Snapshot::of(&after));
        let told = |rows: &mut dyn Iterator<Item = &breakbulk::report::baseline::Row>| -> Vec<String> {
            rows.map(|row| format!("{} {} {}", row.place(), row.rule, row.snippet)).collect()
        };
        prop_assert_eq!(told(&mut comparison.added()), Vec::<String>::new());
        prop_assert_eq!(told(&mut comparison.fixed()), Vec::<String>::new());
        prop_assert!(comparison.unchanged().count() >= 8, "{}", comparison.unchanged().count());
    }
}

fn run(arguments: &[&str], status: i32) -> String {
    let mut command = Command::cargo_bin("breakbulk").unwrap();
    let output = command.args(arguments).assert().code(status).get_output().clone();
    let text = String::from_utf8(if status == 2 { output.stderr } else { output.stdout }).unwrap();
    assert!(status != 2 || text.trim_end().lines().count() == 1, "{text}");
    text
}

#[test]
fn a_gate_stops_what_is_new_and_nothing_else() {
    let folder = tempdir().unwrap();
    let root = folder.path().join("shop");
    fs::create_dir(&root).unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (shop, old, new) = (path("shop"), path("old.json"), path("new.json"));
    let write = |name: &str, text: &str| fs::write(root.join(name), text).unwrap();
    write("a.php", "<?php\nfile_put_contents('/var/data/x', 'y');\n");
    run(&["scan", &shop, "--format", "json", "-o", &old], 0);
    let gate = |status| run(&["scan", &shop, "--baseline", &old, "--fail-on", "new"], status);
    assert!(gate(0).contains("Since the baseline: 0 new, 0 fixed, 1 unchanged"));
    write("a.php", "<?php\n\n\n    file_put_contents('/var/data/x', 'y');\n");
    gate(0);
    fs::rename(root.join("a.php"), root.join("b.php")).unwrap();
    assert!(gate(0).contains("1 unchanged, 1 file renamed"));
    write("c.php", "<?php\nunlink('/var/data/z');\n");
    let text = gate(1);
    assert!(text.contains("1 new, 0 fixed, 1 unchanged") && text.contains("c.php:2 "), "{text}");
    run(&["scan", &shop, "--fail-on", "high"], 1);
    run(&["scan", &shop, "--format", "json", "-o", &new], 0);
    assert!(run(&["diff", &old, &new], 0).contains("new\n  c.php:2 "));
    assert!(run(&["diff", &new, &old], 0).contains("0 new, 1 fixed"));
    run(&["diff", &old, &new, "--fail-on", "new"], 1);
    run(&["diff", &new, &old, "--fail-on", "low"], 0);
    let diff: Value = serde_json::from_str(&run(&["diff", &old, &new, "--format", "json"], 0)).unwrap();
    assert_eq!((&diff["summary"]["new"], &diff["summary"]["unchanged"]), (&1.into(), &1.into()));
    assert_eq!(diff["unchanged"][0]["was"]["path"], "a.php");
    assert!(run(&["diff", &old, &new, "--format", "markdown"], 0).contains("- `c.php:2` file-write"));
    let scan: Value = serde_json::from_str(&run(&["scan", &shop, "--baseline", &old, "--format", "json"], 0)).unwrap();
    assert_eq!(scan["baseline"]["new"], 1);
    let states: Vec<_> = scan["findings"].as_array().unwrap().iter().map(|found| found["baseline"].clone()).collect();
    assert_eq!(states, ["unchanged", "new"]);
}

#[test]
fn a_baseline_that_is_none_is_one_clear_line() {
    let folder = tempdir().unwrap();
    let shop = folder.path().to_str().unwrap();
    let file = folder.path().join("x.json");
    let name = file.to_str().unwrap();
    let wrong = |says: &str| {
        for arguments in [&["scan", shop, "--baseline", name][..], &["diff", name, name]] {
            let message = run(arguments, 2);
            assert!(message.contains(says) && message.contains("x.json"), "{message}");
        }
    };
    wrong("cannot be read");
    fs::write(&file, "[1,\n2").unwrap();
    wrong("is no result of");
    fs::write(&file, r#"{"schema_version":2,"repository":{"name":"x"},"files":[],"findings":[]}"#).unwrap();
    wrong("schema_version 2");
    assert!(run(&["scan", shop, "--fail-on", "new"], 2).contains("--baseline"));
}

fn annotate(root: &Path, format: &str, more: &[&str]) -> String {
    run(&[&["scan", root.to_str().unwrap(), "--format", format], more].concat(), 0)
}

#[test]
fn annotations_are_what_the_platforms_read() {
    let folder = tempdir().unwrap();
    let root = folder.path().join("r");
    fs::create_dir_all(root.join("a, b")).unwrap();
    fs::write(root.join("a, b/x.php"), "<?php\nfile_put_contents('/var/data/x%', 'y');\n").unwrap();
    fs::write(root.join("Dockerfile"), "FROM debian:11\nCMD [\"x\"]\n").unwrap();
    let github = annotate(&root, "github", &[]);
    assert!(github.starts_with("::error file="), "the most severe first: {github}");
    let line = github.lines().find(|line| line.contains("x.php")).unwrap();
    assert!(line.contains("file=a%2C b/x.php,line=2,endLine=2,title=") && line.contains("x%25"), "{line}");
    assert!(
        github.lines().all(|line| ["::error ", "::warning ", "::notice "].iter().any(|head| line.starts_with(head)))
    );
    let gitlab: Value = serde_json::from_str(&annotate(&root, "gitlab", &[])).unwrap();
    let list = gitlab.as_array().unwrap();
    assert_eq!(list.len(), github.lines().count());
    let mut fingerprints = std::collections::BTreeSet::new();
    for entry in list {
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&entry["severity"].as_str().unwrap()));
        assert!(entry["location"]["lines"]["begin"].as_u64().unwrap() > 0 && entry["description"].is_string());
        assert!(fingerprints.insert(entry["fingerprint"].as_str().unwrap()));
    }
    let baseline = folder.path().join("old.json");
    let baseline = baseline.to_str().unwrap();
    annotate(&root, "json", &["-o", baseline]);
    assert_eq!(annotate(&root, "github", &["--baseline", baseline]), "", "only what is new");
}

#[test]
fn the_commands_of_the_example_jobs_run() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci.md")).unwrap();
    let folder = tempdir().unwrap();
    for root in ["base", "shop"] {
        fs::create_dir(folder.path().join(root)).unwrap();
    }
    fs::write(folder.path().join("shop/a.php"), "<?php\nunlink('/var/data/z');\n").unwrap();
    let mut ran = 0;
    for line in text.lines() {
        let line = line.trim().trim_start_matches("- ").trim_start_matches("run: ").trim_start_matches("sh '");
        let Some(arguments) = line.strip_prefix("breakbulk ") else { continue };
        let words = arguments.trim_end_matches('\'').split_whitespace();
        let mut command = Command::cargo_bin("breakbulk").unwrap();
        let code = command.current_dir(folder.path().join("shop")).args(words).output().unwrap().status.code();
        assert_eq!(code, Some(i32::from(line.contains("--fail-on new"))), "{line}");
        ran += 1;
    }
    assert_eq!(ran, 10);
}
