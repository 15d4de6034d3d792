//! Checks over the whole repository: from what is known of all files to findings that no single file shows.
//!
//! Each check is a function from [`Repository`] to findings, in a file of its own, and one line in [`run`]. What a check needs
//! of single files it takes from their findings, inventory included, and from clues: what rules of `assets/rules/clue/` found.

mod connectors;
mod declared;
mod deployables;
mod descriptors;
mod knowledge;
mod monitoring;
mod needs;
mod overlays;
mod packages;
mod processes;
mod programs;
mod reproducible;
mod shape;
mod size;
mod upkeep;
mod users;

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_64;

use crate::facts::{Described, FileId, Name, Scope, SourceFile, Span};
use crate::git::History;
use crate::graph::Graph;
use crate::rules::{Confidence, Finding, Kind, kinds};

pub use deployables::{Deployable, deployables};
pub use knowledge::table_date;
pub use needs::{Need, Topic, needs};
pub use overlays::lay_over;

/// What the checks look at.
#[derive(Debug, Clone, Copy)]
pub struct Repository<'a> {
    /// All files; [`FileId`] is the index.
    pub files: &'a [SourceFile],
    /// Findings of single files, inventory included, sorted by file and line.
    pub findings: &'a [Finding],
    /// Clues, sorted like the findings: kind [`Kind::CLUE`], told apart by tags.
    pub clues: &'a [Finding],
    /// Image definitions, scripts, services and pipelines, in the order of their files.
    pub descriptors: &'a [Described],
    /// Files and modules as a graph.
    pub graph: &'a Graph,
    /// What the history says.
    pub history: &'a History,
}

/// One check.
type Check = fn(&Repository) -> Vec<Finding>;

/// All checks, in no order that matters: their findings are sorted.
const CHECKS: &[Check] = &[
    connectors::check,
    monitoring::check,
    packages::manifests,
    packages::vendored,
    programs::check,
    shape::hotspots,
    shape::libraries,
    shape::mixed,
    reproducible::check,
    size::check,
    users::check,
    users::mounts,
    users::system_paths,
    processes::check,
    declared::ports,
    declared::volumes,
    upkeep::bases,
    upkeep::pipelines,
    upkeep::logs,
    upkeep::health,
    upkeep::managers,
];

/// The findings of all checks, sorted by file, line, kind and rule.
#[must_use]
pub fn run(repository: &Repository) -> Vec<Finding> {
    let mut found: Vec<Finding> = CHECKS.iter().flat_map(|check| check(repository)).collect();
    found.sort_by(Finding::order);
    // The same may be said twice of a file; the order tells the two apart.
    let mut seen: BTreeMap<Name, u32> = BTreeMap::new();
    for finding in &mut found {
        let count = seen.entry(finding.id.clone()).or_default();
        if *count > 0 {
            finding.id = Name::from(format!("{}-{count}", finding.id));
        }
        *count += 1;
    }
    found
}

impl<'a> Repository<'a> {
    /// The path of a file.
    #[must_use]
    pub fn path(&self, file: FileId) -> &'a str {
        self.files.get(file.index()).map_or("", |file| file.path.as_str())
    }

    /// Findings of a kind that count: scope main, not low in confidence.
    pub fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = &'a Finding> {
        let counts = move |found: &&Finding| {
            found.kind.0 == kind && found.scope == Scope::Main && found.confidence > Confidence::Low
        };
        self.findings.iter().filter(counts)
    }

    /// Clues with this tag, whatever the scope of their file.
    pub fn clues(&self, tag: &'static str) -> impl Iterator<Item = &'a Finding> {
        self.clues.iter().filter(move |clue| clue.tagged(tag))
    }

    /// A finding of a check at a line of a file; its sentence is the kind's. `rule` is the last part of the rule's id.
    #[must_use]
    pub fn finding(&self, kind: &'static str, rule: &str, file: FileId, line: u32, subject: &str) -> Finding {
        let path = self.path(file);
        let info = kinds::find(kind);
        let (template, unknown) = info.map_or(("", ""), |info| (info.message, info.message_unknown));
        let sentence = kinds::sentence(&format!("{kind}/{rule}"));
        let template = sentence.as_ref().map_or(template, |said| said.en.as_str());
        let message = if subject.is_empty() { unknown.to_owned() } else { template.replace("{subject}", subject) };
        let hash = xxh3_64(format!("{path}\0{kind}/{rule}\0{subject}").as_bytes());
        Finding {
            id: Name::from(format!("{}-{:010x}", info.map_or("", |info| info.prefix), hash >> 24)),
            kind: info.map_or(Kind(kind), |info| info.kind),
            rule: Name::from(format!("{kind}/{rule}")),
            principle: info.map_or("", |info| info.principle),
            severity: info.map_or(crate::rules::Severity::Low, |info| info.severity),
            confidence: Confidence::High,
            doubt: String::new(),
            file,
            scope: Scope::Main,
            span: Span { start: 0, end: 0, line, end_line: line, column: 1 },
            tags: Vec::new(),
            message,
            snippet: String::new(),
            subject: subject.to_owned(),
            parts: Vec::new(),
            proposal: None,
        }
    }
}
