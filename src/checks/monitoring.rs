//! Monitoring: routes that health checks and metrics go by their names, and deployables that offer none.

use std::collections::BTreeSet;

use super::deployables::is_in;
use super::{Repository, deployables};
use crate::rules::Finding;

/// Last parts of routes that monitoring asks for.
const ROUTES: [&str; 18] = [
    "health",
    "healthz",
    "healthcheck",
    "health-check",
    "health_check",
    "ready",
    "readyz",
    "readiness",
    "live",
    "livez",
    "liveness",
    "metrics",
    "alive",
    "up",
    "_health",
    "_status",
    "heartbeat",
    "actuator",
];

/// `monitoring-endpoint` for routes, `missing-monitoring` once per deployable at its entry.
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let mut seen = BTreeSet::new();
    for entry in repository.of_kind("entry-point").filter(|entry| entry.tagged("http") && is_monitoring(&entry.subject))
    {
        if seen.insert((entry.file, entry.subject.as_str())) {
            let line = entry.span.line;
            let finding = repository.finding("monitoring-endpoint", "route", entry.file, line, &entry.subject);
            found.push(Finding { span: entry.span, snippet: entry.snippet.clone(), ..finding });
        }
    }
    let offered: Vec<&str> =
        repository.of_kind("monitoring-endpoint").chain(&found).map(|finding| repository.path(finding.file)).collect();
    let mut missing = Vec::new();
    for part in deployables(repository) {
        let Some((file, line)) = part.entry else { continue };
        // A command that ends by itself is not asked how it is.
        if !part.serves || offered.iter().any(|path| is_in(path, &part.folder)) {
            continue;
        }
        let name = if part.folder.is_empty() { "the application" } else { part.folder.as_str() };
        missing.push(repository.finding("missing-monitoring", "deployable", file, line, name));
    }
    found.extend(missing);
    found
}

fn is_monitoring(route: &str) -> bool {
    let path = route.rsplit(' ').next().unwrap_or(route).to_ascii_lowercase();
    let path = path.trim_end_matches(['/', '$', '?']);
    let last = path.rsplit(['/', '^']).next().unwrap_or_default();
    ROUTES.contains(&last)
}

#[cfg(test)]
mod tests {
    use super::is_monitoring;

    #[test]
    fn routes_are_told_by_their_last_part() {
        assert!(is_monitoring("GET /healthz") && is_monitoring("/^health/$") && is_monitoring("/api/metrics"));
        assert!(!is_monitoring("GET /health-insurance") && !is_monitoring("/orders"));
    }
}
