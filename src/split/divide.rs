//! Which files belong together: divides the evidence, brings the parts to sensible sizes, and takes out what everything uses.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::Inputs;
use super::cluster::{Network, leiden};
use super::evidence::{self, Evidence};
use super::search;
use super::settings::Settings;
use crate::facts::{FileId, SourceFile};

/// No candidate is larger than this share of the files, if it can be divided.
const LARGEST_SHARE: f64 = 0.4;
/// Parts of a searched division with fewer files join their best neighbour.
const TINY: usize = 3;
/// At most this share of the files is taken out as used by everything.
const SHARED_SHARE: f64 = 0.2;
/// From so many parts a file must be used to be taken out.
const SHARED_BY: usize = 3;
/// The same where the division was searched: the parts are few and small, and what is taken out is missed in them.
const SHARED_BY_SEARCHED: usize = 5;
/// The same for files whose path says that they are meant to be shared.
const SHARED_BY_MEANT: usize = 3;
/// Seed of the visiting order.
const SEED: u64 = 0x5EED;
/// A part that does not fall apart at this resolution never will.
const HIGHEST_RESOLUTION: f64 = 30.0;
/// Words in a path that say that a file is meant to be shared.
const SHARED_WORDS: &[&str] =
    &["base", "common", "core", "helper", "helpers", "lib", "shared", "support", "util", "utils"];

/// How many candidates are aimed at, at most: grows with the root of the number of files, 6 to 30.
#[must_use]
pub fn most_candidates(files: usize) -> usize {
    (((files as f64).sqrt() * 0.6).round() as usize).clamp(6, 30)
}

/// Groups of files (sorted), and what stays common (sorted). `members` are the files to divide, sorted.
#[must_use]
pub fn divide(inputs: &Inputs<'_>, members: &[FileId], settings: &Settings) -> (Vec<Vec<FileId>>, Vec<FileId>) {
    if members.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let evidence = evidence::gather(inputs, members, settings);
    let connected: BTreeSet<u32> = evidence.pairs.iter().flat_map(|pair| [pair.0, pair.1]).collect();
    let whole = Whole { files: inputs.files, members, evidence: &evidence };
    let searched = connected.len() <= settings.search.small;
    let mut part = if searched {
        let found = search::best(&evidence, &settings.search, SEED, &|part| whole.settle(part));
        whole.merge_small(whole.follow(found), TINY, usize::MAX, usize::MAX)
    } else {
        let limit = ((members.len() as f64 * LARGEST_SHARE).floor() as usize).max(settings.search.smallest);
        let found = whole.settle(whole.communities(settings.search.resolution, limit));
        let found = whole.gather_loose(found, limit);
        whole.merge_small(found, settings.search.smallest, most_candidates(members.len()), limit)
    };
    part.truncate(members.len());
    let shared = whole.used_by_everything(inputs, &part, searched);
    let mut groups: BTreeMap<u32, Vec<FileId>> = BTreeMap::new();
    for ((&file, part), shared) in members.iter().zip(part).zip(&shared) {
        if !shared {
            groups.entry(part).or_default().push(file);
        }
    }
    let mut groups: Vec<Vec<FileId>> = groups.into_values().collect();
    groups.sort();
    let shared = members.iter().zip(shared).filter(|(_, shared)| *shared).map(|(file, _)| *file).collect();
    (groups, shared)
}

/// What all steps look at. A division is the part of each node: files first, then words, tables and folders.
struct Whole<'a> {
    files: &'a [SourceFile],
    members: &'a [FileId],
    evidence: &'a Evidence,
}

impl Whole<'_> {
    fn network(&self) -> &Network {
        &self.evidence.network
    }

    fn count(&self) -> usize {
        self.members.len()
    }

    fn path(&self, file: usize) -> &str {
        &self.files[self.members[file].index()].path
    }

    /// Communities of the network; those with more than `limit` files are divided again, as long as they fall apart.
    fn communities(&self, resolution: f64, limit: usize) -> Vec<u32> {
        let mut part = vec![0; self.network().len()];
        let mut next = 0;
        let all: Vec<u32> = (0..self.network().len() as u32).collect();
        let mut open = vec![(all, resolution)];
        while let Some((nodes, at)) = open.pop() {
            let inside = self.network().part(&nodes);
            let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            for (&node, community) in nodes.iter().zip(leiden(&inside, at, SEED)) {
                groups.entry(community).or_default().push(node);
            }
            for group in groups.into_values() {
                let files = group.iter().filter(|node| (**node as usize) < self.count()).count();
                if files > limit && at < HIGHEST_RESOLUTION {
                    // a part that came off is divided in its own right; one that held together needs a higher resolution
                    let again = if group.len() == nodes.len() { at * 1.6 } else { resolution };
                    open.push((group, again));
                } else {
                    for node in group {
                        part[node as usize] = next;
                    }
                    next += 1;
                }
            }
        }
        part
    }

    /// The parts of the files, with the other nodes where most of their weight goes.
    fn follow(&self, mut part: Vec<u32>) -> Vec<u32> {
        let network = self.network();
        for node in self.count()..network.len() {
            let mut weight: BTreeMap<u32, f64> = BTreeMap::new();
            for &(other, value) in network.links(node) {
                if (other as usize) < self.count() {
                    *weight.entry(part[other as usize]).or_default() += value;
                }
            }
            let best = weight.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0))).map_or(0, |(part, _)| *part);
            part.push(best);
        }
        part
    }

    /// Puts files that nothing binds where most files of their folder are, or of the next folder above.
    fn settle(&self, part: Vec<u32>) -> Vec<u32> {
        let mut part = part;
        let lone = |file: usize| self.network().links(file).is_empty();
        let mut votes: FxHashMap<&str, BTreeMap<u32, u32>> = FxHashMap::default();
        for file in (0..self.count()).filter(|file| !lone(*file)) {
            for folder in folders(self.path(file)) {
                *votes.entry(folder).or_default().entry(part[file]).or_default() += 1;
            }
        }
        for file in (0..self.count()).filter(|file| lone(*file)) {
            let best = folders(self.path(file)).find_map(|folder| {
                let counts = votes.get(folder)?;
                counts.iter().max_by_key(|(part, count)| (**count, std::cmp::Reverse(**part))).map(|(part, _)| *part)
            });
            // where nothing is bound, the files of a folder are one part
            part[file] = best.unwrap_or_else(|| {
                let first = (0..=file).find(|other| folder_of(self.path(*other)) == folder_of(self.path(file)));
                part[first.unwrap_or(file)]
            });
        }
        part
    }

    /// Puts parts that hardly a dependency holds together (fewer than one for four files) into one with the others of their
    /// folder: migrations or page templates, which only names told apart, are one part and not ten.
    fn gather_loose(&self, mut part: Vec<u32>, limit: usize) -> Vec<u32> {
        let mut inner: BTreeMap<u32, usize> = BTreeMap::new();
        for &(a, b) in &self.evidence.pairs {
            if part[a as usize] == part[b as usize] {
                *inner.entry(part[a as usize]).or_default() += 1;
            }
        }
        let groups = self.groups(&part);
        let mut heaps: BTreeMap<String, (u32, usize)> = BTreeMap::new();
        let mut target: BTreeMap<u32, u32> = BTreeMap::new();
        for (&own, files) in &groups {
            if inner.get(&own).copied().unwrap_or(0) * 4 >= files.len() {
                continue;
            }
            let heap = heaps.entry(self.main_folder(files).to_owned()).or_insert((own, 0));
            if heap.1 + files.len() > limit {
                *heap = (own, 0);
            }
            heap.1 += files.len();
            target.insert(own, heap.0);
        }
        for own in &mut part {
            *own = target.get(own).copied().unwrap_or(*own);
        }
        part
    }

    fn groups(&self, part: &[u32]) -> BTreeMap<u32, Vec<usize>> {
        let mut groups: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (file, own) in part[..self.count()].iter().enumerate() {
            groups.entry(*own).or_default().push(file);
        }
        groups
    }

    fn main_folder(&self, files: &[usize]) -> &str {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for &file in files {
            *counts.entry(folder_of(self.path(file))).or_default() += 1;
        }
        let best = counts.iter().max_by_key(|(folder, count)| (**count, std::cmp::Reverse(**folder)));
        best.map_or("", |(folder, _)| *folder)
    }

    /// Merges the smallest part into its best neighbour until none has fewer than `smallest` files and there are at most
    /// `most`. The best neighbour has the most weight in between for its size; where there is none, the one that shares the
    /// longest folder. No part grows above `limit` files by that.
    fn merge_small(&self, part: Vec<u32>, smallest: usize, most: usize, limit: usize) -> Vec<u32> {
        let groups = self.groups(&part);
        let index: BTreeMap<u32, usize> = groups.keys().enumerate().map(|(index, part)| (*part, index)).collect();
        let own: Vec<Option<usize>> = part.iter().map(|part| index.get(part).copied()).collect();
        let mut size: Vec<usize> = groups.values().map(Vec::len).collect();
        let home: Vec<&str> = groups.values().map(|files| self.main_folder(files)).collect();
        let mut between: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); size.len()];
        for node in 0..self.network().len() {
            for &(other, weight) in self.network().links(node) {
                if let (Some(a), Some(b)) = (own[node], own[other as usize])
                    && a != b
                {
                    *between[a].entry(b).or_default() += weight;
                }
            }
        }
        let mut into: Vec<usize> = (0..size.len()).collect();
        let mut queue: BTreeSet<(usize, usize)> = size.iter().enumerate().map(|(at, size)| (*size, at)).collect();
        let mut count = size.len();
        while let Some((files, small)) = queue.pop_first() {
            if count < 2 || files >= smallest && count <= most {
                break;
            }
            let fits = |other: usize| size[other] > 0 && other != small && size[other] + files <= limit;
            let near = between[small]
                .iter()
                .filter(|(other, _)| fits(**other))
                .map(|(other, weight)| (*other, weight / (size[*other] as f64).sqrt()));
            let near = near.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|(other, _)| other);
            let target = near.or_else(|| {
                let beside = (0..size.len()).filter(|other| fits(*other));
                beside.max_by_key(|&other| {
                    let common = common_folders(home[small], home[other]);
                    (common, std::cmp::Reverse(size[other]), std::cmp::Reverse(other))
                })
            });
            // what fits nowhere stays as it is
            let Some(target) = target else { continue };
            queue.remove(&(size[target], target));
            size[target] += files;
            size[small] = 0;
            queue.insert((size[target], target));
            into[small] = target;
            count -= 1;
            for (other, weight) in std::mem::take(&mut between[small]) {
                between[other].remove(&small);
                if other != target {
                    *between[target].entry(other).or_default() += weight;
                    *between[other].entry(target).or_default() += weight;
                }
            }
        }
        let last = |mut at: usize| {
            while into[at] != at {
                at = into[at];
            }
            at as u32
        };
        own.iter().map(|own| own.map_or(0, last)).collect()
    }

    /// Files that belong into a library: used from most parts, no part being their home, with a fan-in that is high for the
    /// size of the repository, at most a quarter as much fan-out, no table and no entry point of their own. A path with
    /// `util`, `common`, `base` … halves the fan-in that is asked for.
    fn used_by_everything(&self, inputs: &Inputs<'_>, part: &[u32], searched: bool) -> Vec<bool> {
        let count = self.count();
        let mut place = vec![usize::MAX; self.files.len()];
        for (index, file) in self.members.iter().enumerate() {
            place[file.index()] = index;
        }
        let at = |file: FileId| place.get(file.index()).copied().filter(|p| *p != usize::MAX);
        let (mut fan_in, mut fan_out, mut own) = (vec![0_u32; count], vec![0_u32; count], vec![0_u32; count]);
        let mut users: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); count];
        for edge in &inputs.graph.edges {
            if let (Some(from), Some(to)) = (at(edge.from), at(edge.to)) {
                fan_out[from] += 1;
                fan_in[to] += 1;
                own[to] += u32::from(part[from] == part[to]);
                users[to].insert(part[from]);
            }
        }
        let mut bound = vec![false; count];
        let tables = inputs.graph.tables.iter().flat_map(|table| table.readers.iter().chain(&table.writers));
        for file in tables.map(|user| user.0).chain(inputs.entry_points()).filter_map(at) {
            bound[file] = true;
        }
        // half the root of the number of files: 5 uses among 100 files, 50 among 10,000
        let asked = ((count as f64).sqrt() * 0.5).max(4.0);
        let parts = part.iter().collect::<BTreeSet<_>>().len();
        let mut found: Vec<(u32, usize)> = Vec::new();
        for file in 0..count {
            let path = self.path(file).to_lowercase();
            let meant = path.split(|c: char| !c.is_alphanumeric()).any(|word| SHARED_WORDS.contains(&word));
            let asked = if meant { (asked / 2.0).max(3.0) } else { asked };
            let by = match (searched, meant) {
                (true, false) => SHARED_BY_SEARCHED,
                (true, true) => SHARED_BY_MEANT,
                (false, _) => SHARED_BY,
            };
            let used_by = users[file].len();
            // where the parts are few and small, a library is what (nearly) all of them use
            let most = if searched { used_by * 5 >= parts * 4 } else { used_by * 2 > parts || used_by >= 6 };
            let wide = used_by >= by && most && own[file] * 2 <= fan_in[file];
            if !bound[file] && wide && f64::from(fan_in[file]) >= asked && fan_out[file] * 4 <= fan_in[file] {
                found.push((fan_in[file], file));
            }
        }
        found.sort_by_key(|&(uses, file)| (std::cmp::Reverse(uses), file));
        found.truncate((count as f64 * SHARED_SHARE) as usize);
        let mut shared = vec![false; count];
        for (_, file) in found {
            shared[file] = true;
        }
        shared
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The folders of a path, innermost first, without the root.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/').map(|(folder, _)| folder), |folder| {
        folder.rsplit_once('/').map(|(f, _)| f)
    })
}

fn common_folders(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(x, y)| x == y).count()
}
