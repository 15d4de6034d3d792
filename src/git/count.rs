//! Counts what a stream of commits says: churn per file, pairs of files that change together.

use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::{Churn, CoChange, History, MASS_COMMIT, MIN_SHARED};
use crate::facts::{FileId, SourceFile};

/// Takes commits one after the other, newest first.
pub(super) struct Counter<'a> {
    by_path: FxHashMap<&'a str, u32>,
    prefix: &'a str,
    limit: u32,
    commits: u32,
    /// Commits that changed a known file and are not set aside.
    counted: u32,
    /// Former paths of files that were moved without a change.
    former: FxHashMap<String, u32>,
    period: Option<(i64, i64)>,
    churn: Vec<Churn>,
    authors: FxHashSet<(u32, u64)>,
    pairs: FxHashMap<(u32, u32), u32>,
    changed: Vec<u32>,
    author: u64,
    time: i64,
    open: bool,
}

impl<'a> Counter<'a> {
    /// Counts for `files`; paths of commits begin with `prefix`; `limit` commits at most.
    pub(super) fn new(files: &'a [SourceFile], prefix: &'a str, limit: u32) -> Self {
        let by_path = files.iter().zip(0u32..).map(|(file, id)| (file.path.as_str(), id)).collect();
        Counter {
            by_path,
            prefix,
            limit,
            commits: 0,
            counted: 0,
            former: FxHashMap::default(),
            period: None,
            churn: vec![Churn::default(); files.len()],
            authors: FxHashSet::default(),
            pairs: FxHashMap::default(),
            changed: Vec::new(),
            author: 0,
            time: 0,
            open: false,
        }
    }

    /// Commits at most.
    pub(super) fn limit(&self) -> u32 {
        self.limit
    }

    /// Commits seen so far.
    pub(super) fn commits(&self) -> u32 {
        self.commits
    }

    /// True when the limit is reached.
    pub(super) fn full(&self) -> bool {
        self.commits >= self.limit
    }

    /// Begins the next commit.
    pub(super) fn commit(&mut self, author: &[u8], time: i64) {
        self.close();
        self.commits += 1;
        self.author = FxBuildHasher.hash_one(author);
        self.time = time;
        self.open = true;
        self.period = Some(self.period.map_or((time, time), |(first, last)| (first.min(time), last.max(time))));
    }

    /// A file that the present commit changed; the path is relative to the work tree.
    pub(super) fn file(&mut self, path: &[u8]) {
        if let Some(id) = self.known(path) {
            self.changed.push(id);
        }
    }

    /// A file that the present commit moved, without a change: what older commits say about the old path is about it.
    pub(super) fn moved(&mut self, old: &[u8], new: &[u8]) {
        let Some(id) = self.known(new) else { return };
        self.changed.push(id);
        if let Some(old) = old.strip_prefix(self.prefix.as_bytes()) {
            self.former.entry(String::from_utf8_lossy(old).into_owned()).or_insert(id);
        }
    }

    /// The file of today that a path of the past means.
    fn known(&self, path: &[u8]) -> Option<u32> {
        let path = path.strip_prefix(self.prefix.as_bytes())?;
        let path = String::from_utf8_lossy(path);
        self.by_path.get(path.as_ref()).or_else(|| self.former.get(path.as_ref())).copied()
    }

    /// Ends the present commit.
    fn close(&mut self) {
        let mut changed = std::mem::take(&mut self.changed);
        if self.open {
            changed.sort_unstable();
            changed.dedup();
            let mass = changed.len() > MASS_COMMIT;
            self.counted += u32::from(!mass && !changed.is_empty());
            for (at, &a) in changed.iter().enumerate() {
                let Some(churn) = self.churn.get_mut(a as usize) else { continue };
                churn.last = churn.last.max(self.time);
                if mass {
                    continue;
                }
                churn.commits += 1;
                if self.authors.insert((a, self.author)) {
                    churn.authors += 1;
                }
                for &b in changed.get(at + 1..).unwrap_or_default() {
                    *self.pairs.entry((a, b)).or_default() += 1;
                }
            }
        }
        changed.clear();
        self.changed = changed;
        self.open = false;
    }

    /// Writes the result into `history`.
    pub(super) fn finish(mut self, history: &mut History) {
        self.close();
        let churn = &self.churn;
        let counted = self.counted;
        let mut pairs: Vec<CoChange> = self
            .pairs
            .into_iter()
            .filter(|(_, shared)| *shared >= MIN_SHARED)
            .map(|((a, b), commits)| {
                let sum = churn[a as usize].commits + churn[b as usize].commits;
                // Shared over the average of both: 2 s / (a + b).
                let degree = if sum == 0 { 0.0 } else { 2.0 * commits as f32 / sum as f32 };
                let (of_a, of_b) = (churn[a as usize].commits, churn[b as usize].commits);
                let confidence = commits as f32 / of_a.min(of_b).max(1) as f32;
                let lift = (f64::from(commits) * f64::from(counted) / (f64::from(of_a.max(1)) * f64::from(of_b.max(1))))
                    as f32;
                CoChange { a: FileId(a), b: FileId(b), commits, degree, confidence, lift }
            })
            .collect();
        pairs.sort_unstable_by_key(|pair| (pair.a, pair.b));
        history.commits_read = self.commits;
        history.period = self.period;
        history.pairs = pairs;
        history.changes = self.churn;
    }
}
