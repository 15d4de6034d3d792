//! Candidates of hand-made repositories.

use super::{Candidate, Inputs, SHARED, candidates};
use crate::facts::{FileId, Language, Name, Scope, SourceFile, Span};
use crate::git::History;
use crate::graph::{Dependency, EdgeKinds, Graph, Table};
use crate::rules::{Confidence, Finding, Kind, Severity};

fn file(path: &str) -> SourceFile {
    let language = Some(Language("java"));
    SourceFile { path: Name::from(path), language, is_code: true, scope: Scope::Main, bytes: 100, lines: 10 }
}

fn edge(from: usize, to: usize) -> Dependency {
    let kinds = EdgeKinds { call: 1, ..EdgeKinds::default() };
    Dependency { from: FileId(from as u32), to: FileId(to as u32), kinds, line: 3 }
}

/// `topics` layered topics with `size` files each, which call each other; everything calls `Log`; topic 0 uses topic 1.
fn monolith(topics: &[&str], size: usize) -> (Vec<SourceFile>, Graph) {
    let mut files = Vec::new();
    let mut edges = Vec::new();
    for (index, topic) in topics.iter().enumerate() {
        for n in 0..size {
            let layer = ["controller", "service", "dao", "model"][n % 4];
            files.push(file(&format!("src/{layer}/{topic}{}.java", ["Controller", "Service", "Dao", "View"][n % 4])));
            for m in [n + 1, n + 2, n + 5] {
                if m % size != n {
                    edges.push(edge(index * size + n, index * size + m % size));
                }
            }
        }
    }
    let log = files.len();
    files.push(file("src/util/Log.java"));
    for from in 0..log {
        edges.push(edge(from, log));
    }
    if topics.len() > 1 {
        edges.push(edge(0, size));
    }
    edges.sort_by_key(|e| (e.from, e.to));
    edges.dedup_by_key(|e| (e.from, e.to));
    let table = Table { name: "orders".into(), readers: vec![(FileId(0), 1)], writers: vec![(FileId(1), 1)] };
    (files, Graph { edges, tables: vec![table], ..Graph::default() })
}

fn entry_point(file: FileId) -> Finding {
    Finding {
        id: "entry-point-1".into(),
        kind: Kind::ENTRY_POINT,
        rule: "entry-point/java/route".into(),
        principle: "A1",
        severity: Severity::Info,
        confidence: Confidence::High,
        doubt: String::new(),
        file,
        scope: Scope::Main,
        span: Span::default(),
        tags: Vec::new(),
        message: String::new(),
        snippet: String::new(),
        subject: "GET /".into(),
        parts: Vec::new(),
        proposal: None,
    }
}

fn run(files: &[SourceFile], graph: &Graph) -> (Vec<Candidate>, Vec<Option<u32>>) {
    let findings = [entry_point(FileId(0))];
    candidates(&Inputs { files, graph, history: &History::default(), findings: &findings }, None, &|_| Vec::new())
}

const TOPICS: [&str; 5] = ["Order", "Invoice", "Customer", "Article", "Forum"];

#[test]
fn topics_become_candidates_and_the_log_is_shared() {
    let (files, graph) = monolith(&TOPICS, 8);
    let (found, of) = run(&files, &graph);
    let names: std::collections::BTreeSet<_> = found.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["article", "customer", "forum", "invoice", "order", "shared"].into());
    let shared = found.last().unwrap();
    assert_eq!((shared.id.as_str(), shared.rank), (SHARED, 0));
    assert_eq!(shared.files, [FileId(40)]);
    let order = found.iter().find(|c| c.name == "order").unwrap();
    assert_eq!((order.metrics.outgoing, order.metrics.incoming, order.metrics.to_shared), (1, 0, 8));
    assert_eq!(order.own_tables, ["orders"]);
    assert_eq!(order.metrics.entry_points, 1);
    let seam = order.seams.iter().find(|seam| !seam.to_shared).unwrap();
    assert_eq!((seam.from, seam.to, seam.line, seam.incoming), (FileId(0), FileId(8), 3, false));
    for (index, place) in of.iter().enumerate() {
        assert!(found[place.unwrap() as usize].files.contains(&FileId(index as u32)));
    }
    assert!(found.windows(2).all(|pair| pair[1].rank == 0 || pair[0].score.total >= pair[1].score.total));
}

#[test]
fn a_tangle_is_divided_if_it_can_be_and_only_main_code_takes_part() {
    let (mut files, mut graph) = monolith(&TOPICS[..2], 30);
    files.push(SourceFile { scope: Scope::Test, ..file("test/OrderTest.java") });
    files.push(SourceFile { is_code: false, ..file("conf/a.xml") });
    graph.edges.push(edge(61, 0));
    let (found, of) = run(&files, &graph);
    assert_eq!(of[61..], [None, None]);
    for candidate in &found {
        assert!(candidate.files.len() <= 24, "{} has {}", candidate.name, candidate.files.len());
        assert!(candidate.rank == 0 || candidate.files.len() >= 3);
    }
}

#[test]
fn nothing_and_loose_files_are_no_problem() {
    let (found, _) = run(&[], &Graph::default());
    assert_eq!(found.len(), 1);
    let files: Vec<_> = (0..20).map(|n| file(&format!("lib/part{n}.java"))).collect();
    let (found, of) = run(&files, &Graph::default());
    assert!(of.iter().all(Option::is_some));
    assert_eq!(found.iter().map(|c| c.files.len()).sum::<usize>(), 20);
}

#[test]
fn ten_thousand_files_give_a_sensible_number() {
    let topics: Vec<String> =
        (0..200).map(|n| format!("Topic{}{}", char::from(b'a' + n / 26), char::from(b'a' + n % 26))).collect();
    let topics: Vec<&str> = topics.iter().map(String::as_str).collect();
    let (files, mut graph) = monolith(&topics, 50);
    for from in 0..9_000 {
        graph.edges.push(edge(from, (from * 7919 + 13) % 10_000));
    }
    graph.edges.retain(|e| e.from != e.to);
    graph.edges.sort_by_key(|e| (e.from, e.to));
    graph.edges.dedup_by_key(|e| (e.from, e.to));
    let (found, of) = run(&files, &graph);
    assert!((5..=31).contains(&found.len()), "{}", found.len());
    assert_eq!(of.iter().filter(|place| place.is_some()).count(), files.len());
    assert_eq!(run(&files, &graph).0, found);
}

#[test]
fn a_heap_of_unconnected_files_is_one_part_and_no_good_start() {
    let (mut files, graph) = monolith(&TOPICS, 8);
    for n in 0..24 {
        files.push(file(&format!("db/steps/{}{n}.rb", ["Voucher", "Parcel", "Carrier", "Label"][n % 4])));
    }
    let (found, _) = run(&files, &graph);
    let heaps: Vec<_> = found.iter().filter(|c| c.files.iter().any(|id| id.index() > 40)).collect();
    assert_eq!(heaps.len(), 1, "{:?}", found.iter().map(|c| (&c.name, c.files.len())).collect::<Vec<_>>());
    assert_ne!(heaps[0].rank, 1);
    if heaps[0].rank > 0 {
        assert_eq!(heaps[0].rank as usize, found.len() - 1);
        assert!(heaps[0].score.terms.iter().any(|term| term.id == "loose" && term.points < -30.0));
    }
}

#[test]
fn one_changed_dependency_moves_no_more_than_a_handful() {
    let (files, graph) =
        monolith(&["Order", "Invoice", "Customer", "Article", "Forum", "Parcel", "Voucher", "Ticket"], 30);
    let (before, of) = run(&files, &graph);
    for change in [7, 61, 133] {
        let mut changed = graph.clone();
        let edge = &mut changed.edges[change];
        edge.to = FileId((edge.to.0 + 97) % 240);
        changed.edges.retain(|edge| edge.from != edge.to);
        changed.edges.sort_by_key(|edge| (edge.from, edge.to));
        changed.edges.dedup_by_key(|edge| (edge.from, edge.to));
        let (after, now) = run(&files, &changed);
        let name = |list: &[Candidate], place: Option<u32>| place.map(|index| list[index as usize].name.clone());
        let moved = (0..files.len()).filter(|file| name(&before, of[*file]) != name(&after, now[*file])).count();
        assert!(moved <= 5, "change {change} moves {moved} files");
    }
}

#[test]
fn a_given_partition_is_taken_as_it_is() {
    let (files, graph) = monolith(&TOPICS, 8);
    let text = "[[part]]\nname = \"front\"\nfiles = [\"src/controller/**\"]\n";
    let partition = super::partition::Partition::parse(text).unwrap();
    let inputs = Inputs { files: &files, graph: &graph, history: &History::default(), findings: &[] };
    let (found, of) = candidates(&inputs, Some(&partition), &|_| Vec::new());
    assert_eq!(found.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["front", "shared"]);
    assert!(found[0].files.iter().all(|file| files[file.index()].path.starts_with("src/controller/")));
    assert_eq!(found[0].explanation.places.len(), found[0].files.len());
    assert!(of.iter().all(Option::is_some));
}
