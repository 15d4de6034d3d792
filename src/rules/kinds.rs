//! The finding kinds: principle, default severity and words for people, from `assets/kinds.toml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::model::Level;
use super::{Kind, Severity};

/// What is known of one finding kind.
#[derive(Debug, Clone)]
pub struct KindInfo {
    /// The kind.
    pub kind: Kind,
    /// Id of the principle that its findings speak about.
    pub principle: &'static str,
    /// Severity where a rule names none.
    pub severity: Severity,
    /// English title.
    pub title: &'static str,
    /// German title.
    pub title_de: &'static str,
    /// Why it matters, one line, English.
    pub why: &'static str,
    /// Why it matters, one line, German.
    pub why_de: &'static str,
    /// Sentence of a finding whose rule brings none; `{subject}` is replaced.
    pub message: &'static str,
    /// The same where the subject is not known.
    pub message_unknown: &'static str,
    /// First letters of a finding's id.
    pub prefix: &'static str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    principle: String,
    severity: Level,
    title: String,
    title_de: String,
    why: String,
    why_de: String,
    message: String,
    message_unknown: String,
    prefix: String,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Info => Severity::Info,
            Level::Low => Severity::Low,
            Level::Medium => Severity::Medium,
            Level::High => Severity::High,
        }
    }
}

/// All kinds, sorted by id. Empty only if the built-in asset is broken, which a test rules out.
pub fn all() -> &'static [KindInfo] {
    static KINDS: OnceLock<Vec<KindInfo>> = OnceLock::new();
    KINDS.get_or_init(|| load().unwrap_or_default())
}

/// One kind by its id.
pub fn find(id: &str) -> Option<&'static KindInfo> {
    all().iter().find(|info| info.kind.0 == id)
}

fn load() -> Result<Vec<KindInfo>, toml::de::Error> {
    let text = crate::assets::get("kinds.toml").unwrap_or_default();
    let written: BTreeMap<String, Written> = toml::from_str(text)?;
    // Read once per process and kept to its end: the ids are handed out as `&'static str`.
    let keep = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    Ok(written
        .into_iter()
        .map(|(id, w)| KindInfo {
            kind: Kind(keep(id)),
            principle: keep(w.principle),
            severity: w.severity.into(),
            title: keep(w.title),
            title_de: keep(w.title_de),
            why: keep(w.why),
            why_de: keep(w.why_de),
            message: keep(w.message),
            message_unknown: keep(w.message_unknown),
            prefix: keep(w.prefix),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_loads_and_prefixes_are_unique() {
        let kinds = load().unwrap();
        assert!(kinds.iter().any(|k| k.kind == Kind::FILE_WRITE && k.principle == "A4"));
        assert!(kinds.iter().any(|k| k.kind == Kind::ENDPOINT && k.principle == "A5"));
        assert!(kinds.iter().any(|k| k.kind == Kind::LOG_PATH && k.principle == "A7"));
        let mut prefixes: Vec<_> = kinds.iter().map(|k| k.prefix).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        assert_eq!(prefixes.len(), kinds.len());
    }
}
