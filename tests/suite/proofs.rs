//! Every built-in rule of the kinds that scans are judged by is proven by the fixtures: one finding that it reports, and one
//! near miss: a line that it looks at (the last segment of an API's name, or of a key, is the one it asks for) and on which
//! nothing of its kind is found.
//!
//! Nothing is written down for it: `near_misses`, which `breakbulk rules try` prints, says what a rule looked at. What is
//! announced and what is found are the same (`rules.rs`), so a finding here is an announced one.
//!
//! Every kind of `assets/kinds.toml`, those of checks included, has a finding and a near miss: as above, or a fixture of the
//! same language that is asked for the kind and does not show it.
//!
//! And every language has a section in `tests/fixtures/<language>/topics.md` for each topic of `tests/fixtures/topics.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use breakbulk::rules::{RuleSet, near_misses};

use crate::checks::kinds_shown_and_not;
use crate::rules::{blocks, checked_kinds, judged, markdown_files};

/// The kinds whose rules must all be proven.
const PROVEN: [&str; 3] = ["file-write", "hardcoded-endpoint", "log-path"];

/// Ids of rules with a finding, and of rules with a near miss.
fn proofs() -> (BTreeSet<String>, BTreeSet<String>) {
    let rules = RuleSet::built_in().unwrap();
    let kinds: BTreeMap<String, &str> = rules.rules().map(|rule| (rule.id.to_string(), rule.kind.0)).collect();
    let mut files = Vec::new();
    markdown_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"), &mut files);
    files.retain(|file| !file.iter().any(|part| part == "checks"));
    let (mut hit, mut near) = (BTreeSet::new(), BTreeSet::new());
    for file in files {
        let markdown = fs::read_to_string(&file).unwrap();
        let blocks = blocks(&markdown);
        let checked = checked_kinds(&markdown, &blocks);
        for block in &blocks {
            let Some((language, facts, findings)) = judged(block) else { continue };
            let found: BTreeSet<(u32, &str)> =
                findings.iter().map(|finding| (finding.span.line, finding.kind.0)).collect();
            hit.extend(findings.iter().filter(|f| checked.contains(f.kind.0)).map(|f| f.rule.to_string()));
            for miss in near_misses(rules, Some(language), &facts) {
                let kind = kinds[miss.rule.as_str()];
                if checked.contains(kind) && !found.contains(&(miss.line, kind)) {
                    near.insert(miss.rule.to_string());
                }
            }
        }
    }
    (hit, near)
}

#[test]
fn every_rule_has_a_finding_and_a_near_miss() {
    let (hit, near) = proofs();
    let mut missing = Vec::new();
    for rule in RuleSet::built_in().unwrap().rules().filter(|rule| PROVEN.contains(&rule.kind.0)) {
        if !hit.contains(rule.id.as_str()) {
            missing.push(format!("no finding    {} ({})", rule.id, rule.apis.join(" ")));
        }
        if !near.contains(rule.id.as_str()) {
            missing.push(format!("no near miss  {} ({})", rule.id, rule.apis.join(" ")));
        }
    }
    assert!(missing.is_empty(), "{} proofs are missing:\n{}", missing.len(), missing.join("\n"));
}

#[test]
fn every_kind_has_a_finding_and_a_near_miss() {
    let (hit, near) = proofs();
    let (shown, not) = kinds_shown_and_not();
    let kind_of = |rule: &String| rule.split('/').next().unwrap_or_default().to_owned();
    let hit: BTreeSet<String> = hit.iter().map(kind_of).chain(shown).collect();
    let near: BTreeSet<String> = near.iter().map(kind_of).chain(not).collect();
    let missing: Vec<String> = breakbulk::rules::kinds::all()
        .iter()
        .flat_map(|info| {
            let found = (!hit.contains(info.kind.0)).then(|| format!("no finding    {}", info.kind.0));
            let missed = (!near.contains(info.kind.0)).then(|| format!("no near miss  {}", info.kind.0));
            found.into_iter().chain(missed)
        })
        .collect();
    assert!(missing.is_empty(), "{} proofs are missing:\n{}", missing.len(), missing.join("\n"));
}

/// The topics of `tests/fixtures/topics.toml`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Topics {
    topic: Vec<Topic>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    id: String,
    /// Languages that cannot express it, each with the reason.
    #[serde(default)]
    not: BTreeMap<String, String>,
}

const LANGUAGES: [&str; 9] = ["csharp", "go", "java", "javascript", "php", "python", "ruby", "rust", "typescript"];

#[test]
fn every_language_has_a_fixture_for_every_topic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let topics: Topics = toml::from_str(&fs::read_to_string(folder.join("topics.toml")).unwrap()).unwrap();
    let reasons = topics.topic.iter().flat_map(|topic| &topic.not);
    for (language, reason) in reasons {
        assert!(LANGUAGES.contains(&language.as_str()) && reason.contains(' '), "{language}: {reason}");
    }
    let mut failures = Vec::new();
    for language in LANGUAGES {
        let markdown = fs::read_to_string(folder.join(language).join("topics.md")).unwrap();
        let sections: Vec<(&str, &str)> =
            markdown.split("\n## ").skip(1).filter_map(|section| section.split_once('\n')).collect();
        let wanted = topics.topic.iter().filter(|topic| !topic.not.contains_key(language));
        let wanted: Vec<&str> = wanted.map(|topic| topic.id.as_str()).collect();
        for id in &wanted {
            match sections.iter().find(|(title, _)| title == id) {
                Some((_, text)) if !blocks(text).is_empty() => {}
                Some(_) => failures.push(format!("{language}: `{id}` has no code")),
                None => failures.push(format!("{language}: nothing on `{id}`")),
            }
        }
        let unknown = sections.iter().filter(|(title, _)| !wanted.contains(title));
        failures.extend(unknown.map(|(title, _)| format!("{language}: `{title}` is none of its topics")));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
