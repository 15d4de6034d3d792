//! Entries of `.breakbulk/config.toml` that a person makes in the terminal program: added at the end, taken out again, with
//! every other byte of the file left as it is.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::Settings;
use super::plan_file::replace;
use super::settings::PATH as SETTINGS_FILE;

/// Sets one finding aside, or takes that back (`aside` false). The text is only replaced when the result can be read.
///
/// # Errors
/// One line when the settings cannot be read or written, or hold no such entry.
pub fn suppress(root: &Path, path: &str, id: &str, reason: &str, aside: bool) -> Result<String, String> {
    let before = match fs::read_to_string(root.join(SETTINGS_FILE)) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => String::new(),
        Err(error) => return Err(format!("{SETTINGS_FILE} cannot be read: {error}")),
    };
    Settings::parse(&before)?;
    let entry = entry(path, id, reason);
    let after = if aside {
        let gap = if before.is_empty() || before.ends_with("\n\n") {
            ""
        } else if before.ends_with('\n') {
            "\n"
        } else {
            "\n\n"
        };
        format!("{before}{gap}{entry}")
    } else {
        let at = before.rfind(&entry).ok_or_else(|| format!("the entry in {SETTINGS_FILE} was changed meanwhile"))?;
        let head = before[..at].trim_end_matches('\n');
        let tail = before[at + entry.len()..].trim_start_matches('\n');
        match (head.is_empty(), tail.is_empty()) {
            (true, _) => tail.to_owned(),
            (false, true) => format!("{head}\n"),
            (false, false) => format!("{head}\n\n{tail}"),
        }
    };
    Settings::parse(&after)?;
    replace(root, SETTINGS_FILE, &after)?;
    Ok(if aside {
        format!("set aside in {SETTINGS_FILE}; u takes it back")
    } else {
        format!("taken out of {SETTINGS_FILE}")
    })
}

fn entry(path: &str, id: &str, reason: &str) -> String {
    let text = |value: &str| toml::Value::String(value.to_owned()).to_string();
    // A path is a pattern here: what a pattern would read otherwise is left to the id alone.
    let plain = !path.contains(['*', '?', '[', ']', '{', '}', '\\']);
    let path = if plain { format!("path = {}\n", text(path)) } else { String::new() };
    format!("[[suppress]]\n{path}rule = {}\nreason = {}\n", text(id), text(reason))
}

#[cfg(test)]
mod tests {
    use super::{SETTINGS_FILE, suppress};
    use crate::config::Settings;

    #[test]
    fn an_entry_comes_and_goes_and_the_rest_stays() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let read = || std::fs::read_to_string(root.join(SETTINGS_FILE)).unwrap();
        suppress(root, "a/b.php", "fw-1", "said \"so\"", true).unwrap();
        let settings = Settings::read(root).unwrap();
        assert_eq!(settings.suppress[0].rule, "fw-1");
        assert_eq!(settings.suppress[0].reason, "said \"so\"");
        let mine = "# mine\n[[suppress]]\nreason = \"all\"\nrule = \"log-path\"\n";
        std::fs::write(root.join(SETTINGS_FILE), mine).unwrap();
        suppress(root, "a/[b].php", "fw-2", "x", true).unwrap();
        assert!(read().starts_with(mine) && !read().contains("[b]"), "{}", read());
        suppress(root, "a/[b].php", "fw-2", "x", false).unwrap();
        assert_eq!(read(), mine);
        assert!(suppress(root, "a", "fw-2", "x", false).is_err());
    }

    #[test]
    fn settings_that_cannot_be_read_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".breakbulk")).unwrap();
        std::fs::write(folder.path().join(SETTINGS_FILE), "[[suppress\n").unwrap();
        assert!(suppress(folder.path(), "a", "fw", "x", true).is_err());
        assert_eq!(std::fs::read_to_string(folder.path().join(SETTINGS_FILE)).unwrap(), "[[suppress\n");
    }
}
