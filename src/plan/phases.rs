//! The phases and their steps, made from findings and scanned facts only; those of the split are in `parts`.

use std::collections::{BTreeMap, BTreeSet};

use super::advice::{Advice, id};
use super::effort::{SITE, Unit, Weights, count};
use super::{Item, Phase, Plan, Words, order};
use crate::analysis::Analysis;
use crate::facts::{Name, Scope};
use crate::rules::{Confidence, Finding, Kind, Severity};

/// The most steps of one kind of advice; the smallest beyond become one step.
const STEPS: usize = 15;
/// The most places that a step lists.
pub(super) const PLACES: usize = 50;
/// What the step for the small ones is about.
pub(super) const REST: &str = "the rest";

const FINDING: Unit = ["finding", "findings", "Befund", "Befunde"];
const ENTRY: Unit = ["entry point", "entry points", "Einstiegspunkt", "Einstiegspunkte"];
const LANGUAGE: Unit = ["language", "languages", "Sprache", "Sprachen"];
const VARIABLE: Unit = ["variable", "variables", "Variable", "Variablen"];
const TRIAL: Unit = ["trial", "trials", "Versuch", "Versuche"];

/// The plan of an analysis: know it, make it portable, first image, operate it, split the first candidate, then the next.
/// Phases without a step are kept, so that people see the way; their order is the order of work. Within a phase, what is
/// needed comes first, then the smallest, then what pays most for its effort.
#[must_use]
pub fn build(analysis: &Analysis, weights: &Weights) -> Plan {
    let mut users = vec![0; analysis.files.len()];
    for edge in &analysis.graph.edges {
        if let Some(users) = users.get_mut(edge.to.index()) {
            *users += 1;
        }
    }
    let steps = Steps { analysis, users, weights };
    let (mut portable, folded) = steps.portable();
    let mut image = steps.image();
    let mut operate = steps.operate(!image.is_empty());
    for (phase, step) in steps.whole_kinds() {
        match phase {
            "image" => image.push(step),
            "operate" => operate.push(step),
            _ => portable.push(step),
        }
    }
    let first = analysis.candidates.iter().find(|candidate| candidate.rank == 1);
    let split = first.map_or_else(Vec::new, |first| steps.split(first));
    let next = steps.next(&split);
    let (split_off, split_off_de) = match first {
        Some(first) => (format!("Split off {}", first.name), format!("{} abtrennen", first.name)),
        None => ("Split the first part".to_owned(), "Den ersten Teil abtrennen".to_owned()),
    };
    let phase = |id, title: [&str; 2], why: [&str; 2], items| Phase {
        id,
        title: title[0].to_owned(),
        title_de: title[1].to_owned(),
        why: why[0].to_owned(),
        why_de: why[1].to_owned(),
        items,
        order: Vec::new(),
    };
    let mut phases = vec![
        phase(
            "know",
            ["Know it", "Kennenlernen"],
            [
                "A small step can only be chosen by who knows what is there.",
                "Nur wer weiß, was da ist, kann einen kleinen Schritt wählen.",
            ],
            steps.know(),
        ),
        phase(
            "portable",
            ["Make it portable", "Beweglich machen"],
            [
                "Pays on a virtual machine or bare metal as well.",
                "Lohnt sich auch auf virtuellen Maschinen und auf blankem Blech.",
            ],
            portable,
        ),
        phase(
            "image",
            ["Build the first image", "Das erste Image bauen"],
            [
                "The whole application in one image, before anything is split.",
                "Die ganze Anwendung in einem Image, bevor etwas geteilt wird.",
            ],
            image,
        ),
        phase(
            "operate",
            ["Operate it", "Betreiben"],
            [
                "Most questions about containers are about operations.",
                "Die meisten Fragen zu Containern sind Fragen des Betriebs.",
            ],
            operate,
        ),
        phase(
            "split-1",
            [&split_off, &split_off_de],
            ["The part that is easiest to start with.", "Der Teil, mit dem sich am leichtesten anfangen lässt."],
            split,
        ),
        phase(
            "split-next",
            ["Then the next", "Dann der nächste"],
            [
                "After the first, the figures are known and the order may change.",
                "Nach dem ersten sind die Zahlen bekannt, und die Reihenfolge kann sich ändern.",
            ],
            next,
        ),
    ];
    order::arrange(&mut phases);
    Plan { phases, folded }
}

/// What steps are made of.
pub(super) struct Steps<'a> {
    pub analysis: &'a Analysis,
    /// How many files depend on each file.
    users: Vec<usize>,
    weights: &'a Weights,
}

/// Findings by (advice, subject).
type Groups = BTreeMap<(&'static str, String), Group>;

/// Findings that make one step.
#[derive(Default)]
struct Group {
    title: (String, String),
    findings: Vec<u32>,
}

impl Steps<'_> {
    /// A step of a kind (the name of its advice file) about `subject`; the id depends on both and on nothing else.
    pub fn item(&self, kind: &str, subject: &str, title: (String, String), sites: (usize, Unit), files: usize) -> Item {
        let advice = Advice::of(kind);
        let known = crate::principles::titles().map(|(id, _, _)| id);
        let cost = self.weights.cost(kind, sites.0, sites.1, files);
        let by_scan = advice.check != "people";
        let (check, check_de) = if by_scan {
            ("A new scan finds none of these places.", "Ein neuer Scan findet keine dieser Stellen.")
        } else {
            ("People agree that it is done; no scan can see it.", "Menschen sind sich einig; kein Scan kann es sehen.")
        };
        let counted = |title: &str, german| {
            if sites.0 == 0 { title.to_owned() } else { format!("{title} ({})", count(sites.0, sites.1, german)) }
        };
        Item {
            id: id(kind, subject),
            title: counted(&title.0, false),
            why: advice.why.clone(),
            how: advice.how.clone(),
            principle: known.into_iter().find(|id| *id == advice.principle).unwrap_or("D1"),
            effort: cost.effort,
            days: cost.days,
            effort_rule: cost.rule,
            risk: advice.risk,
            risk_why: advice.risk_why.clone(),
            back: advice.back.clone(),
            check: check.to_owned(),
            by_scan,
            german: Words {
                title: counted(&title.1, true),
                why: advice.why_de.clone(),
                how: advice.how_de.clone(),
                effort_rule: cost.rule_de,
                risk_why: advice.risk_why_de.clone(),
                back: advice.back_de.clone(),
                check: check_de.to_owned(),
            },
            name: title.0,
            ..Item::default()
        }
    }

    /// A step about findings.
    pub fn of_findings(&self, kind: &str, subject: &str, title: (String, String), findings: Vec<u32>) -> Item {
        self.counted_findings(kind, subject, title, findings, SITE)
    }

    fn counted_findings(
        &self,
        kind: &str,
        subject: &str,
        title: (String, String),
        findings: Vec<u32>,
        unit: Unit,
    ) -> Item {
        let files = self.files_of(&findings);
        let mut step = self.item(kind, subject, title, (findings.len(), unit), files);
        step.pays = self.pay(&findings);
        step.used = self.used(&findings);
        step.findings = findings;
        step
    }

    fn pay(&self, findings: &[u32]) -> f64 {
        let found = findings.iter().filter_map(|index| self.analysis.findings.get(*index as usize));
        let found = found.filter(|found| in_the_way(found));
        found.map(|found| self.weights.pay(found.kind.0, found.severity, is_public(&found.subject))).sum()
    }

    /// How many files depend on those of the findings, added up.
    fn used(&self, findings: &[u32]) -> usize {
        let files: BTreeSet<_> = findings.iter().map(|index| self.analysis.findings[*index as usize].file).collect();
        files.iter().map(|file| self.users.get(file.index()).copied().unwrap_or(0)).sum()
    }

    /// A step that people alone can check.
    pub fn by_people(&self, kind: &str, subject: &str, case: &str, sites: (usize, Unit)) -> Item {
        let mut step = self.item(kind, subject, Advice::of(kind).titled(case, ""), sites, 0);
        step.by_scan = false;
        "People agree that it is done; no scan can see it.".clone_into(&mut step.check);
        "Menschen sind sich einig; kein Scan kann es sehen.".clone_into(&mut step.german.check);
        step
    }

    fn files_of(&self, findings: &[u32]) -> usize {
        findings.iter().map(|index| self.analysis.findings[*index as usize].file).collect::<BTreeSet<_>>().len()
    }

    fn know(&self) -> Vec<Item> {
        let doubtful = |finding: &Finding| {
            finding.scope == Scope::Main && finding.confidence == Confidence::Low && !finding.is_inventory()
        };
        let findings: Vec<u32> = self.indices(doubtful);
        let mut items = Vec::new();
        if !findings.is_empty() {
            let title = Advice::of("know").titled("doubtful", "");
            items.push(self.counted_findings("know", "doubtful", title, findings, FINDING));
        }
        let entry_points = self.analysis.entry_points().count();
        if entry_points > 0 {
            let mut step = self.by_people("know", "entry-points", "entry-points", (entry_points, ENTRY));
            step.places = self.entry_places();
            items.push(step);
        }
        items
    }

    fn entry_places(&self) -> Vec<(String, String)> {
        let entries = self.analysis.entry_points().take(PLACES);
        let place = |found: &Finding| {
            (format!("{}:{}", self.analysis.path(found.file), found.span.line), found.subject.clone())
        };
        entries.map(place).collect()
    }

    fn indices(&self, test: impl Fn(&Finding) -> bool) -> Vec<u32> {
        let found = self.analysis.findings.iter().enumerate().filter(|(_, finding)| test(finding));
        found.map(|(index, _)| index as u32).collect()
    }

    /// One step per group of findings, and those that were folded into a step for the rest.
    fn portable(&self) -> (Vec<Item>, Vec<Item>) {
        let mut groups = Groups::new();
        for index in self.indices(in_the_way) {
            let finding = &self.analysis.findings[index as usize];
            if let Some((kind, subject, title)) = self.group(finding) {
                let group = groups.entry((kind, subject)).or_default();
                group.title = title;
                group.findings.push(index);
            }
        }
        let (groups, small) = fold_small(groups);
        let step = |((kind, subject), group): ((&'static str, String), Group)| {
            self.of_findings(kind, &subject, group.title, group.findings)
        };
        (groups.into_iter().map(step).collect(), small.into_iter().map(step).collect())
    }

    /// One step for each kind whose advice names a title, with the id of its phase; in the order of the kinds.
    fn whole_kinds(&self) -> Vec<(&'static str, Item)> {
        let mut found: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for index in self.indices(|finding| in_the_way(finding) && !finding.is_inventory()) {
            found.entry(self.analysis.findings[index as usize].kind.0).or_default().push(index);
        }
        let mut steps = Vec::new();
        for kind in crate::rules::kinds::all() {
            let Some(findings) = found.remove(kind.kind.0) else { continue };
            let advice = Advice::of(kind.kind.0);
            if !advice.title.is_empty() {
                let step = self.of_findings(kind.kind.0, "all", advice.titled("", ""), findings);
                steps.push((advice.phase.as_str(), step));
            }
        }
        steps
    }

    /// What a finding is put together with: advice, subject, title.
    fn group(&self, finding: &Finding) -> Option<(&'static str, String, (String, String))> {
        let graph = &self.analysis.graph;
        let module = graph.module_of.get(finding.file.index());
        let module = module.and_then(|id| graph.modules.get(id.index())).map_or("", |module| module.name.as_str());
        let of_module = |kind: &'static str| {
            let case = match module {
                "" | "." => "all",
                "(root)" => "top",
                _ => "module",
            };
            (kind, format!("module {module}"), Advice::of(kind).titled(case, module))
        };
        let of = |kind: &'static str, case: &str, subject: &str| {
            (kind, format!("{case} {subject}"), Advice::of(kind).titled(case, subject))
        };
        match finding.kind {
            Kind::ENDPOINT => Some(match &finding.proposal {
                Some(name) => of("hardcoded-endpoint", "env", name),
                None => match host(&finding.subject) {
                    host if host.is_empty() => of("hardcoded-endpoint", "fixed", ""),
                    host => of("hardcoded-endpoint", "host", &host),
                },
            }),
            Kind::LOG_PATH => Some(of_module("log-path")),
            Kind::FILE_WRITE if finding.tagged("upload") => Some(of_module("upload")),
            Kind::FILE_WRITE if finding.tagged("temp") => Some(of_module("temp")),
            Kind::FILE_WRITE => Some(match folder(&finding.subject) {
                folder if folder.is_empty() => of_module("file-write"),
                folder => of("file-write", "folder", &folder),
            }),
            _ => None,
        }
    }

    fn image(&self) -> Vec<Item> {
        let analysis = self.analysis;
        let mut languages: BTreeMap<&str, usize> = BTreeMap::new();
        for file in analysis.files.iter().filter(|file| file.is_code && file.scope == Scope::Main) {
            if let Some(language) = file.language {
                *languages.entry(language.0).or_default() += 1;
            }
        }
        if languages.is_empty() {
            return Vec::new();
        }
        let present = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or(path);
            name.starts_with("Dockerfile") || name.starts_with("Containerfile") || name.ends_with(".dockerfile")
        };
        let manifests = analysis.graph.modules.iter().filter_map(|module| module.manifest.as_ref());
        let existing: Vec<&Name> = analysis.files.iter().map(|file| &file.path).filter(|path| present(path)).collect();
        let case = match existing.len() {
            0 => "write",
            1 => "one",
            _ => "many",
        };
        let mut step = self.by_people("image", "dockerfile", case, (languages.len(), LANGUAGE));
        "The image is built and starts without a mount.".clone_into(&mut step.check);
        "Das Image wird gebaut und startet ohne eingehängtes Verzeichnis.".clone_into(&mut step.german.check);
        let place = |text: &'static str| move |path: &Name| (format!("{path}:1"), text.to_owned());
        step.places.extend(existing.into_iter().take(PLACES).map(place("image definition")));
        step.places.extend(manifests.take(PLACES).map(place("declares dependencies")));
        let mut items = vec![step];
        let mut variables: BTreeMap<&str, (String, String)> = BTreeMap::new();
        for read in analysis.env_reads() {
            variables
                .entry(&read.subject)
                .or_insert_with(|| (format!("{}:{}", analysis.path(read.file), read.span.line), read.message.clone()));
        }
        if !variables.is_empty() {
            let mut step = self.by_people("image", "environment", "environment", (0, VARIABLE));
            // a list to write down, not code to change
            let cost = self.weights.cost("know", variables.len(), VARIABLE, 0);
            (step.days, step.effort, step.effort_rule) = (cost.days, cost.effort, cost.rule);
            step.german.effort_rule = cost.rule_de;
            step.title = format!("{} ({})", step.title, count(variables.len(), VARIABLE, false));
            step.german.title = format!("{} ({})", step.german.title, count(variables.len(), VARIABLE, true));
            step.places = variables.into_values().take(PLACES).collect();
            items.push(step);
        }
        items
    }

    fn operate(&self, image: bool) -> Vec<Item> {
        if !image {
            return Vec::new();
        }
        let mut step = self.by_people("operate", "replicas", "replicas", (0, TRIAL));
        step.places = self.entry_places();
        vec![step]
    }
}

fn in_the_way(finding: &Finding) -> bool {
    finding.scope == Scope::Main && finding.confidence > Confidence::Low && finding.severity > Severity::Info
}

/// Keeps the largest groups of each kind of advice and puts what is left into one: nobody works off a list of 200 steps.
/// The second part are the groups that were put together.
fn fold_small(groups: Groups) -> (Groups, Groups) {
    let mut kinds: BTreeMap<&'static str, Vec<(usize, String)>> = BTreeMap::new();
    for ((kind, subject), group) in &groups {
        kinds.entry(kind).or_default().push((group.findings.len(), subject.clone()));
    }
    let mut small = BTreeSet::new();
    for (kind, of_kind) in kinds.iter_mut().filter(|(_, of_kind)| of_kind.len() > STEPS) {
        of_kind.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        small.extend(of_kind.drain(STEPS - 1..).map(|(_, subject)| (*kind, subject)));
    }
    let (mut large, mut folded) = (Groups::new(), Groups::new());
    for (key, group) in groups {
        if small.contains(&key) {
            let rest = large.entry((key.0, REST.to_owned())).or_default();
            rest.title = Advice::of(key.0).titled("rest", "");
            rest.findings.extend(&group.findings);
            folded.insert(key, group);
        } else {
            large.insert(key, group);
        }
    }
    large.values_mut().for_each(|group| group.findings.sort_unstable());
    (large, folded)
}

/// The host of an address, without scheme, user, port and path.
fn host(subject: &str) -> String {
    let rest = subject.split_once("://").map_or(subject, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#', ';']).next().unwrap_or(rest);
    let rest = rest.rsplit('@').next().unwrap_or(rest);
    let end = if rest.matches(':').count() > 1 { rest } else { rest.split(':').next().unwrap_or(rest) };
    end.trim().to_lowercase()
}

/// True for the address of what looks like a service on the internet: a web address with a full domain name of a public kind
/// and no port. Loopback, addresses in numbers and short or inner names belong to an environment, and so does a port.
fn is_public(subject: &str) -> bool {
    const INNER: [&str; 10] =
        ["local", "localhost", "internal", "intern", "intranet", "lan", "corp", "home", "private", "test"];
    let Some((scheme, rest)) = subject.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#', ';']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let last = host.rsplit('.').next().unwrap_or(host);
    matches!(scheme, "http" | "https")
        && host.contains('.')
        && last.len() > 1
        && last.chars().all(|c| c.is_ascii_alphabetic())
        && !INNER.contains(&last.to_ascii_lowercase().as_str())
}

/// The first two known folders of a path; empty where the start of the path is not known.
fn folder(subject: &str) -> String {
    let Some((folders, _)) = subject.rsplit_once('/') else { return String::new() };
    let known: Vec<&str> = folders.split('/').take_while(|part| !part.contains(['{', '$', '%', '*'])).collect();
    let keep = if known.first() == Some(&"") { 3 } else { 2 };
    known[..known.len().min(keep)].join("/").trim_matches(' ').to_owned()
}
