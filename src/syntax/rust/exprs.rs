//! The walk over statements and expressions: calls, constructions, assignments, literals, used names.

use syn::{Block, Expr, Pat, Stmt};

use super::emit::NewCall;
use super::names::{dotted, ident, is_type_like};
use super::places::{end_of, expr_end, expr_start, start_of};
use super::types::is_transparent;
use super::values::{DEPTH, bounded, is_conversion, is_text, is_textual, member};
use super::{Extractor, Local};
use crate::facts::{CallKind, Context, Name, Receiver, RefKind, Value};

/// The variable or property that a context assigns to.
pub(super) fn assigned(context: &Context) -> Name {
    match context {
        Context::Assigned { name } => name.clone(),
        _ => Name::default(),
    }
}

impl Extractor<'_> {
    /// A block in a scope of its own; `context` is that of its tail.
    pub(super) fn block(&mut self, block: &Block, context: &Context, parent: Option<u32>) {
        self.statements(&block.stmts, context, parent);
    }

    /// Statements in a scope of their own.
    pub(super) fn statements(&mut self, statements: &[Stmt], context: &Context, parent: Option<u32>) {
        self.locals.push(rustc_hash::FxHashMap::default());
        for statement in statements {
            match statement {
                Stmt::Local(local) => self.local_statement(local, parent),
                Stmt::Item(item) => self.item(item),
                Stmt::Expr(expr, None) => self.expr(expr, context, parent),
                Stmt::Expr(expr, Some(_)) => self.expr(expr, &Context::Other, parent),
                Stmt::Macro(mac) => self.macro_call(&mac.mac, &Context::Other, parent),
            }
        }
        self.locals.pop();
    }

    fn local_statement(&mut self, local: &syn::Local, parent: Option<u32>) {
        self.pattern(&local.pat);
        let mut known = Local::default();
        if let Some(init) = &local.init {
            let name = match &local.pat {
                Pat::Ident(name) => ident(&name.ident),
                Pat::Type(typed) => match &*typed.pat {
                    Pat::Ident(name) => ident(&name.ident),
                    _ => Name::default(),
                },
                _ => Name::default(),
            };
            let context = if name.is_empty() { Context::Other } else { Context::Assigned { name } };
            self.expr(&init.expr, &context, parent);
            known = Local { type_name: self.type_of(&init.expr, DEPTH), value: self.value(&init.expr, DEPTH) };
            if let Some((_, diverge)) = &init.diverge {
                self.expr(diverge, &Context::Other, parent);
            }
        }
        self.bind_pattern(&local.pat, known);
    }

    /// One expression. `context` is where a string would stand, `parent` the kept call around it.
    pub(super) fn expr(&mut self, expr: &Expr, context: &Context, parent: Option<u32>) {
        let other = &Context::Other;
        match expr {
            Expr::Lit(lit) => {
                if let value @ Value::Str(_) = super::values::literal(&lit.lit)
                    && !matches!(lit.lit, syn::Lit::Char(_))
                {
                    self.push_literal(value, start_of(lit.lit.span()), end_of(lit.lit.span()), context);
                }
            }
            Expr::Path(path) => {
                self.address(expr, context);
                self.path_use(path);
            }
            Expr::Call(call) => {
                self.address(expr, context);
                self.call(call, context, parent);
            }
            Expr::MethodCall(call) => self.method_call(call, context, parent),
            Expr::Macro(mac) => self.macro_call(&mac.mac, context, parent),
            Expr::Struct(item) => self.construct(item, context, parent),
            Expr::Assign(assign) => self.assign(assign, parent),
            Expr::Binary(binary) => self.binary(expr, binary, context, parent),
            Expr::Paren(inner) => self.expr(&inner.expr, context, parent),
            Expr::Group(inner) => self.expr(&inner.expr, context, parent),
            Expr::Reference(inner) => self.expr(&inner.expr, context, parent),
            Expr::RawAddr(inner) => self.expr(&inner.expr, context, parent),
            Expr::Try(inner) => self.expr(&inner.expr, context, parent),
            Expr::Await(inner) => self.expr(&inner.base, context, parent),
            Expr::Unary(inner) => self.expr(&inner.expr, context, parent),
            Expr::Cast(cast) => {
                self.type_use(&cast.ty);
                self.expr(&cast.expr, context, parent);
            }
            Expr::Array(array) => {
                if says_address(context) {
                    self.address(expr, context);
                }
                array.elems.iter().for_each(|item| self.expr(item, context, parent));
            }
            Expr::Tuple(tuple) => {
                // A pair in a list of pairs is a key and its value.
                if let [Expr::Lit(key), value] = tuple.elems.iter().collect::<Vec<_>>().as_slice()
                    && let Value::Str(key) = super::values::literal(&key.lit)
                    && !matches!(value, Expr::Tuple(_))
                    && matches!(context, Context::Argument { .. } | Context::Assigned { .. } | Context::Keyed { .. })
                {
                    let keyed = Context::Keyed { path: key };
                    self.expr(&tuple.elems[0], context, parent);
                    return self.expr(value, &keyed, parent);
                }
                tuple.elems.iter().for_each(|item| self.expr(item, context, parent));
            }
            Expr::Repeat(repeat) => {
                self.expr(&repeat.expr, context, parent);
                self.expr(&repeat.len, other, parent);
            }
            Expr::Field(field) => self.expr(&field.base, other, parent),
            Expr::Index(index) => {
                self.expr(&index.expr, other, parent);
                self.expr(&index.index, &Context::Compared, parent);
            }
            Expr::Range(range) => {
                for side in [&range.start, &range.end].into_iter().flatten() {
                    self.expr(side, other, parent);
                }
            }
            Expr::Block(inner) => self.block(&inner.block, context, parent),
            Expr::Unsafe(inner) => self.block(&inner.block, context, parent),
            Expr::Const(inner) => self.block(&inner.block, context, parent),
            Expr::Async(inner) => self.block(&inner.block, other, None),
            Expr::TryBlock(inner) => self.block(&inner.block, context, parent),
            Expr::Loop(inner) => self.block(&inner.body, other, None),
            Expr::While(inner) => {
                self.locals.push(rustc_hash::FxHashMap::default());
                self.expr(&inner.cond, other, None);
                self.block(&inner.body, other, None);
                self.locals.pop();
            }
            Expr::ForLoop(inner) => {
                self.expr(&inner.expr, other, None);
                self.locals.push(rustc_hash::FxHashMap::default());
                self.pattern(&inner.pat);
                self.bind_pattern(&inner.pat, Local::default());
                self.block(&inner.body, other, None);
                self.locals.pop();
            }
            Expr::Let(inner) => {
                self.expr(&inner.expr, other, parent);
                self.pattern(&inner.pat);
                let known =
                    Local { type_name: self.type_of(&inner.expr, DEPTH), value: self.value(&inner.expr, DEPTH) };
                self.bind_pattern(&inner.pat, known);
            }
            Expr::If(branch) => self.branch(branch, context, parent),
            Expr::Match(item) => self.match_arms(item, context, parent),
            Expr::Closure(closure) => {
                self.locals.push(rustc_hash::FxHashMap::default());
                for input in &closure.inputs {
                    self.pattern(input);
                    self.bind_pattern(input, Local::default());
                }
                self.expr(&closure.body, other, None);
                self.locals.pop();
            }
            Expr::Return(inner) => {
                if let Some(value) = &inner.expr {
                    self.expr(value, &Context::Returned { function: self.function.clone() }, None);
                }
            }
            Expr::Break(inner) => inner.expr.iter().for_each(|value| self.expr(value, context, parent)),
            Expr::Yield(inner) => inner.expr.iter().for_each(|value| self.expr(value, context, parent)),
            _ => {}
        }
    }

    /// An IPv4 address that is written as numbers: `Ipv4Addr::new(127, 0, 0, 1)`, `[127, 0, 0, 1]`, `Ipv4Addr::LOCALHOST`.
    fn address(&mut self, expr: &Expr, context: &Context) {
        let text = match expr {
            Expr::Array(array) => super::values::dotted_quad(array.elems.iter()),
            Expr::Call(call) => match &*call.func {
                Expr::Path(path) if dotted(&path.path).ends_with("Ipv4Addr.new") => {
                    super::values::dotted_quad(call.args.iter())
                }
                _ => None,
            },
            Expr::Path(path) if dotted(&path.path).ends_with("Ipv4Addr.LOCALHOST") => Some("127.0.0.1".into()),
            _ => None,
        };
        if let Some(text) = text {
            self.push_literal(Value::Str(text), expr_start(expr), expr_end(expr), context);
        }
    }

    fn path_use(&mut self, path: &syn::ExprPath) {
        if let Some(qself) = &path.qself {
            self.type_use(&qself.ty);
        }
        self.generic_arguments(&path.path);
        let Some(first) = path.path.segments.first() else { return };
        let name = self.written(&path.path);
        self.refer(&name, RefKind::Name, start_of(first.ident.span()));
    }

    fn call(&mut self, call: &syn::ExprCall, context: &Context, parent: Option<u32>) {
        let Expr::Path(func) = &*call.func else {
            self.expr(&call.func, &Context::Other, parent);
            return call.args.iter().for_each(|arg| self.expr(arg, &Context::Other, parent));
        };
        let start = expr_start(&call.func);
        if let Some(qself) = &func.qself {
            self.type_use(&qself.ty);
        }
        self.generic_arguments(&func.path);
        let written = self.written(&func.path);
        let full = self.names.expand(&written);
        let last = full.rsplit('.').next().unwrap_or(&full);
        let construct = is_type_like(last);
        self.refer(&written, if construct { RefKind::Create } else { RefKind::Call }, start);
        if is_conversion(&full) {
            return call.args.iter().for_each(|arg| self.expr(arg, context, parent));
        }
        let receiver = match full.rsplit_once('.') {
            Some(_) if !construct => Receiver::Static,
            _ => Receiver::None,
        };
        let new = NewCall {
            name: full.clone(),
            kind: if construct { CallKind::Construct } else { CallKind::Call },
            receiver,
            receiver_value: Value::Unknown,
            args: plain_arguments(&call.args),
            arg_names: Vec::new(),
            start,
            end: end_of(call.paren_token.span.close()),
            parent,
            assigned_to: assigned(context),
        };
        let own = self.push_call(new);
        for (index, arg) in call.args.iter().enumerate() {
            let inner = Context::Argument { callee: full.clone(), index: index.min(255) as u8, name: None };
            self.expr(arg, &inner, own);
        }
    }

    fn method_call(&mut self, call: &syn::ExprMethodCall, context: &Context, parent: Option<u32>) {
        let method = ident(&call.method);
        let count = call.args.len();
        let start = expr_start(&call.receiver);
        let end = end_of(call.paren_token.span.close());
        let owner = self.type_of(&call.receiver, DEPTH);
        let value = match method.as_str() {
            "join" | "unwrap_or" | "unwrap_or_else" | "map_or" | "or" | "or_else" => self.value(&call.receiver, DEPTH),
            _ => Value::Unknown,
        };
        if method == "join" && count == 1 && self.is_path(&call.receiver, &value, DEPTH) {
            let joined = self.method_value(call, DEPTH);
            if is_text(&joined) {
                self.push_literal(joined, start, end, context);
                self.calls_below(&call.receiver, parent);
                return self.calls_below(&call.args[0], parent);
            }
        }
        let name = match &owner {
            Some(owner) => compact_str::format_compact!("{owner}#{method}"),
            None => compact_str::format_compact!("?#{method}"),
        };
        if let Some(turbofish) = &call.turbofish {
            self.angle_arguments(turbofish);
        }
        let own = if self.wants(&name) {
            let new = NewCall {
                name: name.clone(),
                kind: CallKind::Call,
                receiver: match &owner {
                    Some(_) => Receiver::Typed,
                    None => Receiver::Unknown(self.excerpt(start, expr_end(&call.receiver))),
                },
                receiver_value: bounded(self.value(&call.receiver, DEPTH)),
                args: plain_arguments(&call.args),
                arg_names: Vec::new(),
                start,
                end,
                parent,
                assigned_to: assigned(context),
            };
            self.push_call(new)
        } else {
            None
        };
        let keeps = is_textual(&method, count) || is_transparent(&method, count);
        let receiver_context = if keeps { context } else { &Context::Other };
        self.expr(&call.receiver, receiver_context, own.or(parent));
        for (index, arg) in call.args.iter().enumerate() {
            let inner = match (method.as_str(), index) {
                ("unwrap_or" | "unwrap_or_else" | "map_or" | "map_or_else" | "or" | "or_else", 0) => match &value {
                    Value::Env { name, .. } => Context::EnvDefault { name: name.clone() },
                    _ => Context::Default { of: self.excerpt(start, expr_end(&call.receiver)) },
                },
                _ => Context::Argument { callee: name.clone(), index: index.min(255) as u8, name: None },
            };
            match arg {
                // The closure of `unwrap_or_else` stands for its value.
                Expr::Closure(closure) if !matches!(inner, Context::Argument { .. }) => {
                    self.expr(&closure.body, &inner, own);
                }
                _ => self.expr(arg, &inner, own),
            }
        }
        self.remember_builder(call, owner, &name);
    }

    /// `options.write(true);` as a statement: what the variable holds grows by the call.
    fn remember_builder(&mut self, call: &syn::ExprMethodCall, owner: Option<Name>, name: &Name) {
        let (Some(owner), Expr::Path(path)) = (owner, &*call.receiver) else { return };
        if !owner.ends_with("Options") && !owner.ends_with("Builder") {
            return;
        }
        let variable = dotted(&path.path);
        let args: Vec<Value> = call.args.iter().map(|arg| self.value(arg, DEPTH)).collect();
        if let Some(local) = self.locals.iter_mut().rev().find_map(|scope| scope.get_mut(&variable)) {
            let mut all = vec![std::mem::take(&mut local.value)];
            all.extend(args);
            local.value = bounded(Value::Call { name: name.clone(), construct: false, args: all });
        }
    }

    /// Walks for calls and names; strings were taken as part of a join.
    fn calls_below(&mut self, expr: &Expr, parent: Option<u32>) {
        match expr {
            Expr::Lit(_) => {}
            Expr::Paren(inner) => self.calls_below(&inner.expr, parent),
            Expr::Reference(inner) => self.calls_below(&inner.expr, parent),
            Expr::Binary(binary) if matches!(binary.op, syn::BinOp::Add(_)) => {
                self.calls_below(&binary.left, parent);
                self.calls_below(&binary.right, parent);
            }
            Expr::Call(call)
                if matches!(&*call.func, Expr::Path(path)
                    if is_conversion(&self.names.expand(&self.written(&path.path)))) =>
            {
                call.args.iter().for_each(|arg| self.calls_below(arg, parent));
            }
            Expr::MethodCall(call)
                if ident(&call.method) == "join" || is_textual(&ident(&call.method), call.args.len()) =>
            {
                self.calls_below(&call.receiver, parent);
                call.args.iter().for_each(|arg| self.calls_below(arg, parent));
            }
            Expr::Macro(mac) if mac.mac.path.is_ident("format") || mac.mac.path.is_ident("concat") => {
                let args = super::macros::arguments(&mac.mac.tokens).unwrap_or_default();
                self.calls_only(&args, parent);
            }
            other => self.expr(other, &Context::Other, parent),
        }
    }

    fn construct(&mut self, item: &syn::ExprStruct, context: &Context, parent: Option<u32>) {
        let Some(first) = item.path.segments.first() else { return };
        let start = start_of(first.ident.span());
        let written = self.written(&item.path);
        self.generic_arguments(&item.path);
        self.refer(&written, RefKind::Create, start);
        let full = self.names.expand(&written);
        let own = self.push_call(NewCall {
            name: full.clone(),
            kind: CallKind::Construct,
            receiver: Receiver::None,
            receiver_value: Value::Unknown,
            args: item.fields.iter().map(|field| &field.expr).collect(),
            arg_names: item.fields.iter().map(|field| member(&field.member)).collect(),
            start,
            end: end_of(item.brace_token.span.close()),
            parent,
            assigned_to: assigned(context),
        });
        for (index, field) in item.fields.iter().enumerate() {
            let name = Some(member(&field.member));
            let inner = Context::Argument { callee: full.clone(), index: index.min(255) as u8, name };
            self.expr(&field.expr, &inner, own);
        }
        if let Some(rest) = &item.rest {
            self.expr(rest, &Context::Other, own);
        }
    }

    fn assign(&mut self, assign: &syn::ExprAssign, parent: Option<u32>) {
        let mut own = parent;
        let name = match &*assign.left {
            Expr::Field(field) => {
                let property = member(&field.member);
                let owner = self.type_of(&field.base, DEPTH);
                let full = match &owner {
                    Some(owner) => compact_str::format_compact!("{owner}#{property}"),
                    None => compact_str::format_compact!("?#{property}"),
                };
                let new = NewCall {
                    name: full,
                    kind: CallKind::Assign,
                    receiver: match &owner {
                        Some(_) => Receiver::Typed,
                        None => Receiver::Unknown(self.excerpt(expr_start(&field.base), expr_end(&field.base))),
                    },
                    receiver_value: Value::Unknown,
                    args: vec![&assign.right],
                    arg_names: Vec::new(),
                    start: expr_start(&assign.left),
                    end: expr_end(&assign.right),
                    parent,
                    assigned_to: property.clone(),
                };
                own = self.push_call(new).or(parent);
                self.expr(&field.base, &Context::Other, own);
                property
            }
            Expr::Path(path) => {
                let name = dotted(&path.path);
                self.path_use(path);
                name
            }
            left => {
                self.expr(left, &Context::Other, parent);
                Name::default()
            }
        };
        self.expr(&assign.right, &Context::Assigned { name: name.clone() }, own);
        let value = self.value(&assign.right, DEPTH);
        if let Some(local) = self.locals.iter_mut().rev().find_map(|scope| scope.get_mut(&name)) {
            local.value = match std::mem::take(&mut local.value) {
                Value::Unknown => value,
                before => bounded(Value::OneOf(vec![before, value])),
            };
        }
    }

    fn binary(&mut self, expr: &Expr, binary: &syn::ExprBinary, context: &Context, parent: Option<u32>) {
        use syn::BinOp;
        match binary.op {
            BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Gt(_) | BinOp::Le(_) | BinOp::Ge(_) => {
                self.expr(&binary.left, &Context::Compared, parent);
                self.expr(&binary.right, &Context::Compared, parent);
            }
            BinOp::Add(_) => {
                let value = self.value(expr, DEPTH);
                if is_text(&value) {
                    self.push_literal(value, expr_start(expr), expr_end(expr), context);
                    self.calls_below(&binary.left, parent);
                    self.calls_below(&binary.right, parent);
                } else {
                    self.expr(&binary.left, context, parent);
                    self.expr(&binary.right, context, parent);
                }
            }
            _ => {
                self.expr(&binary.left, &Context::Other, parent);
                self.expr(&binary.right, &Context::Other, parent);
            }
        }
    }

    fn branch(&mut self, branch: &syn::ExprIf, context: &Context, parent: Option<u32>) {
        self.locals.push(rustc_hash::FxHashMap::default());
        self.expr(&branch.cond, &Context::Other, parent);
        self.block(&branch.then_branch, context, parent);
        self.locals.pop();
        if let Some((_, other)) = &branch.else_branch {
            let looked_up = match &*branch.cond {
                Expr::Let(condition) => self.value(&condition.expr, DEPTH),
                _ => Value::Unknown,
            };
            match looked_up {
                Value::Env { name, .. } => self.expr(other, &Context::EnvDefault { name }, parent),
                _ => self.expr(other, context, parent),
            }
        }
    }

    fn match_arms(&mut self, item: &syn::ExprMatch, context: &Context, parent: Option<u32>) {
        self.expr(&item.expr, &Context::Other, parent);
        let known = Local { type_name: self.type_of(&item.expr, DEPTH), value: self.value(&item.expr, DEPTH) };
        let inner = match &known.value {
            Value::Env { name, .. } => Context::EnvDefault { name: name.clone() },
            _ => context.clone(),
        };
        for arm in &item.arms {
            self.locals.push(rustc_hash::FxHashMap::default());
            self.pattern(&arm.pat);
            self.bind_pattern(&arm.pat, known.clone());
            if let Pat::Guard(guard) = &arm.pat {
                self.expr(&guard.guard, &Context::Other, parent);
            }
            self.expr(&arm.body, &inner, parent);
            self.locals.pop();
        }
    }

    /// Names and literals of a pattern.
    pub(super) fn pattern(&mut self, pat: &Pat) {
        match pat {
            Pat::Ident(item) => {
                let name = ident(&item.ident);
                if is_type_like(&name) && item.subpat.is_none() {
                    self.refer(&name, RefKind::Name, start_of(item.ident.span()));
                }
                if let Some((_, inner)) = &item.subpat {
                    self.pattern(inner);
                }
            }
            Pat::Path(path) => self.path_use(path),
            Pat::TupleStruct(item) => {
                self.pattern_path(&item.path);
                item.elems.iter().for_each(|pat| self.pattern(pat));
            }
            Pat::Struct(item) => {
                self.pattern_path(&item.path);
                item.fields.iter().for_each(|field| self.pattern(&field.pat));
            }
            Pat::Tuple(item) => item.elems.iter().for_each(|pat| self.pattern(pat)),
            Pat::Slice(item) => item.elems.iter().for_each(|pat| self.pattern(pat)),
            Pat::Or(item) => item.cases.iter().for_each(|pat| self.pattern(pat)),
            Pat::Reference(item) => self.pattern(&item.pat),
            Pat::Paren(item) => self.pattern(&item.pat),
            Pat::Guard(item) => self.pattern(&item.pat),
            Pat::Type(item) => {
                self.type_use(&item.ty);
                self.pattern(&item.pat);
            }
            Pat::Lit(item) => {
                if let value @ Value::Str(_) = super::values::literal(&item.lit) {
                    self.push_literal(value, start_of(item.lit.span()), end_of(item.lit.span()), &Context::Compared);
                }
            }
            _ => {}
        }
    }

    fn pattern_path(&mut self, path: &syn::Path) {
        let Some(first) = path.segments.first() else { return };
        let name = self.written(path);
        self.refer(&name, RefKind::Type, start_of(first.ident.span()));
    }
}

/// True where four numbers in a list are an address: handed to what takes addresses, or kept under such a name.
fn says_address(context: &Context) -> bool {
    let name = match context {
        Context::Argument { callee, .. } => callee,
        Context::Assigned { name } | Context::Default { of: name } => name,
        Context::Returned { function } => function,
        Context::Keyed { path } => path,
        _ => return false,
    };
    let lower = name.to_ascii_lowercase();
    ["addr", "bind", "connect", "listen", "host"].iter().any(|word| lower.contains(word)) || lower == "ip"
}

/// Arguments without a trailing closure.
fn plain_arguments(args: &syn::punctuated::Punctuated<Expr, syn::Token![,]>) -> Vec<&Expr> {
    args.iter().filter(|arg| !matches!(arg, Expr::Closure(_))).collect()
}
