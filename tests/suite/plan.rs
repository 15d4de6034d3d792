//! The plan from scripts, with the real binary: checks repeated, verified, reopened, kept in a file that can be merged.

use std::fs;
use std::path::Path;
use std::thread;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::journeys::Session;

const WRITES: &str =
    "<?php\nfile_put_contents('/var/data/x', 'y');\n$db = 'mysql://db1.corp:3306/shop';\nconnect($db);\n";

fn shop() -> TempDir {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("a.php"), WRITES).unwrap();
    folder
}

/// Runs `breakbulk plan` and gives its standard output, or the one line on standard error where the status is 2.
fn plan(folder: &Path, arguments: &[&str], status: i32) -> String {
    let mut command = Command::cargo_bin("breakbulk").unwrap();
    let output = command.arg("plan").arg(folder).args(arguments).assert().code(status).get_output().clone();
    let text = String::from_utf8(if status == 2 { output.stderr } else { output.stdout }).unwrap();
    assert!(status != 2 || text.trim_end().lines().count() == 1, "{text}");
    text
}

fn id(folder: &Path, kind: &str) -> String {
    let list = plan(folder, &["list"], 0);
    let line = list.lines().find(|line| line.contains(&format!("] {kind}-"))).unwrap_or_else(|| panic!("{list}"));
    line.split_whitespace().find(|word| word.starts_with(kind)).unwrap().to_owned()
}

fn file(folder: &Path) -> String {
    fs::read_to_string(folder.join(".breakbulk/plan.toml")).unwrap()
}

fn state(folder: &Path, id: &str) -> String {
    let mut command = Command::cargo_bin("breakbulk").unwrap();
    let output = command.args(["scan", "--format", "json"]).arg(folder).assert().code(0).get_output().clone();
    let scan: Value = serde_json::from_slice(&output.stdout).unwrap();
    let items = scan["plan"].as_array().unwrap().iter().flat_map(|phase| phase["items"].as_array().unwrap());
    let item = items.into_iter().find(|item| item["id"] == id);
    item.map_or("none".to_owned(), |item| {
        format!("{} {}", item["status"].as_str().unwrap(), item["state"].as_str().unwrap())
    })
}

#[test]
fn a_check_is_repeated_verified_and_reopened() {
    let folder = shop();
    let folder = folder.path();
    let id = id(folder, "file-write");
    let left = plan(folder, &["check", &id], 1);
    assert!(left.contains("a.php:2") && left.contains("1 left"), "{left}");
    assert!(!folder.join(".breakbulk").exists(), "a check that fails writes nothing");
    plan(folder, &["check", &id, "--by-hand"], 0);
    assert_eq!(state(folder, &id), "done reopened");
    assert!(plan(folder, &["list"], 0).contains(&format!("[!] {id}")));
    fs::write(folder.join("a.php"), "<?php\nconnect('mysql://db1.corp:3306/shop');\n").unwrap();
    assert_eq!(state(folder, &id), "done verified");
    assert!(plan(folder, &["list"], 0).contains(&format!("[x] {id}")));
    assert!(plan(folder, &["check", &id], 0).starts_with("done: "));
    fs::write(folder.join("a.php"), WRITES).unwrap();
    assert_eq!(state(folder, &id), "done reopened");
    assert!(plan(folder, &["check", &id], 1).contains("a.php:2"));
    plan(folder, &["uncheck", &id], 0);
    assert_eq!(state(folder, &id), "open open");
    assert!(!file(folder).contains(&id), "an entry that says nothing is not kept:\n{}", file(folder));
}

#[test]
fn a_step_whose_evidence_is_gone_is_done_also_where_nobody_touched_it_and_a_wrong_id_is_not() {
    let folder = shop();
    let folder = folder.path();
    let id = id(folder, "file-write");
    fs::write(folder.join("a.php"), "<?php\n").unwrap();
    assert!(plan(folder, &["check", &id], 0).contains("finds none of its places"));
    assert!(!folder.join(".breakbulk").exists());
    let slip = format!("{}{}", &id[..id.len() - 1], if id.ends_with('0') { '1' } else { '0' });
    for wrong in ["no-such-step", slip.as_str(), "file-write-"] {
        assert!(plan(folder, &["check", wrong], 2).contains("there is no step"));
        plan(folder, &["note", wrong, "x"], 2);
    }
}

#[test]
fn what_only_people_can_see_is_checked_off_by_hand() {
    let folder = shop();
    let id = id(folder.path(), "operate");
    assert!(plan(folder.path(), &["check", &id], 1).contains("--by-hand"));
    plan(folder.path(), &["check", &id, "--by-hand"], 0);
    plan(folder.path(), &["check", &id], 0);
    assert_eq!(state(folder.path(), &id), "done done");
}

#[test]
fn the_file_has_one_line_per_step_keeps_comments_and_is_never_overwritten_unread() {
    let folder = shop();
    let folder = folder.path();
    let (write, address) = (id(folder, "file-write"), id(folder, "hardcoded-endpoint"));
    plan(folder, &["note", &write, "ask ann"], 0);
    let one = file(folder);
    plan(folder, &["owner", &address, "bob"], 0);
    let two = file(folder);
    assert_eq!(two.lines().count(), one.lines().count() + 1, "{two}");
    assert!(one.lines().all(|line| two.lines().any(|other| other == line)), "{two}");
    let commented = two.replace("[item]\n", "[item]\n# agreed on Monday\n");
    fs::write(folder.join(".breakbulk/plan.toml"), &commented).unwrap();
    plan(folder, &["waive", &address, "--reason", "stays \"here\""], 0);
    assert!(file(folder).contains("# agreed on Monday\n") && file(folder).contains("stays \\\"here\\\""));
    assert!(file(folder).lines().any(|line| line.contains(&write) && line.contains("ask ann")));
    plan(folder, &["waive", &address, "--reason", " "], 2);
    for broken in ["this is [no toml", "<<<<<<< ours\n", "version = 2\n"] {
        fs::write(folder.join(".breakbulk/plan.toml"), broken).unwrap();
        let message = plan(folder, &["note", &write, "x"], 2);
        assert!(message.contains("plan.toml") && message.contains("not overwritten"), "{message}");
        assert_eq!(file(folder), broken);
    }
}

#[test]
fn two_writers_at_once_lose_nothing() {
    let folder = shop();
    let (write, address) = (id(folder.path(), "file-write"), id(folder.path(), "hardcoded-endpoint"));
    thread::scope(|scope| {
        for id in [&write, &address] {
            scope.spawn(|| plan(folder.path(), &["owner", id, "ann"], 0));
        }
    });
    let text = file(folder.path());
    assert!(text.contains(&write) && text.contains(&address), "{text}");
    assert_eq!(fs::read_dir(folder.path().join(".breakbulk")).unwrap().count(), 1);
}

#[test]
fn steps_are_moved_and_stay_moved() {
    let folder = shop();
    let folder = folder.path();
    let order = || -> Vec<String> {
        let list = plan(folder, &["list"], 0);
        let portable = list.lines().skip_while(|line| !line.starts_with("portable")).skip(1);
        let steps = portable.take_while(|line| line.starts_with("  ["));
        steps.map(|line| line.split_whitespace().find(|word| word.contains('-')).unwrap().to_owned()).collect()
    };
    let before = order();
    assert!(before.len() > 1, "{before:?}");
    let last = before.last().unwrap();
    plan(folder, &["move", last, "--before", &before[0]], 0);
    assert_eq!(order()[..2], [last.clone(), before[0].clone()]);
    assert!(file(folder).contains(&format!("portable = [\n  \"{last}\",\n")), "{}", file(folder));
    plan(folder, &["move", last, "--before", &id(folder, "operate")], 2);
}

#[test]
fn tasks_are_exported_for_issues_and_trackers() {
    let folder = shop();
    let write = id(folder.path(), "file-write");
    plan(folder.path(), &["waive", &write, "--reason", "=1+1, \"no\""], 0);
    let markdown = plan(folder.path(), &["export"], 0);
    assert!(markdown.contains("- [ ] **") && markdown.contains("breakbulk plan check "), "{markdown}");
    let target = folder.path().join("plan.csv");
    plan(folder.path(), &["export", "--format", "csv", "--output", target.to_str().unwrap()], 0);
    let csv = fs::read_to_string(target).unwrap();
    let row = csv.lines().find(|line| line.starts_with(&write)).unwrap();
    assert!(row.contains("waived,waived,,\"'=1+1, \"\"no\"\"\""), "{row}");
}

#[test]
fn a_repository_can_change_what_steps_cost() {
    let folder = shop();
    let folder = folder.path();
    let write = id(folder, "file-write");
    let size = |letter: &str| plan(folder, &["list"], 0).contains(&format!("{write} {letter} "));
    assert!(size("S"));
    fs::create_dir(folder.join(".breakbulk")).unwrap();
    let config = folder.join(".breakbulk/config.toml");
    fs::write(&config, "[effort.file-write]\nsite = 9\n").unwrap();
    assert!(size("L"));
    fs::write(&config, "[effort.file-rite]\nsite = 9\n").unwrap();
    let message = plan(folder, &["list"], 2);
    assert!(message.contains(".breakbulk/config.toml") && message.contains("file-rite"), "{message}");
}

#[test]
fn the_screen_keeps_what_was_moved_checked_off_and_owned_in_the_file_and_a_new_scan_verifies_it() {
    let (folder, home) = (shop(), tempdir().unwrap());
    let home = home.path().to_str().unwrap();
    let root = folder.path().to_str().unwrap();
    let environment = [("XDG_STATE_HOME", home), ("XDG_CONFIG_HOME", home)];
    let start = || Session::start(120, 36, &["--theme", "dark", root], &environment);
    let mut session = start();
    session.sees("done ");
    session.types("2");
    session.sees("■ write");
    session.types("p");
    session.sees("[5 Plan]");
    // the step of the write is the second of its phase
    session.types("K");
    session.sees("saved in .breakbulk/plan.toml");
    session.types("Oann\r");
    session.sees("owner   ann");
    session.types(" ");
    session.sees("[x]");
    session.types("q");
    session.ends();
    let text = file(folder.path());
    let moved = text.lines().find(|line| line.contains("owner = \"ann\"")).unwrap();
    assert!(moved.contains("status = \"done\"") && text.contains("portable = [\n"), "{text}");
    fs::write(folder.path().join("a.php"), "<?php\n").unwrap();
    let mut session = start();
    session.sees("done ");
    session.types("5");
    session.sees("[✓]");
    session.sees("1 verified");
    session.types("q");
    session.ends();
    assert_eq!(file(folder.path()), text, "looking changes nothing");
}
