//! Finding an action by typing: the palette over all of them, the help with those of the screen first.

use crossterm::event::{KeyCode, KeyEvent};

use super::super::action::Action;
use super::super::keymap::Keymap;
use super::super::widgets::input::Input;
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
