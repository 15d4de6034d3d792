//! Facts to findings: rules as data, run by one engine; touches nothing outside.

mod address;
mod compile;
mod conditions;
mod credential;
mod definitions;
mod describe;
mod detect;
mod dialled;
mod endpoint;
mod engine;
mod entries;
mod entry_index;
mod environment;
mod finding;
mod fixes;
mod folds;
mod hints;
mod keys;
pub mod kinds;
mod labels;
mod lazy;
mod log_settings;
mod logs;
mod model;
mod option_logs;
mod paths;
mod proposal;
mod purpose;
mod redact;
mod set;
mod sites;
mod suppress;
#[cfg(test)]
mod tests;
mod trial;

pub use compile::RuleError;
pub use describe::SHAPES;
pub use dialled::DIALLED;
pub use engine::{Around, evaluate, evaluate_path};
pub use finding::{Confidence, Finding, Kind, Severity, Suppressed};
pub use fixes::{CONFIGURATION, Fix, fixes};
pub use redact::redact;
pub use set::{Description, LanguageInterest, RuleSet};
pub use suppress::{Suppression, Unused, apply as apply_suppressions, unused as unused_suppressions};
pub use trial::{NearMiss, near_misses};
