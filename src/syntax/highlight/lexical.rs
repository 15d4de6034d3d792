//! Colours from characters alone: comments, strings, numbers, words.

use std::ops::Range;

use super::Highlight;
use crate::facts::Language;

/// How a format is written.
struct Style {
    line_comments: &'static [&'static str],
    /// Start and end; nested only in Rust.
    block_comment: Option<(&'static str, &'static str)>,
    quotes: &'static [u8],
    keywords: &'static [&'static str],
    rust: bool,
    /// Upper and lower case are the same in keywords.
    any_case: bool,
}

const PLAIN: Style =
    Style { line_comments: &[], block_comment: None, quotes: &[], keywords: &[], rust: false, any_case: false };

const RUST: Style = Style {
    line_comments: &["//"],
    block_comment: Some(("/*", "*/")),
    quotes: b"\"",
    keywords: &[
        "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false", "fn",
        "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self",
        "Self", "static", "struct", "super", "trait", "true", "type", "unsafe", "use", "where", "while",
    ],
    rust: true,
    any_case: false,
};

const SQL: Style = Style {
    line_comments: &["--"],
    block_comment: Some(("/*", "*/")),
    quotes: b"'\"",
    keywords: &[
        "add",
        "alter",
        "and",
        "as",
        "by",
        "create",
        "delete",
        "drop",
        "from",
        "group",
        "index",
        "insert",
        "into",
        "is",
        "join",
        "key",
        "left",
        "not",
        "null",
        "on",
        "or",
        "order",
        "primary",
        "references",
        "select",
        "set",
        "table",
        "unique",
        "update",
        "values",
        "view",
        "where",
    ],
    any_case: true,
    ..PLAIN
};

const SHELL: Style = Style {
    line_comments: &["#"],
    quotes: b"'\"",
    keywords: &[
        "case", "do", "done", "elif", "else", "esac", "exec", "exit", "export", "fi", "for", "function", "if", "in",
        "local", "return", "set", "then", "until", "while",
    ],
    ..PLAIN
};

const DIRECTIVE: Style = Style { line_comments: &["#", ";"], quotes: b"'\"", ..PLAIN };

fn style(language: Language) -> Option<&'static Style> {
    match language.0 {
        "rust" => Some(&RUST),
        "sql" => Some(&SQL),
        "shell" => Some(&SHELL),
        "directive" | "env" | "ini" | "properties" | "yaml" | "toml" | "dockerfile" => Some(&DIRECTIVE),
        _ => None,
    }
}

/// Paints the window; the text is read from its start, as a comment or string may begin above.
pub(super) fn paint(language: Language, text: &str, window: &Range<usize>, paint: &mut [Highlight]) {
    let Some(style) = style(language) else { return };
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < window.end {
        let (end, kind) = token(style, bytes, at);
        let (from, to) = (at.max(window.start), end.min(window.end));
        if kind != Highlight::Plain && from < to {
            paint[from - window.start..to - window.start].fill(kind);
        }
        at = end;
    }
}

/// End and kind of the token at a place; always moves on.
fn token(style: &Style, bytes: &[u8], at: usize) -> (usize, Highlight) {
    let rest = &bytes[at..];
    let line_end = || memchr::memchr(b'\n', rest).map_or(bytes.len(), |end| at + end);
    if style.line_comments.iter().any(|mark| rest.starts_with(mark.as_bytes())) && starts_comment(style, bytes, at) {
        return (line_end(), Highlight::Comment);
    }
    if let Some((open, close)) = style.block_comment
        && rest.starts_with(open.as_bytes())
    {
        return (block_end(bytes, at, open.as_bytes(), close.as_bytes(), style.rust), Highlight::Comment);
    }
    if style.rust {
        if let Some(end) = raw_string(bytes, at) {
            return (end, Highlight::String);
        }
        if rest[0] == b'\'' {
            return character(bytes, at);
        }
    }
    if style.quotes.contains(&rest[0]) {
        return (quoted(bytes, at), Highlight::String);
    }
    if rest[0].is_ascii_digit() {
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        return (at + length, Highlight::Number);
    }
    let length = rest.iter().take_while(|byte| is_word(**byte)).count();
    if length == 0 {
        return (at + 1, Highlight::Plain);
    }
    (word(style, bytes, at, at + length)).unwrap_or((at + length, Highlight::Plain))
}

/// `#` begins a comment only at a word's start: `a#b` and `${x#y}` are none.
fn starts_comment(style: &Style, bytes: &[u8], at: usize) -> bool {
    style.rust || style.any_case || at == 0 || bytes[at - 1].is_ascii_whitespace()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn word(style: &Style, bytes: &[u8], at: usize, end: usize) -> Option<(usize, Highlight)> {
    let text = std::str::from_utf8(&bytes[at..end]).ok()?;
    let known = match style.any_case {
        true => style.keywords.contains(&text.to_ascii_lowercase().as_str()),
        false => style.keywords.contains(&text),
    };
    if known {
        return Some((end, Highlight::Keyword));
    }
    if !style.rust {
        return None;
    }
    if bytes.get(end) == Some(&b'!') && bytes.get(end + 1) != Some(&b'=') {
        return Some((end + 1, Highlight::Function));
    }
    if text.starts_with(|c: char| c.is_ascii_uppercase()) {
        let constant = text.len() > 1 && text.bytes().all(|byte| !byte.is_ascii_lowercase());
        return Some((end, if constant { Highlight::Constant } else { Highlight::Type }));
    }
    (bytes.get(end) == Some(&b'(')).then_some((end, Highlight::Function))
}

fn block_end(bytes: &[u8], at: usize, open: &[u8], close: &[u8], nested: bool) -> usize {
    let mut depth = 1;
    let mut here = at + open.len();
    while here < bytes.len() {
        if bytes[here..].starts_with(close) {
            depth -= 1;
            here += close.len();
            if depth == 0 {
                return here;
            }
        } else if nested && bytes[here..].starts_with(open) {
            depth += 1;
            here += open.len();
        } else {
            here += 1;
        }
    }
    bytes.len()
}

/// End of `r"…"`, `r#"…"#` and their byte and C forms, if one begins here.
fn raw_string(bytes: &[u8], at: usize) -> Option<usize> {
    if at > 0 && is_word(bytes[at - 1]) {
        return None;
    }
    let rest = &bytes[at..];
    let prefix = [&b"br"[..], b"cr", b"r"].into_iter().find(|prefix| rest.starts_with(prefix))?.len();
    let hashes = rest[prefix..].iter().take_while(|byte| **byte == b'#').count();
    if rest.get(prefix + hashes) != Some(&b'"') {
        return None;
    }
    let mut close = vec![b'"'];
    close.resize(hashes + 1, b'#');
    let from = prefix + hashes + 1;
    Some(memchr::memmem::find(&rest[from..], &close).map_or(bytes.len(), |end| at + from + end + close.len()))
}

/// A character (`'x'`, `'\n'`) or a lifetime (`'a`).
fn character(bytes: &[u8], at: usize) -> (usize, Highlight) {
    let rest = &bytes[at + 1..];
    if rest.first() == Some(&b'\\') {
        let end = rest.iter().skip(2).position(|byte| *byte == b'\'');
        return (end.map_or(bytes.len(), |end| at + 1 + 2 + end + 1), Highlight::String);
    }
    let width = 1 + rest.iter().skip(1).take_while(|byte| **byte & 0xc0 == 0x80).count();
    if rest.get(width) == Some(&b'\'') {
        return (at + 1 + width + 1, Highlight::String);
    }
    let length = rest.iter().take_while(|byte| is_word(**byte)).count();
    (at + 1 + length, if length > 0 { Highlight::Tag } else { Highlight::Plain })
}

fn quoted(bytes: &[u8], at: usize) -> usize {
    let quote = bytes[at];
    let mut here = at + 1;
    while here < bytes.len() {
        match bytes[here] {
            b'\\' => here += 2,
            byte if byte == quote => return here + 1,
            _ => here += 1,
        }
    }
    bytes.len()
}
