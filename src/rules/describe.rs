//! Rules in words: their conditions, and the rules that are code.

use super::compile::{Condition, EntryRule, Place, Rule, Test};
use super::paths::{Group, Paths};

/// The rules that are no data, as the end of their id behind the kind, and what they tell.
pub const SHAPES: [(&str, &str); 13] = [
    ("literal/web-url", "a literal with a web address that something says is dialled"),
    ("literal/url", "a literal with a scheme that programs dial: ldap, amqp, redis, smtp …"),
    ("literal/connection-string", "a literal that is a connection string: JDBC, ADO, libpq, PDO, TNS"),
    ("literal/host-port", "a literal `host:port`"),
    ("literal/ip", "a literal IPv4 or IPv6 address"),
    ("literal/host-name", "a bare word under a name that says host"),
    ("config/web-url", "a setting with a web address that something says is dialled"),
    ("config/url", "a setting with a scheme that programs dial: ldap, amqp, redis, smtp …"),
    ("config/connection-string", "a setting that is a connection string: JDBC, ADO, libpq, PDO, TNS"),
    ("config/host-port", "a setting `host:port`"),
    ("config/ip", "a setting that is an IPv4 or IPv6 address"),
    ("config/host-name", "a bare word under a setting that says host"),
    ("opened-file", "a file that is opened for writing and is a log by its path or name"),
];

/// The conditions of a rule, one a line, in words.
pub fn conditions(rule: &Rule, paths: &Paths) -> Vec<String> {
    let mut out = files(rule.files, None, paths);
    if !rule.imports.is_empty() {
        out.push(format!("in files that import {}", rule.imports.join(", ")));
    }
    out.extend(rule.when.iter().map(|condition| format!("when {}", one(condition))));
    out.extend(rule.unless.iter().map(|condition| format!("unless {}", one(condition))));
    if !rule.unknown.is_empty() {
        let confidence = rule.unknown_confidence.as_str();
        out.push(format!("also on an object of unknown type, {confidence} confidence: {}", rule.unknown.join(", ")));
    }
    if let Some(subject) = &rule.subject {
        out.push(format!("what it is about: {}", place(subject)));
    }
    out
}

/// Where a rule looks, by path.
pub fn files(files: Option<Group>, unless: Option<Group>, paths: &Paths) -> Vec<String> {
    let list =
        |group: Option<Group>, word: &str| group.map(|group| format!("{word} {}", paths.globs(group).join(", ")));
    list(files, "in files").into_iter().chain(list(unless, "not in files")).collect()
}

/// The conditions of a rule on settings.
pub fn entry_conditions(rule: &EntryRule, paths: &Paths) -> Vec<String> {
    let mut out = files(rule.files, rule.unless_files, paths);
    out.extend(rule.value.iter().map(|value| format!("when the value matches `{}`", value.source())));
    out.extend(rule.unless_value.iter().map(|value| format!("unless the value matches `{}`", value.source())));
    for (near, word) in [(&rule.near, "when"), (&rule.unless_near, "unless")] {
        let Some(near) = near else { continue };
        let value = near.value.as_ref().map_or_else(String::new, |value| format!(" matches `{}`", value.source()));
        out.push(
            format!("{word} there is a setting {} beside it that{value}", near.key)
                .trim_end_matches(" that")
                .to_owned(),
        );
    }
    out
}

fn place(place: &Place) -> String {
    let entry = |key: &Option<Box<str>>| key.as_ref().map_or_else(String::new, |key| format!("entry `{key}` of "));
    match place {
        Place::Arg { index, name, key } => {
            let name = name.as_ref().map(|name| format!("`{name}`"));
            let number = index.map(|index| format!("argument {}", index + 1));
            let both = match (number, name) {
                (Some(number), Some(name)) => format!("{number} ({name})"),
                (number, name) => number.or(name).unwrap_or_default(),
            };
            format!("{}{both}", entry(key))
        }
        Place::Any { key } => format!("{}any argument", entry(key)),
        Place::Last { key } => format!("{}the last argument", entry(key)),
        Place::Receiver => "the object of the call".to_owned(),
        Place::Assigned => "the variable that takes the result".to_owned(),
        Place::Parent => "the enclosing call".to_owned(),
    }
}

fn one(condition: &Condition) -> String {
    match condition {
        Condition::Args { min, max } if *max == usize::MAX => format!("there are at least {min} arguments"),
        Condition::Args { min: 0, max } => format!("there are at most {max} arguments"),
        Condition::Args { min, max } => format!("there are {min} to {max} arguments"),
        Condition::At { place: at, tests, .. } => {
            let tests: Vec<String> = tests.iter().map(test).collect();
            format!("{} {}", place(at), tests.join(" and "))
        }
    }
}

fn test(test: &Test) -> String {
    match test {
        Test::Is(list) => format!("is {}", list.join(" or ")),
        Test::Has(list) => format!("has {}", list.join(" or ")),
        Test::Chars(chars) => format!("has one of the letters `{chars}`"),
        Test::Matches(regex) => format!("matches `{}`", regex.source()),
        Test::Type(list) => format!("is of type {}", list.join(" or ")),
        Test::Missing(true) => "is left out".to_owned(),
        Test::Missing(false) => "is given".to_owned(),
        Test::Literal(true) => "is a literal".to_owned(),
        Test::Literal(false) => "is no literal".to_owned(),
        Test::NameMatches(regex) => format!("is called like `{}`", regex.source()),
    }
}
