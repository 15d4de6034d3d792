//! The screens: each gives rows and, for the selected row, the detail beside it.

pub mod coupling;
pub mod findings;
pub mod matrix;
pub mod overview;
pub mod plan;
pub mod split;
pub mod whatif;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use crate::analysis::Analysis;
use crate::facts::{FileId, Name, Scope};
use crate::plan::Plan;
use crate::rules::Finding;
use crate::tui::app::Tab;
use crate::tui::theme::Role;
use crate::tui::widgets::list::Row;
use matrix::Matrix;

/// File, first and last line.
pub type Place = (FileId, u32, u32);

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
    /// How findings are grouped, index in [`findings::GROUPS`].
    pub group: usize,
    /// Order of the rows per screen; 0 is the screen's own.
    pub order: [usize; 6],
    /// Folded groups.
    pub folded: BTreeSet<Name>,
    /// Unfolded rows of the matrix.
    pub opened: BTreeSet<Name>,
    /// Which edges the matrix counts.
    pub edges: matrix::Which,
    /// The matrix, made when Coupling is shown.
    pub matrix: Matrix,
    /// Per finding, how many are of its kind and about its subject; made when first asked for after a result came.
    pub alike: OnceLock<Vec<u32>>,
    /// Findings set aside in this session, by id.
    pub ignored: BTreeSet<Name>,
    /// The division that is changed by hand on Split, while one is.
    pub trial: Option<whatif::Trial>,
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

    /// The place that `path:line` names.
    #[must_use]
    pub fn locate(&self, text: &str) -> Option<Place> {
        let (path, line) = text.rsplit_once(':')?;
        let line = line.parse().ok()?;
        let at = self.analysis.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        Some((FileId(u32::try_from(at).ok()?), line, line))
    }

    /// Bytes of the finding at a place; empty where there is none.
    #[must_use]
    pub fn matched(&self, (file, line, end): Place) -> std::ops::Range<usize> {
        let findings = &self.analysis.findings;
        let first = findings.partition_point(|f| (f.file, f.span.line) < (file, line));
        findings
            .get(first..)
            .unwrap_or_default()
            .iter()
            .take_while(|f| (f.file, f.span.line) == (file, line))
            .find(|f| f.span.end_line == end)
            .map_or(0..0, |f| f.span.start as usize..f.span.end as usize)
    }

    /// A finding by its index.
    #[must_use]
    pub fn finding(&self, index: u32) -> Option<&Finding> {
        self.analysis.findings.get(index as usize)
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
    /// To the source at the row's place.
    Source,
    /// Exchanges the repository for the built-in sample.
    Sample,
}

/// What a row shows. What there may be many of is written out only when it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// Pieces in roles.
    Spans(Vec<(String, Role)>),
    /// The finding of this index.
    Finding(u32),
    /// The row of the matrix of this index.
    Node(u32),
    /// The file of this number as part of a candidate, and how deep it stands.
    Member(u32, u32),
}

/// One row of a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Stable key.
    pub key: Name,
    /// Foreign text in it is made harmless when drawn.
    pub text: Text,
    /// File and lines it stands for.
    pub place: Option<Place>,
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
        self.key.starts_with("# ")
    }
}

impl Item {
    /// A row with its text.
    #[must_use]
    pub fn new(key: impl AsRef<str>, text: Vec<(String, Role)>, go: Go) -> Item {
        Item { key: Name::new(key), text: Text::Spans(text), place: None, go, stop: false }
    }

    /// A heading that nothing hangs on.
    #[must_use]
    pub fn heading(text: impl Into<String>) -> Item {
        let text = text.into();
        Item::new(format!("# {text}"), vec![(text, Role::Title)], Go::Detail)
    }

    /// The heading of a group that can be folded.
    #[must_use]
    pub fn group(data: &Data, key: &str, title: Vec<(String, Role)>) -> (Item, bool) {
        let key = Name::from(format!("# {key}"));
        let folded = data.folded.contains(&key);
        let mut text = vec![(if folded { "▸ " } else { "▾ " }.to_owned(), Role::Title)];
        text.extend(title);
        (Item::new(&key, text, Go::Fold(key.clone())), folded)
    }

    /// The text in roles, in so many cells.
    #[must_use]
    pub fn spans<'a>(&'a self, data: &Data, cells: usize) -> Cow<'a, [(String, Role)]> {
        match &self.text {
            Text::Spans(spans) => Cow::Borrowed(spans),
            Text::Finding(index) => Cow::Owned(findings::text(data, *index, cells)),
            Text::Node(index) => Cow::Owned(coupling::head(data, *index)),
            Text::Member(file, depth) => Cow::Owned(whatif::member(data, FileId(*file), *depth, cells)),
        }
    }
}

/// A paragraph of the detail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// A word before the first line.
    pub label: &'static str,
    /// The text, wrapped where it does not fit.
    pub text: String,
    /// What the text is.
    pub role: Role,
    /// The place that it speaks about: Enter opens it.
    pub place: Option<Place>,
}

impl Paragraph {
    /// A paragraph about no place.
    #[must_use]
    pub fn new(label: &'static str, text: impl Into<String>, role: Role) -> Paragraph {
        Paragraph { label, text: text.into(), role, place: None }
    }

    /// A title.
    #[must_use]
    pub fn title(text: impl Into<String>) -> Paragraph {
        Paragraph::new("", text, Role::Title)
    }

    /// A paragraph about a place, which its text begins with.
    #[must_use]
    pub fn at(label: &'static str, data: &Data, place: Place, text: &str, role: Role) -> Paragraph {
        let at = data.at(place.0, place.1);
        let text = if text.is_empty() { at } else { format!("{at}  {text}") };
        Paragraph { label, text, role, place: Some(place) }
    }
}

/// `1 file`, `2 files`.
#[must_use]
pub fn plural(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}
