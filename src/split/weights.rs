//! How strongly two files hold together: the weight of a use, by its kind.

use std::sync::LazyLock;

use serde::Deserialize;

use super::settings::SETTINGS;
use crate::graph::EdgeKinds;

/// Weight of one use, by its kind. Inheritance and construction bind at build and run time; an import alone may be unused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Extends, implements, mixes in.
    pub inherit: f64,
    /// Constructions.
    pub create: f64,
    /// Calls.
    pub call: f64,
    /// Named as a type.
    #[serde(rename = "type")]
    pub type_use: f64,
    /// Imports and other uses of the name.
    pub import: f64,
    /// Resolved by a framework's loader.
    pub loader: f64,
    /// Uses an interface that the file implements.
    pub dispatch: f64,
    /// Touching the same table, shared out among the files that touch it.
    pub table: f64,
    /// Changing together: times the degree, 0 to 1.
    pub change: f64,
    /// Exponent of the number of uses.
    pub repeat: f64,
    /// Exponent of the fan-in by which the weight of a use is divided.
    pub hub: f64,
}

/// The weights in use.
pub static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| SETTINGS.weights);

impl Weights {
    /// Weight of a file-to-file edge. Repeated uses count with a root of their number: the tenth call binds less than the first.
    #[must_use]
    pub fn of(&self, kinds: &EdgeKinds) -> f64 {
        let part = |weight: f64, count: u32| if count == 0 { 0.0 } else { weight * f64::from(count).powf(self.repeat) };
        part(self.inherit, kinds.inherit)
            + part(self.create, kinds.create)
            + part(self.call, kinds.call)
            + part(self.type_use, kinds.type_use)
            + part(self.import, kinds.import)
            + part(self.import, kinds.name)
            + part(self.loader, kinds.loader)
    }
}
