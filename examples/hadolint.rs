//! Compares the findings in image definitions with those of hadolint, line by line:
//! `cargo run --example hadolint -- HADOLINT DOCKERFILE…`. Prints the tables of docs/hadolint.md.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use breakbulk::analysis::{self, Repository, Silent};
use breakbulk::facts::{Descriptor, KeepAll, Language, Scope, Skipped, SourceFile};
use breakbulk::git::History;
use breakbulk::rules::RuleSet;
use breakbulk::{syntax, walk};

/// Codes of hadolint that are about B1 to B8, and the rules here that are about the same.
const PAIRS: &[(&str, &[&str], &str)] = &[
    ("unreproducible-build/base-without-tag", &["DL3006"], "base image without a tag"),
    ("unreproducible-build/base-latest", &["DL3007"], "base image `latest`"),
    (
        "unreproducible-build/package-without-version",
        &["DL3008", "DL3018", "DL3033", "DL3037", "DL3041"],
        "packages without a version",
    ),
    (
        "unreproducible-build/library-without-version",
        &["DL3013", "DL3016", "DL3028", "DL3062"],
        "libraries without a version",
    ),
    ("unreproducible-build/upgrade", &["DL3005", "DL3017", "DL3031", "DL3035", "DL3039"], "everything upgraded"),
    ("image-size/package-lists", &["DL3009"], "package lists left behind"),
    ("image-size/recommended-packages", &["DL3015"], "recommended packages"),
    ("image-size/package-cache", &["DL3019", "DL3032", "DL3036", "DL3040", "DL3042"], "package cache left behind"),
    ("image-root-user/last-user-root", &["DL3002"], "last user is root"),
    ("pid1/shell-form", &["DL3025"], "shell form of `CMD` and `ENTRYPOINT`"),
];

/// One image definition as a repository of its own.
struct Alone(Vec<u8>);

impl Repository for Alone {
    fn name(&self) -> String {
        "alone".into()
    }

    fn files(&self, _stop: &(dyn Fn() -> bool + Sync)) -> (Vec<SourceFile>, Vec<Skipped>) {
        let language = Some(Language("dockerfile"));
        let bytes = self.0.len() as u64;
        let file =
            SourceFile { path: "Dockerfile".into(), language, is_code: false, scope: Scope::Main, bytes, lines: 0 };
        (vec![file], Vec::new())
    }

    fn read(&self, _file: &SourceFile) -> Result<Vec<u8>, String> {
        Ok(self.0.clone())
    }

    fn history(&self, _files: &[SourceFile], _stop: &(dyn Fn() -> bool + Sync)) -> History {
        History::default()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().ok_or("the path of hadolint, then image definitions")?;
    let rules = RuleSet::built_in()?;
    let mut rows: BTreeMap<usize, [Vec<String>; 3]> = BTreeMap::new();
    let mut files = 0;
    for path in arguments {
        let bytes = std::fs::read(&path)?;
        let output = Command::new(&program).args(["--no-fail", "-f", "json", &path]).output()?;
        let theirs: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        if theirs.as_array().is_some_and(|all| all.iter().any(|one| one["code"] == "DL1000")) {
            eprintln!("{path}: hadolint cannot read it");
            continue;
        }
        files += 1;
        let starts = instructions(&path, &bytes);
        let start = |line: u64| starts.iter().rev().find(|start| **start <= line).copied().unwrap_or(line);
        let analysis = analysis::scan(&Alone(bytes.clone()), rules, &analysis::Options::default(), &Silent);
        for (number, (rule, codes, _)) in PAIRS.iter().enumerate() {
            let ours: BTreeSet<u64> = analysis
                .findings
                .iter()
                .filter(|finding| finding.rule == *rule)
                .map(|finding| start(u64::from(finding.span.line)))
                .collect();
            let theirs: BTreeSet<u64> = theirs
                .as_array()
                .into_iter()
                .flatten()
                .filter(|one| one["code"].as_str().is_some_and(|code| codes.contains(&code)))
                .filter_map(|one| one["line"].as_u64().map(start))
                .collect();
            let row = rows.entry(number).or_default();
            let place = |line: &u64| format!("{path}:{line}");
            row[0].extend(ours.intersection(&theirs).map(place));
            row[1].extend(theirs.difference(&ours).map(place));
            row[2].extend(ours.difference(&theirs).map(place));
        }
    }
    println!(
        "{files} image definitions\n\n| about | here | hadolint | both | hadolint alone | here alone |\n| --- | --- | --- | ---: | ---: | ---: |"
    );
    for (number, [both, theirs, ours]) in &rows {
        let (rule, codes, about) = PAIRS[*number];
        println!("| {about} | `{rule}` | {} | {} | {} | {} |", codes.join(", "), both.len(), theirs.len(), ours.len());
    }
    for (number, [_, theirs, ours]) in &rows {
        for (side, places) in [("hadolint alone", theirs), ("here alone", ours)] {
            places.iter().for_each(|place| println!("{side}: {} {place}", PAIRS[*number].0));
        }
    }
    Ok(())
}

/// The lines on which instructions begin.
fn instructions(path: &str, bytes: &[u8]) -> Vec<u64> {
    let name = Path::new(path).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let facts = syntax::extract(Language("dockerfile"), &name, &walk::decode(bytes), &KeepAll);
    let Some(Descriptor::Image(image)) = facts.descriptor.map(|descriptor| *descriptor) else { return Vec::new() };
    let mut lines: Vec<u64> = image
        .stages
        .iter()
        .flat_map(|stage| stage.instructions.iter().map(|instruction| instruction.span).chain([stage.span]))
        .map(|span| u64::from(span.line))
        .collect();
    lines.sort_unstable();
    lines
}
