//! Programs that the code starts: those of a host, and those that no image and no package declares.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::{Repository, knowledge};
use crate::facts::Scope;
use crate::rules::Finding;

/// What is known of programs, from `assets/programs.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    everywhere: Vec<String>,
    host: Vec<String>,
    packages: BTreeMap<String, Vec<String>>,
}

fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| toml::from_str(crate::assets::get("programs.toml").unwrap_or_default()).unwrap_or_default())
}

/// `system-program` where nothing declares the program, `host-assumption` where it belongs to a host.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let clues = repository.clues("declares").chain(repository.clues("image-base"));
    let mut declared: Vec<&str> = clues.map(|clue| clue.subject.as_str()).collect();
    // What a script or a Vagrantfile installs is declared too.
    for command in repository.scripts().flat_map(|(_, script)| &script.commands) {
        let Some((manager, words)) = knowledge::manager(command) else { continue };
        declared.extend(knowledge::installs(manager, &words).unwrap_or_default().packages);
    }
    let names = |program: &str| {
        let packages = known().packages.get(program);
        std::iter::once(program.to_owned()).chain(packages.into_iter().flatten().cloned()).collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    // A clue of a build file counts as one of the application; what a build starts is on the machine that builds.
    let main = |clue: &&Finding| repository.files.get(clue.file.index()).is_some_and(|file| file.scope == Scope::Main);
    for start in repository.clues("program").filter(main) {
        let Some(program) = program(&start.subject) else { continue };
        let program = program.as_str();
        if known().everywhere.iter().any(|name| name == program) {
            continue;
        }
        let at = |kind, rule, subject: &str| Finding {
            confidence: start.confidence,
            doubt: start.doubt.clone(),
            span: start.span,
            snippet: start.snippet.clone(),
            ..repository.finding(kind, rule, start.file, start.span.line, subject)
        };
        if known().host.iter().any(|name| name == program) {
            let mut finding = at("host-assumption", "program", &format!("starts {program}"));
            finding.tags.push("program".into());
            found.push(finding);
        } else if !names(program).iter().any(|name| declared.iter().any(|text| has_word(text, name))) {
            found.push(at("system-program", "undeclared", program));
        }
    }
    found
}

/// The name of the program in a command line; none where it is not known, or is a file of the project.
fn program(command: &str) -> Option<String> {
    let first = command.split_whitespace().find(|word| !word.contains('=') || word.starts_with(['/', '.']))?;
    let first = first.trim_matches(['"', '\'', '(', ')', ';', '@', '&']);
    if first.starts_with('.') || first.contains(['{', '$', '%', '*', '<', '>', '|', '=', ',', ':']) {
        return None;
    }
    let name = first.rsplit(['/', '\\']).next()?;
    // A path with folders that is no place for programs leads to a file of the project.
    let placed =
        !first.contains('/') || ["/bin/", "/sbin/", "/usr/", "/opt/", "/etc/"].iter().any(|s| first.starts_with(s));
    let named = name.len() > 1 && name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+'));
    let script =
        [".sh", ".php", ".py", ".rb", ".js", ".pl", ".jar", ".bat", ".cmd"].iter().any(|end| name.ends_with(end));
    (placed && named && plain && !script).then(|| name.trim_end_matches(".exe").to_owned())
}

/// True when the text holds the word, not as a part of another.
fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(|c| part(c) && c != '-' || c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_from_files_of_the_project() {
        assert_eq!(program("convert {} -resize").as_deref(), Some("convert"));
        assert_eq!(program("/usr/bin/wkhtmltopdf a b").as_deref(), Some("wkhtmltopdf"));
        assert_eq!(program("LANG=C svn log").as_deref(), Some("svn"));
        assert_eq!(program("./run.sh"), None);
        assert_eq!(program("{} x"), None);
        assert_eq!(program("bin/console"), None);
        assert!(has_word("apt-get install -y ffmpeg git", "git") && !has_word("apt-get install digit", "git"));
        assert!(!known().everywhere.is_empty() && !known().packages.is_empty());
    }
}
