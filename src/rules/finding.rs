//! A finding: one place in one file that speaks for or against a principle.

use crate::facts::{FileId, Name, Scope, Span};

/// A finding kind by its stable id, for example `file-write`; the ids are the folder names in `assets/rules`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(pub &'static str);

impl Kind {
    /// A write to the local file system.
    pub const FILE_WRITE: Kind = Kind("file-write");
    /// An address fixed in code or configuration.
    pub const ENDPOINT: Kind = Kind("hardcoded-endpoint");
    /// A log sent to a file.
    pub const LOG_PATH: Kind = Kind("log-path");
    /// A way into the program.
    pub const ENTRY_POINT: Kind = Kind("entry-point");
    /// An environment variable that is read.
    pub const ENV_CONFIG: Kind = Kind("env-config");
    /// A credential in the repository.
    pub const CREDENTIAL: Kind = Kind("hardcoded-credential");
    /// No finding: a fact that only the checks over the whole repository use, told apart by its tags.
    pub const CLUE: Kind = Kind("clue");
}

/// How sure the program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Could not be made sure: a receiver of unknown type, a mode in a variable. Shown on request only.
    Low,
    /// Likely.
    Medium,
    /// The file says it.
    High,
}

impl Confidence {
    /// The name used in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

/// How much a finding stands in the way of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A fact, no problem in itself (inventory kinds).
    Info,
    /// Works in a container, with care.
    Low,
    /// Must be changed or mounted before the second replica.
    Medium,
    /// Loses data or does not start in a container.
    High,
}

impl Severity {
    /// The name used in JSON and by `--fail-on`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
        }
    }
}

/// One place in one file. Text in it is already redacted (secrets as `***`); it is not yet sanitised for a terminal.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Stable id: kind, and a hash of path, rule, normalised expression and its occurrence number in the file;
    /// does not depend on line numbers.
    pub id: Name,
    /// What kind of finding.
    pub kind: Kind,
    /// The rule that found it, for example `file-write/java/stream-constructor`.
    pub rule: Name,
    /// The principle it speaks about, for example `A4`.
    pub principle: &'static str,
    /// How much it stands in the way.
    pub severity: Severity,
    /// How sure the program is.
    pub confidence: Confidence,
    /// Why it is not surer; empty for high confidence.
    pub doubt: String,
    /// The file.
    pub file: FileId,
    /// Scope of the file.
    pub scope: Scope,
    /// Lines of the expression.
    pub span: Span,
    /// `temp`, `upload`, `config`, `default`, `directory` …, sorted.
    pub tags: Vec<Name>,
    /// One sentence: what is done where.
    pub message: String,
    /// The first line of the expression's source line, trimmed, redacted, at most 200 characters.
    pub snippet: String,
    /// What the finding is about: the path written, the address, the log's file; redacted; empty where unknown.
    pub subject: String,
    /// What the rule captured, by name, sorted and redacted: `method` and `path` of a route, `default` of a variable.
    pub parts: Vec<(Name, Name)>,
    /// The environment variable that would take the value, where one can be proposed (`DB_HOST`).
    pub proposal: Option<Name>,
}

impl Finding {
    /// True for a fact that is no problem in itself: counted apart, never in the way.
    #[must_use]
    pub fn is_inventory(&self) -> bool {
        self.severity == Severity::Info
    }

    /// The order in which findings are listed: file, place, kind, rule.
    #[must_use]
    pub fn order(a: &Finding, b: &Finding) -> std::cmp::Ordering {
        let key = |f: &Finding| (f.file, f.span.line, f.span.column, f.span.start, f.kind);
        key(a).cmp(&key(b)).then_with(|| (&a.rule, &a.subject).cmp(&(&b.rule, &b.subject)))
    }

    /// A captured value by its name; empty where there is none.
    #[must_use]
    pub fn part(&self, name: &str) -> &str {
        self.parts.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// True when it carries this tag.
    #[must_use]
    pub fn tagged(&self, tag: &str) -> bool {
        self.tags.iter().any(|known| known == tag)
    }
}

/// A finding that somebody set aside, with the reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// Why, in the words of whoever set it aside.
    pub reason: String,
    /// Where it is said: `path:line` of the comment or the configuration entry.
    pub by: String,
}
