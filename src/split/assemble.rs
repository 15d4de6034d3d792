//! From a partition to candidates: figures, score, border, explanation, name and rank.

use super::changes::Changes;
use super::settings::SETTINGS;
use super::{Candidate, CandidateMetrics, Inputs, SHARED, Score, Seam, border, explain, names, score, terms};
use crate::facts::{FileId, Name, Scope};
use crate::graph::Graph;
use crate::rules::{Confidence, Severity};

/// One part of a partition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// The name a person gave it; `None` where it is to be named after its terms.
    pub name: Option<Name>,
    /// Its files, sorted.
    pub files: Vec<FileId>,
}

/// The candidates of a partition, by rank, `shared` last, and the candidate of each file (index into the list).
///
/// `file_terms` are the terms per file as [`terms::of_file`] gives them; `network` says how strongly files hold together.
#[must_use]
pub fn assemble(
    inputs: &Inputs<'_>,
    groups: Vec<Group>,
    shared: Vec<FileId>,
    file_terms: &[Vec<(Name, u32)>],
) -> (Vec<Candidate>, Vec<Option<u32>>) {
    let Inputs { files, graph, history, findings } = *inputs;
    let count = groups.len() + 1;
    let shared_index = groups.len() as u32;
    let members: usize = groups.iter().map(|group| group.files.len()).sum::<usize>() + shared.len();
    let mut candidate_of = vec![None; files.len()];
    for (index, group) in groups.iter().map(|group| &group.files).chain([&shared]).enumerate() {
        for file in group {
            candidate_of[file.index()] = Some(index as u32);
        }
    }
    let plain: Vec<Vec<u32>> = groups
        .iter()
        .map(|group| &group.files)
        .chain([&shared])
        .map(|group| group.iter().map(|file| file.0).collect())
        .collect();
    let mut group_terms = terms::telling_terms(file_terms, &plain, 8);
    let mut seams = border::seams(graph, &candidate_of, count, shared_index);
    let cycles = border::in_cycle(&seams, &candidate_of, shared_index);
    let (mut own_tables, mut shared_tables) = border::tables(graph, &candidate_of, count);
    let mut inner = vec![0_usize; count];
    for edge in &graph.edges {
        if let (Some(from), Some(to)) = (candidate_of[edge.from.index()], candidate_of[edge.to.index()])
            && from == to
        {
            inner[from as usize] += 1;
        }
    }
    let weights = weight_shares(graph, &candidate_of, count);
    let changes = Changes::new(history, &candidate_of, count, shared_index);
    let (mut blockers, mut severities) = (vec![Vec::new(); count], vec![[0_usize; 3]; count]);
    for (index, finding) in findings.iter().enumerate() {
        let Some(slot) = severity_slot(finding.severity) else { continue };
        let inside = candidate_of.get(finding.file.index()).copied().flatten();
        if let Some(inside) = inside.filter(|_| finding.scope == Scope::Main && finding.confidence > Confidence::Low) {
            blockers[inside as usize].push(index as u32);
            severities[inside as usize][slot] += 1;
        }
    }
    let mut entries = vec![0_u32; count];
    for file in inputs.entry_points() {
        if let Some(inside) = candidate_of.get(file.index()).copied().flatten() {
            entries[inside as usize] += 1;
        }
    }
    let given: Vec<Option<Name>> = groups.iter().map(|group| group.name.clone()).collect();
    let labels = names::of_groups(inputs, &plain[..groups.len()], &given, &mut group_terms);
    let mut explained = explain::explain(inputs, &candidate_of, &plain, shared_index);

    let mut found: Vec<(u32, Candidate)> = Vec::with_capacity(count);
    let parts = groups.into_iter().map(|group| group.files).chain([shared]);
    for (index, group) in parts.enumerate() {
        let is_shared = index as u32 == shared_index;
        let seams = std::mem::take(&mut seams[index]);
        let tally = |test: fn(&Seam) -> bool| seams.iter().filter(|seam| test(seam)).count() as u32;
        let metrics = CandidateMetrics {
            cohesion: weights[index],
            incoming: tally(|seam| seam.incoming && !seam.to_shared),
            outgoing: tally(|seam| !seam.incoming && !seam.to_shared),
            to_shared: tally(|seam| seam.to_shared),
            in_cycle: cycles[index],
            changes_alone: changes.alone(index),
            entry_points: entries[index],
            commits: changes.commits[index],
        };
        let facts = score::Facts {
            metrics,
            files: group.len(),
            inner: inner[index],
            all_files: members,
            own_tables: own_tables[index].len(),
            shared_tables: shared_tables[index].len(),
            blockers: severities[index],
            activity: changes.activity(index),
        };
        let (id, name) = labels.get(index).cloned().unwrap_or((Name::from(SHARED), Name::from(SHARED)));
        let candidate = Candidate {
            id,
            name,
            terms: std::mem::take(&mut group_terms[index]),
            lines: group.iter().map(|file| files[file.index()].lines).fold(0, u32::saturating_add),
            files: group,
            rank: 0,
            score: if is_shared { Score::default() } else { score::score(&facts, &SETTINGS.ranking) },
            metrics,
            seams,
            shared_tables: std::mem::take(&mut shared_tables[index]),
            own_tables: std::mem::take(&mut own_tables[index]),
            blockers: std::mem::take(&mut blockers[index]),
            explanation: std::mem::take(&mut explained[index]),
        };
        found.push((index as u32, candidate));
    }
    let shared_last = found.pop();
    found.sort_by(|(_, a), (_, b)| b.score.total.total_cmp(&a.score.total).then_with(|| a.id.cmp(&b.id)));
    for (rank, (_, candidate)) in found.iter_mut().enumerate() {
        candidate.rank = rank as u32 + 1;
    }
    found.extend(shared_last);
    let mut place = vec![0; count];
    for (new, (old, _)) in found.iter().enumerate() {
        place[*old as usize] = new as u32;
    }
    for slot in candidate_of.iter_mut().flatten() {
        *slot = place[*slot as usize];
    }
    let mut found: Vec<Candidate> = found.into_iter().map(|(_, candidate)| candidate).collect();
    for candidate in &mut found {
        candidate.explanation.renumber(&place);
    }
    (found, candidate_of)
}

/// Which counter a severity goes to: 0 low, 1 medium, 2 high; `None` for what stands in nobody's way.
#[must_use]
pub fn severity_slot(severity: Severity) -> Option<usize> {
    match severity {
        Severity::Info => None,
        Severity::Low => Some(0),
        Severity::Medium => Some(1),
        Severity::High => Some(2),
    }
}

/// Per candidate: weight of the edges inside over the weight of all edges that touch it; 0 where none do.
fn weight_shares(graph: &Graph, candidate_of: &[Option<u32>], count: usize) -> Vec<f32> {
    let (mut inside, mut touching) = (vec![0.0_f64; count], vec![0.0_f64; count]);
    for edge in &graph.edges {
        if let (Some(a), Some(b)) = (candidate_of[edge.from.index()], candidate_of[edge.to.index()]) {
            let weight = SETTINGS.weights.of(&edge.kinds);
            touching[a as usize] += weight;
            if a == b {
                inside[a as usize] += weight;
            } else {
                touching[b as usize] += weight;
            }
        }
    }
    inside.iter().zip(&touching).map(|(i, t)| if *t > 0.0 { (i / t) as f32 } else { 0.0 }).collect()
}
