//! Items: what a file defines and imports, then the walk into bodies.

use syn::spanned::Spanned as _;
use syn::{Attribute, Block, Expr, Fields, ImplItem, Item, Meta, Signature, TraitItem, Type, Visibility};

use super::names::{self, dotted, ident};
use super::places::{end_of, extent, start_of};
use super::types::key;
use super::values::DEPTH;
use super::{Extractor, Local};
use crate::facts::{Context, Definition, DefinitionKind, Import, ImportKind, Name, RefKind, Value};

/// Attributes that say nothing about what the program does.
const QUIET: &[&str] = &[
    "doc",
    "allow",
    "warn",
    "deny",
    "forbid",
    "expect",
    "inline",
    "must_use",
    "cfg",
    "cfg_attr",
    "derive",
    "test",
    "path",
    "non_exhaustive",
    "repr",
    "default",
    "rustfmt.skip",
    "cold",
    "track_caller",
    "deprecated",
    "macro_use",
    "macro_export",
    "automatically_derived",
    "feature",
    "ignore",
];

/// A constant of the file and the expression it is worth.
type Constant<'f> = (Name, usize, &'f Expr, Option<Name>);

impl Extractor<'_> {
    /// Reads a whole file: definitions and imports first, then bodies.
    pub(super) fn file(&mut self, file: &syn::File) {
        let mut constants = Vec::new();
        self.declare_all(&file.items, None, &mut constants);
        self.link_methods();
        // Constants may be used before they stand; a third round would be a chain of three backwards.
        for _ in 0..2 {
            for (name, index, expr, owner) in &constants {
                self.self_type.clone_from(owner);
                let value = super::values::bounded(self.value(expr, DEPTH));
                self.self_type = None;
                self.facts.definitions[*index].value = value.clone();
                self.constants.insert(name.clone(), value);
            }
        }
        self.locals.push(rustc_hash::FxHashMap::default());
        self.attributes(&file.attrs);
        file.items.iter().for_each(|item| self.item(item));
        self.locals.pop();
    }

    fn declare_all<'f>(&mut self, items: &'f [Item], parent: Option<u32>, constants: &mut Vec<Constant<'f>>) {
        // Names first: types of fields and results are expanded by them.
        for item in items {
            match item {
                Item::Use(item) => {
                    let line = self.places.line(start_of(item.use_token.span));
                    names::flatten(item, &self.modules, line, &mut self.facts.imports, &mut self.names);
                }
                Item::ExternCrate(item) => {
                    let name = ident(&item.ident);
                    let alias = item.rename.as_ref().map(|(_, alias)| ident(alias));
                    if let Some(alias) = &alias {
                        self.names.add(alias, name.clone());
                    }
                    self.import(name, alias, ImportKind::Name, Value::Unknown, start_of(item.extern_token.span));
                }
                Item::Mod(item) if item.content.is_none() => {
                    let mut path = self.modules.join("::");
                    if !path.is_empty() {
                        path.push_str("::");
                    }
                    path.push_str(&ident(&item.ident));
                    let file = path_attribute(&item.attrs).map_or(Value::Unknown, Value::Str);
                    self.import(Name::from(path), None, ImportKind::Module, file, start_of(item.mod_token.span));
                }
                _ => {}
            }
        }
        for item in items {
            self.declare(item, parent, constants);
        }
    }

    fn import(&mut self, path: Name, alias: Option<Name>, kind: ImportKind, value: Value, at: u32) {
        let line = self.places.line(at);
        self.facts.imports.push(Import { path, item: None, alias, kind, type_only: false, value, line });
    }

    fn declare<'f>(&mut self, item: &'f Item, parent: Option<u32>, constants: &mut Vec<Constant<'f>>) {
        match item {
            Item::Struct(item) => {
                let own = self.define(&item.ident, DefinitionKind::Class, &item.vis, parent, whole(item.span()));
                self.declare_fields(&item.ident, &item.fields, own);
            }
            Item::Union(item) => {
                self.define(&item.ident, DefinitionKind::Class, &item.vis, parent, whole(item.span()));
            }
            Item::Enum(item) => {
                self.define(&item.ident, DefinitionKind::Enum, &item.vis, parent, whole(item.span()));
            }
            Item::Type(item) => {
                let own = self.define(&item.ident, DefinitionKind::Alias, &item.vis, parent, whole(item.span()));
                self.facts.definitions[own as usize].type_name = self.type_name(&item.ty);
            }
            Item::TraitAlias(item) => {
                self.define(&item.ident, DefinitionKind::Interface, &item.vis, parent, whole(item.span()));
            }
            Item::Const(item) => {
                let own = self.define(&item.ident, DefinitionKind::Constant, &item.vis, parent, whole(item.span()));
                let name = ident(&item.ident);
                self.typed(own, &name, &item.ty);
                constants.push((name, own as usize, &item.expr, None));
            }
            Item::Static(item) => {
                let own = self.define(&item.ident, DefinitionKind::Constant, &item.vis, parent, whole(item.span()));
                self.facts.definitions[own as usize].shared = true;
                let name = ident(&item.ident);
                self.typed(own, &name, &item.ty);
                constants.push((name, own as usize, &item.expr, None));
            }
            Item::Fn(item) => {
                let own = self.define(
                    &item.sig.ident,
                    DefinitionKind::Function,
                    &item.vis,
                    parent,
                    function(&item.attrs, &item.vis, &item.sig, &item.block),
                );
                self.declare_result(own, ident(&item.sig.ident), &item.sig.output);
            }
            Item::Macro(item) => {
                if let Some(name) = &item.ident {
                    let exported = item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"));
                    let own =
                        self.define(name, DefinitionKind::Function, &Visibility::Inherited, parent, whole(item.span()));
                    self.facts.definitions[own as usize].private = !exported;
                }
            }
            Item::Mod(item) => {
                if let Some((brace, items)) = &item.content {
                    let first = item.unsafety.as_ref().map_or(item.mod_token.span, |word| word.span);
                    let own = self.define(
                        &item.ident,
                        DefinitionKind::Module,
                        &item.vis,
                        parent,
                        extent(&item.attrs, &item.vis, first, brace.span.close()),
                    );
                    self.modules.push(ident(&item.ident));
                    self.declare_all(items, Some(own), constants);
                    self.modules.pop();
                }
            }
            Item::Trait(item) => {
                let first = item.unsafety.as_ref().map_or(item.trait_token.span, |word| word.span);
                let all = extent(&item.attrs, &item.vis, first, item.brace_token.span.close());
                let own = self.define(&item.ident, DefinitionKind::Interface, &item.vis, parent, all);
                let owner = ident(&item.ident);
                self.self_type = Some(owner.clone());
                for member in &item.items {
                    if let TraitItem::Fn(member) = member {
                        let id = self.define(
                            &member.sig.ident,
                            DefinitionKind::Method,
                            &item.vis,
                            Some(own),
                            whole(member.span()),
                        );
                        self.declare_result(id, key(&owner, &ident(&member.sig.ident)), &member.sig.output);
                    }
                }
                self.self_type = None;
            }
            Item::Impl(item) => self.declare_impl(item, parent, constants),
            _ => {}
        }
    }

    fn declare_impl<'f>(&mut self, item: &'f syn::ItemImpl, parent: Option<u32>, constants: &mut Vec<Constant<'f>>) {
        let Some(owner) = simple_type(&item.self_ty) else { return };
        let public = Visibility::Public(syn::token::Pub::default());
        self.self_type = Some(owner.clone());
        for member in &item.items {
            let own = match member {
                ImplItem::Fn(member) => {
                    let vis = if item.trait_.is_some() { &public } else { &member.vis };
                    let own = self.define(
                        &member.sig.ident,
                        DefinitionKind::Method,
                        vis,
                        parent,
                        function(&member.attrs, &member.vis, &member.sig, &member.block),
                    );
                    self.declare_result(own, key(&owner, &ident(&member.sig.ident)), &member.sig.output);
                    own
                }
                ImplItem::Const(member) => {
                    let vis = if item.trait_.is_some() { &public } else { &member.vis };
                    let own = self.define(&member.ident, DefinitionKind::Constant, vis, parent, whole(member.span()));
                    let name = key(&owner, &ident(&member.ident));
                    self.typed(own, &name, &member.ty);
                    constants.push((name, own as usize, &member.expr, Some(owner.clone())));
                    own
                }
                _ => continue,
            };
            let definition = &mut self.facts.definitions[own as usize];
            let prefix = definition.qualified.len() - definition.name.len();
            let qualified = format!("{}{owner}.{}", &definition.qualified[..prefix], definition.name);
            definition.qualified = Name::from(qualified);
        }
        self.self_type = None;
    }

    /// Methods of `impl` blocks get the type as parent, wherever in the file it stands.
    fn link_methods(&mut self) {
        let types: rustc_hash::FxHashMap<Name, u32> = (self.facts.definitions.iter().enumerate())
            .filter(|(_, one)| {
                matches!(one.kind, DefinitionKind::Class | DefinitionKind::Enum | DefinitionKind::Interface)
            })
            .map(|(index, one)| (one.qualified.clone(), index as u32))
            .collect();
        for definition in &mut self.facts.definitions {
            if matches!(definition.kind, DefinitionKind::Method | DefinitionKind::Constant)
                && let Some((owner, _)) = definition.qualified.rsplit_once('.')
                && let Some(index) = types.get(owner)
            {
                definition.parent = Some(*index);
            }
        }
    }

    fn define(
        &mut self,
        name: &syn::Ident,
        kind: DefinitionKind,
        vis: &Visibility,
        parent: Option<u32>,
        (start, end): (u32, u32),
    ) -> u32 {
        let simple = ident(name);
        let qualified = match parent.map(|parent| &self.facts.definitions[parent as usize].qualified) {
            Some(outer) => compact_str::format_compact!("{outer}.{simple}"),
            None => simple.clone(),
        };
        let index = self.facts.definitions.len() as u32;
        self.definition_at.insert(start_of(name.span()), index);
        self.facts.definitions.push(Definition {
            name: simple,
            qualified,
            kind,
            span: self.places.span(start, end),
            parent,
            type_name: None,
            value: Value::Unknown,
            private: matches!(vis, Visibility::Inherited),
            shared: false,
        });
        index
    }

    fn typed(&mut self, own: u32, name: &Name, ty: &Type) {
        let type_name = self.type_name(ty);
        if let Some(type_name) = &type_name {
            self.fields.insert(name.clone(), type_name.clone());
        }
        self.facts.definitions[own as usize].type_name = type_name;
    }

    fn declare_result(&mut self, own: u32, name: Name, output: &syn::ReturnType) {
        let syn::ReturnType::Type(_, ty) = output else { return };
        let Some(type_name) = self.type_name(ty) else { return };
        self.facts.definitions[own as usize].type_name = Some(type_name.clone());
        self.returns.insert(name, type_name);
    }

    fn declare_fields(&mut self, owner: &syn::Ident, fields: &Fields, parent: u32) {
        let owner = ident(owner);
        for (index, field) in fields.iter().enumerate() {
            let type_name = self.type_name(&field.ty);
            let name = field.ident.as_ref().map_or_else(|| compact_str::format_compact!("{index}"), ident);
            if let Some(type_name) = &type_name {
                self.fields.insert(key(&owner, &name), type_name.clone());
            }
            if let Some(field_name) = &field.ident {
                let own = self.define(field_name, DefinitionKind::Field, &field.vis, Some(parent), whole(field.span()));
                self.facts.definitions[own as usize].type_name = type_name;
            }
        }
    }

    /// One item: attributes, types, bodies.
    pub(super) fn item(&mut self, item: &Item) {
        let before = (self.muted, self.inside);
        self.muted |= is_test(attributes_of(item));
        if let Some(index) = name_of(item).and_then(|name| self.definition_at.get(&start_of(name.span()))) {
            self.inside = Some(*index);
        }
        self.attributes(attributes_of(item));
        match item {
            // Imports inside a body were not seen by the first pass.
            Item::Use(item) if self.locals.len() > 1 => {
                let line = self.places.line(start_of(item.use_token.span));
                names::flatten(item, &self.modules, line, &mut self.facts.imports, &mut self.names);
            }
            Item::Struct(item) => {
                self.generics(&item.generics);
                self.fields(&item.fields);
            }
            Item::Enum(item) => {
                self.generics(&item.generics);
                for variant in &item.variants {
                    self.attributes(&variant.attrs);
                    self.fields(&variant.fields);
                    if let Some((_, value)) = &variant.discriminant {
                        self.expr(value, &Context::Other, None);
                    }
                }
            }
            Item::Type(item) => self.type_use(&item.ty),
            Item::Const(item) => {
                self.type_use(&item.ty);
                self.expr(&item.expr, &Context::Assigned { name: ident(&item.ident) }, None);
            }
            Item::Static(item) => {
                self.type_use(&item.ty);
                self.expr(&item.expr, &Context::Assigned { name: ident(&item.ident) }, None);
            }
            Item::Fn(item) => self.function(&item.sig, Some(&item.block)),
            Item::Macro(item) if item.ident.is_none() => self.macro_call(&item.mac, &Context::Other, None),
            Item::Mod(item) => {
                if let Some((_, items)) = &item.content {
                    self.modules.push(ident(&item.ident));
                    self.locals.push(rustc_hash::FxHashMap::default());
                    items.iter().filter(|item| !matches!(item, Item::Use(_))).for_each(|item| self.item(item));
                    self.locals.pop();
                    self.modules.pop();
                }
            }
            Item::Trait(item) => {
                self.generics(&item.generics);
                item.supertraits.iter().for_each(|bound| self.bound(bound, RefKind::Inherit));
                let outer = self.self_type.replace(ident(&item.ident));
                for member in &item.items {
                    self.trait_member(member);
                }
                self.self_type = outer;
            }
            Item::Impl(item) => self.implementation(item),
            Item::ForeignMod(item) => {
                for member in &item.items {
                    if let syn::ForeignItem::Fn(member) = member {
                        self.function(&member.sig, None);
                    }
                }
            }
            _ => {}
        }
        (self.muted, self.inside) = before;
    }

    fn trait_member(&mut self, member: &TraitItem) {
        match member {
            TraitItem::Fn(member) => {
                let before = self.inside;
                if let Some(index) = self.definition_at.get(&start_of(member.sig.ident.span())) {
                    self.inside = Some(*index);
                }
                self.attributes(&member.attrs);
                self.function(&member.sig, member.default.as_ref());
                self.inside = before;
            }
            TraitItem::Const(member) => {
                self.type_use(&member.ty);
                if let Some((_, value)) = &member.default {
                    self.expr(value, &Context::Assigned { name: ident(&member.ident) }, None);
                }
            }
            TraitItem::Type(member) => member.bounds.iter().for_each(|bound| self.bound(bound, RefKind::Type)),
            TraitItem::Macro(member) => self.macro_call(&member.mac, &Context::Other, None),
            _ => {}
        }
    }

    fn implementation(&mut self, item: &syn::ItemImpl) {
        self.generics(&item.generics);
        if let Some((path, _)) = &item.trait_ {
            self.path_reference(path, RefKind::Inherit);
        }
        self.type_use(&item.self_ty);
        let outer = std::mem::replace(&mut self.self_type, simple_type(&item.self_ty));
        for member in &item.items {
            let before = (self.muted, self.inside);
            match member {
                ImplItem::Fn(member) => {
                    self.muted |= is_test(&member.attrs);
                    if let Some(index) = self.definition_at.get(&start_of(member.sig.ident.span())) {
                        self.inside = Some(*index);
                    }
                    self.attributes(&member.attrs);
                    self.function(&member.sig, Some(&member.block));
                }
                ImplItem::Const(member) => {
                    self.type_use(&member.ty);
                    self.expr(&member.expr, &Context::Assigned { name: ident(&member.ident) }, None);
                }
                ImplItem::Type(member) => self.type_use(&member.ty),
                ImplItem::Macro(member) => self.macro_call(&member.mac, &Context::Other, None),
                _ => {}
            }
            (self.muted, self.inside) = before;
        }
        self.self_type = outer;
    }

    fn function(&mut self, sig: &syn::Signature, block: Option<&syn::Block>) {
        self.generics(&sig.generics);
        self.locals.push(rustc_hash::FxHashMap::default());
        for input in &sig.inputs {
            if let syn::FnArg::Typed(input) = input {
                self.attributes(&input.attrs);
                self.type_use(&input.ty);
                let type_name = self.parameter_type(sig, &input.ty);
                self.bind_pattern(&input.pat, Local { type_name, value: Value::Unknown });
            }
        }
        let context = match &sig.output {
            syn::ReturnType::Type(_, ty) => {
                self.type_use(ty);
                Context::Returned { function: ident(&sig.ident) }
            }
            syn::ReturnType::Default => Context::Other,
        };
        if let Some(block) = block {
            let outer = std::mem::replace(&mut self.function, ident(&sig.ident));
            self.block(block, &context, None);
            self.function = outer;
        }
        self.locals.pop();
    }

    /// The type of a parameter; for a generic one its first bound (`P: AsRef<Path>`).
    fn parameter_type(&self, sig: &syn::Signature, ty: &Type) -> Option<Name> {
        let name = self.type_name(ty)?;
        let bounds = sig.generics.params.iter().find_map(|param| match param {
            syn::GenericParam::Type(param) if ident(&param.ident) == name => Some(&param.bounds),
            _ => None,
        });
        match bounds {
            Some(bounds) => bounds.iter().find_map(|bound| match bound {
                syn::TypeParamBound::Trait(bound) => self.path_type(&bound.path),
                _ => None,
            }),
            None => Some(name),
        }
    }

    fn fields(&mut self, fields: &Fields) {
        for field in fields {
            self.field = field.ident.as_ref().map(ident).unwrap_or_default();
            self.field_default(&field.attrs);
            self.attributes(&field.attrs);
            self.field = Name::default();
            self.type_use(&field.ty);
        }
    }

    /// `#[default("…")]`: the value of a field that is left out.
    fn field_default(&mut self, attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("default")) {
            let value = match &attribute.meta {
                Meta::List(list) => syn::parse2::<Expr>(list.tokens.clone()).ok(),
                _ => None,
            };
            if let Some(value) = value {
                self.expr(&value, &Context::Default { of: self.field.clone() }, None);
            }
        }
    }

    /// Attributes as annotations; `derive` names what it derives.
    pub(super) fn attributes(&mut self, attributes: &[Attribute]) {
        for attribute in attributes {
            let written = dotted(attribute.path());
            let at = start_of(attribute.bracket_token.span.open());
            if written == "derive" {
                if let Meta::List(list) = &attribute.meta {
                    let parser = syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated;
                    for path in syn::parse::Parser::parse2(parser, list.tokens.clone()).into_iter().flatten() {
                        self.refer(&dotted(&path), RefKind::Annotation, at);
                    }
                }
                continue;
            }
            if QUIET.contains(&written.as_str()) {
                continue;
            }
            self.refer(&written, RefKind::Annotation, at);
            let outer = self.attribute.replace(written.clone());
            self.annotation(attribute, &written);
            self.attribute = outer;
        }
    }
}

/// The file that `#[path = "…"]` names.
fn path_attribute(attributes: &[Attribute]) -> Option<Name> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            Expr::Lit(lit) => super::values::literal(&lit.lit).as_str().map(Name::from),
            _ => None,
        },
        _ => None,
    })
}

/// True under `#[cfg(test)]`, `#[cfg(all(test, …))]`, `#[test]`, `#[tokio::test]` and the like.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = dotted(attribute.path());
        match &attribute.meta {
            Meta::List(list) if path == "cfg" => {
                let text = list.tokens.to_string();
                text == "test" || (text.starts_with("all") && text.contains("test") && !text.contains("not"))
            }
            _ => matches!(
                path.rsplit('.').next(),
                Some("test" | "bench" | "rstest" | "test_case" | "proptest" | "quickcheck")
            ),
        }
    })
}

fn attributes_of(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        _ => &[],
    }
}

fn name_of(item: &Item) -> Option<&syn::Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Mod(item) => Some(&item.ident),
        Item::Static(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        _ => None,
    }
}

/// The simple name of the type that an `impl` block is for.
fn simple_type(ty: &Type) -> Option<Name> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|last| ident(&last.ident)),
        Type::Reference(inner) => simple_type(&inner.elem),
        Type::Paren(inner) => simple_type(&inner.elem),
        _ => None,
    }
}

/// First byte and one past the last of an item without a body worth mentioning.
fn whole(span: proc_macro2::Span) -> (u32, u32) {
    (start_of(span), end_of(span))
}

/// The same for a function.
fn function(attributes: &[Attribute], vis: &Visibility, signature: &Signature, body: &Block) -> (u32, u32) {
    extent(attributes, vis, signature.span(), body.brace_token.span.close())
}
