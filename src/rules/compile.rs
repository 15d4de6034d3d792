//! Rules as run: brace alternates expanded, places and tests checked, an index by language and last name segment.

mod names;
mod others;

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::keys::KeyPattern;
use super::lazy::LazyRegex;
use super::model::{self, ArgPlace, RuleFile, Sureness};
use super::paths::{Group, Paths};
use super::{Confidence, Kind, Severity, hints, kinds};
use crate::facts::{CallKind, DefinitionKind, Name};
use crate::text::similar;

pub use names::last_segment;
use names::{alternates, pattern};
pub use others::{DefinitionRule, FileRule};

/// A rule file that cannot be used, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}: {message}")]
pub struct RuleError {
    /// The rule file.
    pub path: String,
    /// Line from 1.
    pub line: u32,
    /// What is wrong, and what to write instead.
    pub message: String,
}

/// What shape of use a pattern asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `new T`
    New,
    /// `a.b.f`
    Plain,
    /// `T#m`
    Method,
    /// `@A`
    Annotation,
    /// `T#p =`
    Assign,
    /// `extends T`: a class or interface built on this one.
    Extends,
    /// `import a.b`: an import of this name, or of something below it.
    Import,
}

impl Shape {
    /// True when a use of this kind can be meant. Whether `T(…)` constructs or calls cannot always be told from one file,
    /// so the two are one here.
    pub fn fits(self, kind: CallKind) -> bool {
        match self {
            Shape::New | Shape::Plain => matches!(kind, CallKind::Call | CallKind::Construct),
            Shape::Method => kind == CallKind::Call,
            Shape::Annotation => kind == CallKind::Annotation,
            Shape::Assign => kind == CallKind::Assign,
            Shape::Extends | Shape::Import => false,
        }
    }
}

/// One API name.
#[derive(Debug)]
pub struct Pattern {
    pub shape: Shape,
    /// As in [`crate::facts::Call::name`].
    pub name: Box<str>,
}

/// Where in a call to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Arg { index: Option<usize>, name: Option<Box<str>>, key: Option<Box<str>> },
    Any { key: Option<Box<str>> },
    Last { key: Option<Box<str>> },
    Receiver,
    Assigned,
    Parent,
}

/// What is asked of a value.
#[derive(Debug)]
pub enum Test {
    Is(Vec<String>),
    Has(Vec<String>),
    Chars(String),
    Matches(LazyRegex),
    Type(Vec<String>),
    Missing(bool),
    Literal(bool),
    NameMatches(LazyRegex),
}

/// A place and its tests, or a count of arguments.
#[derive(Debug)]
pub enum Condition {
    At { place: Place, tests: Vec<Test>, assume: Option<bool>, default: Option<String> },
    Args { min: usize, max: usize },
}

/// What a rule says of what it matches: the part that rules of every form have.
#[derive(Debug)]
pub struct Outcome {
    pub id: Name,
    pub kind: Kind,
    pub severity: Severity,
    /// Upper bound.
    pub confidence: Confidence,
    pub tags: Vec<Name>,
    pub note: String,
    pub message: Option<String>,
    pub label: Option<String>,
    pub parts: Vec<(Name, Name)>,
    /// Switched off by a user's own file.
    pub off: bool,
}

/// The outcome of a rule as written; its forms share the fields and not the type, so that each refuses unknown keys.
macro_rules! outcome {
    ($written:expr, $origin:expr) => {
        $crate::rules::compile::Outcome {
            id: $origin.id(&$written.id),
            kind: $origin.info.kind,
            severity: $origin.severity($written.severity),
            confidence: $written.confidence.map_or($crate::rules::Confidence::High, $crate::rules::compile::confidence),
            tags: $crate::rules::compile::tags(&$written.tags),
            note: $written.note.clone(),
            message: $written.message.clone(),
            label: $written.label.clone(),
            parts: $crate::rules::compile::parts(&$written.parts),
            off: false,
        }
    };
}
pub(crate) use outcome;

/// A rule on uses of an API, ready to run.
#[derive(Debug)]
pub struct Rule {
    pub outcome: Outcome,
    pub languages: Vec<Name>,
    pub files: Option<Group>,
    pub imports: Vec<Box<str>>,
    pub unless_imports: Vec<Box<str>>,
    pub on: Vec<DefinitionKind>,
    pub patterns: Vec<Pattern>,
    pub unknown: Vec<Box<str>>,
    pub unknown_confidence: Confidence,
    pub when: Vec<Condition>,
    pub unless: Vec<Condition>,
    pub subject: Option<Place>,
    pub port: Option<Place>,
    pub base: Vec<Box<str>>,
    pub capture: Vec<(Name, Place)>,
}

/// A rule on configuration entries, ready to run.
#[derive(Debug)]
pub struct EntryRule {
    pub outcome: Outcome,
    pub files: Option<Group>,
    pub unless_files: Option<Group>,
    pub keys: Vec<KeyPattern>,
    pub value: Option<LazyRegex>,
    pub unless_value: Option<LazyRegex>,
    pub near: Option<Near>,
    pub unless_near: Option<Near>,
}

/// A neighbouring entry.
#[derive(Debug)]
pub struct Near {
    pub key: KeyPattern,
    pub value: Option<LazyRegex>,
}

/// The rules of one language by the last segment of the names they ask for.
#[derive(Debug, Default)]
pub struct LanguageIndex {
    /// Rules that may match a use with this last segment; names that only a `parent` condition asks for have none.
    pub by_last: FxHashMap<Box<str>, Vec<u32>>,
    /// Rules on inheritance by the last segment of what is extended.
    pub extends: FxHashMap<Box<str>, Vec<u32>>,
    /// Rules on imports by the whole name.
    pub imports: FxHashMap<Box<str>, Vec<u32>>,
    /// Rules on definitions.
    pub definitions: Vec<u32>,
}

/// The languages that rules on code may name. The last two hold commands: a call is a program, its arguments the words.
pub const LANGUAGES: [&str; 11] =
    ["java", "php", "python", "javascript", "typescript", "ruby", "csharp", "go", "rust", "shell", "dockerfile"];

/// Everything that was compiled so far.
#[derive(Debug, Default)]
pub struct Compiled {
    pub rules: Vec<Rule>,
    pub entries: Vec<EntryRule>,
    /// Last segments of the keys that entry rules ask for, in lower case.
    pub entry_keys: FxHashSet<Box<str>>,
    pub definitions: Vec<DefinitionRule>,
    pub files: Vec<FileRule>,
    pub index: FxHashMap<Box<str>, LanguageIndex>,
    pub paths: Paths,
}

impl Compiled {
    /// The ids of all rules.
    fn ids(&self) -> impl Iterator<Item = &str> {
        let rules = self.rules.iter().map(|rule| rule.outcome.id.as_str());
        let entries = self.entries.iter().map(|rule| rule.outcome.id.as_str());
        let definitions = self.definitions.iter().map(|rule| rule.outcome.id.as_str());
        rules.chain(entries).chain(definitions).chain(self.files.iter().map(|rule| rule.outcome.id.as_str()))
    }

    /// What all rules say of what they match.
    fn outcomes_mut(&mut self) -> impl Iterator<Item = &mut Outcome> {
        let rules = self.rules.iter_mut().map(|rule| &mut rule.outcome);
        let entries = self.entries.iter_mut().map(|rule| &mut rule.outcome);
        let definitions = self.definitions.iter_mut().map(|rule| &mut rule.outcome);
        rules.chain(entries).chain(definitions).chain(self.files.iter_mut().map(|rule| &mut rule.outcome))
    }
}

/// Reads one rule file and adds its rules. `own` files have ids below `own/`, may change rules that exist, and have their
/// regular expressions checked at once (a test does it for the built-in ones).
///
/// # Errors
/// With file and line, when something is no rule.
pub fn add_file(compiled: &mut Compiled, path: &str, text: &str, own: bool) -> Result<(), RuleError> {
    let source = Source { path, text, own };
    let file: RuleFile = toml::from_str(text)
        .map_err(|error| source.error(error.span().map_or(0, |span| span.start), hints::explain(error.message())))?;
    let mut parts = path.rsplit('/');
    let stem = parts.next().unwrap_or_default().trim_end_matches(".toml");
    let folder = parts.next().unwrap_or_default();
    let kind_id = file.kind.as_deref().unwrap_or(folder);
    let needs_kind =
        !(file.rule.is_empty() && file.entry.is_empty() && file.definition.is_empty() && file.file.is_empty());
    let Some(info) = kinds::find(kind_id) else {
        if needs_kind {
            let known: Vec<_> = kinds::all().iter().map(|info| info.kind.0).collect();
            let meant = similar(kind_id, known.iter().copied()).unwrap_or("file-write");
            let known = known.join(", ");
            let at = text.find("kind").filter(|_| file.kind.is_some()).unwrap_or(0);
            return Err(source.error(
                at,
                format!("`{kind_id}` is no finding kind; write `kind = \"{meant}\"` at the top (known: {known})"),
            ));
        }
        return changes(compiled, &source, &file);
    };
    let prefix = if own { format!("own/{stem}") } else { format!("{}/{stem}", info.kind.0) };
    let severity = file.severity.filter(|_| !info.inventory).map_or(info.severity, Severity::from);
    let origin = Origin { prefix: &prefix, info, severity, own };
    for spanned in &file.rule {
        let (at, written) = (spanned.span().start, spanned.get_ref());
        let languages =
            languages(written.languages.as_ref(), &file, stem).map_err(|message| source.error(at, message))?;
        let rule =
            rule(written, &origin, languages, &mut compiled.paths).map_err(|message| source.error(at, message))?;
        source.unknown_yet(compiled, &rule.outcome.id, at)?;
        index(&mut compiled.index, &rule, compiled.rules.len());
        compiled.rules.push(rule);
    }
    for spanned in &file.entry {
        let (at, written) = (spanned.span().start, spanned.get_ref());
        let rule = entry(written, &origin, &mut compiled.paths).map_err(|message| source.error(at, message))?;
        source.unknown_yet(compiled, &rule.outcome.id, at)?;
        compiled.entry_keys.extend(rule.keys.iter().filter_map(|key| key.last()).map(Box::from));
        compiled.entries.push(rule);
    }
    for spanned in &file.definition {
        let (at, written) = (spanned.span().start, spanned.get_ref());
        let languages =
            languages(written.languages.as_ref(), &file, stem).map_err(|message| source.error(at, message))?;
        let rule =
            others::definition(written, &origin, &mut compiled.paths).map_err(|message| source.error(at, message))?;
        source.unknown_yet(compiled, &rule.outcome.id, at)?;
        let position = u32::try_from(compiled.definitions.len()).unwrap_or(u32::MAX);
        for language in &languages {
            compiled.index.entry(language.as_str().into()).or_default().definitions.push(position);
        }
        compiled.definitions.push(rule);
    }
    for spanned in &file.file {
        let (at, written) = (spanned.span().start, spanned.get_ref());
        let rule = others::file(written, &origin, &mut compiled.paths).map_err(|message| source.error(at, message))?;
        source.unknown_yet(compiled, &rule.outcome.id, at)?;
        compiled.files.push(rule);
    }
    changes(compiled, &source, &file)
}

/// What a rule takes from the file that it stands in.
struct Origin<'a> {
    prefix: &'a str,
    info: &'static kinds::KindInfo,
    severity: Severity,
    own: bool,
}

impl Origin<'_> {
    fn id(&self, written: &str) -> Name {
        Name::from(format!("{}/{written}", self.prefix))
    }

    /// The severity of a rule; facts have none, whatever is written.
    fn severity(&self, written: Option<model::Level>) -> Severity {
        written.filter(|_| !self.info.inventory).map_or(self.severity, Severity::from)
    }
}

struct Source<'a> {
    path: &'a str,
    text: &'a str,
    own: bool,
}

impl Source<'_> {
    fn error(&self, offset: usize, message: String) -> RuleError {
        let before = self.text.as_bytes().get(..offset).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        RuleError { path: self.path.to_owned(), line: u32::try_from(line).unwrap_or(u32::MAX), message }
    }

    fn unknown_yet(&self, compiled: &Compiled, id: &str, at: usize) -> Result<(), RuleError> {
        if compiled.ids().any(|known| known == id) {
            return Err(self.error(at, format!("the id `{id}` exists already; write another one")));
        }
        Ok(())
    }
}

fn changes(compiled: &mut Compiled, source: &Source, file: &RuleFile) -> Result<(), RuleError> {
    for spanned in &file.change {
        let at = spanned.span().start;
        let change = spanned.get_ref();
        if !source.own {
            return Err(source.error(at, "`change` is for a user's own files; edit the rule itself".to_owned()));
        }
        let named = |id: &str| id == change.rule || (change.rule.ends_with('/') && id.starts_with(&change.rule));
        if !compiled.ids().any(named) {
            let ids = compiled.ids();
            let meant = similar(&change.rule, ids).map_or_else(
                || "`breakbulk rules list` shows the ids; a prefix ends in `/`".to_owned(),
                |meant| format!("write `{meant}`"),
            );
            return Err(source.error(at, format!("no rule is called `{}`; {meant}", change.rule)));
        }
        for outcome in compiled.outcomes_mut().filter(|outcome| named(&outcome.id)) {
            outcome.off |= change.off;
            if let Some(level) = change.severity {
                outcome.severity = level.into();
            }
        }
    }
    Ok(())
}

fn languages(rule: Option<&Vec<String>>, file: &RuleFile, stem: &str) -> Result<Vec<Name>, String> {
    let named = rule.or(file.languages.as_ref());
    let ids: Vec<Name> = match named {
        Some(ids) => ids.iter().map(Name::from).collect(),
        None if stem == "javascript" => vec!["javascript".into(), "typescript".into()],
        None => vec![Name::from(stem)],
    };
    match ids.iter().find(|id| !LANGUAGES.contains(&id.as_str())) {
        Some(id) => {
            let meant = similar(id, LANGUAGES).unwrap_or("java");
            Err(format!("`{id}` is no language; write `languages = [\"{meant}\"]` (known: {})", LANGUAGES.join(", ")))
        }
        None => Ok(ids),
    }
}

fn rule(written: &model::ApiRule, origin: &Origin, languages: Vec<Name>, paths: &mut Paths) -> Result<Rule, String> {
    let (kind, own) = (origin.info.kind, origin.own);
    let mut patterns = Vec::new();
    for text in written.api.texts() {
        for name in alternates(&text)? {
            patterns.push(pattern(&name)?);
        }
    }
    let conditions = |list: &[model::Condition]| -> Result<Vec<Condition>, String> {
        list.iter().map(|written| condition(written, own)).collect()
    };
    if kind == Kind::ENDPOINT && written.subject.is_none() {
        return Err("an endpoint rule needs `subject = { arg = 0 }`: the argument that is the host or URL".to_owned());
    }
    Ok(Rule {
        outcome: outcome!(written, origin),
        languages,
        files: paths.add(written.files.as_ref())?,
        imports: boxed(&written.imports),
        unless_imports: boxed(&written.unless_imports),
        on: others::kinds(&written.on)?,
        patterns,
        unknown: written.unknown.iter().map(|name| name.as_str().into()).collect(),
        unknown_confidence: written.unknown_confidence.map_or(Confidence::Low, confidence),
        when: conditions(&written.when)?,
        unless: conditions(&written.unless)?,
        subject: written.subject.as_ref().map(place).transpose()?,
        port: written.port.as_ref().map(place).transpose()?,
        base: boxed(&written.base),
        capture: written
            .capture
            .iter()
            .map(|(name, at)| Ok((Name::from(name), place(at)?)))
            .collect::<Result<_, String>>()?,
    })
}

fn entry(written: &model::EntryRule, origin: &Origin, paths: &mut Paths) -> Result<EntryRule, String> {
    let own = origin.own;
    let mut keys = Vec::new();
    for text in written.key.texts() {
        keys.extend(alternates(&text)?.iter().map(|key| KeyPattern::new(key)));
    }
    let near = |near: &Option<model::Near>| -> Result<Option<Near>, String> {
        let Some(near) = near else { return Ok(None) };
        Ok(Some(Near { key: KeyPattern::new(&near.key), value: regex(near.value.as_deref(), own)? }))
    };
    Ok(EntryRule {
        outcome: outcome!(written, origin),
        files: paths.add(written.files.as_ref())?,
        unless_files: paths.add(written.unless_files.as_ref())?,
        keys,
        value: regex(written.value.as_deref(), own)?,
        unless_value: regex(written.unless_value.as_deref(), own)?,
        near: near(&written.near)?,
        unless_near: near(&written.unless_near)?,
    })
}

fn boxed(names: &[String]) -> Vec<Box<str>> {
    names.iter().map(|name| name.as_str().into()).collect()
}

fn parts(written: &BTreeMap<String, String>) -> Vec<(Name, Name)> {
    written.iter().map(|(name, value)| (Name::from(name), Name::from(value))).collect()
}

fn confidence(written: Sureness) -> Confidence {
    match written {
        Sureness::Low => Confidence::Low,
        Sureness::Medium => Confidence::Medium,
        Sureness::High => Confidence::High,
    }
}

fn tags(written: &[String]) -> Vec<Name> {
    let mut tags: Vec<Name> = written.iter().map(Name::from).collect();
    tags.sort_unstable();
    tags.dedup();
    tags
}

fn regex(source: Option<&str>, check: bool) -> Result<Option<LazyRegex>, String> {
    let Some(source) = source else { return Ok(None) };
    let regex = LazyRegex::new(source);
    // Compiling costs more than reading: the built-in ones are checked by a test instead of at each start.
    if check || cfg!(test) {
        regex.check()?;
    }
    Ok(Some(regex))
}

fn place(written: &model::Place) -> Result<Place, String> {
    let key: Option<Box<str>> = written.key.as_deref().map(Into::into);
    let name: Option<Box<str>> = written.name.as_deref().map(Into::into);
    let own = [written.receiver, written.assigned, written.parent];
    match (&written.arg, own) {
        (None, [Some(true), None, None]) => Ok(Place::Receiver),
        (None, [None, Some(true), None]) => Ok(Place::Assigned),
        (None, [None, None, Some(true)]) => Ok(Place::Parent),
        (Some(ArgPlace::Index(index)), [None, None, None]) => Ok(Place::Arg { index: Some(*index), name, key }),
        (Some(ArgPlace::Word(word)), [None, None, None]) if word == "any" => Ok(Place::Any { key }),
        (Some(ArgPlace::Word(word)), [None, None, None]) if word == "last" => Ok(Place::Last { key }),
        (None, [None, None, None]) if name.is_some() => Ok(Place::Arg { index: None, name, key }),
        (None, [None, None, None]) if key.is_some() => Ok(Place::Any { key }),
        _ => Err("a place is one of `arg = 0`, `arg = \"any\"`, `arg = \"last\"`, `name = …`, `receiver = true`, \
                  `assigned = true`, `parent = true`"
            .to_owned()),
    }
}

fn condition(written: &model::Condition, own: bool) -> Result<Condition, String> {
    let at = model::Place {
        arg: written.arg.clone(),
        name: written.name.clone(),
        key: written.key.clone(),
        receiver: written.receiver,
        assigned: written.assigned,
        parent: written.parent,
    };
    if written.min_args.is_some() || written.max_args.is_some() {
        let (min, max) = (written.min_args.unwrap_or(0), written.max_args.unwrap_or(usize::MAX));
        return Ok(Condition::Args { min, max });
    }
    let mut tests = Vec::new();
    if let Some(list) = &written.is {
        tests.push(Test::Is(list.texts()));
    }
    if let Some(list) = &written.has {
        tests.push(Test::Has(list.texts()));
    }
    if let Some(chars) = &written.chars {
        tests.push(Test::Chars(chars.clone()));
    }
    tests.extend(regex(written.matches.as_deref(), own)?.map(Test::Matches));
    if let Some(list) = &written.type_name {
        tests.push(Test::Type(list.texts()));
    }
    tests.extend(written.missing.map(Test::Missing));
    tests.extend(written.literal.map(Test::Literal));
    tests.extend(regex(written.name_matches.as_deref(), own)?.map(Test::NameMatches));
    if tests.is_empty() {
        return Err("a condition needs a test: `is`, `has`, `chars`, `matches`, `type`, `missing`, `literal`, \
                    `name_matches`, `min_args` or `max_args`"
            .to_owned());
    }
    let default = written.default.as_ref().map(model::Scalar::text);
    Ok(Condition::At { place: place(&at)?, tests, assume: written.assume, default })
}

fn index(index: &mut FxHashMap<Box<str>, LanguageIndex>, rule: &Rule, position: usize) {
    let position = u32::try_from(position).unwrap_or(u32::MAX);
    for language in &rule.languages {
        let index = index.entry(language.as_str().into()).or_default();
        for pattern in &rule.patterns {
            match pattern.shape {
                Shape::Extends => index.extends.entry(last_segment(&pattern.name).into()).or_default().push(position),
                Shape::Import => index.imports.entry(pattern.name.clone()).or_default().push(position),
                _ => {}
            }
        }
        let on_calls = rule.patterns.iter().filter(|p| !matches!(p.shape, Shape::Extends | Shape::Import));
        let names = on_calls.map(|pattern| last_segment(&pattern.name));
        for last in names.chain(rule.unknown.iter().map(AsRef::as_ref)) {
            let rules = index.by_last.entry(last.into()).or_default();
            if rules.last() != Some(&position) {
                rules.push(position);
            }
        }
        for condition in rule.when.iter().chain(&rule.unless) {
            let Condition::At { place: Place::Parent, tests, .. } = condition else { continue };
            for test in tests {
                let Test::Is(names) = test else { continue };
                for name in names {
                    index.by_last.entry(last_segment(name).into()).or_default();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
