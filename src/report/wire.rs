//! The published JSON types, versioned, separate from the inner types: scripts and benchmarks rely on their names.
//!
//! Fields are added freely; one is changed or removed only with a new [`SCHEMA_VERSION`].

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

/// Version of the published JSON.
pub const SCHEMA_VERSION: u32 = 1;

/// The whole result.
#[derive(Debug, Serialize)]
pub struct Scan<'a> {
    pub schema_version: u32,
    pub tool: Tool,
    pub repository: Repository<'a>,
    pub summary: Summary<'a>,
    pub files: Vec<File<'a>>,
    pub modules: Vec<Module<'a>>,
    pub findings: Vec<Finding<'a>>,
    pub suppressed: Vec<Suppressed<'a>>,
    /// Suppressions that set nothing aside.
    pub unused_suppressions: Vec<UnusedSuppression<'a>>,
    pub dependencies: Sequence<'a, Dependency<'a>>,
    /// What frameworks wire up by convention, and what a file uses by way of another that hands the name on.
    pub indirect: Sequence<'a, Dependency<'a>>,
    pub coupling: Vec<Coupling<'a>>,
    pub data: Vec<Table<'a>>,
    pub entry_points: Vec<EntryPoint<'a>>,
    pub environment: Vec<EnvRead<'a>>,
    /// What a container of the application needs; empty where an image definition says it.
    pub container: Vec<Need<'a>>,
    pub principles: Vec<Principle<'a>>,
    pub readiness: Readiness<'a>,
    pub candidates: Vec<Candidate<'a>>,
    pub plan: Vec<Phase<'a>>,
    pub skipped: Vec<Skipped<'a>>,
    /// With `--baseline`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline<'a>>,
    /// False when the scan was stopped before its end.
    pub complete: bool,
}

/// A list that is made while it is written: a large repository has a million dependencies.
pub struct Sequence<'a, T>(pub Box<dyn Fn() -> Box<dyn Iterator<Item = T> + 'a> + 'a>);

impl<T> fmt::Debug for Sequence<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sequence")
    }
}

impl<T: Serialize> Serialize for Sequence<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// What differs from an earlier scan: findings that count, see `breakbulk diff`.
#[derive(Debug, Serialize)]
pub struct Baseline<'a> {
    pub name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub commit: &'a str,
    pub new: usize,
    pub fixed: usize,
    pub unchanged: usize,
    /// Counted then, set aside now.
    pub set_aside: usize,
    pub fixed_findings: Vec<serde_json::Value>,
}

/// Who wrote this.
#[derive(Debug, Serialize)]
pub struct Tool {
    pub name: &'static str,
    pub version: &'static str,
}

/// What was scanned.
#[derive(Debug, Serialize)]
pub struct Repository<'a> {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commits_read: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<&'a str>,
}

/// Counts of findings. Low confidence is counted apart, nowhere else.
#[derive(Debug, Default, Serialize)]
pub struct Summary<'a> {
    pub files: usize,
    pub lines: u64,
    pub findings: usize,
    pub low_confidence: usize,
    pub by_kind: BTreeMap<&'a str, usize>,
    pub by_scope: BTreeMap<&'a str, usize>,
    pub by_severity: BTreeMap<&'a str, usize>,
    pub by_principle: BTreeMap<&'a str, usize>,
    pub by_language: BTreeMap<&'a str, LanguageCount>,
    /// Facts that are no problem, by kind: scope main, not low in confidence; in no other count.
    pub inventory: BTreeMap<&'a str, usize>,
}

/// Size of one language in scope main.
#[derive(Debug, Default, Serialize)]
pub struct LanguageCount {
    pub files: usize,
    pub lines: u64,
}

#[derive(Debug, Serialize)]
pub struct File<'a> {
    pub path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<&'a str>,
    pub lines: u32,
    pub bytes: u64,
    pub scope: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidate: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub struct Module<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub path: &'a str,
    pub files: u32,
    pub lines: u32,
    pub fan_in: u32,
    pub fan_out: u32,
    pub instability: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cycle: Option<usize>,
}

#[derive(Debug, Serialize)]
pub struct Finding<'a> {
    pub id: &'a str,
    pub kind: &'a str,
    pub rule: &'a str,
    pub principle: &'a str,
    pub severity: &'static str,
    pub confidence: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub doubt: &'a str,
    pub path: &'a str,
    pub line: u32,
    pub end_line: u32,
    pub column: u32,
    pub scope: &'static str,
    pub tags: Vec<&'a str>,
    pub message: String,
    pub snippet: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// What the rule captured: `method` and `path` of a route, `default` of a variable.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<&'a str, String>,
    /// With `--baseline`: `new` or `unchanged`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<&'static str>,
    /// True for a fact that is no problem.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub inventory: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub struct Suppressed<'a> {
    #[serde(flatten)]
    pub finding: Finding<'a>,
    pub reason: &'a str,
    pub by: &'a str,
}

#[derive(Debug, Serialize)]
pub struct Dependency<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub kinds: BTreeMap<&'static str, u32>,
    pub example: Example,
}

#[derive(Debug, Serialize)]
pub struct Example {
    pub line: u32,
}

#[derive(Debug, Serialize)]
pub struct Coupling<'a> {
    pub a: &'a str,
    pub b: &'a str,
    pub commits: u32,
    pub degree: f32,
    pub confidence: f32,
    pub lift: f32,
}

#[derive(Debug, Serialize)]
pub struct Table<'a> {
    pub table: &'a str,
    pub readers: Vec<&'a str>,
    pub writers: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
pub struct EntryPoint<'a> {
    pub path: &'a str,
    pub line: u32,
    pub what: String,
}

#[derive(Debug, Serialize)]
pub struct EnvRead<'a> {
    pub name: &'a str,
    pub path: &'a str,
    pub line: u32,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub default: &'a str,
}

#[derive(Debug, Serialize)]
pub struct Principle<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub title_de: &'a str,
    pub status: &'static str,
    pub findings: usize,
    pub reasons: Vec<&'a str>,
    pub reasons_de: Vec<&'a str>,
    pub evidence: &'a [String],
}

#[derive(Debug, Serialize)]
pub struct Readiness<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<f32>,
    /// Points of the total that nothing speaks for or against.
    pub unknown: f32,
    pub formula: &'a str,
    pub formula_de: &'a str,
    pub areas: Vec<ReadinessArea<'a>>,
}

#[derive(Debug, Serialize)]
pub struct ReadinessArea<'a> {
    pub principle: &'a str,
    pub name: &'a str,
    pub reached: f32,
    pub possible: f32,
    pub name_de: &'a str,
    pub text: &'a str,
    pub text_de: &'a str,
}

#[derive(Debug, Serialize)]
pub struct Candidate<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub terms: Vec<&'a str>,
    pub files: Vec<&'a str>,
    pub lines: u32,
    pub score: f32,
    pub rank: u32,
    pub metrics: CandidateMetrics,
    pub score_terms: Vec<ScoreTerm<'a>>,
    pub seams: Vec<Seam<'a>>,
    pub shared_tables: Vec<&'a str>,
    pub own_tables: Vec<&'a str>,
    pub blockers: Vec<&'a str>,
    pub explanation: Explanation<'a>,
}

/// Why a candidate is what it is.
#[derive(Debug, Serialize)]
pub struct Explanation<'a> {
    /// How sure the border is, 0 to 1.
    pub confidence: f32,
    pub ties: Vec<Tie<'a>>,
    pub offers: Vec<Interface<'a>>,
    pub offered: u32,
    pub needs: Vec<Interface<'a>>,
    pub needed: u32,
    /// The cheapest way off all cycles with other candidates.
    pub cut: Vec<CutStep<'a>>,
    pub blockers_by_principle: BTreeMap<&'a str, u32>,
    pub hotspots: Vec<Hotspot<'a>>,
    pub authors: u32,
    /// Files that could be elsewhere as well.
    pub places: Vec<FilePlace<'a>>,
}

#[derive(Debug, Serialize)]
pub struct Tie<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub line: u32,
    pub kind: &'static str,
    pub weight: f32,
}

#[derive(Debug, Serialize)]
pub struct Interface<'a> {
    pub path: &'a str,
    pub users: u32,
    pub example: String,
}

#[derive(Debug, Serialize)]
pub struct CutStep<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub dependencies: u32,
    pub examples: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Hotspot<'a> {
    pub path: &'a str,
    pub commits: u32,
    pub lines: u32,
}

#[derive(Debug, Serialize)]
pub struct FilePlace<'a> {
    pub path: &'a str,
    pub own: f32,
    pub second: &'a str,
    pub second_share: f32,
}

#[derive(Debug, Serialize)]
pub struct CandidateMetrics {
    pub cohesion: f32,
    pub incoming: u32,
    pub outgoing: u32,
    pub to_shared: u32,
    pub in_cycle: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes_alone: Option<f32>,
    pub entry_points: u32,
    pub commits: u32,
}

#[derive(Debug, Serialize)]
pub struct ScoreTerm<'a> {
    pub id: &'a str,
    pub text: &'a str,
    pub text_de: &'a str,
    pub points: f32,
}

#[derive(Debug, Serialize)]
pub struct Seam<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub line: u32,
    pub kind: &'static str,
    pub incoming: bool,
    pub to_shared: bool,
}

#[derive(Debug, Serialize)]
pub struct Phase<'a> {
    pub phase: &'a str,
    pub title: &'a str,
    /// Days of the steps that are still to be done.
    pub days_left: f64,
    pub items: Vec<Item<'a>>,
}

#[derive(Debug, Serialize)]
pub struct Item<'a> {
    pub id: &'a str,
    pub title: String,
    pub principle: &'a str,
    pub effort: &'static str,
    pub effort_rule: &'a str,
    /// Days of one person, by the model in `assets/effort.toml`.
    pub days: f64,
    pub risk: &'static str,
    pub risk_why: &'a str,
    /// The way back.
    pub back: &'a str,
    /// What people say: `open`, `done`, `waived`.
    pub status: &'static str,
    /// The same after what the scan saw: also `verified` and `reopened`.
    pub state: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub owner: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub note: &'a str,
    pub evidence: Vec<&'a str>,
    pub places: Vec<Place>,
    pub needs: Vec<&'a str>,
    pub unlocks: Vec<&'a str>,
    pub check: String,
    /// True where `plan check` can see that it is done.
    pub check_by_scan: bool,
}

#[derive(Debug, Serialize)]
pub struct Place {
    pub place: String,
    pub what: String,
}

#[derive(Debug, Serialize)]
pub struct Skipped<'a> {
    pub path: &'a str,
    pub reason: &'a str,
}

/// A suppression that sets nothing aside.
#[derive(Debug, Serialize)]
pub struct UnusedSuppression<'a> {
    /// `path:line`
    pub by: &'a str,
    pub why: &'a str,
}

/// One line of the sheet of what a container needs.
#[derive(Debug, Serialize)]
pub struct Need<'a> {
    /// base | package | port | volume | variable | secret | process | job | service
    pub topic: &'a str,
    pub what: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    pub path: &'a str,
    pub line: u32,
}
