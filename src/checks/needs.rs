//! What a container of this application needs, where the repository has no image definition yet: the sheet to write one by.

use std::collections::BTreeMap;

use super::Repository;
use super::descriptors::is_for_development;
use crate::facts::{Descriptor, FileId, Scope, ServiceKind};
use crate::rules::{Confidence, Finding, redact};

/// Entries per topic.
const PER_TOPIC: usize = 200;

/// The topics, in the order of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// The base image's runtime and its version.
    Base,
    /// Packages of the distribution.
    Package,
    /// Ports that it listens on.
    Port,
    /// Directories that it writes to.
    Volume,
    /// Environment variables that it reads.
    Variable,
    /// What has to be handed over in secret.
    Secret,
    /// Processes.
    Process,
    /// Jobs by the clock.
    Job,
    /// Services that it talks to and that are described here.
    Service,
}

impl Topic {
    /// The name used in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Topic::Base => "base",
            Topic::Package => "package",
            Topic::Port => "port",
            Topic::Volume => "volume",
            Topic::Variable => "variable",
            Topic::Secret => "secret",
            Topic::Process => "process",
            Topic::Job => "job",
            Topic::Service => "service",
        }
    }
}

/// One line of the sheet, with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// What it is about.
    pub topic: Topic,
    /// What is needed: `php ^8.1`, `8080`, `DB_HOST`. Redacted.
    pub what: String,
    /// What else is known: a default, a command. Redacted; empty where nothing is.
    pub detail: String,
    /// Where it is said: the first place.
    pub file: FileId,
    /// Its line.
    pub line: u32,
}

/// The sheet, sorted by topic and name; empty where an image definition of the application says it all.
#[must_use]
pub fn needs(repository: &Repository) -> Vec<Need> {
    let main = |file: FileId| repository.files.get(file.index()).is_some_and(|file| file.scope == Scope::Main);
    if repository.images().any(|(file, _)| main(file) && !is_for_development(repository.path(file))) {
        return Vec::new();
    }
    let mut sheet = Sheet::default();
    let ours = |file: FileId| {
        let scope = repository.files.get(file.index()).map(|file| file.scope);
        matches!(scope, Some(Scope::Main | Scope::Build))
    };
    for clue in repository.clues("runtime").filter(|clue| ours(clue.file)) {
        sheet.add(Topic::Base, &clue.subject, "", clue.file, clue.span.line);
    }
    if sheet.lines.is_empty() {
        languages(repository, &mut sheet);
    }
    for clue in repository.clues("listen").filter(|clue| main(clue.file) && clue.confidence > Confidence::Low) {
        if let Some(port) = listened(clue) {
            sheet.add(Topic::Port, &port.to_string(), "", clue.file, clue.span.line);
        }
    }
    for (topic, kind) in [(Topic::Package, "system-program"), (Topic::Job, "scheduled-job")] {
        for found in repository.of_kind(kind) {
            let what = if found.subject.is_empty() { &found.snippet } else { &found.subject };
            sheet.add(topic, what, "", found.file, found.span.line);
        }
    }
    for found in repository.of_kind("file-write").chain(repository.of_kind("log-path")) {
        if let Some(directory) = directory(found) {
            sheet.add(Topic::Volume, &directory, found.kind.0, found.file, found.span.line);
        }
    }
    for found in repository.of_kind("env-config").filter(|found| !is_of_request(&found.subject)) {
        let secret = is_secret(&found.subject);
        let topic = if secret { Topic::Secret } else { Topic::Variable };
        sheet.add(topic, &found.subject, found.part("default"), found.file, found.span.line);
    }
    for found in repository.of_kind("hardcoded-credential") {
        sheet.add(Topic::Secret, &found.subject, "", found.file, found.span.line);
    }
    for found in repository.of_kind("entry-point").filter(|found| found.tagged("main")) {
        sheet.add(Topic::Process, &found.subject, "", found.file, found.span.line);
    }
    described(repository, &main, &mut sheet);
    sheet.lines.into_values().collect()
}

#[derive(Default)]
struct Sheet {
    /// One line per topic and name: the first place is the evidence.
    lines: BTreeMap<(Topic, String), Need>,
    counts: BTreeMap<Topic, usize>,
}

impl Sheet {
    fn add(&mut self, topic: Topic, what: &str, detail: &str, file: FileId, line: u32) {
        let what = redact(what.trim()).into_owned();
        let count = self.counts.entry(topic).or_default();
        if what.is_empty() || *count >= PER_TOPIC {
            return;
        }
        let detail = redact(detail).into_owned();
        self.lines.entry((topic, what.clone())).or_insert_with(|| {
            *count += 1;
            Need { topic, what, detail, file, line }
        });
    }
}

/// The runtime by the language that most of the application is written in.
fn languages(repository: &Repository, sheet: &mut Sheet) {
    let mut lines: BTreeMap<&str, (u64, FileId)> = BTreeMap::new();
    for (index, file) in (0_u32..).zip(repository.files) {
        if let Some(language) = file.language.filter(|_| file.is_code && file.scope == Scope::Main) {
            let entry = lines.entry(language.0).or_insert((0, FileId(index)));
            entry.0 += u64::from(file.lines);
        }
    }
    let most = lines.iter().max_by_key(|(name, (lines, _))| (*lines, std::cmp::Reverse(**name)));
    if let Some((language, (_, file))) = most {
        sheet.add(Topic::Base, language, "", *file, 1);
    }
}

/// The port of a clue: `8080`, `:8080`, `0.0.0.0:80`, `80 default_server`.
pub fn listened(clue: &Finding) -> Option<u16> {
    let word = clue.subject.split_whitespace().next().unwrap_or("");
    word.rsplit(':').next().unwrap_or(word).trim_end_matches(';').parse().ok().filter(|port| *port > 0)
}

/// The directory that a write goes to: absolute, or relative to the application. Temporary files need none.
fn directory(found: &Finding) -> Option<String> {
    let path = found.subject.as_str();
    let known = !path.is_empty() && !path.starts_with("{}") && !path.contains("://") && !path.contains('\\');
    if found.tagged("temp") || !known || path.starts_with("/tmp") || path.starts_with("/dev/") {
        return None;
    }
    let fixed = path.split("{}").next().unwrap_or(path);
    let directory = if found.tagged("directory") && fixed == path {
        path.trim_end_matches('/')
    } else {
        fixed.rsplit_once('/').map_or("", |(folder, _)| folder)
    };
    (directory.len() > 1 && !directory.contains(' ')).then(|| directory.to_owned())
}

/// What a web server puts into the environment for each request is no setting.
fn is_of_request(name: &str) -> bool {
    let starts = ["HTTP_", "REQUEST_", "SERVER_", "REMOTE_", "SCRIPT_", "PATH_", "ORIG_", "CONTENT_"];
    starts.iter().any(|start| name.starts_with(start))
        || matches!(name, "PHP_SELF" | "QUERY_STRING" | "DOCUMENT_ROOT" | "HTTPS" | "argv" | "argc")
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let words: Vec<&str> = name.split('_').collect();
    let secret = ["PASSWORD", "PASS", "PASSWD", "PWD", "SECRET", "TOKEN", "CREDENTIALS", "APIKEY", "PASSPHRASE"];
    words.iter().any(|word| secret.contains(word))
        || words
            .windows(2)
            .any(|pair| pair[1] == "KEY" && ["API", "SECRET", "PRIVATE", "ACCESS", "APP"].contains(&pair[0]))
}

/// Units, managed programs, jobs and services that configuration describes.
fn described(repository: &Repository, main: &dyn Fn(FileId) -> bool, sheet: &mut Sheet) {
    for described in repository.descriptors.iter().filter(|described| main(described.file)) {
        let file = described.file;
        match &described.descriptor {
            Descriptor::Jobs(jobs) => {
                for (schedule, command, span) in jobs {
                    sheet.add(Topic::Job, command, schedule, file, span.line);
                }
            }
            Descriptor::Services(services) => {
                for service in services {
                    let command = service.command.commands.first().map(super::descriptors::shown).unwrap_or_default();
                    if matches!(service.kind, ServiceKind::Managed | ServiceKind::Systemd) {
                        sheet.add(Topic::Process, &service.name, &command, file, service.span.line);
                        for (name, value, span) in &service.environment {
                            let topic = if is_secret(name) { Topic::Secret } else { Topic::Variable };
                            let value = if topic == Topic::Secret { "***" } else { value };
                            sheet.add(topic, name, value, file, span.line);
                        }
                    }
                    if service.kind == ServiceKind::Compose && !service.built {
                        let image = service.image.as_ref().map_or("", |(image, _)| image.as_str());
                        let used = repository
                            .of_kind("hardcoded-endpoint")
                            .find(|found| names_host(&found.subject, &service.name));
                        let (file, line) =
                            used.map_or((file, service.span.line), |found| (found.file, found.span.line));
                        sheet.add(Topic::Service, &service.name, image, file, line);
                    }
                }
            }
            _ => {}
        }
    }
}

/// True when an address is the host of this name.
fn names_host(address: &str, host: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    rest.split(['/', ':', '?', ';', ',']).next() == Some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_secrets_are_told_by_their_names() {
        assert!(names_host("mysql://u:***@db:3306/x", "db") && names_host("db", "db") && !names_host("db1:80", "db"));
        assert!(
            is_secret("DB_PASSWORD") && is_secret("STRIPE_API_KEY") && !is_secret("KEYBOARD") && !is_secret("DB_HOST")
        );
    }
}
