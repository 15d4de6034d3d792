//! What people kept, brought together with what a scan sees: verified, reopened, in their order.

use super::advice::{Advice, kind_of};
use super::{Item, ItemStatus, Plan, Saved, SavedItem, Seen};
use crate::facts::Name;

/// What a new scan says of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Check<'p> {
    /// Places of it are there.
    Left(&'p Item),
    /// No place of it is left; the step, where the plan still shows it because it was checked off.
    Gone(Option<&'p Item>),
    /// Only people can tell.
    People(&'p Item),
    /// No plan has ever given this id.
    Unknown,
}

/// Repeats the check of a step.
#[must_use]
pub fn check<'p>(plan: &'p Plan, id: &str) -> Check<'p> {
    match plan.find(id) {
        Some(item) if !item.by_scan => Check::People(item),
        Some(item) if item.findings.is_empty() && item.places.is_empty() => Check::Gone(Some(item)),
        Some(item) => Check::Left(item),
        None => match kind_of(id) {
            // The step for the small ones is gone where each of them has its own.
            Some(kind) if is_rest(id) => of_kind(plan, kind).map_or(Check::Gone(None), Check::Left),
            Some(_) => Check::Gone(None),
            None => Check::Unknown,
        },
    }
}

fn is_rest(id: &str) -> bool {
    kind_of(id).is_some_and(|kind| super::advice::id(kind, super::phases::REST) == id)
}

fn of_kind<'p>(plan: &'p Plan, kind: &str) -> Option<&'p Item> {
    plan.items().find(|item| item.by_scan && item.seen != Seen::Gone && kind_of(&item.id) == Some(kind))
}

/// Brings what was kept into the plan of a scan. Steps that the file does not name stay as they are. What was checked off
/// and is not in the plan any more is shown as verified; what was checked off and is still there, as reopened. `complete`
/// says that the scan came to its end: a scan that was stopped verifies nothing.
pub fn merge(plan: &mut Plan, saved: &Saved, complete: bool) {
    for (id, kept) in &saved.item {
        unfold(plan, id);
        match plan.phases.iter_mut().flat_map(|phase| &mut phase.items).find(|item| item.id == *id) {
            Some(item) => {
                item.status = kept.status;
                item.note.clone_from(&kept.note);
                item.owner.clone_from(&kept.owner);
                if item.by_scan && kept.status == ItemStatus::Done {
                    item.seen = Seen::There;
                }
            }
            None if kept.status == ItemStatus::Done => add_gone(plan, id, kept, complete),
            None => {}
        }
    }
    for phase in &mut plan.phases {
        if let Some(order) = saved.order.get(phase.id) {
            phase.order.clone_from(order);
            let place = |id: &Name| order.iter().position(|moved| moved == id).unwrap_or(usize::MAX);
            phase.items.sort_by_key(|item| place(&item.id));
        }
    }
}

/// Takes a step out of the one for the rest, because somebody took it up.
fn unfold(plan: &mut Plan, id: &str) {
    let Some(at) = plan.folded.iter().position(|item| item.id == id) else { return };
    let item = plan.folded.remove(at);
    for phase in &mut plan.phases {
        let holds = |rest: &Item| item.findings.iter().all(|found| rest.findings.contains(found));
        let Some(at) =
            phase.items.iter().position(|rest| rest.by_scan && rest.principle == item.principle && holds(rest))
        else {
            continue;
        };
        let rest = &mut phase.items[at];
        rest.findings.retain(|found| !item.findings.contains(found));
        let (count, german) = (rest.findings.len(), rest.german.title.clone());
        let renumber = |title: &str, words: [&str; 2]| match title.rfind(" (") {
            Some(end) => format!("{} ({count} {})", &title[..end], words[usize::from(count != 1)]),
            None => title.to_owned(),
        };
        rest.title = renumber(&rest.title, ["site", "sites"]);
        rest.german.title = renumber(&german, ["Stelle", "Stellen"]);
        let empty = rest.findings.is_empty();
        phase.items.insert(at, item);
        if empty {
            phase.items.remove(at + 1);
        }
        return;
    }
}

/// A step that was checked off and has no place left.
fn add_gone(plan: &mut Plan, id: &str, kept: &SavedItem, complete: bool) {
    let Some(kind) = kind_of(id) else { return };
    let advice = Advice::of(kind);
    let in_others = is_rest(id) && of_kind(plan, kind).is_some();
    let Some(phase) = plan.phases.iter_mut().find(|phase| phase.id == kept.phase) else { return };
    // A part that is not proposed any more, because the parts were cut another way, is no proof of work.
    let by_scan = advice.check != "people" && !phase.id.starts_with("split") && !in_others;
    let known = crate::principles::titles().map(|(id, _, _)| id);
    let title = if kept.title.is_empty() { id } else { kept.title.as_str() };
    let mut item = Item {
        id: Name::from(id),
        title: title.to_owned(),
        name: title.to_owned(),
        why: advice.why.clone(),
        how: advice.how.clone(),
        principle: known.into_iter().find(|id| *id == advice.principle).unwrap_or("D1"),
        risk: advice.risk,
        risk_why: advice.risk_why.clone(),
        back: advice.back.clone(),
        by_scan,
        status: kept.status,
        note: kept.note.clone(),
        owner: kept.owner.clone(),
        seen: if by_scan && complete { Seen::Gone } else { Seen::Nothing },
        ..Item::default()
    };
    item.check = "A new scan finds none of these places.".to_owned();
    item.german.title.clone_from(&item.title);
    item.german.why.clone_from(&advice.why_de);
    item.german.how.clone_from(&advice.how_de);
    item.german.risk_why.clone_from(&advice.risk_why_de);
    item.german.back.clone_from(&advice.back_de);
    item.german.check = "Ein neuer Scan findet keine dieser Stellen.".to_owned();
    phase.items.push(item);
}
