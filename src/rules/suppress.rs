//! Findings that somebody set aside: comments in the source, and entries of the settings as plain data.

use rustc_hash::FxHashSet;

use super::keys::KeyPattern;
use super::{Finding, Suppressed};
use crate::facts::{FileFacts, Name};

/// One entry of the settings that sets findings aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// Glob on the path; empty for all.
    pub path: String,
    /// Kind, rule, prefix of a rule that ends in `/`, or id of a finding; empty for all.
    pub what: String,
    /// Why.
    pub reason: String,
    /// Where it is written: `path:line`.
    pub by: String,
}

/// A suppression that sets nothing aside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unused {
    /// Where it is written: `path:line`.
    pub by: String,
    /// Why it does nothing, for people.
    pub why: String,
}

/// Splits the findings of one file into those that stay and those that are set aside.
///
/// A comment `breakbulk:ignore[ kind-or-rule] reason` speaks for its own line and the next one. `pragmas` of the facts hold
/// the text behind the marker `breakbulk:` or behind `breakbulk:ignore`. Without a reason it sets nothing aside.
pub fn apply(
    findings: Vec<Finding>,
    path: &str,
    facts: &FileFacts,
    settings: &[Suppression],
) -> (Vec<Finding>, Vec<Suppressed>) {
    let pragmas: Vec<(u32, Option<String>, String)> = facts
        .pragmas
        .iter()
        .filter_map(|(line, text)| pragma(text).map(|(what, reason)| (*line, what, reason)))
        .filter(|(_, _, reason)| !reason.is_empty())
        .collect();
    let mut stay = Vec::with_capacity(findings.len());
    let mut aside = Vec::new();
    for finding in findings {
        let lines = finding.span.line..=finding.span.end_line.max(finding.span.line);
        let comment = pragmas.iter().find(|(line, what, _)| {
            (lines.contains(line) || line + 1 == finding.span.line)
                && what.as_deref().is_none_or(|what| speaks_of(what, &finding))
        });
        if let Some((line, _, reason)) = comment {
            aside.push(Suppressed { finding, reason: reason.clone(), by: format!("{path}:{line}") });
            continue;
        }
        let setting = settings.iter().find(|setting| {
            (setting.path.is_empty() || path_matches(&setting.path, path))
                && (setting.what.is_empty() || speaks_of(&setting.what, &finding))
        });
        match setting {
            Some(setting) => {
                aside.push(Suppressed { finding, reason: setting.reason.clone(), by: setting.by.clone() });
            }
            None => stay.push(finding),
        }
    }
    (stay, aside)
}

/// The suppressions that set nothing aside: comments of these files, as (path, facts), and entries of the settings. Sorted.
pub fn unused<'f>(
    files: impl Iterator<Item = (&'f str, &'f FileFacts)>,
    settings: &[Suppression],
    suppressed: &[Suppressed],
) -> Vec<Unused> {
    let used: FxHashSet<&str> = suppressed.iter().map(|item| item.by.as_str()).collect();
    let mut unused = Vec::new();
    for (path, facts) in files {
        for (line, text) in &facts.pragmas {
            let by = format!("{path}:{line}");
            let Some((what, reason)) = pragma(text).filter(|_| !used.contains(by.as_str())) else { continue };
            let why = if reason.is_empty() {
                "the comment gives no reason, so it sets nothing aside; write one behind it".to_owned()
            } else {
                format!("no {} on this line or the next", what.as_deref().unwrap_or("finding"))
            };
            unused.push(Unused { by, why });
        }
    }
    for setting in settings.iter().filter(|setting| !used.contains(setting.by.as_str())) {
        let what = if setting.what.is_empty() { "finding" } else { &setting.what };
        let place = if setting.path.is_empty() { "any file".to_owned() } else { format!("`{}`", setting.path) };
        unused.push(Unused {
            by: setting.by.clone(),
            why: format!("no {what} in {place} that is not set aside already"),
        });
    }
    unused.sort();
    unused
}

fn speaks_of(what: &str, finding: &Finding) -> bool {
    what == finding.kind.0
        || what == finding.rule
        || what == finding.id
        || (what.ends_with('/') && finding.rule.starts_with(what))
}

/// What a pragma speaks of, and its reason; `None` when it is no `ignore`.
fn pragma(text: &Name) -> Option<(Option<String>, String)> {
    let text = text.trim();
    let text = text.strip_prefix("breakbulk:").unwrap_or(text).trim_start();
    let rest = text.strip_prefix("ignore").unwrap_or(text);
    let rest = rest.trim_start_matches([':', '[']).trim();
    let rest = rest.trim_end_matches("*/").trim_end_matches("-->").trim();
    let first = rest.split([' ', ']']).next().unwrap_or_default();
    let named = first.contains('/') || super::kinds::find(first).is_some();
    if named {
        let reason = rest[first.len()..].trim_start_matches([']', ':', '-', ' ']).to_owned();
        return Some((Some(first.to_owned()), reason));
    }
    Some((None, rest.to_owned()))
}

/// A path glob; `dir/` stands for everything below.
fn path_matches(glob: &str, path: &str) -> bool {
    if glob.ends_with('/') {
        return path.starts_with(glob);
    }
    let pattern = KeyPattern::path(glob);
    pattern.matches_path(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pragmas_name_a_kind_or_speak_for_all() {
        assert_eq!(
            pragma(&"file-write only at build time".into()),
            Some((Some("file-write".into()), "only at build time".into()))
        );
        assert_eq!(
            pragma(&"ignore[log-path] rotated outside */".into()),
            Some((Some("log-path".into()), "rotated outside".into()))
        );
        assert_eq!(pragma(&"ignore known".into()), Some((None, "known".into())));
    }

    #[test]
    fn globs_and_folders() {
        assert!(path_matches("src/**/*.php", "src/a/b.php"));
        assert!(path_matches("legacy/", "legacy/x/y.rb"));
        assert!(!path_matches("src/*.php", "src/a/b.php"));
    }
}
