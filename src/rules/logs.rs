//! When a written file is a log: by its path, by the name of the variable that holds it, by the class that writes it.

use super::compile::last_segment;
use super::keys::words;
use super::sites::Hit;
use super::{Confidence, Kind};
use crate::facts::{Call, Context, DefinitionKind, FileFacts, Span, Value};

/// What makes a written file a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// The path says it.
    Path,
    /// Only a name says it: the confidence is medium at best.
    Name,
}

/// True when a path, unknown parts shown as `{}`, is below `/var/log`, `log/` or `logs/`, or ends in `.log`.
pub fn is_log_path(path: &str) -> bool {
    let path = path.trim().to_ascii_lowercase().replace('\\', "/");
    if path.is_empty() || path.contains("://") {
        return false;
    }
    let file = path.rsplit('/').next().unwrap_or_default();
    let below = path.split('/').rev().skip(1).any(|part| matches!(part, "log" | "logs"));
    (below && !file.ends_with(".php") && !file.ends_with(".html") && !file.ends_with(".json"))
        || file.ends_with(".log")
        || [".log.", ".log-", ".log{"].iter().any(|part| file.contains(part) && !file.ends_with(".php"))
}

/// Tags of file writes that open no file: a log's directory, its deletion and its rotation stay `file-write`.
const NOT_OPENING: [&str; 10] =
    ["archive", "copy", "delete", "directory", "link", "move", "permission", "rename", "temp", "upload"];

/// Parts of method names that open no file either.
const NOT_OPENING_NAMES: [&str; 14] = [
    "mkdir",
    "makedirs",
    "delete",
    "remove",
    "unlink",
    "rename",
    "move",
    "copy",
    "truncate",
    "rm",
    "createdirectory",
    "createdirectories",
    "rmtree",
    "mkdirall",
];

/// Tells whether a `file-write` at this call is a log that is opened or appended to.
pub fn evidence(
    call: &Call,
    tags: &[crate::facts::Name],
    subject: Option<&Value>,
    text: Option<&str>,
    facts: &FileFacts,
    path: &str,
) -> Option<Evidence> {
    let last = call.last().to_ascii_lowercase();
    if tags.iter().any(|tag| NOT_OPENING.contains(&tag.as_str()))
        || NOT_OPENING_NAMES.iter().any(|name| last.starts_with(name))
    {
        return None;
    }
    // Writing an empty text clears the log, and so does opening it in a function that says so: a file write.
    let clears = ["clear", "truncate", "empty", "purge", "reset", "rotate"];
    let function = call.inside.and_then(|index| facts.definitions.get(index as usize)).map_or("", |f| f.name.as_str());
    if words(function).iter().any(|word| clears.contains(&word.as_str()))
        && call.args.get(1).and_then(|arg| arg.value.as_str()).is_some_and(|mode| mode.starts_with('w'))
    {
        return None;
    }
    if call.args.get(1).is_some_and(|arg| arg.value.as_str() == Some("")) {
        return None;
    }
    if let Some(text) = text {
        // Where the name stands in another file, it says as much as before its value was known.
        let named = matches!(subject, Some(Value::Constant { .. })) && subject.is_some_and(named_log);
        return is_log_path(text).then_some(Evidence::Path).or(named.then_some(Evidence::Name));
    }
    if subject.is_some_and(named_log) {
        return Some(Evidence::Name);
    }
    let stem = path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
    (matches!(stem, "logger" | "Logger") || logger_class(call, facts)).then_some(Evidence::Name)
}

/// Words of the names of functions that say where a log is.
const LOG_PLACES: [&str; 8] =
    ["file", "filename", "path", "logfile", "logpath", "logfilename", "destination", "output"];

/// Adds the names of log files that no call of a library takes: kept under a name that says log, or handed to a function
/// that sets logging up. Settings under a key are read elsewhere.
pub fn literal_hits(facts: &FileFacts, hits: &mut Vec<Hit>) {
    for literal in &facts.literals {
        let Some(text) = literal.value.template().filter(|text| is_log_name(text)) else { continue };
        let (name, exact) = match &literal.context {
            Context::Assigned { name } | Context::Default { of: name } | Context::Returned { function: name } => {
                (name, true)
            }
            Context::Argument { name: Some(name), .. } => (name, true),
            Context::Argument { callee, .. } => (callee, false),
            _ => continue,
        };
        let words = words(last_segment(name));
        let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        // What a function called `catalogLog` returns may be anything; `LogFilename` says what it is.
        let by_name = !matches!(literal.context, Context::Returned { .. });
        let fits = if exact {
            says(&["log", "logs", "logfile", "logpath", "logfilename"])
                && (by_name || says(&LOG_PLACES))
                && !says(&["pattern", "regex", "suffix", "extension"])
        } else {
            words.len() > 1 && says(&["log", "logger", "logging", "appender"])
                || says(&["setup", "init", "configure", "redirect"])
        };
        if !fits {
            continue;
        }
        let file = |kind: Kind| kind == Kind::FILE_WRITE || kind == Kind::LOG_PATH;
        let known = hits.iter().any(|hit| {
            file(hit.kind)
                && (hit.span.contains(&literal.span)
                    || hit.subject == text
                    || hit.subject.strip_suffix(text.as_str()).is_some_and(|folder| folder.ends_with('/')))
        });
        if known {
            continue;
        }
        hits.push(named(literal.span, text));
    }
}

fn named(span: Span, subject: String) -> Hit {
    Hit::of(Kind::LOG_PATH, format!("{}/named-file", Kind::LOG_PATH.0), span, subject)
        .doubted(Confidence::Medium, "only the name says that the file is a log")
}

/// Adds the folder of the logs, where nothing else in the file says where a log goes: `let folder = './logs/'`.
pub fn folder_hits(facts: &FileFacts, hits: &mut Vec<Hit>) {
    if hits.iter().any(|hit| hit.kind == Kind::LOG_PATH) {
        return;
    }
    for literal in &facts.literals {
        let Some(text) = literal.value.template().filter(|text| is_log_folder(text)) else { continue };
        let name = match &literal.context {
            Context::Assigned { name } | Context::Default { of: name } | Context::Returned { function: name } => name,
            Context::Argument { name: Some(name), .. } | Context::Keyed { path: name } => name,
            _ => continue,
        };
        let words = words(last_segment(name));
        let folder = words.last().is_some_and(|word| {
            matches!(
                word.as_str(),
                "folder" | "dir" | "directory" | "path" | "root" | "location" | "logdir" | "logpath" | "logs"
            )
        });
        let other = words
            .iter()
            .any(|word| matches!(word.as_str(), "url" | "route" | "view" | "ignore" | "exclude" | "template"));
        if folder && !other {
            hits.push(named(literal.span, text));
        }
    }
}

/// `./logs/`, `/var/log/app`, `{}/logs`: a folder that is called after the logs in it.
fn is_log_folder(text: &str) -> bool {
    let lower = text.to_ascii_lowercase().replace('\\', "/");
    let whole = lower.trim_end_matches('/');
    let rooted = lower.starts_with(['/', '.', '~', '{']) || lower.get(1..3) == Some(":/");
    let last = whole.rsplit('/').next().unwrap_or_default();
    rooted
        && lower.len() <= 200
        && !lower.contains([' ', '*', '?', '(', '|', '<', '"', '\n'])
        && (matches!(last, "log" | "logs") || (whole.starts_with("/var/log/") && !last.contains('.')))
}

/// True for the name of one log file, with or without folders.
fn is_log_name(text: &str) -> bool {
    let stem = text.strip_suffix(".log").unwrap_or_default();
    !stem.is_empty()
        && text.len() <= 200
        && stem.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '}'))
        && !text.contains(['*', ' ', '^', '(', '|', '"', '?', '\n'])
        && !text.contains("://")
}

fn named_log(value: &Value) -> bool {
    match value {
        Value::Name(name) | Value::Constant { name, .. } => {
            let last = name.rsplit(['.', '#', '>', '$', '@']).next().unwrap_or(name);
            let words = words(last);
            let log =
                words.iter().any(|w| matches!(w.as_str(), "log" | "logs" | "logfile" | "logpath" | "logfilename"));
            let other =
                words.iter().any(|w| matches!(w.as_str(), "dir" | "directory" | "folder" | "in" | "blog" | "catalog"));
            log && !other
        }
        Value::Call { args, .. } => args.iter().any(named_log),
        Value::Joined(parts) => value.template().is_some_and(|text| is_log_path(&text)) || parts.iter().any(named_log),
        // inside of a call that is not known: `clean_path(getcwd() . '/install.log')`
        Value::Str(text) => is_log_path(text),
        Value::OneOf(values) => values.iter().any(named_log),
        _ => false,
    }
}

/// True inside a class that is called a logger.
fn logger_class(call: &Call, facts: &FileFacts) -> bool {
    let mut at = call.inside;
    while let Some(definition) = at.and_then(|index| facts.definitions.get(index as usize)) {
        if definition.kind == DefinitionKind::Class {
            let name = definition.name.as_str();
            let words = words(name);
            let begins = words.first().is_some_and(|word| word == "log")
                && words
                    .last()
                    .is_some_and(|word| matches!(word.as_str(), "handler" | "writer" | "file" | "appender" | "output"));
            return begins
                || matches!(name, "Log" | "Logger" | "LogWriter" | "LogFile")
                || ["Logger", "FileLog", "LogHandler", "LogAppender"].iter().any(|end| name.ends_with(end));
        }
        at = definition.parent;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_logs_are_told() {
        for path in ["/var/log/app/x.txt", "logs/app.txt", "app.log", "{}/log/{}", "C:\\app\\logs\\a.txt", "{}.log"] {
            assert!(is_log_path(path), "{path}");
        }
        for path in
            ["/var/lib/x", "blog/a.txt", "catalog.txt", "log", "http://x/log/a", "src/log/Writer.php", "x.logic"]
        {
            assert!(!is_log_path(path), "{path}");
        }
    }

    #[test]
    fn names_of_logs_are_told() {
        assert!(named_log(&Value::Name("$this->logFile".into())));
        assert!(named_log(&Value::Name("LOG_PATH".into())));
        assert!(!named_log(&Value::Name("catalogFile".into())));
        assert!(!named_log(&Value::Name("login_file".into())));
    }
}
