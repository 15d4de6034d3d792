//! Settings of the scanned repository (`.breakbulk/`) and of the user (`~/.config/breakbulk`): find, read, merge.

mod plan_file;
mod settings;
mod suppressions;
pub mod user;

pub use plan_file::{PLAN_FILE, read_plan, write_plan};
pub use settings::{Settings, Suppress};
pub use suppressions::{SETTINGS_FILE, suppress};
