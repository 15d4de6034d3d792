//! Keys to actions, from `assets/keys.toml` and a person's own file over it.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::action::Action;
use crate::assets;

/// One key with its modifiers, normalised: shift is part of the character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chord {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// Named keys as written in `keys.toml`, and as shown in hints.
const NAMED: &[(&str, &str, KeyCode)] = &[
    ("up", "↑", KeyCode::Up),
    ("down", "↓", KeyCode::Down),
    ("left", "←", KeyCode::Left),
    ("right", "→", KeyCode::Right),
    ("enter", "⏎", KeyCode::Enter),
    ("esc", "esc", KeyCode::Esc),
    ("shift-tab", "shift-tab", KeyCode::BackTab),
    ("tab", "tab", KeyCode::Tab),
    ("space", "space", KeyCode::Char(' ')),
    ("home", "home", KeyCode::Home),
    ("end", "end", KeyCode::End),
    ("pgup", "pgup", KeyCode::PageUp),
    ("pgdn", "pgdn", KeyCode::PageDown),
    ("backspace", "backspace", KeyCode::Backspace),
    ("del", "del", KeyCode::Delete),
];

impl Chord {
    /// The chord of a key press.
    #[must_use]
    pub fn of(key: KeyEvent) -> Chord {
        let keep = match key.code {
            KeyCode::Char(_) | KeyCode::BackTab => KeyModifiers::CONTROL | KeyModifiers::ALT,
            _ => KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT,
        };
        Chord { code: key.code, modifiers: key.modifiers & keep }
    }

    /// Reads `ctrl-d`, `f1`, `space` or one character.
    #[must_use]
    pub fn parse(text: &str) -> Option<Chord> {
        let mut rest = text;
        let mut modifiers = KeyModifiers::NONE;
        loop {
            if let Some(after) = rest.strip_prefix("ctrl-").filter(|after| !after.is_empty()) {
                modifiers |= KeyModifiers::CONTROL;
                rest = after;
            } else if let Some(after) = rest.strip_prefix("alt-").filter(|after| !after.is_empty()) {
                modifiers |= KeyModifiers::ALT;
                rest = after;
            } else {
                break;
            }
        }
        if let Some((_, _, code)) = NAMED.iter().find(|(name, ..)| *name == rest) {
            return Some(Chord { code: *code, modifiers });
        }
        if let Some(number) = rest.strip_prefix('f').and_then(|number| number.parse::<u8>().ok()) {
            return (1..=12).contains(&number).then_some(Chord { code: KeyCode::F(number), modifiers });
        }
        let mut chars = rest.chars();
        let only = chars.next()?;
        chars.next().is_none().then_some(Chord { code: KeyCode::Char(only), modifiers })
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.modifiers.contains(KeyModifiers::CONTROL) {
            f.write_str("ctrl-")?;
        }
        if self.modifiers.contains(KeyModifiers::ALT) {
            f.write_str("alt-")?;
        }
        match self.code {
            KeyCode::F(number) => write!(f, "F{number}"),
            code => match NAMED.iter().find(|(_, _, known)| *known == code) {
                Some((_, shown, _)) => f.write_str(shown),
                None => match code {
                    KeyCode::Char(c) => write!(f, "{c}"),
                    other => write!(f, "{other:?}"),
                },
            },
        }
    }
}

/// Which key does what.
#[derive(Debug, Clone, Default)]
pub struct Keymap {
    bindings: Vec<(Chord, Action)>,
}

impl Keymap {
    /// The built-in keys, and over them those of a person's own `keys.toml`; with one sentence per line that could not be
    /// used. An action named in the person's file loses its built-in keys.
    #[must_use]
    pub fn load(own: Option<&str>) -> (Keymap, Vec<String>) {
        let mut map = Keymap::default();
        let mut problems = Vec::new();
        map.read("keys.toml", assets::get("keys.toml").unwrap_or_default(), &mut problems);
        if let Some(text) = own {
            map.read("your keys.toml", text, &mut problems);
        }
        (map, problems)
    }

    fn read(&mut self, source: &str, text: &str, problems: &mut Vec<String>) {
        let table = match text.parse::<toml::Table>() {
            Ok(table) => table,
            Err(error) => {
                problems.push(format!("{source}: {}", error.message()));
                return;
            }
        };
        let line =
            |name: &str| text.lines().position(|line| line.trim_start().starts_with(name)).map_or(0, |at| at + 1);
        let mut fresh: Vec<(Chord, Action)> = Vec::new();
        for (name, value) in &table {
            let Some(action) = Action::by_name(name) else {
                problems.push(format!("{source}:{}: no action is called {name}", line(name)));
                continue;
            };
            self.bindings.retain(|(_, bound)| *bound != action);
            let keys: Vec<&str> = match value {
                toml::Value::String(key) => vec![key.as_str()],
                toml::Value::Array(keys) => keys.iter().filter_map(toml::Value::as_str).collect(),
                _ => Vec::new(),
            };
            for key in keys {
                match Chord::parse(key) {
                    None => problems.push(format!("{source}:{}: {key} is no key", line(name))),
                    Some(chord) => match fresh.iter().find(|(taken, _)| *taken == chord) {
                        Some((_, other)) => problems.push(format!(
                            "{source}:{}: {key} is already used for {}",
                            line(name),
                            other.name()
                        )),
                        None => fresh.push((chord, action)),
                    },
                }
            }
        }
        self.bindings.retain(|(chord, _)| !fresh.iter().any(|(taken, _)| taken == chord));
        self.bindings.extend(fresh);
    }

    /// What a key press does.
    #[must_use]
    pub fn action(&self, key: KeyEvent) -> Option<Action> {
        let chord = Chord::of(key);
        self.bindings.iter().find(|(bound, _)| *bound == chord).map(|(_, action)| *action)
    }

    /// The keys of an action, as shown; empty when it has none.
    #[must_use]
    pub fn keys(&self, action: Action) -> String {
        let keys: Vec<String> =
            self.bindings.iter().filter(|(_, bound)| *bound == action).map(|(chord, _)| chord.to_string()).collect();
        keys.join(" ")
    }

    /// The first key of an action, for hints.
    #[must_use]
    pub fn key(&self, action: Action) -> Option<String> {
        self.bindings.iter().find(|(_, bound)| *bound == action).map(|(chord, _)| chord.to_string())
    }

    /// The whole table: name, keys, description; for `breakbulk keys`.
    #[must_use]
    pub fn table(&self) -> Vec<(&'static str, String, &'static str)> {
        Action::ALL.iter().map(|action| (action.name(), self.keys(*action), action.doc())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, Chord, Keymap};
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    #[test]
    fn every_action_has_a_key_and_no_key_is_taken_twice() {
        let (map, problems) = Keymap::load(None);
        assert_eq!(problems, Vec::<String>::new());
        for action in Action::ALL {
            assert!(map.key(*action).is_some(), "{} has no key", action.name());
        }
    }

    #[test]
    fn daily_work_needs_no_chord_and_no_alt_gr() {
        let (map, _) = Keymap::load(None);
        let chords = [Action::HalfUp, Action::HalfDown, Action::Redraw, Action::Suspend, Action::ForceQuit];
        for (name, keys, _) in map.table() {
            let action = Action::by_name(name).unwrap();
            assert_eq!(keys.contains("ctrl-"), chords.contains(&action), "{name}");
            assert!(!keys.contains(['[', ']', '{', '}', '\\', '@', '~']), "{name}: {keys}");
        }
    }

    #[test]
    fn own_keys_replace_and_problems_are_said_with_their_line() {
        let (map, problems) =
            Keymap::load(Some("up = [\"i\"]\nnonsense = [\"x\"]\ndown = [\"hyper-y\"]\nleft = [\"i\"]\n"));
        assert_eq!(map.action(KeyEvent::new(KeyCode::Char('i'), KeyModifiers::NONE)), Some(Action::Left));
        assert_eq!(map.action(KeyEvent::new(KeyCode::Up, KeyModifiers::NONE)), None);
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems.iter().any(|p| p.contains(":2:") && p.contains("nonsense")));
    }

    #[test]
    fn chords_are_read_and_shown() {
        for text in ["ctrl-d", "space", "G", "-", "shift-tab", "f1"] {
            assert!(Chord::parse(text).is_some(), "{text}");
        }
        assert_eq!(Chord::parse("ctrl-l").unwrap().to_string(), "ctrl-l");
        assert_eq!(Chord::of(KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT)), Chord::parse("G").unwrap());
    }
}
