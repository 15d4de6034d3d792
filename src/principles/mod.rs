//! The scorecard: what the repository says about each principle, and nothing it does not say.

mod images;
mod readiness;

use std::collections::BTreeMap;

use crate::analysis::Analysis;
use crate::facts::{FileId, Scope};
use crate::rules::{Confidence, Kind, Severity};
use crate::split::SHARED;

/// How many places a verdict names as evidence.
const EVIDENCE: usize = 8;

/// What the repository says about a principle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// There is evidence for it, and none against it.
    Holds,
    /// There are findings against it.
    Violated,
    /// Nothing in the repository speaks about it, or it is not examined.
    NoEvidence,
}

impl Status {
    /// The name used in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Holds => "holds",
            Status::Violated => "violated",
            Status::NoEvidence => "no-evidence",
        }
    }
}

/// The verdict on one principle.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Stable id, `A1` to `D2`.
    pub id: &'static str,
    /// English title.
    pub title: &'static str,
    /// German title.
    pub title_de: &'static str,
    /// What the repository says.
    pub status: Status,
    /// Findings of scope main against it, low confidence left out: indices into the analysis' findings.
    pub findings: Vec<u32>,
    /// One sentence each: what speaks for the status, with figures.
    pub reasons: Vec<String>,
    /// Places that speak for it: `path:line`.
    pub evidence: Vec<String>,
}

/// The whole scorecard.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scorecard {
    /// All 26 principles, in the order A1 … D2.
    pub verdicts: Vec<Verdict>,
    /// Readiness, 0 to 100, and what it is made of.
    pub readiness: Readiness,
}

/// The readiness figure: how much of what was examined is already as a container needs it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Readiness {
    /// 0 to 100; `None` where nothing was examined.
    pub total: Option<f32>,
    /// One line per area: name, points reached, points possible, one phrase.
    pub areas: Vec<Area>,
    /// The formula in one sentence.
    pub formula: String,
}

/// One area of the readiness figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Principle id.
    pub principle: &'static str,
    /// Name for people: `State on disk`.
    pub name: &'static str,
    /// Points reached.
    pub reached: f32,
    /// Points possible.
    pub possible: f32,
    /// What it comes from: `38 file writes, 9 of them temporary`.
    pub text: String,
}

/// The scorecard of an analysis. A status is given only from what was examined; all else is [`Status::NoEvidence`].
#[must_use]
pub fn scorecard(analysis: &Analysis) -> Scorecard {
    let mut by_principle: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (index, finding) in analysis.findings.iter().enumerate() {
        let counts =
            finding.scope == Scope::Main && finding.confidence > Confidence::Low && finding.severity > Severity::Info;
        if counts {
            by_principle.entry(finding.principle).or_default().push(index as u32);
        }
    }
    let verdicts: Vec<Verdict> = titles()
        .map(|(id, title, title_de)| {
            let findings = by_principle.remove(id).unwrap_or_default();
            let mut verdict = Verdict {
                id,
                title,
                title_de,
                status: Status::NoEvidence,
                findings,
                reasons: Vec::new(),
                evidence: Vec::new(),
            };
            judge(analysis, &mut verdict);
            verdict
        })
        .collect();
    let readiness = readiness::readiness(analysis, &verdicts);
    Scorecard { verdicts, readiness }
}

/// Id, English and German title of each principle, in order; borrowed from the asset, which holds plain strings only.
pub fn titles() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    blocks().map(|(id, block)| (id, field(block, "en"), field(block, "de")))
}

/// Id and fields of each principle in the asset, in its order.
fn blocks() -> impl Iterator<Item = (&'static str, &'static str)> {
    let text: &'static str = crate::assets::get("principles.toml").unwrap_or_default();
    text.split("\n[").skip(1).filter_map(|block| block.split_once(']'))
}

/// A field of a principle; empty where it is not set.
fn field(block: &'static str, key: &str) -> &'static str {
    let line = block.lines().find(|line| line.split(" = ").next() == Some(key));
    line.and_then(|line| line.split_once(" = ")).map_or("", |(_, value)| value.trim().trim_matches('"'))
}

/// What the asset says about evidence for the principle: places of an inventory kind, or what stays unknown.
fn inventory(analysis: &Analysis, verdict: &mut Verdict) {
    let block = blocks().find(|(id, _)| *id == verdict.id).map_or("", |(_, block)| block);
    let kind = field(block, "evidence");
    let found: Vec<_> = analysis
        .findings
        .iter()
        .filter(|found| found.kind.0 == kind && found.scope == Scope::Main && found.confidence > Confidence::Low)
        .collect();
    if found.is_empty() {
        let unknown = field(block, "unknown");
        verdict.reasons.extend((!unknown.is_empty()).then(|| unknown.to_owned()));
        return;
    }
    if field(block, "proves") == "yes" {
        verdict.status = Status::Holds;
    }
    verdict.reasons.push(format!("{}: {}.", found.len(), field(block, "seen")));
    let places = found.iter().take(EVIDENCE);
    verdict.evidence.extend(places.map(|found| format!("{}:{}", analysis.path(found.file), found.span.line)));
}

fn judge(analysis: &Analysis, verdict: &mut Verdict) {
    if !verdict.findings.is_empty() {
        violated(analysis, verdict);
        return;
    }
    let code = analysis.files.iter().filter(|file| file.is_code && file.scope == Scope::Main).count();
    match verdict.id {
        "A2" => shared_library(analysis, verdict),
        "A3" => hotspots(analysis, verdict),
        "A4" if code > 0 => {
            // Nothing found is no proof: writes may hide behind libraries that no rule knows.
            verdict.reasons.push(format!("No write to the file system was recognised in {code} source files."));
        }
        "A5" => environment(analysis, verdict),
        "A7" if code > 0 => {
            verdict.reasons.push(format!("No log file was recognised in {code} source files."));
        }
        "D1" => start_small(analysis, verdict),
        id if id.starts_with(['B', 'C']) => {
            if let Some((reason, places)) = images::evidence(analysis, id) {
                verdict.status = Status::Holds;
                verdict.reasons.push(reason);
                verdict.evidence.extend(places.into_iter().take(EVIDENCE));
            }
        }
        _ => inventory(analysis, verdict),
    }
    if verdict.reasons.is_empty() {
        verdict.reasons.push("Nothing in the repository speaks about it.".to_owned());
    }
}

fn violated(analysis: &Analysis, verdict: &mut Verdict) {
    verdict.status = Status::Violated;
    let (mut kinds, mut files): (BTreeMap<Kind, usize>, Vec<FileId>) = (BTreeMap::new(), Vec::new());
    for &index in &verdict.findings {
        let finding = &analysis.findings[index as usize];
        *kinds.entry(finding.kind).or_default() += 1;
        files.push(finding.file);
        if verdict.evidence.len() < EVIDENCE {
            verdict.evidence.push(format!("{}:{}", analysis.path(finding.file), finding.span.line));
        }
    }
    files.sort_unstable();
    files.dedup();
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {}", kind.0)).collect();
    verdict.reasons.push(format!("{} in {}.", kinds.join(", "), files_text(files.len())));
}

fn environment(analysis: &Analysis, verdict: &mut Verdict) {
    let reads: Vec<_> = analysis.env_reads().collect();
    if reads.is_empty() {
        verdict.reasons.push("No fixed address and no lookup in the environment was seen.".to_owned());
        return;
    }
    let mut names: Vec<&str> = reads.iter().map(|read| read.subject.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    verdict.status = Status::Holds;
    verdict.reasons.push(format!("{} environment variables are read, and no fixed address was found.", names.len()));
    let places = reads.iter().take(EVIDENCE);
    verdict.evidence.extend(places.map(|read| format!("{}:{}", analysis.path(read.file), read.span.line)));
}

/// Inventory only: that something could become a library does not say that it is one.
fn shared_library(analysis: &Analysis, verdict: &mut Verdict) {
    let shared = analysis.candidates.iter().find(|candidate| candidate.id == SHARED);
    if let Some(shared) = shared.filter(|shared| !shared.files.is_empty()) {
        let count = shared.files.len();
        verdict.reasons.push(match count {
            1 => "1 file is used by many parts and could become a library.".to_owned(),
            count => format!("{count} files are used by many parts and could become a library."),
        });
        let mut files = shared.files.clone();
        let uses = |file: FileId| analysis.graph.file_metrics.get(file.index()).map_or(0, |metrics| metrics.fan_in);
        files.sort_by_key(|file| (std::cmp::Reverse(uses(*file)), *file));
        verdict.evidence.extend(files.iter().take(EVIDENCE).map(|file| format!("{}:1", analysis.path(*file))));
    }
}

/// Inventory only: files by changes times (1 + fan-in), the ones that would profit most from standing alone.
fn hotspots(analysis: &Analysis, verdict: &mut Verdict) {
    let mut spots: Vec<(u64, FileId)> = Vec::new();
    for (index, churn) in analysis.history.changes.iter().enumerate().take(analysis.files.len()) {
        let fan_in = analysis.graph.file_metrics.get(index).map_or(0, |metrics| metrics.fan_in);
        let file = &analysis.files[index];
        if churn.commits > 1 && fan_in > 0 && file.scope == Scope::Main && file.is_code {
            spots.push((u64::from(churn.commits) * u64::from(1 + fan_in), FileId(index as u32)));
        }
    }
    spots.sort_by_key(|&(heat, file)| (std::cmp::Reverse(heat), file));
    if let Some(&(_, first)) = spots.first() {
        let commits = analysis.history.changes[first.index()].commits;
        let uses = files_text(analysis.graph.file_metrics[first.index()].fan_in as usize);
        verdict.reasons.push(format!(
            "Hottest file by changes and use: {} ({commits} commits, used by {uses}).",
            analysis.path(first)
        ));
        verdict.evidence.extend(spots.iter().take(EVIDENCE).map(|(_, file)| format!("{}:1", analysis.path(*file))));
    }
}

fn files_text(count: usize) -> String {
    format!("{count} file{}", if count == 1 { "" } else { "s" })
}

/// Inventory only: a good first candidate is no proof that one starts small.
fn start_small(analysis: &Analysis, verdict: &mut Verdict) {
    if let Some(first) = analysis.candidates.iter().find(|candidate| candidate.rank == 1) {
        let share = analysis.candidates.iter().map(|candidate| candidate.files.len()).sum::<usize>().max(1);
        verdict.reasons.push(format!(
            "Best part to start with: {}, {} of {share} files, score {:.0} of 100.",
            first.name,
            first.files.len(),
            first.score.total
        ));
        verdict.evidence.extend(first.files.iter().take(EVIDENCE).map(|file| format!("{}:1", analysis.path(*file))));
    }
}

#[cfg(test)]
mod tests {
    use super::{Status, scorecard};
    use crate::analysis::Analysis;
    use crate::facts::{FileId, Language, Name, Scope, SourceFile, Span};
    use crate::rules::{Confidence, Finding, Kind, Severity};

    fn analysis(scope: Scope, confidence: Confidence) -> Analysis {
        let file = SourceFile {
            path: "a.py".into(),
            language: Some(Language("python")),
            is_code: true,
            scope,
            bytes: 1,
            lines: 9,
        };
        let finding = Finding {
            id: "f".into(),
            kind: Kind::FILE_WRITE,
            rule: Name::default(),
            principle: "A4",
            severity: Severity::High,
            confidence,
            doubt: String::new(),
            file: FileId(0),
            scope,
            span: Span { line: 4, ..Span::default() },
            tags: Vec::new(),
            message: String::new(),
            snippet: String::new(),
            subject: String::new(),
            parts: Vec::new(),
            proposal: None,
        };
        Analysis { files: vec![file], findings: vec![finding], ..Analysis::default() }
    }

    #[test]
    fn all_principles_have_titles_and_nothing_is_guessed() {
        let card = scorecard(&Analysis::default());
        assert_eq!(card.verdicts.len(), 26);
        assert_eq!((card.verdicts[0].id, card.verdicts[25].id), ("A1", "D2"));
        for verdict in &card.verdicts {
            assert!(!verdict.title.is_empty() && !verdict.title_de.is_empty() && !verdict.reasons.is_empty());
            assert_eq!(verdict.status, Status::NoEvidence);
        }
        assert_eq!(card.readiness.total, None);
    }

    #[test]
    fn only_main_findings_that_are_sure_enough_violate() {
        let a4 = |analysis| scorecard(&analysis).verdicts[3].clone();
        let found = a4(analysis(Scope::Main, Confidence::Medium));
        assert_eq!((found.status, found.evidence), (Status::Violated, vec!["a.py:4".to_owned()]));
        assert_eq!(a4(analysis(Scope::Test, Confidence::High)).status, Status::NoEvidence);
        assert_eq!(a4(analysis(Scope::Main, Confidence::Low)).status, Status::NoEvidence);
    }

    #[test]
    fn the_environment_holds_only_with_lookups() {
        let mut with = analysis(Scope::Main, Confidence::High);
        assert_eq!(scorecard(&with).verdicts[4].status, Status::NoEvidence);
        let read = Finding {
            kind: Kind::ENV_CONFIG,
            severity: Severity::Info,
            confidence: Confidence::High,
            ..with.findings[0].clone()
        };
        with.findings.push(Finding { principle: "A5", subject: "DB_HOST".into(), ..read });
        let card = scorecard(&with);
        assert_eq!(card.verdicts[4].status, Status::Holds);
        assert!(card.readiness.total.is_some_and(|total| total < 100.0));
    }

    #[test]
    fn inventories_speak_only_where_the_asset_says_so() {
        let with = |kind, principle, scope| {
            let mut analysis = analysis(scope, Confidence::High);
            let finding = &mut analysis.findings[0];
            (finding.kind, finding.principle, finding.severity) = (Kind(kind), principle, Severity::Info);
            let card = scorecard(&analysis);
            card.verdicts.into_iter().find(|verdict| verdict.id == principle).unwrap()
        };
        for (kind, principle) in [("config-connector", "A6"), ("package", "A9"), ("monitoring-endpoint", "A11")] {
            let verdict = with(kind, principle, Scope::Main);
            assert_eq!((verdict.status, verdict.evidence), (Status::Holds, vec!["a.py:4".to_owned()]));
            assert_eq!(with(kind, principle, Scope::Test).status, Status::NoEvidence);
        }
        let ways = with("entry-point", "A1", Scope::Main);
        assert_eq!((ways.status, ways.evidence.len()), (Status::NoEvidence, 1));
    }
}
