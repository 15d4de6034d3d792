//! B1: what an image definition installs or fetches without saying which version.

use super::Repository;
use super::descriptors::shown;
use super::knowledge::{self, has, installs, lists, manager, reference};
use crate::facts::{Command, FileId, Image, Keyword, Script};
use crate::rules::{Confidence, Finding, Severity};

const KIND: &str = "unreproducible-build";

/// The findings of all image definitions.
#[must_use]
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, image) in repository.images() {
        bases(repository, file, image, &mut found);
        for stage in &image.stages {
            for instruction in &stage.instructions {
                match instruction.keyword {
                    Keyword::Run => run(repository, file, &instruction.script, &mut found),
                    Keyword::Add => {
                        let moving = |word: &&crate::facts::Name| word.contains("://") && !word.starts_with("oci:");
                        if let Some(url) = instruction.words.iter().find(moving)
                            && instruction.flag("checksum").is_none()
                            && (!url.contains(".git#") || url.ends_with('#'))
                        {
                            let source = format!("ADD {}", instruction.words.join(" "));
                            found.push(repository.note(KIND, "add-url", file, instruction.span, url, &source));
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    found
}

/// Base images without a tag, or with one that moves.
fn bases(repository: &Repository, file: FileId, image: &Image, found: &mut Vec<Finding>) {
    for stage in image.stages.iter().filter(|stage| stage.parent.is_none() && !stage.base.contains('$')) {
        let Some(base) = reference(&stage.base).filter(|base| !base.digest) else { continue };
        let rule = match base.tag {
            "" => "base-without-tag",
            "latest" => "base-latest",
            _ => continue,
        };
        found.push(repository.note(KIND, rule, file, stage.span, &stage.base, &format!("FROM {}", stage.base)));
    }
}

/// The commands of one step.
fn run(repository: &Repository, file: FileId, script: &Script, found: &mut Vec<Finding>) {
    for command in &script.commands {
        let mut note = |rule: &str, subject: &str, severity: Option<Severity>, confidence: Confidence| {
            let mut finding = repository.note(KIND, rule, file, command.span, subject, &shown(command));
            finding.severity = severity.unwrap_or(finding.severity);
            if confidence < Confidence::High {
                finding.confidence = confidence;
                finding.doubt = "what is fetched may be checked elsewhere".to_owned();
            }
            found.push(finding);
        };
        if let Some((manager, words)) = manager(command) {
            let program = manager.programs.first().map_or("", String::as_str);
            if let Some(installs) = installs(manager, &words) {
                if !installs.loose.is_empty() {
                    let (rule, severity) = if manager.system {
                        ("package-without-version", Severity::Low)
                    } else {
                        ("library-without-version", Severity::Medium)
                    };
                    note(rule, &some(&installs.loose), Some(severity), Confidence::High);
                } else if program == "npm" && installs.packages.is_empty() && !installs.from_file {
                    note("no-lock-file", &shown(command), None, Confidence::High);
                }
            } else if upgrades(manager, &words) {
                note("upgrade", &shown(command), Some(Severity::Low), Confidence::High);
            } else if program == "yarn" && yarn_without_lock(command, &words) {
                note("no-lock-file", &shown(command), None, Confidence::High);
            }
            continue;
        }
        match command.program() {
            "composer" | "composer.phar" if command.has(&["update", "require"]) => {
                let loose = command.verb() == "update" || !command.args().iter().any(|word| word.contains(':'));
                if loose {
                    note("no-lock-file", &shown(command), None, Confidence::High);
                }
            }
            "bundle" if command.verb() == "update" => note("no-lock-file", &shown(command), None, Confidence::High),
            "git" if command.verb() == "clone" && !fixed_later(command, script) => {
                let url = command.args().iter().find(|word| word.contains("://") || word.contains('@'));
                note("clone-without-commit", url.map_or("git clone", |url| url), None, Confidence::High);
            }
            program if has(&lists().fetchers, program) => {
                let target = command.pipes_into.and_then(|at| script.commands.get(at as usize));
                let url = command.args().iter().find(|word| word.contains("://"));
                if let Some(target) = target.filter(|target| has(&lists().shells, target.program())) {
                    let subject = url.map_or_else(|| shown(command), |url| url.to_string());
                    note(
                        "piped-script",
                        &format!("{subject} | {}", target.program()),
                        Some(Severity::High),
                        Confidence::High,
                    );
                } else if let Some(url) = url
                    && knowledge::lists().moving.iter().any(|part| url.contains(part.as_str()))
                {
                    note("moving-address", url, None, Confidence::Medium);
                }
            }
            program if has(&lists().shells, program) => {
                // `bash <(curl …)`, `sh -c "$(curl …)"`.
                let fetched = command.words.iter().any(|word| {
                    (word.contains("$(") || word.contains("<(") || word.contains('`'))
                        && lists().fetchers.iter().any(|fetcher| word.contains(&format!("{fetcher} ")))
                });
                if fetched {
                    note("piped-script", &shown(command), Some(Severity::High), Confidence::High);
                }
            }
            _ => {}
        }
    }
}

fn upgrades(manager: &knowledge::Manager, words: &[&str]) -> bool {
    let verb = words.iter().find(|word| !word.starts_with('-'));
    let all = |verb: &str| words.iter().skip_while(|word| **word != verb).skip(1).all(|word| word.starts_with('-'));
    verb.is_some_and(|verb| has(&manager.upgrade, verb) && all(verb))
}

fn yarn_without_lock(command: &Command, words: &[&str]) -> bool {
    let verb = words.iter().find(|word| !word.starts_with('-')).copied().unwrap_or("install");
    let fixed = ["--frozen-lockfile", "--immutable", "--pure-lockfile", "--immutable-cache"];
    command.program() == "yarn" && verb == "install" && !command.has(&fixed) && !words.contains(&"--version")
}

/// True where a clone names a tag or commit, or the script goes to one afterwards.
fn fixed_later(command: &Command, script: &Script) -> bool {
    let named = command.args().windows(2).any(|pair| {
        let version = pair[1].contains('$') || pair[1].chars().any(|c| c.is_ascii_digit());
        matches!(pair[0].as_str(), "-b" | "--branch" | "--revision") && version
    });
    let branch = |word: &crate::facts::Name| {
        word.strip_prefix("--branch=")
            .is_some_and(|name| name.contains('$') || name.chars().any(|c| c.is_ascii_digit()))
            || word.starts_with("--revision=")
    };
    named
        || command.args().iter().any(branch)
        || script.commands.iter().any(|other| other.program() == "git" && other.has(&["checkout", "reset", "switch"]))
}

/// The first few of a list.
fn some(words: &[&str]) -> String {
    let mut text = words.iter().take(6).copied().collect::<Vec<_>>().join(" ");
    if words.len() > 6 {
        text.push_str(" …");
    }
    text
}
