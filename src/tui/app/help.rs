//! Finding by typing: the palette over all actions, the help with those of the screen first, the filter.

use crossterm::event::{KeyCode, KeyEvent};

use super::super::action::Action;
use super::super::keymap::Keymap;
use super::super::widgets::input::Input;
use super::super::widgets::list::Moves;
use super::{App, Effect, Overlay, Tab};

impl App {
    /// A key in a list of actions that typing narrows.
    pub(super) fn find(
        &mut self,
        key: KeyEvent,
        mut input: Input,
        mut at: usize,
        found: Vec<Action>,
        again: impl FnOnce(Input, usize) -> Overlay,
    ) -> Option<Effect> {
        match key.code {
            KeyCode::Esc => return None,
            KeyCode::Enter => return found.get(at).and_then(|action| self.run(*action)),
            KeyCode::Down => at = (at + 1).min(found.len().saturating_sub(1)),
            KeyCode::Up => at = at.saturating_sub(1),
            _ => {
                input.key(key);
                at = 0;
            }
        }
        self.overlay = Some(again(input, at));
        None
    }
}

impl App {
    /// A key while the filter is typed: what is typed works at once, up and down fetch former filters.
    pub(super) fn filter_key(&mut self, key: KeyEvent, mut input: Input, fetched: Option<usize>) {
        match key.code {
            KeyCode::Esc => self.filters[self.tab].clear(),
            KeyCode::Enter => {
                let text = input.text().trim().to_owned();
                if !text.is_empty() {
                    self.history.retain(|old| *old != text);
                    self.history.push(text);
                    let extra = self.history.len().saturating_sub(50);
                    self.history.drain(..extra);
                }
            }
            KeyCode::Up | KeyCode::Down => {
                let count = self.history.len();
                let next = match (key.code, fetched) {
                    (KeyCode::Up, None) => count.checked_sub(1),
                    (KeyCode::Up, Some(at)) => Some(at.saturating_sub(1)),
                    (_, Some(at)) if at + 1 < count => Some(at + 1),
                    _ => None,
                };
                let text = next.and_then(|at| self.history.get(at)).cloned().unwrap_or_default();
                self.filters[self.tab].clone_from(&text);
                self.overlay = Some(Overlay::Filter(Input::new(&text), next));
            }
            _ => {
                input.key(key);
                input.text().clone_into(&mut self.filters[self.tab]);
                self.overlay = Some(Overlay::Filter(input, None));
            }
        }
        self.refresh();
        // The first hit rather than the heading above it.
        if !self.filters[self.tab].is_empty() && self.item().is_some_and(|item| !item.stop) {
            let list = &mut self.lists[self.tab];
            if !list.go(super::super::widgets::list::Motion::NextMatch) {
                list.go(super::super::widgets::list::Motion::PreviousMatch);
            }
        }
    }
}

/// What a screen offers beyond moving about.
fn own(tab: Tab) -> &'static [Action] {
    use Action::*;
    match tab {
        Tab::Overview => &[Open, NextMatch, PreviousMatch, Tests, Vendored, Rescan, Formula, Difference, Sample],
        Tab::Findings => &[
            Open,
            Editor,
            CopyPlace,
            CopyPath,
            Plan,
            Ignore,
            Undo,
            Filter,
            GroupModule,
            GroupKind,
            GroupRule,
            GroupPath,
            GroupPrinciple,
            GroupCandidate,
            GroupNone,
            Sort,
            NextMatch,
            PreviousMatch,
            Left,
            Right,
            WhichDoubtful,
            Tests,
            Vendored,
        ],
        Tab::Coupling => &[
            Left,
            Right,
            Open,
            Expand,
            Back,
            WhichAll,
            WhichImport,
            WhichCall,
            WhichInherit,
            WhichTable,
            WhichGit,
            Sort,
            Editor,
            CopyPlace,
            NextMatch,
            PreviousMatch,
        ],
        Tab::Split => &[
            Open,
            Expand,
            Left,
            Mark,
            MoveTo,
            NewPart,
            Waive,
            BreakUp,
            Pin,
            Note,
            Undo,
            Redo,
            Save,
            Load,
            Compare,
            Plan,
            Sort,
            Editor,
            CopyPlace,
            CopyCommand,
        ],
        Tab::Plan => {
            &[Mark, Waive, Note, Owner, StepDown, StepUp, Undo, Redo, Save, Open, Editor, NextMatch, PreviousMatch]
        }
        Tab::Report => &[Mark, Open, Export, Note, CopyCommand],
    }
}

/// Actions for the help: those of the screen first (marked true), then the others; a typed text narrows both.
#[must_use]
pub fn help(keys: &Keymap, tab: Tab, text: &str) -> Vec<(Action, bool)> {
    let found = commands(keys, text, &[]);
    let here = own(tab).iter().filter(|action| found.contains(action)).map(|action| (*action, true));
    let others = found.iter().filter(|action| !own(tab).contains(action)).map(|action| (*action, false));
    here.chain(others).collect()
}

/// Actions that a typed text finds, best first: fuzzy over name, description and key. Where they are equally good, those
/// used last come first.
#[must_use]
pub fn commands(keys: &Keymap, text: &str, recent: &[Action]) -> Vec<Action> {
    use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
    use nucleo_matcher::{Config, Matcher, Utf32Str};
    let pattern = Pattern::parse(text, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut found: Vec<(u32, Action)> = Action::ALL
        .iter()
        .filter_map(|action| {
            let line = format!("{} {} {}", action.name(), action.doc(), keys.keys(*action));
            pattern.score(Utf32Str::new(&line, &mut buffer), &mut matcher).map(|score| (score, *action))
        })
        .collect();
    let used = |action: &Action| recent.iter().position(|used| used == action).unwrap_or(usize::MAX);
    found.sort_by_key(|(score, action)| (std::cmp::Reverse(*score), used(action), *action));
    found.into_iter().map(|(_, action)| action).collect()
}
