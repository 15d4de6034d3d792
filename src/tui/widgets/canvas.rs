//! Where screens draw: panes with a heavy border on the focused one, lists of which only the visible rows are built, text.
//!
//! Drawing changes nothing; what was drawn where is handed back as [`Shown`], so that the next key or click can use it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Borders, Widget};

use crate::text;
use crate::tui::app::Tab;
use crate::tui::screens::Paragraph;
use crate::tui::theme::{Role, Theme};

/// What stands in a pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaneShown {
    /// Number of the pane on its screen.
    pub pane: usize,
    /// With border.
    pub outer: Rect,
    /// Without border (and without heading lines).
    pub inner: Rect,
    /// First row or line shown.
    pub top: usize,
    /// Rows or lines in all.
    pub total: usize,
}

/// What was drawn where.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// The screen it belongs to.
    pub tab: Option<Tab>,
    /// Panes.
    pub panes: Vec<PaneShown>,
    /// Names of the screens in the first line.
    pub tabs: Vec<(Rect, Tab)>,
}

impl Shown {
    /// What was shown of a pane.
    #[must_use]
    pub fn pane(&self, pane: usize) -> Option<&PaneShown> {
        self.panes.iter().find(|shown| shown.pane == pane)
    }
}

/// Label of a paragraph that is a line of a picture: neither indented nor wrapped.
pub const PICTURE: &str = "|";

/// How a list stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Listed {
    /// Rows in all.
    pub total: usize,
    /// The selected one.
    pub selected: usize,
    /// First row shown before.
    pub top: usize,
    /// The first row stays, wherever the selection is.
    pub loose: bool,
}

/// The buffer to draw into, with the theme and the focus.
pub struct Canvas<'a> {
    /// Cells.
    pub buffer: &'a mut Buffer,
    /// Styles.
    pub theme: &'a Theme,
    /// The focused pane.
    pub focus: usize,
    /// What is shown now.
    pub now: Shown,
}

impl Canvas<'_> {
    /// A piece of foreign or own text in a role.
    #[must_use]
    pub fn span(&self, text: impl AsRef<str>, role: Role) -> Span<'static> {
        Span::styled(text::sanitize(text.as_ref()).into_owned(), self.theme.get(role))
    }

    /// Draws a border with title (left, above) and footer (right, below); gives the space inside.
    pub fn frame(&mut self, pane: usize, area: Rect, title: &str, footer: &str) -> Rect {
        let focused = pane == self.focus;
        let style = self.theme.get(if focused { Role::Focus } else { Role::Dim });
        let kind = if focused { BorderType::Thick } else { BorderType::Plain };
        let room = usize::from(area.width.saturating_sub(4));
        let mut block = Block::new().borders(Borders::ALL).border_type(kind).border_style(style);
        if !title.is_empty() && room > 2 {
            let title = text::cut(&text::sanitize(title), room.saturating_sub(2)).into_owned();
            block = block.title_top(Line::from(Span::styled(format!(" {title} "), self.theme.get(Role::Title))));
        }
        if !footer.is_empty() && room > 8 {
            let footer = text::cut(footer, room.saturating_sub(2)).into_owned();
            block = block.title_bottom(Line::from(format!(" {footer} ")).right_aligned());
        }
        let inner = block.inner(area);
        block.render(area, self.buffer);
        self.now.panes.push(PaneShown { pane, outer: area, inner, top: 0, total: 0 });
        inner
    }

    /// One line of text at a row of an area, cut at its width.
    pub fn line(&mut self, area: Rect, row: u16, line: &Line<'_>) {
        if row < area.height && area.width > 0 {
            self.buffer.set_line(area.x, area.y + row, line, area.width);
        }
    }

    /// Draws the visible rows of a list; `row` builds one line for (index, width).
    pub fn list(
        &mut self,
        pane: usize,
        area: Rect,
        list: Listed,
        mut row: impl FnMut(&Self, usize, usize) -> Line<'static>,
    ) {
        let Listed { total, selected, top: old, loose } = list;
        let height = usize::from(area.height);
        let top = if loose { old.min(total.saturating_sub(height)) } else { top(old, selected, height, total) };
        for (line, index) in (top..total).take(height).enumerate() {
            let built = row(self, index, usize::from(area.width));
            let Ok(line) = u16::try_from(line) else { break };
            self.line(area, line, &built);
            if index == selected {
                let strip = Rect { y: area.y + line, height: 1, ..area };
                self.buffer.set_style(strip, Theme::selected(pane == self.focus));
            }
        }
        self.note(pane, area, top, total);
    }

    /// Draws paragraphs with the one of the cursor marked and in sight.
    pub fn paragraphs(&mut self, pane: usize, area: Rect, paragraphs: &[Paragraph], cursor: usize) {
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let mut lines: Vec<Line<'static>> = Vec::new();
        let mut marked = 0..0;
        for (at, paragraph) in paragraphs.iter().enumerate() {
            let start = lines.len();
            // What lies far below is not wrapped: it cannot be seen.
            if start > height && at > cursor && start > marked.end + height {
                break;
            }
            lines.extend(self.paragraph(paragraph, width));
            if at == cursor {
                marked = start..lines.len();
            }
        }
        let top =
            (marked.end + height / 3).saturating_sub(height).min(marked.start).min(lines.len().saturating_sub(height));
        for (row, line) in lines.iter().skip(top).take(height).enumerate() {
            let Ok(offset) = u16::try_from(row) else { break };
            self.line(area, offset, line);
            if marked.contains(&(top + row)) && pane == self.focus {
                let strip = Rect { y: area.y + offset, height: 1, ..area };
                self.buffer.set_style(strip, Theme::selected(true));
            }
        }
        self.note(pane, area, top, lines.len());
    }

    /// Draws lines of text from `scroll` on; stays at the end of the text.
    pub fn text(&mut self, pane: usize, area: Rect, lines: &[Line<'static>], scroll: usize) {
        let height = usize::from(area.height);
        let top = scroll.min(lines.len().saturating_sub(height));
        for (row, line) in lines.iter().skip(top).take(height).enumerate() {
            if let Ok(row) = u16::try_from(row) {
                self.line(area, row, line);
            }
        }
        self.note(pane, area, top, lines.len());
    }

    /// Remembers what a pane shows.
    pub fn note(&mut self, pane: usize, inner: Rect, top: usize, total: usize) {
        if let Some(shown) = self.now.panes.iter_mut().find(|shown| shown.pane == pane) {
            (shown.inner, shown.top, shown.total) = (inner, top, total);
        }
    }

    /// A paragraph, wrapped, with a word in front of the first line (`why`).
    #[must_use]
    pub fn paragraph(&self, paragraph: &Paragraph, cells: usize) -> Vec<Line<'static>> {
        let Paragraph { label, text: body, role, place } = paragraph;
        if *label == PICTURE {
            return vec![Line::from(self.span(text::cut(body, cells), *role))];
        }
        let indent = match () {
            () if *role == Role::Title => 0,
            // A list of places needs the room more than the order of a column.
            () if label.is_empty() && place.is_some() => 2,
            () => 8.min(cells / 3),
        };
        let body = text::sanitize(body);
        let room = cells.saturating_sub(indent).max(8);
        // What fits keeps its own spaces: small tables stay aligned.
        let parts = if text::width(&body) <= room {
            vec![body.into_owned()]
        } else if matches!(*label, "place" | "file") {
            // The end of a path says most.
            vec![text::cut_start(&body, room).into_owned()]
        } else if let Some((at, words)) = body.split_once("  ").filter(|_| place.is_some()) {
            // One line for the place, with the end of its path, and what is there as far as it fits.
            let wide = text::width(at).min((room * 3 / 5).max(room.saturating_sub(text::width(words) + 2)));
            let at = text::cut_start(at, wide);
            let words = text::cut(words, room.saturating_sub(text::width(&at) + 2)).into_owned();
            vec![format!("{at}  {words}")]
        } else {
            text::wrap(&body, room)
        };
        parts
            .into_iter()
            .enumerate()
            .map(|(at, part)| {
                let head = if at == 0 { label } else { "" };
                Line::from(vec![
                    Span::styled(text::pad(head, indent), self.theme.get(Role::Dim)),
                    Span::styled(part, self.theme.get(*role)),
                ])
            })
            .collect()
    }
}

/// First row to show so that the selected one is visible and as little as possible moves.
fn top(old: usize, selected: usize, height: usize, total: usize) -> usize {
    if height == 0 {
        return selected;
    }
    let top = if selected < old {
        selected
    } else if selected >= old + height {
        selected + 1 - height
    } else {
        old
    };
    top.min(total.saturating_sub(height))
}

/// A bar of `cells` for a share from 0 to 1.
#[must_use]
pub fn bar(share: f32, cells: usize) -> String {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let full = (share * cells as f32).round() as usize;
    format!("{}{}", "█".repeat(full.min(cells)), "░".repeat(cells.saturating_sub(full)))
}

/// Rows of these heights from the top; the last one gets the rest. What does not fit any more is empty.
#[must_use]
pub fn rows(area: Rect, heights: &[u16]) -> Vec<Rect> {
    let mut out = Vec::with_capacity(heights.len() + 1);
    let mut y = area.y;
    for height in heights {
        let height = (*height).min(area.bottom().saturating_sub(y));
        out.push(Rect { y, height, ..area });
        y += height;
    }
    out.push(Rect { y, height: area.bottom().saturating_sub(y), ..area });
    out
}

/// Left part of a width, and the rest.
#[must_use]
pub fn columns(area: Rect, left: u16) -> (Rect, Rect) {
    let left = left.min(area.width);
    (Rect { width: left, ..area }, Rect { x: area.x + left, width: area.width - left, ..area })
}

#[cfg(test)]
mod tests {
    use super::{bar, top};

    #[test]
    fn lists_move_as_little_as_possible() {
        assert_eq!(top(0, 3, 5, 20), 0);
        assert_eq!(top(0, 5, 5, 20), 1);
        assert_eq!(top(10, 4, 5, 20), 4);
        assert_eq!(top(10, 11, 5, 12), 7);
        assert_eq!(top(0, 0, 0, 0), 0);
    }

    #[test]
    fn bars_have_their_width() {
        assert_eq!(bar(0.5, 4), "██░░");
        assert_eq!(bar(f32::NAN, 2), "░░");
        assert_eq!(bar(9.0, 2), "██");
    }
}
