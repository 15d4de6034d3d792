//! The inventory of environment variables: every look-up in the environment, with its literal default.

use rustc_hash::FxHashSet;

use super::sites::Hit;
use super::{Kind, labels};
use crate::facts::{Context, FileFacts, Name, Span, Value};

/// Functions whose first argument is the name of an environment variable.
const ENV_CALLS: [&str; 22] = [
    "getenv",
    "env",
    "os.getenv",
    "os.environ.get",
    "os.environ#get",
    "java.lang.System.getenv",
    "System.getenv",
    "ENV.fetch",
    "ENV#fetch",
    "os.Getenv",
    "os.LookupEnv",
    "std.env.var",
    "env.var",
    "std.env.var_os",
    "System.Environment.GetEnvironmentVariable",
    "Environment.GetEnvironmentVariable",
    "decouple.config",
    "environ.Env#str",
    "Deno.env.get",
    "syscall.Getenv",
    "apache_getenv",
    "environ.get",
];

/// The look-ups of a file so far, one per name and place.
#[derive(Default)]
struct Reads {
    found: Vec<(Span, Name, Option<String>)>,
    seen: FxHashSet<(u32, Name)>,
}

/// Adds a hit for every variable that the file reads, once per name and line.
pub fn hits(facts: &FileFacts, hits: &mut Vec<Hit>) {
    let mut reads = Reads::default();
    for call in &facts.calls {
        for arg in &call.args {
            reads.collect(&arg.value, if arg.span.line > 0 { arg.span } else { call.span });
        }
        reads.collect(&call.receiver_value, call.span);
        let known =
            ENV_CALLS.contains(&call.name.as_str()) || call.also.iter().any(|name| ENV_CALLS.contains(&name.as_str()));
        if known && let Some(name) = call.args.first().and_then(|arg| arg.value.as_str()) {
            let default = call.args.get(1).filter(|arg| arg.name.is_none() || arg.name.as_deref() == Some("default"));
            reads.push(name, default.map(|arg| &arg.value), call.span);
        }
    }
    for definition in &facts.definitions {
        let span = Span { start: 0, end: 0, end_line: definition.span.line, ..definition.span };
        reads.collect(&definition.value, span);
    }
    for literal in &facts.literals {
        if let Context::EnvDefault { name } = &literal.context {
            reads.push(name, Some(&literal.value), literal.span);
        }
        reads.collect(&literal.value, literal.span);
    }
    hits.extend(reads.found.into_iter().map(|(span, name, default)| hit(span, &name, default)));
}

impl Reads {
    fn push(&mut self, name: &str, default: Option<&Value>, span: Span) {
        let valid = !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !valid {
            return;
        }
        let default = default.and_then(labels::captured);
        if self.seen.insert((span.line, name.into())) {
            self.found.push((span, name.into(), default));
        } else if default.is_some()
            && let Some(known) = self.found.iter_mut().find(|known| known.0.line == span.line && known.1 == name)
        {
            // The same look-up is seen as a value and as a call; either may know the default.
            known.2 = known.2.take().or(default);
        }
    }

    fn collect(&mut self, value: &Value, span: Span) {
        match value {
            Value::Env { name, default } => {
                self.push(name, default.as_deref(), span);
                if let Some(default) = default {
                    self.collect(default, span);
                }
            }
            Value::Joined(values) | Value::List(values) | Value::OneOf(values) => {
                values.iter().for_each(|value| self.collect(value, span));
            }
            Value::Call { args, .. } => args.iter().for_each(|value| self.collect(value, span)),
            Value::Map(entries) => entries.iter().for_each(|(_, value)| self.collect(value, span)),
            _ => {}
        }
    }
}

fn hit(span: Span, name: &str, default: Option<String>) -> Hit {
    let mut parts = Vec::new();
    if let Some(default) = default {
        let shown = if super::redact::is_secret(name) { "***".to_owned() } else { default };
        parts.push((Name::from("default"), Name::from(shown)));
    }
    parts.push(("name".into(), name.into()));
    Hit { parts, ..Hit::of(Kind::ENV_CONFIG, "env-config/lookup", span, name) }
}
