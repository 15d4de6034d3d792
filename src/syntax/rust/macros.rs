//! Macro calls: their tokens read as expressions or statements where possible, and picked over otherwise.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Block, Expr, Macro, Token};

use super::Extractor;
use super::emit::NewCall;
use super::names::dotted;
use super::places::{end_of, start_of};
use super::values::{self, DEPTH, is_text};
use crate::facts::{CallKind, Context, Import, ImportKind, Name, Receiver, RefKind, Value};

/// One part of a format string.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    Text(Name),
    /// `{}`, `{0}`, `{name}`: the name or number, empty for the next one.
    Hole(Name),
}

/// The arguments of a macro, where they are expressions separated by commas (or `[value; count]`).
pub(super) fn arguments(tokens: &TokenStream) -> Option<Vec<Expr>> {
    Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens.clone()).ok().map(|args| args.into_iter().collect())
}

/// Splits a format string as `std::fmt` does; `{{` and `}}` are braces.
pub(super) fn format_pieces(format: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = Name::default();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' if chars.peek() == Some(&'{') => {
                chars.next();
                text.push('{');
            }
            '}' => {
                chars.next_if_eq(&'}');
                text.push('}');
            }
            '{' => {
                let hole: String = chars.by_ref().take_while(|c| *c != '}').collect();
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                pieces.push(Piece::Hole(Name::from(hole.split(':').next().unwrap_or_default().trim())));
            }
            c => text.push(c),
        }
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

/// Position of the format string, for the macros of std and of the usual logging crates.
fn format_position(name: &str) -> Option<usize> {
    match name {
        "format" | "format_args" | "println" | "print" | "eprintln" | "eprint" | "panic" | "todo" | "unimplemented"
        | "unreachable" | "trace" | "debug" | "info" | "warn" | "error" | "bail" | "anyhow" | "formatcp" => Some(0),
        "write" | "writeln" | "assert" | "debug_assert" | "ensure" | "log" => Some(1),
        "assert_eq" | "assert_ne" => Some(2),
        _ => None,
    }
}

impl Extractor<'_> {
    /// A macro call in an expression, a statement, an item or a type.
    pub(super) fn macro_call(&mut self, mac: &Macro, context: &Context, parent: Option<u32>) {
        let written = dotted(&mac.path);
        let Some(first) = mac.path.segments.first() else { return };
        let start = start_of(first.ident.span());
        let end = end_of(mac.delimiter.span().close());
        let name = Name::from(written.rsplit('.').next().unwrap_or(&written));
        let format_at = format_position(&name);
        if format_at.is_none() && !matches!(name.as_str(), "vec" | "concat" | "env" | "option_env" | "matches" | "dbg")
        {
            // macros have names of their own
            let used =
                if mac.path.segments.len() == 1 { compact_str::format_compact!("{written}!") } else { written.clone() };
            self.refer(&used, RefKind::Call, start);
        }
        let args = arguments(&mac.tokens);
        match name.as_str() {
            "env" | "option_env" => return,
            "include" | "include_str" | "include_bytes" => {
                return self.include(args.as_deref().unwrap_or_default(), start);
            }
            "format" | "format_args" | "concat" | "formatcp" | "concatcp" => {
                let args = args.unwrap_or_default();
                let value = match name.as_str() {
                    "concat" | "concatcp" => values::join(args.iter().map(|arg| self.value(arg, DEPTH))),
                    _ => self.format_value(&args, DEPTH),
                };
                if is_text(&value) {
                    self.push_literal(value, start, end, context);
                }
                return self.calls_only(&args, parent);
            }
            "vec" => {
                for arg in args.unwrap_or_default() {
                    self.expr(&arg, context, parent);
                }
                return;
            }
            _ => {}
        }
        let full = self.names.expand(&written);
        match args {
            Some(args) => {
                let call = NewCall {
                    name: full.clone(),
                    kind: CallKind::Call,
                    receiver: Receiver::None,
                    receiver_value: Value::Unknown,
                    args: args.iter().filter(|arg| !matches!(arg, Expr::Closure(_))).collect(),
                    arg_names: Vec::new(),
                    start,
                    end,
                    parent,
                    assigned_to: super::exprs::assigned(context),
                };
                let own = self.push_call(call).or(parent);
                self.macro_arguments(&args, &full, format_at, own);
            }
            None => match Block::parse_within.parse2(mac.tokens.clone()) {
                Ok(statements) => self.statements(&statements, &Context::Other, parent),
                Err(_) => self.pick(mac.tokens.clone(), &mut Vec::new(), parent),
            },
        }
    }

    fn macro_arguments(&mut self, args: &[Expr], full: &Name, format_at: Option<usize>, parent: Option<u32>) {
        for (index, arg) in args.iter().enumerate() {
            let (name, arg) = match arg {
                Expr::Assign(assign) => match &*assign.left {
                    Expr::Path(path) => (Some(dotted(&path.path)), &*assign.right),
                    _ => (None, arg),
                },
                _ => (None, arg),
            };
            let context = Context::Argument { callee: full.clone(), index: index.min(255) as u8, name };
            if format_at == Some(index) && args.len() > index + 1 {
                let value = self.format_value(&args[index..], DEPTH);
                if is_text(&value) {
                    let place = self.place(arg);
                    self.push_literal(value, place.start, place.end, &context);
                    continue;
                }
            }
            self.expr(arg, &context, parent);
        }
    }

    /// Walks expressions whose strings were already taken as part of a join.
    pub(super) fn calls_only(&mut self, args: &[Expr], parent: Option<u32>) {
        for arg in args {
            let arg = match arg {
                Expr::Assign(assign) => &*assign.right,
                other => other,
            };
            if !matches!(arg, Expr::Lit(_)) {
                self.expr(arg, &Context::Other, parent);
            }
        }
    }

    fn include(&mut self, args: &[Expr], start: u32) {
        let Some(value) = args.first().map(|arg| self.value(arg, DEPTH)) else { return };
        let path = Name::from(value.as_str().unwrap_or_default());
        let value = if path.is_empty() { value } else { Value::Unknown };
        self.facts.imports.push(Import {
            path,
            item: None,
            alias: None,
            kind: ImportKind::File,
            type_only: false,
            value,
            line: self.places.line(start),
        });
    }

    /// Tokens that are no Rust by themselves: strings with the key before them, paths, and runs that parse as expressions.
    fn pick(&mut self, tokens: TokenStream, keys: &mut Vec<Name>, parent: Option<u32>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        let mut key: Option<Name> = None;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Ident(_) => {
                    let length = run_length(&tokens[at..]);
                    if length == 1 && is_key_sign(&tokens, at + 1) {
                        key = Some(Name::from(tokens[at].to_string()));
                        at += 1;
                        continue;
                    }
                    let run: TokenStream = tokens[at..at + length].iter().cloned().collect();
                    let context = keyed(keys, key.take());
                    if let Ok(expr) = syn::parse2::<Expr>(run) {
                        self.expr(&expr, &context, parent);
                        at += length;
                    } else {
                        at += 1;
                    }
                }
                TokenTree::Literal(literal) => {
                    if let Ok(lit) = syn::parse_str::<syn::Lit>(&literal.to_string())
                        && let value @ Value::Str(_) = values::literal(&lit)
                    {
                        if is_key_sign(&tokens, at + 1) {
                            key = value.as_str().map(Name::from);
                        } else {
                            let span = literal.span();
                            let context = keyed(keys, key.take());
                            self.push_literal(value, start_of(span), end_of(span), &context);
                        }
                    }
                    at += 1;
                }
                TokenTree::Group(group) => {
                    let pushed = key.take().map(|key| keys.push(key)).is_some();
                    if group.delimiter() == Delimiter::Parenthesis
                        && let Some(args) = arguments(&group.stream())
                    {
                        args.iter().for_each(|arg| self.expr(arg, &Context::Other, parent));
                    } else {
                        self.pick(group.stream(), keys, parent);
                    }
                    if pushed {
                        keys.pop();
                    }
                    at += 1;
                }
                TokenTree::Punct(punct) => {
                    if matches!(punct.as_char(), ',' | ';') {
                        key = None;
                    }
                    at += 1;
                }
            }
        }
    }
}

/// True when a key sign follows: `:` (not `::`) or `=>`.
fn is_key_sign(tokens: &[TokenTree], at: usize) -> bool {
    let sign = |at: usize, c: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == c);
    (sign(at, ':') && !sign(at + 1, ':')) || (sign(at, '=') && sign(at + 1, '>'))
}

/// Number of tokens from an identifier on that may form one expression: a path, calls, fields, `?`, a macro call.
fn run_length(tokens: &[TokenTree]) -> usize {
    let sign = |at: usize, c: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == c);
    let mut at = 1;
    loop {
        match tokens.get(at) {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => at += 1,
            Some(TokenTree::Punct(punct)) => match punct.as_char() {
                ':' if sign(at + 1, ':') && matches!(tokens.get(at + 2), Some(TokenTree::Ident(_))) => at += 3,
                '.' if matches!(tokens.get(at + 1), Some(TokenTree::Ident(_))) => at += 2,
                '!' if matches!(tokens.get(at + 1), Some(TokenTree::Group(_))) => at += 2,
                '?' => at += 1,
                _ => return at,
            },
            _ => return at,
        }
    }
}

fn keyed(keys: &[Name], key: Option<Name>) -> Context {
    match key {
        None => Context::Other,
        Some(key) if keys.is_empty() => Context::Keyed { path: key },
        Some(key) => Context::Keyed { path: compact_str::format_compact!("{}.{key}", keys.join(".")) },
    }
}
