//! `breakbulk plan`: the checklist from scripts.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use super::args::{PlanAction, PlanCommand, ScanArguments};
use super::{Outcome, output, progress, scan};
use crate::analysis::Analysis;
use crate::config;
use crate::plan::{self, ItemStatus, Plan, Saved};
use crate::text::sanitize;

/// What a command does to a step.
type Change = Box<dyn Fn(&mut plan::Item)>;

/// Lists the plan, or changes one step of it.
pub fn run(command: &PlanCommand, arguments: &ScanArguments) -> Outcome {
    let analysis = scan::analyse(&command.path, arguments, &progress::Bar::new())?;
    let mut plan = analysis.plan;
    let (id, change): (&str, Change) = match &command.action {
        PlanAction::List => return output::print_bytes(list(&plan).as_bytes()),
        PlanAction::Check { id } => (id, Box::new(|item| item.status = ItemStatus::Done)),
        PlanAction::Uncheck { id } => (id, Box::new(|item| item.status = ItemStatus::Open)),
        PlanAction::Waive { id, reason } => {
            if reason.trim().is_empty() {
                return Err("a step is left out with a reason only: --reason \"why\"".into());
            }
            let reason = reason.clone();
            (
                id,
                Box::new(move |item| {
                    item.status = ItemStatus::Waived;
                    item.note.clone_from(&reason);
                }),
            )
        }
        PlanAction::Note { id, text } => {
            let text = text.clone();
            (id, Box::new(move |item| item.note.clone_from(&text)))
        }
        PlanAction::Owner { id, name } => {
            let name = name.clone();
            (id, Box::new(move |item| item.owner.clone_from(&name)))
        }
    };
    let items = || plan.phases.iter().flat_map(|phase| &phase.items);
    if !items().any(|item| item.id == id) {
        return Err(format!("there is no step {id}; `breakbulk plan {} list` shows the ids", command.path.display()));
    }
    for item in plan.phases.iter_mut().flat_map(|phase| &mut phase.items).filter(|item| item.id == id) {
        change(item);
    }
    save(&command.path, &plan)?;
    Ok(ExitCode::SUCCESS)
}

/// One line per step.
fn list(plan: &Plan) -> String {
    let mut out = String::new();
    for phase in &plan.phases {
        let _ = writeln!(out, "{}: {}", phase.id, sanitize(&phase.title));
        for item in &phase.items {
            let mark = match item.status {
                ItemStatus::Open => ' ',
                ItemStatus::Done => 'x',
                ItemStatus::Waived => '-',
            };
            let _ = writeln!(out, "  [{mark}] {} {} {}", item.id, item.effort.as_str(), sanitize(&item.title));
        }
    }
    out
}

/// Puts the saved states of the plan file into a plan.
///
/// # Errors
/// One line when the plan file is there and cannot be read.
pub fn merge_saved(analysis: &mut Analysis, root: &Path) -> Result<(), String> {
    if let Some(text) = config::read_plan(root)? {
        let saved = Saved::parse(&text).map_err(|error| format!("{}: {error}", config::PLAN_FILE))?;
        plan::merge(&mut analysis.plan, &saved);
    }
    Ok(())
}

/// Writes the states of a plan into the plan file, keeping what it says of steps that this plan does not have.
///
/// # Errors
/// One line when the file cannot be read or written.
pub fn save(root: &Path, plan: &Plan) -> Result<String, String> {
    let mut saved = match config::read_plan(root)? {
        Some(text) => Saved::parse(&text).map_err(|error| format!("{}: {error}", config::PLAN_FILE))?,
        None => Saved::default(),
    };
    for item in plan.phases.iter().flat_map(|phase| &phase.items) {
        saved.set(&item.id, Some(item.status), Some(&item.note), Some(&item.owner));
    }
    config::write_plan(root, &saved.to_toml())?;
    Ok(format!("saved in {}", config::PLAN_FILE))
}
