//! Settings of the scanned repository (`.breakbulk/`) and of the user (`~/.config/breakbulk`): find, read, merge.

mod alternatives;
mod plan_file;
mod rule_files;
mod settings;
mod suppressions;
pub mod user;

pub use alternatives::{ALTERNATIVES, list_alternatives, read_alternative, remove_alternative, write_alternative};
pub use plan_file::{PLAN_FILE, change_plan, read_plan};
pub use rule_files::read_rules;
pub use settings::{PATH as SETTINGS_FILE, Settings, Suppress};
pub use suppressions::suppress;
