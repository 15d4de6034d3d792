//! Names used in types, bounds and attributes.

use proc_macro2::TokenStream;
use syn::{
    AngleBracketedGenericArguments, Attribute, Expr, GenericArgument, GenericParam, Generics, Meta, Path,
    PathArguments, Type, TypeParamBound, WherePredicate,
};

use super::emit::NewCall;
use super::names::dotted;
use super::places::{end_of, start_of};
use super::{Extractor, macros};
use crate::facts::{CallKind, Context, Name, Receiver, RefKind, Value};

impl Extractor<'_> {
    /// All names of a type.
    pub(super) fn type_use(&mut self, ty: &Type) {
        match ty {
            Type::Path(path) => {
                if let Some(qself) = &path.qself {
                    self.type_use(&qself.ty);
                }
                self.path_reference(&path.path, RefKind::Type);
            }
            Type::Reference(inner) => self.type_use(&inner.elem),
            Type::Paren(inner) => self.type_use(&inner.elem),
            Type::Group(inner) => self.type_use(&inner.elem),
            Type::Ptr(inner) => self.type_use(&inner.elem),
            Type::Slice(inner) => self.type_use(&inner.elem),
            Type::Array(inner) => self.type_use(&inner.elem),
            Type::Tuple(inner) => inner.elems.iter().for_each(|ty| self.type_use(ty)),
            Type::ImplTrait(inner) => inner.bounds.iter().for_each(|bound| self.bound(bound, RefKind::Type)),
            Type::TraitObject(inner) => inner.bounds.iter().for_each(|bound| self.bound(bound, RefKind::Type)),
            Type::FnPtr(inner) => {
                inner.inputs.iter().for_each(|input| self.type_use(&input.ty));
                self.output(&inner.output);
            }
            Type::Macro(inner) => self.macro_call(&inner.mac, &Context::Other, None),
            _ => {}
        }
    }

    /// A path as a use of this kind, and its generic arguments.
    pub(super) fn path_reference(&mut self, path: &Path, kind: RefKind) {
        self.generic_arguments(path);
        let Some(first) = path.segments.first() else { return };
        let name = self.written(path);
        self.refer(&name, kind, start_of(first.ident.span()));
    }

    fn output(&mut self, output: &syn::ReturnType) {
        if let syn::ReturnType::Type(_, ty) = output {
            self.type_use(ty);
        }
    }

    /// Types inside `<…>` of a path.
    pub(super) fn generic_arguments(&mut self, path: &Path) {
        for segment in &path.segments {
            match &segment.arguments {
                PathArguments::None => {}
                PathArguments::AngleBracketed(args) => self.angle_arguments(args),
                PathArguments::Parenthesized(args) => {
                    args.inputs.iter().for_each(|input| self.type_use(&input.ty));
                    self.output(&args.output);
                }
            }
        }
    }

    /// Types inside `<…>`.
    pub(super) fn angle_arguments(&mut self, args: &AngleBracketedGenericArguments) {
        for arg in &args.args {
            match arg {
                GenericArgument::Type(ty) => self.type_use(ty),
                GenericArgument::AssocType(assoc) => self.type_use(&assoc.ty),
                GenericArgument::Constraint(constraint) => {
                    constraint.bounds.iter().for_each(|bound| self.bound(bound, RefKind::Type));
                }
                _ => {}
            }
        }
    }

    /// One bound of a generic parameter or trait.
    pub(super) fn bound(&mut self, bound: &TypeParamBound, kind: RefKind) {
        if let TypeParamBound::Trait(bound) = bound {
            self.path_reference(&bound.path, kind);
        }
    }

    /// Bounds and defaults of generic parameters.
    pub(super) fn generics(&mut self, generics: &Generics) {
        for param in &generics.params {
            if let GenericParam::Type(param) = param {
                param.bounds.iter().for_each(|bound| self.bound(bound, RefKind::Type));
            }
        }
        for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
            if let WherePredicate::Type(predicate) = predicate {
                self.type_use(&predicate.bounded_ty);
                predicate.bounds.iter().for_each(|bound| self.bound(bound, RefKind::Type));
            }
        }
    }

    /// An attribute as an annotation with its arguments and strings.
    pub(super) fn annotation(&mut self, attribute: &Attribute, written: &Name) {
        let full = self.names.expand(written);
        let args = match &attribute.meta {
            Meta::Path(_) => Vec::new(),
            Meta::List(list) => macros::arguments(&list.tokens).unwrap_or_else(|| parts(&list.tokens)),
            Meta::NameValue(pair) => {
                self.expr(&pair.value, &Context::Annotation { name: full, element: Name::default() }, None);
                return;
            }
        };
        let split: Vec<(Name, &Expr)> = args
            .iter()
            .map(|arg| match arg {
                Expr::Assign(assign) => match &*assign.left {
                    Expr::Path(path) => (dotted(&path.path), &*assign.right),
                    _ => (Name::default(), arg),
                },
                _ => (Name::default(), arg),
            })
            .collect();
        // `env = "X"`, or `env` alone: the variable is called like the field
        let bare = |arg: &Expr| matches!(arg, Expr::Path(path) if path.path.is_ident("env"));
        let variable = split.iter().find(|(name, arg)| name == "env" || (name.is_empty() && bare(arg)));
        let variable = variable.map(|(_, value)| self.value(value, 8));
        let span = attribute.bracket_token.span;
        self.push_call(NewCall {
            name: full.clone(),
            kind: CallKind::Annotation,
            receiver: Receiver::None,
            receiver_value: Value::Unknown,
            args: split.iter().map(|(_, arg)| *arg).collect(),
            arg_names: split.iter().map(|(name, _)| name.clone()).collect(),
            start: start_of(span.open()),
            end: end_of(span.close()),
            parent: None,
            assigned_to: Name::default(),
        });
        for (element, arg) in split {
            let context = match &variable {
                // `#[arg(env = "X", default_value = "y")]`: the default of a lookup in the environment.
                Some(value) if element.starts_with("default") => {
                    Context::EnvDefault { name: Name::from(value.as_str().unwrap_or_default()) }
                }
                _ if element.starts_with("default") && !self.field.is_empty() => {
                    Context::Default { of: self.field.clone() }
                }
                _ => Context::Annotation { name: full.clone(), element },
            };
            self.expr(arg, &context, None);
        }
    }
}

/// Arguments of an attribute one by one, where not all of them are expressions (`type = "x"`).
fn parts(tokens: &TokenStream) -> Vec<Expr> {
    let mut out = Vec::new();
    let mut part = TokenStream::new();
    for token in tokens.clone() {
        if matches!(&token, proc_macro2::TokenTree::Punct(punct) if punct.as_char() == ',') {
            out.extend(syn::parse2::<Expr>(std::mem::take(&mut part)));
        } else {
            part.extend([token]);
        }
    }
    out.extend(syn::parse2::<Expr>(part));
    out
}
