//! B5 and B3: as whom an image and its containers start, and what they mount from their host.

use super::Repository;
use super::descriptors::{base_name, start_scripts};
use super::knowledge::{lists, reference};
use crate::facts::{Image, Keyword, Name, Script, ServiceKind};
use crate::rules::{Confidence, Finding, Severity};

const ROOT: &str = "image-root-user";
const HOST: &str = "host-volume";

/// Programs that give up root before they start another one.
const DROPS: [&str; 9] = ["gosu", "su-exec", "setpriv", "s6-setuidgid", "setuidgid", "chpst", "runuser", "su", "sudo"];

/// Images and workloads that start as root.
#[must_use]
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut found = Vec::new();
    let starts = start_scripts(repository);
    for (file, image) in repository.images() {
        let Some(stage) = image.stages.last() else { continue };
        if let Some(user) = image.effective(Keyword::User).last() {
            if is_root(user.words.first().map_or("", Name::as_str)) && !drops(image) {
                let source = format!("USER {}", user.words.join(" "));
                let mut finding = repository.note(ROOT, "last-user-root", file, user.span, &source, &source);
                if drops_in_script(image, &starts, repository) {
                    finding.confidence = Confidence::Low;
                    finding.doubt = "the start script gives up root".to_owned();
                }
                found.push(finding);
            }
            continue;
        }
        let Some(base) = reference(&stage_base(image)).map(|base| (base.name.to_owned(), base.tag.to_owned())) else {
            continue;
        };
        let own_user = lists()
            .own_user_images
            .iter()
            .any(|known| base.0 == *known || known.ends_with('/') && base.0.starts_with(known.as_str()))
            || base.1.contains("nonroot")
            || base.1.contains("unprivileged");
        if own_user || drops(image) || image.stages.last().is_some_and(|stage| stage.base.contains('$')) {
            continue;
        }
        let mut finding =
            repository.note(ROOT, "no-user", file, stage.span, &stage.base, &format!("FROM {}", stage.base));
        let official = !base.0.contains('/') || base.0.starts_with("mcr.microsoft.com/");
        let runs = !image.effective(Keyword::Cmd).is_empty() || !image.effective(Keyword::Entrypoint).is_empty();
        if drops_in_script(image, &starts, repository) {
            finding.confidence = Confidence::Low;
            finding.doubt = "the start script gives up root".to_owned();
        } else if !official || !runs {
            finding.confidence = Confidence::Medium;
            finding.doubt = "the base image may set a user".to_owned();
        }
        found.push(finding);
    }
    for (file, service) in repository.services() {
        let user = service.user.as_ref().map(|(user, span)| (user.as_str(), *span));
        if let Some((user, span)) = user.filter(|(user, _)| is_root(user)) {
            if matches!(service.kind, ServiceKind::Compose | ServiceKind::Kubernetes | ServiceKind::Job) {
                let subject = format!("{}: {user}", service.name);
                found.push(repository.note(ROOT, "service-as-root", file, span, &subject, &format!("user: {user}")));
            }
        } else if service.kind == ServiceKind::Kubernetes
            && !service.partial
            && service.non_root != Some(true)
            && user.is_none()
        {
            let mut finding =
                repository.note(ROOT, "no-run-as-non-root", file, service.span, &service.name, &service.name);
            finding.severity = Severity::Low;
            found.push(finding);
        }
    }
    found
}

/// Directories that belong to root on every system.
const SYSTEM: [&str; 9] = ["/etc/", "/usr/", "/boot/", "/bin/", "/sbin/", "/lib/", "/root/", "/var/lib/", "/sys/"];

/// Code that writes where only root may.
#[must_use]
pub fn system_paths(repository: &Repository) -> Vec<Finding> {
    let writes = repository.of_kind("file-write").filter(|write| SYSTEM.iter().any(|at| write.subject.starts_with(at)));
    let note = |write: &Finding| {
        let subject = &write.subject;
        let mut finding =
            repository.note("root-required", "system-path", write.file, write.span, subject, &write.snippet);
        finding.confidence = Confidence::Medium;
        finding.doubt = "the directory may be given to the user that it runs as".to_owned();
        finding
    };
    writes.map(note).collect()
}

/// The image that the finished one builds on in the end.
fn stage_base(image: &Image) -> String {
    image.lineage().last().map(|stage| stage.base.to_string()).unwrap_or_default()
}

fn is_root(user: &str) -> bool {
    let user = user.split(':').next().unwrap_or(user).trim();
    user == "root" || !user.is_empty() && user.bytes().all(|byte| byte == b'0')
}

/// True where the image's own command gives up root.
fn drops(image: &Image) -> bool {
    let commands = [Keyword::Cmd, Keyword::Entrypoint];
    commands.iter().flat_map(|keyword| image.effective(*keyword)).any(|instruction| script_drops(&instruction.script))
}

fn script_drops(script: &Script) -> bool {
    script.commands.iter().any(|command| {
        DROPS.contains(&command.program()) || command.starters().iter().any(|word| DROPS.contains(&base_name(word)))
    })
}

fn drops_in_script(image: &Image, starts: &[super::descriptors::StartScript], repository: &Repository) -> bool {
    let mut words = [Keyword::Cmd, Keyword::Entrypoint]
        .into_iter()
        .flat_map(|keyword| image.effective(keyword))
        .flat_map(|instruction| &instruction.script.commands)
        .flat_map(|command| &command.words);
    words.any(|word| {
        starts
            .iter()
            .any(|start| base_name(repository.path(start.file)) == base_name(word) && script_drops(start.script))
    })
}

/// Directories of the host that containers get.
#[must_use]
pub fn mounts(repository: &Repository) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, service) in repository.services() {
        for mount in service.mounts.iter().filter(|mount| mount.host) {
            let socket = is_engine_socket(&mount.source);
            let rule = if socket { "engine-socket" } else { "bind-mount" };
            let subject = if mount.target.is_empty() {
                mount.source.to_string()
            } else {
                format!("{}:{}", mount.source, mount.target)
            };
            let mut finding = repository.note(HOST, rule, file, mount.span, &subject, &subject);
            if socket {
                finding.severity = Severity::High;
            } else if mount.target.rsplit('/').next().is_some_and(|name| name.contains('.')) {
                // A single file: configuration, which a config or a secret would carry.
                finding.severity = Severity::Low;
            }
            if service.user.as_ref().is_some_and(|(user, _)| !is_root(user)) && !socket {
                finding.tags.push("owner".into());
            }
            found.push(finding);
        }
    }
    for (file, script) in repository.scripts() {
        for command in &script.commands {
            if !matches!(command.program(), "docker" | "podman" | "nerdctl") || !command.has(&["run", "create"]) {
                continue;
            }
            let mut words = command.args().iter().map(Name::as_str);
            while let Some(word) = words.next() {
                let value = match word {
                    "-v" | "--volume" | "--mount" => words.next().unwrap_or(""),
                    _ => word
                        .strip_prefix("--volume=")
                        .or_else(|| word.strip_prefix("--mount="))
                        .or_else(|| word.strip_prefix("-v"))
                        .unwrap_or(""),
                };
                let source = match value
                    .split(',')
                    .find_map(|part| part.strip_prefix("source=").or_else(|| part.strip_prefix("src=")))
                {
                    Some(source) => source,
                    None => value.split(':').next().unwrap_or(""),
                };
                if source.starts_with(['/', '.', '~'])
                    || source.starts_with("$PWD")
                    || source.starts_with("$(pwd)")
                    || source.starts_with("${PWD}")
                {
                    let rule = if is_engine_socket(source) { "engine-socket" } else { "bind-mount" };
                    found.push(repository.note(
                        HOST,
                        rule,
                        file,
                        command.span,
                        value,
                        &super::descriptors::shown(command),
                    ));
                }
            }
        }
    }
    found
}

fn is_engine_socket(path: &str) -> bool {
    path.ends_with("docker.sock")
        || path.ends_with("containerd.sock")
        || path.ends_with("podman.sock")
        || path.ends_with("crio.sock")
}
