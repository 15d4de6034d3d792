//! The data that is built into the binary: languages, rules, advice, templates, and the demo's project.

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// All assets below a folder of `assets/` (`rules/`), as (path relative to `assets/`, text), sorted by path.
pub fn under(folder: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    ASSETS.iter().copied().filter(move |(path, _)| path.starts_with(folder))
}

/// One asset by its path relative to `assets/`.
#[must_use]
pub fn get(path: &str) -> Option<&'static str> {
    ASSETS.binary_search_by(|(known, _)| (*known).cmp(path)).ok().map(|index| ASSETS[index].1)
}
