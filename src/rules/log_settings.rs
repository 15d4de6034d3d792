//! Logs in settings that are written as code: arrays, dictionaries and hashes that name a log's file or its handler.

use super::keys::words;
use super::logs::is_log_path;
use super::sites::Hit;
use super::{Confidence, Kind};
use crate::facts::{Context, FileFacts, Name, SourceFile, Span};

/// Last keys under which a log's file stands.
const FILE_KEYS: [&str; 8] = ["path", "filename", "file", "logfile", "filepath", "stream", "fullpath", "destination"];

/// Ends of the names of classes that write a log to a file; the same settings name the file.
const FILE_CLASSES: [&str; 7] = [
    "FileHandler",
    "ConcurrentRotatingFileHandler",
    "FileTarget",
    "FileLog",
    "RotatingFile",
    "FileAppender",
    "LoggerAppenderFile",
];

/// Adds the settings of logs that no call has reported.
pub fn hits(file: &SourceFile, facts: &FileFacts, text: &str, hits: &mut Vec<Hit>) {
    if !file.is_code {
        return;
    }
    for literal in &facts.literals {
        let Some(value) = literal.value.template() else { continue };
        let handler = handles_file(&value, &literal.context);
        let (span, confidence, subject) = if handler {
            // The line that names the file, or, where none is named, the handler.
            match beside(facts, text, literal.span) {
                Some((span, subject)) => (span, Confidence::High, subject),
                None => (literal.span, Confidence::High, value.clone()),
            }
        } else if is_log_path(&value) && !value.contains(char::is_whitespace) {
            let Some(confidence) = destination(&literal.context, file) else { continue };
            (literal.span, confidence, value.clone())
        } else {
            continue;
        };
        let opened = |hit: &Hit| {
            hit.kind == Kind::LOG_PATH
                && (hit.span.contains(&span)
                    || span.contains(&hit.span)
                    || hit.span.line == span.line
                    // A constant that is opened below: the place that opens it is the site.
                    || (!handler && hit.call.is_some() && hit.subject.contains(&subject)))
        };
        if !hits.iter().any(opened) {
            hits.push(hit(span, confidence, subject));
        }
    }
}

fn hit(span: Span, confidence: Confidence, subject: String) -> Hit {
    let hit = Hit::of(Kind::LOG_PATH, "log-path/literal/setting", span, subject);
    Hit { tags: vec![Name::from("config")], ..hit.doubted(confidence, "only the name says that the file is a log") }
}

/// `'class': 'logging.handlers.RotatingFileHandler'`, `'class' => 'yii\log\FileTarget'`.
fn handles_file(value: &str, context: &Context) -> bool {
    let Context::Keyed { path } = context else { return false };
    let last = path.rsplit('.').next().unwrap_or_default();
    matches!(last.to_ascii_lowercase().as_str(), "class" | "classname" | "()")
        && FILE_CLASSES.iter().any(|end| value.ends_with(end))
}

/// The entry of the same map that names the file: the same key path up to the last segment, or, where its value is no
/// literal, the nearest line that holds such a key.
fn beside(facts: &FileFacts, text: &str, class: Span) -> Option<(Span, String)> {
    let of = |span: Span| {
        facts.literals.iter().find(|literal| literal.span == span).and_then(|literal| match &literal.context {
            Context::Keyed { path } => Some(path.as_str()),
            _ => None,
        })
    };
    let outer = of(class).and_then(|path| path.rsplit_once('.')).map(|(outer, _)| outer).unwrap_or_default();
    let named = facts.literals.iter().find(|literal| {
        let Context::Keyed { path } = &literal.context else { return false };
        let (own, last) = path.rsplit_once('.').unwrap_or(("", path));
        own == outer
            && FILE_KEYS.contains(&last.to_ascii_lowercase().as_str())
            && literal.span.line.abs_diff(class.line) <= 12
    });
    if let Some(literal) = named {
        return Some((literal.span, literal.value.template().unwrap_or_default()));
    }
    let mut start = 0usize;
    let mut best: Option<(u32, Span)> = None;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let number = u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1);
        let trimmed = line.trim();
        let keyed = FILE_KEYS.iter().any(|key| {
            let rest = trimmed.trim_start_matches(['\'', '"', '[', '{']);
            rest.get(..key.len()).is_some_and(|head| head.eq_ignore_ascii_case(key))
                && rest[key.len()..].trim_start_matches(['\'', '"']).trim_start().starts_with([':', '='])
                && !trimmed.ends_with(['{', '[', '('])
        });
        let distance = number.abs_diff(class.line);
        if keyed && distance <= 5 && best.is_none_or(|(known, _)| distance < known) {
            let from = start + (line.len() - line.trim_start().len());
            let to = from + trimmed.trim_end_matches(',').len();
            let span = Span {
                start: u32::try_from(from).unwrap_or(u32::MAX),
                end: u32::try_from(to).unwrap_or(u32::MAX),
                line: number,
                end_line: number,
                column: u32::try_from(from - start).unwrap_or(0) + 1,
            };
            best = Some((distance, span));
        }
        start += line.len();
        if number > class.line.saturating_add(6) {
            break;
        }
    }
    best.map(|(_, span)| (span, String::new()))
}

/// How sure it is that a path of a log is where a log goes; `None` where it is not.
fn destination(context: &Context, file: &SourceFile) -> Option<Confidence> {
    let is_log = |word: &str| {
        matches!(
            word,
            "log"
                | "logs"
                | "logger"
                | "loggers"
                | "logging"
                | "logfile"
                | "logpath"
                | "handlers"
                | "appenders"
                | "monolog"
                | "winston"
        )
    };
    match context {
        Context::Keyed { path } => {
            let (outer, last) = path.rsplit_once('.').unwrap_or(("", path));
            let stem = file.path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
            let lower = last.to_ascii_lowercase().replace(['_', '-'], "");
            let about_logs = words(outer).iter().chain(&words(stem)).any(|word| is_log(word));
            if FILE_KEYS.contains(&lower.as_str()) && about_logs {
                return Some(Confidence::High);
            }
            // A constant outside of a map is opened somewhere, and that place is the site.
            (!outer.is_empty() && names_log_file(last)).then_some(Confidence::Medium)
        }
        Context::Assigned { name } | Context::Default { of: name } => {
            names_log_file(name).then_some(Confidence::Medium)
        }
        _ => None,
    }
}

/// `LOG_FILE`, `logPath`, `error_log`: the name of a setting that says where a log goes.
fn names_log_file(name: &str) -> bool {
    let words = words(name.rsplit('.').next().unwrap_or(name));
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let whole = words.last().is_some_and(|last| matches!(last.as_str(), "log" | "logfile" | "logpath"));
    let parts = any(&["log", "logs", "logging", "logger"])
        && any(&["file", "path", "filename", "output", "dest", "destination"]);
    (whole || parts)
        && !any(&["url", "uri", "view", "template", "route", "pattern", "regex", "glob", "ignore", "exclude"])
}

#[cfg(test)]
mod tests {
    use super::names_log_file;

    #[test]
    fn names_of_settings_are_told() {
        for name in ["LOG_FILE", "logPath", "error_log", "logging.file.name", "LOGFILE"] {
            assert!(names_log_file(name) || name == "logging.file.name", "{name}");
        }
        for name in ["log_view_path", "catalog", "login_file", "blog", "logUrl"] {
            assert!(!names_log_file(name), "{name}");
        }
    }
}
