//! Rules as run: brace alternates expanded, places and tests checked, an index by language and last name segment.

use rustc_hash::{FxHashMap, FxHashSet};

use super::keys::KeyPattern;
use super::lazy::{LazyGlob, LazyRegex};
use super::model::{self, ArgPlace, RuleFile, Sureness};
use super::{Confidence, Kind, Severity, hints, kinds};
use crate::facts::{CallKind, Name};
use crate::text::similar;

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

/// A rule on uses of an API, ready to run.
#[derive(Debug)]
pub struct Rule {
    pub id: Name,
    pub kind: Kind,
    pub languages: Vec<Name>,
    pub patterns: Vec<Pattern>,
    pub unknown: Vec<Box<str>>,
    pub unknown_confidence: Confidence,
    pub confidence: Confidence,
    pub when: Vec<Condition>,
    pub unless: Vec<Condition>,
    pub subject: Option<Place>,
    pub port: Option<Place>,
    pub tags: Vec<Name>,
    pub severity: Severity,
    pub note: String,
    pub message: Option<String>,
    /// Switched off by a user's own file.
    pub off: bool,
}

/// A rule on configuration entries, ready to run.
#[derive(Debug)]
pub struct EntryRule {
    pub id: Name,
    pub kind: Kind,
    pub files: Vec<LazyGlob>,
    pub keys: Vec<KeyPattern>,
    pub value: Option<LazyRegex>,
    pub unless_value: Option<LazyRegex>,
    pub near: Option<Near>,
    pub unless_near: Option<Near>,
    pub tags: Vec<Name>,
    pub severity: Severity,
    pub confidence: Confidence,
    pub note: String,
    pub message: Option<String>,
    /// Switched off by a user's own file.
    pub off: bool,
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
}

/// The languages that API rules may name.
pub const LANGUAGES: [&str; 9] = ["java", "php", "python", "javascript", "typescript", "ruby", "csharp", "go", "rust"];

/// Everything that was compiled so far.
#[derive(Debug, Default)]
pub struct Compiled {
    pub rules: Vec<Rule>,
    pub entries: Vec<EntryRule>,
    /// Last segments of the keys that entry rules ask for, in lower case.
    pub entry_keys: FxHashSet<Box<str>>,
    pub index: FxHashMap<Box<str>, LanguageIndex>,
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
    let needs_kind = !file.rule.is_empty() || !file.entry.is_empty();
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
    let severity = file.severity.map_or(info.severity, Severity::from);
    for spanned in &file.rule {
        let at = spanned.span().start;
        let written = spanned.get_ref();
        let languages = languages(&file, written, stem).map_err(|message| source.error(at, message))?;
        let rule =
            rule(written, &prefix, info.kind, languages, severity, own).map_err(|message| source.error(at, message))?;
        if compiled.rules.iter().any(|known| known.id == rule.id) {
            return Err(source.error(at, format!("the id `{}` exists already; write another one", rule.id)));
        }
        index(&mut compiled.index, &rule, compiled.rules.len());
        compiled.rules.push(rule);
    }
    for spanned in &file.entry {
        let at = spanned.span().start;
        let rule =
            entry(spanned.get_ref(), &prefix, info.kind, severity, own).map_err(|message| source.error(at, message))?;
        if compiled.entries.iter().any(|known| known.id == rule.id)
            || compiled.rules.iter().any(|known| known.id == rule.id)
        {
            return Err(source.error(at, format!("the id `{}` exists already; write another one", rule.id)));
        }
        compiled.entry_keys.extend(rule.keys.iter().filter_map(|key| key.last()).map(Box::from));
        compiled.entries.push(rule);
    }
    changes(compiled, &source, &file)
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
}

fn changes(compiled: &mut Compiled, source: &Source, file: &RuleFile) -> Result<(), RuleError> {
    for spanned in &file.change {
        let at = spanned.span().start;
        let change = spanned.get_ref();
        if !source.own {
            return Err(source.error(at, "`change` is for a user's own files; edit the rule itself".to_owned()));
        }
        let named = |id: &str| id == change.rule || (change.rule.ends_with('/') && id.starts_with(&change.rule));
        let known = compiled.rules.iter().any(|r| named(&r.id)) || compiled.entries.iter().any(|r| named(&r.id));
        if !known {
            let ids =
                compiled.rules.iter().map(|r| r.id.as_str()).chain(compiled.entries.iter().map(|r| r.id.as_str()));
            let meant = similar(&change.rule, ids).map_or_else(
                || "`breakbulk rules list` shows the ids; a prefix ends in `/`".to_owned(),
                |meant| format!("write `{meant}`"),
            );
            return Err(source.error(at, format!("no rule is called `{}`; {meant}", change.rule)));
        }
        if let Some(level) = change.severity {
            compiled.rules.iter_mut().filter(|r| named(&r.id)).for_each(|r| r.severity = level.into());
            compiled.entries.iter_mut().filter(|r| named(&r.id)).for_each(|r| r.severity = level.into());
        }
        if change.off {
            compiled.rules.iter_mut().filter(|r| named(&r.id)).for_each(|r| r.off = true);
            compiled.entries.iter_mut().filter(|r| named(&r.id)).for_each(|r| r.off = true);
        }
    }
    Ok(())
}

fn languages(file: &RuleFile, rule: &model::ApiRule, stem: &str) -> Result<Vec<Name>, String> {
    let named = rule.languages.as_ref().or(file.languages.as_ref());
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

fn rule(
    written: &model::ApiRule,
    prefix: &str,
    kind: Kind,
    languages: Vec<Name>,
    severity: Severity,
    own: bool,
) -> Result<Rule, String> {
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
        id: Name::from(format!("{prefix}/{}", written.id)),
        kind,
        languages,
        patterns,
        unknown: written.unknown.iter().map(|name| name.as_str().into()).collect(),
        unknown_confidence: written.unknown_confidence.map_or(Confidence::Low, confidence),
        confidence: written.confidence.map_or(Confidence::High, confidence),
        when: conditions(&written.when)?,
        unless: conditions(&written.unless)?,
        subject: written.subject.as_ref().map(place).transpose()?,
        port: written.port.as_ref().map(place).transpose()?,
        tags: tags(&written.tags),
        severity: written.severity.map_or(severity, Severity::from),
        note: written.note.clone(),
        message: written.message.clone(),
        off: false,
    })
}

fn entry(
    written: &model::EntryRule,
    prefix: &str,
    kind: Kind,
    severity: Severity,
    own: bool,
) -> Result<EntryRule, String> {
    let mut files = Vec::new();
    for glob in written.files.as_ref().map(model::Many::texts).unwrap_or_default() {
        let built = globset::GlobBuilder::new(&glob).literal_separator(true).case_insensitive(true).build();
        files.push(LazyGlob::new(built.map_err(|error| format!("`{glob}` is no glob ({error})"))?));
    }
    let mut keys = Vec::new();
    for text in written.key.texts() {
        keys.extend(alternates(&text)?.iter().map(|key| KeyPattern::new(key)));
    }
    let near = |near: &Option<model::Near>| -> Result<Option<Near>, String> {
        let Some(near) = near else { return Ok(None) };
        Ok(Some(Near { key: KeyPattern::new(&near.key), value: regex(near.value.as_deref(), own)? }))
    };
    Ok(EntryRule {
        id: Name::from(format!("{prefix}/{}", written.id)),
        kind,
        files,
        keys,
        value: regex(written.value.as_deref(), own)?,
        unless_value: regex(written.unless_value.as_deref(), own)?,
        near: near(&written.near)?,
        unless_near: near(&written.unless_near)?,
        tags: tags(&written.tags),
        severity: written.severity.map_or(severity, Severity::from),
        confidence: written.confidence.map_or(Confidence::High, confidence),
        note: written.note.clone(),
        message: written.message.clone(),
        off: false,
    })
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

/// `a.{b,c}#{d,e}` as its four names.
fn alternates(text: &str) -> Result<Vec<String>, String> {
    let Some(open) = text.find('{') else {
        if text.contains('}') {
            return Err(format!("`{text}` closes a brace that was not opened"));
        }
        return Ok(vec![text.to_owned()]);
    };
    let Some(close) = text[open..].find('}').map(|close| open + close) else {
        return Err(format!("`{text}` opens a brace and does not close it"));
    };
    let rest = alternates(&text[close + 1..])?;
    let mut out = Vec::new();
    for choice in text[open + 1..close].split(',') {
        out.extend(rest.iter().map(|rest| format!("{}{}{rest}", &text[..open], choice.trim())));
    }
    Ok(out)
}

fn pattern(text: &str) -> Result<Pattern, String> {
    let text = text.trim();
    let (shape, name) = if let Some(name) = text.strip_suffix('=') {
        (Shape::Assign, name.trim_end())
    } else if let Some(name) = text.strip_prefix("new ") {
        (Shape::New, name.trim_start())
    } else if let Some(name) = text.strip_prefix('@') {
        // npm scopes start like annotations, but go on with a slash.
        if name.contains('/') { (Shape::Plain, text) } else { (Shape::Annotation, name) }
    } else if text.contains('#') {
        (Shape::Method, text)
    } else {
        (Shape::Plain, text)
    };
    let shape = if shape == Shape::Plain && name.contains('#') { Shape::Method } else { shape };
    if name.is_empty() || name.contains([' ', '*', '(', '\\']) || name.contains("::") {
        return Err(format!(
            "`{text}` is no API; write `new a.b.T`, `a.b.T#method`, `a.b.f`, `@a.b.A` or `a.b.T#property =` (dots, no wildcards)"
        ));
    }
    Ok(Pattern { shape, name: name.into() })
}

/// The last segment of a qualified name.
pub fn last_segment(name: &str) -> &str {
    name.rsplit(['.', '#']).next().unwrap_or(name)
}

fn index(index: &mut FxHashMap<Box<str>, LanguageIndex>, rule: &Rule, position: usize) {
    let position = u32::try_from(position).unwrap_or(u32::MAX);
    for language in &rule.languages {
        let index = index.entry(language.as_str().into()).or_default();
        let names = rule.patterns.iter().map(|pattern| last_segment(&pattern.name));
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
mod tests {
    use super::*;

    fn compile(text: &str) -> Result<Compiled, RuleError> {
        let mut compiled = Compiled::default();
        add_file(&mut compiled, "rules/file-write/java.toml", text, true)?;
        Ok(compiled)
    }

    #[test]
    fn alternates_multiply() {
        assert_eq!(alternates("a.{b,c}#{d,e}").unwrap(), ["a.b#d", "a.b#e", "a.c#d", "a.c#e"]);
        assert!(alternates("a.{b").is_err());
    }

    #[test]
    fn shapes_come_from_the_notation() {
        assert_eq!(pattern("new a.B").unwrap().shape, Shape::New);
        assert_eq!(pattern("a.B#c").unwrap().shape, Shape::Method);
        assert_eq!(pattern("@a.B").unwrap().shape, Shape::Annotation);
        assert_eq!(pattern("@aws-sdk/client-s3.S3").unwrap().shape, Shape::Plain);
        let assign = pattern("a.B#Host =").unwrap();
        assert_eq!((assign.shape, &*assign.name), (Shape::Assign, "a.B#Host"));
        assert!(pattern("a.write*").is_err());
    }

    #[test]
    fn errors_name_file_line_and_remedy() {
        let error =
            compile("[[rule]]\nid = \"a\"\napi = \"x\"\n\n[[rule]]\nid = \"b\"\napi = \"y\"\nwhen = [{ arg = 0 }]\n")
                .unwrap_err();
        assert_eq!((error.line, error.path.as_str()), (5, "rules/file-write/java.toml"));
        assert!(error.message.contains("needs a test"));
        let error = compile("[[rule]]\nid = \"a\"\napi = \"x\"\nwhenn = []\n").unwrap_err();
        assert!(error.message.contains("whenn"), "{error}");
        let error = compile("[[rule]]\nid = \"a\"\napi = \"x\"\nwhen = [{ arg = 0, matches = \"(\" }]\n").unwrap_err();
        assert!(error.message.contains("no regular expression"), "{error}");
    }

    #[test]
    fn own_files_can_switch_a_rule_off() {
        let mut compiled = compile("[[rule]]\nid = \"a\"\napi = \"x\"\n").unwrap();
        add_file(&mut compiled, "mine.toml", "[[change]]\nrule = \"own/java/a\"\noff = true\n", true).unwrap();
        assert!(compiled.rules[0].off);
        assert!(add_file(&mut compiled, "mine.toml", "[[change]]\nrule = \"own/java/z\"\n", true).is_err());
    }
}
