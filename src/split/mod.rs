//! Which part could leave first: candidates, what crosses their border, and what they score.

use crate::facts::{FileId, Name, RefKind};

/// The id of the candidate that holds what stays common.
pub const SHARED: &str = "shared";

/// A part of the monolith that could become a service (or, for [`SHARED`], a library).
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Stable id, made from the files inside; `shared` for what stays common.
    pub id: Name,
    /// Name taken from the domain terms of its files.
    pub name: Name,
    /// The domain terms, most telling first.
    pub terms: Vec<Name>,
    /// Its files, sorted.
    pub files: Vec<FileId>,
    /// Lines of its files.
    pub lines: u32,
    /// Rank from 1, best to start with first; 0 for `shared`.
    pub rank: u32,
    /// The score with its terms, 0 to 100; higher is easier to start with.
    pub score: Score,
    /// The figures behind the score.
    pub metrics: CandidateMetrics,
    /// Every dependency that crosses the border.
    pub seams: Vec<Seam>,
    /// Tables it shares with files outside, sorted.
    pub shared_tables: Vec<Name>,
    /// Tables that only it touches, sorted.
    pub own_tables: Vec<Name>,
    /// Indices into the analysis' findings: what inside stands in the way of a container.
    pub blockers: Vec<u32>,
}

/// One dependency across the border of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seam {
    /// The file that uses.
    pub from: FileId,
    /// The file that is used.
    pub to: FileId,
    /// Line in `from`.
    pub line: u32,
    /// The strongest kind of use.
    pub kind: RefKind,
    /// True when the candidate is used from outside; false when it uses something outside.
    pub incoming: bool,
    /// True when the other side is `shared`: comes along as a library.
    pub to_shared: bool,
}

/// Figures of a candidate.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CandidateMetrics {
    /// Weight of edges inside over all edges that touch it, 0 to 1.
    pub cohesion: f32,
    /// Seams from outside into it.
    pub incoming: u32,
    /// Seams from it to other candidates.
    pub outgoing: u32,
    /// Seams from it to `shared`.
    pub to_shared: u32,
    /// True when it is part of a cycle with another candidate.
    pub in_cycle: bool,
    /// Commits that touched it and nothing outside, over all that touched it; 0 to 1, `None` without history.
    pub changes_alone: Option<f32>,
    /// Entry points (routes, mains, jobs) inside.
    pub entry_points: u32,
    /// Commits that changed its files.
    pub commits: u32,
}

/// A score and what it is made of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Score {
    /// 0 to 100.
    pub total: f32,
    /// What each term added or took away, in the order of the formula.
    pub terms: Vec<ScoreTerm>,
}

/// One term of a score.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreTerm {
    /// Stable id.
    pub id: &'static str,
    /// One phrase with its figures: `4 dependencies cross the border`.
    pub text: String,
    /// Points, negative where it takes away.
    pub points: f32,
}
