//! The plan file `.breakbulk/plan.toml` as data: what people checked off, left out or noted. Reading and writing is done elsewhere.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ItemStatus, Plan};
use crate::facts::Name;

/// The plan file. Entries are kept by id in sorted order; ids that no present step has are kept as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// Version of the format; 1.
    #[serde(default = "version")]
    pub version: u32,
    /// By id of the step.
    #[serde(default)]
    pub item: BTreeMap<String, SavedItem>,
}

/// What is kept of a step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedItem {
    /// `open`, `done` or `waived`.
    #[serde(default)]
    pub status: SavedStatus,
    /// Free text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Who does it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
}

/// [`ItemStatus`] as the file writes it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SavedStatus {
    #[default]
    Open,
    Done,
    Waived,
}

impl From<SavedStatus> for ItemStatus {
    fn from(status: SavedStatus) -> Self {
        match status {
            SavedStatus::Open => ItemStatus::Open,
            SavedStatus::Done => ItemStatus::Done,
            SavedStatus::Waived => ItemStatus::Waived,
        }
    }
}

impl From<ItemStatus> for SavedStatus {
    fn from(status: ItemStatus) -> Self {
        match status {
            ItemStatus::Open => SavedStatus::Open,
            ItemStatus::Done => SavedStatus::Done,
            ItemStatus::Waived => SavedStatus::Waived,
        }
    }
}

fn version() -> u32 {
    1
}

impl Saved {
    /// Reads the text of a plan file.
    ///
    /// # Errors
    /// When the text is no plan file, or of a later version: one message for people, with the line.
    pub fn parse(text: &str) -> Result<Saved, String> {
        let saved: Saved =
            toml::from_str(text).map_err(|error| crate::text::fault(text, error.span(), error.message()))?;
        if saved.version > version() {
            return Err(format!("version {} of the plan file is newer than this program", saved.version));
        }
        Ok(saved)
    }

    /// The text of the plan file: sorted by id, the same for the same content.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let saved = Saved { version: version(), item: self.item.clone() };
        let body = toml::to_string(&saved).unwrap_or_default();
        format!("# What was checked off in the plan; kept by breakbulk, may be edited by hand.\n{body}")
    }

    /// Changes what is kept of a step; `None` leaves a field as it is. An entry that says nothing any more is removed.
    pub fn set(&mut self, id: &str, status: Option<ItemStatus>, note: Option<&str>, owner: Option<&str>) {
        let entry = self.item.entry(id.to_owned()).or_default();
        if let Some(status) = status {
            entry.status = status.into();
        }
        if let Some(note) = note {
            note.clone_into(&mut entry.note);
        }
        if let Some(owner) = owner {
            owner.clone_into(&mut entry.owner);
        }
        if *entry == SavedItem::default() {
            self.item.remove(id);
        }
    }
}

/// Brings what was kept into the plan; steps that the file does not name stay as they are.
pub fn merge(plan: &mut Plan, saved: &Saved) {
    for item in plan.phases.iter_mut().flat_map(|phase| &mut phase.items) {
        if let Some(kept) = saved.item.get(Name::as_str(&item.id)) {
            item.status = kept.status.into();
            item.note.clone_from(&kept.note);
            item.owner.clone_from(&kept.owner);
        }
    }
}
