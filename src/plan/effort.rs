//! What a step costs: a visible model, whose figures are data and can be changed by a repository.

use std::collections::BTreeMap;

use super::{Effort, Item};
use crate::rules::Severity;

/// The figures of the model by group (`default`, `size`, `pay` or a kind of step) and name, from `assets/effort.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights(BTreeMap<String, BTreeMap<String, f64>>);

/// What a step costs, and how that was reckoned.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cost {
    /// Days of one person who knows the code.
    pub days: f64,
    /// S, M or L by the limits of the model.
    pub effort: Effort,
    /// `0.5 + 4 sites × 0.15 + 2 files × 0.2 = 1.5 days: M (up to 5 days)`.
    pub rule: String,
    /// The same in German.
    pub rule_de: String,
}

/// What is counted, in both languages and numbers: `site`, `sites`, `Stelle`, `Stellen`.
pub type Unit = [&'static str; 4];
/// Places in files.
pub const SITE: Unit = ["site", "sites", "Stelle", "Stellen"];
/// Files.
pub const FILE: Unit = ["file", "files", "Datei", "Dateien"];

/// A number with what is counted: `4 sites`, in English or German.
#[must_use]
pub fn count(n: usize, unit: Unit, german: bool) -> String {
    let at = usize::from(german) * 2 + usize::from(n != 1);
    format!("{n} {}", unit[at])
}

impl Default for Weights {
    fn default() -> Weights {
        let text = crate::assets::get("effort.toml").unwrap_or_default();
        Weights(toml::from_str(text).unwrap_or_default())
    }
}

impl Weights {
    /// Changes figures as the settings of a repository say: the text of a table like `assets/effort.toml`.
    ///
    /// # Errors
    /// One line when a group or a name is none of the model's, or a figure is no number from 0 upwards.
    pub fn change(&mut self, text: &str) -> Result<(), String> {
        let written: BTreeMap<String, BTreeMap<String, f64>> =
            toml::from_str(text).map_err(|error| error.message().to_owned())?;
        for (group, figures) in written {
            let names: &[&str] = match group.as_str() {
                "size" => &["small", "medium"],
                "pay" => &["high", "medium", "low", "public"],
                _ => &["base", "site", "file", "pay"],
            };
            let known = self.0.contains_key(&group) || crate::assets::get(&format!("advice/{group}.toml")).is_some();
            if !known {
                return Err(format!("effort.{group} is no kind of step; `breakbulk plan list` shows them in the ids"));
            }
            for (name, figure) in figures {
                if !names.contains(&name.as_str()) {
                    return Err(format!("effort.{group}.{name} is unknown; there are: {}", names.join(", ")));
                }
                if !figure.is_finite() || figure < 0.0 {
                    return Err(format!("effort.{group}.{name} is no number from 0 upwards"));
                }
                self.0.entry(group.clone()).or_default().insert(name, figure);
            }
        }
        Ok(())
    }

    fn get(&self, group: &str, name: &str) -> f64 {
        let of = |group: &str| self.0.get(group).and_then(|figures| figures.get(name)).copied();
        of(group).or_else(|| of("default")).unwrap_or(0.0)
    }

    /// What a step of a kind costs for so many sites (counted as `unit` says) in so many files.
    #[must_use]
    pub fn cost(&self, kind: &str, sites: usize, unit: Unit, files: usize) -> Cost {
        let figure = |name| self.get(kind, name);
        #[allow(clippy::cast_precision_loss)] // numbers of places in a repository
        let days = figure("base") + figure("site") * sites as f64 + figure("file") * files as f64;
        let (small, medium) = (self.get("size", "small"), self.get("size", "medium"));
        let effort = match days {
            days if days <= small => Effort::S,
            days if days <= medium => Effort::M,
            _ => Effort::L,
        };
        let rule = |german: bool| {
            let number = |value: f64| figure_text(value, german);
            let mut rule = number(figure("base"));
            for (n, unit, weight) in [(sites, unit, figure("site")), (files, FILE, figure("file"))] {
                if n > 0 && weight > 0.0 {
                    rule = format!("{rule} + {} × {}", count(n, unit, german), number(weight));
                }
            }
            let (word, limit) = match (effort, german) {
                (Effort::S, false) => ("up to", small),
                (Effort::M, false) => ("up to", medium),
                (Effort::L, false) => ("over", medium),
                (Effort::S, true) => ("bis", small),
                (Effort::M, true) => ("bis", medium),
                (Effort::L, true) => ("über", medium),
            };
            let (days, limit) = (days_text(days, german), days_text(limit, german));
            format!("{rule} = {days}: {} ({word} {limit})", effort.as_str())
        };
        Cost { days, effort, rule: rule(false), rule_de: rule(true) }
    }

    /// What it pays when a finding of a kind is gone; `public` where it is the address of a public service.
    #[must_use]
    pub fn pay(&self, kind: &str, severity: Severity, public: bool) -> f64 {
        let share = if public { self.get("pay", "public") } else { 1.0 };
        match severity {
            Severity::Info => 0.0,
            severity => self.get("pay", severity.as_str()) * self.get(kind, "pay") * share,
        }
    }
}

/// A figure of the model without needless zeros.
fn figure_text(value: f64, german: bool) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if german { text.replace('.', ",") } else { text.to_owned() }
}

/// Days with one decimal, none of it where it says nothing: `1.5 days`.
#[must_use]
pub fn days_text(days: f64, german: bool) -> String {
    let text = figure_text((days * 10.0).round() / 10.0, german);
    let word = match (text.as_str(), german) {
        ("1", false) => "day",
        (_, false) => "days",
        ("1", true) => "Tag",
        (_, true) => "Tage",
    };
    format!("{text} {word}")
}

/// Days of the steps that are still to be done.
pub fn days_left<'a>(items: impl Iterator<Item = &'a Item>) -> f64 {
    items.filter(|item| item.is_open()).map(|item| item.days).sum()
}

#[cfg(test)]
mod tests {
    use super::{SITE, Weights};
    use crate::plan::Effort;

    #[test]
    fn the_model_says_how_it_reckons_and_can_be_changed() {
        let mut weights = Weights::default();
        let cost = weights.cost("file-write", 4, SITE, 2);
        assert_eq!(cost.rule, "0.5 + 4 sites × 0.15 + 2 files × 0.2 = 1.5 days: M (up to 5 days)");
        assert_eq!(cost.rule_de, "0,5 + 4 Stellen × 0,15 + 2 Dateien × 0,2 = 1,5 Tage: M (bis 5 Tage)");
        weights.change("[file-write]\nsite = 2\n[size]\nmedium = 3\n").unwrap();
        let cost = weights.cost("file-write", 1, SITE, 1);
        assert_eq!((cost.effort, cost.days), (Effort::M, 2.7));
        assert_eq!(weights.cost("file-write", 4, SITE, 2).effort, Effort::L);
        assert_eq!(
            weights.cost("pid1", 1, SITE, 1).rule,
            "0.25 + 1 site × 0.1 + 1 file × 0.1 = 0.5 days: S (up to 1 day)"
        );
        weights.change("[pid1]\nbase = 7").unwrap();
        for (wrong, says) in [
            ("[file-rite]\nsite = 1", "file-rite"),
            ("[size]\nsite = 1", "small, medium"),
            ("[pay]\nlow = -1", "effort.pay.low"),
            ("[pay]\nlow = nan", "effort.pay.low"),
            ("pay = 3", "invalid type"),
        ] {
            let message = weights.change(wrong).unwrap_err();
            assert!(message.contains(says), "{message}");
        }
    }

    #[test]
    fn every_group_is_of_the_model_or_has_advice() {
        for group in Weights::default().0.keys() {
            let advice = crate::assets::get(&format!("advice/{group}.toml")).is_some();
            assert!(advice || ["default", "size", "pay"].contains(&group.as_str()), "{group}");
        }
    }
}
