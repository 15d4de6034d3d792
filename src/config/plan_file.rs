//! `.breakbulk/plan.toml`: the only file of a scanned repository that is ever written, and only when a person asks for it.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

/// The file, relative to the repository.
pub const PLAN_FILE: &str = ".breakbulk/plan.toml";

/// The text of the plan file, `None` where there is none.
///
/// # Errors
/// One line when the file is there and cannot be read.
pub fn read_plan(root: &Path) -> Result<Option<String>, String> {
    match fs::read_to_string(root.join(PLAN_FILE)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(format!("{PLAN_FILE} cannot be read: {error}; mend or move it, it is not overwritten")),
    }
}

/// Replaces the plan file in one step: whoever reads it sees the old or the new text, never a part.
///
/// # Errors
/// One line when another program holds the lock, or the folder cannot be written.
pub fn write_plan(root: &Path, text: &str) -> Result<(), String> {
    replace(root, PLAN_FILE, text)
}

/// Replaces a file of `.breakbulk/`, given relative to the repository, in one step.
pub(super) fn replace(root: &Path, file: &str, text: &str) -> Result<(), String> {
    let target = root.join(file);
    let folder = root.join(".breakbulk");
    let fail = |error: std::io::Error| format!("{file} cannot be written: {error}");
    fs::create_dir_all(&folder).map_err(fail)?;
    // The folder itself carries the lock, so that no lock file is left in the repository. Where a folder cannot be
    // opened (Windows), the rename alone keeps the file whole.
    let lock = File::open(&folder).ok();
    if lock.as_ref().is_some_and(|lock| lock.try_lock().is_err()) {
        return Err(format!("{file} is being written by another program; try again"));
    }
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let draft = folder.join(format!(".{name}.{}", std::process::id()));
    let written = write_synced(&draft, text).and_then(|()| fs::rename(&draft, &target));
    if written.is_err() {
        // The draft is ours alone; that it may be gone already is no fault worth hiding the real one.
        let _ = fs::remove_file(&draft);
    }
    written.map_err(fail)
}

fn write_synced(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::{read_plan, write_plan};

    #[test]
    fn what_is_written_is_read_back_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read_plan(folder.path()), Ok(None));
        write_plan(folder.path(), "a = 1\n").unwrap();
        write_plan(folder.path(), "a = 2\n").unwrap();
        assert_eq!(read_plan(folder.path()), Ok(Some("a = 2\n".into())));
        let left: Vec<_> = std::fs::read_dir(folder.path().join(".breakbulk")).unwrap().flatten().collect();
        assert_eq!(left.len(), 1);
    }
}
