//! Configuration entries: entry rules, and addresses that a setting fixes.

use super::address::{self, Form};
use super::compile::{EntryRule, Near};
use super::detect::Detect;
use super::endpoint::{self, silent_file};
use super::keys::{parent, words};
use super::sites::Hit;
use super::{Confidence, RuleSet};
use crate::facts::{Entry, EntryFormat, FileFacts, Name, SourceFile};

/// Adds what the entries of a configuration file say.
pub fn hits(rules: &RuleSet, file: &SourceFile, facts: &FileFacts, hits: &mut Vec<Hit>) {
    if facts.entries.is_empty() {
        return;
    }
    for rule in rules.entry_rules() {
        if !rule.files.is_empty() && !rule.files.iter().any(|glob| glob.is_match(file.path.as_str())) {
            continue;
        }
        for entry in &facts.entries {
            if entry_matches(rule, entry, &facts.entries) {
                hits.push(Hit {
                    kind: rule.kind,
                    rule: rule.id.clone(),
                    severity: rule.severity,
                    confidence: rule.confidence,
                    doubt: "the name of the setting is used for other things too".to_owned(),
                    span: entry.span,
                    tags: rule.tags.clone(),
                    message: rule.message.clone(),
                    subject: entry.value.to_string(),
                    call: None,
                    subject_span: None,
                    proposal: None,
                });
            }
        }
    }
    if !silent_file(&rules.detect, &file.path) {
        for entry in &facts.entries {
            if let Some(hit) = endpoint_hit(&rules.detect, entry) {
                hits.push(hit);
            }
        }
    }
}

fn entry_matches(rule: &EntryRule, entry: &Entry, all: &[Entry]) -> bool {
    rule.keys.iter().any(|key| key.matches(&entry.key))
        && rule.value.as_ref().is_none_or(|regex| regex.is_match(&entry.value))
        && !rule.unless_value.as_ref().is_some_and(|regex| regex.is_match(&entry.value))
        && rule.near.as_ref().is_none_or(|near| near_matches(near, entry, all))
        && !rule.unless_near.as_ref().is_some_and(|near| near_matches(near, entry, all))
}

/// A neighbour in the same group; failing that, the nearest entry of an enclosing container, before it rather than behind.
fn near_matches(near: &Near, entry: &Entry, all: &[Entry]) -> bool {
    let asked = |other: &&Entry| !std::ptr::eq(*other, entry) && near.key.matches(&other.key);
    let value = |other: &Entry| near.value.as_ref().is_none_or(|regex| regex.is_match(&other.value));
    if all.iter().filter(asked).any(|other| other.group == entry.group && value(other)) {
        return true;
    }
    let encloses = |other: &&Entry| {
        let above = parent(&other.key);
        other.group != entry.group
            && entry.key.strip_prefix(above).is_some_and(|rest| above.is_empty() || rest.starts_with(['.', '@']))
    };
    let before = all.iter().filter(asked).filter(encloses).rfind(|other| other.span.start < entry.span.start);
    before.or_else(|| all.iter().filter(asked).find(encloses)).is_some_and(value)
}

/// An address that this entry fixes.
fn endpoint_hit(detect: &Detect, entry: &Entry) -> Option<Hit> {
    // Variables of the environment are the configuration already; container files describe the deployment.
    if matches!(entry.format, EntryFormat::Env | EntryFormat::Container) || entry.value.is_empty() {
        return None;
    }
    let lower = entry.key.to_ascii_lowercase();
    let mut segments = lower.split(['.', '@']).filter(|segment| !segment.is_empty());
    // A block of a server's configuration (`location`, `if`) holds directives that dial; a map does not.
    let silent = match entry.format {
        EntryFormat::Directive => segments.next_back().is_some_and(|segment| detect.silent_segments.contains(segment)),
        _ => segments.any(|segment| detect.silent_segments.contains(segment)),
    };
    if silent || lower.contains("xmlns") || lower.contains("schemalocation") {
        return None;
    }
    // Directives hold several words: `server 10.0.0.1:80 weight=2`, `proxy_pass http://app:80;`.
    let texts: Vec<&str> = match entry.format {
        EntryFormat::Directive => {
            entry.value.split_whitespace().map(|word| word.trim_matches(['"', '\'', ';'])).collect()
        }
        _ => vec![entry.value.as_str()],
    };
    texts.into_iter().find_map(|text| one(detect, entry, text))
}

fn one(detect: &Detect, entry: &Entry, text: &str) -> Option<Hit> {
    // What the deployment fills in is configurable already.
    if ["${", "{{", "<%", "%env", "#{", "$(", "%{", "$ENV", "@@", "!ENV", "__"].iter().any(|mark| text.contains(mark))
        || text.starts_with(['$', '%', '@'])
    {
        return None;
    }
    let segments: Vec<&str> =
        entry.key.split(['.', '@']).filter(|part| !part.is_empty() && part.parse::<u32>().is_err()).collect();
    let key_words: Vec<Vec<String>> = segments.iter().map(|segment| words(segment)).collect();
    let last = key_words.last().map(Vec::as_slice).unwrap_or_default();
    let every = || key_words.iter().flatten().map(String::as_str);
    if last.iter().any(|word| detect.never_words.contains(word))
        || segments.iter().rev().skip(1).any(|s| matches!(s.to_ascii_lowercase().as_str(), "cors" | "csp"))
    {
        return None;
    }
    let host_key = last.last().is_some_and(|word| detect.host_words.contains(word) || word.ends_with("host"));
    let value_key = last.last().is_some_and(|word| matches!(word.as_str(), "value" | "url" | "uri" | "urls"));
    let dial_key = host_key
        || last.iter().any(|word| detect.dial_words.contains(word))
        || (value_key && every().any(|word| detect.dial_words.contains(word)));
    let url_key = value_key || last.iter().any(|word| word.ends_with("url") || word.ends_with("uri"));
    let link_key = last.iter().any(|word| detect.link_words.contains(word));
    let address = address::parse(text, detect).or_else(|| if host_key { address::word(text, detect) } else { None })?;
    let local = address.is_local();
    let confidence = match address.form {
        Form::Web if endpoint::is_identifier(detect, &address) => return None,
        Form::Web if link_key && !local => return None,
        Form::Web if dial_key || local => Confidence::High,
        Form::Web if url_key => Confidence::Medium,
        Form::Web => Confidence::Low,
        Form::Dialled | Form::Connection => Confidence::High,
        Form::HostPort if dial_key || url_key => Confidence::High,
        Form::HostPort if address.is_loopback() || address.host.contains('.') => Confidence::Medium,
        Form::HostPort => return None,
        Form::Ip if dial_key || url_key => Confidence::High,
        Form::Ip if local && !address.is_loopback() => Confidence::Medium,
        Form::Ip => Confidence::Low,
        Form::Word
            if address.host == "localhost"
                || address.host.contains(|c: char| c == '.' || c == '-' || c.is_ascii_digit()) =>
        {
            Confidence::High
        }
        Form::Word => Confidence::Medium,
    };
    let proposal = endpoint::proposal(detect, &segments.join("_"), &address);
    let doubt = "only name and shape say that it is an address that is dialled";
    Some(endpoint::hit(&address, "config", confidence, doubt, entry.span, vec![Name::from("config")], proposal))
}
