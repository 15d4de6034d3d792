//! Places that speak for a principle: where a source of the asset is found in the repository, never the absence of findings.

use std::collections::BTreeSet;

use super::data::Source;
use crate::analysis::Analysis;
use crate::facts::{Descriptor, FileId, Health, Image, Instruction, Keyword, Scope, Service};
use crate::rules::{Confidence, Finding};
use crate::split::SHARED;

/// A file and a line of it.
pub type Place = (FileId, u32);

/// The places of a source, what counts most first.
pub fn of(analysis: &Analysis, source: &Source) -> Vec<Place> {
    if !source.kind.is_empty() {
        let found = analysis.findings.iter().filter(|found| is_evidence(found, source));
        let languages = if source.own { own_languages(analysis) } else { BTreeSet::new() };
        let found = found
            .filter(|found| !source.own || found.tagged("distribution") || languages.contains(found.part("ecosystem")));
        return found.map(|found| (found.file, found.span.line)).collect();
    }
    if !source.image.is_empty() {
        let keywords: Vec<Keyword> = source.image.iter().filter_map(|name| keyword(name)).collect();
        return images(analysis, |image| keywords.iter().find_map(|keyword| last(image, *keyword)));
    }
    if source.pinned {
        let known = |image: &Image| {
            let open = image.lineage().any(|stage| stage.base.contains('$'));
            image.stages.last().filter(|_| !open).map(|stage| stage.span.line)
        };
        return images(analysis, known);
    }
    match (source.start.as_str(), source.service.as_str(), source.computed.as_str()) {
        ("exec", ..) => images(analysis, |image| exec(analysis, image)),
        (_, "mount", _) => services(analysis, |service| service.mounts.first().map(|mount| mount.span.line)),
        (_, "health", _) => {
            services(analysis, |service| (service.health == Health::Checked).then_some(service.span.line))
        }
        (.., "shared") => shared(analysis),
        (.., "hotspots") => hotspots(analysis),
        (.., "first-candidate") => {
            let first = analysis.candidates.iter().find(|candidate| candidate.rank == 1);
            first.map_or_else(Vec::new, |first| first.files.iter().map(|file| (*file, 1)).collect())
        }
        _ => Vec::new(),
    }
}

/// The ecosystems of the application's own code: a manifest of the tools beside it declares nothing of it.
fn own_languages(analysis: &Analysis) -> BTreeSet<&'static str> {
    let code = analysis.files.iter().filter(|file| file.scope == Scope::Main && file.is_code);
    let languages = code.filter_map(|file| file.language).map(|language| match language.0 {
        "typescript" => "javascript",
        other => other,
    });
    languages.collect()
}

fn is_evidence(found: &Finding, source: &Source) -> bool {
    found.kind.0 == source.kind
        && found.scope == Scope::Main
        && found.confidence > Confidence::Low
        && found.rule.ends_with(&source.rule)
        && (source.tag.is_empty() || found.tagged(&source.tag))
        && (source.words.is_empty() || says(&found.subject, &source.words))
}

/// True where a part of a name (`DB_HOST`, `dbHost`, `db-host`) is one of the words.
fn says(name: &str, words: &[String]) -> bool {
    let mut parts: Vec<String> = vec![String::new()];
    let mut before_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before_lower) {
            parts.push(String::new());
        }
        before_lower = c.is_lowercase();
        if c.is_alphanumeric()
            && let Some(part) = parts.last_mut()
        {
            part.extend(c.to_lowercase());
        }
    }
    parts.iter().any(|part| words.iter().any(|word| word == part.trim_end_matches(|c: char| c.is_ascii_digit())))
}

fn keyword(name: &str) -> Option<Keyword> {
    match name {
        "user" => Some(Keyword::User),
        "expose" => Some(Keyword::Expose),
        "volume" => Some(Keyword::Volume),
        "healthcheck" => Some(Keyword::Healthcheck),
        _ => None,
    }
}

/// The line of the last instruction with this keyword in the finished image; a value that only the build knows is no proof.
fn last(image: &Image, keyword: Keyword) -> Option<u32> {
    let last = image.effective(keyword).pop()?;
    let open = keyword == Keyword::User && last.words.iter().any(|word| word.contains('$'));
    (!open).then_some(last.span.line)
}

/// Where the finished image starts its program in exec form. A script that is not in the repository could do anything.
fn exec(analysis: &Analysis, image: &Image) -> Option<u32> {
    let start: &Instruction =
        image.effective(Keyword::Entrypoint).pop().or_else(|| image.effective(Keyword::Cmd).pop())?;
    let program = start.words.first()?;
    let name = program.rsplit('/').next().unwrap_or(program);
    let script = name.ends_with(".sh") || name.contains("entrypoint") || name.contains('$');
    let read = || analysis.files.iter().any(|file| file.path.rsplit('/').next() == Some(name));
    (start.exec_form && (!script || read())).then_some(start.span.line)
}

/// The place that each image definition of the application has for something.
fn images(analysis: &Analysis, of: impl Fn(&Image) -> Option<u32>) -> Vec<Place> {
    let described = analysis.descriptors.iter().filter(|described| is_main(analysis, described.file));
    let places = described.filter_map(|described| match &described.descriptor {
        Descriptor::Image(image) => of(image).map(|line| (described.file, line)),
        _ => None,
    });
    places.collect()
}

fn services(analysis: &Analysis, of: impl Fn(&Service) -> Option<u32>) -> Vec<Place> {
    let mut found = Vec::new();
    for described in analysis.descriptors.iter().filter(|described| is_main(analysis, described.file)) {
        if let Descriptor::Services(services) = &described.descriptor {
            found.extend(services.iter().filter_map(&of).map(|line| (described.file, line)));
        }
    }
    found
}

/// Image and service definitions of the application.
pub fn definitions(analysis: &Analysis) -> usize {
    images(analysis, |_| Some(1)).len() + services(analysis, |_| Some(1)).len()
}

/// Files of what stays common, those used most first: that something could become a library does not say that it is one.
fn shared(analysis: &Analysis) -> Vec<Place> {
    let shared = analysis.candidates.iter().find(|candidate| candidate.id == SHARED);
    let mut files = shared.map_or_else(Vec::new, |shared| shared.files.clone());
    let uses = |file: FileId| analysis.graph.file_metrics.get(file.index()).map_or(0, |metrics| metrics.fan_in);
    files.sort_by_key(|file| (std::cmp::Reverse(uses(*file)), *file));
    files.into_iter().map(|file| (file, 1)).collect()
}

/// Files by changes times (1 + fan-in), the ones that would profit most from standing alone.
fn hotspots(analysis: &Analysis) -> Vec<Place> {
    let mut spots: Vec<(u64, FileId)> = Vec::new();
    for (index, churn) in analysis.history.changes.iter().enumerate().take(analysis.files.len()) {
        let fan_in = analysis.graph.file_metrics.get(index).map_or(0, |metrics| metrics.fan_in);
        let file = &analysis.files[index];
        if churn.commits > 1 && fan_in > 0 && file.scope == Scope::Main && file.is_code {
            spots.push((u64::from(churn.commits) * u64::from(1 + fan_in), FileId(index as u32)));
        }
    }
    spots.sort_by_key(|&(heat, file)| (std::cmp::Reverse(heat), file));
    spots.into_iter().map(|(_, file)| (file, 1)).collect()
}

fn is_main(analysis: &Analysis, file: FileId) -> bool {
    analysis.files.get(file.index()).is_some_and(|file| file.scope == Scope::Main)
}

#[cfg(test)]
mod tests {
    use super::says;

    #[test]
    fn a_word_is_a_whole_part_of_the_name() {
        let words = ["host".to_owned(), "db".to_owned()];
        for name in ["DB_HOST", "dbName", "REDIS-HOST", "smtp.host", "DB1"] {
            assert!(says(name, &words), "{name}");
        }
        for name in ["HOME", "GHOST", "PATH", "LANG", "ADBE"] {
            assert!(!says(name, &words), "{name}");
        }
    }
}
