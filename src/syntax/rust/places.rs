//! Byte offsets to lines and columns, and what the comments of a file say to this program.

use proc_macro2::Span as Span2;
use syn::spanned::Spanned;
use syn::{AttrStyle, Attribute, Expr, Stmt, Visibility};

use crate::facts::{Name, Span};

/// First bytes of all lines of a file.
pub(super) struct Places {
    starts: Vec<u32>,
}

impl Places {
    pub(super) fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        if starts.len() > 1 && starts.last() == Some(&(text.len() as u32)) {
            starts.pop();
        }
        Places { starts }
    }

    pub(super) fn lines(&self) -> u32 {
        self.starts.len() as u32
    }

    pub(super) fn line(&self, at: u32) -> u32 {
        self.starts.partition_point(|start| *start <= at).max(1) as u32
    }

    pub(super) fn span(&self, start: u32, end: u32) -> Span {
        let line = self.line(start);
        let end_line = self.line(end.saturating_sub(1).max(start));
        let column = start - self.starts.get(line as usize - 1).copied().unwrap_or(0) + 1;
        Span { start, end, line, end_line, column }
    }
}

/// First byte of a span of proc-macro2.
pub(super) fn start_of(span: proc_macro2::Span) -> u32 {
    span.byte_range().start as u32
}

/// One past the last byte of a span of proc-macro2.
pub(super) fn end_of(span: proc_macro2::Span) -> u32 {
    span.byte_range().end as u32
}

/// First byte of an item and one past its last, from its outer parts: syn's own spans print the whole item first, which for a
/// function or a module means every token of its body. `first` is the first token after the visibility.
pub(super) fn extent(attributes: &[Attribute], vis: &Visibility, first: Span2, last: Span2) -> (u32, u32) {
    let attribute = attributes.iter().find(|it| matches!(it.style, AttrStyle::Outer)).map(|it| it.pound_token.span);
    let public = match vis {
        Visibility::Public(token) => Some(token.span),
        Visibility::Restricted(restricted) => Some(restricted.pub_token.span),
        Visibility::Inherited => None,
    };
    (start_of(attribute.or(public).unwrap_or(first)), end_of(last))
}

/// First byte of an expression; syn's own spans print the whole expression first, which is slow for long chains.
pub(super) fn expr_start(expr: &Expr) -> u32 {
    match expr {
        Expr::MethodCall(call) => expr_start(&call.receiver),
        Expr::Call(call) => expr_start(&call.func),
        Expr::Field(field) => expr_start(&field.base),
        Expr::Try(inner) => expr_start(&inner.expr),
        Expr::Await(inner) => expr_start(&inner.base),
        Expr::Binary(binary) => expr_start(&binary.left),
        Expr::Assign(assign) => expr_start(&assign.left),
        Expr::Index(index) => expr_start(&index.expr),
        Expr::Cast(cast) => expr_start(&cast.expr),
        Expr::Lit(lit) => start_of(lit.lit.span()),
        Expr::Path(path) if path.qself.is_none() => {
            path.path.segments.first().map_or_else(|| start_of(path.span()), |first| start_of(first.ident.span()))
        }
        Expr::Macro(mac) => mac.mac.path.segments.first().map_or(0, |first| start_of(first.ident.span())),
        Expr::Struct(item) => item.path.segments.first().map_or(0, |first| start_of(first.ident.span())),
        Expr::Reference(reference) => start_of(reference.and_token.span),
        Expr::Paren(paren) => start_of(paren.paren_token.span.open()),
        Expr::Tuple(tuple) => start_of(tuple.paren_token.span.open()),
        Expr::Array(array) => start_of(array.bracket_token.span.open()),
        other => start_of(other.span()),
    }
}

/// One past the last byte of an expression.
pub(super) fn expr_end(expr: &Expr) -> u32 {
    match expr {
        Expr::MethodCall(call) => end_of(call.paren_token.span.close()),
        Expr::Call(call) => end_of(call.paren_token.span.close()),
        Expr::Try(inner) => end_of(inner.question_token.span),
        Expr::Await(inner) => end_of(inner.await_token.span),
        Expr::Binary(binary) => expr_end(&binary.right),
        Expr::Assign(assign) => expr_end(&assign.right),
        Expr::Index(index) => end_of(index.bracket_token.span.close()),
        Expr::Lit(lit) => end_of(lit.lit.span()),
        Expr::Macro(mac) => end_of(mac.mac.delimiter.span().close()),
        Expr::Struct(item) => end_of(item.brace_token.span.close()),
        Expr::Reference(reference) => expr_end(&reference.expr),
        Expr::Paren(paren) => end_of(paren.paren_token.span.close()),
        Expr::Tuple(tuple) => end_of(tuple.paren_token.span.close()),
        Expr::Array(array) => end_of(array.bracket_token.span.close()),
        other => end_of(other.span()),
    }
}

/// The expression that a block is worth, if it ends in one.
pub(super) fn tail(block: &syn::Block) -> Option<&Expr> {
    match block.stmts.last()? {
        Stmt::Expr(expr, None) => Some(expr),
        _ => None,
    }
}

/// Comments that steer this program: line and what follows `breakbulk:ignore`.
pub(super) fn pragmas(text: &str) -> Vec<(u32, Name)> {
    if memchr::memmem::find(text.as_bytes(), b"breakbulk:ignore").is_none() {
        return Vec::new();
    }
    let mut out = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some(comment) = line.find("//").or_else(|| line.find("/*")) else { continue };
        if let Some(at) = line[comment..].find("breakbulk:ignore") {
            let rest = line[comment + at + "breakbulk:ignore".len()..].trim().trim_end_matches("*/").trim_end();
            out.push((index as u32 + 1, Name::from(rest)));
        }
    }
    out
}

/// True when one of the first comments says that a program wrote the file.
pub(super) fn is_generated(text: &str) -> bool {
    text.lines().take(12).filter(|line| line.trim_start().starts_with(['/', '*'])).any(|line| {
        let line = line.to_ascii_lowercase();
        line.contains("@generated") || line.contains("generated by") || line.contains("do not edit")
    })
}
