//! Keys to actions, from `assets/keys.toml` and a person's own file over it.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::action::Action;
use crate::assets;
use crate::text::fault;

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

/// What the keys typed so far lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// An action.
    Action(Action),
    /// More keys must follow.
    Prefix,
}

/// Which key, or keys one after the other, do what.
#[derive(Debug, Clone, Default)]
pub struct Keymap {
    bindings: Vec<(Vec<Chord>, Action)>,
}

/// Reads `b m`: keys one after the other.
fn sequence(text: &str) -> Option<Vec<Chord>> {
    let keys: Option<Vec<Chord>> = text.split_whitespace().map(Chord::parse).collect();
    keys.filter(|keys| !keys.is_empty())
}

fn shown(keys: &[Chord]) -> String {
    keys.iter().map(Chord::to_string).collect::<Vec<_>>().join(" ")
}

/// True when one of the two would hide the other.
fn clash(one: &[Chord], other: &[Chord]) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

impl Keymap {
    /// The built-in keys, and over them those of a person's own file, called `name` in messages; with one sentence per
    /// line that could not be used. An action named in the person's file loses its built-in keys, and a key used there
    /// is taken from the action that had it.
    #[must_use]
    pub fn load(own: Option<(&str, &str)>) -> (Keymap, Vec<String>) {
        let mut map = Keymap::default();
        let mut problems = Vec::new();
        map.read("keys.toml", assets::get("keys.toml").unwrap_or_default(), &mut problems);
        if let Some((name, text)) = own {
            map.read(name, text, &mut problems);
        }
        (map, problems)
    }

    fn read(&mut self, source: &str, text: &str, problems: &mut Vec<String>) {
        let table = match text.parse::<toml::Table>() {
            Ok(table) => table,
            Err(error) => {
                problems.push(format!("{source}: {}", fault(text, error.span(), error.message())));
                return;
            }
        };
        let line = |name: &str| {
            let says = |line: &str| {
                line.trim_start().strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='))
            };
            text.lines().position(says).map_or(0, |at| at + 1)
        };
        // In the order of the file, so that of two lines with one key the first keeps it.
        let mut names: Vec<(usize, &String, &toml::Value)> =
            table.iter().map(|(name, value)| (line(name), name, value)).collect();
        names.sort_by_key(|(line, ..)| *line);
        let mut fresh: Vec<(Vec<Chord>, Action)> = Vec::new();
        for (line, name, value) in names {
            let Some(action) = Action::by_name(name) else {
                problems.push(format!("{source}:{line}: no action is called {name}"));
                continue;
            };
            self.bindings.retain(|(_, bound)| *bound != action);
            let keys: Vec<&str> = match value {
                toml::Value::String(key) => vec![key.as_str()],
                toml::Value::Array(keys) if keys.iter().all(toml::Value::is_str) => {
                    keys.iter().filter_map(toml::Value::as_str).collect()
                }
                _ => {
                    problems.push(format!("{source}:{line}: {name} wants a key or a list of keys in quotes"));
                    continue;
                }
            };
            for key in keys {
                let Some(chords) = sequence(key) else {
                    problems.push(format!("{source}:{line}: {key} is no key"));
                    continue;
                };
                match fresh.iter().find(|(taken, _)| clash(taken, &chords)) {
                    Some((taken, other)) => problems.push(format!(
                        "{source}:{line}: {key} for {name} is in the way of {} for {}",
                        shown(taken),
                        other.name()
                    )),
                    None => fresh.push((chords, action)),
                }
            }
        }
        let (taken, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.bindings)
            .into_iter()
            .partition(|(old, _)| fresh.iter().any(|(new, _)| clash(old, new)));
        self.bindings = kept;
        for (keys, action) in taken {
            let has = |bindings: &[(Vec<Chord>, Action)]| bindings.iter().any(|(_, bound)| *bound == action);
            if !has(&self.bindings) && !has(&fresh) {
                let by = fresh.iter().find(|(new, _)| clash(&keys, new)).map_or("", |(_, by)| by.name());
                problems.push(format!("{source}:{}: {} is left without a key by {by}", line(by), action.name()));
            }
        }
        self.bindings.extend(fresh);
    }

    /// What keys pressed one after the other do.
    #[must_use]
    pub fn find(&self, typed: &[Chord]) -> Found {
        if let Some((_, action)) = self.bindings.iter().find(|(bound, _)| bound == typed) {
            return Found::Action(*action);
        }
        if self.bindings.iter().any(|(bound, _)| bound.starts_with(typed)) { Found::Prefix } else { Found::Nothing }
    }

    /// What may follow keys typed so far: the next key and what it does, in the order of the actions.
    #[must_use]
    pub fn next(&self, typed: &[Chord]) -> Vec<(String, Action)> {
        let mut out: Vec<(String, Action)> = self
            .bindings
            .iter()
            .filter(|(bound, _)| bound.len() > typed.len() && bound.starts_with(typed))
            .map(|(bound, action)| (shown(&bound[typed.len()..]), *action))
            .collect();
        out.sort_by_key(|(_, action)| *action);
        out
    }

    /// What a single key press does.
    #[must_use]
    pub fn action(&self, key: KeyEvent) -> Option<Action> {
        match self.find(&[Chord::of(key)]) {
            Found::Action(action) => Some(action),
            _ => None,
        }
    }

    /// The keys of an action, as shown; empty when it has none.
    #[must_use]
    pub fn keys(&self, action: Action) -> String {
        let keys: Vec<String> =
            self.bindings.iter().filter(|(_, bound)| *bound == action).map(|(keys, _)| shown(keys)).collect();
        keys.join("  ")
    }

    /// The first key of an action, for hints.
    #[must_use]
    pub fn key(&self, action: Action) -> Option<String> {
        self.bindings.iter().find(|(_, bound)| *bound == action).map(|(keys, _)| shown(keys))
    }

    /// The first key that the actions of a group begin with.
    #[must_use]
    pub fn prefix(&self, action: Action) -> Option<String> {
        let keys = self.bindings.iter().find(|(_, bound)| *bound == action).map(|(keys, _)| keys)?;
        keys.first().map(Chord::to_string)
    }

    /// The whole table: name, keys, description; for `breakbulk keys`.
    #[must_use]
    pub fn table(&self) -> Vec<(&'static str, String, &'static str)> {
        Action::ALL.iter().map(|action| (action.name(), self.keys(*action), action.doc())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, Chord, Found, Keymap, sequence};
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
    fn e06_daily_work_needs_no_chord_and_no_alt_gr() {
        let (map, _) = Keymap::load(None);
        let chords = [Action::HalfUp, Action::HalfDown, Action::Redraw, Action::Suspend, Action::ForceQuit];
        for (name, keys, _) in map.table() {
            let action = Action::by_name(name).unwrap();
            assert_eq!(keys.contains("ctrl-"), chords.contains(&action), "{name}");
            assert!(!keys.contains(['[', ']', '{', '}', '\\', '@', '~']), "{name}: {keys}");
        }
    }

    #[test]
    fn e05_arrows_and_letters_are_both_there_from_the_start() {
        let (map, _) = Keymap::load(None);
        for (name, keys) in [
            ("up", "↑  k"),
            ("down", "↓  j"),
            ("left", "←  h"),
            ("right", "→  l"),
            ("first", "g  home"),
            ("last", "G  end"),
            ("page-down", "pgdn"),
            ("half-down", "ctrl-d"),
        ] {
            assert_eq!(map.keys(Action::by_name(name).unwrap()), keys);
        }
    }

    #[test]
    fn e11_own_keys_replace_and_problems_are_said_with_their_line() {
        let own = "up = [\"i\"]\nnonsense = [\"x\"]\ndown = [\"hyper-y\"]\nleft = [\"i\"]\nright = 7\n";
        let (map, problems) = Keymap::load(Some(("my keys.toml", own)));
        assert_eq!(map.action(KeyEvent::new(KeyCode::Char('i'), KeyModifiers::NONE)), Some(Action::Up));
        assert_eq!(map.action(KeyEvent::new(KeyCode::Up, KeyModifiers::NONE)), None);
        assert_eq!(
            problems,
            [
                "my keys.toml:2: no action is called nonsense",
                "my keys.toml:3: hyper-y is no key",
                "my keys.toml:4: i for left is in the way of i for up",
                "my keys.toml:5: right wants a key or a list of keys in quotes",
                "my keys.toml:1: ignore is left without a key by up",
            ]
        );
        let (_, problems) = Keymap::load(Some(("my keys.toml", "up = [\n")));
        assert!(problems.len() == 1 && problems[0].starts_with("my keys.toml: line 1"), "{problems:?}");
    }

    #[test]
    fn e09_keys_one_after_the_other_are_found_with_what_may_follow() {
        let (map, _) = Keymap::load(None);
        let typed = sequence("b").unwrap();
        assert_eq!(map.find(&typed), Found::Prefix);
        assert!(map.next(&typed).iter().any(|(key, action)| key == "m" && *action == Action::GroupModule));
        assert_eq!(map.find(&sequence("b m").unwrap()), Found::Action(Action::GroupModule));
        assert_eq!(map.find(&sequence("b y").unwrap()), Found::Nothing);
        // One key of a person's own in the place of a group of built-in ones.
        let (map, problems) = Keymap::load(Some(("my", "help = \"b\"")));
        assert_eq!(map.find(&typed), Found::Action(Action::Help));
        assert!(problems.iter().any(|p| p == "my:1: group-module is left without a key by help"), "{problems:?}");
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
