//! All integration tests in one binary: one link instead of a dozen. One module per topic, in `tests/suite/`.
#![allow(clippy::unwrap_used)]

#[path = "suite/accuracy.rs"]
mod accuracy;
#[path = "suite/architecture.rs"]
mod architecture;
#[path = "suite/baseline.rs"]
mod baseline;
#[path = "suite/checks.rs"]
mod checks;
#[path = "suite/cli.rs"]
mod cli;
#[path = "suite/german.rs"]
mod german;
#[path = "suite/journeys.rs"]
mod journeys;
#[path = "suite/links.rs"]
mod links;
#[path = "suite/members.rs"]
mod members;
#[path = "suite/own_rules.rs"]
mod own_rules;
#[path = "suite/pages.rs"]
mod pages;
#[path = "suite/picture.rs"]
mod picture;
#[path = "suite/plan.rs"]
mod plan;
#[path = "suite/proofs.rs"]
mod proofs;
#[path = "suite/rules.rs"]
mod rules;
#[path = "suite/samples.rs"]
mod samples;
#[path = "suite/sarif.rs"]
mod sarif;
#[path = "suite/schema.rs"]
mod schema;
#[path = "suite/terminal.rs"]
mod terminal;
#[path = "suite/what_if.rs"]
mod what_if;
