//! Nested formats by their tree-sitter grammars: YAML, TOML.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use tree_sitter::Node;

use super::super::grammars;
use super::{Collector, unescape, unquote};

/// Nodes deeper than this are passed over.
pub(super) const MAX_DEPTH: usize = 160;

/// Aliases of one file that are followed.
const MAX_ALIASES: usize = 400;

/// TOML.
pub(super) fn toml(text: &str, out: &mut Collector) {
    run(&tree_sitter_toml_ng::LANGUAGE.into(), text, text, out);
}

/// YAML; template marks (`{{ … }}`, `{% … %}`, `<% … %>`) are masked while parsing. Where the grammar still finds errors,
/// the file is read by its indentation alone.
pub(super) fn yaml(text: &str, out: &mut Collector) {
    let masked = mask_templates(text);
    let Some(tree) = grammars::parse(&tree_sitter_yaml::LANGUAGE.into(), &masked) else { return indented(text, out) };
    if tree.root_node().has_error() {
        out.partial = true;
        return indented(text, out);
    }
    let mut anchors = FxHashMap::default();
    if text.contains('&') && text.contains('*') {
        collect_anchors(tree.root_node(), text, &mut anchors, 0);
    }
    Walk { text, out, path: String::new(), anchors, expanded: 0 }.node(tree.root_node(), None, 0, 0);
}

/// The nodes that anchors (`&name`) stand at.
fn collect_anchors<'t>(node: Node<'t>, text: &str, found: &mut FxHashMap<String, Node<'t>>, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    let mut cursor = node.walk();
    for child in node.named_children(&mut cursor) {
        if child.kind() == "anchor" {
            let name = text.get(child.byte_range()).unwrap_or("").trim_start_matches('&');
            found.insert(name.to_owned(), node);
        } else {
            collect_anchors(child, text, found, depth + 1);
        }
    }
}

fn run(language: &tree_sitter::Language, parsed: &str, text: &str, out: &mut Collector) {
    let Some(tree) = grammars::parse(language, parsed) else {
        out.partial = true;
        return;
    };
    out.partial |= tree.root_node().has_error();
    Walk { text, out, path: String::new(), anchors: FxHashMap::default(), expanded: 0 }.node(
        tree.root_node(),
        None,
        0,
        0,
    );
}

/// Template marks replaced byte for byte, so that positions stay: a line that holds nothing else becomes blank, a mark
/// inside a line becomes a plain word.
fn mask_templates(text: &str) -> Cow<'_, str> {
    if !["{{", "{%", "<%"].iter().any(|mark| text.contains(mark)) {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for (open, close) in [("{{", "}}"), ("{%", "%}"), ("<%", "%>")] {
        let mut at = 0;
        while let Some(start) = text[at..].find(open).map(|offset| at + offset) {
            let Some(end) = text[start..].find(close).map(|offset| start + offset + close.len()) else { break };
            let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
            let line_end = text[end..].find('\n').map_or(text.len(), |newline| end + newline);
            let alone = blank(&bytes[line_start..start]) && only_marks(&text[end..line_end]);
            for byte in &mut bytes[start..end] {
                if !matches!(byte, b'\n' | b'\r') {
                    *byte = if alone { b' ' } else { b'_' };
                }
            }
            at = end;
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

/// Nothing, or further template marks.
fn only_marks(rest: &str) -> bool {
    let rest = rest.trim();
    rest.is_empty()
        || rest.starts_with('#')
        || rest.starts_with("{{")
        || rest.starts_with("<%")
        || rest.starts_with("{%")
}

struct Walk<'t, 'o, 'a, 'n> {
    text: &'t str,
    out: &'o mut Collector<'a>,
    path: String,
    /// What aliases stand for.
    anchors: FxHashMap<String, Node<'n>>,
    /// Aliases that were followed.
    expanded: usize,
}

impl Walk<'_, '_, '_, '_> {
    /// Visits a node; `whole` is the pair (start, end) that an entry of this node shall span.
    fn node(&mut self, node: Node, whole: Option<(usize, usize)>, group: u32, depth: usize) {
        if depth > MAX_DEPTH {
            self.out.partial = true;
            return;
        }
        match node.kind() {
            "block_mapping" | "flow_mapping" | "inline_table" => {
                let group = self.out.group();
                self.children(node, None, group, depth);
            }
            "alias" if self.follows(node) => {
                let target = self.anchors.get(self.source(node).trim_start_matches('*')).copied();
                if let Some(target) = target {
                    self.expanded += 1;
                    // What it stands for is reported where it stands.
                    self.node(target, None, group, depth + 8);
                }
            }
            "block_sequence" | "flow_sequence" | "array" => {
                let mut cursor = node.walk();
                let items: Vec<Node> =
                    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect();
                for (index, item) in items.into_iter().enumerate() {
                    let before = self.enter(&index.to_string());
                    self.node(item, Some((item.start_byte(), item.end_byte())), group, depth + 1);
                    self.path.truncate(before);
                }
            }
            "block_mapping_pair" | "flow_pair" | "pair" => self.pair(node, group, depth),
            "table" | "table_array_element" => self.table(node, depth),
            "document" if node.parent().is_none() && node.child(0).is_some_and(|c| c.kind() == "pair") => {
                let group = self.out.group();
                self.children(node, None, group, depth);
            }
            "plain_scalar"
            | "double_quote_scalar"
            | "single_quote_scalar"
            | "block_scalar"
            | "string"
            | "number"
            | "integer"
            | "float"
            | "boolean"
            | "true"
            | "false"
            | "null"
            | "offset_date_time"
            | "local_date_time"
            | "local_date"
            | "local_time"
            | "alias" => {
                let value = self.scalar(node);
                let (start, end) = whole.unwrap_or((node.start_byte(), node.end_byte()));
                self.out.push(&self.path, &value, start, end, group);
            }
            "comment" | "anchor" | "tag" => {}
            _ => self.children(node, whole, group, depth),
        }
    }

    fn children(&mut self, node: Node, whole: Option<(usize, usize)>, group: u32, depth: usize) {
        let mut cursor = node.walk();
        let children: Vec<Node> = node.named_children(&mut cursor).collect();
        for child in children {
            self.node(child, whole, group, depth + 1);
        }
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

    fn pair(&mut self, node: Node, group: u32, depth: usize) {
        let mut cursor = node.walk();
        let named: Vec<Node> = node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect();
        let key = node.child_by_field_name("key").or_else(|| named.first().copied());
        let value = node.child_by_field_name("value").or_else(|| named.get(1).copied()).filter(|v| Some(*v) != key);
        let segment = key.map_or_else(String::new, |key| self.key(key));
        if segment == "<<"
            && let Some(value) = value
        {
            return self.merge(node, value, depth);
        }
        let before = self.enter(&segment);
        let whole = (node.start_byte(), node.end_byte());
        match value {
            Some(value) => self.node(value, Some(whole), group, depth + 1),
            None => self.out.push(&self.path, "", whole.0, whole.1, group),
        }
        self.path.truncate(before);
    }

    /// True where an alias can be followed: its anchor is known, and not too many were followed before.
    fn follows(&self, alias: Node) -> bool {
        self.expanded < MAX_ALIASES && self.anchors.contains_key(self.source(alias).trim_start_matches('*'))
    }

    /// A merge key (`<<: *base`): the entries of the other map, but for those that this one has itself.
    fn merge(&mut self, pair: Node, value: Node, depth: usize) {
        let own: Vec<String> = pair.parent().map_or_else(Vec::new, |map| {
            let mut cursor = map.walk();
            let keys = map.named_children(&mut cursor).filter_map(|pair| pair.child_by_field_name("key"));
            keys.map(|key| self.key(key)).collect()
        });
        let mut aliases = Vec::new();
        find_aliases(value, &mut aliases, 0);
        for alias in aliases {
            if !self.follows(alias) || depth > MAX_DEPTH {
                continue;
            }
            self.expanded += 1;
            let Some(target) = self.anchors.get(self.source(alias).trim_start_matches('*')).copied() else { continue };
            let mut cursor = target.walk();
            let maps: Vec<Node> =
                target.named_children(&mut cursor).filter(|child| child.kind().ends_with("_mapping")).collect();
            for map in maps {
                let group = self.out.group();
                let mut cursor = map.walk();
                let pairs: Vec<Node> = map.named_children(&mut cursor).collect();
                for pair in pairs {
                    let key = pair.child_by_field_name("key").map(|key| self.key(key));
                    if key.is_some_and(|key| key == "<<" || !own.contains(&key)) {
                        self.pair(pair, group, depth + 8);
                    }
                }
            }
        }
    }

    /// A TOML table: its key is the first child, pairs follow.
    fn table(&mut self, node: Node, depth: usize) {
        let group = self.out.group();
        let mut cursor = node.walk();
        let named: Vec<Node> = node.named_children(&mut cursor).collect();
        let keys = ["bare_key", "dotted_key", "quoted_key"];
        let segment =
            named.iter().find(|child| keys.contains(&child.kind())).map_or_else(String::new, |key| self.key(*key));
        let before = self.enter(&segment);
        for child in named.into_iter().filter(|child| child.kind() == "pair") {
            self.node(child, None, group, depth + 1);
        }
        self.path.truncate(before);
    }

    fn source(&self, node: Node) -> &str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    /// A key as text; parts of dotted TOML keys lose quotes and blanks.
    fn key(&self, node: Node) -> String {
        if node.kind() == "dotted_key" {
            return self.source(node).split('.').map(|part| unquote(part).to_owned()).collect::<Vec<_>>().join(".");
        }
        unquote(self.source(node)).to_owned()
    }

    fn scalar(&self, node: Node) -> String {
        let raw = self.source(node);
        match node.kind() {
            "double_quote_scalar" => fold(&unescape(unquote(raw))),
            "single_quote_scalar" => fold(&unquote(raw).replace("''", "'")),
            "plain_scalar" => fold(raw),
            "block_scalar" => block(raw),
            "string" if raw.starts_with("\"\"\"") && raw.len() >= 6 => {
                unescape(raw[3..raw.len() - 3].trim_start_matches('\n'))
            }
            "string" if raw.starts_with("'''") && raw.len() >= 6 => {
                raw[3..raw.len() - 3].trim_start_matches('\n').to_owned()
            }
            "string" if raw.starts_with('\'') => unquote(raw).to_owned(),
            "string" => unescape(unquote(raw)),
            _ => raw.to_owned(),
        }
    }
}

/// The aliases of a merge key's value: one, or a list of them.
fn find_aliases<'t>(node: Node<'t>, found: &mut Vec<Node<'t>>, depth: usize) {
    if node.kind() == "alias" {
        found.push(node);
    } else if depth < 4 {
        let mut cursor = node.walk();
        let children: Vec<Node> = node.named_children(&mut cursor).collect();
        children.into_iter().for_each(|child| find_aliases(child, found, depth + 1));
    }
}

/// A flow scalar over several lines reads as one.
fn fold(text: &str) -> String {
    if text.contains('\n') { text.lines().map(str::trim).collect::<Vec<_>>().join(" ") } else { text.to_owned() }
}

/// The lines of a block scalar (`|`, `>`) without the header and the common indentation.
fn block(raw: &str) -> String {
    let lines: Vec<&str> = raw.lines().skip(1).collect();
    let indent = lines
        .iter()
        .filter(|l| !l.trim().is_empty())
        .map(|l| l.len() - l.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    lines.iter().map(|line| line.get(indent..).unwrap_or("")).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// An open level of indented reading: column, length of the path before it, group, next list position.
struct Level {
    column: usize,
    path: usize,
    group: u32,
    next: usize,
    list: bool,
}

/// YAML by indentation: `key: value` and `- item`, for files that are no YAML until a template was filled in.
pub(super) fn indented(text: &str, out: &mut Collector) {
    let mut path = String::new();
    let mut levels: Vec<Level> = Vec::new();
    let mut start_of_line = 0;
    let mut literal: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let line_start = start_of_line;
        start_of_line += line.len();
        let content = line.trim_end();
        let mut column = content.len() - content.trim_start_matches([' ', '\t']).len();
        let mut rest = &content[column..];
        if rest.is_empty()
            || rest.starts_with(['#', '%'])
            || rest.starts_with("//")
            || rest.starts_with("{{")
            || rest.starts_with("<%")
            || rest.starts_with("{%")
        {
            continue;
        }
        if literal.is_some_and(|parent| column > parent) {
            continue;
        }
        literal = None;
        if rest.starts_with("---") {
            levels.clear();
            path.clear();
            continue;
        }
        // List items may nest on one line (`- - a`), each is a level of its own.
        while let Some(item) = rest.strip_prefix("- ").or_else(|| (rest == "-").then_some("")) {
            level(&mut levels, &mut path, column, true, out);
            let Some(list) = levels.last_mut() else { break };
            path.truncate(list.path);
            let index = list.next.to_string();
            list.next += 1;
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&index);
            let trimmed = item.trim_start();
            column += rest.len() - trimmed.len();
            rest = trimmed;
            if levels.len() > MAX_DEPTH {
                return;
            }
        }
        let (start, end) = (line_start + column, line_start + content.len());
        let Some((key, value)) = split_key(rest) else {
            if !rest.is_empty() && levels.last().is_some_and(|level| level.list) {
                let group = levels.last().map_or(0, |level| level.group);
                out.push(&path, &scalar_text(rest), start, end, group);
            }
            continue;
        };
        if levels.len() > MAX_DEPTH {
            return;
        }
        level(&mut levels, &mut path, column, false, out);
        let Some(map) = levels.last() else { continue };
        path.truncate(map.path);
        let group = map.group;
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(unquote(key));
        if value.starts_with(['|', '>']) && value.len() <= 3 {
            literal = Some(column);
        } else if !value.is_empty() && !value.starts_with('&') && !matches!(value, "{" | "[") {
            out.push(&path, &scalar_text(value), start, end, group);
        }
    }
}

/// Closes deeper levels and opens one at this column if there is none.
fn level(levels: &mut Vec<Level>, path: &mut String, column: usize, list: bool, out: &mut Collector) {
    // A list may stand in the column of the key that it belongs to.
    let deeper = |level: &Level| level.column > column || level.column == column && level.list && !list;
    while levels.last().is_some_and(deeper) {
        if let Some(level) = levels.pop() {
            path.truncate(level.path);
        }
    }
    if !levels.last().is_some_and(|level| level.column == column && level.list == list) {
        let group = if list { levels.last().map_or(0, |level| level.group) } else { out.group() };
        levels.push(Level { column, path: path.len(), group, next: 0, list });
    }
}

/// `key: value` or `key:`; the colon stands outside quotes.
fn split_key(line: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') if at == 0 => quote = Some(c),
            (None, ':') if line[at + 1..].is_empty() || line[at + 1..].starts_with([' ', '\t']) => {
                return (at > 0).then(|| (line[..at].trim(), line[at + 1..].trim()));
            }
            _ => {}
        }
    }
    None
}

/// A scalar without quotes and without the comment behind it.
fn scalar_text(value: &str) -> String {
    if let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let end = value[1..].rfind(quote).map_or(value.len(), |end| end + 1);
        return value[1..end].to_owned();
    }
    value.split(" #").next().unwrap_or(value).trim_end().to_owned()
}
