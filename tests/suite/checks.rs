//! Runs every `tests/fixtures/checks/*.md`: each heading of the second level begins a small repository, each code block with a
//! `path=` is a file of it, and lines announce what is found there as in the other fixtures, see `rules.rs`.
//!
//! `finds=0:missing-manifest` in the info string announces a finding about the file as a whole (line 1); `commits=7` says how
//! often the file changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use breakbulk::analysis::{self, Repository, Silent};
use breakbulk::facts::{Skipped, SourceFile};
use breakbulk::git::{Churn, History};
use breakbulk::rules::{Confidence, RuleSet};
use breakbulk::walk;

use crate::rules::{Block, announced, blocks, checked_kinds, listed_kinds};

/// A repository that is a part of a Markdown file.
struct Written(Vec<Block>);

impl Repository for Written {
    fn name(&self) -> String {
        "fixture".into()
    }

    fn files(&self, _stop: &(dyn Fn() -> bool + Sync)) -> (Vec<SourceFile>, Vec<Skipped>) {
        let mut files: Vec<SourceFile> = self
            .0
            .iter()
            .map(|block| {
                let (language, is_code, scope) = walk::classify(&block.path);
                let path = block.path.as_str().into();
                SourceFile { path, language, is_code, scope, bytes: block.text.len() as u64, lines: 0 }
            })
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        (files, Vec::new())
    }

    fn read(&self, file: &SourceFile) -> Result<Vec<u8>, String> {
        let found = self.0.iter().find(|block| block.path == file.path.as_str());
        found.map(|block| block.text.clone().into_bytes()).ok_or_else(|| "missing".to_owned())
    }

    fn history(&self, files: &[SourceFile], _stop: &(dyn Fn() -> bool + Sync)) -> History {
        let commits = |file: &SourceFile| {
            let block = self.0.iter().find(|block| block.path == file.path.as_str());
            block.map_or(0, |block| block.commits)
        };
        let changes = files.iter().map(|file| Churn { commits: commits(file), ..Churn::default() }).collect();
        History { changes, ..History::default() }
    }
}

/// What is announced and what is found, each as `path:line kind`.
fn compare(repository: Written, kinds: &BTreeSet<String>) -> (Vec<String>, Vec<String>) {
    let mut wanted: Vec<String> = repository
        .0
        .iter()
        .flat_map(|block| {
            announced(block).into_iter().map(|(line, kind)| format!("{}:{} {kind}", block.path, line.max(1)))
        })
        .collect();
    let rules = RuleSet::built_in().unwrap();
    let analysis = analysis::scan(&repository, rules, &analysis::Options::default(), &Silent);
    let all = analysis.findings.iter().chain(&analysis.clues);
    let mut found: Vec<String> = all
        .filter(|finding| kinds.contains(finding.kind.0))
        .map(|finding| {
            let low = if finding.confidence == Confidence::Low { "low:" } else { "" };
            format!("{}:{} {low}{}", analysis.path(finding.file), finding.span.line, finding.kind.0)
        })
        .collect();
    wanted.sort();
    found.sort();
    (wanted, found)
}

#[test]
fn the_sheet_says_what_a_container_needs_and_where_that_stands() {
    let text = "```json path=composer.json\n{\"require\": {\"php\": \"^8.1\"}}\n```\n\
        ```php path=app.php\n<?php\n$h = getenv('DB_HOST');\n$p = getenv('DB_PASSWORD');\nfile_put_contents('/srv/x/a.txt', $d);\n```\n\
        ```shell path=etc/crontab\n0 3 * * * root php nightly.php\n```\n\
        ```shell path=Procfile\nweb: php -S 0.0.0.0:80\n```\n";
    let rules = RuleSet::built_in().unwrap();
    let sheet = |text: &str| {
        let analysis = analysis::scan(&Written(blocks(text)), rules, &analysis::Options::default(), &Silent);
        let line = |need: &breakbulk::checks::Need| {
            format!("{} {} {}:{}", need.topic.as_str(), need.what, analysis.path(need.file), need.line)
        };
        analysis.needs.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(
        sheet(text),
        [
            "base php ^8.1 composer.json:1",
            "volume /srv/x app.php:4",
            "variable DB_HOST app.php:2",
            "secret DB_PASSWORD app.php:3",
            "process web Procfile:1",
            "job php nightly.php etc/crontab:1",
        ]
    );
    // Where an image definition is there, it says it all.
    assert!(sheet(&format!("{text}```dockerfile path=Dockerfile\nFROM php:8.4\n```\n")).is_empty());
}

/// Kinds that some fixture shows, and kinds that one is asked for and does not show, although it is of the same language as
/// those that do. A fixture is a small repository here, a code block elsewhere.
pub fn kinds_shown_and_not() -> (BTreeSet<String>, BTreeSet<String>) {
    let mut files = Vec::new();
    crate::rules::markdown_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"), &mut files);
    let mut fixtures: Vec<(BTreeSet<String>, Vec<Block>)> = Vec::new();
    for file in files {
        let markdown = fs::read_to_string(&file).unwrap();
        let asked = checked_kinds(&markdown, &blocks(&markdown));
        if file.iter().any(|part| part == "checks") {
            fixtures.extend(markdown.split("\n## ").skip(1).map(|section| (asked.clone(), blocks(section))));
        } else {
            fixtures.extend(blocks(&markdown).into_iter().map(|block| (asked.clone(), vec![block])));
        }
    }
    let mut languages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for block in fixtures.iter().flat_map(|(_, blocks)| blocks) {
        for (_, kind) in announced(block) {
            languages.entry(kind).or_default().insert(block.language.clone());
        }
    }
    let mut not = BTreeSet::new();
    for (asked, blocks) in &fixtures {
        let shown: BTreeSet<String> = blocks.iter().flat_map(announced).map(|(_, kind)| kind).collect();
        let of_such =
            |kind: &str| languages.get(kind).is_some_and(|of| blocks.iter().any(|block| of.contains(&block.language)));
        not.extend(asked.iter().filter(|kind| !shown.contains(*kind) && of_such(kind)).cloned());
    }
    (languages.into_keys().collect(), not)
}

#[test]
fn small_repositories_show_what_they_announce_and_nothing_else() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/checks");
    let mut failures = Vec::new();
    let mut checked = 0;
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let markdown = fs::read_to_string(&file).unwrap();
        let mut kinds = listed_kinds(&markdown);
        kinds.extend(
            blocks(&markdown).iter().flat_map(announced).map(|(_, kind)| kind.trim_start_matches("low:").to_owned()),
        );
        for section in markdown.split("\n## ").skip(1) {
            let title = section.lines().next().unwrap_or_default();
            let (wanted, found) = compare(Written(blocks(section)), &kinds);
            checked += 1;
            for line in wanted.iter().filter(|line| !found.contains(line)) {
                failures.push(format!("{} ({title}): not found: {line}", file.display()));
            }
            for line in found.iter().filter(|line| !wanted.contains(line)) {
                failures.push(format!("{} ({title}): not announced: {line}", file.display()));
            }
            if wanted.len() != found.len() && failures.is_empty() {
                failures.push(format!("{} ({title}): announced {wanted:?}, found {found:?}", file.display()));
            }
        }
    }
    assert!(checked > 0 && failures.is_empty(), "{} repositories:\n{}", checked, failures.join("\n"));
}
