//! A checklist for people: phases, small steps with evidence and effort, and what was checked off.

mod advice;
mod effort;
mod order;
mod parts;
mod phases;
mod saved;
mod state;

use serde::Deserialize;

use crate::facts::Name;

pub use advice::{advice, kind_of};
pub use effort::{Weights, days_left, days_text};
pub use phases::build;
pub use saved::{Change, Saved, SavedItem, edit};
pub use state::{Check, check, merge};

/// The plan: phases in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// Phases, in the order in which they are to be taken.
    pub phases: Vec<Phase>,
    /// Steps too small to be listed alone, whose findings are in a step for the rest; listed once somebody took them up.
    pub folded: Vec<Item>,
}

impl Plan {
    /// All steps, in order.
    pub fn items(&self) -> impl Iterator<Item = &Item> + Clone {
        self.phases.iter().flat_map(|phase| &phase.items)
    }

    /// The step with this id, also where it is folded into another.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Item> {
        self.items().chain(&self.folded).find(|item| item.id == id)
    }

    /// Where to start: among the open steps that pay something and wait for no other, the first of the smallest size.
    #[must_use]
    pub fn first(&self) -> Option<&Item> {
        let open = |id: &Name| self.items().any(|item| item.id == *id && item.is_open());
        let ready = self.items().filter(|item| item.is_open() && item.pays > 0.0 && !item.needs.iter().any(open));
        // of equals, the first one
        ready.min_by_key(|item| item.effort)
    }
}

/// One phase.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Phase {
    /// Stable id: `know`, `portable`, `image`, `operate`, `split-1`, `split-next`.
    pub id: &'static str,
    /// Title for people.
    pub title: String,
    /// The title in German.
    pub title_de: String,
    /// Why this phase comes here.
    pub why: String,
    /// The same in German.
    pub why_de: String,
    /// Steps.
    pub items: Vec<Item>,
    /// The order of steps that people gave it, by id; empty where nobody did.
    pub order: Vec<Name>,
}

/// One step of the plan.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Item {
    /// Stable id: made from what the step is about, not from its position or wording.
    pub id: Name,
    /// What to do, with the number of places.
    pub title: String,
    /// What to do, without the number of places: the same as long as the step exists.
    pub name: String,
    /// Why now.
    pub why: String,
    /// How, step by step.
    pub how: Vec<String>,
    /// The principle it serves.
    pub principle: &'static str,
    /// S, M or L.
    pub effort: Effort,
    /// Days of one person, by the model in `assets/effort.toml`.
    pub days: f64,
    /// How the model reckoned: `0.25 + 4 sites × 0.05 + 2 files × 0.1 = 0.7 days: S (up to 1 day)`.
    pub effort_rule: String,
    /// What it pays: its findings weighted by severity, see `[pay]` of the model; 0 where no finding goes with it.
    pub pays: f64,
    /// How many files depend on those of its findings: of two equal steps, the one that more rests on comes first.
    pub used: usize,
    /// How likely it is that something goes wrong.
    pub risk: Risk,
    /// What can go wrong.
    pub risk_why: String,
    /// The way back.
    pub back: String,
    /// State, from the plan file.
    pub status: ItemStatus,
    /// What the scan saw of a step that is checked off.
    pub seen: Seen,
    /// Indices into the analysis' findings.
    pub findings: Vec<u32>,
    /// Places that are no findings (seams, tables): `path:line` and a phrase.
    pub places: Vec<(String, String)>,
    /// How one sees that it is done.
    pub check: String,
    /// True where a new scan can see that it is done: none of the findings and places is left.
    pub by_scan: bool,
    /// Ids of items that must come before.
    pub needs: Vec<Name>,
    /// Ids of items that wait for this one.
    pub unlocks: Vec<Name>,
    /// Note and owner, from the plan file.
    pub note: String,
    /// Owner, from the plan file.
    pub owner: String,
    /// The words in German.
    pub german: Words,
}

/// The words of a step in another language; see [`Item`].
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(missing_docs)] // the same as in `Item`
pub struct Words {
    pub title: String,
    pub why: String,
    pub how: Vec<String>,
    pub effort_rule: String,
    pub risk_why: String,
    pub back: String,
    pub check: String,
}

impl Item {
    /// True while there is something to do: not checked off, or checked off too early.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state(), State::Open | State::Reopened)
    }

    /// Where it stands, after what the scan saw.
    #[must_use]
    pub fn state(&self) -> State {
        match (self.status, self.seen) {
            (ItemStatus::Open, _) => State::Open,
            (ItemStatus::Waived, _) => State::Waived,
            (ItemStatus::Done, Seen::Nothing) => State::Done,
            (ItemStatus::Done, Seen::Gone) => State::Verified,
            (ItemStatus::Done, Seen::There) => State::Reopened,
        }
    }
}

/// Size of a step: S is hours, M is days, L is more than a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Effort {
    #[default]
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

/// How likely it is that a step breaks something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    #[default]
    Low,
    Medium,
    High,
}

impl Risk {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Risk::Low => "low",
            Risk::Medium => "medium",
            Risk::High => "high",
        }
    }
}

/// Where people put a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
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

/// What a scan saw of a step that was checked off before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Seen {
    /// Nothing that could tell.
    #[default]
    Nothing,
    /// None of its places is left.
    Gone,
    /// Places of it are there (again).
    There,
}

/// Where a step stands, after what people say and what the scan saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// To do.
    Open,
    /// Checked off by a person; no scan has spoken for or against it.
    Done,
    /// Checked off, and a scan after that no longer finds its places.
    Verified,
    /// Checked off, but a scan after that finds places of it.
    Reopened,
    /// Left out by a person.
    Waived,
}

impl State {
    /// The name used in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Done => "done",
            State::Verified => "verified",
            State::Reopened => "reopened",
            State::Waived => "waived",
        }
    }
}

#[cfg(test)]
mod tests;
