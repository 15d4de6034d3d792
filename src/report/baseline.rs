//! Two scans compared: what is new, what is fixed, what is as it was.
//!
//! A finding is known again by its id, which holds its file, its rule and its expression, and no line. Where a file was
//! renamed, ids change; there, files of the old scan that are gone are paired with files of the new scan that were not there
//! before, by what their findings say.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64;

use super::shared::one_line;
use super::wire;
use crate::analysis::Analysis;
use crate::rules::Finding;

/// One finding, as a comparison sees it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Row {
    /// Stable id.
    pub id: String,
    /// Kind.
    pub kind: String,
    /// Rule.
    pub rule: String,
    /// Severity: info, low, medium, high.
    pub severity: String,
    /// Confidence: low, medium, high.
    pub confidence: String,
    /// Scope.
    pub scope: String,
    /// File.
    pub path: String,
    /// First line, from 1.
    pub line: u32,
    /// Sentence.
    pub message: String,
    /// Source line.
    pub snippet: String,
    /// What it is about.
    pub subject: String,
    /// True for a fact that is no problem.
    pub inventory: bool,
    /// True where somebody set it aside.
    #[serde(skip)]
    pub aside: bool,
}

impl Row {
    /// True for a problem of the application's own code that is sure enough to be counted and was not set aside.
    #[must_use]
    pub fn counts(&self) -> bool {
        !self.inventory && !self.aside && self.scope == "main" && self.confidence != "low"
    }

    /// `path:line`.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", self.path, self.line)
    }

    /// What it says, apart from where: the same after a renaming of its file.
    fn content(&self) -> u64 {
        content(&self.rule, &self.path, &self.snippet, &self.subject)
    }
}

/// What a finding says, apart from where: white space and the path of its file do not matter.
pub(super) fn content(rule: &str, path: &str, snippet: &str, subject: &str) -> u64 {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (snippet, subject) = (words(snippet), words(&subject.replace(path, "\u{1}")));
    xxh3_64(format!("{rule}\0{snippet}\0{subject}").as_bytes())
}

/// What a scan found, as a comparison sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Name of the repository.
    pub name: String,
    /// Commit, where it was known.
    pub commit: String,
    /// Findings in the order of the scan, then those that were set aside.
    pub rows: Vec<Row>,
    files: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Written {
    schema_version: u32,
    repository: WrittenRepository,
    files: Vec<WrittenFile>,
    findings: Vec<Row>,
    #[serde(default)]
    suppressed: Vec<Row>,
}

#[derive(Deserialize)]
struct WrittenRepository {
    name: String,
    #[serde(default)]
    commit: String,
}

#[derive(Deserialize)]
struct WrittenFile {
    path: String,
}

impl Snapshot {
    /// Reads the JSON of an earlier scan.
    ///
    /// # Errors
    /// One line when the text is no such JSON, or of a later version.
    pub fn parse(text: &str) -> Result<Snapshot, String> {
        let written: Written = serde_json::from_str(text)
            .map_err(|error| format!("is no result of `breakbulk scan --format json`: {error}"))?;
        if written.schema_version != wire::SCHEMA_VERSION {
            let (theirs, ours) = (written.schema_version, wire::SCHEMA_VERSION);
            return Err(format!("has schema_version {theirs}, this program reads {ours}; scan the old state again"));
        }
        let aside = written.suppressed.into_iter().map(|row| Row { aside: true, ..row });
        Ok(Snapshot {
            name: written.repository.name,
            commit: written.repository.commit,
            rows: written.findings.into_iter().chain(aside).collect(),
            files: written.files.into_iter().map(|file| file.path).collect(),
        })
    }

    /// The result of a scan: rows in the order of its findings.
    #[must_use]
    pub fn of(analysis: &Analysis) -> Snapshot {
        let row = |finding: &Finding, aside| Row {
            id: finding.id.to_string(),
            kind: finding.kind.0.to_owned(),
            rule: finding.rule.to_string(),
            severity: finding.severity.as_str().to_owned(),
            confidence: finding.confidence.as_str().to_owned(),
            scope: finding.scope.as_str().to_owned(),
            path: analysis.path(finding.file).to_owned(),
            line: finding.span.line,
            message: one_line(&finding.message),
            snippet: one_line(&finding.snippet),
            subject: one_line(&finding.subject),
            inventory: finding.is_inventory(),
            aside,
        };
        let found = analysis.findings.iter().map(|finding| row(finding, false));
        Snapshot {
            name: one_line(&analysis.name),
            commit: analysis.history.commit.as_deref().unwrap_or_default().to_owned(),
            rows: found.chain(analysis.suppressed.iter().map(|item| row(&item.finding, true))).collect(),
            files: analysis.files.iter().map(|file| file.path.to_string()).collect(),
        }
    }
}

/// What differs between two scans.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The earlier scan.
    pub old: Snapshot,
    /// The later scan.
    pub new: Snapshot,
    /// For each row of the later scan, the row of the earlier one that it is.
    pub was: Vec<Option<usize>>,
    /// For each row of the earlier scan, the row of the later one.
    pub became: Vec<Option<usize>>,
    /// Renamed files, from and to, sorted.
    pub renamed: Vec<(String, String)>,
}

impl Comparison {
    /// Compares an earlier scan with a later one.
    #[must_use]
    pub fn of(old: Snapshot, new: Snapshot) -> Comparison {
        let (was, became) = (vec![None; new.rows.len()], vec![None; old.rows.len()]);
        let mut comparison = Comparison { old, new, was, became, renamed: Vec::new() };
        let by_id = |row: &Row| row.id.clone();
        comparison.pair(by_id, by_id);
        comparison.renamed = comparison.renamings();
        let to: BTreeMap<String, String> = comparison.renamed.iter().cloned().collect();
        comparison.pair(
            |row| to.get(&row.path).map(|path| (path.clone(), row.content())),
            |row| Some((row.path.clone(), row.content())),
        );
        comparison
    }

    /// Pairs rows that are in no pair yet and have the same key, in their order.
    fn pair<K: Ord>(&mut self, old_key: impl Fn(&Row) -> K, new_key: impl Fn(&Row) -> K) {
        let mut free: BTreeMap<K, Vec<usize>> = BTreeMap::new();
        for (index, row) in self.old.rows.iter().enumerate().rev().filter(|(index, _)| self.became[*index].is_none()) {
            free.entry(old_key(row)).or_default().push(index);
        }
        for (index, row) in self.new.rows.iter().enumerate() {
            if self.was[index].is_none()
                && let Some(old) = free.get_mut(&new_key(row)).and_then(Vec::pop)
            {
                self.was[index] = Some(old);
                self.became[old] = Some(index);
            }
        }
    }

    /// Files that are gone, each with the new file that says most of the same: more than half of what either says, or of the
    /// same name.
    fn renamings(&self) -> Vec<(String, String)> {
        fn contents<'a>(rows: &'a [Row], other: &BTreeSet<String>) -> BTreeMap<&'a str, BTreeMap<u64, usize>> {
            let mut files: BTreeMap<&str, BTreeMap<u64, usize>> = BTreeMap::new();
            for row in rows.iter().filter(|row| !other.contains(&row.path)) {
                *files.entry(&row.path).or_default().entry(row.content()).or_default() += 1;
            }
            files
        }
        let gone = contents(&self.old.rows, &self.new.files);
        let fresh = contents(&self.new.rows, &self.old.files);
        let mut holders: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
        for (path, says) in &fresh {
            says.keys().for_each(|content| holders.entry(*content).or_default().push(path));
        }
        let mut pairs = Vec::new();
        for (path, says) in &gone {
            let mut common: BTreeMap<&str, usize> = BTreeMap::new();
            for (content, count) in says {
                // What everybody says tells nothing; without a bound, a thousand renamed files would be compared with each other.
                for to in holders.get(content).into_iter().flatten().take(COMMON) {
                    *common.entry(to).or_default() += count.min(&fresh[to][content]);
                }
            }
            let size = |says: &BTreeMap<u64, usize>| says.values().sum::<usize>();
            let name = |path: &str| path.rsplit('/').next().map(str::to_owned);
            for (to, common) in common {
                let same_name = name(path) == name(to);
                if same_name || common * 2 > size(says).max(size(&fresh[to])) {
                    pairs.push((std::cmp::Reverse((common, same_name)), *path, to));
                }
            }
        }
        pairs.sort_unstable();
        let (mut from, mut to) = (BTreeSet::new(), BTreeSet::new());
        pairs.retain(|(_, old, new)| !from.contains(old) && !to.contains(new) && from.insert(*old) && to.insert(*new));
        let mut renamed: Vec<_> = pairs.iter().map(|(_, old, new)| ((*old).to_owned(), (*new).to_owned())).collect();
        renamed.sort();
        renamed
    }

    /// True when a row of the later scan was not in the earlier one, or was set aside there.
    #[must_use]
    pub fn is_new(&self, row: usize) -> bool {
        match self.was.get(row).copied().flatten() {
            Some(old) => self.old.rows[old].aside && !self.new.rows[row].aside,
            None => true,
        }
    }

    /// Findings that count and are new, in order.
    pub fn added(&self) -> impl Iterator<Item = &Row> {
        self.new.rows.iter().enumerate().filter(|(index, row)| row.counts() && self.is_new(*index)).map(|(_, row)| row)
    }

    /// Findings that counted and are gone, in order.
    pub fn fixed(&self) -> impl Iterator<Item = &Row> {
        self.old.rows.iter().zip(&self.became).filter(|(row, now)| row.counts() && now.is_none()).map(|(row, _)| row)
    }

    /// Findings that count and are as they were, in order, each with what it was.
    pub fn unchanged(&self) -> impl Iterator<Item = (&Row, &Row)> {
        let rows = self.new.rows.iter().enumerate().filter(|(index, row)| row.counts() && !self.is_new(*index));
        rows.filter_map(|(index, row)| Some((row, &self.old.rows[self.was[index]?])))
    }

    /// Findings that counted and are set aside now.
    pub fn set_aside(&self) -> impl Iterator<Item = &Row> {
        let rows = self.old.rows.iter().zip(&self.became).filter(|(row, _)| row.counts());
        rows.filter_map(|(_, now)| now.map(|now| &self.new.rows[now])).filter(|row| row.aside)
    }
}

/// The most new files in which one content is looked for.
const COMMON: usize = 40;

#[cfg(test)]
mod tests {
    use super::{Comparison, Row, Snapshot};

    fn row(id: &str, path: &str, line: u32, snippet: &str) -> Row {
        Row {
            id: id.into(),
            rule: "r".into(),
            scope: "main".into(),
            confidence: "high".into(),
            severity: "high".into(),
            path: path.into(),
            line,
            snippet: snippet.into(),
            ..Row::default()
        }
    }

    fn snapshot(files: &[&str], rows: Vec<Row>) -> Snapshot {
        Snapshot { rows, files: files.iter().map(|file| (*file).to_owned()).collect(), ..Snapshot::default() }
    }

    fn counts(comparison: &Comparison) -> [usize; 4] {
        let c = comparison;
        [c.added().count(), c.fixed().count(), c.unchanged().count(), c.set_aside().count()]
    }

    #[test]
    fn ids_tell_and_what_was_set_aside_is_neither_fixed_nor_new() {
        let mut aside = row("b", "x", 1, "b");
        aside.aside = true;
        let old = snapshot(&["x"], vec![row("a", "x", 1, "a"), row("b", "x", 2, "b"), row("c", "x", 3, "c")]);
        let new = snapshot(&["x"], vec![row("a", "x", 9, "a"), row("d", "x", 4, "d"), aside]);
        assert_eq!(counts(&Comparison::of(old.clone(), new.clone())), [1, 1, 1, 1]);
        assert_eq!(counts(&Comparison::of(new, old)), [2, 1, 1, 0]);
    }

    #[test]
    fn renamed_files_are_known_again_by_what_they_say() {
        let old =
            snapshot(&["a", "b", "k"], vec![row("1", "a", 1, "s1"), row("2", "a", 2, "s2"), row("3", "b", 1, "s3")]);
        let moved =
            vec![row("7", "c/a", 5, "s1"), row("8", "c/a", 6, " s2"), row("9", "d", 1, "s3"), row("0", "d", 2, "new")];
        let comparison = Comparison::of(old.clone(), snapshot(&["c/a", "d", "k"], moved));
        assert_eq!(comparison.renamed, [("a".to_owned(), "c/a".to_owned())]);
        assert_eq!(counts(&comparison), [2, 1, 2, 0], "half of what `d` says is no renaming");
        // The same text in a file that was there before is another finding.
        let elsewhere =
            snapshot(&["b", "k"], vec![row("5", "k", 1, "s1"), row("6", "k", 2, "s2"), row("3", "b", 1, "s3")]);
        assert_eq!(counts(&Comparison::of(old, elsewhere)), [2, 2, 1, 0]);
    }

    #[test]
    fn what_is_no_scan_is_refused() {
        for (text, says) in [("", "no result"), ("{}", "schema_version"), ("[1]", "no result")] {
            assert!(Snapshot::parse(text).unwrap_err().contains(says), "{text}");
        }
        let later = r#"{"schema_version":9,"repository":{"name":"x"},"files":[],"findings":[]}"#;
        assert!(Snapshot::parse(later).unwrap_err().contains("schema_version 9"));
    }
}
