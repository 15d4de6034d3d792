//! The JSON schema of rule files, `assets/schema/rule.json`: it accepts every built-in rule file, refuses what the program
//! refuses, and knows the same keys.

use breakbulk::assets;
use breakbulk::rules::RuleSet;
use serde_json::{Value, json};

fn schema() -> Value {
    serde_json::from_str(assets::get("schema/rule.json").unwrap()).unwrap()
}

/// As much of JSON Schema 2020-12 as the schema uses; a keyword that is not known here fails the test.
fn validate(schema: &Value, root: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().unwrap() {
        let fine = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" => true,
            "$ref" => {
                let pointer = rule.as_str().unwrap().strip_prefix('#').unwrap();
                validate(root.pointer(pointer).unwrap(), root, value, at, faults);
                true
            }
            "type" => {
                let names = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                names.iter().any(|name| match name.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "integer" => value.is_i64() || value.is_u64(),
                    other => panic!("no type {other}"),
                })
            }
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value.as_i64().is_none_or(|number| number >= rule.as_i64().unwrap()),
            "pattern" => {
                value.as_str().is_none_or(|text| regex::Regex::new(rule.as_str().unwrap()).unwrap().is_match(text))
            }
            "required" => rule.as_array().unwrap().iter().all(|name| value.get(name.as_str().unwrap()).is_some()),
            "anyOf" => rule.as_array().unwrap().iter().any(|option| {
                let mut inner = Vec::new();
                validate(option, root, value, at, &mut inner);
                inner.is_empty()
            }),
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    validate(rule, root, item, &format!("{at}[{index}]"), faults);
                }
                true
            }
            "properties" => {
                for (name, item) in value.as_object().into_iter().flatten() {
                    if let Some(rule) = rule.get(name) {
                        validate(rule, root, item, &format!("{at}.{name}"), faults);
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = schema["properties"].as_object().unwrap();
                value.as_object().is_none_or(|object| object.keys().all(|name| known.contains_key(name)))
            }
            other => panic!("the schema uses {other}, which this test does not know"),
        };
        if !fine {
            faults.push(format!("{at}: {keyword} {rule} refuses {value}"));
        }
    }
}

fn faults(text: &str) -> Vec<String> {
    let value: Value = toml::from_str(text).unwrap();
    let (schema, mut found) = (schema(), Vec::new());
    validate(&schema, &schema, &value, "", &mut found);
    found
}

#[test]
fn every_built_in_rule_file_is_valid() {
    let mut count = 0;
    for (path, text) in assets::under("rules/").filter(|(path, _)| !path.ends_with("_detect.toml")) {
        let found = faults(text);
        assert!(found.is_empty(), "{path}: {found:?}");
        count += 1;
    }
    assert!(count >= 20, "{count} files");
}

#[test]
fn the_schema_and_the_program_refuse_the_same() {
    let head = "kind = \"file-write\"\nlanguages = [\"java\"]\n";
    for body in [
        "[[rule]]\nid = \"a\"\n",
        "[[rule]]\nid = \"a\"\napi = \"x\"\nwhenn = []\n",
        "[[rule]]\nid = \"a\"\napi = \"x\"\nseverity = \"huge\"\n",
        "[[rule]]\nid = \"a\"\napi = \"x\"\nwhen = [{ arg = \"first\", is = 1 }]\n",
        "[[rule]]\nid = \"a\"\napi = \"x\"\nwhen = [{ arg = 0, min_args = \"2\" }]\n",
        "[[entry]]\nid = \"a\"\n",
        "[[entry]]\nid = \"a\"\nkey = \"x\"\nnear = { value = \"y\" }\n",
        "[[change]]\noff = true\n",
        "colour = 1\n",
    ] {
        let text = format!("{head}{body}");
        assert!(!faults(&text).is_empty(), "the schema accepts {body}");
        let error = RuleSet::with_own(&[("mine.toml".into(), text)]).unwrap_err();
        assert!(error.line >= 1, "{error}");
    }
    let fine = format!("{head}[[rule]]\nid = \"a\"\napi = [\"x\", \"y\"]\nwhen = [{{ arg = \"any\", is = true }}]\n");
    assert_eq!(faults(&fine), Vec::<String>::new());
    RuleSet::with_own(&[("mine.toml".into(), fine)]).unwrap();
}

/// The program lists the keys that it knows when it is given another one: the schema must list the same.
#[test]
fn the_schema_knows_the_same_keys_as_the_program() {
    let schema = schema();
    let head = "kind = \"file-write\"\nlanguages = [\"java\"]\n";
    for (pointer, body) in [
        ("/properties", "zzz = 1\n"),
        ("/$defs/rule/properties", "[[rule]]\nid = \"a\"\napi = \"x\"\nzzz = 1\n"),
        ("/$defs/condition/properties", "[[rule]]\nid = \"a\"\napi = \"x\"\nwhen = [{ zzz = 1 }]\n"),
        ("/$defs/place/properties", "[[rule]]\nid = \"a\"\napi = \"x\"\nsubject = { zzz = 1 }\n"),
        ("/$defs/entry/properties", "[[entry]]\nid = \"a\"\nkey = \"x\"\nzzz = 1\n"),
        ("/$defs/entry/properties/near/properties", "[[entry]]\nid = \"a\"\nkey = \"x\"\nnear = { zzz = 1 }\n"),
        ("/$defs/definition/properties", "[[definition]]\nid = \"a\"\ndefine = []\nzzz = 1\n"),
        ("/$defs/file/properties", "[[file]]\nid = \"a\"\nfiles = \"x\"\nzzz = 1\n"),
        ("/$defs/change/properties", "[[change]]\nzzz = 1\n"),
    ] {
        let error = RuleSet::with_own(&[("mine.toml".into(), format!("{head}{body}"))]).unwrap_err();
        let (_, list) = error.message.rsplit_once("write one of ").expect(&error.message);
        let mut known: Vec<&str> = list.split(", ").collect();
        let mut written: Vec<&str> =
            schema.pointer(pointer).unwrap().as_object().unwrap().keys().map(String::as_str).collect();
        known.sort_unstable();
        written.sort_unstable();
        assert_eq!(json!(known), json!(written), "{pointer}");
    }
}
