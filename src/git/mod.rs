//! History: which files changed, how often, and together with which others.

mod count;
mod log;
mod open;
mod walk;

use std::path::Path;

use crate::facts::{FileId, Name, SourceFile};

use count::Counter;
use open::Opened;

/// Commits read at most, newest first: some years of a busy project, and well below a second of `git log`.
pub const MAX_COMMITS: u32 = 5_000;

/// A commit that changed more known files than this says nothing about which belong together (formatting, renames,
/// licence headers): it is set aside.
pub const MASS_COMMIT: usize = 30;

/// Pairs with fewer shared commits are chance.
pub const MIN_SHARED: u32 = 3;

/// Reads what the history says about `files`, whose paths are relative to `root`; `root` may lie below the top of its
/// work tree. At most `limit` commits are read; with 0 only HEAD is. Without a repository the result is empty; what could
/// not be read is said in [`History::notes`].
///
/// Nothing that the repository configures (hooks, external diffs, filters, pagers, remotes) is executed.
#[must_use]
pub fn read_history(root: &Path, files: &[SourceFile], limit: u32, stop: &(dyn Fn() -> bool + Sync)) -> History {
    read_with(root, files, stop, limit, log::program().as_deref())
}

/// A commit that comes from elsewhere than a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Who made it.
    pub author: String,
    /// When, in seconds since 1970.
    pub time: i64,
    /// Paths of the files that it changed.
    pub paths: Vec<String>,
}

/// What a made-up history says about `files`.
#[must_use]
pub fn count(files: &[SourceFile], commits: impl IntoIterator<Item = Commit>) -> History {
    let mut history = History::default();
    let mut counter = Counter::new(files, "", u32::MAX);
    for commit in commits {
        counter.commit(commit.author.as_bytes(), commit.time);
        for path in &commit.paths {
            counter.file(path.as_bytes());
        }
    }
    counter.finish(&mut history);
    history
}

/// The same with the limit and the program (none: by libgit2 alone) given.
fn read_with(
    root: &Path,
    files: &[SourceFile],
    stop: &(dyn Fn() -> bool + Sync),
    limit: u32,
    program: Option<&Path>,
) -> History {
    let mut history = History::default();
    let opened = match Opened::find(root) {
        Ok(Some(opened)) => opened,
        Ok(None) => return history,
        Err(note) => {
            history.notes.push(note);
            return history;
        }
    };
    (history.commit, history.branch) = opened.head();
    if opened.shallow() {
        history.notes.push(
            "The clone is shallow: the history ends where it was cut off (`git fetch --unshallow` gets the rest)."
                .into(),
        );
    }
    if history.commit.is_none() || limit == 0 {
        return history;
    }
    let mut counter = Counter::new(files, opened.prefix(), limit);
    let by_program = program.map(|git| log::read(git, &opened, &mut counter, stop));
    match by_program {
        Some(Ok(())) => {}
        Some(Err(note)) if counter.commits() > 0 => history.notes.push(note),
        other => {
            if let Some(Err(note)) = other {
                history.notes.push(note);
            }
            if let Err(note) = walk::read(&opened, &mut counter, stop) {
                history.notes.push(note);
            }
        }
    }
    if counter.full() {
        history.notes.push(format!("Only the newest {limit} commits were read."));
    }
    counter.finish(&mut history);
    history
}

/// The files that the index of the repository around `root` lists below it: paths relative to `root`, sorted.
/// `None` where there is no repository, no work tree, or no index that says anything. Looks at the index alone.
#[must_use]
pub fn tracked(root: &Path) -> Option<Vec<String>> {
    Opened::find(root).ok().flatten()?.tracked()
}

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
    /// Confidence: the share of the commits of the file that changes less often which changed the other one too, 0 to 1.
    pub confidence: f32,
    /// Lift: how many times more often both changed together than if they had nothing to do with each other; 1 is chance
    /// (Brin, Motwani, Ullman and Tsur, 1997). Over the commits that were counted.
    pub lift: f32,
}

#[cfg(test)]
mod tests;
