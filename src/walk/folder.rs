//! A repository in a folder: the sorted walk, and reading one file of it.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rustc_hash::FxHashMap;
use walkdir::{DirEntry, WalkDir};

use super::classify::classify;
use super::ignored::Ignored;
use super::limits::{MAX_BYTES, looks_binary};
use super::translations::is_translation;
use crate::analysis::Repository;
use crate::facts::{Name, Scope, Skipped, SourceFile};
use crate::git::{self, History};

/// Folders of version control and of this program: never entered, never mentioned.
const SILENT: [&str; 4] = [".git", ".hg", ".svn", ".breakbulk"];

/// A folder on disk. Nothing in it is ever changed.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    /// Largest file that is read, in bytes.
    pub max_bytes: u64,
    /// Commits of the history that are read at most; 0 for none.
    pub max_commits: u32,
    /// Real paths of files whose names are not UTF-8, by the path shown for them.
    odd_names: Mutex<FxHashMap<Name, PathBuf>>,
}

impl Folder {
    /// Opens a folder.
    ///
    /// # Errors
    /// One line for people when it does not exist, is no folder, or cannot be listed.
    pub fn open(path: &Path) -> Result<Folder, String> {
        let shown = path.display();
        let meta = std::fs::metadata(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => format!("{shown} does not exist"),
            _ => format!("{shown} cannot be read: {error}"),
        })?;
        if !meta.is_dir() {
            return Err(format!("{shown} is a file; give the folder of a repository"));
        }
        std::fs::read_dir(path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
        let root = path.canonicalize().map_err(|error| format!("{shown} cannot be read: {error}"))?;
        Ok(Folder { root, max_bytes: MAX_BYTES, max_commits: git::MAX_COMMITS, odd_names: Mutex::default() })
    }

    /// The folder's absolute path.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a file of the walk stands on disk.
    #[must_use]
    pub fn locate(&self, path: &str) -> PathBuf {
        let odd = self.odd_names.lock().ok().and_then(|odd| odd.get(path).cloned());
        odd.unwrap_or_else(|| self.root.join(path))
    }
}

/// What a walk has found so far.
#[derive(Default)]
struct Found {
    files: Vec<SourceFile>,
    skipped: Vec<Skipped>,
    ignored: usize,
    links: usize,
    package_folders: usize,
    translations: usize,
    odd_names: FxHashMap<Name, PathBuf>,
}

impl Repository for Folder {
    fn name(&self) -> String {
        self.root.file_name().map_or_else(|| "repository".to_owned(), |name| name.to_string_lossy().into_owned())
    }

    fn files(&self, stop: &(dyn Fn() -> bool + Sync)) -> (Vec<SourceFile>, Vec<Skipped>) {
        let mut found = Found::default();
        let mut ignored = Ignored::new(&self.root, git::tracked(&self.root));
        let mut walk = WalkDir::new(&self.root).sort_by_file_name().into_iter();
        let mut seen = 0_usize;
        while let Some(entry) = walk.next() {
            seen += 1;
            if seen.is_multiple_of(128) && stop() {
                break;
            }
            match entry {
                Ok(entry) if entry.depth() == 0 => ignored.enter(&self.root, 0),
                Ok(entry) => {
                    if !self.visit(&entry, &mut ignored, &mut found) && entry.file_type().is_dir() {
                        walk.skip_current_dir();
                    }
                }
                Err(error) => {
                    let path = error.path().map_or_else(|| Name::new("."), |path| relative(&self.root, path));
                    let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                    found.skipped.push(Skipped { path, reason: format!("cannot be read: {why}") });
                }
            }
        }
        if let Ok(mut odd) = self.odd_names.lock() {
            *odd = std::mem::take(&mut found.odd_names);
        }
        found.finish()
    }

    fn read(&self, file: &SourceFile) -> Result<Vec<u8>, String> {
        let source = File::open(self.locate(&file.path)).map_err(|error| format!("cannot be read: {error}"))?;
        let mut bytes = Vec::with_capacity(usize::try_from(file.bytes.min(self.max_bytes)).unwrap_or(0) + 1);
        source.take(self.max_bytes + 1).read_to_end(&mut bytes).map_err(|error| format!("cannot be read: {error}"))?;
        if bytes.len() as u64 > self.max_bytes {
            return Err(too_large(bytes.len() as u64, self.max_bytes));
        }
        if looks_binary(&bytes) {
            return Err("binary content".to_owned());
        }
        Ok(bytes)
    }

    fn history(&self, files: &[SourceFile], stop: &(dyn Fn() -> bool + Sync)) -> History {
        git::read_history(&self.root, files, self.max_commits, stop)
    }
}

impl Folder {
    /// Takes one entry in; false when it is left out.
    fn visit(&self, entry: &DirEntry, ignored: &mut Ignored, found: &mut Found) -> bool {
        let depth = entry.depth();
        ignored.leave(depth);
        let kind = entry.file_type();
        let name = entry.file_name();
        if SILENT.iter().any(|silent| name == *silent) {
            return false;
        }
        if kind.is_symlink() {
            found.links += 1;
            return false;
        }
        if kind.is_dir() && name == "node_modules" {
            found.package_folders += 1;
            return false;
        }
        let mut path = relative(&self.root, entry.path());
        if ignored.skips(entry.path(), &path, kind.is_dir(), depth) {
            found.ignored += 1;
            return false;
        }
        if kind.is_dir() {
            ignored.enter(entry.path(), depth);
            return true;
        }
        if !kind.is_file() {
            found.skipped.push(Skipped { path, reason: "neither a file nor a folder".to_owned() });
            return false;
        }
        if name.to_str().is_none() || entry.path().to_str().is_none() {
            // Two such names may look the same; the second gets one more mark so that both can be read.
            while found.odd_names.contains_key(&path) {
                path.push('\u{fffd}');
            }
            found.odd_names.insert(path.clone(), entry.path().to_path_buf());
        }
        let bytes = match entry.metadata() {
            Ok(meta) => meta.len(),
            Err(error) => {
                found.skipped.push(Skipped { path, reason: format!("cannot be read: {error}") });
                return false;
            }
        };
        let (language, is_code, scope) = classify(&path);
        if language.is_some() && bytes > self.max_bytes {
            found.skipped.push(Skipped { path, reason: too_large(bytes, self.max_bytes) });
            return false;
        }
        let language = language.filter(|language| {
            let translation = is_translation(&path, *language);
            found.translations += usize::from(translation);
            !translation
        });
        found.files.push(SourceFile { path, language, is_code, scope, bytes, lines: 0 });
        true
    }
}

impl Found {
    /// Sorts, marks trees of installed packages, and says in one line each what was left out by the dozen.
    fn finish(mut self) -> (Vec<SourceFile>, Vec<Skipped>) {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        let installed: Vec<String> = self
            .files
            .iter()
            .filter_map(|file| {
                // Composer and Go leave these in the folder they install into, whatever its name.
                ["/composer/installed.json", "/composer/installed.php", "/composer/autoload_real.php", "/modules.txt"]
                    .iter()
                    .find_map(|mark| file.path.strip_suffix(mark))
                    .filter(|folder| !file.path.ends_with("/modules.txt") || folder.ends_with("vendor"))
                    .map(|folder| format!("{folder}/"))
            })
            .collect();
        for file in &mut self.files {
            if installed.iter().any(|folder| file.path.starts_with(folder.as_str())) {
                file.scope = Scope::Vendored;
            }
        }
        let mut note = |count: usize, one: &str, many: &str| {
            if count > 0 {
                let reason = if count == 1 { format!("1 {one}") } else { format!("{count} {many}") };
                self.skipped.push(Skipped { path: Name::new("."), reason });
            }
        };
        note(self.ignored, "entry is left out by ignore files", "entries are left out by ignore files");
        note(self.links, "symbolic link is not followed", "symbolic links are not followed");
        note(
            self.package_folders,
            "folder of installed packages (node_modules) is not read",
            "folders of installed packages (node_modules) are not read",
        );
        note(self.translations, "file of translated texts is not read", "files of translated texts are not read");
        self.skipped.sort();
        (self.files, self.skipped)
    }
}

/// The path below the root with forward slashes; bytes that are not UTF-8 become U+FFFD.
fn relative(root: &Path, path: &Path) -> Name {
    let path = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        Name::from(path)
    } else {
        Name::from(path.replace(std::path::MAIN_SEPARATOR, "/"))
    }
}

fn too_large(bytes: u64, limit: u64) -> String {
    format!("larger than the limit of {} KiB ({} KiB)", limit / 1024, bytes.div_ceil(1024))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn write(root: &Path, path: &str, bytes: &[u8]) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn paths(files: &[SourceFile]) -> Vec<&str> {
        files.iter().map(|file| file.path.as_str()).collect()
    }

    #[test]
    fn opening_says_what_is_wrong_in_one_line() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "a.txt", b"x");
        assert!(Folder::open(&folder.path().join("none")).unwrap_err().ends_with("does not exist"));
        assert!(Folder::open(&folder.path().join("a.txt")).unwrap_err().contains("is a file"));
        assert!(Folder::open(folder.path()).is_ok());
    }

    #[test]
    fn walk_is_sorted_and_heeds_ignore_files_at_every_level() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, ".git/config", b"");
        write(root, ".git/info/exclude", b"secret.py\n");
        write(root, ".gitignore", b"*.log\n/out/\n!keep.log\n");
        write(root, ".breakbulkignore", b"legacy/\n");
        write(root, "b.java", b"class B {}");
        write(root, "a/z.java", b"");
        write(root, "a.java", b"");
        write(root, "x.log", b"");
        write(root, "keep.log", b"");
        write(root, "secret.py", b"");
        write(root, "out/o.java", b"");
        write(root, "legacy/l.java", b"");
        write(root, "sub/.gitignore", b"gen.java\n");
        write(root, "sub/gen.java", b"");
        write(root, "gen.java", b"");
        write(root, "node_modules/x/index.js", b"");
        let (files, skipped) = Folder::open(root).unwrap().files(&|| false);
        assert_eq!(
            paths(&files),
            [
                ".breakbulkignore",
                ".gitignore",
                "a.java",
                "a/z.java",
                "b.java",
                "gen.java",
                "keep.log",
                "sub/.gitignore"
            ]
        );
        assert!(skipped.iter().any(|note| note.reason.starts_with("5 entries")), "{skipped:?}");
        assert!(skipped.iter().any(|note| note.reason.contains("node_modules")));
    }

    #[test]
    fn tracked_files_are_kept_inside_ignored_folders() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, ".gitignore", b"conf/\n");
        let mut ignored = Ignored::new(root, Some(vec!["conf/app/db.yml".to_owned()]));
        ignored.enter(root, 0);
        ignored.leave(1);
        assert!(!ignored.skips(&root.join("conf"), "conf", true, 1));
        ignored.enter(&root.join("conf"), 1);
        ignored.leave(2);
        assert!(ignored.skips(&root.join("conf/x.yml"), "conf/x.yml", false, 2));
        assert!(!ignored.skips(&root.join("conf/app"), "conf/app", true, 2));
        ignored.leave(3);
        assert!(!ignored.skips(&root.join("conf/app/db.yml"), "conf/app/db.yml", false, 3));
        ignored.leave(1);
        assert!(!ignored.skips(&root.join("z.yml"), "z.yml", false, 1));
    }

    #[test]
    fn large_binary_and_linked_files_are_said() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, "big.java", &vec![b'a'; 3000]);
        write(root, "bin.java", b"a\0b");
        #[cfg(unix)]
        std::os::unix::fs::symlink(root, root.join("loop")).unwrap();
        let mut repository = Folder::open(root).unwrap();
        repository.max_bytes = 2048;
        let (files, skipped) = repository.files(&|| false);
        assert_eq!(paths(&files), ["bin.java"]);
        assert!(skipped.iter().any(|note| note.path == "big.java" && note.reason.contains("limit of 2 KiB")));
        assert!(skipped.iter().any(|note| note.reason.contains("symbolic link")) || cfg!(not(unix)));
        assert_eq!(repository.read(&files[0]).unwrap_err(), "binary content");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_utf8_can_be_read() {
        use std::os::unix::ffi::OsStrExt as _;
        let folder = tempfile::tempdir().unwrap();
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9.java");
        fs::write(folder.path().join(name), b"class A {}").unwrap();
        let repository = Folder::open(folder.path()).unwrap();
        let (files, _) = repository.files(&|| false);
        assert_eq!(paths(&files), ["caf\u{fffd}.java"]);
        assert_eq!(repository.read(&files[0]).unwrap(), b"class A {}");
    }
}
