//! The README's picture is made from the real program; it is compared here, and rewritten with `UPDATE_PICTURE=1`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::journeys::Session;

const COLUMNS: u16 = 110;
const ROWS: u16 = 34;
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

fn runs(screen: &vt100::Screen, row: u16) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for column in 0..COLUMNS {
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

fn svg(screen: &vt100::Screen) -> String {
    let (width, height) = (f32::from(COLUMNS) * CELL.0 + 24.0, f32::from(ROWS) * CELL.1 + 24.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" role=\"img\" \
         aria-label=\"Overview of the sample project\">\n<rect width=\"100%\" height=\"100%\" rx=\"8\" \
         fill=\"{GROUND}\"/>\n<g font-family=\"ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace\" \
         font-size=\"14\" style=\"white-space:pre\">\n"
    );
    for row in 0..ROWS {
        let y = f32::from(row) * CELL.1 + 12.0;
        for (column, text, cells, ink, bold, inverse) in runs(screen, row) {
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
    out.push_str("</g>\n</svg>\n");
    out
}

#[test]
fn the_picture_shows_what_the_program_shows() {
    let mut session = Session::demo(COLUMNS, ROWS);
    session.sees("done ");
    session.sees("What was scanned");
    session.settles();
    let picture = session.look(|screen, _| svg(screen));
    session.types("q");
    session.ends();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/overview.svg");
    if std::env::var_os("UPDATE_PICTURE").is_some() {
        fs::write(&path, &picture).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == picture,
        "docs/overview.svg is out of date; `UPDATE_PICTURE=1 cargo test --test suite picture` makes it anew"
    );
}
