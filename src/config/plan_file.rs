//! `.breakbulk/plan.toml`: the only file of a scanned repository that is ever written, and only when a person asks for it.

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The file, relative to the repository.
pub const PLAN_FILE: &str = ".breakbulk/plan.toml";

/// How often the lock is asked for, and how long is waited in between: two seconds in all.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(50);

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

/// Changes the plan file in one step: whoever reads it sees the old or the new text, never a part, and nobody else writes it
/// between reading and writing. `change` is given the present text, and gives the new one; `None` leaves the file alone.
///
/// # Errors
/// What `change` says is wrong; one line when another program holds the lock for long, or the folder cannot be written. The
/// file is then as it was.
pub fn change_plan(
    root: &Path,
    change: impl FnOnce(Option<&str>) -> Result<Option<String>, String>,
) -> Result<bool, String> {
    // Where nothing is to be changed no folder is made either.
    let before = read_plan(root)?;
    if before.is_none() && !root.is_dir() {
        return Err(format!("{PLAN_FILE} cannot be written: there is no folder {}", root.display()));
    }
    let _lock = lock(root, PLAN_FILE)?;
    let before = read_plan(root)?;
    match change(before.as_deref()).map_err(|error| format!("{PLAN_FILE}: {error}; it was not changed"))? {
        Some(text) => write(root, PLAN_FILE, &text).map(|()| true),
        None => Ok(false),
    }
}

/// Replaces a file of `.breakbulk/`, given relative to the repository, in one step.
pub(super) fn replace(root: &Path, file: &str, text: &str) -> Result<(), String> {
    let _lock = lock(root, file)?;
    write(root, file, text)
}

fn folder(root: &Path) -> PathBuf {
    root.join(".breakbulk")
}

/// Holds the lock of `.breakbulk/` as long as it is kept; waits a moment for whoever holds it.
///
/// The folder itself carries the lock: no lock file is left in the repository, and the system takes the lock back when its
/// holder ends, however it ends. Where a folder cannot be opened (Windows), the rename alone keeps the file whole.
fn lock(root: &Path, file: &str) -> Result<Option<File>, String> {
    let folder = folder(root);
    fs::create_dir_all(&folder).map_err(|error| format!("{file} cannot be written: {error}"))?;
    let Ok(lock) = File::open(&folder) else { return Ok(None) };
    for _ in 0..TRIES {
        match lock.try_lock() {
            Ok(()) => return Ok(Some(lock)),
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            // A file system without locks: the rename keeps the file whole.
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
    Err(format!("{file} is being written by another program; try again when it is done"))
}

fn write(root: &Path, file: &str, text: &str) -> Result<(), String> {
    let (folder, target) = (folder(root), root.join(file));
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let draft_of = format!(".{name}.");
    // Whoever was killed while writing left a draft behind. The lock is ours: nobody is writing one now.
    for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&draft_of) {
            let _ = fs::remove_file(entry.path());
        }
    }
    let draft = folder.join(format!("{draft_of}{}", std::process::id()));
    let written = write_synced(&draft, text).and_then(|()| fs::rename(&draft, &target));
    if written.is_err() {
        // The draft is ours alone; that it may be gone already is no fault worth hiding the real one.
        let _ = fs::remove_file(&draft);
    }
    written.map_err(|error| format!("{file} cannot be written: {error}"))
}

fn write_synced(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::{PLAN_FILE, change_plan, folder, lock, read_plan};

    #[test]
    fn what_is_written_is_read_back_and_nothing_else_is_left() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        assert_eq!(read_plan(root), Ok(None));
        let to = |text: &str| change_plan(root, |_| Ok(Some(text.to_owned())));
        to("a = 1\n").unwrap();
        std::fs::write(folder(root).join(".plan.toml.1"), "left by somebody who was killed").unwrap();
        to("a = 2\n").unwrap();
        assert_eq!(read_plan(root), Ok(Some("a = 2\n".into())));
        let left: Vec<_> = std::fs::read_dir(folder(root)).unwrap().flatten().collect();
        assert_eq!(left.len(), 1);
        assert_eq!(change_plan(root, |_| Ok(None)), Ok(false));
        let refused = change_plan(root, |_| Err("line 3: no plan".into())).unwrap_err();
        assert!(refused.contains("line 3") && refused.contains("not changed"), "{refused}");
        assert_eq!(read_plan(root), Ok(Some("a = 2\n".into())));
    }

    #[test]
    fn of_two_writers_one_waits_and_no_change_is_lost() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        std::thread::scope(|scope| {
            for n in 0..8 {
                scope.spawn(move || {
                    change_plan(root, |text| Ok(Some(format!("{}# {n}\n", text.unwrap_or_default())))).unwrap()
                });
            }
        });
        assert_eq!(read_plan(root).unwrap().unwrap().lines().count(), 8);
        let held = lock(root, PLAN_FILE).unwrap();
        assert!(held.is_some());
        let message = change_plan(root, |_| Ok(Some("x".into()))).unwrap_err();
        assert!(message.contains("another program"), "{message}");
        drop(held);
        assert_eq!(change_plan(root, |_| Ok(Some("x".into()))), Ok(true));
    }
}
