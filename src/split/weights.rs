//! How strongly two files hold together: weights of the edges of the network that candidates are found in.

use rustc_hash::FxHashMap;

use super::cluster::Network;
use crate::facts::{FileId, Name};
use crate::git::History;
use crate::graph::{EdgeKinds, Graph};

/// Weight of one use, by its kind. Inheritance and construction bind at build and run time; an import alone may be unused.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Extends, implements, mixes in.
    pub inherit: f64,
    /// Constructions.
    pub create: f64,
    /// Calls.
    pub call: f64,
    /// Named as a type.
    pub type_use: f64,
    /// Imports and other uses of the name.
    pub import: f64,
    /// Resolved by a framework's loader.
    pub loader: f64,
    /// Touching the same table, shared out among the files that touch it.
    pub table: f64,
    /// Changing together: times the degree, 0 to 1.
    pub change: f64,
    /// Having the same rare domain term in the name; binds files that frameworks wire up without a reference.
    pub term: f64,
}

/// The weights in use.
pub const WEIGHTS: Weights = Weights {
    inherit: 3.0,
    create: 2.0,
    call: 1.5,
    type_use: 1.0,
    import: 0.5,
    loader: 1.0,
    table: 3.0,
    change: 3.0,
    term: 0.5,
};

/// Tables and terms that more files than this share say nothing about what belongs together.
const MOST_SHARING: usize = 20;

impl Weights {
    /// Weight of a file-to-file edge. Repeated uses count with the root of their number: the tenth call binds less than the first.
    #[must_use]
    pub fn of(&self, kinds: &EdgeKinds) -> f64 {
        let part = |weight: f64, count: u32| weight * f64::from(count).sqrt();
        part(self.inherit, kinds.inherit)
            + part(self.create, kinds.create)
            + part(self.call, kinds.call)
            + part(self.type_use, kinds.type_use)
            + part(self.import, kinds.import + kinds.name)
            + part(self.loader, kinds.loader)
    }
}

/// The network of some files (sorted by id): dependencies, shared tables, changes together, shared rare terms.
///
/// Edges to a file that many use are divided by the logarithm of its fan-in, so that one hub does not pull everything together.
#[must_use]
pub fn network(files: &[FileId], all: usize, graph: &Graph, history: &History, terms: &[Vec<(Name, u32)>]) -> Network {
    let mut place = vec![u32::MAX; all];
    for (index, file) in files.iter().enumerate() {
        place[file.index()] = index as u32;
    }
    let at = |file: FileId| place.get(file.index()).copied().filter(|&p| p != u32::MAX);
    let mut fan_in = vec![0_u32; files.len()];
    for edge in &graph.edges {
        if let (Some(_), Some(to)) = (at(edge.from), at(edge.to)) {
            fan_in[to as usize] += 1;
        }
    }
    let mut edges = Vec::with_capacity(graph.edges.len());
    for edge in &graph.edges {
        if let (Some(from), Some(to)) = (at(edge.from), at(edge.to)) {
            let hub = (1.0 + f64::from(fan_in[to as usize])).log2().max(1.0);
            edges.push((from, to, WEIGHTS.of(&edge.kinds) / hub));
        }
    }
    for table in &graph.tables {
        let mut users: Vec<u32> =
            table.readers.iter().chain(&table.writers).filter_map(|(file, _)| at(*file)).collect();
        users.sort_unstable();
        users.dedup();
        clique(&users, WEIGHTS.table, &mut edges);
    }
    for pair in &history.pairs {
        if let (Some(a), Some(b)) = (at(pair.a), at(pair.b)) {
            edges.push((a, b, WEIGHTS.change * f64::from(pair.degree)));
        }
    }
    let mut sharing: FxHashMap<&Name, Vec<u32>> = FxHashMap::default();
    for (index, file) in files.iter().enumerate() {
        for (word, weight) in &terms[file.index()] {
            if *weight > 1 {
                sharing.entry(word).or_default().push(index as u32);
            }
        }
    }
    let mut groups: Vec<Vec<u32>> = sharing.into_values().collect();
    groups.sort_unstable();
    for group in &groups {
        clique(group, WEIGHTS.term, &mut edges);
    }
    Network::new(files.len(), &edges)
}

/// Connects each with each; `weight` is what one member gets from all others together.
fn clique(members: &[u32], weight: f64, edges: &mut Vec<(u32, u32, f64)>) {
    if members.len() < 2 || members.len() > MOST_SHARING {
        return;
    }
    let each = weight / (members.len() - 1) as f64;
    for (index, &a) in members.iter().enumerate() {
        edges.extend(members[index + 1..].iter().map(|&b| (a, b, each)));
    }
}
