//! Globs on paths: those of all rules in one set, asked once per file.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use std::sync::OnceLock;

use super::model::Many;

/// The globs of one rule, among those of all.
pub type Group = u32;

/// All globs of a rule set. Letter case is ignored.
#[derive(Debug, Default)]
pub struct Paths {
    globs: Vec<(Glob, Group)>,
    groups: u32,
    set: OnceLock<GlobSet>,
}

/// Which groups a path is in.
#[derive(Debug, Default)]
pub struct Matched(Vec<Group>);

impl Matched {
    /// True where a rule has no globs, or one of them matches.
    pub fn allows(&self, group: Option<Group>) -> bool {
        group.is_none_or(|group| self.0.binary_search(&group).is_ok())
    }

    /// True where a rule has globs that exclude the path.
    pub fn excludes(&self, group: Option<Group>) -> bool {
        group.is_some_and(|group| self.0.binary_search(&group).is_ok())
    }
}

impl Paths {
    /// Adds the globs of a rule; none where it has none.
    ///
    /// # Errors
    /// When one is no glob.
    pub fn add(&mut self, globs: Option<&Many>) -> Result<Option<Group>, String> {
        let Some(globs) = globs else { return Ok(None) };
        let group = self.groups;
        for text in globs.texts() {
            // Lower case instead of a flag: the set then knows names and endings without regular expressions.
            let glob = GlobBuilder::new(&text.to_lowercase()).literal_separator(true).build();
            self.globs.push((glob.map_err(|error| format!("`{text}` is no glob ({error})"))?, group));
        }
        self.groups += 1;
        Ok(Some(group))
    }

    /// The globs of a group, in lower case.
    pub fn globs(&self, group: Group) -> Vec<&str> {
        self.globs.iter().filter(|(_, of)| *of == group).map(|(glob, _)| glob.glob()).collect()
    }

    /// The groups that a path is in.
    pub fn matched(&self, path: &str) -> Matched {
        let set = self.set.get_or_init(|| {
            let mut builder = GlobSetBuilder::new();
            for (glob, _) in &self.globs {
                builder.add(glob.clone());
            }
            // Each glob was built on its own already; together they can only be too many.
            builder.build().unwrap_or_else(|_| GlobSet::empty())
        });
        let mut groups: Vec<Group> = set
            .matches(path.to_lowercase())
            .into_iter()
            .filter_map(|at| self.globs.get(at))
            .map(|(_, group)| *group)
            .collect();
        groups.sort_unstable();
        groups.dedup();
        Matched(groups)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::model::Scalar;

    #[test]
    fn groups_are_told_apart_and_case_is_ignored() {
        let mut paths = Paths::default();
        let many = |texts: &[&str]| Many::List(texts.iter().map(|text| Scalar::Text((*text).to_owned())).collect());
        let first = paths.add(Some(&many(&["**/Dockerfile", "a/*.yml"]))).unwrap();
        let second = paths.add(Some(&many(&["**/*.yml"]))).unwrap();
        let found = paths.matched("a/b.YML");
        assert!(found.allows(first) && found.excludes(second));
        let found = paths.matched("x/dockerfile");
        assert!(found.allows(first) && !found.allows(second) && found.allows(None) && !found.excludes(None));
    }
}
