//! What can be told of a file that syn refuses: imports and definitions, from its tokens or, failing that, its lines.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::Parser as _;

use super::names::{self, Names};
use super::places::{Places, end_of, start_of};
use crate::facts::{Definition, DefinitionKind, FileFacts, Import, ImportKind, Name, RefKind, Reference, Span, Value};

/// True when brackets nest deeper than `nesting`, or one statement holds more than `chain` operators.
pub(super) fn too_deep(tokens: TokenStream, nesting: usize, chain: usize) -> bool {
    let mut stack = vec![(tokens.into_iter(), 0_usize, 0_usize)];
    while let Some((rest, signs, branches)) = stack.last_mut() {
        match rest.next() {
            None => {
                stack.pop();
            }
            Some(TokenTree::Punct(punct)) => match punct.as_char() {
                ',' | ';' => (*signs, *branches) = (0, 0),
                ':' | '#' | '\'' | '$' => {}
                _ => *signs += 1,
            },
            Some(TokenTree::Ident(word)) if word == "else" => *branches += 1,
            Some(TokenTree::Group(group)) => {
                if group.delimiter() == Delimiter::Brace {
                    *signs = 0;
                }
                stack.push((group.stream().into_iter(), 0, 0));
            }
            Some(_) => {}
        }
        let over = stack.last().is_some_and(|(_, signs, branches)| *signs > chain || *branches * 2 > chain);
        if over || stack.len() > nesting {
            return true;
        }
    }
    false
}

/// `use`, `mod x;`, named items and paths from tokens.
pub(super) fn scan_tokens(tokens: TokenStream, places: &Places, facts: &mut FileFacts) {
    let mut names = Names::default();
    let mut stack = vec![tokens.into_iter().collect::<Vec<_>>()];
    while let Some(tokens) = stack.pop() {
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Ident(word) => {
                    let word_text = word.to_string();
                    if word_text == "use" {
                        let end =
                            (at..tokens.len()).find(|index| is_sign(&tokens, *index, ';')).unwrap_or(tokens.len() - 1);
                        let run: TokenStream = tokens[at..=end].iter().cloned().collect();
                        let line = places.line(start_of(word.span()));
                        if let Ok(item) = syn::parse2::<syn::ItemUse>(run) {
                            names::flatten(&item, &[], line, &mut facts.imports, &mut names);
                        }
                        at = end;
                    } else if let Some(TokenTree::Ident(name)) = tokens.get(at + 1) {
                        let declares_module = word_text == "mod" && is_sign(&tokens, at + 2, ';');
                        define(&word_text, name, declares_module, places, facts);
                    }
                }
                TokenTree::Group(group) => stack.push(group.stream().into_iter().collect()),
                _ => {}
            }
            at += 1;
        }
        paths(&tokens, places, facts);
    }
    facts.imports.sort_by_key(|import| import.line);
    facts.definitions.sort_by_key(|definition| definition.span);
}

fn is_sign(tokens: &[TokenTree], at: usize, c: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == c)
}

fn define(word: &str, name: &proc_macro2::Ident, declares_module: bool, places: &Places, facts: &mut FileFacts) {
    let kind = match word {
        "struct" | "union" => DefinitionKind::Class,
        "enum" => DefinitionKind::Enum,
        "trait" => DefinitionKind::Interface,
        "fn" => DefinitionKind::Function,
        "const" | "static" => DefinitionKind::Constant,
        "type" => DefinitionKind::Alias,
        "mod" if !declares_module => DefinitionKind::Module,
        "mod" => {
            facts.imports.push(module(Name::from(name.to_string()), places.line(start_of(name.span()))));
            return;
        }
        _ => return,
    };
    let simple = Name::from(name.to_string());
    if matches!(simple.as_str(), "fn" | "unsafe" | "mut" | "_") {
        return;
    }
    facts.definitions.push(definition(simple, kind, places.span(start_of(name.span()), end_of(name.span()))));
}

fn module(path: Name, line: u32) -> Import {
    Import { path, item: None, alias: None, kind: ImportKind::Module, type_only: false, value: Value::Unknown, line }
}

fn definition(name: Name, kind: DefinitionKind, span: Span) -> Definition {
    let qualified = name.clone();
    Definition {
        name,
        qualified,
        kind,
        span,
        parent: None,
        type_name: None,
        value: Value::Unknown,
        private: false,
        shared: false,
    }
}

/// Paths with `::` are uses of names.
fn paths(tokens: &[TokenTree], places: &Places, facts: &mut FileFacts) {
    let mut at = 0;
    while at < tokens.len() {
        let mut end = at + 1;
        while matches!(tokens[at], TokenTree::Ident(_))
            && is_sign(tokens, end, ':')
            && is_sign(tokens, end + 1, ':')
            && matches!(tokens.get(end + 2), Some(TokenTree::Ident(_)))
        {
            end += 3;
        }
        if end > at + 1 {
            let run: TokenStream = tokens[at..end].iter().cloned().collect();
            if let Ok(path) = syn::Path::parse_mod_style.parse2(run) {
                let name = names::dotted(&path);
                let line = places.line(start_of(tokens[at].span()));
                match facts.references.iter_mut().find(|known| known.name == name) {
                    Some(known) => known.count += 1,
                    None => facts.references.push(Reference { name, kind: RefKind::Name, line, count: 1 }),
                }
            }
        }
        at = end;
    }
}

/// `use`, `mod x;` and top-level items from lines, for a file that cannot even be split into tokens.
pub(super) fn scan_lines(text: &str, facts: &mut FileFacts) {
    let mut names = Names::default();
    let mut offset = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let number = index as u32 + 1;
        let trimmed = line.trim();
        let bare = trimmed.strip_prefix("pub(crate) ").or_else(|| trimmed.strip_prefix("pub ")).unwrap_or(trimmed);
        if bare.starts_with("use ") && bare.ends_with(';') {
            if let Ok(item) = syn::parse_str::<syn::ItemUse>(trimmed) {
                names::flatten(&item, &[], number, &mut facts.imports, &mut names);
            }
        } else if let Some((word, rest)) = bare.split_once(' ') {
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let kind = match word {
                "struct" => Some(DefinitionKind::Class),
                "enum" => Some(DefinitionKind::Enum),
                "trait" => Some(DefinitionKind::Interface),
                "fn" => Some(DefinitionKind::Function),
                _ => None,
            };
            let span = Span {
                start: offset,
                end: offset + line.trim_end().len() as u32,
                line: number,
                end_line: number,
                column: 1,
            };
            match kind {
                Some(kind) if !name.is_empty() => facts.definitions.push(definition(Name::from(name), kind, span)),
                _ if word == "mod" && rest.ends_with(';') => facts.imports.push(module(Name::from(name), number)),
                _ => {}
            }
        }
        offset += line.len() as u32;
    }
}
