//! A made-up repository, reducer tests, and the screens at every size.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

mod expectations;
mod plan;
mod whatif;

use super::action::Action;
use super::app::{App, Effect, Overlay, Tab, commands};
use super::draw::draw;
use super::keymap::Keymap;
use super::theme::{Theme, to_ascii};
use super::widgets::list::{Motion, Moves};
use crate::analysis::{Analysis, Phase, Progress};
use crate::facts::{FileId, Language, Name, RefKind, Scope, Skipped, SourceFile, Span};
use crate::graph::{Dependency, EdgeKinds, Graph, Metrics, Module, ModuleEdge, ModuleId, Table};
use crate::plan::{Effort, Item, ItemStatus, Phase as PlanPhase, Plan};
use crate::principles::{Area, Readiness, Scorecard, Status, Verdict};
use crate::rules::{Confidence, Finding, Kind, Severity};
use crate::split::{Candidate, CandidateMetrics, Score, ScoreTerm, Seam};
use crate::text::Said;

/// A small shop: three modules, two of them in a cycle.
fn shop() -> Analysis {
    let paths = ["catalog/Prices.java", "order/Invoice\u{202e}Writer.java", "order/OrderTest.java", "web/Front.java"];
    let scopes = [Scope::Main, Scope::Main, Scope::Test, Scope::Main];
    let files: Vec<SourceFile> = paths
        .iter()
        .zip(scopes)
        .map(|(path, scope)| SourceFile {
            path: Name::new(path),
            language: Some(Language("java")),
            is_code: true,
            scope,
            bytes: 900,
            lines: 40,
        })
        .collect();
    let finding = |id: &str, kind, file: u32, line, principle, message: &str| Finding {
        id: Name::new(id),
        kind,
        rule: Name::from(format!("{}/java/example", kind.0)),
        principle,
        severity: Severity::High,
        confidence: Confidence::High,
        doubt: String::new(),
        file: FileId(file),
        scope: scopes[file as usize],
        span: Span { start: 0, end: 10, line, end_line: line + 1, column: 1 },
        tags: vec!["temp".into()],
        message: message.to_owned(),
        snippet: "new FileOutputStream(f)".to_owned(),
        subject: String::new(),
        parts: Vec::new(),
        proposal: Some("SHOP_HOST".into()),
    };
    let module = |name: &str| Module {
        id: name.into(),
        name: name.into(),
        path: name.into(),
        manifest: None,
        files: 2,
        lines: 80,
    };
    let edge = |from, to, uses| ModuleEdge { from: ModuleId(from), to: ModuleId(to), files: 1, uses };
    let kinds = EdgeKinds { call: 3, ..EdgeKinds::default() };
    let step = |id: &str, title: &str| Item {
        id: id.into(),
        title: title.to_owned(),
        why: "a container loses its files".to_owned(),
        how: vec!["an interface".to_owned(), "a second implementation".to_owned()],
        principle: "A4",
        effort: Effort::M,
        effort_rule: "2 + 5 sites × 0.1 = 2.5 days: M (up to 5 days)".to_owned(),
        days: 2.5,
        pays: 3.0,
        risk_why: "old links break".to_owned(),
        back: "keep the old folder".to_owned(),
        by_scan: true,
        findings: vec![1],
        places: vec![("web/Front.java:3".to_owned(), "a seam".to_owned())],
        check: "no file-write below /var/shop".to_owned(),
        ..Item::default()
    };
    let verdict = |id, title, status, findings| Verdict {
        id,
        title,
        title_de: title,
        status,
        findings,
        reasons: vec![Said::same("because")],
        evidence: vec!["web/Front.java:1".to_owned()],
    };
    Analysis {
        name: "shop".to_owned(),
        files,
        findings: vec![
            finding("e1", Kind::ENDPOINT, 0, 7, "A5", "dials solr.internal"),
            finding("w1", Kind::FILE_WRITE, 1, 12, "A4", "writes below /var/shop/invoices"),
            finding("l1", Kind::LOG_PATH, 1, 20, "A7", "logs to \u{1b}[31mapp.log"),
            finding("t1", Kind::FILE_WRITE, 2, 5, "A4", "a test writes"),
        ],
        graph: Graph {
            modules: vec![module("catalog"), module("order"), module("web")],
            module_of: vec![ModuleId(0), ModuleId(1), ModuleId(1), ModuleId(2)],
            edges: vec![
                Dependency { from: FileId(0), to: FileId(1), kinds, line: 3 },
                Dependency { from: FileId(1), to: FileId(0), kinds, line: 4 },
                Dependency { from: FileId(3), to: FileId(1), kinds, line: 9 },
            ],
            module_edges: vec![edge(0, 1, 2), edge(1, 0, 14), edge(2, 1, 8)],
            tables: vec![Table { name: "orders".into(), readers: vec![(FileId(3), 1)], writers: vec![(FileId(1), 2)] }],
            module_cycles: vec![vec![ModuleId(0), ModuleId(1)]],
            module_metrics: vec![Metrics { fan_in: 1, fan_out: 1, instability: 0.5 }; 3],
            matrix_order: vec![ModuleId(2), ModuleId(1), ModuleId(0)],
            ..Graph::default()
        },
        candidates: vec![Candidate {
            id: "c1".into(),
            name: "catalog".into(),
            terms: vec![],
            files: vec![FileId(0)],
            lines: 40,
            rank: 1,
            score: Score {
                total: 82.0,
                terms: vec![ScoreTerm { id: "cycle", text: Said::same("no cycle"), points: 20.0 }],
            },
            metrics: CandidateMetrics::default(),
            seams: vec![Seam {
                from: FileId(1),
                to: FileId(0),
                line: 4,
                kind: RefKind::Call,
                incoming: true,
                to_shared: false,
            }],
            shared_tables: vec!["orders".into()],
            own_tables: vec![],
            blockers: vec![0],
            ..Candidate::default()
        }],
        scorecard: Scorecard {
            verdicts: vec![
                verdict("A4", "Separate application and data", Status::Violated, vec![1]),
                verdict("A7", "Logging is configurable", Status::Holds, vec![]),
                verdict("B1", "Everything is reproducible", Status::NoEvidence, vec![]),
            ],
            readiness: Readiness {
                total: Some(49.0),
                areas: vec![Area {
                    principle: "A4",
                    name: "State on disk",
                    reached: 24.0,
                    possible: 50.0,
                    name_de: "Zustand auf der Platte",
                    text: Said::same("1 file write"),
                }],
                unknown: 0.0,
                formula: Said::same("points over possible"),
            },
        },
        plan: Plan {
            phases: vec![PlanPhase {
                id: "portable",
                title: "Move state out".to_owned(),
                why: "first".to_owned(),
                items: vec![step("s1", "Invoices to an object store"), step("s2", "Logs to standard output")],
                ..PlanPhase::default()
            }],
            ..Plan::default()
        },
        skipped: vec![Skipped { path: "big.min.js".into(), reason: "minified".to_owned() }],
        complete: true,
        ..Analysis::default()
    }
}

fn app() -> App {
    let mut app = App::new(Keymap::load(None).0, true);
    app.receive(Arc::new(shop()));
    app
}

fn press(app: &mut App, keys: &str) -> Option<Effect> {
    let mut last = None;
    for c in keys.chars() {
        let code = match c {
            '⏎' => KeyCode::Enter,
            '⎋' => KeyCode::Esc,
            '⇥' => KeyCode::Tab,
            c => KeyCode::Char(c),
        };
        last = app.key(KeyEvent::new(code, KeyModifiers::NONE));
    }
    last
}

fn picture(app: &App, width: u16, height: u16) -> String {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    draw(app, &Theme::named("mono"), &mut buffer);
    lines(&buffer)
}

fn lines(buffer: &Buffer) -> String {
    buffer
        .content
        .chunks(usize::from(buffer.area.width))
        .map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect::<String>() + "\n")
        .collect()
}

#[test]
fn every_screen_and_overlay_draws_at_every_size() {
    let overlays = ["", "?", "!", "/kind:", ":"];
    let mut sizes: Vec<(u16, u16)> = (1..=44).flat_map(|w| (1..=13).map(move |h| (w, h))).collect();
    sizes.extend([(250, 80), (100, 24), (99, 24), (80, 24), (250, 10), (40, 80), (71, 11)]);
    for empty in [true, false] {
        for tab in 1..=6 {
            for overlay in overlays {
                let mut app = if empty { App::new(Keymap::load(None).0, true) } else { app() };
                press(&mut app, &format!("{tab}{overlay}"));
                for (width, height) in &sizes {
                    picture(&app, *width, *height);
                }
            }
        }
    }
}

#[test]
fn e14_every_size_up_to_250x80_draws() {
    // All sizes, and at each of them one of the screens and overlays, in turn, so that neighbours show different ones.
    let states: Vec<App> =
        ["1", "2", "3", "4", "5", "6", "4l+ ", "4l=", "4lM", "2\u{23ce}", "5?", "3:", "2/kind", "1!"]
            .iter()
            .map(|keys| {
                let mut app = app();
                press(&mut app, keys);
                app
            })
            .collect();
    std::thread::scope(|scope| {
        for half in 0..2_u16 {
            let states = &states;
            scope.spawn(move || {
                for width in (1..=250_u16).filter(|width| width % 2 == half) {
                    for height in 1..=80_u16 {
                        let app = &states[usize::from(width * 5 + height) % states.len()];
                        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
                        draw(app, &Theme::named("mono"), &mut buffer);
                        assert!(buffer.content.iter().any(|cell| cell.symbol() != " "), "{width}x{height}");
                    }
                }
            });
        }
    });
}

#[test]
fn the_help_names_the_keys_of_the_screen_first() {
    let mut app = app();
    press(&mut app, "5?");
    let shown = picture(&app, 100, 40);
    let line = |word: &str| shown.lines().position(|line| line.contains(word)).unwrap();
    assert!(line("Check off a step") < line("Go deeper") && line("Go deeper") < line("One line up"), "{shown}");
    press(&mut app, "owner");
    let shown = picture(&app, 100, 40);
    assert!(shown.contains("Name the owner") && !shown.contains("One line up"), "{shown}");
}

#[test]
fn what_is_checked_off_is_saved_at_once() {
    let mut app = app();
    assert_eq!(press(&mut app, "5 "), Some(Effect::SavePlan { quit: false }));
    assert_eq!(press(&mut app, "u"), Some(Effect::SavePlan { quit: false }));
    assert_eq!(press(&mut app, "Ome⏎"), Some(Effect::SavePlan { quit: false }));
    assert_eq!(press(&mut app, "j"), None);
}

#[test]
fn pictures_at_two_sizes() {
    for (width, height) in [(120, 36), (80, 24)] {
        for tab in Tab::ALL {
            let mut app = app();
            press(&mut app, &format!("{}", tab as usize + 1));
            app.go(Motion::NextMatch);
            insta::assert_snapshot!(
                format!("{}_{width}x{height}", tab.name().to_lowercase()),
                picture(&app, width, height)
            );
        }
    }
    let mut app = app();
    press(&mut app, "?copy");
    insta::assert_snapshot!("help_80x24", picture(&app, 80, 24));
}

#[test]
fn foreign_text_is_harmless_and_ascii_is_ascii() {
    let mut app = app();
    press(&mut app, "2");
    let shown = picture(&app, 200, 30);
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}') && shown.contains("\\u{202e}"), "{shown}");
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 36));
    draw(&app, &Theme::named("dark"), &mut buffer);
    to_ascii(&mut buffer);
    assert!(lines(&buffer).is_ascii());
}

#[test]
fn enter_goes_deeper_and_back_returns_with_everything_in_place() {
    let mut app = app();
    press(&mut app, "2/invoices⏎1");
    app.lists[0].select("A4");
    press(&mut app, "⏎");
    assert_eq!((app.current(), app.filters[1].as_str()), (Tab::Findings, "principle:=A4"));
    assert_eq!(app.item().unwrap().key, "w1");
    press(&mut app, "-");
    assert_eq!((app.current(), app.filters[1].as_str()), (Tab::Overview, "invoices"));
    assert_eq!(app.item().unwrap().key, "A4");
    // A finding leads to its step of the plan.
    press(&mut app, "2");
    app.lists[1].select("w1");
    press(&mut app, "p");
    assert_eq!((app.current(), app.item().unwrap().key.as_str()), (Tab::Plan, "s1"));
}

#[test]
fn the_filter_counts_and_escape_clears_it() {
    let mut app = app();
    press(&mut app, "2/kind:write");
    assert_eq!(app.counts[1], (1, 3));
    assert!(picture(&app, 80, 24).contains("1 of 3"));
    press(&mut app, "q⎋");
    assert_eq!((app.counts[1], app.overlay.is_none()), ((3, 3), true));
    press(&mut app, "t");
    assert_eq!(app.counts[1], (4, 4), "tests are hidden, not dropped");
}

#[test]
fn escape_stops_the_scan_and_never_quits() {
    let mut app = app();
    assert_eq!(press(&mut app, "⎋"), None);
    app.running = Some(Progress { phase: Phase::Parse, done: 1, total: 9, elapsed: std::time::Duration::ZERO });
    assert_eq!(press(&mut app, "⎋"), Some(Effect::Cancel));
    assert!(picture(&app, 120, 36).contains("parse 1/9"));
    assert_eq!(press(&mut app, "q"), Some(Effect::Quit));
}

#[test]
fn the_selection_stays_while_results_arrive() {
    let mut app = app();
    press(&mut app, "2");
    app.lists[1].select("w1");
    let mut more = shop();
    more.findings[0].message = "changed".to_owned();
    more.findings.insert(1, Finding { id: "new".into(), ..more.findings[0].clone() });
    app.receive(Arc::new(more));
    assert_eq!(app.item().unwrap().key, "w1");
}

#[test]
fn steps_are_checked_off_left_out_undone_and_asked_about() {
    let mut app = app();
    let status = |app: &App, at: usize| app.plan().phases[0].items[at].status;
    press(&mut app, "5 ");
    let changed = (0..2).filter(|at| status(&app, *at) == ItemStatus::Done).count();
    assert_eq!((changed, app.unsaved), (1, 1));
    // A new result keeps what was checked off.
    app.receive(Arc::new(shop()));
    assert_eq!((0..2).filter(|at| status(&app, *at) == ItemStatus::Done).count(), 1);
    assert_eq!(press(&mut app, "q"), None);
    assert_eq!(app.overlay, Some(Overlay::Quit));
    assert_eq!(press(&mut app, "s"), Some(Effect::SavePlan { quit: true }));
    press(&mut app, "u");
    assert!((0..2).all(|at| status(&app, at) == ItemStatus::Open));
    press(&mut app, "x⏎");
    assert!((0..2).all(|at| status(&app, at) == ItemStatus::Open), "a reason is needed");
    press(&mut app, "xnot ours⏎");
    let waived: Vec<_> = app.plan().phases[0].items.iter().filter(|i| i.status == ItemStatus::Waived).collect();
    assert_eq!((waived.len(), waived[0].note.as_str()), (1, "not ours"));
}

#[test]
fn the_palette_has_every_action_and_finds_by_description() {
    let keys = Keymap::load(None).0;
    assert_eq!(commands(&keys, "", &[]).len(), Action::ALL.len());
    assert_eq!(commands(&keys, "absolute", &[]).first(), Some(&Action::CopyPath));
    let mut app = app();
    assert_eq!(press(&mut app, ":absolute⏎"), None);
    assert_eq!(app.notes.len(), 1, "nothing is selected on Overview that has a place");
}

#[test]
fn places_are_copied_and_edited_at_their_line() {
    let mut app = app();
    press(&mut app, "2");
    app.lists[1].select("e1");
    assert_eq!(press(&mut app, "y"), Some(Effect::Copy("catalog/Prices.java:7".to_owned())));
    assert_eq!(press(&mut app, "o"), Some(Effect::Edit("catalog/Prices.java".to_owned(), 7)));
    press(&mut app, "3ll");
    app.lists[2].select("order");
    assert_eq!(press(&mut app, "y"), Some(Effect::Copy("order/Invoice\u{202e}Writer.java:4".to_owned())));
}
