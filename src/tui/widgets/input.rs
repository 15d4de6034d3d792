//! One line of typing.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Text being typed and where the cursor stands, in characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    text: String,
    cursor: usize,
}

impl Input {
    /// An input that starts with a text, cursor behind it.
    #[must_use]
    pub fn new(text: &str) -> Input {
        Input { text: text.to_owned(), cursor: text.chars().count() }
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text before and behind the cursor.
    #[must_use]
    pub fn parts(&self) -> (&str, &str) {
        self.text.split_at(self.byte(self.cursor))
    }

    fn byte(&self, chars: usize) -> usize {
        self.text.char_indices().nth(chars).map_or(self.text.len(), |(at, _)| at)
    }

    /// Takes a key; false when it is none of typing.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let length = self.text.chars().count();
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('u') if control => {
                self.text.drain(..self.byte(self.cursor));
                self.cursor = 0;
            }
            KeyCode::Char('w') if control => {
                let before = self.parts().0.trim_end();
                let start = before.rfind(char::is_whitespace).map_or(0, |at| at + 1);
                let end = self.byte(self.cursor);
                self.cursor = self.text[..start].chars().count();
                self.text.drain(start..end);
            }
            KeyCode::Char('a') if control => self.cursor = 0,
            KeyCode::Char('e') if control => self.cursor = length,
            KeyCode::Char(_) if control || key.modifiers.contains(KeyModifiers::ALT) => return false,
            KeyCode::Char(c) => {
                self.text.insert(self.byte(self.cursor), c);
                self.cursor += 1;
            }
            KeyCode::Backspace if self.cursor > 0 => {
                self.cursor -= 1;
                self.text.remove(self.byte(self.cursor));
            }
            KeyCode::Delete if self.cursor < length => {
                self.text.remove(self.byte(self.cursor));
            }
            KeyCode::Backspace | KeyCode::Delete => {}
            KeyCode::Left => self.cursor = self.cursor.saturating_sub(1),
            KeyCode::Right => self.cursor = (self.cursor + 1).min(length),
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = length,
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Input;
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    #[test]
    fn typing_edits_by_character() {
        let mut input = Input::new("a ä");
        for code in [KeyCode::Backspace, KeyCode::Char('ö'), KeyCode::Left, KeyCode::Char('x')] {
            assert!(input.key(KeyEvent::new(code, KeyModifiers::NONE)));
        }
        assert_eq!(input.text(), "a xö");
        assert_eq!(input.parts(), ("a x", "ö"));
        assert!(input.key(KeyEvent::new(KeyCode::Char('w'), KeyModifiers::CONTROL)));
        assert_eq!(input.text(), "a ö");
        assert!(!input.key(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE)));
    }
}
