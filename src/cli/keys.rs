//! `breakbulk keys`: the table of keys as it applies, and where a person's own file belongs.

use std::fmt::Write as _;

use super::{Outcome, output};
use crate::config::user;
use crate::text::pad;
use crate::tui::keymap::Keymap;

/// Prints the table; problems of the person's own file go to standard error.
pub fn run() -> Outcome {
    let own = user::read_keys()?;
    let (keys, problems) = Keymap::load(own.as_ref().map(|(name, text)| (name.as_str(), text.as_str())));
    for problem in &problems {
        output::complain(problem);
    }
    let mut text = String::new();
    for (name, keys, doc) in keys.table() {
        let _ = writeln!(text, "{} {} {doc}", pad(name, 18), pad(&keys, 12));
    }
    if let Some(file) = user::keys_file() {
        let _ = writeln!(text, "\nOwn keys belong in {}, one action = [keys] a line.", file.display());
    }
    output::print_bytes(text.as_bytes())
}
