//! Leiden community detection (Traag, Waltman, van Eck 2019) on a weighted, undirected network.
//!
//! Own implementation: quality is modularity with a resolution parameter. Instead of the random choice of the paper, the
//! refinement takes the best well-connected neighbour, so that one input always gives one result; the order in which nodes
//! are visited comes from a fixed seed.

use std::collections::VecDeque;

/// Smallest gain that counts; below it, rounding would move nodes back and forth.
const EPSILON: f64 = 1e-10;

/// A weighted, undirected network in compressed rows.
#[derive(Debug, Clone, Default)]
pub struct Network {
    offsets: Vec<usize>,
    links: Vec<(u32, f64)>,
    /// Weight inside a node (after aggregation), each inner edge counted once.
    inner: Vec<f64>,
    /// Sum of the weights at a node, inner weight twice.
    strength: Vec<f64>,
    /// Sum of all strengths: twice the weight of all edges.
    total: f64,
}

impl Network {
    /// Builds a network of `nodes` nodes; weights of edges between the same nodes are summed, edges of a node to itself
    /// count as inner weight, edges without positive weight are left out.
    #[must_use]
    pub fn new(nodes: usize, edges: &[(u32, u32, f64)]) -> Self {
        let mut inner = vec![0.0; nodes];
        let mut both = Vec::with_capacity(edges.len() * 2);
        for &(a, b, weight) in edges {
            if weight <= 0.0 {
                continue;
            }
            if a == b {
                inner[a as usize] += weight;
            } else {
                both.push((a, b, weight));
                both.push((b, a, weight));
            }
        }
        Self::from_directed(inner, both)
    }

    fn from_directed(inner: Vec<f64>, mut both: Vec<(u32, u32, f64)>) -> Self {
        both.sort_by_key(|&(a, b, _)| (a, b));
        let nodes = inner.len();
        let mut offsets = vec![0; nodes + 1];
        let mut links: Vec<(u32, f64)> = Vec::with_capacity(both.len());
        let mut last = None;
        for (a, b, weight) in both {
            if last == Some((a, b)) {
                if let Some(link) = links.last_mut() {
                    link.1 += weight;
                }
            } else {
                links.push((b, weight));
                offsets[a as usize + 1] += 1;
                last = Some((a, b));
            }
        }
        for index in 0..nodes {
            offsets[index + 1] += offsets[index];
        }
        let strength: Vec<f64> = (0..nodes)
            .map(|v| 2.0 * inner[v] + links[offsets[v]..offsets[v + 1]].iter().map(|link| link.1).sum::<f64>())
            .collect();
        let total = strength.iter().sum();
        Network { offsets, links, inner, strength, total }
    }

    /// Number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.len()
    }

    /// True for a network without nodes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner.is_empty()
    }

    /// Neighbours of a node with the weight of the edge, sorted by node.
    #[must_use]
    pub fn links(&self, node: usize) -> &[(u32, f64)] {
        &self.links[self.offsets[node]..self.offsets[node + 1]]
    }

    /// The part of the network between these nodes (sorted); node `i` of it is `nodes[i]`.
    #[must_use]
    pub fn part(&self, nodes: &[u32]) -> Network {
        let mut place = vec![u32::MAX; self.len()];
        for (new, &old) in nodes.iter().enumerate() {
            place[old as usize] = new as u32;
        }
        let inner = nodes.iter().map(|&v| self.inner[v as usize]).collect();
        let mut both = Vec::new();
        for (new, &old) in nodes.iter().enumerate() {
            for &(other, weight) in self.links(old as usize) {
                if place[other as usize] != u32::MAX {
                    both.push((new as u32, place[other as usize], weight));
                }
            }
        }
        Self::from_directed(inner, both)
    }

    /// Modularity of a partition: sum over communities of inner weight share minus `resolution` times the expected share.
    #[must_use]
    pub fn modularity(&self, partition: &[u32], resolution: f64) -> f64 {
        if self.total <= 0.0 {
            return 0.0;
        }
        let count = partition.iter().max().map_or(0, |&c| c as usize + 1);
        let mut inside = vec![0.0; count];
        let mut strength = vec![0.0; count];
        for v in 0..self.len() {
            let own = partition[v];
            strength[own as usize] += self.strength[v];
            inside[own as usize] += 2.0 * self.inner[v];
            for &(other, weight) in self.links(v) {
                if partition[other as usize] == own {
                    inside[own as usize] += weight;
                }
            }
        }
        inside.iter().zip(&strength).map(|(i, s)| i / self.total - resolution * (s / self.total).powi(2)).sum()
    }

    /// One node per community; inner weights and edges are summed up.
    fn aggregate(&self, partition: &[u32], count: usize) -> Network {
        let mut inner = vec![0.0; count];
        let mut both = Vec::with_capacity(self.links.len());
        for v in 0..self.len() {
            let own = partition[v];
            inner[own as usize] += self.inner[v];
            for &(other, weight) in self.links(v) {
                let community = partition[other as usize];
                if community == own {
                    // each inner edge is seen from both of its ends
                    inner[own as usize] += weight / 2.0;
                } else {
                    both.push((own, community, weight));
                }
            }
        }
        Self::from_directed(inner, both)
    }
}

/// Community of each node, numbered from 0 in the order of the first node. Higher `resolution` gives smaller communities.
#[must_use]
pub fn leiden(network: &Network, resolution: f64, seed: u64) -> Vec<u32> {
    let mut partition: Vec<u32> = (0..network.len() as u32).collect();
    if network.total <= 0.0 {
        return partition;
    }
    // The published algorithm is iterated; after the third round there is next to nothing left to gain.
    for round in 0..3 {
        let before = partition.clone();
        partition = iterate(network, partition, resolution, seed.wrapping_add(round));
        if partition == before {
            break;
        }
    }
    partition
}

fn iterate(network: &Network, start: Vec<u32>, resolution: f64, seed: u64) -> Vec<u32> {
    let mut random = Shuffle::new(seed);
    let mut level = network.clone();
    let mut partition = start;
    // node of the present level that each node of the original network went into
    let mut node_of: Vec<u32> = (0..network.len() as u32).collect();
    loop {
        let order = random.order(level.len());
        move_nodes(&level, &mut partition, resolution, &order);
        let count = renumber(&mut partition);
        if count == level.len() {
            break;
        }
        let mut refined = refine(&level, &partition, count, resolution, &order);
        let mut refined_count = renumber(&mut refined);
        if refined_count == level.len() {
            refined.clone_from(&partition);
            refined_count = count;
        }
        let mut next = vec![0; refined_count];
        for v in 0..level.len() {
            next[refined[v] as usize] = partition[v];
        }
        level = level.aggregate(&refined, refined_count);
        for node in &mut node_of {
            *node = refined[*node as usize];
        }
        partition = next;
    }
    let mut result: Vec<u32> = node_of.iter().map(|&node| partition[node as usize]).collect();
    renumber(&mut result);
    result
}

/// Weights from one node to the communities around it, with a list of those touched.
struct Around {
    weight: Vec<f64>,
    touched: Vec<u32>,
}

impl Around {
    fn new(count: usize) -> Self {
        Around { weight: vec![0.0; count], touched: Vec::new() }
    }
    fn add(&mut self, community: u32, weight: f64) {
        if self.weight[community as usize] == 0.0 {
            self.touched.push(community);
        }
        self.weight[community as usize] += weight;
    }
    fn clear(&mut self) {
        for community in self.touched.drain(..) {
            self.weight[community as usize] = 0.0;
        }
    }
}

/// Local moving with a queue: whoever's neighbour moved is looked at again.
fn move_nodes(network: &Network, partition: &mut [u32], resolution: f64, order: &[u32]) {
    let nodes = network.len();
    let mut strength = vec![0.0; nodes];
    let mut members = vec![0_u32; nodes];
    for v in 0..nodes {
        strength[partition[v] as usize] += network.strength[v];
        members[partition[v] as usize] += 1;
    }
    let mut empty: Vec<u32> = (0..nodes as u32).filter(|&c| members[c as usize] == 0).collect();
    let mut queue: VecDeque<u32> = order.iter().copied().collect();
    let mut queued = vec![true; nodes];
    let mut around = Around::new(nodes);
    // Each move raises the quality, so the queue empties; the budget only guards against rounding.
    let mut budget = nodes.saturating_mul(200);
    while let Some(v) = queue.pop_front() {
        let v = v as usize;
        queued[v] = false;
        if budget == 0 {
            break;
        }
        budget -= 1;
        let own = partition[v];
        for &(other, weight) in network.links(v) {
            around.add(partition[other as usize], weight);
        }
        strength[own as usize] -= network.strength[v];
        members[own as usize] -= 1;
        let share = resolution * network.strength[v] / network.total;
        let mut best = own;
        let mut best_gain = around.weight[own as usize] - share * strength[own as usize];
        for &community in &around.touched {
            let gain = around.weight[community as usize] - share * strength[community as usize];
            if gain > best_gain + EPSILON || (best != own && gain > best_gain - EPSILON && community < best) {
                best = community;
                best_gain = gain;
            }
        }
        if best_gain < -EPSILON
            && members[own as usize] > 0
            && let Some(community) = empty.pop()
        {
            best = community;
        }
        around.clear();
        strength[best as usize] += network.strength[v];
        members[best as usize] += 1;
        if best == own {
            continue;
        }
        if members[own as usize] == 0 {
            empty.push(own);
        }
        partition[v] = best;
        for &(other, _) in network.links(v) {
            if partition[other as usize] != best && !queued[other as usize] {
                queued[other as usize] = true;
                queue.push_back(other);
            }
        }
    }
}

/// Refinement: inside each community, nodes start alone and join well-connected neighbours, so that no community hangs
/// together only through a node that has left it.
fn refine(network: &Network, partition: &[u32], count: usize, resolution: f64, order: &[u32]) -> Vec<u32> {
    let nodes = network.len();
    let mut refined: Vec<u32> = (0..nodes as u32).collect();
    let mut strength = network.strength.clone();
    let mut alone = vec![true; nodes];
    let mut whole = vec![0.0; count];
    for v in 0..nodes {
        whole[partition[v] as usize] += network.strength[v];
    }
    let outward = |v: usize| -> f64 {
        let links = network.links(v).iter();
        links.filter(|(other, _)| partition[*other as usize] == partition[v]).map(|link| link.1).sum()
    };
    // weight from each refined community to the rest of the community that it lies in
    let mut cut: Vec<f64> = (0..nodes).map(outward).collect();
    let mut around = Around::new(nodes);
    for &v in order {
        let v = v as usize;
        let all = whole[partition[v] as usize];
        let k = network.strength[v];
        if !alone[v] || cut[v] + EPSILON < resolution * k * (all - k) / network.total {
            continue;
        }
        for &(other, weight) in network.links(v) {
            if partition[other as usize] == partition[v] {
                around.add(refined[other as usize], weight);
            }
        }
        let mut best: Option<(u32, f64)> = None;
        for &community in &around.touched {
            let c = community as usize;
            if cut[c] + EPSILON < resolution * strength[c] * (all - strength[c]) / network.total {
                continue;
            }
            let gain = around.weight[c] - resolution * k * strength[c] / network.total;
            if gain > EPSILON && best.is_none_or(|(known, high)| gain > high || (gain == high && community < known)) {
                best = Some((community, gain));
            }
        }
        if let Some((community, _)) = best {
            let c = community as usize;
            cut[c] += cut[v] - 2.0 * around.weight[c];
            strength[c] += k;
            refined[v] = community;
            // a community is named after its first node, which must stay in it
            alone[c] = false;
            alone[v] = false;
        }
        around.clear();
    }
    refined
}

/// Numbers communities from 0 in the order of their first node; returns how many there are.
fn renumber(partition: &mut [u32]) -> usize {
    let bound = partition.iter().max().map_or(0, |&c| c as usize + 1);
    let mut number = vec![u32::MAX; bound];
    let mut count = 0;
    for community in partition {
        let slot = &mut number[*community as usize];
        if *slot == u32::MAX {
            *slot = count;
            count += 1;
        }
        *community = *slot;
    }
    count as usize
}

/// A small generator (xorshift64*) for visiting orders; the same seed gives the same order everywhere.
pub struct Shuffle(u64);

impl Shuffle {
    /// A generator with this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Shuffle(seed | 1)
    }
    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
    fn order(&mut self, count: usize) -> Vec<u32> {
        let mut order: Vec<u32> = (0..count as u32).collect();
        for index in (1..count).rev() {
            order.swap(index, (self.next() % (index as u64 + 1)) as usize);
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::{Network, Shuffle, leiden};

    fn planted(groups: u32, size: u32, inside: u64, across: u64, seed: u64) -> Vec<(u32, u32, f64)> {
        let mut random = Shuffle(seed);
        let mut edges = Vec::new();
        for a in 0..groups * size {
            for b in 0..a {
                let chance = if a / size == b / size { inside } else { across };
                if random.next() % 1000 < chance {
                    edges.push((b, a, 1.0));
                }
            }
        }
        edges
    }

    #[test]
    fn finds_planted_groups() {
        let network = Network::new(60, &planted(4, 15, 500, 10, 7));
        let partition = leiden(&network, 1.0, 1);
        for (v, community) in partition.iter().enumerate() {
            assert_eq!(*community as usize, v / 15, "node {v}");
        }
    }

    #[test]
    fn is_about_as_good_as_the_reference_library() {
        for seed in 1..6 {
            let edges = planted(6, 20, 250, 30, seed * 977);
            let network = Network::new(120, &edges);
            let own = network.modularity(&leiden(&network, 1.0, 1), 1.0);
            let mut builder = leiden_rs::GraphDataBuilder::new(120);
            for &(a, b, weight) in &edges {
                builder.add_edge(a as usize, b as usize, weight).unwrap();
            }
            let graph = builder.build().unwrap();
            let oracle = leiden_rs::Leiden::new(leiden_rs::LeidenConfig::default()).run(&graph).unwrap();
            let theirs: Vec<u32> = (0..120).map(|v| oracle.partition.community_of(v) as u32).collect();
            let theirs = network.modularity(&theirs, 1.0);
            assert!(own > theirs - 0.01, "seed {seed}: {own} against {theirs}");
        }
    }

    #[test]
    fn resolution_makes_smaller_communities_and_result_repeats() {
        let network = Network::new(80, &planted(4, 20, 300, 20, 3));
        let count = |resolution| leiden(&network, resolution, 1).iter().max().copied().unwrap();
        assert!(count(4.0) > count(0.5));
        assert_eq!(leiden(&network, 1.0, 1), leiden(&network, 1.0, 1));
    }

    #[test]
    fn nodes_without_edges_stay_alone() {
        assert_eq!(leiden(&Network::new(3, &[]), 1.0, 1), [0, 1, 2]);
        assert_eq!(leiden(&Network::new(3, &[(0, 2, 1.0)]), 1.0, 1), [0, 1, 0]);
    }
}
