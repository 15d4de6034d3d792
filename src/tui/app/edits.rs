//! Changes of the plan: checked off, left out, noted, owned; each can be taken back.

use super::super::widgets::input::Input;
use super::super::widgets::list::Moves;
use super::{App, Ask, Overlay, State, Tab};
use crate::plan::{Item as Step, ItemStatus};

impl App {
    pub(super) fn step(&self) -> Option<&Step> {
        let key = &self.item()?.key;
        (self.current() == Tab::Plan)
            .then(|| self.data.plan.phases.iter().flat_map(|p| &p.items).find(|i| i.id == *key))
            .flatten()
    }

    pub(super) fn ask(&mut self, ask: Ask) {
        let Some(step) = self.step() else { return self.say("choose a step of the plan first (5)") };
        let text = if ask == Ask::Owner { step.owner.clone() } else { step.note.clone() };
        self.overlay = Some(Overlay::Ask(ask, Input::new(&text)));
    }

    pub(super) fn answer(&mut self, ask: Ask, text: &str) {
        match ask {
            Ask::File => text.clone_into(&mut self.target),
            Ask::Reason if text.is_empty() => self.say("leaving a step out needs a reason"),
            Ask::Reason => self.change(|(status, note, _)| (*status, *note) = (ItemStatus::Waived, text.to_owned())),
            Ask::Note => self.change(|(_, note, _)| text.clone_into(note)),
            Ask::Owner => self.change(|(.., owner)| text.clone_into(owner)),
        }
    }

    pub(super) fn change(&mut self, how: impl FnOnce(&mut State)) {
        let Some(step) = self.step() else { return };
        let (id, before) = (step.id.clone(), (step.status, step.note.clone(), step.owner.clone()));
        let mut after = before.clone();
        how(&mut after);
        if after != before {
            self.edits.insert(id.clone(), after.clone());
            self.undo.push((id, before, after));
            self.redo.clear();
            self.unsaved += 1;
            self.refresh();
        }
    }

    pub(super) fn turn(&mut self, back: bool) {
        let taken = if back { self.undo.pop() } else { self.redo.pop() };
        let Some((id, before, after)) = taken else {
            return self.say(if back { "nothing to undo" } else { "nothing to redo" });
        };
        self.edits.insert(id.clone(), if back { before.clone() } else { after.clone() });
        self.lists[4].select(&id);
        if back {
            self.redo.push((id, before, after))
        } else {
            self.undo.push((id, before, after))
        }
        self.unsaved += 1;
        self.refresh();
    }
}
