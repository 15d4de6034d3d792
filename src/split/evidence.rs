//! What speaks for two files belonging together: one network of files, words, tables and folders.
//!
//! Words, tables and folders are nodes of their own that their files are tied to, instead of edges from each file to each:
//! memory stays linear, and which part a word or a table went to falls out of the division.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::cluster::Network;
use super::settings::Settings;
use super::{Inputs, terms};
use crate::facts::{FileId, Name};

/// Tables that more files touch say nothing about what belongs together.
const MOST_SHARING_TABLE: usize = 50;
/// An interface with more implementations is an extension point: who calls it does not call one of them.
const MOST_IMPLEMENTATIONS: usize = 2;

/// The network that candidates are found in.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The files first, by their place in the list of members; then words, tables and folders.
    pub network: Network,
    /// How many nodes are files.
    pub files: usize,
    /// Pairs of files that depend on each other, `a < b`, sorted, each once.
    pub pairs: Vec<(u32, u32)>,
}

/// One dependency between members with its weight.
struct Use {
    from: u32,
    to: u32,
    weight: f64,
}

/// Gathers the evidence for the files `members` (sorted by id).
#[must_use]
pub fn gather(inputs: &Inputs<'_>, members: &[FileId], settings: &Settings) -> Evidence {
    let count = members.len();
    let mut place = vec![u32::MAX; inputs.files.len()];
    for (index, file) in members.iter().enumerate() {
        place[file.index()] = index as u32;
    }
    let at = |file: FileId| place.get(file.index()).copied().filter(|&p| p != u32::MAX);
    let uses = uses(inputs, &at, count, settings);
    let mut pairs: Vec<(u32, u32)> = uses.iter().map(|one| (one.from.min(one.to), one.from.max(one.to))).collect();
    pairs.sort_unstable();
    pairs.dedup();

    let mut fan_in = vec![0.0_f64; count];
    for one in &uses {
        fan_in[one.to as usize] += 1.0;
    }
    // what many use binds each of its users less, so that one hub does not pull everything together
    let damping: Vec<f64> = fan_in.iter().map(|uses| uses.max(1.0).powf(settings.weights.hub)).collect();
    let mut edges: Vec<(u32, u32, f64)> =
        uses.iter().map(|one| (one.from, one.to, one.weight / damping[one.to as usize])).collect();
    let average = (2.0 * edges.iter().map(|edge| edge.2).sum::<f64>() / count.max(1) as f64).max(1e-6);

    let mut next = count as u32;
    words(inputs, members, &uses, &damping, average, settings, &mut edges, &mut next);
    for table in &inputs.graph.tables {
        // who writes owns more than who reads
        let mut users: BTreeMap<u32, f64> = BTreeMap::new();
        for (list, share) in [(&table.readers, 0.7), (&table.writers, 1.0)] {
            for (file, _) in list {
                if let Some(file) = at(*file) {
                    users.insert(file, share);
                }
            }
        }
        if (2..=MOST_SHARING_TABLE).contains(&users.len()) && settings.weights.table > 0.0 {
            let each = settings.weights.table * average / (users.len() as f64).sqrt();
            edges.extend(users.iter().map(|(file, share)| (*file, next, share * each)));
            next += 1;
        }
    }
    changes(inputs, &at, count, settings.weights.change * average, &mut edges);
    if settings.terms.home > 0.0 {
        let mut folders: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (index, file) in members.iter().enumerate() {
            let folder = inputs.files[file.index()].path.rsplit_once('/').map_or("", |(folder, _)| folder);
            folders.entry(folder).or_default().push(index as u32);
        }
        for inside in folders.values().filter(|inside| inside.len() > 1) {
            edges.extend(inside.iter().map(|file| (*file, next, settings.terms.home * average)));
            next += 1;
        }
    }
    Evidence { network: Network::new(next as usize, &edges), files: count, pairs }
}

/// The dependencies between members, and those on the few implementations of an interface that is used: who calls the
/// interface calls them.
fn uses(inputs: &Inputs<'_>, at: &dyn Fn(FileId) -> Option<u32>, count: usize, settings: &Settings) -> Vec<Use> {
    let mut implementations: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    let mut found = Vec::with_capacity(inputs.graph.edges.len());
    let mut inherits = Vec::new();
    for edge in &inputs.graph.edges {
        let (Some(from), Some(to)) = (at(edge.from), at(edge.to)) else { continue };
        if from == to {
            continue;
        }
        if edge.kinds.inherit > 0 {
            implementations.entry(to).or_default().push(from);
        }
        inherits.push(edge.kinds.inherit > 0);
        found.push(Use { from, to, weight: settings.weights.of(&edge.kinds) });
    }
    if settings.weights.dispatch <= 0.0 {
        return found;
    }
    let mut known: Vec<(u32, u32)> = found.iter().map(|one| (one.from, one.to)).collect();
    known.sort_unstable();
    let mut more: Vec<(u32, u32)> = Vec::new();
    for (one, inherits) in found.iter().zip(&inherits) {
        let Some(list) = implementations.get(&one.to).filter(|list| !inherits && list.len() <= MOST_IMPLEMENTATIONS)
        else {
            continue;
        };
        let others = list.iter().filter(|to| **to != one.from && known.binary_search(&(one.from, **to)).is_err());
        more.extend(others.map(|to| (one.from, *to)));
    }
    more.sort_unstable();
    more.dedup();
    more.truncate(found.len().max(count));
    found.extend(more.into_iter().map(|(from, to)| Use { from, to, weight: settings.weights.dispatch }));
    found
}

/// Ties files to the telling words of their names and folders.
///
/// A word counts by how rare it is and by how much it has proved itself: the share of the dependencies of its files that stay
/// among them, above what chance gives. `controller` fails that test, `invoice` passes it; so layers need no list, and a
/// folder counts where the folders are made by feature.
#[expect(clippy::too_many_arguments, reason = "one step of gathering, called once")]
fn words(
    inputs: &Inputs<'_>,
    members: &[FileId],
    uses: &[Use],
    damping: &[f64],
    average: f64,
    settings: &Settings,
    edges: &mut Vec<(u32, u32, f64)>,
    next: &mut u32,
) {
    let count = members.len();
    let mut ids: FxHashMap<Name, u32> = FxHashMap::default();
    let mut of_file: Vec<Vec<(u32, f64)>> = Vec::with_capacity(count);
    let mut folders: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
    for file in members {
        let path = inputs.files[file.index()].path.as_str();
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut number = |word: Name| -> u32 {
            let fresh = ids.len() as u32;
            *ids.entry(word).or_insert(fresh)
        };
        let inherited =
            folders.entry(folder).or_insert_with(|| terms::words(folder).into_iter().map(&mut number).collect());
        let mut list: Vec<(u32, f64)> = inherited.iter().map(|word| (*word, settings.terms.folder)).collect();
        let own = terms::words(name.split('.').next().unwrap_or(name));
        list.extend(own.into_iter().map(|word| (number(word), 1.0)));
        // the higher weight of a word that stands in both
        list.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        list.dedup_by_key(|entry| entry.0);
        of_file.push(list);
    }
    let words = ids.len();
    let (mut frequency, mut inside, mut touching) = (vec![0.0_f64; words], vec![0.0_f64; words], vec![0.0_f64; words]);
    for list in &of_file {
        for (word, _) in list {
            frequency[*word as usize] += 1.0;
        }
    }
    let mut all = 0.0;
    for one in uses {
        let weight = 1.0 / damping[one.to as usize];
        all += weight;
        let (a, b) = (&of_file[one.from as usize], &of_file[one.to as usize]);
        for (word, _) in a.iter().chain(b) {
            touching[*word as usize] += weight;
        }
        for (word, _) in a.iter().filter(|(word, _)| b.binary_search_by_key(word, |entry| entry.0).is_ok()) {
            inside[*word as usize] += weight;
        }
    }
    let total = count as f64;
    let quality: Vec<f64> = (0..words)
        .map(|word| {
            if frequency[word] < 2.0 || frequency[word] > total * settings.terms.most {
                return 0.0;
            }
            let stays = if touching[word] > 0.0 { 2.0 * inside[word] / touching[word] } else { 0.0 };
            let chance = touching[word] / (2.0 * all).max(1.0);
            let lift = ((stays - chance) / (1.0 - chance).max(0.01)).max(0.0).powf(settings.terms.lift_power);
            let rare = ((total / frequency[word]).ln() / (total / 2.0).ln()).max(0.0);
            let sure = settings.terms.lift * touching[word] / (touching[word] + settings.terms.lift_prior).max(1e-9);
            rare * (1.0 - sure + sure * lift)
        })
        .collect();
    // numbered in the order of the files, so that nothing depends on the order of a hash map
    let mut node = vec![u32::MAX; words];
    for (file, list) in of_file.iter().enumerate() {
        let telling = || list.iter().filter(|(word, _)| quality[*word as usize] > 0.01);
        let sum: f64 = telling().map(|(word, weight)| weight * quality[*word as usize]).sum();
        let scale = settings.terms.share * average / sum.max(settings.terms.floor);
        for (word, weight) in telling() {
            let slot = &mut node[*word as usize];
            if *slot == u32::MAX {
                *slot = *next;
                *next += 1;
            }
            edges.push((file as u32, *slot, weight * quality[*word as usize] * scale));
        }
    }
}

/// Ties files that change together; a file gives no more than `most` away in all.
fn changes(
    inputs: &Inputs<'_>,
    at: &dyn Fn(FileId) -> Option<u32>,
    count: usize,
    most: f64,
    edges: &mut Vec<(u32, u32, f64)>,
) {
    let mut sum = vec![0.0_f64; count];
    let pairs =
        || inputs.history.pairs.iter().filter_map(|pair| Some((at(pair.a)?, at(pair.b)?, f64::from(pair.degree))));
    for (a, b, degree) in pairs() {
        sum[a as usize] += degree;
        sum[b as usize] += degree;
    }
    for (a, b, degree) in pairs() {
        let share = (sum[a as usize].max(1.0) * sum[b as usize].max(1.0)).sqrt();
        edges.push((a, b, most * degree / share));
    }
}
