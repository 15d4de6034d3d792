//! How true the file-to-file edges are: compares them with a reference list made by an ecosystem's own tool.
//!
//! `cargo run --example edges -- REFERENCE CHECKOUT [SAMPLES]`; REFERENCE has one edge per line, `from<TAB>to`, and lines of one
//! path for files that the tool has read. Judged are edges between files that both sides know, in scope main. The makers of
//! references are in `tests/edges`.
#![allow(clippy::print_stdout)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use breakbulk::analysis::{Options, Repository, Silent, scan};
use breakbulk::facts::{Scope, Skipped, SourceFile};
use breakbulk::git::History;
use breakbulk::rules::RuleSet;
use breakbulk::walk::Folder;

/// A checkout without its history: nothing of it is asked here.
struct Checkout(Folder);

impl Repository for Checkout {
    fn name(&self) -> String {
        String::new()
    }
    fn files(&self, stop: &(dyn Fn() -> bool + Sync)) -> (Vec<SourceFile>, Vec<Skipped>) {
        self.0.files(stop)
    }
    fn read(&self, file: &SourceFile) -> Result<Vec<u8>, String> {
        self.0.read(file)
    }
    fn history(&self, _files: &[SourceFile], _stop: &(dyn Fn() -> bool + Sync)) -> History {
        History::default()
    }
}

fn main() -> Result<(), String> {
    let mut args = std::env::args().skip(1);
    let (Some(reference), Some(checkout)) = (args.next(), args.next()) else {
        return Err("usage: edges REFERENCE CHECKOUT [SAMPLES]".into());
    };
    let samples: usize = args.next().and_then(|n| n.parse().ok()).unwrap_or(15);
    let text = std::fs::read_to_string(&reference).map_err(|error| format!("{reference}: {error}"))?;
    let mut covered: BTreeSet<&str> = BTreeSet::new();
    let mut expected: BTreeSet<(&str, &str)> = BTreeSet::new();
    for line in text.lines() {
        match line.split_once('\t') {
            Some(edge) => drop(expected.insert(edge)),
            None => drop(covered.insert(line)),
        }
    }
    let folder = Folder::open(Path::new(&checkout))?;
    let rules = RuleSet::built_in().map_err(|error| error.to_string())?;
    let analysis = scan(&Checkout(folder), rules, &Options::default(), &Silent);
    let known: BTreeSet<&str> = analysis
        .files
        .iter()
        .filter(|file| file.is_code && file.scope == Scope::Main && covered.contains(file.path.as_str()))
        .map(|file| file.path.as_str())
        .collect();
    let mut lines: BTreeMap<(&str, &str), (u32, String)> = BTreeMap::new();
    for edge in analysis.graph.edges.iter().filter(|edge| edge.kinds.is_direct()) {
        let pair = (analysis.path(edge.from), analysis.path(edge.to));
        if known.contains(pair.0) && known.contains(pair.1) {
            let kinds: Vec<&str> = edge.kinds.iter().map(|(kind, _)| kind).collect();
            lines.insert(pair, (edge.line, kinds.join("+")));
        }
    }
    expected.retain(|(from, to)| from != to && known.contains(from) && known.contains(to));
    let hit = lines.keys().filter(|pair| expected.contains(*pair)).count();
    let (precision, recall) = (share(hit, lines.len()), share(hit, expected.len()));
    let f1 = if hit == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
    println!(
        "{} files, {} expected, {} found, {hit} hit: precision {precision:.3} recall {recall:.3} F1 {f1:.3}",
        known.len(),
        expected.len(),
        lines.len()
    );
    let missed: Vec<_> = expected.iter().filter(|pair| !lines.contains_key(*pair)).collect();
    let wrong: Vec<_> = lines.iter().filter(|(pair, _)| !expected.contains(*pair)).collect();
    println!("missed ({}):", missed.len());
    for (from, to) in spread(&missed, samples) {
        println!("  {from} -> {to}");
    }
    println!("false ({}):", wrong.len());
    for ((from, to), (line, kinds)) in spread(&wrong, samples) {
        let source = std::fs::read_to_string(PathBuf::from(&checkout).join(from)).unwrap_or_default();
        let shown = source.lines().nth(*line as usize - 1).unwrap_or_default().trim();
        println!("  {from}:{line} -> {to} [{kinds}] {}", shown.chars().take(110).collect::<String>());
    }
    Ok(())
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// At most `count` of the list, evenly spread.
fn spread<T>(list: &[T], count: usize) -> impl Iterator<Item = &T> {
    list.iter().step_by(list.len().div_ceil(count.max(1)).max(1))
}
