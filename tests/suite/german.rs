//! No sentence of the program's own is left in English where German was asked for.

use std::collections::BTreeSet;
use std::path::Path;

use assert_cmd::Command;

/// Words that no German sentence has.
const ENGLISH: &[&str] = &["the", "and", "of", "is", "are", "with", "from", "not", "no", "or", "to", "by", "as", "it"];

fn report(project: &Path, lang: &str) -> String {
    let mut command = Command::cargo_bin("breakbulk").unwrap();
    let output = command.arg("report").arg(project).args(["--lang", lang]).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// The words of a line outside of code and of what is the scanned repository's.
fn prose(line: &str) -> Vec<String> {
    let outside = line.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    outside.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[test]
fn the_german_report_of_every_sample_is_german() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-projects");
    let mut seen = 0;
    for project in std::fs::read_dir(samples).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let english = report(&project, "en");
        let same: BTreeSet<Vec<String>> = english.lines().map(prose).filter(|words| words.len() > 4).collect();
        let german = report(&project, "de");
        let mut in_picture = false;
        for line in german.lines() {
            in_picture ^= line.starts_with("```");
            let words = prose(line);
            // file names and paths of the sample
            if in_picture || line.contains(".java") && !line.contains(' ') {
                continue;
            }
            let found: Vec<&String> = words.iter().filter(|word| ENGLISH.contains(&word.as_str())).collect();
            assert!(found.len() < 2, "{}: {found:?} in {line}", project.display());
            let text_only = words.iter().filter(|word| word.chars().all(char::is_alphabetic)).count();
            assert!(text_only < 5 || !same.contains(&words), "{}: the same as in English: {line}", project.display());
            seen += words.len();
        }
    }
    assert!(seen > 1000);
}

#[test]
fn kinds_and_principles_are_explained_in_german() {
    for (id, says) in [("file-write", "Was zu tun ist:"), ("A5", "Umgebungsvariablen"), ("pid1", "nachher:")] {
        let mut command = Command::cargo_bin("breakbulk").unwrap();
        let output = command.args(["explain", id, "--lang", "de"]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains(says) && !text.contains("Why:") && !text.contains("What to do"), "{text}");
    }
}
