//! Strings of the walk and where they stand: argument, assignment, key path, comparison, default.

use tree_sitter::Node;

use super::extract::Walk;
use super::mapping::{Operator, Role, Slot};
use crate::facts::{Context, Literal, Name, Value};

/// Ancestors that are looked at for one string.
const MAX_CLIMB: usize = 48;

impl<'t> Walk<'t> {
    /// A string node; those inside a join were read with it.
    pub fn string(&mut self, node: Node<'t>) {
        let parent = self.stack.last();
        if parent.is_some_and(|f| {
            f.role == Role::String || self.is_join(f.node, f.role) || matches!(f.role, Role::Import | Role::Statement)
        }) {
            return;
        }
        let value = self.string_value(node);
        self.literal(node, value);
    }

    /// A binary node: the outermost of a join stands for all of it.
    pub fn join(&mut self, node: Node<'t>) {
        if self.map.operator(node) != Operator::Concat
            || self.stack.last().is_some_and(|f| self.is_join(f.node, f.role))
        {
            return;
        }
        let value = self.value_of(node);
        if !matches!(value, Value::Unknown) {
            self.literal(node, value);
        }
    }

    fn is_join(&self, node: Node<'t>, role: Role) -> bool {
        role == Role::Binary && self.map.operator(node) == Operator::Concat
    }

    /// Keeps a string where a rule may look at it.
    pub fn literal(&mut self, node: Node<'t>, value: Value) {
        if self.stack.iter().rev().take(3).any(|f| f.role == Role::Import) {
            return;
        }
        let keep = {
            let key = self.key(node);
            match &value {
                Value::Str(text) => !text.is_empty() && self.interest.literal(text, &key),
                other => other.template().is_some_and(|text| self.interest.literal(&text, &key)),
            }
        };
        if keep {
            let context = self.context(node);
            let span = self.span(node);
            self.facts.literals.push(Literal { value, span, context, inside: self.inside() });
        }
    }

    /// The simple name that a string stands behind: variable, key, named argument.
    fn key(&self, node: Node<'t>) -> Name {
        let mut child = node;
        for frame in self.stack.iter().rev().take(MAX_CLIMB) {
            let parent = frame.node;
            match frame.role {
                Role::Pair if self.pair_value(parent).is_some() => {
                    return if self.is_key(parent, child) {
                        Name::default()
                    } else {
                        self.pair_key(parent).unwrap_or_default()
                    };
                }
                Role::Argument => {
                    if let Some(name) = self.map.slot(parent, Slot::Name) {
                        return Name::from(self.text(name).trim_start_matches('$'));
                    }
                }
                Role::Declarator | Role::Local | Role::Field | Role::Param => {
                    if let Some(name) = self.map.slot(parent, Slot::Name) {
                        // a pattern takes the value apart: no name says what it is
                        let name = Some(self.text(name)).filter(|n| !n.starts_with(['{', '[']));
                        return name.map_or_else(Name::default, |n| Name::from(n.trim_start_matches('$')));
                    }
                }
                Role::Assign => {
                    return self.map.slot(parent, Slot::Left).map(|l| self.left_name(l)).unwrap_or_default();
                }
                Role::None
                | Role::Paren
                | Role::Cast
                | Role::Binary
                | Role::Ternary
                | Role::List
                | Role::Arguments
                | Role::Hook
                | Role::Pair
                | Role::Map => {}
                // `x = new URL("…")`, `x = f("…")`: the variable still says what it is for
                Role::Call => {
                    if let Some(key) = self.asked_key(parent, node.start_byte()) {
                        return key;
                    }
                }
                Role::Construct => {}
                _ => break,
            }
            child = parent;
        }
        Name::default()
    }

    /// `x` of `x`, `a.x`; `k` of `a["k"]`.
    fn left_name(&self, left: Node<'t>) -> Name {
        if self.map.role(left) == Role::Index
            && let Some(key) = self.last_named(left)
            && let Value::Str(key) = self.value_of(key)
        {
            return key;
        }
        self.simple_name(left)
    }

    /// The path of an indexed variable: `config.db.host` of `$config['db']['host']`.
    fn left_path(&self, left: Node<'t>) -> Option<Name> {
        let mut keys = Vec::new();
        let mut node = left;
        while self.map.role(node) == Role::Index && keys.len() < 12 {
            let key = self.last_named(node)?;
            keys.push(match self.value_of(key) {
                Value::Str(text) => text,
                _ => self.dotted(key),
            });
            node = node.named_child(0)?;
        }
        if keys.is_empty() {
            return None;
        }
        keys.push(self.simple_name(node));
        keys.reverse();
        Some(Name::from(keys.join(".")))
    }

    fn is_key(&self, pair: Node<'t>, child: Node<'t>) -> bool {
        match self.pair_value(pair) {
            Some(value) => child.end_byte() <= value.start_byte(),
            None => false,
        }
    }

    /// Where a string stands.
    fn context(&self, node: Node<'t>) -> Context {
        let mut child = node;
        let mut keys: Vec<Name> = Vec::new();
        for (climbed, frame) in self.stack.iter().rev().enumerate().take(MAX_CLIMB) {
            let parent = frame.node;
            match frame.role {
                Role::Pair if self.pair_value(parent).is_none() => {}
                Role::Pair => {
                    if self.is_key(parent, child) {
                        return if keys.is_empty() { Context::Compared } else { keyed(None, keys) };
                    }
                    keys.extend(self.pair_key(parent));
                }
                Role::Declarator | Role::Local | Role::Field | Role::Param => {
                    if let Some(name) = self.map.slot(parent, Slot::Name) {
                        let name = Name::from(self.text(name).trim_start_matches('$'));
                        if name.starts_with(['{', '[']) {
                            return if keys.is_empty() { Context::Other } else { keyed(None, keys) };
                        }
                        return if keys.is_empty() { Context::Assigned { name } } else { keyed(Some(name), keys) };
                    }
                }
                Role::Assign => {
                    let Some(left) = self.map.slot(parent, Slot::Left) else { return Context::Other };
                    let path = self.left_path(left);
                    return match (path, keys.is_empty()) {
                        (Some(path), true) => Context::Keyed { path },
                        (Some(path), false) => keyed(Some(path), keys),
                        (None, true) => Context::Assigned { name: self.simple_name(left) },
                        (None, false) => keyed(Some(self.simple_name(left)), keys),
                    };
                }
                Role::Call if self.hands_on(parent, child) => {}
                // `'https://…'.strip()`
                Role::Member
                    if self.stack.iter().rev().nth(climbed + 1).is_some_and(|f| self.hands_on(f.node, parent)) => {}
                Role::Call | Role::Construct if keys.is_empty() => {
                    return self.argument_context(parent, frame.role, child, climbed, node.start_byte());
                }
                Role::Annotation => {
                    let name = self.map.slot(parent, Slot::Name).map(|n| self.qualify(&self.dotted(n)));
                    let element = keys.pop().unwrap_or_else(|| self.element_name(climbed));
                    return Context::Annotation { name: name.unwrap_or_default(), element };
                }
                Role::Return if keys.is_empty() => {
                    let function = self.inside().map(|i| self.facts.definitions[i as usize].name.clone());
                    return Context::Returned { function: function.unwrap_or_default() };
                }
                Role::Case if keys.is_empty() => return Context::Compared,
                Role::Binary => match self.map.operator(parent) {
                    Operator::Compare => return Context::Compared,
                    Operator::OrElse if keys.is_empty() => {
                        let left = self.map.slot(parent, Slot::Left).or_else(|| parent.named_child(0));
                        if let Some(left) = left.filter(|l| l.id() != child.id()) {
                            return self.default_of(left);
                        }
                    }
                    _ => {}
                },
                Role::Ternary if keys.is_empty() && parent.named_child_count() == 2 => {
                    if let Some(left) = parent.named_child(0).filter(|l| l.id() != child.id()) {
                        return self.default_of(left);
                    }
                }
                Role::Ternary if self.map.slot(parent, Slot::Condition).is_some_and(|c| c.id() == child.id()) => {
                    return Context::Compared;
                }
                Role::Ternary => {
                    if keys.is_empty()
                        && let Some(other) = self.defaulted(parent, child)
                    {
                        return self.default_of(other);
                    }
                }
                Role::Index if self.last_named(parent).is_some_and(|k| k.id() == child.id()) => {
                    return Context::Compared;
                }
                Role::None
                | Role::Paren
                | Role::Cast
                | Role::List
                | Role::Map
                | Role::Arguments
                | Role::Argument
                | Role::Hook
                | Role::Call
                | Role::Construct
                | Role::Return
                | Role::Index => {}
                _ => break,
            }
            child = parent;
        }
        if keys.is_empty() { Context::Other } else { keyed(None, keys) }
    }

    /// True for a call that only hands on the text of its object or first argument, where the child is that.
    fn hands_on(&self, call: Node<'t>, child: Node<'t>) -> bool {
        if self.map.role(call) == Role::Call && self.makes_path(call) {
            return self
                .arguments(call)
                .iter()
                .any(|a| a.start_byte() <= child.end_byte() && child.start_byte() <= a.start_byte());
        }
        if self.map.role(call) != Role::Call || !self.keeps_text(call) {
            return false;
        }
        let object = self.map.slot(call, Slot::Object).or_else(|| {
            let function = self.map.slot(call, Slot::Function)?;
            (self.map.role(function) == Role::Member).then_some(function)
        });
        match object {
            Some(object) => object.id() == child.id(),
            None => self
                .arguments(call)
                .first()
                .is_some_and(|first| child.start_byte() <= first.start_byte() && first.end_byte() <= child.end_byte()),
        }
    }

    fn default_of(&self, left: Node<'t>) -> Context {
        match self.value_of(left) {
            Value::Env { name, .. } => Context::EnvDefault { name },
            Value::OneOf(parts) if parts.iter().any(Value::from_env) => {
                let name =
                    parts.into_iter().find_map(|p| if let Value::Env { name, .. } = p { Some(name) } else { None });
                Context::EnvDefault { name: name.unwrap_or_default() }
            }
            // `conf.get('db:host') || 'x'`: what is looked up says what the default is for.
            value => {
                let asked = looked_up(&value).or_else(|| self.left_path(left));
                Context::Default { of: asked.unwrap_or_else(|| self.dotted(left)) }
            }
        }
    }

    /// The other branch of `a ? a : "x"`, where the condition asks about that branch: the string is its default.
    fn defaulted(&self, ternary: Node<'t>, child: Node<'t>) -> Option<Node<'t>> {
        let condition = self.map.slot(ternary, Slot::Condition).or_else(|| ternary.named_child(0))?;
        let mut cursor = ternary.walk();
        let mut branches = ternary.named_children(&mut cursor).filter(|n| n.id() != condition.id() && !n.is_extra());
        let other = branches.find(|n| n.id() != child.id())?;
        let named = matches!(self.map.role(other), Role::Name | Role::Member | Role::Index);
        (named && self.text(condition).contains(self.text(other))).then_some(other)
    }

    /// The key in front of the default that stands at this byte of a look-up: `host` of `config.get('host', 'db1')`.
    fn asked_key(&self, call: Node<'t>, start: usize) -> Option<Name> {
        if !looks_up(self.called_as(call)) {
            return None;
        }
        let args = self.arguments(call);
        let index = args.iter().position(|a| a.start_byte() <= start && start < a.end_byte())?;
        let key = self.value_of(*args.get(index.checked_sub(1)?)?);
        let key = key.as_str().filter(|key| {
            key.len() <= 80 && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':'))
        })?;
        Some(Name::from(key.replace(':', ".")))
    }

    /// Name of the annotation element that the string is in; frames above the string are `climbed` deep.
    fn element_name(&self, climbed: usize) -> Name {
        let inner = self.stack.iter().rev().take(climbed).find(|f| f.role == Role::Argument);
        let name = inner.and_then(|f| self.map.slot(f.node, Slot::Name));
        name.map_or_else(|| Name::const_new("value"), |n| Name::from(self.text(n)))
    }

    fn argument_context(&self, call: Node<'t>, role: Role, child: Node<'t>, climbed: usize, start: usize) -> Context {
        if role == Role::Call
            && self
                .map
                .slot(call, Slot::Object)
                .or_else(|| self.map.slot(call, Slot::Function))
                .is_some_and(|o| o.id() == child.id())
        {
            return Context::Other;
        }
        let callee = match role {
            Role::Construct => self.map.slot(call, Slot::Type).and_then(|t| self.type_at(t)),
            _ => self.callee(call).map(|c| c.name),
        };
        let callee = callee.unwrap_or_default();
        let inner = self.stack.iter().rev().take(climbed).find(|f| f.role == Role::Argument);
        let name = inner.and_then(|f| self.map.slot(f.node, Slot::Name)).map(|n| Name::from(self.text(n)));
        let args = self.arguments(call);
        let index = args.iter().position(|a| a.start_byte() <= start && start < a.end_byte()).unwrap_or(0);
        if let Some(position) = self.env_position(&callee)
            && (index == position as usize + 1 || name.as_deref() == Some("default"))
        {
            let name = args.get(position as usize).map(|n| self.value_of(*n));
            let name = name.and_then(|v| v.as_str().map(Name::from)).unwrap_or_default();
            return Context::EnvDefault { name };
        }
        if let Some(key) = self.asked_key(call, start).filter(|_| name.is_none()) {
            return Context::Default { of: key };
        }
        Context::Argument { callee, index: index.min(255) as u8, name }
    }
}

/// First words of the names of functions that look a key up and take a default: `get`, `getOption`, `settings.fetch`.
const LOOKUPS: [&str; 11] =
    ["get", "getattr", "opt", "option", "lookup", "fetch", "find", "read", "config", "setdefault", "pop"];

/// True for functions that look something up by name.
fn looks_up(last: &str) -> bool {
    LOOKUPS.iter().any(|verb| {
        last.strip_prefix(verb)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_uppercase() || c == '_') || rest.is_empty())
    })
}

/// The key that a look-up names; of a chain of look-ups, the last one's.
fn looked_up(value: &Value) -> Option<Name> {
    match value {
        Value::Call { args, construct: false, .. } => args.first().and_then(Value::as_str).map(Name::from),
        Value::OneOf(values) => values.iter().rev().find_map(looked_up),
        _ => None,
    }
}

/// Key path from the outermost map, behind the variable it is assigned to.
fn keyed(variable: Option<Name>, mut keys: Vec<Name>) -> Context {
    keys.extend(variable);
    keys.reverse();
    Context::Keyed { path: Name::from(keys.join(".")) }
}
