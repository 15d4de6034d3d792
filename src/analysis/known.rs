//! What linking adds to the facts of single files before they are judged for good: constants that other files define.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::facts::{FileFacts, FileId, Name, Scope, SourceFile, Value};
use crate::resolve::{Constants, Fill, Place};
use crate::rules::{Finding, Kind, Suppressed};

/// Constants that are followed from one to the next.
const MAX_HOPS: u8 = 3;

/// Findings that only a name made: the place that opens the log says more.
const BY_NAME: [&str; 2] = ["log-path/named-file", "log-path/literal/setting"];

/// Values of other files, and which constants other files dial.
#[derive(Debug, Default)]
pub struct Known {
    fills: Vec<Fill>,
    /// By the file that defines them: indexes into its definitions, sorted.
    pub dialled: BTreeMap<FileId, Vec<u32>>,
}

/// Looks up what the calls of all files are given, and the names that are `asked` for because something dials them.
pub fn constants(constants: &Constants, files: &[SourceFile], asked: &[(FileId, Name)]) -> Known {
    let all: Vec<FileId> = (0..u32::try_from(files.len()).unwrap_or(u32::MAX)).map(FileId).collect();
    let fills = all.into_par_iter().flat_map_iter(|file| constants.fills(file)).collect();
    let mut dialled: BTreeMap<FileId, Vec<u32>> = BTreeMap::new();
    for (from, name) in asked {
        if let Some(place) = defined(constants, *from, name) {
            dialled.entry(place.file).or_default().push(place.definition);
        }
    }
    for definitions in dialled.values_mut() {
        definitions.sort_unstable();
        definitions.dedup();
    }
    Known { fills, dialled }
}

/// Where the literal stands that a name leads to.
fn defined(constants: &Constants, from: FileId, name: &str) -> Option<Place> {
    let mut place = constants.find(from, name)?;
    for _ in 1..MAX_HOPS {
        let value = &constants.definition(place)?.value;
        let Some(further) = head(value) else { break };
        place = constants.find(place.file, further)?;
    }
    Some(place)
}

/// The name that a value is, or begins with.
fn head(value: &Value) -> Option<&Name> {
    match value {
        Value::Name(name) => Some(name),
        Value::Joined(parts) => parts.first().and_then(head),
        _ => None,
    }
}

impl Known {
    /// The constants of a file that others dial.
    pub fn dialled_in(&self, file: FileId) -> &[u32] {
        self.dialled.get(&file).map_or(&[], Vec::as_slice)
    }

    /// Puts the values into the calls.
    pub fn fill(&self, facts: &mut [FileFacts]) {
        for fill in &self.fills {
            let call = facts.get_mut(fill.file.index()).and_then(|one| one.calls.get_mut(fill.call));
            let Some(call) = call else { continue };
            match fill.argument {
                Some(index) => {
                    if let Some(arg) = call.args.get_mut(index) {
                        arg.value = fill.value.clone();
                    }
                }
                None => call.receiver_value = fill.value.clone(),
            }
        }
    }

    /// A log that one file names and another opens is one site: the place that opens it. `judged` is sorted by file.
    pub fn drop_opened(&self, judged: &mut [(u32, Vec<Finding>, Vec<Suppressed>)], facts: &[FileFacts]) {
        let of = |file: FileId| judged.binary_search_by_key(&file.0, |(index, _, _)| *index).ok();
        let mut opened: BTreeSet<Place> = BTreeSet::new();
        for fill in self.fills.iter().filter(|fill| !fill.from.is_empty()) {
            let Some(call) = facts.get(fill.file.index()).and_then(|one| one.calls.get(fill.call)) else { continue };
            let logs = of(fill.file).is_some_and(|at| {
                judged[at].1.iter().any(|found| {
                    found.kind == Kind::LOG_PATH && found.scope == Scope::Main && found.span.contains(&call.span)
                })
            });
            if logs {
                opened.extend(&fill.from);
            }
        }
        for place in opened {
            let Some(at) = judged.binary_search_by_key(&place.file.0, |(index, _, _)| *index).ok() else { continue };
            let definition = facts.get(place.file.index()).and_then(|f| f.definitions.get(place.definition as usize));
            let Some(definition) = definition else { continue };
            judged[at].1.retain(|found| {
                !(found.kind == Kind::LOG_PATH
                    && BY_NAME.contains(&found.rule.as_str())
                    && definition.span.contains(&found.span))
            });
        }
    }
}
