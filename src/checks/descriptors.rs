//! Image definitions, scripts, services and pipelines of the repository, and which script starts what.

use super::Repository;
use crate::facts::{Command, Descriptor, FileId, Image, Keyword, Pipeline, Scope, Script, Service, ServiceKind, Span};
use crate::rules::{self, Finding, kinds};

/// A script that a container or service starts with.
#[derive(Debug, Clone, Copy)]
pub struct StartScript<'a> {
    /// The script's file.
    pub file: FileId,
    /// What it does.
    pub script: &'a Script,
    /// True where an image definition or a service names it; else its name alone says it.
    pub named: bool,
}

impl<'a> Repository<'a> {
    /// The image definitions.
    pub fn images(&self) -> impl Iterator<Item = (FileId, &'a Image)> {
        self.descriptors.iter().filter_map(|described| match &described.descriptor {
            Descriptor::Image(image) => Some((described.file, image)),
            _ => None,
        })
    }

    /// The scripts.
    pub fn scripts(&self) -> impl Iterator<Item = (FileId, &'a Script)> {
        self.descriptors.iter().filter_map(|described| match &described.descriptor {
            Descriptor::Script(script) => Some((described.file, script)),
            _ => None,
        })
    }

    /// The services, file by file.
    pub fn services(&self) -> impl Iterator<Item = (FileId, &'a Service)> {
        self.descriptors.iter().flat_map(|described| {
            let services: &[Service] = match &described.descriptor {
                Descriptor::Services(services) => services,
                Descriptor::Kustomization { images, .. } => images,
                _ => &[],
            };
            services.iter().map(|service| (described.file, service))
        })
    }

    /// The pipelines.
    pub fn pipelines(&self) -> impl Iterator<Item = (FileId, &'a Pipeline)> {
        self.descriptors.iter().filter_map(|described| match &described.descriptor {
            Descriptor::Pipeline(pipeline) => Some((described.file, pipeline)),
            _ => None,
        })
    }

    /// A finding with its place, what stands there, and the scope of its file.
    #[must_use]
    pub fn note(
        &self,
        kind: &'static str,
        rule: &str,
        file: FileId,
        span: Span,
        subject: &str,
        source: &str,
    ) -> Finding {
        let mut found = self.finding(kind, rule, file, span.line, &rules::redact(subject));
        found.span = span;
        let source: String = source.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
        found.snippet = rules::redact(&source).into_owned();
        if let (Some(info), Some(file)) = (kinds::find(kind), self.files.get(file.index())) {
            // What a development container does is done on nobody's production.
            found.scope = if is_for_development(&file.path) { Scope::Build } else { info.scope(file.scope) };
        }
        found
    }
}

/// A command as it was written, cut to what a line takes.
#[must_use]
pub fn shown(command: &Command) -> String {
    let mut text = command.words.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" ");
    if text.chars().count() > 80 {
        text = text.chars().take(79).collect();
        text.push('…');
    }
    text
}

/// True for the containers that people write code in.
#[must_use]
pub fn is_for_development(path: &str) -> bool {
    path.contains(".devcontainer/") || path.contains(".gitpod") || path.contains(".dockerdev/")
}

/// The last part of a path.
#[must_use]
pub fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The scripts that something starts with: named by `CMD`, `ENTRYPOINT` or a service's command, or called so.
#[must_use]
pub fn start_scripts<'a>(repository: &Repository<'a>) -> Vec<StartScript<'a>> {
    let mut named: Vec<&str> = Vec::new();
    for (_, image) in repository.images() {
        for keyword in [Keyword::Cmd, Keyword::Entrypoint] {
            let commands = image.effective(keyword).into_iter().flat_map(|instruction| &instruction.script.commands);
            named.extend(commands.flat_map(|command| &command.words).map(|word| base_name(word)));
        }
    }
    let containers = repository.services().filter(|(_, service)| service.kind != ServiceKind::Systemd);
    for (_, service) in containers {
        named.extend(service.command.commands.iter().flat_map(|command| &command.words).map(|word| base_name(word)));
    }
    named.sort_unstable();
    named.dedup();
    let any_image = repository.images().next().is_some();
    repository
        .scripts()
        .filter_map(|(file, script)| {
            let name = base_name(repository.path(file));
            let is_named = named.binary_search(&name).is_ok();
            let called = any_image && name.contains("entrypoint");
            (is_named || called).then_some(StartScript { file, script, named: is_named })
        })
        .collect()
}
