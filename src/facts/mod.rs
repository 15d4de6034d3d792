//! The language-neutral vocabulary: what one file says, whatever language it is written in.
//!
//! Knows no language, no file system and no parser. `syntax` writes these types, `resolve`, `rules` and `graph` read them.

mod call;
mod descriptor;
mod entry;
mod file;
mod interest;
mod span;
mod symbol;
mod value;

pub use call::{Arg, Call, CallKind, Receiver};
pub use descriptor::{
    Command, Described, Descriptor, Health, Image, Instruction, Keyword, Mount, Pipeline, Script, Service, ServiceKind,
    Stage,
};
pub use entry::{Entry, EntryFormat};
pub use file::{FileId, Language, Scope, Skipped, SourceFile};
pub use interest::{Interest, KeepAll};
pub use span::Span;
pub use symbol::{Definition, DefinitionKind, Import, ImportKind, RefKind, Reference};
pub use value::{Context, Literal, Value};

/// A name or short text; up to 24 bytes are kept inline, without an allocation.
pub type Name = compact_str::CompactString;

/// What one file says: the raw material of findings and of dependencies.
///
/// Holds only what an [`Interest`] asked for, so that the facts of a large repository stay small.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FileFacts {
    /// The package, namespace or module path that the file itself declares; empty where the language has none.
    pub namespace: Name,
    /// Lines of the file.
    pub lines: u32,
    /// What the file imports, includes or requires, in source order.
    pub imports: Vec<Import>,
    /// What the file defines, in source order.
    pub definitions: Vec<Definition>,
    /// Names that the file uses and that another file may define, one entry per name and kind.
    pub references: Vec<Reference>,
    /// Calls, constructions, property assignments and annotations that a rule may look at.
    pub calls: Vec<Call>,
    /// String literals (joined where they are joined) that a rule may look at.
    pub literals: Vec<Literal>,
    /// Settings, where the file is configuration.
    pub entries: Vec<Entry>,
    /// How the program is built, started or run, where the file says that.
    pub descriptor: Option<Box<Descriptor>>,
    /// Comments that steer the program itself (`breakbulk:ignore …`): line and text after the marker.
    pub pragmas: Vec<(u32, Name)>,
    /// True when a comment or the shape of the file says that a program wrote it.
    pub generated: bool,
    /// True when some part of the file could not be parsed; the rest is still here.
    pub partial: bool,
}
