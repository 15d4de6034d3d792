//! Every built-in rule of the kinds that scans are judged by is proven by the fixtures: one finding that it reports, and one
//! near miss: a line that it looks at (the last segment of an API's name, or of a key, is the one it asks for) and on which
//! nothing of its kind is found.
//!
//! Nothing is written down for it: `near_misses`, which `breakbulk rules try` prints, says what a rule looked at. What is
//! announced and what is found are the same (`rules.rs`), so a finding here is an announced one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use breakbulk::rules::{RuleSet, near_misses};

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
