//! Runs the stages in parallel, reports progress, can be cancelled; owns the result type [`Analysis`].

mod known;
mod scan;

pub use scan::{Options, scan};

use std::sync::Arc;
use std::time::Duration;

use crate::checks::Need;
use crate::facts::{Described, FileId, Scope, Skipped, SourceFile};
use crate::git::History;
use crate::graph::Graph;
use crate::plan::Plan;
use crate::principles::Scorecard;
use crate::rules::{Confidence, Finding, Kind, Suppressed, Unused};
use crate::split::{Candidate, Inputs};

/// Where the files come from: a folder, or the embedded demo.
pub trait Repository: Sync + Send {
    /// Name for people: the folder's name.
    fn name(&self) -> String;
    /// All files, sorted by path, with language and scope by path alone, and what was left out. `stop` is asked now and then.
    fn files(&self, stop: &(dyn Fn() -> bool + Sync)) -> (Vec<SourceFile>, Vec<Skipped>);
    /// The bytes of one file of [`Repository::files`].
    ///
    /// # Errors
    /// When the file cannot be read: one line for people.
    fn read(&self, file: &SourceFile) -> Result<Vec<u8>, String>;
    /// What the history says about these files. Called on a thread of its own, beside the scan.
    fn history(&self, files: &[SourceFile], stop: &(dyn Fn() -> bool + Sync)) -> History;
}

/// Everything a scan found out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Analysis {
    /// Name of the repository: the folder's name.
    pub name: String,
    /// Files, sorted by path; [`FileId`] is the index.
    pub files: Vec<SourceFile>,
    /// Findings, sorted by path, line, column, kind, rule.
    pub findings: Vec<Finding>,
    /// Findings set aside with a reason.
    pub suppressed: Vec<Suppressed>,
    /// Suppressions that set nothing aside, sorted.
    pub unused_suppressions: Vec<Unused>,
    /// Files and modules as a graph.
    pub graph: Graph,
    /// Split candidates by rank; `shared` last.
    pub candidates: Vec<Candidate>,
    /// Candidate of each file, by [`FileId`] index: index into `candidates`.
    pub candidate_of: Vec<Option<u32>>,
    /// The principles.
    pub scorecard: Scorecard,
    /// The checklist.
    pub plan: Plan,
    /// What the history says.
    pub history: History,
    /// Facts that are in no output: what the checks over the whole repository, and the scorecard, go by.
    pub clues: Vec<Finding>,
    /// Image definitions, scripts, services and pipelines, in the order of their files.
    pub descriptors: Vec<Described>,
    /// What a container of the application needs; empty where an image definition says it.
    pub needs: Vec<Need>,
    /// What was left out and why, sorted.
    pub skipped: Vec<Skipped>,
    /// False when the scan was stopped before its end.
    pub complete: bool,
}

impl Analysis {
    /// What candidates are made from.
    #[must_use]
    pub fn split_inputs(&self) -> Inputs<'_> {
        Inputs { files: &self.files, graph: &self.graph, history: &self.history, findings: &self.findings }
    }

    /// Findings of a kind that count: scope main, not low in confidence.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Finding> {
        let counts = move |f: &&Finding| f.kind == kind && f.scope == Scope::Main && f.confidence > Confidence::Low;
        self.findings.iter().filter(counts)
    }

    /// Ways into the program: routes, mains, jobs, consumers.
    pub fn entry_points(&self) -> impl Iterator<Item = &Finding> {
        self.of_kind(Kind::ENTRY_POINT)
    }

    /// Look-ups of environment variables; the subject is the name.
    pub fn env_reads(&self) -> impl Iterator<Item = &Finding> {
        self.of_kind(Kind::ENV_CONFIG)
    }

    /// The file with this id.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.index()]
    }

    /// The path of the file with this id.
    #[must_use]
    pub fn path(&self, id: FileId) -> &str {
        &self.files[id.index()].path
    }
}

/// The stages of a scan, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    Walk,
    Parse,
    Link,
    Rules,
    History,
    Split,
    Done,
}

impl Phase {
    /// One word for the status line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Walk => "walk",
            Phase::Parse => "parse",
            Phase::Link => "link",
            Phase::Rules => "rules",
            Phase::History => "history",
            Phase::Split => "split",
            Phase::Done => "done",
        }
    }
}

/// How far a scan is.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The present stage.
    pub phase: Phase,
    /// Files done.
    pub done: usize,
    /// Files in all; 0 while walking.
    pub total: usize,
    /// Time since the start.
    pub elapsed: Duration,
}

/// Told what happens during a scan; called from many threads.
pub trait Observer: Sync {
    /// How far the scan is; called at most some ten times a second.
    fn progress(&self, progress: Progress);
    /// A partial result: files, findings so far, and whatever stages are done. Called at most some five times a second.
    fn partial(&self, analysis: Arc<Analysis>);
    /// False when partial results are of no use: none are made then.
    fn wants_partial(&self) -> bool {
        true
    }
    /// True when the scan shall stop and hand over what it has.
    fn cancelled(&self) -> bool;
}

/// An observer that looks away.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Observer for Silent {
    fn progress(&self, _progress: Progress) {}
    fn partial(&self, _analysis: Arc<Analysis>) {}
    fn wants_partial(&self) -> bool {
        false
    }
    fn cancelled(&self) -> bool {
        false
    }
}
