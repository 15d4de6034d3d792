//! `breakbulk plan`: the checklist from scripts, and the plan file of a repository.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use super::args::{PlanAction, PlanCommand, ScanArguments};
use super::{Outcome, output, progress, scan};
use crate::analysis::Analysis;
use crate::config;
use crate::facts::Name;
use crate::plan::{self, Change, Check, ItemStatus, Plan, Saved, SavedItem, State};
use crate::report::tasks;
use crate::text::sanitize;

/// Lists the plan, repeats a check, or changes one step.
pub fn run(command: &PlanCommand, arguments: &ScanArguments) -> Outcome {
    if let PlanAction::Waive { reason, .. } = &command.action
        && reason.trim().is_empty()
    {
        return Err("a step is left out with a reason only: --reason \"why\"".into());
    }
    let analysis = scan::analyse(&command.path, arguments, &progress::Bar::new())?;
    let file = PlanFile::new(&command.path);
    let keep = |id: &str, how: &dyn Fn(&mut SavedItem)| -> Outcome {
        if !file.knows(id)? && analysis.plan.find(id).is_none() {
            return Err(no_step(&command.path, id));
        }
        file.keep(&analysis.plan, id, how).map(|()| ExitCode::SUCCESS)
    };
    match &command.action {
        PlanAction::List => output::print_bytes(list(&analysis.plan).as_bytes()),
        PlanAction::Check { id, by_hand: true } => keep(id, &|kept| kept.status = ItemStatus::Done),
        PlanAction::Check { id, by_hand: false } => check(&command.path, &analysis, &file, id),
        PlanAction::Uncheck { id } => keep(id, &|kept| kept.status = ItemStatus::Open),
        PlanAction::Waive { id, reason } => keep(id, &|kept| {
            kept.status = ItemStatus::Waived;
            kept.note.clone_from(reason);
        }),
        PlanAction::Note { id, text } => keep(id, &|kept| kept.note.clone_from(text)),
        PlanAction::Owner { id, name } => keep(id, &|kept| kept.owner.clone_from(name)),
        PlanAction::Move { id, before } => {
            let change = moved(&analysis.plan, id, before)?;
            file.write(&[change]).map(|_| ExitCode::SUCCESS)
        }
        PlanAction::Export { format, output: target } => {
            scan::refuse_output_inside_git(target.as_deref())?;
            let text = match format {
                super::args::TaskFormat::Markdown => tasks::markdown(&analysis),
                super::args::TaskFormat::Csv => tasks::csv(&analysis),
            };
            output::deliver(&text, target.as_deref())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn no_step(path: &Path, id: &str) -> String {
    format!("there is no step {}; `breakbulk plan {} list` shows the ids", sanitize(id), path.display())
}

/// Repeats the check of a step: 0 and checked off when none of its places is left, 1 with those that are.
fn check(path: &Path, analysis: &Analysis, file: &PlanFile, id: &str) -> Outcome {
    let mut out = String::new();
    let status = match plan::check(&analysis.plan, id) {
        Check::Unknown => return Err(no_step(path, id)),
        Check::Gone(item) => {
            let _ = writeln!(out, "done: {}: a new scan finds none of its places", item.map_or(id, |item| &item.name));
            if file.knows(id)? {
                file.keep(&analysis.plan, id, &|kept| kept.status = ItemStatus::Done)?;
            }
            ExitCode::SUCCESS
        }
        Check::People(item) if item.status == ItemStatus::Done => {
            let _ = writeln!(out, "done: {}: checked off by hand", sanitize(&item.name));
            ExitCode::SUCCESS
        }
        Check::People(item) => {
            let _ = writeln!(out, "open: {}: {} Then: --by-hand", sanitize(&item.name), item.check);
            ExitCode::from(1)
        }
        Check::Left(item) => {
            let places = tasks::places(analysis, item);
            let _ = writeln!(out, "open: {}: {} left", sanitize(&item.name), places.len());
            for (place, what) in places {
                let _ = writeln!(out, "  {place} {what}");
            }
            ExitCode::from(1)
        }
    };
    output::print_bytes(out.as_bytes())?;
    Ok(status)
}

/// The order of a phase with one step before another.
fn moved(plan: &Plan, id: &str, before: &str) -> Result<Change, String> {
    let of = |id: &str| plan.phases.iter().find(|phase| phase.items.iter().any(|item| item.id == *id));
    let no = |id: &str| format!("there is no step {}; `breakbulk plan list` shows the ids", sanitize(id));
    let phase = of(id).ok_or_else(|| no(id))?;
    if of(before).ok_or_else(|| no(before))?.id != phase.id {
        return Err(format!("a step moves within its phase, which is {} of {id}", phase.id));
    }
    let mut ids: Vec<Name> = phase.items.iter().map(|item| item.id.clone()).filter(|other| *other != id).collect();
    let at = ids.iter().position(|other| *other == before).unwrap_or(0);
    ids.insert(at, Name::from(id));
    Ok(Change::Order(phase.id, ids))
}

/// One line per step.
fn list(plan: &Plan) -> String {
    let mut out = String::new();
    for phase in &plan.phases {
        let left = plan::days_left(phase.items.iter());
        let left = if left > 0.0 { format!(" ({} left)", plan::days_text(left, false)) } else { String::new() };
        let _ = writeln!(out, "{}: {}{left}", phase.id, sanitize(&phase.title));
        for item in &phase.items {
            let (mark, word) = match item.state() {
                State::Open => (' ', ""),
                State::Done => ('x', ""),
                State::Verified => ('x', " (verified)"),
                State::Reopened => ('!', " (reopened)"),
                State::Waived => ('-', ""),
            };
            let (id, title) = (&item.id, sanitize(&item.title));
            let _ = writeln!(out, "  [{mark}] {id} {} {title}{word}", item.effort.as_str());
        }
    }
    if let Some(first) = plan.first() {
        let _ = writeln!(out, "start with: {} {}", first.id, sanitize(&first.title));
    }
    out
}

/// The plan file of one repository, and what it said when it was last read or written.
pub struct PlanFile {
    root: PathBuf,
    last: Mutex<Saved>,
}

impl PlanFile {
    /// The plan file below `root`; nothing is read yet.
    pub fn new(root: &Path) -> PlanFile {
        PlanFile { root: root.to_path_buf(), last: Mutex::default() }
    }

    fn read(&self) -> Result<Saved, String> {
        let saved = match config::read_plan(&self.root)? {
            Some(text) => Saved::parse(&text)
                .map_err(|error| format!("{}: {error}; mend or move it, it is not overwritten", config::PLAN_FILE))?,
            None => Saved::default(),
        };
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&saved);
        Ok(saved)
    }

    /// Puts the saved states of the plan file into a plan.
    ///
    /// # Errors
    /// One line when the plan file is there and cannot be read.
    pub fn merge(&self, analysis: &mut Analysis) -> Result<(), String> {
        let saved = self.read()?;
        plan::merge(&mut analysis.plan, &saved, analysis.complete);
        Ok(())
    }

    fn knows(&self, id: &str) -> Result<bool, String> {
        Ok(self.read()?.item.contains_key(id))
    }

    /// Changes what is kept of one step.
    fn keep(&self, plan: &Plan, id: &str, how: &dyn Fn(&mut SavedItem)) -> Result<(), String> {
        let mut kept = self.read()?.item.get(id).cloned().unwrap_or_default();
        describe(plan, id, &mut kept);
        how(&mut kept);
        self.write(&[Change::Step(Name::from(id), kept)]).map(|_| ())
    }

    /// Writes what a person changed in a plan since it was read: what others wrote meanwhile of other steps stays.
    ///
    /// # Errors
    /// One line when the file cannot be read or written.
    pub fn save(&self, plan: &Plan) -> Result<String, String> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut changes = Vec::new();
        for item in plan.items() {
            let before = last.item.get(item.id.as_str()).cloned().unwrap_or_default();
            if (before.status, &before.note, &before.owner) != (item.status, &item.note, &item.owner) {
                let mut kept =
                    SavedItem { status: item.status, note: item.note.clone(), owner: item.owner.clone(), ..before };
                describe(plan, &item.id, &mut kept);
                changes.push(Change::Step(item.id.clone(), kept));
            }
        }
        for phase in &plan.phases {
            if last.order.get(phase.id).map_or(&[][..], Vec::as_slice) != phase.order {
                changes.push(Change::Order(phase.id, phase.order.clone()));
            }
        }
        self.write(&changes)
    }

    fn write(&self, changes: &[Change]) -> Result<String, String> {
        config::change_plan(&self.root, |text| plan::edit(text, changes))?;
        self.read()?;
        Ok(format!("saved in {}", config::PLAN_FILE))
    }
}

/// Says what a step is about, once: a step that is touched later keeps the words of the first time.
fn describe(plan: &Plan, id: &str, kept: &mut SavedItem) {
    let holds = |phase: &&plan::Phase| phase.items.iter().any(|item| item.id == *id);
    if let (true, Some(item)) = (kept.title.is_empty(), plan.find(id)) {
        kept.title = sanitize(&item.name).into_owned();
        let phase = plan.phases.iter().find(holds).map_or("portable", |phase| phase.id);
        phase.clone_into(&mut kept.phase);
    }
}
