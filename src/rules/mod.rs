//! Facts to findings: rules as data, run by one engine; touches nothing outside.

mod finding;

pub use finding::{Confidence, Finding, Kind, Severity, Suppressed};
