//! The terminal program: one receive point, one state, one draw.

pub mod action;
pub mod app;
pub mod draw;
mod event;
pub mod filter;
pub mod keymap;
mod outside;
mod screens;
mod terminal;
pub mod theme;
mod widgets;

#[cfg(test)]
mod tests;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent, MouseEventKind};

use crate::analysis::{Analysis, Observer, Phase, Progress, Repository};
use crate::plan::Plan;
use app::{App, Effect, FORMATS, Overlay, Tab};
use event::{Event, Reader, Watcher};
use outside::{clipboard, editor};
use terminal::Screen;
pub use theme::Choice;
use theme::Theme;
use widgets::list::Motion;

/// Runs a scan and gives its result; called on a thread of its own, again for each scan.
pub type Starter = Arc<dyn Fn(Arc<dyn Observer + Send + Sync>) -> Arc<Analysis> + Send + Sync>;
/// Saves the plan; says where, or why not.
pub type SavePlan = Arc<dyn Fn(&Plan) -> Result<String, String> + Send + Sync>;
/// Writes a suppression into the settings of the repository, or takes it out again (false): id of the finding, its file,
/// the reason. Says where, or why not.
pub type Suppress = Arc<dyn Fn(&str, &str, &str, bool) -> Result<String, String> + Send + Sync>;
/// Reads the saved alternatives of the repository: name, and the division or why it cannot be read.
pub type ReadAlternatives = Arc<dyn Fn() -> Result<app::Alternatives, String> + Send + Sync>;
/// Saves an alternative: name, text, overwrite. Says where; nothing where there is one of this name already.
pub type SaveAlternative = Arc<dyn Fn(&str, &str, bool) -> Result<Option<String>, String> + Send + Sync>;
/// Makes the plan of a result anew, by the settings and the saved plan of the repository.
pub type Replan = Arc<dyn Fn(&mut Analysis) -> Result<(), String> + Send + Sync>;
/// Makes a report: format (markdown, json, sarif, text), language (en, de).
pub type RenderReport = Arc<dyn Fn(&Analysis, &str, &str) -> String + Send + Sync>;
/// Writes a file: path, text, overwrite; says where, or why not.
pub type WriteFile = Arc<dyn Fn(&str, &str, bool) -> Result<String, String> + Send + Sync>;
/// What was remembered of the repository under a name, in the person's own state folder.
pub type Recall = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;
/// Remembers a text under a name; that it cannot be kept is no reason to disturb anybody.
pub type Remember = Arc<dyn Fn(&str, &str) + Send + Sync>;

/// One repository and what may be done with it.
#[derive(Clone)]
pub struct Project {
    /// Its files.
    pub source: Arc<dyn Repository>,
    /// Scans it.
    pub start: Starter,
    /// Called only after a person changed something.
    pub save_plan: SavePlan,
    /// Called only when a person sets a finding aside.
    pub suppress: Suppress,
    /// Called only when a person asks for the alternatives.
    pub alternatives: ReadAlternatives,
    /// Called only when a person saves an alternative.
    pub save_alternative: SaveAlternative,
    /// Called when a person asks for the plan of another division.
    pub replan: Replan,
    /// Folder of the repository, where there is one: for the editor and absolute paths.
    pub root: Option<PathBuf>,
    /// As the person named it, for commands: `.`, `path/to/monolith`; empty for the built-in sample.
    pub path: String,
    /// The last session and scan.
    pub recall: Recall,
    /// Keeps this session and scan.
    pub remember: Remember,
}

/// How the program looks, and its ways out.
#[derive(Clone)]
pub struct Options {
    /// Colours.
    pub theme: Choice,
    /// No characters beyond ASCII.
    pub ascii: bool,
    /// Mouse reported from the start.
    pub mouse: bool,
    /// A person's own keys: name of the file, text.
    pub keys: Option<(String, String)>,
    /// For preview and export.
    pub render_report: RenderReport,
    /// For export.
    pub write_file: WriteFile,
    /// The built-in sample project.
    pub sample: Project,
    /// Where an error of the program itself is written, for whoever mends it.
    pub crash: Option<PathBuf>,
    /// Begin with the guided tour: German or not.
    pub tour: Option<bool>,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("theme", &self.theme).field("ascii", &self.ascii).finish_non_exhaustive()
    }
}

impl fmt::Debug for Project {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Project").field("root", &self.root).field("path", &self.path).finish_non_exhaustive()
    }
}

/// At most ten frames a second while results stream in.
const FRAME: Duration = Duration::from_millis(100);

/// After this time the keys that may follow a first one are shown.
const HINTS: Duration = Duration::from_millis(200);
/// Names under which things are remembered.
const SESSION: &str = "session.toml";
const FINDINGS: &str = "findings.tsv";

/// The running program: what the loop needs beside the state.
struct Program<'a> {
    screen: Screen,
    project: Project,
    options: &'a Options,
    events: mpsc::Sender<Event>,
    stop: Arc<AtomicBool>,
    reader: Option<Reader>,
}

/// Opens the screen, starts the scan, and returns when the person quits.
///
/// # Errors
/// When the terminal cannot be used.
pub fn run(project: Project, options: &Options) -> anyhow::Result<()> {
    let screen = Screen::enter(options.mouse, options.crash.clone())?;
    let own = options.keys.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
    let (keys, problems) = keymap::Keymap::load(own);
    let mut app = App::new(keys, options.mouse);
    for problem in problems {
        app.say(problem);
    }
    if let Some(text) = (project.recall)(SESSION) {
        app.resume(&text);
    }
    if let Some(german) = options.tour {
        match app::Tour::load(german) {
            Ok(tour) => app.guide(tour),
            Err(why) => app.say(why),
        }
    }
    let (events, inbox) = mpsc::channel();
    let stop = Arc::new(AtomicBool::new(false));
    let mut program = Program { screen, project, options, events, stop, reader: None };
    program.introduce(&mut app);
    let mut theme = Theme::named(if options.theme == Choice::Mono || no_colour() { "mono" } else { "dark" });
    program.paint(&mut app, &theme)?;
    program.scan();
    if light(options.theme) && !no_colour() {
        theme = Theme::named("light");
    }
    program.reader = Some(Reader::start(program.events.clone()));
    program.serve(&mut app, &theme, &inbox)?;
    program.stop.store(true, Ordering::Relaxed);
    (program.project.remember)(SESSION, &app.session());
    Ok(())
}

impl Program<'_> {
    /// An empty result with the repository's name, until there is one.
    fn introduce(&self, app: &mut App) {
        app.path.clone_from(&self.project.path);
        let name = self.project.source.name();
        app.running = Some(Progress { phase: Phase::Walk, done: 0, total: 0, elapsed: Duration::ZERO });
        app.receive(Arc::new(Analysis { name, ..Analysis::default() }));
    }

    /// Starts a scan on a thread of its own.
    fn scan(&mut self) {
        self.stop = Arc::new(AtomicBool::new(false));
        let watcher = Arc::new(Watcher::new(self.events.clone(), Arc::clone(&self.stop)));
        let (done, start) = (self.events.clone(), Arc::clone(&self.project.start));
        thread::spawn(move || {
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| start(watcher)));
            let _ = done.send(match result {
                Ok(analysis) => Event::Done(analysis),
                Err(_) => Event::Failed(
                    "the scan ended by an error of this program; what was found so far is shown".to_owned(),
                ),
            });
        });
    }

    /// Receives, changes the state, draws, until the person quits.
    fn serve(&mut self, app: &mut App, theme: &Theme, inbox: &mpsc::Receiver<Event>) -> anyhow::Result<()> {
        let mut drawn = Instant::now();
        let mut dirty = true;
        loop {
            let waiting = !app.pending.is_empty() && !app.hints;
            let event = if app.running.is_some() || dirty || waiting {
                let time = if waiting { HINTS } else { FRAME.saturating_sub(drawn.elapsed()) };
                match inbox.recv_timeout(time) {
                    Ok(event) => event,
                    Err(mpsc::RecvTimeoutError::Timeout) => Event::Tick,
                    Err(mpsc::RecvTimeoutError::Disconnected) => return Ok(()),
                }
            } else {
                match inbox.recv() {
                    Ok(event) => event,
                    Err(_) => return Ok(()),
                }
            };
            let ended = matches!(event, Event::Done(_));
            let at_once = matches!(event, Event::Key(_) | Event::Mouse(_) | Event::Resize);
            if matches!(event, Event::Tick) {
                // The time for hints is over; nothing else changes by time alone.
                dirty |= waiting;
                app.hints |= waiting;
            } else {
                dirty = true;
            }
            if let Some(effect) = receive(app, event)
                && self.perform(effect, app)?
            {
                return Ok(());
            }
            if ended {
                self.compare(app);
            }
            if dirty && (at_once || waiting || drawn.elapsed() >= FRAME) {
                self.prepare(app);
                self.paint(app, theme)?;
                drawn = Instant::now();
                dirty = false;
            }
        }
    }

    /// Compares a whole result with the last one of this repository, and keeps it for the next time.
    fn compare(&self, app: &mut App) {
        if !app.data.analysis.complete {
            return;
        }
        if let Some(before) = (self.project.recall)(FINDINGS) {
            let since = app::Since::compare(&before, &app.data.analysis);
            if since.new + since.gone > 0 {
                app.say(format!("since the last scan: {} new, {} gone (d shows them)", since.new, since.gone));
            }
            app.since = Some(since);
        }
        (self.project.remember)(FINDINGS, &app::remember(&app.data.analysis));
    }

    fn paint(&mut self, app: &mut App, theme: &Theme) -> anyhow::Result<()> {
        let mut shown = None;
        let ascii = self.options.ascii;
        self.screen.draw(|frame| {
            shown = Some(draw::draw(app, theme, frame.buffer_mut()));
            if ascii {
                theme::to_ascii(frame.buffer_mut());
            }
        })?;
        app.seen(shown.unwrap_or_default());
        Ok(())
    }

    /// Reads and renders what the screen to be drawn needs.
    fn prepare(&self, app: &mut App) {
        let place = match &app.overlay {
            Some(Overlay::Peek(place, _)) => Some(*place),
            _ if app.current() == Tab::Findings => app.item().and_then(|item| item.place),
            _ => None,
        };
        if let Some(place) = place
            && let Some(file) = app.data.analysis.files.get(place.0.index())
        {
            app.source.load(&*self.project.source, file, place, app.data.matched(place));
        }
        self.render(app);
    }

    /// Makes the report for its preview, unless it is there already.
    fn render(&self, app: &mut App) {
        if app.current() == Tab::Report
            && app.report.as_ref().is_none_or(|(format, german, _)| (*format, *german) != (app.format, app.german))
        {
            let mut analysis = (*app.data.analysis).clone();
            analysis.plan = app.plan().clone();
            let lang = if app.german { "de" } else { "en" };
            let text = (self.options.render_report)(&analysis, FORMATS[app.format].0, lang);
            app.report = Some((app.format, app.german, text));
            // The parts of the report are among the choices.
            app.refresh();
        }
    }

    fn absolute(&self, path: &str) -> Option<PathBuf> {
        let root = self.project.root.as_ref()?;
        Some(std::path::absolute(root.join(path)).unwrap_or_else(|_| root.join(path)))
    }

    /// Gives the terminal to `meanwhile`.
    fn without<T>(&mut self, meanwhile: impl FnOnce() -> T) -> anyhow::Result<T> {
        if let Some(reader) = &self.reader {
            reader.pause();
        }
        let result = self.screen.without(meanwhile)?;
        if let Some(reader) = &self.reader {
            reader.resume();
        }
        Ok(result)
    }

    /// Does what reaches outside; true when the program shall end.
    fn perform(&mut self, effect: Effect, app: &mut App) -> anyhow::Result<bool> {
        match effect {
            Effect::Quit => return Ok(true),
            Effect::Redraw => {
                // For the test that an error of this program leaves the terminal as it was.
                #[cfg(debug_assertions)]
                assert!(std::env::var_os("BREAKBULK_FAIL_ON_REDRAW").is_none(), "asked to fail");
                self.screen.clear()?;
            }
            Effect::Cancel => {
                self.stop.store(true, Ordering::Relaxed);
                app.say("stopping; what was found so far stays");
            }
            Effect::Mouse(on) => self.screen.mouse(on)?,
            Effect::Suspend => {
                let id = std::process::id().to_string();
                self.without(|| std::process::Command::new("kill").args(["-TSTP", &id]).status())?.ok();
            }
            Effect::Scan { sample } => {
                if sample {
                    self.project = self.options.sample.clone();
                    app.forget();
                }
                self.introduce(app);
                self.scan();
            }
            Effect::Ignore(ignored, aside) => {
                match (self.project.suppress)(&ignored.id, &ignored.path, &ignored.reason, aside) {
                    Ok(place) => app.say(place),
                    Err(why) => {
                        app.set_aside(&ignored, !aside);
                        app.say(format!("not changed: {why}"));
                    }
                }
            }
            Effect::Alternatives { compare } => match (self.project.alternatives)() {
                Ok(found) => app.alternatives_read(found, compare),
                Err(why) => app.say(why),
            },
            Effect::SaveAlternative { name, text, overwrite } => {
                match (self.project.save_alternative)(&name, &text, overwrite) {
                    Ok(Some(place)) => {
                        app.saved_as(&name);
                        app.say(place);
                    }
                    Ok(None) => app.overlay = Some(Overlay::Replace(name)),
                    Err(why) => app.say(format!("not saved: {why}")),
                }
            }
            Effect::Replan(mut analysis) => match (self.project.replan)(&mut analysis) {
                Ok(()) => app.planned(*analysis),
                Err(why) => app.say(format!("no plan of it: {why}")),
            },
            Effect::Edit(path, line) => match self.absolute(&path) {
                None => app.say("these files are inside the program: there is nothing to edit"),
                Some(file) => match editor::chosen().and_then(|setting| editor::call(&setting, &file, line)) {
                    Err(why) => app.say(why),
                    Ok(call) if call.window => call.run().unwrap_or_else(|why| app.say(why)),
                    Ok(call) => self.without(|| call.run())?.unwrap_or_else(|why| app.say(why)),
                },
            },
            Effect::Copy(text) => self.copy(app, &text)?,
            Effect::CopyAbsolute(path) => {
                let text = self.absolute(&path).map_or(path, |path| path.display().to_string());
                self.copy(app, &text)?;
            }
            Effect::SavePlan { quit } => match (self.project.save_plan)(app.plan()) {
                Ok(place) => {
                    app.unsaved = 0;
                    app.say(place);
                    return Ok(quit);
                }
                Err(why) => app.say(format!("not saved: {why}")),
            },
            Effect::Write { overwrite } => {
                self.render(app);
                let target = app.target().to_owned();
                if !overwrite && Path::new(&target).exists() {
                    app.overlay = Some(Overlay::Overwrite);
                } else {
                    let result = (self.options.write_file)(&target, &app.written(), overwrite);
                    app.say(result.unwrap_or_else(|why| format!("not written: {why}")));
                }
            }
        }
        Ok(false)
    }

    fn copy(&mut self, app: &mut App, text: &str) -> anyhow::Result<()> {
        self.screen.raw(&clipboard::sequence(text, std::env::var_os("TMUX").is_some()))?;
        let way = match clipboard::local(text) {
            Some(tool) => format!("through the terminal and {tool}"),
            None => "through the terminal".to_owned(),
        };
        app.say(format!("copied {way}: {text}"));
        Ok(())
    }
}

fn no_colour() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// True for a light theme; asks the terminal when nobody chose.
fn light(choice: Choice) -> bool {
    if choice != Choice::Auto {
        return choice == Choice::Light;
    }
    let mut query = terminal_colorsaurus::QueryOptions::default();
    query.timeout = FRAME;
    matches!(terminal_colorsaurus::theme_mode(query), Ok(terminal_colorsaurus::ThemeMode::Light))
}

/// Changes the state by what happened.
fn receive(app: &mut App, event: Event) -> Option<Effect> {
    match event {
        Event::Key(key) => return app.key(key),
        Event::Mouse(mouse) => return point(app, mouse),
        Event::Resize | Event::Tick => {}
        Event::Progress(progress) => {
            if app.running.is_some() {
                app.running = Some(progress);
            }
        }
        Event::Partial(analysis) => {
            if app.running.is_some() {
                app.receive(analysis);
            }
        }
        Event::Done(analysis) => {
            app.took = app.running.as_ref().map(|p| p.elapsed).filter(|elapsed| !elapsed.is_zero());
            app.running = None;
            app.receive(analysis);
        }
        Event::Failed(why) => {
            app.running = None;
            app.say(why);
        }
    }
    None
}

/// The mouse: the wheel moves what is under it, a click selects, a second one on the same row opens.
fn point(app: &mut App, mouse: MouseEvent) -> Option<Effect> {
    let at = ratatui::layout::Position::new(mouse.column, mouse.row);
    let over = app.shown.panes.iter().rev().find(|pane| pane.outer.contains(at)).copied();
    match mouse.kind {
        MouseEventKind::ScrollDown | MouseEventKind::ScrollUp => {
            let down = mouse.kind == MouseEventKind::ScrollDown;
            if app.overlay.is_some() {
                let code = if down { KeyCode::Down } else { KeyCode::Up };
                return app.key(KeyEvent::new(code, KeyModifiers::NONE));
            }
            app.wheel(over?.pane, if down { 3 } else { -3 });
        }
        MouseEventKind::Down(_) if app.overlay.is_none() => {
            app.toast = false;
            if let Some((_, tab)) = app.shown.tabs.iter().find(|(area, _)| area.contains(at)) {
                app.show(*tab as usize);
                return None;
            }
            let pane = over.filter(|pane| pane.pane < 2)?;
            app.focus[app.tab] = pane.pane;
            let row = pane.top + usize::from(at.y.saturating_sub(pane.inner.y));
            if pane.pane == 0 && pane.inner.contains(at) && row < pane.total {
                if app.lists[app.tab].index() == row {
                    return app.act(action::Action::Open);
                }
                app.go(Motion::To(row));
            }
        }
        _ => {}
    }
    None
}
