//! The order of the steps: what is needed first comes first, then the smallest, and among equals what pays most per day.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::advice::Advice;
use super::{Item, Phase};
use crate::facts::Name;

/// The most steps of one kind that another one names as needed: of twenty addresses, five make the point.
const NAMED: usize = 5;

/// Fills in what each step needs and unlocks, and puts the steps of each phase in order.
pub(super) fn arrange(phases: &mut [Phase]) {
    for phase in phases.iter_mut() {
        sort(&mut phase.items);
    }
    let mut of_kind: BTreeMap<String, Vec<Name>> = BTreeMap::new();
    for item in phases.iter().flat_map(|phase| &phase.items) {
        of_kind.entry(kind(&item.id).to_owned()).or_default().push(item.id.clone());
    }
    for item in phases.iter_mut().flat_map(|phase| &mut phase.items) {
        for need in Advice::of(kind(&item.id)).needs.iter().filter_map(|need| of_kind.get(need)) {
            item.needs.extend(need.iter().take(NAMED).cloned());
        }
        let mut seen = BTreeSet::new();
        item.needs.retain(|need| *need != item.id && seen.insert(need.clone()));
    }
    let mut unlocks: BTreeMap<Name, Vec<Name>> = BTreeMap::new();
    for item in phases.iter().flat_map(|phase| &phase.items) {
        for need in &item.needs {
            unlocks.entry(need.clone()).or_default().push(item.id.clone());
        }
    }
    for phase in phases {
        for item in &mut phase.items {
            item.unlocks = unlocks.remove(&item.id).unwrap_or_default();
        }
        needed_first(&mut phase.items);
    }
}

fn kind(id: &str) -> &str {
    id.rsplit_once('-').map_or(id, |(kind, _)| kind)
}

fn sort(items: &mut [Item]) {
    let per_day = |item: &Item| item.pays / item.days.max(0.01);
    items.sort_by(|a, b| {
        // what is left over reads well only after what it is left over from
        let rest = |item: &Item| item.id == super::advice::id(kind(&item.id), super::phases::REST);
        let value = || per_day(b).partial_cmp(&per_day(a)).unwrap_or(Ordering::Equal);
        let order = rest(a).cmp(&rest(b)).then(a.effort.cmp(&b.effort)).then_with(value);
        let order = order.then(b.used.cmp(&a.used));
        order.then(a.principle.cmp(b.principle)).then_with(|| a.id.cmp(&b.id))
    });
}

/// Moves each step behind what it needs of the same phase and changes nothing else.
fn needed_first(items: &mut Vec<Item>) {
    let mut waiting = std::mem::take(items);
    let mut placed: BTreeSet<Name> = BTreeSet::new();
    let here: BTreeSet<Name> = waiting.iter().map(|item| item.id.clone()).collect();
    while !waiting.is_empty() {
        let ready = |item: &Item| item.needs.iter().all(|need| placed.contains(need) || !here.contains(need));
        // Needs in a circle cannot be: `needs` of the kinds have none. Were there one, the first of it would go first.
        let at = waiting.iter().position(ready).unwrap_or(0);
        let item = waiting.remove(at);
        placed.insert(item.id.clone());
        items.push(item);
    }
}
