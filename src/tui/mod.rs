//! The terminal program: one receive point, one state, one draw.

pub mod action;
pub mod app;
mod draw;
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

use crossterm::event::MouseEventKind;

use crate::analysis::{Analysis, Observer, Phase, Progress, Repository};
use crate::plan::Plan;
use app::{App, Effect, FORMATS, Overlay, Tab};
use event::{Event, Reader, Watcher};
use outside::{clipboard, editor};
use terminal::Screen;
pub use theme::Choice;
use theme::Theme;
use widgets::list::Motion;

/// Starts a scan and gives its result; runs on a thread of its own.
pub type Starter = Box<dyn FnOnce(Arc<dyn Observer + Send + Sync>) -> Arc<Analysis> + Send>;
/// Saves the plan; says where, or why not.
pub type SavePlan = Arc<dyn Fn(&Plan) -> Result<String, String> + Send + Sync>;
/// Makes a report: format (markdown, json, sarif, text), language (en, de).
pub type RenderReport = Arc<dyn Fn(&Analysis, &str, &str) -> String + Send + Sync>;
/// Writes a file: path, text, overwrite; says where, or why not.
pub type WriteFile = Arc<dyn Fn(&str, &str, bool) -> Result<String, String> + Send + Sync>;

/// How the program looks, and its ways out.
#[derive(Clone)]
pub struct Options {
    /// Colours.
    pub theme: Choice,
    /// No characters beyond ASCII.
    pub ascii: bool,
    /// Mouse reported from the start.
    pub mouse: bool,
    /// Called only after a person changed something and asked for it.
    pub save_plan: SavePlan,
    /// For preview and export.
    pub render_report: RenderReport,
    /// For export.
    pub write_file: WriteFile,
    /// Folder of the repository, where there is one: for the editor and absolute paths.
    pub root: Option<PathBuf>,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("theme", &self.theme).field("ascii", &self.ascii).finish_non_exhaustive()
    }
}

/// At most ten frames a second while results stream in.
const FRAME: Duration = Duration::from_millis(100);

/// Opens the screen, starts the scan, and returns when the person quits.
///
/// # Errors
/// When the terminal cannot be used.
pub fn run(source: Arc<dyn Repository>, start: Starter, options: Options) -> anyhow::Result<()> {
    let mut screen = Screen::enter(options.mouse)?;
    let (keys, problems) = keymap::Keymap::load(None);
    let mut app = App::new(keys, options.mouse);
    for problem in problems {
        app.say(problem);
    }
    app.data.analysis = Arc::new(Analysis { name: source.name(), ..Analysis::default() });
    app.running = Some(Progress { phase: Phase::Walk, done: 0, total: 0, elapsed: Duration::ZERO });
    app.refresh();
    let mut theme = Theme::named(if options.theme == Choice::Mono || no_colour() { "mono" } else { "dark" });
    paint(&mut screen, &mut app, &theme, options.ascii)?;

    let (events, inbox) = mpsc::channel();
    let stop = Arc::new(AtomicBool::new(false));
    let watcher = Arc::new(Watcher::new(events.clone(), Arc::clone(&stop)));
    let done = events.clone();
    thread::spawn(move || {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| start(watcher)));
        let _ = done.send(match result {
            Ok(analysis) => Event::Done(analysis),
            Err(_) => {
                Event::Failed("the scan ended by an error of this program; what was found so far is shown".to_owned())
            }
        });
    });
    if light(options.theme) && !no_colour() {
        theme = Theme::named("light");
    }
    let reader = Reader::start(events);

    let mut drawn = Instant::now();
    let mut dirty = true;
    loop {
        let event = if app.running.is_some() || dirty {
            match inbox.recv_timeout(FRAME.saturating_sub(drawn.elapsed())) {
                Ok(event) => event,
                Err(mpsc::RecvTimeoutError::Timeout) => Event::Tick,
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
        } else {
            match inbox.recv() {
                Ok(event) => event,
                Err(_) => break,
            }
        };
        let at_once = matches!(event, Event::Key(_) | Event::Mouse(_) | Event::Resize);
        dirty |= !matches!(event, Event::Tick);
        if let Some(effect) = receive(&mut app, event)
            && perform(effect, &mut app, &mut screen, &reader, &stop, &options)?
        {
            break;
        }
        if dirty && (at_once || drawn.elapsed() >= FRAME) {
            prepare(&mut app, &*source, &options);
            paint(&mut screen, &mut app, &theme, options.ascii)?;
            drawn = Instant::now();
            dirty = false;
        }
    }
    stop.store(true, Ordering::Relaxed);
    Ok(())
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

fn paint(screen: &mut Screen, app: &mut App, theme: &Theme, ascii: bool) -> anyhow::Result<()> {
    let mut shown = None;
    screen.draw(|frame| {
        shown = Some(draw::draw(app, theme, frame.buffer_mut()));
        if ascii {
            theme::to_ascii(frame.buffer_mut());
        }
    })?;
    app.shown = shown.unwrap_or_default();
    Ok(())
}

/// Changes the state by what happened.
fn receive(app: &mut App, event: Event) -> Option<Effect> {
    match event {
        Event::Key(key) => return app.key(key),
        Event::Mouse(mouse) => {
            let at = ratatui::layout::Position::new(mouse.column, mouse.row);
            let over = app.shown.panes.iter().find(|pane| pane.outer.contains(at)).copied();
            match mouse.kind {
                MouseEventKind::ScrollDown | MouseEventKind::ScrollUp => {
                    if let Some(pane) = over.filter(|pane| pane.pane < 2) {
                        app.focus[app.tab] = pane.pane;
                        app.go(Motion::By(if mouse.kind == MouseEventKind::ScrollDown { 3 } else { -3 }));
                    }
                }
                MouseEventKind::Down(_) if app.overlay.is_none() => {
                    if let Some((_, tab)) = app.shown.tabs.iter().find(|(area, _)| area.contains(at)) {
                        app.show(*tab as usize);
                    } else if let Some(pane) = over.filter(|pane| pane.pane < 2) {
                        app.focus[app.tab] = pane.pane;
                        let row = pane.top + usize::from(at.y.saturating_sub(pane.inner.y));
                        if pane.pane == 0 && pane.inner.contains(at) && row < pane.total {
                            app.go(Motion::To(row));
                        }
                    }
                }
                _ => {}
            }
        }
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

/// Reads and renders what the screen to be drawn needs.
fn prepare(app: &mut App, source: &dyn Repository, options: &Options) {
    if app.current() == Tab::Findings
        && let Some((id, from, to)) = app.place()
        && let Some(file) = app.data.analysis.files.get(id.index())
    {
        app.source.load(source, id, file, from, to);
    }
    render(app, options);
}

/// Makes the report for its preview, unless it is there already.
fn render(app: &mut App, options: &Options) {
    if app.current() == Tab::Report
        && app.report.as_ref().is_none_or(|(format, german, _)| (*format, *german) != (app.format, app.german))
    {
        let mut analysis = (*app.data.analysis).clone();
        analysis.plan = app.plan().clone();
        let text = (options.render_report)(&analysis, FORMATS[app.format].0, if app.german { "de" } else { "en" });
        app.report = Some((app.format, app.german, text));
    }
}

/// Does what reaches outside; true when the program shall end.
fn perform(
    effect: Effect,
    app: &mut App,
    screen: &mut Screen,
    reader: &Reader,
    stop: &AtomicBool,
    options: &Options,
) -> anyhow::Result<bool> {
    let absolute = |path: &str| {
        options.root.as_ref().map(|root| std::path::absolute(root.join(path)).unwrap_or_else(|_| root.join(path)))
    };
    match effect {
        Effect::Quit => return Ok(true),
        Effect::Redraw => screen.clear()?,
        Effect::Cancel => {
            stop.store(true, Ordering::Relaxed);
            app.say("stopping; what was found so far stays");
        }
        Effect::Mouse(on) => screen.mouse(on)?,
        Effect::Suspend => {
            reader.pause();
            let id = std::process::id().to_string();
            screen.without(|| std::process::Command::new("kill").args(["-TSTP", &id]).status())?.ok();
            reader.resume();
        }
        Effect::Edit(path, line) => match absolute(&path) {
            None => app.say("these files are inside the program: there is nothing to edit"),
            Some(file) => match editor::chosen().and_then(|setting| editor::call(&setting, &file, line)) {
                Err(why) => app.say(why),
                Ok(call) if call.window => call.run().unwrap_or_else(|why| app.say(why)),
                Ok(call) => {
                    reader.pause();
                    let result = screen.without(|| call.run())?;
                    reader.resume();
                    result.unwrap_or_else(|why| app.say(why));
                }
            },
        },
        Effect::Copy(text) => copy(app, screen, &text)?,
        Effect::CopyAbsolute(path) => {
            let text = absolute(&path).map_or(path, |path| path.display().to_string());
            copy(app, screen, &text)?;
        }
        Effect::SavePlan { quit } => match (options.save_plan)(app.plan()) {
            Ok(place) => {
                app.unsaved = 0;
                app.say(if options.root.is_some() { format!("saved: {place}") } else { place });
                return Ok(quit);
            }
            Err(why) => app.say(format!("not saved: {why}")),
        },
        Effect::Write { overwrite } => {
            render(app, options);
            let target = app.target().to_owned();
            if !overwrite && Path::new(&target).exists() {
                app.overlay = Some(Overlay::Overwrite);
            } else if let Some((.., text)) = &app.report {
                let result = (options.write_file)(&target, text, overwrite);
                app.say(result.map_or_else(|why| format!("not written: {why}"), |place| format!("written: {place}")));
            }
        }
    }
    Ok(false)
}

fn copy(app: &mut App, screen: &mut Screen, text: &str) -> anyhow::Result<()> {
    screen.raw(&clipboard::sequence(text, std::env::var_os("TMUX").is_some()))?;
    app.say(format!("copied through the terminal: {text}"));
    Ok(())
}
