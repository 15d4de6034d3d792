//! The matrix behind Coupling: modules in an order, each unfolded into folders and files where a person asked for it, and
//! the uses between what is shown.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::DiGraph;
use rustc_hash::FxHashMap;

use super::Data;
use crate::analysis::Analysis;
use crate::facts::{FileId, Name, Scope};
use crate::graph::{EdgeKinds, Graph};

/// Which edges are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Which {
    /// Every use.
    #[default]
    All,
    /// Imports and includes.
    Import,
    /// Calls and constructions.
    Call,
    /// Extends, implements, mixes in.
    Inherit,
    /// Tables: the reader or second writer uses who writes.
    Table,
    /// Commits that changed files of both.
    Git,
}

impl Which {
    /// All, with the word for people and the unit of a count.
    pub const ALL: [(Which, &'static str, &'static str); 6] = [
        (Which::All, "all uses", "use"),
        (Which::Import, "imports", "import"),
        (Which::Call, "calls", "call"),
        (Which::Inherit, "inheritance", "inheritance"),
        (Which::Table, "shared tables", "table"),
        (Which::Git, "changed together", "commit"),
    ];

    /// Word for people, and unit.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        let (_, name, unit) = Which::ALL[self as usize];
        (name, unit)
    }

    /// Uses of a dependency that are counted.
    #[must_use]
    pub fn of(self, kinds: &EdgeKinds) -> u32 {
        match self {
            Which::All => kinds.total(),
            Which::Import => kinds.import,
            Which::Call => kinds.call.saturating_add(kinds.create),
            Which::Inherit => kinds.inherit,
            Which::Table | Which::Git => 0,
        }
    }
}

/// Orders of the rows.
pub const ORDERS: [&str; 3] = ["fewest back edges", "name", "most coupled"];

/// One row and column: a module, a folder of it or a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Stable key: the module's id, and below it the path.
    pub key: Name,
    /// Name for people.
    pub name: String,
    /// How deep it is unfolded: 0 for a module.
    pub depth: usize,
    /// Key of the row whose unfolding shows this one.
    pub parent: Option<Name>,
    /// The file, if it is one.
    pub file: Option<FileId>,
    /// Index of its module.
    pub module: usize,
    /// Files inside.
    pub files: u32,
}

/// What stands in a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cell {
    /// Uses, tables or commits.
    pub count: u32,
    /// File-to-file edges behind it.
    pub files: u32,
}

/// A row, and how much it uses or is used.
pub type Neighbour = (u32, u32);

/// Rows, and what they use of each other.
#[derive(Debug, Clone, Default)]
pub struct Matrix {
    /// Rows and columns in their order.
    pub nodes: Vec<Node>,
    /// Cycle of each row: its letter counted from 0.
    pub cycles: Vec<Option<usize>>,
    /// How many cycles there are.
    pub cycle_count: usize,
    /// Row of each file.
    pub node_of: Vec<Option<u32>>,
    cells: FxHashMap<(u32, u32), Cell>,
    /// Row of each key.
    row_of: FxHashMap<Name, u32>,
    /// Per row, which of the counted edges or pairs begin in it (pairs: touch it), in the order of the result. What is
    /// behind a cell is asked for in every frame, and must not walk all of them.
    behind: Vec<Vec<u32>>,
    /// Order, unfolded rows and kind of edges that it was made for; nothing when another result came since.
    made_for: Option<(usize, BTreeSet<Name>, Which)>,
    /// Per row, neighbours that use it and that it uses, most first.
    neighbours: Vec<(Vec<Neighbour>, Vec<Neighbour>)>,
}

impl Matrix {
    /// The matrix of the present result.
    #[must_use]
    pub fn new(data: &Data) -> Matrix {
        let analysis = &data.analysis;
        let graph = &analysis.graph;
        let main = |id: usize| analysis.files.get(id).is_some_and(|file| file.scope == Scope::Main);
        let mut inside: Vec<Vec<FileId>> = vec![Vec::new(); graph.modules.len()];
        for (file, module) in graph.module_of.iter().enumerate().filter(|(file, _)| main(*file)) {
            if let (Some(files), Ok(id)) = (inside.get_mut(module.index()), u32::try_from(file)) {
                files.push(FileId(id));
            }
        }
        let mut matrix = Matrix { node_of: vec![None; analysis.files.len()], ..Matrix::default() };
        for module in order(graph, data.order[2]) {
            let found = &graph.modules[module];
            let node = Node {
                key: found.id.clone(),
                name: found.name.to_string(),
                depth: 0,
                parent: None,
                file: None,
                module,
                files: u32::try_from(inside[module].len()).unwrap_or(u32::MAX),
            };
            let start = if found.path == "." || found.path.is_empty() { 0 } else { found.path.len() + 1 };
            matrix.unfold(analysis, &data.opened, node, &inside[module], start);
        }
        for (row, node) in (0..).zip(&matrix.nodes) {
            matrix.row_of.entry(node.key.clone()).or_insert(row);
        }
        matrix.count(data);
        matrix.made_for = Some((data.order[2], data.opened.clone(), data.edges));
        matrix
    }

    /// True when a new matrix would be the same.
    #[must_use]
    pub fn is_of(&self, data: &Data) -> bool {
        self.made_for.as_ref().is_some_and(|(order, opened, edges)| {
            (*order, *edges) == (data.order[2], data.edges) && *opened == data.opened
        })
    }

    /// Another result came: the matrix stays as it is until the next one is made.
    pub fn outdate(&mut self) {
        self.made_for = None;
    }

    /// Indices of the dependencies that begin in a row, or of the pairs changed together that touch it.
    #[must_use]
    pub fn edges_of(&self, row: usize) -> &[u32] {
        self.behind.get(row).map_or(&[], Vec::as_slice)
    }

    /// Adds a node, or what is in it where it is opened.
    fn unfold(&mut self, analysis: &Analysis, opened: &BTreeSet<Name>, node: Node, files: &[FileId], start: usize) {
        if node.file.is_some() || !opened.contains(&node.key) || files.is_empty() {
            let row = u32::try_from(self.nodes.len()).ok();
            for file in files {
                self.node_of[file.index()] = row;
            }
            self.nodes.push(node);
            return;
        }
        let mut start = start;
        let (folders, own) = loop {
            let mut folders: BTreeMap<&str, Vec<FileId>> = BTreeMap::new();
            let mut own = Vec::new();
            for file in files {
                match analysis.path(*file).get(start..).and_then(|rest| rest.split_once('/')) {
                    Some((folder, _)) => folders.entry(folder).or_default().push(*file),
                    None => own.push(*file),
                }
            }
            // A chain of folders with nothing else in them is one step.
            match folders.iter().next() {
                Some((folder, _)) if folders.len() == 1 && own.is_empty() => start += folder.len() + 1,
                _ => break (folders, own),
            }
        };
        for (folder, inside) in folders {
            let end = start + folder.len();
            let path = inside.first().map_or("", |file| analysis.path(*file).get(..end).unwrap_or_default());
            let child = Node {
                key: Name::from(format!("{}//{path}", analysis.graph.modules[node.module].id)),
                name: format!("{folder}/"),
                depth: node.depth + 1,
                parent: Some(node.key.clone()),
                file: None,
                module: node.module,
                files: u32::try_from(inside.len()).unwrap_or(u32::MAX),
            };
            self.unfold(analysis, opened, child, &inside, end + 1);
        }
        for file in own {
            let path = analysis.path(file);
            let child = Node {
                key: Name::from(format!("file {path}")),
                name: path.rsplit('/').next().unwrap_or(path).to_owned(),
                depth: node.depth + 1,
                parent: Some(node.key.clone()),
                file: Some(file),
                module: node.module,
                files: 1,
            };
            self.unfold(analysis, opened, child, &[file], 0);
        }
    }

    fn count(&mut self, data: &Data) {
        let graph = &data.analysis.graph;
        let row = |file: FileId| self.node_of.get(file.index()).copied().flatten();
        let mut cells: FxHashMap<(u32, u32), Cell> = FxHashMap::default();
        let mut add = |from: u32, to: u32, count: u32| {
            if from != to && count > 0 {
                let cell = cells.entry((from, to)).or_default();
                (cell.count, cell.files) = (cell.count.saturating_add(count), cell.files + 1);
            }
        };
        let mut behind: Vec<Vec<u32>> = vec![Vec::new(); self.nodes.len()];
        match data.edges {
            Which::Table => {
                for table in &graph.tables {
                    let rows = |files: &[(FileId, u32)]| -> BTreeSet<u32> {
                        files.iter().filter_map(|(file, _)| row(*file)).collect()
                    };
                    let (readers, writers) = (rows(&table.readers), rows(&table.writers));
                    for from in readers.union(&writers) {
                        writers.iter().for_each(|to| add(*from, *to, 1));
                    }
                }
            }
            Which::Git => {
                for (index, pair) in (0..).zip(&data.analysis.history.pairs) {
                    if let (Some(a), Some(b)) = (row(pair.a), row(pair.b)) {
                        behind[a as usize].push(index);
                        if a != b {
                            behind[b as usize].push(index);
                        }
                        add(a, b, pair.commits);
                        add(b, a, pair.commits);
                    }
                }
            }
            which => {
                for (index, edge) in (0..).zip(&graph.edges) {
                    if let (Some(from), Some(to)) = (row(edge.from), row(edge.to)) {
                        behind[from as usize].push(index);
                        add(from, to, which.of(&edge.kinds));
                    }
                }
            }
        }
        let mut edges: Vec<(u32, u32, u32)> = Vec::with_capacity(cells.len());
        #[allow(clippy::iter_over_hash_type)] // sorted below
        for ((from, to), cell) in &cells {
            edges.push((*from, *to, cell.count));
        }
        edges.sort_unstable();
        self.cells = cells;
        self.behind = behind;
        self.neighbours = vec![Default::default(); self.nodes.len()];
        for (from, to, count) in &edges {
            self.neighbours[*to as usize].0.push((*from, *count));
            self.neighbours[*from as usize].1.push((*to, *count));
        }
        for (users, used) in &mut self.neighbours {
            users.sort_by_key(|(node, count)| (std::cmp::Reverse(*count), *node));
            used.sort_by_key(|(node, count)| (std::cmp::Reverse(*count), *node));
        }
        self.cycles = vec![None; self.nodes.len()];
        if !matches!(data.edges, Which::Git | Which::Table) {
            let graph: DiGraph<(), ()> = DiGraph::from_edges(edges.iter().map(|(from, to, _)| (*from, *to)));
            let mut found: Vec<Vec<u32>> = petgraph::algo::kosaraju_scc(&graph)
                .into_iter()
                .filter(|part| part.len() > 1)
                .map(|part| part.into_iter().filter_map(|node| u32::try_from(node.index()).ok()).collect())
                .collect();
            found.iter_mut().for_each(|part| part.sort_unstable());
            found.sort_by_key(|part| (std::cmp::Reverse(part.len()), part[0]));
            for (letter, part) in found.iter().enumerate() {
                part.iter().for_each(|node| self.cycles[*node as usize] = Some(letter));
            }
            self.cycle_count = found.len();
        }
    }

    /// What a row uses of a column.
    #[must_use]
    pub fn cell(&self, from: usize, to: usize) -> Option<Cell> {
        self.cells.get(&(u32::try_from(from).ok()?, u32::try_from(to).ok()?)).copied()
    }

    /// Who uses a row, and whom it uses, with counts, most first.
    #[must_use]
    pub fn neighbours(&self, node: usize) -> (&[Neighbour], &[Neighbour]) {
        self.neighbours.get(node).map_or((&[], &[]), |(users, used)| (users, used))
    }

    /// The row with this key.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<usize> {
        self.row_of.get(key).map(|row| *row as usize)
    }
}

/// Letter of a cycle.
#[must_use]
pub fn letter(cycle: usize) -> char {
    char::from(b'A' + u8::try_from(cycle % 26).unwrap_or(0))
}

/// Modules in the order of the matrix.
fn order(graph: &Graph, order: usize) -> Vec<usize> {
    let mut out: Vec<usize> = if graph.matrix_order.len() == graph.modules.len() {
        graph.matrix_order.iter().map(|id| id.index()).collect()
    } else {
        (0..graph.modules.len()).collect()
    };
    match order {
        1 => out.sort_by(|a, b| graph.modules[*a].name.cmp(&graph.modules[*b].name)),
        2 => out.sort_by_key(|m| {
            let metrics = graph.module_metrics.get(*m).copied().unwrap_or_default();
            std::cmp::Reverse(metrics.fan_in + metrics.fan_out)
        }),
        _ => {}
    }
    out
}
