//! The words that what-if speaks in: changes, what they did, and figures.

use super::PartId;
use crate::facts::{FileId, Name};
use crate::split::{CandidateMetrics, Score};

/// One change of the division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Puts files into a part.
    Move {
        /// The files; excluded ones come back by that.
        files: Vec<FileId>,
        /// Where to.
        to: PartId,
    },
    /// Puts files into a new part.
    Extract {
        /// The files.
        files: Vec<FileId>,
        /// Name of the new part, not yet taken.
        name: Name,
    },
    /// Puts all files of one part into another.
    Merge {
        /// The part that is empty afterwards.
        from: PartId,
        /// The part that grows.
        into: PartId,
    },
    /// Divides a part where it falls apart most easily; the largest piece keeps the name.
    Split {
        /// The part.
        part: PartId,
    },
    /// Gives a part another name, not yet taken.
    Rename {
        /// The part, not the common part.
        part: PartId,
        /// The name.
        name: Name,
    },
    /// Holds files where they are: later edits leave them there.
    Pin {
        /// The files.
        files: Vec<FileId>,
        /// False lets them go.
        on: bool,
    },
    /// Leaves files out: they count nowhere.
    Exclude {
        /// The files.
        files: Vec<FileId>,
    },
}

/// What an edit did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// File, part before, part after; `None` is excluded.
    pub(super) moves: Vec<(FileId, u32, u32)>,
    pub(super) renamed: Vec<(u32, Name, Name)>,
    pub(super) pinned: Vec<(FileId, bool)>,
}

impl Step {
    /// How many files went elsewhere.
    #[must_use]
    pub fn files(&self) -> usize {
        self.moves.len()
    }
}

/// The figures of one part.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// The part.
    pub part: PartId,
    /// Its name.
    pub name: Name,
    /// Files inside.
    pub files: u32,
    /// Their lines.
    pub lines: u32,
    /// The same figures as of a candidate.
    pub metrics: CandidateMetrics,
    /// Dependencies between files inside.
    pub inner: u32,
    /// Tables that only it touches.
    pub own_tables: u32,
    /// Tables that others touch too.
    pub shared_tables: u32,
    /// Findings of low, medium and high severity inside.
    pub blockers: [u32; 3],
    /// The score with its terms; empty for the common part.
    pub score: Score,
}

/// The figures of a whole division, to compare alternatives by.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Totals {
    /// Parts with at least one file, what stays common not counted.
    pub parts: u32,
    /// Files in parts.
    pub files: u32,
    /// Files that stay common.
    pub common: u32,
    /// Files in the largest part.
    pub largest: u32,
    /// Dependencies between parts, those on what stays common not counted.
    pub crossing: u32,
    /// The share of them in all dependencies, 0 to 1.
    pub crossing_share: f32,
    /// Pairs of parts that depend on each other in any direction: interfaces to agree on.
    pub interfaces: u32,
    /// Parts on a cycle with others.
    pub in_cycles: u32,
    /// Tables that several parts touch.
    pub shared_tables: u32,
    /// Mean weight of a part's dependencies that stay inside, 0 to 1.
    pub cohesion: f32,
    /// The best score of any part, 0 to 100.
    pub best_score: f32,
}

/// How strongly a file is bound to a part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bond {
    /// The part.
    pub part: PartId,
    /// Share of the weight of all its dependencies, 0 to 1.
    pub share: f32,
    /// Dependencies of the file on files there.
    pub uses: u32,
    /// Dependencies of files there on the file.
    pub used: u32,
}
