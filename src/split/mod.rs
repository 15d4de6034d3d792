//! Which part could leave first: candidates, what crosses their border, and what they score.

mod border;
mod candidates;
pub mod cluster;
mod score;
pub mod terms;
mod weights;

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64;

use crate::facts::{FileId, Name, RefKind, Scope, SourceFile};
use crate::git::History;
use crate::graph::Graph;
use crate::rules::{Confidence, Finding, Severity};

pub use weights::{WEIGHTS, Weights};

/// The id of the candidate that holds what stays common.
pub const SHARED: &str = "shared";

/// A part of the monolith that could become a service (or, for [`SHARED`], a library).
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Stable id, made from the files inside; `shared` for what stays common.
    pub id: Name,
    /// Name taken from the domain terms of its files.
    pub name: Name,
    /// The domain terms, most telling first.
    pub terms: Vec<Name>,
    /// Its files, sorted.
    pub files: Vec<FileId>,
    /// Lines of its files.
    pub lines: u32,
    /// Rank from 1, best to start with first; 0 for `shared`.
    pub rank: u32,
    /// The score with its terms, 0 to 100; higher is easier to start with.
    pub score: Score,
    /// The figures behind the score.
    pub metrics: CandidateMetrics,
    /// Every dependency that crosses the border.
    pub seams: Vec<Seam>,
    /// Tables it shares with files outside, sorted.
    pub shared_tables: Vec<Name>,
    /// Tables that only it touches, sorted.
    pub own_tables: Vec<Name>,
    /// Indices into the analysis' findings: what inside stands in the way of a container.
    pub blockers: Vec<u32>,
}

/// One dependency across the border of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seam {
    /// The file that uses.
    pub from: FileId,
    /// The file that is used.
    pub to: FileId,
    /// Line in `from`.
    pub line: u32,
    /// The strongest kind of use.
    pub kind: RefKind,
    /// True when the candidate is used from outside; false when it uses something outside.
    pub incoming: bool,
    /// True when the other side is `shared`: comes along as a library.
    pub to_shared: bool,
}

/// Figures of a candidate.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CandidateMetrics {
    /// Weight of edges inside over all edges that touch it, 0 to 1.
    pub cohesion: f32,
    /// Seams from outside into it.
    pub incoming: u32,
    /// Seams from it to other candidates.
    pub outgoing: u32,
    /// Seams from it to `shared`.
    pub to_shared: u32,
    /// True when it is part of a cycle with another candidate.
    pub in_cycle: bool,
    /// Commits that touched it and nothing outside, over all that touched it; 0 to 1, `None` without history.
    pub changes_alone: Option<f32>,
    /// Entry points (routes, mains, jobs) inside.
    pub entry_points: u32,
    /// Commits that changed its files.
    pub commits: u32,
}

/// A score and what it is made of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Score {
    /// 0 to 100.
    pub total: f32,
    /// What each term added or took away, in the order of the formula.
    pub terms: Vec<ScoreTerm>,
}

/// One term of a score.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreTerm {
    /// Stable id.
    pub id: &'static str,
    /// One phrase with its figures: `4 dependencies cross the border`.
    pub text: String,
    /// Points, negative where it takes away.
    pub points: f32,
}

/// Finds the candidates: by rank, `shared` last (always there, maybe empty), and the candidate of each file.
///
/// Every file of scope main that is code belongs to exactly one; all others have `None`. `facts_terms` gives the names of a
/// file's top-level definitions. The result does not depend on the order of any hash map.
#[must_use]
pub fn candidates(
    files: &[SourceFile],
    graph: &Graph,
    history: &History,
    findings: &[Finding],
    facts_terms: &dyn Fn(FileId) -> Vec<Name>,
    entry_points: &[(FileId, u32, String)],
) -> (Vec<Candidate>, Vec<Option<u32>>) {
    let all = (0..files.len() as u32).map(FileId);
    let members: Vec<FileId> =
        all.filter(|id| files[id.index()].scope == Scope::Main && files[id.index()].is_code).collect();
    let file_terms = terms_of_files(files, &members, graph, facts_terms);
    let (groups, shared) = candidates::divide(files, &members, graph, history, &file_terms, entry_points);
    let count = groups.len() + 1;
    let shared_index = groups.len() as u32;
    let mut candidate_of = vec![None; files.len()];
    for (index, group) in groups.iter().chain([&shared]).enumerate() {
        for file in group {
            candidate_of[file.index()] = Some(index as u32);
        }
    }
    let plain: Vec<Vec<u32>> =
        groups.iter().chain([&shared]).map(|group| group.iter().map(|file| file.0).collect()).collect();
    let mut group_terms = terms::telling_terms(&file_terms, &plain, 6);
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
        let slot = match finding.severity {
            Severity::Info => continue,
            Severity::Low => 0,
            Severity::Medium => 1,
            Severity::High => 2,
        };
        let inside = candidate_of.get(finding.file.index()).copied().flatten();
        if let Some(inside) = inside.filter(|_| finding.scope == Scope::Main && finding.confidence > Confidence::Low) {
            blockers[inside as usize].push(index as u32);
            severities[inside as usize][slot] += 1;
        }
    }
    let mut entries = vec![0_u32; count];
    for (file, _, _) in entry_points {
        if let Some(inside) = candidate_of.get(file.index()).copied().flatten() {
            entries[inside as usize] += 1;
        }
    }

    let mut found: Vec<(u32, Candidate)> = Vec::with_capacity(count);
    for (index, group) in groups.into_iter().chain([shared]).enumerate() {
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
            all_files: members.len(),
            own_tables: own_tables[index].len(),
            shared_tables: shared_tables[index].len(),
            blockers: severities[index],
            activity: changes.activity(index),
        };
        let candidate = Candidate {
            id: Name::from(SHARED),
            name: Name::from(SHARED),
            terms: std::mem::take(&mut group_terms[index]),
            lines: group.iter().map(|file| files[file.index()].lines).fold(0, u32::saturating_add),
            files: group,
            rank: 0,
            score: if is_shared { Score::default() } else { score::score(&facts) },
            metrics,
            seams,
            shared_tables: std::mem::take(&mut shared_tables[index]),
            own_tables: std::mem::take(&mut own_tables[index]),
            blockers: std::mem::take(&mut blockers[index]),
        };
        found.push((index as u32, candidate));
    }
    name(files, &mut found);
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
    (found.into_iter().map(|(_, candidate)| candidate).collect(), candidate_of)
}

fn terms_of_files(
    files: &[SourceFile],
    members: &[FileId],
    graph: &Graph,
    facts_terms: &dyn Fn(FileId) -> Vec<Name>,
) -> Vec<Vec<(Name, u32)>> {
    let mut tables: Vec<Vec<&Name>> = vec![Vec::new(); files.len()];
    for table in &graph.tables {
        for (file, _) in table.readers.iter().chain(&table.writers) {
            tables[file.index()].push(&table.name);
        }
    }
    let mut result = vec![Vec::new(); files.len()];
    for file in members {
        let at = file.index();
        result[at] = terms::of_file(&files[at].path, &facts_terms(*file), &tables[at]);
    }
    result
}

/// Per candidate: weight of the edges inside over the weight of all edges that touch it; 0 where none do.
fn weight_shares(graph: &Graph, candidate_of: &[Option<u32>], count: usize) -> Vec<f32> {
    let (mut inside, mut touching) = (vec![0.0_f64; count], vec![0.0_f64; count]);
    for edge in &graph.edges {
        if let (Some(a), Some(b)) = (candidate_of[edge.from.index()], candidate_of[edge.to.index()]) {
            let weight = WEIGHTS.of(&edge.kinds);
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

/// What the history says per candidate. Only pairs are known, not whole commits, so the figures are estimates.
struct Changes {
    /// Sum over the files, less what two files inside changed in common, at least the busiest file.
    commits: Vec<u32>,
    /// Changes of files, and those of them that went together with a file outside.
    all: Vec<u64>,
    together: Vec<u64>,
    per_file: Vec<f32>,
    busiest: f32,
}

impl Changes {
    fn new(history: &History, candidate_of: &[Option<u32>], count: usize, shared: u32) -> Self {
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

    fn alone(&self, index: usize) -> Option<f32> {
        (self.all[index] > 0).then(|| 1.0 - self.together[index] as f32 / self.all[index] as f32)
    }

    fn activity(&self, index: usize) -> Option<f32> {
        (self.busiest > 0.0).then(|| (self.per_file[index] / self.busiest).min(1.0))
    }
}

/// Gives names and ids; the last one is `shared` and keeps its own. The id is the name's first terms and a hash of them and
/// of the folder that most files lie in, so that it outlives files that come and go.
fn name(files: &[SourceFile], found: &mut [(u32, Candidate)]) {
    let (mut names, mut ids) = (BTreeSet::from([Name::from(SHARED)]), BTreeSet::new());
    let last = found.len().saturating_sub(1);
    for (_, candidate) in &mut found[..last] {
        let folder = main_folder(files, &candidate.files);
        let fallback = folder.rsplit('/').find(|part| !part.is_empty()).unwrap_or("part").to_lowercase();
        let first = candidate.terms.first().map_or(fallback, |term| term.to_string());
        let mut name = first.clone();
        for term in candidate.terms.iter().skip(1) {
            if !names.contains(name.as_str()) {
                break;
            }
            name = format!("{first}-{term}");
        }
        let mut number = 2;
        let stem = name.clone();
        while !names.insert(Name::from(name.as_str())) {
            name = format!("{stem}-{number}");
            number += 1;
        }
        let top: Vec<&str> = candidate.terms.iter().take(2).map(Name::as_str).collect();
        let hash = xxh3_64(format!("{}\0{folder}", top.join("\0")).as_bytes()) & 0xffff;
        let mut id = format!("{first}-{hash:04x}");
        let stem = id.clone();
        let mut number = 2;
        while !ids.insert(id.clone()) {
            id = format!("{stem}-{number}");
            number += 1;
        }
        candidate.name = Name::from(name);
        candidate.id = Name::from(id);
    }
}

fn main_folder<'a>(files: &'a [SourceFile], group: &[FileId]) -> &'a str {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for file in group {
        let path = files[file.index()].path.as_str();
        *counts.entry(path.rsplit_once('/').map_or("", |(folder, _)| folder)).or_default() += 1;
    }
    let best = counts.iter().max_by_key(|(folder, count)| (**count, std::cmp::Reverse(**folder)));
    best.map_or("", |(folder, _)| *folder)
}

#[cfg(test)]
mod tests;
