//! C1, C2 and C4: who keeps images current, where logs go, and how anybody outside sees that a container works.

use super::Repository;
use super::descriptors::{base_name, shown};
use super::knowledge::{self, has, installs, lists, manager};
use crate::facts::{FileId, Health, Keyword, Scope, ServiceKind, Span};
use crate::rules::{Confidence, Finding, Severity};

/// Base images, and images of services, past their end of support.
#[must_use]
pub fn bases(repository: &Repository) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |file: FileId, span: Span, image: &str, of_application: bool| {
        let Some(stale) = knowledge::stale(image, None) else { return };
        let subject = format!("{image} ({}, {})", stale.what, stale.since);
        let mut finding = repository.note("stale-base-image", "end-of-support", file, span, &subject, image);
        if !of_application {
            // A stage that only builds, or a service beside the application.
            finding.severity = Severity::Medium;
        }
        finding.parts = vec![("image".into(), image.into()), ("since".into(), stale.since.into())];
        found.push(finding);
    };
    for (file, image) in repository.images() {
        let finished: Vec<Span> = image.lineage().map(|stage| stage.span).collect();
        for stage in image.stages.iter().filter(|stage| stage.parent.is_none()) {
            add(file, stage.span, &stage.base, finished.contains(&stage.span));
        }
    }
    for (file, service) in repository.services() {
        if let Some((image, span)) = &service.image {
            add(file, *span, image, false);
        }
    }
    found
}

/// Pipelines that build images, image definitions that none builds, and pipelines that nobody can start by hand.
#[must_use]
pub fn pipelines(repository: &Repository) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut built = false;
    for (file, pipeline) in repository.pipelines() {
        let Some((builder, span)) = pipeline.builds.first() else { continue };
        built = true;
        let subject = format!("{}, {builder}", pipeline.system);
        let mut fact = repository.note("build-pipeline", "builds-image", file, *span, &subject, builder);
        let by_hand = if pipeline.manual.is_some() { "yes" } else { "no" };
        fact.parts = vec![("by-hand".into(), by_hand.into()), ("system".into(), pipeline.system.into())];
        if pipeline.manual.is_some() {
            fact.tags.push("by-hand".into());
        }
        found.push(fact);
        if pipeline.manual.is_none() {
            let mut finding =
                repository.note("missing-build-pipeline", "not-by-hand", file, *span, pipeline.system, builder);
            finding.severity = Severity::Low;
            finding.scope = Scope::Main;
            found.push(finding);
        }
    }
    let main = |file: &FileId| repository.files.get(file.index()).is_some_and(|file| file.scope == Scope::Main);
    let mut images = repository.images().filter(|(file, _)| main(file));
    if !built && let Some((file, image)) = images.next() {
        // Said once: at the first image definition, those at the root first.
        let (file, image) = images.fold((file, image), |best, other| {
            let depth = |file: FileId| repository.path(file).matches('/').count();
            if depth(other.0) < depth(best.0) { other } else { best }
        });
        let span = image.stages.last().map(|stage| stage.span).unwrap_or_default();
        let path = repository.path(file);
        let mut finding = repository.note("missing-build-pipeline", "no-pipeline", file, span, path, path);
        finding.confidence = Confidence::Medium;
        finding.doubt = "a pipeline may be kept outside the repository".to_owned();
        found.push(finding);
    }
    found
}

/// Logging drivers and shippers; services that are described in full and name neither.
#[must_use]
pub fn logs(repository: &Repository) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut ships = false;
    for (file, service) in repository.services() {
        if let Some((driver, span)) = &service.logging {
            let kept = matches!(driver.as_str(), "json-file" | "local" | "none" | "db");
            if kept {
                let subject = format!("{}: {driver}", service.name);
                found.push(repository.note("missing-log-shipping", "local-driver", file, *span, &subject, driver));
            } else {
                ships = true;
                found.push(repository.note(
                    "log-shipping",
                    "driver",
                    file,
                    *span,
                    &format!("{}: {driver}", service.name),
                    driver,
                ));
            }
        }
        let shipper = service.image.as_ref().filter(|(image, _)| {
            let name = knowledge::reference(image).map_or("", |reference| base_name(reference.name));
            has(&lists().shippers, name)
        });
        if let Some((image, span)) = shipper {
            ships = true;
            found.push(repository.note("log-shipping", "shipper", file, *span, image, image));
        }
    }
    for (file, image) in repository.images() {
        for instruction in image.effective(Keyword::Run) {
            for command in &instruction.script.commands {
                let Some((manager, words)) = manager(command) else { continue };
                let Some(installs) = installs(manager, &words) else { continue };
                if let Some(name) = installs.packages.iter().find(|name| has(&lists().shippers, name)) {
                    ships = true;
                    found.push(repository.note("log-shipping", "installed", file, command.span, name, &shown(command)));
                }
            }
        }
    }
    // A log file that a shipper reads.
    for clue in repository.clues("tailed") {
        let log = repository
            .of_kind("log-path")
            .find(|log| log.subject.starts_with('/') && matches_glob(&clue.subject, &log.subject));
        if let Some(log) = log {
            ships = true;
            let mut fact =
                repository.note("log-shipping", "tailed", clue.file, clue.span, &clue.subject, &clue.snippet);
            fact.parts = vec![("log".into(), format!("{}:{}", repository.path(log.file), log.span.line).into())];
            found.push(fact);
        }
    }
    let main = |file: FileId| repository.files.get(file.index()).is_some_and(|file| file.scope == Scope::Main);
    if !ships {
        // Said once per file that describes services of our own.
        let mut seen: Vec<FileId> = Vec::new();
        for (file, service) in repository.services() {
            let container = service.kind == ServiceKind::Compose;
            let whole = service.built && !service.partial;
            if container && whole && service.logging.is_none() && main(file) && !seen.contains(&file) {
                seen.push(file);
                let mut finding = repository.note(
                    "missing-log-shipping",
                    "no-driver",
                    file,
                    service.span,
                    &service.name,
                    &service.name,
                );
                finding.confidence = Confidence::Medium;
                finding.doubt = "the engine's own default may ship logs".to_owned();
                found.push(finding);
            }
        }
    }
    found
}

/// Images without a health check that nothing else checks either.
#[must_use]
pub fn health(repository: &Repository) -> Vec<Finding> {
    let mut found = Vec::new();
    let checked = repository.services().any(|(_, service)| {
        service.health == Health::Checked && (service.built || service.kind == ServiceKind::Kubernetes)
    });
    for (file, image) in repository.images() {
        let Some(stage) = image.stages.last() else { continue };
        let starts = !image.effective(Keyword::Cmd).is_empty() || !image.effective(Keyword::Entrypoint).is_empty();
        let check = image.effective(Keyword::Healthcheck);
        match check.last() {
            Some(check) if check.words.first().is_some_and(|word| word.eq_ignore_ascii_case("none")) => {
                found.push(repository.note(
                    "missing-healthcheck",
                    "switched-off",
                    file,
                    check.span,
                    "HEALTHCHECK NONE",
                    "HEALTHCHECK NONE",
                ));
            }
            None if starts && !checked => {
                found.push(repository.note(
                    "missing-healthcheck",
                    "no-instruction",
                    file,
                    stage.span,
                    repository.path(file),
                    &format!("FROM {}", stage.base),
                ));
            }
            _ => {}
        }
    }
    for (file, service) in repository.services() {
        let rule = match (service.kind, service.health) {
            (ServiceKind::Compose, Health::Off) => "service-switched-off",
            (ServiceKind::Kubernetes, Health::Unsaid) if service.image.is_some() && !service.partial => "no-probe",
            _ => continue,
        };
        found.push(repository.note("missing-healthcheck", rule, file, service.span, &service.name, &service.name));
    }
    found
}

/// Service managers and what they run.
#[must_use]
pub fn managers(repository: &Repository) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, service) in repository.services() {
        let rule = match service.kind {
            ServiceKind::Managed => "program",
            ServiceKind::Systemd => "unit",
            _ => continue,
        };
        let command = service.command.commands.first().map(shown).unwrap_or_default();
        let mut fact = repository.note(
            "service-manager",
            rule,
            file,
            service.span,
            &format!("{}: {command}", service.name),
            &command,
        );
        fact.parts = vec![("command".into(), fact_text(&command)), ("program".into(), service.name.clone())];
        found.push(fact);
    }
    for (file, image) in repository.images() {
        for keyword in [Keyword::Entrypoint, Keyword::Cmd] {
            let Some(instruction) = image.effective(keyword).pop() else { continue };
            let manager = instruction.script.commands.iter().find(|command| {
                has(&lists().managers, command.program()) || command.words.first().is_some_and(|word| word == "/init")
            });
            if let Some(command) = manager {
                found.push(repository.note(
                    "service-manager",
                    "started",
                    file,
                    instruction.span,
                    &shown(command),
                    &shown(command),
                ));
            }
        }
    }
    found
}

/// True when a path fits a pattern with `*`; `**` and `*` stand for anything here.
fn matches_glob(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*').filter(|part| !part.is_empty());
    let Some(first) = parts.next() else { return false };
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty() || pattern.ends_with('*')
}

fn fact_text(text: &str) -> crate::facts::Name {
    crate::rules::redact(text).as_ref().into()
}
