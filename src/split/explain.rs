//! Why a candidate is what it is: what holds it together, what crosses its border, where its files could be instead.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::settings::SETTINGS;
use super::{Inputs, border, cut};
use crate::facts::{FileId, Name, RefKind, Scope};
use crate::rules::{Confidence, Severity};

/// Edges, interfaces and hotspots that are kept for one candidate.
const KEEP: usize = 10;
/// Dependencies that are kept for one step of a cut; their number is kept whole.
const KEEP_IN_CUT: usize = 20;

/// What can be said about one candidate beyond its figures.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Explanation {
    /// The strongest dependencies inside, strongest first, at most ten.
    pub ties: Vec<Tie>,
    /// Files inside that others use: the interface it must offer, most used first, at most ten.
    pub offers: Vec<Interface>,
    /// How many files inside others use.
    pub offered: u32,
    /// Files of other candidates that it uses: the interface it must use, most used first, at most ten.
    pub needs: Vec<Interface>,
    /// How many files of other candidates it uses.
    pub needed: u32,
    /// The cheapest set of dependencies that must go so that it lies on no cycle with other candidates, by pair of candidates.
    pub cut: Vec<CutStep>,
    /// What inside stands in the way of a container, by principle: (id of the principle, findings), sorted by id.
    pub principles: Vec<(Name, u32)>,
    /// Files that change often and are large, most first, at most ten.
    pub hotspots: Vec<Hotspot>,
    /// At least so many people changed it: the most of any of its files. Names are not kept.
    pub authors: u32,
    /// How sure the border is, 0 to 1: the mean over its files of own / (own + second best), as in [`Place`].
    pub confidence: f32,
    /// Per file, in the order of the candidate's files: why here, and where else it could be.
    pub places: Vec<Place>,
}

/// A dependency inside a candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tie {
    /// The file that uses.
    pub from: FileId,
    /// The file that is used.
    pub to: FileId,
    /// Line in `from`.
    pub line: u32,
    /// The strongest kind of use.
    pub kind: RefKind,
    /// Weight, see [`super::Weights`].
    pub weight: f32,
}

/// A file at the border.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interface {
    /// The file that is used.
    pub file: FileId,
    /// Files on the other side that use it.
    pub users: u32,
    /// One of them, and the line there.
    pub example: (FileId, u32),
}

/// Dependencies of one candidate on another that a cut takes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutStep {
    /// The candidate that uses, as index into the list of candidates.
    pub from: u32,
    /// The candidate that is used.
    pub to: u32,
    /// How many dependencies between files these are.
    pub count: u32,
    /// The first of them: (file, file, line).
    pub edges: Vec<(FileId, FileId, u32)>,
}

/// A large file that changes often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hotspot {
    /// The file.
    pub file: FileId,
    /// Commits that changed it.
    pub commits: u32,
    /// Its lines.
    pub lines: u32,
}

/// How strongly a file is bound to its own candidate and to the second best.
///
/// The figures are shares of the weight of all its dependencies, in both directions, and of the tables it touches together
/// with others: 0.6 means that 60 % of what binds it binds it there.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Place {
    /// Share of its own candidate, 0 to 1; 0 where nothing binds it and only its name or folder speaks for the place.
    pub own: f32,
    /// The candidate that it could belong to as well (index into the list of candidates), with its share.
    pub second: Option<(u32, f32)>,
}

impl Explanation {
    /// Follows a new order of the candidates: `place[old]` is the new index.
    pub(super) fn renumber(&mut self, place: &[u32]) {
        for step in &mut self.cut {
            step.from = place[step.from as usize];
            step.to = place[step.to as usize];
        }
        for (second, _) in self.places.iter_mut().filter_map(|place| place.second.as_mut()) {
            *second = place[*second as usize];
        }
    }
}

/// Explains every group; `groups` holds the files of each, `shared` is the index of what stays common.
#[must_use]
pub fn explain(
    inputs: &Inputs<'_>,
    candidate_of: &[Option<u32>],
    groups: &[Vec<u32>],
    shared: u32,
) -> Vec<Explanation> {
    let mut found: Vec<Explanation> = groups.iter().map(|_| Explanation::default()).collect();
    ties(inputs, candidate_of, &mut found);
    interfaces(inputs, candidate_of, shared, &mut found);
    for (index, step) in cut::cheapest(&inputs.graph.edges, candidate_of, groups.len(), shared, KEEP_IN_CUT) {
        found[index as usize].cut.push(step);
    }
    let bound = places(inputs, candidate_of);
    for (explanation, files) in found.iter_mut().zip(groups) {
        explanation.places = files.iter().map(|file| bound[*file as usize]).collect();
        let sure = explanation.places.iter().filter(|place| place.own > 0.0 || place.second.is_some());
        let (sum, count) = sure.fold((0.0, 0_u32), |(sum, count), place| {
            (sum + place.own / (place.own + place.second.map_or(0.0, |second| second.1)).max(f32::EPSILON), count + 1)
        });
        // files without any tie are there by their name or folder alone: half sure
        let loose = files.len() as u32 - count;
        explanation.confidence = (sum + 0.5 * loose as f32) / files.len().max(1) as f32;
        people(inputs, files, explanation);
    }
    for finding in inputs.findings {
        let counted =
            finding.scope == Scope::Main && finding.confidence > Confidence::Low && finding.severity != Severity::Info;
        let inside = candidate_of.get(finding.file.index()).copied().flatten().filter(|_| counted);
        if let Some(inside) = inside {
            let list = &mut found[inside as usize].principles;
            let principle = finding.principle;
            match list.binary_search_by(|(id, _)| id.as_str().cmp(principle)) {
                Ok(at) => list[at].1 += 1,
                Err(at) => list.insert(at, (Name::from(principle), 1)),
            }
        }
    }
    found
}

fn ties(inputs: &Inputs<'_>, candidate_of: &[Option<u32>], found: &mut [Explanation]) {
    for edge in &inputs.graph.edges {
        let (Some(from), Some(to)) = (candidate_of[edge.from.index()], candidate_of[edge.to.index()]) else {
            continue;
        };
        if from != to {
            continue;
        }
        let weight = SETTINGS.weights.of(&edge.kinds) as f32;
        let list = &mut found[from as usize].ties;
        if list.len() == KEEP && list.last().is_some_and(|last| last.weight >= weight) {
            continue;
        }
        let kind = border::strongest(&edge.kinds);
        let at = list.partition_point(|tie| tie.weight >= weight);
        list.insert(at, Tie { from: edge.from, to: edge.to, line: edge.line, kind, weight });
        list.truncate(KEEP);
    }
}

fn interfaces(inputs: &Inputs<'_>, candidate_of: &[Option<u32>], shared: u32, found: &mut [Explanation]) {
    // per (candidate, file): how many files use it across the border, and the first of them
    let mut offers: BTreeMap<(u32, FileId), Interface> = BTreeMap::new();
    let mut needs: BTreeMap<(u32, FileId), Interface> = BTreeMap::new();
    for edge in &inputs.graph.edges {
        let (Some(from), Some(to)) = (candidate_of[edge.from.index()], candidate_of[edge.to.index()]) else {
            continue;
        };
        if from == to || from == shared && to == shared {
            continue;
        }
        let one = Interface { file: edge.to, users: 0, example: (edge.from, edge.line) };
        offers.entry((to, edge.to)).or_insert(one).users += 1;
        if to != shared {
            needs.entry((from, edge.to)).or_insert(one).users += 1;
        }
    }
    for ((candidate, _), interface) in offers {
        found[candidate as usize].offers.push(interface);
    }
    for ((candidate, _), interface) in needs {
        found[candidate as usize].needs.push(interface);
    }
    for explanation in found {
        explanation.offered = explanation.offers.len() as u32;
        explanation.needed = explanation.needs.len() as u32;
        for list in [&mut explanation.offers, &mut explanation.needs] {
            list.sort_by_key(|interface| (std::cmp::Reverse(interface.users), interface.file));
            list.truncate(KEEP);
            list.shrink_to_fit();
        }
    }
}

fn places(inputs: &Inputs<'_>, candidate_of: &[Option<u32>]) -> Vec<Place> {
    let count = candidate_of.len();
    let mut start = vec![0_u32; count + 1];
    let edges = &inputs.graph.edges;
    let inside = |file: FileId| candidate_of[file.index()].is_some();
    for edge in edges.iter().filter(|edge| inside(edge.from) && inside(edge.to)) {
        start[edge.from.index() + 1] += 1;
        start[edge.to.index() + 1] += 1;
    }
    for index in 0..count {
        start[index + 1] += start[index];
    }
    let mut next = start.clone();
    let mut ends = vec![(0_u32, 0.0_f32); start[count] as usize];
    for edge in edges.iter().filter(|edge| inside(edge.from) && inside(edge.to)) {
        let weight = SETTINGS.weights.of(&edge.kinds) as f32;
        for (at, other) in [(edge.from, edge.to), (edge.to, edge.from)] {
            let slot = &mut next[at.index()];
            ends[*slot as usize] = (candidate_of[other.index()].unwrap_or_default(), weight);
            *slot += 1;
        }
    }
    let mut tables: FxHashMap<u32, Vec<(u32, f32)>> = FxHashMap::default();
    for table in &inputs.graph.tables {
        let mut users: Vec<FileId> = table.readers.iter().chain(&table.writers).map(|user| user.0).collect();
        users.sort_unstable();
        users.dedup();
        users.retain(|file| inside(*file));
        if !(2..=20).contains(&users.len()) {
            continue;
        }
        let each = SETTINGS.weights.table as f32 / (users.len() - 1) as f32;
        for &file in &users {
            let others = users.iter().filter(|other| **other != file);
            let list = tables.entry(file.0).or_default();
            list.extend(others.map(|other| (candidate_of[other.index()].unwrap_or_default(), each)));
        }
    }
    let mut weight: BTreeMap<u32, f32> = BTreeMap::new();
    let mut place = |file: usize| -> Place {
        let Some(own) = candidate_of[file] else { return Place::default() };
        weight.clear();
        let slice = &ends[start[file] as usize..start[file + 1] as usize];
        for &(other, value) in slice.iter().chain(tables.get(&(file as u32)).into_iter().flatten()) {
            *weight.entry(other).or_default() += value;
        }
        let all: f32 = weight.values().sum();
        if all <= 0.0 {
            return Place::default();
        }
        let best =
            weight.iter().filter(|(other, _)| **other != own).max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)));
        Place {
            own: weight.get(&own).copied().unwrap_or(0.0) / all,
            second: best.map(|(other, value)| (*other, value / all)),
        }
    };
    (0..count).map(&mut place).collect()
}

fn people(inputs: &Inputs<'_>, files: &[u32], explanation: &mut Explanation) {
    let changes = &inputs.history.changes;
    let mut hot: Vec<Hotspot> = Vec::new();
    for &file in files {
        let Some(churn) = changes.get(file as usize).filter(|churn| churn.commits > 1) else { continue };
        explanation.authors = explanation.authors.max(churn.authors);
        hot.push(Hotspot { file: FileId(file), commits: churn.commits, lines: inputs.files[file as usize].lines });
    }
    // commits times lines: what is both large and busy costs most (the measure of code forensics)
    let heat = |spot: &Hotspot| u64::from(spot.commits) * u64::from(spot.lines);
    hot.sort_by_key(|spot| (std::cmp::Reverse(heat(spot)), spot.file));
    hot.truncate(KEEP);
    hot.shrink_to_fit();
    explanation.hotspots = hot;
}
