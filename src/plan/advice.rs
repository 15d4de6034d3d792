//! What is said of a kind of step, from `assets/advice/<kind>.toml`, in English and German; and the ids of steps.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64;

use super::Risk;
use crate::facts::Name;
use crate::text::Lang;

/// The words and settings of one kind of step.
#[derive(Debug, Clone, Deserialize, Default)]
pub(super) struct Advice {
    pub principle: String,
    pub why: String,
    #[serde(default)]
    pub why_de: String,
    pub how: Vec<String>,
    #[serde(default)]
    pub how_de: Vec<String>,
    /// The step's title where all findings of the kind make one step; empty where `titles` names several.
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub title_de: String,
    /// The id of the phase that this one step belongs to.
    #[serde(default)]
    pub phase: String,
    /// What can go wrong, how likely, and the way back.
    #[serde(default)]
    pub risk: Risk,
    #[serde(default)]
    pub risk_why: String,
    #[serde(default)]
    pub risk_why_de: String,
    #[serde(default)]
    pub back: String,
    #[serde(default)]
    pub back_de: String,
    /// Kinds whose steps come before.
    #[serde(default)]
    pub needs: Vec<String>,
    /// `people` where no scan can tell that the step is done; `scan` otherwise.
    #[serde(default)]
    pub check: String,
    /// Titles by case, German ones under `<case>_de`; `{subject}` stands for what the step is about.
    #[serde(default)]
    pub titles: BTreeMap<String, String>,
}

impl Advice {
    /// The advice of a kind; empty where there is none.
    pub fn of(kind: &str) -> &'static Advice {
        static NONE: LazyLock<Advice> = LazyLock::new(Advice::default);
        static ALL: LazyLock<BTreeMap<&str, Advice>> = LazyLock::new(|| {
            let files = crate::assets::under("advice/");
            let kinds = files.filter_map(|(path, text)| {
                let kind = path.strip_prefix("advice/")?.strip_suffix(".toml")?;
                Some((kind, toml::from_str(text).unwrap_or_default()))
            });
            kinds.collect()
        });
        ALL.get(kind).unwrap_or(&NONE)
    }

    /// The title of a step in English and German.
    pub fn titled(&self, case: &str, subject: &str) -> (String, String) {
        let of = |case: &str| self.titles.get(case).cloned().unwrap_or_default().replace("{subject}", subject);
        if case.is_empty() {
            (self.title.clone(), self.title_de.clone())
        } else {
            (of(case), of(&format!("{case}_de")))
        }
    }
}

/// What to do about findings of a kind, step by step; empty where there is no advice.
#[must_use]
pub fn advice(kind: &str, lang: Lang) -> Vec<String> {
    let advice = Advice::of(kind);
    lang.of(&advice.how, &advice.how_de).clone()
}

/// The id of a step about `subject`: it depends on both and on nothing else. The last digit checks those before it, so that a
/// slip of the pen is not taken for a step whose evidence is gone.
pub(super) fn id(kind: &str, subject: &str) -> Name {
    let hash = xxh3_64(format!("{kind}\0{subject}").as_bytes()) >> 36;
    let digits = format!("{hash:07x}");
    Name::from(format!("{kind}-{digits}{:x}", check_digit(&digits)))
}

/// Odd weights tell any single wrong digit, and nearly every pair that was exchanged.
fn check_digit(digits: &str) -> u32 {
    let weighted = digits.chars().zip(1..).map(|(digit, place)| digit.to_digit(16).unwrap_or(0) * (2 * place + 1));
    weighted.sum::<u32>() % 16
}

/// The kind of a step by its id; `None` where this is no id that a plan has ever given.
#[must_use]
pub fn kind_of(id: &str) -> Option<&str> {
    let (kind, digits) = id.rsplit_once('-')?;
    let (before, last) = digits.split_at_checked(7)?;
    let hex = |text: &str| text.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
    let sound = hex(digits) && last.len() == 1 && u32::from_str_radix(last, 16) == Ok(check_digit(before));
    (sound && crate::assets::get(&format!("advice/{kind}.toml")).is_some()).then_some(kind)
}

#[cfg(test)]
mod tests {
    use super::{Advice, id, kind_of};

    #[test]
    fn a_slip_of_the_pen_is_no_id() {
        let given = id("log-path", "module x");
        assert_eq!(kind_of(&given), Some("log-path"));
        for at in 9..given.len() {
            for digit in "0123456789abcdef".chars().filter(|digit| !given[at..].starts_with(*digit)) {
                let wrong = format!("{}{digit}{}", &given[..at], &given[at + 1..]);
                assert_eq!(kind_of(&wrong), None, "{wrong}");
            }
        }
        for wrong in ["", "-", "log-path", "log-path-", "no-kind-00000000", "log-path-äöüäöüää", "log-path-+0000000"]
        {
            assert_eq!(kind_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_comes_before_is_a_kind_of_step_and_never_comes_after() {
        let kinds: Vec<&str> = crate::assets::under("advice/")
            .filter_map(|(path, _)| path.strip_prefix("advice/")?.strip_suffix(".toml"))
            .collect();
        fn before(kind: &str, depth: usize) {
            assert!(depth < 10, "{kind} needs itself");
            Advice::of(kind).needs.iter().for_each(|need| before(need, depth + 1));
        }
        for kind in kinds.iter().copied() {
            let advice = Advice::of(kind);
            assert!(advice.needs.iter().all(|need| kinds.contains(&need.as_str())), "{kind}: needs");
            before(kind, 0);
            assert!(!advice.why.is_empty() && !advice.why_de.is_empty(), "{kind}: why");
            assert!(!advice.how.is_empty() && advice.how.len() == advice.how_de.len(), "{kind}: how");
            assert_eq!(advice.title.is_empty(), advice.title_de.is_empty(), "{kind}: title");
            assert!(["", "people", "scan"].contains(&advice.check.as_str()), "{kind}: check");
            for (name, title) in &advice.titles {
                let german = name.ends_with("_de") || advice.titles.contains_key(&format!("{name}_de"));
                assert!(german && !title.is_empty(), "{kind}: {name}");
            }
            if !advice.risk_why.is_empty() {
                let texts = [&advice.risk_why_de, &advice.back, &advice.back_de];
                assert!(texts.iter().all(|text| !text.is_empty()), "{kind}: risk and the way back");
            }
        }
    }
}
