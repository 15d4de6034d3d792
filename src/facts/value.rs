//! What an argument or a literal is worth, as far as one file says it.

use super::{Name, Span};

/// A value as far as the file tells: constants and joins are followed inside the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Value {
    /// Nothing is known.
    #[default]
    Unknown,
    /// A known string: a literal, a constant of this file, or a join of such.
    Str(Name),
    /// A known whole number.
    Int(i64),
    /// A known truth value.
    Bool(bool),
    /// `null`, `nil`, `None`.
    Null,
    /// A string put together, with parts that are not known. Known neighbours are merged.
    Joined(Vec<Value>),
    /// A lookup in the environment (or in what the language uses for it), with the literal default if one is given.
    Env { name: Name, default: Option<Box<Value>> },
    /// A name that the file does not resolve: a parameter, a field, an imported constant, `FileMode.Open`.
    /// Dotted, imports expanded where known.
    Name(Name),
    /// A name that another file defines, with what it is worth there. Known once files are linked.
    Constant { name: Name, value: Box<Value> },
    /// The result of a call or of a construction (`new T` → `name` is the qualified type, `construct` is true).
    Call { name: Name, construct: bool, args: Vec<Value> },
    /// A list or tuple.
    List(Vec<Value>),
    /// A map, hash, dictionary, object literal: keys as written, in source order.
    Map(Vec<(Name, Value)>),
    /// Several possible values (`a ? "x" : "y"`, flags joined by `|`).
    OneOf(Vec<Value>),
}

impl Value {
    /// The string, where it is wholly known.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            Value::Constant { value, .. } => value.as_str(),
            _ => None,
        }
    }

    /// The text with `{}` for each part that is not known; `None` where nothing of it is text.
    #[must_use]
    pub fn template(&self) -> Option<String> {
        match self {
            Value::Str(text) => Some(text.to_string()),
            Value::Constant { value, .. } => value.template(),
            Value::Joined(parts) => {
                let mut out = String::new();
                for part in parts {
                    match part.template() {
                        Some(text) => out.push_str(&text),
                        None => out.push_str("{}"),
                    }
                }
                Some(out)
            }
            _ => None,
        }
    }

    /// True when any part comes from the environment.
    #[must_use]
    pub fn from_env(&self) -> bool {
        match self {
            Value::Env { .. } => true,
            Value::Constant { value, .. } => value.from_env(),
            Value::Joined(parts) | Value::OneOf(parts) | Value::List(parts) => parts.iter().any(Value::from_env),
            Value::Call { args, .. } => args.iter().any(Value::from_env),
            _ => false,
        }
    }
}

/// Where a literal stands: what decides whether a string is an address, a path or only text.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Context {
    /// Anything else (a bare expression, a thrown message …).
    #[default]
    Other,
    /// Argument of a call: qualified callee (as in [`super::Call::name`]), position from 0, name of a named argument.
    Argument { callee: Name, index: u8, name: Option<Name> },
    /// Assigned to, or default of, a variable, constant, field or property; the simple name as written.
    Assigned { name: Name },
    /// Value below a key of a map or object literal; the key path from the outermost map, joined by dots,
    /// preceded by the variable it is assigned to, if any.
    Keyed { path: Name },
    /// Returned from the function of this name.
    Returned { function: Name },
    /// One side of a comparison, a `case` label, a key of a map.
    Compared,
    /// Argument of an annotation, attribute or decorator of this (qualified) name, with the element name.
    Annotation { name: Name, element: Name },
    /// Second operand of "or else" (`a || "x"`, `a ?: "x"`, `get(a, "x")`): a default of `of`, which is not the environment.
    Default { of: Name },
    /// Default inside a lookup of the environment: already configurable.
    EnvDefault { name: Name },
}

/// A string literal, or a join that holds at least one, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// The value: `Str` or `Joined`.
    pub value: Value,
    /// The whole expression: the join, not only its first part.
    pub span: Span,
    /// Where it stands.
    pub context: Context,
    /// Innermost enclosing definition: index into [`super::FileFacts::definitions`].
    pub inside: Option<u32>,
}
