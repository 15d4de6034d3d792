//! Constants of other files: what a name that a call is given is worth in the file that defines it.
//!
//! Edges between files are known by now, so a name needs no search of its own: it is the constant of this name in a file
//! that the asking file depends on. Two of different worth settle nothing.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Links;
use super::index::split;
use crate::facts::{Definition, DefinitionKind, FileFacts, FileId, Scope, SourceFile, Value};

/// Constants that are followed from one to the next.
const MAX_HOPS: u8 = 3;

/// What an argument is worth in another file.
#[derive(Debug, Clone, PartialEq)]
pub struct Fill {
    /// The file that asks.
    pub file: FileId,
    /// Index into its calls.
    pub call: usize,
    /// Which argument; `None` for the receiver.
    pub argument: Option<usize>,
    /// The value, the constants in it known.
    pub value: Value,
    /// The constants in it.
    pub from: Vec<Place>,
}

/// A definition: the file, and the index into its definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file that defines it.
    pub file: FileId,
    /// Index into [`FileFacts::definitions`].
    pub definition: u32,
}

/// The constants that the calls of a repository ask for.
pub struct Constants<'a> {
    files: &'a [SourceFile],
    facts: &'a [FileFacts],
    links: &'a Links,
    by_name: FxHashMap<&'a str, Vec<Place>>,
}

impl<'a> Constants<'a> {
    /// Gathers the constants that are called as something that a kept call is given.
    #[must_use]
    pub fn new(files: &'a [SourceFile], facts: &'a [FileFacts], links: &'a Links) -> Constants<'a> {
        let mut asked: FxHashSet<&str> = FxHashSet::default();
        for call in facts.iter().flat_map(|one| &one.calls) {
            call.args.iter().map(|arg| &arg.value).chain([&call.receiver_value]).for_each(|v| names(v, &mut asked));
        }
        // What a constant is put together of is asked for too.
        let worth = |definition: &Definition| is_constant(definition) && !matches!(definition.value, Value::Unknown);
        let constants = || facts.iter().flat_map(|one| &one.definitions).filter(|definition| worth(definition));
        for _ in 1..MAX_HOPS {
            let mut further: FxHashSet<&str> = FxHashSet::default();
            let known = constants().filter(|definition| asked.contains(definition.name.as_str()));
            known.for_each(|definition| names(&definition.value, &mut further));
            asked.extend(further);
        }
        let mut by_name: FxHashMap<&str, Vec<Place>> = FxHashMap::default();
        for (one, file) in facts.iter().zip(0u32..).take(files.len()) {
            for (definition, index) in one.definitions.iter().zip(0u32..) {
                let name = definition.name.trim_start_matches('$');
                if worth(definition) && asked.contains(name) {
                    by_name.entry(name).or_default().push(Place { file: FileId(file), definition: index });
                }
            }
        }
        Constants { files, facts, links, by_name }
    }

    /// The definition that a name of this file means; `None` where it is unknown or settles nothing.
    #[must_use]
    pub fn find(&self, from: FileId, name: &str) -> Option<Place> {
        let (owner, last) = parts(name);
        let places = self.by_name.get(last)?;
        let asking = self.files.get(from.index())?;
        let mut found: Option<Place> = None;
        for place in places.iter().copied().filter(|place| place.file != from) {
            let (Some(file), Some(definition)) = (self.files.get(place.file.index()), self.definition(place)) else {
                continue;
            };
            let fits = file.language.is_some()
                && (file.scope == Scope::Main || asking.scope != Scope::Main)
                && self.is_seen(asking, from, file, place, definition)
                && self.is_owner(owner, place, definition);
            if !fits {
                continue;
            }
            match found.and_then(|other| self.definition(other)) {
                Some(other) if other.value != definition.value => return None,
                Some(_) => {}
                None => found = Some(place),
            }
        }
        found
    }

    /// The definition at a place.
    #[must_use]
    pub fn definition(&self, place: Place) -> Option<&'a Definition> {
        self.facts.get(place.file.index())?.definitions.get(place.definition as usize)
    }

    /// What the arguments and receivers of a file's calls are worth, where a constant of another file says it.
    #[must_use]
    pub fn fills(&self, file: FileId) -> Vec<Fill> {
        let mut fills = Vec::new();
        let Some(facts) = self.facts.get(file.index()) else { return fills };
        for (at, call) in facts.calls.iter().enumerate() {
            let arguments = call.args.iter().enumerate().map(|(index, arg)| (Some(index), &arg.value));
            for (argument, value) in arguments.chain([(None, &call.receiver_value)]) {
                let mut from = Vec::new();
                if let Some(value) = self.filled(file, value, MAX_HOPS, &mut from) {
                    fills.push(Fill { file, call: at, argument, value, from });
                }
            }
        }
        fills
    }

    /// What a name means, and what it is worth: a constant, or an entry of one that is a map (`./config.paths.log`).
    fn worth(&self, file: FileId, name: &str) -> Option<(Place, &'a Value)> {
        if let Some(place) = self.find(file, name) {
            return Some((place, &self.definition(place)?.value));
        }
        let (map, key) = name.rsplit_once('.')?;
        let place = self.find(file, map)?;
        let Value::Map(entries) = &self.definition(place)?.value else { return None };
        let plain = |text: &str| text.trim_matches(['"', '\'', ':']) == key;
        entries.iter().find(|(known, _)| plain(known)).map(|(_, value)| (place, value))
    }

    /// The value with the constants of other files in it; `None` where there is none.
    fn filled(&self, file: FileId, value: &Value, hops: u8, from: &mut Vec<Place>) -> Option<Value> {
        let all = |values: &[Value], from: &mut Vec<Place>| {
            let filled: Vec<Option<Value>> = values.iter().map(|one| self.filled(file, one, hops, from)).collect();
            let any = filled.iter().any(Option::is_some);
            any.then(|| {
                filled.into_iter().zip(values).map(|(new, old)| new.unwrap_or_else(|| old.clone())).collect::<Vec<_>>()
            })
        };
        match value {
            Value::Name(name) if hops > 0 => {
                let (place, own) = self.worth(file, name)?;
                let inner = self.filled(place.file, own, hops - 1, from).unwrap_or_else(|| own.clone());
                if matches!(inner, Value::Name(_) | Value::Unknown | Value::Null) {
                    return None;
                }
                from.push(place);
                Some(Value::Constant { name: name.clone(), value: Box::new(inner) })
            }
            Value::Joined(parts) => all(parts, from).map(Value::Joined),
            Value::List(parts) => all(parts, from).map(Value::List),
            Value::OneOf(parts) => all(parts, from).map(Value::OneOf),
            Value::Call { name, construct, args } => {
                all(args, from).map(|args| Value::Call { name: name.clone(), construct: *construct, args })
            }
            Value::Map(entries) => {
                let values: Vec<Value> = entries.iter().map(|(_, value)| value.clone()).collect();
                let keys = entries.iter().map(|(key, _)| key.clone());
                all(&values, from).map(|values| Value::Map(keys.zip(values).collect()))
            }
            _ => None,
        }
    }

    /// True when the asking file depends on the defining one. PHP's free constants make no dependency: whichever file sets
    /// the program up defines them for all.
    fn is_seen(
        &self,
        asking: &SourceFile,
        from: FileId,
        file: &SourceFile,
        place: Place,
        definition: &Definition,
    ) -> bool {
        let php = |file: &SourceFile| file.language.is_some_and(|language| language.0 == "php");
        let global = php(asking) && php(file) && definition.parent.is_none();
        global || self.links.edges.binary_search_by_key(&(from, place.file), |edge| (edge.from, edge.to)).is_ok()
    }

    /// True when what stands before the name may be what the constant belongs to.
    fn is_owner(&self, owner: Option<&str>, place: Place, definition: &Definition) -> bool {
        let Some(owner) = owner else { return true };
        let facts = &self.facts[place.file.index()];
        match definition.parent.and_then(|parent| facts.definitions.get(parent as usize)) {
            Some(parent) => parent.name == owner,
            // A module: its file, its folder, or the namespace that it declares.
            None => {
                let (folder, name) = split(&self.files[place.file.index()].path);
                let stem = name.split('.').next().unwrap_or(name);
                let package = split(folder).1;
                let spoken = facts.namespace.rsplit(['.', '/']).next().unwrap_or_default();
                [stem, package, spoken].contains(&owner) || matches!(owner, "crate" | "super" | "self" | "")
            }
        }
    }
}

/// True for what keeps its value, as far as the language says it, and is seen by other files.
fn is_constant(definition: &Definition) -> bool {
    let kind =
        definition.kind == DefinitionKind::Constant || (definition.kind == DefinitionKind::Field && definition.shared);
    kind && !definition.private
}

/// What a name belongs to, and its last part: `Config` and `LOG` of `com.acme.Config.LOG`, `config` and `URL` of
/// `./config.URL`.
fn parts(name: &str) -> (Option<&str>, &str) {
    let (rest, last) = name.rsplit_once(['.', '#']).map_or((None, name), |(rest, last)| (Some(rest), last));
    let owner = rest.map(|rest| rest.rsplit(['.', '/', '#']).next().unwrap_or(rest));
    (owner, last.trim_start_matches('$'))
}

/// The last parts of the names in a value.
fn names<'v>(value: &'v Value, out: &mut FxHashSet<&'v str>) {
    match value {
        Value::Name(name) => {
            let (owner, last) = parts(name);
            out.insert(last);
            // The constant may be a map, and the name one of its entries.
            out.extend(owner);
        }
        Value::Joined(parts) | Value::List(parts) | Value::OneOf(parts) | Value::Call { args: parts, .. } => {
            parts.iter().for_each(|part| names(part, out));
        }
        Value::Map(entries) => entries.iter().for_each(|(_, value)| names(value, out)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(parts("com.acme.Config.LOG"), (Some("Config"), "LOG"));
        assert_eq!(parts("./config.URL"), (Some("config"), "URL"));
        assert_eq!(parts("github.com/acme/conf.Log"), (Some("conf"), "Log"));
        assert_eq!(parts("App.Config.$log"), (Some("Config"), "log"));
        assert_eq!(parts("LOG"), (None, "LOG"));
    }
}
