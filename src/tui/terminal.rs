//! The terminal: entered, left, and restored whatever happens.

use std::backtrace::Backtrace;
use std::fs;
use std::io::{self, Stdout, Write};
use std::panic;
use std::path::{Path, PathBuf};
use std::thread;

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableMouseCapture};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::Frame;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

/// The alternate screen in raw mode; left again when dropped.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
    mouse: bool,
}

impl Screen {
    /// Takes the terminal over. An error of the program itself is written to `crash`, and its name is said.
    ///
    /// # Errors
    /// When the terminal refuses.
    pub fn enter(mouse: bool, crash: Option<PathBuf>) -> io::Result<Screen> {
        restore_on_panic(crash);
        take(mouse)?;
        let terminal = Terminal::new(CrosstermBackend::new(io::stdout()))?;
        Ok(Screen { terminal, mouse })
    }

    /// Draws one frame as one synchronized update, changed cells only.
    ///
    /// # Errors
    /// When the terminal cannot be written.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        queue!(io::stdout(), BeginSynchronizedUpdate)?;
        self.terminal.draw(draw)?;
        execute!(io::stdout(), EndSynchronizedUpdate)
    }

    /// Forgets what is on the screen, so that the next frame draws everything.
    ///
    /// A terminal of its own does that without asking where the cursor is: not every terminal answers, and the answer
    /// would be looked for among the keys.
    ///
    /// # Errors
    /// When the terminal cannot be written.
    pub fn clear(&mut self) -> io::Result<()> {
        execute!(io::stdout(), Clear(ClearType::All))?;
        self.terminal = Terminal::new(CrosstermBackend::new(io::stdout()))?;
        Ok(())
    }

    /// Gives the terminal back while `meanwhile` runs.
    ///
    /// # Errors
    /// When the terminal cannot be taken again.
    pub fn without<T>(&mut self, meanwhile: impl FnOnce() -> T) -> io::Result<T> {
        leave();
        let result = meanwhile();
        take(self.mouse)?;
        self.clear()?;
        Ok(result)
    }

    /// Switches the reporting of the mouse.
    ///
    /// # Errors
    /// When the terminal cannot be written.
    pub fn mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        if on { execute!(io::stdout(), EnableMouseCapture) } else { execute!(io::stdout(), DisableMouseCapture) }
    }

    /// Writes an escape sequence of our own making (clipboard) past the frame.
    ///
    /// # Errors
    /// When the terminal cannot be written.
    pub fn raw(&mut self, sequence: &str) -> io::Result<()> {
        let mut out = io::stdout();
        out.write_all(sequence.as_bytes())?;
        out.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
        if !thread::panicking() {
            let _ = panic::take_hook();
        }
    }
}

fn take(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, Hide)?;
    if mouse {
        execute!(io::stdout(), EnableMouseCapture)?;
    }
    Ok(())
}

/// Restores what [`take`] changed; nothing here can be reported any more when it fails.
fn leave() {
    let _ = execute!(io::stdout(), DisableMouseCapture, DisableBracketedPaste, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

/// A panic of the drawing thread restores the terminal before its message, and leaves a file for whoever mends it; one of a
/// worker stays silent, because the scan catches it per file and lists it.
fn restore_on_panic(crash: Option<PathBuf>) {
    let drawing = thread::current().id();
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == drawing {
            leave();
            let trace = Backtrace::force_capture();
            let text = format!("breakbulk {}\n{info}\n{trace}\n", env!("CARGO_PKG_VERSION"));
            let kept = crash.as_deref().is_some_and(|file| keep(file, &text));
            let place = match &crash {
                Some(file) if kept => format!("; what it was is in {}", file.display()),
                _ => format!("\n{text}"),
            };
            // Nobody is left to be told when standard error itself is closed.
            let _ = writeln!(io::stderr(), "breakbulk: ended by an error of its own{place}");
        }
    }));
}

/// Writes the file; false where that fails.
fn keep(file: &Path, text: &str) -> bool {
    file.parent().is_none_or(|folder| fs::create_dir_all(folder).is_ok()) && fs::write(file, text).is_ok()
}
