//! The set of rules of a scan: the built-in ones, with a user's own on top; says what the extractors must keep.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;

use super::compile::{self, Compiled, DefinitionRule, EntryRule, FileRule, LanguageIndex, Rule, RuleError};
use super::detect::Detect;
use super::entry_index::EntryIndex;
use super::paths::Matched;
use super::{Kind, Severity, credential, describe};
use crate::facts::{Interest, Language, Name};

/// Rules, compiled and indexed. Immutable; shared by all threads of a scan.
#[derive(Debug)]
pub struct RuleSet {
    compiled: Compiled,
    entry_index: EntryIndex,
    pub(super) detect: Detect,
}

/// What a rule is, for lists and for `explain`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// `file-write/java/stream-constructor`
    pub id: Name,
    /// Its finding kind.
    pub kind: Kind,
    /// How much its findings stand in the way.
    pub severity: Severity,
    /// Language ids; empty for rules on configuration entries.
    pub languages: Vec<Name>,
    /// The APIs or key patterns it looks for, as matched.
    pub apis: Vec<String>,
    /// Its conditions in words, one a line.
    pub conditions: Vec<String>,
    /// One phrase of why; may be empty.
    pub note: String,
    /// True when a user's own file changed it to off.
    pub off: bool,
}

impl RuleSet {
    /// The built-in rules, read once per process.
    ///
    /// # Errors
    /// When a built-in rule file is broken, which the tests rule out.
    pub fn built_in() -> Result<&'static RuleSet, RuleError> {
        static BUILT_IN: OnceLock<Result<RuleSet, RuleError>> = OnceLock::new();
        BUILT_IN.get_or_init(|| RuleSet::with_own(&[])).as_ref().map_err(Clone::clone)
    }

    /// The built-in rules and a user's own files, as (path, TOML).
    ///
    /// # Errors
    /// With file and line, when something is no rule.
    pub fn with_own(files: &[(String, String)]) -> Result<RuleSet, RuleError> {
        let mut compiled = Compiled::default();
        let mut detect = Detect::default();
        for (path, text) in crate::assets::under("rules/") {
            if path.ends_with("_detect.toml") {
                detect = Detect::read(path, text)?;
            } else if path.ends_with(".toml") {
                compile::add_file(&mut compiled, path, text, false)?;
            }
        }
        for (path, text) in files {
            compile::add_file(&mut compiled, path, text, true)?;
        }
        let entry_index = EntryIndex::new(&compiled.entries);
        Ok(RuleSet { compiled, entry_index, detect })
    }

    /// The rules of one own file, as (path, TOML), without the built-in ones; addresses are told as ever.
    ///
    /// # Errors
    /// With file and line, when something is no rule.
    pub fn only(file: (String, String)) -> Result<RuleSet, RuleError> {
        // Read with the built-in rules first: changes speak of them, and ids must not collide.
        let mut set = RuleSet::with_own(std::slice::from_ref(&file))?;
        let own = |id: &Name| id.starts_with("own/");
        set.compiled.rules.iter_mut().filter(|rule| !own(&rule.outcome.id)).for_each(|rule| rule.outcome.off = true);
        set.compiled.entries.retain(|rule| own(&rule.outcome.id));
        set.entry_index = EntryIndex::new(&set.compiled.entries);
        Ok(set)
    }

    /// All rules, API rules first, in the order of their files.
    pub fn rules(&self) -> impl Iterator<Item = Description> + '_ {
        let api = self.compiled.rules.iter().map(|rule| Description {
            id: rule.outcome.id.clone(),
            kind: rule.outcome.kind,
            severity: rule.outcome.severity,
            languages: rule.languages.clone(),
            conditions: describe::conditions(rule, &self.compiled.paths),
            apis: rule.patterns.iter().map(|pattern| pattern.name.to_string()).collect(),
            note: rule.outcome.note.clone(),
            off: rule.outcome.off,
        });
        let entries = self.compiled.entries.iter().map(|rule| Description {
            id: rule.outcome.id.clone(),
            kind: rule.outcome.kind,
            severity: rule.outcome.severity,
            languages: Vec::new(),
            conditions: describe::entry_conditions(rule, &self.compiled.paths),
            apis: rule.keys.iter().map(ToString::to_string).collect(),
            note: rule.outcome.note.clone(),
            off: rule.outcome.off,
        });
        let definitions = self.compiled.definitions.iter().map(|rule| Description {
            id: rule.outcome.id.clone(),
            kind: rule.outcome.kind,
            severity: rule.outcome.severity,
            languages: Vec::new(),
            conditions: describe::files(rule.files, None, &self.compiled.paths),
            apis: rule.name.iter().map(|name| format!("definition {}", name.source())).collect(),
            note: rule.outcome.note.clone(),
            off: rule.outcome.off,
        });
        let files = self.compiled.files.iter().map(|rule| Description {
            id: rule.outcome.id.clone(),
            kind: rule.outcome.kind,
            severity: rule.outcome.severity,
            languages: Vec::new(),
            conditions: describe::files(rule.files, rule.unless_files, &self.compiled.paths),
            apis: Vec::new(),
            note: rule.outcome.note.clone(),
            off: rule.outcome.off,
        });
        api.chain(entries).chain(definitions).chain(files)
    }

    /// What the extractor of a language must keep for these rules.
    #[must_use]
    pub fn interest(&self, language: Language) -> LanguageInterest<'_> {
        let configuration = !compile::LANGUAGES.contains(&language.0);
        LanguageInterest {
            index: self.compiled.index.get(language.0),
            entry_keys: configuration.then_some(&self.compiled.entry_keys),
            detect: &self.detect,
        }
    }

    pub(super) fn index(&self, language: Option<Language>) -> Option<&LanguageIndex> {
        self.compiled.index.get(language?.0)
    }

    pub(super) fn rule(&self, position: u32) -> Option<&Rule> {
        self.compiled.rules.get(position as usize)
    }

    pub(super) fn definition(&self, position: u32) -> Option<&DefinitionRule> {
        self.compiled.definitions.get(position as usize)
    }

    pub(super) fn file_rules(&self) -> &[FileRule] {
        &self.compiled.files
    }

    /// Which rules' globs a path matches.
    pub(super) fn paths(&self, path: &str) -> Matched {
        self.compiled.paths.matched(path)
    }

    pub(super) fn entry_rules(&self) -> &[EntryRule] {
        &self.compiled.entries
    }

    pub(super) fn entry_index(&self) -> &EntryIndex {
        &self.entry_index
    }
}

/// What the rules of one language want to see.
#[derive(Debug, Clone, Copy)]
pub struct LanguageInterest<'r> {
    index: Option<&'r LanguageIndex>,
    /// For configuration: the keys that entry rules ask for.
    entry_keys: Option<&'r FxHashSet<Box<str>>>,
    detect: &'r Detect,
}

impl Interest for LanguageInterest<'_> {
    fn call(&self, last_segment: &str) -> bool {
        self.index.is_some_and(|index| index.by_last.contains_key(last_segment))
            || self.detect.setters.contains(last_segment)
            || self.detect.env_functions.contains(last_segment)
    }

    fn literal(&self, text: &str, key: &str) -> bool {
        if text.is_empty() || text.len() > 4096 {
            return false;
        }
        text_matters(text)
            || (!key.is_empty() && key_matters(key))
            || self.entry_keys.is_some_and(|keys| keys.contains(key.to_ascii_lowercase().as_str()))
    }
}

/// True for texts that may be addresses, paths of logs, or SQL.
fn text_matters(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut digits, mut dots, mut colon, mut equals, mut slash) = (0usize, 0usize, false, false, false);
    for byte in bytes {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'.' => dots += 1,
            b':' => colon = true,
            b'=' => equals = true,
            b'/' => slash = true,
            _ => {}
        }
    }
    if colon && (text.contains("://") || text.contains("jdbc:") || text.contains("::1")) {
        return true;
    }
    // host:port, IPv4
    if bytes.len() <= 300 && digits >= 2 && (colon || dots >= 3) && !text.contains(' ') {
        return true;
    }
    if equals && bytes.len() <= 1000 {
        let lower = text.to_ascii_lowercase();
        if ["host=", "server=", "data source=", "addr=", "address=", "host ="].iter().any(|key| lower.contains(key)) {
            return true;
        }
    }
    if text.ends_with("FileHandler") || text.ends_with("FileTarget") || text.ends_with("FileLog") {
        return true;
    }
    let below = |text: &str| ["log/", "logs/"].iter().any(|part| text.contains(part));
    if text.ends_with(".log") || (slash && (below(text) || text.ends_with("/log") || text.ends_with("/logs"))) {
        return true;
    }
    if text.contains("localhost") && bytes.len() <= 300 {
        return true;
    }
    if credential::starts_like_token(text) {
        return true;
    }
    starts_sql(text)
}

/// True when the first word is an SQL verb that names a table, and another word follows.
fn starts_sql(text: &str) -> bool {
    let text = text.trim_start();
    let Some(end) = text.bytes().position(|byte| byte.is_ascii_whitespace()) else { return false };
    const VERBS: [&str; 11] =
        ["select", "insert", "update", "delete", "create", "alter", "drop", "truncate", "replace", "merge", "with"];
    end <= 8 && VERBS.iter().any(|verb| text[..end].eq_ignore_ascii_case(verb))
}

/// True for names that say "this is a host", and for those under which table names stand.
fn key_matters(key: &str) -> bool {
    const TABLE_KEYS: [&str; 12] = [
        "table_name",
        "__tablename__",
        "tableName",
        "db_table",
        "table",
        "name",
        "Table",
        "_table",
        "set_table_name",
        "collection",
        "TableName",
        "_name",
    ];
    if TABLE_KEYS.contains(&key) {
        return true;
    }
    // the version of an interface description, which tells examples from addresses
    if matches!(key, "openapi" | "swagger" | "asyncapi") {
        return true;
    }
    const HOST_PARTS: [&str; 16] = [
        "filename",
        "host",
        "server",
        "url",
        "uri",
        "endpoint",
        "addr",
        "broker",
        "dsn",
        "connection",
        "node",
        "proxy",
        "smtp",
        "bootstrap",
        "ip",
        "log",
    ];
    let lower = key.to_ascii_lowercase();
    HOST_PARTS.iter().any(|part| lower.contains(part)) || credential::may_be_key(&lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_rules_load_and_have_unique_ids() {
        let rules = RuleSet::built_in().unwrap();
        let mut ids: Vec<_> = rules.rules().map(|rule| rule.id).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn literals_that_matter_are_kept_and_others_are_not() {
        for text in
            ["http://x", "cache:6379", "10.0.0.1", "Server=db;User=x", "/var/log/x", "SELECT a FROM b", "localhost"]
        {
            assert!(text_matters(text), "{text}");
        }
        for text in ["Hello world", "selected", "a.b.c", "ratio: 1"] {
            assert!(!text_matters(text), "{text}");
        }
        assert!(key_matters("DB_HOST") && key_matters("tableName") && !key_matters("colour"));
    }
}
