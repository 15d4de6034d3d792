//! Formats of one setting per line: Java properties, environment files, and INI with all its relatives.

use rustc_hash::FxHashMap;

use super::{Collector, unescape, unquote};

/// The lines of a text with the byte position of each, line ends removed.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches(['\n', '\r']))
    })
}

/// Java properties: `=`, `:` or a blank between key and value, a backslash at the end continues the line.
pub(super) fn properties(text: &str, out: &mut Collector) {
    // Keys with the same prefix (`db.host`, `db.port`) are neighbours.
    let mut groups: FxHashMap<String, u32> = FxHashMap::default();
    let mut all = lines(text);
    while let Some((start, line)) = all.next() {
        let indent = line.len() - line.trim_start().len();
        let line_text = line.trim_start();
        if line_text.is_empty() || line_text.starts_with(['#', '!']) {
            continue;
        }
        let (mut logical, mut end) = (line_text.to_owned(), start + line.len());
        while continues(&logical) {
            logical.pop();
            let Some((next_start, next)) = all.next() else { break };
            end = next_start + next.len();
            logical.push_str(next.trim_start());
        }
        let (key, value) = split_property(&logical);
        let prefix = key.rsplit_once('.').map_or("", |(prefix, _)| prefix);
        let group = match groups.get(prefix) {
            Some(group) => *group,
            None => {
                let group = out.group();
                groups.insert(prefix.to_owned(), group);
                group
            }
        };
        out.push(&unescape(key), &unescape(value.trim_end()), start + indent, end, group);
    }
}

/// True when an odd number of backslashes ends the line.
fn continues(line: &str) -> bool {
    line.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// Key and value of a logical line of properties.
fn split_property(line: &str) -> (&str, &str) {
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '=' | ':' => return (&line[..at], line[at + 1..].trim_start()),
            ' ' | '\t' => {
                let rest = line[at..].trim_start();
                return (&line[..at], rest.strip_prefix(['=', ':']).unwrap_or(rest).trim_start());
            }
            _ => {}
        }
    }
    (line, "")
}

/// Environment files: `NAME=value`, `export NAME=value`, quotes, comments behind a blank and `#`.
pub(super) fn env(text: &str, out: &mut Collector) {
    let group = out.group();
    let mut all = lines(text);
    while let Some((start, line)) = all.next() {
        let indent = line.len() - line.trim_start().len();
        let content = line.trim_start();
        let content = content.strip_prefix("export ").unwrap_or(content);
        let Some((key, value)) = content.split_once('=') else { continue };
        let key = key.trim();
        if key.is_empty() || !key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-')) {
            continue;
        }
        let mut value = value.trim().to_owned();
        let mut end = start + line.len();
        if let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            let mut further = 0;
            while !value[1..].contains(quote) && further < 50 {
                let Some((next_start, next)) = all.next() else { break };
                end = next_start + next.len();
                value.push('\n');
                value.push_str(next);
                further += 1;
            }
            value = value[1..].split(quote).next().unwrap_or("").to_owned();
        } else if let Some(at) = value.find(" #") {
            value.truncate(at);
        }
        out.push(key, value.trim_end(), start + indent, end, group);
    }
}

/// INI: `[section]`, `key = value` or `key: value`, bare keys; further values on indented lines; `#` and `;` for comments.
pub(super) fn ini(text: &str, out: &mut Collector) {
    let mut section = String::new();
    let mut group = out.group();
    let mut pending: Option<Pending> = None;
    for (start, line) in lines(text) {
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        if let Some(inner) =
            content.strip_prefix('[').and_then(|rest| rest.split_once(']')).filter(|(_, rest)| bare_end(rest))
        {
            flush(&mut pending, &section, group, out);
            section = unquote(inner.0).trim().to_owned();
            group = out.group();
            continue;
        }
        let split = split_ini(content);
        if indent > 0
            && let Some(open) = pending.as_mut()
            && ((open.value.is_empty() || open.folded) && open.indent < indent || split.is_none())
        {
            if !open.value.is_empty() {
                open.value.push('\n');
            }
            open.value.push_str(content);
            open.folded = true;
            open.end = start + line.len();
            continue;
        }
        flush(&mut pending, &section, group, out);
        let (key, value) = split.unwrap_or((content, ""));
        let value = strip_comment(value).trim();
        pending = Some(Pending {
            key: key.trim().to_owned(),
            value: unquote(value).to_owned(),
            folded: false,
            indent,
            start: start + indent,
            end: start + line.len(),
        });
    }
    flush(&mut pending, &section, group, out);
}

/// An entry whose value may go on.
struct Pending {
    key: String,
    value: String,
    /// True when the value goes on over several lines.
    folded: bool,
    indent: usize,
    start: usize,
    end: usize,
}

fn flush(pending: &mut Option<Pending>, section: &str, group: u32, out: &mut Collector) {
    if let Some(entry) = pending.take() {
        let key = if section.is_empty() { entry.key } else { format!("{section}.{}", entry.key) };
        out.push(&key, &entry.value, entry.start, entry.end, group);
    }
}

/// Nothing but a comment.
fn bare_end(rest: &str) -> bool {
    let rest = rest.trim();
    rest.is_empty() || rest.starts_with([';', '#'])
}

/// The first `=`, or a `:` that comes before it; a key holds no quotes.
fn split_ini(line: &str) -> Option<(&str, &str)> {
    let at = line.find(['=', ':'])?;
    let (key, value) = (&line[..at], &line[at + 1..]);
    (!key.trim().is_empty() && !key.contains(['"', '\''])).then_some((key, value))
}

/// The value without a comment behind a blank and `;` (outside quotes), as php.ini and supervisord write them.
fn strip_comment(value: &str) -> &str {
    let trimmed = value.trim_start();
    if trimmed.starts_with(['"', '\'']) {
        let quote = &trimmed[..1];
        if let Some(end) = trimmed[1..].find(quote) {
            let rest = trimmed[end + 2..].trim_start();
            return if bare_end(rest) { &trimmed[..end + 2] } else { trimmed };
        }
    }
    [" ;", "\t;"].iter().filter_map(|mark| trimmed.find(mark)).min().map_or(trimmed, |at| &trimmed[..at])
}
