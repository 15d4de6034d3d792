//! `breakbulk explain`: what a kind, a rule or a principle means, why it matters, how to fix it.

use std::fmt::Write as _;
use std::path::Path;

use super::rules::Rules;
use super::{Outcome, output};
use crate::rules::{self, Description, RuleSet};
use crate::text::{sanitize, similar};
use crate::{plan, principles};

/// Explains one id, or lists them all. Own rules of the user and of the current folder are known too.
pub fn run(what: Option<&str>) -> Outcome {
    let rules = Rules::read(Some(Path::new(".")))?;
    let rules = rules.get()?;
    let text = match what {
        None => list(rules),
        Some(id) => {
            kind(id, rules).or_else(|| principle(id)).or_else(|| rule(id, rules)).ok_or_else(|| unknown(id, rules))?
        }
    };
    output::print_bytes(text.as_bytes())
}

fn unknown(id: &str, rules: &RuleSet) -> String {
    let mut known: Vec<String> = rules::kinds::all().iter().map(|kind| kind.kind.0.to_owned()).collect();
    known.extend(principles::titles().map(|(id, _, _)| id.to_owned()));
    known.extend(rules.rules().map(|rule| rule.id.to_string()));
    match similar(id, known.iter().map(String::as_str)) {
        Some(meant) => format!("nothing is called {id}; did you mean {meant}?"),
        None => format!("nothing is called {id}; `breakbulk explain` lists the kinds, principles and rules"),
    }
}

fn list(rules: &RuleSet) -> String {
    let mut out = String::from("Kinds\n");
    for kind in rules::kinds::all() {
        let _ = writeln!(out, "  {:20} {} ({})", kind.kind.0, kind.title, kind.principle);
    }
    out.push_str("\nPrinciples\n");
    for (id, title, _) in principles::titles() {
        let _ = writeln!(out, "  {id:20} {title}");
    }
    out.push_str("\nRules\n");
    for rule in rules.rules() {
        let _ = writeln!(out, "  {}", sanitize(&rule.id));
    }
    out
}

fn kind(id: &str, rules: &RuleSet) -> Option<String> {
    let kind = rules::kinds::find(id)?;
    let mut out = format!("{}: {}\n\nWhy: {}\n", kind.kind.0, kind.title, kind.why);
    speaks_about(&mut out, kind.principle);
    advice(&mut out, id);
    examples(&mut out, id, |_| true);
    let count = rules.rules().filter(|rule| rule.kind.0 == id).count();
    let _ = writeln!(out, "\nRules: {count}; `breakbulk rules list --kind {id}` lists them");
    Some(out)
}

fn speaks_about(out: &mut String, principle: &str) {
    if let Some((id, title, _)) = principles::titles().find(|(known, _, _)| *known == principle) {
        let _ = writeln!(out, "Principle: {id}, {title}");
    }
}

fn advice(out: &mut String, kind: &str) {
    let steps = plan::advice(kind);
    if steps.is_empty() {
        return;
    }
    out.push_str("\nWhat to do:\n");
    for step in steps {
        let _ = writeln!(out, "  - {step}");
    }
}

/// Code before and after, in the languages that `wanted` picks.
fn examples(out: &mut String, kind: &str, wanted: impl Fn(&str) -> bool) {
    for (language, fix) in rules::fixes(kind).iter().filter(|(language, _)| wanted(language)) {
        let _ = writeln!(out, "\nIn {language}, before:");
        fix.before.trim().lines().for_each(|line| {
            let _ = writeln!(out, "    {line}");
        });
        let _ = writeln!(out, "after:");
        fix.after.trim().lines().for_each(|line| {
            let _ = writeln!(out, "    {line}");
        });
    }
}

fn principle(id: &str) -> Option<String> {
    let (id, title, title_de) = principles::titles().find(|(known, _, _)| known.eq_ignore_ascii_case(id))?;
    let mut out = format!("{id}: {title}\n     {title_de}\n");
    for kind in rules::kinds::all().iter().filter(|kind| kind.principle == id) {
        let _ = writeln!(out, "\n{}: {}\nWhy: {}", kind.kind.0, kind.title, kind.why);
        advice(&mut out, kind.kind.0);
    }
    Some(out)
}

fn rule(id: &str, rules: &RuleSet) -> Option<String> {
    let rule = rules.rules().find(|rule| rule.id == id).or_else(|| built_into_code(id))?;
    let off = if rule.off { "; switched off by an own rule file" } else { "" };
    let mut out =
        format!("{}: {} finding of severity {}{off}\n", sanitize(&rule.id), rule.kind.0, rule.severity.as_str());
    if !rule.note.is_empty() {
        let _ = writeln!(out, "\n{}", sanitize(&rule.note));
    }
    let settings = rule.languages.is_empty();
    if !rule.apis.is_empty() {
        let what = if settings { "settings".to_owned() } else { format!("uses in {}", rule.languages.join(", ")) };
        let _ = writeln!(out, "\nMatches {what}:");
    }
    for api in &rule.apis {
        let _ = writeln!(out, "  {}", sanitize(api));
    }
    for line in &rule.conditions {
        let _ = writeln!(out, "  {}", sanitize(line));
    }
    let kind = rules::kinds::find(rule.kind.0)?;
    let _ = writeln!(out, "\nWhy: {}", kind.why);
    speaks_about(&mut out, kind.principle);
    advice(&mut out, kind.kind.0);
    examples(&mut out, kind.kind.0, |language| {
        rule.languages.iter().any(|known| known == language) || (settings && language == rules::CONFIGURATION)
    });
    Some(out)
}

/// The rules that are no data: addresses told by their shape, and files that are told to be logs.
fn built_into_code(id: &str) -> Option<Description> {
    let (kind, rest) = id.split_once('/')?;
    let kind = rules::kinds::find(kind)?;
    let note = rules::SHAPES.iter().find(|(known, _)| *known == rest)?.1;
    let settings = rest.starts_with("config/");
    Some(Description {
        id: id.into(),
        kind: kind.kind,
        severity: kind.severity,
        languages: if settings { Vec::new() } else { vec!["every language".into()] },
        apis: Vec::new(),
        conditions: Vec::new(),
        note: note.to_owned(),
        off: false,
    })
}
