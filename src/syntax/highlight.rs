//! Colours for the preview: what kind of thing each part of a few lines is.
//!
//! The grammars bring their own queries for this; Rust and formats without a grammar are told apart by their characters.

mod lexical;

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use tree_sitter::{Parser, Query, QueryCursor, StreamingIterator as _};

use crate::facts::Language;

/// What a piece of text is, as far as colours need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Highlight {
    /// Nothing special; pieces of this kind are not listed.
    #[default]
    Plain,
    Keyword,
    String,
    Comment,
    Number,
    /// A type, class, module or constructor.
    Type,
    /// A function, method or macro.
    Function,
    /// A constant, a truth value, an escape inside a string.
    Constant,
    /// A property, field, key, attribute or annotation.
    Property,
    /// An element of a markup language, a label.
    Tag,
}

/// Longer texts are shown without colours: parsing them would be felt at each step of the selection.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// For each line of `lines` (from 1, end excluded) the pieces that are not plain, as byte ranges within the line, in order.
/// Lines beyond the end of the text are empty; a language without a query gives what its characters tell, or nothing.
#[must_use]
pub fn highlight(language: Language, text: &str, lines: Range<u32>) -> Vec<Vec<(Range<usize>, Highlight)>> {
    let places = line_ranges(text, &lines);
    let window = match (places.first(), places.last()) {
        (Some(first), Some(last)) if text.len() <= MAX_BYTES => first.start..last.end,
        _ => return vec![Vec::new(); lines.len()],
    };
    let mut paint = vec![Highlight::Plain; window.len()];
    if !by_tree(language, text, &window, &mut paint) {
        lexical::paint(language, text, &window, &mut paint);
    }
    places.iter().map(|line| runs(&paint[line.start - window.start..line.end - window.start])).collect()
}

/// Byte ranges of the lines, line ends excluded.
fn line_ranges(text: &str, lines: &Range<u32>) -> Vec<Range<usize>> {
    let mut out = Vec::with_capacity(lines.len());
    let mut at = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        if number >= lines.end {
            break;
        }
        if number >= lines.start {
            out.push(at..at + line.trim_end_matches(['\n', '\r']).len());
        }
        at += line.len();
    }
    while out.len() < lines.len() {
        out.push(text.len()..text.len());
    }
    out
}

/// Neighbours of the same kind as one piece.
fn runs(paint: &[Highlight]) -> Vec<(Range<usize>, Highlight)> {
    let mut out: Vec<(Range<usize>, Highlight)> = Vec::new();
    for (at, kind) in paint.iter().enumerate() {
        match out.last_mut() {
            Some((range, known)) if *known == *kind && range.end == at => range.end = at + 1,
            _ if *kind == Highlight::Plain => {}
            _ => out.push((at..at + 1, *kind)),
        }
    }
    out
}

/// A grammar with its query and the kinds that its captures stand for.
struct Compiled {
    grammar: tree_sitter::Language,
    query: Query,
    kinds: Vec<Option<Highlight>>,
}

thread_local! {
    /// Compiled once per thread: only the thread that draws asks.
    static COMPILED: RefCell<FxHashMap<&'static str, Option<Rc<Compiled>>>> = RefCell::default();
}

fn compiled(key: &'static str) -> Option<Rc<Compiled>> {
    COMPILED.with_borrow_mut(|known| known.entry(key).or_insert_with(|| compile(key).map(Rc::new)).clone())
}

fn compile(key: &'static str) -> Option<Compiled> {
    let (grammar, queries) = grammar(key)?;
    // Where parts do not fit together, the first one alone is better than nothing.
    let query = Query::new(&grammar, &queries.concat()).or_else(|_| Query::new(&grammar, queries[0])).ok()?;
    let kinds = query.capture_names().iter().map(|name| kind(name)).collect();
    Some(Compiled { grammar, query, kinds })
}

fn grammar(key: &str) -> Option<(tree_sitter::Language, Vec<&'static str>)> {
    let javascript = tree_sitter_javascript::HIGHLIGHT_QUERY;
    Some(match key {
        "java" => (tree_sitter_java::LANGUAGE.into(), vec![tree_sitter_java::HIGHLIGHTS_QUERY]),
        "php" => (tree_sitter_php::LANGUAGE_PHP.into(), vec![tree_sitter_php::HIGHLIGHTS_QUERY]),
        "python" => (tree_sitter_python::LANGUAGE.into(), vec![tree_sitter_python::HIGHLIGHTS_QUERY]),
        "javascript" => (
            tree_sitter_javascript::LANGUAGE.into(),
            vec![javascript, "\n", tree_sitter_javascript::JSX_HIGHLIGHT_QUERY],
        ),
        "typescript" => (
            tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            vec![javascript, "\n", tree_sitter_typescript::HIGHLIGHTS_QUERY],
        ),
        "tsx" => (
            tree_sitter_typescript::LANGUAGE_TSX.into(),
            vec![
                javascript,
                "\n",
                tree_sitter_typescript::HIGHLIGHTS_QUERY,
                "\n",
                tree_sitter_javascript::JSX_HIGHLIGHT_QUERY,
            ],
        ),
        "ruby" => (tree_sitter_ruby::LANGUAGE.into(), vec![tree_sitter_ruby::HIGHLIGHTS_QUERY]),
        "csharp" => (tree_sitter_c_sharp::LANGUAGE.into(), vec![tree_sitter_c_sharp::HIGHLIGHTS_QUERY]),
        "go" => (tree_sitter_go::LANGUAGE.into(), vec![tree_sitter_go::HIGHLIGHTS_QUERY]),
        "json" => (tree_sitter_json::LANGUAGE.into(), vec![tree_sitter_json::HIGHLIGHTS_QUERY]),
        "yaml" => (tree_sitter_yaml::LANGUAGE.into(), vec![tree_sitter_yaml::HIGHLIGHTS_QUERY]),
        "toml" => (tree_sitter_toml_ng::LANGUAGE.into(), vec![tree_sitter_toml_ng::HIGHLIGHTS_QUERY]),
        "xml" | "html" => (tree_sitter_xml::LANGUAGE_XML.into(), vec![tree_sitter_xml::XML_HIGHLIGHT_QUERY]),
        "ini" => (tree_sitter_ini::LANGUAGE.into(), vec![tree_sitter_ini::HIGHLIGHTS_QUERY]),
        "properties" | "env" => {
            (tree_sitter_properties::LANGUAGE.into(), vec![tree_sitter_properties::HIGHLIGHTS_QUERY])
        }
        "dockerfile" => (tree_sitter_containerfile::LANGUAGE.into(), vec![tree_sitter_containerfile::HIGHLIGHTS_QUERY]),
        _ => return None,
    })
}

/// What a capture name stands for; `None` for names that say nothing (variables, operators, brackets).
fn kind(capture: &str) -> Option<Highlight> {
    let (first, rest) = capture.split_once('.').unwrap_or((capture, ""));
    Some(match first {
        "keyword" | "include" | "conditional" | "repeat" | "exception" | "storageclass" => Highlight::Keyword,
        "string" if rest == "escape" => Highlight::Constant,
        "string" if rest == "special.key" => Highlight::Property,
        "string" | "character" => Highlight::String,
        "comment" => Highlight::Comment,
        "number" | "float" => Highlight::Number,
        "type" | "constructor" | "module" | "namespace" => Highlight::Type,
        "function" | "method" => Highlight::Function,
        "constant" | "boolean" | "escape" => Highlight::Constant,
        "property" | "field" | "attribute" => Highlight::Property,
        "variable" if rest == "builtin" => Highlight::Keyword,
        "variable" if rest == "member" => Highlight::Property,
        "tag" | "label" | "markup" => Highlight::Tag,
        "embedded" => Highlight::Plain,
        _ => return None,
    })
}

/// Paints the window from the tree; false where the language has no grammar or its query does not compile.
fn by_tree(language: Language, text: &str, window: &Range<usize>, paint: &mut [Highlight]) -> bool {
    let Some(mut found) = compiled(language.0) else { return false };
    let mut parser = Parser::new();
    let Some(mut tree) = parse(&mut parser, &found, text) else { return false };
    if language.0 == "typescript" && tree.root_node().has_error() {
        // Markup in TypeScript is another grammar, and only the file name tells them apart.
        if let Some(other) = compiled("tsx")
            && let Some(better) = parse(&mut parser, &other, text)
            && !better.root_node().has_error()
        {
            (found, tree) = (other, better);
        }
    }
    let mut cursor = QueryCursor::new();
    cursor.set_byte_range(window.clone());
    let mut pieces: Vec<(usize, usize, usize, Highlight)> = Vec::new();
    let mut matches = cursor.matches(&found.query, tree.root_node(), text.as_bytes());
    while let Some(one) = matches.next() {
        for capture in one.captures() {
            if let Some(kind) = found.kinds.get(capture.index as usize).copied().flatten() {
                let range = capture.node.byte_range();
                pieces.push((range.start, range.end, one.pattern_index, kind));
            }
        }
    }
    // Outer pieces first, so that inner ones stay visible; of those at the same place the last pattern wins.
    pieces.sort_by_key(|(start, end, pattern, _)| (*start, std::cmp::Reverse(*end), *pattern));
    for (start, end, _, kind) in pieces {
        let from = start.max(window.start);
        let to = end.min(window.end);
        if from < to {
            paint[from - window.start..to - window.start].fill(kind);
        }
    }
    true
}

fn parse(parser: &mut Parser, compiled: &Compiled, text: &str) -> Option<tree_sitter::Tree> {
    parser.set_language(&compiled.grammar).ok()?;
    parser.parse(text, None)
}

#[cfg(test)]
mod tests {
    use super::{Highlight, compiled, highlight};
    use crate::facts::Language;

    fn pieces(language: &'static str, text: &str) -> Vec<(String, Highlight)> {
        let lines = text.lines().count() as u32;
        let found = highlight(Language(language), text, 1..lines + 1);
        assert_eq!(found.len(), lines as usize);
        let mut out = Vec::new();
        for (line, pieces) in text.lines().zip(found) {
            out.extend(pieces.into_iter().map(|(range, kind)| (line[range].to_string(), kind)));
        }
        out
    }

    fn has(language: &'static str, text: &str, piece: &str, kind: Highlight) {
        let found = pieces(language, text);
        assert!(found.contains(&(piece.to_string(), kind)), "{language}: no {piece} {kind:?} in {found:?}");
    }

    #[test]
    fn every_query_compiles() {
        for key in [
            "java",
            "php",
            "python",
            "javascript",
            "typescript",
            "tsx",
            "ruby",
            "csharp",
            "go",
            "json",
            "yaml",
            "toml",
            "xml",
            "ini",
            "properties",
            "dockerfile",
        ] {
            assert!(compiled(key).is_some(), "{key}");
        }
    }

    #[test]
    fn languages_with_a_grammar() {
        has("java", "class A { String s = \"x\"; } // c", "class", Highlight::Keyword);
        has("java", "class A { String s = \"x\"; } // c", "\"x\"", Highlight::String);
        has("java", "class A { String s = \"x\"; } // c", "// c", Highlight::Comment);
        has("php", "<?php function f() { return 1; }", "f", Highlight::Function);
        has("python", "def f():\n    return 12\n", "12", Highlight::Number);
        has("typescript", "const a: Foo = <Foo>b;", "Foo", Highlight::Type);
        has("typescript", "const a = <div id=\"x\"/>;", "\"x\"", Highlight::String);
        has("go", "package a\nfunc f() {}\n", "func", Highlight::Keyword);
        has("csharp", "class A { int i = 5; }", "class", Highlight::Keyword);
        has("ruby", "def f\n  'x'\nend\n", "'x'", Highlight::String);
        has("yaml", "a: b # c\n", "# c", Highlight::Comment);
        has("json", "{\"a\": true}", "true", Highlight::Constant);
        has("xml", "<a b=\"c\"/>", "a", Highlight::Tag);
        has("dockerfile", "FROM alpine\n", "FROM", Highlight::Keyword);
    }

    #[test]
    fn languages_without_one() {
        let rust = "/* a /* b */\n c */ fn f<'a>(x: &'a Str) -> u8 { r#\"x\"y\"#; g!('\\'', 0x1f) } // d";
        has("rust", rust, " c */", Highlight::Comment);
        has("rust", rust, "fn", Highlight::Keyword);
        has("rust", rust, "Str", Highlight::Type);
        has("rust", rust, "r#\"x\"y\"#", Highlight::String);
        has("rust", rust, "'\\''", Highlight::String);
        has("rust", rust, "0x1f", Highlight::Number);
        has("rust", rust, "g!", Highlight::Function);
        has("sql", "SELECT 'a' -- b", "-- b", Highlight::Comment);
        has("shell", "echo \"a # b\" # c", "\"a # b\"", Highlight::String);
        assert!(pieces("unheard-of", "a \"b\"").is_empty());
    }

    #[test]
    fn only_the_lines_asked_for_and_never_beyond_the_text() {
        let text = "\"\"\"one\ntwo\nthree\"\"\"\r\nx = 1\n";
        let found = highlight(Language("python"), text, 2..4);
        assert_eq!(found, [vec![(0..3, Highlight::String)], vec![(0..8, Highlight::String)]]);
        assert_eq!(highlight(Language("python"), text, 4..9).len(), 5);
        assert!(highlight(Language("python"), "", 1..3).iter().all(Vec::is_empty));
        assert!(highlight(Language("rust"), "ä \"ö", 1..2).len() == 1);
    }
}
