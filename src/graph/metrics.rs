//! Coupling figures, edges between modules, and tables with their users.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{Dependency, Metrics, ModuleEdge, ModuleId, Table};
use crate::facts::{FileId, Name};

/// Fan-in, fan-out and instability (R. C. Martin, 1994) per node; `edges` holds each pair once.
pub(super) fn of(nodes: usize, edges: &[(u32, u32)]) -> Vec<Metrics> {
    let mut metrics = vec![Metrics::default(); nodes];
    for &(from, to) in edges {
        if let Some(user) = metrics.get_mut(from as usize) {
            user.fan_out += 1;
        }
        if let Some(used) = metrics.get_mut(to as usize) {
            used.fan_in += 1;
        }
    }
    for figure in &mut metrics {
        let all = figure.fan_in + figure.fan_out;
        if all > 0 {
            figure.instability = figure.fan_out as f32 / all as f32;
        }
    }
    metrics
}

/// Sums edges between files of scope main up to edges between their modules.
pub(super) fn module_edges(
    edges: &[Dependency],
    module_of: &[ModuleId],
    main: impl Fn(FileId) -> bool,
) -> Vec<ModuleEdge> {
    let mut sums: FxHashMap<(ModuleId, ModuleId), (u32, u32)> = FxHashMap::default();
    for edge in edges.iter().filter(|edge| main(edge.from) && main(edge.to)) {
        let (Some(&from), Some(&to)) = (module_of.get(edge.from.index()), module_of.get(edge.to.index())) else {
            continue;
        };
        if from != to {
            let sum = sums.entry((from, to)).or_default();
            sum.0 += 1;
            sum.1 = sum.1.saturating_add(edge.kinds.total());
        }
    }
    let mut out: Vec<ModuleEdge> =
        sums.into_iter().map(|((from, to), (files, uses))| ModuleEdge { from, to, files, uses }).collect();
    out.sort_unstable_by_key(|edge| (edge.from, edge.to));
    out
}

/// Gathers uses of tables, as (file, table, writes, line), by table; one line per file, the first.
pub(super) fn tables(uses: Vec<(FileId, Name, bool, u32)>) -> Vec<Table> {
    let mut by_name: BTreeMap<Name, [BTreeMap<FileId, u32>; 2]> = BTreeMap::new();
    for (file, name, writes, line) in uses {
        let slots = by_name.entry(name.to_lowercase()).or_default();
        let first = slots[usize::from(writes)].entry(file).or_insert(line);
        *first = line.min(*first);
    }
    by_name
        .into_iter()
        .map(|(name, [readers, writers])| Table {
            name,
            readers: readers.into_iter().collect(),
            writers: writers.into_iter().collect(),
        })
        .collect()
}
