//! Imports, definitions and references: raw material of dependencies.

use super::{Name, Span, Value};

/// How a file brings another name or file in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ImportKind {
    /// One name or module: `import a.B`, `use A\B`, `using A`, `import x from './y'`.
    Name,
    /// Everything below a path: `import a.*`, `from a import *`, `use a::*`.
    Wildcard,
    /// Static members: `import static a.B.c`, `using static A.B`.
    Static,
    /// A file by path: `include 'x.php'`, `require './x'`, `require_relative`, `load`.
    File,
    /// Brought in only to be handed on: `export … from`, `pub use`.
    ReExport,
    /// A child module declared here: `mod x;`.
    Module,
}

/// One import.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// What is imported, as the language writes it (`java.util.List`, `./x`, `App\Model`, `crate::a::b`), quotes removed.
    pub path: Name,
    /// The member, for `from path import item` and `import { item } from 'path'`; `default` for a default import.
    pub item: Option<Name>,
    /// The local name, where it differs from the last part of `path` or `item`.
    pub alias: Option<Name>,
    /// How it is brought in.
    pub kind: ImportKind,
    /// True when only types are imported (`import type`), or the import is under a type-checking guard.
    pub type_only: bool,
    /// For a path put together (`__DIR__ . '/x.php'`): the value; otherwise `Unknown`.
    pub value: Value,
    /// Line, from 1.
    pub line: u32,
}

/// What kind of thing is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DefinitionKind {
    /// Class, struct, record, object.
    Class,
    /// Interface, trait, protocol.
    Interface,
    /// Enumeration.
    Enum,
    /// Module or namespace block (Ruby `module`, Rust `mod {}`).
    Module,
    /// Free function.
    Function,
    /// Method or constructor.
    Method,
    /// Constant, static or module-level variable.
    Constant,
    /// Field or property.
    Field,
    /// Type alias, delegate.
    Alias,
}

/// Something that a file defines.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The simple name.
    pub name: Name,
    /// Namespace and enclosing definitions, then the name, joined by dots.
    pub qualified: Name,
    /// What kind of thing.
    pub kind: DefinitionKind,
    /// From the first to the last line of the definition.
    pub span: Span,
    /// Enclosing definition: index into [`super::FileFacts::definitions`].
    pub parent: Option<u32>,
    /// Declared or inferred type of a field, constant or return value, as written, with its last type argument
    /// (`Map<List<Order>>`). Of a type: what it extends, implements or embeds, joined by commas.
    pub type_name: Option<Name>,
    /// Value of a constant or the initial value of a field, as far as known.
    pub value: Value,
    /// True when other files cannot see it (`private`, not exported).
    pub private: bool,
    /// True for a variable that there is once per process: static, or of a module.
    pub shared: bool,
}

/// How a name is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefKind {
    /// Extended, implemented, mixed in.
    Inherit,
    /// Constructed.
    Create,
    /// Called, or a static member of it is used.
    Call,
    /// Named as a type: declaration, cast, generic argument, `instanceof`, `catch`.
    Type,
    /// Annotation, attribute, decorator.
    Annotation,
    /// Any other use of the name (a constant, a function passed on).
    Name,
    /// A string that the language's or framework's own loader resolves (class names in configuration, template names).
    Loader,
}

/// A name that the file uses and that another file may define.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// As written, generic arguments removed, separators normalised to dots: `List`, `pkg.Name`, `A.B.C`, `self.x`.
    /// Members used through a value follow its type or name behind `#`: `Order#customer#rename`.
    pub name: Name,
    /// How it is used.
    pub kind: RefKind,
    /// Line of the first use.
    pub line: u32,
    /// Number of uses in the file.
    pub count: u32,
}
