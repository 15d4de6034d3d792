//! Links facts across files: which file defines a name, which file an import means, which tables are touched.

mod bridges;
mod constants;
mod go;
mod index;
mod members;
mod namespaces;
mod paths;
mod python;
mod ruby;
mod rust;
mod script;
mod sql;
mod tables;
mod wants;

pub use bridges::{Signal, SignalKind, bridge, signals_of};
pub use constants::{Constants, Fill, Place};
pub use tables::tables_of;
pub use wants::{needs_entries, wants_call, wants_literal};

use crate::facts::{FileFacts, FileId, Name, RefKind, Reference, SourceFile};
use crate::graph::{Dependency, EdgeKinds};

use index::{Family, Index};
use rustc_hash::FxHashSet;

/// What the files of a repository have to do with each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Links {
    /// File to file, sorted by (from, to); no self edges, no duplicates.
    pub edges: Vec<Dependency>,
    /// Simple and qualified (dotted) names of the types that the repository defines, sorted.
    pub own: Vec<Name>,
}

impl Links {
    /// True for the simple or qualified name of a type that the repository itself defines.
    #[must_use]
    pub fn is_own(&self, name: &str) -> bool {
        self.own.binary_search_by(|own| own.as_str().cmp(name)).is_ok()
    }
}

/// The question whether a simple or qualified name is a type of the repository itself, so that rules do not take it for
/// the library's type of the same name.
pub fn own_types(links: &Links) -> impl Fn(&str) -> bool + Sync + '_ {
    |name| links.is_own(name)
}

/// Finds the dependencies between `files`; `facts` by [`FileId`] index, empty for files that were not read.
///
/// A name that several files define and that no import settles makes no edge: a wrong edge costs more than a missing one.
#[must_use]
pub fn link(files: &[SourceFile], facts: &[FileFacts]) -> Links {
    let index = Index::new(files, facts);
    let python = python::Modules::new(&index);
    let script = script::Packages::new(&index);
    let go = go::Packages::new(&index);
    let rust = rust::Crates::new(&index);
    let ancestors = ruby::Ancestors::new(&index);
    let members = members::Members::new(&index, &go);
    let mut edges = Vec::new();
    for (at, one) in (0u32..).zip(facts.iter().take(files.len())) {
        let mut out = Uses::new(one);
        match index.family(at) {
            Some(Family::Java | Family::CSharp | Family::Php) => namespaces::link(&index, &members, at, one, &mut out),
            Some(Family::Python) => python.link(&index, at, one, &mut out),
            Some(Family::Script) => script.link(&index, at, one, &mut out),
            Some(Family::Ruby) => ruby::link(&index, &ancestors, at, one, &mut out),
            Some(Family::Go) => go.link(&index, &members, at, one, &mut out),
            Some(Family::Rust) => rust.link(&index, at, one, &mut out),
            None => {}
        }
        out.finish(at, &mut edges);
    }
    Links { edges, own: index.own_types() }
}

/// The uses of other files by one file.
struct Uses {
    all: Vec<Use>,
    /// Lines of imports, sorted: a name that is used there alone is the import itself.
    import_lines: Vec<u32>,
    /// Files that the file itself imports, and files that an imported one hands names on from.
    imported: FxHashSet<u32>,
    handed_on: FxHashSet<u32>,
}

/// One use: of which file, how (`None`: import), where, how often.
struct Use {
    to: u32,
    kind: Option<RefKind>,
    line: u32,
    count: u32,
}

impl Uses {
    fn new(facts: &FileFacts) -> Self {
        let mut import_lines: Vec<u32> = facts.imports.iter().map(|import| import.line).collect();
        import_lines.sort_unstable();
        Uses { all: Vec::new(), import_lines, imported: FxHashSet::default(), handed_on: FxHashSet::default() }
    }

    fn import(&mut self, to: u32, line: u32) {
        self.imported.insert(to);
        self.all.push(Use { to, kind: None, line, count: 1 });
    }

    /// The file that defines what an imported one only hands on.
    fn import_through(&mut self, to: u32, line: u32) {
        self.handed_on.insert(to);
        self.all.push(Use { to, kind: None, line, count: 1 });
    }

    /// A use of a file that defines the name, or that is only on the way to it.
    fn used(&mut self, (to, defines): (u32, bool), reference: &Reference) {
        if defines {
            self.imported.insert(to);
        } else {
            self.handed_on.insert(to);
        }
        self.reference(to, reference);
    }

    fn reference(&mut self, to: u32, reference: &Reference) {
        let alone = reference.kind == RefKind::Name && reference.count <= 1;
        if alone && self.import_lines.binary_search(&reference.line).is_ok() {
            return;
        }
        self.all.push(Use { to, kind: Some(reference.kind), line: reference.line, count: reference.count.max(1) });
    }

    /// Sums up to one edge per used file; the example line is the first use that is no import.
    fn finish(mut self, from: u32, edges: &mut Vec<Dependency>) {
        self.all.retain(|one| one.to != from);
        self.all.sort_unstable_by_key(|one| (one.to, one.kind.is_none(), one.line));
        for one in self.all {
            let new = edges.last().is_none_or(|edge| edge.from.0 != from || edge.to.0 != one.to);
            if new {
                let through = self.handed_on.contains(&one.to) && !self.imported.contains(&one.to);
                let kinds = EdgeKinds { through, ..EdgeKinds::default() };
                edges.push(Dependency { from: FileId(from), to: FileId(one.to), kinds, line: one.line.max(1) });
            }
            if let Some(edge) = edges.last_mut() {
                match one.kind {
                    Some(kind) => edge.kinds.add(kind, one.count),
                    None => edge.kinds.import = edge.kinds.import.saturating_add(one.count),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
