//! The README's picture is made from the real program; it is compared here, and rewritten with `UPDATE_PICTURE=1`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::journeys::Session;

const COLUMNS: u16 = 110;
const ROWS: u16 = 34;
/// How long the screen may take to show its last state.
const PATIENCE: Duration = Duration::from_secs(20);
/// Size of a cell in the picture, in pixels.
const CELL: (f32, f32) = (8.4, 17.0);
/// The 16 colours of a terminal, readable on the picture's own dark background.
const COLOURS: [&str; 16] = [
    "#3b4252", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d5dae3", "#8b93a5", "#ff8a93",
    "#b5e08c", "#ffd98f", "#8cc8ff", "#dd9bf0", "#7fd6e0", "#ffffff",
];
const INK: &str = "#d5dae3";
const GROUND: &str = "#1e222a";

fn colour(colour: vt100::Color) -> &'static str {
    match colour {
        vt100::Color::Idx(index) => COLOURS.get(usize::from(index)).copied().unwrap_or(INK),
        _ => INK,
    }
}

/// A piece of a row in one style: first column, text, columns, colour, bold, reversed.
type Run = (u16, String, u16, &'static str, bool, bool);

fn runs(screen: &vt100::Screen, row: u16, columns: u16) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for column in 0..columns {
        let Some(cell) = screen.cell(row, column).filter(|cell| !cell.is_wide_continuation()) else { continue };
        let text = if cell.has_contents() { cell.contents() } else { " " };
        let style = (colour(cell.fgcolor()), cell.bold(), cell.inverse());
        match out.last_mut() {
            Some(last) if (last.3, last.4, last.5) == style => {
                last.1.push_str(text);
                last.2 += 1;
            }
            _ => out.push((column, text.to_owned(), 1, style.0, style.1, style.2)),
        }
    }
    out
}

/// Replaces the time the scan took by blanks: it differs from run to run.
fn without_time(text: &str) -> String {
    let Some(at) = text.find("done ").filter(|_| text.trim_end().ends_with(" s")) else { return text.to_owned() };
    let end = text.trim_end().len();
    format!("{}{}done{}", &text[..at], " ".repeat(end - at - 4), &text[end..])
}

/// The head of a picture of so many columns and rows.
fn opening(columns: u16, rows: u16, label: &str) -> String {
    let (width, height) = (f32::from(columns) * CELL.0 + 24.0, f32::from(rows) * CELL.1 + 24.0);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" role=\"img\" \
         aria-label=\"{label}\">\n<rect width=\"100%\" height=\"100%\" rx=\"8\" \
         fill=\"{GROUND}\"/>\n<g font-family=\"ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace\" \
         font-size=\"14\" style=\"white-space:pre\">\n"
    )
}

fn svg(screen: &vt100::Screen) -> String {
    let cells = cells(screen, COLUMNS, ROWS);
    format!("{}{cells}</g>\n</svg>\n", opening(COLUMNS, ROWS, "Overview of the sample project"))
}

/// What stands on a screen, as elements of a picture.
fn cells(screen: &vt100::Screen, columns: u16, rows: u16) -> String {
    let mut out = String::new();
    for row in 0..rows {
        let y = f32::from(row) * CELL.1 + 12.0;
        for (column, text, cells, ink, bold, inverse) in runs(screen, row, columns) {
            let text = if row == 0 { without_time(&text) } else { text };
            let (x, wide) = (f32::from(column) * CELL.0 + 12.0, f32::from(cells) * CELL.0);
            if inverse {
                let _ = writeln!(
                    out,
                    "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{:.1}\" fill=\"{ink}\"/>",
                    CELL.1
                );
            }
            if text.trim().is_empty() {
                continue;
            }
            let fill = if inverse { GROUND } else { ink };
            let weight = if bold { " font-weight=\"bold\"" } else { "" };
            // Blanks at the ends are not written: not every viewer keeps them.
            let blank = text.chars().take_while(|c| *c == ' ').count();
            let kept = text.trim_end().chars().count() - blank;
            #[allow(clippy::cast_precision_loss)]
            let (x, wide) = (x + blank as f32 * CELL.0, kept as f32 * CELL.0);
            let text = text.trim().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let _ = writeln!(
                out,
                "<text x=\"{x:.1}\" y=\"{:.1}\" textLength=\"{wide:.1}\" lengthAdjust=\"spacingAndGlyphs\" \
                 fill=\"{fill}\"{weight} xml:space=\"preserve\">{text}</text>",
                y + 13.0
            );
        }
    }
    out
}

#[test]
fn the_picture_shows_what_the_program_shows() {
    let mut session = Session::demo(COLUMNS, ROWS);
    session.sees("done ");
    session.sees("What was scanned");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/overview.svg");
    let update = std::env::var_os("UPDATE_PICTURE").is_some();
    let kept = fs::read_to_string(&path).unwrap_or_default();
    session.settles();
    let mut picture = session.look(|screen, _| svg(screen));
    // A busy machine may still be drawing: what counts is the picture at the end.
    let start = Instant::now();
    while !update && picture != kept && start.elapsed() < PATIENCE {
        session.settles();
        picture = session.look(|screen, _| svg(screen));
    }
    session.types("q");
    session.ends();
    if update {
        fs::write(&path, &picture).unwrap();
        return;
    }
    assert!(
        kept == picture,
        "docs/overview.svg is out of date; `UPDATE_PICTURE=1 cargo test --test suite picture` makes it anew"
    );
}

/// Seconds that a step of the recorded tour is shown.
const SHOWN: usize = 6;

#[test]
fn the_recorded_tour_has_the_steps_of_the_tour() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tour.svg");
    let update = std::env::var_os("UPDATE_PICTURE").is_some();
    let mut session = Session::start(100, 30, &["demo", "--tour", "--theme", "dark"], &[]);
    session.sees("done ");
    session.sees("1 / ");
    let title = |screen: &vt100::Screen, step: usize| -> Option<(usize, String)> {
        let text = screen.contents();
        let (_, rest) = text.lines().find_map(|line| line.split_once(&format!(" {step} / ")))?;
        let (total, title) = rest.split_once("   ")?;
        let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        Some((total.parse().ok()?, escape(title.trim_end_matches(['━', '─', '┓', '┐', ' ']))))
    };
    let total = session.look(|screen, _| title(screen, 1)).unwrap().0;
    let mut frames = String::new();
    let mut titles = Vec::new();
    for step in 1..=total {
        session.until("the step", |screen| title(screen, step).is_some());
        if update {
            session.settles();
            let shown = session.look(|screen, _| cells(screen, 100, 30));
            let (first, delay) = (if step == 1 { "f o" } else { "f" }, (step - 1) * SHOWN);
            let _ = writeln!(frames, "<g class=\"{first}\" style=\"animation-delay:{delay}s\">\n{shown}</g>");
        }
        titles.push(session.look(|screen, _| title(screen, step)).unwrap().1);
        session.types("\u{1b}[6~");
    }
    session.types("\u{3}");
    session.ends();
    if update {
        #[allow(clippy::cast_precision_loss)]
        let share = 100.0 / total as f32;
        let style = format!(
            "<style>.f{{visibility:hidden;animation:s {}s step-end infinite}}.o{{visibility:visible}}\
             @keyframes s{{0%{{visibility:visible}}{share:.3}%{{visibility:hidden}}100%{{visibility:hidden}}}}\
             @media(prefers-reduced-motion){{.f{{animation:none}}}}</style>\n",
            total * SHOWN
        );
        let text = format!("{}{style}{frames}</g>\n</svg>\n", opening(100, 30, "The guided tour, step by step"));
        fs::write(&path, text).unwrap();
    }
    // What the screens say changes with every rule; that the steps are those of the tour is what a reader relies on.
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept.len() < 600_000, "{} bytes", kept.len());
    let mut rest = kept.as_str();
    for title in titles {
        let at = rest.find(&title);
        assert!(at.is_some(), "{title} is missing: `UPDATE_PICTURE=1 cargo test --test suite picture` makes it anew");
        rest = &rest[at.unwrap_or(0)..];
    }
}
