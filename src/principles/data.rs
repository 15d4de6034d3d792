//! The scorecard's rules as data: `assets/principles.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::text::Said;

/// What findings of a principle are measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Source files of scope main.
    Files,
    /// Image and service definitions.
    Definitions,
    /// The repository as a whole.
    Once,
}

/// Where places that speak for a principle come from; see the head of the asset.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Source {
    pub kind: String,
    pub rule: String,
    pub tag: String,
    pub words: Vec<String>,
    /// Of packages: only those of a language that the application is written in, and those of a distribution.
    pub own: bool,
    pub image: Vec<String>,
    pub start: String,
    pub pinned: bool,
    pub service: String,
    pub computed: String,
}

/// What is known of one principle.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Principle {
    /// Stable id, `A1` to `D2`.
    pub id: String,
    /// Title.
    pub en: String,
    /// The title in German.
    pub de: String,
    /// Points in the readiness figure before they are brought to 100.
    pub weight: f32,
    /// What its findings are measured against.
    pub unit: Unit,
    /// What stands in the way, short.
    pub name: String,
    /// The same in German.
    pub name_de: String,
    #[serde(default)]
    pub(super) seen: String,
    #[serde(default)]
    pub(super) seen_de: String,
    pub(super) unknown: String,
    pub(super) unknown_de: String,
    /// Sources of places that make it hold where nothing speaks against it.
    #[serde(default)]
    pub(super) proves: Vec<Source>,
    /// Sources of places that are named and prove nothing.
    #[serde(default)]
    pub(super) names: Vec<Source>,
}

impl Principle {
    pub(super) fn seen(&self) -> Said {
        Said { en: self.seen.clone(), de: self.seen_de.clone() }
    }

    pub(super) fn unknown(&self) -> Said {
        Said { en: self.unknown.clone(), de: self.unknown_de.clone() }
    }
}

/// The settings of the readiness figure.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// What a finding of severity high weighs.
    pub high: f32,
    /// Of severity medium.
    pub medium: f32,
    /// Of severity low.
    pub low: f32,
    /// Source files that make one unit.
    pub files_per_unit: f32,
    /// The fewest units of source files.
    pub least_units: f32,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    readiness: Figures,
    principle: Vec<Principle>,
}

static DATA: LazyLock<Written> = LazyLock::new(|| {
    let text = crate::assets::get("principles.toml").unwrap_or_default();
    // A faulty asset leaves the scorecard empty, which a test rules out.
    toml::from_str(text).unwrap_or_default()
});

/// All principles, in the order A1 … D2.
#[must_use]
pub fn all() -> &'static [Principle] {
    &DATA.principle
}

/// The settings of the readiness figure.
#[must_use]
pub fn figures() -> &'static Figures {
    &DATA.readiness
}

/// Id, English and German title of each principle, in order.
pub fn titles() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    all().iter().map(|principle| (principle.id.as_str(), principle.en.as_str(), principle.de.as_str()))
}

#[cfg(test)]
mod tests {
    use super::{Written, all};
    use crate::rules::kinds;

    #[test]
    fn the_asset_is_read_and_complete_in_both_languages() {
        let text = crate::assets::get("principles.toml").unwrap();
        let written: Written = toml::from_str(text).unwrap();
        assert_eq!(written.principle.len(), 26);
        for principle in &written.principle {
            let texts = [&principle.en, &principle.de, &principle.name, &principle.name_de];
            assert!(texts.iter().all(|text| !text.is_empty()), "{}", principle.id);
            assert!(!principle.unknown.is_empty() && !principle.unknown_de.is_empty(), "{}", principle.id);
            let sources = || principle.proves.iter().chain(&principle.names);
            let said = principle.seen.contains("{n}") && principle.seen_de.contains("{n}");
            assert_eq!(sources().count() > 0, said, "{}", principle.id);
            for source in sources() {
                assert!(source.kind.is_empty() || kinds::find(&source.kind).is_some(), "{}", principle.id);
            }
            // What can neither hold nor be violated may not count.
            let against = kinds::all().iter().any(|kind| kind.principle == principle.id && !kind.inventory);
            assert_eq!(principle.weight > 0.0, against, "{}", principle.id);
        }
    }

    /// `docs/scorecard.md` holds the asset as a table.
    #[test]
    fn the_published_table_is_the_data() {
        let docs = include_str!("../../docs/scorecard.md");
        let rows: Vec<&str> = docs.lines().filter(|line| line.starts_with("| ") && line.contains(" | ")).collect();
        let expected: Vec<String> = all().iter().map(row).collect();
        for row in &expected {
            assert!(
                rows.contains(&row.as_str()),
                "docs/scorecard.md lacks the row\n{row}\nthe whole table is\n{}",
                expected.join("\n")
            );
        }
        let of_principles =
            rows.iter().filter(|row| all().iter().any(|one| row.starts_with(&format!("| {} ", one.id))));
        assert_eq!(of_principles.count(), 26);
    }

    fn row(principle: &super::Principle) -> String {
        let kinds: Vec<String> = kinds::all()
            .iter()
            .filter(|kind| kind.principle == principle.id && !kind.inventory)
            .map(|kind| format!("`{}` {}", kind.kind.0, kind.severity.as_str()))
            .collect();
        let list = |sources: &[super::Source]| sources.iter().map(source).collect::<Vec<_>>().join(", or ");
        let or_none = |text: String| if text.is_empty() { "–".to_owned() } else { text };
        let unit = format!("{:?}", principle.unit).to_lowercase();
        let weight = if principle.weight > 0.0 { format!("{}, {unit}", principle.weight) } else { "0".to_owned() };
        format!(
            "| {} | {} | {} | {} | {} | {weight} |",
            principle.id,
            principle.en,
            or_none(kinds.join(", ")),
            or_none(list(&principle.proves)),
            or_none(list(&principle.names))
        )
    }

    fn source(source: &super::Source) -> String {
        if !source.kind.is_empty() {
            let mut text = format!("`{}`", source.kind);
            if !source.rule.is_empty() {
                text.push_str(&format!(" of the rule `…{}`", source.rule));
            }
            if !source.tag.is_empty() {
                text.push_str(&format!(" tagged `{}`", source.tag));
            }
            if !source.words.is_empty() {
                text.push_str(" whose name says what it is (`words` in the asset)");
            }
            return text;
        }
        match (source.image.is_empty(), source.pinned, source.start.is_empty(), source.service.as_str()) {
            (false, ..) => {
                format!("an image with `{}`", source.image.join("` or `").to_uppercase().replace(" OR ", " or "))
            }
            (_, true, ..) => "an image whose base is known".to_owned(),
            (_, _, false, _) => "an image that starts its program in exec form".to_owned(),
            (.., "mount") => "a service that mounts a volume".to_owned(),
            (.., "health") => "a service that is checked".to_owned(),
            _ => format!("computed: {}", source.computed),
        }
    }
}
