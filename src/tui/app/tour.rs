//! The guided tour for talks: steps along the principles, each with a screen to look at and the speaker's text.
//!
//! Its own keys are those of a presenter's remote; every other key does what it always does, so that a question from the
//! audience can be followed, and the next step leads back.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use serde::Deserialize;

use super::super::widgets::list::{Motion, Moves};
use super::{App, Overlay, Tab};
use crate::assets;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Title, as on a slide.
    pub title: String,
    /// Screen, by its name in `keys.toml`.
    pub screen: String,
    /// Key of the row that is selected.
    #[serde(default)]
    pub select: String,
    /// Filter of the screen.
    #[serde(default)]
    pub filter: String,
    /// What the speaker says; paragraphs are set apart by an empty line.
    pub text: String,
}

/// The tour, and where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tour {
    /// Steps in their order.
    pub steps: Vec<Step>,
    /// The present one.
    pub at: usize,
    /// German.
    pub german: bool,
}

#[derive(Deserialize)]
struct Written {
    step: Vec<Step>,
}

impl Tour {
    /// The tour in a language.
    ///
    /// # Errors
    /// When the built-in text is broken, which a test rules out.
    pub fn load(german: bool) -> Result<Tour, String> {
        let text = assets::get(if german { "tour/de.toml" } else { "tour/en.toml" }).unwrap_or_default();
        let written: Written = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        Ok(Tour { steps: written.step, at: 0, german })
    }

    /// The present step.
    #[must_use]
    pub fn step(&self) -> Option<&Step> {
        self.steps.get(self.at)
    }
}

impl App {
    /// Begins the tour.
    pub fn guide(&mut self, tour: Tour) {
        self.german = tour.german;
        self.tour = Some(tour);
        self.visit(0);
    }

    /// Shows a step of the tour.
    pub(super) fn visit(&mut self, at: usize) {
        let Some(tour) = &mut self.tour else { return };
        tour.at = at.min(tour.steps.len().saturating_sub(1));
        let Some(step) = tour.step().cloned() else { return };
        let tab = Tab::ALL.iter().position(|tab| tab.name().eq_ignore_ascii_case(&step.screen)).unwrap_or(0);
        self.overlay = None;
        self.zoom = false;
        self.focus[tab] = 0;
        self.filters[tab].clone_from(&step.filter);
        self.show(tab);
        let list = &mut self.lists[tab];
        list.go(Motion::First);
        if step.select.is_empty() {
            if list.current().is_none_or(|row| !row.stop) {
                list.go(Motion::NextMatch);
            }
        } else {
            list.select(&step.select);
        }
        // What is spoken about stands at the top, with what belongs to it below.
        self.tops[tab] = self.lists[tab].index().saturating_sub(1);
    }

    /// A key of the tour; false when it is none of them.
    pub(super) fn tour_key(&mut self, key: KeyEvent) -> bool {
        let Some(at) = self.tour.as_ref().map(|tour| tour.at) else { return false };
        if self.overlay.is_some() || !self.pending.is_empty() || key.modifiers.contains(KeyModifiers::CONTROL) {
            return false;
        }
        match key.code {
            KeyCode::PageDown | KeyCode::Char('n') => self.visit(at + 1),
            KeyCode::PageUp | KeyCode::Char('N') => self.visit(at.saturating_sub(1)),
            KeyCode::Char('T') => self.overlay = Some(Overlay::Tour(at)),
            KeyCode::Esc if self.places.is_empty() && self.focus[self.tab] == 0 && self.running.is_none() => {
                self.tour = None;
                self.say("the tour is over; the sample stays");
            }
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Tab, Tour};

    #[test]
    fn both_languages_have_the_same_steps_on_screens_that_there_are() {
        let (english, german) = (Tour::load(false).unwrap(), Tour::load(true).unwrap());
        assert!(english.steps.len() > 10);
        assert_eq!(english.steps.len(), german.steps.len());
        for (one, other) in english.steps.iter().zip(&german.steps) {
            assert_eq!((&one.screen, &one.select, &one.filter), (&other.screen, &other.select, &other.filter));
            assert!(Tab::ALL.iter().any(|tab| tab.name().eq_ignore_ascii_case(&one.screen)), "{}", one.screen);
            for step in [one, other] {
                // Two paragraphs fit below the screen of a projector.
                assert!(crate::text::width(&step.text) < 420 && step.title.chars().count() < 60, "{}", step.title);
            }
        }
    }
}
