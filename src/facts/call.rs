//! Calls, constructions, property assignments and annotations: what the API-shaped rules look at.

use super::{Name, Span, Value};

/// What kind of use of an API this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallKind {
    /// A call of a function or method (macros with call syntax included).
    Call,
    /// `new T(…)`, or what the language has for it (`T(…)` in Python, `T.new` in Ruby, a struct literal in Go and Rust).
    Construct,
    /// An assignment to a property: `mail.Host = x`; one argument, the value.
    Assign,
    /// An annotation, attribute or decorator.
    Annotation,
}

/// On what a call is made, as far as the file tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receiver {
    /// No receiver: a plain function, or a constructor.
    None,
    /// A type, module or namespace named in the source: `Files.write`, `fs.writeFile`, `File::create`.
    Static,
    /// An object whose type is known from a declaration, a construction or a return type in this file.
    Typed,
    /// An object of unknown type; the text of the receiver, cut to 60 bytes.
    Unknown(Name),
}

/// One use of an API.
///
/// `name` is normalised for all languages: parts joined by dots (`\` and `::` become `.`, `node:` is dropped).
/// - function or static method: `java.nio.file.Files.write`, `os.remove`, `fs.writeFile`, `fopen`, `std.fs.write`
/// - method of an object of known type: `java.io.File#delete`
/// - method of an object of unknown type: `?#delete`
/// - construction: the qualified type, `java.io.FileWriter`
/// - property: `PHPMailer.PHPMailer.PHPMailer#Host`, `?#Host`
/// - annotation: the qualified name, without `@`
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// See the type's description.
    pub name: Name,
    /// Other qualified names it may have (wildcard imports, same package); `name` is the likeliest.
    pub also: Vec<Name>,
    /// Call, construction, property assignment or annotation.
    pub kind: CallKind,
    /// On what it is made.
    pub receiver: Receiver,
    /// What is known of the receiver object's value (a path in `new File("/x").delete()`).
    pub receiver_value: Value,
    /// Arguments in source order; a trailing block or closure is not one.
    pub args: Vec<Arg>,
    /// The whole expression, receiver included.
    pub span: Span,
    /// The call whose argument or receiver this one is: index into [`super::FileFacts::calls`].
    pub parent: Option<u32>,
    /// Innermost enclosing definition: index into [`super::FileFacts::definitions`].
    pub inside: Option<u32>,
    /// Name of the variable or property that the result is assigned to; empty if none.
    pub assigned_to: Name,
}

impl Call {
    /// The last segment of the name: `write` of `java.nio.file.Files.write`, `delete` of `?#delete`.
    #[must_use]
    pub fn last(&self) -> &str {
        let name = self.name.as_str();
        name.rsplit(['.', '#']).next().unwrap_or(name)
    }
}

/// One argument.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arg {
    /// The name, for named arguments (`mode="w"`, `filename: x`).
    pub name: Option<Name>,
    /// What is known of the value.
    pub value: Value,
    /// Qualified type, where the file says it.
    pub type_name: Option<Name>,
    /// Where it stands.
    pub span: Span,
}
