//! SARIF against the published schema, with what code scanning needs of it.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::tempdir;

fn validate(document: &Value) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sarif/sarif-schema-2.1.0.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn sarif(root: &Path, more: &[&str]) -> Value {
    let mut command = Command::cargo_bin("breakbulk").unwrap();
    let output =
        command.arg("scan").arg(root).args(["--format", "sarif"]).args(more).assert().code(0).get_output().clone();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(validate(&document), Vec::<String>::new());
    document
}

#[test]
fn the_samples_are_valid_and_their_rules_help() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-projects");
    let mut results = 0;
    for project in fs::read_dir(samples).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let document = sarif(&project, &["--no-history"]);
        let run = &document["runs"][0];
        for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
            let help = rule["help"]["markdown"].as_str().unwrap();
            assert!(help.contains("**") && help.contains(rule["id"].as_str().unwrap()), "{help}");
        }
        let mut seen = std::collections::BTreeSet::new();
        for result in run["results"].as_array().unwrap() {
            let at = result["ruleIndex"].as_u64().unwrap() as usize;
            assert_eq!(run["tool"]["driver"]["rules"][at]["id"], result["ruleId"]);
            assert!(seen.insert(result["partialFingerprints"]["breakbulk/v1"].as_str().unwrap()), "{result}");
            results += 1;
        }
    }
    assert!(results > 100, "{results}");
}

#[test]
fn suppressions_are_justified_and_a_baseline_gives_every_result_a_state() {
    let folder = tempdir().unwrap();
    let root = folder.path().join("shop");
    fs::create_dir_all(root.join(".breakbulk")).unwrap();
    let write = |name: &str, text: &str| fs::write(root.join(name), text).unwrap();
    write("a b.php", "<?php\nfile_put_contents('/var/data/x', 'y'); // breakbulk:ignore file-write a \"cache\"\n");
    write("c.php", "<?php\nunlink('/var/data/z');\n");
    write("d.php", "<?php\nunlink('/var/data/q');\n");
    write(".breakbulk/config.toml", "[[suppress]]\npath = \"d.php\"\nreason = \"goes away\"\n");
    let old = folder.path().join("old.json");
    let mut command = Command::cargo_bin("breakbulk").unwrap();
    command.arg("scan").arg(&root).args(["--format", "json", "-o"]).arg(&old).assert().code(0);
    let plain = sarif(&root, &[]);
    let results = plain["runs"][0]["results"].as_array().unwrap();
    let kinds: Vec<&Value> = results.iter().filter_map(|result| result.get("suppressions")).collect();
    assert_eq!(kinds.len(), 2, "{plain}");
    assert_eq!((&kinds[0][0]["kind"], &kinds[0][0]["justification"]), (&"inSource".into(), &"a \"cache\"".into()));
    assert_eq!((&kinds[1][0]["kind"], &kinds[1][0]["justification"]), (&"external".into(), &"goes away".into()));
    assert!(results.iter().all(|result| result.get("baselineState").is_none()));
    write("c.php", "<?php\nmkdir('/var/data/new');\n");
    let compared = sarif(&root, &["--baseline", old.to_str().unwrap()]);
    let mut states: Vec<(String, String)> = compared["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| {
            let place = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            (place.to_owned(), result["baselineState"].as_str().unwrap().to_owned())
        })
        .collect();
    states.sort();
    let wanted = [("a%20b.php", "unchanged"), ("c.php", "absent"), ("c.php", "new"), ("d.php", "unchanged")];
    assert_eq!(states, wanted.map(|(place, state)| (place.to_owned(), state.to_owned())));
}

#[test]
fn the_schema_refuses_what_is_wrong() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("a.php"), "<?php\nunlink('/var/data/z');\n").unwrap();
    let good = sarif(folder.path(), &[]);
    for (pointer, wrong) in [
        ("/version", "3.0.0".into()),
        ("/runs/0/results/0/level", "bad".into()),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", 0.into()),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = wrong;
        assert!(!validate(&bad).is_empty(), "{pointer}");
    }
}
