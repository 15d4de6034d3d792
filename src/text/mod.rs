//! Text for people: foreign text made harmless, widths, cutting and wrapping.
//!
//! Whatever comes from a scanned repository goes through [`sanitize`] before it is shown or written for people.

mod fault;
mod lang;
mod similar;
mod width;

pub use fault::fault;
pub use lang::{Lang, Said, count, known, say, told, words};
pub use similar::similar;

use std::borrow::Cow;
use std::fmt::Write as _;

pub use width::{cut, cut_start, pad, pad_start, width, wrap};

/// Makes control, bidirectional and zero-width characters visible (`\x1b`, `\u{202e}`), so that text of a scanned
/// repository can change neither the terminal nor the order of what is read. Tabs become one space.
#[must_use]
pub fn sanitize(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| !needs_escape(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\t' => out.push(' '),
            c if needs_escape(c) && (c as u32) < 0x100 => {
                let _ = write!(out, "\\x{:02x}", c as u32);
            }
            c if needs_escape(c) => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Characters that act instead of being seen.
fn needs_escape(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::sanitize;

    #[test]
    fn control_and_bidi_characters_become_visible() {
        assert_eq!(sanitize("a\u{1b}[31mb\u{202e}c\td"), "a\\x1b[31mb\\u{202e}c d");
        assert_eq!(sanitize("plain ä 漢"), "plain ä 漢");
    }
}
