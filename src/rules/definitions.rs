//! Rules on what a file defines, extends and imports, and on its path alone.

use super::RuleSet;
use super::compile::{DefinitionRule, LanguageIndex, Rule, Shape, last_segment};
use super::labels::fill;
use super::paths::Matched;
use super::sites::Hit;
use crate::facts::{Call, Definition, FileFacts, Import, ImportKind, RefKind, SourceFile, Span, Value};

/// Adds what the definitions, base types and imports of a file say.
pub fn hits(
    rules: &RuleSet,
    index: &LanguageIndex,
    paths: &Matched,
    facts: &FileFacts,
    own_types: &dyn Fn(&str) -> bool,
    hits: &mut Vec<Hit>,
) {
    for &position in &index.definitions {
        let Some(rule) = rules.definition(position) else { continue };
        if rule.outcome.off || !paths.allows(rule.files) || !imports_any(&rule.imports, facts) {
            continue;
        }
        for definition in facts.definitions.iter().filter(|definition| defines(rule, definition, facts)) {
            hits.push(definition_hit(rule, definition, facts));
        }
    }
    if !index.extends.is_empty() {
        for reference in facts.references.iter().filter(|reference| reference.kind == RefKind::Inherit) {
            for &position in index.extends.get(last_segment(&reference.name)).into_iter().flatten() {
                let Some(rule) = rules.rule(position) else { continue };
                if applies(rule, paths, facts)
                    && rule
                        .patterns
                        .iter()
                        .any(|p| p.shape == Shape::Extends && extends(&p.name, &reference.name, facts, own_types))
                {
                    hits.push(plain_hit(rule, reference.line, &heir(reference.line, facts)));
                }
            }
        }
    }
    if !index.imports.is_empty() {
        let mut seen = Vec::new();
        for import in &facts.imports {
            let name = full_name(import);
            for start in prefixes(&name) {
                for &position in index.imports.get(start).into_iter().flatten() {
                    let Some(rule) = rules.rule(position) else { continue };
                    if !seen.contains(&position) && applies(rule, paths, facts) {
                        seen.push(position);
                        hits.push(plain_hit(rule, import.line, start));
                    }
                }
            }
        }
    }
}

/// Adds what the path of a file says.
pub fn path_hits(rules: &RuleSet, file: &SourceFile, paths: &Matched, hits: &mut Vec<Hit>) {
    for rule in rules.file_rules() {
        if rule.outcome.off || !paths.allows(rule.files) || paths.excludes(rule.unless_files) {
            continue;
        }
        let (folder, name) = file.path.rsplit_once('/').unwrap_or((".", &file.path));
        let known = [("path", file.path.as_str()), ("folder", folder), ("name", name)];
        let subject = fill(rule.outcome.label.as_deref().unwrap_or("{path}"), &known, &rule.outcome.parts);
        hits.push(Hit { doubt: "only the path says so".to_owned(), ..Hit::of_rule(&rule.outcome, line(1), subject) });
    }
}

/// True where the file is one that the rule looks at.
pub fn applies(rule: &Rule, paths: &Matched, facts: &FileFacts) -> bool {
    !rule.outcome.off
        && paths.allows(rule.files)
        && imports_any(&rule.imports, facts)
        && (rule.unless_imports.is_empty() || !imports_any(&rule.unless_imports, facts))
}

/// True where the rule does not ask, or the annotation stands on such a definition.
pub fn stands_on(rule: &Rule, call: &Call, facts: &FileFacts) -> bool {
    let inside = || call.inside.and_then(|index| facts.definitions.get(index as usize));
    rule.on.is_empty() || inside().is_some_and(|definition| rule.on.contains(&definition.kind))
}

/// True when the list is empty, or the file imports one of these or something below it.
fn imports_any(wanted: &[Box<str>], facts: &FileFacts) -> bool {
    wanted.is_empty()
        || facts.imports.iter().any(|import| {
            let name = full_name(import);
            wanted.iter().any(|wanted| is_below(&name, wanted))
        })
}

fn is_below(name: &str, wanted: &str) -> bool {
    name.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/']))
}

/// An import as rules write it: dots between the parts, the member behind them.
fn full_name(import: &Import) -> String {
    let mut name = import.path.replace("::", ".").replace('\\', ".");
    if let Some(plain) = name.strip_prefix("node:") {
        name = plain.to_owned();
    }
    let name = name.trim_start_matches('.').to_owned();
    match import.item.as_deref() {
        Some(item) if item != "default" && item != "*" && import.kind != ImportKind::File => format!("{name}.{item}"),
        _ => name,
    }
}

/// The name and all that it lies below: `a.b.c`, `a.b`, `a`.
fn prefixes(name: &str) -> impl Iterator<Item = &str> {
    let ends = name.char_indices().filter(|(_, c)| matches!(c, '.' | '/')).map(|(at, _)| at);
    ends.chain([name.len()]).map(|end| &name[..end])
}

/// Whether a base type as written is the one that a rule means.
fn extends(wanted: &str, written: &str, facts: &FileFacts, own_types: &dyn Fn(&str) -> bool) -> bool {
    let written = written.trim_start_matches('.');
    if written == wanted {
        return true;
    }
    let last = last_segment(wanted);
    if written.contains('.') {
        // `web.View` behind `from django import web`: what is written must be the end of the name.
        return wanted.strip_suffix(written).is_some_and(|rest| rest.ends_with('.'))
            || !wanted.contains('.') && written == last;
    }
    if !wanted.contains('.') {
        return written == wanted && !own_types(written);
    }
    let named = facts.imports.iter().find(|import| {
        let local = import.alias.as_deref().or(import.item.as_deref());
        local.unwrap_or_else(|| last_of(&import.path)) == last && import.kind != ImportKind::Wildcard
    });
    match named {
        Some(import) => {
            full_name(import) == wanted
                || import.item.is_some() && is_below(wanted, &full_name(import).replace('/', "."))
        }
        // A namespace or package that is imported whole.
        None => {
            let package = &wanted[..wanted.len() - last.len()].trim_end_matches('.');
            facts.imports.iter().any(|import| is_below(package, &full_name(import))) && !own_types(written)
        }
    }
}

fn last_of(path: &str) -> &str {
    path.rsplit(['.', '/', '\\', ':']).next().unwrap_or(path)
}

/// The name of the class that this line of inheritance belongs to.
fn heir(line: u32, facts: &FileFacts) -> String {
    let classes =
        facts.definitions.iter().filter(|definition| definition.span.line <= line && line <= definition.span.end_line);
    classes
        .max_by_key(|definition| definition.span.start)
        .map_or_else(String::new, |definition| definition.name.to_string())
}

fn defines(rule: &DefinitionRule, definition: &Definition, facts: &FileFacts) -> bool {
    let outer = || definition.parent.and_then(|parent| facts.definitions.get(parent as usize));
    // Without its type argument: rules name `Map`, whatever is kept in it.
    let type_name = definition.type_name.as_deref().unwrap_or_default().split('<').next().unwrap_or_default();
    rule.define.contains(&definition.kind)
        && rule.top.is_none_or(|top| top == definition.parent.is_none())
        && rule.visible.is_none_or(|visible| visible != definition.private)
        && rule.shared.is_none_or(|shared| shared == definition.shared)
        && rule.empty.is_none_or(|empty| empty == is_empty(&definition.value))
        && rule.name.as_ref().is_none_or(|regex| regex.is_match(&definition.name))
        && rule.type_name.as_ref().is_none_or(|regex| regex.is_match(type_name))
        && rule.namespace.as_ref().is_none_or(|regex| regex.is_match(&facts.namespace))
        && rule.within.as_ref().is_none_or(|regex| regex.is_match(outer().map_or("", |outer| outer.name.as_str())))
}

/// An empty container, or what a constructor without arguments makes.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::List(values) => values.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Call { args, .. } => args.is_empty(),
        _ => false,
    }
}

fn definition_hit(rule: &DefinitionRule, definition: &Definition, facts: &FileFacts) -> Hit {
    let outer = definition.parent.and_then(|parent| facts.definitions.get(parent as usize));
    let known = [
        ("name", definition.name.as_str()),
        ("type", definition.type_name.as_deref().unwrap_or_default()),
        ("within", outer.map_or("", |outer| outer.name.as_str())),
    ];
    // The head of a definition is the site, not its body.
    let span = Span { end_line: definition.span.line, ..definition.span };
    let subject = fill(rule.outcome.label.as_deref().unwrap_or("{name}"), &known, &rule.outcome.parts);
    let hit = Hit::of_rule(&rule.outcome, Span { start: span.start, end: span.start, ..span }, subject);
    Hit { doubt: "only name and type say so".to_owned(), ..hit }
}

/// A hit of a rule that looks at a line and not at a call.
fn plain_hit(rule: &Rule, at: u32, subject: &str) -> Hit {
    let label = rule.outcome.label.as_deref();
    let text =
        label.map_or_else(|| subject.to_owned(), |label| fill(label, &[("subject", subject)], &rule.outcome.parts));
    let hit = Hit::of_rule(&rule.outcome, line(at), text);
    Hit { doubt: "the name is used for other things too".to_owned(), ..hit }
}

fn line(line: u32) -> Span {
    Span { start: 0, end: 0, line, end_line: line, column: 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_asked_by_every_part() {
        assert_eq!(prefixes("a.b/c").collect::<Vec<_>>(), ["a", "a.b", "a.b/c"]);
        assert!(is_below("express.Router", "express") && !is_below("expression", "express"));
    }
}
