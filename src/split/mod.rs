//! Which part could leave first: candidates, what crosses their border, and what they score.

mod assemble;
mod border;
mod changes;
pub mod cluster;
pub mod compare;
mod cut;
mod divide;
mod evidence;
mod explain;
mod names;
pub mod partition;
mod score;
mod search;
mod settings;
pub mod terms;
mod weights;
pub mod whatif;

use crate::facts::{FileId, Name, RefKind, Scope, SourceFile};
use crate::git::History;
use crate::graph::Graph;
use crate::rules::{Confidence, Finding, Kind};
use crate::text::Said;

pub use assemble::{Group, assemble};
pub use explain::{CutStep, Explanation, Hotspot, Interface, Place, Tie};
pub use settings::{Ranking, SETTINGS, Search, Settings, Terms};
pub use weights::{WEIGHTS, Weights};

/// The id of the candidate that holds what stays common.
pub const SHARED: &str = "shared";

/// A part of the monolith that could become a service (or, for [`SHARED`], a library).
#[derive(Debug, Clone, Default, PartialEq)]
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
    /// Why it is what it is.
    pub explanation: Explanation,
}

/// What candidates are made from: the results of the stages before.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// All files, sorted by path.
    pub files: &'a [SourceFile],
    /// What they have to do with each other.
    pub graph: &'a Graph,
    /// What the history says.
    pub history: &'a History,
    /// What stands in the way of containers, and the ways into the program.
    pub findings: &'a [Finding],
}

impl Inputs<'_> {
    /// The files of the ways into the program (routes, mains, jobs, consumers), one entry each.
    pub fn entry_points(&self) -> impl Iterator<Item = FileId> {
        let counts = |found: &&Finding| {
            found.kind == Kind::ENTRY_POINT && found.scope == Scope::Main && found.confidence > Confidence::Low
        };
        self.findings.iter().filter(counts).map(|found| found.file)
    }

    /// The files that candidates are made of: code of scope main, sorted.
    #[must_use]
    pub fn members(&self) -> Vec<FileId> {
        let all = (0..self.files.len() as u32).map(FileId);
        all.filter(|id| self.files[id.index()].scope == Scope::Main && self.files[id.index()].is_code).collect()
    }
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
    pub text: Said,
    /// Points, negative where it takes away.
    pub points: f32,
}

/// Finds the candidates: by rank, `shared` last (always there, maybe empty), and the candidate of each file.
///
/// Every file of scope main that is code belongs to exactly one; all others have `None`. `partition` is the division
/// that a person gave, if any; without one it is searched for. `facts_terms` gives the names of a file's top-level definitions. The result does not depend on the order of any hash map.
#[must_use]
pub fn candidates(
    inputs: &Inputs<'_>,
    partition: Option<&partition::Partition>,
    facts_terms: &dyn Fn(FileId) -> Vec<Name>,
) -> (Vec<Candidate>, Vec<Option<u32>>) {
    let members = inputs.members();
    // a partition that is no glob is refused where it is read
    let given = partition.and_then(|partition| partition.divide(inputs.files, &members).ok());
    let (groups, shared) = if let Some(division) = given {
        (division.groups, division.shared)
    } else {
        let (groups, shared) = divide::divide(inputs, &members, &SETTINGS);
        (groups.into_iter().map(|files| Group { name: None, files }).collect(), shared)
    };
    assemble(inputs, groups, shared, &terms_of_files(inputs, &members, facts_terms))
}

/// The terms of each file, by [`FileId`] index: of its path, its definitions and its tables.
#[must_use]
pub fn terms_of_files(
    inputs: &Inputs<'_>,
    members: &[FileId],
    facts_terms: &dyn Fn(FileId) -> Vec<Name>,
) -> Vec<Vec<(Name, u32)>> {
    let mut tables: Vec<Vec<&Name>> = vec![Vec::new(); inputs.files.len()];
    for table in &inputs.graph.tables {
        for (file, _) in table.readers.iter().chain(&table.writers) {
            tables[file.index()].push(&table.name);
        }
    }
    let mut result = vec![Vec::new(); inputs.files.len()];
    for file in members {
        let at = file.index();
        result[at] = terms::of_file(&inputs.files[at].path, &facts_terms(*file), &tables[at]);
    }
    result
}

#[cfg(test)]
mod tests;
