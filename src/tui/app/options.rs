//! The choices of the Report screen, and the command that gives the same as a screen.

use super::super::screens::{Go, Item};
use super::super::theme::Role;
use super::{App, FORMATS, Tab};
use crate::report::parts;

/// A word for a shell, in quotes where it needs them.
fn quoted(word: &str) -> String {
    if word.contains(|c: char| !c.is_ascii_alphanumeric() && !"/._-+".contains(c)) {
        format!("'{}'", word.replace('\'', "'\\''"))
    } else {
        word.to_owned()
    }
}

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
        let parts = match &self.report {
            Some((0, _, text)) if self.format == 0 => parts::parts(text),
            _ => Vec::new(),
        };
        if !parts.is_empty() {
            out.push(Item::heading("Parts"));
        }
        for part in parts {
            let mark = if self.left_out.contains(&part) { "[ ]" } else { "[x]" };
            let text = vec![(format!(" {mark} {part}"), Role::Text)];
            out.push(Item { stop: true, ..Item::new(format!("part {part}"), text, Go::Detail) });
        }
        out
    }

    /// The report as it is shown and written.
    #[must_use]
    pub fn written(&self) -> std::borrow::Cow<'_, str> {
        match &self.report {
            None => "".into(),
            Some((0, _, text)) if !self.left_out.is_empty() => {
                let left_out: Vec<String> = self.left_out.iter().cloned().collect();
                parts::without(text, &left_out).into()
            }
            Some((.., text)) => text.as_str().into(),
        }
    }

    pub(super) fn choose(&mut self) {
        let Some(key) = self.item().map(|item| item.key.clone()) else { return };
        if let Some(at) = key.strip_prefix("format ").and_then(|at| at.parse::<usize>().ok()) {
            self.format = at.min(FORMATS.len() - 1);
        } else if key.starts_with("lang ") {
            self.german = key == "lang 1";
            self.left_out.clear();
        } else if let Some(part) = key.strip_prefix("part ")
            && !self.left_out.remove(part)
        {
            self.left_out.insert(part.to_owned());
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
        if self.path.is_empty() {
            return match self.current() {
                Tab::Report => {
                    format!("breakbulk demo --format {} > {}", FORMATS[self.format].0, quoted(self.target()))
                }
                Tab::Overview => "breakbulk demo --format text".to_owned(),
                _ => "breakbulk demo --format json".to_owned(),
            };
        }
        let path = quoted(&self.path);
        match self.current() {
            Tab::Plan => format!("breakbulk plan {path} list"),
            Tab::Report if FORMATS[self.format].0 == "markdown" => {
                let lang = if self.german { "de" } else { "en" };
                let without: String = self.left_out.iter().map(|part| format!(" --without {}", quoted(part))).collect();
                format!("breakbulk report {path} --lang {lang}{without} --output {}", quoted(self.target()))
            }
            Tab::Report => {
                format!("breakbulk scan {path} --format {} --output {}", FORMATS[self.format].0, self.target())
            }
            Tab::Overview => format!("breakbulk scan {path} --format text"),
            Tab::Split if self.data.trial.as_ref().is_some_and(|trial| !trial.name.is_empty()) => {
                let name = self.data.trial.as_ref().map_or("", |trial| trial.name.as_str());
                format!("breakbulk split {path} compare {}", quoted(name))
            }
            _ => format!("breakbulk scan {path} --format json"),
        }
    }
}
