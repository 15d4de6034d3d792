//! What expressions are worth: literals, constants, joins, and lookups in the environment.

use syn::{Expr, Lit, Pat};

use super::names::{dotted, ident, is_type_like};
use super::places::tail;
use super::types::is_transparent;
use super::{Extractor, macros};
use crate::facts::{Name, Value};

/// How deep values are followed; a chain of builder calls counts one per call.
pub(super) const DEPTH: u8 = 24;

/// Functions that give back what they are given, in another type.
const CONVERSIONS: &[&str] = &[
    "String.from",
    "Some",
    "Ok",
    "Err",
    "std.path.Path.new",
    "Path.new",
    "std.path.PathBuf.from",
    "PathBuf.from",
    "Cow.from",
    "Cow.Borrowed",
    "Cow.Owned",
    "std.borrow.Cow.Borrowed",
    "std.borrow.Cow.from",
    "Box.new",
    "Box.from",
    "Arc.new",
    "Arc.from",
    "Rc.new",
    "Rc.from",
    "std.sync.Arc.new",
    "std.sync.Arc.from",
    "std.rc.Rc.new",
    "std.ffi.OsStr.new",
    "std.ffi.OsString.from",
    "OsString.from",
    "std.string.String.from",
    "std.borrow.Cow.Owned",
    "camino.Utf8PathBuf.from",
    "camino.Utf8Path.new",
    "std.sync.Mutex.new",
    "std.sync.RwLock.new",
    "std.net.IpAddr.V4",
    "IpAddr.V4",
    "std.net.SocketAddr.V4",
    "std.convert.identity",
    "std.str.from_utf8",
];

/// Lazily filled cells: worth what their closure gives.
const LAZY: &[&str] = &["LazyLock.new", "Lazy.new", "OnceLock.from", "LazyCell.new"];

/// Methods that change the type, not the text.
const TEXTUAL: &[&str] = &[
    "to_string",
    "to_owned",
    "into",
    "as_str",
    "as_bytes",
    "into_boxed_str",
    "to_str",
    "to_string_lossy",
    "as_os_str",
    "into_string",
    "parse",
    "try_into",
    "to_vec",
    "into_bytes",
    "trim",
    "trim_end",
    "trim_start",
    "display",
    "into_owned",
    "bytes",
    "as_path",
    "to_path_buf",
    "into_os_string",
    "to_socket_addrs",
    "as_slice",
    "iter",
    "into_iter",
    "collect",
    "to_lowercase",
];

/// `a.b.c.d` of four numbers.
pub(super) fn dotted_quad<'e>(parts: impl ExactSizeIterator<Item = &'e Expr>) -> Option<Name> {
    if parts.len() != 4 {
        return None;
    }
    let numbers: Option<Vec<String>> = parts
        .map(|part| match part {
            Expr::Lit(lit) => match literal(&lit.lit) {
                Value::Int(number @ 0..=255) => Some(number.to_string()),
                _ => None,
            },
            _ => None,
        })
        .collect();
    numbers.map(|numbers| Name::from(numbers.join(".")))
}

/// True when a function hands its only argument on.
pub(super) fn is_conversion(full: &str) -> bool {
    CONVERSIONS.contains(&full)
}

/// True when a method keeps the text of its receiver.
pub(super) fn is_textual(method: &str, args: usize) -> bool {
    TEXTUAL.contains(&method) || is_transparent(method, args)
}

/// True for the functions that look a name up in the environment.
pub(super) fn is_env_lookup(full: &str) -> bool {
    matches!(
        full,
        "std.env.var"
            | "std.env.var_os"
            | "env.var"
            | "env.var_os"
            | "dotenvy.var"
            | "dotenv.var"
            | "dotenv.dotenv.var"
    )
}

/// Joins parts, merging known neighbours.
pub(super) fn join(parts: impl IntoIterator<Item = Value>) -> Value {
    let mut out: Vec<Value> = Vec::new();
    let mut add = |part: Value| match (out.last_mut(), part) {
        (Some(Value::Str(known)), Value::Str(text)) => known.push_str(&text),
        (_, Value::Str(text)) if text.is_empty() => {}
        (_, part) => out.push(part),
    };
    for part in parts {
        match part {
            Value::Joined(inner) => inner.into_iter().for_each(&mut add),
            Value::Int(number) => add(Value::Str(compact_str::format_compact!("{number}"))),
            part => add(part),
        }
    }
    match out.len() {
        0 => Value::Str(Name::default()),
        1 if matches!(out[0], Value::Str(_)) => out.swap_remove(0),
        _ => Value::Joined(out),
    }
}

/// The environment's value with a default, where it had none.
pub(super) fn with_default(value: Value, default: Value) -> Value {
    match value {
        Value::Env { name, default: None } => Value::Env { name, default: Some(Box::new(default)) },
        Value::Unknown => default_of_unknown(default),
        Value::Env { .. } => value,
        other => Value::OneOf(vec![other, default]),
    }
}

/// Something not known, or a default: the default is one of the values.
fn default_of_unknown(default: Value) -> Value {
    match default {
        Value::Unknown => Value::Unknown,
        known => Value::OneOf(vec![Value::Unknown, known]),
    }
}

/// Text of a literal.
pub(super) fn literal(lit: &Lit) -> Value {
    match lit {
        Lit::Str(text) => Value::Str(Name::from(text.value())),
        Lit::ByteStr(bytes) => {
            String::from_utf8(bytes.value()).map_or(Value::Unknown, |text| Value::Str(Name::from(text)))
        }
        Lit::CStr(text) => text.value().into_string().map_or(Value::Unknown, |text| Value::Str(Name::from(text))),
        Lit::Char(c) => Value::Str(compact_str::format_compact!("{}", c.value())),
        Lit::Int(number) => number.base10_parse().map_or(Value::Unknown, Value::Int),
        Lit::Bool(truth) => Value::Bool(truth.value),
        _ => Value::Unknown,
    }
}

impl Extractor<'_> {
    /// The value of an expression, as far as the file says it.
    pub(super) fn value(&self, expr: &Expr, depth: u8) -> Value {
        let Some(depth) = depth.checked_sub(1) else { return Value::Unknown };
        match expr {
            Expr::Lit(lit) => literal(&lit.lit),
            Expr::Paren(inner) => self.value(&inner.expr, depth),
            Expr::Group(inner) => self.value(&inner.expr, depth),
            Expr::Reference(inner) => self.value(&inner.expr, depth),
            Expr::Try(inner) => self.value(&inner.expr, depth),
            Expr::Await(inner) => self.value(&inner.base, depth),
            Expr::Cast(inner) => self.value(&inner.expr, depth),
            Expr::Unary(inner) => match (&inner.op, self.value(&inner.expr, depth)) {
                (syn::UnOp::Neg(_), Value::Int(number)) => Value::Int(number.wrapping_neg()),
                (syn::UnOp::Deref(_), value) => value,
                (syn::UnOp::Not(_), Value::Bool(truth)) => Value::Bool(!truth),
                _ => Value::Unknown,
            },
            Expr::Path(path) if path.qself.is_none() => self.path_value(&path.path),
            Expr::Field(_) => self.field_name(expr).map_or(Value::Unknown, Value::Name),
            Expr::Array(array) => Value::List(array.elems.iter().map(|item| self.value(item, depth)).collect()),
            Expr::Tuple(tuple) => Value::List(tuple.elems.iter().map(|item| self.value(item, depth)).collect()),
            Expr::Macro(mac) => self.macro_value(&mac.mac, depth),
            Expr::Binary(binary) => self.binary_value(binary, depth),
            Expr::Struct(item) => Value::Call {
                name: self.names.expand(&self.written(&item.path)),
                construct: true,
                args: vec![Value::Map(
                    item.fields.iter().map(|field| (member(&field.member), self.value(&field.expr, depth))).collect(),
                )],
            },
            Expr::Block(block) => tail(&block.block).map_or(Value::Unknown, |tail| self.value(tail, depth)),
            Expr::Unsafe(block) => tail(&block.block).map_or(Value::Unknown, |tail| self.value(tail, depth)),
            Expr::If(branch) => self.if_value(branch, depth),
            Expr::Match(item) => self.match_value(item, depth),
            Expr::Call(call) => self.call_value(call, depth),
            Expr::MethodCall(call) => self.method_value(call, depth),
            _ => Value::Unknown,
        }
    }

    fn path_value(&self, path: &syn::Path) -> Value {
        let written = self.written(path);
        if written == "None" {
            return Value::Null;
        }
        if let Some(local) = self.local(&written) {
            return match &local.value {
                Value::Unknown => Value::Name(written),
                known => known.clone(),
            };
        }
        let short = match written.rsplit('.').nth(1) {
            Some(owner) => super::types::key(owner, written.rsplit('.').next().unwrap_or(&written)),
            None => written.clone(),
        };
        match self.constants.get(&short) {
            Some(Value::Unknown) | None => Value::Name(self.names.expand(&written)),
            Some(known) => known.clone(),
        }
    }

    /// `config.database.url` as a dotted name.
    fn field_name(&self, expr: &Expr) -> Option<Name> {
        match expr {
            Expr::Field(field) => {
                let base = self.field_name(&field.base)?;
                Some(compact_str::format_compact!("{base}.{}", member(&field.member)))
            }
            Expr::Path(path) => Some(dotted(&path.path)),
            Expr::Paren(inner) => self.field_name(&inner.expr),
            Expr::MethodCall(call) => {
                let base = self.field_name(&call.receiver)?;
                Some(compact_str::format_compact!("{base}.{}", ident(&call.method)))
            }
            _ => None,
        }
    }

    fn binary_value(&self, binary: &syn::ExprBinary, depth: u8) -> Value {
        let sides = || (self.value(&binary.left, depth), self.value(&binary.right, depth));
        match binary.op {
            syn::BinOp::Add(_) => match sides() {
                (Value::Int(left), Value::Int(right)) => Value::Int(left.wrapping_add(right)),
                (left, right) if is_text(&left) || is_text(&right) => join([left, right]),
                _ => Value::Unknown,
            },
            syn::BinOp::BitOr(_) => {
                let (left, right) = sides();
                let mut out = Vec::new();
                for side in [left, right] {
                    match side {
                        Value::OneOf(inner) => out.extend(inner),
                        other => out.push(other),
                    }
                }
                Value::OneOf(out)
            }
            _ => Value::Unknown,
        }
    }

    fn if_value(&self, branch: &syn::ExprIf, depth: u8) -> Value {
        let scrutinee = match &*branch.cond {
            Expr::Let(condition) => self.value(&condition.expr, depth),
            _ => Value::Unknown,
        };
        let Some((_, other)) = &branch.else_branch else { return Value::Unknown };
        let other = self.value(other, depth);
        if matches!(scrutinee, Value::Env { .. }) {
            return with_default(scrutinee, other);
        }
        let then = tail(&branch.then_branch).map_or(Value::Unknown, |tail| self.value(tail, depth));
        one_of([then, other])
    }

    fn match_value(&self, item: &syn::ExprMatch, depth: u8) -> Value {
        let scrutinee = self.value(&item.expr, depth);
        let arms = item.arms.iter().map(|arm| self.value(&arm.body, depth));
        if matches!(scrutinee, Value::Env { .. }) {
            let defaults = arms.filter(|value| matches!(value, Value::Str(_) | Value::Int(_) | Value::Joined(_)));
            return match one_of(defaults) {
                Value::Unknown => scrutinee,
                default => with_default(scrutinee, default),
            };
        }
        one_of(arms)
    }

    fn call_value(&self, call: &syn::ExprCall, depth: u8) -> Value {
        let Expr::Path(func) = &*call.func else { return Value::Unknown };
        let full = self.names.expand(&self.written(&func.path));
        let first = call.args.first();
        if let (true, Some(first)) = (is_conversion(&full), first) {
            return self.value(first, depth);
        }
        if let (true, Some(first)) = (is_env_lookup(&full), first) {
            return match self.value(first, depth) {
                Value::Str(name) | Value::Name(name) => Value::Env { name, default: None },
                _ => Value::Env { name: Name::default(), default: None },
            };
        }
        if let (true, Some(Expr::Closure(closure))) = (LAZY.iter().any(|end| full.ends_with(end)), first) {
            return self.value(&closure.body, depth);
        }
        let args: Vec<Value> = call.args.iter().map(|arg| self.value(arg, depth)).collect();
        if ["HashMap.from", "BTreeMap.from", "IndexMap.from"].iter().any(|end| full.ends_with(end))
            && let [Value::List(pairs)] = args.as_slice()
        {
            return Value::Map(pairs.iter().filter_map(pair).collect());
        }
        let construct = is_type_like(full.rsplit('.').next().unwrap_or(&full));
        Value::Call { name: full, construct, args }
    }

    pub(super) fn method_value(&self, call: &syn::ExprMethodCall, depth: u8) -> Value {
        let method = ident(&call.method);
        let receiver = self.value(&call.receiver, depth);
        let count = call.args.len();
        match (method.as_str(), count) {
            ("unwrap_or" | "or" | "or_else" | "unwrap_or_else", 1) => {
                return match &call.args[0] {
                    Expr::Closure(closure) => with_default(receiver, self.value(&closure.body, depth)),
                    plain => with_default(receiver, self.value(plain, depth)),
                };
            }
            ("map_or" | "map_or_else", 2) => {
                return match &call.args[0] {
                    Expr::Closure(closure) => with_default(receiver, self.value(&closure.body, depth)),
                    plain => with_default(receiver, self.value(plain, depth)),
                };
            }
            ("unwrap_or_default", 0) => return with_default(receiver, Value::Str(Name::default())),
            ("map" | "and_then" | "filter", 1) if receiver.from_env() => return receiver,
            ("join", 1) if self.is_path(&call.receiver, &receiver, depth) => {
                return join_path(receiver, self.value(&call.args[0], depth));
            }
            _ => {}
        }
        let keeps = is_textual(&method, count);
        if keeps && !matches!(receiver, Value::Unknown | Value::Name(_)) {
            return receiver;
        }
        match self.type_of(&call.receiver, depth) {
            Some(owner) if !keeps => {
                let mut args = Vec::with_capacity(count + 1);
                if matches!(receiver, Value::Call { .. }) {
                    args.push(receiver);
                }
                args.extend(call.args.iter().map(|arg| self.value(arg, depth)));
                Value::Call { name: compact_str::format_compact!("{owner}#{method}"), construct: false, args }
            }
            _ if keeps => receiver,
            _ => {
                let mut args = vec![receiver];
                args.retain(|value| !matches!(value, Value::Unknown | Value::Name(_)));
                args.extend(call.args.iter().map(|arg| self.value(arg, depth)));
                Value::Call { name: compact_str::format_compact!("?#{method}"), construct: false, args }
            }
        }
    }

    /// True when `.join(x)` on this is a step into a directory, not the join of a list.
    pub(super) fn is_path(&self, receiver: &Expr, value: &Value, depth: u8) -> bool {
        match value {
            Value::List(_) => false,
            Value::Str(_) | Value::Joined(_) | Value::Env { .. } => true,
            _ => self.type_of(receiver, depth).is_some_and(|name| {
                matches!(name.rsplit('.').next(), Some("Path" | "PathBuf" | "Utf8Path" | "Utf8PathBuf"))
            }),
        }
    }

    fn macro_value(&self, mac: &syn::Macro, depth: u8) -> Value {
        let name = dotted(&mac.path);
        match name.rsplit('.').next().unwrap_or_default() {
            "format" | "format_args" | "formatcp" => {
                let args = macros::arguments(&mac.tokens).unwrap_or_default();
                self.format_value(&args, depth)
            }
            "concat" | "concatcp" => {
                let args = macros::arguments(&mac.tokens).unwrap_or_default();
                join(args.iter().map(|arg| self.value(arg, depth)))
            }
            "env" | "option_env" => {
                let args = macros::arguments(&mac.tokens).unwrap_or_default();
                match args.first().map(|arg| self.value(arg, depth)) {
                    Some(Value::Str(name)) => Value::Env { name, default: None },
                    _ => Value::Unknown,
                }
            }
            "vec" => {
                let args = macros::arguments(&mac.tokens).unwrap_or_default();
                Value::List(args.iter().map(|arg| self.value(arg, depth)).collect())
            }
            _ => Value::Unknown,
        }
    }

    /// The join that a format string and its arguments make; `args[0]` is the format string.
    pub(super) fn format_value(&self, args: &[Expr], depth: u8) -> Value {
        let Some(Value::Str(format)) = args.first().map(|arg| self.value(arg, depth)) else { return Value::Unknown };
        let mut named: Vec<(Name, &Expr)> = Vec::new();
        let mut positional: Vec<&Expr> = Vec::new();
        for arg in &args[1..] {
            match arg {
                Expr::Assign(assign) => match &*assign.left {
                    Expr::Path(path) => named.push((dotted(&path.path), &*assign.right)),
                    _ => positional.push(arg),
                },
                _ => positional.push(arg),
            }
        }
        let mut parts = Vec::new();
        let mut next = 0;
        for piece in macros::format_pieces(&format) {
            parts.push(match piece {
                macros::Piece::Text(text) => Value::Str(text),
                macros::Piece::Hole(name) if name.is_empty() => {
                    next += 1;
                    positional.get(next - 1).map_or(Value::Unknown, |arg| self.value(arg, depth))
                }
                macros::Piece::Hole(name) => match name.parse::<usize>() {
                    Ok(index) => positional.get(index).map_or(Value::Unknown, |arg| self.value(arg, depth)),
                    Err(_) => match named.iter().find(|(known, _)| *known == name) {
                        Some((_, arg)) => self.value(arg, depth),
                        None => self.captured(&name),
                    },
                },
            });
        }
        join(parts)
    }

    fn captured(&self, name: &Name) -> Value {
        match self.local(name).map(|local| &local.value).or_else(|| self.constants.get(name)) {
            None | Some(Value::Unknown) => Value::Name(name.clone()),
            Some(known) => known.clone(),
        }
    }

    /// Binds the names of a pattern; a pattern around one value (`Some(x)`, `&x`) hands it on.
    pub(super) fn bind_pattern(&mut self, pat: &Pat, local: super::Local) {
        match pat {
            Pat::Ident(name) => {
                let mut local = local;
                if name.mutability.is_some() && is_text(&local.value) {
                    // What is appended later is not followed.
                    local.value = Value::Joined(vec![local.value, Value::Unknown]);
                }
                if name.subpat.is_none() && is_type_like(&ident(&name.ident)) {
                    return;
                }
                self.bind(ident(&name.ident), local);
                if let Some((_, inner)) = &name.subpat {
                    self.bind_pattern(inner, super::Local::default());
                }
            }
            Pat::Type(typed) => {
                let type_name = self.type_name(&typed.ty);
                self.bind_pattern(
                    &typed.pat,
                    super::Local { type_name: type_name.or(local.type_name), value: local.value },
                );
            }
            Pat::Reference(inner) => self.bind_pattern(&inner.pat, local),
            Pat::Paren(inner) => self.bind_pattern(&inner.pat, local),
            Pat::Guard(inner) => self.bind_pattern(&inner.pat, local),
            Pat::TupleStruct(item) if item.elems.len() == 1 => self.bind_pattern(&item.elems[0], local),
            Pat::TupleStruct(item) => item.elems.iter().for_each(|pat| self.bind_pattern(pat, super::Local::default())),
            Pat::Tuple(item) => {
                let values = match local.value {
                    Value::List(values) => values,
                    _ => Vec::new(),
                };
                for (index, pat) in item.elems.iter().enumerate() {
                    let value = values.get(index).cloned().unwrap_or_default();
                    self.bind_pattern(pat, super::Local { type_name: None, value });
                }
            }
            Pat::Slice(item) => item.elems.iter().for_each(|pat| self.bind_pattern(pat, super::Local::default())),
            Pat::Struct(item) => {
                let owner = self.names.expand(&self.written(&item.path));
                for field in &item.fields {
                    let type_name = self.fields.get(&super::types::key(&owner, &member(&field.member))).cloned();
                    self.bind_pattern(&field.pat, super::Local { type_name, value: Value::Unknown });
                }
            }
            Pat::Or(item) => item.cases.iter().for_each(|pat| self.bind_pattern(pat, super::Local::default())),
            _ => {}
        }
    }
}

/// Parts that a remembered value may have; more and it is forgotten, as values of values double with each step.
const MAX_WEIGHT: usize = 96;

/// The value, or `Unknown` where it is too large to be carried along.
pub(super) fn bounded(value: Value) -> Value {
    if weight(&value, MAX_WEIGHT) <= MAX_WEIGHT { value } else { Value::Unknown }
}

/// Number of parts, long texts counted by their length; stops soon after `limit`.
fn weight(value: &Value, limit: usize) -> usize {
    let sum = |values: &mut dyn Iterator<Item = &Value>| {
        let mut total = 1;
        for value in values {
            if total > limit {
                break;
            }
            total += weight(value, limit.saturating_sub(total));
        }
        total
    };
    match value {
        Value::Str(text) => 1 + text.len() / 256,
        Value::Joined(parts) | Value::OneOf(parts) | Value::List(parts) => sum(&mut parts.iter()),
        Value::Call { args, .. } => sum(&mut args.iter()),
        Value::Map(pairs) => sum(&mut pairs.iter().map(|(_, value)| value)),
        Value::Env { default: Some(default), .. } => 1 + weight(default, limit),
        _ => 1,
    }
}

/// Name of a field; tuple fields are numbers.
pub(super) fn member(member: &syn::Member) -> Name {
    match member {
        syn::Member::Named(name) => ident(name),
        syn::Member::Unnamed(index) => compact_str::format_compact!("{}", index.index),
    }
}

/// True for a string or a join of strings.
pub(super) fn is_text(value: &Value) -> bool {
    matches!(value, Value::Str(_) | Value::Joined(_))
}

fn join_path(base: Value, step: Value) -> Value {
    match (&base, &step) {
        (_, Value::Str(text)) if text.starts_with('/') => step,
        (Value::Str(text), _) if text.ends_with('/') => join([base, step]),
        _ => join([base, Value::Str(Name::from("/")), step]),
    }
}

fn one_of(values: impl IntoIterator<Item = Value>) -> Value {
    let mut out: Vec<Value> = Vec::new();
    for value in values {
        match value {
            Value::OneOf(inner) => out.extend(inner),
            other => out.push(other),
        }
    }
    out.dedup();
    if out.iter().all(|value| *value == Value::Unknown) {
        return Value::Unknown;
    }
    if out.len() == 1 { out.swap_remove(0) } else { Value::OneOf(out) }
}

fn pair(value: &Value) -> Option<(Name, Value)> {
    match value {
        Value::List(items) => match items.as_slice() {
            [Value::Str(key), value] => Some((key.clone(), value.clone())),
            _ => None,
        },
        _ => None,
    }
}
