//! Widths in terminal cells, by grapheme: cutting, padding and wrapping text that was made harmless before.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Cells that a text takes on a terminal.
#[must_use]
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// Cuts on the right to at most `cells`, with `…` as the last one where something was cut.
#[must_use]
pub fn cut(text: &str, cells: usize) -> Cow<'_, str> {
    if text.len() <= cells || width(text) <= cells {
        return Cow::Borrowed(text);
    }
    if cells == 0 {
        return Cow::Borrowed("");
    }
    let mut used = 0;
    let mut end = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        let cell = grapheme.width();
        if used + cell > cells - 1 {
            break;
        }
        used += cell;
        end = at + grapheme.len();
    }
    Cow::Owned(format!("{}…", &text[..end]))
}

/// Cuts on the left to at most `cells`, with `…` as the first one: for paths, where the end says more.
#[must_use]
pub fn cut_start(text: &str, cells: usize) -> Cow<'_, str> {
    if text.len() <= cells || width(text) <= cells {
        return Cow::Borrowed(text);
    }
    if cells == 0 {
        return Cow::Borrowed("");
    }
    let mut used = 0;
    let mut start = text.len();
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        let cell = grapheme.width();
        if used + cell > cells - 1 {
            break;
        }
        used += cell;
        start = at;
    }
    Cow::Owned(format!("…{}", &text[start..]))
}

/// Cuts or fills with spaces to exactly `cells`.
#[must_use]
pub fn pad(text: &str, cells: usize) -> String {
    let mut out = cut(text, cells).into_owned();
    let missing = cells.saturating_sub(width(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

/// Like [`pad`], aligned to the right.
#[must_use]
pub fn pad_start(text: &str, cells: usize) -> String {
    let kept = cut(text, cells);
    format!("{}{kept}", " ".repeat(cells.saturating_sub(width(&kept))))
}

/// Breaks at spaces into lines of at most `cells`; a longer word is broken where it must be. Never empty.
#[must_use]
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let needed = width(word);
        if used > 0 && used + 1 + needed > cells {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        for grapheme in word.graphemes(true) {
            let cell = grapheme.width();
            if used > 0 && used + cell > cells {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push_str(grapheme);
            used += cell;
        }
    }
    if used > 0 || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{cut, cut_start, pad, pad_start, width, wrap};

    #[test]
    fn wide_and_combined_characters_count_by_cell() {
        assert_eq!(width("漢字"), 4);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(cut("漢字kanji", 5), "漢字…");
        assert_eq!(cut("漢字kanji", 4), "漢…");
        assert_eq!(cut_start("src/main/漢字", 6), "…/漢字");
        assert_eq!(cut("abc", 0), "");
    }

    #[test]
    fn padding_is_exact() {
        assert_eq!(pad("漢", 4), "漢  ");
        assert_eq!(pad_start("7", 3), "  7");
        assert_eq!(pad("longer", 4), "lon…");
    }

    #[test]
    fn wrapping_breaks_at_spaces_and_long_words() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("", 3), [""]);
    }
}
