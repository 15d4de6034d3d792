//! The tree-sitter languages: grammar, compiled mapping and hooks of each, and parsing within bounds.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::LazyLock;

use tree_sitter::{Language as Grammar, ParseOptions, Parser, Tree};

use super::extract::walk;
use super::hooks::{self, Hooks};
use super::mapping::Mapping;
use crate::assets;
use crate::facts::{FileFacts, Interest, Language};

/// How often the parser may report before a file is given up: once for each hundred steps. Steps and not seconds, so that a
/// busy machine reads the same as an idle one. Sources of many repositories stay below 46 a KiB, texts of random brackets and
/// quotes below 51 (a tenth of a millisecond each).
const REPORTS: usize = 5_000;
const REPORTS_PER_KIB: usize = 60;
/// Signs `<` that may be open at once within a statement: the C# grammar takes time and memory that grow with the square of it
/// (10,000 in 30 KB took six gigabytes).
const OPEN_ANGLES: usize = 500;

/// A language that is read through tree-sitter.
struct Entry {
    id: &'static str,
    /// A variant of the grammar for files that end so (`.tsx`); empty for the language's normal grammar.
    suffix: &'static str,
    mapping: Result<Mapping, String>,
    hooks: &'static dyn Hooks,
}

fn entry(id: &'static str, suffix: &'static str, grammar: impl Into<Grammar>, hooks: &'static dyn Hooks) -> Entry {
    let text = assets::under("languages/")
        .find(|(path, _)| path.strip_prefix("languages/").and_then(|p| p.strip_suffix(".toml")) == Some(id))
        .map_or("", |(_, text)| text);
    Entry { id, suffix, mapping: Mapping::compile(grammar.into(), text), hooks }
}

/// All grammars; variants stand before the language's normal grammar.
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let script = &hooks::javascript::JavaScript;
    vec![
        entry("java", "", tree_sitter_java::LANGUAGE, &hooks::java::Java),
        entry("php", ".blade.php", tree_sitter_php::LANGUAGE_PHP_ONLY, &hooks::php::Php),
        entry("php", "", tree_sitter_php::LANGUAGE_PHP, &hooks::php::Php),
        entry("python", "", tree_sitter_python::LANGUAGE, &hooks::python::Python),
        entry("csharp", "", tree_sitter_c_sharp::LANGUAGE, &hooks::csharp::CSharp),
        entry("go", "", tree_sitter_go::LANGUAGE, &hooks::go::Go),
        entry("javascript", "", tree_sitter_javascript::LANGUAGE, script),
        entry("typescript", ".tsx", tree_sitter_typescript::LANGUAGE_TSX, script),
        entry("typescript", "", tree_sitter_typescript::LANGUAGE_TYPESCRIPT, script),
        entry("ruby", "", tree_sitter_ruby::LANGUAGE, &hooks::ruby::Ruby),
    ]
});

thread_local! {
    static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
}

/// Parses and walks a file; `None` where no grammar reads the language.
pub fn extract(language: Language, path: &str, text: &str, interest: &dyn Interest) -> Option<FileFacts> {
    let entry = ENTRIES.iter().find(|e| e.id == language.0 && path.ends_with(e.suffix))?;
    let mapping = entry.mapping.as_ref().ok()?;
    match parse(&mapping.grammar, text) {
        Some(tree) => Some(walk(&tree, text, mapping, entry.hooks, interest)),
        None => Some(FileFacts { partial: true, ..FileFacts::default() }),
    }
}

/// Parses a file and drops the tree: what reading costs at least. False where no grammar reads the language.
pub fn parse_only(language: Language, path: &str, text: &str) -> bool {
    let entry = ENTRIES.iter().find(|e| e.id == language.0 && path.ends_with(e.suffix));
    let grammar = entry.and_then(|entry| entry.mapping.as_ref().ok()).map(|mapping| &mapping.grammar);
    grammar.is_some_and(|grammar| parse(grammar, text).is_some())
}

/// A tree, unless parsing takes more steps than any real source asks for.
pub(super) fn parse(grammar: &Grammar, text: &str) -> Option<Tree> {
    if opens_too_many_angles(text) {
        return None;
    }
    PARSER.with(|parser| {
        let mut parser = parser.try_borrow_mut().ok()?;
        parser.set_language(grammar).ok()?;
        let mut left = REPORTS + text.len() / 1024 * REPORTS_PER_KIB;
        let mut too_many = |_: &tree_sitter::ParseState| {
            left = left.saturating_sub(1);
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let bytes = text.as_bytes();
        let options = ParseOptions::new().progress_callback(&mut too_many);
        let tree = parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options));
        if tree.is_none() {
            parser.reset();
        }
        tree
    })
}

/// True for texts that open angle brackets without end. Only such a text is looked at byte by byte.
fn opens_too_many_angles(text: &str) -> bool {
    if memchr::memchr_iter(b'<', text.as_bytes()).count() <= OPEN_ANGLES {
        return false;
    }
    let mut open = 0_usize;
    text.bytes().any(|byte| {
        match byte {
            b'<' => open += 1,
            b'>' => open = open.saturating_sub(1),
            b';' | b'{' | b'}' => open = 0,
            _ => {}
        }
        open > OPEN_ANGLES
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mapping_names_only_node_kinds_of_its_grammar() {
        for entry in ENTRIES.iter() {
            assert_eq!(entry.mapping.as_ref().err(), None, "{}{}", entry.id, entry.suffix);
        }
    }

    #[test]
    fn no_text_keeps_the_parsers_busy_for_long() {
        for entry in ENTRIES.iter() {
            let grammar = &entry.mapping.as_ref().unwrap().grammar;
            for unit in ["(", "{", "[", "<a ", "\"", "a<b>(", "if x ", "=>"] {
                // What counts is that it comes back, with or without a tree.
                let _ = parse(grammar, &unit.repeat(60_000 / unit.len()));
            }
        }
        assert!(opens_too_many_angles(&"<a ".repeat(600)) && !opens_too_many_angles(&"a < b;".repeat(600)));
        assert!(!opens_too_many_angles(&"<p>x</p>".repeat(600)));
    }
}
