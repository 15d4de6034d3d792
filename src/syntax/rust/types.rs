//! Types of expressions as far as one file says them: declarations, constructors, builders.

use syn::{Expr, GenericArgument, PathArguments, Type, TypeParamBound};

use super::Extractor;
use super::names::{dotted, ident, is_type_like};
use crate::facts::Name;

/// Types that stand for what they hold: their methods are rarely of interest, those of the content are.
const WRAPPERS: &[&str] = &[
    "Box",
    "Arc",
    "Rc",
    "Option",
    "Result",
    "Mutex",
    "RwLock",
    "RefCell",
    "Cell",
    "Cow",
    "Pin",
    "Data",
    "State",
    "Extension",
    "LazyLock",
    "OnceLock",
    "OnceCell",
    "Lazy",
    "Weak",
    "MutexGuard",
    "RwLockReadGuard",
    "RwLockWriteGuard",
    "AsRef",
    "Into",
    "Borrow",
    "ManuallyDrop",
];

/// Methods that give their receiver back, or what a wrapper around it holds.
const SAME: &[&str] = &[
    "unwrap",
    "expect",
    "unwrap_or_else",
    "unwrap_or_default",
    "clone",
    "as_ref",
    "as_mut",
    "as_deref",
    "as_deref_mut",
    "borrow",
    "borrow_mut",
    "lock",
    "read",
    "write",
    "to_owned",
    "map_err",
    "context",
    "with_context",
    "wrap_err",
    "wrap_err_with",
    "ok",
    "ok_or",
    "ok_or_else",
    "by_ref",
    "await",
    "get_ref",
    "get_mut",
    "into_inner",
    "boxed",
    "cloned",
    "copied",
    "take",
    "or_else",
    "try_clone",
    "inspect_err",
    "inspect",
    "unwrap_or",
    "into_iter",
    "iter",
    "as_path",
    "to_path_buf",
];

/// True when a method hands on its receiver, whatever the receiver is.
pub(super) fn is_transparent(method: &str, args: usize) -> bool {
    match method {
        // `write` and `read` of a lock take nothing; those of a file take a buffer.
        "write" | "read" | "take" => args == 0,
        other => SAME.contains(&other),
    }
}

/// First words of names of functions that usually return their own type.
const CONSTRUCTORS: &[&str] = &[
    "new",
    "with",
    "from",
    "create",
    "open",
    "default",
    "builder",
    "connect",
    "init",
    "parse",
    "load",
    "build",
    "options",
    "bind",
    "try",
    "temp",
    "named",
    "append",
    "read",
    "establish",
    "get",
    "single",
    "relay",
    "client",
    "start",
    "spawn",
    "listen",
];

impl Extractor<'_> {
    /// The type that a declaration names, references and wrappers removed, imports expanded.
    pub(super) fn type_name(&self, ty: &Type) -> Option<Name> {
        match ty {
            Type::Reference(inner) => self.type_name(&inner.elem),
            Type::Paren(inner) => self.type_name(&inner.elem),
            Type::Group(inner) => self.type_name(&inner.elem),
            Type::Ptr(inner) => self.type_name(&inner.elem),
            Type::ImplTrait(bounds) => self.bound_name(bounds.bounds.iter()),
            Type::TraitObject(bounds) => self.bound_name(bounds.bounds.iter()),
            Type::Path(path) => self.path_type(&path.path),
            _ => None,
        }
    }

    fn bound_name<'b>(&self, mut bounds: impl Iterator<Item = &'b TypeParamBound>) -> Option<Name> {
        bounds.find_map(|bound| match bound {
            TypeParamBound::Trait(bound) => self.path_type(&bound.path),
            _ => None,
        })
    }

    pub(super) fn path_type(&self, path: &syn::Path) -> Option<Name> {
        let last = path.segments.last()?;
        let simple = ident(&last.ident);
        if WRAPPERS.contains(&simple.as_str())
            && let PathArguments::AngleBracketed(args) = &last.arguments
        {
            for arg in &args.args {
                if let GenericArgument::Type(inner) = arg {
                    return self.type_name(inner);
                }
            }
        }
        let written = self.written(path);
        Some(self.names.expand(&written))
    }

    /// The type of an expression, qualified, where this file says it.
    pub(super) fn type_of(&self, expr: &Expr, depth: u8) -> Option<Name> {
        let depth = depth.checked_sub(1)?;
        match expr {
            Expr::Paren(inner) => self.type_of(&inner.expr, depth),
            Expr::Group(inner) => self.type_of(&inner.expr, depth),
            Expr::Reference(inner) => self.type_of(&inner.expr, depth),
            Expr::Try(inner) => self.type_of(&inner.expr, depth),
            Expr::Await(inner) => self.type_of(&inner.base, depth),
            Expr::Unary(inner) if matches!(inner.op, syn::UnOp::Deref(_)) => self.type_of(&inner.expr, depth),
            Expr::Cast(cast) => self.type_name(&cast.ty),
            Expr::Struct(item) => Some(self.names.expand(&self.written(&item.path))),
            Expr::Path(path) => {
                let name = dotted(&path.path);
                if name == "self" {
                    return self.self_type.clone();
                }
                match self.local(&name) {
                    Some(local) => local.type_name.clone(),
                    None => self.fields.get(&name).cloned(),
                }
            }
            Expr::Field(field) => {
                let owner = self.type_of(&field.base, depth)?;
                let syn::Member::Named(member) = &field.member else { return None };
                self.fields.get(&key(&owner, &ident(member))).cloned()
            }
            Expr::MethodCall(call) => {
                let method = ident(&call.method);
                let owner = self.type_of(&call.receiver, depth)?;
                self.method_type(&owner, &method, call.args.len())
            }
            Expr::Call(call) => {
                let Expr::Path(func) = &*call.func else { return None };
                let written = self.written(&func.path);
                if matches!(
                    written.as_str(),
                    "Some" | "Ok" | "Box.new" | "Arc.new" | "Rc.new" | "Mutex.new" | "RwLock.new"
                ) {
                    return self.type_of(call.args.first()?, depth);
                }
                self.function_type(&written)
            }
            Expr::Block(block) => super::places::tail(&block.block).and_then(|tail| self.type_of(tail, depth)),
            _ => None,
        }
    }

    fn function_type(&self, written: &Name) -> Option<Name> {
        if let Some(known) = self.returns.get(written) {
            return Some(known.clone());
        }
        let full = self.names.expand(written);
        if full == "std.env.temp_dir" || full == "std.env.current_dir" {
            return Some(Name::from("std.path.PathBuf"));
        }
        let (owner, last) = full.rsplit_once('.').unwrap_or(("", &full));
        if is_type_like(last) {
            return Some(full.clone());
        }
        let simple = owner.rsplit('.').next().unwrap_or(owner);
        if !is_type_like(simple) {
            return None;
        }
        if simple == "File" && last == "options" {
            return Some(compact_str::format_compact!("{}OpenOptions", owner.strip_suffix("File").unwrap_or(owner)));
        }
        let first = last.split('_').next().unwrap_or(last);
        CONSTRUCTORS.contains(&first).then(|| Name::from(owner))
    }

    /// What a method gives, by the type it is called on.
    pub(super) fn method_type(&self, owner: &str, method: &str, args: usize) -> Option<Name> {
        if let Some(known) = self.returns.get(&key(owner, method)) {
            return Some(known.clone());
        }
        let simple = owner.rsplit('.').next().unwrap_or(owner);
        if simple == "OpenOptions" {
            return Some(match method {
                "open" => compact_str::format_compact!("{}File", owner.strip_suffix("OpenOptions").unwrap_or(owner)),
                _ => Name::from(owner),
            });
        }
        if matches!((simple, method), ("Path" | "PathBuf", "join" | "with_extension" | "with_file_name" | "parent")) {
            return Some(Name::from("std.path.PathBuf"));
        }
        if is_transparent(method, args) {
            return Some(Name::from(owner));
        }
        match method {
            "build" | "finish" | "init" => Some(Name::from(owner.strip_suffix("Builder").unwrap_or(owner))),
            // A method that takes something and whose type looks like a builder mostly hands the builder on.
            _ if ["Builder", "Options", "Config", "Dispatch", "Command", "Params"]
                .iter()
                .any(|end| simple.ends_with(end)) =>
            {
                Some(Name::from(owner))
            }
            _ => None,
        }
    }
}

/// Key of a field or method: the simple type name, a dot, the member.
pub(super) fn key(owner: &str, member: &str) -> Name {
    let simple = owner.rsplit('.').next().unwrap_or(owner);
    compact_str::format_compact!("{simple}.{member}")
}
