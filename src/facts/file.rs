//! A file of the repository as the stages know it: path, language, scope, size.

use std::fmt;

use super::Name;

/// Index of a file in the sorted list of files of an analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

impl FileId {
    /// The index as `usize`, for slices.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A language by its stable id, for example `java`; the ids are the file names in `assets/languages`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(pub &'static str);

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// What part of the repository a file belongs to. Accuracy and scores look at `Main` only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The application itself, its configuration, and what goes into its image.
    Main,
    /// Test sources and fixtures.
    Test,
    /// Build scripts, tooling, continuous integration.
    Build,
    /// Documentation and examples.
    Docs,
    /// Third-party code that was copied in, minified bundles, generated code.
    Vendored,
}

impl Scope {
    /// All scopes, in the order in which they are shown.
    pub const ALL: [Scope; 5] = [Scope::Main, Scope::Test, Scope::Build, Scope::Docs, Scope::Vendored];

    /// The name used in JSON, on the command line and on the screen.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Main => "main",
            Scope::Test => "test",
            Scope::Build => "build",
            Scope::Docs => "docs",
            Scope::Vendored => "vendored",
        }
    }
}

/// One file of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path relative to the repository, with forward slashes, as UTF-8 (other bytes are U+FFFD).
    pub path: Name,
    /// The language, where it is one that the program reads.
    pub language: Option<Language>,
    /// True for programming languages, false for configuration, markup and data.
    pub is_code: bool,
    /// What part of the repository it belongs to.
    pub scope: Scope,
    /// Size in bytes.
    pub bytes: u64,
    /// Number of lines; 0 until the file was read.
    pub lines: u32,
}

/// A file, or a part of the work, that the scan left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// Path relative to the repository.
    pub path: Name,
    /// One sentence for people.
    pub reason: String,
}
