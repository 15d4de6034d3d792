//! What the history says about a candidate: how often it changes, and how often alone.

use crate::facts::FileId;
use crate::git::History;

/// What the history says per candidate. Only pairs are known, not whole commits, so the figures are estimates.
pub struct Changes {
    /// Sum over the files, less what two files inside changed in common, at least the busiest file.
    pub commits: Vec<u32>,
    /// Changes of files, and those of them that went together with a file outside.
    all: Vec<u64>,
    together: Vec<u64>,
    per_file: Vec<f32>,
    busiest: f32,
}

impl Changes {
    /// Counts for `count` candidates; changes together with `shared` do not count as outside.
    #[must_use]
    pub fn new(history: &History, candidate_of: &[Option<u32>], count: usize, shared: u32) -> Self {
        let (mut all, mut together, mut most) = (vec![0_u64; count], vec![0_u64; count], vec![0_u32; count]);
        let (mut files, mut doubled) = (vec![0_u32; count], vec![0_u64; count]);
        // per file, the most commits that it has in common with one file outside: a lower bound of those not alone
        let mut outside = vec![0_u32; candidate_of.len()];
        let mut inside = vec![0_u32; candidate_of.len()];
        let of = |file: FileId| candidate_of.get(file.index()).copied().flatten();
        for pair in &history.pairs {
            let (Some(a), Some(b)) = (of(pair.a), of(pair.b)) else { continue };
            if a == b {
                let slot = &mut inside[pair.b.index()];
                *slot = (*slot).max(pair.commits);
            } else if a != shared && b != shared {
                for file in [pair.a, pair.b] {
                    outside[file.index()] = outside[file.index()].max(pair.commits);
                }
            }
        }
        for (index, churn) in history.changes.iter().enumerate() {
            if let Some(own) = candidate_of.get(index).copied().flatten() {
                let own = own as usize;
                files[own] += 1;
                all[own] += u64::from(churn.commits);
                together[own] += u64::from(outside[index].min(churn.commits));
                doubled[own] += u64::from(inside[index].min(churn.commits));
                most[own] = most[own].max(churn.commits);
            }
        }
        let commits = (0..count).map(|c| (all[c].saturating_sub(doubled[c]) as u32).max(most[c])).collect();
        let per_file: Vec<f32> = (0..count).map(|c| all[c] as f32 / files[c].max(1) as f32).collect();
        let busiest = per_file.iter().copied().take(shared as usize).fold(0.0, f32::max);
        Changes { commits, all, together, per_file, busiest }
    }

    /// Share of its changes that touched nothing outside, `None` without history.
    #[must_use]
    pub fn alone(&self, index: usize) -> Option<f32> {
        (self.all[index] > 0).then(|| 1.0 - self.together[index] as f32 / self.all[index] as f32)
    }

    /// Commits per file over those of the busiest candidate, 0 to 1.
    #[must_use]
    pub fn activity(&self, index: usize) -> Option<f32> {
        (self.busiest > 0.0).then(|| (self.per_file[index] / self.busiest).min(1.0))
    }
}
