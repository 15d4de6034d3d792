//! What speaks for the principles of images and of running containers: places, never the mere absence of findings.

use crate::analysis::Analysis;
use crate::facts::{Descriptor, FileId, Health, Image, Instruction, Keyword, Scope, Span};
use crate::rules::Kind;

/// What speaks for a principle of the groups B and C that nothing speaks against: one sentence, and places as `path:line`.
/// `None` where nothing of what it is about is in the repository.
pub fn evidence(analysis: &Analysis, id: &str) -> Option<(String, Vec<String>)> {
    let place = |(file, span): (FileId, Span)| format!("{}:{}", analysis.path(file), span.line);
    let found: Vec<(FileId, Span)> = match id {
        "B1" => each(analysis, |image| image.stages.last().map(|stage| stage.span)),
        "B3" => services(analysis, |service| service.mounts.first().map(|mount| mount.span)),
        "B4" => each(analysis, |image| {
            let declared = image.effective(Keyword::Expose).pop().or_else(|| image.effective(Keyword::Volume).pop());
            declared.map(|instruction| instruction.span)
        }),
        "B5" => each(analysis, |image| image.effective(Keyword::User).pop().map(|instruction| instruction.span)),
        "B6" => facts(analysis, "service-manager", |found| found.rule.ends_with("/started")),
        "B8" => each(analysis, |image| start(image).filter(|start| start.exec_form).map(|start| start.span)),
        "C1" => facts(analysis, "log-shipping", |_| true),
        "C2" => facts(analysis, "build-pipeline", |found| found.tagged("by-hand")),
        "C4" => {
            let mut found = each(analysis, |image| image.effective(Keyword::Healthcheck).pop().map(|check| check.span));
            found.extend(services(analysis, |service| (service.health == Health::Checked).then_some(service.span)));
            found
        }
        _ => return None,
    };
    let text = match id {
        "B1" => "image definitions name versions for all they install, as far as can be read",
        "B3" => "services mount volumes, and no directory of the host",
        "B4" => "image definitions declare ports or volumes, and nothing undeclared was seen",
        "B5" => "image definitions set a user of their own",
        "B6" => "image definitions start a service manager",
        "B8" => "image definitions start the program itself as PID 1",
        "C1" => "places send logs to a driver or shipper",
        "C2" => "pipelines build an image and can be started by hand",
        _ => "images or services have a health check",
    };
    (!found.is_empty()).then(|| (format!("{} {text}.", found.len()), found.into_iter().map(place).collect()))
}

/// The place that each image definition of the application has for something.
fn each(analysis: &Analysis, of: impl Fn(&Image) -> Option<Span>) -> Vec<(FileId, Span)> {
    let images = analysis.descriptors.iter().filter(|described| is_main(analysis, described.file));
    let spans = images.filter_map(|described| match &described.descriptor {
        Descriptor::Image(image) => of(image).map(|span| (described.file, span)),
        _ => None,
    });
    spans.collect()
}

fn services(analysis: &Analysis, of: impl Fn(&crate::facts::Service) -> Option<Span>) -> Vec<(FileId, Span)> {
    let mut found = Vec::new();
    for described in analysis.descriptors.iter().filter(|described| is_main(analysis, described.file)) {
        if let Descriptor::Services(services) = &described.descriptor {
            found.extend(services.iter().filter_map(&of).map(|span| (described.file, span)));
        }
    }
    found
}

fn facts(
    analysis: &Analysis,
    kind: &'static str,
    test: impl Fn(&crate::rules::Finding) -> bool,
) -> Vec<(FileId, Span)> {
    analysis.of_kind(Kind(kind)).filter(|found| test(found)).map(|found| (found.file, found.span)).collect()
}

/// What the finished image starts.
fn start(image: &Image) -> Option<&Instruction> {
    image.effective(Keyword::Entrypoint).pop().or_else(|| image.effective(Keyword::Cmd).pop())
}

fn is_main(analysis: &Analysis, file: FileId) -> bool {
    analysis.files.get(file.index()).is_some_and(|file| file.scope == Scope::Main)
}
