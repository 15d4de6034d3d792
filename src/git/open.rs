//! Finds and opens the repository around a folder, and says where in it the folder lies.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, Repository, RepositoryOpenFlags};

use crate::facts::Name;

/// An open repository and the place of the scanned folder in it.
pub(super) struct Opened {
    repository: Repository,
    workdir: PathBuf,
    prefix: String,
}

impl Opened {
    /// The repository around `root`; `Ok(None)` where there is none.
    ///
    /// # Errors
    /// One sentence for people, when there is one that cannot be used.
    pub(super) fn find(root: &Path) -> Result<Option<Opened>, String> {
        let repository = match Repository::open_ext(root, RepositoryOpenFlags::empty(), std::iter::empty::<&Path>()) {
            Ok(repository) => repository,
            // A `.git` that is there and yet is not found is a broken one, unless a parent had been meant.
            Err(error) if error.code() == ErrorCode::NotFound && !root.join(".git").exists() => return Ok(None),
            Err(error) if error.code() == ErrorCode::Owner => {
                return Err(format!(
                    "The repository belongs to another user, so its history was not read (`git config --global --add safe.directory {}` allows it).",
                    root.display()
                ));
            }
            Err(error) => return Err(format!("The git repository cannot be opened: {}.", one_line(error.message()))),
        };
        let Some(workdir) = repository.workdir().map(Path::to_path_buf) else {
            return Err(
                "The git repository is bare: without a work tree there is nothing to relate its history to.".into()
            );
        };
        let prefix = prefix_of(&workdir, root).ok_or("The folder lies outside the work tree of its git repository.")?;
        Ok(Some(Opened { repository, workdir, prefix }))
    }

    pub(super) fn repository(&self) -> &Repository {
        &self.repository
    }

    /// The top of the work tree.
    pub(super) fn workdir(&self) -> &Path {
        &self.workdir
    }

    /// The scanned folder relative to the work tree, empty or ending in a slash.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    pub(super) fn shallow(&self) -> bool {
        self.repository.is_shallow()
    }

    /// Commit and branch that HEAD names, as far as there are such.
    pub(super) fn head(&self) -> (Option<Name>, Option<Name>) {
        let Ok(reference) = self.repository.find_reference("HEAD") else { return (None, None) };
        let branch = reference
            .symbolic_target_bytes()
            .map(String::from_utf8_lossy)
            .and_then(|target| target.strip_prefix("refs/heads/").map(Name::from));
        let commit = reference
            .resolve()
            .ok()
            .and_then(|r| r.peel_to_commit().ok())
            .map(|commit| Name::from(commit.id().to_string()));
        (commit, branch)
    }

    /// Paths of the index below the scanned folder, relative to it.
    pub(super) fn tracked(&self) -> Option<Vec<String>> {
        const SUBMODULE: u32 = 0o160_000;
        let index = self.repository.index().ok()?;
        // A missing index reads as an empty one: then it says nothing about what is tracked.
        if index.is_empty() {
            return None;
        }
        let mut paths: Vec<String> = index
            .iter()
            .filter(|entry| entry.mode != SUBMODULE)
            .filter_map(|entry| {
                entry.path.strip_prefix(self.prefix.as_bytes()).map(|path| String::from_utf8_lossy(path).into_owned())
            })
            .collect();
        paths.sort_unstable();
        paths.dedup();
        Some(paths)
    }
}

/// The first line of a message of git, without its full stop.
pub(super) fn one_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default().trim().trim_end_matches('.')
}

/// `root` relative to `workdir`, with forward slashes and a slash at the end; `None` when it lies outside.
fn prefix_of(workdir: &Path, root: &Path) -> Option<String> {
    let workdir = workdir.canonicalize().ok()?;
    let root = root.canonicalize().ok()?;
    let mut prefix = String::new();
    for part in root.strip_prefix(&workdir).ok()?.components() {
        prefix.push_str(&part.as_os_str().to_string_lossy());
        prefix.push('/');
    }
    Some(prefix)
}
