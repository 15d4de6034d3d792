//! Which entry rules may match a key: found by its last segment, so that a file of a thousand settings does not ask each rule.

use rustc_hash::FxHashMap;

use super::compile::EntryRule;
use super::keys;

/// Entry rules by the last segment of the keys they ask for.
#[derive(Debug, Default)]
pub struct EntryIndex {
    by_end: FxHashMap<Box<str>, Vec<u32>>,
    /// Rules with a key whose last segment holds a star: asked for each entry.
    open: Vec<u32>,
}

impl EntryIndex {
    /// Reads the keys of all rules; the numbers are their positions.
    pub fn new(rules: &[EntryRule]) -> Self {
        let mut index = EntryIndex::default();
        for (position, rule) in (0_u32..).zip(rules) {
            for key in &rule.keys {
                let list = match key.fixed_end() {
                    Some(end) => index.by_end.entry(end.into()).or_default(),
                    None => &mut index.open,
                };
                if list.last() != Some(&position) {
                    list.push(position);
                }
            }
        }
        index
    }

    /// Positions of the rules that may match, each at most twice.
    pub fn candidates(&self, key: &str) -> impl Iterator<Item = u32> {
        let end = keys::last_segment(key).to_ascii_lowercase();
        let fixed = self.by_end.get(end.as_str()).into_iter().flatten();
        fixed.chain(&self.open).copied()
    }
}
