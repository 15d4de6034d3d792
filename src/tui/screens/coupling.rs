//! Coupling: the dependency structure matrix, and the file edges behind the row of the cursor.

use rustc_hash::FxHashMap;

use super::{Data, Go, Item, Paragraph};
use crate::facts::Name;
use crate::graph::{Graph, ModuleId};
use crate::text::{pad, pad_start};
use crate::tui::theme::Role;

/// Modules in the order of the matrix.
#[must_use]
pub fn order(graph: &Graph) -> Vec<ModuleId> {
    if graph.matrix_order.len() == graph.modules.len() {
        graph.matrix_order.clone()
    } else {
        (0..graph.modules.len()).map(|i| ModuleId(u32::try_from(i).unwrap_or(0))).collect()
    }
}

/// A count in at most three cells.
fn short(count: u32) -> String {
    match count {
        0..=999 => count.to_string(),
        1_000..=99_999 => format!("{}k", count / 1_000),
        _ => "99k".to_owned(),
    }
}

/// One row per module: uses of the others; `!` marks a back edge. `column` is the cursor.
#[must_use]
pub fn rows(data: &Data, column: usize, first: usize) -> Vec<Item> {
    let g = &data.analysis.graph;
    let order = order(g);
    let uses: FxHashMap<(ModuleId, ModuleId), u32> = g.module_edges.iter().map(|e| ((e.from, e.to), e.uses)).collect();
    order
        .iter()
        .enumerate()
        .map(|(row, from)| {
            let module = &g.modules[from.index()];
            let cycle = g.module_cycles.iter().position(|c| c.contains(from)).map_or_else(
                || "  ".to_owned(),
                |at| format!("●{}", char::from(b'A' + u8::try_from(at % 26).unwrap_or(0))),
            );
            let mut text = vec![
                (format!("{:>3} ", row + 1), Role::Dim),
                (pad(&module.name, 20), Role::Text),
                (format!(" {cycle}"), Role::Warn),
            ];
            for (at, to) in order.iter().enumerate().skip(first).take(60) {
                let edge = uses.get(&(*from, *to)).copied();
                let (cell, role) = match edge {
                    _ if from == to => ("■ ".to_owned(), Role::Dim),
                    None => ("· ".to_owned(), Role::Dim),
                    Some(count) => (
                        format!("{}{}", short(count), if row > at { "!" } else { " " }),
                        if row > at { Role::Bad } else { Role::Text },
                    ),
                };
                text.push((pad_start(&cell, 5), if at == column { Role::Focus } else { role }));
            }
            Item {
                key: module.id.clone(),
                text,
                place: None,
                go: Go::Detail,
                stop: g.module_cycles.iter().any(|c| c.contains(from)),
            }
        })
        .collect()
}

/// Ego view of the selected module, the cell's file edges with `path:line`, shared tables.
#[must_use]
pub fn detail(data: &Data, item: &Item, column: usize) -> Vec<Paragraph> {
    let g = &data.analysis.graph;
    let Some(from) = g.modules.iter().position(|m| m.id == item.key) else { return Vec::new() };
    let order = order(g);
    let mut out = Vec::new();
    if let Some(to) = order.get(column).filter(|to| to.index() != from) {
        out.push(("", format!("{} → {}", g.modules[from].name, g.modules[to.index()].name), Role::Title));
        let edges =
            g.edges.iter().filter(|e| g.module_of[e.from.index()].index() == from && g.module_of[e.to.index()] == *to);
        for e in edges.take(60) {
            out.push((
                "",
                format!("{}  uses {} ({}×)", data.at(e.from, e.line), data.analysis.path(e.to), e.kinds.total()),
                Role::Text,
            ));
        }
    }
    let name = |id: ModuleId| g.modules[id.index()].name.to_string();
    for e in g.module_edges.iter().filter(|e| e.to.index() == from) {
        out.push(("used by", format!("{} {}×", name(e.from), e.uses), Role::Accent));
    }
    for e in g.module_edges.iter().filter(|e| e.from.index() == from) {
        out.push(("uses", format!("{} {}×", name(e.to), e.uses), Role::Text));
    }
    for cycle in g.module_cycles.iter().filter(|c| c.iter().any(|id| id.index() == from)) {
        out.push(("cycle", cycle.iter().map(|id| name(*id)).collect::<Vec<_>>().join(" ↔ "), Role::Warn));
    }
    for table in &g.tables {
        let inside = |files: &[(crate::facts::FileId, u32)]| {
            files.iter().any(|(f, _)| g.module_of.get(f.index()).is_some_and(|m| m.index() == from))
        };
        if inside(&table.readers) || inside(&table.writers) {
            out.push((
                "table",
                format!("{}{}", table.name, if inside(&table.writers) { " rw" } else { " r" }),
                Role::Text,
            ));
        }
    }
    if let Some(m) = g.module_metrics.get(from) {
        out.push((
            "figures",
            format!("instability {:.2}, in {}, out {}", m.instability, m.fan_in, m.fan_out),
            Role::Dim,
        ));
    }
    out
}

/// Where the cursor's cell has its first use.
#[must_use]
pub fn place(data: &Data, key: &Name, column: usize) -> Option<(crate::facts::FileId, u32, u32)> {
    let g = &data.analysis.graph;
    let to = order(g).get(column).copied()?;
    g.edges
        .iter()
        .find(|e| g.modules[g.module_of[e.from.index()].index()].id == *key && g.module_of[e.to.index()] == to)
        .map(|e| (e.from, e.line, e.line))
}
