//! The finding kinds: principle, default severity and words for people, from `assets/kinds.toml`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::model::Level;
use super::{Kind, Severity};
use crate::facts::Scope;
use crate::text::{Lang, Said, told};

/// What is known of one finding kind.
#[derive(Debug, Clone)]
pub struct KindInfo {
    /// The kind.
    pub kind: Kind,
    /// Id of the principle that its findings speak about.
    pub principle: &'static str,
    /// Severity where a rule names none; `Info` for inventory kinds, whatever a rule says.
    pub severity: Severity,
    /// True for facts that are no problem: counted apart, evidence for the scorecard.
    pub inventory: bool,
    /// Scopes besides main whose files speak about the application: a finding of this kind there gets scope main.
    pub also: &'static [Scope],
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
    /// The same in German.
    pub message_de: &'static str,
    /// The sentence where the subject is not known.
    pub message_unknown: &'static str,
    /// The same in German.
    pub message_unknown_de: &'static str,
    /// First letters of a finding's id.
    pub prefix: &'static str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    principle: String,
    severity: Option<Level>,
    #[serde(default)]
    inventory: bool,
    #[serde(default)]
    also: Vec<String>,
    title: String,
    title_de: String,
    why: String,
    why_de: String,
    message: String,
    message_de: String,
    message_unknown: String,
    message_unknown_de: String,
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

/// What only the checks over the whole repository use; in no list, in no output.
static CLUE: KindInfo = KindInfo {
    kind: Kind::CLUE,
    principle: "",
    severity: Severity::Info,
    inventory: true,
    also: &[Scope::Build],
    title: "Clue",
    title_de: "Hinweis",
    why: "",
    why_de: "",
    message: "{subject}",
    message_de: "{subject}",
    message_unknown: "",
    message_unknown_de: "",
    prefix: "cl",
};

/// One kind by its id; clues have one too.
pub fn find(id: &str) -> Option<&'static KindInfo> {
    if id == Kind::CLUE.0 {
        return Some(&CLUE);
    }
    let kinds = all();
    kinds.binary_search_by(|info| info.kind.0.cmp(id)).ok().map(|at| &kinds[at])
}

/// The sentence of a check that says more than its kind, by rule id; `{subject}` is to be replaced.
#[must_use]
pub fn sentence(rule: &str) -> Option<Said> {
    crate::text::known(rule)
}

/// The sentence of a finding in German: a rule's own is not translated unless it is a check's, the kind's is.
#[must_use]
pub fn message_de(finding: &super::Finding) -> String {
    if let Some(said) = sentence(&finding.rule).filter(|_| !finding.subject.is_empty()) {
        return said.put("subject", told(&finding.subject, Lang::De)).de;
    }
    let Some(info) = find(finding.kind.0) else { return finding.message.clone() };
    match finding.subject.as_str() {
        "" => info.message_unknown_de.to_owned(),
        subject => info.message_de.replace("{subject}", &told(subject, Lang::De)),
    }
}

impl KindInfo {
    /// The scope of a finding of this kind in a file of that scope.
    #[must_use]
    pub fn scope(&self, file: Scope) -> Scope {
        if self.also.contains(&file) { Scope::Main } else { file }
    }
}

fn scopes(names: &[String]) -> Vec<Scope> {
    Scope::ALL.into_iter().filter(|scope| names.iter().any(|name| name == scope.as_str())).collect()
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
            severity: w.severity.filter(|_| !w.inventory).map_or(Severity::Info, Severity::from),
            inventory: w.inventory,
            also: Box::leak(scopes(&w.also).into_boxed_slice()),
            title: keep(w.title),
            title_de: keep(w.title_de),
            why: keep(w.why),
            why_de: keep(w.why_de),
            message: keep(w.message),
            message_de: keep(w.message_de),
            message_unknown: keep(w.message_unknown),
            message_unknown_de: keep(w.message_unknown_de),
            prefix: keep(w.prefix),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_of_checks_load_and_belong_to_kinds() {
        let text = crate::assets::get("sentences/findings.toml").unwrap();
        let sentences: BTreeMap<String, [String; 2]> = toml::from_str(text).unwrap();
        assert!(sentences.len() > 20);
        for (rule, texts) in &sentences {
            let kind = rule.split('/').next().unwrap_or_default();
            assert!(find(kind).is_some(), "{rule}");
            assert!(texts.iter().all(|text| text.matches("{subject}").count() == 1), "{rule}");
        }
    }

    #[test]
    fn the_built_in_table_loads_and_prefixes_are_unique() {
        let kinds = load().unwrap();
        assert!(kinds.iter().any(|k| k.kind == Kind::FILE_WRITE && k.principle == "A4"));
        assert!(kinds.iter().any(|k| k.kind == Kind::ENDPOINT && k.principle == "A5"));
        assert!(kinds.iter().any(|k| k.kind == Kind::LOG_PATH && k.principle == "A7"));
        for kind in &kinds {
            let texts =
                [kind.title, kind.title_de, kind.why, kind.why_de, kind.message_unknown, kind.message_unknown_de];
            assert!(texts.iter().all(|text| !text.is_empty()), "{}", kind.kind.0);
            assert!(kind.message.contains("{subject}") && kind.message_de.contains("{subject}"), "{}", kind.kind.0);
            assert_eq!(kind.inventory, kind.severity == Severity::Info, "{}", kind.kind.0);
        }
        let mut prefixes: Vec<_> = kinds.iter().map(|k| k.prefix).collect();
        prefixes.sort_unstable();
        prefixes.dedup();
        assert_eq!(prefixes.len(), kinds.len());
    }
}
