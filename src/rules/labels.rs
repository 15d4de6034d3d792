//! What a finding is about, put together from what its rule captured.

use std::borrow::Cow;

use super::compile::{Rule, last_segment};
use super::conditions::{find, text_of};
use crate::facts::{Call, CallKind, DefinitionKind, FileFacts, Name, Value};

/// The text of a captured value: a string, the last segment of a name, the members of a list.
pub fn captured(value: &Value) -> Option<String> {
    match value {
        Value::Name(name) => Some(last_segment(name).to_owned()),
        Value::Int(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::List(values) | Value::OneOf(values) => {
            let texts: Vec<String> = values.iter().filter_map(captured).collect();
            (!texts.is_empty()).then(|| texts.join(","))
        }
        Value::Env { name, .. } => Some(format!("${name}")),
        Value::Call { name, args, .. } => text_of(value)
            .or_else(|| Some(args.iter().find_map(captured).unwrap_or_else(|| last_segment(name).to_owned()))),
        value => text_of(value),
    }
    .filter(|text| !text.is_empty() && text != "{}")
}

/// The values that a rule keeps of a call, by name.
pub fn parts(rule: &Rule, call: &Call, facts: &FileFacts) -> Vec<(Name, Name)> {
    let mut parts = rule.outcome.parts.clone();
    for (name, place) in &rule.capture {
        let found = find(place, call, facts).and_then(|found| captured(&found.value));
        if let Some(text) = found.filter(|_| !parts.iter().any(|(known, _)| known == name)) {
            let text = if name == "method" { text.to_uppercase() } else { text };
            parts.push((name.clone(), text.into()));
        }
    }
    parts.sort_unstable();
    parts
}

/// The verbs of HTTP in capitals, whatever a router calls them; other names as they are.
pub fn verb(name: &str) -> Cow<'_, str> {
    const VERBS: [&str; 9] = ["get", "post", "put", "patch", "delete", "head", "options", "any", "all"];
    if VERBS.iter().any(|verb| name.eq_ignore_ascii_case(verb)) {
        return Cow::Owned(name.to_uppercase());
    }
    Cow::Borrowed(name)
}

/// A label with its names in braces replaced; what is not known leaves nothing.
pub fn fill(label: &str, known: &[(&str, &str)], parts: &[(Name, Name)]) -> String {
    let mut out = String::with_capacity(label.len() + 16);
    let mut rest = label;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('}').map(|close| open + close) else { break };
        let name = &rest[open + 1..close];
        let fixed = known.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
        let part = || parts.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str());
        out.push_str(fixed.or_else(part).unwrap_or_default());
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands before the subject: the first text of an annotation of this name on the enclosing class, and, where the
/// call is an annotation of another name, of one beside it on the same method (`@GET @Path("x")`).
pub fn base(names: &[Box<str>], call: &Call, facts: &FileFacts) -> Option<String> {
    let class = class_base(names, call, facts);
    let beside = facts.calls.iter().find(|other| {
        call.kind == CallKind::Annotation
            && other.kind == CallKind::Annotation
            && !std::ptr::eq(*other, call)
            && other.inside == call.inside
            && is_method(call, facts)
            && names.iter().any(|name| &**name == other.last())
    });
    match (class, beside.and_then(first_text)) {
        (Some(class), Some(own)) => Some(join(&class, &own)),
        (class, own) => class.or(own),
    }
}

fn is_method(call: &Call, facts: &FileFacts) -> bool {
    let inside = call.inside.and_then(|index| facts.definitions.get(index as usize));
    inside.is_some_and(|definition| definition.kind == DefinitionKind::Method)
}

fn first_text(call: &Call) -> Option<String> {
    call.args.iter().find_map(|arg| match &arg.value {
        Value::List(values) => values.first().and_then(text_of),
        value => text_of(value),
    })
}

fn class_base(names: &[Box<str>], call: &Call, facts: &FileFacts) -> Option<String> {
    let mut at = call.inside;
    let class = loop {
        let index = at?;
        let definition = facts.definitions.get(index as usize)?;
        if definition.kind == DefinitionKind::Class {
            break index;
        }
        at = definition.parent;
    };
    let definition = &facts.definitions[class as usize];
    let own = |other: &&Call| {
        // Annotations belong to the class, or, in languages where they stand before it, to what encloses it.
        let before = other.inside == definition.parent
            && other.span.line <= definition.span.line
            && other.span.line + 8 >= definition.span.line;
        other.kind == CallKind::Annotation
            && !std::ptr::eq(*other, call)
            && (other.inside == Some(class) || before)
            && names.iter().any(|name| &**name == other.last())
    };
    // The nearest before the class, where several classes stand close together.
    let found = facts.calls.iter().filter(own).max_by_key(|other| (other.inside == Some(class), other.span.start))?;
    first_text(found)
}

/// Two parts of a route's path with one slash between them.
pub fn join(base: &str, path: &str) -> String {
    match (base.trim_matches('/'), path.trim_start_matches('/')) {
        ("", "") => "/".to_owned(),
        ("", _) => path.to_owned(),
        (base, "") => format!("/{base}"),
        (base, path) => format!("/{base}/{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_filled_and_what_is_unknown_leaves_no_gap() {
        let parts = [(Name::from("method"), Name::from("GET"))];
        assert_eq!(fill("{method} {subject}", &[("subject", "/a")], &parts), "GET /a");
        assert_eq!(fill("{verb} {subject}", &[("subject", "/a")], &parts), "/a");
        assert_eq!(join("/api/", "/x"), "/api/x");
        assert_eq!(join("", "/x"), "/x");
        assert_eq!(join("api", ""), "/api");
    }

    #[test]
    fn captured_values_are_short() {
        assert_eq!(captured(&Value::Name("RequestMethod.POST".into())).as_deref(), Some("POST"));
        let both = Value::List(vec![Value::Str("GET".into()), Value::Str("POST".into())]);
        assert_eq!(captured(&both).as_deref(), Some("GET,POST"));
        assert_eq!(captured(&Value::Unknown), None);
    }
}
