//! A division changed by hand: in the real program, key by key, and the saved alternative from the command line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::{TempDir, tempdir};

use crate::journeys::Session;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The sample project as a folder that may be written to.
fn shop() -> (TempDir, PathBuf) {
    let folder = tempdir().unwrap();
    let shop = folder.path().join("shop");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-projects/demo"), &shop);
    (folder, shop)
}

fn split(shop: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_breakbulk")).arg("split").arg(shop).args(words).output().unwrap()
}

#[test]
fn a_file_is_moved_the_figures_follow_and_the_alternative_is_written_when_asked() {
    let (folder, shop) = shop();
    let (state, path) = (folder.path().display().to_string(), shop.display().to_string());
    let home = [("XDG_STATE_HOME", state.as_str()), ("XDG_CONFIG_HOME", state.as_str())];
    let mut session = Session::start(120, 36, &["--theme", "dark", &path], &home);
    session.sees("done ");
    session.types("4");
    session.sees("Split candidates");
    // The files of the first candidate; the second of them is bound to another one more than to its own.
    session.types("+");
    session.sees("WHAT-IF of the proposal   nothing changed yet");
    session.sees("[ ] mail/mailer.php  38 % to customers");
    session.types("jj ");
    session.sees("[x] mail/mailer.php");
    session.types("M");
    session.sees("Move 1 file to");
    session.types("cust\r");
    session.sees("1 change, not saved");
    session.sees("moved to customers, 1 file: cut ");
    let figures = |session: &Session| {
        session.look(|screen, _| {
            let text = screen.contents();
            let line = text.lines().find(|line| line.contains("cut (dependencies between)")).unwrap_or_default();
            line.rsplit('│')
                .nth(1)
                .unwrap_or_default()
                .split_whitespace()
                .skip(3)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
    };
    let moved = figures(&session);
    assert!(moved.len() == 3 && moved[0] != moved[1], "before, after and the change: {moved:?}");
    session.types("u");
    session.sees("what-if: taken back; 0 changes");
    let back = figures(&session);
    assert_eq!((back.len(), &back[0]), (2, &back[1]), "nothing differs any more");
    session.types("U");
    session.sees("what-if: made again; 1 change");
    assert_eq!(figures(&session), moved);
    assert!(!shop.join(".breakbulk").exists(), "nothing is written before somebody asks");
    session.types("S");
    session.sees("Save in .breakbulk/alternatives as");
    session.types("smaller\r");
    session.sees("saved in .breakbulk/alternatives/smaller.toml");
    session.sees("WHAT-IF smaller   saved");
    let text = fs::read_to_string(shop.join(".breakbulk/alternatives/smaller.toml")).unwrap();
    assert!(text.contains("[[part]]") && text.contains("name = \"customers\""), "{text}");
    session.types("=");
    session.sees("Divisions side by side");
    session.sees("smaller");
    session.types("\u{1b}");
    session.sees_no_more("Divisions side by side");
    session.types("p");
    session.sees("[5 Plan]");
    session.sees("WHAT-IF smaller   Plan");
    session.types("q");
    session.ends();
    // The same from the command line.
    let listed = split(&shop, &["list"]);
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let cut = text.lines().find(|line| line.starts_with("cut (dependencies between)")).unwrap();
    let cut: Vec<&str> = cut.split_whitespace().skip(3).collect();
    assert_eq!(cut, [moved[0].as_str(), moved[1].as_str()], "{text}");
    let compared = split(&shop, &["compare", "smaller", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&compared.stdout).unwrap();
    assert_eq!(json["divisions"][1]["name"], "smaller");
    assert_eq!(json["divisions"][1]["figures"]["crossing"].to_string(), moved[1]);
    assert_eq!(json["divisions"][0]["unmatched"], 0);
    let part = &json["divisions"][1]["candidates"][0];
    assert!(part["name"].is_string() && part["score"].is_number() && part["in_cycle"].is_boolean(), "{part}");
}

#[test]
fn faults_of_alternatives_are_said_in_one_line() {
    let (_folder, shop) = shop();
    let missing = split(&shop, &["compare", "nobody"]);
    let said = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert_eq!(missing.status.code(), Some(2));
    assert!(said.contains("there is no alternative nobody") && said.contains("there are: none"), "{said}");
    let folder = shop.join(".breakbulk/alternatives");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("broken.toml"), "x = 1\n").unwrap();
    fs::write(folder.join("half.toml"), "[[part]]\nname = \"sales\"\nfiles = [\"orders/**\"]\n").unwrap();
    let listed = split(&shop, &["list"]);
    let (text, said) = (String::from_utf8_lossy(&listed.stdout), String::from_utf8_lossy(&listed.stderr));
    assert!(listed.status.success() && text.contains("half") && text.contains("sales"), "{text}");
    assert!(said.contains("broken: ") && said.lines().filter(|line| line.contains("broken")).count() == 1, "{said}");
    assert!(text.contains("half: ") && text.contains("files that no pattern names stay common"), "{text}");
    assert_eq!(split(&shop, &["compare", "broken"]).status.code(), Some(2));
    let file = folder.join("half.toml").display().to_string();
    assert!(split(&shop, &["compare", &file]).status.success(), "a file elsewhere can be compared as well");
}
