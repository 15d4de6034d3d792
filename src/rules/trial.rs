//! What an own rule nearly finds, and why it does not: for whoever writes one.

use super::compile::{Condition, Place, last_segment};
use super::conditions::{self, Truth};
use super::engine::name_matches;
use super::{Kind, RuleSet};
use crate::facts::{FileFacts, Language, Name};

/// A place that a rule looks at and does not report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NearMiss {
    /// Line from 1.
    pub line: u32,
    /// The rule.
    pub rule: Name,
    /// Why it is not reported, for people.
    pub why: String,
}

/// The places of one file that the rules of `rules` look at without reporting them, sorted by line.
#[must_use]
pub fn near_misses(rules: &RuleSet, language: Option<Language>, facts: &FileFacts) -> Vec<NearMiss> {
    let mut found = Vec::new();
    let own = |_: &str| false;
    for call in &facts.calls {
        let Some(index) = rules.index(language) else { break };
        for position in index.by_last.get(call.last()).into_iter().flatten() {
            let Some(rule) = rules.rule(*position).filter(|rule| !rule.outcome.off) else { continue };
            let why = if name_matches(rule, call, facts, &own).is_none() {
                let asked: Vec<&str> = rule
                    .patterns
                    .iter()
                    .map(|pattern| &*pattern.name)
                    .filter(|name| last_segment(name) == call.last())
                    .collect();
                let known = if call.name.starts_with("?#") {
                    "; the receiver's type is not known here, `unknown` would take it"
                } else {
                    ""
                };
                format!("the name is read as `{}`, the rule asks for `{}`{known}", call.name, asked.join("`, `"))
            } else if let Some(at) =
                rule.unless.iter().position(|condition| conditions::holds(condition, call, facts) == Truth::Yes)
            {
                format!("condition {} of `unless` holds{}", at + 1, place(&rule.unless[at]))
            } else if let Some(at) =
                rule.when.iter().position(|condition| conditions::holds(condition, call, facts) == Truth::No)
            {
                format!("condition {} of `when` does not hold{}", at + 1, place(&rule.when[at]))
            } else if rule.outcome.kind == Kind::ENDPOINT {
                "if it is not reported, the subject is no literal host or URL".to_owned()
            } else {
                continue;
            };
            found.push(NearMiss { line: call.span.line, rule: rule.outcome.id.clone(), why });
        }
    }
    for entry in &facts.entries {
        for rule in rules.entry_rules() {
            let alike = rule.keys.iter().any(|key| {
                let last = entry.key.rsplit(['.', '@']).next().unwrap_or_default();
                key.last().is_some_and(|asked| asked.trim_start_matches('@') == last.to_ascii_lowercase())
            });
            let keyed = rule.keys.iter().any(|key| key.matches(&entry.key));
            let why = if !keyed && alike {
                format!("the key is read as `{}`", entry.key)
            } else if keyed && rule.value.as_ref().is_some_and(|value| !value.is_match(&entry.value)) {
                "`value` does not match".to_owned()
            } else if keyed && rule.unless_value.as_ref().is_some_and(|value| value.is_match(&entry.value)) {
                "`unless_value` matches".to_owned()
            } else if keyed {
                "if it is not reported, `files`, `near` or `unless_near` says so".to_owned()
            } else {
                continue;
            };
            found.push(NearMiss { line: entry.span.line, rule: rule.outcome.id.clone(), why });
        }
    }
    found.sort();
    found.dedup();
    found
}

fn place(condition: &Condition) -> String {
    match condition {
        Condition::At { place: Place::Arg { index: Some(index), .. }, .. } => format!(" (`arg = {index}`)"),
        Condition::At { place: Place::Arg { name: Some(name), .. }, .. } => format!(" (`name = \"{name}\"`)"),
        Condition::At { place: Place::Receiver, .. } => " (`receiver`)".to_owned(),
        _ => String::new(),
    }
}
