//! JSON, comments, trailing commas and the looser spellings of JSON5 allowed, in one pass over the bytes.
//!
//! A repository holds more JSON than any other configuration (translations, fixtures, lock files), and nearly all of it says
//! nothing; building a syntax tree for it cost more than reading the code of some applications.

use std::borrow::Cow;

use super::tree::MAX_DEPTH;
use super::{Collector, unescape};

/// Reads all values of a text; several documents may follow each other.
pub(super) fn json(text: &str, out: &mut Collector) {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, path: String::new(), out };
    while reader.skip_to_token().is_some() {
        let start = reader.at;
        reader.value(None, 0, 0);
        if reader.at == start {
            // Nothing that a value starts with: passed over, and said.
            reader.out.partial = true;
            reader.at += 1;
        }
    }
}

struct Reader<'t, 'o, 'a> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    path: String,
    out: &'o mut Collector<'a>,
}

impl<'t> Reader<'t, '_, '_> {
    /// Passes white space and comments; the byte that follows.
    fn skip_to_token(&mut self) -> Option<u8> {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                0xEF if self.bytes[self.at..].starts_with(b"\xEF\xBB\xBF") => self.at += 3,
                b'/' if self.bytes.get(self.at + 1) == Some(&b'/') => self.pass_until(b"\n"),
                b'/' if self.bytes.get(self.at + 1) == Some(&b'*') => self.pass_until(b"*/"),
                other => return Some(*other),
            }
        }
        None
    }

    fn pass_until(&mut self, end: &[u8]) {
        let rest = self.bytes.get(self.at + 2..).unwrap_or_default();
        self.at = memchr::memmem::find(rest, end).map_or(self.bytes.len(), |found| self.at + 2 + found + end.len());
    }

    /// One value; `start` is where its key starts, if it has one. Leaves `at` alone where no value stands.
    fn value(&mut self, start: Option<usize>, group: u32, depth: usize) {
        let Some(first) = self.skip_to_token() else { return };
        let from = start.unwrap_or(self.at);
        match first {
            b'{' | b'[' if depth >= MAX_DEPTH => {
                self.out.partial = true;
                self.at = self.bytes.len();
            }
            b'{' => {
                let group = self.out.group();
                self.members(group, depth);
            }
            b'[' => self.items(group, depth),
            b'"' | b'\'' => {
                let raw = self.quoted();
                let value = if raw.contains('\\') { Cow::Owned(unescape(raw)) } else { Cow::Borrowed(raw) };
                self.out.push(&self.path, &value, from, self.at, group);
            }
            _ => {
                let word = self.word();
                if !word.is_empty() {
                    self.out.push(&self.path, word, from, self.at, group);
                }
            }
        }
    }

    fn members(&mut self, group: u32, depth: usize) {
        self.at += 1;
        loop {
            match self.skip_to_token() {
                None => return self.out.partial = true,
                Some(b'}') => return self.at += 1,
                Some(b',') => self.at += 1,
                Some(first) => {
                    let start = self.at;
                    let key = if matches!(first, b'"' | b'\'') { self.quoted() } else { self.word() };
                    if self.at == start || self.skip_to_token() != Some(b':') {
                        self.out.partial = true;
                        self.at = self.at.max(start + 1);
                        continue;
                    }
                    self.at += 1;
                    let before = self.enter(key);
                    self.value(Some(start), group, depth + 1);
                    self.path.truncate(before);
                }
            }
        }
    }

    fn items(&mut self, group: u32, depth: usize) {
        self.at += 1;
        let mut index = 0_u32;
        loop {
            match self.skip_to_token() {
                None => return self.out.partial = true,
                Some(b']') => return self.at += 1,
                Some(b',') => self.at += 1,
                Some(_) => {
                    let start = self.at;
                    let before = self.enter(&index.to_string());
                    self.value(None, group, depth + 1);
                    self.path.truncate(before);
                    index += 1;
                    if self.at == start {
                        self.out.partial = true;
                        self.at += 1;
                    }
                }
            }
        }
    }

    /// What stands between the quotes, escapes as written.
    fn quoted(&mut self) -> &'t str {
        let quote = self.bytes[self.at];
        let start = self.at + 1;
        let mut from = start;
        loop {
            let rest = self.bytes.get(from..).unwrap_or_default();
            match memchr::memchr2(quote, b'\\', rest) {
                Some(found) if rest[found] == b'\\' => from += found + 2,
                Some(found) => {
                    self.at = from + found + 1;
                    return self.text.get(start..from + found).unwrap_or_default();
                }
                None => {
                    self.out.partial = true;
                    self.at = self.bytes.len();
                    return self.text.get(start..).unwrap_or_default();
                }
            }
        }
    }

    /// A number, `true`, `false`, `null`, or a key without quotes.
    fn word(&mut self) -> &'t str {
        let start = self.at;
        let ends = |byte: &u8| {
            byte.is_ascii_whitespace()
                || matches!(byte, b',' | b':' | b'{' | b'}' | b'[' | b']' | b'"' | b'\'' | b'/' | b'#')
        };
        let rest = &self.bytes[start..];
        self.at = start + rest.iter().position(ends).unwrap_or(rest.len());
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Appends a segment to the key path; the length before it.
    fn enter(&mut self, segment: &str) -> usize {
        let before = self.path.len();
        if before > 0 && !segment.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(segment);
        before
    }
}
