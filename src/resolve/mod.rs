//! Links facts across files: which file defines a name, which file an import means, which tables are touched.

use crate::graph::Dependency;

/// What the files of a repository have to do with each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Links {
    /// File to file, sorted by (from, to); no self edges, no duplicates.
    pub edges: Vec<Dependency>,
    /// Simple and qualified (dotted) names of types that the repository defines, sorted.
    pub own: Vec<crate::facts::Name>,
}
