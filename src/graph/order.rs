//! Order of rows for the dependency structure matrix.

use super::{ModuleEdge, ModuleId};

/// An order with few back edges: users before what they use, so that the marks of a layered system lie on one side of the
/// diagonal. Greedy heuristic of Eades, Lin and Smyth (1993): sinks go to the end, sources to the front, otherwise the node
/// with the greatest surplus of outgoing weight goes to the front. Ties are broken by the id, so the order is stable.
pub(super) fn fewest_back_edges(modules: usize, edges: &[ModuleEdge]) -> Vec<ModuleId> {
    let (mut out, mut into) = (vec![0i64; modules], vec![0i64; modules]);
    let mut incident: Vec<Vec<(usize, i64, bool)>> = vec![Vec::new(); modules];
    for edge in edges {
        let (from, to, weight) = (edge.from.index(), edge.to.index(), i64::from(edge.files));
        if from >= modules || to >= modules || from == to {
            continue;
        }
        out[from] += weight;
        into[to] += weight;
        incident[from].push((to, weight, true));
        incident[to].push((from, weight, false));
    }
    let mut left: Vec<usize> = (0..modules).collect();
    let (mut front, mut back) = (Vec::with_capacity(modules), Vec::new());
    while !left.is_empty() {
        let sink = left.iter().rposition(|&node| out[node] == 0);
        let chosen = sink.or_else(|| left.iter().position(|&node| into[node] == 0)).or_else(|| {
            (0..left.len()).max_by_key(|&at| (out[left[at]] - into[left[at]], std::cmp::Reverse(left[at])))
        });
        let Some(at) = chosen else { break };
        let node = left.remove(at);
        for &(other, weight, leaving) in &incident[node] {
            if leaving {
                into[other] -= weight;
            } else {
                out[other] -= weight;
            }
        }
        if sink.is_some() { back.push(node) } else { front.push(node) }
    }
    front.extend(back.into_iter().rev());
    front.into_iter().filter_map(|node| Some(ModuleId(u32::try_from(node).ok()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::{ModuleEdge, ModuleId, fewest_back_edges};

    fn edge(from: u32, to: u32, files: u32) -> ModuleEdge {
        ModuleEdge { from: ModuleId(from), to: ModuleId(to), files, uses: files }
    }

    #[test]
    fn users_stand_before_what_they_use() {
        let order = fewest_back_edges(4, &[edge(3, 0, 5), edge(0, 2, 5), edge(2, 1, 5), edge(1, 3, 1)]);
        assert_eq!(order, [3, 0, 2, 1].map(ModuleId).to_vec(), "only the weak edge points back");
    }
}
