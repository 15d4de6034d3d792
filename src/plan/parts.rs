//! The steps of splitting a part off: what blocks it, what crosses its border, and who owns its tables.

use std::collections::BTreeSet;

use super::Item;
use super::advice::Advice;
use super::effort::{FILE, Unit};
use super::phases::{PLACES, Steps};
use crate::facts::{FileId, Name};
use crate::split::Candidate;

/// The most tables that get a step of their own.
const TABLES: usize = 10;

const DEPENDENCY: Unit = ["dependency", "dependencies", "Abhängigkeit", "Abhängigkeiten"];
const USE: Unit = ["use", "uses", "Verwendung", "Verwendungen"];

impl Steps<'_> {
    /// The steps to split a candidate off.
    pub(super) fn split(&self, first: &Candidate) -> Vec<Item> {
        let mut items = Vec::new();
        if !first.blockers.is_empty() {
            let title = Advice::of("blocker").titled("part", &first.name);
            items.push(self.of_findings("blocker", &first.id, title, first.blockers.clone()));
        }
        items.extend(
            [(true, "in"), (false, "out")]
                .into_iter()
                .filter_map(|(incoming, case)| self.border(first, incoming, case)),
        );
        items.extend(self.tables(first));
        let libraries: BTreeSet<_> =
            first.seams.iter().filter(|seam| seam.to_shared && !seam.incoming).map(|seam| seam.to).collect();
        if !libraries.is_empty() {
            items.push(self.about_files(first, "library", libraries.into_iter(), "used from inside"));
        }
        if items.is_empty() {
            // nothing crosses the border: what is left to do is to move it
            items.push(self.about_files(first, "move", first.files.iter().copied(), "to move"));
        }
        items
    }

    fn border(&self, first: &Candidate, incoming: bool, case: &str) -> Option<Item> {
        let seams = first.seams.iter().filter(|seam| seam.incoming == incoming && !seam.to_shared);
        let mut places = Vec::new();
        let mut files = BTreeSet::new();
        for seam in seams {
            files.insert(seam.from);
            let from = format!("{}:{}", self.analysis.path(seam.from), seam.line);
            places.push((from, format!("uses {}", self.analysis.path(seam.to))));
        }
        if places.is_empty() {
            return None;
        }
        let title = Advice::of("seam").titled(case, &first.name);
        let subject = format!("{} {case}", first.id);
        let mut step = self.item("seam", &subject, title, (places.len(), DEPENDENCY), files.len());
        // The uses of the interface stay dependencies: that there are no others, people have to see.
        step.by_scan = false;
        "These dependencies go through the interface only.".clone_into(&mut step.check);
        "Diese Abhängigkeiten laufen nur noch über die Schnittstelle.".clone_into(&mut step.german.check);
        places.truncate(PLACES);
        step.places = places;
        Some(step)
    }

    fn tables(&self, first: &Candidate) -> Vec<Item> {
        let graph = &self.analysis.graph;
        let find = |name: &Name| graph.tables.iter().find(|table| table.name == *name);
        let touching = |name: &Name| find(name).map_or(0, |table| table.readers.len() + table.writers.len());
        let mut tables: Vec<&Name> = first.shared_tables.iter().collect();
        tables.sort_by_key(|name| (std::cmp::Reverse(touching(name)), (*name).clone()));
        let others = tables.split_off(tables.len().min(TABLES));
        let mut items = Vec::new();
        for name in tables {
            let users: Vec<(&(FileId, u32), &str)> = find(name).map_or_else(Vec::new, |table| {
                let reads = table.readers.iter().map(|at| (at, "reads"));
                reads.chain(table.writers.iter().map(|at| (at, "writes"))).collect()
            });
            let files = users.iter().map(|((file, _), _)| *file).collect::<BTreeSet<_>>().len();
            let title = Advice::of("table").titled("one", name);
            let mut step = self.item("table", &format!("{} {name}", first.id), title, (users.len(), USE), files);
            "Only one part touches the table.".clone_into(&mut step.check);
            "Nur noch ein Teil benutzt die Tabelle.".clone_into(&mut step.german.check);
            let place = |((file, line), verb): &(&(FileId, u32), &str)| {
                (format!("{}:{line}", self.analysis.path(*file)), format!("{verb} {name}"))
            };
            step.places = users.iter().take(PLACES).map(place).collect();
            items.push(step);
        }
        if !others.is_empty() {
            let uses = others.iter().map(|name| touching(name)).sum();
            let title = Advice::of("table").titled("others", "");
            let subject = format!("{} other tables", first.id);
            let mut step = self.item("table", &subject, title, (uses, USE), 0);
            "Only one part touches each table.".clone_into(&mut step.check);
            "Nur noch ein Teil benutzt jede der Tabellen.".clone_into(&mut step.german.check);
            let users = others.iter().filter_map(|name| {
                let table = find(name)?;
                let (file, line) = table.writers.first().or(table.readers.first())?;
                Some((format!("{}:{line}", self.analysis.path(*file)), format!("uses {name}")))
            });
            step.places = users.take(PLACES).collect();
            items.push(step);
        }
        items
    }

    /// A step about whole files.
    fn about_files(&self, first: &Candidate, case: &str, files: impl Iterator<Item = FileId>, what: &str) -> Item {
        let files: Vec<FileId> = files.collect();
        let title = Advice::of("seam").titled(case, &first.name);
        let subject = format!("{} {}", first.id, if case == "move" { "module" } else { case });
        let mut step = self.item("seam", &subject, title, (files.len(), FILE), 0);
        step.by_scan = false;
        "The files are in a package of their own.".clone_into(&mut step.check);
        "Die Dateien liegen in einem eigenen Paket.".clone_into(&mut step.german.check);
        let places = files.iter().take(PLACES);
        step.places = places.map(|file| (format!("{}:1", self.analysis.path(*file)), what.to_owned())).collect();
        step
    }

    /// One step for each of the candidates after the first.
    pub(super) fn next(&self, split: &[Item]) -> Vec<Item> {
        let following = self.analysis.candidates.iter().filter(|candidate| (2..=4).contains(&candidate.rank));
        let step = |candidate: &Candidate| {
            let seams = (candidate.metrics.incoming + candidate.metrics.outgoing) as usize;
            let subject = format!("{} next", candidate.id);
            let title = Advice::of("seam").titled("next", &candidate.name);
            let mut step = self.item("seam", &subject, title, (seams, DEPENDENCY), candidate.files.len());
            step.by_scan = false;
            "Its own steps, once it is the first of the candidates.".clone_into(&mut step.check);
            "Eigene Schritte, sobald er der erste der Kandidaten ist.".clone_into(&mut step.german.check);
            let seams = candidate.seams.iter().filter(|seam| !seam.to_shared).take(PLACES);
            let place = |seam: &crate::split::Seam| {
                let from = format!("{}:{}", self.analysis.path(seam.from), seam.line);
                (from, format!("uses {}", self.analysis.path(seam.to)))
            };
            step.places = seams.map(place).collect();
            step.needs = split.iter().map(|item| item.id.clone()).collect();
            step
        };
        following.map(step).collect()
    }
}
