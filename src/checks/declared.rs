//! B4 and the cross-checks of two sources: what the code does against what images and services declare.

use std::collections::BTreeMap;

use super::Repository;
use super::deployables::{folder, is_in};
use super::descriptors::{base_name, is_for_development};
use crate::facts::{Command, FileId, Image, Keyword, Mount, Name, Scope, Service, ServiceKind};
use crate::rules::{Confidence, Finding, Severity};

/// An image definition and what is declared for it, here and by the services that are built from it.
struct Declared<'a> {
    file: FileId,
    image: &'a Image,
    folder: &'a str,
    services: Vec<&'a Service>,
}

fn declared<'a>(repository: &Repository<'a>) -> Vec<Declared<'a>> {
    let mut found = Vec::new();
    for (file, image) in repository.images() {
        let path = repository.path(file);
        let own = folder(path);
        let services = repository.services().filter(|(compose, service)| {
            service.built && {
                let context = join(folder(repository.path(*compose)), &service.context);
                let wanted = if service.dockerfile.is_empty() { "Dockerfile" } else { &service.dockerfile };
                join(&context, wanted) == path || context == own && base_name(wanted) == base_name(path)
            }
        });
        let services = services.map(|(_, service)| service).collect();
        found.push(Declared { file, image, folder: own, services });
    }
    found
}

/// A relative path below a folder; `.` and `..` resolved.
pub fn join(folder: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Ports that a container listens on and its image does not declare.
#[must_use]
pub fn ports(repository: &Repository) -> Vec<Finding> {
    let mut found = Vec::new();
    for declared in declared(repository) {
        let image = declared.image;
        let Some(stage) = image.stages.last() else { continue };
        let exposed: Vec<String> = image
            .effective(Keyword::Expose)
            .into_iter()
            .flat_map(|instruction| &instruction.words)
            .map(|word| word.split('/').next().unwrap_or(word).to_owned())
            .collect();
        let covers = |port: u16| exposed.iter().any(|word| in_range(word, port));
        if exposed.iter().any(|word| word.contains('$')) {
            continue;
        }
        let mut listens: BTreeMap<u16, String> = BTreeMap::new();
        for service in &declared.services {
            for (port, _) in &service.ports {
                listens.entry(*port).or_insert_with(|| service.name.to_string());
            }
        }
        for keyword in [Keyword::Cmd, Keyword::Entrypoint] {
            let Some(instruction) = image.effective(keyword).pop() else { continue };
            for port in instruction.script.commands.iter().filter_map(port_of) {
                listens.entry(port).or_insert_with(|| instruction.words.join(" "));
            }
        }
        for clue in repository.clues("listen") {
            let path = repository.path(clue.file);
            let main = repository.files.get(clue.file.index()).is_some_and(|file| file.scope == Scope::Main);
            if let Some(port) = super::needs::listened(clue).filter(|_| main && is_in(path, declared.folder)) {
                listens.entry(port).or_insert_with(|| format!("{path}:{}", clue.span.line));
            }
        }
        for (port, from) in listens {
            if !covers(port) {
                let subject = format!("{port}");
                let mut finding = repository.note(
                    "undeclared-port",
                    "no-expose",
                    declared.file,
                    stage.span,
                    &subject,
                    &format!("FROM {}", stage.base),
                );
                finding.parts = vec![("from".into(), crate::rules::redact(&from).chars().take(120).collect())];
                if exposed.is_empty() && !stage.base.is_empty() && image.stages.len() == 1 && !from.contains(':') {
                    finding.confidence = Confidence::Medium;
                    finding.doubt = "the base image may declare it".to_owned();
                }
                found.push(finding);
            }
        }
    }
    found
}

fn in_range(word: &str, port: u16) -> bool {
    match word.split_once('-') {
        Some((from, to)) => {
            from.parse::<u16>().is_ok_and(|from| from <= port) && to.parse::<u16>().is_ok_and(|to| port <= to)
        }
        None => word.parse() == Ok(port),
    }
}

/// The port that a start command names: `--port 8000`, `-b 0.0.0.0:8000`, `php -S 0.0.0.0:80`.
fn port_of(command: &Command) -> Option<u16> {
    let args = command.args();
    let flags = [
        "--port",
        "--bind",
        "-b",
        "--http-port",
        "--server.port",
        "--listen",
        "-S",
        "-Dserver.port",
        "--http",
        "-Dhttp.port",
    ];
    for (at, word) in args.iter().enumerate() {
        let value = match word.split_once('=') {
            Some((flag, value)) if flags.contains(&flag) => value,
            _ if flags.contains(&word.as_str()) => args.get(at + 1).map_or("", Name::as_str),
            _ => continue,
        };
        if let Ok(port) = value.rsplit(':').next().unwrap_or(value).parse() {
            return Some(port);
        }
    }
    None
}

/// Directories below which nobody keeps data: they exist in every container and are meant to be lost.
const SCRATCH: [&str; 6] = ["/tmp", "/var/tmp", "/dev", "/proc", "/run", "/var/run"];

/// Directories that the code writes to and no image or service declares; and those that the image's user may not write.
#[must_use]
pub fn volumes(repository: &Repository) -> Vec<Finding> {
    let mut found = Vec::new();
    let all = declared(repository);
    if all.is_empty() {
        return found;
    }
    let main = |file: FileId| repository.files.get(file.index()).is_some_and(|file| file.scope == Scope::Main);
    let productive = |declared: &&Declared| main(declared.file) && !is_for_development(repository.path(declared.file));
    for declared in all.iter().filter(productive) {
        let volumes = declared.image.effective(Keyword::Volume);
        let mut targets: Vec<&str> = volumes.iter().flat_map(|volume| &volume.words).map(Name::as_str).collect();
        targets.extend(
            declared.services.iter().flat_map(|service| &service.mounts).map(|mount: &Mount| mount.target.as_str()),
        );
        let pods = repository.services().filter(|(_, service)| service.kind == ServiceKind::Kubernetes);
        targets.extend(pods.flat_map(|(_, service)| &service.mounts).map(|mount| mount.target.as_str()));
        let mut written: BTreeMap<String, &Finding> = BTreeMap::new();
        for write in repository.of_kind("file-write").chain(repository.of_kind("log-path")) {
            let path = write.subject.as_str();
            // What launchd and systemd are told is about a host.
            let of_host = [".plist", ".service"].iter().any(|end| repository.path(write.file).ends_with(end));
            let absolute =
                !of_host && path.starts_with('/') && !path.contains("{}") && path.len() > 1 && !path.contains("://");
            if absolute && is_in(repository.path(write.file), declared.folder) {
                let directory = if write.tagged("directory") {
                    path
                } else {
                    path.rsplit_once('/').map_or("", |(folder, _)| folder)
                };
                if !directory.is_empty() {
                    written.entry(directory.trim_end_matches('/').to_owned()).or_insert(write);
                }
            }
        }
        for (directory, write) in &written {
            let inside = |target: &str| {
                let target = target.trim_end_matches('/');
                !target.is_empty() && (directory == target || directory.starts_with(&format!("{target}/")))
            };
            if SCRATCH.iter().any(|scratch| inside(scratch)) || targets.iter().any(|target| inside(target)) {
                continue;
            }
            let mut finding =
                repository.note("undeclared-volume", "no-volume", write.file, write.span, directory, &write.snippet);
            finding.severity = Severity::Medium;
            finding.parts = vec![("image".into(), repository.path(declared.file).into())];
            found.push(finding);
        }
        found.extend(not_writable(repository, declared, &written));
    }
    // Two images may be built of the same code.
    found.sort_by(Finding::order);
    found.dedup_by(|a, b| a.file == b.file && a.span == b.span && a.rule == b.rule);
    found
}

/// A user of its own that was never given the directory: the application cannot write where the code does.
fn not_writable(repository: &Repository, declared: &Declared, written: &BTreeMap<String, &Finding>) -> Vec<Finding> {
    let users = declared.image.effective(Keyword::User);
    let Some(user) = users.last() else { return Vec::new() };
    let name = user.words.first().map_or("", Name::as_str).split(':').next().unwrap_or("");
    if name.is_empty() || name == "root" || name == "0" || name.contains('$') {
        return Vec::new();
    }
    let mut given: Vec<&str> = Vec::new();
    for instruction in declared.image.effective(Keyword::Run) {
        for command in &instruction.script.commands {
            if matches!(command.program(), "chown" | "chmod" | "install" | "chgrp" | "useradd" | "adduser") {
                given.extend(command.args().iter().map(Name::as_str).filter(|word| word.starts_with('/')));
            }
        }
    }
    for keyword in [Keyword::Copy, Keyword::Add] {
        for instruction in declared.image.effective(keyword) {
            if instruction.flag("chown").is_some() || instruction.flag("chmod").is_some() {
                given.extend(instruction.words.last().map(Name::as_str));
            }
        }
    }
    let mut found = Vec::new();
    for (directory, write) in written {
        let scratch = SCRATCH.iter().any(|scratch| directory.starts_with(scratch));
        let allowed = given.iter().any(|path| {
            let path = path.trim_end_matches('/');
            directory == path || directory.starts_with(&format!("{path}/")) || path.is_empty()
        });
        if !scratch && !allowed && !directory.starts_with(&format!("/home/{name}")) {
            let subject = format!("{directory} (USER {name})");
            let mut finding = repository.note(
                "undeclared-volume",
                "user-cannot-write",
                write.file,
                write.span,
                &subject,
                &write.snippet,
            );
            finding.confidence = Confidence::Medium;
            finding.doubt = "the base image may give the directory to the user".to_owned();
            finding.parts = vec![("image".into(), repository.path(declared.file).into())];
            found.push(finding);
        }
    }
    found
}
