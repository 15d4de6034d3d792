//! The query language behind `/`: words and `field:value`, `!` inverts, commas are alternatives, `=` asks for the whole
//! value, and `>` or `<` compare levels (`sev:>low`, `conf:>=0.8`). A word is found inside the text, or as letters in their
//! order in the file's name (`invwr` finds `InvoiceWriter.java`).

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
    Candidate,
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
    ("candidate", Field::Candidate),
];

#[derive(Debug, Clone, PartialEq)]
struct Term {
    inverted: bool,
    field: Option<Field>,
    /// Lower case; any of them is enough.
    values: Vec<String>,
    whole: bool,
    /// Comparison of a level with a bound.
    bound: Option<(Compare, f32)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compare {
    More,
    Least,
    Less,
    Most,
}

impl Compare {
    fn holds(self, value: f32, bound: f32) -> bool {
        match self {
            Compare::More => value > bound,
            Compare::Least => value >= bound,
            Compare::Less => value < bound,
            Compare::Most => value <= bound,
        }
    }
}

/// Levels as numbers: severities and confidences by name, or the number itself. The numbers of the levels lie where a
/// person would expect them: `conf:>0.8` is high, `conf:>0.5` is medium and high.
fn level(text: &str) -> Option<f32> {
    match text {
        "info" => Some(0.1),
        "low" => Some(0.4),
        "medium" => Some(0.7),
        "high" => Some(0.95),
        _ => text.parse().ok(),
    }
}

/// A query as typed, made ready to be asked.
#[derive(Debug, Clone, Default, PartialEq)]
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

    /// True when an item answers all terms. `get` gives the value of a field; words look at `parts`, and at `name` by the
    /// order of letters.
    pub fn matches<'a>(&self, get: impl Fn(Field) -> Cow<'a, str>, parts: &[&str], name: &str) -> bool {
        self.terms.iter().all(|term| {
            let hit = match term.field {
                None => term.values.iter().any(|wanted| {
                    parts.iter().any(|part| contains(part, wanted)) || (wanted.len() > 2 && in_order(name, wanted))
                }),
                Some(field) => {
                    let value = get(field);
                    match term.bound {
                        Some((compare, bound)) => level(&value).is_some_and(|value| compare.holds(value, bound)),
                        None => term.values.iter().any(|wanted| {
                            if term.whole { value.to_lowercase() == *wanted } else { contains(&value, wanted) }
                        }),
                    }
                }
            };
            hit != term.inverted
        })
    }
}

/// True when `text` holds `wanted` (lower case), whatever the case of `text`.
fn contains(text: &str, wanted: &str) -> bool {
    if !text.is_ascii() || !wanted.is_ascii() {
        return text.to_lowercase().contains(wanted);
    }
    let (text, wanted) = (text.as_bytes(), wanted.as_bytes());
    let Some(first) = wanted.first() else { return true };
    let upper = first.to_ascii_uppercase();
    let mut from = 0;
    while let Some(at) = memchr::memchr2(*first, upper, &text[from..]) {
        let rest = &text[from + at..];
        if rest.len() < wanted.len() {
            return false;
        }
        if rest[..wanted.len()].eq_ignore_ascii_case(wanted) {
            return true;
        }
        from += at + 1;
    }
    false
}

/// True when the letters of `wanted` stand in `text` in this order.
fn in_order(text: &str, wanted: &str) -> bool {
    if text.is_ascii() && wanted.is_ascii() {
        let mut rest = text.as_bytes();
        return wanted.bytes().all(|c| match memchr::memchr2(c, c.to_ascii_uppercase(), rest) {
            Some(at) => {
                rest = &rest[at + 1..];
                true
            }
            None => false,
        });
    }
    let mut letters = text.chars().flat_map(char::to_lowercase);
    wanted.chars().all(|c| letters.any(|letter| letter == c))
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
    let compared = [(">=", Compare::Least), ("<=", Compare::Most), (">", Compare::More), ("<", Compare::Less)];
    let bound = compared
        .iter()
        .filter(|_| field.is_some())
        .find_map(|(sign, compare)| value.strip_prefix(sign).map(|value| (*compare, level(&value.to_lowercase()))));
    // A comparison without a level yet is still being typed.
    let bound = match bound {
        Some((_, None)) => return None,
        Some((compare, Some(bound))) => Some((compare, bound)),
        None => None,
    };
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
        bound,
    })
}

#[cfg(test)]
mod tests {
    use super::{Field, Query};
    use std::borrow::Cow;

    fn asks(query: &str) -> bool {
        let path = "core/src/InvoiceWriter B.java";
        let get = |field| {
            Cow::Borrowed(match field {
                Field::Kind => "file-write",
                Field::Module => "core",
                Field::Path => path,
                Field::Scope => "test",
                Field::Severity | Field::Confidence => "medium",
                _ => "",
            })
        };
        Query::parse(query).matches(get, &[path, "writes below /var/Shop", "größe"], "InvoiceWriter B.java")
    }

    #[test]
    fn fields_words_inversion_and_alternatives() {
        assert!(asks(""));
        assert!(asks("kind:write var"));
        assert!(asks("kind:log,write"));
        assert!(!asks("kind:log"));
        assert!(asks("!kind:log !orders"));
        assert!(!asks("!scope:test"));
        assert!(asks("path:\"writer B\""));
        assert!(asks("module:=core") && !asks("module:=cor") && asks("module:cor"));
    }

    #[test]
    fn e10_words_are_found_whatever_their_case_and_by_the_letters_of_the_file_name() {
        assert!(asks("SHOP") && asks("/var/s") && asks("GRÖß"));
        assert!(asks("invwr") && asks("IWB") && !asks("wrinv") && !asks("!invwr"));
        assert!(!asks("iv"), "two letters are too few to be meant by their order");
    }

    #[test]
    fn e10_levels_are_compared() {
        assert!(asks("sev:>low") && asks("conf:>=medium") && asks("conf:<high") && asks("conf:>0.5"));
        assert!(!asks("conf:>0.8") && !asks("sev:>medium") && !asks("!sev:>low"));
        assert!(asks("conf:>") && asks("conf:>hi"), "still being typed");
    }

    #[test]
    fn half_typed_fields_ask_for_nothing() {
        assert!(asks("kind:") && asks("!") && asks("!kind:"));
        assert!(!asks("nonsense:write"));
    }
}
