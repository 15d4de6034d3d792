//! The query language behind `/`: words and `field:value`, `!` inverts, commas are alternatives, `=` asks for the whole value.

use std::borrow::Cow;

/// What a query may ask an item for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Kind,
    Module,
    Scope,
    Rule,
    Path,
    Language,
    Principle,
    Severity,
    Confidence,
    Status,
    Tag,
}

/// Field names as typed.
pub const FIELDS: &[(&str, Field)] = &[
    ("kind", Field::Kind),
    ("module", Field::Module),
    ("scope", Field::Scope),
    ("rule", Field::Rule),
    ("path", Field::Path),
    ("lang", Field::Language),
    ("principle", Field::Principle),
    ("sev", Field::Severity),
    ("conf", Field::Confidence),
    ("status", Field::Status),
    ("tag", Field::Tag),
];

#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    inverted: bool,
    field: Option<Field>,
    /// Lower case; any of them is enough.
    values: Vec<String>,
    whole: bool,
}

/// A query as typed, made ready to be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    terms: Vec<Term>,
}

impl Query {
    /// Reads a query; nothing is an error, an unknown field is a word.
    #[must_use]
    pub fn parse(text: &str) -> Query {
        Query { terms: words(text).into_iter().filter_map(|word| term(&word)).collect() }
    }

    /// True when it asks for nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// True when an item answers all terms. `get` gives the values of a field; `None` asks for the text that words look at.
    pub fn matches<'a>(&self, get: impl Fn(Option<Field>) -> Cow<'a, str>) -> bool {
        self.terms.iter().all(|term| {
            let value = get(term.field).to_lowercase();
            let hit =
                term.values.iter().any(|wanted| if term.whole { value == *wanted } else { value.contains(wanted) });
            hit != term.inverted
        })
    }
}

/// Words, with quotes keeping spaces.
fn words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => out.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    out.push(word);
    out.retain(|word| !word.is_empty());
    out
}

fn term(word: &str) -> Option<Term> {
    let (inverted, rest) = word.strip_prefix('!').map_or((false, word), |rest| (true, rest));
    let named = rest
        .split_once(':')
        .and_then(|(name, value)| FIELDS.iter().find(|(known, _)| *known == name).map(|(_, field)| (*field, value)));
    let (field, value) = named.map_or((None, rest), |(field, value)| (Some(field), value));
    let (whole, value) = match value.strip_prefix('=') {
        Some(value) if field.is_some() => (true, value),
        _ => (false, value),
    };
    let values: Vec<String> = if field.is_some() {
        value.split(',').filter(|value| !value.is_empty()).map(str::to_lowercase).collect()
    } else {
        vec![value.to_lowercase()]
    };
    // A field without a value is still being typed: it asks for nothing yet.
    (!values.is_empty() && values.iter().any(|value| !value.is_empty())).then_some(Term {
        inverted,
        field,
        values,
        whole,
    })
}

#[cfg(test)]
mod tests {
    use super::{Field, Query};
    use std::borrow::Cow;

    fn asks(query: &str) -> bool {
        Query::parse(query).matches(|field| {
            Cow::Borrowed(match field {
                Some(Field::Kind) => "file-write",
                Some(Field::Module) => "core",
                Some(Field::Path) => "core/src/A B.java",
                Some(Field::Scope) => "test",
                None => "core/src/A B.java writes below /var/shop",
                _ => "",
            })
        })
    }

    #[test]
    fn fields_words_inversion_and_alternatives() {
        assert!(asks(""));
        assert!(asks("kind:write var"));
        assert!(asks("kind:log,write"));
        assert!(!asks("kind:log"));
        assert!(asks("!kind:log !orders"));
        assert!(!asks("!scope:test"));
        assert!(asks("path:\"A B\""));
        assert!(asks("module:=core") && !asks("module:=cor") && asks("module:cor"));
    }

    #[test]
    fn half_typed_fields_ask_for_nothing() {
        assert!(asks("kind:") && asks("!") && asks("!kind:"));
        assert!(!asks("nonsense:write"));
    }
}
