//! What an expression is worth and of which type it is, as far as the file says it.

use tree_sitter::Node;

use super::bounds::{bounded, once};
use super::extract::{Walk, dotted, starts_upper};
use super::literals::{filled, int, is_foreign_constant, one_of, unescape};
pub use super::literals::{joined, unquote};
use super::mapping::{Operator, Role, Slot};
use super::scopes::{TypeSource, Var};
use crate::facts::{Name, Value};

/// Longest text that is kept of one string.
const MAX_TEXT: usize = 4096;
/// What stands before the dot.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A type, module or namespace.
    Static(Name),
    /// An object of this type.
    Typed(Name),
    Unknown,
}

/// A callee, resolved.
#[derive(Debug, Clone)]
pub struct Callee<'t> {
    pub name: Name,
    pub target: Option<Target>,
    pub object: Option<Node<'t>>,
}

impl<'t> Walk<'t> {
    /// True for `this`, `self` and the like.
    pub fn is_this(&self, node: Node<'t>) -> bool {
        match self.map.role(node) {
            Role::This => true,
            Role::Name => self.map.options.this.iter().any(|word| word == self.text(node)),
            _ => false,
        }
    }

    /// A variable by its bare name, as seen from here.
    pub fn variable(&self, name: &str) -> Option<&Var<'t>> {
        self.scopes.find(name, self.map.options.bare_members)
    }

    /// A name with its first part replaced by what it was imported as.
    pub fn qualify(&self, name: &str) -> Name {
        let (head, rest) = name.split_once('.').map_or((name, None), |(h, r)| (h, Some(r)));
        let found = self.names.get(head);
        let out = match (found, rest) {
            (Some(full), Some(rest)) => dotted(full, rest),
            (Some(full), None) => full.clone(),
            (None, _) => Name::from(name),
        };
        self.hooks.normalise(out)
    }

    /// Names that an unimported type may have: below the wildcard imports, the file's package and the implicit packages.
    pub fn candidates(&self, name: &str) -> Vec<Name> {
        let head = name.split(['.', '#']).next().unwrap_or(name);
        if head.is_empty() || !starts_upper(head) || self.names.contains_key(head) {
            return Vec::new();
        }
        let own = (!self.facts.namespace.is_empty()).then_some(&self.facts.namespace);
        let packages = self.wildcards.iter().chain(own).chain(&self.map.options.implicit);
        packages.map(|package| dotted(package, name)).collect()
    }

    /// The qualified type that a type node names.
    pub fn type_at(&self, node: Node<'t>) -> Option<Name> {
        let name = self.hooks.type_name(self, node)?;
        (!name.is_empty()).then(|| self.qualify(&name))
    }

    fn type_of_var(&self, var: &Var<'t>) -> Option<Name> {
        // an element of an array has the array's type here
        let inferred = || {
            let element = var.init.filter(|_| var.element).and_then(|init| self.element_type(init));
            element.or_else(|| var.init.and_then(|init| self.type_of(init)))
        };
        match &var.ty {
            TypeSource::Node(node) => match self.type_at(*node) {
                Some(name) if name == "var" => inferred(),
                known => known.or_else(inferred),
            },
            TypeSource::None => inferred(),
        }
    }

    /// The last type argument of a declared collection: `File` of `IEnumerable<File> files`.
    fn element_type(&self, collection: Node<'t>) -> Option<Name> {
        let var = self.variable(self.text(collection)).filter(|_| self.map.role(collection) == Role::Name)?;
        let TypeSource::Node(node) = &var.ty else { return None };
        let (_, inner) = self.text(*node).split_once('<')?;
        let inner = inner.rsplit_once('>')?.0.rsplit(',').next()?.trim().trim_end_matches('?');
        let plain = !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'));
        plain.then(|| self.qualify(inner))
    }

    /// The qualified type of an expression.
    pub fn type_of(&self, node: Node<'t>) -> Option<Name> {
        bounded(|| match self.map.role(node) {
            Role::Construct => self.constructed(node),
            Role::Cast => self.map.slot(node, Slot::Type).and_then(|t| self.type_at(t)),
            Role::Paren => self.inner(node).and_then(|n| self.type_of(n)),
            Role::Name | Role::This | Role::Member | Role::Index => match self.target(node) {
                Target::Typed(name) => Some(name),
                _ => None,
            },
            Role::Call => self.type_of_call(node),
            Role::Ternary => node.named_child(1).and_then(|n| self.type_of(n)),
            Role::Assign => self.map.slot(node, Slot::Right).and_then(|n| self.type_of(n)),
            Role::Binary if self.map.operator(node) == Operator::OrElse => {
                self.map.slot(node, Slot::Left).and_then(|n| self.type_of(n))
            }
            _ => self.hooks.type_of(self, node),
        })
    }

    fn type_of_call(&self, node: Node<'t>) -> Option<Name> {
        if let Some(name) = self.hooks.type_of(self, node) {
            return Some(name);
        }
        let callee = self.callee(node)?;
        if let Some(found) = self.returned_by(&callee.name) {
            return Some(found);
        }
        let name = callee.name.as_str();
        let last = name.rsplit(['.', '#']).next().unwrap_or(name);
        let own = match &callee.target {
            None => true,
            Some(Target::Typed(class)) => self.scopes.class_named(class).is_some(),
            _ => false,
        };
        if own { self.scopes.returns(last).and_then(|t| self.type_at(t)) } else { None }
    }

    /// The type that the language's table gives for a qualified callee or member.
    pub fn returned_by(&self, name: &str) -> Option<Name> {
        let found = self.map.returns.get(name);
        found.or_else(|| self.candidates(name).iter().find_map(|c| self.map.returns.get(c.as_str()))).cloned()
    }

    /// What stands before a dot: a type or module, an object of known type, or something unknown.
    pub fn target(&self, node: Node<'t>) -> Target {
        bounded(|| Some(self.target_inner(node))).unwrap_or(Target::Unknown)
    }

    fn target_inner(&self, node: Node<'t>) -> Target {
        match self.map.role(node) {
            Role::This => self.this_target(),
            Role::Name | Role::Type | Role::TypeOf => {
                if self.is_this(node) {
                    return self.this_target();
                }
                let text = self.text(node);
                if let Some(var) = self.variable(text) {
                    if let Some(alias) = &var.alias {
                        return Target::Static(alias.clone());
                    }
                    if let Some(alias) = var.init.filter(|_| !var.param && !var.element).and_then(|i| self.static_of(i))
                    {
                        return Target::Static(alias);
                    }
                    return self.type_of_var(var).map_or(Target::Unknown, Target::Typed);
                }
                if self.map.role(node) != Role::Name {
                    return self.type_at(node).map_or(Target::Unknown, Target::Static);
                }
                let name = self.dotted(node);
                let options = &self.map.options;
                let head = name.split('.').next().unwrap_or("");
                let is_type = options.capital_types && starts_upper(head);
                if self.names.contains_key(head) || is_type || options.globals.iter().any(|g| g == head) {
                    return Target::Static(self.qualify(&name));
                }
                Target::Unknown
            }
            Role::Member => {
                let (Some(object), Some(name)) = (self.map.slot(node, Slot::Object), self.map.slot(node, Slot::Name))
                else {
                    return Target::Unknown;
                };
                // `.name` behind a question mark
                let name = self.text(name).trim_start_matches('.');
                match self.target(object) {
                    Target::Static(outer) => {
                        let full = self.hooks.normalise(dotted(&outer, name));
                        self.returned_by(&full).map_or(Target::Static(full), Target::Typed)
                    }
                    Target::Typed(class) => {
                        if let Some(var) = self.scopes.class_named(&class).and_then(|s| s.vars.get(name)) {
                            return self.type_of_var(var).map_or(Target::Unknown, Target::Typed);
                        }
                        let told = self.returned_by(&format!("{class}#{name}"));
                        told.or_else(|| self.field_type(&class, name)).map_or(Target::Unknown, Target::Typed)
                    }
                    // `java.io.File.createTempFile(…)`: written in full.
                    Target::Unknown
                        if self.map.options.capital_types && starts_upper(name) && self.is_package(object) =>
                    {
                        let full = self.hooks.normalise(dotted(&self.dotted(object), name));
                        self.returned_by(&full).map_or(Target::Static(full), Target::Typed)
                    }
                    Target::Unknown => Target::Unknown,
                }
            }
            Role::Call => self
                .static_of(node)
                .map(Target::Static)
                .or_else(|| self.type_of(node).map(Target::Typed))
                .unwrap_or(Target::Unknown),
            Role::Paren => self.inner(node).map_or(Target::Unknown, |n| self.target(n)),
            Role::Hook => self
                .static_of(node)
                .map(Target::Static)
                .or_else(|| self.type_of(node).map(Target::Typed))
                .unwrap_or(Target::Unknown),
            _ => self.type_of(node).map_or(Target::Unknown, Target::Typed),
        }
    }

    fn this_target(&self) -> Target {
        self.scopes.class().map_or(Target::Unknown, |class| Target::Typed(class.class.clone()))
    }

    /// The module, function or type that an expression stands for (`require('fs')`, `promisify(fs.unlink)`).
    fn static_of(&self, node: Node<'t>) -> Option<Name> {
        match self.map.role(node) {
            Role::Paren => self.inner(node).and_then(|n| self.static_of(n)),
            Role::Call | Role::Hook => self.hooks.alias(self, node),
            Role::Member if self.map.options.module_members && self.env_entry(node).is_none() => {
                match self.target(node) {
                    Target::Static(name) => Some(name),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The callee of a call.
    pub fn callee(&self, node: Node<'t>) -> Option<Callee<'t>> {
        if let Some(function) = self.map.slot(node, Slot::Function) {
            return self.callee_at(function);
        }
        let name = self.map.slot(node, Slot::Name)?;
        match self.map.slot(node, Slot::Object) {
            Some(object) => Some(self.member_callee(object, name)),
            None => Some(self.bare_callee(name)),
        }
    }

    /// A callee from its expression: `f`, `a.f`.
    pub fn callee_at(&self, function: Node<'t>) -> Option<Callee<'t>> {
        match self.map.role(function) {
            Role::Name | Role::Type => Some(self.bare_callee(function)),
            Role::Member => {
                let (object, name) = (self.map.slot(function, Slot::Object)?, self.map.slot(function, Slot::Name)?);
                Some(self.member_callee(object, name))
            }
            Role::Paren => self.inner(function).and_then(|n| self.callee_at(n)),
            Role::Call => self.static_of(function).map(|name| Callee { name, target: None, object: None }),
            _ => None,
        }
    }

    fn bare_callee(&self, name: Node<'t>) -> Callee<'t> {
        let text = self.text(name);
        let full = match self.scopes.find(text, false) {
            Some(Var { alias: Some(alias), .. }) => alias.clone(),
            Some(var) if !var.param => var.init.and_then(|i| self.static_of(i)).unwrap_or_else(|| Name::from(text)),
            Some(_) => Name::from(text),
            None => self.qualify(&self.dotted(name)),
        };
        Callee { name: full, target: None, object: None }
    }

    fn member_callee(&self, object: Node<'t>, name: Node<'t>) -> Callee<'t> {
        // `Get<T>`: the type arguments are no part of the name
        let last = self.text(name).trim_start_matches('.').split('<').next().unwrap_or_default();
        let target = match self.target(object) {
            Target::Static(outer) if is_foreign_constant(&outer) => Target::Unknown,
            target => target,
        };
        let full = match &target {
            Target::Static(outer) => self.hooks.normalise(dotted(outer, last)),
            Target::Typed(class) => Name::from(format!("{class}#{last}")),
            Target::Unknown => Name::from(format!("?#{last}")),
        };
        Callee { name: full, target: Some(target), object: Some(object) }
    }

    /// The child that a wrapper stands for.
    pub fn inner(&self, node: Node<'t>) -> Option<Node<'t>> {
        self.map.slot(node, Slot::Value).or_else(|| node.named_child(0))
    }

    /// What an expression is worth.
    pub fn value_of(&self, node: Node<'t>) -> Value {
        bounded(|| Some(self.value_inner(node))).unwrap_or(Value::Unknown)
    }

    fn value_inner(&self, node: Node<'t>) -> Value {
        if let Some(value) = self.hooks.value(self, node) {
            return value;
        }
        match self.map.role(node) {
            Role::String => self.string_value(node),
            Role::Int => int(self.text(node)),
            Role::True => Value::Bool(true),
            Role::False => Value::Bool(false),
            Role::Null => Value::Null,
            Role::Argument => self.last_named(node).map_or(Value::Unknown, |n| self.value_of(n)),
            Role::Type => self.value_of_name(node),
            Role::Index => self.env_entry(node).unwrap_or(Value::Unknown),
            Role::Pair => self.inner(node).map_or(Value::Unknown, |n| self.value_of(n)),
            Role::Paren | Role::Cast => self.inner(node).map_or(Value::Unknown, |n| self.value_of(n)),
            Role::Name => self.value_of_name(node),
            Role::Member => self.value_of_member(node),
            Role::Binary => self.value_of_binary(node),
            Role::Ternary => {
                let mut parts: Vec<Node<'t>> =
                    (0..node.named_child_count()).filter_map(|i| node.named_child(i as u32)).collect();
                let condition = self.map.slot(node, Slot::Condition).or_else(|| parts.first().copied());
                // `a ?: b`
                if let [left, right] = parts.as_slice() {
                    return self.or_else(*left, *right);
                }
                parts.retain(|p| condition.is_none_or(|c| c.id() != p.id()));
                one_of(parts.into_iter().map(|p| self.value_of(p)).collect())
            }
            Role::Call => self.value_of_call(node),
            Role::Construct => {
                let Some(name) = self.constructed(node) else { return Value::Unknown };
                Value::Call { name, construct: true, args: self.argument_values(node) }
            }
            Role::Assign => self.map.slot(node, Slot::Right).map_or(Value::Unknown, |n| self.value_of(n)),
            Role::List => {
                let items = (0..node.named_child_count().min(64)).filter_map(|i| node.named_child(i as u32));
                let items: Vec<Node<'t>> = items.filter(|n| self.map.role(*n) != Role::Comment).collect();
                if items.iter().any(|n| self.map.role(*n) == Role::Pair && self.pair_value(*n).is_some()) {
                    self.map_value(node)
                } else {
                    Value::List(items.into_iter().map(|n| self.value_of(n)).collect())
                }
            }
            Role::Map => self.map_value(node),
            _ => Value::Unknown,
        }
    }

    fn map_value(&self, node: Node<'t>) -> Value {
        let mut pairs = Vec::new();
        for i in 0..node.named_child_count().min(64) {
            let Some(pair) = node.named_child(i as u32) else { continue };
            if self.map.role(pair) != Role::Pair {
                continue;
            }
            if let (Some(key), Some(value)) = (self.pair_key(pair), self.pair_value(pair)) {
                pairs.push((key, self.value_of(value)));
            }
        }
        Value::Map(pairs)
    }

    /// The key of a pair as text.
    pub fn pair_key(&self, pair: Node<'t>) -> Option<Name> {
        let key = self.map.slot(pair, Slot::Key).or_else(|| pair.named_child(0))?;
        match self.map.role(key) {
            Role::String => self.string_value(key).as_str().map(Name::from),
            // a key wrapped in a node of its own
            Role::Hook => match key.named_child(0).filter(|inner| self.map.role(*inner) == Role::String) {
                Some(inner) => self.string_value(inner).as_str().map(Name::from),
                None => Some(self.dotted(key)),
            },
            _ => Some(self.dotted(key)),
        }
    }

    /// The value node of a pair.
    pub fn pair_value(&self, pair: Node<'t>) -> Option<Node<'t>> {
        self.map.slot(pair, Slot::Value).or_else(|| pair.named_child(1))
    }

    fn value_of_name(&self, node: Node<'t>) -> Value {
        let text = self.text(node);
        match self.variable(text) {
            Some(var) => match self.value_of_var(var) {
                Value::Unknown => Value::Name(Name::from(text)),
                known => known,
            },
            None => Value::Name(self.qualify(&self.dotted(node))),
        }
    }

    fn value_of_var(&self, var: &Var<'t>) -> Value {
        let Some(init) = var.init.filter(|_| !var.element) else { return Value::Unknown };
        let first = once(init.id(), || self.value_of(init));
        match var.again {
            Some(again) => one_of(vec![first, once(again.id(), || self.value_of(again))]),
            None => first,
        }
    }

    fn value_of_member(&self, node: Node<'t>) -> Value {
        let (Some(object), Some(name)) = (self.map.slot(node, Slot::Object), self.map.slot(node, Slot::Name)) else {
            return Value::Unknown;
        };
        if let Some(env) = self.env_entry(node) {
            return env;
        }
        let last = self.text(name);
        let class = match self.target(object) {
            Target::Static(outer) | Target::Typed(outer) => outer,
            Target::Unknown => return Value::Name(self.dotted(node)),
        };
        let own =
            self.scopes.class_named(&class).or_else(|| self.is_this(object).then(|| self.scopes.class()).flatten());
        if let Some(var) = own.and_then(|scope| scope.vars.get(last))
            && let known @ (Value::Str(_)
            | Value::Int(_)
            | Value::Joined(_)
            | Value::Env { .. }
            | Value::Call { .. }
            | Value::OneOf(_)
            | Value::Bool(_)) = self.value_of_var(var)
        {
            return known;
        }
        if self.is_this(object) { Value::Name(self.dotted(node)) } else { Value::Name(dotted(&class, last)) }
    }

    fn value_of_binary(&self, node: Node<'t>) -> Value {
        let (Some(left), Some(right)) = (
            self.map.slot(node, Slot::Left).or_else(|| node.named_child(0)),
            self.map.slot(node, Slot::Right).or_else(|| self.last_named(node)),
        ) else {
            return Value::Unknown;
        };
        match self.map.operator(node) {
            Operator::Concat => {
                // the chain leans to the left: walked in a loop, so that long joins cost no depth
                let mut parts = vec![right];
                let mut first = left;
                while self.map.role(first) == Role::Binary
                    && self.map.operator(first) == Operator::Concat
                    && parts.len() < 200
                {
                    let (Some(l), Some(r)) = (
                        self.map.slot(first, Slot::Left).or_else(|| first.named_child(0)),
                        self.map.slot(first, Slot::Right).or_else(|| self.last_named(first)),
                    ) else {
                        break;
                    };
                    parts.push(r);
                    first = l;
                }
                parts.push(first);
                let values = parts.into_iter().rev().map(|p| self.value_of(p)).collect();
                let joined = joined(values);
                if joined.template().is_some() { joined } else { Value::Unknown }
            }
            Operator::OrElse => self.or_else(left, right),
            Operator::Flags => one_of(vec![self.value_of(left), self.value_of(right)]),
            _ => Value::Unknown,
        }
    }

    fn or_else(&self, left: Node<'t>, right: Node<'t>) -> Value {
        match self.value_of(left) {
            Value::Env { name, default: None } => Value::Env { name, default: Some(Box::new(self.value_of(right))) },
            first => one_of(vec![first, self.value_of(right)]),
        }
    }

    /// `process.env.X`, `os.environ["X"]`.
    fn env_entry(&self, node: Node<'t>) -> Option<Value> {
        let maps = &self.map.options.env_maps;
        let (object, key) = match self.map.role(node) {
            Role::Member => (self.map.slot(node, Slot::Object)?, self.map.slot(node, Slot::Name)?),
            _ => (node.named_child(0)?, self.last_named(node)?),
        };
        let is_map = maps.iter().any(|m| m == self.text(object))
            || matches!(self.target(object), Target::Static(name) if maps.iter().any(|m| *m == name.as_str()));
        if !is_map || object.id() == key.id() {
            return None;
        }
        let name = match self.map.role(node) {
            Role::Member => Name::from(self.text(key)),
            _ => Name::from(self.value_of(key).as_str()?),
        };
        Some(Value::Env { name, default: None })
    }

    /// Position of the variable's name where a callee reads the environment.
    pub fn env_position(&self, name: &str) -> Option<u8> {
        self.map.env.get(name).copied()
    }

    fn value_of_call(&self, node: Node<'t>) -> Value {
        let Some(callee) = self.callee(node) else { return Value::Unknown };
        let args = self.argument_values(node);
        if let Some(position) = self.env_position(&callee.name)
            && let Some(Value::Str(name)) = args.get(position as usize)
        {
            let default = args.get(position as usize + 1).filter(|v| **v != Value::Unknown && **v != Value::Null);
            return Value::Env { name: name.clone(), default: default.cloned().map(Box::new) };
        }
        if let Some(object) = callee.object
            && let Some(value) = self.environment_entry(object, &callee.name, &args)
        {
            return value;
        }
        if self.map.options.format.iter().any(|f| f == callee.name.as_str())
            && let Some(Value::Str(template)) = args.first()
        {
            return filled(template, &args[1..]);
        }
        if self.keeps_text(node)
            && let Some(text) = callee.object.map(|object| self.value_of(object)).or_else(|| args.first().cloned())
            && text.template().is_some()
        {
            return text;
        }
        Value::Call { name: callee.name, construct: false, args }
    }

    /// The text of a string node; interpolations become parts.
    pub fn string_value(&self, node: Node<'t>) -> Value {
        if let Some(value) = self.hooks.string(self, node) {
            return value;
        }
        let mut parts = Vec::new();
        let mut cursor = node.walk();
        let text = self.text(node);
        let mut interpolated = false;
        if cursor.goto_first_child() {
            loop {
                let child = cursor.node();
                if child.is_named() {
                    match self.map.role(child) {
                        Role::Comment => {}
                        // parts of a concatenation are whole strings, fragments are not
                        Role::String if child.child(0).is_some_and(|c| self.map.role(c) == Role::Comment) => {
                            interpolated = true;
                            parts.push(self.string_value(child));
                        }
                        Role::String => parts.push(Value::Str(unescape(self.text(child)))),
                        // fragments and escapes have no role of their own
                        Role::None if child.named_child_count() == 0 => {
                            parts.push(Value::Str(unescape(self.text(child))));
                        }
                        Role::None | Role::Paren => {
                            interpolated = true;
                            parts.push(child.named_child(0).map_or(Value::Unknown, |n| self.value_of(n)));
                        }
                        _ => {
                            interpolated = true;
                            parts.push(self.value_of(child));
                        }
                    }
                }
                if !cursor.goto_next_sibling() || parts.len() > 200 {
                    break;
                }
            }
        }
        if !interpolated && parts.is_empty() {
            return Value::Str(Name::from(unquote(text)));
        }
        match joined(parts) {
            Value::Str(mut text) => {
                text.truncate(text.floor_char_boundary(MAX_TEXT));
                Value::Str(text)
            }
            other => other,
        }
    }
}
