//! The scorecard: what the repository says about each principle, and nothing it does not say.

mod data;
mod places;
mod readiness;

use std::collections::BTreeMap;

pub use data::{Figures, Principle, Unit, all, figures, titles};

use crate::analysis::Analysis;
use crate::facts::{FileId, Scope};
use crate::rules::{Confidence, Kind, Severity};
use crate::text::{Said, count, say};

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
    pub reasons: Vec<Said>,
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
    /// One line per principle that holds or is violated.
    pub areas: Vec<Area>,
    /// Points of principles that nothing speaks for or against: part of the total, but not reached.
    pub unknown: f32,
    /// The formula, with its figures.
    pub formula: Said,
}

/// One area of the readiness figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Principle id.
    pub principle: &'static str,
    /// Name for people: `State on disk`.
    pub name: &'static str,
    /// The same in German.
    pub name_de: &'static str,
    /// Points reached.
    pub reached: f32,
    /// Points possible.
    pub possible: f32,
    /// What it comes from: `38 findings, of weight 19`.
    pub text: Said,
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

fn judge(analysis: &Analysis, verdict: &mut Verdict) {
    if !verdict.findings.is_empty() {
        violated(analysis, verdict);
        return;
    }
    let Some(principle) = all().iter().find(|principle| principle.id == verdict.id) else { return };
    let found = |sources: &[data::Source]| -> Vec<places::Place> {
        sources.iter().flat_map(|source| places::of(analysis, source)).collect()
    };
    let mut places = found(&principle.proves);
    if !places.is_empty() {
        verdict.status = Status::Holds;
    }
    places.extend(found(&principle.names));
    verdict.reasons.push(match places.len() {
        0 => principle.unknown(),
        number => principle.seen().put("n", number),
    });
    details(analysis, verdict, &places);
    let places = places.iter().take(EVIDENCE);
    verdict.evidence.extend(places.map(|(file, line)| format!("{}:{line}", analysis.path(*file))));
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
    let kind = |(kind, number): (Kind, usize)| say("verdict.kind").put("count", number).put("kind", kind.0);
    let kinds: Vec<Said> = kinds.into_iter().map(kind).collect();
    let said = say("verdict.violated").with("kinds", &Said::join(&kinds, ", "));
    verdict.reasons.push(said.with("files", &count(files.len(), "file")));
}

/// What is said besides the number of places.
fn details(analysis: &Analysis, verdict: &mut Verdict, places: &[places::Place]) {
    match (verdict.id, places.first()) {
        ("A3", Some(&(first, _))) => {
            let commits = analysis.history.changes[first.index()].commits as usize;
            let uses = analysis.graph.file_metrics[first.index()].fan_in as usize;
            let said = say("verdict.hottest").with("commits", &count(commits, "commit"));
            verdict.reasons.push(said.with("files", &count(uses, "file")).put("path", analysis.path(first)));
        }
        ("D1", Some(_)) => {
            let Some(first) = analysis.candidates.iter().find(|candidate| candidate.rank == 1) else { return };
            let all = analysis.candidates.iter().map(|candidate| candidate.files.len()).sum::<usize>().max(1);
            let said = say("verdict.first").with("files", &count(first.files.len(), "file")).put("all", all);
            verdict.reasons.push(said.put("score", format!("{:.0}", first.score.total)).put("name", &first.name));
        }
        _ => {}
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
            finding.parts = vec![("ecosystem".into(), "python".into())];
            let card = scorecard(&analysis);
            card.verdicts.into_iter().find(|verdict| verdict.id == principle).unwrap()
        };
        for (kind, principle) in [("config-connector", "A6"), ("package", "A9"), ("monitoring-endpoint", "A11")] {
            let verdict = with(kind, principle, Scope::Main);
            assert_eq!((verdict.status, verdict.evidence), (Status::Holds, vec!["a.py:4".to_owned()]));
            assert_eq!(with(kind, principle, Scope::Test).status, Status::NoEvidence);
        }
        // The manifest of the tools beside an application declares nothing of it.
        let mut tools = analysis(Scope::Main, Confidence::High);
        let manifest = &mut tools.findings[0];
        (manifest.kind, manifest.principle, manifest.severity) = (Kind("package"), "A9", Severity::Info);
        manifest.parts = vec![("ecosystem".into(), "javascript".into())];
        assert_eq!(scorecard(&tools).verdicts[8].status, Status::NoEvidence);
        let ways = with("entry-point", "A1", Scope::Main);
        assert_eq!((ways.status, ways.evidence.len()), (Status::NoEvidence, 1));
    }

    #[test]
    fn the_figure_never_falls_when_a_finding_goes_and_says_what_is_unknown() {
        let mut many = analysis(Scope::Main, Confidence::High);
        let one = many.findings[0].clone();
        many.findings.push(Finding { principle: "A7", kind: Kind::LOG_PATH, ..one.clone() });
        many.findings.extend((0..5).map(|_| one.clone()));
        let mut last = 0.0;
        while !many.findings.is_empty() {
            let readiness = scorecard(&many).readiness;
            let total = readiness.total.unwrap();
            assert!(total >= last, "{total} after {last}");
            let sum: f32 = readiness.areas.iter().map(|area| area.reached).sum();
            assert!((sum + readiness.unknown - total).abs() < 0.01);
            last = total;
            many.findings.pop();
        }
        // with the last finding gone, nothing is known any more
        assert_eq!(scorecard(&many).readiness.total, None);
    }

    #[test]
    fn what_only_the_build_knows_proves_nothing() {
        use crate::facts::{Described, Descriptor, Image, Instruction, Keyword, Script, Stage};
        let instruction = |keyword, word: &str| Instruction {
            keyword,
            on_build: false,
            flags: Vec::new(),
            words: vec![word.into()],
            exec_form: true,
            script: Script::default(),
            span: Span { line: 2, ..Span::default() },
        };
        let status = |base: &str, user: &str, start: &str| {
            let instructions = vec![instruction(Keyword::User, user), instruction(Keyword::Cmd, start)];
            let stage = Stage { base: base.into(), instructions, ..Stage::default() };
            let image = Image { stages: vec![stage] };
            let mut analysis = analysis(Scope::Main, Confidence::Low);
            analysis.descriptors =
                vec![Described { file: FileId(0), descriptor: Descriptor::Image(image), pragmas: Vec::new() }];
            let card = scorecard(&analysis);
            ["B1", "B5", "B8"].map(|id| card.verdicts.iter().find(|verdict| verdict.id == id).unwrap().status)
        };
        assert_eq!(status("debian:12", "app", "/app/server"), [Status::Holds; 3]);
        assert_eq!(status("$BASE", "${UID}", "/start.sh"), [Status::NoEvidence; 3]);
    }

    #[test]
    fn a_variable_that_names_no_resource_proves_nothing() {
        let mut analysis = analysis(Scope::Main, Confidence::High);
        let read = &mut analysis.findings[0];
        (read.kind, read.principle, read.severity) = (Kind::ENV_CONFIG, "A5", Severity::Info);
        for (name, status) in [("HOME", Status::NoEvidence), ("SMTP_HOST", Status::Holds)] {
            analysis.findings[0].subject = name.to_owned();
            assert_eq!(scorecard(&analysis).verdicts[4].status, status, "{name}");
        }
    }
}
