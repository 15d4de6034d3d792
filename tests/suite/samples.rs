//! The sample projects against their `expected.json`: findings, dependencies, tables and candidates, byte for byte the same
//! with any number of threads, and without one of the planted secrets.
//!
//! `UPDATE_EXPECTED=1 cargo test samples` writes the files anew; what changed is to be read before it is committed.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::{Value, json};

/// Planted in the samples' sources; none may reach an output.
const SECRETS: &[&str] = &["S3aGull!2009", "Pwd=pallet", "quiet-please", "tr0ub4dor"];

fn projects() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-projects");
    let mut list: Vec<PathBuf> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    list.sort();
    list
}

fn run(project: &Path, format: &str, threads: &str) -> String {
    let mut command = Command::cargo_bin("breakbulk").unwrap();
    command.args(["scan", "--no-history", "--threads", threads, "--format", format]).arg(project);
    String::from_utf8(command.assert().success().get_output().stdout.clone()).unwrap()
}

/// What `expected.json` holds: enough to see every change, little enough to be read.
fn essence(scan: &Value) -> Value {
    let place = |finding: &Value| {
        format!(
            "{}:{} {} {}",
            finding["path"].as_str().unwrap(),
            finding["line"],
            finding["kind"].as_str().unwrap(),
            finding["confidence"].as_str().unwrap()
        )
    };
    let list = |key: &str| scan[key].as_array().unwrap().clone();
    let main = |finding: &&Value| finding["scope"] == "main";
    let edge = |edge: &Value| format!("{} -> {}", edge["from"].as_str().unwrap(), edge["to"].as_str().unwrap());
    json!({
        "findings": list("findings").iter().filter(main).map(place).collect::<Vec<_>>(),
        "dependencies": list("dependencies").iter().map(edge).collect::<Vec<_>>(),
        "tables": list("data").iter().map(|table| table["table"].clone()).collect::<Vec<_>>(),
        "candidates": list("candidates").iter().map(|item| json!({ "name": item["name"], "files": item["files"] })).collect::<Vec<_>>(),
    })
}

#[test]
fn samples_give_what_is_expected_with_any_number_of_threads() {
    for project in projects() {
        let first = run(&project, "json", "1");
        assert_eq!(first, run(&project, "json", "1"), "{}: two runs differ", project.display());
        assert_eq!(first, run(&project, "json", "4"), "{}: threads show in the output", project.display());
        let found = essence(&serde_json::from_str(&first).unwrap());
        let file = project.with_extension("expected.json");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(&file, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
        }
        let expected: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        for key in ["findings", "dependencies", "tables", "candidates"] {
            let pretty = |value: &Value| serde_json::to_string_pretty(&value[key]).unwrap();
            assert_eq!(pretty(&found), pretty(&expected), "{}: {key}", project.display());
        }
        assert!(!found["findings"].as_array().unwrap().is_empty(), "{}: no finding", project.display());
        assert!(!found["dependencies"].as_array().unwrap().is_empty(), "{}: no dependency", project.display());
    }
}

#[test]
fn no_output_of_any_sample_holds_a_secret() {
    let mut planted = 0;
    for project in projects() {
        let source = all_text(&project);
        planted += SECRETS.iter().filter(|secret| source.contains(**secret)).count();
        for format in ["text", "json", "sarif", "markdown"] {
            let text = run(&project, format, "2");
            for secret in SECRETS {
                assert!(!text.contains(secret), "{}: {format} shows {secret}", project.display());
            }
        }
    }
    assert!(planted >= 3, "the samples hold {planted} planted secrets");
}

fn all_text(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&all_text(&path));
        } else if let Ok(content) = fs::read_to_string(&path) {
            text.push_str(&content);
        }
    }
    text
}
