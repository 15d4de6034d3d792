//! Constants that one file dials and another one defines: the literal is the site, wherever the call stands.
//!
//! A file that dials such a name says so in a clue. Once files are linked, the constant is judged where it is defined.

use super::conditions::makes_path;
use super::detect::Detect;
use super::sites::Hit;
use super::{Confidence, Kind, endpoint};
use crate::facts::{FileFacts, Name, Span, Value};

/// Tag of the clue; its subject is the name.
pub const DIALLED: &str = "dialled-constant";

/// The constant of another file that an address is, begins with, or has as its host.
pub fn constant(value: &Value) -> Option<&Name> {
    match value {
        Value::Constant { name, .. } => Some(name),
        Value::Name(name) => is_elsewhere(name).then_some(name),
        Value::Joined(parts) => {
            let first = match parts.as_slice() {
                [Value::Str(scheme), host, ..] if scheme.ends_with("://") || scheme.ends_with('@') => host,
                [first, ..] => first,
                [] => return None,
            };
            constant(first)
        }
        // `new URL(API)`, `URI.create(BASE + "/x")`
        Value::Call { name, args, .. } if makes_path(name) => args.first().and_then(constant),
        Value::List(values) => values.iter().find_map(constant),
        _ => None,
    }
}

/// True for a name that says that it is defined elsewhere: `Config.URL`, `./config.url`, `API_URL`; not for `url` and
/// `this.url`.
fn is_elsewhere(name: &str) -> bool {
    let (owner, last) = name.rsplit_once('.').unwrap_or(("", name));
    if owner.is_empty() {
        return last.len() > 1 && !last.contains(|c: char| c.is_lowercase()) && last.contains(char::is_alphabetic);
    }
    !matches!(owner.split('.').next(), Some("this" | "self" | "$this" | "cls"))
}

/// The clue that a file dials a constant of another one.
pub fn asked(name: &str, span: Span) -> Hit {
    Hit { tags: vec![DIALLED.into()], ..Hit::of(Kind::CLUE, format!("clue/{DIALLED}"), span, name) }
}

/// Adds the constants of a file that another one dials.
pub fn hits(detect: &Detect, facts: &FileFacts, dialled: &[u32], hits: &mut Vec<Hit>) {
    for definition in dialled.iter().filter_map(|index| facts.definitions.get(*index as usize)) {
        if definition.value.from_env() {
            continue;
        }
        let Some(address) = endpoint::sink(detect, &definition.value) else { continue };
        let literals = facts.literals.iter().filter(|literal| definition.span.contains(&literal.span));
        let written = literals.map(|literal| literal.span).next().unwrap_or(definition.span);
        // Two spellings of one site: what the literal alone said is less sure.
        hits.retain(|hit| hit.kind != Kind::ENDPOINT || !definition.span.contains(&hit.span));
        let proposal = super::proposal::proposal(detect, &definition.name, &address);
        hits.push(endpoint::hit(&address, "literal", Confidence::High, "", written, Vec::new(), proposal));
    }
}

#[cfg(test)]
mod tests {
    use super::is_elsewhere;

    #[test]
    fn names_of_other_files_are_told() {
        for name in ["Config.URL", "./config.url", "API_URL", "settings.HOST", "github.com/acme/conf.Host"] {
            assert!(is_elsewhere(name), "{name}");
        }
        for name in ["url", "this.url", "self.client.url", "Url", "_"] {
            assert!(!is_elsewhere(name), "{name}");
        }
    }
}
