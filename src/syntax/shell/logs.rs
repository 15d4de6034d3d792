//! Log files that a script sends output to, and the configuration that it writes in here-documents.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::directive;
use super::super::keyed::{self, Collector};
use crate::facts::{Arg, Call, CallKind, Entry, Interest, Language, Name, Receiver, Value};

/// The name under which rules know a log file of a script.
const LOG_FILE: &str = "shell.log_file";
/// Here-documents of one script that are read.
const MAX_DOCUMENTS: usize = 20;

static ASSIGNED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?m)^[ \t]*(?:(?:export|readonly|local|declare)[ \t]+)?(\w*(?i:log)\w*)=["']?([^\s"';#]+)"#).ok()
});
/// What stands before a variable that is a destination.
static USED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?:>[ \t]*|\btee[ \t]+(?:-a[ \t]+)?|[ \t]-[lL][ \t]*|(?i:log[\w-]*)[= \t])"?\$\{?(\w+)"#).ok()
});
static SENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?:[0-9&]?>>?|\btee[ \t]+(?:-a[ \t]+)?)[ \t]*"?([^\s"';&|<>()`]+)"#).ok());
static DOCUMENT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"<<-?[ \t]*\\?["']?(\w+)["']?"#).ok());

/// The log files of a script: variables that are used as a destination, and paths that output goes to.
pub fn calls(text: &str, documents: &[Document], out: &Collector, interest: &dyn Interest) -> Vec<Call> {
    let (Some(assigned), Some(used), Some(sent)) = (ASSIGNED.as_ref(), USED.as_ref(), SENT.as_ref()) else {
        return Vec::new();
    };
    if !interest.call("log_file") || !text.to_ascii_lowercase().contains("log") {
        return Vec::new();
    }
    let mut destinations: Vec<&str> =
        used.captures_iter(text).filter_map(|found| found.get(1)).map(|name| name.as_str()).collect();
    destinations.sort_unstable();
    let inside = |at: usize| documents.iter().any(|document| document.body.contains(&at));
    let mut calls = Vec::new();
    let mut push = |path: &str, range: Range<usize>| {
        let span = out.span(range.start, range.end);
        calls.push(Call {
            name: Name::from(LOG_FILE),
            also: Vec::new(),
            kind: CallKind::Call,
            receiver: Receiver::None,
            receiver_value: Value::Unknown,
            args: vec![Arg { value: Value::Str(Name::from(path)), span, ..Arg::default() }],
            span,
            parent: None,
            inside: None,
            assigned_to: Name::default(),
        });
    };
    for found in assigned.captures_iter(text) {
        let (Some(all), Some(name), Some(value)) = (found.get(0), found.get(1), found.get(2)) else { continue };
        if destinations.binary_search(&name.as_str()).is_ok() && is_log(value.as_str()) && !inside(all.start()) {
            let start = all.start() + (all.as_str().len() - all.as_str().trim_start().len());
            push(value.as_str(), start..all.end());
        }
    }
    for found in sent.captures_iter(text) {
        let (Some(all), Some(path)) = (found.get(0), found.get(1)) else { continue };
        let path = path.as_str();
        let line = text[..all.start()].rsplit('\n').next().unwrap_or_default();
        // Behind a comment's sign; or the variable whose assignment is reported already.
        if !path.starts_with('$') && is_log(path) && !inside(all.start()) && !line.trim_start().starts_with('#') {
            push(path, all.range());
        }
    }
    calls
}

/// True for the path of a log, as it stands in a script.
fn is_log(path: &str) -> bool {
    let path = path.trim_end_matches('}');
    let file = path.rsplit('/').next().unwrap_or(path);
    !file.is_empty()
        && (file.ends_with(".log") || path.contains("/log/") || path.contains("/logs/"))
        && !path.starts_with("/dev/")
}

/// A here-document that a script writes to a file.
pub struct Document {
    /// The file's name.
    target: String,
    body: Range<usize>,
}

/// The here-documents of a script.
pub fn documents(text: &str) -> Vec<Document> {
    let Some(regex) = DOCUMENT.as_ref().filter(|_| text.contains("<<")) else { return Vec::new() };
    let mut found: Vec<Document> = Vec::new();
    let mut open: Option<(String, Document)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if let Some((end, document)) = &mut open {
            document.body.end = start;
            if line.trim() == end {
                found.extend(open.take().map(|(_, document)| document));
                if found.len() >= MAX_DOCUMENTS {
                    break;
                }
            }
            continue;
        }
        if line.trim_start().starts_with('#') || line.contains("<<<") {
            continue;
        }
        let Some(mark) = regex.captures(line) else { continue };
        let word = mark.get(1).map_or("", |word| word.as_str()).to_owned();
        let target = SENT.as_ref().and_then(|sent| sent.captures(line)).and_then(|sent| sent.get(1));
        let target = target.map_or("", |target| target.as_str()).to_owned();
        open = Some((word, Document { target, body: at..at }));
    }
    found
}

/// The settings in the here-documents that are configuration, by the ending of the file that they are written to.
pub fn entries(text: &str, documents: &[Document], interest: &dyn Interest) -> Vec<Entry> {
    let mut found = Vec::new();
    for document in documents {
        let language = match document.target.rsplit('.').next().unwrap_or_default() {
            "properties" => "properties",
            "ini" | "cnf" | "cfg" | "service" => "ini",
            "yml" | "yaml" => "yaml",
            "json" => "json",
            "toml" => "toml",
            "xml" => "xml",
            "conf" => "directive",
            _ => continue,
        };
        let masked: Vec<u8> = text
            .bytes()
            .enumerate()
            .map(|(at, byte)| if document.body.contains(&at) || byte == b'\n' { byte } else { b' ' })
            .collect();
        let Ok(masked) = String::from_utf8(masked) else { continue };
        let facts = match language {
            "directive" => directive::extract(Language(language), &document.target, &masked, interest),
            _ => keyed::extract(Language(language), &document.target, &masked, interest),
        };
        found.extend(facts.entries);
    }
    found
}
