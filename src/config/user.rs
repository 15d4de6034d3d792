//! What belongs to the person and not to a repository: their own keys, and what is remembered between sessions. Nothing of
//! it lies in a scanned repository.

use std::env;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

/// The folder that a variable names, if it is absolute, or else one below the home folder.
fn folder(variable: &str, below_home: &str) -> Option<PathBuf> {
    let named = env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || env::var_os("HOME").or_else(|| env::var_os("USERPROFILE")).map(PathBuf::from);
    named.or_else(|| home().filter(|home| home.is_absolute()).map(|home| home.join(below_home)))
}

/// Where a person's own keys belong: `keys.toml` below `$XDG_CONFIG_HOME/breakbulk` or `~/.config/breakbulk`.
#[must_use]
pub fn keys_file() -> Option<PathBuf> {
    folder("XDG_CONFIG_HOME", ".config").map(|config| config.join("breakbulk").join("keys.toml"))
}

/// A person's own keys: file and text, none where there is no such file.
///
/// # Errors
/// One line when the file is there and cannot be read.
pub fn read_keys() -> Result<Option<(String, String)>, String> {
    let Some(path) = keys_file() else { return Ok(None) };
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some((path.display().to_string(), text))),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
    }
}

/// The folder where things about one repository are remembered: below `$XDG_STATE_HOME/breakbulk` or
/// `~/.local/state/breakbulk`, by a hash of the repository's own path. None where there is no home, or where it would lie in
/// the repository itself.
#[must_use]
pub fn memory(root: &Path) -> Option<PathBuf> {
    let root = root.canonicalize().ok()?;
    let state = folder("XDG_STATE_HOME", ".local/state")?.join("breakbulk");
    let hash = xxh3_64(root.as_os_str().as_encoded_bytes());
    let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    (!state.starts_with(&root)).then(|| state.join(format!("{name}-{hash:016x}")))
}

/// Where an error of the program itself is written: `crash.log` below `$XDG_STATE_HOME/breakbulk` or
/// `~/.local/state/breakbulk`. None where there is no home.
#[must_use]
pub fn crash_file() -> Option<PathBuf> {
    Some(folder("XDG_STATE_HOME", ".local/state")?.join("breakbulk").join("crash.log"))
}

/// What was remembered under a name.
#[must_use]
pub fn recall(memory: &Path, name: &str) -> Option<String> {
    fs::read_to_string(memory.join(name)).ok()
}

/// Remembers a text under a name, in one step.
///
/// # Errors
/// When it cannot be written.
pub fn remember(memory: &Path, name: &str, text: &str) -> io::Result<()> {
    fs::create_dir_all(memory)?;
    let draft = memory.join(format!(".{name}.{}", std::process::id()));
    fs::write(&draft, text)?;
    fs::rename(&draft, memory.join(name))
}

#[cfg(test)]
mod tests {
    use super::{recall, remember};

    #[test]
    fn what_is_remembered_comes_back_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let memory = folder.path().join("a/b");
        assert_eq!(recall(&memory, "x"), None);
        remember(&memory, "x", "1").unwrap();
        remember(&memory, "x", "2").unwrap();
        assert_eq!(recall(&memory, "x").as_deref(), Some("2"));
        assert_eq!(std::fs::read_dir(&memory).unwrap().count(), 1);
    }
}
