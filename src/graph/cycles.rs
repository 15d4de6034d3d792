//! Cycles: strongly connected components of more than one node.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

/// The cycles of a graph of `nodes` nodes, largest first, then by their smallest member; members sorted.
pub(super) fn find<T: Copy + Ord>(nodes: usize, edges: &[(u32, u32)], id: impl Fn(u32) -> T) -> Vec<Vec<T>> {
    let mut graph: DiGraph<(), (), u32> = DiGraph::with_capacity(nodes, edges.len());
    for _ in 0..nodes {
        graph.add_node(());
    }
    for &(from, to) in edges {
        graph.add_edge(from.into(), to.into(), ());
    }
    // Of the two algorithms of petgraph the one that does not recurse: a deep chain of files must not end the program.
    let mut cycles: Vec<Vec<T>> = kosaraju_scc(&graph)
        .into_iter()
        .filter(|component| component.len() > 1)
        .map(|component| {
            let mut members: Vec<T> =
                component.into_iter().filter_map(|node| Some(id(u32::try_from(node.index()).ok()?))).collect();
            members.sort_unstable();
            members
        })
        .collect();
    cycles.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    cycles
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn components_of_more_than_one_are_cycles() {
        let cycles = find(7, &[(0, 1), (1, 0), (1, 2), (4, 3), (3, 5), (5, 4), (6, 0)], |n| n);
        assert_eq!(cycles, vec![vec![3, 4, 5], vec![0, 1]]);
    }

    #[test]
    fn a_long_chain_is_no_danger() {
        let chain: Vec<(u32, u32)> = (0..200_000).map(|n| (n, n + 1)).collect();
        assert!(find(200_001, &chain, |n| n).is_empty());
    }
}
