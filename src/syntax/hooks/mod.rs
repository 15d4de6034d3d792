//! What the mapping tables cannot say, one small file per language.

use tree_sitter::Node;

use super::extract::Walk;
use super::values::Target;
use crate::facts::{DefinitionKind, Name, Value};

mod amd;
pub mod csharp;
pub mod go;
pub mod java;
pub mod javascript;
mod javascript_imports;
pub mod php;
pub mod python;
pub mod ruby;

/// Answers of a language; every question has a default that suits most.
pub trait Hooks: Sync {
    /// A `namespace` node: sets `facts.namespace`.
    fn namespace<'t>(&self, _walk: &mut Walk<'t>, _node: Node<'t>) {}
    /// An `import` node: adds to `facts.imports` and to `walk.names` (local name → qualified name).
    fn import<'t>(&self, _walk: &mut Walk<'t>, _node: Node<'t>) {}
    /// Any node of role `hook` or `assign`, before its children.
    fn enter<'t>(&self, _walk: &mut Walk<'t>, _node: Node<'t>) {}
    /// A call, before it is recorded under its last name; may note what else the call says (`require 'x'`). The name that
    /// decides whether a rule wants it (`File` for `File.new`), or `None` where it is no call after all.
    fn asked_as<'t>(&self, _walk: &mut Walk<'t>, _node: Node<'t>, last: &'t str) -> Option<&'t str> {
        Some(last)
    }
    /// After the file or a class body was entered: declare what is used before it is written. The walk itself has
    /// declared members and functions that the mapping knows.
    fn predeclare<'t>(&self, _walk: &mut Walk<'t>, _node: Node<'t>) {}
    /// True when a parameter of the constructor declares a member as well.
    fn member_param(&self, _node: Node<'_>) -> bool {
        false
    }
    /// A call, before its arguments are walked (`require('x')` is an import).
    fn on_call<'t>(&self, _walk: &mut Walk<'t>, _node: Node<'t>) {}
    /// A variable that was just declared (patterns hold several names).
    fn declared<'t>(&self, _walk: &mut Walk<'t>, _name: Node<'t>, _init: Option<Node<'t>>) {}
    /// True when a function without a name is defined under the name of what it is assigned to.
    fn names_lambdas(&self) -> bool {
        false
    }
    /// A function without a name, after its scope was opened: the name and kind that it is defined under, if any.
    fn lambda<'t>(&self, _walk: &mut Walk<'t>, _node: Node<'t>) -> Option<(Name, DefinitionKind)> {
        None
    }
    /// The key of an element of a list that is a pair to the language: `{ "key", "value" }`.
    fn list_key<'t>(&self, _walk: &Walk<'t>, _list: Node<'t>, _element: Node<'t>) -> Option<Name> {
        None
    }
    /// What a loop goes through, where the node declares the variable of one.
    fn iterated<'t>(&self, _node: Node<'t>) -> Option<Node<'t>> {
        None
    }
    /// The type of a construction that does not write it: `new()` in C#.
    fn implied_type<'t>(&self, _walk: &Walk<'t>, _node: Node<'t>) -> Option<Name> {
        None
    }
    /// Value of a node of role `hook`.
    fn value<'t>(&self, _walk: &Walk<'t>, _node: Node<'t>) -> Option<Value> {
        None
    }
    /// Qualified type of a node of role `hook`, or of a value whose type the shared code does not know.
    fn type_of<'t>(&self, _walk: &Walk<'t>, _node: Node<'t>) -> Option<Name> {
        None
    }
    /// The module, function or type that a call (or a node of role `hook`) stands for: `require('fs')`.
    fn alias<'t>(&self, _walk: &Walk<'t>, _node: Node<'t>) -> Option<Name> {
        None
    }
    /// Value of a string node, where its text between the quotes is not simply its fragments and interpolations.
    fn string<'t>(&self, _walk: &Walk<'t>, _node: Node<'t>) -> Option<Value> {
        None
    }
    /// A qualified name as it shall be reported (`node:` dropped, `fs.promises` → `fs/promises`).
    fn normalise(&self, name: Name) -> Name {
        name
    }
    /// A type as written → simple or dotted name, without generics; `None` where nothing is known.
    fn type_name<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        Some(walk.head_of_type(node))
    }
    /// The type that a method belongs to, where the method stands outside of it.
    fn owner<'t>(&self, _walk: &Walk<'t>, _node: Node<'t>) -> Option<Name> {
        None
    }
    /// True when other files cannot see a definition.
    fn private<'t>(&self, _walk: &Walk<'t>, _node: Node<'t>, _name: &str) -> bool {
        false
    }
    /// True when a field or variable never changes.
    fn constant<'t>(&self, _walk: &Walk<'t>, _node: Node<'t>, name: &str) -> bool {
        name.len() > 1 && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    }
    /// True when a call of this name constructs an object (`Path(…)` in Python).
    fn constructs(&self, _walk: &Walk<'_>, _name: &str, _target: Option<&Target>) -> bool {
        false
    }
    /// Other qualified names that an unqualified type or function may have.
    fn candidates(&self, walk: &Walk<'_>, name: &str) -> Vec<Name> {
        walk.candidates(name)
    }
}
