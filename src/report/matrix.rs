//! The dependency structure matrix for a page: parts in the order with fewest backward uses, and the lines behind each cell.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::picture::Level;
use super::shared::place;
use crate::analysis::Analysis;
use crate::facts::Scope;
use crate::graph::Dependency;

/// Rows at most; parts with the fewest uses are left out first.
const ROWS: usize = 40;
/// Cells whose dependencies are listed, the strongest first.
const LISTED: usize = 400;
/// Dependencies listed per cell.
const PER_CELL: usize = 8;

/// What the rows are: modules where there are several with code of the application, else split candidates.
pub fn level(analysis: &Analysis) -> Level {
    let several = analysis.graph.modules.iter().filter(|module| module.lines > 0).nth(1).is_some();
    if several && !analysis.graph.module_edges.is_empty() { Level::Module } else { Level::Candidate }
}

/// Rows with their cells, the dependencies behind them, and how much is left out; `null` where nothing uses anything.
pub fn of(analysis: &Analysis) -> Value {
    let level = level(analysis);
    let graph = &analysis.graph;
    let part = |file: usize| match level {
        Level::Candidate => analysis.candidate_of.get(file).copied().flatten().map(|index| index as usize),
        _ => graph.module_of.get(file).map(|module| module.index()),
    };
    let main = |file: usize| analysis.files.get(file).is_some_and(|file| file.scope == Scope::Main);
    let mut cells: BTreeMap<(usize, usize), Vec<&Dependency>> = BTreeMap::new();
    for edge in graph.edges.iter().filter(|edge| main(edge.from.index()) && main(edge.to.index())) {
        if let (Some(from), Some(to)) = (part(edge.from.index()), part(edge.to.index()))
            && from != to
        {
            cells.entry((from, to)).or_default().push(edge);
        }
    }
    if cells.is_empty() {
        return Value::Null;
    }
    let mut weight: BTreeMap<usize, usize> = BTreeMap::new();
    for ((from, to), list) in &cells {
        *weight.entry(*from).or_default() += list.len();
        *weight.entry(*to).or_default() += list.len();
    }
    let mut strongest: Vec<usize> = weight.keys().copied().collect();
    strongest.sort_by_key(|index| (Reverse(weight[index]), *index));
    let left_out = strongest.len().saturating_sub(ROWS);
    strongest.truncate(ROWS);
    let order: Vec<usize> = match level {
        Level::Candidate => (0..analysis.candidates.len()).collect(),
        _ => graph.matrix_order.iter().map(|module| module.index()).collect(),
    };
    let rows: Vec<usize> = order.into_iter().filter(|index| strongest.contains(index)).collect();
    let shown = |pair: &(usize, usize)| rows.contains(&pair.0) && rows.contains(&pair.1);
    let mut listed: Vec<(usize, usize)> = cells.keys().copied().filter(shown).collect();
    listed.sort_by_key(|pair| (Reverse(cells[pair].len()), *pair));
    listed.truncate(LISTED);
    listed.sort_unstable();
    let number = |index: usize| rows.iter().position(|row| *row == index).map_or(0, |at| at + 1);
    let name = |index: usize| match level {
        Level::Candidate => analysis.candidates.get(index).map_or("", |candidate| candidate.name.as_str()),
        _ => graph.modules.get(index).map_or("", |module| module.name.as_str()),
    };
    let most = cells.values().map(Vec::len).max().unwrap_or(1).max(2) as f64;
    let cell = |from: usize, to: usize| {
        let uses = cells.get(&(from, to)).map_or(0, Vec::len);
        let heat = if uses == 0 { 0 } else { 1 + (4.0 * (uses as f64).ln() / most.ln()) as u32 };
        json!({
            "uses": uses, "heat": heat, "same": from == to, "number": number(to), "to": name(to),
            "backward": number(to) < number(from),
            "id": listed.binary_search(&(from, to)).is_ok().then(|| format!("d{}-{}", number(from), number(to))),
        })
    };
    let behind = |pair: &(usize, usize)| {
        let list = &cells[pair];
        json!({
            "id": format!("d{}-{}", number(pair.0), number(pair.1)), "from": name(pair.0), "to": name(pair.1),
            "uses": list.len(), "more": list.len().saturating_sub(PER_CELL),
            "list": list.iter().take(PER_CELL).map(|edge| json!({
                "place": place(analysis, edge.from, edge.line), "to": analysis.path(edge.to),
                "kinds": edge.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect::<Vec<_>>().join(", "),
            })).collect::<Vec<_>>(),
        })
    };
    json!({
        "rows": rows.iter().map(|from| json!({
            "name": name(*from), "number": number(*from),
            "cells": rows.iter().map(|to| cell(*from, *to)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "cells": listed.iter().map(behind).collect::<Vec<_>>(),
        "left_out": left_out,
        "of_candidates": level == Level::Candidate,
    })
}
