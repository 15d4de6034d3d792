//! Addresses that are one site: a constant and its uses; and spellings of the own machine that are compared only.

use super::Kind;
use super::sites::Hit;
use crate::facts::{Call, CallKind, FileFacts, Span, Value};

/// Several spellings of the own machine side by side (`['localhost', '127.0.0.1', '::1']`) are compared, not dialled.
pub fn drop_own_names(hits: &mut Vec<Hit>) {
    let own = |hit: &Hit| {
        hit.kind == Kind::ENDPOINT
            && hit.rule.contains("/literal/")
            && matches!(hit.subject.as_str(), "localhost" | "127.0.0.1" | "::1" | "[::1]")
    };
    let beside = |a: &Hit, b: &Hit| {
        let below = a.span.line.abs_diff(b.span.line) == 1 && a.span.column == b.span.column;
        a.subject != b.subject && (a.span.line == b.span.line || below)
    };
    let listed: Vec<bool> =
        hits.iter().map(|hit| own(hit) && hits.iter().any(|other| own(other) && beside(hit, other))).collect();
    let mut at = 0;
    hits.retain(|_| {
        at += 1;
        !listed[at - 1]
    });
}

/// `@app.get("/x")` is an annotation and the call in it: one site.
pub fn fold_decorators(hits: &mut Vec<Hit>, facts: &FileFacts) {
    let inside = |hit: &Hit| {
        let parent = facts.calls.get(hit.call?)?.parent? as usize;
        (facts.calls.get(parent)?.kind == CallKind::Annotation).then_some(parent)
    };
    let twice: Vec<bool> = hits
        .iter()
        .map(|hit| {
            inside(hit).is_some_and(|parent| {
                hits.iter().any(|other| {
                    other.call == Some(parent) && other.kind == hit.kind && other.span.line == hit.span.line
                })
            })
        })
        .collect();
    let mut at = 0;
    hits.retain(|_| {
        at += 1;
        !twice[at - 1]
    });
}

/// A file that is opened, kept in a variable and handed to what logs (`f, _ := os.Create(p)`, `log.SetOutput(f)`) is one site:
/// the place that opens it, which is a log then.
pub fn fold_handles(hits: &mut Vec<Hit>, facts: &FileFacts) {
    let file = |hit: &Hit| hit.kind == Kind::FILE_WRITE || hit.kind == Kind::LOG_PATH;
    let mut at = 0;
    while at < hits.len() {
        let sink = hits[at].call.filter(|_| hits[at].kind == Kind::LOG_PATH).and_then(|call| facts.calls.get(call));
        let opener = sink.and_then(|sink| {
            hits.iter().position(|hit| {
                let call = hit.call.and_then(|call| facts.calls.get(call));
                file(hit) && call.is_some_and(|call| is_handed(sink, call))
            })
        });
        let Some(opener) = opener else {
            at += 1;
            continue;
        };
        let sink = hits.remove(at);
        let opener = if opener > at { opener - 1 } else { opener };
        let hit = &mut hits[opener];
        if hit.kind == Kind::FILE_WRITE {
            (hit.kind, hit.rule, hit.severity, hit.message) = (sink.kind, sink.rule, sink.severity, None);
            hit.confidence = hit.confidence.max(sink.confidence);
        }
    }
}

/// True where one of the arguments is what another call of the same function has opened.
fn is_handed(sink: &Call, opener: &Call) -> bool {
    fn holds(value: &Value, opener: &Call) -> bool {
        match value {
            Value::Call { name, args, .. } => {
                // Where the object is noted as the first argument, there is one more.
                let own = args.len().checked_sub(opener.args.len()).and_then(|from| args.get(from..));
                let same = *name == opener.name
                    && own.is_some_and(|args| args.iter().zip(&opener.args).all(|(value, arg)| *value == arg.value));
                same || args.iter().any(|value| holds(value, opener))
            }
            Value::List(values) | Value::OneOf(values) => values.iter().any(|value| holds(value, opener)),
            Value::Map(entries) => entries.iter().any(|(_, value)| holds(value, opener)),
            _ => false,
        }
    }
    // What is opened inside of the call itself is one site already.
    let before = opener.span.end <= sink.span.start || sink.kind == CallKind::Assign;
    before && sink.inside == opener.inside && sink.args.iter().any(|arg| holds(&arg.value, opener))
}

/// An address that stands in a constant, and is joined with more where it is used, is one site: the constant. What its
/// uses say of it is the constant's to keep.
///
/// A call that is handed such a join is no site either: its hit moves to the literal in which the host is written.
pub fn fold_uses(hits: &mut Vec<Hit>, facts: &FileFacts, text: &str) {
    let host = |hit: &Hit| {
        let rest = hit.subject.split_once("://").map_or(hit.subject.as_str(), |(_, rest)| rest);
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default().rsplit('@').next().unwrap_or_default();
        host.split(':').next().unwrap_or_default().to_owned()
    };
    let written = |span: &Span, host: &str| {
        text.get(span.start as usize..span.end as usize).is_some_and(|source| source.contains(host))
    };
    let stands = |hit: &Hit, host: &str| written(&hit.span, host);
    let mut at = 0;
    while at < hits.len() {
        let hit = &hits[at];
        let name = if hit.kind == Kind::ENDPOINT { host(hit) } else { String::new() };
        let within = hit.call.and_then(|call| facts.calls.get(call)).is_some_and(|call| written(&call.span, &name));
        if name.is_empty() || name.contains('{') || stands(hit, &name) || within {
            at += 1;
            continue;
        }
        let origin = (0..hits.len()).find(|&other| {
            let it = &hits[other];
            other != at && it.kind == Kind::ENDPOINT && stands(it, &name) && host(it) == name
        });
        if origin.is_none()
            && hit.call.is_some()
            && let Some(literal) = facts.literals.iter().find(|literal| written(&literal.span, &name))
        {
            hits[at].span = literal.span;
        }
        match origin {
            Some(origin) => {
                let confidence = hits[at].confidence;
                if confidence > hits[origin].confidence {
                    hits[origin].confidence = confidence;
                    hits[origin].doubt = hits[at].doubt.clone();
                }
                hits.remove(at);
            }
            None => at += 1,
        }
    }
}
