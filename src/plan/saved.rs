//! The plan file `.breakbulk/plan.toml` as data: what people checked off, left out, noted or moved. Reading and writing is
//! done elsewhere.
//!
//! The file is made to be committed and merged: one line for each step that somebody touched, sorted by id, so that two
//! people who touch different steps change different lines. What stands in it otherwise, comments above all, stays.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml_edit::{Array, DocumentMut, InlineTable, Item as Node, Table, TableLike, Value};

use super::ItemStatus;
use crate::facts::Name;

/// The plan file. Entries are kept by id in sorted order; ids that no present step has are kept as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// Version of the format; 1.
    #[serde(default = "version")]
    pub version: u32,
    /// By id of the step.
    #[serde(default)]
    pub item: BTreeMap<String, SavedItem>,
    /// Ids of steps in the order that people gave them, by id of the phase.
    #[serde(default)]
    pub order: BTreeMap<String, Vec<Name>>,
}

/// What is kept of a step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedItem {
    /// `open`, `done` or `waived`.
    #[serde(default)]
    pub status: ItemStatus,
    /// Free text.
    #[serde(default)]
    pub note: String,
    /// Who does it.
    #[serde(default)]
    pub owner: String,
    /// What the step says, for whoever reads the file, and for when its evidence is gone.
    #[serde(default)]
    pub title: String,
    /// The phase that it belongs to.
    #[serde(default)]
    pub phase: String,
}

/// A change that a person made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// What is kept of the step with this id, from now on.
    Step(Name, SavedItem),
    /// The order of the steps of a phase; without any the plan's own order holds again.
    Order(&'static str, Vec<Name>),
}

const HEAD: &str = "\
# Which steps of the plan are done, left out, noted or moved. Written by breakbulk, may be edited by hand: commit it, merge
# it. One line for each step; comments are kept.
version = 1
";

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

    fn take(&mut self, change: &Change) {
        match change {
            Change::Step(id, kept) => self.item.insert(id.to_string(), kept.clone()).map(|_| ()),
            Change::Order(phase, ids) if ids.is_empty() => self.order.remove(*phase).map(|_| ()),
            Change::Order(phase, ids) => self.order.insert((*phase).to_owned(), ids.clone()).map(|_| ()),
        };
    }
}

/// The text of the plan file with changes: `None` where nothing changes. Lines that the changes do not speak of stay as they
/// are.
///
/// # Errors
/// When the text is no plan file; it is then not to be written at all.
pub fn edit(text: Option<&str>, changes: &[Change]) -> Result<Option<String>, String> {
    let before = text.unwrap_or(HEAD);
    let mut wanted = Saved::parse(before)?;
    let old = wanted.clone();
    changes.iter().for_each(|change| wanted.take(change));
    if wanted == old {
        return Ok(None);
    }
    let mut document: DocumentMut = before.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    for change in changes {
        match change {
            Change::Step(id, kept) => set_step(&mut document, id, kept)?,
            Change::Order(phase, ids) => set_order(&mut document, phase, ids)?,
        }
    }
    let after = document.to_string();
    // Whatever the file looked like: what is written says what was meant, or nothing is written.
    match Saved::parse(&after) {
        Ok(mut read) => {
            let says_nothing = |kept: &SavedItem| *kept == SavedItem::default();
            wanted.item.retain(|_, kept| !says_nothing(&without_words(kept)));
            read.item.retain(|_, kept| !says_nothing(&without_words(kept)));
            if read == wanted { Ok(Some(after)) } else { Err("the plan file cannot be changed safely".to_owned()) }
        }
        Err(error) => Err(format!("the plan file cannot be changed safely: {error}")),
    }
}

/// Without what only describes the step: an entry that says nothing else is not needed.
fn without_words(kept: &SavedItem) -> SavedItem {
    SavedItem { title: String::new(), phase: String::new(), ..kept.clone() }
}

/// The table of this name at the top of the file, made where there is none.
fn table<'d>(document: &'d mut DocumentMut, name: &str) -> Result<&'d mut dyn TableLike, String> {
    let node = document.entry(name).or_insert_with(|| Node::Table(Table::new()));
    node.as_table_like_mut().ok_or_else(|| format!("{name} is no table"))
}

fn set_step(document: &mut DocumentMut, id: &str, kept: &SavedItem) -> Result<(), String> {
    let items = table(document, "item")?;
    let commented = items.key(id).is_some_and(|key| {
        let above = key.leaf_decor().prefix().and_then(|prefix| prefix.as_str());
        above.is_some_and(|text| text.contains('#'))
    });
    if without_words(kept) == SavedItem::default() && !commented {
        items.remove(id);
        return Ok(());
    }
    let fields = [
        ("status", kept.status.as_str()),
        ("owner", kept.owner.as_str()),
        ("note", kept.note.as_str()),
        ("title", kept.title.as_str()),
        ("phase", kept.phase.as_str()),
    ];
    match items.get_mut(id) {
        Some(node) => {
            let entry = node.as_table_like_mut().ok_or_else(|| format!("item.{id} is no table"))?;
            for (name, text) in fields {
                match entry.get_mut(name).and_then(Node::as_value_mut) {
                    _ if text.is_empty() => drop(entry.remove(name)),
                    Some(value) if value.as_str() == Some(text) => {}
                    Some(value) => {
                        // the comment behind the value belongs to it
                        let decor = value.decor().clone();
                        *value = one_line(text);
                        *value.decor_mut() = decor;
                    }
                    None => drop(entry.insert(name, toml_edit::value(one_line(text)))),
                }
            }
            if let Some(line) = node.as_inline_table_mut().filter(|line| !line.to_string().contains('\n')) {
                line.fmt();
            }
        }
        None => {
            let mut line = InlineTable::new();
            for (name, text) in fields.into_iter().filter(|(_, text)| !text.is_empty()) {
                line.insert(name, one_line(text));
            }
            items.insert(id, toml_edit::value(line));
            items.sort_values();
        }
    }
    Ok(())
}

/// A string on one line, always with the same quotes.
fn one_line(text: &str) -> Value {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted.parse().unwrap_or_else(|_| Value::from(text))
}

fn set_order(document: &mut DocumentMut, phase: &str, ids: &[Name]) -> Result<(), String> {
    if ids.is_empty() {
        table(document, "order")?.remove(phase);
        if table(document, "order")?.is_empty() {
            document.remove("order");
        }
        return Ok(());
    }
    let mut list = Array::new();
    for id in ids {
        let mut value = Value::from(id.as_str());
        value.decor_mut().set_prefix("\n  ");
        list.push_formatted(value);
    }
    list.set_trailing_comma(true);
    list.set_trailing("\n");
    let order = table(document, "order")?;
    order.insert(phase, toml_edit::value(list));
    order.sort_values();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Change, Saved, SavedItem, edit};
    use crate::plan::ItemStatus;

    fn step(id: &str, status: ItemStatus, note: &str) -> Change {
        let kept =
            SavedItem { status, note: note.into(), title: "T".into(), phase: "know".into(), ..Default::default() };
        Change::Step(id.into(), kept)
    }

    fn apply(text: Option<&str>, changes: &[Change]) -> String {
        edit(text, changes).unwrap().unwrap()
    }

    #[test]
    fn each_change_is_one_line_and_the_order_does_not_depend_on_who_came_first() {
        let (b, a) = (step("b-1", ItemStatus::Done, ""), step("a-1", ItemStatus::Waived, "no \"need\"\n"));
        let one = apply(None, std::slice::from_ref(&b));
        assert!(one.ends_with("\n[item]\nb-1 = { status = \"done\", title = \"T\", phase = \"know\" }\n"), "{one}");
        let both = apply(Some(&one), std::slice::from_ref(&a));
        assert_eq!(both.lines().count(), one.lines().count() + 1, "{both}");
        assert_eq!(both, apply(None, &[a.clone(), b.clone()]));
        assert_eq!(edit(Some(&both), &[a, b.clone()]).unwrap(), None);
        let gone = apply(Some(&both), &[step("a-1", ItemStatus::Open, "")]);
        assert_eq!(gone, one);
        let read = Saved::parse(&both).unwrap();
        assert_eq!(read.item["a-1"].note, "no \"need\"\n");
    }

    #[test]
    fn comments_and_what_is_not_spoken_of_stay() {
        let text = "# ours\n[item.gone-1]   # old form\nstatus = \"waived\" # why\nnote = 'as it is'\n\n[item.know-1]\n# ask ann\nstatus = \"open\"\n";
        let after = apply(Some(text), &[step("know-1", ItemStatus::Done, "x")]);
        let kept = "# ours\n[item.gone-1]   # old form\nstatus = \"waived\" # why\nnote = 'as it is'\n\n[item.know-1]\n# ask ann\nstatus = \"done\"\n";
        assert!(after.starts_with(kept), "{after}");
        let after = apply(Some(text), &[step("gone-1", ItemStatus::Done, "x")]);
        assert!(after.contains("status = \"done\" # why\n"), "{after}");
        let text = "[item]\n# mine\na-1 = { status = \"done\" } # here\nc-1 = { status = \"done\" }\n# the end\n";
        let after = apply(Some(text), &[step("b-1", ItemStatus::Done, ""), step("a-1", ItemStatus::Open, "")]);
        let wanted = "[item]\n# mine\na-1 = { status = \"open\", title = \"T\", phase = \"know\" } # here\nb-1 = { status = \"done\", title = \"T\", phase = \"know\" }\nc-1 = { status = \"done\" }\n# the end\n";
        assert_eq!(after, wanted);
    }

    #[test]
    fn an_order_is_one_line_per_step() {
        let order = Change::Order("know", vec!["b-1".into(), "a-1".into()]);
        let text = apply(None, &[order.clone(), step("a-1", ItemStatus::Done, "")]);
        assert!(text.contains("[order]\nknow = [\n  \"b-1\",\n  \"a-1\",\n]\n"), "{text}");
        assert_eq!(Saved::parse(&text).unwrap().order["know"], ["b-1", "a-1"]);
        let without = apply(Some(&text), &[Change::Order("know", Vec::new())]);
        assert!(!without.contains("order"), "{without}");
    }

    #[test]
    fn what_is_no_plan_file_is_refused() {
        let change = [step("a-1", ItemStatus::Done, "")];
        for text in
            ["item = 3", "version = 9", "this is [no toml", "[item]\na-1 = 3\n", "[item.a-1]\nstatus = \"dun\"\n"]
        {
            assert!(edit(Some(text), &change).is_err(), "{text}");
        }
        let merge = "[item]\n<<<<<<< ours\na-1 = { status = \"done\" }\n=======\n>>>>>>> theirs\n";
        assert!(edit(Some(merge), &change).unwrap_err().contains("line 2"));
    }
}
