//! History read from small repositories made on the spot.

use std::fs;
use std::path::Path;

use git2::{Repository, Signature, Time};
use tempfile::TempDir;

use super::{History, MAX_COMMITS, log, read_history, read_with, tracked};
use crate::facts::{FileId, Scope, SourceFile};

fn never() -> bool {
    false
}

fn files(paths: &[&str]) -> Vec<SourceFile> {
    let file = |path: &&str| SourceFile {
        path: (*path).into(),
        language: None,
        is_code: true,
        scope: Scope::Main,
        bytes: 1,
        lines: 0,
    };
    paths.iter().map(file).collect()
}

fn commit(repository: &Repository, author: &str, time: i64, paths: &[&str]) {
    let root = repository.workdir().unwrap().to_path_buf();
    let mut index = repository.index().unwrap();
    for path in paths {
        let full = root.join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        let mut text = fs::read_to_string(&full).unwrap_or_default();
        text.push_str("line\n");
        fs::write(&full, text).unwrap();
        index.add_path(Path::new(path)).unwrap();
    }
    index.write().unwrap();
    let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
    let who = Signature::new(author, &format!("{author}@corp.test"), &Time::new(time, 0)).unwrap();
    let parent = repository.head().ok().map(|head| head.peel_to_commit().unwrap());
    let parents: Vec<_> = parent.iter().collect();
    repository.commit(Some("HEAD"), &who, &who, "change", &tree, &parents).unwrap();
}

fn sample() -> (TempDir, Repository) {
    let dir = TempDir::new().unwrap();
    let repository = Repository::init(dir.path()).unwrap();
    commit(&repository, "ann", 100, &["src/a.java", "src/b.java", "doc/ü.md"]);
    commit(&repository, "bob", 200, &["src/a.java", "src/b.java"]);
    commit(&repository, "ann", 300, &["src/a.java", "src/b.java", "src/c.java"]);
    commit(&repository, "ann", 400, &["src/a.java"]);
    let mass: Vec<String> = (0..40).map(|n| format!("src/m{n:02}.java")).collect();
    let mut mass: Vec<&str> = mass.iter().map(String::as_str).collect();
    mass.push("src/a.java");
    commit(&repository, "bob", 500, &mass);
    (dir, repository)
}

/// By the program where it is there, and by libgit2: both must say the same.
fn both_ways(root: &Path, files: &[SourceFile]) -> History {
    let by_library = read_with(root, files, &never, 100, None);
    if let Some(git) = log::program() {
        assert_eq!(read_with(root, files, &never, 100, Some(&git)), by_library);
    }
    by_library
}

#[test]
fn churn_and_pairs_are_counted_and_mass_commits_set_aside() {
    let (dir, repository) = sample();
    let mut paths = vec!["doc/ü.md", "src/a.java", "src/b.java", "src/c.java"];
    let mass: Vec<String> = (0..40).map(|n| format!("src/m{n:02}.java")).collect();
    paths.extend(mass.iter().map(String::as_str));
    let history = both_ways(dir.path(), &files(&paths));
    assert_eq!(history.commits_read, 5);
    assert_eq!(history.period, Some((100, 500)));
    assert_eq!(history.commit.as_deref(), Some(repository.head().unwrap().target().unwrap().to_string().as_str()));
    assert!(history.branch.is_some());
    assert_eq!(history.changes.len(), paths.len());
    assert_eq!((history.changes[0].commits, history.changes[0].last), (1, 100));
    let a = history.changes[1];
    assert_eq!((a.commits, a.authors, a.last), (4, 2, 500), "the mass commit is a change in time only");
    assert_eq!(history.changes[4].commits, 0);
    assert_eq!(history.pairs.len(), 1, "fewer than three shared commits are no pair");
    let pair = history.pairs[0];
    assert_eq!((pair.a, pair.b, pair.commits), (FileId(1), FileId(2), 3));
    assert!((pair.degree - 3.0 / 3.5).abs() < 1e-6);
    assert!(history.notes.is_empty(), "{:?}", history.notes);
}

#[test]
fn a_folder_below_the_top_has_paths_of_its_own() {
    let (dir, _repository) = sample();
    let history = both_ways(&dir.path().join("src"), &files(&["a.java", "b.java"]));
    assert_eq!(history.changes[0].commits, 5, "only two known files: no mass commit");
    assert_eq!(history.pairs.len(), 1);
    assert_eq!(tracked(&dir.path().join("doc")), Some(vec!["ü.md".to_string()]));
    assert_eq!(tracked(dir.path()).map(|paths| paths.len()), Some(44));
}

#[test]
fn the_limit_is_said() {
    let (dir, _repository) = sample();
    for program in [None, log::program()] {
        let history = read_with(dir.path(), &files(&["src/a.java"]), &never, 2, program.as_deref());
        assert_eq!((history.commits_read, history.changes[0].commits), (2, 2));
        assert!(history.notes[0].contains("newest 2"));
    }
}

#[test]
fn stop_ends_it() {
    let (dir, _repository) = sample();
    assert_eq!(read_history(dir.path(), &files(&["src/a.java"]), MAX_COMMITS, &|| true).commits_read, 0);
}

#[test]
fn nothing_empty_bare_and_broken_are_no_reason_to_fail() {
    let dir = TempDir::new().unwrap();
    let known = files(&["a"]);
    assert_eq!(read_history(dir.path(), &known, MAX_COMMITS, &never), History::default());
    assert_eq!(tracked(dir.path()), None);

    Repository::init(dir.path()).unwrap();
    let unborn = read_history(dir.path(), &known, MAX_COMMITS, &never);
    assert_eq!((unborn.commit, unborn.commits_read, unborn.notes.len()), (None, 0, 0));

    let bare = TempDir::new().unwrap();
    Repository::init_bare(bare.path()).unwrap();
    assert!(read_history(bare.path(), &known, MAX_COMMITS, &never).notes[0].contains("bare"));

    let broken = TempDir::new().unwrap();
    fs::create_dir(broken.path().join(".git")).unwrap();
    fs::write(broken.path().join(".git/HEAD"), "nonsense").unwrap();
    let history = read_history(broken.path(), &known, MAX_COMMITS, &never);
    assert_eq!((history.commits_read, history.notes.len()), (0, 1));
}

#[test]
fn missing_objects_are_said() {
    let (dir, repository) = sample();
    let head = repository.head().unwrap().peel_to_commit().unwrap();
    let tree = head.parent(0).unwrap().tree_id().to_string();
    fs::remove_file(dir.path().join(".git/objects").join(&tree[..2]).join(&tree[2..])).unwrap();
    let history = read_history(dir.path(), &files(&["src/a.java"]), MAX_COMMITS, &never);
    assert!(!history.notes.is_empty());
}

#[cfg(unix)]
#[test]
fn the_configuration_of_the_repository_runs_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, _repository) = sample();
    let trap = dir.path().join("trap.sh");
    fs::write(&trap, format!("#!/bin/sh\ntouch {}\ncat\n", dir.path().join("sprung").display())).unwrap();
    fs::set_permissions(&trap, fs::Permissions::from_mode(0o755)).unwrap();
    let trap = trap.display();
    let mut config = fs::read_to_string(dir.path().join(".git/config")).unwrap();
    config.push_str(&format!(
        "[core]\n\tfsmonitor = {trap}\n\tpager = {trap}\n\tsshCommand = {trap}\n[pager]\n\tlog = {trap}\n[diff]\n\texternal = {trap}\n\
         [diff \"x\"]\n\ttextconv = {trap}\n\tcommand = {trap}\n[filter \"x\"]\n\tclean = {trap}\n\tsmudge = {trap}\n[log]\n\tshowSignature = true\n\
         [gpg]\n\tprogram = {trap}\n[alias]\n\tlog = !{trap}\n"
    ));
    fs::write(dir.path().join(".git/config"), config).unwrap();
    fs::write(dir.path().join(".gitattributes"), "* diff=x filter=x\n").unwrap();
    let history = read_history(dir.path(), &files(&["src/a.java"]), MAX_COMMITS, &never);
    assert_eq!(history.commits_read, 5, "{:?}", history.notes);
    assert!(tracked(dir.path()).is_some());
    assert!(!dir.path().join("sprung").exists());
}

#[test]
fn a_moved_file_keeps_its_history() {
    let (dir, repository) = sample();
    fs::create_dir_all(dir.path().join("moved")).unwrap();
    fs::rename(dir.path().join("src/a.java"), dir.path().join("moved/a.java")).unwrap();
    let mut index = repository.index().unwrap();
    index.remove_path(Path::new("src/a.java")).unwrap();
    index.add_path(Path::new("moved/a.java")).unwrap();
    index.write().unwrap();
    let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
    let who = Signature::new("ann", "ann@corp.test", &Time::new(600, 0)).unwrap();
    let parent = repository.head().unwrap().peel_to_commit().unwrap();
    repository.commit(Some("HEAD"), &who, &who, "move", &tree, &[&parent]).unwrap();
    let history = both_ways(dir.path(), &files(&["moved/a.java", "src/b.java", "src/c.java"]));
    assert_eq!((history.changes[0].commits, history.changes[0].last), (6, 600));
    let pair = history.pairs[0];
    assert_eq!((pair.a, pair.b, pair.commits), (FileId(0), FileId(1), 3));
    assert!((pair.confidence - 1.0).abs() < 1e-6, "each change of b came with one of a");
    assert!((pair.lift - 1.0).abs() < 1e-6, "a changes every time: together is chance");
}
