//! The scan: every file once read, once parsed, once walked; then linked, judged, split and planned.
//!
//! Files are worked on in parallel, the largest first, and put together by their index in the sorted list, so that the
//! result does not depend on the number of threads.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{Analysis, Observer, Phase, Progress, Repository, known};
use crate::facts::{
    DefinitionKind, Described, FileFacts, FileId, Interest, Language, Name, Scope, Skipped, SourceFile,
};
use crate::git::History;
use crate::resolve::Constants;
use crate::rules::{Finding, LanguageInterest, RuleSet, Suppressed, Suppression};
use crate::split::partition::Partition;
use crate::{checks, graph, plan, principles, resolve, rules, split, syntax, walk};

/// Stack of a worker: deeply nested sources recurse in the Rust parser.
const STACK: usize = 32 << 20;
/// Shortest time between two partial results.
const PARTIAL: Duration = Duration::from_millis(200);
/// Shortest time between two progress messages.
const PROGRESS: Duration = Duration::from_millis(80);

/// How a scan runs.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Number of threads; all cores where `None`. Changes nothing in the result.
    pub threads: Option<usize>,
    /// Findings to set aside.
    pub suppressions: Vec<Suppression>,
    /// The division that a person gave; candidates are searched for where there is none.
    pub partition: Option<Partition>,
    /// What the steps of the plan cost.
    pub effort: plan::Weights,
}

/// What one worker found out about one file.
struct Read {
    facts: FileFacts,
    scope: Scope,
    /// Kept only where findings have to be judged again once all files are known.
    text: Option<String>,
    findings: Vec<Finding>,
    tables: Vec<(Name, bool, u32)>,
    signals: Vec<resolve::Signal>,
    skipped: Option<String>,
}

/// Scans a repository and hands over everything found out. Never fails: what cannot be read is listed as skipped.
pub fn scan(repository: &dyn Repository, rules: &RuleSet, options: &Options, observer: &dyn Observer) -> Analysis {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads.unwrap_or(0))
        .stack_size(STACK)
        .thread_name(|number| format!("scan-{number}"))
        .build();
    match pool {
        Ok(pool) => pool.install(|| Scan::new(repository, rules, options, observer).run()),
        // No threads to be had (a container's limit): the caller's own does.
        Err(_) => Scan::new(repository, rules, options, observer).run(),
    }
}

struct Scan<'a> {
    repository: &'a dyn Repository,
    rules: &'a RuleSet,
    options: &'a Options,
    observer: &'a dyn Observer,
    start: Instant,
    done: AtomicUsize,
    streamed: Mutex<Streamed>,
}

/// What is shown before the end.
struct Streamed {
    findings: Vec<Finding>,
    skipped: Vec<Skipped>,
    progress_at: Instant,
    partial_at: Instant,
    /// What making the last partial result took; the next one waits at least ten times that long.
    cost: Duration,
}

impl<'a> Scan<'a> {
    fn new(
        repository: &'a dyn Repository,
        rules: &'a RuleSet,
        options: &'a Options,
        observer: &'a dyn Observer,
    ) -> Scan<'a> {
        let start = Instant::now();
        let streamed = Streamed {
            findings: Vec::new(),
            skipped: Vec::new(),
            progress_at: start,
            partial_at: start,
            cost: Duration::ZERO,
        };
        Scan { repository, rules, options, observer, start, done: AtomicUsize::new(0), streamed: Mutex::new(streamed) }
    }

    fn run(&self) -> Analysis {
        let stop = || self.observer.cancelled();
        self.tell(Phase::Walk, 0, 0);
        let (files, skipped) = self.repository.files(&stop);
        let mut analysis = Analysis { name: self.repository.name(), files, skipped, ..Analysis::default() };
        let listed = analysis.files.clone();
        let names = std::thread::scope(|scope| {
            // History is read beside the scan; it waits for nothing and nothing waits for it before the end.
            let history = std::thread::Builder::new()
                .name("scan-history".into())
                .spawn_scoped(scope, || self.repository.history(&listed, &stop));
            let names = self.read_all(&mut analysis);
            self.tell(Phase::History, analysis.files.len(), analysis.files.len());
            analysis.history = history.ok().and_then(|thread| thread.join().ok()).unwrap_or_else(History::default);
            names
        });
        self.tell(Phase::Split, analysis.files.len(), analysis.files.len());
        self.check(&mut analysis);
        let (candidates, candidate_of) =
            split::candidates(&analysis.split_inputs(), self.options.partition.as_ref(), &|file| {
                names.get(file.index()).cloned().unwrap_or_default()
            });
        analysis.candidates = candidates;
        analysis.candidate_of = candidate_of;
        analysis.scorecard = principles::scorecard(&analysis);
        analysis.plan = plan::build(&analysis, &self.options.effort);
        analysis.complete = !self.observer.cancelled();
        if !analysis.complete {
            analysis.skipped.push(Skipped {
                path: ".".into(),
                reason: "the scan was stopped before its end; the files after that were not read".into(),
            });
        }
        analysis.skipped.sort();
        analysis.skipped.dedup();
        self.tell(Phase::Done, analysis.files.len(), analysis.files.len());
        tracing::info!(files = analysis.files.len(), elapsed = ?self.start.elapsed(), "scan done");
        analysis
    }

    /// Reads, parses, judges and links all files; hands over the names that each file defines.
    fn read_all(&self, analysis: &mut Analysis) -> Vec<Vec<Name>> {
        let total = analysis.files.len();
        self.tell(Phase::Parse, 0, total);
        // Scope main first, then by size: a person sees what counts first, and no large file is left for the end.
        let mut order: Vec<u32> = (0..u32::try_from(total).unwrap_or(u32::MAX)).collect();
        order.sort_by_key(|index| {
            let file = &analysis.files[*index as usize];
            (file.scope != Scope::Main, std::cmp::Reverse(file.bytes), *index)
        });
        let files = &analysis.files;
        let read: Vec<(u32, Read)> = order
            .into_par_iter()
            .with_max_len(1)
            .filter(|_| !self.observer.cancelled())
            .map(|index| {
                let file = &files[index as usize];
                let read = catch_unwind(AssertUnwindSafe(|| self.read(FileId(index), file))).unwrap_or_else(|_| {
                    Read::skipped(file, "could not be read: a fault of the program, please report")
                });
                self.stream(files, file, &read);
                (index, read)
            })
            .collect();
        self.tell(Phase::Link, total, total);
        self.link(analysis, read)
    }

    fn read(&self, id: FileId, file: &SourceFile) -> Read {
        let by_path = || rules::evaluate_path(self.rules, id, file);
        let Some(language) = file.language else { return Read { findings: by_path(), ..Read::nothing(file) } };
        let bytes = match self.repository.read(file) {
            Ok(bytes) => bytes,
            Err(reason) => return Read { findings: by_path(), ..Read::skipped(file, &reason) },
        };
        let text = walk::decode(&bytes);
        let mut facts = syntax::extract(language, &file.path, &text, &Wanted(language, self.rules.interest(language)));
        let mut scope = walk::refine_scope(file.scope, &file.path, &text);
        if facts.generated && scope == Scope::Main {
            scope = Scope::Vendored;
        }
        let judged = SourceFile { scope, ..file.clone() };
        let findings = rules::evaluate(self.rules, id, &judged, &facts, &text, &rules::Around::default());
        let tables = resolve::tables_of(&facts, language);
        let signals = resolve::signals_of(&facts, language, &file.path, &text);
        let keep = !findings.is_empty();
        shrink(&mut facts, &file.path, keep);
        let skipped = facts.partial.then(|| "partly parsed: a syntax error, or too deeply nested".to_string());
        let text = keep.then(|| text.into_owned());
        Read { facts, scope, text, findings, tables, signals, skipped }
    }

    /// Links the files, judges findings again now that all definitions are known, and fills the analysis.
    fn link(&self, analysis: &mut Analysis, read: Vec<(u32, Read)>) -> Vec<Vec<Name>> {
        let total = analysis.files.len();
        let mut all: Vec<Option<Read>> = Vec::new();
        all.resize_with(total, || None);
        for (index, item) in read {
            all[index as usize] = Some(item);
        }
        let mut facts = Vec::with_capacity(total);
        let mut texts: FxHashMap<u32, String> = FxHashMap::default();
        let mut by_path: Vec<(u32, Vec<Finding>)> = Vec::new();
        let mut tables = Vec::new();
        let mut signals = Vec::new();
        let mut asked: Vec<(FileId, Name)> = Vec::new();
        for (index, (item, file)) in all.into_iter().zip(&mut analysis.files).enumerate() {
            let Some(item) = item else {
                facts.push(FileFacts::default());
                continue;
            };
            let id = FileId(u32::try_from(index).unwrap_or(u32::MAX));
            file.scope = item.scope;
            file.lines = item.facts.lines;
            if let Some(reason) = item.skipped {
                analysis.skipped.push(Skipped { path: file.path.clone(), reason });
            }
            match item.text {
                Some(text) => {
                    let dialled = item.findings.iter().filter(|found| found.tagged(rules::DIALLED));
                    asked.extend(dialled.map(|found| (id, Name::from(&found.subject))));
                    texts.insert(id.0, text);
                }
                None if !item.findings.is_empty() => by_path.push((id.0, item.findings)),
                None => {}
            }
            signals.extend(item.signals.into_iter().map(|signal| (id, signal)));
            tables.extend(item.tables.into_iter().map(|(table, writes, line)| (id, table, writes, line)));
            let mut own = item.facts;
            if let Some(descriptor) = own.descriptor.take() {
                analysis.descriptors.push(Described {
                    file: id,
                    descriptor: *descriptor,
                    pragmas: own.pragmas.clone(),
                });
            }
            facts.push(own);
        }
        let mut links = resolve::link(&analysis.files, &facts);
        self.tell(Phase::Rules, total, total);
        let own = |name: &str| links.is_own(name);
        let constants = Constants::new(&analysis.files, &facts, &links);
        let known = known::constants(&constants, &analysis.files, &asked);
        for file in known.dialled.keys() {
            // A file that looked harmless by itself.
            if let Entry::Vacant(missing) = texts.entry(file.0)
                && let Some(file) = analysis.files.get(file.index())
                && let Ok(bytes) = self.repository.read(file)
            {
                missing.insert(walk::decode(&bytes).into_owned());
            }
        }
        known.fill(&mut facts);
        let mut judge: Vec<(u32, String)> = texts.into_iter().collect();
        judge.sort_unstable_by_key(|(index, _)| *index);
        let files = &analysis.files;
        let mut judged: Vec<(u32, Vec<Finding>, Vec<Suppressed>)> = judge
            .par_iter()
            .map(|(index, text)| {
                let (file, facts) = (&files[*index as usize], &facts[*index as usize]);
                let around = rules::Around { own_types: &own, dialled: known.dialled_in(FileId(*index)) };
                let findings = rules::evaluate(self.rules, FileId(*index), file, facts, text, &around);
                let (stay, aside) = rules::apply_suppressions(findings, &file.path, facts, &self.options.suppressions);
                (*index, stay, aside)
            })
            .collect();
        judged.extend(by_path.into_iter().map(|(index, findings)| {
            let (file, facts) = (&files[index as usize], &facts[index as usize]);
            let (stay, aside) = rules::apply_suppressions(findings, &file.path, facts, &self.options.suppressions);
            (index, stay, aside)
        }));
        judged.sort_unstable_by_key(|(index, _, _)| *index);
        known.drop_opened(&mut judged, &facts);
        for (_, findings, suppressed) in judged {
            let (clues, findings): (Vec<_>, Vec<_>) =
                findings.into_iter().partition(|found| found.kind == rules::Kind::CLUE);
            analysis.clues.extend(clues.into_iter().filter(|clue| !clue.tagged(rules::DIALLED)));
            analysis.findings.extend(findings);
            analysis.suppressed.extend(suppressed);
        }
        let commented = analysis.files.iter().zip(&facts).filter(|(_, facts)| !facts.pragmas.is_empty());
        analysis.unused_suppressions = rules::unused_suppressions(
            commented.map(|(file, facts)| (file.path.as_str(), facts)),
            if self.observer.cancelled() { &[] } else { &self.options.suppressions },
            &analysis.suppressed,
        );
        let routes: Vec<(FileId, &str)> =
            analysis.entry_points().map(|found| (found.file, found.subject.as_str())).collect();
        resolve::bridge(&analysis.files, &facts, &signals, &routes, &mut links);
        analysis.graph = graph::build(&analysis.files, links, tables);
        facts.iter().map(type_names).collect()
    }

    /// What only the whole repository shows, among the other findings in their order.
    fn check(&self, analysis: &mut Analysis) {
        checks::lay_over(&analysis.files, &mut analysis.descriptors);
        let repository = checks::Repository {
            files: &analysis.files,
            findings: &analysis.findings,
            clues: &analysis.clues,
            descriptors: &analysis.descriptors,
            graph: &analysis.graph,
            history: &analysis.history,
        };
        let found = checks::run(&repository);
        let needs = checks::needs(&repository);
        analysis.needs = needs;
        let mut by_file: BTreeMap<FileId, Vec<Finding>> = BTreeMap::new();
        for finding in found {
            by_file.entry(finding.file).or_default().push(finding);
        }
        for (file, findings) in by_file {
            let path = analysis.path(file).to_owned();
            // Of other files comments are gone by now; the settings still set findings aside.
            let pragmas = analysis.descriptors.iter().find(|described| described.file == file);
            let pragmas = pragmas.map(|described| described.pragmas.clone()).unwrap_or_default();
            let facts = FileFacts { pragmas, ..FileFacts::default() };
            let (stay, aside) = rules::apply_suppressions(findings, &path, &facts, &self.options.suppressions);
            analysis.findings.extend(stay);
            analysis.suppressed.extend(aside);
        }
        analysis.findings.sort_by(Finding::order);
    }

    /// Counts a file as done and hands on what is known so far, now and then.
    fn stream(&self, files: &[SourceFile], file: &SourceFile, read: &Read) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if !self.observer.wants_partial() && !done.is_multiple_of(64) {
            return;
        }
        let mut streamed = self.streamed.lock().unwrap_or_else(PoisonError::into_inner);
        if self.observer.wants_partial() {
            streamed.findings.extend(read.findings.iter().cloned());
            if let Some(reason) = &read.skipped {
                streamed.skipped.push(Skipped { path: file.path.clone(), reason: reason.clone() });
            }
        }
        let now = Instant::now();
        if now.duration_since(streamed.progress_at) >= PROGRESS {
            streamed.progress_at = now;
            self.tell(Phase::Parse, done, files.len());
        }
        if self.observer.wants_partial() && now.duration_since(streamed.partial_at) >= PARTIAL.max(streamed.cost * 10) {
            let mut findings: Vec<Finding> =
                streamed.findings.iter().filter(|found| found.kind != rules::Kind::CLUE).cloned().collect();
            findings.sort_by(Finding::order);
            let partial = Analysis {
                name: self.repository.name(),
                files: files.to_vec(),
                findings,
                skipped: streamed.skipped.clone(),
                ..Analysis::default()
            };
            self.observer.partial(Arc::new(partial));
            streamed.partial_at = Instant::now();
            streamed.cost = streamed.partial_at.duration_since(now);
        }
    }

    fn tell(&self, phase: Phase, done: usize, total: usize) {
        self.observer.progress(Progress { phase, done, total, elapsed: self.start.elapsed() });
    }
}

impl Read {
    /// A file that is listed and not looked into.
    fn nothing(file: &SourceFile) -> Read {
        Read {
            facts: FileFacts::default(),
            scope: file.scope,
            text: None,
            findings: Vec::new(),
            tables: Vec::new(),
            signals: Vec::new(),
            skipped: None,
        }
    }

    fn skipped(file: &SourceFile, reason: &str) -> Read {
        Read { skipped: Some(reason.to_string()), ..Read::nothing(file) }
    }
}

/// What any later stage wants to see of a file: the rules, and the analysis of tables and entry points.
struct Wanted<'r>(Language, LanguageInterest<'r>);

impl Interest for Wanted<'_> {
    fn call(&self, last_segment: &str) -> bool {
        self.1.call(last_segment) || resolve::wants_call(self.0, last_segment)
    }

    fn literal(&self, text: &str, key: &str) -> bool {
        self.1.literal(text, key) || resolve::wants_literal(key)
    }
}

/// The names of the types that a file defines: what a candidate is named after.
fn type_names(facts: &FileFacts) -> Vec<Name> {
    let types = facts.definitions.iter().filter(|definition| {
        matches!(definition.kind, DefinitionKind::Class | DefinitionKind::Interface | DefinitionKind::Enum)
    });
    types.take(16).map(|definition| definition.name.clone()).collect()
}

/// Drops what no later stage asks for: most of the memory of a large scan.
fn shrink(facts: &mut FileFacts, path: &str, judged_again: bool) {
    if !judged_again {
        facts.calls = Vec::new();
        facts.literals = Vec::new();
    }
    if !judged_again && !resolve::needs_entries(path) {
        facts.entries = Vec::new();
    }
    facts.imports.shrink_to_fit();
    facts.definitions.shrink_to_fit();
    facts.references.shrink_to_fit();
}
