//! `breakbulk demo`: the embedded sample project with a made-up history, so that the program can be shown without a
//! repository and without a network.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use super::args::{DemoCommand, LangName, ScanArguments, ScreenArguments};
use super::rules::Rules;
use super::{Outcome, output, screen};
use crate::analysis::{self, Repository, Silent};
use crate::assets;
use crate::facts::{Skipped, SourceFile};
use crate::git::{self, Commit, History};
use crate::report::{self, Lang};
use crate::rules::RuleSet;
use crate::split::partition::Partition;
use crate::{tui, walk};

/// Opens the terminal program on the sample project, or prints the result in a format.
pub fn open(command: &DemoCommand, arguments: &ScanArguments, screen: &ScreenArguments) -> Outcome {
    let options = analysis::Options { threads: arguments.threads.map(usize::from), ..analysis::Options::default() };
    match command.format {
        Some(format) => {
            let rules = RuleSet::built_in().map_err(|error| error.to_string())?;
            let analysis = analysis::scan(&Demo, rules, &options, &Silent);
            output::print_bytes(report::render(&analysis, format.format(), Lang::En)?.as_bytes())
        }
        None => {
            let tour = command.tour.then_some(command.lang == LangName::De);
            screen::show(project(options), screen, tour)
        }
    }
}

/// The sample project for the terminal program: nothing of it is kept.
pub fn project(options: analysis::Options) -> tui::Project {
    let kept: Arc<Mutex<BTreeMap<String, String>>> = Arc::default();
    let read = Arc::clone(&kept);
    tui::Project {
        source: Arc::new(Demo),
        start: screen::starter(Arc::new(Demo), Arc::new(move || Ok((options.clone(), Rules::BuiltIn))), None),
        save_plan: Arc::new(|_| Ok("the sample keeps no plan; changes last until you quit".into())),
        suppress: Arc::new(|_, _, _, aside| {
            Ok(if aside { "set aside until you quit; u takes it back" } else { "shown again" }.into())
        }),
        alternatives: Arc::new(move || {
            let saved = read.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(saved.iter().map(|(name, text)| (name.clone(), Partition::parse(text))).collect())
        }),
        save_alternative: Arc::new(move |name, text, overwrite| {
            let mut saved = kept.lock().unwrap_or_else(PoisonError::into_inner);
            if saved.contains_key(name) && !overwrite {
                return Ok(None);
            }
            saved.insert(name.to_owned(), text.to_owned());
            Ok(Some("kept until you quit: the sample is not written to".into()))
        }),
        replan: Arc::new(|analysis| {
            analysis.plan = crate::plan::build(analysis, &crate::plan::Weights::default());
            Ok(())
        }),
        root: None,
        path: String::new(),
        recall: Arc::new(|_| None),
        remember: Arc::new(|_, _| {}),
    }
}

/// The sample project in the binary.
pub struct Demo;

/// The made-up history as written.
#[derive(Deserialize)]
struct Written {
    commit: Vec<WrittenCommit>,
}

#[derive(Deserialize)]
struct WrittenCommit {
    time: i64,
    author: String,
    files: Vec<String>,
}

impl Repository for Demo {
    fn name(&self) -> String {
        "demo".into()
    }

    fn files(&self, _stop: &(dyn Fn() -> bool + Sync)) -> (Vec<SourceFile>, Vec<Skipped>) {
        let mut files: Vec<SourceFile> = assets::DEMO
            .iter()
            .map(|(path, bytes)| {
                let (language, is_code, scope) = walk::classify(path);
                SourceFile { path: (*path).into(), language, is_code, scope, bytes: bytes.len() as u64, lines: 0 }
            })
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        (files, Vec::new())
    }

    fn read(&self, file: &SourceFile) -> Result<Vec<u8>, String> {
        let found = assets::DEMO.iter().find(|(path, _)| *path == file.path);
        found.map(|(_, bytes)| bytes.to_vec()).ok_or_else(|| "is not part of the demo".to_string())
    }

    fn history(&self, files: &[SourceFile], _stop: &(dyn Fn() -> bool + Sync)) -> History {
        let text = assets::get("demo-history.toml").unwrap_or_default();
        let Ok(written) = toml::from_str::<Written>(text) else {
            return History { notes: vec!["the demo's history cannot be read".into()], ..History::default() };
        };
        let commits = written.commit.into_iter().map(|commit| Commit {
            author: commit.author,
            time: commit.time,
            paths: commit.files,
        });
        let mut history = git::count(files, commits);
        history.branch = Some("main".into());
        history.notes.push("the history of the demo is made up".into());
        history
    }
}

#[cfg(test)]
mod tests {
    use super::Demo;
    use crate::analysis::Repository as _;

    #[test]
    fn the_made_up_history_names_files_of_the_demo_and_couples_some() {
        let (files, _) = Demo.files(&|| false);
        assert!(files.len() > 15, "{} files", files.len());
        let history = Demo.history(&files, &|| false);
        assert!(history.commits_read > 40);
        assert!(!history.pairs.is_empty());
        assert_eq!(history.changes.len(), files.len());
    }
}
