//! Puts calls, literals and references into the facts, where somebody is interested in them.

use super::names::{Names, is_type_like};
use super::places::{expr_end, expr_start};
use super::{Extractor, values};
use crate::facts::{Arg, Call, CallKind, Context, Literal, Name, Receiver, RefKind, Reference, Span, Value};
use syn::Expr;

/// Names that no file of a repository defines.
const BUILT_IN: &[&str] = &[
    "Self", "self", "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64",
    "i128", "isize", "f32", "f64", "Some", "None", "Ok", "Err", "String", "Vec", "Box", "Option", "_", "crate",
    "super",
];

/// A call about to be kept.
pub(super) struct NewCall<'e> {
    pub name: Name,
    pub kind: CallKind,
    pub receiver: Receiver,
    pub receiver_value: Value,
    pub args: Vec<&'e Expr>,
    /// Names of the arguments, where they have some; as many as `args`, or none at all.
    pub arg_names: Vec<Name>,
    pub start: u32,
    pub end: u32,
    pub parent: Option<u32>,
    pub assigned_to: Name,
}

impl Extractor<'_> {
    /// True when a call with this name is kept.
    pub(super) fn wants(&self, name: &str) -> bool {
        !self.muted && self.interest.call(name.rsplit(['.', '#']).next().unwrap_or(name))
    }

    /// Keeps a call; its index, for the calls in its arguments.
    pub(super) fn push_call(&mut self, new: NewCall<'_>) -> Option<u32> {
        if !self.wants(&new.name) {
            return None;
        }
        let mut args = Vec::with_capacity(new.args.len());
        for (index, expr) in new.args.iter().enumerate() {
            args.push(Arg {
                name: new.arg_names.get(index).cloned(),
                value: values::bounded(self.value(expr, values::DEPTH)),
                type_name: self.type_of(expr, values::DEPTH),
                span: self.places.span(expr_start(expr), expr_end(expr)),
            });
        }
        let also = self.also(&new.name);
        self.facts.calls.push(Call {
            name: new.name,
            also,
            kind: new.kind,
            receiver: new.receiver,
            receiver_value: new.receiver_value,
            args,
            span: self.places.span(new.start, new.end),
            parent: new.parent,
            inside: self.inside,
            assigned_to: new.assigned_to,
        });
        Some(self.facts.calls.len() as u32 - 1)
    }

    /// Other names of a call: what globs may mean, and the builder type behind `T::builder()`.
    fn also(&self, name: &str) -> Vec<Name> {
        let mut out = Names::also(&self.names, name);
        if let Some((owner, method)) = name.split_once('#')
            && matches!(method, "build" | "finish")
            && is_type_like(owner.rsplit('.').next().unwrap_or(owner))
            && !owner.ends_with("Builder")
        {
            out.push(compact_str::format_compact!("{owner}Builder#{method}"));
        }
        out
    }

    /// Keeps a string, or a join with a string in it.
    pub(super) fn push_literal(&mut self, value: Value, start: u32, end: u32, context: &Context) {
        if self.muted {
            return;
        }
        // What stands deep in an attribute is an example of a description: `example = json!({ "url": "…" })`.
        let described = self.attribute.as_ref().filter(|_| {
            !matches!(context, Context::Annotation { .. } | Context::Default { .. } | Context::EnvDefault { .. })
        });
        let described =
            described.map(|name| Context::Annotation { name: name.clone(), element: Name::const_new("example") });
        let context = described.as_ref().unwrap_or(context);
        let key = match context {
            Context::Assigned { name } | Context::EnvDefault { name } => name.as_str(),
            Context::Keyed { path } => path.rsplit('.').next().unwrap_or(path),
            Context::Argument { name: Some(name), .. } => name.as_str(),
            Context::Annotation { element, .. } => element.as_str(),
            Context::Default { of } => of.as_str(),
            _ => "",
        };
        let wanted = match &value {
            Value::Str(text) => !text.is_empty() && self.interest.literal(text, key),
            joined => joined.template().is_some_and(|text| self.interest.literal(&text, key)),
        };
        if wanted {
            let span = self.places.span(start, end);
            self.facts.literals.push(Literal { value, span, context: context.clone(), inside: self.inside });
        }
    }

    /// Counts one use of a name; built-in and local names are none.
    pub(super) fn refer(&mut self, name: &Name, kind: RefKind, at: u32) {
        if name.is_empty() || BUILT_IN.contains(&name.as_str()) {
            return;
        }
        let first = name.split('.').next().unwrap_or(name);
        if !is_type_like(first) && self.local(first).is_some() {
            return;
        }
        let line = self.places.line(at);
        match self.references.get(&(name.clone(), kind)) {
            Some(index) => {
                let known = &mut self.facts.references[*index];
                known.count += 1;
                known.line = known.line.min(line);
            }
            None => {
                self.references.insert((name.clone(), kind), self.facts.references.len());
                self.facts.references.push(Reference { name: name.clone(), kind, line, count: 1 });
            }
        }
    }

    /// A path as written, with `Self` replaced by the type it stands for.
    pub(super) fn written(&self, path: &syn::Path) -> Name {
        let dotted = super::names::dotted(path);
        match (&self.self_type, dotted.strip_prefix("Self")) {
            (Some(own), Some("")) => own.clone(),
            (Some(own), Some(rest)) if rest.starts_with('.') => compact_str::format_compact!("{own}{rest}"),
            _ => dotted,
        }
    }

    /// The text of a place, cut to 60 bytes.
    pub(super) fn excerpt(&self, start: u32, end: u32) -> Name {
        let text = self.text.get(start as usize..end as usize).unwrap_or_default();
        let mut cut = text.len().min(60);
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        Name::from(&text[..cut])
    }

    /// The place of an expression.
    pub(super) fn place(&self, expr: &Expr) -> Span {
        self.places.span(expr_start(expr), expr_end(expr))
    }
}
