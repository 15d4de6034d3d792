//! The what-if on Split: marking, moving, merging, naming; saved alternatives; the plan of the chosen division.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};

use super::super::action::Action;
use super::super::screens::plural;
use super::super::screens::whatif::{Target, Trial, comparison, files, part_key, target};
use super::super::widgets::input::Input;
use super::super::widgets::list::Moves;
use super::{App, Ask, Change, Effect, Overlay, Tab};
use crate::analysis::Analysis;
use crate::facts::{FileId, Name};
use crate::principles;
use crate::split::compare::Column;
use crate::split::partition::Partition;
use crate::split::whatif::{COMMON, Edit, PartId, WhatIf};

/// Saved alternatives by name; one that cannot be read says why.
pub type Alternatives = Vec<(String, Result<Partition, String>)>;

/// A what-if while a scan runs: as patterns, which survive that files come and go.
#[derive(Debug, Clone)]
pub(super) struct Carried {
    partition: Partition,
    name: String,
    unsaved: bool,
}

impl App {
    /// True when there is a division to change; says why not otherwise.
    pub(super) fn can_try(&mut self) -> bool {
        if self.running.is_some() {
            self.say("the what-if needs the whole result: wait for the end of the scan");
            return false;
        }
        if self.data.analysis.candidates.is_empty() {
            self.say("there is nothing to divide here");
            return false;
        }
        if self.current() != Tab::Split {
            self.show(Tab::Split as usize);
        }
        true
    }

    /// Begins a what-if, unless there is one; the selected candidate stays selected.
    pub(super) fn begin_trial(&mut self) -> bool {
        if self.data.trial.is_some() {
            return true;
        }
        if !self.can_try() {
            return false;
        }
        let trial = Trial::begin(&self.data.analysis);
        let chosen = self.item().map(|item| item.key.clone());
        let candidate = self.data.analysis.candidates.iter().find(|c| Some(&c.id) == chosen.as_ref());
        let part = candidate.and_then(|c| trial.what_if.find(&c.name)).unwrap_or(COMMON);
        self.data.trial = Some(trial);
        self.say("a what-if begins: the proposal stays as it is, nothing is written until S");
        self.refresh();
        self.lists[Tab::Split as usize].select(&part_key(part));
        true
    }

    /// What the selected row stands for.
    fn chosen(&self) -> Option<Target> {
        self.item().and_then(|item| target(&self.data, &item.key))
    }

    /// The part of the selected row, with its name.
    pub(super) fn chosen_part(&self) -> Option<(PartId, String)> {
        let trial = self.data.trial.as_ref()?;
        let part = match self.chosen()? {
            Target::Part(part) | Target::Module(part, _) => part,
            Target::File(file) => trial.what_if.part_of(file)?,
        };
        Some((part, trial.what_if.name(part).to_owned()))
    }

    /// The files that a change is about: what is marked, or else what the selected row stands for.
    fn chosen_files(&self) -> Vec<FileId> {
        let Some(trial) = &self.data.trial else { return Vec::new() };
        if !trial.marked.is_empty() {
            return trial.marked.iter().copied().collect();
        }
        self.chosen().map_or_else(Vec::new, |target| files(&self.data, trial, target))
    }

    /// Marks the files of the selected row or of the seam under the cursor, or takes their marks away.
    pub(super) fn mark(&mut self) {
        if !self.begin_trial() {
            return;
        }
        let detail = self.focus[self.tab] == 1;
        let place = if detail { self.place() } else { None };
        let chosen = place.map_or_else(|| self.chosen(), |(file, ..)| Some(Target::File(file)));
        let (Some(target), Some(trial)) = (chosen, &self.data.trial) else { return };
        let files: Vec<FileId> = files(&self.data, trial, target)
            .into_iter()
            .filter(|file| trial.what_if.part_of(*file).is_some())
            .collect();
        let Some(trial) = &mut self.data.trial else { return };
        if files.iter().all(|file| trial.marked.contains(file)) {
            files.iter().for_each(|file| {
                trial.marked.remove(file);
            });
        } else {
            trial.marked.extend(files);
        }
        let count = trial.marked.len();
        self.refresh();
        self.say(match count {
            0 => "nothing is marked".to_owned(),
            1 => "1 file is marked: M moves it, A makes a candidate of it, x takes it out".to_owned(),
            _ => format!("{count} files are marked: M moves them, A makes a candidate of them, x takes them out"),
        });
    }

    /// Makes one change and says what it did.
    fn edit(&mut self, edit: Edit, what: &str) {
        let Some(trial) = &mut self.data.trial else { return };
        let before = trial.now.totals;
        let step = match trial.what_if.apply(edit) {
            Ok(step) => step,
            Err(why) => return self.say(why),
        };
        trial.marked.clear();
        let files = step.files();
        self.undo.push(Change::Trial);
        self.redo.clear();
        self.followed();
        let Some(trial) = &self.data.trial else { return };
        let now = trial.now.totals;
        let moved = if files == 0 { String::new() } else { format!(", {}", plural(files, "file")) };
        self.say(format!(
            "{what}{moved}: cut {} → {}, shared tables {} → {}; u takes it back",
            before.crossing, now.crossing, before.shared_tables, now.shared_tables
        ));
    }

    /// After a change: figures and rows anew; the other screens show the proposal again.
    fn followed(&mut self) {
        let Some(trial) = &mut self.data.trial else { return };
        trial.unsaved = true;
        if let Some(original) = trial.original.take() {
            self.exchange(original);
        }
        let analysis = Arc::clone(&self.data.analysis);
        if let Some(trial) = &mut self.data.trial {
            trial.follow(&analysis);
        }
        self.refresh();
    }

    /// Asks where to.
    pub(super) fn move_to(&mut self) {
        if self.begin_trial() && self.chosen().is_some() {
            self.overlay = Some(Overlay::Target(Input::default(), 0));
        }
    }

    /// True when a whole candidate is to be merged rather than files to be moved.
    fn merges(&self) -> Option<PartId> {
        let trial = self.data.trial.as_ref()?;
        match self.chosen()? {
            Target::Part(part) if trial.marked.is_empty() => Some(part),
            _ => None,
        }
    }

    /// What is moved, and where it can go: those whose name has the typed text.
    #[must_use]
    pub fn targets(&self, text: &str) -> (String, Vec<(PartId, String)>) {
        let Some(trial) = &self.data.trial else { return (String::new(), Vec::new()) };
        let from = self.merges();
        let files = self.chosen_files();
        let what = match from {
            Some(part) => format!("Merge {} into", trial.what_if.name(part)),
            None => format!("Move {} to", plural(files.len(), "file")),
        };
        let lower = text.trim().to_lowercase();
        let parts = trial.now.parts.iter().filter(|figures| Some(figures.part) != from);
        // Where all of them are already is no place to go to.
        let other = parts.filter(|f| files.iter().any(|file| trial.what_if.part_of(*file) != Some(f.part)));
        let found = other.filter(|f| f.name.to_lowercase().contains(&lower));
        (what, found.map(|f| (f.part, f.name.to_string())).collect())
    }

    pub(super) fn target_key(&mut self, key: KeyEvent, mut input: Input, mut at: usize) -> Option<Effect> {
        let (_, found) = self.targets(input.text());
        match key.code {
            KeyCode::Esc => return None,
            KeyCode::Enter => {
                let (part, name) = found.into_iter().nth(at)?;
                match self.merges() {
                    Some(from) => self.edit(Edit::Merge { from, into: part }, &format!("merged into {name}")),
                    None => {
                        let files = self.chosen_files();
                        self.edit(Edit::Move { files, to: part }, &format!("moved to {name}"));
                    }
                }
                self.lists[Tab::Split as usize].select(&part_key(part));
                return None;
            }
            KeyCode::Down => at = (at + 1).min(found.len().saturating_sub(1)),
            KeyCode::Up => at = at.saturating_sub(1),
            _ => {
                input.key(key);
                at = 0;
            }
        }
        self.overlay = Some(Overlay::Target(input, at));
        None
    }

    pub(super) fn new_part(&mut self) {
        if self.begin_trial() {
            if self.chosen_files().is_empty() {
                self.say("mark files first (space), or choose a row");
            } else {
                self.ask(Ask::Part);
            }
        }
    }

    /// Out of its candidate: it stays common.
    pub(super) fn take_out(&mut self) {
        if self.begin_trial() {
            let files = self.chosen_files();
            self.edit(Edit::Move { files, to: COMMON }, "taken out, stays common");
        }
    }

    pub(super) fn break_up(&mut self) {
        if self.begin_trial()
            && let Some((part, name)) = self.chosen_part()
        {
            self.edit(Edit::Split { part }, &format!("{name} divided"));
        }
    }

    pub(super) fn pin(&mut self) {
        if self.begin_trial() {
            let files = self.chosen_files();
            let on = self.data.trial.as_ref().is_some_and(|t| files.iter().any(|file| !t.what_if.is_pinned(*file)));
            let what = format!("{} {}", plural(files.len(), "file"), if on { "held" } else { "let go" });
            self.edit(Edit::Pin { files, on }, &what);
        }
    }

    /// Asks for the name of a candidate or of the alternative.
    pub(super) fn ask_name(&mut self, ask: Ask) {
        if self.begin_trial() && (ask == Ask::Alternative || self.chosen_part().is_some()) {
            self.ask(ask);
        }
    }

    pub(super) fn named_by(&mut self, ask: Ask, text: &str) -> Option<Effect> {
        if text.is_empty() {
            self.say("this needs a name; nothing was changed");
            return None;
        }
        match ask {
            Ask::Part => {
                let files = self.chosen_files();
                self.edit(Edit::Extract { files, name: Name::from(text) }, &format!("new candidate {text}"));
                if let Some(part) = self.data.trial.as_ref().and_then(|trial| trial.what_if.find(text)) {
                    self.lists[Tab::Split as usize].select(&part_key(part));
                }
            }
            Ask::Rename => {
                if let Some((part, old)) = self.chosen_part() {
                    self.edit(Edit::Rename { part, name: Name::from(text) }, &format!("{old} is called {text}"));
                }
            }
            _ => return self.save_as(text, false),
        }
        None
    }

    pub(super) fn save_as(&mut self, name: &str, overwrite: bool) -> Option<Effect> {
        let trial = self.data.trial.as_ref()?;
        let text = trial.what_if.partition(&self.data.analysis.files).to_text();
        match text {
            Ok(text) => Some(Effect::SaveAlternative {
                name: name.to_owned(),
                text,
                overwrite: overwrite || name == trial.name,
            }),
            Err(why) => {
                self.say(why);
                None
            }
        }
    }

    /// The alternative was written.
    pub fn saved_as(&mut self, name: &str) {
        let analysis = Arc::clone(&self.data.analysis);
        if let Some(trial) = &mut self.data.trial {
            name.clone_into(&mut trial.name);
            trial.unsaved = false;
            trial.follow(&analysis);
        }
        self.refresh();
    }

    /// The saved alternatives were read.
    pub fn alternatives_read(&mut self, found: Alternatives, compare: bool) {
        self.alternatives = found;
        for (name, why) in self.alternatives.clone() {
            if let Err(why) = why {
                self.say(format!("{name}: {why}"));
            }
        }
        self.overlay = Some(if compare { Overlay::Compare(0, 0) } else { Overlay::Alternatives(0) });
    }

    /// A saved alternative as a division of this result, with how many files no pattern names.
    fn division(&self, partition: &Partition) -> Option<(WhatIf, usize)> {
        let analysis = self.proposal();
        let inputs = analysis.split_inputs();
        let division = partition.divide(&analysis.files, &inputs.members()).ok()?;
        Some((WhatIf::of_division(&inputs, &division), division.unmatched.len()))
    }

    /// The result with the program's own candidates.
    fn proposal(&self) -> &Arc<Analysis> {
        let original = self.data.trial.as_ref().and_then(|trial| trial.original.as_ref());
        original.unwrap_or(&self.data.analysis)
    }

    /// Loads the alternative at a row of the list; the first row is the proposal.
    pub(super) fn load(&mut self, at: usize) {
        let mut next = None;
        if let Some((name, partition)) = at.checked_sub(1).and_then(|at| self.alternatives.get(at)).cloned() {
            let Some((what_if, unmatched)) = partition.ok().and_then(|partition| self.division(&partition)) else {
                return self.say(format!("{name} cannot be used"));
            };
            next = Some(Trial::with(self.proposal(), what_if, &name));
            self.say(match unmatched {
                0 => format!("what-if: {name}"),
                _ => format!("what-if: {name}; {unmatched} files that no pattern names stay common"),
            });
        } else {
            self.say("the proposal again; u brings the what-if back");
        }
        if next.is_none() && self.data.trial.is_none() {
            return self.say("this is the proposal");
        }
        let mut other = Box::new(next);
        self.swap_trial(&mut other);
        self.undo.push(Change::Swap(other));
        self.redo.clear();
    }

    /// Exchanges the what-if for another one, or for none.
    pub(super) fn swap_trial(&mut self, other: &mut Option<Trial>) {
        if let Some(original) = self.data.trial.as_mut().and_then(|trial| trial.original.take()) {
            self.exchange(original);
        }
        std::mem::swap(&mut self.data.trial, other);
        self.refresh();
    }

    /// One step of the what-if back or forth.
    pub(super) fn turn_trial(&mut self, back: bool) {
        let Some(trial) = &mut self.data.trial else { return };
        let step = if back { trial.what_if.undo() } else { trial.what_if.redo() };
        if step.is_none() {
            return self.say("this step of the what-if is no longer kept");
        }
        self.followed();
        let Some(trial) = &self.data.trial else { return };
        let (steps, cut) = (trial.what_if.steps(), trial.now.totals.crossing);
        let what = if back { "taken back" } else { "made again" };
        self.say(format!("what-if: {what}; {}, cut {cut}", plural(steps, "change")));
    }

    /// Escape takes marks away, then leaves a what-if in which nothing was changed; false where there is neither.
    pub(super) fn leave_trial(&mut self) -> bool {
        if self.focus[self.tab] == 1 || self.zoom || !self.places.is_empty() {
            return false;
        }
        match &mut self.data.trial {
            Some(trial) if !trial.marked.is_empty() => trial.marked.clear(),
            Some(trial) if trial.is_untouched() => {
                let mut none = None;
                self.swap_trial(&mut none);
            }
            _ => return false,
        }
        self.refresh();
        true
    }

    /// Shows the files of the selected part, or hides them; begins a what-if.
    pub(super) fn unfold_part(&mut self, open: bool) {
        if !open && self.data.trial.is_none() || !self.begin_trial() {
            return;
        }
        let Some(key) = self.item().map(|item| item.key.clone()) else { return };
        let list = &mut self.lists[Tab::Split as usize];
        if open {
            if key.starts_with("part:") {
                self.data.opened.insert(key);
            }
        } else if !self.data.opened.remove(&key) {
            // From a file to what it belongs to.
            let above = list.rows().get(..list.index()).unwrap_or_default().iter();
            let heading = above.rev().find(|row| row.key.starts_with("part:")).map(|row| row.key.clone());
            if let Some(heading) = heading {
                list.select(&heading);
            }
        }
        self.refresh();
    }

    /// The divisions that are compared: the proposal, the what-if, and what is saved.
    #[must_use]
    pub fn columns(&self) -> Vec<Column> {
        let analysis = self.proposal();
        let proposal = match &self.data.trial {
            Some(trial) => trial.proposal.clone(),
            None => Column::of("proposal", &WhatIf::new(&analysis.split_inputs(), &analysis.candidates)),
        };
        let mut out = vec![proposal];
        let trial = self.data.trial.as_ref().filter(|trial| trial.unsaved || trial.name.is_empty());
        out.extend(trial.map(|trial| Column { name: "what-if now".to_owned(), ..trial.now.clone() }));
        for (name, partition) in &self.alternatives {
            if let Some((what_if, unmatched)) = partition.as_ref().ok().and_then(|partition| self.division(partition)) {
                out.push(Column { unmatched, ..Column::of(name, &what_if) });
            }
        }
        out
    }

    /// A key over the comparison: up and down scroll, left and right bring other alternatives into sight.
    pub(super) fn compare_key(&mut self, action: Option<Action>, top: usize, first: usize) -> Option<Effect> {
        let columns = self.columns();
        let first = match action {
            Some(Action::Right) => (first + 1).min(columns.len().saturating_sub(2)),
            Some(Action::Left) => first.saturating_sub(1),
            _ => {
                let lines = comparison(&columns, first, 80).len();
                return self.leaf(action, top, lines, |top| Overlay::Compare(top, first));
            }
        };
        self.overlay = Some(Overlay::Compare(top, first));
        None
    }

    /// The result divided as the what-if says; its plan is made outside, by the settings of the repository.
    pub(super) fn plan_of_trial(&mut self) -> Option<Effect> {
        let trial = self.data.trial.as_ref()?;
        if trial.original.is_some() {
            self.show(Tab::Plan as usize);
            return None;
        }
        let mut analysis = (*self.data.analysis).clone();
        let (candidates, of) = trial.what_if.candidates(&self.data.analysis.split_inputs());
        (analysis.candidates, analysis.candidate_of) = (candidates, of);
        analysis.scorecard = principles::scorecard(&analysis);
        Some(Effect::Replan(Box::new(analysis)))
    }

    /// Shows a result that was divided as the what-if says, on all other screens; the next change brings the proposal back.
    pub fn planned(&mut self, analysis: Analysis) {
        let original = Arc::clone(&self.data.analysis);
        self.exchange(Arc::new(analysis));
        if let Some(trial) = &mut self.data.trial {
            trial.original = Some(original);
        }
        self.show(Tab::Plan as usize);
        self.say("plan of the what-if; the next change on Split, or L, brings the proposal's plan back");
    }

    /// Before another result comes: keeps the what-if as patterns. Its steps cannot be taken back any more.
    pub(super) fn lay_aside(&mut self) {
        if let Some(trial) = self.data.trial.take().filter(|trial| !trial.is_untouched()) {
            let partition = trial.what_if.partition(&self.data.analysis.files);
            self.carried = Some(Carried { partition, name: trial.name, unsaved: trial.unsaved });
        }
        // They speak of files by their numbers, which may be others in what comes.
        let kept = |change: &Change| !matches!(change, Change::Trial | Change::Swap(_));
        self.undo.retain(kept);
        self.redo.retain(kept);
    }

    /// When a whole result is there: goes on with the what-if that was kept.
    pub(super) fn take_up(&mut self) {
        if !self.data.analysis.complete || self.running.is_some() {
            return;
        }
        let Some(carried) = self.carried.take() else { return };
        if let Some((what_if, _)) = self.division(&carried.partition) {
            let mut trial = Trial::with(&self.data.analysis, what_if, &carried.name);
            trial.unsaved = carried.unsaved;
            self.data.trial = Some(trial);
            self.say("the what-if goes on with the new result; its earlier steps cannot be taken back");
            self.refresh();
        }
    }
}
