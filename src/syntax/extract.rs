//! The one cursor walk that every tree-sitter language shares: definitions, scopes, references; calls and literals are
//! handed to `calls` and `context`.

use rustc_hash::FxHashMap;
use tree_sitter::{Node, Tree};

use super::hooks::Hooks;
use super::mapping::{Mapping, Role, Slot};
use super::scopes::{ScopeKind, Scopes, TypeSource, Var};
use crate::facts::{Definition, DefinitionKind, FileFacts, Interest, Name, RefKind, Span, Value};

/// Longest dotted name that is followed.
pub const MAX_NAME: usize = 200;

/// An open node of the walk.
pub struct Frame<'t> {
    pub node: Node<'t>,
    pub role: Role,
    /// Index of the call that this node was recorded as.
    pub call: Option<u32>,
    scope: bool,
    definition: bool,
}

/// The state of the walk; hooks read and write it.
pub struct Walk<'t> {
    pub text: &'t str,
    pub map: &'t Mapping,
    pub hooks: &'t dyn Hooks,
    pub interest: &'t dyn Interest,
    pub facts: FileFacts,
    pub scopes: Scopes<'t>,
    /// Imported local names → qualified names; later also the file's own types.
    pub names: FxHashMap<Name, Name>,
    /// Packages that are imported as a whole.
    pub wildcards: Vec<Name>,
    pub stack: Vec<Frame<'t>>,
    pub references: FxHashMap<(Name, RefKind), usize>,
    /// Definitions that are open, innermost last.
    inside: Vec<u32>,
    /// Node whose name was already counted as part of a longer one.
    pub counted: usize,
    /// The head of the member chain that was counted.
    pub counted_head: usize,
}

/// Walks a tree and returns what it says.
pub fn walk<'t>(
    tree: &'t Tree,
    text: &'t str,
    map: &'t Mapping,
    hooks: &'t dyn Hooks,
    interest: &'t dyn Interest,
) -> FileFacts {
    let mut walk = Walk {
        text,
        map,
        hooks,
        interest,
        facts: FileFacts::default(),
        scopes: Scopes::default(),
        names: FxHashMap::default(),
        wildcards: Vec::new(),
        stack: Vec::with_capacity(64),
        references: FxHashMap::default(),
        inside: Vec::new(),
        counted: 0,
        counted_head: 0,
    };
    walk.scopes.push(ScopeKind::File, Name::default());
    walk.predeclare(tree.root_node());
    walk.run(tree.root_node());
    walk.facts.partial = tree.root_node().has_error();
    walk.facts
}

impl<'t> Walk<'t> {
    fn run(&mut self, root: Node<'t>) {
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            let role = self.map.role(node);
            self.enter(node, role);
            if cursor.goto_first_child() {
                continue;
            }
            self.leave();
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
                self.leave();
            }
        }
    }

    fn leave(&mut self) {
        let Some(frame) = self.stack.pop() else { return };
        if frame.scope {
            self.scopes.pop();
        }
        if frame.definition {
            self.inside.pop();
        }
    }

    fn enter(&mut self, node: Node<'t>, role: Role) {
        let mut frame = Frame { node, role, call: None, scope: false, definition: false };
        match role {
            Role::None | Role::Paren | Role::Cast | Role::Arguments | Role::List | Role::Map | Role::Pair => {}
            Role::Namespace => self.hooks.namespace(self, node),
            Role::Import => self.hooks.import(self, node),
            Role::Hook => self.hooks.enter(self, node),
            Role::Class | Role::Interface | Role::Enum | Role::Module => {
                self.begin(node, role);
                let class = self.qualified_here();
                self.scopes.push(ScopeKind::Class, class);
                frame.scope = true;
                frame.definition = true;
                self.stack.push(frame);
                self.predeclare(self.map.slot(node, Slot::Body).unwrap_or(node));
                return;
            }
            Role::Function | Role::Method => {
                self.begin(node, role);
                self.scopes.push(ScopeKind::Function, Name::default());
                frame.scope = true;
                frame.definition = true;
            }
            Role::Lambda => {
                self.scopes.push(ScopeKind::Function, Name::default());
                frame.scope = true;
                if let Some((name, kind)) = self.hooks.lambda(self, node) {
                    let index = self.define(node, &name, kind, None, Value::Unknown);
                    self.inside.push(index);
                    frame.definition = true;
                }
            }
            Role::Alias => {
                self.begin(node, role);
                self.inside.pop();
            }
            Role::Field => self.fields(node, true),
            Role::Local => self.locals(node),
            Role::Declarator => {}
            Role::Param => self.param(node),
            Role::Assign => {
                self.hooks.enter(self, node);
                self.assign(node);
            }
            Role::Call => {
                self.hooks.on_call(self, node);
                self.reference_call(node);
                self.chain(node);
                frame.call = self.call(node);
            }
            Role::Construct => frame.call = self.construct(node),
            Role::Annotation => frame.call = self.annotation(node),
            Role::Member => {
                self.reference_member(node);
                self.chain(node);
            }
            Role::Name => self.reference_name(node),
            Role::Type => self.reference_type(node),
            Role::TypeOf => {}
            Role::String => self.string(node),
            Role::Binary => self.join(node),
            Role::Comment => self.comment(node),
            _ => {}
        }
        self.stack.push(frame);
    }

    // --- definitions and declarations -------------------------------------------------------------------------

    /// Records a definition and opens it.
    fn begin(&mut self, node: Node<'t>, role: Role) {
        let name = self.map.slot(node, Slot::Name).map_or_else(Name::default, |n| self.dotted(n));
        let in_class = self.scopes.class().is_some() && !self.scopes.in_function();
        let kind = match role {
            Role::Interface => DefinitionKind::Interface,
            Role::Enum => DefinitionKind::Enum,
            Role::Module => DefinitionKind::Module,
            Role::Alias => DefinitionKind::Alias,
            Role::Method => DefinitionKind::Method,
            Role::Function if in_class => DefinitionKind::Method,
            Role::Function => DefinitionKind::Function,
            _ => DefinitionKind::Class,
        };
        let ty = self.map.slot(node, Slot::Returns).and_then(|t| self.shape_at(t));
        let name = match self.hooks.owner(self, node) {
            Some(owner) => dotted(&owner, &name),
            None => name,
        };
        let index = self.define(node, &name, kind, ty, Value::Unknown);
        self.inside.push(index);
    }

    /// Adds a definition inside the innermost open one; returns its index.
    pub fn define(&mut self, node: Node<'t>, name: &str, kind: DefinitionKind, ty: Option<Name>, value: Value) -> u32 {
        let parent = self.inside.last().copied();
        let outer = match parent {
            Some(p) => self.facts.definitions[p as usize].qualified.clone(),
            None => self.facts.namespace.clone(),
        };
        let qualified = if outer.is_empty() { Name::from(name) } else { dotted(&outer, name) };
        let private = self.hooks.private(self, node, name);
        let span = self.span(node);
        // `class A::B` defines `B`
        let simple = Name::from(name.rsplit('.').next().unwrap_or(name));
        self.facts.definitions.push(Definition {
            name: simple,
            qualified,
            kind,
            span,
            parent,
            type_name: ty,
            value,
            private,
            shared: kind == DefinitionKind::Constant,
        });
        (self.facts.definitions.len() - 1) as u32
    }

    /// Index of the innermost open definition.
    pub fn inside(&self) -> Option<u32> {
        self.inside.last().copied()
    }

    /// Qualified name of the innermost open definition.
    pub fn qualified_here(&self) -> Name {
        self.inside
            .last()
            .map_or_else(|| self.facts.namespace.clone(), |i| self.facts.definitions[*i as usize].qualified.clone())
    }

    /// Declares what a class body or a file holds before its functions are read.
    fn predeclare(&mut self, body: Node<'t>) {
        let mut cursor = body.walk();
        if cursor.goto_first_child() {
            loop {
                self.predeclare_one(cursor.node(), 0);
                if !cursor.goto_next_sibling() {
                    break;
                }
            }
        }
        self.hooks.predeclare(self, body);
    }

    fn predeclare_one(&mut self, node: Node<'t>, depth: u8) {
        match self.map.role(node) {
            Role::Field | Role::Local => self.declare(node),
            Role::Namespace if self.facts.namespace.is_empty() => self.hooks.namespace(self, node),
            Role::Function | Role::Method => {
                let (name, returns) = (self.map.slot(node, Slot::Name), self.map.slot(node, Slot::Returns));
                if let (Some(name), Some(list)) = (name, node.child_by_field_name("parameters")) {
                    let (name, constructs) = (self.text(name), node.kind().contains("constructor"));
                    if let Some(scope) = self.scopes.top() {
                        if constructs {
                            scope.constructors.push(list);
                        } else {
                            scope.parameters.entry(name).or_default().push(list);
                        }
                    }
                }
                if let (Some(name), Some(returns)) = (name, returns) {
                    let name = self.text(name);
                    if let Some(scope) = self.scopes.top() {
                        scope.returns.entry(name).or_insert(returns);
                    }
                }
            }
            Role::Class | Role::Interface | Role::Enum => {
                if let Some(name) = self.map.slot(node, Slot::Name) {
                    let name = Name::from(self.text(name));
                    let outer = self.qualified_here();
                    let qualified = if outer.is_empty() { name.clone() } else { dotted(&outer, &name) };
                    self.names.entry(name).or_insert(qualified);
                }
            }
            Role::Import | Role::Call | Role::Lambda => {}
            // wrappers: `export`, decorated definitions, expression statements, enum bodies
            Role::None | Role::Hook if depth < 2 && node.named_child_count() <= 4 => {
                for i in 0..node.named_child_count() {
                    if let Some(child) = node.named_child(i as u32) {
                        self.predeclare_one(child, depth + 1);
                    }
                }
            }
            Role::Assign if depth < 2 => self.remember_assignment(node),
            _ => {}
        }
    }

    /// The names of a declaration with their values.
    pub fn declarators(&self, node: Node<'t>) -> Vec<(Node<'t>, Option<Node<'t>>)> {
        if let Some(name) = self.map.slot(node, Slot::Name) {
            return vec![(name, self.map.slot(node, Slot::Value))];
        }
        let mut found = Vec::new();
        for i in 0..node.named_child_count().min(200) {
            let Some(child) = node.named_child(i as u32) else { continue };
            if self.map.role(child) == Role::Declarator {
                if let Some(name) = self.map.slot(child, Slot::Name) {
                    found.push((name, self.map.slot(child, Slot::Value)));
                }
            } else if child.named_child_count() > 0 && self.map.role(child) == Role::None && found.is_empty() {
                // one level deeper: `field_declaration > variable_declaration > variable_declarator`
                for k in 0..child.named_child_count().min(200) {
                    let Some(inner) = child.named_child(k as u32) else { continue };
                    if self.map.role(inner) == Role::Declarator
                        && let Some(name) = self.map.slot(inner, Slot::Name)
                    {
                        found.push((name, self.map.slot(inner, Slot::Value)));
                    }
                }
            }
        }
        found
    }

    /// The type node of a declaration.
    fn declared_type(&self, node: Node<'t>) -> Option<Node<'t>> {
        self.map.slot(node, Slot::Type).or_else(|| {
            (0..node.named_child_count().min(4)).filter_map(|i| node.named_child(i as u32)).find_map(|child| match self
                .map
                .role(child)
            {
                Role::Type | Role::TypeOf => Some(child),
                Role::None => self.map.slot(child, Slot::Type),
                _ => None,
            })
        })
    }

    /// Puts the names of a declaration into the innermost scope.
    pub fn declare(&mut self, node: Node<'t>) {
        let ty = self.declared_type(node);
        for (name, init) in self.declarators(node) {
            let ty = ty.map_or(TypeSource::None, TypeSource::Node);
            let text = self.text(name);
            // members are named without the sign that variables have
            let text = if self.scopes.in_class() { text.trim_start_matches('$') } else { text };
            let many = self.hooks.iterated(node);
            let var = Var { ty, init: many.or(init), element: many.is_some(), ..Var::default() };
            self.scopes.declare(text, var);
            self.hooks.declared(self, name, init);
        }
    }

    fn fields(&mut self, node: Node<'t>, member: bool) {
        let constant_node = node;
        let declarators = self.declarators(node);
        // a field without a name: what is embedded hands its members on
        if declarators.is_empty()
            && let Some(ty) = self.map.slot(node, Slot::Type)
        {
            self.refer(self.dotted(ty), RefKind::Inherit, ty);
        }
        for (name, init) in declarators {
            let text = self.text(name).trim_start_matches('$');
            let lambda = self.hooks.names_lambdas() && init.is_some_and(|v| self.map.role(v) == Role::Lambda);
            if lambda || text.starts_with(['{', '[']) {
                continue;
            }
            let constant = self.hooks.constant(self, constant_node, text);
            let kind = if constant || !member { DefinitionKind::Constant } else { DefinitionKind::Field };
            let ty = self.declared_type(node).and_then(|t| self.shape_at(t));
            let ty = ty.or_else(|| init.and_then(|v| self.type_of(v)));
            let value = init.map_or(Value::Unknown, |v| self.value_of(v));
            // The word stands before the name, among the modifiers.
            let shared = !member
                || self.text.get(node.start_byte()..name.start_byte()).is_some_and(|text| text.contains("static"));
            let index = self.define(node, text, kind, ty, value);
            self.facts.definitions[index as usize].shared |= shared;
        }
    }

    fn locals(&mut self, node: Node<'t>) {
        if self.scopes.in_function() {
            self.declare(node);
        } else {
            self.fields(node, self.scopes.class().is_some());
        }
    }

    fn param(&mut self, node: Node<'t>) {
        let name = self.map.slot(node, Slot::Name).or_else(|| self.declarators(node).first().map(|d| d.0));
        let name = name.or_else(|| (self.map.role(node) == Role::Param).then(|| node.named_child(0)).flatten());
        let Some(name) = name else { return };
        let ty = self.declared_type(node).map_or(TypeSource::None, TypeSource::Node);
        let name = self.text(name);
        let var = Var { ty, param: true, ..Var::default() };
        if self.hooks.member_param(node)
            && let Some(class) = self.scopes.class_mut()
        {
            class.vars.insert(name.trim_start_matches('$'), var.clone());
        }
        self.scopes.declare(name, var);
    }

    fn assign(&mut self, node: Node<'t>) {
        if self.map.options.assignments_define && !self.scopes.in_function() {
            self.assignment_defines(node);
        }
        self.remember_assignment(node);
        self.assign_property(node);
    }

    /// An assignment outside of functions, in a language without declarations.
    fn assignment_defines(&mut self, node: Node<'t>) {
        let Some(left) = self.map.slot(node, Slot::Left).filter(|l| self.map.role(*l) == Role::Name) else { return };
        let name = self.text(left);
        let in_class = self.scopes.in_class();
        let kind = if in_class { DefinitionKind::Field } else { DefinitionKind::Constant };
        let right = self.map.slot(node, Slot::Right);
        let ty = self.map.slot(node, Slot::Type).and_then(|t| self.type_at(t));
        let ty = ty.or_else(|| right.and_then(|r| self.type_of(r)));
        let value = right.map_or(Value::Unknown, |r| self.value_of(r));
        let index = self.define(node, name, kind, ty, value);
        self.facts.definitions[index as usize].shared = true;
    }

    /// Notes the value of `x = …` and of `this.x = …`.
    pub fn remember_assignment(&mut self, node: Node<'t>) {
        let (Some(left), Some(right)) = (self.map.slot(node, Slot::Left), self.map.slot(node, Slot::Right)) else {
            return;
        };
        // `x ||= "a"` gives a value, `x += 1` changes one
        let operator = node.child_by_field_name("operator").map_or("", |operator| self.text(operator));
        if !matches!(operator, "" | "=" | "||=" | "??=" | "?:=") {
            return;
        }
        match self.map.role(left) {
            Role::Name => {
                let name = self.text(left);
                self.scopes.assign(name, right, self.map.options.bare_members);
            }
            Role::Member => {
                let object = self.map.slot(left, Slot::Object);
                if object.is_some_and(|o| self.is_this(o))
                    && let Some(name) = self.map.slot(left, Slot::Name)
                {
                    let name = self.text(name);
                    // `this.disk = disk` in a constructor: what is handed in has a type.
                    let given = if self.map.role(right) == Role::Name { self.variable(self.text(right)) } else { None };
                    let ty = given.filter(|var| var.param).map(|var| var.ty.clone());
                    self.scopes.assign_member(name, right, ty.unwrap_or_default());
                }
            }
            _ => {}
        }
    }

    // --- text -------------------------------------------------------------------------------------------------

    /// The source of a node.
    pub fn text(&self, node: Node<'t>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    /// First line of a node, from 1.
    pub fn line(&self, node: Node<'t>) -> u32 {
        node.start_position().row as u32 + 1
    }

    /// The last named child.
    pub fn last_named(&self, node: Node<'t>) -> Option<Node<'t>> {
        node.named_child((node.named_child_count() as u32).checked_sub(1)?)
    }

    /// True for names with dots, all small, that begin with no variable: `java.nio.file`.
    pub fn is_package(&self, node: Node<'t>) -> bool {
        let text = self.text(node);
        let small = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_lowercase())
                && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        };
        let head = text.split('.').next().unwrap_or_default();
        text.len() > head.len() && text.split('.').all(small) && self.variable(head).is_none()
    }

    /// The source of a node as a dotted name: separators become dots, white space and generic arguments go.
    pub fn dotted(&self, node: Node<'t>) -> Name {
        normalise_names(self.text(node), self.map.options.dollar_names)
    }

    /// A type as written without generic arguments, array brackets and markers.
    pub fn head_of_type(&self, node: Node<'t>) -> Name {
        self.dotted(node)
    }

    /// Where a node stands.
    pub fn span(&self, node: Node<'t>) -> Span {
        let (start, end) = (node.start_position(), node.end_position());
        // a node that ends with a line break ends on the line before
        let last = if end.column == 0 && end.row > start.row { end.row } else { end.row + 1 };
        Span {
            start: node.start_byte() as u32,
            end: node.end_byte() as u32,
            line: start.row as u32 + 1,
            end_line: last as u32,
            column: start.column as u32 + 1,
        }
    }

    /// Comments that steer the program, and marks of generated files.
    fn comment(&mut self, node: Node<'t>) {
        let text = self.text(node);
        if let Some(at) = text.find("breakbulk:ignore") {
            let rest = text[at + "breakbulk:ignore".len()..].lines().next().unwrap_or("");
            let rest = rest.trim().trim_end_matches("*/").trim_end_matches("-->").trim();
            let line = self.line(node) + text[..at].matches('\n').count() as u32;
            self.facts.pragmas.push((line, Name::from(rest)));
        }
        if node.start_byte() < 2048 && !self.facts.generated {
            let head = text.get(..text.floor_char_boundary(2048)).unwrap_or("").to_ascii_lowercase();
            let marks = ["@generated", "auto-generated", "autogenerated"];
            // `a number (generated by TradeConfig)` describes what the code does, `code generated by x` where it is from
            let by = ["code generated by", "file generated by", "class generated by", "automatically generated by"];
            let first = head.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with("generated by");
            // "Do not edit this file unless …" speaks to people who may.
            let closed = head.find("do not edit").is_some_and(|at| {
                let sentence = head[at..].split(['.', '\n']).next().unwrap_or_default();
                !sentence.contains("unless")
            });
            // an editor's `TODO auto-generated method stub` speaks of a stub in a file that a person wrote
            let stub = head.contains("todo auto-generated") || head.contains("todo: auto-generated");
            let marked = marks.iter().chain(&by).any(|mark| head.contains(mark));
            self.facts.generated = !stub && (closed || first || marked);
        }
    }
}

/// `a::b\c->d` and the like with dots; generic arguments, brackets and white space left out.
pub fn normalise(text: &str) -> Name {
    normalise_names(text, false)
}

/// The same; `$` is a letter where `dollar` says so.
fn normalise_names(text: &str, dollar: bool) -> Name {
    let mut out = Name::default();
    let mut depth = 0u32;
    for c in text.chars() {
        match c {
            '<' | '[' | '(' => depth += 1,
            '>' if out.ends_with('-') && depth == 0 => {
                out.pop();
                out.push('.');
            }
            '>' | ']' | ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '$' if dollar => out.push('$'),
            '\\' | ':' | '.' if !out.ends_with('.') => out.push('.'),
            '\\' | ':' | '.' | '?' | '!' | '&' | '*' | '$' => {}
            c if c.is_whitespace() => {}
            c => out.push(c),
        }
        if out.len() > MAX_NAME {
            break;
        }
    }
    let trimmed = out.trim_matches('.');
    if trimmed.len() == out.len() { out } else { Name::from(trimmed) }
}

/// `a.b`.
pub fn dotted(outer: &str, name: &str) -> Name {
    let mut out = Name::with_capacity(outer.len() + name.len() + 1);
    out.push_str(outer);
    out.push('.');
    out.push_str(name);
    out
}

pub fn starts_upper(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_uppercase)
}
