//! The engine on hand-made facts: what one call, literal or entry becomes.

use super::*;
use crate::facts::*;

fn call(name: &str, kind: CallKind, args: Vec<Value>) -> Call {
    let args = args
        .into_iter()
        .enumerate()
        .map(|(at, value)| Arg { value, span: span(10 + at as u32 * 10), ..Arg::default() })
        .collect();
    Call {
        name: name.into(),
        also: vec![],
        kind,
        receiver: Receiver::None,
        receiver_value: Value::Unknown,
        args,
        span: Span { start: 1, end: 90, line: 1, end_line: 1, column: 2 },
        parent: None,
        inside: None,
        assigned_to: "".into(),
    }
}

fn span(start: u32) -> Span {
    Span { start, end: start + 8, line: 1, end_line: 1, column: start + 1 }
}

fn text(text: &str) -> Value {
    Value::Str(text.into())
}

fn run(language: &'static str, facts: &FileFacts) -> Vec<Finding> {
    let file = SourceFile {
        path: "src/a".into(),
        language: Some(Language(language)),
        is_code: facts.entries.is_empty(),
        scope: Scope::Main,
        bytes: 0,
        lines: 1,
    };
    let around = Around { own_types: &|name| name == "com.acme.FileWriter", dialled: &[] };
    evaluate(RuleSet::built_in().unwrap(), FileId(0), &file, facts, &"x".repeat(200), &around)
}

fn kinds_of(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.kind.0).collect()
}

fn one_call(language: &'static str, call: Call) -> Vec<Finding> {
    run(language, &FileFacts { calls: vec![call], ..FileFacts::default() })
}

#[test]
fn modes_decide() {
    let fopen = |args| one_call("php", call("fopen", CallKind::Call, args));
    assert_eq!(kinds_of(&fopen(vec![Value::Unknown, text("w")])), ["file-write"]);
    assert!(fopen(vec![Value::Unknown, text("rb")]).is_empty());
    assert!(fopen(vec![text("php://stdout"), text("w")]).is_empty());
    let unsure = fopen(vec![Value::Unknown, Value::Name("how".into())]);
    assert_eq!(unsure[0].confidence, Confidence::Low);
    assert!(!unsure[0].doubt.is_empty());
}

#[test]
fn a_log_that_is_opened_is_a_log_path_and_nothing_else() {
    let found = one_call("php", call("fopen", CallKind::Call, vec![text("/var/log/app.log"), text("a")]));
    assert_eq!(kinds_of(&found), ["log-path"]);
    assert_eq!(found[0].subject, "/var/log/app.log");
}

#[test]
fn a_wrapper_around_an_opened_stream_is_one_site() {
    let mut outer = call("java.io.PrintWriter", CallKind::Construct, vec![Value::Unknown]);
    outer.span = Span { start: 0, end: 60, line: 1, end_line: 1, column: 1 };
    outer.args[0].span = Span { start: 10, end: 50, line: 1, end_line: 1, column: 11 };
    let mut inner = call("java.io.FileWriter", CallKind::Construct, vec![Value::Name("f".into())]);
    inner.span = outer.args[0].span;
    inner.parent = Some(0);
    let found = run("java", &FileFacts { calls: vec![outer, inner], ..FileFacts::default() });
    assert_eq!(kinds_of(&found), ["file-write"]);
}

#[test]
fn the_repositorys_own_type_is_not_the_librarys() {
    let mut own = call("com.acme.FileWriter", CallKind::Construct, vec![Value::Name("f".into())]);
    own.also = vec!["java.io.FileWriter".into()];
    assert!(one_call("java", own.clone()).is_empty());
    own.name = "com.other.FileWriter".into();
    assert_eq!(kinds_of(&one_call("java", own)), ["file-write"]);
}

fn literal(value: &str, context: Context) -> Vec<Finding> {
    let literal = Literal { value: text(value), span: span(20), context, inside: None };
    run("php", &FileFacts { literals: vec![literal], ..FileFacts::default() })
}

#[test]
fn addresses_are_told_by_shape_and_key() {
    let keyed = |path: &str, value: &str| {
        let found = literal(value, Context::Keyed { path: path.into() });
        found.first().map(|finding| finding.confidence)
    };
    for (path, value) in [
        ("db.host", "dbsrv01"),
        ("db.host", "localhost"),
        ("db.dsn", "mysql:host=db1;dbname=x"),
        ("cache.servers.0", "10.0.0.5:11211"),
        ("api_url", "https://api.corp.io/v1"),
        ("billing.endpoint", "http://billing:8080"),
        ("queue", "amqp://u:p@mq:5672"),
    ] {
        assert_eq!(keyed(path, value), Some(Confidence::High), "{path} {value}");
    }
    for (path, value) in [
        ("help.link", "https://docs.corp.io/x"),
        ("form.host", "string"),
        ("cors.allowed_origins.0", "http://localhost:3000"),
        ("bind", "0.0.0.0"),
        ("oauth.redirect_uri", "http://localhost/cb"),
        ("xml", "http://www.w3.org/2001/XMLSchema"),
        ("fields.host", "LBL_HOST"),
        ("version", "1.2.3.4"),
        ("socket", "unix:///var/run/x.sock"),
        ("url", "https://www.example.com"),
    ] {
        assert_eq!(keyed(path, value), None, "{path} {value}");
    }
    assert_eq!(kinds_of(&literal("http://localhost:9200", Context::EnvDefault { name: "ES".into() })), ["env-config"]);
    assert!(literal("http://a.b.io", Context::Compared).is_empty());
    let default = literal("http://es1:9200", Context::Default { of: "es_url".into() });
    assert_eq!(default[0].tags, ["default"]);
}

#[test]
fn secrets_are_redacted_everywhere() {
    let found = literal("amqp://bob:hunter2@mq1:5672", Context::Assigned { name: "BROKER_URL".into() });
    assert_eq!(found[0].subject, "amqp://***@mq1:5672");
    assert!(!found[0].message.contains("hunter2"));
    assert_eq!(found[0].proposal.as_deref(), Some("BROKER_URL"));
}

#[test]
fn keyed_setters_hold_addresses() {
    let found = one_call("php", call("define", CallKind::Call, vec![text("DB_HOST"), text("localhost")]));
    assert_eq!(kinds_of(&found), ["hardcoded-endpoint"]);
    assert!(one_call("php", call("define", CallKind::Call, vec![text("LABEL"), text("localhost")])).is_empty());
}

#[test]
fn ids_are_stable_and_count_occurrences() {
    let facts = FileFacts {
        calls: vec![call("unlink", CallKind::Call, vec![Value::Unknown]), {
            let mut second = call("unlink", CallKind::Call, vec![Value::Unknown]);
            second.span = Span { start: 95, end: 184, line: 3, end_line: 3, column: 1 };
            second
        }],
        ..FileFacts::default()
    };
    let found = run("php", &facts);
    assert_eq!(found.len(), 2);
    assert_ne!(found[0].id, found[1].id);
    assert_eq!(run("php", &facts), found);
    assert!(found[0].id.starts_with("fw-") && found[0].id.len() == 13);
}

fn entry(key: &str, value: &str, format: EntryFormat) -> Vec<Finding> {
    let entry = Entry { key: key.into(), value: value.into(), span: span(1), format, group: 0 };
    run("yaml", &FileFacts { entries: vec![entry], ..FileFacts::default() })
}

#[test]
fn settings_that_fix_an_address_are_told_from_the_others() {
    for (key, value, format) in [
        ("spring.datasource.url", "jdbc:postgresql://db1:5432/x", EntryFormat::Properties),
        ("redis.host", "localhost", EntryFormat::Yaml),
        ("http.server.location.proxy_pass", "http://127.0.0.1:3000", EntryFormat::Directive),
        ("http.upstream app.server", "10.0.0.7:9000 weight=2", EntryFormat::Directive),
        ("ConnectionStrings.Default", "Server=sql1;Database=x;Trusted_Connection=True", EntryFormat::Json),
    ] {
        let found = entry(key, value, format);
        assert_eq!(kinds_of(&found), ["hardcoded-endpoint"], "{key}");
        assert_eq!(found[0].tags, ["config"]);
    }
    for (key, value, format) in [
        ("spring.datasource.url", "${DB_URL:jdbc:postgresql://db1:5432/x}", EntryFormat::Properties),
        ("services.web.environment.DB_HOST", "db", EntryFormat::Yaml),
        ("0.ENV.DB_HOST", "db", EntryFormat::Container),
        ("DB_HOST", "db1", EntryFormat::Env),
        ("http.server.server_name", "www.corp.io", EntryFormat::Directive),
        ("http.server.listen", "80", EntryFormat::Directive),
        ("services.web.ports.0", "127.0.0.1:8080:80", EntryFormat::Yaml),
        ("project@xmlns", "http://maven.apache.org/POM/4.0.0", EntryFormat::Xml),
    ] {
        assert!(entry(key, value, format).is_empty(), "{key}");
    }
}
