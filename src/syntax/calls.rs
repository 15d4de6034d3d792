//! Calls, constructions, annotations and property assignments of the walk, with resolved names and argument values.

use tree_sitter::Node;

use super::extract::Walk;
use super::mapping::{Role, Slot};
use super::values::{Target, joined};
use crate::facts::{Arg, Call, CallKind, Name, Receiver, RefKind, Value};

impl<'t> Walk<'t> {
    /// Records a call where a rule may look at it.
    pub fn call(&mut self, node: Node<'t>) -> Option<u32> {
        let name = match self.map.slot(node, Slot::Function) {
            Some(function) => match self.map.role(function) {
                Role::Member => self.map.slot(function, Slot::Name)?,
                Role::Name | Role::Type => function,
                _ if self.text(function) == "super" => return self.construct_base(node),
                // `require('x')(…)`
                Role::Call if self.hooks.alias(self, function).is_some() => function,
                _ => return None,
            },
            None => self.map.slot(node, Slot::Name)?,
        };
        // an alias may have another last segment than what it stands for
        let last = self.text(name);
        let last = last.split('<').next().unwrap_or(last);
        let last = last.rsplit(['\\', ':', '.']).next().unwrap_or(last);
        if matches!(last, "super" | "__init__" | "__construct") {
            return self.construct_base(node);
        }
        let hooks = self.hooks;
        let last = hooks.asked_as(self, node, last)?;
        let direct = self.map.role(name) == Role::Call;
        let aliased = direct || self.names.contains_key(last) || self.scopes.find(last, false).is_some();
        if !aliased && !self.interest.call(last) {
            return None;
        }
        let callee = self.callee(node)?;
        if aliased && !self.interest.call(callee.name.rsplit(['.', '#']).next().unwrap_or(last)) {
            return None;
        }
        let receiver = match &callee.target {
            None => Receiver::None,
            Some(Target::Static(_)) => Receiver::Static,
            Some(Target::Typed(_)) => Receiver::Typed,
            Some(Target::Unknown) => Receiver::Unknown(callee.object.map_or_else(Name::default, |o| self.short(o))),
        };
        let value = match (&receiver, callee.object) {
            (Receiver::Typed | Receiver::Unknown(_), Some(object)) => self.value_of(object),
            _ => Value::Unknown,
        };
        // what constructs by calling (`File(…)`, `Path(…)`)
        let constructs = self.hooks.constructs(self, &callee.name, callee.target.as_ref());
        let kind = if constructs { CallKind::Construct } else { CallKind::Call };
        Some(self.record(node, callee.name, kind, receiver, value))
    }

    /// Records what a constructor makes its object of: `super(path)` in a class that extends `FileWriter` opens the file.
    fn construct_base(&mut self, node: Node<'t>) -> Option<u32> {
        let object = match self.map.slot(node, Slot::Function) {
            Some(function) => self.map.slot(function, Slot::Object),
            None => self.map.slot(node, Slot::Object),
        };
        let before = object.map_or("", |object| self.text(object));
        // `Base.__init__(self, path)`
        let named = object.filter(|_| !before.starts_with("super") && before != "parent");
        let base = match named.map(|object| self.target(object)) {
            Some(Target::Static(name)) => name,
            Some(_) => return None,
            None => self.base_class()?,
        };
        if !self.interest.call(base.rsplit('.').next().unwrap_or(&base)) {
            return None;
        }
        let index = self.record(node, base, CallKind::Construct, Receiver::None, Value::Unknown);
        let args = &mut self.facts.calls[index as usize].args;
        if named.is_some() && !args.is_empty() {
            args.remove(0);
        }
        Some(index)
    }

    /// The qualified class that the innermost class extends, where a constructor of it is open.
    pub fn base_class(&self) -> Option<Name> {
        let constructor = self.facts.definitions.get(self.inside()? as usize)?;
        let class = self.facts.definitions.get(constructor.parent? as usize)?;
        let constructs = constructor.name == class.name
            || matches!(constructor.name.as_str(), "constructor" | "__init__" | "__construct" | "initialize");
        let base = class.type_name.as_deref()?.split([',', '<']).next()?.trim();
        (constructs && !base.is_empty()).then(|| self.qualify(base))
    }

    /// True for calls that hand on the text of their object, or of their first argument: `x.strip()`, `rtrim(x, '/')`.
    pub fn keeps_text(&self, call: Node<'t>) -> bool {
        let name = self.called_as(call);
        self.map.options.same_text.iter().chain(&self.map.options.format).any(|known| known == name)
    }

    /// True for calls that put a path together.
    pub fn makes_path(&self, call: Node<'t>) -> bool {
        let name = self.called_as(call);
        self.map.options.path_makers.iter().any(|known| known == name)
    }

    /// The last name of a callee as written.
    pub fn called_as(&self, call: Node<'t>) -> &'t str {
        let function = self.map.slot(call, Slot::Function).or_else(|| self.map.slot(call, Slot::Name));
        let Some(function) = function else { return "" };
        let name = if self.map.role(function) == Role::Member { self.map.slot(function, Slot::Name) } else { None };
        self.text(name.unwrap_or(function)).trim_start_matches('\\')
    }

    /// Records a construction; counts nothing else, the type inside is a reference of its own.
    pub fn construct(&mut self, node: Node<'t>) -> Option<u32> {
        if let Some(ty) = self.map.slot(node, Slot::Type)
            && matches!(self.map.role(ty), Role::Name | Role::Member)
        {
            self.refer_expression(ty, RefKind::Create);
        }
        let name = self.constructed(node)?;
        if !self.interest.call(name.rsplit('.').next().unwrap_or(&name)) {
            return None;
        }
        Some(self.record(node, name, CallKind::Construct, Receiver::None, Value::Unknown))
    }

    /// The qualified type that a construction makes.
    pub fn constructed(&self, node: Node<'t>) -> Option<Name> {
        match self.map.slot(node, Slot::Type) {
            Some(ty) => self.type_at(ty),
            None => self.hooks.implied_type(self, node),
        }
    }

    /// Records an annotation.
    pub fn annotation(&mut self, node: Node<'t>) -> Option<u32> {
        let name_node = self.map.slot(node, Slot::Name)?;
        let name = self.dotted(name_node);
        self.refer(name.clone(), RefKind::Annotation, node);
        self.counted = name_node.id();
        if !self.interest.call(name.rsplit('.').next().unwrap_or(&name)) {
            return None;
        }
        let name = self.qualify(&name);
        Some(self.record(node, name, CallKind::Annotation, Receiver::None, Value::Unknown))
    }

    /// Records `object.property = value`.
    pub fn assign_property(&mut self, node: Node<'t>) {
        let (Some(left), Some(right)) = (self.map.slot(node, Slot::Left), self.map.slot(node, Slot::Right)) else {
            return;
        };
        if self.map.role(left) != Role::Member {
            return;
        }
        let Some(name) = self.map.slot(left, Slot::Name) else { return };
        if !self.interest.call(self.text(name)) {
            return;
        }
        let Some(callee) = self.callee_at(left) else { return };
        let receiver = match &callee.target {
            Some(Target::Static(_)) => Receiver::Static,
            Some(Target::Typed(_)) => Receiver::Typed,
            _ => Receiver::Unknown(callee.object.map_or_else(Name::default, |o| self.short(o))),
        };
        let index = self.record(node, callee.name, CallKind::Assign, receiver, Value::Unknown);
        let arg =
            Arg { name: None, value: self.value_of(right), type_name: self.type_of(right), span: self.span(right) };
        self.facts.calls[index as usize].args = vec![arg];
    }

    /// Adds a call with its arguments and surroundings.
    pub fn record(&mut self, node: Node<'t>, name: Name, kind: CallKind, receiver: Receiver, value: Value) -> u32 {
        let also = match receiver {
            Receiver::Unknown(_) => Vec::new(),
            _ => self.hooks.candidates(self, &name),
        };
        // `@Get('/x')`, where the grammar has a call inside of the annotation
        let called = self.map.slot(node, Slot::Name).filter(|n| self.map.role(*n) == Role::Call);
        let called = called.filter(|_| kind == CallKind::Annotation).unwrap_or(node);
        let args = match kind {
            CallKind::Assign => Vec::new(),
            _ => self.arguments(called).into_iter().filter_map(|a| self.argument(a)).collect(),
        };
        let (parent, assigned_to) = self.surroundings();
        let call = Call {
            name,
            also,
            kind,
            receiver,
            receiver_value: value,
            args,
            span: self.span(node),
            parent,
            inside: self.inside(),
            assigned_to,
        };
        self.facts.calls.push(call);
        (self.facts.calls.len() - 1) as u32
    }

    /// Records a command that stands between backticks as a call of the function that runs it.
    pub fn command_text(&mut self, node: Node<'t>, function: &'static str) {
        if !self.interest.call(function.rsplit('.').next().unwrap_or(function)) {
            return;
        }
        let mut cursor = node.walk();
        let parts: Vec<Value> = node
            .named_children(&mut cursor)
            .map(|part| match part.kind() {
                "string_content" | "string_value" => Value::Str(Name::from(self.text(part))),
                _ => Value::Unknown,
            })
            .collect();
        let index = self.record(node, Name::const_new(function), CallKind::Call, Receiver::None, Value::Unknown);
        let span = self.span(node);
        self.facts.calls[index as usize].args = vec![Arg { value: joined(parts), span, ..Arg::default() }];
    }

    /// The argument nodes of a call, comments left out.
    pub fn arguments(&self, node: Node<'t>) -> Vec<Node<'t>> {
        let Some(list) = self.map.slot(node, Slot::Args).or_else(|| {
            (0..node.named_child_count().min(8))
                .filter_map(|i| node.named_child(i as u32))
                .find(|c| self.map.role(*c) == Role::Arguments)
        }) else {
            return if self.map.role(node) == Role::Construct { self.initialisers(node) } else { Vec::new() };
        };
        if self.map.role(list) != Role::Arguments {
            return vec![list];
        }
        let children = (0..list.named_child_count().min(64)).filter_map(|i| list.named_child(i as u32));
        let mut found: Vec<Node<'t>> = children.filter(|c| self.map.role(*c) != Role::Comment).collect();
        if self.map.role(node) == Role::Construct {
            found.extend(self.initialisers(node));
        }
        found
    }

    /// Assignments behind a construction: `new T { A = x }`.
    fn initialisers(&self, node: Node<'t>) -> Vec<Node<'t>> {
        let Some(list) = node.child_by_field_name("initializer") else { return Vec::new() };
        let children = (0..list.named_child_count().min(64)).filter_map(|i| list.named_child(i as u32));
        children.filter(|c| self.map.role(*c) == Role::Assign).collect()
    }

    /// What the arguments of a call are worth.
    pub fn argument_values(&self, node: Node<'t>) -> Vec<Value> {
        self.arguments(node).into_iter().map(|a| self.value_of(a)).collect()
    }

    fn argument(&self, node: Node<'t>) -> Option<Arg> {
        let (name, value) = match self.map.role(node) {
            Role::Argument => {
                let name = self.map.slot(node, Slot::Name);
                let value = self.map.slot(node, Slot::Value).or_else(|| self.last_named(node))?;
                (name.map(|n| Name::from(self.text(n).trim_end_matches(':'))), value)
            }
            // `T{Name: x}`, `new T { Name = x }`, Ruby's keyword arguments
            Role::Pair if self.pair_value(node).is_some() => (self.pair_key(node), self.pair_value(node)?),
            Role::Assign => {
                let name = self.map.slot(node, Slot::Left).map(|left| self.simple_name(left));
                (name, self.map.slot(node, Slot::Right)?)
            }
            Role::Lambda => return None,
            _ => (None, node),
        };
        let type_name = self.type_of(value);
        Some(Arg { name, value: self.value_of(value), type_name, span: self.span(value) })
    }

    /// The call around this one, and the name that the result is assigned to.
    fn surroundings(&self) -> (Option<u32>, Name) {
        for frame in self.stack.iter().rev().take(12) {
            match frame.role {
                Role::Paren
                | Role::Cast
                | Role::List
                | Role::Arguments
                | Role::Argument
                | Role::Member
                | Role::Ternary => {}
                Role::Call | Role::Construct | Role::Annotation => return (frame.call, Name::default()),
                Role::Declarator | Role::Local | Role::Field => {
                    let name = self.map.slot(frame.node, Slot::Name).map(|n| Name::from(self.text(n)));
                    return (None, name.unwrap_or_default());
                }
                Role::Assign => {
                    let name = self.map.slot(frame.node, Slot::Left).map(|n| self.simple_name(n));
                    return (None, name.unwrap_or_default());
                }
                Role::None if frame.node.named_child_count() == 1 => {}
                _ => break,
            }
        }
        (None, Name::default())
    }

    /// The last part of a variable or property.
    pub fn simple_name(&self, node: Node<'t>) -> Name {
        let node = match self.map.role(node) {
            Role::Member => self.map.slot(node, Slot::Name).unwrap_or(node),
            _ => node,
        };
        let name = self.dotted(node);
        name.rsplit('.').next().map(Name::from).unwrap_or_default()
    }

    fn short(&self, node: Node<'t>) -> Name {
        let text = self.text(node);
        Name::from(&text[..text.floor_char_boundary(60)])
    }
}
