//! History: which files changed, how often, and together with which others.

use crate::facts::{FileId, Name};

/// What the history of a repository says. Empty where there is none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// The commit that HEAD names, as hexadecimal, if there is one.
    pub commit: Option<Name>,
    /// The branch that HEAD names; `None` when detached.
    pub branch: Option<Name>,
    /// Commits that were read (merges not counted).
    pub commits_read: u32,
    /// First and last commit time read, seconds since 1970.
    pub period: Option<(i64, i64)>,
    /// Per file, by [`FileId`] index: how often it changed.
    pub changes: Vec<Churn>,
    /// Pairs of files that changed together, `a < b`, sorted.
    pub pairs: Vec<CoChange>,
    /// What could not be read, one sentence each (shallow clone, broken repository …).
    pub notes: Vec<String>,
}

/// How often one file changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Churn {
    /// Commits that changed the file, mass commits set aside.
    pub commits: u32,
    /// Distinct authors.
    pub authors: u32,
    /// Time of the last change, seconds since 1970; 0 if unknown.
    pub last: i64,
}

/// Two files that changed together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoChange {
    /// The first file.
    pub a: FileId,
    /// The second file.
    pub b: FileId,
    /// Commits that changed both.
    pub commits: u32,
    /// Degree of coupling: shared commits over the average of both files' commits, 0 to 1 (the measure of code-maat).
    pub degree: f32,
}
