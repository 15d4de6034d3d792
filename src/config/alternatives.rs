//! `.breakbulk/alternatives/NAME.toml`: divisions that a person has saved, one file each.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The folder, relative to the repository.
pub const ALTERNATIVES: &str = ".breakbulk/alternatives";

/// The names of the saved alternatives, sorted; none where there is no such folder.
///
/// # Errors
/// One line when the folder is there and cannot be listed.
pub fn list_alternatives(root: &Path) -> Result<Vec<String>, String> {
    let entries = match fs::read_dir(root.join(ALTERNATIVES)) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(Vec::new()),
        Err(error) => return Err(format!("{ALTERNATIVES} cannot be listed: {error}")),
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".toml")?.to_owned()))
        .filter(|name| path_of(root, name).is_ok())
        .collect();
    names.sort();
    Ok(names)
}

/// The text of a saved alternative (see `split::partition` for the format).
///
/// # Errors
/// One line when the name is not allowed or the file cannot be read.
pub fn read_alternative(root: &Path, name: &str) -> Result<String, String> {
    fs::read_to_string(path_of(root, name)?).map_err(|error| format!("the alternative {name} cannot be read: {error}"))
}

/// Saves an alternative, replacing one of the same name in one step.
///
/// # Errors
/// One line when the name is not allowed or the file cannot be written.
pub fn write_alternative(root: &Path, name: &str, text: &str) -> Result<(), String> {
    let target = path_of(root, name)?;
    let fail = |error: std::io::Error| format!("the alternative {name} cannot be written: {error}");
    let folder = root.join(ALTERNATIVES);
    fs::create_dir_all(&folder).map_err(fail)?;
    let draft = folder.join(format!(".{name}.{}", std::process::id()));
    let written = fs::write(&draft, text).and_then(|()| fs::rename(&draft, &target));
    if written.is_err() {
        // The draft is ours alone; that it may be gone already is no fault worth hiding the real one.
        let _ = fs::remove_file(&draft);
    }
    written.map_err(fail)
}

/// Deletes a saved alternative.
///
/// # Errors
/// One line when the name is not allowed or the file cannot be deleted.
pub fn remove_alternative(root: &Path, name: &str) -> Result<(), String> {
    fs::remove_file(path_of(root, name)?).map_err(|error| format!("the alternative {name} cannot be deleted: {error}"))
}

/// A name is a file's name and nothing else: letters, digits, `-`, `_`, blanks inside.
fn path_of(root: &Path, name: &str) -> Result<PathBuf, String> {
    let allowed = |letter: char| letter.is_alphanumeric() || "-_ ".contains(letter);
    if name.is_empty() || name.len() > 80 || name.trim() != name || !name.chars().all(allowed) {
        return Err(format!("{} is no name for an alternative: letters, digits, - and _ only", name.escape_debug()));
    }
    Ok(root.join(ALTERNATIVES).join(format!("{name}.toml")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_listed_read_replaced_and_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        assert_eq!(list_alternatives(root), Ok(vec![]));
        write_alternative(root, "two parts", "a").unwrap();
        write_alternative(root, "first", "b").unwrap();
        write_alternative(root, "first", "c").unwrap();
        assert_eq!(list_alternatives(root), Ok(vec!["first".into(), "two parts".into()]));
        assert_eq!(read_alternative(root, "first").as_deref(), Ok("c"));
        remove_alternative(root, "first").unwrap();
        assert!(read_alternative(root, "first").is_err());
        assert_eq!(std::fs::read_dir(root.join(ALTERNATIVES)).unwrap().count(), 1, "no drafts are left");
    }

    #[test]
    fn a_name_cannot_leave_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["", "../plan", "a/b", ".hidden", " a", "a\n"] {
            assert!(write_alternative(folder.path(), name, "x").is_err(), "{name:?}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
