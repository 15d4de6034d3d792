//! `breakbulk explain`: what a kind, a rule or a principle means, why it matters, how to fix it.

use std::fmt::Write as _;

use super::{Outcome, output};
use crate::rules::{self, RuleSet};
use crate::{plan, principles};

/// Explains one id, or lists them all.
pub fn run(what: Option<&str>) -> Outcome {
    let rules = RuleSet::built_in().map_err(|error| error.to_string())?;
    let text = match what {
        None => list(rules),
        Some(id) => kind(id, rules).or_else(|| principle(id)).or_else(|| rule(id, rules)).ok_or_else(|| {
            format!("nothing is called {id}; `breakbulk explain` lists the kinds, principles and rules")
        })?,
    };
    output::print_bytes(text.as_bytes())
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
        let _ = writeln!(out, "  {}", rule.id);
    }
    out
}

fn kind(id: &str, rules: &RuleSet) -> Option<String> {
    let kind = rules::kinds::find(id)?;
    let mut out = format!("{}: {} (principle {})\n\nWhy: {}\n", kind.kind.0, kind.title, kind.principle, kind.why);
    advice(&mut out, id);
    let count = rules.rules().filter(|rule| rule.kind.0 == id).count();
    let _ = writeln!(out, "\nRules: {count} built in; `breakbulk explain` lists them");
    Some(out)
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
    let rule = rules.rules().find(|rule| rule.id == id)?;
    let mut out = format!("{} (kind {}, {})\n", rule.id, rule.kind.0, rule.languages.join(", "));
    if !rule.note.is_empty() {
        let _ = writeln!(out, "\n{}", rule.note);
    }
    out.push_str("\nMatches:\n");
    for api in &rule.apis {
        let _ = writeln!(out, "  {api}");
    }
    if let Some(kind) = rules::kinds::find(rule.kind.0) {
        let _ = writeln!(out, "\nWhy: {}", kind.why);
        advice(&mut out, kind.kind.0);
    }
    Some(out)
}
