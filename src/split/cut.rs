//! The cheapest way out of the cycles among candidates: a minimum cut.

use std::collections::{BTreeMap, VecDeque};

use super::explain::CutStep;
use crate::facts::FileId;
use crate::graph::Dependency;

/// Dependencies between files: from, to, line.
type Uses = Vec<(FileId, FileId, u32)>;

/// Per candidate the dependencies that must go so that it lies on no cycle with other candidates, at the least cost.
///
/// Candidates are the nodes, the number of dependencies between their files is the capacity. A candidate is taken apart into
/// a source (what it uses) and a sink (what uses it); what a maximum flow between them saturates is the minimum cut
/// (Ford, Fulkerson 1956; shortest augmenting paths after Edmonds, Karp 1972). `shared` comes along as a library and is left
/// out. Sorted by candidate, then by the pair; each step keeps the first `keep` dependencies.
#[must_use]
pub fn cheapest(
    edges: &[Dependency],
    candidate_of: &[Option<u32>],
    count: usize,
    shared: u32,
    keep: usize,
) -> Vec<(u32, CutStep)> {
    let mut between: BTreeMap<(u32, u32), (u32, Uses)> = BTreeMap::new();
    for edge in edges {
        if let (Some(from), Some(to)) = (candidate_of[edge.from.index()], candidate_of[edge.to.index()])
            && from != to
            && from != shared
            && to != shared
        {
            let slot = between.entry((from, to)).or_default();
            slot.0 += 1;
            if slot.1.len() < keep {
                slot.1.push((edge.from, edge.to, edge.line));
            }
        }
    }
    let capacity: BTreeMap<(u32, u32), u32> = between.iter().map(|(pair, (uses, _))| (*pair, *uses)).collect();
    let mut found = Vec::new();
    for candidate in (0..count as u32).filter(|candidate| *candidate != shared) {
        for pair in around(candidate, &capacity, count) {
            if let Some((count, list)) = between.get(&pair) {
                let step = CutStep { from: pair.0, to: pair.1, count: *count, edges: list.clone() };
                found.push((candidate, step));
            }
        }
    }
    found
}

/// The pairs of the minimum cut that takes one node off all cycles.
fn around(node: u32, capacity: &BTreeMap<(u32, u32), u32>, count: usize) -> Vec<(u32, u32)> {
    // what leads into the node leads into the sink, numbered after all others
    let sink = count as u32;
    let target = |to: u32| if to == node { sink } else { to };
    let mut left: Vec<BTreeMap<u32, u32>> = vec![BTreeMap::new(); count + 1];
    for (&(from, to), &uses) in capacity {
        *left[from as usize].entry(target(to)).or_default() += uses;
    }
    let reached = loop {
        let mut before: Vec<Option<u32>> = vec![None; count + 1];
        let mut open = VecDeque::from([node]);
        let mut seen = vec![false; count + 1];
        seen[node as usize] = true;
        while let Some(at) = open.pop_front() {
            for (&to, _) in left[at as usize].iter().filter(|(_, free)| **free > 0) {
                if !std::mem::replace(&mut seen[to as usize], true) {
                    before[to as usize] = Some(at);
                    open.push_back(to);
                }
            }
        }
        if !seen[sink as usize] {
            break seen;
        }
        let path: Vec<(u32, u32)> =
            std::iter::successors(before[sink as usize].map(|from| (from, sink)), |&(at, _)| {
                before[at as usize].map(|from| (from, at))
            })
            .collect();
        let free = |&(from, to): &(u32, u32)| left[from as usize].get(&to).copied().unwrap_or(0);
        let flow = path.iter().map(free).min().unwrap_or(0);
        for (from, to) in path {
            if let Some(free) = left[from as usize].get_mut(&to) {
                *free -= flow;
            }
            *left[to as usize].entry(from).or_default() += flow;
        }
    };
    let cut = |&&(from, to): &&(u32, u32)| reached[from as usize] && !reached[target(to) as usize];
    capacity.keys().filter(cut).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weak_direction_is_cut_and_who_is_on_no_cycle_needs_none() {
        let capacity = BTreeMap::from([((0, 1), 9), ((1, 0), 2), ((1, 2), 4), ((2, 1), 3), ((3, 0), 1)]);
        assert_eq!(around(0, &capacity, 4), [(1, 0)]);
        assert_eq!(around(1, &capacity, 4), [(1, 0), (2, 1)]);
        assert_eq!(around(3, &capacity, 4), []);
    }

    #[test]
    fn a_long_cycle_is_cut_at_its_thinnest_place() {
        let capacity = BTreeMap::from([((0, 1), 5), ((1, 2), 1), ((2, 0), 5)]);
        for node in 0..3 {
            assert_eq!(around(node, &capacity, 3), [(1, 2)]);
        }
    }
}
