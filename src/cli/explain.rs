//! `breakbulk explain`: what a kind, a rule or a principle means, why it matters, how to fix it.

use std::fmt::Write as _;
use std::path::Path;

use super::rules::Rules;
use super::{Outcome, output};
use crate::rules::{self, Description, RuleSet};
use crate::text::{Lang, sanitize, say, similar, words};
use crate::{plan, principles};

/// Explains one id, or lists them all. Own rules of the user and of the current folder are known too.
pub fn run(what: Option<&str>, lang: Lang) -> Outcome {
    let rules = Rules::read(Some(Path::new(".")))?;
    let rules = rules.get()?;
    let text = match what {
        None => list(rules, lang),
        Some(id) => {
            let known = kind(id, rules, lang).or_else(|| principle(id, lang)).or_else(|| rule(id, rules, lang));
            known.ok_or_else(|| unknown(id, rules))?
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

fn list(rules: &RuleSet, lang: Lang) -> String {
    let mut out = format!("{}\n", words(lang, "explain.kinds"));
    for kind in rules::kinds::all() {
        let _ = writeln!(out, "  {:20} {} ({})", kind.kind.0, lang.of(kind.title, kind.title_de), kind.principle);
    }
    let _ = writeln!(out, "\n{}", words(lang, "explain.principles"));
    for (id, title, title_de) in principles::titles() {
        let title = lang.of(title, title_de);
        let _ = writeln!(out, "  {id:20} {title}");
    }
    let _ = writeln!(out, "\n{}", words(lang, "explain.rules"));
    for rule in rules.rules() {
        let _ = writeln!(out, "  {}", sanitize(&rule.id));
    }
    out
}

fn kind(id: &str, rules: &RuleSet, lang: Lang) -> Option<String> {
    let kind = rules::kinds::find(id)?;
    let mut out = format!("{}: {}\n\n{}\n", kind.kind.0, lang.of(kind.title, kind.title_de), why(kind, lang));
    speaks_about(&mut out, kind.principle, lang);
    advice(&mut out, id, lang);
    examples(&mut out, id, lang, |_| true);
    let count = rules.rules().filter(|rule| rule.kind.0 == id).count();
    let _ = writeln!(out, "\n{}", say("explain.list").put("count", count).put("kind", id).text(lang));
    Some(out)
}

fn why(kind: &rules::kinds::KindInfo, lang: Lang) -> String {
    say("explain.why").put("why", lang.of(kind.why, kind.why_de)).text(lang).to_owned()
}

fn speaks_about(out: &mut String, principle: &str, lang: Lang) {
    if let Some((id, title, title_de)) = principles::titles().find(|(known, _, _)| *known == principle) {
        let said = say("explain.principle").put("id", id).put("title", lang.of(title, title_de));
        let _ = writeln!(out, "{}", said.text(lang));
    }
}

fn advice(out: &mut String, kind: &str, lang: Lang) {
    let steps = plan::advice(kind, lang);
    if steps.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", words(lang, "explain.do"));
    for step in steps {
        let _ = writeln!(out, "  - {step}");
    }
}

/// Code before and after, in the languages that `wanted` picks.
fn examples(out: &mut String, kind: &str, lang: Lang, wanted: impl Fn(&str) -> bool) {
    for (language, fix) in rules::fixes(kind).iter().filter(|(language, _)| wanted(language)) {
        let _ = writeln!(out, "\n{}", say("explain.before").put("language", language).text(lang));
        fix.before.trim().lines().for_each(|line| {
            let _ = writeln!(out, "    {line}");
        });
        let _ = writeln!(out, "{}", words(lang, "explain.after"));
        fix.after.trim().lines().for_each(|line| {
            let _ = writeln!(out, "    {line}");
        });
    }
}

fn principle(id: &str, lang: Lang) -> Option<String> {
    let (id, title, title_de) = principles::titles().find(|(known, _, _)| known.eq_ignore_ascii_case(id))?;
    let mut out = format!("{id}: {title}\n     {title_de}\n");
    for kind in rules::kinds::all().iter().filter(|kind| kind.principle == id) {
        let _ = writeln!(out, "\n{}: {}\n{}", kind.kind.0, lang.of(kind.title, kind.title_de), why(kind, lang));
        advice(&mut out, kind.kind.0, lang);
    }
    Some(out)
}

fn rule(id: &str, rules: &RuleSet, lang: Lang) -> Option<String> {
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
    let _ = writeln!(out, "\n{}", why(kind, lang));
    speaks_about(&mut out, kind.principle, lang);
    advice(&mut out, kind.kind.0, lang);
    examples(&mut out, kind.kind.0, lang, |language| {
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
