//! What is remembered of a repository from one session to the next: screen, filters, folds, orders, choices of the report.

use serde::{Deserialize, Serialize};

use super::super::screens::{findings, matrix::Which};
use super::super::widgets::list::Moves;
use super::{App, FORMATS};
use crate::facts::Name;

/// The session as it is written; whatever is missing or unknown stays as it is at the start.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Session {
    tab: usize,
    column: usize,
    group: usize,
    edges: usize,
    tests: bool,
    vendored: bool,
    doubtful: bool,
    format: usize,
    german: bool,
    target: String,
    order: Vec<usize>,
    filters: Vec<String>,
    history: Vec<String>,
    selected: Vec<String>,
    folded: Vec<String>,
    opened: Vec<String>,
}

fn names(list: &[String]) -> impl Iterator<Item = Name> + '_ {
    list.iter().map(Name::new)
}

impl App {
    /// The session as text.
    #[must_use]
    pub fn session(&self) -> String {
        let texts = |names: &mut dyn Iterator<Item = &Name>| names.map(Name::to_string).collect();
        let session = Session {
            tab: self.tab,
            column: self.column,
            group: self.data.group,
            edges: self.data.edges as usize,
            tests: self.data.tests,
            vendored: self.data.vendored,
            doubtful: self.data.doubtful,
            format: self.format,
            german: self.german,
            target: self.target.clone(),
            order: self.data.order.to_vec(),
            filters: self.filters.to_vec(),
            history: self.history.clone(),
            selected: self.lists.iter().map(|list| list.key().to_string()).collect(),
            folded: texts(&mut self.data.folded.iter()),
            opened: texts(&mut self.data.opened.iter()),
        };
        toml::to_string(&session).unwrap_or_default()
    }

    /// Takes a session up again; a text that is none changes nothing.
    pub fn resume(&mut self, text: &str) {
        let Ok(session) = toml::from_str::<Session>(text) else { return };
        self.tab = session.tab.min(5);
        self.column = session.column;
        self.data.group = session.group.min(findings::GROUPS.len() - 1);
        self.data.edges = Which::ALL.get(session.edges).map_or(Which::All, |(which, ..)| *which);
        (self.data.tests, self.data.vendored) = (session.tests, session.vendored);
        self.data.doubtful = session.doubtful;
        self.format = session.format.min(FORMATS.len() - 1);
        (self.german, self.target) = (session.german, session.target);
        for (slot, order) in self.data.order.iter_mut().zip(session.order) {
            *slot = order.min(2);
        }
        for (slot, filter) in self.filters.iter_mut().zip(session.filters) {
            *slot = filter;
        }
        self.history = session.history;
        for (list, key) in self.lists.iter_mut().zip(session.selected).filter(|(_, key)| !key.is_empty()) {
            list.select(&key);
        }
        self.data.folded = names(&session.folded).collect();
        self.data.opened = names(&session.opened).collect();
    }
}
