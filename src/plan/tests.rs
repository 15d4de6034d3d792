//! Plans of hand-made analyses, and what people kept of them.

use super::{Check, Effort, ItemStatus, Plan, Saved, SavedItem, State, Weights, check, merge};
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

fn build(analysis: &Analysis) -> Plan {
    super::build(analysis, &Weights::default())
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
    assert_eq!(split[1].effort, Effort::M);
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

fn kept(status: ItemStatus) -> SavedItem {
    SavedItem { status, title: "Old words".into(), phase: "portable".into(), ..SavedItem::default() }
}

fn with_step(id: &str, saved: SavedItem) -> Saved {
    Saved { item: [(id.to_owned(), saved)].into(), ..Saved::default() }
}

#[test]
fn what_was_checked_off_is_reopened_while_its_places_are_there_and_verified_when_they_are_gone() {
    let plan = build(&analysis());
    let id = plan.phases[1].items[0].id.clone();
    let state = |analysis: &Analysis, saved: &Saved, complete| {
        let mut plan = build(analysis);
        merge(&mut plan, saved, complete);
        plan.find(&id).map(|item| (item.state(), item.is_open(), item.name.clone()))
    };
    let done = with_step(&id, kept(ItemStatus::Done));
    let (seen, open, _) = state(&analysis(), &done, true).unwrap();
    assert_eq!((seen, open), (State::Reopened, true));
    let mut clean = analysis();
    clean.findings.clear();
    clean.candidates[0].blockers.clear();
    let gone = state(&clean, &done, true).unwrap();
    assert_eq!(gone, (State::Verified, false, "Old words".to_owned()));
    assert_eq!(state(&clean, &done, false).unwrap().0, State::Done, "a scan that was stopped verifies nothing");
    assert_eq!(state(&clean, &with_step(&id, kept(ItemStatus::Waived)), true), None);
    assert_eq!(state(&analysis(), &with_step(&id, kept(ItemStatus::Waived)), true).unwrap().0, State::Waived);
    // Only people can see these.
    let image = plan.phases[2].items[0].id.clone();
    let mut people = build(&analysis());
    merge(&mut people, &with_step(&image, kept(ItemStatus::Done)), true);
    assert_eq!(people.find(&image).unwrap().state(), State::Done);
}

#[test]
fn a_check_says_what_is_left_what_is_gone_and_what_was_never_a_step() {
    let plan = build(&analysis());
    let step = &plan.phases[1].items[0];
    assert!(matches!(check(&plan, &step.id), Check::Left(item) if item.findings == step.findings));
    assert!(matches!(check(&plan, &plan.phases[2].items[0].id), Check::People(_)));
    assert_eq!(check(&build(&Analysis::default()), &step.id), Check::Gone(None));
    let slip = format!("{}{}", &step.id[..step.id.len() - 1], if step.id.ends_with('0') { '1' } else { '0' });
    for unknown in ["", "x", "no-such-step", slip.as_str()] {
        assert_eq!(check(&plan, unknown), Check::Unknown, "{unknown}");
    }
}

#[test]
fn people_order_steps_and_what_they_did_not_move_keeps_its_place_behind() {
    let mut plan = build(&analysis());
    let ids: Vec<Name> = plan.phases[1].items.iter().map(|item| item.id.clone()).collect();
    let order = vec![ids[3].clone(), ids[0].clone()];
    merge(&mut plan, &Saved { order: [("portable".to_owned(), order.clone())].into(), ..Saved::default() }, true);
    let now: Vec<Name> = plan.phases[1].items.iter().map(|item| item.id.clone()).collect();
    assert_eq!(now[..3], [ids[3].clone(), ids[0].clone(), ids[1].clone()]);
    assert_eq!(plan.phases[1].order, order);
}

#[test]
fn the_smallest_that_pays_comes_first_and_what_is_needed_before_it() {
    let mut analysis = analysis();
    let mut low = finding(Kind("undeclared-port"), "80", &[], None);
    low.severity = Severity::Low;
    analysis.findings = vec![low, finding(Kind("unreproducible-build"), "x", &[], None)];
    analysis.findings.extend((0..60).map(|_| finding(Kind::ENDPOINT, "https://often.corp/", &[], None)));
    analysis.findings.push(finding(Kind("missing-monitoring"), "x", &[], None));
    analysis.findings.push(finding(Kind("missing-healthcheck"), "x", &[], None));
    analysis.candidates.clear();
    let plan = build(&analysis);
    let names = |phase: usize| plan.phases[phase].items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>();
    let at = |phase: usize, name: &str| names(phase).iter().position(|found| found.starts_with(name)).unwrap();
    assert!(at(2, "Make the build") < at(2, "Declare the ports"), "{:?}", names(2));
    assert!(at(3, "Offer endpoints") < at(3, "Add health"), "{:?}", names(3));
    let health = &plan.phases[3].items[at(3, "Add health")];
    let monitoring = &plan.phases[3].items[at(3, "Offer endpoints")];
    assert!(health.needs.contains(&monitoring.id) && monitoring.unlocks.contains(&health.id));
    let first = plan.first().unwrap();
    assert_eq!((first.name.as_str(), first.effort), ("Make the build reproducible", Effort::S));
    let sizes: Vec<Effort> = plan.phases[1].items.iter().map(|item| item.effort).collect();
    assert!(sizes.is_sorted(), "{sizes:?}");
}

#[test]
fn what_belongs_to_an_environment_pays_more_than_the_address_of_a_public_service() {
    let mut analysis = analysis();
    analysis.candidates.clear();
    let address = |subject: &str| finding(Kind::ENDPOINT, subject, &[], None);
    analysis.findings = vec![
        address("https://api.fontawesome.com/x"),
        address("http://{}.rest.akismet.com/1.1"),
        address("http://localhost/"),
        address("https://wiki.corp/x"),
        address("https://api.shop.example.org:8443/x"),
        address("http://10.0.0.7/"),
        address("jdbc:postgresql://db.example.org/x"),
        finding(Kind::CREDENTIAL, "DB_PASSWORD", &[], None),
    ];
    let plan = build(&analysis);
    let pays: Vec<(f64, bool)> = plan.phases[1]
        .items
        .iter()
        .map(|item| (item.pays, item.name.contains("fontawesome") || item.name.contains("akismet")))
        .collect();
    assert_eq!(pays.len(), 8);
    assert!(pays.iter().all(|(pays, public)| *public == (*pays < 1.0)), "{pays:?}");
    assert!(pays[6].1 && pays[7].1, "public ones come last: {pays:?}");
}

#[test]
fn a_small_step_that_somebody_took_up_is_listed_alone() {
    let mut analysis = analysis();
    let hosts = (0..20).map(|n| finding(Kind::ENDPOINT, &format!("https://host{n}.corp/"), &[], None));
    analysis.findings = hosts.collect();
    analysis.candidates[0].blockers.clear();
    let mut plan = build(&analysis);
    assert_eq!((plan.phases[1].items.len(), plan.folded.len()), (15, 6));
    let small = plan.folded[2].clone();
    assert!(matches!(check(&plan, &small.id), Check::Left(_)), "folded, not gone");
    merge(&mut plan, &with_step(&small.id, SavedItem { owner: "ann".into(), ..SavedItem::default() }), true);
    assert_eq!(plan.phases[1].items.len(), 16);
    let rest = plan.phases[1].items.last().unwrap();
    assert_eq!(rest.title, "Take the other addresses out of code and configuration (5 sites)");
    assert_eq!(rest.german.title, "Die übrigen Adressen aus Code und Konfiguration nehmen (5 Stellen)");
    assert_eq!(plan.find(&small.id).unwrap().owner, "ann");
    let all: std::collections::BTreeSet<u32> = plan.items().flat_map(|item| item.findings.clone()).collect();
    assert_eq!(all.len(), 20);
    // Where each of them has its own step, the one for the rest is not gone but spread.
    let rest = rest.id.clone();
    analysis.findings.truncate(10);
    assert!(matches!(check(&build(&analysis), &rest), Check::Left(_)));
    let mut fewer = build(&analysis);
    merge(&mut fewer, &with_step(&rest, kept(ItemStatus::Done)), true);
    assert_eq!(fewer.find(&rest).unwrap().state(), State::Done);
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
    assert_eq!(plan.phases[4].items[0].title, "Move order into a module of its own (1 file)");
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
        let of_kind = |plan: &Plan| -> Vec<(&'static str, String)> {
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
