//! Rules as written: the TOML of `assets/rules/<kind>/<name>.toml` and of a user's own files, field by field.
//!
//! Nothing is judged here; `compile` turns this into what the engine runs, and says what is wrong with it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// One rule file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// The finding kind; the folder's name where it is left out.
    pub kind: Option<String>,
    /// Language ids; the file's stem where it is left out.
    pub languages: Option<Vec<String>>,
    /// Severity of the rules that name none.
    pub severity: Option<Level>,
    /// Rules on calls, constructions, properties and annotations.
    #[serde(default)]
    pub rule: Vec<Spanned<ApiRule>>,
    /// Rules on configuration entries.
    #[serde(default)]
    pub entry: Vec<Spanned<EntryRule>>,
    /// Rules on what a file defines.
    #[serde(default)]
    pub definition: Vec<Spanned<DefinitionRule>>,
    /// Rules on the path of a file alone.
    #[serde(default)]
    pub file: Vec<Spanned<FileRule>>,
    /// Changes to rules that exist already; for a user's own files.
    #[serde(default)]
    pub change: Vec<Spanned<Change>>,
}

/// Severity as written.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Info,
    Low,
    Medium,
    High,
}

/// Confidence as written.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sureness {
    Low,
    Medium,
    High,
}

/// A rule on uses of an API, on inheritance or on imports.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiRule {
    /// Unique inside the file.
    pub id: String,
    /// The APIs: `new T`, `T#m`, `a.b.f`, `@A`, `T#p =`; `{a,b}` alternates.
    pub api: Many,
    /// Languages of this rule alone.
    pub languages: Option<Vec<String>>,
    /// Globs on the path; all files where it is left out.
    pub files: Option<Many>,
    /// The file must import one of these, or something below.
    #[serde(default)]
    pub imports: Vec<String>,
    /// The file must import none of these, nor anything below.
    #[serde(default)]
    pub unless_imports: Vec<String>,
    /// An annotation must stand on one of these: `class`, `method`, `field` …
    #[serde(default)]
    pub on: Vec<String>,
    /// Annotations of the enclosing class, by last segment, whose first text stands before the subject: a route's base.
    #[serde(default)]
    pub base: Vec<String>,
    /// Values that the finding keeps by name, besides the subject.
    #[serde(default)]
    pub capture: BTreeMap<String, Place>,
    /// Constants that the finding keeps by name.
    #[serde(default)]
    pub parts: BTreeMap<String, String>,
    /// What the finding is about, put together: `{subject}` and names of `capture` and `parts`.
    pub label: Option<String>,
    /// Method names that match on a receiver of unknown type too.
    #[serde(default)]
    pub unknown: Vec<String>,
    /// How sure such a match is; low where it is left out.
    pub unknown_confidence: Option<Sureness>,
    /// Upper bound of the confidence.
    pub confidence: Option<Sureness>,
    /// All must hold.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// None may hold.
    #[serde(default)]
    pub unless: Vec<Condition>,
    /// What is written, dialled or logged to.
    pub subject: Option<Place>,
    /// Where the port stands, for endpoints.
    pub port: Option<Place>,
    /// Tags of the finding.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Overrides the file's severity.
    pub severity: Option<Level>,
    /// One phrase of why.
    #[serde(default)]
    pub note: String,
    /// Sentence of the finding; `{subject}` is replaced.
    pub message: Option<String>,
}

/// A place in a call.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub arg: Option<ArgPlace>,
    pub name: Option<String>,
    pub key: Option<String>,
    pub receiver: Option<bool>,
    pub assigned: Option<bool>,
    pub parent: Option<bool>,
}

/// Position of an argument: a number from 0, `any` or `last`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "a position: a number from 0, \"any\" or \"last\"")]
pub enum ArgPlace {
    Index(usize),
    Word(String),
}

/// A place and what is asked of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub arg: Option<ArgPlace>,
    pub name: Option<String>,
    pub key: Option<String>,
    pub receiver: Option<bool>,
    pub assigned: Option<bool>,
    pub parent: Option<bool>,
    pub is: Option<Many>,
    pub has: Option<Many>,
    pub chars: Option<String>,
    pub matches: Option<String>,
    #[serde(rename = "type")]
    pub type_name: Option<Many>,
    pub missing: Option<bool>,
    pub literal: Option<bool>,
    pub name_matches: Option<String>,
    pub min_args: Option<usize>,
    pub max_args: Option<usize>,
    pub assume: Option<bool>,
    pub default: Option<Scalar>,
}

/// A text, number or truth value, all compared as text.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "a text, a whole number or a truth value")]
pub enum Scalar {
    Text(String),
    Int(i64),
    Bool(bool),
}

impl Scalar {
    /// The text that values are compared with.
    pub fn text(&self) -> String {
        match self {
            Scalar::Text(text) => text.clone(),
            Scalar::Int(number) => number.to_string(),
            Scalar::Bool(truth) => truth.to_string(),
        }
    }
}

/// One scalar or a list of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "a text, a whole number, a truth value, or a list of such")]
pub enum Many {
    One(Scalar),
    List(Vec<Scalar>),
}

impl Many {
    /// All as text.
    pub fn texts(&self) -> Vec<String> {
        match self {
            Many::One(one) => vec![one.text()],
            Many::List(list) => list.iter().map(Scalar::text).collect(),
        }
    }
}

/// A rule on configuration entries.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryRule {
    pub id: String,
    /// Globs on the path; all files where it is left out.
    pub files: Option<Many>,
    /// Patterns on the key path.
    pub key: Many,
    /// The value must match this regular expression.
    pub value: Option<String>,
    /// The value must not match this one.
    pub unless_value: Option<String>,
    /// Another entry beside it that must match.
    pub near: Option<Near>,
    /// Another entry beside it that must not match.
    pub unless_near: Option<Near>,
    /// Globs on the path that must not match.
    pub unless_files: Option<Many>,
    /// What the finding is about: `{value}`, `{key}`, `{last}` and `{above}` segment of the key, names of `parts`; the
    /// value where it is left out.
    pub label: Option<String>,
    /// Constants that the finding keeps by name.
    #[serde(default)]
    pub parts: BTreeMap<String, String>,
    #[serde(default)]
    pub tags: Vec<String>,
    pub severity: Option<Level>,
    pub confidence: Option<Sureness>,
    #[serde(default)]
    pub note: String,
    pub message: Option<String>,
}

/// A rule on what a file defines.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefinitionRule {
    pub id: String,
    /// `class`, `interface`, `function`, `method`, `constant`, `field` …
    pub define: Vec<String>,
    /// Languages of this rule alone.
    pub languages: Option<Vec<String>>,
    /// Globs on the path; all files where it is left out.
    pub files: Option<Many>,
    /// The file must import one of these, or something below.
    #[serde(default)]
    pub imports: Vec<String>,
    /// The simple name must match this regular expression.
    pub name: Option<String>,
    /// The declared or inferred type must match.
    #[serde(rename = "type")]
    pub type_name: Option<String>,
    /// The namespace that the file declares must match.
    pub namespace: Option<String>,
    /// The name of what encloses it must match.
    pub within: Option<String>,
    /// Inside nothing (true), or inside something (false).
    pub top: Option<bool>,
    /// Seen by other files (true), or private (false).
    pub visible: Option<bool>,
    /// One for all objects of a type, and not constant.
    pub shared: Option<bool>,
    /// Begins as an empty container: `{}`, `[]`, `new HashMap()`.
    pub empty: Option<bool>,
    #[serde(default)]
    pub tags: Vec<String>,
    pub severity: Option<Level>,
    pub confidence: Option<Sureness>,
    #[serde(default)]
    pub note: String,
    pub message: Option<String>,
    /// What the finding is about: `{name}`, `{type}`, `{within}`; the name where it is left out.
    pub label: Option<String>,
    #[serde(default)]
    pub parts: BTreeMap<String, String>,
}

/// A rule on the path of a file, whether it is read or not.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRule {
    pub id: String,
    /// Globs on the path.
    pub files: Many,
    /// Globs on the path that must not match.
    pub unless_files: Option<Many>,
    #[serde(default)]
    pub tags: Vec<String>,
    pub severity: Option<Level>,
    pub confidence: Option<Sureness>,
    #[serde(default)]
    pub note: String,
    pub message: Option<String>,
    /// What the finding is about: `{path}`, `{name}`, `{folder}`; the path where it is left out.
    pub label: Option<String>,
    #[serde(default)]
    pub parts: BTreeMap<String, String>,
}

/// A neighbouring entry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Near {
    pub key: String,
    pub value: Option<String>,
}

/// A change to a rule that exists already.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Full id, or a prefix that ends in `/`.
    pub rule: String,
    /// Switches it off.
    #[serde(default)]
    pub off: bool,
    /// Another severity.
    pub severity: Option<Level>,
}
