//! The phases and their steps, made from findings, scanned facts and seams only.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64;

use super::{Effort, Item, ItemStatus, Phase, Plan};
use crate::analysis::Analysis;
use crate::facts::{Name, Scope};
use crate::rules::{Confidence, Finding, Kind, Severity};
use crate::split::{Candidate, SHARED};

/// The most steps of one kind of advice; the smallest beyond become one step.
const STEPS: usize = 15;
/// The most tables that get a step of their own.
const TABLES: usize = 10;
/// The most places that a step lists.
const PLACES: usize = 50;

#[derive(Deserialize, Default)]
struct Advice {
    principle: String,
    why: String,
    how: Vec<String>,
    /// The step's title where all findings of the kind make one step; empty where `group` names several.
    #[serde(default)]
    title: String,
    /// The id of the phase that this one step belongs to.
    #[serde(default)]
    phase: String,
}

/// The plan of an analysis: know it, make it portable, first image, operate it, split the first candidate, then the next.
/// Phases without a step are kept, so that people see the way; their order is the order of work.
#[must_use]
pub fn build(analysis: &Analysis) -> Plan {
    let phase = |id, title: &str, why: &str, items| Phase { id, title: title.to_owned(), why: why.to_owned(), items };
    let mut portable = portable(analysis);
    portable.sort_by(|a, b| {
        // what is left over reads well only after what it is left over from
        let rest = |item: &Item| item.title.contains(" the other ");
        let order = a.principle.cmp(b.principle).then(rest(a).cmp(&rest(b)));
        order.then(b.findings.len().cmp(&a.findings.len())).then(a.id.cmp(&b.id))
    });
    let mut image = image(analysis, &portable);
    let mut operate = operate(analysis, &image);
    for (phase, step) in whole_kinds(analysis) {
        match phase.as_str() {
            "image" => image.push(step),
            "operate" => operate.push(step),
            _ => portable.push(step),
        }
    }
    let first = analysis.candidates.iter().find(|candidate| candidate.rank == 1);
    let split = first.map_or_else(Vec::new, |first| split(analysis, first));
    let next = next(analysis, &split);
    let title = first.map_or_else(|| "Split the first part".to_owned(), |first| format!("Split off {}", first.name));
    Plan {
        phases: vec![
            phase("know", "Know it", "A small step can only be chosen by who knows what is there.", know(analysis)),
            phase("portable", "Make it portable", "Pays on a virtual machine or bare metal as well.", portable),
            phase(
                "image",
                "Build the first image",
                "The whole application in one image, before anything is split.",
                image,
            ),
            phase("operate", "Operate it", "Most questions about containers are about operations.", operate),
            phase("split-1", &title, "The part that is easiest to start with.", split),
            phase(
                "split-next",
                "Then the next",
                "After the first, the figures are known and the order may change.",
                next,
            ),
        ],
    }
}

/// What to do about findings of a kind, step by step; empty where there is no advice.
#[must_use]
pub fn advice(kind: &str) -> Vec<String> {
    let text = crate::assets::get(&format!("advice/{kind}.toml")).unwrap_or_default();
    toml::from_str::<Advice>(text).unwrap_or_default().how
}

/// A step about `subject`; `kind` names the advice file. The id depends on both and on nothing else.
fn item(kind: &str, subject: &str, title: String, effort: (Effort, String), check: String) -> Item {
    let text = crate::assets::get(&format!("advice/{kind}.toml")).unwrap_or_default();
    let advice: Advice = toml::from_str(text).unwrap_or_default();
    let principle = crate::principles::titles().map(|(id, _, _)| id).find(|id| *id == advice.principle).unwrap_or("D1");
    Item {
        id: Name::from(format!("{kind}-{:08x}", xxh3_64(format!("{kind}\0{subject}").as_bytes()) >> 32)),
        title,
        why: advice.why,
        how: advice.how,
        principle,
        effort: effort.0,
        effort_rule: effort.1,
        status: ItemStatus::Open,
        findings: Vec::new(),
        places: Vec::new(),
        check,
        needs: Vec::new(),
        note: String::new(),
        owner: String::new(),
    }
}

/// S up to 5 sites, M up to 25, L above.
fn effort(sites: usize, files: usize) -> (Effort, String) {
    let (effort, rule) = match sites {
        0..=5 => (Effort::S, "S (up to 5 sites)"),
        6..=25 => (Effort::M, "M (6 to 25 sites)"),
        _ => (Effort::L, "L (more than 25 sites)"),
    };
    (effort, format!("{} in {}: {rule}", count(sites, "site"), count(files, "file")))
}

fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn plural(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn in_the_way(finding: &Finding) -> bool {
    finding.scope == Scope::Main && finding.confidence > Confidence::Low && finding.severity > Severity::Info
}

fn know(analysis: &Analysis) -> Vec<Item> {
    let doubtful = |finding: &Finding| {
        finding.scope == Scope::Main && finding.confidence == Confidence::Low && !finding.is_inventory()
    };
    let findings: Vec<u32> = indices(analysis, doubtful);
    let mut items = Vec::new();
    if !findings.is_empty() {
        let title = format!("Look at the {} that could not be made sure", count(findings.len(), "finding"));
        let files = files_of(analysis, &findings);
        let mut step =
            item("know", "doubtful", title, effort(findings.len(), files), "No doubtful finding is left.".into());
        step.findings = findings;
        items.push(step);
    }
    let entry_points = analysis.entry_points().count();
    if entry_points > 0 {
        let title = format!("Go through the {}", count(entry_points, "entry point"));
        let rule = match entry_points {
            0..=50 => (Effort::S, "a list of up to 50 to read: S".to_owned()),
            51..=500 => (Effort::M, "a list of 51 to 500 to read: M".to_owned()),
            _ => (Effort::L, "a list of more than 500 to read: L".to_owned()),
        };
        let mut step = item("know", "entry-points", title, rule, "Checked by people.".into());
        step.places = entry_places(analysis);
        items.push(step);
    }
    items
}

fn entry_places(analysis: &Analysis) -> Vec<(String, String)> {
    let entries = analysis.entry_points().take(PLACES);
    entries.map(|found| (format!("{}:{}", analysis.path(found.file), found.span.line), found.subject.clone())).collect()
}

fn indices(analysis: &Analysis, test: impl Fn(&Finding) -> bool) -> Vec<u32> {
    let found = analysis.findings.iter().enumerate().filter(|(_, finding)| test(finding));
    found.map(|(index, _)| index as u32).collect()
}

fn files_of(analysis: &Analysis, findings: &[u32]) -> usize {
    findings.iter().map(|index| analysis.findings[*index as usize].file).collect::<BTreeSet<_>>().len()
}

/// One step per group of findings: (advice, subject, title), sorted.
fn portable(analysis: &Analysis) -> Vec<Item> {
    let mut groups = Groups::new();
    for index in indices(analysis, in_the_way) {
        let finding = &analysis.findings[index as usize];
        if let Some(group) = group(analysis, finding) {
            groups.entry(group).or_default().push(index);
        }
    }
    let groups = fold_small(groups);
    let step = |((advice, subject, title), findings): (Key, Vec<u32>)| {
        let rule = effort(findings.len(), files_of(analysis, &findings));
        let title = format!("{title} ({})", count(findings.len(), "site"));
        let mut step = item(advice, &subject, title, rule, "A new scan reports none of these findings.".into());
        step.findings = findings;
        step
    };
    groups.into_iter().map(step).collect()
}

/// One step for each kind whose advice names a title, with the id of its phase; in the order of the kinds.
fn whole_kinds(analysis: &Analysis) -> Vec<(String, Item)> {
    let mut found: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for index in indices(analysis, |finding| in_the_way(finding) && !finding.is_inventory()) {
        found.entry(analysis.findings[index as usize].kind.0).or_default().push(index);
    }
    let mut steps = Vec::new();
    for kind in crate::rules::kinds::all() {
        let Some(findings) = found.remove(kind.kind.0) else { continue };
        let text = crate::assets::get(&format!("advice/{}.toml", kind.kind.0)).unwrap_or_default();
        let advice: Advice = toml::from_str(text).unwrap_or_default();
        if advice.title.is_empty() {
            continue;
        }
        let rule = effort(findings.len(), files_of(analysis, &findings));
        let title = format!("{} ({})", advice.title, count(findings.len(), "site"));
        let check = "A new scan reports none of these findings.".to_owned();
        let mut step = item(kind.kind.0, "all", title, rule, check);
        step.findings = findings;
        steps.push((advice.phase, step));
    }
    steps
}

/// Findings by (advice, subject, title).
type Groups = BTreeMap<Key, Vec<u32>>;
/// The advice file, what the step is about, and its title.
type Key = (&'static str, String, String);

/// Keeps the largest groups of each kind of advice and puts what is left into one: nobody works off a list of 200 steps.
fn fold_small(groups: Groups) -> Groups {
    let mut kinds: BTreeMap<&'static str, Vec<(usize, Key)>> = BTreeMap::new();
    for (group, findings) in &groups {
        kinds.entry(group.0).or_default().push((findings.len(), group.clone()));
    }
    let mut small = BTreeSet::new();
    for of_kind in kinds.values_mut().filter(|of_kind| of_kind.len() > STEPS) {
        of_kind.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        small.extend(of_kind.drain(STEPS - 1..).map(|(_, group)| group));
    }
    let mut folded = Groups::new();
    for (group, findings) in groups {
        let target = if small.contains(&group) {
            let title = match group.0 {
                "hardcoded-endpoint" => "Take the other addresses out of code and configuration",
                "log-path" => "Send the other logs to stdout",
                "upload" => "Move the other uploads to an object store",
                "temp" => "Keep the other temporary files temporary",
                _ => "Move the other files out of the container",
            };
            (group.0, "the rest".to_owned(), title.to_owned())
        } else {
            group
        };
        folded.entry(target).or_default().extend(findings);
    }
    folded.values_mut().for_each(|findings| findings.sort_unstable());
    folded
}

fn group(analysis: &Analysis, finding: &Finding) -> Option<(&'static str, String, String)> {
    let tagged = |tag: &str| finding.tags.iter().any(|known| known == tag);
    let module = analysis.graph.module_of.get(finding.file.index());
    let module = module.and_then(|id| analysis.graph.modules.get(id.index())).map_or("", |module| module.name.as_str());
    let place = match module {
        "" | "." => String::new(),
        "(root)" => " in the top folder".to_owned(),
        module => format!(" in {module}"),
    };
    match finding.kind {
        Kind::ENDPOINT => Some(match &finding.proposal {
            Some(name) => ("hardcoded-endpoint", format!("env {name}"), format!("Read {name} from the environment")),
            None => {
                let host = host(&finding.subject);
                let host = if host.is_empty() { "fixed addresses".to_owned() } else { host };
                ("hardcoded-endpoint", format!("host {host}"), format!("Take {host} out of code and configuration"))
            }
        }),
        Kind::LOG_PATH => Some(("log-path", format!("module {module}"), format!("Send the log to stdout{place}"))),
        Kind::FILE_WRITE if tagged("upload") => {
            Some(("upload", format!("module {module}"), format!("Move uploads to an object store{place}")))
        }
        Kind::FILE_WRITE if tagged("temp") => {
            Some(("temp", format!("module {module}"), format!("Keep temporary files temporary{place}")))
        }
        Kind::FILE_WRITE => {
            let folder = folder(&finding.subject);
            Some(if folder.is_empty() {
                ("file-write", format!("module {module}"), format!("Move state out of the file system{place}"))
            } else {
                (
                    "file-write",
                    format!("folder {folder}"),
                    format!("Move what is written to {folder} out of the container"),
                )
            })
        }
        _ => None,
    }
}

/// The host of an address, without scheme, user, port and path.
fn host(subject: &str) -> String {
    let rest = subject.split_once("://").map_or(subject, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#', ';']).next().unwrap_or(rest);
    let rest = rest.rsplit('@').next().unwrap_or(rest);
    let end = if rest.matches(':').count() > 1 { rest } else { rest.split(':').next().unwrap_or(rest) };
    end.trim().to_lowercase()
}

/// The first two known folders of a path; empty where the start of the path is not known.
fn folder(subject: &str) -> String {
    let Some((folders, _)) = subject.rsplit_once('/') else { return String::new() };
    let known: Vec<&str> = folders.split('/').take_while(|part| !part.contains(['{', '$', '%', '*'])).collect();
    let keep = if known.first() == Some(&"") { 3 } else { 2 };
    known[..known.len().min(keep)].join("/").trim_matches(' ').to_owned()
}

fn image(analysis: &Analysis, portable: &[Item]) -> Vec<Item> {
    let mut languages: BTreeMap<&str, usize> = BTreeMap::new();
    for file in analysis.files.iter().filter(|file| file.is_code && file.scope == Scope::Main) {
        if let Some(language) = file.language {
            *languages.entry(language.0).or_default() += 1;
        }
    }
    let mut languages: Vec<(&str, usize)> = languages.into_iter().collect();
    languages.sort_by_key(|&(name, files)| (std::cmp::Reverse(files), name));
    if languages.is_empty() {
        return Vec::new();
    }
    let names: Vec<String> =
        languages.iter().take(3).map(|(name, files)| format!("{name}: {}", count(*files, "file"))).collect();
    let manifests: Vec<&Name> = analysis.graph.modules.iter().filter_map(|module| module.manifest.as_ref()).collect();
    let present = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.starts_with("Dockerfile") || name.starts_with("Containerfile") || name.ends_with(".dockerfile")
    };
    let existing: Vec<&Name> = analysis.files.iter().map(|file| &file.path).filter(|path| present(path)).collect();
    let verb = match existing.len() {
        0 => "Write the first Dockerfile",
        1 => "Go through the existing Dockerfile",
        _ => "Go through the existing Dockerfiles",
    };
    let title = format!("{verb} ({})", names.join(", "));
    let (size, letter) = if languages.len() > 2 { (Effort::L, "L (3 or more)") } else { (Effort::M, "M (up to 2)") };
    let rule = (size, format!("{}: {letter}", count(languages.len(), "language")));
    let mut step = item("image", "dockerfile", title, rule, "The image is built and starts without a mount.".into());
    let place = |text: &'static str| move |path: &&Name| (format!("{path}:1"), text.to_owned());
    step.places.extend(existing.iter().take(PLACES).map(place("image definition")));
    step.places.extend(manifests.iter().take(PLACES).map(place("declares dependencies")));
    let small = portable.iter().filter(|item| item.effort == Effort::S && item.principle != "A4");
    step.needs = small.take(5).map(|item| item.id.clone()).collect();
    let mut items = vec![step];
    let mut variables: BTreeMap<&str, (String, String)> = BTreeMap::new();
    for read in analysis.env_reads() {
        variables
            .entry(&read.subject)
            .or_insert_with(|| (format!("{}:{}", analysis.path(read.file), read.span.line), read.message.clone()));
    }
    if !variables.is_empty() {
        let title = format!("Write down the {} that the image takes", count(variables.len(), "environment variable"));
        let rule = (Effort::S, "a list to write: S".to_owned());
        let mut step = item("image", "environment", title, rule, "Checked by people.".into());
        step.places = variables.into_values().take(PLACES).collect();
        items.push(step);
    }
    items
}

fn operate(analysis: &Analysis, image: &[Item]) -> Vec<Item> {
    let Some(first) = image.first() else { return Vec::new() };
    let rule = (Effort::M, "one trial together with operations: M".to_owned());
    let title = "Run two replicas and agree on logs, health and roll-out".to_owned();
    let mut step = item("operate", "replicas", title, rule, "Checked by people.".into());
    step.needs = vec![first.id.clone()];
    step.places = entry_places(analysis);
    vec![step]
}

fn split(analysis: &Analysis, first: &Candidate) -> Vec<Item> {
    let mut items = Vec::new();
    if !first.blockers.is_empty() {
        let rule = effort(first.blockers.len(), files_of(analysis, &first.blockers));
        let title = format!("Clear the {} inside {}", count(first.blockers.len(), "finding"), first.name);
        let mut step = item("blocker", &first.id, title, rule, "A new scan shows no blocker in this part.".into());
        step.findings.clone_from(&first.blockers);
        items.push(step);
    }
    for (incoming, verb) in
        [(true, "Offer an interface for what others use of"), (false, "Put an interface in front of what is used by")]
    {
        let mut places = Vec::new();
        let mut files = BTreeSet::new();
        for seam in first.seams.iter().filter(|seam| seam.incoming == incoming && !seam.to_shared) {
            files.insert(seam.from);
            places.push((
                format!("{}:{}", analysis.path(seam.from), seam.line),
                format!("uses {}", analysis.path(seam.to)),
            ));
        }
        if places.is_empty() {
            continue;
        }
        let rule = effort(places.len(), files.len());
        let title = format!("{verb} {} ({})", first.name, plural(places.len(), "dependency", "dependencies"));
        let subject = format!("{} {}", first.id, if incoming { "in" } else { "out" });
        let check = "A new scan finds these dependencies only at the interface.".to_owned();
        let mut step = item("seam", &subject, title, rule, check);
        places.truncate(PLACES);
        step.places = places;
        items.push(step);
    }
    let touching = |name: &Name| {
        let table = analysis.graph.tables.iter().find(|table| table.name == *name);
        table.map_or(0, |table| table.readers.len() + table.writers.len())
    };
    let mut tables: Vec<&Name> = first.shared_tables.iter().collect();
    tables.sort_by_key(|name| (std::cmp::Reverse(touching(name)), (*name).clone()));
    let others = tables.split_off(tables.len().min(TABLES));
    for name in tables {
        let users = analysis.graph.tables.iter().find(|table| table.name == *name);
        let users: Vec<_> = users.map_or_else(Vec::new, |table| {
            table.readers.iter().map(|at| (at, "reads")).chain(table.writers.iter().map(|at| (at, "writes"))).collect()
        });
        let files = users.iter().map(|((file, _), _)| *file).collect::<BTreeSet<_>>().len();
        let title = format!("Choose one owner for table {name}");
        let mut step = item(
            "table",
            &format!("{} {name}", first.id),
            title,
            effort(users.len(), files),
            "Only one part touches the table.".into(),
        );
        let places = users.iter().take(PLACES);
        step.places = places
            .map(|((file, line), verb)| (format!("{}:{line}", analysis.path(*file)), format!("{verb} {name}")))
            .collect();
        items.push(step);
    }
    if !others.is_empty() {
        let uses = others.iter().map(|name| touching(name)).sum();
        let title = format!("Choose an owner for each of the other {} shared tables", others.len());
        let rule = effort(uses, others.len());
        let rule = (rule.0, format!("{uses} uses of {}: {}", count(others.len(), "table"), rule.0.as_str()));
        let subject = format!("{} other tables", first.id);
        let mut step = item("table", &subject, title, rule, "Only one part touches each table.".into());
        let users = others.iter().filter_map(|name| {
            let table = analysis.graph.tables.iter().find(|table| table.name == **name)?;
            let (file, line) = table.writers.first().or(table.readers.first())?;
            Some((format!("{}:{line}", analysis.path(*file)), format!("uses {name}")))
        });
        step.places = users.take(PLACES).collect();
        items.push(step);
    }
    let libraries: BTreeSet<_> =
        first.seams.iter().filter(|seam| seam.to_shared && !seam.incoming).map(|seam| seam.to).collect();
    if !libraries.is_empty() {
        let title =
            format!("Make a library of the {} in {SHARED} that {} uses", count(libraries.len(), "file"), first.name);
        let mut step = item(
            "seam",
            &format!("{} library", first.id),
            title,
            effort(libraries.len(), libraries.len()),
            "The files are in a package of their own.".into(),
        );
        step.places = libraries
            .iter()
            .take(PLACES)
            .map(|file| (format!("{}:1", analysis.path(*file)), "used from inside".to_owned()))
            .collect();
        items.push(step);
    }
    if items.is_empty() {
        // nothing crosses the border: what is left to do is to move it
        let title = format!("Move {} ({}) into a module of its own", first.name, count(first.files.len(), "file"));
        let rule = effort(first.files.len(), first.files.len());
        let subject = format!("{} module", first.id);
        let mut step = item("seam", &subject, title, rule, "A new scan shows these files in one module.".into());
        let files = first.files.iter().take(PLACES);
        step.places = files.map(|file| (format!("{}:1", analysis.path(*file)), "to move".to_owned())).collect();
        items.push(step);
    }
    items
}

fn next(analysis: &Analysis, split: &[Item]) -> Vec<Item> {
    let following = analysis.candidates.iter().filter(|candidate| (2..=4).contains(&candidate.rank));
    let step = |candidate: &Candidate| {
        let seams = (candidate.metrics.incoming + candidate.metrics.outgoing) as usize;
        let title = format!("Split off {} (score {:.0})", candidate.name, candidate.score.total);
        let (_, rule) = effort(seams, candidate.files.len());
        let rule = (Effort::L, format!("{rule}; a split of its own: L"));
        let mut step = item("seam", &format!("{} next", candidate.id), title, rule, "Checked by people.".into());
        let seams = candidate.seams.iter().filter(|seam| !seam.to_shared).take(PLACES);
        let place = |seam: &crate::split::Seam| {
            (format!("{}:{}", analysis.path(seam.from), seam.line), format!("uses {}", analysis.path(seam.to)))
        };
        step.places = seams.map(place).collect();
        step.needs = split.iter().map(|item| item.id.clone()).collect();
        step
    };
    following.map(step).collect()
}
