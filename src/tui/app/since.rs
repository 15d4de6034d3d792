//! What is new and what is gone since the last scan of the same repository, by the stable ids of the findings.

use std::fmt::Write as _;

use rustc_hash::FxHashSet;

use super::super::screens::{Go, Place};
use super::{App, Effect, Overlay, Tab};
use crate::analysis::Analysis;
use crate::facts::{Name, Scope};
use crate::rules::Confidence;

/// One finding that came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// True when it is new.
    pub new: bool,
    /// Id of the finding.
    pub id: Name,
    /// `path:line message`.
    pub text: String,
}

/// What differs from the last scan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Since {
    /// New ones first, then those that are gone.
    pub lines: Vec<Line>,
    /// How many are new.
    pub new: usize,
    /// How many are gone.
    pub gone: usize,
}

/// The findings of the application's own code, one per line, for the next time.
#[must_use]
pub fn remember(analysis: &Analysis) -> String {
    let mut out = String::new();
    for f in analysis
        .findings
        .iter()
        .filter(|f| f.scope == Scope::Main && f.confidence > Confidence::Low && !f.is_inventory())
    {
        let message: String = f.message.chars().take(120).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let path: String = analysis.path(f.file).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let _ = writeln!(out, "{}\t{path}:{}\t{message}", f.id, f.span.line);
    }
    out
}

impl Since {
    /// Compares what [`remember`] gave last time with a new result.
    #[must_use]
    pub fn compare(before: &str, analysis: &Analysis) -> Since {
        let now = remember(analysis);
        let ids = |text: &str| -> FxHashSet<String> {
            text.lines().filter_map(|line| line.split_once('\t')).map(|(id, _)| id.to_owned()).collect()
        };
        let (old, fresh) = (ids(before), ids(&now));
        let lines = |text: &str, other: &FxHashSet<String>, new: bool| -> Vec<Line> {
            text.lines()
                .filter_map(|line| line.split_once('\t'))
                .filter(|(id, _)| !other.contains(*id))
                .map(|(id, text)| Line { new, id: Name::new(id), text: text.replacen('\t', "  ", 1) })
                .collect()
        };
        let mut all = lines(&now, &old, true);
        let new = all.len();
        all.extend(lines(before, &fresh, false));
        Since { gone: all.len() - new, new, lines: all }
    }
}

impl App {
    /// Enter on a line of the difference: to the finding, where it is still there.
    pub(super) fn open_since(&mut self, at: usize) -> Option<Effect> {
        let line = self.since.as_ref()?.lines.get(at)?.clone();
        if line.new {
            return self.follow(Go::Row(Tab::Findings, line.id));
        }
        let place: Option<Place> = line.text.split("  ").next().and_then(|at| self.data.locate(at));
        match place {
            Some(place) => self.overlay = Some(Overlay::Peek(place, None)),
            None => self.say("its file is gone as well"),
        }
        None
    }
}
