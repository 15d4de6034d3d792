//! A division as a file: which paths make up which part, written by a person or by the program.
//!
//! ```toml
//! [[part]]
//! name = "billing"
//! files = ["src/billing/**", "src/models/Invoice.java"]
//! ```
//!
//! A pattern is a path or a glob relative to the repository, with forward slashes; `*` stays in one folder, `**` does not.
//! Where several match, the one with the most letters that are no wildcard wins, and among equals the first. The part called
//! `shared` is what stays common; files that nothing matches go there too.

use std::collections::BTreeMap;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::{Deserialize, Serialize};

use super::{Group, SHARED};
use crate::facts::{FileId, Name, SourceFile};

/// A division by patterns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Partition {
    /// The parts, in the order of the file.
    #[serde(default, rename = "part")]
    pub parts: Vec<Part>,
}

/// One part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Name for people; `shared` for what stays common.
    pub name: String,
    /// Paths and globs of its files.
    #[serde(default)]
    pub files: Vec<String>,
}

/// A division of the files of a repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Division {
    /// The parts with at least one file, in the order of the partition.
    pub groups: Vec<Group>,
    /// What stays common, sorted.
    pub shared: Vec<FileId>,
    /// The files among `shared` that no pattern matched, sorted.
    pub unmatched: Vec<FileId>,
}

impl Partition {
    /// Reads a partition.
    ///
    /// # Errors
    /// One line where it is no TOML of this form, a name is empty or there twice, or a pattern is no glob.
    pub fn parse(text: &str) -> Result<Partition, String> {
        let found: Partition = toml::from_str(text).map_err(|error| error.to_string().replace('\n', " "))?;
        let mut names: Vec<&str> = found.parts.iter().map(|part| part.name.trim()).collect();
        names.sort_unstable();
        if names.first().is_some_and(|name| name.is_empty()) {
            return Err("a part has no name".into());
        }
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(format!("the part {} is there twice", pair[0]));
        }
        found.globs()?;
        Ok(found)
    }

    /// The text of the file.
    ///
    /// # Errors
    /// One line, when it cannot be put into words (not with names and patterns that were read or made by the program).
    pub fn to_text(&self) -> Result<String, String> {
        let text = toml::to_string(self).map_err(|error| error.to_string())?;
        Ok(format!("# A division into candidates: breakbulk scan --partition FILE\n\n{text}"))
    }

    /// Describes a division: whole folders where all members below them go to one part, single files otherwise.
    #[must_use]
    pub fn describe(files: &[SourceFile], parts: &[(Name, Vec<FileId>)]) -> Partition {
        let mut of: BTreeMap<&str, usize> = BTreeMap::new();
        // per folder, the one part below it; None where there are several
        let mut below: BTreeMap<&str, Option<usize>> = BTreeMap::new();
        for (part, (_, members)) in parts.iter().enumerate() {
            for file in members {
                let path = files[file.index()].path.as_str();
                of.insert(path, part);
                let mut at = path;
                while let Some((folder, _)) = at.rsplit_once('/') {
                    below.entry(folder).and_modify(|one| *one = one.filter(|one| *one == part)).or_insert(Some(part));
                    at = folder;
                }
            }
        }
        let mut patterns: Vec<Vec<String>> = vec![Vec::new(); parts.len()];
        for (folder, part) in &below {
            let above = folder.rsplit_once('/').map(|(above, _)| above);
            if let Some(part) = part
                && above.is_none_or(|above| below.get(above).is_none_or(Option::is_none))
            {
                patterns[*part].push(format!("{}/**", escape(folder)));
            }
        }
        for (path, part) in of {
            let folder = path.rsplit_once('/').map(|(folder, _)| folder);
            if folder.is_none_or(|folder| below.get(folder).is_none_or(Option::is_none)) {
                patterns[part].push(escape(path));
            }
        }
        let named = parts.iter().zip(patterns);
        Partition { parts: named.map(|((name, _), files)| Part { name: name.to_string(), files }).collect() }
    }

    /// Divides `members` (sorted) by the patterns.
    ///
    /// # Errors
    /// One line when a pattern is no glob.
    pub fn divide(&self, files: &[SourceFile], members: &[FileId]) -> Result<Division, String> {
        let (globs, owner) = self.globs()?;
        let mut groups: Vec<Group> = self
            .parts
            .iter()
            .map(|part| Group { name: Some(Name::from(part.name.trim())), files: Vec::new() })
            .collect();
        let mut division = Division::default();
        for &file in members {
            let matching = globs.matches(files[file.index()].path.as_str());
            let best = matching.into_iter().max_by_key(|index| (owner[*index].1, std::cmp::Reverse(*index)));
            match best.map(|index| owner[index].0) {
                Some(part) if self.parts[part].name.trim() != SHARED => groups[part].files.push(file),
                Some(_) => division.shared.push(file),
                None => {
                    division.shared.push(file);
                    division.unmatched.push(file);
                }
            }
        }
        groups.retain(|group| !group.files.is_empty());
        division.groups = groups;
        Ok(division)
    }

    /// All patterns, and per pattern its part and its weight.
    fn globs(&self) -> Result<(GlobSet, Vec<(usize, usize)>), String> {
        let mut set = GlobSetBuilder::new();
        let mut owner = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            for pattern in &part.files {
                let glob = GlobBuilder::new(pattern.trim_start_matches("./")).literal_separator(true).build();
                set.add(glob.map_err(|error| format!("{} is no pattern: {error}", pattern.escape_debug()))?);
                owner.push((index, pattern.chars().filter(|letter| !"*?[]{}\\".contains(*letter)).count()));
            }
        }
        Ok((set.build().map_err(|error| error.to_string())?, owner))
    }
}

/// A path as a pattern that matches it alone.
fn escape(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for letter in path.chars() {
        if "*?[]{}\\!".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Scope;

    fn files(paths: &[&str]) -> (Vec<SourceFile>, Vec<FileId>) {
        let file = |path: &&str| SourceFile {
            path: Name::from(*path),
            language: None,
            is_code: true,
            scope: Scope::Main,
            bytes: 1,
            lines: 1,
        };
        (paths.iter().map(file).collect(), (0..paths.len() as u32).map(FileId).collect())
    }

    #[test]
    fn the_most_exact_pattern_wins_and_the_rest_is_shared() {
        let (files, members) = files(&["a/x.rb", "a/y.rb", "b/x.rb", "c.rb"]);
        let text = "[[part]]\nname=\"one\"\nfiles=[\"a/**\"]\n[[part]]\nname=\"two\"\nfiles=[\"a/y.rb\",\"b/*\"]\n";
        let found = Partition::parse(text).unwrap().divide(&files, &members).unwrap();
        assert_eq!(found.groups[0].files, [FileId(0)]);
        assert_eq!(found.groups[1].files, [FileId(1), FileId(2)]);
        assert_eq!((found.shared, found.unmatched), (vec![FileId(3)], vec![FileId(3)]));
    }

    #[test]
    fn what_is_described_is_read_back() {
        let (files, members) = files(&["a/b/[x].rb", "a/b/y.rb", "a/c/x.rb", "a/c/y.rb", "z.rb"]);
        let parts = [
            (Name::from("one"), vec![members[0], members[1], members[2]]),
            (Name::from("two"), vec![members[3]]),
            (Name::from(SHARED), vec![members[4]]),
        ];
        let described = Partition::describe(&files, &parts);
        assert_eq!(described.parts[0].files, ["a/b/**", "a/c/x.rb"]);
        let again = Partition::parse(&described.to_text().unwrap()).unwrap();
        assert_eq!(again, described);
        let division = again.divide(&files, &members).unwrap();
        assert_eq!(division.groups[0].files, parts[0].1);
        assert_eq!(division.groups[1].files, parts[1].1);
        assert_eq!((division.shared.as_slice(), division.unmatched.len()), (&[members[4]][..], 0));
    }

    #[test]
    fn faults_are_said_in_one_line() {
        for (text, part) in [
            ("[[part]]\nfiles=[]", "name"),
            ("[[part]]\nname=\"\"", "no name"),
            ("[[part]]\nname=\"a\"\n[[part]]\nname=\"a\"", "twice"),
            ("[[part]]\nname=\"a\"\nfiles=[\"a[\"]", "no pattern"),
            ("x = 1", "x"),
        ] {
            let fault = Partition::parse(text).unwrap_err();
            assert!(fault.contains(part) && !fault.contains('\n'), "{fault}");
        }
    }
}
