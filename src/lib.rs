//! breakbulk: what stands between a legacy monolith and containers, where it can be split, and what to do first.
//!
//! The folders, in the order of the flow: `walk` finds the files, `syntax` turns each into `facts`, `resolve` links them,
//! `rules` makes findings of them, `git` adds the history, `graph` and `split` say what belongs together, `checks` finds what
//! only the whole shows, `principles` and `plan` say what it means and what to do first, `report` and `tui` show it.
//! `analysis` runs the stages, `cli` is the way in.

pub mod analysis;
pub mod assets;
pub mod checks;
pub mod cli;
pub mod config;
pub mod facts;
pub mod git;
pub mod graph;
pub mod plan;
pub mod principles;
pub mod report;
pub mod resolve;
pub mod rules;
pub mod split;
pub mod syntax;
pub mod text;
pub mod tui;
pub mod walk;
