//! Credentials in code and configuration. What is found is never shown: subject and snippet hold the key alone.

use std::sync::OnceLock;

use regex::Regex;
use rustc_hash::FxHashMap;

use super::conditions::text_of;
use super::detect::Detect;
use super::endpoint::silent_file;
use super::keys::words;
use super::sites::Hit;
use super::{Confidence, Kind};
use crate::facts::{Context, Entry, EntryFormat, FileFacts, Name, SourceFile, Span};

/// Last words of a key whose value is a credential; two words where the last alone says too little.
const ENDINGS: [&[&str]; 19] = [
    &["password"],
    &["passwd"],
    &["passphrase"],
    &["pwd"],
    &["pass"],
    &["secret"],
    &["apikey"],
    &["api", "key"],
    &["access", "key"],
    &["secret", "key"],
    &["private", "key"],
    &["account", "key"],
    &["auth", "key"],
    &["encryption", "key"],
    &["api", "token"],
    &["access", "token"],
    &["auth", "token"],
    &["bearer", "token"],
    &["client", "secret"],
];
/// Words of a key that say that its value describes a credential and is none.
const DESCRIBES: [&str; 34] = [
    "label",
    "placeholder",
    "title",
    "message",
    "text",
    "error",
    "hint",
    "help",
    "description",
    "field",
    "input",
    "form",
    "name",
    "column",
    "param",
    "parameter",
    "header",
    "cookie",
    "type",
    "regex",
    "pattern",
    "reset",
    "forgot",
    "confirm",
    "confirmation",
    "translation",
    "lang",
    "i18n",
    "test",
    "csrf",
    "xsrf",
    "example",
    "url",
    "path",
];

/// Adds the credentials that literals and settings hold.
pub fn hits(detect: &Detect, file: &SourceFile, facts: &FileFacts, hits: &mut Vec<Hit>) {
    // `passwd: compat` there names a source of users.
    if silent_file(detect, &file.path) || file.path.ends_with("nsswitch.conf") {
        return;
    }
    for literal in &facts.literals {
        let Some(text) = text_of(&literal.value).filter(|text| !text.contains("{}")) else { continue };
        let key = match &literal.context {
            Context::Assigned { name } | Context::Default { of: name } => name.as_str(),
            Context::Keyed { path } => path.rsplit('.').next().unwrap_or_default(),
            Context::Argument { name: Some(name), .. } => name.as_str(),
            Context::EnvDefault { name } => name.as_str(),
            _ => "",
        };
        if is_token(&text) {
            hits.push(hit("token", key, literal.span, Confidence::High, &[]));
        } else if is_key(key) && is_secret_in_code(key, &text) {
            let tags: &[&str] = if matches!(literal.context, Context::EnvDefault { .. }) { &["default"] } else { &[] };
            hits.push(hit("literal", key, literal.span, Confidence::Medium, tags));
        }
    }
    let names = names_of_values(&facts.entries);
    for entry in &facts.entries {
        if is_token(&entry.value) {
            hits.push(hit("token", &entry.key, entry.span, Confidence::High, &["config"]));
        } else if let Some(key) = entry_key(entry, &names)
            && is_set(key, &entry.value)
        {
            hits.push(hit("config", key, entry.span, Confidence::High, &["config"]));
        }
    }
}

/// True when the last words of a key say that it holds a credential, and no other that it describes one.
fn is_key(key: &str) -> bool {
    // Asked for each setting and literal: most keys end otherwise, and are never taken apart.
    let end = key.trim_end_matches(|c: char| !c.is_alphanumeric());
    let ends_so = |tail: &str| {
        end.len() >= tail.len() && end.as_bytes()[end.len() - tail.len()..].eq_ignore_ascii_case(tail.as_bytes())
    };
    if !ENDINGS.iter().filter_map(|ending| ending.last()).any(|tail| ends_so(tail)) {
        return false;
    }
    let words = words(key);
    let ends = |ending: &&[&str]| {
        words.len() >= ending.len()
            && words[words.len() - ending.len()..].iter().zip(ending.iter()).all(|(a, b)| a == b)
    };
    ENDINGS.iter().any(ends) && !words.iter().any(|word| DESCRIBES.contains(&word.as_str()))
}

/// The name of a setting that holds a credential: its own key, or the name beside a value (`<property name="password">`).
fn entry_key<'e>(entry: &'e Entry, names: &FxHashMap<u32, &'e str>) -> Option<&'e str> {
    let last = entry.key.rsplit(['.', '@']).next().unwrap_or_default();
    // Rows of a table that are kept as XML are data.
    // `proxy_pass` and its like pass requests on.
    let passes_on = entry.format == EntryFormat::Directive && last.ends_with("_pass");
    if passes_on || entry.key.contains(".column") || entry.key.contains(".insert") {
        return None;
    }
    if is_key(last) {
        // The credentials of a service in a description of the deployment are its configuration, and still readable there.
        return Some(last);
    }
    let names_value =
        entry.format == EntryFormat::Xml && matches!(last, "value" | "property" | "param" | "param-value");
    let name = names_value.then(|| names.get(&entry.group)).flatten()?;
    is_key(name.rsplit('.').next().unwrap_or_default()).then_some(name)
}

/// The first name in each group of an XML file: what a value beside it is called.
fn names_of_values(entries: &[Entry]) -> FxHashMap<u32, &str> {
    let mut names = FxHashMap::default();
    let named = |entry: &&Entry| entry.format == EntryFormat::Xml && entry.key.ends_with("@name");
    for entry in entries.iter().filter(named) {
        names.entry(entry.group).or_insert(entry.value.as_str());
    }
    names
}

/// A value in code: labels, keys of translations and names of fields look like words and are left out.
fn is_secret_in_code(key: &str, value: &str) -> bool {
    let plain = value.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.' | b'-' | b':' | b'/'));
    let screaming = value.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let varied = value.bytes().any(|byte| byte.is_ascii_digit())
        || value.bytes().any(|byte| matches!(byte, b'!' | b'@' | b'#' | b'+' | b'=' | b'*' | b'?' | b'%'));
    value.len() >= 6 && value.len() <= 200 && !plain && !screaming && varied && is_set(key, value)
}

/// True for a value that is filled in: no placeholder, no reference to somewhere else, no sentence.
fn is_set(key: &str, value: &str) -> bool {
    static PLACEHOLDER: OnceLock<Option<Regex>> = OnceLock::new();
    let regex = PLACEHOLDER.get_or_init(|| {
        Regex::new(
            r"(?i)^(\$|%|\{|<|@|#\{|__|!|&|\*{2,}|x{3,}|\.\.\.)|\$\{|\{\{|<%|change.?me|your.?|^(null|nil|none|true|false|yes|no|on|off|\d{1,3}|env|unset|undefined|todo|required|optional|string|integer|password|hash|plain|file|default|basic|bearer|md5|sha\d*|bcrypt|empty|masked|redacted|n/?a)$|^(file|vault|arn|ref|secret|ssm|env|classpath):|example|placeholder|dummy|^/|^\w+\(|^\w+:\x22|\.(key|pem|crt|cer|p12|pfx|jks)$",
        )
        .ok()
    });
    let value = value.trim();
    let same = words(value) == words(key);
    value.len() >= 3
        && !same
        && !value.contains([' ', '\n', '\t'])
        && !regex.as_ref().is_some_and(|regex| regex.is_match(value))
}

/// True for texts that are credentials by their shape, wherever they stand.
pub fn is_token(text: &str) -> bool {
    static TOKEN: OnceLock<Option<Regex>> = OnceLock::new();
    if !starts_like_token(text) {
        return false;
    }
    let regex = TOKEN.get_or_init(|| {
        Regex::new(
            r"^(AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,}|glpat-[A-Za-z0-9_-]{20,}|xox[abprs]-[0-9A-Za-z-]{20,}|sk_live_[0-9A-Za-z]{20,}|rk_live_[0-9A-Za-z]{20,}|AIza[0-9A-Za-z_-]{35}|SG\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY-----)",
        )
        .ok()
    });
    regex.as_ref().is_some_and(|regex| regex.is_match(text))
}

/// The cheap half of [`is_token`], for the extractors.
pub fn starts_like_token(text: &str) -> bool {
    const STARTS: [&str; 12] = [
        "AKIA",
        "ghp_",
        "gho_",
        "ghs_",
        "github_pat_",
        "glpat-",
        "xox",
        "sk_live_",
        "rk_live_",
        "AIza",
        "SG.",
        "-----BEGIN",
    ];
    STARTS.iter().any(|start| text.starts_with(start))
}

/// True for keys whose literals the extractors must keep; cheap, and wider than [`is_key`].
pub fn may_be_key(lower: &str) -> bool {
    ["pass", "pwd", "secret", "token", "apikey", "api_key", "accesskey", "access_key", "privatekey", "private_key"]
        .iter()
        .any(|part| lower.contains(part))
}

fn hit(rule: &str, key: &str, span: Span, confidence: Confidence, tags: &[&str]) -> Hit {
    let key = key.rsplit('.').next().unwrap_or_default();
    let subject = if key.is_empty() { "***".to_owned() } else { format!("{key} = ***") };
    let hit = Hit::of(Kind::CREDENTIAL, format!("{}/{rule}", Kind::CREDENTIAL.0), span, subject);
    Hit {
        tags: tags.iter().map(|tag| Name::from(*tag)).collect(),
        proposal: (!key.is_empty()).then(|| words(key).join("_").to_ascii_uppercase().into()),
        ..hit.doubted(confidence, "only name and shape say that it is a credential")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_describe_a_credential_hold_none() {
        assert!(is_key("dbPassword") && is_key("SMTP_PASS") && is_key("aws_secret_access_key") && is_key("apiKey"));
        assert!(!is_key("passwordLabel") && !is_key("reset_password") && !is_key("keyboard") && !is_key("compass_x"));
    }

    #[test]
    fn values_that_are_words_or_placeholders_are_none() {
        assert!(is_secret_in_code("password", "S3aGull!2009") && is_secret_in_code("apiKey", "9f8a7b6c5d4e"));
        for value in
            ["password", "users.password", "ENTER_PASSWORD", "${DB_PASS}", "Enter your password1", "changeme1", "abc"]
        {
            assert!(!is_secret_in_code("password", value), "{value}");
        }
        assert!(is_set("password", "geheim") && !is_set("password", "%env(DB)%") && !is_set("password", ""));
    }

    #[test]
    fn tokens_are_told_by_their_shape() {
        assert!(is_token("AKIAIOSFODNN7EXAMPLE") && is_token("-----BEGIN RSA PRIVATE KEY-----\nabc"));
        assert!(!is_token("AKIA") && !is_token("xoxo"));
    }
}
