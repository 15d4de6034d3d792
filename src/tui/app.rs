//! The one state: which screen, which overlay, the way back. Keys become actions, actions change the state and may ask
//! for an effect outside, which the loop runs.

mod edits;
mod help;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};

use super::action::Action;
use super::filter::Query;
use super::keymap::Keymap;
use super::screens::{Data, Go, Item, coupling, findings, overview, plan, split};
use super::widgets::canvas::Shown;
use super::widgets::input::Input;
use super::widgets::list::{List, Motion, Moves};
use super::widgets::preview::Source;
use crate::analysis::{Analysis, Progress};
use crate::facts::Name;
use crate::plan::{ItemStatus, Plan};
pub use help::{commands, help};

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
    /// Typing the filter of the screen.
    Filter(Input),
    /// Asking for a text about a step of the plan.
    Ask(Ask, Input),
    /// Asking whether to quit with unsaved changes.
    Quit,
    /// Asking whether to overwrite the report's file.
    Overwrite,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    Reason,
    Note,
    Owner,
    File,
}

/// What the loop shall do outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    Quit,
    Suspend,
    Redraw,
    Cancel,
    Mouse(bool),
    Edit(String, u32),
    Copy(String),
    CopyAbsolute(String),
    SavePlan { quit: bool },
    Write { overwrite: bool },
}

/// Status, note and owner of a step.
type State = (ItemStatus, String, String);

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
    /// The screen shown, as index in [`Tab::ALL`].
    pub tab: usize,
    /// Rows per screen.
    pub lists: [List<Item>; 6],
    /// Filter text per screen.
    pub filters: [String; 6],
    /// Shown and possible rows per screen.
    pub counts: [(usize, usize); 6],
    /// Focused pane per screen: 0 list, 1 detail.
    pub focus: [usize; 6],
    /// First line of the detail.
    pub scroll: usize,
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
    /// Report: text, and what it was made for.
    pub report: Option<(usize, bool, String)>,
    /// What was drawn last.
    pub shown: Shown,
    folded: BTreeSet<Name>,
    places: Vec<(usize, usize, String, Name)>,
    edits: BTreeMap<Name, State>,
    undo: Vec<(Name, State, State)>,
    redo: Vec<(Name, State, State)>,
    /// Changes of the plan that are not saved.
    pub unsaved: usize,
}

impl App {
    /// An app without a result yet.
    #[must_use]
    pub fn new(keys: Keymap, mouse: bool) -> App {
        App { keys, mouse, ..App::default() }
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
        self.data.analysis = analysis;
        self.report = None;
        self.source = Source::default();
        self.refresh();
    }

    /// Says something without interrupting.
    pub fn say(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
        self.toast = true;
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
                (step.status, step.note, step.owner) = state.clone();
            }
        }
        let modules = self.data.analysis.graph.modules.len();
        self.column = self.column.min(modules.saturating_sub(1));
        let first = self.column.saturating_sub(7);
        let (tab, at) = (self.current(), self.tab);
        {
            let query = Query::parse(&self.filters[at]);
            let rows = match tab {
                Tab::Overview => overview::rows(&self.data),
                Tab::Findings => {
                    let (rows, shown, total) = findings::rows(&self.data, &query, &self.folded);
                    self.counts[at] = (shown, total);
                    return self.lists[at].set(rows);
                }
                Tab::Coupling => coupling::rows(&self.data, self.column, first),
                Tab::Split => split::rows(&self.data),
                Tab::Plan => plan::rows(&self.data),
                Tab::Report => self.options(),
            };
            let total = rows.len();
            let rows: Vec<Item> = rows
                .into_iter()
                .filter(|row| {
                    query.is_empty()
                        || query.matches(|_| row.text.iter().map(|(t, _)| t.as_str()).collect::<String>().into())
                })
                .collect();
            self.counts[at] = (rows.len(), total);
            self.lists[at].set(rows);
        }
    }

    fn options(&self) -> Vec<Item> {
        use super::theme::Role;
        let row = |key: String, on: bool, text: String| Item {
            key: key.into(),
            text: vec![(
                format!(" {} {text}", if on { "(•)" } else { "( )" }),
                if on { Role::Accent } else { Role::Text },
            )],
            place: None,
            go: Go::Detail,
            stop: true,
        };
        let mut out = vec![Item::heading("Format")];
        out.extend(
            FORMATS
                .iter()
                .enumerate()
                .map(|(at, (id, file))| row(format!("format {at}"), self.format == at, format!("{id:<10} {file}"))),
        );
        out.push(Item::heading("Language of the Markdown report"));
        out.push(row("lang 0".into(), !self.german, "English".into()));
        out.push(row("lang 1".into(), self.german, "Deutsch".into()));
        out
    }

    /// File that the report is written to.
    #[must_use]
    pub fn target(&self) -> &str {
        if self.target.is_empty() { FORMATS[self.format].1 } else { &self.target }
    }

    /// The command that gives the same without the screen.
    #[must_use]
    pub fn command(&self) -> String {
        match self.current() {
            Tab::Plan => "breakbulk plan . list".into(),
            Tab::Report if FORMATS[self.format].0 == "markdown" => format!(
                "breakbulk report . --lang {} --output {}",
                if self.german { "de" } else { "en" },
                self.target()
            ),
            Tab::Report => format!("breakbulk scan . --format {} --output {}", FORMATS[self.format].0, self.target()),
            Tab::Overview => "breakbulk scan . --format text".into(),
            _ => "breakbulk scan . --format json".into(),
        }
    }

    /// A key: typing where something is typed, otherwise an action. What it changed of the plan is saved at once.
    pub fn key(&mut self, key: KeyEvent) -> Option<Effect> {
        let before = self.unsaved;
        let effect = self.take(key);
        if self.unsaved > before { effect.or(Some(Effect::SavePlan { quit: false })) } else { effect }
    }

    fn take(&mut self, key: KeyEvent) -> Option<Effect> {
        let action = self.keys.action(key);
        self.toast = false;
        if matches!(action, Some(Action::ForceQuit)) {
            return Some(Effect::Quit);
        }
        match self.overlay.take() {
            None => action.and_then(|action| self.act(action)),
            Some(Overlay::Notes(top)) => {
                match action {
                    Some(Action::Down) => self.overlay = Some(Overlay::Notes(top + 1)),
                    Some(Action::Up) => self.overlay = Some(Overlay::Notes(top.saturating_sub(1))),
                    Some(Action::Quit) => return self.act(Action::Quit),
                    _ => {}
                }
                None
            }
            Some(Overlay::Quit) => match key.code {
                KeyCode::Char('s') => Some(Effect::SavePlan { quit: true }),
                KeyCode::Char('q') => Some(Effect::Quit),
                _ => None,
            },
            Some(Overlay::Overwrite) => {
                matches!(key.code, KeyCode::Char('y') | KeyCode::Enter).then_some(Effect::Write { overwrite: true })
            }
            Some(Overlay::Filter(mut input)) => {
                match key.code {
                    KeyCode::Esc => self.filters[self.tab].clear(),
                    KeyCode::Enter => {}
                    _ => {
                        input.key(key);
                        input.text().clone_into(&mut self.filters[self.tab]);
                        self.overlay = Some(Overlay::Filter(input));
                    }
                }
                self.refresh();
                None
            }
            Some(Overlay::Ask(ask, mut input)) => {
                match key.code {
                    KeyCode::Esc => {}
                    KeyCode::Enter => self.answer(ask, input.text().trim()),
                    _ => {
                        input.key(key);
                        self.overlay = Some(Overlay::Ask(ask, input));
                    }
                }
                None
            }
            Some(Overlay::Help(input, at)) => {
                let found =
                    help(&self.keys, self.current(), input.text()).into_iter().map(|(action, _)| action).collect();
                self.find(key, input, at, found, Overlay::Help)
            }
            Some(Overlay::Commands(input, at)) => {
                let found = commands(&self.keys, input.text());
                self.find(key, input, at, found, Overlay::Commands)
            }
        }
    }

    /// Does an action.
    pub fn act(&mut self, action: Action) -> Option<Effect> {
        let page =
            self.shown.pane(self.focus[self.tab]).map_or(10, |p| usize::from(p.inner.height).max(1)).cast_signed();
        match action {
            Action::Quit if self.unsaved > 0 => self.overlay = Some(Overlay::Quit),
            Action::Quit | Action::ForceQuit => return Some(Effect::Quit),
            Action::Suspend => return Some(Effect::Suspend),
            Action::Redraw => return Some(Effect::Redraw),
            Action::Escape if self.running.is_some() => return Some(Effect::Cancel),
            Action::Escape if !self.filters[self.tab].is_empty() && self.places.is_empty() => {
                self.filters[self.tab].clear();
                self.refresh();
            }
            Action::Escape | Action::Back => self.back(),
            Action::ToOverview => self.show(0),
            Action::ToFindings => self.show(1),
            Action::ToCoupling => self.show(2),
            Action::ToSplit => self.show(3),
            Action::ToPlan => self.show(4),
            Action::ToReport => self.show(5),
            Action::NextPane | Action::PreviousPane => self.focus[self.tab] = 1 - self.focus[self.tab],
            Action::Up => self.go(Motion::By(-1)),
            Action::Down => self.go(Motion::By(1)),
            Action::PageUp => self.go(Motion::By(-page)),
            Action::PageDown => self.go(Motion::By(page)),
            Action::HalfUp => self.go(Motion::By(-page / 2)),
            Action::HalfDown => self.go(Motion::By(page / 2)),
            Action::First => self.go(Motion::First),
            Action::Last => self.go(Motion::Last),
            Action::NextMatch => self.go(Motion::NextMatch),
            Action::PreviousMatch => self.go(Motion::PreviousMatch),
            Action::Left | Action::Right => self.sideways(action == Action::Right),
            Action::Open => return self.open(),
            Action::Filter => self.overlay = Some(Overlay::Filter(Input::new(&self.filters[self.tab]))),
            Action::Palette => self.overlay = Some(Overlay::Commands(Input::default(), 0)),
            Action::Help => self.overlay = Some(Overlay::Help(Input::default(), 0)),
            Action::Notes => {
                self.read = self.notes.len();
                self.overlay = Some(Overlay::Notes(0));
            }
            Action::Group | Action::Sort => {
                self.data.group = (self.data.group + 1) % findings::GROUPS.len();
                self.refresh();
            }
            Action::Which => self.toggle(|data| &mut data.doubtful),
            Action::Tests => self.toggle(|data| &mut data.tests),
            Action::Vendored => self.toggle(|data| &mut data.vendored),
            Action::Zoom => self.zoom = !self.zoom,
            Action::Mouse => {
                self.mouse = !self.mouse;
                self.say(if self.mouse { "mouse on" } else { "mouse off: the terminal selects text" });
                return Some(Effect::Mouse(self.mouse));
            }
            Action::Mark if self.current() == Tab::Report => self.choose(),
            Action::Mark => self.change(|(status, ..)| {
                *status = if *status == ItemStatus::Open { ItemStatus::Done } else { ItemStatus::Open }
            }),
            Action::Waive => self.ask(Ask::Reason),
            Action::Note if self.current() == Tab::Report => {
                self.overlay = Some(Overlay::Ask(Ask::File, Input::new(self.target())))
            }
            Action::Note => self.ask(Ask::Note),
            Action::Owner => self.ask(Ask::Owner),
            Action::Undo => self.turn(true),
            Action::Redo => self.turn(false),
            Action::Save if self.unsaved > 0 => return Some(Effect::SavePlan { quit: false }),
            Action::Save => self.say("the plan has no unsaved changes"),
            Action::Plan => match self.item().and_then(|item| findings::to_plan(&self.data, item)) {
                Some(go) if self.current() == Tab::Findings => self.follow(go),
                _ => self.show(4),
            },
            Action::Export if self.current() == Tab::Report => return Some(Effect::Write { overwrite: false }),
            Action::Export => self.show(5),
            Action::Editor => return self.with_place(Effect::Edit),
            Action::CopyPlace => return self.with_place(|path, line| Effect::Copy(format!("{path}:{line}"))),
            Action::CopyPath => return self.with_place(|path, _| Effect::CopyAbsolute(path)),
            Action::CopyCommand => return Some(Effect::Copy(self.command())),
        }
        None
    }

    /// File and lines of what is selected.
    #[must_use]
    pub fn place(&self) -> Option<(crate::facts::FileId, u32, u32)> {
        let item = self.item()?;
        if self.current() == Tab::Coupling { coupling::place(&self.data, &item.key, self.column) } else { item.place }
    }

    fn with_place(&mut self, make: impl FnOnce(String, u32) -> Effect) -> Option<Effect> {
        let found = self
            .place()
            .and_then(|(file, line, _)| Some((self.data.analysis.files.get(file.index())?.path.to_string(), line)));
        if found.is_none() {
            self.say("nothing selected here has a place in a file");
        }
        found.map(|(path, line)| make(path, line))
    }

    fn toggle(&mut self, which: impl FnOnce(&mut Data) -> &mut bool) {
        let flag = which(&mut self.data);
        *flag = !*flag;
        self.refresh();
    }

    /// Moves in the focused pane.
    pub fn go(&mut self, motion: Motion) {
        if self.focus[self.tab] == 0 {
            if self.lists[self.tab].go(motion) {
                self.scroll = 0;
            }
            return;
        }
        let (top, last) =
            self.shown.pane(1).map_or((0, 0), |p| (p.top, p.total.saturating_sub(usize::from(p.inner.height))));
        self.scroll = match motion {
            Motion::By(step) => top.saturating_add_signed(step).min(last),
            Motion::First => 0,
            Motion::Last => last,
            _ => top,
        };
    }

    fn sideways(&mut self, right: bool) {
        if self.current() == Tab::Coupling {
            self.column = if right { self.column + 1 } else { self.column.saturating_sub(1) };
            self.scroll = 0;
            self.refresh();
        } else if let Some(Go::Fold(group)) = self.item().map(|item| item.go.clone()) {
            if right {
                self.folded.remove(&group)
            } else {
                self.folded.insert(group)
            };
            self.refresh();
        }
    }

    fn open(&mut self) -> Option<Effect> {
        if self.current() == Tab::Report {
            if self.focus[5] == 0 && self.item().is_some_and(|item| item.stop) {
                self.choose();
            }
            return Some(Effect::Write { overwrite: false });
        }
        if self.focus[self.tab] == 1 {
            return self.with_place(Effect::Edit);
        }
        if let Some(go) = self.item().map(|item| item.go.clone()) {
            self.follow(go);
        }
        None
    }

    fn follow(&mut self, go: Go) {
        match go {
            Go::Detail => self.focus[self.tab] = 1,
            Go::Fold(group) => {
                if !self.folded.remove(&group) {
                    self.folded.insert(group);
                }
                self.refresh();
            }
            Go::Filter(tab, filter) => {
                self.push(tab);
                self.filters[self.tab] = filter;
                self.refresh();
                self.lists[self.tab].go(Motion::First);
                self.lists[self.tab].go(Motion::NextMatch);
            }
            Go::Row(tab, key) => {
                self.push(tab);
                self.filters[self.tab].clear();
                self.refresh();
                self.lists[self.tab].select(&key);
            }
        }
    }

    /// Remembers the place and what the screen to come showed, then goes there.
    fn push(&mut self, tab: Tab) {
        let to = tab as usize;
        self.places.push((self.tab, to, self.filters[to].clone(), self.lists[to].key()));
        self.show(to);
    }

    fn back(&mut self) {
        if self.zoom {
            self.zoom = false;
        } else if self.focus[self.tab] == 1 {
            self.focus[self.tab] = 0;
        } else if let Some((from, to, filter, key)) = self.places.pop() {
            self.filters[to] = filter;
            self.tab = to;
            self.refresh();
            self.lists[to].select(&key);
            self.show(from);
        }
    }

    /// Goes to a screen.
    pub fn show(&mut self, tab: usize) {
        if self.tab != tab {
            self.scroll = 0;
            self.zoom = false;
        }
        self.tab = tab.min(5);
        self.refresh();
    }

    fn choose(&mut self) {
        let Some(key) = self.item().map(|item| item.key.clone()) else { return };
        if let Some(at) = key.strip_prefix("format ").and_then(|at| at.parse::<usize>().ok()) {
            self.format = at.min(FORMATS.len() - 1);
        } else if key.starts_with("lang ") {
            self.german = key == "lang 1";
        }
        self.refresh();
    }
}
