//! Sentences for people in every language of the program: a key, and its texts in `assets/sentences/*.toml`.
//!
//! The one mechanism for language. What the analysis says of a repository is a [`Said`]; what a screen or a template says is
//! asked for by its key, see [`words`].

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A language that the program speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    #[default]
    En,
    De,
}

impl Lang {
    /// All of them.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::De];

    /// The name used on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::De => "de",
        }
    }

    /// Of an English and a German text, the one of this language.
    pub fn of<T>(self, english: T, german: T) -> T {
        match self {
            Lang::En => english,
            Lang::De => german,
        }
    }
}

/// A text in every language.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    /// In English.
    pub en: String,
    /// In German.
    pub de: String,
}

impl Said {
    /// The text in a language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        lang.of(&self.en, &self.de)
    }

    /// A name, a path, a figure: the same in every language.
    #[must_use]
    pub fn same(text: impl Into<String>) -> Said {
        let en = text.into();
        Said { de: en.clone(), en }
    }

    /// A figure with at most two decimals, none of them where they say nothing.
    #[must_use]
    pub fn figure(value: f32) -> Said {
        let text = format!("{value:.2}");
        let en = text.trim_end_matches('0').trim_end_matches('.').to_owned();
        Said { de: en.replace('.', ","), en }
    }

    /// Several texts in one, with the same between them.
    #[must_use]
    pub fn join(parts: &[Said], between: &str) -> Said {
        let of = |lang| parts.iter().map(|part| part.text(lang)).collect::<Vec<_>>().join(between);
        Said { en: of(Lang::En), de: of(Lang::De) }
    }

    /// The text with `{name}` replaced.
    #[must_use]
    pub fn with(mut self, name: &str, value: &Said) -> Said {
        let name = format!("{{{name}}}");
        self.en = self.en.replace(&name, &value.en);
        self.de = self.de.replace(&name, &value.de);
        self
    }

    /// The text with `{name}` replaced by what is the same in every language.
    #[must_use]
    pub fn put(self, name: &str, value: impl ToString) -> Said {
        self.with(name, &Said::same(value.to_string()))
    }
}

/// English and German by key.
type Sentences = BTreeMap<String, [String; 2]>;

/// All sentences; a file that cannot be read is left out, which a test rules out.
static SENTENCES: LazyLock<Sentences> = LazyLock::new(|| {
    let files = crate::assets::under("sentences/");
    files.flat_map(|(_, text)| toml::from_str::<Sentences>(text).unwrap_or_default()).collect()
});

/// The sentence of a key, with its places still open; the key itself where there is none, which a test rules out.
#[must_use]
pub fn say(key: &str) -> Said {
    known(key).unwrap_or_else(|| Said::same(key))
}

/// The same, and nothing where there is no such sentence.
#[must_use]
pub fn known(key: &str) -> Option<Said> {
    SENTENCES.get(key).map(|[en, de]| Said { en: en.clone(), de: de.clone() })
}

/// The sentence of a key in one language.
#[must_use]
pub fn words(lang: Lang, key: &str) -> &str {
    SENTENCES.get(key).map_or(key, |[en, de]| lang.of(en, de))
}

/// A number with what it counts: `count.<unit>` holds the forms for one and for many, separated by `|`.
#[must_use]
pub fn count(number: usize, unit: &str) -> Said {
    let forms = say(&format!("count.{unit}"));
    let of = |text: &str| {
        let (one, many) = text.split_once('|').unwrap_or((text, text));
        format!("{number} {}", if number == 1 { one } else { many })
    };
    Said { en: of(&forms.en), de: of(&forms.de) }
}

/// A note of the program, written in English where it arose, in another language: by the sentence `note.…` that it matches.
/// What matches none stays as it is.
#[must_use]
pub fn told(note: &str, lang: Lang) -> String {
    if lang == Lang::En {
        return note.to_owned();
    }
    let notes = SENTENCES.range("note.".to_owned()..).take_while(|(key, _)| key.starts_with("note."));
    for (_, [en, de]) in notes {
        if let Some(found) = matched(en, note) {
            let fill = |text: String, (name, value): (&str, &str)| text.replace(&format!("{{{name}}}"), value);
            return found.into_iter().fold(de.clone(), fill);
        }
    }
    note.to_owned()
}

/// What stands in the places of a form, where the whole text has this form.
fn matched<'t>(form: &'t str, text: &'t str) -> Option<Vec<(&'t str, &'t str)>> {
    let mut parts = form.split('{');
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    for part in parts {
        let (name, after) = part.split_once('}')?;
        let end = if after.is_empty() { rest.len() } else { rest.find(after)? };
        found.push((name, &rest[..end]));
        rest = &rest[end + after.len()..];
    }
    rest.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::{Lang, Said, Sentences, count, say, told, words};
    use std::collections::BTreeSet;

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn every_sentence_is_there_in_both_languages_with_the_same_places_once() {
        let mut seen = BTreeSet::new();
        for (path, text) in crate::assets::under("sentences/") {
            let written: Sentences = toml::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}"));
            for (key, [en, de]) in written {
                assert!(!en.is_empty() && !de.is_empty(), "{key}");
                assert_eq!(places(&en), places(&de), "{key}");
                assert_eq!(key.starts_with("count."), en.contains('|') && de.contains('|'), "{key}");
                assert!(seen.insert(key.clone()), "{key} is there twice");
            }
        }
        assert!(seen.len() > 10);
    }

    #[test]
    fn notes_are_told_by_their_form() {
        let german = |note| told(note, Lang::De);
        assert_eq!(
            german("larger than the limit of 1024 KiB (2000 KiB)"),
            "größer als die Grenze von 1024 KiB (2000 KiB)"
        );
        assert_eq!(german("cannot be read: {why} {n}"), "lässt sich nicht lesen: {why} {n}");
        assert_eq!(german("something else"), "something else");
        assert_eq!(told("neither a file nor a folder", Lang::En), "neither a file nor a folder");
    }

    #[test]
    fn sentences_are_filled_in_and_counted() {
        assert_eq!(count(1, "file").text(Lang::De), "1 Datei");
        assert_eq!(count(2, "file").text(Lang::En), "2 files");
        let said = say("verdict.violated").put("kinds", "2 pid1").with("files", &count(1, "file"));
        assert_eq!((said.en.as_str(), said.de.as_str()), ("2 pid1 in 1 file.", "2 pid1 in 1 Datei."));
        assert_eq!(words(Lang::De, "no such key"), "no such key");
        assert_eq!(Said::join(&[count(1, "file"), count(2, "file")], ", ").de, "1 Datei, 2 Dateien");
    }
}
