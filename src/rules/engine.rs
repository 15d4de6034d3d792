//! Runs the rules over the facts of one file: matches names, asks the conditions, makes findings of what is left.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::compile::{Condition, Place, Rule, Shape, last_segment};
use super::conditions::{self, Truth, find, text_of};
use super::sites::{self, Hit};
use super::{
    Confidence, Finding, Kind, RuleSet, credential, definitions, dialled, endpoint, entries, environment, folds, kinds,
    labels, log_settings, logs, option_logs, proposal, purpose, redact,
};
use crate::facts::{Call, DefinitionKind, FileFacts, FileId, Name, Receiver, SourceFile, Value};

/// What is known of the rest of the repository where a file is judged.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Whether the repository itself defines a type or function of this qualified or simple name: a rule on a library's
    /// name does not speak about the repository's own.
    pub own_types: &'a dyn Fn(&str) -> bool,
    /// Constants of this file that another one dials: indexes into its definitions.
    pub dialled: &'a [u32],
}

impl Default for Around<'_> {
    fn default() -> Self {
        Around { own_types: &|_| false, dialled: &[] }
    }
}

/// All findings of one file, sorted by line, column, kind and rule.
///
/// `around` is what is known of the rest of the repository, [`Around::default`] before its files are linked.
pub fn evaluate(
    rules: &RuleSet,
    file_id: FileId,
    file: &SourceFile,
    facts: &FileFacts,
    text: &str,
    around: &Around,
) -> Vec<Finding> {
    let own_types = around.own_types;
    let mut hits = Vec::new();
    let paths = rules.paths(&file.path);
    if let Some(index) = rules.index(file.language) {
        definitions::hits(rules, index, &paths, facts, own_types, &mut hits);
        for (at, call) in facts.calls.iter().enumerate() {
            for &position in index.by_last.get(call.last()).into_iter().flatten() {
                if let Some(rule) = rules.rule(position).filter(|rule| !rule.outcome.off)
                    && definitions::applies(rule, &paths, facts)
                    && definitions::stands_on(rule, call, facts)
                    && let Some(hit) = api_hit(rules, rule, at, facts, (&file.path, text), own_types)
                {
                    hits.push(hit);
                }
            }
        }
    }
    definitions::path_hits(rules, file, &paths, &mut hits);
    environment::hits(facts, &mut hits);
    credential::hits(&rules.detect, file, facts, &mut hits);
    entries::hits(rules, &paths, file, facts, &mut hits);
    endpoint::hits(&rules.detect, file, facts, &mut hits);
    dialled::hits(&rules.detect, facts, around.dialled, &mut hits);
    purpose::drop_health_checks(file, text, &rules.detect, &mut hits);
    log_settings::hits(file, facts, text, &mut hits);
    option_logs::hits(file, text, &mut hits);
    logs::literal_hits(facts, &mut hits);
    logs::folder_hits(facts, &mut hits);
    folds::fold_handles(&mut hits, facts);
    folds::drop_own_names(&mut hits);
    folds::fold_uses(&mut hits, facts, text);
    folds::fold_decorators(&mut hits, facts);
    let hits = sites::merge(hits, facts);
    findings(hits, file_id, file, text)
}

/// What the path of a file alone says: for files that are not read.
pub fn evaluate_path(rules: &RuleSet, file_id: FileId, file: &SourceFile) -> Vec<Finding> {
    let mut hits = Vec::new();
    definitions::path_hits(rules, file, &rules.paths(&file.path), &mut hits);
    findings(hits, file_id, file, "")
}

/// One rule on one call of a file, given by its path and its text.
fn api_hit(
    rules: &RuleSet,
    rule: &Rule,
    at: usize,
    facts: &FileFacts,
    (path, source): (&str, &str),
    own_types: &dyn Fn(&str) -> bool,
) -> Option<Hit> {
    let call = facts.calls.get(at)?;
    let (matched, mut doubt) = name_matches(rule, call, facts, own_types)?;
    let mut confidence = matched.min(rule.outcome.confidence);
    for condition in &rule.unless {
        if conditions::excludes(condition, call, facts) {
            return None;
        }
    }
    for condition in &rule.when {
        match conditions::holds(condition, call, facts) {
            Truth::No => return None,
            Truth::Yes => {}
            Truth::Unsure => {
                confidence = Confidence::Low;
                doubt = unknown_place(condition);
            }
        }
    }
    let found = rule.subject.as_ref().and_then(|place| find(place, call, facts));
    let mut subject = found.as_ref().and_then(|found| text_of(&found.value)).filter(|text| text != "{}");
    let parts = labels::parts(rule, call, facts);
    if rule.outcome.label.is_some() || !rule.base.is_empty() {
        let text = subject.or_else(|| labels::captured(&found.as_ref()?.value)).unwrap_or_default();
        let text = match labels::base(&rule.base, call, facts) {
            Some(base) if !rule.base.is_empty() => labels::join(&base, &text),
            _ => text,
        };
        let last = labels::verb(call.last());
        let known = [("subject", text.as_str()), ("last", last.as_ref())];
        let label = rule.outcome.label.as_deref().unwrap_or("{subject}");
        subject = Some(labels::fill(label, &known, &parts)).filter(|text| !text.is_empty());
    }
    let mut span = call.span;
    let subject_span = found.as_ref().and_then(|found| found.span);
    let mut kind = rule.outcome.kind;
    let mut rule_id = rule.outcome.id.clone();
    let mut proposal = None;
    let mut tags = rule.outcome.tags.clone();
    if kind == Kind::ENDPOINT {
        let found = found.as_ref()?;
        if found.value.from_env() {
            return None;
        }
        // Whoever defines the constant is the site.
        if let Some(name) = dialled::constant(&found.value) {
            return (confidence > Confidence::Low).then(|| dialled::asked(name, call.span));
        }
        let address = endpoint::sink(&rules.detect, &found.value)?;
        if endpoint::is_unused(&rules.detect, &address, call, facts, subject_span) {
            return None;
        }
        if endpoint::is_parsed_link(&rules.detect, &address, call, facts) {
            confidence = Confidence::Low;
            doubt = "it looks like a link for people".to_owned();
        }
        span = endpoint::sink_span(call, facts, subject_span, &address.text, source);
        let port = rule.port.as_ref().and_then(|place| find(place, call, facts));
        let port = port.and_then(|found| if let Value::Int(port) = *found.value { Some(port) } else { None });
        proposal = proposal::proposal(&rules.detect, "", &address);
        let mut text = address.text;
        if let Some(port) = port
            && !address.has_port
            && !text.contains("://")
        {
            let _ = write!(text, ":{port}");
        }
        subject = Some(text);
    } else if kind == Kind::FILE_WRITE {
        let value = found.as_ref().map(|found| &*found.value);
        if let Some(evidence) = logs::evidence(call, &tags, value, subject.as_deref(), facts, path) {
            kind = Kind::LOG_PATH;
            rule_id = format!("{}/opened-file", Kind::LOG_PATH.0).into();
            tags.retain(|tag| tag != "default");
            if evidence == logs::Evidence::Name && confidence > Confidence::Medium {
                confidence = Confidence::Medium;
                doubt = "only the name says that the file is a log".to_owned();
            }
        }
    }
    let plain = Hit {
        call: Some(at),
        parts,
        proposal,
        subject_span,
        ..Hit::of(kind, rule_id, span, subject.unwrap_or_default()).doubted(confidence, &doubt)
    };
    if kind != rule.outcome.kind {
        return Some(Hit { tags, ..plain });
    }
    Some(Hit { tags, message: rule.outcome.message.clone(), severity: rule.outcome.severity, ..plain })
}

fn unknown_place(condition: &Condition) -> String {
    match condition {
        Condition::At { place: Place::Arg { name: Some(name), .. }, .. } => {
            format!("the value of `{name}` is not known")
        }
        Condition::At { place: Place::Arg { index: Some(index), .. }, .. } => {
            format!("the value of argument {} is not known", index + 1)
        }
        Condition::At { place: Place::Receiver, .. } => "the receiver's value is not known".to_owned(),
        _ => "a value that decides is not known".to_owned(),
    }
}

/// Whether the call's name is one of the rule's, and how sure that is.
pub(super) fn name_matches(
    rule: &Rule,
    call: &Call,
    facts: &FileFacts,
    own_types: &dyn Fn(&str) -> bool,
) -> Option<(Confidence, String)> {
    let fits = |shape: Shape| shape.fits(call.kind);
    let asked = |name: &str| rule.patterns.iter().any(|pattern| fits(pattern.shape) && &*pattern.name == name);
    if asked(&call.name) {
        let unqualified = !call.name.contains(['.', '#']);
        if unqualified && defined_here(&call.name, facts, own_types) {
            return None;
        }
        return Some((Confidence::High, String::new()));
    }
    if let Some(position) = call.also.iter().position(|name| asked(name)) {
        let earlier = std::iter::once(&call.name).chain(&call.also[..position]);
        let mut named_alike = false;
        for name in earlier {
            let owner = owner(name);
            if owner.contains('.') || owner.is_empty() {
                if own_types(name) || (!owner.is_empty() && own_types(owner)) {
                    return None;
                }
            } else if owner != "?" && own_types(owner) {
                named_alike = true;
            }
        }
        if named_alike {
            return Some((Confidence::Low, "the repository defines a type of the same name".to_owned()));
        }
        return Some((Confidence::High, String::new()));
    }
    let unknown = call.name.starts_with("?#") || matches!(call.receiver, Receiver::Unknown(_));
    let last = call.last();
    if unknown
        && rule.unknown.iter().any(|name| &**name == last)
        && rule
            .patterns
            .iter()
            .any(|pattern| matches!(pattern.shape, Shape::Method | Shape::Assign) && fits(pattern.shape))
    {
        return Some((rule.unknown_confidence, "the type of the receiver is not known".to_owned()));
    }
    None
}

/// The type of a qualified name of a member; of a bare name, the name itself.
fn owner(name: &str) -> &str {
    match name.split_once('#') {
        Some((owner, _)) => owner,
        None => {
            // `Files.write`: the owner is what starts with a capital, if anything does.
            let last = last_segment(name);
            if last.starts_with(|c: char| c.is_uppercase()) {
                name
            } else {
                name.rfind('.').map_or(name, |at| &name[..at])
            }
        }
    }
}

/// True when the file, or its namespace, defines a function or type of this simple name itself.
fn defined_here(name: &str, facts: &FileFacts, own_types: &dyn Fn(&str) -> bool) -> bool {
    let here = facts.definitions.iter().any(|definition| {
        definition.name == name && matches!(definition.kind, DefinitionKind::Function | DefinitionKind::Class)
    });
    here || (!facts.namespace.is_empty() && own_types(&format!("{}.{name}", facts.namespace)))
}

/// Longest source line, in bytes, that is shown and searched for secrets as a whole.
const LONG_LINE: usize = 2000;

/// Hits to findings: message, snippet, redaction, ids.
fn findings(hits: Vec<Hit>, file_id: FileId, file: &SourceFile, text: &str) -> Vec<Finding> {
    let lines = line_starts(text);
    let mut occurrences: FxHashMap<u64, u32> = FxHashMap::default();
    let mut out = Vec::with_capacity(hits.len());
    for hit in hits {
        let Some(info) = kinds::find(hit.kind.0) else { continue };
        let line = source_line(text, &lines, hit.span.line);
        let expression =
            text.get(hit.span.start as usize..hit.span.end as usize).filter(|e| !e.is_empty()).unwrap_or(line);
        let normal = expression.split_whitespace().collect::<Vec<_>>().join(" ");
        let key = format!("{}\0{}\0{normal}", file.path, hit.rule);
        let occurrence = occurrences.entry(xxh3_64(key.as_bytes())).or_insert(0);
        let hash = xxh3_64(format!("{key}\0{occurrence}").as_bytes());
        *occurrence += 1;
        let subject: String = redact(&hit.subject).chars().take(200).collect();
        let message = match (&hit.message, subject.is_empty()) {
            (Some(message), false) => message.replace("{subject}", &subject),
            (Some(message), true) if !message.contains("{subject}") => message.clone(),
            (_, true) => info.message_unknown.to_owned(),
            (None, false) => info.message.replace("{subject}", &subject),
        };
        out.push(Finding {
            id: format!("{}-{:010x}", info.prefix, hash >> 24).into(),
            kind: hit.kind,
            rule: hit.rule,
            principle: info.principle,
            severity: hit.severity,
            confidence: hit.confidence,
            doubt: if hit.confidence == Confidence::High { String::new() } else { hit.doubt },
            file: file_id,
            scope: info.scope(file.scope),
            span: hit.span,
            tags: hit.tags,
            message: redact(&message).into_owned(),
            // Of a credential only the key is shown, whatever redaction would leave of the line.
            snippet: if hit.kind == Kind::CREDENTIAL { subject.clone() } else { snippet(line, expression) },
            subject,
            parts: redacted(hit.parts),
            proposal: hit.proposal,
        });
    }
    out
}

/// Captured values without the secrets in them.
fn redacted(parts: Vec<(Name, Name)>) -> Vec<(Name, Name)> {
    let clean = |(name, value): (Name, Name)| {
        let value = redact(&value).chars().take(200).collect::<Name>();
        (name, value)
    };
    parts.into_iter().map(clean).collect()
}

/// The source line, or, where a line is no line for people (data written by a program), the expression alone: a window
/// cut out of such a line could begin behind the word that gives a secret away.
fn snippet(line: &str, expression: &str) -> String {
    let shown = if line.len() > LONG_LINE { expression } else { line };
    let mut end = shown.len().min(LONG_LINE);
    while !shown.is_char_boundary(end) {
        end -= 1;
    }
    redact(&shown[..end]).chars().take(200).collect()
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect()
}

fn source_line<'t>(text: &'t str, starts: &[usize], line: u32) -> &'t str {
    let at = (line as usize).saturating_sub(1);
    let Some(&start) = starts.get(at) else { return "" };
    let end = starts.get(at + 1).copied().unwrap_or(text.len());
    text.get(start..end).unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::{LONG_LINE, snippet};

    #[test]
    fn a_line_of_data_shows_the_expression_only() {
        let line = format!("['password' => 's3same', 'host' => 'db1', {}]", "'x', ".repeat(LONG_LINE));
        assert_eq!(snippet(&line, "'db1'"), "'db1'");
        assert_eq!(snippet("$h = 'db1';", "'db1'"), "$h = 'db1';");
    }
}
