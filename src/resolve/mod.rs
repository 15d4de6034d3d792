//! Links facts across files: which file defines a name, which file an import means, which tables are touched.
