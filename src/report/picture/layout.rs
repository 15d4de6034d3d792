//! Where the boxes go: who uses stands above who is used, as far as cycles allow.

use super::Picture;

/// Boxes in one row at most.
const WIDE: usize = 6;
/// Passes that sort the rows by their neighbours.
const PASSES: usize = 8;

/// The rows of a picture, from above, each from left to right.
#[must_use]
pub fn rows(picture: &Picture) -> Vec<Vec<usize>> {
    let count = picture.nodes.len();
    let order = order(picture);
    let mut place = vec![0; count];
    for (index, node) in order.iter().enumerate() {
        place[*node] = index;
    }
    let mut rank = vec![0_usize; count];
    for &node in &order {
        for edge in picture.edges.iter().filter(|edge| edge.from == node && place[edge.to] > place[node]) {
            rank[edge.to] = rank[edge.to].max(rank[node] + 1);
        }
    }
    let used: Vec<bool> =
        (0..count).map(|node| picture.edges.iter().any(|edge| edge.from == node || edge.to == node)).collect();
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); rank.iter().max().map_or(0, |rank| rank + 1)];
    for &node in order.iter().filter(|node| used[**node]) {
        rows[rank[node]].push(node);
    }
    // what nobody uses and what uses nobody stands below all others
    rows.push(order.iter().copied().filter(|node| !used[*node]).collect());
    let mut rows: Vec<Vec<usize>> = rows.into_iter().filter(|row| !row.is_empty()).collect();
    for pass in 0..PASSES {
        sort(picture, &mut rows, pass % 2 == 0);
    }
    rows.into_iter()
        .flat_map(|row| {
            // a wide row becomes several of about the same width
            let parts = row.len().div_ceil(WIDE);
            let width = row.len().div_ceil(parts.max(1));
            row.chunks(width.max(1)).map(<[usize]>::to_vec).collect::<Vec<_>>()
        })
        .collect()
}

/// An order with few arrows backwards: sources first, sinks last, in between the one that gives most more than it takes
/// (Eades, Lin, Smyth 1993).
fn order(picture: &Picture) -> Vec<usize> {
    let count = picture.nodes.len();
    let mut left: Vec<bool> = vec![true; count];
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let balance = |node: usize| {
            let open = picture.edges.iter().filter(|edge| left[edge.from] && left[edge.to]);
            open.fold((0_i64, 0_i64), |(out, into), edge| {
                let uses = i64::from(edge.uses);
                (out + if edge.from == node { uses } else { 0 }, into + if edge.to == node { uses } else { 0 })
            })
        };
        let open: Vec<(usize, (i64, i64))> =
            (0..count).filter(|node| left[*node]).map(|node| (node, balance(node))).collect();
        let sink = open.iter().rev().find(|(_, (out, _))| *out == 0);
        let best = open.iter().max_by_key(|(node, (out, into))| (out - into, std::cmp::Reverse(*node)));
        let Some((node, is_sink)) = sink.map(|(node, _)| (*node, true)).or(best.map(|(node, _)| (*node, false))) else {
            break;
        };
        left[node] = false;
        if is_sink { tail.push(node) } else { head.push(node) }
    }
    head.extend(tail.into_iter().rev());
    head
}

/// Sorts each row by the mean place of the neighbours in all other rows above (or below) it.
fn sort(picture: &Picture, rows: &mut [Vec<usize>], down: bool) {
    let mut at = vec![(0_usize, 0.0_f64); picture.nodes.len()];
    for (row, nodes) in rows.iter().enumerate() {
        for (index, node) in nodes.iter().enumerate() {
            at[*node] = (row, (index as f64 + 0.5) / nodes.len() as f64);
        }
    }
    let count = rows.len();
    for step in 0..count {
        let row = if down { step } else { count - 1 - step };
        let mean = |node: usize| {
            let mut sum = (0.0, 0.0);
            for edge in picture.edges.iter().filter(|edge| edge.from == node || edge.to == node) {
                let (other_row, place) = at[if edge.from == node { edge.to } else { edge.from }];
                if other_row != row && (other_row < row) == down {
                    sum = (sum.0 + place, sum.1 + 1.0);
                }
            }
            if sum.1 > 0.0 { sum.0 / sum.1 } else { at[node].1 }
        };
        let mut sorted: Vec<(f64, usize)> = rows[row].iter().map(|node| (mean(*node), *node)).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (index, (_, node)) in sorted.iter().enumerate() {
            at[*node].1 = (index as f64 + 0.5) / sorted.len() as f64;
        }
        rows[row] = sorted.into_iter().map(|(_, node)| node).collect();
    }
}
