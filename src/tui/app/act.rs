//! Actions, moving about, and the way back.

use super::super::action::Action;
use super::super::screens::matrix::{self, Which};
use super::super::screens::{Data, Go, Place, coupling, findings, split};
use super::super::widgets::input::Input;
use super::super::widgets::list::{Motion, Moves};
use super::{App, Ask, Effect, Overlay, Stay, Tab};
use crate::plan::ItemStatus;

impl App {
    /// Does an action.
    pub fn act(&mut self, action: Action) -> Option<Effect> {
        let page =
            self.shown.pane(self.focus[self.tab]).map_or(10, |p| usize::from(p.inner.height).max(1)).cast_signed();
        match action {
            Action::Quit if self.unsaved > 0 || self.data.trial.as_ref().is_some_and(|trial| trial.unsaved) => {
                self.overlay = Some(Overlay::Quit)
            }
            Action::Quit | Action::ForceQuit => return Some(Effect::Quit),
            Action::Suspend => return Some(Effect::Suspend),
            Action::Redraw => return Some(Effect::Redraw),
            Action::Escape if self.running.is_some() => return Some(Effect::Cancel),
            Action::Escape if !self.filters[self.tab].is_empty() && self.places.is_empty() => {
                self.filters[self.tab].clear();
                self.refresh();
            }
            Action::Back if self.current() == Tab::Coupling && self.fold_row() => {}
            Action::Escape | Action::Back if self.current() == Tab::Split && self.leave_trial() => {}
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
            Action::Expand => self.unfold_row(),
            Action::Open => return self.open(),
            Action::Filter => self.overlay = Some(Overlay::Filter(Input::new(&self.filters[self.tab]), None)),
            Action::Palette => self.overlay = Some(Overlay::Commands(Input::default(), 0)),
            Action::Help => self.overlay = Some(Overlay::Help(Input::default(), 0)),
            Action::Notes => {
                self.read = self.notes.len();
                self.overlay = Some(Overlay::Notes(0));
            }
            Action::Group => self.group((self.data.group + 1) % findings::GROUPS.len()),
            Action::GroupModule => self.group(0),
            Action::GroupKind => self.group(1),
            Action::GroupRule => self.group(2),
            Action::GroupPath => self.group(3),
            Action::GroupPrinciple => self.group(4),
            Action::GroupCandidate => self.group(5),
            Action::GroupNone => self.group(6),
            Action::Sort => self.sort(),
            Action::WhichDoubtful => self.toggle("findings of low confidence", |data| &mut data.doubtful),
            Action::Tests => self.toggle("tests", |data| &mut data.tests),
            Action::Vendored => self.toggle("vendored, build and documentation files", |data| &mut data.vendored),
            Action::WhichAll => self.edges(Which::All),
            Action::WhichImport => self.edges(Which::Import),
            Action::WhichCall => self.edges(Which::Call),
            Action::WhichInherit => self.edges(Which::Inherit),
            Action::WhichTable => self.edges(Which::Table),
            Action::WhichGit => self.edges(Which::Git),
            Action::Zoom => self.zoom = !self.zoom,
            Action::Mouse => {
                self.mouse = !self.mouse;
                self.say(if self.mouse { "mouse on" } else { "mouse off: the terminal selects text" });
                return Some(Effect::Mouse(self.mouse));
            }
            Action::Mark if self.current() == Tab::Report => self.choose(),
            Action::Mark if self.current() == Tab::Split => self.mark(),
            Action::MoveTo => self.move_to(),
            Action::NewPart => self.new_part(),
            Action::BreakUp => self.break_up(),
            Action::Pin => self.pin(),
            Action::Load | Action::Compare if !self.can_try() => {}
            Action::Load | Action::Compare => {
                return Some(Effect::Alternatives { compare: action == Action::Compare });
            }
            Action::Waive if self.current() == Tab::Split => self.take_out(),
            Action::Note if self.current() == Tab::Split => self.ask_name(Ask::Rename),
            Action::Save if self.current() == Tab::Split => self.ask_name(Ask::Alternative),
            Action::Plan if self.current() == Tab::Split && self.data.trial.is_some() => return self.plan_of_trial(),
            Action::Mark if self.step().is_none() => self.say("space checks off a step of the plan (5)"),
            Action::Mark => self.change(|(status, ..)| {
                *status = if *status == ItemStatus::Open { ItemStatus::Done } else { ItemStatus::Open }
            }),
            Action::Ignore => self.ask(Ask::Ignore),
            Action::Waive => self.ask(Ask::Reason),
            Action::Note if self.current() == Tab::Report => {
                self.overlay = Some(Overlay::Ask(Ask::File, Input::new(self.target())))
            }
            Action::Note => self.ask(Ask::Note),
            Action::Owner => self.ask(Ask::Owner),
            Action::StepUp | Action::StepDown => self.move_step(action == Action::StepDown),
            Action::Undo => return self.turn(true),
            Action::Redo => return self.turn(false),
            Action::Save if self.unsaved > 0 => return Some(Effect::SavePlan { quit: false }),
            Action::Save => self.say("the plan has no unsaved changes"),
            Action::Plan => match self.item().and_then(|item| findings::to_plan(&self.data, item)) {
                Some(go) if self.current() == Tab::Findings => return self.follow(go),
                _ => self.show(4),
            },
            Action::Export if self.current() == Tab::Report => return Some(Effect::Write { overwrite: false }),
            Action::Export => self.show(5),
            Action::Rescan | Action::Sample if self.running.is_some() => self.say("a scan is running; esc stops it"),
            Action::Rescan => return Some(Effect::Scan { sample: false }),
            Action::Sample => return Some(Effect::Scan { sample: true }),
            Action::Formula => self.overlay = Some(Overlay::Formula(0)),
            Action::Difference => match &self.since {
                Some(_) => self.overlay = Some(Overlay::Since(0)),
                None => self.say("there is no earlier scan of this repository to compare with"),
            },
            Action::Editor => return self.with_place(Effect::Edit),
            Action::CopyPlace => return self.with_place(|path, line| Effect::Copy(format!("{path}:{line}"))),
            Action::CopyPath => return self.with_place(|path, _| Effect::CopyAbsolute(path)),
            Action::CopyCommand => return Some(Effect::Copy(self.command())),
        }
        None
    }

    /// Remembers what the palette offers first.
    pub(super) fn run(&mut self, action: Action) -> Option<Effect> {
        self.recent.retain(|old| *old != action);
        self.recent.insert(0, action);
        self.recent.truncate(5);
        self.act(action)
    }

    fn group(&mut self, group: usize) {
        self.data.group = group;
        if self.current() != Tab::Findings {
            self.show(1);
        }
        self.refresh();
        self.say(format!("findings by {}", findings::GROUPS[group]));
    }

    fn sort(&mut self) {
        let orders: &[&str] = match self.current() {
            Tab::Findings => &findings::ORDERS,
            Tab::Coupling => &matrix::ORDERS,
            Tab::Split => &split::ORDERS,
            _ => return self.say("this screen has one order"),
        };
        let order = &mut self.data.order[self.tab];
        *order = (*order + 1) % orders.len();
        let name = orders[*order];
        self.refresh();
        self.say(format!("order: {name}"));
    }

    fn edges(&mut self, which: Which) {
        self.data.edges = which;
        if self.current() != Tab::Coupling {
            self.show(2);
        }
        self.refresh();
        self.say(format!("the matrix counts {}", which.words().0));
    }

    /// The place of the cursor in the detail, or of the selected row.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        if self.focus[self.tab] == 1
            && self.walks()
            && let Some(place) = self.detail().get(self.cursor).and_then(|paragraph| paragraph.place)
        {
            return Some(place);
        }
        let item = self.item()?;
        if self.current() == Tab::Coupling {
            coupling::place(&self.data, &item.key, self.column).or(item.place)
        } else {
            item.place
        }
    }

    pub(super) fn with_place(&mut self, make: impl FnOnce(String, u32) -> Effect) -> Option<Effect> {
        let found = self.place().and_then(|place| self.named(place));
        if found.is_none() {
            self.say("nothing selected here has a place in a file");
        }
        found.map(|(path, line)| make(path, line))
    }

    fn named(&self, (file, line, _): Place) -> Option<(String, u32)> {
        Some((self.data.analysis.files.get(file.index())?.path.to_string(), line))
    }

    fn toggle(&mut self, name: &str, which: impl FnOnce(&mut Data) -> &mut bool) {
        let flag = which(&mut self.data);
        *flag = !*flag;
        let state = if *flag { "shown" } else { "hidden" };
        self.refresh();
        self.say(format!("{name}: {state}"));
    }

    /// Moves in the focused pane.
    pub fn go(&mut self, motion: Motion) {
        if self.focus[self.tab] == 0 {
            if self.lists[self.tab].go(motion) {
                (self.scroll, self.cursor) = (0, 0);
            }
            return;
        }
        if self.walks() {
            let last = self.detail().len().saturating_sub(1);
            self.cursor = match motion {
                Motion::By(step) => self.cursor.saturating_add_signed(step).min(last),
                Motion::First => 0,
                Motion::Last => last,
                Motion::To(line) => line.min(last),
                Motion::NextMatch | Motion::PreviousMatch => {
                    let next =
                        |at: &usize| if motion == Motion::NextMatch { *at > self.cursor } else { *at < self.cursor };
                    let detail = self.detail();
                    let mut places = (0..detail.len()).filter(|at| detail[*at].place.is_some()).filter(next);
                    let found = if motion == Motion::NextMatch { places.next() } else { places.next_back() };
                    found.unwrap_or(self.cursor)
                }
            };
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

    /// The wheel over a pane: what it shows moves, what is selected stays.
    pub fn wheel(&mut self, pane: usize, lines: isize) {
        let Some(shown) = self.shown.pane(pane).copied() else { return };
        let last = shown.total.saturating_sub(usize::from(shown.inner.height));
        match pane {
            0 => {
                self.tops[self.tab] = shown.top.saturating_add_signed(lines).min(last);
                self.loose = true;
            }
            1 if self.walks() => {
                self.focus[self.tab] = 1;
                self.go(Motion::By(lines.signum()));
            }
            1 => {
                self.focus[self.tab] = 1;
                self.scroll = shown.top.saturating_add_signed(lines).min(last);
            }
            _ => {}
        }
    }

    fn sideways(&mut self, right: bool) {
        if self.current() == Tab::Split {
            self.unfold_part(right);
        } else if self.current() == Tab::Coupling {
            let last = self.data.matrix.nodes.len().saturating_sub(1);
            self.column = if right { (self.column + 1).min(last) } else { self.column.saturating_sub(1) };
            (self.scroll, self.cursor) = (0, 0);
        } else if let Some(Go::Fold(group)) = self.item().map(|item| item.go.clone()) {
            // Kinds of facts are closed at first: for them the set says what is open.
            if right != group.starts_with("# inventory ") {
                self.data.folded.remove(&group)
            } else {
                self.data.folded.insert(group)
            };
            self.refresh();
        } else if !right {
            // From a row inside a group to its heading, as trees do.
            let list = &self.lists[self.tab];
            let rows = list.rows().get(..list.index()).unwrap_or_default();
            if let Some(at) = rows.iter().rposition(|row| matches!(row.go, Go::Fold(_))) {
                self.go(Motion::To(at));
            }
        }
    }

    /// Unfolds the selected row: of the matrix by one level, elsewhere its group.
    fn unfold_row(&mut self) {
        if self.current() != Tab::Coupling {
            return self.sideways(true);
        }
        let Some(node) = self.item().and_then(|item| self.data.matrix.position(&item.key)) else { return };
        let node = &self.data.matrix.nodes[node];
        if node.file.is_some() || node.files == 0 {
            return self.say("a file is the last level");
        }
        let key = node.key.clone();
        self.data.opened.insert(key.clone());
        self.refresh();
        let first = self.data.matrix.nodes.iter().find(|node| node.parent.as_ref() == Some(&key));
        if let Some(first) = first.map(|node| node.key.clone()) {
            self.lists[self.tab].select(&first);
        }
    }

    /// Folds what the selected row of the matrix belongs to; false when it is a module.
    fn fold_row(&mut self) -> bool {
        let Some(at) = self.item().and_then(|item| self.data.matrix.position(&item.key)) else { return false };
        let Some(parent) = self.data.matrix.nodes[at].parent.clone() else { return false };
        self.data.opened.remove(&parent);
        self.refresh();
        self.lists[self.tab].select(&parent);
        true
    }

    fn open(&mut self) -> Option<Effect> {
        if self.current() == Tab::Report {
            // Enter on a format or language chooses it and writes; a part is only switched by space.
            if self.focus[5] == 0 && self.item().is_some_and(|item| item.stop && !item.key.starts_with("part ")) {
                self.choose();
            }
            return Some(Effect::Write { overwrite: false });
        }
        if self.focus[self.tab] == 1 {
            return match self.place() {
                Some(place) if self.walks() => {
                    self.overlay = Some(Overlay::Peek(place, None));
                    None
                }
                _ => self.with_place(Effect::Edit),
            };
        }
        self.item().map(|item| item.go.clone()).and_then(|go| self.follow(go))
    }

    pub(super) fn peek_key(&mut self, action: Option<Action>, place: Place, top: Option<usize>) -> Option<Effect> {
        let (now, last, page) = self.shown.pane(9).map_or((0, 0, 10), |p| {
            (p.top, p.total.saturating_sub(usize::from(p.inner.height)), usize::from(p.inner.height))
        });
        let now = top.unwrap_or(now);
        let to = match action {
            Some(Action::Down) => now + 1,
            Some(Action::Up) => now.saturating_sub(1),
            Some(Action::PageDown) => now + page,
            Some(Action::PageUp) => now.saturating_sub(page),
            Some(Action::HalfDown) => now + page / 2,
            Some(Action::HalfUp) => now.saturating_sub(page / 2),
            Some(Action::First) => 0,
            Some(Action::Last) => last,
            Some(Action::Open | Action::Editor) => {
                let named = self.named(place);
                self.overlay = Some(Overlay::Peek(place, top));
                return named.map(|(path, line)| Effect::Edit(path, line));
            }
            Some(Action::CopyPlace) => {
                let named = self.named(place);
                self.overlay = Some(Overlay::Peek(place, top));
                return named.map(|(path, line)| Effect::Copy(format!("{path}:{line}")));
            }
            Some(Action::Quit) => return self.act(Action::Quit),
            _ => return None,
        };
        self.overlay = Some(Overlay::Peek(place, Some(to.min(last))));
        None
    }

    pub(super) fn follow(&mut self, go: Go) -> Option<Effect> {
        match go {
            Go::Detail => {
                self.focus[self.tab] = 1;
                let detail = self.detail();
                self.cursor = detail.iter().position(|paragraph| paragraph.place.is_some()).unwrap_or(0);
            }
            Go::Source => {
                if let Some(place) = self.place() {
                    self.overlay = Some(Overlay::Peek(place, None));
                }
            }
            Go::Sample => return self.act(Action::Sample),
            Go::Fold(group) => {
                if !self.data.folded.remove(&group) {
                    self.data.folded.insert(group);
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
                self.data.folded.clear();
                self.refresh();
                self.lists[self.tab].select(&key);
            }
        }
        None
    }

    /// Remembers the place and what the screen to come showed, then goes there.
    fn push(&mut self, tab: Tab) {
        let to = tab as usize;
        self.places.push(Stay {
            from: self.tab,
            focus: self.focus[self.tab],
            scroll: self.scroll,
            cursor: self.cursor,
            to,
            filter: self.filters[to].clone(),
            key: self.lists[to].key(),
            top: self.tops[to],
        });
        self.show(to);
        self.focus[to] = 0;
    }

    fn back(&mut self) {
        if self.zoom {
            self.zoom = false;
        } else if self.focus[self.tab] == 1 {
            self.focus[self.tab] = 0;
        } else if let Some(stay) = self.places.pop() {
            let to = stay.to;
            self.filters[to] = stay.filter;
            self.tab = to;
            self.refresh();
            self.lists[to].select(&stay.key);
            self.tops[to] = stay.top;
            self.show(stay.from);
            self.focus[stay.from] = stay.focus;
            (self.scroll, self.cursor) = (stay.scroll, stay.cursor);
        }
    }

    /// Goes to a screen.
    pub fn show(&mut self, tab: usize) {
        if self.tab != tab {
            (self.scroll, self.cursor) = (0, 0);
            self.zoom = false;
        }
        self.tab = tab.min(5);
        self.refresh();
    }
}
