//! Each format with a small example, and random input for all of them.

use proptest::prelude::*;

use super::*;
use crate::facts::KeepAll;

fn read(id: &'static str, text: &str) -> Vec<Entry> {
    extract(Language(id), "x", text, &KeepAll).entries
}

fn pairs(id: &'static str, text: &str) -> Vec<(String, String)> {
    read(id, text).into_iter().map(|e| (e.key.to_string(), e.value.to_string())).collect()
}

fn expect(id: &'static str, text: &str, expected: &[(&str, &str)]) {
    let got = pairs(id, text);
    let got: Vec<(&str, &str)> = got.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(got, expected);
}

#[test]
fn properties() {
    expect(
        "properties",
        "# c\ndb.url=jdbc:mysql://db1/x\ndb.user : sa\nlong=a,\\\n   b\n! no\nbare\nu=\\u00e4\\:x\nlog.dir ${LOG:/var/log}\n",
        &[
            ("db.url", "jdbc:mysql://db1/x"),
            ("db.user", "sa"),
            ("long", "a,b"),
            ("bare", ""),
            ("u", "ä:x"),
            ("log.dir", "${LOG:/var/log}"),
        ],
    );
    let entries = read("properties", "a.host=h\nb.x=1\na.port=1\\\n 2\n");
    assert_eq!(entries[0].group, entries[2].group);
    assert_ne!(entries[0].group, entries[1].group);
    assert_eq!((entries[2].span.line, entries[2].span.end_line), (3, 4));
}

#[test]
fn yaml() {
    expect(
        "yaml",
        "spring:\n  datasource: # c\n    url: jdbc:x\n    ports: [1, \"2\"]\nlist:\n  - name: a\n    host: 'h''s'\n  - b\nscript: |\n  one\n    two\nempty:\nref: &a v\n",
        &[
            ("spring.datasource.url", "jdbc:x"),
            ("spring.datasource.ports.0", "1"),
            ("spring.datasource.ports.1", "2"),
            ("list.0.name", "a"),
            ("list.0.host", "h's"),
            ("list.1", "b"),
            ("script", "one\n  two"),
            ("empty", ""),
            ("ref", "v"),
        ],
    );
    let entries = read("yaml", "a:\n  host: h\n  port: 1\nb: 2\n");
    assert_eq!(entries[0].group, entries[1].group);
    assert_ne!(entries[0].group, entries[2].group);
    assert_eq!((entries[1].span.line, entries[1].span.column), (3, 3));
}

#[test]
fn yaml_with_templates_keeps_the_rest() {
    let helm = "{{- if .Values.on }}\nspec:\n  host: {{ .Values.host | default \"db\" }}\n  port: 5432\n{{- end }}\n";
    let got = pairs("yaml", helm);
    assert!(got.contains(&("spec.port".into(), "5432".into())), "{got:?}");
    assert!(got.iter().any(|(k, v)| k == "spec.host" && v.starts_with("{{")), "{got:?}");
    let erb = "production:\n  host: <%= ENV['H'] || 'db1' %>\n  port: 3306\n<% if x %>\nother: 1\n<% end %>\n";
    let got = pairs("yaml", erb);
    assert!(got.contains(&("production.host".into(), "<%= ENV['H'] || 'db1' %>".into())), "{got:?}");
    assert!(got.contains(&("other".into(), "1".into())));
    let broken = "a:\n  b: 1\n @@ : [\n  c: \"x\"\nlist:\n- k: 1\n  l: 2\n- 3\n";
    let got = pairs("yaml", broken);
    assert!(got.contains(&("list.0.l".into(), "2".into())), "{got:?}");
    assert!(got.contains(&("a.b".into(), "1".into())), "{got:?}");
}

#[test]
fn json() {
    expect(
        "json",
        "{ // c\n \"a\": {\"host\": \"h\\/x\", \"port\": 1}, \"l\": [true, {\"x\": null}], \"C\": \"Server=a;\\\"q\\\"\" }",
        &[("a.host", "h/x"), ("a.port", "1"), ("l.0", "true"), ("l.1.x", "null"), ("C", "Server=a;\"q\"")],
    );
}

#[test]
fn json_as_people_write_it() {
    let text = "\u{feff}{a: 'x', /* c */ \"b\": [1, 2,], // e\n \"c\": {},}\n{\"d\": 1}";
    expect("json", text, &[("a", "x"), ("b.0", "1"), ("b.1", "2"), ("d", "1")]);
    let broken = extract(Language("json"), "x.json", "{\"a\": \"1\", \"b\" \"2\", \"c\": [3, \"d", &KeepAll);
    assert!(broken.partial);
    let keys: Vec<_> = broken.entries.iter().map(|entry| (entry.key.as_str(), entry.value.as_str())).collect();
    assert_eq!(keys, [("a", "1"), ("c.0", "3"), ("c.1", "d")]);
    let deep = extract(Language("json"), "x.json", &"[".repeat(100_000), &KeepAll);
    assert!(deep.partial && deep.entries.is_empty());
}

#[test]
fn toml() {
    expect(
        "toml",
        "x = 1\n[db.main]\nurl = \"pg://h\" # c\n'q k' = 'v'\na.b = [\"1\", {c = true}]\n[[s]]\nn = \"\"\"\nl\"\"\"\n",
        &[
            ("x", "1"),
            ("db.main.url", "pg://h"),
            ("db.main.q k", "v"),
            ("db.main.a.b.0", "1"),
            ("db.main.a.b.1.c", "true"),
            ("s.n", "l"),
        ],
    );
}

#[test]
fn ini() {
    expect(
        "ini",
        "; c\nglobal = 1\n[program:web]\nstdout_logfile=/var/log/web.log ; c\nenvironment=\n    A=\"1\",\n    B=2\n[www]\nphp_admin_value[error_log] = \"/var/log/fpm.log\"\nskip\nurl: http://a:1/x\n",
        &[
            ("global", "1"),
            ("program:web.stdout_logfile", "/var/log/web.log"),
            ("program:web.environment", "A=\"1\",\nB=2"),
            ("www.php_admin_value[error_log]", "/var/log/fpm.log"),
            ("www.skip", ""),
            ("www.url", "http://a:1/x"),
        ],
    );
}

#[test]
fn env() {
    expect(
        "env",
        "# c\nDB_HOST=db1 # x\nexport URL=\"http://a#b\"\nKEY='a\nb'\nnot a line\nEMPTY=\n",
        &[("DB_HOST", "db1"), ("URL", "http://a#b"), ("KEY", "a\nb"), ("EMPTY", "")],
    );
}

#[test]
fn xml() {
    expect(
        "xml",
        "<?xml version=\"1.0\"?>\n<!DOCTYPE c [<!ENTITY a \"b\">]>\n<c>\n<!-- <x>no</x> -->\n<a class='k' name=\"F\">\n<param name=\"File\" value=\"a.log\"/>\n<param name=\"P\">x &amp; y</param></a>\n<host>h</host><port>1</port><e/>\n<![CDATA[ t ]]></c>\n",
        &[
            ("c.a@class", "k"),
            ("c.a@name", "F"),
            ("c.a.param@name", "File"),
            ("c.a.param@value", "a.log"),
            ("c.a.param", "x & y"),
            ("c.a.param@name", "P"),
            ("c.host", "h"),
            ("c.port", "1"),
            ("c.e", ""),
            ("c", "t"),
        ],
    );
    let entries = read("xml", "<a>\n<param name='File'\n value='x'/>\n<h>1</h>\n<p>2</p></a>");
    assert_eq!(entries[0].group, entries[1].group);
    assert_eq!(entries[2].group, entries[3].group);
    assert_eq!((entries[0].span.line, entries[1].span.line), (2, 3));
}

#[test]
fn broken_xml_goes_on() {
    let facts = extract(Language("xml"), "x", "<a><b>1<c x='2'></a><d y='3'/> < & <e>", &KeepAll);
    assert!(facts.partial);
    assert!(facts.entries.iter().any(|e| e.key == "d@y" && e.value == "3"), "{:?}", facts.entries);
}

#[test]
fn pragmas_are_found_in_comments_only() {
    let text = "# breakbulk:ignore hardcoded-endpoint agreed\na: b\nc: breakbulk:ignore\n";
    assert_eq!(pragmas(text), [(1, Name::from("hardcoded-endpoint agreed"))]);
}

const ALL: [&str; 7] = ["properties", "yaml", "json", "toml", "ini", "xml", "env"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_text_never_fails(text in "(?s)[a-c<>/='\"{}\\[\\]%#:;,.&!?|\\\\\\- \t\r\nä-]{0,120}") {
        for id in ALL {
            let facts = extract(Language(id), "x", &text, &KeepAll);
            for entry in facts.entries {
                prop_assert!(entry.span.start <= entry.span.end && entry.span.end as usize <= text.len());
                prop_assert!(entry.span.line >= 1 && entry.span.line <= entry.span.end_line);
            }
        }
    }

    #[test]
    fn random_bytes_never_fail(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let text = String::from_utf8_lossy(&bytes);
        for id in ALL {
            let facts = extract(Language(id), "x", &text, &KeepAll);
            prop_assert_eq!(facts.lines as usize, text.lines().count());
        }
    }
}

#[test]
fn aliases_stand_for_what_their_anchor_names() {
    expect(
        "yaml",
        "a: &a\n  x: 1\n  y: 2\nb:\n  <<: *a\n  y: 3\nc: *a\nd: *unknown\n",
        &[("a.x", "1"), ("b.x", "1"), ("c.x", "1"), ("a.y", "2"), ("c.y", "2"), ("b.y", "3"), ("d", "*unknown")],
    );
    // Each alias names the one before twice: followed a bounded number of times.
    let mut bomb = String::from("a0: &a0 x\n");
    for level in 1..40 {
        let before = level - 1;
        bomb.push_str(&format!("a{level}: &a{level} [*a{before}, *a{before}]\n"));
    }
    assert!(read("yaml", &bomb).len() < 2000);
}
