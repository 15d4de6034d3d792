//! The figures that the search and the ranking are run with: `assets/split.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Weights;
use crate::assets;

/// The figures in use.
///
/// The built-in file is part of the program and a test reads it; were it faulty, the defaults (all zero) would find nothing.
pub static SETTINGS: LazyLock<Settings> =
    LazyLock::new(|| assets::get("split.toml").and_then(|text| Settings::parse(text).ok()).unwrap_or_default());

/// Everything in `assets/split.toml`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How strongly one use binds, by its kind.
    pub weights: Weights,
    /// How strongly common words bind.
    pub terms: Terms,
    /// How the search runs.
    pub search: Search,
    /// What the ranking is made of.
    pub ranking: Ranking,
}

impl Settings {
    /// Reads the figures.
    ///
    /// # Errors
    /// One line that says what is wrong, where one is missing, unknown or no number.
    pub fn parse(text: &str) -> Result<Settings, String> {
        toml::from_str(text).map_err(|error| format!("split.toml: {error}"))
    }
}

/// How strongly common words bind.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Weight of all terms of a file together, as a share of the average weight of a file's dependencies.
    pub share: f64,
    /// Weight of a word that stands in a folder's name only.
    pub folder: f64,
    /// Words that more than this share of the files have say nothing.
    pub most: f64,
    /// How much a word must prove itself in the dependencies, 0 to 1.
    pub lift: f64,
    /// Exponent of the lift.
    pub lift_power: f64,
    /// How many dependencies a word gets for nothing: what has few is judged by its rarity alone.
    pub lift_prior: f64,
    /// Files whose telling words weigh less than this are tied by words less strongly.
    pub floor: f64,
    /// Tie of a file to its folder, as a share of the average weight.
    pub home: f64,
}

/// How the search runs.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// Resolution of modularity in the first division.
    pub resolution: f64,
    /// Smaller parts join a neighbour where they can.
    pub smallest: usize,
    /// Parts above this are not service-sized in a small repository.
    pub largest: f64,
    /// No part of a small repository should hold more than this share of it.
    pub largest_share: f64,
    /// Repositories with at most so many connected files are searched for the best division itself.
    pub small: usize,
    /// Resolutions that the search starts from.
    pub starts: Vec<f64>,
    /// Disturbances per start.
    pub kicks: u32,
    /// Exponent of the structural modularity in the objective.
    pub modularity: f64,
    /// Exponent of the share of evidence that is not cut.
    pub evidence: f64,
    /// Exponent of the share of pairs of files that do not cross a border.
    pub interfaces: f64,
    /// Exponent of the share of files in parts of service size.
    pub sizes: f64,
}

/// The most points that each term of the ranking gives.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranking {
    /// Few dependencies across the border.
    pub border: f32,
    /// All of them in one direction.
    pub direction: f32,
    /// Tables of its own.
    pub data: f32,
    /// Nothing inside in the way of a container.
    pub blockers: f32,
    /// Small, but not trivial.
    pub size: f32,
    /// Its changes touch nothing outside.
    pub alone: f32,
    /// It changes often: the pain is worth the work.
    pub often: f32,
    /// An entry point of its own.
    pub entry: f32,
    /// On no cycle with other candidates.
    pub cycle: f32,
    /// Taken away where hardly a dependency holds its files together.
    pub loose: f32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_figures_are_read_and_the_ranking_adds_up_to_a_hundred() {
        let settings = Settings::parse(assets::get("split.toml").unwrap()).unwrap();
        assert_eq!(*SETTINGS, settings);
        let r = &settings.ranking;
        let all = [r.border, r.direction, r.data, r.blockers, r.size, r.alone, r.often, r.entry, r.cycle];
        assert!((all.iter().sum::<f32>() - 100.0).abs() < 0.001);
        assert!(Settings::parse("[weights]\ncall = \"much\"").is_err());
    }
}
