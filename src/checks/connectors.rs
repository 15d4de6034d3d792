//! Endpoints that several deployables repeat, where nothing hands them out.

use std::collections::{BTreeMap, BTreeSet};

use super::deployables::is_in;
use super::{Repository, deployables};
use crate::rules::Finding;

/// `missing-config-connector`: one finding per variable or address that two or more deployables share, at its first place.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let parts = deployables(repository);
    if parts.len() < 2 || repository.of_kind("config-connector").next().is_some() {
        return Vec::new();
    }
    // The deepest folder that a file lies in: folders are sorted, so that it is the last one that fits.
    let part_of = |finding: &Finding| {
        let path = repository.path(finding.file);
        parts.iter().rposition(|part| is_in(path, &part.folder))
    };
    let mut shared: BTreeMap<&str, (BTreeSet<usize>, &Finding)> = BTreeMap::new();
    let addresses = repository.of_kind("hardcoded-endpoint");
    let variables = repository.of_kind("env-config").filter(|read| is_endpoint(&read.subject));
    for finding in addresses.chain(variables).filter(|finding| is_shareable(&finding.subject)) {
        if let Some(part) = part_of(finding) {
            shared.entry(&finding.subject).or_insert_with(|| (BTreeSet::new(), finding)).0.insert(part);
        }
    }
    let several = shared.into_iter().filter(|(_, (parts, _))| parts.len() > 1);
    several
        .map(|(subject, (parts, first))| {
            let subject = format!("{subject}, {} times", parts.len());
            repository.finding("missing-config-connector", "repeated", first.file, first.span.line, &subject)
        })
        .collect()
}

/// False for what is another thing in each deployable: its own loopback, an address that is not known.
fn is_shareable(subject: &str) -> bool {
    !subject.is_empty() && !["localhost", "127.0.0.1", "::1", "{}"].iter().any(|own| subject.contains(own))
}

/// True for variables that say where something is.
fn is_endpoint(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["HOST", "URL", "URI", "ENDPOINT", "ADDR", "ADDRESS", "DSN", "SERVER", "BROKER"]
        .iter()
        .any(|end| name.ends_with(end))
}
