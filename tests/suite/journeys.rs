//! The terminal program as a person meets it: the real binary in a pseudo-terminal, waited for by what it shows.

use std::fs;
use std::io::{Read as _, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::tempdir;

/// Long enough for a busy machine; nothing waits that long when all is well.
const LIMIT: Duration = Duration::from_secs(120);

/// What came out so far: as a screen, and raw.
type Output = Arc<Mutex<(vt100::Parser, Vec<u8>)>>;

/// The running program.
pub struct Session {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    output: Output,
    _terminal: Box<dyn MasterPty + Send>,
}

impl Session {
    /// Starts the program in a terminal of this size.
    pub fn start(columns: u16, rows: u16, arguments: &[&str], environment: &[(&str, &str)]) -> Session {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_breakbulk"));
        command.args(arguments);
        command.cwd(env!("CARGO_MANIFEST_DIR"));
        command.env("TERM", "xterm-256color");
        for name in ["NO_COLOR", "TMUX", "COLORTERM"] {
            command.env_remove(name);
        }
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let screen = vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
        let output: Output = Arc::new(Mutex::new((screen, Vec::new())));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let sink = Arc::clone(&output);
        thread::spawn(move || {
            let mut bytes = [0; 8192];
            while let Ok(read @ 1..) = reader.read(&mut bytes) {
                let mut output = sink.lock().unwrap_or_else(PoisonError::into_inner);
                output.0.process(&bytes[..read]);
                output.1.extend_from_slice(&bytes[..read]);
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Session { child, keys, output, _terminal: pair.master }
    }

    /// The sample project; the theme is given, because nobody answers the question for the background here.
    pub fn demo(columns: u16, rows: u16) -> Session {
        Session::start(columns, rows, &["demo", "--theme", "dark"], &[])
    }

    /// Looks at the screen and the bytes behind it.
    pub fn look<T>(&self, look: impl FnOnce(&vt100::Screen, &[u8]) -> T) -> T {
        let output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        look(output.0.screen(), &output.1)
    }

    fn until(&self, what: &str, mut true_of: impl FnMut(&vt100::Screen) -> bool) {
        let start = Instant::now();
        while !self.look(|screen, _| true_of(screen)) {
            assert!(start.elapsed() < LIMIT, "never saw {what}:\n{}", self.look(|screen, _| screen.contents()));
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until the screen shows this text.
    pub fn sees(&self, text: &str) {
        self.until(text, |screen| screen.contents().contains(text));
    }

    fn sees_no_more(&self, text: &str) {
        self.until(&format!("the end of {text}"), |screen| !screen.contents().contains(text));
    }

    /// Types.
    pub fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Waits for the end of the program; the terminal must be as it was before.
    pub fn ends(mut self) {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < LIMIT, "does not end");
            thread::sleep(Duration::from_millis(10));
        };
        assert!(status.success(), "{status:?}");
        self.until("the terminal restored", |screen| !screen.alternate_screen() && !screen.hide_cursor());
        self.until("the mouse released", |screen| screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn all_screens_help_filter_back_and_quit() {
    let mut session = Session::demo(100, 30);
    session.sees("done ");
    session.look(|screen, _| assert!(screen.alternate_screen() && screen.hide_cursor()));
    for (key, tab, text) in [
        ("2", "[2 Findings]", "Findings 5"),
        ("3", "[3 Coupling]", "Matrix   row uses column"),
        ("4", "[4 Split]", "Split candidates"),
        ("5", "[5 Plan]", "Make it portable"),
        ("6", "[6 Report]", "# On the way to containers"),
        ("1", "[1 Overview]", "violated"),
    ] {
        session.types(key);
        session.sees(tab);
        session.sees(text);
    }
    session.types("?");
    session.sees("Help: Overview first");
    session.types("redraw");
    session.sees("Draw everything again");
    session.types("\u{1b}");
    session.sees_no_more("Help: Overview first");
    session.types("2/kind:log");
    session.sees("filter: kind:log");
    session.sees_no_more("■ write");
    session.types("\r");
    session.sees_no_more("/kind:log");
    session.types("\u{1b}");
    session.sees_no_more("filter: kind:log");
    session.types("1n\r");
    session.sees("filter: principle:=A");
    session.types("\u{1b}");
    session.sees("[1 Overview]");
    session.types("q");
    session.ends();
}

#[test]
fn control_c_quits_even_while_typing() {
    let mut session = Session::demo(80, 24);
    session.sees("done ");
    session.types("2/abc");
    session.sees("/abc");
    session.types("\u{3}");
    session.ends();
}

#[test]
fn a_small_window_gets_one_sentence() {
    let mut session = Session::demo(30, 8);
    session.sees("40x10");
    session.sees("30x8");
    session.types("q");
    session.ends();
}

#[test]
fn no_color_sends_no_colour() {
    let mut session = Session::start(100, 30, &["demo"], &[("NO_COLOR", "1")]);
    session.sees("done ");
    session.types("2");
    session.sees("[2 Findings]");
    session.types("\u{3}");
    session.until("the terminal restored", |screen| !screen.alternate_screen());
    session.look(|_, bytes| {
        let text = String::from_utf8_lossy(bytes);
        for sequence in text.split("\u{1b}[").skip(1) {
            let Some((numbers, _)) = sequence.split_once('m') else { continue };
            if numbers.is_empty() || !numbers.bytes().all(|b| b.is_ascii_digit() || b == b';') {
                continue;
            }
            for number in numbers.split(';').filter_map(|n| n.parse::<u32>().ok()) {
                assert!(!matches!(number, 30..=38 | 40..=48 | 90..=107), "colour {numbers}");
            }
        }
    });
    session.ends();
}

fn large(folder: &Path) {
    let body = (0..60).fold("<?php\n".to_owned(), |text, n| {
        text + &format!(
            "function f{n}($a) {{ if ($a > {n}) {{ file_put_contents('/srv/shop/{n}', $a); }} return $a; }}\n"
        )
    });
    for group in 0..40 {
        let folder = folder.join(format!("part{group}"));
        fs::create_dir(&folder).unwrap();
        for file in 0..50 {
            fs::write(folder.join(format!("f{file}.php")), &body).unwrap();
        }
    }
}

#[test]
fn escape_stops_a_scan_and_keeps_what_is_there() {
    let folder = tempdir().unwrap();
    large(folder.path());
    let mut session =
        Session::start(100, 30, &["--theme", "dark", "--threads", "1", &folder.path().display().to_string()], &[]);
    session.sees("esc stops");
    session.sees("parse");
    session.types("\u{1b}");
    session.sees("stopped, so far");
    session.types("2");
    session.sees("[2 Findings]");
    session.sees("part0/f0.php");
    session.types("q");
    session.ends();
}
