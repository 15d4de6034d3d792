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
    terminal: Box<dyn MasterPty + Send>,
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
        // Nothing of these runs is remembered in the home of whoever runs them, and nothing of theirs is used.
        for name in ["XDG_STATE_HOME", "XDG_CONFIG_HOME", "HOME"] {
            command.env(name, std::env::temp_dir().join("breakbulk-no-home"));
        }
        command.env_remove("SSH_CONNECTION");
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "TERM_PROGRAM", "BREAKBULK_EDITOR", "VISUAL", "EDITOR"] {
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
        Session { child, keys, output, terminal: pair.master }
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

    pub fn until(&self, what: &str, mut true_of: impl FnMut(&vt100::Screen) -> bool) {
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

    /// Waits until the screen shows this text no more.
    pub fn sees_no_more(&self, text: &str) {
        self.until(&format!("the end of {text}"), |screen| !screen.contents().contains(text));
    }

    /// Waits until a frame is complete and no other follows it.
    pub fn settles(&self) {
        let start = Instant::now();
        loop {
            let before = self.look(|_, bytes| bytes.len());
            thread::sleep(Duration::from_millis(300));
            if self.look(|_, bytes| bytes.len() == before && bytes.ends_with(b"\x1b[?2026l")) {
                return;
            }
            assert!(start.elapsed() < LIMIT, "never settles");
        }
    }

    /// Types.
    pub fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Changes the size of the window.
    pub fn resize(&self, columns: u16, rows: u16) {
        let (high, wide) = (rows.try_into().unwrap(), columns.try_into().unwrap());
        self.output.lock().unwrap_or_else(PoisonError::into_inner).0.screen_mut().set_size(high, wide);
        self.terminal.resize(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    /// Waits for the end of the program; the terminal must be as it was before.
    pub fn ends(self) {
        self.ends_with(true);
    }

    /// Waits for the end of the program, well or not; gives what it left on the restored terminal.
    pub fn ends_with(mut self, well: bool) -> String {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < LIMIT, "does not end");
            thread::sleep(Duration::from_millis(10));
        };
        assert_eq!(status.success(), well, "{status:?}");
        self.until("the terminal restored", |screen| !screen.alternate_screen() && !screen.hide_cursor());
        self.until("the mouse released", |screen| screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None);
        self.look(|screen, _| screen.contents())
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
        ("2", "[2 Findings]", "Findings 6"),
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

/// A small repository to be looked at, and a home for what is remembered of it.
fn small() -> (tempfile::TempDir, tempfile::TempDir) {
    let (folder, home) = (tempdir().unwrap(), tempdir().unwrap());
    fs::write(folder.path().join("upload.php"), "<?php\n\nmove_uploaded_file($a, '/srv/shop/x');\n").unwrap();
    (folder, home)
}

fn open(folder: &Path, home: &Path, more: &[(&str, &str)]) -> Session {
    let home = home.display().to_string();
    let mut environment = vec![("XDG_STATE_HOME", home.as_str()), ("XDG_CONFIG_HOME", home.as_str())];
    environment.extend_from_slice(more);
    Session::start(100, 30, &["--theme", "dark", &folder.display().to_string()], &environment)
}

#[test]
fn e01_the_first_picture_comes_before_the_scan() {
    let folder = tempdir().unwrap();
    large(folder.path());
    let start = Instant::now();
    let session =
        Session::start(100, 30, &["--theme", "dark", "--threads", "1", &folder.path().display().to_string()], &[]);
    session.sees("1 Overview");
    let first = start.elapsed();
    session.look(|screen, _| assert!(!screen.contents().contains("done "), "{}", screen.contents()));
    // The bound of 100 ms is for a release build on a quiet machine; this one catches waiting for the scan.
    assert!(first < Duration::from_secs(5), "{first:?}");
    session.sees("so far");
}

#[test]
fn e11_own_keys_are_used_and_their_faults_are_said_with_the_line() {
    let (folder, home) = small();
    fs::create_dir(home.path().join("breakbulk")).unwrap();
    fs::write(home.path().join("breakbulk/keys.toml"), "findings = [\"F\"]\nnonsense = \"x\"\n").unwrap();
    let mut session = open(folder.path(), home.path(), &[]);
    session.sees("keys.toml:2: no action is called nonsense");
    session.types("F");
    session.sees("[2 Findings]");
    session.types("q");
    session.ends();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_breakbulk"))
        .arg("keys")
        .env("XDG_CONFIG_HOME", home.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.lines().any(|line| line.starts_with("findings") && line.contains(" F ")), "{text}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("keys.toml:2:"));
}

#[test]
fn e15_the_editor_opens_at_the_line_and_the_terminal_comes_back() {
    let (folder, home) = small();
    let said = home.path().join("said");
    let editor = home.path().join("editor.sh");
    fs::write(&editor, format!("#!/bin/sh\necho \"$@\" > '{}'\n", said.display())).unwrap();
    let setting = format!("sh {} +{{line}} {{file}}", editor.display());
    let mut session = open(folder.path(), home.path(), &[("BREAKBULK_EDITOR", &setting)]);
    session.sees("done ");
    session.types("2o");
    let start = Instant::now();
    while !fs::read_to_string(&said).is_ok_and(|text| text.ends_with('\n')) {
        assert!(start.elapsed() < LIMIT);
        thread::sleep(Duration::from_millis(10));
    }
    let text = fs::read_to_string(&said).unwrap();
    assert!(text.starts_with("+3 ") && text.trim_end().ends_with("upload.php"), "{text}");
    session.until("the screen again", |screen| screen.alternate_screen() && screen.contents().contains("[2 Findings]"));
    session.types("q");
    session.ends();
}

#[test]
fn e16_copying_goes_through_the_terminal_also_in_tmux() {
    let mut session = Session::start(100, 30, &["demo", "--theme", "dark"], &[("TMUX", "/tmp/x,1,0")]);
    session.sees("done ");
    session.types("1c");
    session.sees("copied through the terminal: breakbulk demo --format text");
    session.look(|_, bytes| assert!(String::from_utf8_lossy(bytes).contains("\u{1b}Ptmux;\u{1b}\u{1b}]52;c;")));
    session.types("q");
    session.ends();
}

#[test]
fn e17_the_mouse_is_on_until_it_is_switched_off() {
    let mut session = Session::demo(100, 30);
    session.sees("done ");
    session.until("the mouse", |screen| screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None);
    // A click on the tab of the plan: column 52, first row, SGR.
    session.types("\u{1b}[<0;52;1M\u{1b}[<0;52;1m");
    session.sees("[5 Plan]");
    session.types("m");
    session.sees("mouse off");
    session.until("no mouse", |screen| screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None);
    session.types("q");
    session.ends();
}

#[test]
fn e19_the_repository_is_written_only_when_asked() {
    let (folder, home) = small();
    let listed = |path: &Path| fs::read_dir(path).unwrap().flatten().map(|e| e.file_name()).collect::<Vec<_>>();
    let mut session = open(folder.path(), home.path(), &[]);
    session.sees("done ");
    session.types("23456?");
    session.sees("Help: Report first");
    session.types("\u{1b}");
    session.sees_no_more("Help: Report first");
    session.types("2");
    session.sees("■ write");
    assert_eq!(listed(folder.path()), ["upload.php"]);
    session.types("ibecause\r");
    session.sees("set aside in .breakbulk/config.toml");
    session.sees_no_more("■ write");
    let text = fs::read_to_string(folder.path().join(".breakbulk/config.toml")).unwrap();
    assert!(text.contains("reason = \"because\"") && text.contains("upload.php"), "{text}");
    // What a scan says of the one before is said at its end alone: an older "done" on the screen proves nothing.
    session.types("r");
    session.sees("since the last scan: 0 new, 1 gone");
    session.sees_no_more("■ write");
    session.types("u");
    session.sees("taken out of");
    assert_eq!(fs::read_to_string(folder.path().join(".breakbulk/config.toml")).unwrap(), "");
    session.types("r");
    session.sees("since the last scan: 1 new, 0 gone");
    session.sees("■ write");
    session.types("q");
    session.ends();
}

#[test]
fn e21_frames_are_synchronised_and_nothing_is_drawn_without_a_change() {
    let mut session = Session::demo(100, 30);
    session.sees("done ");
    session.types("2");
    session.sees("[2 Findings]");
    thread::sleep(Duration::from_millis(400));
    let before = session.look(|_, bytes| bytes.len());
    thread::sleep(Duration::from_millis(700));
    assert_eq!(session.look(|_, bytes| bytes.len()), before, "an idle program writes nothing");
    session.look(|_, bytes| {
        let text = String::from_utf8_lossy(bytes);
        let (begun, ended) = (text.matches("\u{1b}[?2026h").count(), text.matches("\u{1b}[?2026l").count());
        assert!(begun > 1 && begun == ended, "{begun} {ended}");
    });
    session.types("q");
    session.ends();
}

#[test]
fn e24_without_a_terminal_there_is_plain_text() {
    let (folder, home) = small();
    let run = |arguments: &[&str]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_breakbulk"))
            .args(arguments)
            .env("XDG_STATE_HOME", home.path())
            .output()
            .unwrap()
    };
    let folder = folder.path().display().to_string();
    let plain = run(&["scan", "--plain", &folder]);
    let text = String::from_utf8_lossy(&plain.stdout);
    assert!(plain.status.success() && text.contains("upload.php"), "{text}");
    assert!(!text.contains(['│', '┃', '━', '─', '\u{1b}']), "{text}");
    let demo = run(&["demo"]);
    assert_eq!(demo.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&demo.stderr).contains("needs a terminal"));
}

#[test]
fn e26_the_session_is_taken_up_again_and_changes_since_are_told() {
    let (folder, home) = small();
    let mut session = open(folder.path(), home.path(), &[]);
    session.sees("done ");
    session.types("2/kind:write\r");
    session.sees("filter: kind:write");
    session.types("q");
    session.ends();
    fs::write(folder.path().join("new.php"), "<?php\nfile_put_contents('/srv/y', 1);\n").unwrap();
    let mut session = open(folder.path(), home.path(), &[]);
    session.sees("[2 Findings]");
    session.sees("filter: kind:write");
    session.sees("since the last scan: 1 new, 0 gone");
    session.types("d");
    session.sees("new.php:2");
    session.types("\u{1b}");
    session.sees_no_more("Since the last scan: 1");
    session.types("q");
    session.ends();
    assert!(!folder.path().join(".breakbulk").exists());
}

#[test]
fn e28_an_empty_folder_leads_to_the_sample() {
    let (folder, home) = (tempdir().unwrap(), tempdir().unwrap());
    let mut session = open(folder.path(), home.path(), &[]);
    session.sees("Nothing to analyse");
    session.types("D");
    session.sees("demo");
    session.sees("Container readiness");
    session.types("q");
    session.ends();
}

#[test]
fn e14_the_window_may_change_its_size() {
    let mut session = Session::demo(120, 36);
    session.sees("done ");
    session.resize(30, 8);
    session.sees("40x10");
    session.resize(80, 24);
    session.sees("[1 Overview]");
    session.sees("? help");
    session.types("q");
    session.ends();
}

#[test]
fn e20_suspending_gives_the_terminal_back_and_everything_is_drawn_again() {
    let mut session = Session::demo(100, 30);
    session.sees("done ");
    session.types("2");
    session.sees("[2 Findings]");
    let entered =
        |session: &Session| session.look(|_, bytes| String::from_utf8_lossy(bytes).matches("\u{1b}[?1049h").count());
    assert_eq!(entered(&session), 1);
    // Nobody is there to continue a stopped program here, so that the system does not stop it.
    session.types("\u{1a}");
    let start = Instant::now();
    while entered(&session) < 2 {
        assert!(start.elapsed() < LIMIT, "the screen is never taken again");
        thread::sleep(Duration::from_millis(10));
    }
    session.sees("[2 Findings]");
    session.types("1");
    session.sees("[1 Overview]");
    session.types("\u{c}");
    session.settles();
    session.sees("Container readiness");
    session.types("q");
    session.ends();
}

#[test]
fn e27_the_demo_leads_through_the_tour() {
    let mut session = Session::start(100, 30, &["demo", "--tour", "--lang", "de", "--theme", "dark"], &[]);
    session.sees("1 / 13");
    session.sees("Stückgut");
    session.sees("done ");
    session.types("\u{1b}[6~\u{1b}[6~");
    session.sees("3 / 13");
    session.sees("[2 Findings]");
    session.types("T");
    session.sees("Fange klein an");
    session.types("G\r");
    session.sees("13 / 13");
    session.sees("Auf dem Weg in den Container");
    session.types("\u{1b}");
    session.sees_no_more("13 / 13");
    session.types("q");
    session.ends();
}

#[test]
fn e23_what_the_report_screen_writes_is_what_the_command_gives() {
    let (folder, home) = small();
    let mut session = open(folder.path(), home.path(), &[]);
    session.sees("done ");
    let target = home.path().join("screen.md");
    session.types("6");
    session.sees("[6 Report]");
    session.types(&format!("a\u{15}{}\r", target.display()));
    session.sees("screen.md");
    session.types("\r");
    session.sees("written");
    session.types("q");
    session.ends();
    let command = home.path().join("command.md");
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_breakbulk"))
        .args(["report", &folder.path().display().to_string(), "--output", &command.display().to_string()])
        .env("XDG_CONFIG_HOME", home.path())
        .status()
        .unwrap();
    assert!(status.success());
    assert_eq!(fs::read_to_string(target).unwrap(), fs::read_to_string(command).unwrap());
}
