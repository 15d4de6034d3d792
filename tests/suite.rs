//! All integration tests in one binary: one link instead of a dozen. One module per topic, in `tests/suite/`.
#![allow(clippy::unwrap_used)]

#[path = "suite/links.rs"]
mod links;
#[path = "suite/rules.rs"]
mod rules;
