//! Labels against findings: who is hit, who is missed, what is a false alarm, and the tables made of it. No input or output.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use serde::Deserialize;

/// The kinds that are labelled.
pub const KINDS: [&str; 3] = ["file-write", "hardcoded-endpoint", "log-path"];

/// The labels of one repository.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// Owner and name: `apache/roller`.
    pub repository: String,
    /// The commit that was read, in hexadecimal; may be abbreviated.
    pub commit: String,
    /// The main language, for people: the row of a file is decided by the file itself.
    pub language: String,
    /// Every file that was read completely, also those without a site.
    #[serde(default)]
    pub file: Vec<LabelledFile>,
}

/// One file that was read completely.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelledFile {
    /// Relative to the repository, with forward slashes.
    pub path: String,
    /// All sites in it.
    #[serde(default)]
    pub sites: Vec<Site>,
}

/// One labelled place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// One of [`KINDS`].
    #[serde(deserialize_with = "known_kind")]
    pub kind: String,
    /// First line, from 1.
    pub line: u32,
    /// Last line; the first where it is left out.
    #[serde(default)]
    pub end_line: Option<u32>,
    /// Arguable under the definitions: counted neither as a miss nor, when found, as hit or false alarm.
    #[serde(default)]
    pub optional: bool,
    /// Why it is one, or is arguable, for people.
    #[serde(default)]
    pub note: Option<String>,
}

fn known_kind<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let kind = String::deserialize(from)?;
    if KINDS.contains(&kind.as_str()) {
        return Ok(kind);
    }
    Err(serde::de::Error::custom(format!("no kind is called {kind}; there are {}", KINDS.join(", "))))
}

impl Labels {
    /// Reads one file of labels.
    ///
    /// # Errors
    /// Place and message, when it is no TOML, or a field, a kind or a line is none.
    pub fn read(text: &str) -> Result<Labels, (Option<Range<usize>>, String)> {
        let labels: Labels = toml::from_str(text).map_err(|error| (error.span(), error.message().to_owned()))?;
        let mut paths: Vec<&str> = labels.file.iter().map(|file| file.path.as_str()).collect();
        paths.sort_unstable();
        if let Some(twice) = paths.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err((None, format!("{} stands there twice", twice[0])));
        }
        for file in &labels.file {
            for site in &file.sites {
                if site.line == 0 || site.end_line.is_some_and(|end| end < site.line) {
                    return Err((None, format!("{}: no such lines: {}..{:?}", file.path, site.line, site.end_line)));
                }
            }
        }
        Ok(labels)
    }

    /// The folder of the checkout: the last part of the repository's name.
    pub fn folder(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or(&self.repository)
    }
}

/// What counts of a finding.
#[derive(Debug, Clone)]
pub struct Seen {
    pub kind: &'static str,
    pub line: u32,
    pub end_line: u32,
    /// Of low confidence: neither hit nor false alarm.
    pub low: bool,
    /// In scope main: others are hidden, and as good as not found.
    pub main: bool,
    pub rule: String,
    /// Why it is low, or its scope.
    pub doubt: String,
}

/// What is wrong at one place.
#[derive(Debug, PartialEq)]
pub enum Wrong {
    /// A label that no finding hits, and what was nearly a hit.
    Miss { line: u32, note: String },
    /// A finding where no label is.
    FalseAlarm { line: u32, rule: String },
}

/// The result of one kind in one file.
#[derive(Debug)]
pub struct Outcome {
    pub kind: &'static str,
    pub language: &'static str,
    pub hits: usize,
    pub wrong: Vec<Wrong>,
}

/// Judges the findings of one kind in one file.
///
/// A label is hit by a finding whose lines overlap its own. One finding hits one label, except that an endpoint finding may
/// hit all labels that it overlaps (several addresses in one entry may be one finding). A finding that overlaps some label
/// is no false alarm, whether that label was hit already or is optional.
pub fn judge(file: &LabelledFile, kind: &'static str, language: &'static str, findings: &[Seen]) -> Outcome {
    let overlaps = |site: &Site, seen: &Seen| {
        seen.line <= site.end_line.unwrap_or(site.line) && site.line <= seen.end_line.max(seen.line)
    };
    let sites: Vec<&Site> = file.sites.iter().filter(|site| site.kind == kind).collect();
    let counted: Vec<&Seen> = findings.iter().filter(|seen| seen.kind == kind && seen.main && !seen.low).collect();
    let mut wrong = Vec::new();
    for seen in &counted {
        if !sites.iter().any(|site| overlaps(site, seen)) {
            wrong.push(Wrong::FalseAlarm { line: seen.line, rule: seen.rule.clone() });
        }
    }
    let required: Vec<&Site> = sites.into_iter().filter(|site| !site.optional).collect();
    let near: Vec<Vec<usize>> = required
        .iter()
        .map(|site| (0..counted.len()).filter(|index| overlaps(site, counted[*index])).collect())
        .collect();
    let hit: Vec<bool> = if kind == "hardcoded-endpoint" {
        near.iter().map(|near| !near.is_empty()).collect()
    } else {
        assign(&near, counted.len())
    };
    for (site, _) in required.iter().zip(&hit).filter(|(_, hit)| !**hit) {
        let other = findings.iter().find(|seen| overlaps(site, seen) && seen.kind == kind && (seen.low || !seen.main));
        let other = other.or_else(|| findings.iter().find(|seen| overlaps(site, seen)));
        let note = match other {
            None => "not found".to_owned(),
            Some(seen) if seen.kind != kind => format!("found as {}", seen.rule),
            Some(seen) if !seen.main => format!("scope {}: {}", seen.doubt, seen.rule),
            Some(seen) if seen.low => format!("low confidence: {}: {}", seen.rule, seen.doubt),
            Some(seen) => format!("its finding hits another label: {}", seen.rule),
        };
        let note = site.note.iter().fold(note, |note, why| format!("{note}; {why}"));
        wrong.push(Wrong::Miss { line: site.line, note });
    }
    wrong.sort_by_key(|wrong| match wrong {
        Wrong::Miss { line, .. } => (*line, 0),
        Wrong::FalseAlarm { line, .. } => (*line, 1),
    });
    Outcome { kind, language, hits: hit.iter().filter(|hit| **hit).count(), wrong }
}

/// Gives each label at most one finding and each finding at most one label, as many as can be (augmenting paths).
fn assign(near: &[Vec<usize>], findings: usize) -> Vec<bool> {
    fn place(label: usize, near: &[Vec<usize>], taken: &mut [Option<usize>], tried: &mut [bool]) -> bool {
        for &finding in &near[label] {
            if std::mem::replace(&mut tried[finding], true) {
                continue;
            }
            let free = match taken[finding] {
                None => true,
                Some(other) => place(other, near, taken, tried),
            };
            if free {
                taken[finding] = Some(label);
                return true;
            }
        }
        false
    }
    let mut taken = vec![None; findings];
    (0..near.len()).map(|label| place(label, near, &mut taken, &mut vec![false; findings])).collect()
}

/// Hits, misses and false alarms.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Count {
    pub hits: usize,
    pub misses: usize,
    pub false_alarms: usize,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.hits += other.hits;
        self.misses += other.misses;
        self.false_alarms += other.false_alarms;
    }

    /// Labels that must be found.
    pub fn labels(self) -> usize {
        self.hits + self.misses
    }

    /// Hits of all that was reported; `None` where nothing was.
    pub fn precision(self) -> Option<f64> {
        share(self.hits, self.hits + self.false_alarms)
    }

    /// Hits of all that is there; `None` where nothing is.
    pub fn recall(self) -> Option<f64> {
        share(self.hits, self.labels())
    }

    /// The harmonic mean of precision and recall.
    pub fn f1(self) -> Option<f64> {
        share(2 * self.hits, 2 * self.hits + self.misses + self.false_alarms)
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of labels are small")]
fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Counts by kind and language.
#[derive(Debug, Default)]
pub struct Tally {
    cells: BTreeMap<(&'static str, &'static str), Count>,
}

impl Tally {
    /// Adds the result of one kind in one file.
    pub fn add(&mut self, outcome: &Outcome) {
        let false_alarms = outcome.wrong.iter().filter(|wrong| matches!(wrong, Wrong::FalseAlarm { .. })).count();
        let misses = outcome.wrong.len() - false_alarms;
        let cell = self.cells.entry((outcome.kind, outcome.language)).or_default();
        cell.add(Count { hits: outcome.hits, misses, false_alarms });
    }

    /// The sum over the cells that `which` picks.
    pub fn sum(&self, which: impl Fn(&str, &str) -> bool) -> Count {
        let mut sum = Count::default();
        for ((kind, language), count) in &self.cells {
            if which(kind, language) {
                sum.add(*count);
            }
        }
        sum
    }

    /// The rows of the table: each kind by language, each language over all kinds, each kind over all languages, all.
    fn rows(&self) -> Vec<(String, String, Count)> {
        let mut rows: Vec<(String, String, Count)> = self
            .cells
            .iter()
            .map(|((kind, language), count)| ((*kind).to_owned(), (*language).to_owned(), *count))
            .filter(|(_, _, count)| *count != Count::default())
            .collect();
        let mut languages: Vec<&str> = self.cells.keys().map(|(_, language)| *language).collect();
        languages.sort_unstable();
        languages.dedup();
        for language in languages {
            rows.push(("all".into(), language.into(), self.sum(|_, other| other == language)));
        }
        for kind in KINDS {
            rows.push((kind.into(), "all".into(), self.sum(|other, _| other == kind)));
        }
        rows.push(("all".into(), "all".into(), self.sum(|_, _| true)));
        rows.retain(|(_, _, count)| *count != Count::default());
        rows
    }
}

fn figure(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"))
}

/// The table for a terminal.
pub fn plain(tally: &Tally) -> String {
    let mut out = format!(
        "\n{:20} {:14} {:>6} {:>6} {:>6} {:>6} {:>9} {:>6} {:>6}\n",
        "kind", "language", "labels", "hits", "missed", "false", "precision", "recall", "F1"
    );
    for (kind, language, count) in tally.rows() {
        let _ = writeln!(
            out,
            "{kind:20} {language:14} {:>6} {:>6} {:>6} {:>6} {:>9} {:>6} {:>6}",
            count.labels(),
            count.hits,
            count.misses,
            count.false_alarms,
            figure(count.precision()),
            figure(count.recall()),
            figure(count.f1())
        );
    }
    out
}

/// The tables for docs/accuracy.md: per kind and language, then per repository.
pub fn markdown(tally: &Tally, repositories: &[(&Labels, Tally)]) -> String {
    let mut out = String::from(
        "| kind | language | labels | hits | missed | false alarms | precision | recall | F1 |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for (kind, language, count) in tally.rows() {
        let _ = writeln!(out, "| {kind} | {language} {}", cells(count));
    }
    out.push_str("\n| repository | commit | language | files | labels | hits | missed | false alarms | precision | recall | F1 |\n| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
    for (labels, own) in repositories {
        let commit: String = labels.commit.chars().take(10).collect();
        let (repository, language, files) = (&labels.repository, &labels.language, labels.file.len());
        let _ = writeln!(out, "| {repository} | {commit} | {language} | {files} {}", cells(own.sum(|_, _| true)));
    }
    out
}

fn cells(count: Count) -> String {
    format!(
        "| {} | {} | {} | {} | {} | {} | {} |",
        count.labels(),
        count.hits,
        count.misses,
        count.false_alarms,
        figure(count.precision()),
        figure(count.recall()),
        figure(count.f1())
    )
}
