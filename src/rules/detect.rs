//! The word lists of endpoint detection, from `assets/rules/hardcoded-endpoint/_detect.toml`.

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::compile::RuleError;

/// Word lists; all in lower case unless said otherwise.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Detect {
    /// Schemes that a program dials, besides http and its like.
    pub schemes: FxHashSet<String>,
    /// Schemes that browsers follow too.
    pub web_schemes: FxHashSet<String>,
    /// Hosts (and their subdomains) whose URLs are identifiers: namespaces, schemas, licences.
    pub identifier_hosts: Vec<String>,
    /// Documentation domains.
    pub documentation_hosts: Vec<String>,
    /// Hosts (and their subdomains) whose URLs are mostly links for people.
    pub people_hosts: Vec<String>,
    /// Endings of files in a path: such a URL is a page, an image, a schema.
    pub page_endings: Vec<String>,
    /// Words of a key that say that nobody dials it, whatever the address.
    pub never_words: FxHashSet<String>,
    /// The same, unless another word says that it is dialled.
    pub mild_never_words: FxHashSet<String>,
    /// Words among `dial_words` that do not outweigh a word for a link before them.
    pub vague_dial_words: FxHashSet<String>,
    /// Names under which services are commonly reached: hosts, where the key says host.
    pub service_names: FxHashSet<String>,
    /// Words of a key that say that a public URL is a link for people.
    pub link_words: FxHashSet<String>,
    /// Words of a key that say that it is dialled.
    pub dial_words: FxHashSet<String>,
    /// Words of a key that say URL and no more.
    pub url_words: FxHashSet<String>,
    /// Last words of a key under which a bare word is a host name.
    pub host_words: FxHashSet<String>,
    /// Values below such a key that are labels, types and placeholders.
    pub not_hosts: FxHashSet<String>,
    /// Words in front of a colon and a number that are no hosts: `max:500` is a rule of validation.
    pub not_before_port: FxHashSet<String>,
    /// Segments of paths of web sites where people read: `docs`, `faq`.
    pub people_segments: FxHashSet<String>,
    /// First labels of hosts where people read: `docs`, `community`.
    pub people_labels: FxHashSet<String>,
    /// Last segments of callees whose text arguments are for people, or are compared; letter case as written.
    pub silent_callees: FxHashSet<String>,
    /// Last segments of callees that dial; letter case as written.
    pub dialling_callees: FxHashSet<String>,
    /// Last segments of callees that store a value under a key: `define('DB_HOST', 'x')`; letter case as written.
    pub setters: FxHashSet<String>,
    /// Last segments of callees that read the environment; letter case as written.
    pub env_functions: FxHashSet<String>,
    /// Parts of the qualified name of annotations that describe and dial nothing.
    pub silent_annotations: Vec<String>,
    /// Parts of paths of files that are no configuration of the application.
    pub silent_paths: Vec<String>,
    /// The same for source code, where fewer folders are silent: those of copied code and of data for tests.
    pub silent_code_paths: Vec<String>,
    /// Folders of words of one language: source code in them is silent unless it has functions.
    pub silent_text_paths: Vec<String>,
    /// Names of files that are no configuration of the application.
    pub silent_files: FxHashSet<String>,
    /// Segments of key paths below which nothing is dialled.
    pub silent_segments: FxHashSet<String>,
    /// Endings of names that are files and not hosts.
    pub file_endings: FxHashSet<String>,
}

impl Detect {
    /// Reads the lists.
    ///
    /// # Errors
    /// With file and line, when the TOML is broken or a list is unknown.
    pub fn read(path: &str, text: &str) -> Result<Self, RuleError> {
        toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line =
                text.as_bytes().get(..start).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count() + 1;
            RuleError {
                path: path.to_owned(),
                line: u32::try_from(line).unwrap_or(u32::MAX),
                message: error.message().trim().to_owned(),
            }
        })
    }
}
