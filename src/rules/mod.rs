//! Facts to findings: rules as data, run by one engine; touches nothing outside.

mod address;
mod compile;
mod conditions;
mod detect;
mod endpoint;
mod engine;
mod entries;
mod finding;
mod keys;
pub mod kinds;
mod log_settings;
mod logs;
mod model;
mod redact;
mod set;
mod sites;
mod suppress;
#[cfg(test)]
mod tests;

pub use compile::RuleError;
pub use engine::{env_reads, evaluate};
pub use finding::{Confidence, Finding, Kind, Severity, Suppressed};
pub use redact::redact;
pub use set::{Description, LanguageInterest, RuleSet};
pub use suppress::{Suppression, apply as apply_suppressions};
