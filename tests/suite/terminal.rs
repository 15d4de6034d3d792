//! What the program does to the terminal: the mouse as its bytes come in, and the end after an error of its own.

use std::fs;

use tempfile::tempdir;

use crate::journeys::Session;

/// A line of the screen.
fn line(session: &Session, row: u16) -> String {
    session.look(|screen, _| screen.rows(0, screen.size().1.into()).nth(usize::from(row)).unwrap_or_default())
}

#[test]
fn e17_the_wheel_scrolls_what_is_under_it_and_a_click_selects_and_opens() {
    let mut session = Session::demo(80, 24);
    session.sees("done ");
    // A click on the name of a screen, in SGR: button, column and row from 1, pressed and let go.
    let column = session.look(|screen, _| screen.rows(0, 80).next().unwrap_or_default().find("2 Find").unwrap() + 2);
    session.types(&format!("\u{1b}[<0;{column};1M\u{1b}[<0;{column};1m"));
    session.sees("[2 Findings]");
    session.settles();
    let (first, fourth) = (line(&session, 2), line(&session, 5));
    assert_ne!(first, fourth);
    // Three lines down: what was the fourth row is the first one.
    session.types("\u{1b}[<65;10;5M");
    session.until("the list scrolled", |screen| screen.rows(0, 80).nth(2) == Some(fourth.clone()));
    session.types("\u{1b}[<64;10;5M");
    session.until("the list scrolled back", |screen| screen.rows(0, 80).nth(2) == Some(first.clone()));
    // A click selects, which the footer of the pane says; a second one opens.
    session.types("\u{1b}[<0;10;6M\u{1b}[<0;10;6m");
    session.sees(" 4 of ");
    session.types("q");
    session.ends();
}

/// Only a debug build knows the variable that makes it fail.
#[cfg(debug_assertions)]
#[test]
fn e18_an_error_of_its_own_gives_the_terminal_back_and_names_the_log() {
    let home = tempdir().unwrap();
    let state = home.path().display().to_string();
    let variables = [("BREAKBULK_FAIL_ON_REDRAW", "1"), ("XDG_STATE_HOME", state.as_str())];
    let mut session = Session::start(100, 30, &["demo", "--theme", "dark"], &variables);
    session.sees("done ");
    session.look(|screen, _| assert!(screen.alternate_screen() && screen.hide_cursor()));
    session.types("\u{c}");
    let left = session.ends_with(false);
    let log = home.path().join("breakbulk/crash.log");
    // The path may be broken at the edge of the window.
    let left: String = left.split_whitespace().collect();
    assert!(left.contains("anerrorofitsown") && left.contains(&log.display().to_string()), "{left}");
    let text = fs::read_to_string(log).unwrap();
    assert!(text.contains("asked to fail") && text.contains("src/tui/") && text.contains("breakbulk 0."), "{text}");
}
