//! Calls around a string that say something about it: those that hand it on, and look-ups that name its key.

use tree_sitter::Node;

use super::extract::Walk;
use super::mapping::{Role, Slot};
use crate::facts::{DefinitionKind, Name, Value};

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

impl<'t> Walk<'t> {
    /// The declared type of another class's field, where this file declared it before: `s.base` of a Go method on `s *Scoped`.
    pub fn field_type(&self, class: &str, name: &str) -> Option<Name> {
        let of_class = |qualified: &str| {
            let outer = qualified.strip_suffix(name).and_then(|outer| outer.strip_suffix('.'))?;
            (outer == class || outer.strip_suffix(class).is_some_and(|rest| rest.ends_with('.'))).then_some(())
        };
        let mut fields = self.facts.definitions.iter().rev().filter(|it| it.kind == DefinitionKind::Field);
        let field = fields.find(|it| it.name == name && of_class(&it.qualified).is_some())?;
        let written = field.type_name.as_ref()?.trim_start_matches(['*', '&']);
        let plain =
            !written.is_empty() && written.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'));
        plain.then(|| self.qualify(written))
    }

    /// True for a call that only hands on the text of its object or first argument, where the child is that.
    pub fn hands_on(&self, call: Node<'t>, child: Node<'t>) -> bool {
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

    /// `System.getenv().getOrDefault("X", "y")`: an entry of the whole environment, which is the object.
    pub fn environment_entry(&self, object: Node<'t>, callee: &str, args: &[Value]) -> Option<Value> {
        if !matches!(callee.rsplit(['.', '#']).next(), Some("get" | "getOrDefault")) {
            return None;
        }
        let Value::Call { name, construct: false, args: none } = self.value_of(object) else { return None };
        let Some(Value::Str(key)) = args.first().filter(|_| none.is_empty() && self.env_position(&name).is_some())
        else {
            return None;
        };
        Some(Value::Env { name: key.clone(), default: args.get(1).cloned().map(Box::new) })
    }

    /// The key in front of the default that stands at this byte of a look-up: `host` of `config.get('host', 'db1')`.
    pub fn asked_key(&self, call: Node<'t>, start: usize) -> Option<Name> {
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
}
