//! Source text for the preview: read once per file, marked lines, colours by role.

use std::ops::Range;

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use crate::analysis::Repository;
use crate::facts::{FileId, Language, SourceFile};
use crate::syntax::highlight::{self, Highlight};
use crate::text;
use crate::tui::theme::Role;

/// Lines kept around a place: enough to scroll in, without colouring a whole large file.
const AROUND: u32 = 120;

/// One file's text around a place, ready to be drawn.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// What is loaded: file and marked lines.
    pub place: Option<(FileId, u32, u32)>,
    /// First line of `lines`, from 1.
    first: u32,
    lines: Vec<Vec<(String, Role)>>,
    /// Why there is no text.
    problem: Option<String>,
}

impl Source {
    /// Reads the text around lines `from..=to` of a file, unless it is there already.
    pub fn load(&mut self, source: &dyn Repository, id: FileId, file: &SourceFile, from: u32, to: u32) {
        if self.place == Some((id, from, to)) {
            return;
        }
        *self = Source { place: Some((id, from, to)), first: 1, ..Source::default() };
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
        for (at, line) in text.lines().skip(skip).take(range.len()).enumerate() {
            self.lines.push(pieces(line, colours.get(at).map_or(&[], Vec::as_slice)));
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
                for (piece, role) in pieces {
                    let mut style = canvas.theme.get(*role);
                    if marked {
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

/// Cuts a line into coloured pieces, made harmless; tabs become four spaces.
fn pieces(line: &str, colours: &[(Range<usize>, Role)]) -> Vec<(String, Role)> {
    let clean = |part: &str| text::sanitize(&part.replace('\t', "    ")).into_owned();
    let mut out = Vec::new();
    let mut at = 0;
    for (range, role) in colours {
        let (start, end) = (range.start.max(at), range.end.min(line.len()));
        if start >= end || !line.is_char_boundary(start) || !line.is_char_boundary(end) {
            continue;
        }
        if start > at {
            out.push((clean(&line[at..start]), Role::Text));
        }
        out.push((clean(&line[start..end]), *role));
        at = end;
    }
    if at < line.len() {
        out.push((clean(&line[at..]), Role::Text));
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
        let cut = pieces(line, &[(0..3, Role::Keyword), (8..99, Role::String)]);
        let joined: String = cut.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(joined, "let    x = \"\\x1b[31m\";");
        assert_eq!(cut[0], ("let".to_owned(), Role::Keyword));
    }
}
