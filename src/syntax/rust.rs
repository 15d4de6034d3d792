//! Rust source to facts, through syn; no other file of the program knows how Rust is written.
//!
//! syn parses a file wholly or not at all. Where it refuses one, a scan of the tokens still finds what dependencies need, and the
//! facts say `partial`. Code under `#[cfg(test)]` gives dependencies, but neither calls nor literals: it never runs in production.

mod emit;
mod exprs;
mod items;
mod macros;
mod names;
mod places;
mod tolerant;
mod types;
mod uses;
mod values;

use std::str::FromStr;

use proc_macro2::TokenStream;
use rustc_hash::FxHashMap;

use crate::facts::{FileFacts, Interest, Language, Name, RefKind, Value};
use names::Names;
use places::Places;

/// Brackets nested deeper than this are refused: syn and this module recurse once per level.
const MAX_NESTING: usize = 128;
/// Operators, dots and generic brackets in one statement; more make trees that are as deep as they are long.
const MAX_CHAIN: usize = 600;

/// Reads one Rust file. Never fails: what cannot be parsed is scanned, and `partial` is set.
#[must_use]
pub fn extract(_language: Language, path: &str, text: &str, interest: &dyn Interest) -> FileFacts {
    let facts = read(path, text, interest);
    // The span map of this thread grows with each file otherwise.
    proc_macro2::extra::invalidate_current_thread_spans();
    facts
}

/// Parses a file and drops the tree. False where syn refuses it.
pub fn parse_only(text: &str) -> bool {
    let parsed = bracket_depth(text.as_bytes()) <= MAX_NESTING && syn::parse_file(text).is_ok();
    proc_macro2::extra::invalidate_current_thread_spans();
    parsed
}

fn read(_path: &str, text: &str, interest: &dyn Interest) -> FileFacts {
    let places = Places::new(text);
    let mut facts = FileFacts { lines: places.lines(), ..FileFacts::default() };
    facts.pragmas = places::pragmas(text);
    facts.generated = places::is_generated(text);

    let blanked = blank_head(text);
    let tokens = match bracket_depth(blanked.as_bytes()) {
        depth if depth > MAX_NESTING * 4 => None,
        _ => TokenStream::from_str(&blanked).ok(),
    };
    let Some(tokens) = tokens else {
        facts.partial = true;
        tolerant::scan_lines(text, &mut facts);
        return facts;
    };
    if tolerant::too_deep(tokens.clone(), MAX_NESTING, MAX_CHAIN) {
        facts.partial = true;
        tolerant::scan_tokens(tokens, &places, &mut facts);
        return facts;
    }
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => {
            let mut extractor = Extractor::new(text, places, interest, facts);
            extractor.file(&file);
            extractor.facts
        }
        Err(_) => {
            facts.partial = true;
            tolerant::scan_tokens(tokens, &places, &mut facts);
            facts
        }
    }
}

/// Byte order mark and `#!` line as blanks: what follows keeps its offsets.
fn blank_head(text: &str) -> std::borrow::Cow<'_, str> {
    let bom = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let rest = &text[bom..];
    let shebang = if rest.starts_with("#!") && !rest[2..].trim_start().starts_with('[') {
        rest.find('\n').unwrap_or(rest.len())
    } else {
        0
    };
    if bom + shebang == 0 {
        return std::borrow::Cow::Borrowed(text);
    }
    let mut out = " ".repeat(bom + shebang);
    out.push_str(&rest[shebang..]);
    std::borrow::Cow::Owned(out)
}

/// Deepest nesting of brackets, strings and comments not told apart: only a bound for the lexer.
fn bracket_depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in bytes {
        match byte {
            b'(' | b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// What is known of a local name.
#[derive(Debug, Clone, Default)]
struct Local {
    type_name: Option<Name>,
    value: Value,
}

/// The walk over one file: what was found so far, and what is in scope.
struct Extractor<'a> {
    text: &'a str,
    places: Places,
    interest: &'a dyn Interest,
    facts: FileFacts,
    names: Names,
    /// Values of constants by simple name and by `Type.NAME`.
    constants: FxHashMap<Name, Value>,
    /// Types of fields by `Struct.field`.
    fields: FxHashMap<Name, Name>,
    /// Return types by `function` and `Type.method`.
    returns: FxHashMap<Name, Name>,
    /// Index of a definition by its first byte.
    definition_at: FxHashMap<u32, u32>,
    locals: Vec<FxHashMap<Name, Local>>,
    references: FxHashMap<(Name, RefKind), usize>,
    /// Type of `self`, simple name.
    self_type: Option<Name>,
    /// Inline modules around the present place.
    modules: Vec<Name>,
    function: Name,
    /// The field whose attributes are read.
    field: Name,
    inside: Option<u32>,
    /// Inside test code: calls and literals are not kept.
    muted: bool,
    /// The attribute whose arguments are read.
    attribute: Option<Name>,
}

impl<'a> Extractor<'a> {
    fn new(text: &'a str, places: Places, interest: &'a dyn Interest, facts: FileFacts) -> Self {
        Extractor {
            text,
            places,
            interest,
            facts,
            names: Names::default(),
            constants: FxHashMap::default(),
            fields: FxHashMap::default(),
            returns: FxHashMap::default(),
            definition_at: FxHashMap::default(),
            locals: Vec::new(),
            references: FxHashMap::default(),
            self_type: None,
            modules: Vec::new(),
            function: Name::default(),
            field: Name::default(),
            inside: None,
            muted: false,
            attribute: None,
        }
    }

    fn local(&self, name: &str) -> Option<&Local> {
        self.locals.iter().rev().find_map(|scope| scope.get(name))
    }

    fn bind(&mut self, name: Name, mut local: Local) {
        local.value = values::bounded(local.value);
        if let Some(scope) = self.locals.last_mut() {
            scope.insert(name, local);
        }
    }
}

#[cfg(test)]
mod tests;
