//! How long keys and frames take with 100,000 findings and 5,000 modules: `cargo run --release --example frames`.
//!
//! Every screen is driven with real key events at 80x24, 120x36 and 250x80; *key* is what the state does with a key, *frame*
//! is drawing what it changed. The bounds are those of the expectations: 16 ms for the slowest but one in a hundred frames,
//! 50 ms from a key to its frame.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use breakbulk::analysis::Analysis;
use breakbulk::facts::{FileId, Language, Name, Scope, SourceFile, Span};
use breakbulk::graph::{Dependency, EdgeKinds, Graph, Metrics, Module, ModuleId};
use breakbulk::rules::{Confidence, Finding, Kind, Severity};
use breakbulk::tui::app::App;
use breakbulk::tui::draw::draw;
use breakbulk::tui::keymap::Keymap;
use breakbulk::tui::theme::Theme;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const MODULES: u32 = 5_000;
const FILES: u32 = 50_000;
const FINDINGS: u32 = 100_000;

fn large() -> Analysis {
    let files: Vec<SourceFile> = (0..FILES)
        .map(|n| SourceFile {
            path: Name::from(format!("module{:04}/src/main/java/File{:02}.java", n / 10, n % 10)),
            language: Some(Language("java")),
            is_code: true,
            scope: Scope::Main,
            bytes: 4_000,
            lines: 120,
        })
        .collect();
    let kinds = [Kind::FILE_WRITE, Kind::ENDPOINT, Kind::LOG_PATH];
    let findings: Vec<Finding> = (0..FINDINGS)
        .map(|n| Finding {
            id: Name::from(format!("f-{n:08x}")),
            kind: kinds[n as usize % 3],
            rule: Name::from(format!("{}/java/example", kinds[n as usize % 3].0)),
            principle: ["A4", "A5", "A7"][n as usize % 3],
            severity: [Severity::Low, Severity::Medium, Severity::High][n as usize % 3],
            confidence: Confidence::High,
            doubt: String::new(),
            file: FileId(n / 2),
            scope: Scope::Main,
            span: Span { start: 10, end: 40, line: n % 2 * 7 + 3, end_line: n % 2 * 7 + 3, column: 9 },
            tags: vec!["config".into()],
            message: format!("writes below /var/shop/{}", n % 97),
            snippet: "new FileOutputStream(f)".to_owned(),
            subject: format!("/var/shop/{}", n % 97),
            parts: Vec::new(),
            proposal: None,
        })
        .collect();
    let module = |n: u32| Module {
        id: Name::from(format!("module{n:04}")),
        name: Name::from(format!("module{n:04}")),
        path: Name::from(format!("module{n:04}")),
        manifest: None,
        files: 10,
        lines: 1_200,
    };
    let kinds = EdgeKinds { call: 3, import: 1, ..EdgeKinds::default() };
    let edges = (0..FILES)
        .flat_map(|n| [n * 7 % FILES, n * 13 % FILES].map(|to| (n, to)))
        .filter(|(from, to)| from != to)
        .map(|(from, to)| Dependency { from: FileId(from), to: FileId(to), kinds, line: 3 })
        .collect();
    Analysis {
        name: "large".to_owned(),
        files,
        findings,
        graph: Graph {
            modules: (0..MODULES).map(module).collect(),
            module_of: (0..FILES).map(|n| ModuleId(n / 10)).collect(),
            edges,
            module_metrics: vec![Metrics::default(); MODULES as usize],
            matrix_order: (0..MODULES).map(ModuleId).collect(),
            ..Graph::default()
        },
        complete: true,
        ..Analysis::default()
    }
}

fn percentile(times: &mut [Duration], share: usize) -> f64 {
    times.sort_unstable();
    let at = (times.len() * share / 100).min(times.len().saturating_sub(1));
    times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

fn main() -> ExitCode {
    let mut app = App::new(Keymap::load(None).0, true);
    let start = Instant::now();
    let analysis = Arc::new(large());
    say(&format!("made in {:.1} s: {FINDINGS} findings, {MODULES} modules", start.elapsed().as_secs_f32()));
    app.receive(analysis);
    let theme = Theme::named("dark");
    let mut slow = false;
    // A screen's own number makes its rows anew; the rest is what a person does there.
    let scripts = [
        ("1 Overview", "1jjjGgnN\u{4}\u{15}"),
        ("2 Findings", "2jjjjGg\u{4}\u{15}nN"),
        ("2 grouping", "bpbkbrbfbcbm"),
        ("2 filter", "/kind:write shop 42\r\u{1b}"),
        ("3 Coupling", "3jjjlllGg\u{4}"),
        ("3 unfold", "+jj-wiwcwa"),
        ("4 Split", "4jj"),
        ("5 Plan", "5jj"),
    ];
    say("screen        keys  key p50/p99/max ms      frame p50/p99/max ms");
    for (name, script) in scripts {
        let (mut keys, mut frames) = (Vec::new(), Vec::new());
        for _ in 0..5 {
            for (width, height) in [(80, 24), (120, 36), (250, 80)] {
                for c in script.chars() {
                    let key = match c {
                        '\r' => KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE),
                        '\u{1b}' => KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE),
                        '\u{4}' => KeyEvent::new(KeyCode::Char('d'), KeyModifiers::CONTROL),
                        '\u{15}' => KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL),
                        c => KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE),
                    };
                    let start = Instant::now();
                    app.key(key);
                    keys.push(start.elapsed());
                    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
                    let start = Instant::now();
                    let shown = draw(&app, &theme, &mut buffer);
                    frames.push(start.elapsed());
                    app.seen(shown);
                }
            }
        }
        let (key, frame) = (percentile(&mut keys, 99), percentile(&mut frames, 99));
        say(&format!(
            "{name:<13} {:>4}  {:>6.2} {key:>7.2} {:>7.2}    {:>6.2} {frame:>7.2} {:>7.2}",
            keys.len(),
            percentile(&mut keys, 50),
            percentile(&mut keys, 100),
            percentile(&mut frames, 50),
            percentile(&mut frames, 100),
        ));
        slow |= frame > 16.0 || key + frame > 50.0;
    }
    if slow {
        say("slower than 16 ms a frame or 50 ms from key to frame");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

#[allow(clippy::print_stdout)] // the result of the program
fn say(text: &str) {
    println!("{text}");
}
