//! What crosses the border of a candidate: dependencies and tables.

use std::collections::BTreeSet;

use super::Seam;
use crate::facts::{FileId, Name, RefKind};
use crate::graph::{EdgeKinds, Graph};

/// The strongest kind of use of an edge. An import without any other use counts as a use of the name.
#[must_use]
pub fn strongest(kinds: &EdgeKinds) -> RefKind {
    let order = [
        (kinds.inherit, RefKind::Inherit),
        (kinds.create, RefKind::Create),
        (kinds.call, RefKind::Call),
        (kinds.loader, RefKind::Loader),
        (kinds.type_use, RefKind::Type),
    ];
    order.iter().find(|(count, _)| *count > 0).map_or(RefKind::Name, |(_, kind)| *kind)
}

/// The seams of all candidates in one pass: per candidate, sorted by (from, to). `shared` is the index of what stays common.
#[must_use]
pub fn seams(graph: &Graph, candidate_of: &[Option<u32>], count: usize, shared: u32) -> Vec<Vec<Seam>> {
    let mut found = vec![Vec::new(); count];
    for edge in &graph.edges {
        let (Some(a), Some(b)) = (candidate_of[edge.from.index()], candidate_of[edge.to.index()]) else {
            continue;
        };
        if a == b {
            continue;
        }
        let seam = |incoming: bool, to_shared: bool| Seam {
            from: edge.from,
            to: edge.to,
            line: edge.line,
            kind: strongest(&edge.kinds),
            incoming,
            to_shared,
        };
        found[a as usize].push(seam(false, b == shared));
        found[b as usize].push(seam(true, a == shared));
    }
    found
}

/// Per candidate the tables that only it touches, and those that others touch too; both sorted.
#[must_use]
pub fn tables(graph: &Graph, candidate_of: &[Option<u32>], count: usize) -> (Vec<Vec<Name>>, Vec<Vec<Name>>) {
    let (mut own, mut common) = (vec![Vec::new(); count], vec![Vec::new(); count]);
    for table in &graph.tables {
        let touching = |(file, _): &(FileId, u32)| candidate_of[file.index()];
        let users: BTreeSet<u32> = table.readers.iter().chain(&table.writers).filter_map(touching).collect();
        for &user in &users {
            let list = if users.len() == 1 { &mut own } else { &mut common };
            list[user as usize].push(table.name.clone());
        }
    }
    for list in own.iter_mut().chain(&mut common) {
        list.sort();
    }
    (own, common)
}

/// Which candidates lie on a cycle of dependencies with another one; `shared` is left out, it comes along as a library.
#[must_use]
pub fn in_cycle(seams: &[Vec<Seam>], candidate_of: &[Option<u32>], shared: u32) -> Vec<bool> {
    let count = seams.len();
    let mut uses = vec![BTreeSet::new(); count];
    for (own, list) in seams.iter().enumerate() {
        for seam in list.iter().filter(|seam| !seam.incoming && !seam.to_shared && own != shared as usize) {
            if let Some(other) = candidate_of[seam.to.index()] {
                uses[own].insert(other as usize);
            }
        }
    }
    let reaches_itself = |start: usize| {
        let mut seen = vec![false; count];
        let mut open: Vec<usize> = uses[start].iter().copied().collect();
        while let Some(at) = open.pop() {
            if at == start {
                return true;
            }
            if !std::mem::replace(&mut seen[at], true) {
                open.extend(&uses[at]);
            }
        }
        false
    };
    (0..count).map(reaches_itself).collect()
}
