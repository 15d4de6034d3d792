//! Reads the history with libgit2 alone, where the `git` program is missing: the same figures, more slowly.

use git2::{Delta, DiffFindOptions, DiffOptions, Sort};

use super::count::Counter;
use super::open::{Opened, one_line};

/// Walks from HEAD, newest first, and compares each commit with its parent; merges are left out.
///
/// # Errors
/// One sentence for people; what was read until then is in `counter`.
pub(super) fn read(opened: &Opened, counter: &mut Counter<'_>, stop: &(dyn Fn() -> bool + Sync)) -> Result<(), String> {
    let tell = |error: git2::Error| format!("The history was not read to its end: {}.", one_line(error.message()));
    let repository = opened.repository();
    let mut walk = repository.revwalk().map_err(tell)?;
    walk.set_sorting(Sort::TIME).map_err(tell)?;
    walk.push_head().map_err(tell)?;
    for id in walk {
        if stop() || counter.full() {
            break;
        }
        let commit = repository.find_commit(id.map_err(tell)?).map_err(tell)?;
        if commit.parent_count() > 1 {
            continue;
        }
        let tree = commit.tree().map_err(tell)?;
        // The parent of the last commit of a shallow clone is not there: then the commit counts as a root.
        let parent = commit.parent(0).ok().and_then(|parent| parent.tree().ok());
        let mut options = DiffOptions::new();
        options.ignore_submodules(true).skip_binary_check(true).disable_pathspec_match(true);
        if !opened.prefix().is_empty() {
            options.pathspec(opened.prefix().trim_end_matches('/'));
        }
        let mut diff = repository.diff_tree_to_tree(parent.as_ref(), Some(&tree), Some(&mut options)).map_err(tell)?;
        if !opened.prefix().is_empty() && diff.deltas().len() == 0 {
            continue;
        }
        diff.find_similar(Some(DiffFindOptions::new().renames(true).exact_match_only(true))).map_err(tell)?;
        counter.commit(commit.author().email_bytes(), commit.time().seconds());
        for delta in diff.deltas() {
            if let (Delta::Renamed, Some(old), Some(new)) =
                (delta.status(), delta.old_file().path_bytes(), delta.new_file().path_bytes())
            {
                counter.moved(old, new);
                continue;
            }
            if let Some(path) = delta.new_file().path_bytes().or_else(|| delta.old_file().path_bytes()) {
                counter.file(path);
            }
        }
    }
    Ok(())
}
