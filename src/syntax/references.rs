//! Names that the walk meets and that another file may define.

use tree_sitter::Node;

use super::extract::{Frame, MAX_NAME, Walk, starts_upper};
use super::mapping::{Role, Slot};
use crate::facts::{DefinitionKind, Name, RefKind, Reference};

impl<'t> Walk<'t> {
    /// Counts a use of a name.
    pub fn refer(&mut self, mut name: Name, kind: RefKind, node: Node<'t>) {
        // `::A`, `\A`: from the top, whatever is around
        if self.map.options.capital_types && !name.starts_with('.') && self.text(node).starts_with([':', '\\']) {
            name.insert(0, '.');
        }
        if name.is_empty() || name.len() > MAX_NAME {
            return;
        }
        if kind == RefKind::Inherit {
            self.inherits(&name);
        }
        if let Some(index) = self.references.get(&(name.clone(), kind)) {
            self.facts.references[*index].count += 1;
            return;
        }
        let line = self.line(node);
        self.references.insert((name.clone(), kind), self.facts.references.len());
        self.facts.references.push(Reference { name, kind, line, count: 1 });
    }

    /// Notes what the innermost type extends, implements or embeds.
    fn inherits(&mut self, name: &Name) {
        let Some(inside) = self.inside() else { return };
        let Some(definition) = self.facts.definitions.get_mut(inside as usize) else { return };
        if matches!(definition.kind, DefinitionKind::Class | DefinitionKind::Interface | DefinitionKind::Enum) {
            match &mut definition.type_name {
                Some(known) if known.len() < MAX_NAME => {
                    known.push(',');
                    known.push_str(name);
                }
                Some(_) => {}
                none => *none = Some(name.clone()),
            }
        }
    }

    pub fn reference_type(&mut self, node: Node<'t>) {
        let covered = |f: &Frame<'t>| matches!(f.role, Role::Type | Role::Import | Role::Namespace);
        let named = self.stack.last().is_some_and(|f| f.role == Role::Name || self.is_name_slot(f.node, node));
        if self.counted == node.id() || named || self.stack.iter().rev().take(4).any(covered) {
            return;
        }
        let scope = self.stack.last().is_some_and(|f| matches!(f.role, Role::Call | Role::Member));
        let mut kind = if scope { RefKind::Call } else { RefKind::Type };
        for frame in self.stack.iter().rev().take(4) {
            match frame.role {
                Role::Inherit => kind = RefKind::Inherit,
                Role::Construct if self.map.slot(frame.node, Slot::Type).is_some_and(|t| covers(t, node)) => {
                    kind = RefKind::Create;
                }
                Role::TypeOf | Role::None => continue,
                _ => {}
            }
            break;
        }
        let name = self.dotted(node);
        let head = name.split('.').next().unwrap_or("");
        if self.map.options.references_imported_only && !self.names.contains_key(head) {
            return;
        }
        self.refer(name, kind, node);
    }

    /// The callee `f` or `a.b.f`, where the grammar has it as one expression, and the receiver `A` of `A.f()`.
    pub fn reference_call(&mut self, node: Node<'t>) {
        if let Some(function) = self.map.slot(node, Slot::Function) {
            if matches!(self.map.role(function), Role::Name | Role::Member) {
                self.refer_expression(function, RefKind::Call);
            }
        } else if let Some(object) = self.map.slot(node, Slot::Object)
            && matches!(self.map.role(object), Role::Name | Role::Member)
        {
            self.refer_expression(object, RefKind::Call);
        }
        if let (None, Some(name)) = (self.map.slot(node, Slot::Function), self.map.slot(node, Slot::Name)) {
            let bare = self.map.slot(node, Slot::Object).is_none();
            let text = self.text(name);
            if bare && (!self.map.options.capital_types || self.names.contains_key(text)) {
                self.refer(Name::from(text), RefKind::Call, name);
            }
            self.counted = name.id();
        }
    }

    pub fn reference_member(&mut self, node: Node<'t>) {
        let inner = self.stack.last().is_some_and(|f| f.role == Role::Member);
        if !inner && self.counted != node.id() {
            let kind = self.kind_here();
            self.refer_expression(node, kind);
        }
    }

    pub fn reference_name(&mut self, node: Node<'t>) {
        if self.counted != node.id() {
            let kind = self.kind_here();
            self.refer_expression(node, kind);
        }
    }

    /// The kind of use that the surroundings of a name make it.
    fn kind_here(&self) -> RefKind {
        let mut roles = self.stack.iter().rev().map(|f| f.role);
        match (roles.next(), roles.next()) {
            (Some(Role::Inherit), _) | (Some(Role::Arguments | Role::None), Some(Role::Class | Role::Inherit)) => {
                RefKind::Inherit
            }
            (Some(Role::TypeOf), _) => RefKind::Type,
            _ => RefKind::Name,
        }
    }

    /// A name or a chain of members whose head is no local variable.
    pub fn refer_expression(&mut self, node: Node<'t>, kind: RefKind) {
        let mut head = node;
        for _ in 0..12 {
            if self.map.role(head) != Role::Member {
                break;
            }
            match self.map.slot(head, Slot::Object) {
                Some(object) => head = object,
                None => return,
            }
        }
        if self.map.role(head) != Role::Name || self.counted == head.id() || self.counted_head == head.id() {
            return;
        }
        if let Some(frame) = self.stack.last()
            && (matches!(frame.role, Role::Import | Role::Namespace)
                || self.is_name_slot(frame.node, head)
                || frame.role == Role::Member
                    && self.map.slot(frame.node, Slot::Name).is_some_and(|n| n.id() == head.id()))
        {
            return;
        }
        let text = self.text(head);
        let known = self.names.contains_key(text);
        let options = &self.map.options;
        let worth = known || !options.references_imported_only && (!options.capital_types || starts_upper(text));
        if !worth || !known && self.scopes.find(text, options.bare_members).is_some() {
            return;
        }
        let name = if node.id() == head.id() { Name::from(text) } else { self.dotted(node) };
        self.counted = head.id();
        if node.id() != head.id() {
            self.refer(name, kind, node);
            // the outer member must not count again when the walk comes to it
            self.counted = node.id();
            self.counted_head = head.id();
        } else {
            self.refer(name, kind, node);
        }
    }

    /// True for the identifier that a declaration gives a name to.
    fn is_name_slot(&self, parent: Node<'t>, node: Node<'t>) -> bool {
        matches!(
            self.map.role(parent),
            Role::Class
                | Role::Interface
                | Role::Enum
                | Role::Module
                | Role::Function
                | Role::Method
                | Role::Field
                | Role::Local
                | Role::Declarator
                | Role::Param
                | Role::Alias
                | Role::Argument
                | Role::Call
                | Role::Annotation
                | Role::Member
        ) && self.map.slot(parent, Slot::Name).is_some_and(|n| n.id() == node.id())
    }
}

fn covers(outer: Node<'_>, inner: Node<'_>) -> bool {
    outer.start_byte() <= inner.start_byte() && inner.end_byte() <= outer.end_byte()
}
