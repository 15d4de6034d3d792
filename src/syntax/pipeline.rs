//! Pipelines of continuous integration: whether they build an image, and whether people can start them.

use crate::facts::{Descriptor, Entry, Name, Pipeline, Span};

/// What builds an image, by what stands in a step.
const BUILDERS: &[&str] = &[
    "docker build",
    "docker buildx",
    "docker image build",
    "docker/build-push-action",
    "docker/bake-action",
    "docker compose build",
    "docker-compose build",
    "podman build",
    "buildah bud",
    "buildah build",
    "buildah-build",
    "kaniko",
    "img build",
    "pack build",
    "ko build",
    "ko publish",
    "jib:build",
    "jib:dockerBuild",
    ":jib",
    "spring-boot:build-image",
    "bootBuildImage",
    "dockerBuild",
    "plugins/docker",
    "plugins/kaniko",
    "docker/build",
    "docker/publish",
    "docker.build(",
    "dockerfile-maven",
    "docker:build",
    "Docker@",
    "acr build",
    "gcloud builds submit",
    "gcr.io/cloud-builders/docker",
    "woodpeckerci/plugin-docker-buildx",
    "elgohr/Publish-Docker",
    "mr-smithers-excellent/docker-build-push",
    "macbre/push-to-ghcr",
    "nixpacks build",
];

/// The system that runs the pipelines of this path, if any.
fn system(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let below = |folder: &str| path.starts_with(folder) || path.contains(&format!("/{folder}"));
    Some(match name {
        _ if below(".github/workflows/") => "GitHub Actions",
        _ if below(".gitea/workflows/") || below(".forgejo/workflows/") => "Forgejo Actions",
        ".gitlab-ci.yml" => "GitLab CI",
        _ if below(".gitlab/ci/") || below(".gitlab-ci/") => "GitLab CI",
        _ if below(".circleci/") => "CircleCI",
        _ if name.starts_with("azure-pipelines") => "Azure Pipelines",
        ".drone.yml" | ".drone.yaml" => "Drone",
        ".woodpecker.yml" | ".woodpecker.yaml" => "Woodpecker",
        _ if below(".woodpecker/") => "Woodpecker",
        ".travis.yml" => "Travis CI",
        "bitbucket-pipelines.yml" => "Bitbucket Pipelines",
        "cloudbuild.yaml" | "cloudbuild.yml" => "Cloud Build",
        "buildspec.yml" | "buildspec.yaml" => "CodeBuild",
        "appveyor.yml" | ".appveyor.yml" => "AppVeyor",
        _ if name.starts_with("Jenkinsfile") || name.ends_with(".jenkinsfile") => "Jenkins",
        _ => return None,
    })
}

/// What a pipeline's file says, from its entries.
pub(super) fn describe(path: &str, entries: &[Entry]) -> Option<Descriptor> {
    let system = system(path)?;
    let mut pipeline = Pipeline { system, ..Pipeline::default() };
    for entry in entries {
        if let Some(builder) = builder(&entry.value) {
            pipeline.builds.push((builder, narrow(entry, &entry.value)));
        }
    }
    pipeline.builds.dedup();
    pipeline.manual = match system {
        "GitHub Actions" | "Forgejo Actions" => entries
            .iter()
            .find(|entry| {
                let key = entry.key.trim_start_matches(['"', '\'']);
                key.starts_with("on.workflow_dispatch")
                    || (key == "on" || key.starts_with("on.")) && entry.value == "workflow_dispatch"
            })
            .map(|entry| entry.span),
        // The others let people start any pipeline from their pages.
        _ => entries.first().map(|entry| entry.span),
    };
    Some(Descriptor::Pipeline(pipeline))
}

/// A Jenkinsfile: no settings but a program, read by its lines.
pub(super) fn jenkins(text: &str, span: &dyn Fn(usize, usize) -> Span) -> Descriptor {
    let mut pipeline = Pipeline { system: "Jenkins", ..Pipeline::default() };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        if !content.starts_with("//")
            && let Some(builder) = builder(content)
        {
            let start = at + (line.len() - line.trim_start().len());
            pipeline.builds.push((builder, span(start, at + line.trim_end().len())));
        }
        at += line.len();
    }
    pipeline.manual = Some(span(0, text.find('\n').unwrap_or(text.len())));
    Descriptor::Pipeline(pipeline)
}

fn builder(text: &str) -> Option<Name> {
    let found = BUILDERS.iter().find(|builder| text.contains(**builder))?;
    // `docker buildx` also lists and installs.
    let builds = *found != "docker buildx" || text.contains("buildx build") || text.contains("buildx bake");
    builds.then(|| Name::from(found.trim_end_matches(['(', '@']).trim_start_matches(':')))
}

/// The line of a script of several lines on which the builder stands: the value's line is counted from the entry's.
fn narrow(entry: &Entry, value: &str) -> Span {
    let at = value.lines().position(|line| builder(line).is_some()).unwrap_or(0);
    let several = entry.span.end_line > entry.span.line;
    if !several {
        return entry.span;
    }
    // A block scalar begins on the line below its key.
    let line = entry.span.line + 1 + u32::try_from(at).unwrap_or(0);
    let line = line.min(entry.span.end_line);
    Span { line, end_line: line, ..entry.span }
}
