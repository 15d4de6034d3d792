//! How a finding of a kind is mended, shown as code before and after, from `assets/fixes/<kind>.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What stands in for a language where a finding is about settings.
pub const CONFIGURATION: &str = "configuration";

/// One example.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fix {
    /// As it is.
    pub before: String,
    /// As it could be.
    pub after: String,
}

/// The examples of a kind by language id (or [`CONFIGURATION`]), sorted; empty where there are none.
#[must_use]
pub fn fixes(kind: &str) -> Vec<(String, Fix)> {
    let text = crate::assets::get(&format!("fixes/{kind}.toml")).unwrap_or_default();
    toml::from_str::<BTreeMap<String, Fix>>(text).unwrap_or_default().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::compile::LANGUAGES;
    use super::super::kinds;
    use super::*;

    #[test]
    fn every_file_is_of_a_kind_and_every_table_of_a_language() {
        for (path, text) in crate::assets::under("fixes/") {
            let kind = path.trim_start_matches("fixes/").trim_end_matches(".toml");
            assert!(kinds::find(kind).is_some(), "{path} is of no kind");
            let read: BTreeMap<String, Fix> = toml::from_str(text).unwrap();
            for (language, fix) in read {
                assert!(LANGUAGES.contains(&language.as_str()) || language == CONFIGURATION, "{path}: {language}");
                assert!(!fix.before.trim().is_empty() && fix.before != fix.after, "{path}: {language}");
            }
        }
    }

    #[test]
    fn the_three_kinds_that_are_looked_for_in_code_have_one_for_every_language() {
        // The last two hold commands, which these kinds do not look at.
        let languages = LANGUAGES.iter().filter(|language| !matches!(**language, "shell" | "dockerfile"));
        for kind in ["file-write", "hardcoded-endpoint", "log-path"] {
            let have: Vec<String> = fixes(kind).into_iter().map(|(language, _)| language).collect();
            for language in languages.clone() {
                assert!(have.iter().any(|known| known == language), "{kind} has none for {language}");
            }
        }
    }
}
