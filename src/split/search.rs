//! Search for the best division of a small repository: the objective itself instead of modularity.
//!
//! `objective = modularity * ln SM + evidence * ln(1 - cut) + interfaces * ln(1 - crossing) + sizes * ln(sized)`
//!
//! SM is structural modularity: the mean over the parts of their inner pairs by the square of their size, less the mean over
//! pairs of parts of the pairs between them by the product of their sizes (Mancoridis et al. 1998, as the field computes it).
//! `cut` is the share of the evidence's weight between parts, `crossing` the share of pairs of dependent files between parts,
//! `sized` the share of files in parts of service size, falling off gradually on both sides. All terms are 0 to 1.

use super::cluster::{Network, Shuffle, leiden};
use super::evidence::Evidence;
use super::settings::Search;

/// The objective's terms are at least this, so that one bad term does not hide the others.
const FLOOR: f64 = 0.05;
/// Structural modularity is small by its nature.
const FLOOR_MODULARITY: f64 = 0.005;
/// Gains below this are rounding.
const EPSILON: f64 = 1e-9;
/// Rounds of moves and of merges at most; both end by themselves long before.
const ROUNDS: usize = 30;

/// Divides the files; `start` turns the communities of the network into a first division (files first, then other nodes).
/// The result is the part of each file, numbered from 0 in the order of the files.
#[must_use]
pub fn best(evidence: &Evidence, search: &Search, seed: u64, start: &dyn Fn(Vec<u32>) -> Vec<u32>) -> Vec<u32> {
    let mut best: Option<(f64, Vec<u32>)> = None;
    for resolution in &search.starts {
        let mut state = State::new(evidence, search, start(leiden(&evidence.network, *resolution, seed)));
        let mut value = state.optimise();
        let mut random = Shuffle::new(seed);
        for _ in 0..search.kicks {
            let before = state.part.clone();
            state.kick(&mut random);
            let after = state.optimise();
            if after > value + EPSILON {
                value = after;
            } else {
                state.part = before;
                state.count_anew();
            }
        }
        if best.as_ref().is_none_or(|(known, _)| value > known + EPSILON) {
            best = Some((value, state.part[..evidence.files].to_vec()));
        }
    }
    best.map_or_else(|| vec![0; evidence.files], |(_, part)| part)
}

/// The sums that the objective is made of.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    cohesion: f64,
    coupling: f64,
    sized: f64,
    parts: f64,
    crossing: f64,
    cut: f64,
}

struct State<'a> {
    network: &'a Network,
    search: &'a Search,
    files: usize,
    /// Part of each node.
    part: Vec<u32>,
    parts: usize,
    /// Neighbours by dependency, per file.
    near: Vec<Vec<u32>>,
    pairs: f64,
    weight: f64,
    /// 1 for files that depend on something or are depended on, 0 for others: they have no say in sizes.
    counts: Vec<f64>,
    all: f64,
    smallest: f64,
    largest: f64,
    size: Vec<f64>,
    /// Pairs between two parts, and inside on the diagonal.
    between: Vec<f64>,
    sums: Sums,
}

impl<'a> State<'a> {
    fn new(evidence: &'a Evidence, search: &'a Search, part: Vec<u32>) -> Self {
        let files = evidence.files;
        let mut near = vec![Vec::new(); files];
        for &(a, b) in &evidence.pairs {
            near[a as usize].push(b);
            near[b as usize].push(a);
        }
        let counts: Vec<f64> = near.iter().map(|list| if list.is_empty() { 0.0 } else { 1.0 }).collect();
        let all: f64 = counts.iter().sum();
        let network = &evidence.network;
        let weight = (0..network.len()).flat_map(|node| network.links(node)).map(|link| link.1).sum::<f64>() / 2.0;
        let smallest = search.smallest as f64;
        let mut state = State {
            network,
            search,
            files,
            part,
            parts: 0,
            near,
            pairs: evidence.pairs.len().max(1) as f64,
            weight: weight.max(EPSILON),
            counts,
            all: all.max(1.0),
            smallest,
            largest: search.largest.min(all * search.largest_share).max(smallest),
            size: Vec::new(),
            between: Vec::new(),
            sums: Sums::default(),
        };
        state.count_anew();
        state
    }

    /// Numbers the parts in the order of their first file and counts everything from scratch.
    fn count_anew(&mut self) {
        let bound = self.part.iter().max().map_or(0, |part| *part as usize + 1);
        let mut number = vec![u32::MAX; bound];
        let mut count = 0;
        for part in &self.part[..self.files] {
            let slot = &mut number[*part as usize];
            if *slot == u32::MAX {
                *slot = count;
                count += 1;
            }
        }
        for part in &mut self.part {
            let known = number[*part as usize];
            *part = if known == u32::MAX { 0 } else { known };
        }
        let parts = count as usize;
        self.parts = parts;
        self.size = vec![0.0; parts];
        self.between = vec![0.0; parts * parts];
        self.sums = Sums::default();
        for file in 0..self.files {
            let own = self.part[file] as usize;
            self.size[own] += self.counts[file];
            for other in self.near[file].iter().filter(|other| **other as usize > file) {
                let other = self.part[*other as usize] as usize;
                self.between[own * parts + other] += 1.0;
                if own != other {
                    self.between[other * parts + own] += 1.0;
                    self.sums.crossing += 1.0;
                }
            }
        }
        for node in 0..self.network.len() {
            let links = self.network.links(node).iter().filter(|link| link.0 as usize > node);
            self.sums.cut +=
                links.filter(|link| self.part[link.0 as usize] != self.part[node]).map(|link| link.1).sum::<f64>();
        }
        for a in (0..parts).filter(|part| self.size[*part] > 0.0) {
            self.sums.parts += 1.0;
            self.sums.cohesion += self.cohesion(a);
            self.sums.sized += self.sized(self.size[a]);
            self.sums.coupling +=
                (0..a).map(|b| coupling(self.between[a * parts + b], self.size[a], self.size[b])).sum::<f64>();
        }
    }

    fn cohesion(&self, part: usize) -> f64 {
        if self.size[part] > 0.0 { self.between[part * self.parts + part] / self.size[part].powi(2) } else { 0.0 }
    }

    /// How many of `size` files count as in a part of service size.
    fn sized(&self, size: f64) -> f64 {
        if size < self.smallest {
            size * (size / self.smallest).powi(2)
        } else if size > self.largest {
            size * (self.largest / size).powi(2)
        } else {
            size
        }
    }

    fn objective(&self, sums: &Sums) -> f64 {
        if sums.parts < 2.0 {
            return -100.0;
        }
        let modularity = sums.cohesion / sums.parts - 2.0 * sums.coupling / (sums.parts * (sums.parts - 1.0));
        self.search.modularity * modularity.max(FLOOR_MODULARITY).ln()
            + self.search.evidence * (1.0 - sums.cut / self.weight).max(FLOOR).ln()
            + self.search.interfaces * (1.0 - sums.crossing / self.pairs).max(FLOOR).ln()
            + self.search.sizes * (sums.sized / self.all).max(FLOOR).ln()
    }

    /// What the two parts have to do with the sums of cohesion, coupling and size.
    fn local(&self, a: usize, b: usize) -> (f64, f64, f64) {
        let parts = self.parts;
        let mut sum = 0.0;
        for other in 0..parts {
            if other != a {
                sum += coupling(self.between[a * parts + other], self.size[a], self.size[other]);
                if other != b {
                    sum += coupling(self.between[b * parts + other], self.size[b], self.size[other]);
                }
            }
        }
        (self.cohesion(a) + self.cohesion(b), sum, self.sized(self.size[a]) + self.sized(self.size[b]))
    }

    /// Moves a node; keeps sizes, pairs, crossings and the cut, not the rest of the sums.
    fn shift(&mut self, node: usize, to: usize) {
        let (from, parts) = (self.part[node] as usize, self.parts);
        if node < self.files {
            for &other in &self.near[node] {
                let other = self.part[other as usize] as usize;
                self.between[from * parts + other] -= 1.0;
                self.between[to * parts + other] += 1.0;
                if other == from {
                    self.sums.crossing += 1.0;
                } else {
                    self.between[other * parts + from] -= 1.0;
                }
                if other == to {
                    self.sums.crossing -= 1.0;
                } else {
                    self.between[other * parts + to] += 1.0;
                }
            }
            self.size[from] -= self.counts[node];
            self.size[to] += self.counts[node];
        }
        for &(other, weight) in self.network.links(node) {
            let other = self.part[other as usize] as usize;
            if other == from {
                self.sums.cut += weight;
            } else if other == to {
                self.sums.cut -= weight;
            }
        }
        self.part[node] = to as u32;
    }

    /// Moves a node and hands over the sums after that.
    fn moved(&mut self, node: usize, to: usize) -> Sums {
        let from = self.part[node] as usize;
        let before = self.local(from, to);
        self.shift(node, to);
        let after = self.local(from, to);
        let mut sums = self.sums;
        sums.cohesion += after.0 - before.0;
        sums.coupling += after.1 - before.1;
        sums.sized += after.2 - before.2;
        if node < self.files && self.counts[node] > 0.0 {
            sums.parts -= f64::from(u8::from(self.size[from] <= 0.0));
            sums.parts += f64::from(u8::from(self.size[to] <= self.counts[node]));
        }
        sums
    }

    /// Moves single nodes as long as that helps.
    fn climb(&mut self) {
        for _ in 0..ROUNDS {
            let mut any = false;
            for node in 0..self.network.len() {
                let from = self.part[node] as usize;
                let mut around: Vec<usize> =
                    self.network.links(node).iter().map(|link| self.part[link.0 as usize] as usize).collect();
                if let Some(near) = self.near.get(node) {
                    around.extend(near.iter().map(|other| self.part[*other as usize] as usize));
                }
                around.sort_unstable();
                around.dedup();
                let mut best = (from, self.objective(&self.sums) + EPSILON);
                for to in around.into_iter().filter(|to| *to != from) {
                    let kept = self.sums;
                    let value = {
                        let sums = self.moved(node, to);
                        self.objective(&sums)
                    };
                    if value > best.1 {
                        best = (to, value);
                    }
                    self.shift(node, from);
                    self.sums = kept;
                }
                if best.0 != from {
                    self.sums = self.moved(node, best.0);
                    any |= node < self.files;
                }
            }
            self.count_anew();
            if !any {
                break;
            }
        }
    }

    /// Merges the two parts whose union raises the objective most; false where none does.
    fn merge(&mut self) -> bool {
        let parts = self.parts;
        if parts < 3 {
            return false;
        }
        let mut evidence = vec![0.0; parts * parts];
        for node in 0..self.network.len() {
            for &(other, weight) in self.network.links(node) {
                evidence[self.part[node] as usize * parts + self.part[other as usize] as usize] += weight;
            }
        }
        let mut best: Option<(usize, usize, f64)> = None;
        for a in 0..parts {
            for b in 0..a {
                let (cohesion, old, sized) = self.local(a, b);
                let size = self.size[a] + self.size[b];
                let inner = self.between[a * parts + a] + self.between[b * parts + b] + self.between[a * parts + b];
                let others = (0..parts).filter(|other| *other != a && *other != b);
                let new: f64 = others
                    .map(|other| {
                        let pairs = self.between[a * parts + other] + self.between[b * parts + other];
                        coupling(pairs, size, self.size[other])
                    })
                    .sum();
                let mut sums = self.sums;
                sums.cohesion += if size > 0.0 { inner / size.powi(2) } else { 0.0 } - cohesion;
                sums.coupling += new - old;
                sums.sized += self.sized(size) - sized;
                sums.parts -= f64::from(u8::from(self.size[a] > 0.0 && self.size[b] > 0.0));
                sums.crossing -= self.between[a * parts + b];
                sums.cut -= evidence[a * parts + b];
                let value = self.objective(&sums);
                if value > self.objective(&self.sums) + EPSILON && best.is_none_or(|known| value > known.2) {
                    best = Some((a, b, value));
                }
            }
        }
        let Some((a, b, _)) = best else { return false };
        for part in &mut self.part {
            if *part as usize == a {
                *part = b as u32;
            }
        }
        self.count_anew();
        true
    }

    fn optimise(&mut self) -> f64 {
        self.climb();
        for _ in 0..ROUNDS {
            if !self.merge() {
                break;
            }
            self.climb();
        }
        self.objective(&self.sums)
    }

    /// Takes a file and some of its neighbours out into a part of their own, to get out of a local optimum.
    fn kick(&mut self, random: &mut Shuffle) {
        if self.files == 0 {
            return;
        }
        let fresh = self.parts as u32;
        let seed = random.below(self.files);
        self.part[seed] = fresh;
        for index in 0..self.near[seed].len() {
            if random.below(2) == 0 {
                self.part[self.near[seed][index] as usize] = fresh;
            }
        }
        self.count_anew();
    }
}

fn coupling(pairs: f64, a: f64, b: f64) -> f64 {
    if a > 0.0 && b > 0.0 { pairs / (a * b) } else { 0.0 }
}
