//! The choices of the Report screen, and the command that gives the same as a screen.

use super::super::screens::{Go, Item};
use super::super::theme::Role;
use super::{App, FORMATS, Tab};

impl App {
    pub(super) fn options(&self) -> Vec<Item> {
        let row = |key: String, on: bool, text: String| Item {
            stop: true,
            ..Item::new(
                key,
                vec![(
                    format!(" {} {text}", if on { "(•)" } else { "( )" }),
                    if on { Role::Accent } else { Role::Text },
                )],
                Go::Detail,
            )
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

    pub(super) fn choose(&mut self) {
        let Some(key) = self.item().map(|item| item.key.clone()) else { return };
        if let Some(at) = key.strip_prefix("format ").and_then(|at| at.parse::<usize>().ok()) {
            self.format = at.min(FORMATS.len() - 1);
        } else if key.starts_with("lang ") {
            self.german = key == "lang 1";
        }
        self.refresh();
    }

    /// File that the report is written to.
    #[must_use]
    pub fn target(&self) -> &str {
        if self.target.is_empty() { FORMATS[self.format].1 } else { &self.target }
    }

    /// The command that gives the same without the screen.
    #[must_use]
    pub fn command(&self) -> String {
        let path = if self.path.contains(|c: char| !c.is_ascii_alphanumeric() && !"/._-+".contains(c)) {
            format!("'{}'", self.path.replace('\'', "'\\''"))
        } else {
            self.path.clone()
        };
        match self.current() {
            Tab::Plan => format!("breakbulk plan {path} list"),
            Tab::Report if FORMATS[self.format].0 == "markdown" => format!(
                "breakbulk report {path} --lang {} --output {}",
                if self.german { "de" } else { "en" },
                self.target()
            ),
            Tab::Report => {
                format!("breakbulk scan {path} --format {} --output {}", FORMATS[self.format].0, self.target())
            }
            Tab::Overview => format!("breakbulk scan {path} --format text"),
            _ => format!("breakbulk scan {path} --format json"),
        }
    }
}
