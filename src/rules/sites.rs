//! One site, one finding: wrappers around what is already reported, several rules on one call, an address and its use.

use super::compile::Outcome;
use super::{Confidence, Kind, Severity, kinds};
use crate::facts::{CallKind, FileFacts, Name, Span};

/// A rule that matched, before it becomes a finding.
#[derive(Debug, Clone)]
pub struct Hit {
    pub kind: Kind,
    pub rule: Name,
    pub severity: Severity,
    pub confidence: Confidence,
    pub doubt: String,
    pub span: Span,
    pub tags: Vec<Name>,
    /// The rule's own sentence.
    pub message: Option<String>,
    /// Not yet redacted.
    pub subject: String,
    /// What the rule captured, by name, sorted; not yet redacted.
    pub parts: Vec<(Name, Name)>,
    /// The call that matched; none for literals and entries.
    pub call: Option<usize>,
    /// Where the subject stands, if it is an argument.
    pub subject_span: Option<Span>,
    pub proposal: Option<Name>,
}

impl Hit {
    /// A hit of a rule that is code: sure, and of the kind's severity.
    pub fn of(kind: Kind, rule: impl Into<Name>, span: Span, subject: impl Into<String>) -> Hit {
        Hit {
            kind,
            rule: rule.into(),
            severity: kinds::find(kind.0).map_or(Severity::Medium, |info| info.severity),
            confidence: Confidence::High,
            doubt: String::new(),
            span,
            tags: Vec::new(),
            message: None,
            subject: subject.into(),
            parts: Vec::new(),
            call: None,
            subject_span: None,
            proposal: None,
        }
    }

    /// A hit of a rule that is data.
    pub fn of_rule(rule: &Outcome, span: Span, subject: String) -> Hit {
        Hit {
            severity: rule.severity,
            confidence: rule.confidence,
            tags: rule.tags.clone(),
            message: rule.message.clone(),
            parts: rule.parts.clone(),
            ..Hit::of(rule.kind, rule.id.clone(), span, subject)
        }
    }

    /// The same hit with this confidence, and why it is not sure.
    #[must_use]
    pub fn doubted(self, confidence: Confidence, doubt: &str) -> Hit {
        Hit { confidence, doubt: doubt.to_owned(), ..self }
    }
}

/// Leaves one hit per site, sorted by place, kind and rule.
pub fn merge(mut hits: Vec<Hit>, facts: &FileFacts) -> Vec<Hit> {
    // The surest first, API rules before literals, a log before a file write; then the first of each site stays.
    hits.sort_by(|a, b| {
        // What somebody wrote a rule for goes before what is built in.
        let own = |hit: &Hit| hit.rule.starts_with("own/");
        let rank =
            |hit: &Hit| (std::cmp::Reverse(hit.confidence), !own(hit), hit.call.is_none(), hit.kind != Kind::LOG_PATH);
        rank(a).cmp(&rank(b)).then_with(|| a.span.cmp(&b.span)).then_with(|| a.rule.cmp(&b.rule))
    });
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        match kept.iter_mut().find(|other| same_site(other, &hit)) {
            Some(other) => {
                // A log stays a log, whichever rule was surer.
                if hit.kind == Kind::LOG_PATH && other.kind == Kind::FILE_WRITE && hit.confidence >= Confidence::Medium
                {
                    *other = hit;
                }
            }
            None => kept.push(hit),
        }
    }
    let wrapped: Vec<bool> = kept.iter().map(|hit| wraps_another(hit, &kept, facts)).collect();
    let mut at = 0;
    kept.retain(|_| {
        at += 1;
        !wrapped[at - 1]
    });
    kept.sort_by(|a, b| {
        (a.span.line, a.span.column, a.span.start, a.kind, &a.rule).cmp(&(
            b.span.line,
            b.span.column,
            b.span.start,
            b.kind,
            &b.rule,
        ))
    });
    kept
}

/// True for kinds that are about the same thing: a file that is opened.
fn same_family(a: Kind, b: Kind) -> bool {
    let file = |kind: Kind| kind == Kind::FILE_WRITE || kind == Kind::LOG_PATH;
    a == b || (file(a) && file(b))
}

fn same_site(a: &Hit, b: &Hit) -> bool {
    if !same_family(a.kind, b.kind) {
        return false;
    }
    // Facts about one place may be several: two variables of one expression, two clues of one line.
    if a.kind == Kind::CLUE || a.kind == Kind::ENV_CONFIG {
        return a.span == b.span && a.subject == b.subject && a.tags == b.tags;
    }
    if let (Some(a), Some(b)) = (a.call, b.call)
        && a == b
    {
        return true;
    }
    if a.kind == Kind::ENDPOINT {
        return a.span.contains(&b.span) || b.span.contains(&a.span);
    }
    a.span == b.span
}

/// True when this call only wraps, or is made on, something that is reported itself.
fn wraps_another(hit: &Hit, all: &[Hit], facts: &FileFacts) -> bool {
    let Some(outer) = hit.call else { return false };
    let acts =
        ["delete", "directory", "rename", "move", "copy"].iter().any(|tag| hit.tags.iter().any(|have| have == tag));
    all.iter().any(|other| {
        let Some(inner) = other.call.filter(|inner| *inner != outer) else { return false };
        let file = hit.kind == Kind::FILE_WRITE || hit.kind == Kind::LOG_PATH;
        if !same_family(hit.kind, other.kind) || !file {
            return false;
        }
        let (outer_call, inner_call) = (&facts.calls[outer], &facts.calls[inner]);
        if !is_ancestor(outer, inner, facts) {
            // An opened file handed to a log handler: the handler is the site.
            return hit.kind == Kind::FILE_WRITE && other.kind == Kind::LOG_PATH && is_ancestor(inner, outer, facts);
        }
        if other.kind == Kind::FILE_WRITE && hit.kind == Kind::LOG_PATH {
            return false;
        }
        let on_it = outer_call.span.start == inner_call.span.start;
        let in_subject = hit.subject_span.is_some_and(|span| span.contains(&inner_call.span));
        !acts && (on_it || in_subject || outer_call.kind == CallKind::Construct)
    })
}

fn is_ancestor(outer: usize, inner: usize, facts: &FileFacts) -> bool {
    let mut at = facts.calls.get(inner).and_then(|call| call.parent);
    let mut steps = 0;
    while let Some(index) = at {
        if index as usize == outer {
            return true;
        }
        steps += 1;
        if steps > 64 {
            return false;
        }
        at = facts.calls.get(index as usize).and_then(|call| call.parent);
    }
    false
}
