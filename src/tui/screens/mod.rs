//! The screens: each gives rows and, for the selected row, the detail beside it.

pub mod coupling;
pub mod findings;
pub mod overview;
pub mod plan;
pub mod split;

use std::sync::Arc;

use crate::analysis::Analysis;
use crate::facts::{FileId, Name, Scope};
use crate::plan::Plan;
use crate::tui::app::Tab;
use crate::tui::theme::Role;
use crate::tui::widgets::list::Row;

/// What the screens show.
#[derive(Debug, Clone, Default)]
pub struct Data {
    /// The newest result.
    pub analysis: Arc<Analysis>,
    /// The plan with what the person changed.
    pub plan: Plan,
    /// Show scope test.
    pub tests: bool,
    /// Show vendored, build and documentation files.
    pub vendored: bool,
    /// Show findings of low confidence.
    pub doubtful: bool,
    /// How findings are grouped: 0 module, 1 kind, 2 rule, 3 file, 4 not.
    pub group: usize,
}

impl Data {
    /// True when files of this scope are shown.
    #[must_use]
    pub fn shows(&self, scope: Scope) -> bool {
        match scope {
            Scope::Main => true,
            Scope::Test => self.tests,
            Scope::Build | Scope::Docs | Scope::Vendored => self.vendored,
        }
    }

    /// Short name of a file's module; empty before the graph is there.
    #[must_use]
    pub fn module(&self, file: FileId) -> &str {
        let graph = &self.analysis.graph;
        graph.module_of.get(file.index()).and_then(|id| graph.modules.get(id.index())).map_or("", |m| m.name.as_str())
    }

    /// `path:line`.
    #[must_use]
    pub fn at(&self, file: FileId, line: u32) -> String {
        self.analysis.files.get(file.index()).map_or_else(String::new, |found| format!("{}:{line}", found.path))
    }
}

/// Where Enter on a row leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Go {
    /// To a screen with a filter.
    Filter(Tab, String),
    /// To a row of a screen.
    Row(Tab, Name),
    /// Fold or unfold this group.
    Fold(Name),
    /// To the detail pane.
    Detail,
}

/// One row of a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Stable key.
    pub key: Name,
    /// Text in roles; foreign text is made harmless when drawn.
    pub text: Vec<(String, Role)>,
    /// File and lines it stands for.
    pub place: Option<(FileId, u32, u32)>,
    /// Where Enter leads.
    pub go: Go,
    /// True for what `n` stops at.
    pub stop: bool,
}

impl Row for Item {
    fn key(&self) -> &str {
        &self.key
    }
    fn is_match(&self) -> bool {
        self.stop
    }
    fn is_heading(&self) -> bool {
        self.key.starts_with("# ") || matches!(self.go, Go::Fold(_))
    }
}

impl Item {
    /// A heading that nothing hangs on.
    #[must_use]
    pub fn heading(text: impl Into<String>) -> Item {
        let text = text.into();
        Item {
            key: Name::from(format!("# {text}")),
            text: vec![(text, Role::Title)],
            place: None,
            go: Go::Detail,
            stop: false,
        }
    }
}

/// A paragraph of the detail: label, text, role.
pub type Paragraph = (&'static str, String, Role);
