//! Source text to facts; the only folder that knows tree-sitter and syn.

mod bounds;
mod calls;
mod chains;
mod containerfile;
mod context;
mod directive;
mod extract;
mod grammars;
pub mod highlight;
mod hooks;
mod keyed;
mod literals;
mod lookups;
mod mapping;
mod packages;
mod pipeline;
mod provision;
mod references;
pub mod rust;
mod scopes;
mod services;
mod shell;
mod surroundings;
mod templates;
mod values;

use std::sync::LazyLock;

use serde::Deserialize;

use crate::assets;
use crate::facts::{FileFacts, Interest, Language};

/// What is known of a language without reading a file of it: the header of `assets/languages/<id>.toml`.
#[derive(Debug, Clone)]
pub struct LanguageInfo {
    /// The stable id, the name of the asset: `java`.
    pub id: &'static str,
    /// The name for people: `Java`.
    pub name: String,
    /// True for programming languages, false for configuration, markup and data.
    pub is_code: bool,
    /// Globs on the file name (`*.java`) or, where they hold a slash, on the path (`**/nginx/*.conf`).
    pub patterns: Vec<String>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    #[serde(default)]
    code: bool,
    #[serde(default)]
    files: Files,
    #[serde(default)]
    templates: Vec<templates::Template>,
}

#[derive(Deserialize, Default)]
struct Files {
    #[serde(default)]
    patterns: Vec<String>,
}

static LANGUAGES: LazyLock<Vec<LanguageInfo>> = LazyLock::new(|| {
    assets::under("languages/")
        .filter_map(|(path, text)| {
            let id = path.strip_prefix("languages/")?.strip_suffix(".toml")?;
            let header: Header = toml::from_str(text).ok()?;
            let mut patterns = header.files.patterns;
            let endings = header.templates.iter().flat_map(|template| &template.endings);
            patterns.extend(
                endings
                    .map(|ending| format!("*.{ending}"))
                    .filter(|pattern| !patterns.contains(pattern))
                    .collect::<Vec<_>>(),
            );
            Some(LanguageInfo { id, name: header.name, is_code: header.code, patterns })
        })
        .collect()
});

/// All languages that have an asset, sorted by id.
#[must_use]
pub fn languages() -> &'static [LanguageInfo] {
    &LANGUAGES
}

/// Parses a file and keeps nothing: the floor that a scan is measured against (`examples/parse_floor.rs`). False where
/// nothing parses the language.
#[must_use]
pub fn parse_only(language: Language, path: &str, text: &str) -> bool {
    if language.0 == "rust" {
        rust::parse_only(text)
    } else {
        grammars::parse_only(language, path, &templates::code(language, path, text))
    }
}

/// What one file says. Never fails: what cannot be parsed is left out and said in `partial`; an unknown language has no facts.
#[must_use]
pub fn extract(language: Language, path: &str, text: &str, interest: &dyn Interest) -> FileFacts {
    match language.0 {
        "rust" => return rust::extract(language, path, text, interest),
        "properties" | "yaml" | "json" | "toml" | "ini" | "xml" | "env" => {
            return keyed::extract(language, path, text, interest);
        }
        "dockerfile" => return containerfile::extract(language, path, text, interest),
        "shell" => return shell::extract(path, text, interest),
        "pipeline" => {
            return keyed::lines_only(text, |out| Some(pipeline::jenkins(text, &|start, end| out.span(start, end))));
        }
        "directive" => return directive::extract(language, path, text, interest),
        "packages" => return packages::extract(path, text, interest),
        _ => {}
    }
    let mut facts = templates::extract(language, path, text, interest);
    facts.lines = text.lines().count() as u32;
    if language.0 == "ruby" && provision::is_one(path) {
        provision::read(text, interest, &mut facts);
    }
    facts
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_script;
