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
                Role::List => {
                    if let Some(key) = self.hooks.list_key(self, parent, child) {
                        return key;
                    }
                }
                Role::Arguments => {
                    // `conf.get("host", "x")`: the string beside a key
                    let second = parent.named_child(1).is_some_and(|second| second.id() == child.id());
                    if second && let Some(first) = parent.named_child(0) {
                        let text = self.text(first).trim_matches(['"', '\'']);
                        if is_key(text) && !parent.parent().is_some_and(|call| self.makes_path(call)) {
                            return Name::from(text);
                        }
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
            && let Some(key) = self.index_key(left)
            && let Value::Str(key) = self.value_of(key)
        {
            return key;
        }
        self.simple_name(left)
    }

    /// The key of `a[key]`.
    fn index_key(&self, node: Node<'t>) -> Option<Node<'t>> {
        let mut key = self.last_named(node)?;
        while matches!(self.map.role(key), Role::Arguments | Role::Argument) {
            key = self.last_named(key)?;
        }
        Some(key)
    }

    /// The path of an indexed variable: `config.db.host` of `$config['db']['host']`.
    pub fn left_path(&self, left: Node<'t>) -> Option<Name> {
        let mut keys = Vec::new();
        let mut node = left;
        while self.map.role(node) == Role::Index && keys.len() < 12 {
            let key = self.index_key(node)?;
            keys.push(match self.value_of(key) {
                Value::Str(text) => text,
                _ => self.dotted(key),
            });
            node = match node.named_child(0)? {
                // `["key"] = x` of an initialiser has no object
                inner if self.map.role(inner) == Role::Arguments => break,
                inner => inner,
            };
        }
        if keys.is_empty() {
            return None;
        }
        if self.map.role(node) != Role::Index {
            keys.push(self.simple_name(node));
        }
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
        // the innermost call that only makes an address or a text of the string
        let mut wrapped: Option<Context> = None;
        for (climbed, frame) in self.stack.iter().rev().enumerate().take(MAX_CLIMB) {
            let parent = frame.node;
            match frame.role {
                Role::Pair if self.pair_value(parent).is_none() => {}
                Role::Pair => {
                    if self.is_key(parent, child) {
                        return if keys.is_empty() { Context::Compared } else { keyed(None, keys) };
                    }
                    if let Some(name) = self.env_sibling(parent) {
                        return Context::EnvDefault { name };
                    }
                    keys.extend(self.pair_key(parent));
                }
                Role::List if keys.is_empty() && self.hooks.list_key(self, parent, child).is_some() => {
                    keys.extend(self.hooks.list_key(self, parent, child));
                }
                Role::Declarator | Role::Local | Role::Field | Role::Param => {
                    if let Some(name) = self.map.slot(parent, Slot::Name) {
                        let name = Name::from(self.text(name).trim_start_matches('$'));
                        if name.starts_with(['{', '[']) {
                            return if keys.is_empty() { Context::Other } else { keyed(None, keys) };
                        }
                        if keys.is_empty() && self.assigned_from_environment(&name) {
                            return Context::EnvDefault { name };
                        }
                        if keys.is_empty() {
                            let name = self.parameter_of_constant(parent, node).unwrap_or(name);
                            return Context::Assigned { name: holds_url(name, wrapped.as_ref()) };
                        }
                        return keyed(Some(name), keys);
                    }
                }
                Role::Assign => {
                    let Some(left) = self.map.slot(parent, Slot::Left) else { return Context::Other };
                    let path = self.left_path(left);
                    if keys.is_empty()
                        && let Some(callee) = self.initialised(parent)
                    {
                        let name = path.unwrap_or_else(|| self.simple_name(left));
                        return Context::Argument { callee, index: 0, name: Some(holds_url(name, wrapped.as_ref())) };
                    }
                    return match (path, keys.is_empty()) {
                        (Some(path), true) => Context::Keyed { path },
                        (Some(path), false) => keyed(Some(path), keys),
                        (None, true) if self.assigned_from_environment(self.text(left)) => {
                            Context::EnvDefault { name: self.simple_name(left) }
                        }
                        (None, true) => Context::Assigned { name: holds_url(self.simple_name(left), wrapped.as_ref()) },
                        (None, false) => keyed(Some(self.simple_name(left)), keys),
                    };
                }
                Role::Call if self.hands_on(parent, child) => {}
                // `'https://…'.strip()`
                Role::Member
                    if self.stack.iter().rev().nth(climbed + 1).is_some_and(|f| self.hands_on(f.node, parent)) => {}
                // `['https://…', …].includes(url)`
                Role::Member
                    if self.stack.iter().rev().nth(climbed + 1).is_some_and(|f| {
                        f.role == Role::Call && matches!(self.called_as(f.node), "includes" | "indexOf" | "include?")
                    }) =>
                {
                    return Context::Compared;
                }
                Role::Call | Role::Construct
                    if keys.len() == 1
                        && let Some(context) = self.option_of(parent, &keys[0]) =>
                {
                    return context;
                }
                // `option :client_options, { site: "…" }`
                Role::Call if !keys.is_empty() && self.called_as(parent) == "option" => {
                    let first = self.arguments(parent).first().map(|first| self.value_of(*first));
                    return keyed(first.as_ref().and_then(|first| first.as_str()).map(Name::from), keys);
                }
                Role::Call | Role::Construct if keys.is_empty() => {
                    match self.passes(parent, frame.role, child, node.start_byte()) {
                        Passing::Compared => return Context::Compared,
                        Passing::Through => {
                            if wrapped.is_none() {
                                wrapped =
                                    Some(self.argument_context(parent, frame.role, child, climbed, node.start_byte()));
                            }
                        }
                        Passing::Ends => {
                            let own = self.argument_context(parent, frame.role, child, climbed, node.start_byte());
                            return if own == Context::Other { wrapped.unwrap_or(own) } else { own };
                        }
                    }
                }
                Role::Annotation => {
                    let name = self.map.slot(parent, Slot::Name).map(|n| self.qualify(&self.dotted(n)));
                    let element = keys.pop().unwrap_or_else(|| self.element_name(climbed));
                    return Context::Annotation { name: name.unwrap_or_default(), element };
                }
                Role::Return if keys.is_empty() => {
                    let above = self.stack.iter().rev().skip(climbed + 1).map(|frame| (frame.role, frame.node));
                    if self.handed_on(above) {
                        return Context::EnvDefault { name: Name::default() };
                    }
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
                Role::Ternary
                    if keys.is_empty() && self.other_branch(parent, child).is_some_and(|n| self.is_environment(n)) =>
                {
                    return Context::EnvDefault { name: Name::default() };
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
                Role::Function | Role::Method if keys.is_empty() && wrapped.is_none() => {
                    // an expression as the body, or the last one of it where the language returns that
                    let ends = self.map.options.tail_returns
                        && self.last_expression(child).is_some_and(|last| {
                            last.start_byte() <= node.start_byte() && node.end_byte() <= last.end_byte()
                        });
                    if ends || self.text(child).starts_with("=>") {
                        let function = self.inside().map(|i| self.facts.definitions[i as usize].name.clone());
                        return match self.handed_on(std::iter::once((frame.role, parent))) {
                            true => Context::EnvDefault { name: Name::default() },
                            false => Context::Returned { function: function.unwrap_or_default() },
                        };
                    }
                    break;
                }
                // `const url = () => "…"`; a block behind a look-up in the environment holds its default
                Role::Lambda if keys.is_empty() && wrapped.is_none() => {
                    match self.stack.iter().rev().nth(climbed + 1) {
                        Some(above)
                            if matches!(above.role, Role::Declarator | Role::Pair | Role::Field | Role::Assign)
                                && !self.text(child).starts_with('{') => {}
                        Some(above) if self.is_fallback_block(above.node, parent) => {
                            return Context::EnvDefault { name: Name::default() };
                        }
                        _ => break,
                    }
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
                | Role::Member
                | Role::Index => {}
                _ => break,
            }
            child = parent;
        }
        if keys.is_empty() { wrapped.unwrap_or(Context::Other) } else { keyed(None, keys) }
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
            Role::Construct => self.constructed(call),
            _ => self.callee(call).map(|c| c.name),
        };
        let callee = callee.unwrap_or_default();
        let inner = self.stack.iter().rev().take(climbed).find(|f| f.role == Role::Argument);
        let name = inner.and_then(|f| self.map.slot(f.node, Slot::Name)).map(|n| Name::from(self.text(n)));
        let args = self.arguments(call);
        let index = args.iter().position(|a| a.start_byte() <= start && start < a.end_byte()).unwrap_or(0);
        if (name.is_none() || name.as_deref().is_some_and(|name| name == "default"))
            && let Some(context) = self.environment_beside(call, &callee, index, &args)
        {
            return context;
        }
        if let Some(position) = self.env_position(&callee)
            && (index == position as usize + 1 || name.as_deref() == Some("default"))
        {
            let name = args.get(position as usize).map(|n| self.value_of(*n));
            let name = name.and_then(|v| v.as_str().map(Name::from)).unwrap_or_default();
            return Context::EnvDefault { name };
        }
        if let Some(context) = name.as_deref().and_then(|name| self.option_of(call, name)) {
            return context;
        }
        if name.is_none()
            && let Some(context) = self.beside_key(&callee, role, index, &args)
        {
            return context;
        }
        if let Some(key) = self.asked_key(call, start).filter(|_| name.is_none()) {
            return Context::Default { of: key };
        }
        let name = name.or_else(|| self.parameter(&callee, role, index, args.len()));
        Context::Argument { callee, index: index.min(255) as u8, name }
    }

    /// `conf.get("db.host", "x")`, `props.put("db.host", "x")`, `new Option("db.host", "x")`: the string beside a key.
    fn beside_key(&self, callee: &str, role: Role, index: usize, args: &[Node<'t>]) -> Option<Context> {
        let last = callee.rsplit(['.', '#']).next().unwrap_or(callee);
        let map = last == "of" && callee.contains("Map") && index % 2 == 1;
        let key = args.get(if map { index - 1 } else { index.checked_sub(1).filter(|before| *before == 0)? })?;
        let key = self.value_of(*key).template().filter(|key| is_key(key))?;
        let verb: String = last.chars().take_while(|c| c.is_ascii_lowercase()).collect();
        let verb = if verb.is_empty() { last.to_ascii_lowercase() } else { verb };
        let starts =
            |verbs: &[&str]| verbs.iter().any(|one| verb == *one || last.to_ascii_lowercase().starts_with(one));
        if role == Role::Call && starts(&["get", "opt", "lookup", "read", "property", "param", "config", "setting"]) {
            return Some(Context::Default { of: Name::from(key) });
        }
        let structured = key.contains(['.', '_', '-']);
        let keeps = map
            || (role == Role::Construct && structured)
            || (role == Role::Call && structured && starts(&["set", "put", "add", "define", "register", "option"]));
        keeps.then(|| Context::Keyed { path: Name::from(key) })
    }

    /// How a call around a string, or made on it, hands it on.
    fn passes(&self, call: Node<'t>, role: Role, child: Node<'t>, start: usize) -> Passing {
        let function = self.map.slot(call, Slot::Function);
        let object = self.map.slot(call, Slot::Object).or(function);
        let name = match role {
            Role::Construct => self.map.slot(call, Slot::Type).map(|ty| self.dotted(ty)),
            _ => function.or_else(|| self.map.slot(call, Slot::Name)).map(|name| self.simple_name(name)),
        };
        let name = name.unwrap_or_default();
        let last = name.rsplit('.').next().unwrap_or(&name);
        if object.is_some_and(|object| object.id() == child.id()) {
            return if COMPARING.contains(&last) {
                Passing::Compared
            } else if TEXT_METHODS.contains(&last) {
                Passing::Through
            } else {
                Passing::Ends
            };
        }
        let position = self.arguments(call).iter().position(|arg| arg.byte_range().contains(&start));
        let through = match position {
            Some(_) if PATH_JOINERS.contains(&last) => true,
            Some(0) => ADDRESS_MAKERS.contains(&last) || TEXT_MAKERS.contains(&last),
            // behind a culture or a locale
            Some(1) => matches!(last, "Format" | "format"),
            _ => false,
        };
        if through { Passing::Through } else { Passing::Ends }
    }

    /// The type that an assignment inside of `new T { A = x }` belongs to.
    fn initialised(&self, assign: Node<'t>) -> Option<Name> {
        let list = assign.parent().filter(|list| self.map.role(*list) == Role::List)?;
        let construct = list.parent().filter(|node| self.map.role(*node) == Role::Construct)?;
        self.constructed(construct)
    }

    /// The name of the parameter that takes an argument, where the callee is in sight.
    fn parameter(&self, callee: &str, role: Role, index: usize, count: usize) -> Option<Name> {
        let simple = callee.rsplit(['.', '#']).next().unwrap_or(callee);
        let lists = match role {
            Role::Construct => &self.scopes.class_named(callee)?.constructors,
            _ => self.scopes.parameters(simple)?,
        };
        let list = lists.iter().find(|list| self.parameter_names(**list).len() == count)?;
        self.parameter_names(*list).get(index).map(|name| Name::from(*name))
    }

    /// `PROD("https://…")`: what the constructor of an enumeration calls the value, behind the constant's name.
    fn parameter_of_constant(&self, constant: Node<'t>, literal: Node<'t>) -> Option<Name> {
        let args = self.map.slot(constant, Slot::Args).filter(|_| self.map.slot(constant, Slot::Value).is_none())?;
        let count = args.named_child_count();
        let index = (0..count)
            .filter_map(|i| args.named_child(i as u32))
            .position(|arg| arg.start_byte() <= literal.start_byte() && literal.end_byte() <= arg.end_byte())?;
        let lists = &self.scopes.class()?.constructors;
        let list = lists.iter().find(|list| self.parameter_names(**list).len() == count)?;
        let name = *self.parameter_names(*list).get(index)?;
        let constant = self.map.slot(constant, Slot::Name).map(|n| self.text(n))?;
        Some(compact_str::format_compact!("{constant}_{name}"))
    }

    /// The names in a list of parameters.
    fn parameter_names(&self, list: Node<'t>) -> Vec<&'t str> {
        let mut names = Vec::new();
        for i in 0..list.named_child_count().min(40) {
            let Some(param) = list.named_child(i as u32) else { continue };
            if self.map.role(param) != Role::Param {
                continue;
            }
            let mut cursor = param.walk();
            let several: Vec<Node<'t>> = param.children_by_field_name("name", &mut cursor).collect();
            names.extend(several.into_iter().map(|name| self.text(name)));
        }
        names
    }
}

/// How a call hands a string on.
enum Passing {
    /// It is compared with something.
    Compared,
    /// What comes out is the same address or text: what is done with it, counts.
    Through,
    /// The call is what is done with it.
    Ends,
}

/// Constructors and factories of addresses.
const ADDRESS_MAKERS: [&str; 6] = ["URL", "Uri", "URI", "create", "parse", "Parse"];
/// Functions that put a path together.
const PATH_JOINERS: [&str; 5] = ["Join", "join", "Combine", "resolve", "File"];
/// Functions that make a text of a text.
const TEXT_MAKERS: [&str; 9] =
    ["format", "Format", "Sprintf", "sprintf", "String", "valueOf", "requireNonNull", "freeze", "StringBuilder"];
/// Methods of a text that give a text.
const TEXT_METHODS: [&str; 19] = [
    "format",
    "formatted",
    "replace",
    "replaceAll",
    "Replace",
    "trim",
    "Trim",
    "strip",
    "concat",
    "toString",
    "ToString",
    "freeze",
    "to_s",
    "dup",
    "toLowerCase",
    "TrimEnd",
    "rstrip",
    "intern",
    "append",
];
/// Methods of a text that compare it.
const COMPARING: [&str; 10] = [
    "equals",
    "equalsIgnoreCase",
    "contentEquals",
    "startsWith",
    "Equals",
    "StartsWith",
    "matches",
    "contains",
    "compareTo",
    "localeCompare",
];
/// True for a text that names a setting.
fn is_key(text: &str) -> bool {
    let letters = text.bytes().any(|b| b.is_ascii_alphabetic());
    letters && (2..=80).contains(&text.len()) && !text.contains([' ', '/', '%', '<', '=', '\n', '(', '@', ',', ';'])
}

/// A variable that takes a `URL`, said in its name where it does not say so itself.
fn holds_url(name: Name, wrapped: Option<&Context>) -> Name {
    let makes = matches!(wrapped, Some(Context::Argument { callee, .. })
        if callee.split(['.', '#']).any(|part| part.eq_ignore_ascii_case("url") || part.eq_ignore_ascii_case("uri")));
    let lower = name.to_ascii_lowercase();
    if makes && !name.is_empty() && !lower.contains("url") && !lower.contains("uri") {
        compact_str::format_compact!("{name}_url")
    } else {
        name
    }
}

/// Key path from the outermost map, behind the variable it is assigned to.
fn keyed(variable: Option<Name>, mut keys: Vec<Name>) -> Context {
    keys.extend(variable);
    keys.reverse();
    Context::Keyed { path: Name::from(keys.join(".")) }
}
