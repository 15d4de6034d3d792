//! Configuration entries: entry rules, and addresses that a setting fixes.

use std::borrow::Cow;

use super::address::{self, Form};
use super::compile::{EntryRule, Near};
use super::detect::Detect;
use super::endpoint::{self, silent_file};
use super::keys::{parent, words};
use super::paths::Matched;
use super::sites::Hit;
use super::{Confidence, RuleSet, labels, proposal, purpose};
use crate::facts::{Entry, EntryFormat, FileFacts, Name, SourceFile};

/// How far the entry that names a value is looked for, in entries before and behind.
const NEIGHBOURS: usize = 12;

/// Adds what the entries of a configuration file say.
pub fn hits(rules: &RuleSet, paths: &Matched, file: &SourceFile, facts: &FileFacts, hits: &mut Vec<Hit>) {
    if facts.entries.is_empty() {
        return;
    }
    let mut found: Vec<(u32, usize)> = Vec::new();
    for (at, entry) in facts.entries.iter().enumerate() {
        let may = rules
            .entry_index()
            .candidates(&entry.key)
            .filter_map(|number| rules.entry_rules().get(number as usize).map(|rule| (number, rule)));
        found.extend(
            may.filter(|(_, rule)| entry_matches(rule, paths, entry, &facts.entries)).map(|(number, _)| (number, at)),
        );
    }
    found.sort_unstable();
    found.dedup();
    for (number, at) in found {
        let (rule, entry) = (&rules.entry_rules()[number as usize], &facts.entries[at]);
        let hit = Hit::of_rule(&rule.outcome, entry.span, subject(rule, entry));
        hits.push(Hit { doubt: "the name of the setting is used for other things too".to_owned(), ..hit });
    }
    // Linked data names things by address; nobody dials them.
    let linked_data = facts.entries.iter().any(|entry| {
        let key = entry.key.as_str();
        let id = (key == "id" || key.ends_with(".id") || key == "actor") && entry.value.contains("://");
        key.starts_with("@context") || key.contains(".@context") || (id && entry.format == EntryFormat::Json)
    });
    // The description of an interface names servers as examples.
    let described = facts.entries.iter().any(|entry| {
        matches!(&*entry.key, "openapi" | "swagger" | "asyncapi")
            && entry.value.starts_with(|c: char| c.is_ascii_digit())
    });
    if !linked_data && !described && !silent_file(&rules.detect, &file.path) {
        let compose = file.path.to_ascii_lowercase().contains("compose");
        let map = facts.entries.iter().any(|entry| entry.key == "kind" && entry.value == "ConfigMap");
        for (at, entry) in facts.entries.iter().enumerate() {
            if (compose && names_the_container(entry)) || ((compose || map) && is_variable(entry)) {
                continue;
            }
            let around = at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS + 1).min(facts.entries.len());
            if let Some(hit) = endpoint_hit(&rules.detect, file, entry, &facts.entries[around])
                && !is_upstream(&hit, &facts.entries)
            {
                hits.push(hit);
            }
        }
    }
}

/// What the finding is about: the value, unless the rule says otherwise.
fn subject(rule: &EntryRule, entry: &Entry) -> String {
    let Some(label) = &rule.outcome.label else { return entry.value.to_string() };
    let segment = |from_end: usize| entry.key.rsplit(['.', '@']).nth(from_end).unwrap_or_default();
    let known = [("value", &*entry.value), ("key", &*entry.key), ("last", segment(0)), ("above", segment(1))];
    labels::fill(label, &known, &rule.outcome.parts)
}

fn entry_matches(rule: &EntryRule, paths: &Matched, entry: &Entry, all: &[Entry]) -> bool {
    !rule.outcome.off
        && paths.allows(rule.files)
        && !paths.excludes(rule.unless_files)
        && rule.keys.iter().any(|key| key.matches(&entry.key))
        && rule.value.as_ref().is_none_or(|regex| regex.is_match(&entry.value))
        && !rule.unless_value.as_ref().is_some_and(|regex| regex.is_match(&entry.value))
        && rule.near.as_ref().is_none_or(|near| near_matches(near, entry, all))
        && !rule.unless_near.as_ref().is_some_and(|near| near_matches(near, entry, all))
}

/// A neighbour in the same group; failing that, the nearest entry of an enclosing container, before it rather than behind.
fn near_matches(near: &Near, entry: &Entry, all: &[Entry]) -> bool {
    let asked = |other: &&Entry| !std::ptr::eq(*other, entry) && near.key.matches(&other.key);
    let value = |other: &Entry| near.value.as_ref().is_none_or(|regex| regex.is_match(&other.value));
    let mut beside = all.iter().filter(asked).filter(|other| other.group == entry.group).peekable();
    if beside.peek().is_some() {
        return beside.any(value);
    }
    let encloses = |other: &&Entry| {
        let above = parent(&other.key);
        other.group != entry.group
            && entry.key.strip_prefix(above).is_some_and(|rest| above.is_empty() || rest.starts_with(['.', '@']))
    };
    // An element of the same name that begins in between is another container.
    let another = |other: &Entry| {
        let above = parent(&other.key).trim_end_matches(['.', '@']);
        all.iter().any(|between| {
            other.span.start < between.span.start
                && between.span.start < entry.span.start
                && between.key.strip_prefix(above).is_some_and(|rest| rest.starts_with('@') || rest.starts_with(".@"))
        })
    };
    let before = all.iter().filter(asked).filter(encloses).rfind(|other| other.span.start < entry.span.start);
    let before = before.filter(|other| !another(other));
    before.or_else(|| all.iter().filter(asked).find(encloses)).is_some_and(value)
}

/// A variable of the environment in a block that services or containers take over: `x-app-env.DB_HOST` of a compose file,
/// `data.DB_HOST` of a ConfigMap.
fn is_variable(entry: &Entry) -> bool {
    let Some((block, name)) = entry.key.split_once('.') else { return false };
    (block.starts_with("x-") || block == "data")
        && name.contains(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// `hostname` of a compose service: the container's own name.
fn names_the_container(entry: &Entry) -> bool {
    entry.key.to_ascii_lowercase().ends_with("hostname")
}

/// True when the host is the name of a group of servers of the same file; the servers in it are the sites.
fn is_upstream(hit: &Hit, all: &[Entry]) -> bool {
    let Some((_, rest)) = hit.subject.split_once("://") else { return false };
    let host = rest.split(['/', ':', '?']).next().unwrap_or_default();
    all.iter().filter(|entry| entry.format == EntryFormat::Directive).any(|entry| {
        let mut found = false;
        if let Some(at) = entry.key.find("upstream") {
            let rest = entry.key[at + 8..].trim_start_matches([' ', '.', ':', '[']);
            found = rest.strip_prefix(host).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ']', ' ']));
        }
        found || (entry.key.ends_with("upstream") && entry.value == host)
    })
}

/// An address that this entry fixes.
fn endpoint_hit(detect: &Detect, file: &SourceFile, entry: &Entry, around: &[Entry]) -> Option<Hit> {
    // Variables of the environment are the configuration already; container files describe the deployment.
    if matches!(entry.format, EntryFormat::Env | EntryFormat::Container) || entry.value.is_empty() {
        return None;
    }
    let key = telling_key(entry, around);
    if entry.format != EntryFormat::Directive && !may_fix_an_address(detect, &key, &entry.value) {
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
    texts.into_iter().find_map(|text| one(detect, file, entry, &key, text))
}

/// False, cheaply, for nearly all settings: texts without the shape of an address under a key that names no host.
fn may_fix_an_address(detect: &Detect, key: &str, value: &str) -> bool {
    let value = value.trim();
    if address::may_be(value) {
        return true;
    }
    // A bare word is a host where the key says so.
    let named = |word: &String| detect.host_words.contains(word) || word.ends_with("host");
    let segment = key.rsplit(['.', '@']).find(|part| !part.is_empty() && part.parse::<u32>().is_err());
    !value.contains(char::is_whitespace) && segment.is_some_and(|segment| words(segment).last().is_some_and(named))
}

/// The key that says what a value is: where the entry itself is only called `value` or `default`, its neighbour `name` or
/// `key` says it, and failing that what stands above it.
fn telling_key<'e>(entry: &'e Entry, around: &'e [Entry]) -> Cow<'e, str> {
    let last = |key: &'e str| key.rsplit(['.', '@']).next().unwrap_or_default();
    let is_value = matches!(
        last(&entry.key).to_ascii_lowercase().as_str(),
        "value" | "default" | "defaultvalue" | "default_value" | "default-value"
    );
    if !is_value {
        return Cow::Borrowed(&entry.key);
    }
    let above = parent(&entry.key).trim_end_matches(['.', '@']);
    let named = around.iter().find(|other| {
        other.group == entry.group
            && parent(&other.key).trim_end_matches(['.', '@']) == above
            && matches!(
                last(&other.key).to_ascii_lowercase().as_str(),
                "name" | "key" | "id" | "property" | "option" | "param-name"
            )
    });
    // `<property name="host"><value>db1</value></property>`: the name is an attribute of the element above.
    let outer = || around.iter().find(|other| other.group == entry.group && last(&other.key) == "name");
    match named.or_else(outer).filter(|other| !other.value.is_empty() && !other.value.contains(' ')) {
        Some(other) => Cow::Owned(format!("{above}.{}", other.value)),
        None if last(&entry.key).eq_ignore_ascii_case("value") => Cow::Borrowed(&entry.key),
        None => Cow::Borrowed(above),
    }
}

fn one(detect: &Detect, file: &SourceFile, entry: &Entry, key: &str, text: &str) -> Option<Hit> {
    // What the deployment fills in is configurable already.
    if ["${", "{{", "<%", "%env", "#{", "$(", "%{", "$ENV", "{$", "{env.", "@@", "!ENV", "__"]
        .iter()
        .any(|mark| text.contains(mark))
        || text.starts_with(['$', '%', '@'])
    {
        return None;
    }
    let text = text.strip_prefix("proxy:").unwrap_or(text);
    let segments: Vec<&str> =
        key.split(['.', '@']).filter(|part| !part.is_empty() && part.parse::<u32>().is_err()).collect();
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
    let above = key_words.iter().rev().nth(1).is_some_and(|words| {
        words.iter().any(|word| detect.url_words.contains(word) || detect.dial_words.contains(word))
    });
    let url_key = value_key || last.iter().any(|word| word.ends_with("url") || word.ends_with("uri"));
    let link_key = last.iter().any(|word| detect.link_words.contains(word));
    let address = address::parse(text, detect).or_else(|| if host_key { address::word(text, detect) } else { None })?;
    let local = address.is_local();
    // JSON is data as often as it is configuration.
    let path = file.path.to_ascii_lowercase();
    let data = entry.format == EntryFormat::Json
        && !["config", "setting", "environment", "options", "conf/"].iter().any(|part| path.contains(part));
    // `hostname` of the whole application, beside its sections, is the name it goes by.
    let nested = matches!(entry.format, EntryFormat::Yaml | EntryFormat::Json | EntryFormat::Toml);
    let own_name = nested && ["hostname", "host_name", "server_name"].iter().any(|name| key.eq_ignore_ascii_case(name));
    // A number with dots, or a word, under such a name is no address; a URL may be one all the same.
    let mild = last.iter().any(|word| detect.mild_never_words.contains(word));
    let confidence = match address.form {
        Form::HostPort | Form::Ip | Form::Word if mild && !dial_key => return None,
        // The virtual host that Tomcat's engine falls back to.
        Form::Word if entry.key.to_ascii_lowercase().ends_with("engine@defaulthost") => return None,
        // Where packages come from when the application is built.
        Form::Web if last.iter().any(|word| word == "registry") && endpoint::is_for_people(detect, &address) => {
            return None;
        }
        Form::Web if endpoint::is_identifier(detect, &address) || purpose::is_sign_in(key, &address) => return None,
        Form::Web if link_key && !local => return None,
        Form::Web if dial_key || local => Confidence::High,
        Form::Web if data && !dial_key && !above => return None,
        Form::Web if (url_key || above) && !endpoint::is_for_people(detect, &address) => Confidence::Medium,
        Form::Web => Confidence::Low,
        Form::Dialled | Form::Connection => Confidence::High,
        Form::HostPort | Form::Word if own_name => Confidence::Low,
        Form::HostPort if dial_key || url_key => Confidence::High,
        // `reverse_proxy { to app:80 }`
        Form::HostPort if above && entry.format == EntryFormat::Directive => Confidence::High,
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
        // Directives start with all kinds of words; a bare one is a host in settings only.
        Form::Word if entry.format == EntryFormat::Directive => return None,
        Form::Word => Confidence::Medium,
    };
    let proposal = proposal::proposal(detect, &segments.join("_"), &address);
    let doubt = "only name and shape say that it is an address that is dialled";
    Some(endpoint::hit(&address, "config", confidence, doubt, entry.span, vec![Name::from("config")], proposal))
}
