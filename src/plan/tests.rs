//! Plans of hand-made analyses, and the plan file.

use super::{Effort, ItemStatus, Saved, build, merge};
use crate::analysis::Analysis;
use crate::facts::{FileId, Language, Name, RefKind, Scope, SourceFile, Span};
use crate::rules::{Confidence, Finding, Kind, Severity};
use crate::split::{Candidate, CandidateMetrics, Score, Seam};

fn finding(kind: Kind, subject: &str, tags: &[&str], proposal: Option<&str>) -> Finding {
    Finding {
        id: "f".into(),
        kind,
        rule: Name::default(),
        principle: "A4",
        severity: Severity::High,
        confidence: Confidence::High,
        doubt: String::new(),
        file: FileId(0),
        scope: Scope::Main,
        span: Span { line: 4, ..Span::default() },
        tags: tags.iter().map(|tag| Name::from(*tag)).collect(),
        message: String::new(),
        snippet: String::new(),
        subject: subject.to_owned(),
        parts: Vec::new(),
        proposal: proposal.map(Name::from),
    }
}

fn analysis() -> Analysis {
    let file = |path: &str| SourceFile {
        path: path.into(),
        language: Some(Language("php")),
        is_code: true,
        scope: Scope::Main,
        bytes: 1,
        lines: 9,
    };
    let seam = Seam { from: FileId(1), to: FileId(0), line: 7, kind: RefKind::Call, incoming: true, to_shared: false };
    let candidate = Candidate {
        id: "order-1".into(),
        name: "order".into(),
        terms: Vec::new(),
        files: vec![FileId(0)],
        lines: 9,
        rank: 1,
        score: Score::default(),
        metrics: CandidateMetrics::default(),
        seams: vec![seam],
        shared_tables: Vec::new(),
        own_tables: Vec::new(),
        blockers: vec![0],
        ..Candidate::default()
    };
    let findings = vec![
        finding(Kind::ENDPOINT, "tcp://db1:3306", &[], Some("DB_HOST")),
        finding(Kind::ENDPOINT, "tcp://db1:3306", &[], Some("DB_HOST")),
        finding(Kind::ENDPOINT, "https://u@api.corp:8443/x", &[], None),
        finding(Kind::FILE_WRITE, "/x", &["upload"], None),
        finding(Kind::FILE_WRITE, "/var/lib/app/{}/a", &[], None),
        finding(Kind::LOG_PATH, "app.log", &[], None),
    ];
    Analysis { files: vec![file("a.php"), file("b.php")], findings, candidates: vec![candidate], ..Analysis::default() }
}

#[test]
fn findings_become_grouped_steps() {
    let plan = build(&analysis());
    let ids: Vec<_> = plan.phases.iter().map(|phase| phase.id).collect();
    assert_eq!(ids, ["know", "portable", "image", "operate", "split-1", "split-next"]);
    let mut titles: Vec<_> = plan.phases[1].items.iter().map(|item| item.title.as_str()).collect();
    titles.sort_unstable();
    assert_eq!(
        titles,
        [
            "Move uploads to an object store (1 site)",
            "Move what is written to /var/lib out of the container (1 site)",
            "Read DB_HOST from the environment (2 sites)",
            "Send the log to stdout (1 site)",
            "Take api.corp out of code and configuration (1 site)",
        ]
    );
    for item in plan.phases.iter().flat_map(|phase| &phase.items) {
        assert!(!item.why.is_empty() && !item.how.is_empty() && !item.check.is_empty(), "{}", item.id);
    }
    let split = &plan.phases[4].items;
    assert_eq!(split.len(), 2);
    assert_eq!(split[1].places, [("b.php:7".to_owned(), "uses a.php".to_owned())]);
    assert_eq!(split[1].effort, Effort::S);
}

#[test]
fn ids_are_unique_and_do_not_depend_on_position() {
    let plan = build(&analysis());
    let ids: Vec<_> = plan.phases.iter().flat_map(|phase| &phase.items).map(|item| item.id.clone()).collect();
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len());
    let mut other = analysis();
    other.findings.reverse();
    other.findings.remove(0);
    let fewer = build(&other);
    assert!(fewer.phases[1].items.iter().all(|item| ids.contains(&item.id)));
    assert_eq!(build(&Analysis::default()).phases.iter().map(|phase| phase.items.len()).sum::<usize>(), 0);
}

#[test]
fn the_plan_file_goes_round_and_keeps_what_it_does_not_know() {
    let mut plan = build(&analysis());
    let id = plan.phases[1].items[0].id.clone();
    let mut saved = Saved::parse("[item.gone-1]\nstatus = \"waived\"\nnote = \"no \\\"need\\\"\"\n").unwrap();
    saved.set(&id, Some(ItemStatus::Done), Some("ok"), Some("ann"));
    let again = Saved::parse(&saved.to_toml()).unwrap();
    assert_eq!(again.item, saved.item);
    assert!(again.item.contains_key("gone-1"));
    merge(&mut plan, &again);
    let item = &plan.phases[1].items[0];
    assert_eq!((item.status, item.note.as_str(), item.owner.as_str()), (ItemStatus::Done, "ok", "ann"));
    saved.set(&id, Some(ItemStatus::Open), Some(""), Some(""));
    assert!(!saved.item.contains_key(id.as_str()));
    assert!(Saved::parse("item = 3").is_err());
    assert!(Saved::parse("version = 9").is_err());
}

#[test]
fn many_small_steps_become_one() {
    let mut analysis = analysis();
    analysis.findings = (0..90)
        .map(|n| finding(Kind::ENDPOINT, &format!("https://host{n}.corp/"), &[], None))
        .chain((0..3).map(|_| finding(Kind::ENDPOINT, "https://often.corp/", &[], None)))
        .collect();
    analysis.candidates[0].blockers.clear();
    let plan = build(&analysis);
    let items = &plan.phases[1].items;
    assert_eq!(items.len(), 15);
    assert_eq!(items.iter().map(|item| item.findings.len()).sum::<usize>(), 93);
    assert_eq!(items[14].title, "Take the other addresses out of code and configuration (77 sites)");
    assert_eq!(items[0].title, "Take often.corp out of code and configuration (3 sites)");
}

#[test]
fn a_part_that_nothing_binds_is_still_a_step() {
    let mut analysis = analysis();
    analysis.candidates[0].blockers.clear();
    analysis.candidates[0].seams.clear();
    let plan = build(&analysis);
    assert_eq!(plan.phases[4].items.len(), 1);
    assert_eq!(plan.phases[4].items[0].title, "Move order (1 file) into a module of its own");
}

#[test]
fn every_problem_kind_has_advice_in_both_languages_and_makes_a_step() {
    for info in crate::rules::kinds::all().iter().filter(|info| !info.inventory) {
        let kind = info.kind;
        let text = crate::assets::get(&format!("advice/{}.toml", kind.0)).unwrap_or_else(|| panic!("{}", kind.0));
        let advice: toml::Table = toml::from_str(text).unwrap();
        for field in ["why", "why_de"] {
            assert!(advice[field].as_str().is_some_and(|text| !text.is_empty()), "{}: {field}", kind.0);
        }
        let steps = |field: &str| advice[field].as_array().map_or(0, Vec::len);
        assert!(steps("how") > 0 && steps("how") == steps("how_de"), "{}: how, how_de", kind.0);
        assert_eq!(advice.contains_key("title"), advice.contains_key("title_de"), "{}", kind.0);
        let mut analysis = analysis();
        analysis.candidates.clear();
        analysis.findings = vec![finding(kind, "x", &[], None)];
        let of_kind = |plan: &super::Plan| -> Vec<(&'static str, String)> {
            let phases = plan.phases.iter();
            let items = phases.flat_map(|phase| phase.items.iter().map(|item| (phase.id, item)));
            let items = items.filter(|(_, item)| item.findings == [0]);
            items.map(|(phase, item)| (phase, item.id.to_string())).collect()
        };
        let first = of_kind(&build(&analysis));
        assert_eq!(first.len(), 1, "{}", kind.0);
        assert_eq!(first[0].0, advice.get("phase").map_or("portable", |phase| phase.as_str().unwrap()), "{}", kind.0);
        analysis.findings.push(finding(kind, "x", &[], None));
        analysis.findings.swap(0, 1);
        let again = build(&analysis);
        let ids: Vec<String> = again.phases.iter().flat_map(|p| &p.items).map(|item| item.id.to_string()).collect();
        assert!(ids.contains(&first[0].1), "{}: the id depends on the number of findings", kind.0);
    }
}
