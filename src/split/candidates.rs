//! Which files belong together: takes out what everything uses, divides the rest, and brings the parts to sensible sizes.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::cluster::{Network, leiden};
use super::weights;
use crate::facts::{FileId, Name, SourceFile};
use crate::git::History;
use crate::graph::Graph;

/// No candidate is larger than this share of the files, if it can be divided.
const LARGEST_SHARE: f64 = 0.4;
/// Candidates with fewer files are merged into their best neighbour.
const SMALLEST: usize = 3;
/// At most this share of the files is taken out as used by everything.
const SHARED_SHARE: f64 = 0.2;
/// Seed of the visiting order.
const SEED: u64 = 0x5EED;
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
pub fn divide(
    files: &[SourceFile],
    members: &[FileId],
    graph: &Graph,
    history: &History,
    terms: &[Vec<(Name, u32)>],
    entry_points: &[(FileId, u32, String)],
) -> (Vec<Vec<FileId>>, Vec<FileId>) {
    let common = used_by_everything(files, members, graph, entry_points);
    let rest: Vec<FileId> = members.iter().copied().filter(|file| !common[file.index()]).collect();
    let network = weights::network(&rest, files.len(), graph, history, terms);
    let limit = ((rest.len() as f64 * LARGEST_SHARE).floor() as usize).max(SMALLEST);

    let mut groups: Vec<Vec<u32>> = Vec::new();
    let mut lone: Vec<u32> = Vec::new();
    let all: Vec<u32> = (0..rest.len() as u32).collect();
    let mut open = vec![(all, 1.0_f64)];
    while let Some((nodes, resolution)) = open.pop() {
        let part = network.part(&nodes);
        for group in by_community(&nodes, &leiden(&part, resolution, SEED)) {
            if group.len() == 1 && network.links(group[0] as usize).is_empty() {
                lone.push(group[0]);
            } else if group.len() > limit && resolution < 30.0 {
                // a part that came off is divided in its own right; one that held together needs a higher resolution
                let again = if group.len() == nodes.len() { resolution * 1.6 } else { 1.0 };
                open.push((group, again));
            } else {
                groups.push(group);
            }
        }
    }
    groups.sort();
    lone.sort_unstable();

    let mut shared: Vec<FileId> = members.iter().copied().filter(|file| common[file.index()]).collect();
    shared.extend(attach(files, &rest, &lone, &mut groups, graph, &common));
    let groups = gather_loose(files, &rest, groups, graph, limit);
    let groups = merge_small(files, &rest, groups, &network, limit, most_candidates(members.len()));
    let mut result: Vec<Vec<FileId>> = Vec::new();
    for group in groups {
        let mut found: Vec<FileId> = group.into_iter().map(|node| rest[node as usize]).collect();
        found.sort_unstable();
        result.push(found);
    }
    result.sort();
    shared.sort_unstable();
    (result, shared)
}

/// Puts groups that hardly a dependency holds together (fewer than one for four files) into one with the others of their
/// folder: migrations or page templates, which only names told apart, are one part and not ten.
fn gather_loose(
    files: &[SourceFile],
    rest: &[FileId],
    groups: Vec<Vec<u32>>,
    graph: &Graph,
    limit: usize,
) -> Vec<Vec<u32>> {
    let mut group_of = vec![None; files.len()];
    for (index, group) in groups.iter().enumerate() {
        for &node in group {
            group_of[rest[node as usize].index()] = Some(index);
        }
    }
    let mut inner = vec![0_usize; groups.len()];
    for edge in &graph.edges {
        if let (Some(from), Some(to)) = (group_of[edge.from.index()], group_of[edge.to.index()])
            && from == to
        {
            inner[from] += 1;
        }
    }
    let mut kept = Vec::new();
    let mut loose: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (index, group) in groups.into_iter().enumerate() {
        if inner[index] * 4 >= group.len() {
            kept.push(group);
            continue;
        }
        let heap = loose.entry(main_folder(files, rest, &group)).or_default();
        if heap.len() + group.len() > limit && !heap.is_empty() {
            kept.push(std::mem::replace(heap, group));
        } else {
            heap.extend(group);
        }
    }
    kept.extend(loose.into_values());
    for group in &mut kept {
        group.sort_unstable();
    }
    kept.sort();
    kept
}

fn by_community(nodes: &[u32], community: &[u32]) -> Vec<Vec<u32>> {
    let mut groups = vec![Vec::new(); community.iter().max().map_or(0, |&c| c as usize + 1)];
    for (&node, &c) in nodes.iter().zip(community) {
        groups[c as usize].push(node);
    }
    groups
}

/// Files that belong into a library: fan-in high for the size of the repository, at most a quarter as much fan-out, no table
/// and no entry point of their own. A path with `util`, `common`, `base` … halves the fan-in that is asked for.
fn used_by_everything(
    files: &[SourceFile],
    members: &[FileId],
    graph: &Graph,
    entry_points: &[(FileId, u32, String)],
) -> Vec<bool> {
    let mut member = vec![false; files.len()];
    for file in members {
        member[file.index()] = true;
    }
    let (mut fan_in, mut fan_out) = (vec![0_u32; files.len()], vec![0_u32; files.len()]);
    for edge in graph.edges.iter().filter(|edge| member[edge.from.index()] && member[edge.to.index()]) {
        fan_in[edge.to.index()] += 1;
        fan_out[edge.from.index()] += 1;
    }
    let mut bound = vec![false; files.len()];
    for table in &graph.tables {
        for (file, _) in table.readers.iter().chain(&table.writers) {
            bound[file.index()] = true;
        }
    }
    for (file, _, _) in entry_points {
        if let Some(slot) = bound.get_mut(file.index()) {
            *slot = true;
        }
    }
    // half the root of the number of files: 5 uses among 100 files, 50 among 10,000
    let asked = ((members.len() as f64).sqrt() * 0.5).max(4.0);
    let mut found: Vec<(u32, FileId)> = Vec::new();
    for &file in members {
        let at = file.index();
        let path = files[at].path.to_lowercase();
        let meant = path.split(|c: char| !c.is_alphanumeric()).any(|word| SHARED_WORDS.contains(&word));
        let asked = if meant { (asked / 2.0).max(3.0) } else { asked };
        if !bound[at] && f64::from(fan_in[at]) >= asked && fan_out[at] * 4 <= fan_in[at] {
            found.push((fan_in[at], file));
        }
    }
    found.sort_by_key(|&(uses, file)| (std::cmp::Reverse(uses), file));
    found.truncate((members.len() as f64 * SHARED_SHARE) as usize);
    let mut common = vec![false; files.len()];
    for (_, file) in found {
        common[file.index()] = true;
    }
    common
}

/// Puts files without a connection where most files of their folder (or the next folder above) are; returns those that
/// only `shared` uses, or that have no neighbours at all.
fn attach(
    files: &[SourceFile],
    rest: &[FileId],
    lone: &[u32],
    groups: &mut [Vec<u32>],
    graph: &Graph,
    common: &[bool],
) -> Vec<FileId> {
    let mut used_by_shared = vec![false; files.len()];
    for edge in graph.edges.iter().filter(|edge| common[edge.from.index()]) {
        used_by_shared[edge.to.index()] = true;
    }
    let mut votes: FxHashMap<&str, BTreeMap<usize, u32>> = FxHashMap::default();
    for (index, group) in groups.iter().enumerate() {
        for &node in group {
            for folder in folders(&files[rest[node as usize].index()].path) {
                *votes.entry(folder).or_default().entry(index).or_default() += 1;
            }
        }
    }
    let mut shared = Vec::new();
    for &node in lone {
        let file = rest[node as usize];
        let best = folders(&files[file.index()].path).find_map(|folder| {
            let counts = votes.get(folder)?;
            counts.iter().max_by_key(|(index, count)| (**count, std::cmp::Reverse(**index))).map(|(index, _)| *index)
        });
        match best {
            Some(index) if !used_by_shared[file.index()] => groups[index].push(node),
            _ => shared.push(file),
        }
    }
    shared
}

/// The folders of a path, innermost first, without the root.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/').map(|(folder, _)| folder), |folder| {
        folder.rsplit_once('/').map(|(f, _)| f)
    })
}

/// Merges the smallest group into its best neighbour until none is tiny and there are not too many. The best neighbour has
/// the most weight in between for its size; where there is none, the one that shares the longest folder.
fn merge_small(
    files: &[SourceFile],
    rest: &[FileId],
    groups: Vec<Vec<u32>>,
    network: &Network,
    limit: usize,
    most: usize,
) -> Vec<Vec<u32>> {
    let mut group_of = vec![0_usize; rest.len()];
    for (index, group) in groups.iter().enumerate() {
        for &node in group {
            group_of[node as usize] = index;
        }
    }
    let mut between: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); groups.len()];
    for group in &groups {
        for &node in group {
            for &(other, weight) in network.links(node as usize) {
                let (a, b) = (group_of[node as usize], group_of[other as usize]);
                if a != b {
                    *between[a].entry(b).or_default() += weight;
                }
            }
        }
    }
    let mut home: Vec<String> = groups.iter().map(|group| main_folder(files, rest, group)).collect();
    let mut groups: Vec<Option<Vec<u32>>> = groups.into_iter().map(Some).collect();
    let mut stuck = vec![false; groups.len()];
    loop {
        let sizes: Vec<usize> = groups.iter().map(|group| group.as_ref().map_or(0, Vec::len)).collect();
        let count = sizes.iter().filter(|size| **size > 0).count();
        let smallest = (0..groups.len()).filter(|&g| sizes[g] > 0 && !stuck[g]).min_by_key(|&g| (sizes[g], g));
        let Some(small) = smallest.filter(|&g| count > 1 && (sizes[g] < SMALLEST || count > most)) else {
            break;
        };
        let fits = |g: usize| sizes[g] > 0 && g != small && sizes[g] + sizes[small] <= limit;
        let near = between[small]
            .iter()
            .filter(|(g, _)| fits(**g))
            .map(|(g, weight)| (*g, weight / (sizes[*g] as f64).sqrt()));
        let near = near.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map(|(g, _)| g);
        let target = near.or_else(|| {
            let beside = (0..groups.len()).filter(|&g| fits(g));
            beside.max_by_key(|&g| {
                (common_folders(&home[small], &home[g]), std::cmp::Reverse(sizes[g]), std::cmp::Reverse(g))
            })
        });
        let Some(target) = target else {
            stuck[small] = true;
            continue;
        };
        let moved = groups[small].take().unwrap_or_default();
        if let Some(group) = &mut groups[target] {
            group.extend(moved);
            home[target] = main_folder(files, rest, group);
        }
        for (other, weight) in std::mem::take(&mut between[small]) {
            between[other].remove(&small);
            if other != target {
                *between[other].entry(target).or_default() += weight;
                *between[target].entry(other).or_default() += weight;
            }
        }
    }
    groups.into_iter().flatten().collect()
}

/// The folder that most files of the group lie in.
fn main_folder(files: &[SourceFile], rest: &[FileId], group: &[u32]) -> String {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for &node in group {
        let path = files[rest[node as usize].index()].path.as_str();
        *counts.entry(path.rsplit_once('/').map_or("", |(folder, _)| folder)).or_default() += 1;
    }
    let best = counts.iter().max_by_key(|(folder, count)| (**count, std::cmp::Reverse(**folder)));
    best.map_or_else(String::new, |(folder, _)| (*folder).to_owned())
}

fn common_folders(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(x, y)| x == y && !x.is_empty()).count()
}
