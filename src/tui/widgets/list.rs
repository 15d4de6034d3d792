//! A list whose selection stays on its item, by stable key, while rows come and go.

use crate::facts::Name;

/// A row of a list.
pub trait Row {
    /// Stable key, unique in the list.
    fn key(&self) -> &str;
    /// True for what `n` and `N` stop at.
    fn is_match(&self) -> bool {
        true
    }
    /// True for a row that only names what follows.
    fn is_heading(&self) -> bool {
        false
    }
}

/// How a selection moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// By so many rows.
    By(isize),
    First,
    Last,
    NextMatch,
    PreviousMatch,
    /// To this row.
    To(usize),
}

/// Rows and which one is selected.
#[derive(Debug, Clone)]
pub struct List<R> {
    rows: Vec<R>,
    selected: usize,
    wanted: Name,
}

impl<R> Default for List<R> {
    fn default() -> Self {
        List { rows: Vec::new(), selected: 0, wanted: Name::default() }
    }
}

/// What the app does with a list without knowing its rows.
pub trait Moves {
    /// Moves the selection; false when it stayed.
    fn go(&mut self, motion: Motion) -> bool;
    /// Key of the selected row, or of the row that was selected and is gone for now.
    fn key(&self) -> Name;
    /// Selects the row with this key, now or as soon as it comes.
    fn select(&mut self, key: &str);
}

impl<R: Row> List<R> {
    /// Exchanges the rows. The selection stays on its key; where that is gone, on its position. Nobody having chosen
    /// yet, it stands on the first row that says something rather than on a heading.
    pub fn set(&mut self, rows: Vec<R>) {
        self.rows = rows;
        if self.wanted.is_empty() && self.rows.first().is_some_and(Row::is_heading) {
            self.selected = self.rows.iter().position(Row::is_match).unwrap_or(0);
            return;
        }
        // Mostly nothing moved.
        if self.current().is_some_and(|row| row.key() == self.wanted.as_str()) {
            return;
        }
        match self.rows.iter().position(|row| row.key() == self.wanted.as_str()) {
            Some(at) => self.selected = at,
            None => self.selected = self.selected.min(self.rows.len().saturating_sub(1)),
        }
    }

    /// All rows.
    #[must_use]
    pub fn rows(&self) -> &[R] {
        &self.rows
    }

    /// Index of the selected row.
    #[must_use]
    pub fn index(&self) -> usize {
        self.selected
    }

    /// The selected row.
    #[must_use]
    pub fn current(&self) -> Option<&R> {
        self.rows.get(self.selected)
    }
}

impl<R: Row> Moves for List<R> {
    fn go(&mut self, motion: Motion) -> bool {
        let last = self.rows.len().saturating_sub(1);
        let at = self.selected.min(last);
        let target = match motion {
            Motion::By(step) => at.saturating_add_signed(step).min(last),
            Motion::First => 0,
            Motion::Last => last,
            Motion::To(row) => row.min(last),
            Motion::NextMatch => (at + 1..self.rows.len()).find(|row| self.rows[*row].is_match()).unwrap_or(at),
            Motion::PreviousMatch => (0..at).rev().find(|row| self.rows[*row].is_match()).unwrap_or(at),
        };
        let moved = target != self.selected;
        self.selected = target;
        if let Some(row) = self.rows.get(target) {
            self.wanted = Name::new(row.key());
        }
        moved
    }

    fn key(&self) -> Name {
        if self.wanted.is_empty() {
            self.current().map(|row| Name::new(row.key())).unwrap_or_default()
        } else {
            self.wanted.clone()
        }
    }

    fn select(&mut self, key: &str) {
        self.wanted = Name::new(key);
        if let Some(at) = self.rows.iter().position(|row| row.key() == key) {
            self.selected = at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{List, Motion, Moves, Row};

    impl Row for &'static str {
        fn key(&self) -> &str {
            self
        }
        fn is_match(&self) -> bool {
            !self.starts_with('#')
        }
    }

    #[test]
    fn selection_stays_on_its_item_while_rows_arrive() {
        let mut list = List::default();
        list.set(vec!["b", "d"]);
        assert!(list.go(Motion::By(1)));
        list.set(vec!["a", "b", "c", "d", "e"]);
        assert_eq!(list.current(), Some(&"d"));
        // Gone for a moment (filtered away) and back again: still the same item.
        list.set(vec!["a"]);
        assert_eq!(list.current(), Some(&"a"));
        list.set(vec!["a", "b", "d"]);
        assert_eq!(list.current(), Some(&"d"));
    }

    #[test]
    fn motions_stop_at_the_ends_and_matches_skip_headings() {
        let mut list = List::default();
        assert!(!list.go(Motion::Last));
        list.set(vec!["#1", "a", "#2", "b"]);
        assert!(list.go(Motion::NextMatch));
        assert!(list.go(Motion::NextMatch));
        assert_eq!(list.current(), Some(&"b"));
        assert!(!list.go(Motion::By(5)));
        list.go(Motion::PreviousMatch);
        assert_eq!(list.current(), Some(&"a"));
    }
}
