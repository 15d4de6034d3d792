//! Divisions side by side: the figures that they are compared by, with their names and how they are written.

use super::whatif::{Figures, Totals, WhatIf};
use crate::facts::Name;

/// How a figure is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A number of things.
    Count,
    /// Points of a score, 0 to 100.
    Points,
    /// A share from 0 to 1, written as per cent.
    Share,
    /// 0 for no, 1 for yes.
    Flag,
}

impl Unit {
    /// The figure as text; a dash where there is none.
    #[must_use]
    pub fn show(self, value: Option<f32>) -> String {
        match (self, value) {
            (_, None) => "–".to_owned(),
            (Unit::Count | Unit::Points, Some(value)) => format!("{value:.0}"),
            (Unit::Share, Some(value)) => format!("{:.0} %", value * 100.0),
            (Unit::Flag, Some(value)) => (if value > 0.0 { "yes" } else { "no" }).to_owned(),
        }
    }

    /// What changed, with its sign; empty where nothing that is written did, or where one of the two is missing.
    #[must_use]
    pub fn change(self, before: Option<f32>, after: Option<f32>) -> String {
        let (Some(old), Some(new)) = (before, after) else { return String::new() };
        if self.show(before) == self.show(after) {
            return String::new();
        }
        match self {
            // What is written, not what is behind it, is what must add up on the screen.
            Unit::Count | Unit::Points => format!("{:+.0}", new.round() - old.round()),
            Unit::Share => format!("{:+.0}", (new * 100.0).round() - (old * 100.0).round()),
            Unit::Flag => self.show(after),
        }
    }
}

/// A figure of a part or of a whole division.
#[derive(Debug, Clone, Copy)]
pub struct Figure<T: 'static> {
    /// Stable name, for data.
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// How it is written.
    pub unit: Unit,
    /// 1 where more is easier to split, -1 where less is, 0 where neither.
    pub better: i8,
    /// Reads it.
    pub of: fn(&T) -> Option<f32>,
}

impl<T> Figure<T> {
    /// How much easier a change makes it: above 0 easier, below 0 harder.
    #[must_use]
    pub fn gain(&self, before: &T, after: &T) -> f32 {
        match ((self.of)(before), (self.of)(after)) {
            (Some(old), Some(new)) => (new - old) * f32::from(self.better),
            _ => 0.0,
        }
    }
}

macro_rules! figures {
    ($($id:literal $name:literal $unit:ident $better:literal $of:expr;)*) => {
        &[$(Figure { id: $id, name: $name, unit: Unit::$unit, better: $better, of: $of },)*]
    };
}

/// The figures of a whole division.
#[allow(clippy::cast_precision_loss)] // counts of files and dependencies are far below 2^24
pub const TOTALS: &[Figure<Totals>] = figures! {
    "crossing" "cut (dependencies between)" Count -1 |t| Some(t.crossing as f32);
    "crossing_share" "cut, share of all" Share -1 |t| Some(t.crossing_share);
    "interfaces" "interfaces between them" Count -1 |t| Some(t.interfaces as f32);
    "shared_tables" "tables of several" Count -1 |t| Some(t.shared_tables as f32);
    "in_cycles" "candidates on a cycle" Count -1 |t| Some(t.in_cycles as f32);
    "best_score" "best score" Points 1 |t| Some(t.best_score);
    "cohesion" "stays inside, mean" Share 1 |t| Some(t.cohesion);
    "parts" "candidates" Count 0 |t| Some(t.parts as f32);
    "files" "files in candidates" Count 0 |t| Some(t.files as f32);
    "largest" "files in the largest" Count -1 |t| Some(t.largest as f32);
    "common" "files that stay common" Count 0 |t| Some(t.common as f32);
};

/// The figures of one part.
#[allow(clippy::cast_precision_loss)] // counts of files and dependencies are far below 2^24
pub const PART: &[Figure<Figures>] = figures! {
    "score" "score" Points 1 |f| (!f.score.terms.is_empty()).then_some(f.score.total);
    "files" "files" Count 0 |f| Some(f.files as f32);
    "seams" "seams in and out" Count -1 |f| Some((f.metrics.incoming + f.metrics.outgoing) as f32);
    "shared_tables" "shared tables" Count -1 |f| Some(f.shared_tables as f32);
    "blockers" "blockers" Count -1 |f| Some(f.blockers.iter().sum::<u32>() as f32);
    "in_cycle" "on a cycle" Flag -1 |f| Some(f32::from(u8::from(f.metrics.in_cycle)));
    "incoming" "seams in" Count -1 |f| Some(f.metrics.incoming as f32);
    "outgoing" "seams out" Count -1 |f| Some(f.metrics.outgoing as f32);
    "to_shared" "seams to shared" Count -1 |f| Some(f.metrics.to_shared as f32);
    "own_tables" "own tables" Count 1 |f| Some(f.own_tables as f32);
    "cohesion" "stays inside" Share 1 |f| Some(f.metrics.cohesion);
    "changes_alone" "changes alone" Share 1 |f| f.metrics.changes_alone;
    "entry_points" "entry points" Count 1 |f| Some(f.metrics.entry_points as f32);
    "lines" "lines" Count 0 |f| Some(f.lines as f32);
};

/// One division among those that are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name: of the alternative, or `proposal`.
    pub name: String,
    /// The figures of the whole.
    pub totals: Totals,
    /// Its parts, easiest first, what stays common last.
    pub parts: Vec<Figures>,
    /// Files that no pattern of a saved alternative matched, and that therefore stay common.
    pub unmatched: usize,
}

impl Column {
    /// Takes the figures of a division as it is now.
    #[must_use]
    pub fn of(name: &str, what_if: &WhatIf) -> Column {
        Column { name: name.to_owned(), totals: what_if.totals(), parts: what_if.figures(), unmatched: 0 }
    }

    /// The part with this name.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&Figures> {
        self.parts.iter().find(|part| part.name == name)
    }
}

/// The names of the parts of all divisions, those of the first in its order, then what the others add.
#[must_use]
pub fn names(columns: &[Column]) -> Vec<Name> {
    let mut all: Vec<Name> = Vec::new();
    for part in columns.iter().flat_map(|column| &column.parts) {
        if !all.contains(&part.name) {
            all.push(part.name.clone());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{PART, TOTALS, Totals, Unit};

    #[test]
    fn a_change_is_what_is_written_and_nothing_where_that_is_the_same() {
        assert_eq!(Unit::Count.change(Some(4.0), Some(6.0)), "+2");
        assert_eq!(Unit::Share.change(Some(0.401), Some(0.404)), "");
        assert_eq!(Unit::Share.change(Some(0.5), Some(0.25)), "-25");
        assert_eq!(Unit::Flag.change(Some(0.0), Some(1.0)), "yes");
        assert_eq!((Unit::Points.change(None, Some(3.0)).as_str(), Unit::Points.show(None).as_str()), ("", "–"));
    }

    #[test]
    fn fewer_dependencies_between_parts_are_a_gain() {
        let before = Totals { crossing: 9, ..Totals::default() };
        let after = Totals { crossing: 4, ..Totals::default() };
        assert!(TOTALS[0].gain(&before, &after) > 0.0);
        let mut ids: Vec<&str> = TOTALS.iter().map(|f| f.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((ids.len(), PART[0].id), (TOTALS.len(), "score"));
    }
}
