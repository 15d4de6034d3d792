//! Changes that a person makes: steps checked off, left out, noted, owned, moved; findings set aside. Each can be taken back.

use super::super::screens::Text;
use super::super::widgets::input::Input;
use super::super::widgets::list::{Motion, Moves};
use super::{App, Ask, Change, Effect, Ignored, Overlay, State, Tab};
use crate::plan::{Item as Step, ItemStatus};

impl App {
    pub(super) fn step(&self) -> Option<&Step> {
        let key = &self.item()?.key;
        (self.current() == Tab::Plan)
            .then(|| self.data.plan.phases.iter().flat_map(|p| &p.items).find(|i| i.id == *key))
            .flatten()
    }

    fn chosen_finding(&self) -> Option<Ignored> {
        let item = self.item().filter(|_| self.current() == Tab::Findings)?;
        let Text::Finding(index) = item.text else { return None };
        let found = self.data.finding(index)?;
        Some(Ignored {
            id: found.id.clone(),
            path: self.data.analysis.path(found.file).to_owned(),
            reason: String::new(),
        })
    }

    pub(super) fn ask(&mut self, ask: Ask) {
        let text = match ask {
            Ask::Ignore if self.chosen_finding().is_none() => return self.say("choose a finding first (2)"),
            Ask::Ignore | Ask::File | Ask::Part => String::new(),
            Ask::Rename => self.chosen_part().map_or(String::new(), |(_, name)| name),
            Ask::Alternative => self.data.trial.as_ref().map_or(String::new(), |trial| trial.name.clone()),
            _ => {
                let Some(step) = self.step() else { return self.say("choose a step of the plan first (5)") };
                if ask == Ask::Owner { step.owner.clone() } else { step.note.clone() }
            }
        };
        self.overlay = Some(Overlay::Ask(ask, Input::new(&text)));
    }

    pub(super) fn answer(&mut self, ask: Ask, text: &str) -> Option<Effect> {
        match ask {
            Ask::File => {
                text.clone_into(&mut self.target);
                self.refresh();
            }
            Ask::Part | Ask::Rename | Ask::Alternative => return self.named_by(ask, text),
            Ask::Reason | Ask::Ignore if text.is_empty() => self.say("this needs a reason; nothing was changed"),
            Ask::Ignore => {
                let ignored = Ignored { reason: text.to_owned(), ..self.chosen_finding()? };
                self.undo.push(Change::Ignore(ignored.clone()));
                self.redo.clear();
                self.set_aside(&ignored, true);
                return Some(Effect::Ignore(ignored, true));
            }
            Ask::Reason => self.change(|(status, note, _)| (*status, *note) = (ItemStatus::Waived, text.to_owned())),
            Ask::Note => self.change(|(_, note, _)| text.clone_into(note)),
            Ask::Owner => self.change(|(.., owner)| text.clone_into(owner)),
        }
        None
    }

    /// Hides a finding that was set aside, or shows it again; the selection goes to its neighbour.
    pub fn set_aside(&mut self, ignored: &Ignored, aside: bool) {
        if aside {
            if self.current() == Tab::Findings && self.item().is_some_and(|item| item.key == ignored.id) {
                let list = &mut self.lists[1];
                let _ = list.go(Motion::NextMatch) || list.go(Motion::PreviousMatch);
            }
            self.data.ignored.insert(ignored.id.clone());
        } else {
            self.data.ignored.remove(&ignored.id);
            self.lists[1].select(&ignored.id);
        }
        self.refresh();
    }

    pub(super) fn change(&mut self, how: impl FnOnce(&mut State)) {
        let Some(step) = self.step() else { return };
        let (id, before) = (step.id.clone(), (step.status, step.note.clone(), step.owner.clone()));
        let mut after = before.clone();
        how(&mut after);
        if after != before {
            self.edits.insert(id.clone(), after.clone());
            self.undo.push(Change::Step(id, before, after));
            self.redo.clear();
            self.unsaved += 1;
            self.refresh();
        }
    }

    /// Takes the last change back, or makes it again.
    pub(super) fn turn(&mut self, back: bool) -> Option<Effect> {
        let taken = if back { self.undo.pop() } else { self.redo.pop() };
        let Some(mut change) = taken else {
            self.say(if back { "nothing to undo" } else { "nothing to redo" });
            return None;
        };
        let effect = match &mut change {
            Change::Trial => {
                self.turn_trial(back);
                None
            }
            Change::Swap(other) => {
                self.swap_trial(other);
                None
            }
            Change::Step(id, before, after) => {
                self.edits.insert(id.clone(), if back { before.clone() } else { after.clone() });
                self.lists[4].select(id);
                self.unsaved += 1;
                self.refresh();
                None
            }
            Change::Ignore(ignored) => {
                let ignored = ignored.clone();
                self.set_aside(&ignored, !back);
                Some(Effect::Ignore(ignored, !back))
            }
            Change::Order(phase, before, after) => {
                self.step_order.insert(phase, if back { before.clone() } else { after.clone() });
                self.unsaved += 1;
                self.refresh();
                None
            }
        };
        if back {
            self.redo.push(change)
        } else {
            self.undo.push(change)
        }
        effect
    }

    /// Moves the selected step within its phase.
    pub(super) fn move_step(&mut self, down: bool) {
        let Some(id) = self.step().map(|step| step.id.clone()) else {
            return self.say("J and K move a step of the plan (5)");
        };
        let Some(phase) = self.data.plan.phases.iter().find(|phase| phase.items.iter().any(|step| step.id == id))
        else {
            return;
        };
        let (phase, kept, items) = (phase.id, phase.order.clone(), &phase.items);
        let mut ids: Vec<_> = items.iter().map(|step| step.id.clone()).collect();
        let at = ids.iter().position(|other| *other == id).unwrap_or(0);
        let to = if down { at + 1 } else { at.wrapping_sub(1) };
        if to >= ids.len() {
            return self.say("a step moves within its phase");
        }
        ids.swap(at, to);
        self.step_order.insert(phase, ids.clone());
        self.undo.push(Change::Order(phase, kept, ids));
        self.redo.clear();
        self.unsaved += 1;
        self.refresh();
        self.lists[4].select(&id);
    }
}
