//! XML by a scanner of its own, which goes on behind stray `<` and `&` and missing end tags.
//!
//! Attributes belong to the group of their element. The text of an element without attributes belongs to the group of its
//! parent, so that `<host>` and `<port>` beside each other are neighbours; with attributes it belongs to its own
//! (`<param name="File">a.log</param>`).

use super::Collector;

/// Elements deeper than this are passed over.
const MAX_DEPTH: usize = 256;

/// An element that is open.
struct Open {
    name: String,
    /// Length of the key path before the element.
    before: usize,
    start: usize,
    group: u32,
    attributes: bool,
    children: bool,
    texts: Vec<(usize, usize, String)>,
}

/// Reads the elements, attributes and texts of a document.
pub(super) fn xml(text: &str, out: &mut Collector) {
    let root = out.group();
    let mut path = String::new();
    let mut stack: Vec<Open> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let Some(next) = text[at..].find('<').map(|offset| at + offset) else { break };
        add_text(&mut stack, text, at, next);
        let rest = &text[next..];
        if let Some(end) = skipped(rest) {
            if let Some(inner) = rest.strip_prefix("<![CDATA[")
                && let Some(open) = stack.last_mut()
            {
                let inner = inner.split("]]>").next().unwrap_or(inner).trim();
                if !inner.is_empty() {
                    open.texts.push((next, next + end, inner.to_owned()));
                }
            }
            at = next + end;
        } else if let Some(name) = rest.strip_prefix("</") {
            let length = name.find('>').map_or(rest.len(), |end| end + 3);
            let name = name[..name.find('>').unwrap_or(name.len())].trim();
            at = next + length;
            // An end tag closes what was left open inside; one without a beginning is passed over.
            if let Some(index) = stack.iter().rposition(|open| open.name == name) {
                out.partial |= index + 1 != stack.len();
                while stack.len() > index {
                    close(&mut stack, &mut path, root, at, out);
                }
            } else {
                out.partial = true;
            }
        } else if rest[1..].starts_with(|c: char| c.is_alphabetic() || c == '_') {
            at = open_tag(text, next, &mut stack, &mut path, root, out);
        } else {
            out.partial = true;
            at = next + 1;
        }
    }
    while !stack.is_empty() {
        out.partial = true;
        close(&mut stack, &mut path, root, text.len(), out);
    }
}

/// Length of a comment, declaration, CDATA section, or template tag at the start of `rest`.
fn skipped(rest: &str) -> Option<usize> {
    for (start, end) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<%", "%>")] {
        if rest.starts_with(start) {
            return Some(rest.find(end).map_or(rest.len(), |at| at + end.len()));
        }
    }
    if !rest.starts_with("<!") {
        return None;
    }
    // DOCTYPE with an internal subset in brackets.
    let close = rest.find('>').unwrap_or(rest.len() - 1);
    let end = match rest.find('[') {
        Some(open) if open < close => rest.find("]>").map_or(close + 1, |at| at + 2),
        _ => close + 1,
    };
    Some(end)
}

fn add_text(stack: &mut [Open], text: &str, start: usize, end: usize) {
    let Some(open) = stack.last_mut() else { return };
    let raw = &text[start..end];
    let trimmed = raw.trim();
    if !trimmed.is_empty() {
        let start = start + (raw.len() - raw.trim_start().len());
        open.texts.push((start, start + trimmed.len(), decode(trimmed)));
    }
}

/// Reads a start tag and its attributes; the position behind it.
fn open_tag(
    text: &str,
    start: usize,
    stack: &mut Vec<Open>,
    path: &mut String,
    root: u32,
    out: &mut Collector,
) -> usize {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while at < bytes.len() && !matches!(bytes[at], b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/' | b'<') {
        at += 1;
    }
    let name = text[start + 1..at].to_owned();
    if let Some(parent) = stack.last_mut() {
        parent.children = true;
    }
    let before = path.len();
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(&name);
    let group = out.group();
    let mut open = Open { name, before, start, group, attributes: false, children: false, texts: Vec::new() };
    loop {
        while at < bytes.len() && bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        match bytes.get(at) {
            None => break,
            Some(b'>') => {
                at += 1;
                if stack.len() >= MAX_DEPTH {
                    out.partial = true;
                    path.truncate(before);
                    return at;
                }
                stack.push(open);
                return at;
            }
            Some(b'/') if bytes.get(at + 1) == Some(&b'>') => {
                at += 2;
                break;
            }
            Some(b'<') => {
                // A template tag among the attributes, or a tag that was never closed.
                match skipped(&text[at..]) {
                    Some(length) => at += length,
                    None => {
                        out.partial = true;
                        stack.push(open);
                        return at;
                    }
                }
            }
            Some(_) => at = attribute(text, at, path, &mut open, out),
        }
    }
    // An empty element; without attributes it is a bare key.
    if !open.attributes {
        let parent = stack.last().map_or(root, |parent| parent.group);
        out.push(path, "", start, at, parent);
    }
    path.truncate(before);
    at
}

/// Reads one attribute; the position behind it, always beyond `at`.
fn attribute(text: &str, at: usize, path: &str, open: &mut Open, out: &mut Collector) -> usize {
    let rest = &text[at..];
    let name_end =
        rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '<') || c == '/').unwrap_or(rest.len());
    let first = rest.chars().next().map_or(1, char::len_utf8);
    let name = &rest[..name_end];
    let behind = rest[name_end..].trim_start();
    if name.is_empty() {
        return at + first;
    }
    let Some(value) = behind.strip_prefix('=').map(str::trim_start) else { return at + name_end };
    let value_at = text.len() - value.len();
    let (inner, end) = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let length = value[1..].find(quote).unwrap_or(value.len() - 1);
            (&value[1..=length], (value_at + length + 2).min(text.len()))
        }
        _ => {
            let length = value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len());
            (&value[..length], value_at + length)
        }
    };
    open.attributes = true;
    out.push(&format!("{path}@{name}"), &decode(inner), at, end, open.group);
    end.max(at + first)
}

fn close(stack: &mut Vec<Open>, path: &mut String, root: u32, end: usize, out: &mut Collector) {
    let Some(open) = stack.pop() else { return };
    let parent = stack.last().map_or(root, |parent| parent.group);
    let group = if open.attributes { open.group } else { parent };
    if open.children {
        for (start, end, text) in &open.texts {
            out.push(path, text, *start, *end, open.group);
        }
    } else if !open.texts.is_empty() {
        let joined = open.texts.iter().map(|(_, _, text)| text.as_str()).collect::<Vec<_>>().join(" ");
        out.push(path, &joined, open.start, end, group);
    } else if !open.attributes {
        out.push(path, "", open.start, end, group);
    }
    path.truncate(open.before);
}

/// Resolves the five named entities and numeric ones; others stay as written.
fn decode(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(end) = rest.find(';').filter(|end| *end <= 10) else {
            out.push('&');
            rest = &rest[1..];
            continue;
        };
        let entity = &rest[1..end];
        let character = match entity {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => match entity.strip_prefix("#x").or_else(|| entity.strip_prefix("#X")) {
                Some(hex) => u32::from_str_radix(hex, 16).ok().and_then(char::from_u32),
                None => entity.strip_prefix('#').and_then(|number| number.parse().ok()).and_then(char::from_u32),
            },
        };
        match character {
            Some(c) => out.push(c),
            None => out.push_str(&rest[..=end]),
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}
