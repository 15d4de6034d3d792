//! How easy it is to start with a candidate: a sum of ten terms, each kept for explanation.
//!
//! `score = border (25) + direction (10) + data (15) + blockers (15) + size (10) + alone (10) + often (5) + entry (5) + cycle (5)
//! - loose (40)`
//!
//! The figures in brackets are the most that a term gives (`[ranking]` of `assets/split.toml`); all together make 100. The formula is the project's own: each
//! term is one question that the talk asks before a part is taken out, the weights order the questions by what they cost.
//! What is taken away for files that hardly use each other keeps a heap of unconnected files, whose border is empty only
//! because nothing about them is known, from looking like the best start.

use super::settings::Ranking;
use super::{CandidateMetrics, Score, ScoreTerm};
use crate::text::{Said, count, say};

/// What a score is made from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts {
    /// Figures of the candidate.
    pub metrics: CandidateMetrics,
    /// Files inside.
    pub files: usize,
    /// Dependencies between files inside.
    pub inner: usize,
    /// Files of the repository that candidates are made of.
    pub all_files: usize,
    /// Tables only it touches.
    pub own_tables: usize,
    /// Tables that others touch too.
    pub shared_tables: usize,
    /// Findings of low, medium and high severity inside.
    pub blockers: [usize; 3],
    /// Commits per file over the highest commits per file of any candidate, 0 to 1.
    pub activity: Option<f32>,
}

/// The formula of the module's description.
#[must_use]
pub fn score(facts: &Facts, weights: &Ranking) -> Score {
    let m = &facts.metrics;
    let files = facts.files.max(1) as f32;
    let crossing = m.incoming + m.outgoing;
    let mut terms = Vec::with_capacity(10);
    let mut add = |id: &'static str, text: Said, points: f32| terms.push(ScoreTerm { id, text, points });
    let percent = |share: f32| format!("{:.0}", share * 100.0);

    // half of the points at one crossing dependency per file
    add(
        "border",
        say("score.border").with("dependencies", &count(crossing as usize, "dependency")),
        weights.border / (1.0 + crossing as f32 / files),
    );
    let (text, points) = if crossing == 0 {
        (say("score.direction.none"), weights.direction)
    } else {
        let uneven = m.incoming.abs_diff(m.outgoing) as f32 / crossing as f32;
        let text = say("score.direction").put("in", m.incoming).put("out", m.outgoing).put("share", percent(uneven));
        (text, weights.direction * uneven)
    };
    add("direction", text, points);
    let tables = facts.own_tables + facts.shared_tables;
    let (text, points) = if tables == 0 {
        (say("score.data.none"), weights.data / 2.0)
    } else {
        let text =
            say("score.data").with("tables", &count(facts.own_tables, "table")).put("shared", facts.shared_tables);
        (text, weights.data * facts.own_tables as f32 / tables as f32)
    };
    add("data", text, points);
    let [low, medium, high] = facts.blockers;
    let weight = 0.25 * low as f32 + 0.5 * medium as f32 + high as f32;
    let text = match low + medium + high {
        0 => say("score.blockers.none"),
        all => say("score.blockers").with("findings", &count(all, "finding")).put("high", high),
    };
    add("blockers", text, weights.blockers / (1.0 + 2.0 * weight / files));
    let share = files / facts.all_files.max(1) as f32;
    // full from 5 files to a tenth of the repository, nothing from 40 % on
    let points = weights.size * (files / 5.0).min(1.0) * ((0.4 - share) / 0.3).clamp(0.0, 1.0);
    add("size", say("score.size").with("files", &count(facts.files, "file")).put("share", percent(share)), points);
    let (text, points) = m.changes_alone.map_or((say("score.history.none"), weights.alone / 2.0), |alone| {
        (say("score.alone").put("share", percent(alone)), weights.alone * alone)
    });
    add("alone", text, points);
    let (text, points) = facts.activity.map_or((say("score.history.none"), 0.0), |activity| {
        let changes = count(m.commits as usize, "change");
        (say("score.often").with("changes", &changes).put("share", percent(activity)), weights.often * activity)
    });
    add("often", text, points);
    let text = match m.entry_points as usize {
        0 => say("score.entry.none"),
        entries => count(entries, "entry-point"),
    };
    add("entry", text, if m.entry_points > 0 { weights.entry } else { 0.0 });
    let (text, points) = if m.in_cycle { ("score.cycle.in", 0.0) } else { ("score.cycle.none", weights.cycle) };
    add("cycle", say(text), points);
    // files that hang together have at least one dependency inside less than files
    let bound = if facts.files < 2 { 1.0 } else { (facts.inner as f32 / (files - 1.0)).min(1.0) };
    if bound < 1.0 {
        let inner = count(facts.inner, "dependency");
        let text = say("score.loose").with("dependencies", &inner).put("files", facts.files);
        add("loose", text, -weights.loose * (1.0 - bound));
    }
    Score { total: terms.iter().map(|term| term.points).sum::<f32>().clamp(0.0, 100.0), terms }
}

#[cfg(test)]
mod tests {
    use super::{CandidateMetrics, Facts};
    use crate::split::settings::SETTINGS;

    fn score(facts: &Facts) -> super::Score {
        super::score(facts, &SETTINGS.ranking)
    }

    fn best() -> Facts {
        let metrics = CandidateMetrics { changes_alone: Some(1.0), entry_points: 1, ..CandidateMetrics::default() };
        Facts { metrics, files: 10, inner: 9, all_files: 100, own_tables: 2, activity: Some(1.0), ..Facts::default() }
    }

    #[test]
    fn the_best_gets_a_hundred_and_every_fault_costs() {
        let total = score(&best()).total;
        assert!((total - 100.0).abs() < 0.01, "{total}");
        let faults: [fn(&mut Facts); 8] = [
            |f| f.metrics.incoming = 9,
            |f| f.shared_tables = 1,
            |f| f.blockers[2] = 3,
            |f| f.files = 35,
            |f| f.metrics.changes_alone = Some(0.2),
            |f| f.metrics.entry_points = 0,
            |f| f.metrics.in_cycle = true,
            |f| f.inner = 3,
        ];
        for (index, fault) in faults.iter().enumerate() {
            let mut facts = best();
            fault(&mut facts);
            assert!(score(&facts).total < total - 1.0, "fault {index}");
        }
    }
}
