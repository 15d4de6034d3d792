//! Configuration in keys and values (properties, YAML, JSON, TOML, INI, XML, environment files) as entries.
//!
//! Never fails: what cannot be read is passed over and said in `partial`. Placeholders (`${VAR:default}`) stay text.

mod json;
mod lines;
mod tree;
mod xml;

use rustc_hash::FxHashSet;

use super::{pipeline, services};
use crate::facts::{Descriptor, Entry, EntryFormat, FileFacts, Interest, Language, Name, Span};

/// Entries of one file above which only those in groups that somebody asked for are kept (translations, data sets).
const KEEP_ALL_UP_TO: usize = 400;

/// Longest value that is kept, in bytes.
const MAX_VALUE: usize = 8 * 1024;

/// What a configuration file says; `language` is one of the ids of this module, others give no entries.
#[must_use]
pub fn extract(language: Language, path: &str, text: &str, interest: &dyn Interest) -> FileFacts {
    let format = match language.0 {
        "properties" => EntryFormat::Properties,
        "yaml" => EntryFormat::Yaml,
        "json" => EntryFormat::Json,
        "toml" => EntryFormat::Toml,
        "ini" => EntryFormat::Ini,
        "xml" => EntryFormat::Xml,
        "env" => EntryFormat::Env,
        _ => return FileFacts { lines: line_count(text), ..FileFacts::default() },
    };
    let mut out = Collector::new(text, format);
    match format {
        EntryFormat::Properties => lines::properties(text, &mut out),
        EntryFormat::Env => lines::env(text, &mut out),
        // Hjson: braces without commas, but laid out by indentation as people write it.
        EntryFormat::Yaml if path.ends_with(".hjson") => tree::indented(text, &mut out),
        EntryFormat::Yaml => tree::yaml(text, &mut out),
        EntryFormat::Json => json::json(text, &mut out),
        EntryFormat::Toml => tree::toml(text, &mut out),
        EntryFormat::Xml => {
            xml::xml(text, &mut out);
            if path.ends_with(".plist") {
                out.pair_property_list();
            }
        }
        _ => lines::ini(text, &mut out),
    }
    let descriptor = if matches!(format, EntryFormat::Yaml | EntryFormat::Ini) { out.describe(path) } else { None };
    FileFacts { descriptor: descriptor.map(Box::new), ..out.finish(interest) }
}

/// A text that has no settings, but describes something.
pub(super) fn lines_only(text: &str, describe: impl Fn(&Collector) -> Option<Descriptor>) -> FileFacts {
    let out = Collector::new(text, EntryFormat::Ini);
    FileFacts {
        lines: line_count(text),
        pragmas: pragmas(text),
        descriptor: describe(&out).map(Box::new),
        ..FileFacts::default()
    }
}

/// INI text met in a file of another kind.
pub(super) fn ini(text: &str, interest: &dyn Interest) -> FileFacts {
    let mut out = Collector::new(text, EntryFormat::Ini);
    lines::ini(text, &mut out);
    out.finish(interest)
}

/// Lines of a text, the last one counted even without a line end.
pub(super) fn line_count(text: &str) -> u32 {
    u32::try_from(text.lines().count()).unwrap_or(u32::MAX)
}

/// Gathers entries, and knows which byte stands on which line.
pub(super) struct Collector<'a> {
    text: &'a str,
    format: EntryFormat,
    line_starts: Vec<usize>,
    entries: Vec<Entry>,
    groups: u32,
    /// Set when some part could not be read.
    pub partial: bool,
}

impl<'a> Collector<'a> {
    /// Apple's property lists: `<key>StandardOutPath</key><string>/x</string>` becomes one entry `…dict.StandardOutPath`.
    fn pair_property_list(&mut self) {
        self.entries.sort_by_key(|entry| (entry.span.start, entry.span.end));
        let mut paired: Vec<Entry> = Vec::with_capacity(self.entries.len());
        for entry in self.entries.drain(..) {
            match paired.last_mut() {
                Some(key) if key.key.ends_with(".dict.key") && !entry.key.ends_with(".dict.key") => {
                    let above = key.key.trim_end_matches("key");
                    *key = Entry {
                        key: Name::from(format!("{above}{}", key.value)),
                        value: entry.value,
                        span: Span { end: entry.span.end, end_line: entry.span.end_line, ..key.span },
                        ..entry
                    };
                }
                _ => paired.push(entry),
            }
        }
        self.entries = paired;
    }

    pub fn new(text: &'a str, format: EntryFormat) -> Collector<'a> {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        let line_starts = std::iter::once(0).chain(ends).collect();
        Collector { text, format, line_starts, entries: Vec::new(), groups: 0, partial: false }
    }

    /// The number of a new container.
    pub fn group(&mut self) -> u32 {
        self.groups += 1;
        self.groups - 1
    }

    /// The span of a byte range, trailing white space left out.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let start = start.min(self.text.len());
        let end = end.clamp(start, self.text.len());
        let kept = self.text.as_bytes()[start..end].iter().rposition(|byte| !byte.is_ascii_whitespace());
        let end = kept.map_or(start, |at| start + at + 1);
        let line = self.line_starts.partition_point(|at| *at <= start);
        let end_line = self.line_starts.partition_point(|at| *at < end.max(start + 1)).max(line);
        let column = start - self.line_starts[line - 1] + 1;
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Span {
            start: small(start),
            end: small(end),
            line: small(line),
            end_line: small(end_line),
            column: small(column),
        }
    }

    /// Adds an entry that stands in `start..end`.
    pub fn push(&mut self, key: &str, value: &str, start: usize, end: usize, group: u32) {
        let mut cut = value.len().min(MAX_VALUE);
        while !value.is_char_boundary(cut) {
            cut -= 1;
        }
        let span = self.span(start, end);
        self.entries.push(Entry {
            key: Name::from(key),
            value: Name::from(&value[..cut]),
            span,
            format: self.format,
            group,
        });
    }

    /// The services or the pipeline that the entries describe.
    fn describe(&mut self, path: &str) -> Option<Descriptor> {
        self.entries.sort_by_key(|entry| (entry.span.start, entry.span.end));
        pipeline::describe(path, &self.entries).or_else(|| services::describe(path, self.text, &self.entries))
    }

    /// The facts: entries in file order; of very large files only the groups that somebody asked for.
    pub fn finish(mut self, interest: &dyn Interest) -> FileFacts {
        self.entries.sort_by_key(|entry| (entry.span.start, entry.span.end));
        if self.entries.len() > KEEP_ALL_UP_TO {
            let last = |key: &Name| key.rsplit(['.', '@']).next().unwrap_or("").to_owned();
            let wanted: FxHashSet<u32> =
                self.entries.iter().filter(|e| interest.literal(&e.value, &last(&e.key))).map(|e| e.group).collect();
            let flat = wanted.len() <= 1;
            // In a flat file all entries are neighbours, which says nothing: each is judged alone.
            self.entries
                .retain(|e| if flat { interest.literal(&e.value, &last(&e.key)) } else { wanted.contains(&e.group) });
        }
        let generated =
            self.text.lines().take(5).any(|line| line.contains("@generated") || line.contains("DO NOT EDIT"));
        FileFacts {
            lines: line_count(self.text),
            entries: self.entries,
            pragmas: pragmas(self.text),
            generated,
            partial: self.partial,
            ..FileFacts::default()
        }
    }
}

/// Comments that steer this program: the line, and what follows the marker.
pub(super) fn pragmas(text: &str) -> Vec<(u32, Name)> {
    const MARKER: &str = "breakbulk:ignore";
    if memchr::memmem::find(text.as_bytes(), MARKER.as_bytes()).is_none() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        if let Some((before, rest)) = line.split_once(MARKER)
            && ["#", ";", "!", "<!--", "//", "/*", "--"].iter().any(|mark| before.contains(mark))
        {
            let rest = rest.trim_end().trim_end_matches("-->").trim_end_matches("*/");
            found.push((number, Name::from(rest.trim())));
        }
    }
    found
}

/// A value without the quotes around it.
pub(super) fn unquote(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner;
        }
    }
    value
}

/// Resolves backslash escapes as JSON, YAML and TOML have them; unknown ones stay as written.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(c) = rest.chars().next() else { break };
        rest = &rest[c.len_utf8()..];
        match c {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            '"' | '\'' | '\\' | '/' | ' ' | ':' | '=' | '#' | '!' => out.push(c),
            'u' => match rest.get(..4).and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32) {
                Some(c) => {
                    out.push(c);
                    rest = &rest[4..];
                }
                None => out.push_str("\\u"),
            },
            other => {
                out.push('\\');
                out.push(other);
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests;
