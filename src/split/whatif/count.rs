//! The counters behind the figures, kept by every move.

use std::collections::BTreeMap;

use super::{NONE, WhatIf};

impl WhatIf {
    /// Moves one file and keeps all counters.
    pub(super) fn put(&mut self, file: usize, to: u32) {
        self.tally(file, false);
        self.of[file] = to;
        self.tally(file, true);
    }

    /// Adds a file to the counters of its part, or takes it out.
    fn tally(&mut self, file: usize, add: bool) {
        let own = self.of[file];
        if own == NONE {
            return;
        }
        let (at, parts) = (own as usize, self.names.len());
        let change = |counter: &mut u32, by: u32| {
            *counter = if add { counter.saturating_add(by) } else { counter.saturating_sub(by) };
        };
        change(&mut self.count[at], 1);
        change(&mut self.size[at], self.lines[file]);
        change(&mut self.open[at], self.entries.get(&(file as u32)).copied().unwrap_or(0));
        for (slot, by) in self.bad[at].iter_mut().zip(self.blockers.get(&(file as u32)).copied().unwrap_or_default()) {
            change(slot, by);
        }
        for link in &self.links[self.first[file]..self.first[file + 1]] {
            let other = self.of[link.other as usize];
            if other == NONE {
                continue;
            }
            let (from, to) = if link.outgoing { (own, other) } else { (other, own) };
            change(&mut self.between[from as usize * parts + to as usize], 1);
            let weight = if add { f64::from(link.weight) } else { -f64::from(link.weight) };
            self.touching[at] += weight;
            if other == own {
                self.inside[at] += weight;
            } else {
                self.touching[other as usize] += weight;
            }
        }
        for table in self.touched.get(&(file as u32)).into_iter().flatten() {
            let users = &mut self.users[*table as usize];
            let count = users.entry(own).or_default();
            change(count, 1);
            if *count == 0 {
                users.remove(&own);
            }
        }
    }

    /// Counts everything from scratch.
    pub(super) fn count_anew(&mut self) {
        let parts = self.names.len();
        self.count = vec![0; parts];
        self.size = vec![0; parts];
        self.bad = vec![[0; 3]; parts];
        self.open = vec![0; parts];
        self.inside = vec![0.0; parts];
        self.touching = vec![0.0; parts];
        self.between = vec![0; parts * parts];
        self.users.iter_mut().for_each(BTreeMap::clear);
        let of = std::mem::replace(&mut self.of, vec![NONE; self.lines.len()]);
        for (file, part) in of.into_iter().enumerate() {
            self.of[file] = part;
            self.tally(file, true);
        }
    }

    /// Which parts lie on a cycle with others, what stays common left out.
    pub(super) fn cycles(&self) -> Vec<bool> {
        let parts = self.names.len();
        let mut reach: Vec<Vec<bool>> =
            (0..parts).map(|a| (0..parts).map(|b| a != b && a > 0 && b > 0 && self.uses(a, b) > 0).collect()).collect();
        for by in 1..parts {
            for a in 1..parts {
                if reach[a][by] {
                    let through = reach[by].clone();
                    reach[a].iter_mut().zip(through).for_each(|(known, more)| *known |= more);
                }
            }
        }
        (0..parts).map(|part| reach[part][part]).collect()
    }
}
