//! The what-if on Split after real keys: mark, move, merge, take out, divide, pin, rename, undo, save, load, compare, plan.

use std::sync::Arc;

use super::{app, picture, press, shop};
use crate::analysis::{Analysis, Phase, Progress};
use crate::facts::{FileId, Name, Scope, SourceFile};
use crate::graph::{Dependency, Module, ModuleId, Table};
use crate::plan::Weights;
use crate::split::candidates;
use crate::split::partition::Partition;
use crate::tui::app::{App, Effect, Overlay, Tab};
use crate::tui::screens::whatif::{Target, target};
use crate::tui::widgets::list::Moves;

const DIVISION: &str = "[[part]]\nname = \"billing\"\nfiles = [\"billing/**\"]\n[[part]]\nname = \"order\"\n\
                        files = [\"order/**\"]\n[[part]]\nname = \"shared\"\nfiles = [\"lib/**\"]\n";

/// Two candidates of three files, one of them in the wrong place, and a library.
fn divided() -> Analysis {
    let mut all = shop();
    let (file, module, edge) = (all.files[0].clone(), all.graph.modules[0].clone(), all.graph.edges[0]);
    let paths = [
        "billing/Invoice.java",
        "billing/Ledger.java",
        "billing/Tax.java",
        "lib/Text.java",
        "order/Cart.java",
        "order/Checkout.java",
        "order/Receipt.java",
    ];
    all.files = paths
        .iter()
        .map(|path| SourceFile { path: Name::new(path), scope: Scope::Main, is_code: true, ..file.clone() })
        .collect();
    let named = |name: &str| Module { id: name.into(), name: name.into(), path: name.into(), ..module.clone() };
    all.graph.modules = ["billing", "lib", "order"].map(named).to_vec();
    all.graph.module_of = [0, 0, 0, 1, 2, 2, 2].map(ModuleId).to_vec();
    // The receipt is bound to billing: moving it there takes three seams away.
    let edges = [(0, 1), (0, 3), (1, 2), (2, 0), (4, 5), (5, 4), (5, 6), (6, 0), (6, 1), (6, 2)];
    all.graph.edges = edges
        .iter()
        .enumerate()
        .map(|(at, (from, to))| Dependency { from: FileId(*from), to: FileId(*to), line: at as u32 + 1, ..edge })
        .collect();
    let table = |name: &str, readers: &[u32], writers: &[u32]| Table {
        name: name.into(),
        readers: readers.iter().map(|file| (FileId(*file), 2)).collect(),
        writers: writers.iter().map(|file| (FileId(*file), 3)).collect(),
    };
    all.graph.tables = vec![table("carts", &[4], &[5]), table("invoices", &[6], &[0])];
    (all.graph.module_edges, all.graph.module_cycles, all.graph.matrix_order) = Default::default();
    all.findings.truncate(1);
    let partition = Partition::parse(DIVISION).unwrap();
    (all.candidates, all.candidate_of) = candidates(&all.split_inputs(), Some(&partition), &|_| Vec::new());
    all
}

fn opened() -> App {
    let mut app = app();
    app.receive(Arc::new(divided()));
    press(&mut app, "4");
    app
}

fn choose(app: &mut App, part: &str) {
    let trial = app.data.trial.as_ref().unwrap();
    let key = format!("part:{}", trial.what_if.find(part).unwrap().0);
    app.lists[3].select(&key);
    assert_eq!(app.item().unwrap().key, key.as_str());
}

/// A what-if, with the files of all parts in sight.
fn unfolded() -> App {
    let mut app = opened();
    press(&mut app, "l");
    for part in ["billing", "order", "shared"] {
        choose(&mut app, part);
        press(&mut app, "+");
    }
    app
}

fn part_of(app: &App, path: &str) -> String {
    let trial = app.data.trial.as_ref().unwrap();
    let Some(Target::File(file)) = target(&app.data, &format!("file {path}")) else { panic!("{path}") };
    trial.what_if.name(trial.what_if.part_of(file).unwrap()).to_owned()
}

fn totals(app: &App) -> (u32, u32, u32) {
    let totals = app.data.trial.as_ref().unwrap().now.totals;
    (totals.parts, totals.crossing, totals.shared_tables)
}

#[test]
fn pictures_of_a_what_if_in_work() {
    for (width, height) in [(120, 36), (80, 24)] {
        let mut app = unfolded();
        app.lists[3].select("file order/Receipt.java");
        press(&mut app, " Mbil⏎");
        choose(&mut app, "billing");
        press(&mut app, "j");
        press(&mut app, "k");
        insta::assert_snapshot!(format!("whatif_{width}x{height}"), picture(&app, width, height));
    }
    let mut app = unfolded();
    app.lists[3].select("file order/Receipt.java");
    press(&mut app, "Mbil⏎");
    app.alternatives_read(vec![("by folder".into(), Partition::parse(DIVISION))], true);
    insta::assert_snapshot!("whatif_compare_120x36", picture(&app, 120, 36));
    insta::assert_snapshot!("whatif_compare_80x24", picture(&app, 80, 24));
}

#[test]
fn a_file_is_marked_and_moved_and_every_figure_follows_and_goes_back() {
    let mut app = opened();
    assert!(!picture(&app, 120, 36).contains("WHAT-IF"), "the proposal is no what-if");
    press(&mut app, "l");
    let shown = picture(&app, 120, 36);
    assert!(shown.contains("WHAT-IF of the proposal   nothing changed yet"), "{shown}");
    choose(&mut app, "order");
    press(&mut app, "+");
    let shown = picture(&app, 120, 36);
    assert!(shown.contains("[ ] order/Receipt.java") && shown.contains("75 % to billing"), "{shown}");
    assert_eq!(totals(&app), (2, 3, 1));
    app.lists[3].select("file order/Receipt.java");
    press(&mut app, " ");
    assert!(picture(&app, 120, 36).contains("[x] order/Receipt.java"));
    press(&mut app, "Mbilling⏎");
    assert_eq!((totals(&app), part_of(&app, "order/Receipt.java").as_str()), ((2, 1, 0), "billing"));
    let shown = picture(&app, 120, 36);
    assert!(shown.contains("WHAT-IF of the proposal   1 change, not saved"), "{shown}");
    assert!(shown.contains("moved to billing, 1 file: cut 3 → 1, shared tables 1 → 0"), "{shown}");
    // Before, after and change stand side by side: of the candidate, and of the whole.
    for words in [
        "files                              3         4        +1  ",
        "cut (dependencies between)         3         1        -2  ",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(shown.contains("new: calls order/Receipt.java") && shown.contains("no border any more: 3 uses"), "{shown}");
    press(&mut app, "u");
    assert_eq!((totals(&app), part_of(&app, "order/Receipt.java").as_str()), ((2, 3, 1), "order"));
    press(&mut app, "U");
    assert_eq!(totals(&app), (2, 1, 0));
    assert_eq!(app.unsaved, 0, "the plan is not touched by it");
}

#[test]
fn a_candidate_is_merged_divided_and_renamed() {
    let mut app = unfolded();
    choose(&mut app, "order");
    press(&mut app, "M");
    assert!(picture(&app, 80, 24).contains("Merge order into"));
    press(&mut app, "bil⏎");
    assert_eq!(totals(&app), (1, 0, 0));
    assert_eq!(app.item().unwrap().key, "part:2", "what grew is selected");
    press(&mut app, "B");
    assert_eq!(totals(&app).0, 2, "{:?}", app.notes.last());
    press(&mut app, "a");
    assert!(matches!(app.overlay, Some(Overlay::Ask(..))));
    press(&mut app, "s⏎");
    let names: Vec<&str> = app.data.trial.as_ref().unwrap().now.parts.iter().map(|part| part.name.as_str()).collect();
    assert!(names.iter().any(|name| name.ends_with('s') && name.starts_with("billing")), "{names:?}");
    press(&mut app, "uuu");
    assert_eq!(totals(&app), (2, 3, 1));
    press(&mut app, "u");
    assert_eq!(app.notes.last().unwrap(), "nothing to undo");
}

#[test]
fn marked_files_become_a_candidate_are_taken_out_and_held() {
    let mut app = unfolded();
    for path in ["billing/Tax.java", "order/Receipt.java"] {
        app.lists[3].select(&format!("file {path}"));
        press(&mut app, " ");
    }
    assert!(picture(&app, 80, 24).contains("2 files are marked"));
    press(&mut app, "A");
    assert!(picture(&app, 80, 24).contains("Name of the new candidate"));
    press(&mut app, "papers⏎");
    assert_eq!(part_of(&app, "billing/Tax.java"), "papers");
    let shown = picture(&app, 120, 36);
    assert!(shown.contains("▸new papers"), "{shown}");
    press(&mut app, "A⏎");
    assert_eq!(app.notes.last().unwrap(), "this needs a name; nothing was changed");
    // A whole candidate by one key, and Escape takes the marks away.
    press(&mut app, " ");
    assert_eq!(app.data.trial.as_ref().unwrap().marked.len(), 2);
    press(&mut app, "⎋");
    assert!(app.data.trial.as_ref().unwrap().marked.is_empty());
    app.lists[3].select("file order/Cart.java");
    press(&mut app, "P");
    assert!(picture(&app, 120, 36).contains("[=] order/Cart.java"));
    press(&mut app, "x");
    assert!(app.notes.last().unwrap().contains("nothing to move"), "{:?}", app.notes.last());
    press(&mut app, "Px");
    assert_eq!(part_of(&app, "order/Cart.java"), "shared");
}

#[test]
fn files_of_one_module_are_marked_together() {
    let mut app = unfolded();
    choose(&mut app, "order");
    press(&mut app, "Mbil⏎");
    let shown = picture(&app, 120, 36);
    assert!(shown.contains("▸ order  3 files") && shown.contains("▸ billing  3 files"), "{shown}");
    app.lists[3].select("part:2/2");
    assert_eq!(app.item().unwrap().key, "part:2/2");
    press(&mut app, " ");
    assert!(picture(&app, 120, 36).contains("order  3 files  3 marked"));
    press(&mut app, "Mshared⏎");
    assert_eq!(part_of(&app, "order/Cart.java"), "shared");
}

#[test]
fn a_seam_leads_to_its_line_and_its_file_is_marked() {
    let mut app = unfolded();
    choose(&mut app, "order");
    press(&mut app, "⏎");
    assert_eq!(app.focus[3], 1);
    assert_eq!(app.place(), Some((FileId(6), 8, 8)), "the first seam of the work list");
    press(&mut app, " ");
    assert!(app.data.trial.as_ref().unwrap().marked.contains(&FileId(6)));
    press(&mut app, "⏎");
    assert!(matches!(app.overlay, Some(Overlay::Peek((FileId(6), 8, 8), _))));
}

#[test]
fn it_is_saved_when_asked_loaded_compared_and_exchanged_back() {
    let mut app = unfolded();
    app.lists[3].select("file order/Receipt.java");
    press(&mut app, "Mbil⏎");
    assert_eq!(press(&mut app, "q"), None);
    assert!(picture(&app, 80, 24).contains("The what-if is not saved"));
    press(&mut app, "s");
    assert!(picture(&app, 80, 24).contains("Save in .breakbulk/alternatives as"));
    let Some(Effect::SaveAlternative { name, text, overwrite: false }) = press(&mut app, "better⏎") else {
        panic!("not saved")
    };
    assert!(name == "better" && text.contains("order/Receipt.java"), "{text}");
    app.saved_as("better");
    assert!(picture(&app, 120, 36).contains("WHAT-IF better   saved"));
    assert_eq!(app.command(), "breakbulk split . compare better");
    assert_eq!(press(&mut app, "q"), Some(Effect::Quit), "nothing is lost");
    // The same name again replaces it without a question, another one that is there asks.
    assert!(matches!(press(&mut app, "S⏎"), Some(Effect::SaveAlternative { overwrite: true, .. })));
    app.overlay = Some(Overlay::Replace("first".into()));
    assert!(picture(&app, 80, 24).contains("There is an alternative of this name"));
    let replaced = press(&mut app, "y");
    assert!(matches!(replaced, Some(Effect::SaveAlternative { ref name, overwrite: true, .. }) if name == "first"));
    // Loading is a change like others.
    assert_eq!(press(&mut app, "L"), Some(Effect::Alternatives { compare: false }));
    let saved = vec![
        ("better".to_owned(), Partition::parse(&text)),
        ("broken".to_owned(), Partition::parse("x = 1")),
        ("by folder".to_owned(), Partition::parse(DIVISION)),
    ];
    app.alternatives_read(saved.clone(), false);
    let shown = picture(&app, 80, 24);
    assert!(shown.contains("the proposal") && shown.contains("by folder"), "{shown}");
    press(&mut app, "jjj⏎");
    assert_eq!((totals(&app), app.data.trial.as_ref().unwrap().name.as_str()), ((2, 3, 1), "by folder"));
    press(&mut app, "u");
    assert_eq!((totals(&app), app.data.trial.as_ref().unwrap().name.as_str()), ((2, 1, 0), "better"));
    app.alternatives_read(saved.clone(), false);
    press(&mut app, "⏎");
    assert!(app.data.trial.is_none(), "the proposal again");
    press(&mut app, "u");
    assert_eq!(totals(&app), (2, 1, 0));
    assert_eq!(press(&mut app, "="), Some(Effect::Alternatives { compare: true }));
    app.alternatives_read(saved, true);
    let shown = picture(&app, 120, 36);
    let cut = shown.lines().find(|line| line.contains("cut (dependencies between)")).unwrap();
    assert_eq!(
        cut.split_whitespace().filter(|word| word.starts_with(char::is_numeric)).collect::<Vec<_>>(),
        ["3", "1*", "3"]
    );
    assert!(app.notes.iter().any(|note| note.starts_with("broken: ")), "{:?}", app.notes);
}

#[test]
fn the_plan_follows_the_chosen_division_and_the_next_change_brings_the_other_back() {
    let mut app = unfolded();
    choose(&mut app, "order");
    press(&mut app, "atill⏎");
    let Some(Effect::Replan(mut analysis)) = press(&mut app, "p") else { panic!("no plan") };
    analysis.plan = crate::plan::build(&analysis, &Weights::default());
    app.planned(*analysis);
    assert_eq!(app.current(), Tab::Plan);
    assert!(app.data.analysis.candidates.iter().any(|candidate| candidate.name == "ordertill"));
    let shown = picture(&app, 120, 36);
    assert!(shown.contains("WHAT-IF of the proposal   Plan"), "{shown}");
    press(&mut app, "4 ");
    assert!(app.data.analysis.candidates.iter().any(|candidate| candidate.name == "ordertill"), "a mark is no change");
    press(&mut app, "u");
    assert!(app.data.analysis.candidates.iter().all(|candidate| candidate.name != "ordertill"));
    press(&mut app, "5");
    assert!(!picture(&app, 120, 36).contains("WHAT-IF"));
}

#[test]
fn a_new_scan_takes_the_what_if_along_and_a_running_one_has_none() {
    let mut app = unfolded();
    app.lists[3].select("file order/Receipt.java");
    press(&mut app, "Mbil⏎");
    app.running = Some(Progress { phase: Phase::Parse, done: 0, total: 9, elapsed: std::time::Duration::ZERO });
    app.receive(Arc::new(Analysis::default()));
    press(&mut app, "4 ");
    assert!(app.notes.last().unwrap().contains("wait for the end of the scan"), "{:?}", app.notes.last());
    app.running = None;
    let mut more = divided();
    more.files.insert(0, SourceFile { path: "a.md".into(), is_code: false, ..more.files[0].clone() });
    for edge in &mut more.graph.edges {
        (edge.from.0, edge.to.0) = (edge.from.0 + 1, edge.to.0 + 1);
    }
    for user in more.graph.tables.iter_mut().flat_map(|table| table.readers.iter_mut().chain(&mut table.writers)) {
        user.0.0 += 1;
    }
    more.graph.module_of.insert(0, ModuleId(1));
    more.findings.clear();
    let partition = Partition::parse(DIVISION).unwrap();
    (more.candidates, more.candidate_of) = candidates(&more.split_inputs(), Some(&partition), &|_| Vec::new());
    app.receive(Arc::new(more));
    assert_eq!((totals(&app), part_of(&app, "order/Receipt.java").as_str()), ((2, 1, 0), "billing"));
    press(&mut app, "u");
    assert_eq!(app.notes.last().unwrap(), "nothing to undo");
}

#[test]
fn an_untouched_what_if_is_left_by_escape_and_a_touched_one_is_not() {
    let mut app = opened();
    press(&mut app, "l⎋");
    assert!(app.data.trial.is_none());
    press(&mut app, " x⎋⎋");
    assert!(app.data.trial.is_some());
    for (width, height) in [(80, 24), (120, 36), (41, 11), (250, 80)] {
        for keys in ["", "M", "=", "?"] {
            press(&mut app, keys);
            picture(&app, width, height);
            press(&mut app, "⎋");
        }
    }
}
