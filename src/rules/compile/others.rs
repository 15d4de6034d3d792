//! Rules on definitions and on paths, ready to run.

use super::{Origin, Outcome, boxed, outcome, regex};
use crate::facts::DefinitionKind;
use crate::rules::lazy::LazyRegex;
use crate::rules::model;
use crate::rules::paths::{Group, Paths};

/// A rule on what a file defines.
#[derive(Debug)]
pub struct DefinitionRule {
    pub outcome: Outcome,
    pub files: Option<Group>,
    pub imports: Vec<Box<str>>,
    pub define: Vec<DefinitionKind>,
    pub name: Option<LazyRegex>,
    pub type_name: Option<LazyRegex>,
    pub namespace: Option<LazyRegex>,
    pub within: Option<LazyRegex>,
    pub top: Option<bool>,
    pub visible: Option<bool>,
    pub shared: Option<bool>,
    pub empty: Option<bool>,
}

/// A rule on the path of a file.
#[derive(Debug)]
pub struct FileRule {
    pub outcome: Outcome,
    pub files: Option<Group>,
    pub unless_files: Option<Group>,
}

/// What a definition may be called in a rule.
const KINDS: [(&str, DefinitionKind); 9] = [
    ("class", DefinitionKind::Class),
    ("interface", DefinitionKind::Interface),
    ("enum", DefinitionKind::Enum),
    ("module", DefinitionKind::Module),
    ("function", DefinitionKind::Function),
    ("method", DefinitionKind::Method),
    ("constant", DefinitionKind::Constant),
    ("field", DefinitionKind::Field),
    ("alias", DefinitionKind::Alias),
];

/// The kinds of definitions of these names.
pub fn kinds(names: &[String]) -> Result<Vec<DefinitionKind>, String> {
    let find = |name: &String| match KINDS.iter().find(|(known, _)| known == name) {
        Some((_, kind)) => Ok(*kind),
        None => {
            let known: Vec<&str> = KINDS.iter().map(|(known, _)| *known).collect();
            Err(format!("`{name}` is nothing that is defined; write one of {}", known.join(", ")))
        }
    };
    names.iter().map(find).collect()
}

/// Checks a rule on definitions.
pub fn definition(
    written: &model::DefinitionRule,
    origin: &Origin,
    paths: &mut Paths,
) -> Result<DefinitionRule, String> {
    let own = origin.own;
    Ok(DefinitionRule {
        outcome: outcome!(written, origin),
        files: paths.add(written.files.as_ref())?,
        imports: boxed(&written.imports),
        define: kinds(&written.define)?,
        name: regex(written.name.as_deref(), own)?,
        type_name: regex(written.type_name.as_deref(), own)?,
        namespace: regex(written.namespace.as_deref(), own)?,
        within: regex(written.within.as_deref(), own)?,
        top: written.top,
        visible: written.visible,
        shared: written.shared,
        empty: written.empty,
    })
}

/// Checks a rule on paths.
pub fn file(written: &model::FileRule, origin: &Origin, paths: &mut Paths) -> Result<FileRule, String> {
    Ok(FileRule {
        outcome: outcome!(written, origin),
        files: paths.add(Some(&written.files))?,
        unless_files: paths.add(written.unless_files.as_ref())?,
    })
}
