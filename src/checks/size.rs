//! B2: what stays in the finished image without being needed there.

use super::Repository;
use super::descriptors::shown;
use super::knowledge::{Manager, has, installs, lists, manager, reference};
use crate::facts::{Command, FileId, Image, Instruction, Keyword, Script, Stage};
use crate::rules::{Confidence, Finding};

const KIND: &str = "image-size";

/// The findings of all image definitions. Only the stages that the finished image is made of count.
#[must_use]
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, image) in repository.images() {
        let build_base = image.stages.last().and_then(|stage| reference(&stage.base));
        if let Some(base) = build_base.filter(|base| has(&lists().build_images, base.name))
            && let Some(stage) = image.stages.last()
            && starts(image)
        {
            let mut finding =
                repository.note(KIND, "build-image", file, stage.span, &stage.base, &format!("FROM {}", stage.base));
            if base.name.starts_with("microsoft/") && !base.tag.contains("sdk") {
                finding.confidence = Confidence::Low;
                finding.doubt = "the tag does not say whether it is the one to build with".to_owned();
            }
            found.push(finding);
        }
        let mut variables: Vec<&str> = Vec::new();
        let mut stages: Vec<&Stage> = image.lineage().collect();
        stages.reverse();
        for instruction in stages.iter().flat_map(|stage| &stage.instructions) {
            match instruction.keyword {
                Keyword::Env => {
                    variables.extend(instruction.words.iter().map(|word| word.split('=').next().unwrap_or("")))
                }
                Keyword::Run => step(repository, file, instruction, &variables, &mut found),
                Keyword::Copy | Keyword::Add => copy_all(repository, file, instruction, &mut found),
                _ => {}
            }
        }
    }
    found
}

/// True where the image is one that runs something.
fn starts(image: &Image) -> bool {
    !image.effective(Keyword::Cmd).is_empty() || !image.effective(Keyword::Entrypoint).is_empty()
}

fn step(
    repository: &Repository,
    file: FileId,
    instruction: &Instruction,
    variables: &[&str],
    found: &mut Vec<Finding>,
) {
    let script = &instruction.script;
    let mut installed = false;
    let removed_packages = script
        .commands
        .iter()
        .any(|command| command.has(&["purge", "autoremove", "remove", "del", "erase"]) && manager(command).is_some());
    for command in &script.commands {
        let Some((manager, words)) = manager(command) else { continue };
        let Some(installs) = installs(manager, &words) else { continue };
        installed = true;
        let mut note = |rule: &str, subject: &str| {
            found.push(repository.note(KIND, rule, file, command.span, subject, &shown(command)));
        };
        if !manager.lean.is_empty() && !lean(manager, script, command) && !installs.packages.is_empty() {
            note("recommended-packages", &shown(command));
        }
        if !manager.caches.is_empty() && !cleans(manager, instruction, command, variables) {
            let rule = if manager.lean.is_empty() { "package-cache" } else { "package-lists" };
            note(rule, &shown(command));
        }
        if manager.system && !removed_packages {
            let build: Vec<&str> = installs.packages.iter().copied().filter(|name| is_build_package(name)).collect();
            if !build.is_empty() {
                note("build-tools", &build.join(" "));
            }
        }
    }
    if !installed
        && !script.commands.is_empty()
        && script.commands.iter().all(is_clean_up)
        && instruction.flag("mount").is_none()
    {
        let source = script.commands.first().map(shown).unwrap_or_default();
        found.push(repository.note(KIND, "late-clean-up", file, instruction.span, &source, &format!("RUN {source}")));
    }
}

/// `COPY . x` where no .dockerignore says what stays out.
fn copy_all(repository: &Repository, file: FileId, instruction: &Instruction, found: &mut Vec<Finding>) {
    if instruction.flag("from").is_some()
        || !instruction.words.iter().rev().skip(1).any(|word| matches!(word.as_str(), "." | "./" | "./." | "*"))
    {
        return;
    }
    let path = repository.path(file);
    let own = format!("{path}.dockerignore");
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let beside = if folder.is_empty() { ".dockerignore".to_owned() } else { format!("{folder}/.dockerignore") };
    let ignored =
        repository.files.iter().any(|file| file.path == own || file.path == beside || file.path == ".dockerignore");
    if !ignored {
        let source = format!("COPY {}", instruction.words.join(" "));
        found.push(repository.note(KIND, "copy-all", file, instruction.span, &source, &source));
    }
}

fn is_build_package(name: &str) -> bool {
    let bare = name.split(['=', '>', '<', '~']).next().unwrap_or(name);
    // Certificates and libraries that are linked at run time sometimes come as `-dev` only: the ending is a hint, no proof.
    has(&lists().build_packages, bare)
}

fn lean(manager: &Manager, script: &Script, command: &Command) -> bool {
    let set = |command: &Command| {
        command.words.iter().any(|word| manager.lean.iter().any(|lean| word.contains(lean.as_str())))
    };
    // A configuration written before, in the same step, counts as well.
    set(command) || script.commands.iter().any(|other| other.program() == "echo" && set(other))
}

fn cleans(manager: &Manager, instruction: &Instruction, command: &Command, variables: &[&str]) -> bool {
    let by_flag = command.words.iter().any(|word| has(&manager.no_cache, word.split('=').next().unwrap_or(word)));
    let by_variable = variables.iter().any(|name| has(&manager.no_cache, name))
        || instruction.script.variables.iter().any(|(name, _)| has(&manager.no_cache, name));
    let below = |path: &str| {
        let path = path.trim_end_matches('*').trim_end_matches('/');
        manager.caches.iter().any(|cache| {
            path == cache
                || path.starts_with(&format!("{cache}/"))
                || !path.is_empty() && cache.starts_with(&format!("{path}/"))
        })
    };
    let mounted = instruction.flags.iter().any(|(name, value)| {
        let target = value.split(',').find_map(|part| {
            part.strip_prefix("target=")
                .or_else(|| part.strip_prefix("dst="))
                .or_else(|| part.strip_prefix("destination="))
        });
        name == "mount" && target.is_some_and(below)
    });
    let removed = instruction.script.commands.iter().any(|other| {
        other.program() == "rm" && other.args().iter().any(|word| below(word))
            || other.program() == "find" && other.has(&["-delete"]) && other.args().iter().any(|word| below(word))
            || manager_verbs(manager, other)
    });
    by_flag || by_variable || mounted || removed
}

fn manager_verbs(manager: &Manager, command: &Command) -> bool {
    has(&manager.programs, command.program()) && command.args().iter().any(|word| has(&manager.clean, word))
}

/// True for commands that only remove.
fn is_clean_up(command: &Command) -> bool {
    match command.program() {
        "rm" => command.args().iter().any(|word| {
            ["/var/lib/apt", "/var/cache", "/tmp", "/root/.cache", "/usr/share/doc", "/usr/share/man", "/var/tmp"]
                .iter()
                .any(|path| word.starts_with(path))
        }),
        "apt-get" | "apt" | "yum" | "dnf" | "microdnf" | "zypper" | "tdnf" | "aptitude" => {
            matches!(command.verb(), "clean" | "autoclean" | "autoremove" | "purge" | "remove" | "erase")
        }
        "apk" => command.verb() == "del",
        "npm" | "yarn" => command.has(&["cache"]) && command.has(&["clean"]),
        _ => false,
    }
}
