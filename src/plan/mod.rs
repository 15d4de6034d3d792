//! A checklist for people: phases, small steps with evidence and effort, and what was checked off.

mod phases;
mod saved;

use crate::facts::Name;

pub use phases::{advice, build};
pub use saved::{Saved, SavedItem, merge};

/// The plan: phases in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// Phases, in the order in which they are to be taken.
    pub phases: Vec<Phase>,
}

/// One phase.
#[derive(Debug, Clone, PartialEq)]
pub struct Phase {
    /// Stable id: `know`, `portable`, `image`, `operate`, `split-1`, `split-next`.
    pub id: &'static str,
    /// Title for people.
    pub title: String,
    /// Why this phase comes here.
    pub why: String,
    /// Steps.
    pub items: Vec<Item>,
}

/// One step of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Stable id: made from what the step is about, not from its position or wording.
    pub id: Name,
    /// What to do.
    pub title: String,
    /// Why now.
    pub why: String,
    /// How, step by step.
    pub how: Vec<String>,
    /// The principle it serves.
    pub principle: &'static str,
    /// S, M or L.
    pub effort: Effort,
    /// The rule that gave the effort: `4 sites in 2 files: S (up to 5 sites)`.
    pub effort_rule: String,
    /// State, from the plan file.
    pub status: ItemStatus,
    /// Indices into the analysis' findings.
    pub findings: Vec<u32>,
    /// Places that are no findings (seams, tables): `path:line` and a phrase.
    pub places: Vec<(String, String)>,
    /// How a new scan can tell that it is done.
    pub check: String,
    /// Ids of items that must come before.
    pub needs: Vec<Name>,
    /// Note and owner, from the plan file.
    pub note: String,
    /// Owner, from the plan file.
    pub owner: String,
}

/// Size of a step: S is hours, M is days, L is more than a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effort {
    S,
    M,
    L,
}

impl Effort {
    /// The letter.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Effort::S => "S",
            Effort::M => "M",
            Effort::L => "L",
        }
    }
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum ItemStatus {
    /// To do.
    #[default]
    Open,
    /// Checked off by a person.
    Done,
    /// Left out by a person, with a reason in the note.
    Waived,
}

impl ItemStatus {
    /// The name used in JSON and in the plan file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ItemStatus::Open => "open",
            ItemStatus::Done => "done",
            ItemStatus::Waived => "waived",
        }
    }
}

#[cfg(test)]
mod tests;
