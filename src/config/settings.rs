//! `.breakbulk/config.toml`: what a repository wants to be left alone, with the reason.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;

/// The settings of one repository.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Findings to set aside.
    #[serde(default)]
    pub suppress: Vec<Suppress>,
}

/// Sets findings aside by path and kind or rule.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suppress {
    /// Glob on the path; all paths where it is left out.
    #[serde(default)]
    pub path: Option<String>,
    /// Kind or rule id; all where it is left out.
    #[serde(default)]
    pub rule: Option<String>,
    /// Why; required, and shown in every report.
    pub reason: String,
}

impl Settings {
    /// Reads `.breakbulk/config.toml` below `root`; defaults where there is none.
    ///
    /// # Errors
    /// One message with file, line and what is wrong.
    pub fn read(root: &Path) -> Result<Settings, String> {
        let path = ".breakbulk/config.toml";
        match fs::read_to_string(root.join(path)) {
            Ok(text) => toml::from_str(&text)
                .map_err(|error| format!("{path}: {}", crate::text::fault(&text, error.span(), error.message()))),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                Ok(Settings::default())
            }
            Err(error) => Err(format!("{path} cannot be read: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;

    #[test]
    fn a_suppression_without_a_reason_is_refused() {
        let wrong: Result<Settings, _> = toml::from_str("[[suppress]]\npath = \"a/**\"\n");
        assert!(wrong.unwrap_err().to_string().contains("reason"));
        let right: Settings = toml::from_str("[[suppress]]\npath = \"a/**\"\nreason = \"legacy\"\n").unwrap();
        assert_eq!(right.suppress[0].reason, "legacy");
    }
}
