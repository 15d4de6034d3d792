//! The accuracy figures are counted as docs/accuracy.md says, and the labels are readable and complete.

use std::fs;
use std::path::Path;

#[allow(dead_code, reason = "the example uses the rest")]
#[path = "../../examples/accuracy/score.rs"]
mod score;

use score::{Count, LabelledFile, Labels, Seen, Tally, Wrong, judge};

fn file(sites: &str) -> LabelledFile {
    let text = format!(
        "repository = \"a/b\"\ncommit = \"1\"\nlanguage = \"java\"\n[[file]]\npath = \"A.java\"\nsites = [{sites}]\n"
    );
    Labels::read(&text).unwrap().file.remove(0)
}

fn seen(kind: &'static str, line: u32, end_line: u32) -> Seen {
    Seen { kind, line, end_line, low: false, main: true, rule: "r".into(), doubt: String::new() }
}

#[test]
fn overlapping_lines_are_a_hit_and_the_rest_is_missed_or_a_false_alarm() {
    let file = file("{ kind = \"file-write\", line = 10, end_line = 12 }, { kind = \"file-write\", line = 20 }");
    let found = [seen("file-write", 12, 14), seen("file-write", 11, 11), seen("file-write", 30, 30)];
    let outcome = judge(&file, "file-write", "java", &found);
    assert_eq!(outcome.hits, 1);
    assert_eq!(
        outcome.wrong,
        [Wrong::Miss { line: 20, note: "not found".into() }, Wrong::FalseAlarm { line: 30, rule: "r".into() },]
    );
    let mut tally = Tally::default();
    tally.add(&outcome);
    let count = tally.sum(|_, _| true);
    assert_eq!(count, Count { hits: 1, misses: 1, false_alarms: 1 });
    assert_eq!((count.precision(), count.recall(), count.f1()), (Some(0.5), Some(0.5), Some(0.5)));
}

#[test]
fn one_finding_hits_one_label_except_addresses_of_one_entry() {
    let two = "{ kind = \"K\", line = 5 }, { kind = \"K\", line = 5, end_line = 6 }";
    let writes = file(&two.replace('K', "file-write"));
    assert_eq!(judge(&writes, "file-write", "java", &[seen("file-write", 5, 6)]).hits, 1);
    // The first label can only take the first finding, whichever comes first.
    assert_eq!(judge(&writes, "file-write", "java", &[seen("file-write", 5, 5), seen("file-write", 6, 6)]).hits, 2);
    let addresses = file(&two.replace('K', "hardcoded-endpoint"));
    assert_eq!(judge(&addresses, "hardcoded-endpoint", "java", &[seen("hardcoded-endpoint", 5, 6)]).hits, 2);
}

#[test]
fn low_confidence_and_other_scopes_count_as_not_found() {
    let file = file("{ kind = \"log-path\", line = 3 }, { kind = \"log-path\", line = 9, optional = true }");
    let low = Seen { low: true, ..seen("log-path", 3, 3) };
    let hidden = Seen { main: false, ..seen("log-path", 4, 4) };
    let outcome = judge(&file, "log-path", "java", &[low, hidden, seen("log-path", 9, 9)]);
    assert_eq!((outcome.hits, outcome.wrong.len()), (0, 1), "{:?}", outcome.wrong);
    let text = score::plain(&Tally::default());
    assert!(text.contains("precision"));
}

#[test]
fn broken_labels_are_refused_with_the_place() {
    let text = "repository = \"a/b\"\ncommit = \"1\"\nlanguage = \"java\"\n[[file]]\npath = \"A\"\nsites = [{ kind = \"writes\", line = 1 }]\n";
    let (span, message) = Labels::read(text).unwrap_err();
    assert!(message.contains("no kind is called writes") && span.is_some(), "{message}");
}

#[test]
fn the_labels_of_the_repository_can_be_read() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/accuracy");
    for (folder, least) in [(own.clone(), 9), (own.join("exam"), 18), (own.join("exam-2"), 10), (own.join("exam-3"), 9)]
    {
        let mut read = 0;
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                let labels = Labels::read(&fs::read_to_string(&path).unwrap());
                let labels = labels.unwrap_or_else(|(_, message)| panic!("{}: {message}", path.display()));
                assert!(labels.repository.contains('/') && labels.commit.len() >= 7, "{}", path.display());
                read += 1;
            }
        }
        assert!(read >= least, "{}: {read} files of labels", folder.display());
    }
}
