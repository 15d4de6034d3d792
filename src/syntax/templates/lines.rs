//! HAML and Slim: lines whose first sign says that Ruby follows. Blocks end where the indentation does, so that nothing closes
//! them: their heads are taken over as expressions, without the words that open the block.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Masked;

/// Where the Ruby of a line begins: `- x`, `= x`, `!= x`, `%td.a{b}= x`, `h1 = x`.
static HAML: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^\s*(?:-|[=~]|[&!]==?|[%.#][\w.#:-]+(?:\{[^}]*\}|\([^)]*\))*[<>]*[&!]?=|==)(?:\s|$)"#).ok()
});
static SLIM: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"^\s*(?:-|==?[<>']*|[a-z.#][\w.#:-]*\s*==?[<>']*)(?:\s|$)"#).ok());

/// Words that open or continue a block before an expression.
const OPENERS: [&str; 10] = ["if ", "unless ", "elsif ", "while ", "until ", "case ", "else", "begin", "ensure", "end"];
/// Lines of these tell nothing alone.
const DROPPED: [&str; 4] = ["when ", "for ", "in ", "rescue"];

pub fn mask(text: &str, slim: bool, masked: &mut Masked) {
    let Some(regex) = (if slim { &SLIM } else { &HAML }).as_ref() else { return };
    let mut at = 0;
    let mut filter: Option<(usize, bool)> = None;
    let mut continued = false;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim_end();
        let indent = content.len() - content.trim_start().len();
        let code = start..start + content.len();
        if content.trim_start().is_empty() {
            continue;
        }
        if let Some((depth, ruby)) = filter {
            if indent > depth {
                if ruby {
                    masked.keep(text, code.clone());
                    masked.taken.push(code);
                }
                continue;
            }
            filter = None;
        }
        let word = content.trim_start();
        // A comment, or text of another language, reaches as far as it is indented.
        if word.starts_with("-#") || word.starts_with('/') || word.ends_with(':') && slim && !word.contains(' ') {
            filter = Some((indent, word == "ruby:"));
        } else if word.starts_with(':') && !slim {
            filter = Some((indent, word == ":ruby"));
        } else if continued {
            take(text, code.clone(), masked);
        } else if let Some(found) = regex.find(content) {
            take(text, start + found.end()..code.end, masked);
        } else {
            continue;
        }
        continued = filter.is_none() && content.ends_with(',');
    }
}

/// Takes over an expression; where it opens a block, without the opening words and without `do |x|`.
fn take(text: &str, range: Range<usize>, masked: &mut Masked) {
    let Some(code) = text.get(range.clone()) else { return };
    let trimmed = code.trim_start();
    let mut start = range.start + (code.len() - trimmed.len());
    if DROPPED.iter().any(|word| trimmed.starts_with(word)) {
        return;
    }
    let opener = OPENERS.iter().find(|word| {
        trimmed.strip_prefix(**word).is_some_and(|rest| word.ends_with(' ') || !rest.starts_with(char::is_alphanumeric))
    });
    if let Some(word) = opener {
        start += word.len();
    }
    let rest = text.get(start..range.end).unwrap_or_default();
    let block = rest.rfind(" do").filter(|place| {
        let after = rest[place + 3..].trim();
        after.is_empty() || after.starts_with('|') && after.ends_with('|')
    });
    let end = block.map_or(range.end, |place| start + place);
    masked.taken.push(range);
    masked.keep(text, start..end);
}
