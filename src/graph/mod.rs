//! Modules and files as a graph: kinds of edges, cycles, metrics.

mod cycles;
mod metrics;
mod modules;
mod order;

use crate::facts::{FileId, Name, RefKind, Scope, SourceFile};
use crate::resolve::Links;

/// Builds the graph of `files` from what `resolve` found: `links` between files, `tables` as (file, table, writes, line).
#[must_use]
pub fn build(files: &[SourceFile], links: Links, tables: Vec<(FileId, Name, bool, u32)>) -> Graph {
    let (modules, module_of) = modules::split(files);
    let main = |id: FileId| files.get(id.index()).is_some_and(|file| file.scope == Scope::Main);
    let in_main: Vec<(u32, u32)> = links
        .edges
        .iter()
        .filter(|edge| main(edge.from) && main(edge.to))
        .map(|edge| (edge.from.0, edge.to.0))
        .collect();
    let module_edges = metrics::module_edges(&links.edges, &module_of, main);
    let module_pairs: Vec<(u32, u32)> = module_edges.iter().map(|edge| (edge.from.0, edge.to.0)).collect();
    let module_cycles = cycles::find(modules.len(), &module_pairs, ModuleId);
    let file_cycles = cycles::find(files.len(), &in_main, FileId);
    // Generated snapshots of the schema and tests name every table, and use none.
    let of_program = tables
        .into_iter()
        .filter(|one| files.get(one.0.index()).is_some_and(|file| matches!(file.scope, Scope::Main | Scope::Build)))
        .collect();
    let matrix_order = order::fewest_back_edges(modules.len(), &module_edges);
    Graph {
        module_metrics: metrics::of(modules.len(), &module_pairs),
        file_metrics: metrics::of(files.len(), &in_main),
        tables: metrics::tables(of_program),
        modules,
        module_of,
        edges: links.edges,
        module_edges,
        module_cycles,
        file_cycles,
        matrix_order,
    }
}

/// Index of a module in [`Graph::modules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId(pub u32);

impl ModuleId {
    /// The index as `usize`, for slices.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What the files of a repository have to do with each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    /// Modules, sorted by id text.
    pub modules: Vec<Module>,
    /// Module of each file, by [`FileId`] index; every file has one.
    pub module_of: Vec<ModuleId>,
    /// File to file, sorted by (from, to); no self edges, no duplicates.
    pub edges: Vec<Dependency>,
    /// Module to module, sorted by (from, to), summed up from `edges`; main scope only.
    pub module_edges: Vec<ModuleEdge>,
    /// Database tables and who reads or writes them, sorted by name.
    pub tables: Vec<Table>,
    /// Cycles among modules (strongly connected components of more than one), largest first.
    pub module_cycles: Vec<Vec<ModuleId>>,
    /// Cycles among files of scope main, largest first.
    pub file_cycles: Vec<Vec<FileId>>,
    /// Metrics per module, by [`ModuleId`] index.
    pub module_metrics: Vec<Metrics>,
    /// Metrics per file, by [`FileId`] index.
    pub file_metrics: Vec<Metrics>,
    /// Order of rows for the dependency structure matrix: fewest back edges.
    pub matrix_order: Vec<ModuleId>,
}

/// A part of the repository that its build files or folders set apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Module {
    /// Stable id: the path of the folder, `.` for the root.
    pub id: Name,
    /// Short name for people, unique among the modules.
    pub name: Name,
    /// Folder, relative to the repository.
    pub path: Name,
    /// The build or package file that makes it a module, if any.
    pub manifest: Option<Name>,
    /// Files of any scope.
    pub files: u32,
    /// Lines of scope main.
    pub lines: u32,
}

/// How many uses of each kind an edge stands for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EdgeKinds {
    /// Imports and includes.
    pub import: u32,
    /// Extends, implements, mixes in.
    pub inherit: u32,
    /// Constructions.
    pub create: u32,
    /// Calls and uses of static members.
    pub call: u32,
    /// Named as a type.
    pub type_use: u32,
    /// Annotations and other uses of the name.
    pub name: u32,
    /// Resolved by a framework's loader (class named in configuration, template by name).
    pub loader: u32,
    /// True where the file is used only by way of another one that hands its names on (a barrel, a package's `__init__`).
    pub through: bool,
}

impl EdgeKinds {
    /// Adds `count` uses of a kind.
    pub fn add(&mut self, kind: RefKind, count: u32) {
        let slot = match kind {
            RefKind::Inherit => &mut self.inherit,
            RefKind::Create => &mut self.create,
            RefKind::Call => &mut self.call,
            RefKind::Type => &mut self.type_use,
            RefKind::Annotation | RefKind::Name => &mut self.name,
            RefKind::Loader => &mut self.loader,
        };
        *slot = slot.saturating_add(count);
    }

    /// The kinds with their counts, zero counts left out, in a fixed order, with the names used in JSON.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u32)> {
        [
            ("call", self.call),
            ("create", self.create),
            ("import", self.import),
            ("inherit", self.inherit),
            ("loader", self.loader),
            ("name", self.name),
            ("type", self.type_use),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
    }

    /// True when the language itself makes the dependency: the file names the other, and not only a framework's convention
    /// or a file between them leads there.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        !self.through && self.total() > self.loader
    }

    /// All uses together.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.iter().map(|(_, count)| count).fold(0, u32::saturating_add)
    }
}

/// File `from` depends on file `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dependency {
    /// The file that uses.
    pub from: FileId,
    /// The file that is used.
    pub to: FileId,
    /// How many uses of each kind.
    pub kinds: EdgeKinds,
    /// Line in `from` of one use, from 1 (the first that is no import, if there is one).
    pub line: u32,
}

/// Module `from` depends on module `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModuleEdge {
    /// The module that uses.
    pub from: ModuleId,
    /// The module that is used.
    pub to: ModuleId,
    /// File-to-file edges behind it.
    pub files: u32,
    /// Uses behind it.
    pub uses: u32,
}

/// A database table (or collection) and the files that touch it.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Name as in the schema, lower case.
    pub name: Name,
    /// Files that read it, with one line each, sorted.
    pub readers: Vec<(FileId, u32)>,
    /// Files that write or define it, with one line each, sorted.
    pub writers: Vec<(FileId, u32)>,
}

/// Coupling figures of a file or module.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Metrics {
    /// Afferent coupling Ca: how many others use it.
    pub fan_in: u32,
    /// Efferent coupling Ce: how many others it uses.
    pub fan_out: u32,
    /// Instability I = Ce / (Ca + Ce), 0 to 1; 0 where both are 0 (R. C. Martin, 1994).
    pub instability: f32,
}
