//! The one state: which screen, which overlay, the way back. Keys become actions, actions change the state and may ask
//! for an effect outside, which the loop runs.

mod act;
mod edits;
mod help;
mod options;
mod session;
mod since;
mod tour;
mod whatif;

use std::collections::BTreeMap;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};

use super::action::Action;
use super::filter::Query;
use super::keymap::{Chord, Found, Keymap};
use super::screens::whatif::Trial;
use super::screens::{
    Data, Item, Paragraph, Place, coupling, findings, matrix, overview, plan, split, whatif as trial,
};
use super::widgets::canvas::Shown;
use super::widgets::input::Input;
use super::widgets::list::List;
use super::widgets::preview::Source;
use crate::analysis::{Analysis, Progress};
use crate::facts::Name;
use crate::plan::{ItemStatus, Plan, Seen};
pub use help::{commands, help};
pub use since::{Since, remember};
pub use tour::Tour;
pub use whatif::Alternatives;

/// The screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tab {
    Overview,
    Findings,
    Coupling,
    Split,
    Plan,
    Report,
}

impl Tab {
    /// All, in their order.
    pub const ALL: [Tab; 6] = [Tab::Overview, Tab::Findings, Tab::Coupling, Tab::Split, Tab::Plan, Tab::Report];
    /// Name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["Overview", "Findings", "Coupling", "Split", "Plan", "Report"][self as usize]
    }
}

/// What lies over the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlay {
    /// What works here, then everywhere: narrowed by typing, the chosen one.
    Help(Input, usize),
    /// Palette: actions narrowed by typing, the chosen one.
    Commands(Input, usize),
    /// Notes, newest first, from this line.
    Notes(usize),
    /// What the readiness figure is made of, from this line.
    Formula(usize),
    /// What is new and gone since the last scan: the chosen line.
    Since(usize),
    /// Typing the filter of the screen; which of the former filters was fetched.
    Filter(Input, Option<usize>),
    /// Asking for a text.
    Ask(Ask, Input),
    /// Asking whether to quit with unsaved changes.
    Quit,
    /// Asking whether to overwrite the report's file.
    Overwrite,
    /// Asking whether to replace the saved alternative of this name.
    Replace(String),
    /// Where marked files or the candidate go: narrowed by typing, the chosen one.
    Target(Input, usize),
    /// Saved alternatives: the chosen one; the first is the proposal.
    Alternatives(usize),
    /// Divisions side by side, from this line, from this column on.
    Compare(usize, usize),
    /// The steps of the tour: the chosen one.
    Tour(usize),
    /// The source around a place, from this line, if it was scrolled.
    Peek(Place, Option<usize>),
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    Reason,
    Note,
    Owner,
    File,
    Ignore,
    /// Name of a new candidate.
    Part,
    /// Another name of a candidate.
    Rename,
    /// Name of an alternative.
    Alternative,
}

/// What the loop shall do outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    Quit,
    Suspend,
    Redraw,
    Cancel,
    Mouse(bool),
    Edit(String, u32),
    Copy(String),
    CopyAbsolute(String),
    SavePlan {
        quit: bool,
    },
    Write {
        overwrite: bool,
    },
    /// Scan again, or exchange the repository for the built-in sample.
    Scan {
        sample: bool,
    },
    /// Read the saved alternatives, to choose one (false) or to compare them.
    Alternatives {
        compare: bool,
    },
    /// Save an alternative: name, text.
    SaveAlternative {
        name: String,
        text: String,
        overwrite: bool,
    },
    /// Make the plan of this result anew.
    Replan(Box<Analysis>),
    /// Write a suppression into the settings of the repository, or take it out again.
    Ignore(Ignored, bool),
}

/// A finding set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// Its id.
    pub id: Name,
    /// Its file.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// Status, note and owner of a step.
type State = (ItemStatus, String, String);

/// What can be taken back.
#[derive(Debug, Clone)]
enum Change {
    Step(Name, State, State),
    Ignore(Ignored),
    Order(&'static str, Vec<Name>, Vec<Name>),
    /// One change of the what-if, which keeps its own steps.
    Trial,
    /// The what-if was exchanged for another one, or for none: the one that is not shown.
    Swap(Box<Option<Trial>>),
}

/// Where a person was: the screen to return to, and what the one that was gone to showed before.
#[derive(Debug, Clone)]
struct Stay {
    from: usize,
    focus: usize,
    scroll: usize,
    cursor: usize,
    to: usize,
    filter: String,
    key: Name,
    top: usize,
}

/// Report formats: id, file.
pub const FORMATS: [(&str, &str); 4] =
    [("markdown", "report.md"), ("json", "scan.json"), ("sarif", "scan.sarif"), ("text", "report.txt")];

/// Everything that the screen shows.
#[derive(Debug, Default)]
pub struct App {
    /// What the screens show.
    pub data: Data,
    /// While the scan runs.
    pub running: Option<Progress>,
    /// How long the scan took.
    pub took: Option<std::time::Duration>,
    /// The keys.
    pub keys: Keymap,
    /// Keys typed of a longer sequence.
    pub pending: Vec<Chord>,
    /// What may follow them is shown: after a moment, so that those who know it are not disturbed.
    pub hints: bool,
    /// The screen shown, as index in [`Tab::ALL`].
    pub tab: usize,
    /// Rows per screen.
    pub lists: [List<Item>; 6],
    /// First row shown per screen.
    pub tops: [usize; 6],
    /// The first row stays where the wheel brought it, though the selection is out of sight.
    pub loose: bool,
    /// Filter text per screen.
    pub filters: [String; 6],
    /// Filters typed before, newest last.
    pub history: Vec<String>,
    /// Shown and possible rows per screen.
    pub counts: [(usize, usize); 6],
    /// Focused pane per screen: 0 list, 1 detail.
    pub focus: [usize; 6],
    /// First line of a detail that is only scrolled.
    pub scroll: usize,
    /// Selected paragraph of a detail.
    pub cursor: usize,
    /// The focused pane over everything.
    pub zoom: bool,
    /// What lies over it.
    pub overlay: Option<Overlay>,
    /// Notes, oldest first.
    pub notes: Vec<String>,
    /// True while the newest note stands in the last line: until the next key.
    pub toast: bool,
    /// How many of them were read.
    pub read: usize,
    /// Mouse reported to us.
    pub mouse: bool,
    /// Cursor column of the matrix.
    pub column: usize,
    /// Source beside the findings.
    pub source: Source,
    /// Report: chosen format.
    pub format: usize,
    /// Report: German.
    pub german: bool,
    /// Report: where to write; empty for the format's own name.
    pub target: String,
    /// Report: parts that are left out.
    pub left_out: std::collections::BTreeSet<String>,
    /// Report: text, and what it was made for.
    pub report: Option<(usize, bool, String)>,
    /// The repository as the person named it, for commands.
    pub path: String,
    /// What is new and gone since the last scan.
    pub since: Option<Since>,
    /// The guided tour, while it runs.
    pub tour: Option<Tour>,
    /// What was drawn last.
    pub shown: Shown,
    /// Lengthens every word of our own, to see whether there is room for other languages.
    pub long_words: bool,
    recent: Vec<Action>,
    places: Vec<Stay>,
    edits: BTreeMap<Name, State>,
    /// Ids of the steps of the phases in which somebody moved one, in their order.
    step_order: BTreeMap<&'static str, Vec<Name>>,
    undo: Vec<Change>,
    redo: Vec<Change>,
    /// Changes of the plan that are not saved.
    pub unsaved: usize,
    /// The saved alternatives as read last.
    pub alternatives: whatif::Alternatives,
    /// A what-if that waits for the end of a scan.
    carried: Option<whatif::Carried>,
}

impl App {
    /// An app without a result yet.
    #[must_use]
    pub fn new(keys: Keymap, mouse: bool) -> App {
        App { keys, mouse, path: ".".into(), ..App::default() }
    }

    /// The screen shown.
    #[must_use]
    pub fn current(&self) -> Tab {
        Tab::ALL[self.tab.min(5)]
    }

    /// The selected row.
    #[must_use]
    pub fn item(&self) -> Option<&Item> {
        self.lists[self.tab].current()
    }

    /// A new result: everything selected stays selected.
    pub fn receive(&mut self, analysis: Arc<Analysis>) {
        self.lay_aside();
        self.exchange(analysis);
        self.take_up();
    }

    /// Shows another result of the same files.
    fn exchange(&mut self, analysis: Arc<Analysis>) {
        self.data.analysis = analysis;
        self.data.matrix.outdate();
        self.data.alike = std::sync::OnceLock::new();
        self.report = None;
        self.source = Source::default();
        self.refresh();
    }

    /// Forgets what belongs to the repository shown so far, because another one comes.
    pub fn forget(&mut self) {
        let kept = App { keys: std::mem::take(&mut self.keys), mouse: self.mouse, ..App::default() };
        let (notes, read) = (std::mem::take(&mut self.notes), self.read);
        *self = App { notes, read, ..kept };
    }

    /// What was drawn, so that the next key or click can use it.
    pub fn seen(&mut self, shown: Shown) {
        if let Some(pane) = shown.pane(0) {
            self.tops[self.tab] = pane.top;
        }
        self.shown = shown;
    }

    /// Says something without interrupting.
    pub fn say(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
        self.toast = true;
    }

    /// A word of our own as it is shown.
    #[must_use]
    pub fn word(&self, text: &str) -> String {
        if self.long_words {
            format!("{text}{}", "~".repeat(text.chars().count().div_ceil(3)))
        } else {
            text.to_owned()
        }
    }

    /// Actions run from the palette, newest first.
    #[must_use]
    pub fn recent(&self) -> &[Action] {
        &self.recent
    }

    /// The plan as it is to be saved.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.data.plan
    }

    /// Makes the rows of the screen anew; those of the others wait until they are shown.
    pub fn refresh(&mut self) {
        self.data.plan = self.data.analysis.plan.clone();
        for step in self.data.plan.phases.iter_mut().flat_map(|p| &mut p.items) {
            if let Some(state) = self.edits.get(&step.id) {
                if step.status != state.0 {
                    // What the scan saw, it saw of what was said before.
                    step.seen = Seen::Nothing;
                }
                (step.status, step.note, step.owner) = state.clone();
            }
        }
        for phase in &mut self.data.plan.phases {
            if let Some(order) = self.step_order.get(phase.id) {
                let place = |id: &Name| order.iter().position(|moved| moved == id).unwrap_or(usize::MAX);
                phase.items.sort_by_key(|step| place(&step.id));
                phase.order.clone_from(order);
            }
        }
        let (tab, at) = (self.current(), self.tab);
        let query = Query::parse(&self.filters[at]);
        let rows = match tab {
            Tab::Overview => overview::rows(&self.data),
            Tab::Findings => {
                let (rows, shown, total) = findings::rows(&self.data, &query);
                self.counts[at] = (shown, total);
                return self.lists[at].set(rows);
            }
            Tab::Coupling => {
                let before = self.data.matrix.nodes.get(self.column).map(|node| node.key.clone());
                if !self.data.matrix.is_of(&self.data) {
                    self.data.matrix = matrix::Matrix::new(&self.data);
                }
                let last = self.data.matrix.nodes.len().saturating_sub(1);
                self.column = match before.and_then(|key| self.data.matrix.position(&key)) {
                    Some(at) => at,
                    // Nobody having chosen yet, the cursor stands on the strongest use of the first row.
                    None if self.column == 0 => {
                        self.data.matrix.neighbours(0).1.first().map_or(0, |(to, _)| *to as usize)
                    }
                    None => self.column.min(last),
                };
                coupling::rows(&self.data)
            }
            Tab::Split => match &self.data.trial {
                Some(trial) => trial::rows(&self.data, trial),
                None => split::rows(&self.data),
            },
            Tab::Plan => plan::rows(&self.data),
            Tab::Report => self.options(),
        };
        let total = rows.len();
        let rows: Vec<Item> = rows.into_iter().filter(|row| query.is_empty() || self.answers(&query, row)).collect();
        self.counts[at] = (rows.len(), total);
        self.lists[at].set(rows);
    }

    /// True when a row of a screen other than Findings answers a query.
    fn answers(&self, query: &Query, row: &Item) -> bool {
        use super::filter::Field;
        let spans = row.spans(&self.data, 200);
        let parts: Vec<&str> = spans.iter().map(|(text, _)| text.as_str()).collect();
        let step = self.data.plan.phases.iter().flat_map(|p| &p.items).find(|step| step.id == row.key);
        let get = |field| {
            let text = match (field, step) {
                (Field::Status, Some(step)) => step.state().as_str().to_owned(),
                (Field::Principle, Some(step)) => step.principle.to_owned(),
                _ => parts.concat(),
            };
            std::borrow::Cow::Owned(text)
        };
        query.matches(get, &parts, "")
    }

    /// The detail beside the selected row, where it is text.
    #[must_use]
    pub fn detail(&self) -> Vec<Paragraph> {
        let Some(item) = self.item() else { return Vec::new() };
        match self.current() {
            Tab::Overview => overview::detail(&self.data, item),
            Tab::Findings => findings::detail(&self.data, item),
            Tab::Coupling => {
                let mut out = coupling::detail(&self.data, item, self.column);
                out.push(Paragraph::title("Neighbours"));
                out.extend(coupling::ego(&self.data, item, 72));
                out
            }
            Tab::Split => match &self.data.trial {
                Some(trial) => trial::detail(&self.data, trial, item),
                None => split::detail(&self.data, item),
            },
            Tab::Plan => plan::detail(&self.data, item),
            Tab::Report => Vec::new(),
        }
    }

    /// True when the detail is text with a cursor rather than a page that is scrolled.
    #[must_use]
    pub fn walks(&self) -> bool {
        match self.current() {
            Tab::Report => false,
            Tab::Findings => self.item().is_none_or(|item| item.place.is_none()),
            _ => true,
        }
    }

    /// A key: typing where something is typed, otherwise an action. What it changed of the plan is saved at once.
    pub fn key(&mut self, key: KeyEvent) -> Option<Effect> {
        let before = self.unsaved;
        let effect = self.take(key);
        if self.unsaved > before { effect.or(Some(Effect::SavePlan { quit: false })) } else { effect }
    }

    fn take(&mut self, key: KeyEvent) -> Option<Effect> {
        let chord = Chord::of(key);
        let action = self.keys.action(key);
        self.toast = false;
        self.loose = false;
        if matches!(action, Some(Action::ForceQuit)) {
            return Some(Effect::Quit);
        }
        if self.tour_key(key) {
            return None;
        }
        if self.overlay.is_none() {
            self.pending.push(chord);
            let typed = std::mem::take(&mut self.pending);
            return match self.keys.find(&typed) {
                Found::Action(action) => {
                    self.hints = false;
                    self.act(action)
                }
                Found::Prefix => {
                    self.pending = typed;
                    None
                }
                Found::Nothing => {
                    self.hints = false;
                    if typed.len() > 1 && key.code != KeyCode::Esc {
                        let keys: Vec<String> = typed.iter().map(Chord::to_string).collect();
                        self.say(format!("{} does nothing; ? shows what works here", keys.join(" ")));
                    }
                    None
                }
            };
        }
        match self.overlay.take()? {
            Overlay::Notes(top) => {
                self.leaf(action, top, self.notes.len() + self.data.analysis.skipped.len(), Overlay::Notes)
            }
            Overlay::Formula(top) => self.leaf(action, top, overview::formula(&self.data).len(), Overlay::Formula),
            Overlay::Since(at) => {
                let lines = self.since.as_ref().map_or(0, |since| since.lines.len());
                if action == Some(Action::Open) {
                    return self.open_since(at);
                }
                self.leaf(action, at, lines, Overlay::Since)
            }
            Overlay::Tour(at) => {
                let steps = self.tour.as_ref().map_or(0, |tour| tour.steps.len());
                if action == Some(Action::Open) {
                    self.visit(at);
                    return None;
                }
                self.leaf(action, at, steps, Overlay::Tour)
            }
            Overlay::Peek(place, top) => self.peek_key(action, place, top),
            Overlay::Replace(name) => {
                let yes = matches!(key.code, KeyCode::Char('y') | KeyCode::Enter);
                if yes { self.save_as(&name, true) } else { None }
            }
            Overlay::Target(input, at) => self.target_key(key, input, at),
            Overlay::Alternatives(at) => {
                if action == Some(Action::Open) {
                    self.load(at);
                    return None;
                }
                self.leaf(action, at, self.alternatives.len() + 1, Overlay::Alternatives)
            }
            Overlay::Compare(top, first) => self.compare_key(action, top, first),
            Overlay::Quit => match key.code {
                KeyCode::Char('s') if self.unsaved == 0 => {
                    self.show(Tab::Split as usize);
                    self.ask(Ask::Alternative);
                    None
                }
                KeyCode::Char('s') => Some(Effect::SavePlan { quit: true }),
                KeyCode::Char('q') => Some(Effect::Quit),
                _ => None,
            },
            Overlay::Overwrite => {
                matches!(key.code, KeyCode::Char('y') | KeyCode::Enter).then_some(Effect::Write { overwrite: true })
            }
            Overlay::Filter(input, fetched) => {
                self.filter_key(key, input, fetched);
                None
            }
            Overlay::Ask(ask, mut input) => {
                match key.code {
                    KeyCode::Esc => {}
                    KeyCode::Enter => return self.answer(ask, input.text().trim()),
                    _ => {
                        input.key(key);
                        self.overlay = Some(Overlay::Ask(ask, input));
                    }
                }
                None
            }
            Overlay::Help(input, at) => {
                let found =
                    help(&self.keys, self.current(), input.text()).into_iter().map(|(action, _)| action).collect();
                self.find(key, input, at, found, Overlay::Help)
            }
            Overlay::Commands(input, at) => {
                let found = commands(&self.keys, input.text(), &self.recent);
                self.find(key, input, at, found, Overlay::Commands)
            }
        }
    }

    /// A key in a list that lies over the screen.
    fn leaf(
        &mut self,
        action: Option<Action>,
        at: usize,
        total: usize,
        again: impl FnOnce(usize) -> Overlay,
    ) -> Option<Effect> {
        let last = total.saturating_sub(1);
        let to = match action {
            Some(Action::Down) => at + 1,
            Some(Action::Up) => at.saturating_sub(1),
            Some(Action::PageDown | Action::HalfDown) => at + 10,
            Some(Action::PageUp | Action::HalfUp) => at.saturating_sub(10),
            Some(Action::First) => 0,
            Some(Action::Last) => last,
            Some(Action::Quit) => return self.act(Action::Quit),
            _ => return None,
        };
        self.overlay = Some(again(to.min(last)));
        None
    }
}
