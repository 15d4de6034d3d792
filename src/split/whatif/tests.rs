//! Edits of a small division: figures, undo, and what is refused.

use super::*;
use crate::facts::Language;
use crate::graph::{Dependency, EdgeKinds, Table};

fn repository() -> (Vec<SourceFile>, Graph) {
    let file = |path: &str| SourceFile {
        path: Name::from(path),
        language: Some(Language("java")),
        is_code: true,
        scope: Scope::Main,
        bytes: 1,
        lines: 10,
    };
    let files = ["a/1", "a/2", "a/3", "b/4", "b/5", "b/6", "lib/7"].iter().map(|path| file(path)).collect();
    let edge = |(from, to): (u32, u32)| Dependency {
        from: FileId(from),
        to: FileId(to),
        kinds: EdgeKinds { call: 1, ..EdgeKinds::default() },
        line: 2,
    };
    let edges = [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 3), (5, 6)].map(edge).to_vec();
    let user = |file: u32| (FileId(file), 1);
    let tables = vec![
        Table { name: "one".into(), readers: vec![user(0)], writers: vec![user(1)] },
        Table { name: "two".into(), readers: vec![user(2)], writers: vec![user(4)] },
    ];
    (files, Graph { edges, tables, ..Graph::default() })
}

fn begin(check: impl FnOnce(WhatIf, &Inputs<'_>)) {
    let (files, graph) = repository();
    let history = History::default();
    let inputs = Inputs { files: &files, graph: &graph, history: &history, findings: &[] };
    let group = |name: &str, files: [u32; 3]| Group { name: Some(name.into()), files: files.map(FileId).to_vec() };
    let division = Division {
        groups: vec![group("a", [0, 1, 2]), group("b", [3, 4, 5])],
        shared: vec![FileId(6)],
        unmatched: Vec::new(),
    };
    check(WhatIf::of_division(&inputs, &division), &inputs);
}

type Counters = (Vec<u32>, Vec<u32>, Vec<u32>, Vec<BTreeMap<u32, u32>>);

fn counters(what_if: &WhatIf) -> Counters {
    (what_if.count.clone(), what_if.size.clone(), what_if.between.clone(), what_if.users.clone())
}

#[test]
fn figures_say_what_crosses_the_border() {
    begin(|what_if, _| {
        let totals = what_if.totals();
        assert_eq!((totals.parts, totals.files, totals.common, totals.largest), (2, 6, 1, 3));
        assert_eq!((totals.crossing, totals.interfaces, totals.in_cycles, totals.shared_tables), (1, 1, 0, 1));
        let figures = what_if.figures();
        let a = figures.iter().find(|figures| figures.name == "a").unwrap();
        assert_eq!((a.metrics.outgoing, a.metrics.incoming, a.inner), (1, 0, 3));
        assert_eq!((a.own_tables, a.shared_tables, a.lines), (1, 1, 30));
        assert!((a.metrics.cohesion - 0.75).abs() < 1e-6);
        assert_eq!(figures.last().unwrap().part, COMMON);
    });
}

#[test]
fn counters_that_are_kept_are_those_counted_anew_and_undo_goes_all_the_way_back() {
    begin(|mut what_if, _| {
        let start = counters(&what_if);
        let (a, b) = (what_if.find("a").unwrap(), what_if.find("b").unwrap());
        what_if.apply(Edit::Move { files: vec![FileId(2), FileId(6)], to: b }).unwrap();
        what_if.apply(Edit::Exclude { files: vec![FileId(0)] }).unwrap();
        what_if.apply(Edit::Extract { files: vec![FileId(4)], name: "c".into() }).unwrap();
        what_if.apply(Edit::Rename { part: a, name: "first".into() }).unwrap();
        what_if.apply(Edit::Merge { from: b, into: a }).unwrap();
        let kept = counters(&what_if);
        what_if.count_anew();
        assert_eq!(counters(&what_if), kept);
        assert_eq!((what_if.part_of(FileId(0)), what_if.part_of(FileId(2))), (None, Some(a)));
        for _ in 0..5 {
            what_if.undo().unwrap();
        }
        assert_eq!(what_if.undo(), None);
        assert_eq!(what_if.find("a"), Some(a));
        let back = counters(&what_if);
        assert_eq!((back.0[..3].to_vec(), back.3), (start.0, start.3));
        for _ in 0..5 {
            what_if.redo().unwrap();
        }
        assert_eq!((counters(&what_if), what_if.redo()), (kept, None));
    });
}

#[test]
fn pinned_files_stay_and_nonsense_is_refused() {
    begin(|mut what_if, _| {
        let (a, b) = (what_if.find("a").unwrap(), what_if.find("b").unwrap());
        what_if.apply(Edit::Pin { files: vec![FileId(0)], on: true }).unwrap();
        let step = what_if.apply(Edit::Merge { from: a, into: b }).unwrap();
        assert_eq!((step.files(), what_if.part_of(FileId(0))), (2, Some(a)));
        assert!(what_if.is_pinned(FileId(0)));
        for edit in [
            Edit::Move { files: vec![FileId(0)], to: b },
            Edit::Move { files: vec![FileId(99)], to: b },
            Edit::Merge { from: a, into: PartId(77) },
            Edit::Rename { part: a, name: "b".into() },
            Edit::Rename { part: COMMON, name: "x".into() },
            Edit::Extract { files: vec![FileId(1)], name: " ".into() },
        ] {
            let before = counters(&what_if);
            assert!(what_if.apply(edit.clone()).is_err(), "{edit:?}");
            assert_eq!(counters(&what_if), before);
        }
    });
}

#[test]
fn a_merged_part_falls_apart_again_where_it_was_joined() {
    begin(|mut what_if, inputs| {
        let (a, b) = (what_if.find("a").unwrap(), what_if.find("b").unwrap());
        what_if.apply(Edit::Merge { from: b, into: a }).unwrap();
        what_if.apply(Edit::Split { part: a }).unwrap();
        let new = what_if.find("a-2").unwrap();
        let pieces = [what_if.files(a), what_if.files(new)];
        assert!(pieces.contains(&vec![FileId(0), FileId(1), FileId(2)]), "{pieces:?}");
        let partition = what_if.partition(inputs.files);
        let again = partition.divide(inputs.files, &inputs.members()).unwrap();
        assert_eq!(again.groups.len(), 2);
        let (candidates, of) = what_if.candidates(inputs);
        assert_eq!((candidates.len(), candidates[2].id.as_str()), (3, SHARED));
        assert!(of.iter().all(Option::is_some));
        let crossing: u32 = candidates[..2].iter().map(|candidate| candidate.metrics.outgoing).sum();
        assert_eq!(crossing, what_if.totals().crossing);
    });
}

#[test]
fn a_file_is_told_where_else_it_could_be() {
    begin(|what_if, _| {
        let places = what_if.places(FileId(2));
        assert_eq!(places.len(), 2);
        assert_eq!((what_if.name(places[0].part), places[0].uses, places[0].used), ("a", 1, 1));
        assert_eq!((what_if.name(places[1].part), places[1].uses, places[1].used), ("b", 1, 0));
        assert!((places[0].share - 2.0 / 3.0).abs() < 1e-6);
    });
}

#[test]
fn seams_follow_a_move_and_agree_with_the_figures() {
    begin(|mut what_if, inputs| {
        let agrees = |what_if: &WhatIf| {
            let seams = what_if.seams(inputs.graph);
            for figures in what_if.figures().iter().filter(|figures| figures.part != COMMON) {
                let own = &seams[figures.part.0 as usize];
                let count = |incoming: bool| own.iter().filter(|s| s.incoming == incoming && !s.to_shared).count();
                assert_eq!(count(true), figures.metrics.incoming as usize, "{}", figures.name);
                assert_eq!(count(false), figures.metrics.outgoing as usize, "{}", figures.name);
            }
        };
        agrees(&what_if);
        let b = what_if.find("b").unwrap();
        what_if.apply(Edit::Move { files: vec![FileId(2)], to: b }).unwrap();
        agrees(&what_if);
        assert_eq!((what_if.steps(), what_if.parts().len()), (1, 3));
        let a = what_if.find("a").unwrap();
        what_if.apply(Edit::Merge { from: a, into: b }).unwrap();
        assert_eq!(what_if.parts(), [COMMON, b], "an empty part is none");
    });
}
