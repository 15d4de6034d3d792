//! What users expect of the program, each test named after the number of the expectation.

use std::collections::BTreeSet;
use std::time::Duration;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::style::{Color, Modifier};

use super::*;
use crate::facts::FileId;
use crate::tui::app::{Ignored, Since, remember};
use crate::tui::event::Event;
use crate::tui::screens::Text;
use crate::tui::screens::matrix::Which;
use crate::tui::{point, receive};

/// A window of this size drawn, so that keys and clicks know what stands where.
fn paint(app: &mut App, width: u16, height: u16) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    let shown = draw(app, &Theme::named("dark"), &mut buffer);
    app.seen(shown);
    buffer
}

fn click(app: &mut App, kind: MouseEventKind, column: u16, row: u16) -> Option<Effect> {
    point(app, MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })
}

/// Column and row of a text on the screen.
fn find(buffer: &Buffer, text: &str) -> (u16, u16) {
    for (row, line) in lines(buffer).lines().enumerate() {
        if let Some(at) = line.find(text) {
            return (u16::try_from(line[..at].chars().count()).unwrap(), u16::try_from(row).unwrap());
        }
    }
    panic!("{text} is not there:\n{}", lines(buffer));
}

/// A result with many findings in many files.
fn many(count: u32) -> Analysis {
    let mut all = shop();
    let one = all.findings[0].clone();
    all.findings = (0..count)
        .map(|n| Finding { id: Name::from(format!("e{n:05}")), span: Span { line: n + 1, ..one.span }, ..one.clone() })
        .collect();
    all
}

#[test]
fn e02_progress_says_phase_files_rate_and_time_and_escape_keeps_what_is_there() {
    let mut app = app();
    let progress = Progress { phase: Phase::Parse, done: 812, total: 1204, elapsed: Duration::from_secs(4) };
    app.running = Some(progress);
    let wide = picture(&app, 140, 36);
    assert!(wide.contains("parse 812/1204 files · 203/s · 4 s · esc stops"), "{wide}");
    assert!(picture(&app, 80, 24).contains("812/1204"));
    assert!(wide.contains("so far"));
    assert_eq!(press(&mut app, "⎋"), Some(Effect::Cancel));
    assert_eq!(app.data.analysis.findings.len(), 4);
}

#[test]
fn e03_the_selection_stays_on_its_finding_while_others_arrive_before_it() {
    let mut app = App::new(Keymap::load(None).0, true);
    app.running = Some(Progress { phase: Phase::Parse, done: 0, total: 0, elapsed: Duration::ZERO });
    receive(&mut app, Event::Partial(Arc::new(many(5))));
    press(&mut app, "2");
    app.lists[1].select("e00003");
    receive(&mut app, Event::Partial(Arc::new(many(3))));
    assert_ne!(app.item().unwrap().key, "e00003", "gone for a moment");
    receive(&mut app, Event::Done(Arc::new(many(50))));
    assert_eq!(app.item().unwrap().key, "e00003");
}

#[test]
fn e04_escape_never_quits_and_q_is_a_letter_while_typing() {
    for screen in "123456".chars() {
        let mut app = app();
        press(&mut app, &screen.to_string());
        for _ in 0..5 {
            assert_eq!(press(&mut app, "⎋"), None);
        }
        assert_eq!(press(&mut app, "q"), Some(Effect::Quit));
        assert_eq!(press(&mut app, "/q"), None);
        assert_eq!(press(&mut app, "Q"), None);
        let control_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(app.key(control_c), Some(Effect::Quit));
    }
}

#[test]
fn e05_letters_and_arrows_move_alike_on_every_screen() {
    for screen in "12345".chars() {
        let (mut letters, mut arrows) = (app(), app());
        press(&mut letters, &format!("{screen}jjk"));
        press(&mut arrows, &screen.to_string());
        for code in [KeyCode::Down, KeyCode::Down, KeyCode::Up] {
            arrows.key(KeyEvent::new(code, KeyModifiers::NONE));
        }
        assert_eq!(letters.lists[letters.tab].index(), arrows.lists[arrows.tab].index(), "{screen}");
        press(&mut letters, "G");
        let last = letters.lists[letters.tab].rows().len() - 1;
        assert_eq!(letters.lists[letters.tab].index(), last);
        press(&mut letters, "g");
        assert_eq!(letters.lists[letters.tab].index(), 0);
    }
}

#[test]
fn e07_help_is_of_this_place_first_is_filtered_and_runs() {
    let mut app = app();
    press(&mut app, "5?leave⏎");
    assert!(matches!(app.overlay, Some(Overlay::Ask(..))), "the chosen line was run");
    assert!(picture(&app, 80, 24).contains("Leave the step out, because"));
}

#[test]
fn e08_the_palette_offers_all_actions_and_the_last_ones_first() {
    let keys = Keymap::load(None).0;
    let all: BTreeSet<Action> = commands(&keys, "", &[]).into_iter().collect();
    assert_eq!(all, Action::ALL.iter().copied().collect());
    let mut app = app();
    press(&mut app, ":tests⏎");
    assert!(app.data.tests);
    assert_eq!(commands(&app.keys, "", app.recent()).first(), Some(&Action::Tests));
}

#[test]
fn e09_what_may_follow_a_key_is_shown_after_a_moment() {
    let mut app = app();
    press(&mut app, "2b");
    let quick = picture(&app, 80, 24);
    assert!(quick.contains("b …") && !quick.contains("by principle"), "{quick}");
    app.hints = true;
    let shown = picture(&app, 80, 24);
    assert!(shown.contains("Group the findings by principle") && shown.contains("by split candidate"), "{shown}");
    press(&mut app, "p");
    assert_eq!((app.data.group, app.pending.len(), app.hints), (4, 0, false));
    press(&mut app, "by");
    assert!(app.notes.last().unwrap().contains("does nothing"));
    press(&mut app, "b⎋");
    assert!(app.pending.is_empty() && app.overlay.is_none());
}

#[test]
fn e10_the_filter_is_seen_counted_remembered_and_cleared() {
    let mut app = app();
    press(&mut app, "2/kind:write⏎");
    assert!(picture(&app, 80, 24).contains("filter: kind:write (1 of 3)"));
    press(&mut app, "⎋/!kind:write⏎");
    assert_eq!(app.counts[1], (2, 3));
    press(&mut app, "⎋");
    assert_eq!(app.filters[1], "");
    press(&mut app, "/");
    app.key(KeyEvent::new(KeyCode::Up, KeyModifiers::NONE));
    assert_eq!(app.filters[1], "!kind:write");
    app.key(KeyEvent::new(KeyCode::Up, KeyModifiers::NONE));
    assert_eq!(app.filters[1], "kind:write");
    assert_eq!(app.counts[1], (1, 3));
    press(&mut app, "⏎5/status:open⏎");
    assert_eq!(app.counts[4].0, 2, "steps can be filtered by their state");
}

/// Contrast of two colours after WCAG 2.1, 1 to 21.
fn contrast(one: (u8, u8, u8), other: (u8, u8, u8)) -> f64 {
    let luminance = |(r, g, b): (u8, u8, u8)| {
        let part = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    };
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The 16 colours as xterm draws them.
fn rgb(colour: Color, text: (u8, u8, u8)) -> (u8, u8, u8) {
    match colour {
        Color::Black => (0, 0, 0),
        Color::Red => (205, 0, 0),
        Color::Green => (0, 205, 0),
        Color::Yellow => (205, 205, 0),
        Color::Blue => (0, 0, 238),
        Color::Magenta => (205, 0, 205),
        Color::Cyan => (0, 205, 205),
        Color::Gray => (229, 229, 229),
        Color::DarkGray => (127, 127, 127),
        Color::LightRed => (255, 0, 0),
        Color::LightGreen => (0, 255, 0),
        Color::LightYellow => (255, 255, 0),
        Color::LightBlue => (92, 92, 255),
        Color::LightMagenta => (255, 0, 255),
        Color::LightCyan => (0, 255, 255),
        Color::White => (255, 255, 255),
        _ => text,
    }
}

#[test]
fn e12_every_colour_can_be_read_on_its_background() {
    for (name, ground, text) in [("dark", (0, 0, 0), (229, 229, 229)), ("light", (255, 255, 255), (0, 0, 0))] {
        let mut app = app();
        let mut pairs = BTreeSet::new();
        for screen in "123456".chars() {
            press(&mut app, &screen.to_string());
            let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 36));
            draw(&app, &Theme::named(name), &mut buffer);
            for cell in buffer.content.iter().filter(|cell| cell.symbol() != " ") {
                assert_eq!(cell.bg, Color::Reset, "the background is never painted");
                pairs.insert(format!("{:?}", cell.fg));
                let ratio = contrast(rgb(cell.fg, text), ground);
                // What is dim is on purpose so; what is not must reach the level for large text at least.
                let least = if cell.fg == Color::DarkGray { 3.0 } else { 3.1 };
                assert!(ratio >= least, "{name}: {:?} has {ratio:.1}", cell.fg);
            }
        }
        assert!(pairs.len() > 4, "{pairs:?}");
    }
}

#[test]
fn e13_without_colour_selection_is_reversed_and_kinds_have_shapes() {
    let mut app = app();
    press(&mut app, "2");
    app.lists[1].select("w1");
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 36));
    draw(&app, &Theme::named("mono"), &mut buffer);
    assert!(buffer.content.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
    let (column, row) = find(&buffer, "■ write");
    assert!(buffer[(column, row)].modifier.contains(Modifier::REVERSED));
    let shown = lines(&buffer);
    assert!(shown.contains("▲ endpoint") && shown.contains("● log-path"), "{shown}");
    to_ascii(&mut buffer);
    let shown = lines(&buffer);
    assert!(shown.is_ascii() && shown.contains("# write") && shown.contains("^ endpoint"));
    assert!(!shown.contains('?') || shown.matches('?').count() == 1, "only the key of the help: {shown}");
}

#[test]
fn e14_the_full_function_is_there_at_80x24_and_below_40x10_one_sentence() {
    for screen in "123456".chars() {
        let mut app = app();
        press(&mut app, &screen.to_string());
        let shown = picture(&app, 80, 24);
        for tab in Tab::ALL {
            assert!(shown.contains(tab.name()), "{shown}");
        }
        assert!(shown.lines().last().unwrap().contains("? help"), "{shown}");
        let small = picture(&app, 39, 9);
        assert!(small.contains("40x10") && small.contains("39x9") && small.contains("scan --plain"), "{small}");
    }
}

#[test]
fn e14_words_a_third_longer_still_find_room() {
    for (width, height) in [(80, 24), (100, 30), (120, 36), (40, 10)] {
        for screen in "123456".chars() {
            let mut app = app();
            app.long_words = true;
            press(&mut app, &screen.to_string());
            let shown = picture(&app, width, height);
            let tab = format!("[{screen} ");
            assert!(shown.lines().next().unwrap().contains(&tab), "{shown}");
            // Hints are left out whole rather than cut in the middle.
            assert!(!shown.lines().last().unwrap().contains('…'), "{shown}");
            if width >= 80 {
                assert!(shown.lines().last().unwrap().contains("help~"), "{shown}");
                assert!(shown.lines().next().unwrap().contains("6 Repo"), "{shown}");
            }
        }
    }
}

#[test]
fn e16_places_paths_and_commands_are_copied() {
    let mut app = app();
    app.path = "my shop".into();
    press(&mut app, "2");
    app.lists[1].select("e1");
    assert_eq!(press(&mut app, "y"), Some(Effect::Copy("catalog/Prices.java:7".into())));
    assert_eq!(press(&mut app, "Y"), Some(Effect::CopyAbsolute("catalog/Prices.java".into())));
    assert_eq!(press(&mut app, "c"), Some(Effect::Copy("breakbulk scan 'my shop' --format json".into())));
}

#[test]
fn e17_the_wheel_moves_what_is_under_it_and_a_click_selects() {
    let mut app = App::new(Keymap::load(None).0, true);
    app.receive(Arc::new(many(200)));
    press(&mut app, "2j");
    let before = app.item().unwrap().key.clone();
    paint(&mut app, 80, 24);
    click(&mut app, MouseEventKind::ScrollDown, 10, 5);
    paint(&mut app, 80, 24);
    assert_eq!(app.shown.pane(0).unwrap().top, 3);
    assert_eq!(app.item().unwrap().key, before, "the wheel does not take the selection along");
    press(&mut app, "k");
    paint(&mut app, 80, 24);
    assert!(app.shown.pane(0).unwrap().top <= 1, "a key brings the selection back into sight");
    let buffer = paint(&mut app, 80, 24);
    let (column, row) = find(&buffer, "     5 ");
    click(&mut app, MouseEventKind::Down(MouseButton::Left), column, row);
    assert_eq!(app.item().unwrap().key, "e00004");
    let (column, _) = find(&buffer, "5 Plan");
    click(&mut app, MouseEventKind::Down(MouseButton::Left), column, 0);
    assert_eq!(app.current(), Tab::Plan);
    assert_eq!(press(&mut app, "m"), Some(Effect::Mouse(false)));
    assert!(picture(&app, 80, 24).contains("mouse off"));
}

#[test]
fn e18_notes_wait_in_the_last_line_and_in_a_list() {
    let mut app = app();
    app.say("first thing");
    app.say("second thing");
    let shown = picture(&app, 80, 24);
    assert!(shown.contains("second thing   (2 unread, ! shows them)"), "{shown}");
    press(&mut app, "!");
    let shown = picture(&app, 80, 24);
    let line = |word: &str| shown.lines().position(|line| line.contains(word)).unwrap();
    assert!(line("second thing") < line("first thing"), "newest first");
    assert!(shown.contains("left out: big.min.js minified"), "{shown}");
    press(&mut app, "⎋1");
    assert!(picture(&app, 120, 36).contains("! big.min.js"), "a row, not a popup");
}

#[test]
fn e19_every_change_is_asked_for_and_can_be_taken_back() {
    let mut app = app();
    press(&mut app, "2");
    app.lists[1].select("w1");
    assert_eq!(press(&mut app, "i⏎"), None, "without a reason nothing happens");
    assert_eq!(app.counts[1], (3, 3));
    let aside = Ignored { id: "w1".into(), path: "order/Invoice\u{202e}Writer.java".into(), reason: "old".into() };
    assert_eq!(press(&mut app, "iold⏎"), Some(Effect::Ignore(aside.clone(), true)));
    assert_eq!(app.counts[1], (2, 2));
    assert_eq!(press(&mut app, "u"), Some(Effect::Ignore(aside.clone(), false)));
    assert_eq!((app.counts[1], app.item().unwrap().key.as_str()), ((3, 3), "w1"));
    assert_eq!(press(&mut app, "U"), Some(Effect::Ignore(aside, true)));
    // Steps of the plan are moved within their phase, and back.
    press(&mut app, "5");
    let order = |app: &App| app.plan().phases[0].items.iter().map(|step| step.id.to_string()).collect::<Vec<_>>();
    app.lists[4].select("s1");
    press(&mut app, "J");
    assert_eq!((order(&app), app.item().unwrap().key.as_str()), (vec!["s2".into(), "s1".into()], "s1"));
    press(&mut app, "J");
    assert_eq!(order(&app), ["s2", "s1"], "the end of the phase");
    press(&mut app, "u");
    assert_eq!(order(&app), ["s1", "s2"]);
}

#[test]
fn e22_the_matrix_unfolds_into_files_marks_cycles_and_the_opposite_cell() {
    let mut app = app();
    press(&mut app, "3");
    let shown = picture(&app, 120, 36);
    assert!(shown.contains("●A") && shown.contains("3!"), "{shown}");
    app.lists[2].select("order");
    press(&mut app, "+");
    let names: Vec<&str> = app.data.matrix.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names, ["web", "Invoice\u{202e}Writer.java", "catalog"]);
    assert!(app.item().unwrap().key.starts_with("file order/"), "{:?}", app.item());
    press(&mut app, "-");
    assert_eq!(app.data.matrix.nodes.len(), 3);
    assert_eq!(app.item().unwrap().key, "order");
    // Row order, column catalog: the lines behind the cell, the neighbours beside it.
    press(&mut app, "llll");
    let shown = picture(&app, 120, 36);
    assert!(shown.contains("order → catalog   3 uses in 1 pair of files   3 the other way"), "{shown}");
    assert!(shown.contains("Writer.java:4  uses catalog/Prices.java  call 3"), "{shown}");
    assert!(shown.contains("order: neighbours") && shown.contains("uses it"), "{shown}");
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 36));
    draw(&app, &Theme::named("dark"), &mut buffer);
    let mirror = Theme::named("dark").get(crate::tui::theme::Role::Mirror).fg.unwrap();
    assert!(buffer.content.iter().any(|cell| cell.symbol() == "3" && cell.fg == mirror), "the opposite cell is marked");
    press(&mut app, "wi");
    assert_eq!(app.data.edges, Which::Import);
    assert!(picture(&app, 120, 36).contains("imports"));
    press(&mut app, "wt");
    app.lists[2].select("web");
    assert!(app.data.matrix.cell(0, 1).is_some(), "web reads a table that order writes");
}

#[test]
fn e22_every_number_opens_down_to_its_line_in_two_steps() {
    let mut app = app();
    press(&mut app, "3");
    app.lists[2].select("order");
    press(&mut app, "llll⏎");
    assert_eq!(app.place().map(|(file, line, _)| (file, line)), Some((FileId(1), 4)));
    press(&mut app, "⏎");
    assert_eq!(app.overlay, Some(Overlay::Peek((FileId(1), 4, 4), None)));
    assert_eq!(press(&mut app, "o"), Some(Effect::Edit("order/Invoice\u{202e}Writer.java".into(), 4)));
    press(&mut app, "⎋⎋4⏎");
    assert!(app.place().is_some(), "a seam of a candidate");
    press(&mut app, "⎋5");
    app.lists[4].select("s1");
    press(&mut app, "⏎⏎");
    assert!(matches!(app.overlay, Some(Overlay::Peek((FileId(1), 12, _), _))), "{:?}", app.overlay);
}

#[test]
fn e25_names_from_the_repository_do_nothing_to_the_terminal() {
    let mut app = app();
    let mut bad = shop();
    bad.name = "\u{1b}]0;x\u{7}shop".into();
    bad.skipped[0].path = "a\u{202e}b\u{200b}.js".into();
    bad.findings[0].message = "漢字\u{1b}[2J".repeat(20);
    app.receive(Arc::new(bad));
    for screen in "123456".chars() {
        press(&mut app, &screen.to_string());
        for size in [(120, 36), (80, 24), (41, 11)] {
            let shown = picture(&app, size.0, size.1);
            assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{200b}']), "{shown}");
        }
    }
}

#[test]
fn e26_escape_returns_with_scroll_and_selection_and_the_session_is_taken_up() {
    let mut app = App::new(Keymap::load(None).0, true);
    app.receive(Arc::new(many(200)));
    press(&mut app, "2");
    app.lists[1].select("e00150");
    paint(&mut app, 80, 24);
    let top = app.tops[1];
    assert!(top > 100);
    press(&mut app, "1");
    app.lists[0].select("A4");
    paint(&mut app, 80, 24);
    press(&mut app, "⏎");
    paint(&mut app, 80, 24);
    press(&mut app, "⎋2");
    paint(&mut app, 80, 24);
    assert_eq!((app.tops[1], app.item().unwrap().key.as_str()), (top, "e00150"));
    press(&mut app, "bk/dials⏎t");
    let session = app.session();
    let mut next = App::new(Keymap::load(None).0, true);
    next.resume(&session);
    next.receive(Arc::new(many(200)));
    assert_eq!((next.current(), next.filters[1].as_str(), next.data.group), (Tab::Findings, "dials", 1));
    assert!(next.data.tests);
    assert_eq!(next.item().unwrap().key, "e00150");
    next.resume("nonsense = [");
    assert_eq!(next.current(), Tab::Findings);
}

#[test]
fn e26_what_came_and_went_since_the_last_scan_is_told_by_stable_ids() {
    let before = remember(&shop());
    let mut now = shop();
    now.findings[1].span.line += 40;
    now.findings[2].id = "l2".into();
    let since = Since::compare(&before, &now);
    assert_eq!((since.new, since.gone), (1, 1), "a moved line is no change: {since:?}");
    let mut app = app();
    assert_eq!(press(&mut app, "d"), None);
    assert!(app.notes.last().unwrap().contains("no earlier scan"));
    app.receive(Arc::new(now));
    app.since = Some(since);
    press(&mut app, "d");
    assert!(picture(&app, 100, 30).contains("1 new, 1 gone"));
    press(&mut app, "⏎");
    assert_eq!((app.current(), app.item().unwrap().key.as_str()), (Tab::Findings, "l2"));
}

#[test]
fn e28_an_empty_folder_says_what_was_looked_for_and_offers_the_sample() {
    let mut app = App::new(Keymap::load(None).0, true);
    app.receive(Arc::new(Analysis { name: "void".into(), complete: true, ..Analysis::default() }));
    for (width, height) in [(80, 24), (120, 36)] {
        let shown = picture(&app, width, height);
        for words in ["Nothing to analyse in void", "Java, PHP", "built-in sample project", "Is this the right folder"]
        {
            assert!(shown.contains(words), "{words}: {shown}");
        }
    }
    assert_eq!(press(&mut app, "⏎"), Some(Effect::Scan { sample: true }), "the sample is one key away");
    assert_eq!(press(&mut app, "D"), Some(Effect::Scan { sample: true }));
    assert_eq!(press(&mut app, "r"), Some(Effect::Scan { sample: false }));
}

#[test]
fn e27_the_tour_leads_along_the_principles_and_back_from_a_detour() {
    use crate::tui::app::Tour;
    for german in [false, true] {
        let mut app = app();
        let tour = Tour::load(german).unwrap();
        let count = tour.steps.len();
        app.guide(tour);
        for at in 0..count {
            let step = app.tour.as_ref().unwrap().step().unwrap().clone();
            for (width, height) in [(100, 30), (80, 24), (120, 36)] {
                let shown = picture(&app, width, height);
                assert!(shown.contains(&step.title), "{shown}");
                // The last word of the speaker's text is on the screen.
                let last = step.text.split_whitespace().last().unwrap();
                assert!(height < 30 || shown.contains(last), "{last}: {shown}");
            }
            assert_eq!(app.tour.as_ref().unwrap().at, at);
            app.key(KeyEvent::new(KeyCode::PageDown, KeyModifiers::NONE));
        }
        assert_eq!(app.tour.as_ref().unwrap().at, count - 1, "the last step stays");
        press(&mut app, "T");
        assert!(picture(&app, 100, 30).contains("Steps of the tour"));
        press(&mut app, "g⏎");
        assert_eq!(app.tour.as_ref().unwrap().at, 0);
        press(&mut app, "5n");
        assert_eq!((app.tour.as_ref().unwrap().at, app.current()), (1, Tab::Overview));
        press(&mut app, "⎋");
        assert!(app.tour.is_none());
    }
}

#[test]
fn e23_parts_of_the_report_are_chosen_and_the_command_says_so() {
    let mut app = app();
    app.report = Some((0, false, "# R\n\n## Summary\n\na\n\n## The plan\n\nb\n".into()));
    press(&mut app, "6");
    app.lists[5].select("part The plan");
    press(&mut app, " ");
    assert_eq!(app.written(), "# R\n\n## Summary\n\na\n\n");
    assert!(app.command().contains("--without 'The plan'"), "{}", app.command());
    let shown = picture(&app, 120, 36);
    assert!(shown.contains("[ ] The plan") && shown.contains("[x] Summary"), "{shown}");
    press(&mut app, " ");
    assert!(app.written().contains("The plan"));
}

#[test]
fn findings_are_grouped_by_each_of_the_things_and_ordered() {
    let mut app = app();
    press(&mut app, "2");
    for (keys, heading) in [
        ("bp", "A4  Separate application and data (1)"),
        ("bk", "file-write  "),
        ("br", "file-write/java/example (1)"),
        ("bf", "order (2)"),
        ("bc", "none (3)"),
        ("bm", "order (2)"),
    ] {
        press(&mut app, keys);
        let shown = picture(&app, 120, 36);
        assert!(shown.contains(heading), "{keys}: {shown}");
    }
    press(&mut app, "s");
    assert!(matches!(app.lists[1].rows()[1].text, Text::Finding(1)), "the largest group first");
    press(&mut app, "bn");
    assert!(app.lists[1].rows().iter().all(|row| row.place.is_some()));
}

#[test]
fn e22_a_new_result_renews_what_was_kept_of_the_one_before() {
    let mut app = app();
    press(&mut app, "3");
    app.lists[2].select("order");
    press(&mut app, "llll");
    let text = |app: &App| app.detail().into_iter().map(|p| p.text).collect::<Vec<_>>().join("\n");
    assert!(text(&app).contains("Writer.java:4  uses catalog/Prices.java  call 3"), "{}", text(&app));
    // Forty-five modules in one cycle, each a file: the list of its members is cut, and the lines are those of the ring.
    let mut ring = shop();
    let (file, module, edge) = (ring.files[0].clone(), ring.graph.modules[0].clone(), ring.graph.edges[0]);
    let name = |n: u32| Name::from(format!("m{n:02}"));
    ring.files = (0..45).map(|n| SourceFile { path: Name::from(format!("m{n:02}/A.java")), ..file.clone() }).collect();
    ring.graph.modules =
        (0..45).map(|n| Module { id: name(n), name: name(n), path: name(n), ..module.clone() }).collect();
    ring.graph.module_of = (0..45).map(ModuleId).collect();
    ring.graph.edges =
        (0..45).map(|n| Dependency { from: FileId(n), to: FileId((n + 1) % 45), ..edge }).rev().collect();
    ring.findings.iter_mut().for_each(|f| (f.kind, f.subject) = (Kind::FILE_WRITE, "/var/shop".to_owned()));
    let findings = ring.findings.len();
    app.receive(Arc::new(ring));
    assert_eq!(app.data.matrix.nodes.len(), 45);
    app.lists[2].select("m07");
    app.column = 8;
    let shown = text(&app);
    assert!(shown.contains("m07/A.java:3  uses m08/A.java  call 3"), "{shown}");
    assert!(shown.contains("A: m00, m01, ") && shown.contains(", m39 and 5 more"), "{shown}");
    press(&mut app, "2");
    let first = app.data.analysis.findings[0].id.clone();
    app.lists[1].select(&first);
    assert!(text(&app).contains(&format!("{findings} places about the same: /var/shop")), "{}", text(&app));
    let mut apart = (*app.data.analysis).clone();
    apart.findings.iter_mut().for_each(|f| f.subject = f.id.to_string());
    app.receive(Arc::new(apart));
    assert!(!text(&app).contains("about the same"), "{}", text(&app));
}
