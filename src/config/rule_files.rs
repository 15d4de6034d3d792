//! A user's own rules: `~/.config/breakbulk/rules/` and then `.breakbulk/rules/` of the repository.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Largest rule file that is read, in bytes: a repository's own file may be anything.
const MAX_BYTES: u64 = 1 << 20;

/// The rule files of the user and of the repository at `root`, as (path for people, text): the user's first, each folder
/// sorted by path. Folders inside are read too, so that a folder may be named for a kind.
///
/// # Errors
/// One line when a file is there and cannot be read.
pub fn read_rules(root: Option<&Path>) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    if let Some(folder) = user_folder() {
        collect(&folder.join("rules"), "~/.config/breakbulk/rules", &mut found)?;
    }
    if let Some(root) = root {
        collect(&root.join(".breakbulk/rules"), ".breakbulk/rules", &mut found)?;
    }
    Ok(found)
}

/// `$XDG_CONFIG_HOME/breakbulk`, `~/.config/breakbulk`, or below `%APPDATA%`.
fn user_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base =
        set("XDG_CONFIG_HOME").or_else(|| set("HOME").map(|home| home.join(".config"))).or_else(|| set("APPDATA"));
    base.map(|base| base.join("breakbulk"))
}

fn collect(folder: &Path, shown: &str, found: &mut Vec<(String, String)>) -> Result<(), String> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(()),
        Err(error) => return Err(format!("{shown} cannot be read: {error}")),
    };
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|error| format!("{shown} cannot be read: {error}"))?.path());
    }
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let shown = format!("{shown}/{name}");
        // A link may lead out of the repository, to whatever file of the user.
        let meta = fs::symlink_metadata(&path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
        if meta.is_dir() {
            collect(&path, &shown, found)?;
        } else if meta.is_file() && name.ends_with(".toml") {
            if meta.len() > MAX_BYTES {
                return Err(format!("{shown} has more than {MAX_BYTES} bytes; split it"));
            }
            let text = fs::read_to_string(&path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
            found.push((shown, text));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::collect;

    #[test]
    fn files_are_read_in_order_and_others_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        };
        ["b.toml", "log-path/a.toml", "notes.md", "a.toml"].into_iter().for_each(write);
        let mut found = Vec::new();
        collect(folder.path(), "R", &mut found).unwrap();
        let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["R/a.toml", "R/b.toml", "R/log-path/a.toml"]);
        found.clear();
        collect(&folder.path().join("none"), "R", &mut found).unwrap();
        assert!(found.is_empty());
    }
}
