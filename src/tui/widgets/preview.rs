//! Source text for the preview: read once per file, marked lines, colours by role.

use std::ops::Range;

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use crate::analysis::Repository;
use crate::facts::{FileId, Language, SourceFile};
use crate::syntax::highlight::{self, Highlight};
use crate::text;
use crate::tui::screens::Place;
use crate::tui::theme::Role;

/// Lines kept around a place: enough to scroll in, without colouring a whole large file.
const AROUND: u32 = 120;

/// One file's text around a place, ready to be drawn.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// What is loaded: file and marked lines.
    pub place: Option<(FileId, u32, u32)>,
    /// Bytes of the file that are the finding itself.
    matched: Range<usize>,
    /// First line of `lines`, from 1.
    first: u32,
    lines: Vec<Vec<(String, Role, bool)>>,
    /// Why there is no text.
    problem: Option<String>,
}

impl Source {
    /// Reads the text around a place of a file, unless it is there already. `matched` are the bytes to be marked.
    pub fn load(&mut self, source: &dyn Repository, file: &SourceFile, place: Place, matched: Range<usize>) {
        let (_, from, to) = place;
        if self.place == Some(place) && self.matched == matched {
            return;
        }
        *self = Source { place: Some(place), matched, first: 1, ..Source::default() };
        let bytes = match source.read(file) {
            Ok(bytes) => bytes,
            Err(problem) => {
                self.problem = Some(problem);
                return;
            }
        };
        let text = crate::walk::decode(&bytes);
        self.first = from.saturating_sub(AROUND).max(1);
        let range = self.first..to.saturating_add(AROUND);
        let colours = highlight(file.language, &text, range.clone());
        let skip = self.first.saturating_sub(1) as usize;
        let mut start: usize = text.split_inclusive('\n').take(skip).map(str::len).sum();
        for (at, whole) in text.split_inclusive('\n').skip(skip).take(range.len()).enumerate() {
            let line = whole.trim_end_matches(['\n', '\r']);
            let within =
                self.matched.start.saturating_sub(start)..self.matched.end.saturating_sub(start).min(line.len());
            self.lines.push(pieces(line, colours.get(at).map_or(&[], Vec::as_slice), within));
            start += whole.len();
        }
    }

    /// The lines with numbers and marks, as wide as the canvas allows.
    #[must_use]
    pub fn lines(&self, canvas: &Canvas<'_>) -> Vec<Line<'static>> {
        if let Some(problem) = &self.problem {
            return vec![Line::from(canvas.span(format!("cannot be shown: {problem}"), Role::Warn))];
        }
        let (from, to) = self.place.map_or((0, 0), |(_, from, to)| (from, to));
        self.lines
            .iter()
            .zip(self.first..)
            .map(|(pieces, number)| {
                let marked = (from..=to).contains(&number);
                let mut spans = vec![
                    canvas.span(if marked { "▌" } else { " " }, Role::Bad),
                    canvas.span(format!("{number:>4} │ "), if marked { Role::Marked } else { Role::Dim }),
                ];
                for (piece, role, matched) in pieces {
                    let mut style = canvas.theme.get(*role);
                    if *matched {
                        style = style.patch(canvas.theme.get(Role::Match));
                    } else if marked {
                        style = style.patch(canvas.theme.get(Role::Marked));
                    }
                    spans.push(Span::styled(piece.clone(), style));
                }
                Line::from(spans)
            })
            .collect()
    }

    /// Index of the first marked line in [`Source::lines`].
    #[must_use]
    pub fn marked(&self) -> usize {
        self.place.map_or(0, |(_, from, _)| from.saturating_sub(self.first) as usize)
    }
}

/// Cuts a line into coloured pieces, those within `matched` marked, all made harmless; tabs become four spaces.
fn pieces(line: &str, colours: &[(Range<usize>, Role)], matched: Range<usize>) -> Vec<(String, Role, bool)> {
    let clean = |part: &str| text::sanitize(&part.replace('\t', "    ")).into_owned();
    let whole = |at: usize| line.is_char_boundary(at);
    let matched =
        if matched.start < matched.end && whole(matched.start) && whole(matched.end) { matched } else { 0..0 };
    let mut out = Vec::new();
    let mut push = |range: Range<usize>, role: Role| {
        let inside = range.start.max(matched.start)..range.end.min(matched.end);
        let cuts = if inside.is_empty() {
            vec![range]
        } else {
            vec![range.start..inside.start, inside.clone(), inside.end..range.end]
        };
        for part in cuts.into_iter().filter(|part| !part.is_empty()) {
            let hit = matched.start <= part.start && part.end <= matched.end && !matched.is_empty();
            out.push((clean(&line[part]), role, hit));
        }
    };
    let mut at = 0;
    for (range, role) in colours {
        let (start, end) = (range.start.max(at), range.end.min(line.len()));
        if start >= end || !whole(start) || !whole(end) {
            continue;
        }
        if start > at {
            push(at..start, Role::Text);
        }
        push(start..end, *role);
        at = end;
    }
    if at < line.len() {
        push(at..line.len(), Role::Text);
    }
    out
}

/// Colours per line, as byte ranges within the line.
fn highlight(language: Option<Language>, text: &str, lines: Range<u32>) -> Vec<Vec<(Range<usize>, Role)>> {
    let Some(language) = language else { return Vec::new() };
    let role = |highlight| match highlight {
        Highlight::Plain => Role::Text,
        Highlight::Keyword | Highlight::Tag => Role::Keyword,
        Highlight::String => Role::String,
        Highlight::Comment => Role::Comment,
        Highlight::Number | Highlight::Constant => Role::Number,
        Highlight::Type => Role::Type,
        Highlight::Function | Highlight::Property => Role::Function,
    };
    let coloured = highlight::highlight(language, text, lines);
    coloured.into_iter().map(|line| line.into_iter().map(|(range, kind)| (range, role(kind))).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Role, pieces};

    #[test]
    fn pieces_cover_the_line_and_are_harmless() {
        let line = "let\tx = \"\u{1b}[31m\";";
        let colours = [(0..3, Role::Keyword), (8..99, Role::String)];
        let cut = pieces(line, &colours, 4..10);
        let joined: String = cut.iter().map(|(text, ..)| text.as_str()).collect();
        assert_eq!(joined, "let    x = \"\\x1b[31m\";");
        assert_eq!(cut[0], ("let".to_owned(), Role::Keyword, false));
        let matched: String = cut.iter().filter(|(.., hit)| *hit).map(|(text, ..)| text.as_str()).collect();
        assert_eq!(matched, "x = \"\\x1b");
        assert!(pieces(line, &colours, 0..0).iter().all(|(.., hit)| !hit));
    }
}
