//! `.breakbulk/config.toml`: what a repository wants to be left alone, with the reason.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

/// The settings file, relative to the repository.
pub const PATH: &str = ".breakbulk/config.toml";

/// The settings of one repository.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// Findings to set aside.
    pub suppress: Vec<Suppress>,
    /// The table `effort` as text: figures of the model of effort that this repository changes. What they mean is read by
    /// whoever reckons with them.
    pub effort: String,
}

/// Sets findings aside by path and kind or rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Suppress {
    /// Glob on the path; empty for all.
    pub path: String,
    /// Kind, rule, prefix of a rule that ends in `/`, or id of a finding; empty for all.
    pub rule: String,
    /// Why; shown in every report.
    pub reason: String,
    /// Where it is written: `.breakbulk/config.toml:3`.
    pub by: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    suppress: Vec<Spanned<WrittenSuppress>>,
    #[serde(default)]
    effort: toml::Table,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSuppress {
    #[serde(default)]
    path: String,
    #[serde(default)]
    rule: String,
    reason: String,
}

impl Settings {
    /// Reads `.breakbulk/config.toml` below `root`; defaults where there is none.
    ///
    /// # Errors
    /// One message with file, line and what is wrong.
    pub fn read(root: &Path) -> Result<Settings, String> {
        match fs::read_to_string(root.join(PATH)) {
            Ok(text) => Settings::parse(&text),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                Ok(Settings::default())
            }
            Err(error) => Err(format!("{PATH} cannot be read: {error}")),
        }
    }

    pub(super) fn parse(text: &str) -> Result<Settings, String> {
        let fault = |span, message: &str| format!("{PATH}: {}", crate::text::fault(text, span, message));
        let written: Written = toml::from_str(text).map_err(|error| fault(error.span(), error.message()))?;
        let mut suppress = Vec::new();
        for entry in written.suppress {
            let span = entry.span();
            let line = text.get(..span.start).unwrap_or_default().matches('\n').count() + 1;
            let entry = entry.into_inner();
            if entry.reason.trim().is_empty() {
                return Err(fault(Some(span), "a suppression needs a reason; write `reason = \"why\"`"));
            }
            if entry.path.is_empty() && entry.rule.is_empty() {
                let message =
                    "this would set everything aside; write `path = \"legacy/**\"`, `rule = \"file-write\"`, or both";
                return Err(fault(Some(span), message));
            }
            suppress.push(Suppress {
                path: entry.path,
                rule: entry.rule,
                reason: entry.reason,
                by: format!("{PATH}:{line}"),
            });
        }
        Ok(Settings { suppress, effort: written.effort.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::Settings;

    #[test]
    fn a_suppression_needs_a_reason_and_something_to_speak_of() {
        let wrong = Settings::parse("[[suppress]]\npath = \"a/**\"\n").unwrap_err();
        assert!(wrong.contains("reason") && wrong.contains("line 1"), "{wrong}");
        assert!(Settings::parse("[[suppress]]\npath = \"a\"\nreason = \" \"\n").unwrap_err().contains("reason"));
        assert!(Settings::parse("\n[[suppress]]\nreason = \"x\"\n").unwrap_err().contains("line 2"));
        let right = Settings::parse("\n[[suppress]]\npath = \"a/**\"\nreason = \"legacy\"\n").unwrap();
        assert_eq!(
            (right.suppress[0].reason.as_str(), right.suppress[0].by.as_str()),
            ("legacy", ".breakbulk/config.toml:2")
        );
    }
}
