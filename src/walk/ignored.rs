//! What the ignore files of a repository leave out, with what git tracks always kept.

use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use rustc_hash::FxHashSet;

/// The ignore rules that hold at the present place of a walk.
pub(super) struct Ignored {
    /// `.gitignore` matchers with the depth of their folder, outermost first.
    git: Vec<(usize, Gitignore)>,
    /// The same for `.breakbulkignore`, which also leaves out what git tracks.
    own: Vec<(usize, Gitignore)>,
    /// Paths that git tracks, and their folders; `None` where there is no index.
    tracked: Option<FxHashSet<String>>,
    /// Depth of the folder that is ignored, inside which only tracked files count.
    inside: Option<usize>,
}

impl Ignored {
    /// Rules for a walk from `root`: those of the git repository around it, and `.git/info/exclude`.
    pub fn new(root: &Path, tracked: Option<Vec<String>>) -> Ignored {
        let tracked = tracked.filter(|paths| !paths.is_empty()).map(|paths| {
            let mut all = FxHashSet::default();
            for path in paths {
                let mut end = path.len();
                while let Some(slash) = path[..end].rfind('/') {
                    end = slash;
                    if !all.insert(path[..end].to_owned()) {
                        break;
                    }
                }
                all.insert(path);
            }
            all
        });
        let mut ignored = Ignored { git: Vec::new(), own: Vec::new(), tracked, inside: None };
        if let Some(top) = root.ancestors().find(|folder| folder.join(".git").exists()) {
            let mut folders: Vec<PathBuf> =
                root.ancestors().take_while(|folder| *folder != top).map(Path::to_path_buf).collect();
            ignored.git.extend(matcher(top, &top.join(".git/info/exclude")).map(|m| (0, m)));
            folders.push(top.to_path_buf());
            for folder in folders.iter().rev().filter(|folder| folder.as_path() != root) {
                ignored.git.extend(matcher(folder, &folder.join(".gitignore")).map(|m| (0, m)));
            }
        }
        ignored
    }

    /// Told of each folder when the walk enters it; `depth` is 0 for the root.
    pub fn enter(&mut self, folder: &Path, depth: usize) {
        self.git.extend(matcher(folder, &folder.join(".gitignore")).map(|m| (depth + 1, m)));
        self.own.extend(matcher(folder, &folder.join(".breakbulkignore")).map(|m| (depth + 1, m)));
    }

    /// Drops the rules of folders that the walk has left, before an entry at `depth` is judged.
    pub fn leave(&mut self, depth: usize) {
        self.git.retain(|(at, _)| *at <= depth);
        self.own.retain(|(at, _)| *at <= depth);
        if self.inside.is_some_and(|at| at >= depth) {
            self.inside = None;
        }
    }

    /// True when the entry is left out. An ignored folder that holds tracked files is entered, for those alone.
    pub fn skips(&mut self, path: &Path, relative: &str, is_dir: bool, depth: usize) -> bool {
        if verdict(&self.own, path, is_dir) == Some(true) {
            return true;
        }
        let ignored = self.inside.is_some() || verdict(&self.git, path, is_dir) == Some(true);
        if !ignored {
            return false;
        }
        if !self.tracked.as_ref().is_some_and(|tracked| tracked.contains(relative)) {
            return true;
        }
        if is_dir && self.inside.is_none() {
            self.inside = Some(depth);
        }
        false
    }
}

/// What the innermost rule says: ignored, expressly kept, or nothing.
fn verdict(matchers: &[(usize, Gitignore)], path: &Path, is_dir: bool) -> Option<bool> {
    matchers.iter().rev().find_map(|(_, matcher)| match matcher.matched(path, is_dir) {
        Match::Ignore(_) => Some(true),
        Match::Whitelist(_) => Some(false),
        Match::None => None,
    })
}

/// The rules of one ignore file, relative to its folder; `None` where there are none. Broken lines are passed over.
fn matcher(folder: &Path, file: &Path) -> Option<Gitignore> {
    if !file.is_file() {
        return None;
    }
    let mut builder = GitignoreBuilder::new(folder);
    let _ = builder.add(file);
    builder.build().ok().filter(|matcher| !matcher.is_empty())
}
