//! A progress bar on standard error while a one-shot scan runs; nothing where standard error is no terminal.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};

use crate::analysis::{Analysis, Observer, Phase, Progress};

/// Shows how far a scan is.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar on standard error, or a silent one.
    #[must_use]
    pub fn new() -> Bar {
        if !io::stderr().is_terminal() {
            return Bar(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{msg:8} {wide_bar} {pos}/{len} files  {elapsed}") {
            bar.set_style(style);
        }
        Bar(bar)
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

impl Observer for Bar {
    fn progress(&self, progress: Progress) {
        if self.0.is_hidden() {
            return;
        }
        self.0.set_message(progress.phase.as_str());
        if progress.phase != Phase::Walk {
            self.0.set_length(progress.total as u64);
            self.0.set_position(progress.done as u64);
        }
    }

    fn partial(&self, _analysis: Arc<Analysis>) {}

    fn wants_partial(&self) -> bool {
        false
    }

    fn cancelled(&self) -> bool {
        false
    }
}
