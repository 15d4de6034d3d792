//! Members used through values: follows the chains that `syntax` notes (`Order#customer#rename`) from declaration to
//! declaration, across files, as far as the repository's own types reach.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::go;
use super::index::{Family, Index};
use super::namespaces::{self, Scope};
use crate::facts::{Definition, DefinitionKind};

/// Inheritance that is followed upwards.
const DEPTH: u8 = 8;

/// A definition: file and index of the definition in it.
type Place = (u32, u32);

/// What a value is: a type of the repository, and what it holds, as text in the file that writes it.
#[derive(Debug, Clone)]
struct Known<'a> {
    own: Option<Place>,
    /// Type arguments: file and text.
    inner: Option<(u32, &'a str)>,
    /// Head of the type as written.
    head: &'a str,
}

/// The members of the types of the repository.
pub(super) struct Members<'a> {
    /// Per file of Java and C#: definitions by (parent, name).
    by_parent: Vec<Vec<u32>>,
    /// Go, whose types are spread over the files of a folder: (folder, type, member).
    of_package: FxHashMap<(&'a str, &'a str, &'a str), Place>,
    go: &'a go::Packages<'a>,
    scopes: RefCell<FxHashMap<u32, Rc<Scope>>>,
    types: RefCell<FxHashMap<(u32, &'a str), Option<Place>>>,
}

impl<'a> Members<'a> {
    pub(super) fn new(index: &Index<'a>, go: &'a go::Packages<'a>) -> Self {
        let mut members = Members {
            by_parent: vec![Vec::new(); index.files.len()],
            of_package: FxHashMap::default(),
            go,
            scopes: RefCell::default(),
            types: RefCell::default(),
        };
        for (id, facts) in (0u32..).zip(index.facts).take(index.files.len()) {
            match index.family(id) {
                Some(Family::Java | Family::CSharp) => {
                    let mut sorted: Vec<u32> = (0..facts.definitions.len() as u32)
                        .filter(|at| facts.definitions[*at as usize].parent.is_some())
                        .collect();
                    sorted.sort_by(|a, b| {
                        let key = |at: u32| {
                            let one = &facts.definitions[at as usize];
                            (one.parent, one.name.as_str(), at)
                        };
                        key(*a).cmp(&key(*b))
                    });
                    members.by_parent[id as usize] = sorted;
                }
                Some(Family::Go) => {
                    let folder = index.folder(id);
                    for (at, one) in (0u32..).zip(&facts.definitions) {
                        let owner = match one.parent.and_then(|parent| facts.definitions.get(parent as usize)) {
                            Some(parent) => Some(parent.name.as_str()),
                            None if one.kind == DefinitionKind::Method => one
                                .qualified
                                .rsplit_once('.')
                                .map(|(owner, _)| owner.rsplit('.').next().unwrap_or(owner)),
                            None => Some(""),
                        };
                        if let Some(owner) = owner {
                            members.of_package.entry((folder, owner, one.name.as_str())).or_insert((id, at));
                        }
                    }
                }
                _ => {}
            }
        }
        members
    }

    /// Follows a chain that file `id` notes and tells the files that it uses.
    pub(super) fn follow(&self, index: &Index<'a>, id: u32, chain: &'a str, tell: &mut dyn FnMut(u32)) {
        let mut steps = chain.split('#');
        let Some(head) = steps.next() else { return };
        let is_go = index.family(id) == Some(Family::Go);
        let first = if head.is_empty() {
            let Some(name) = steps.next() else { return };
            self.package_member(index, id, name)
        } else {
            Some(self.read(index, id, head))
        };
        let Some(mut at) = first else { return };
        for (number, step) in steps.enumerate() {
            // What a head names is counted as a name already.
            let named = number == 0 && !head.is_empty();
            if step == "[]" {
                if at.own.is_none()
                    && let Some((file, inner)) = at.inner
                {
                    at = self.read(index, file, inner);
                }
                continue;
            }
            let mut found = at.own.and_then(|own| self.member(index, own, step, DEPTH));
            if at.own.is_none() {
                // A container or wrapper from outside: either the member is one of what it holds, or it gives that.
                let Some((file, inner)) = at.inner else { return };
                let held = self.read(index, file, inner);
                found = held.own.and_then(|own| self.member(index, own, step, DEPTH));
                at = held;
                if found.is_none() {
                    continue;
                }
            }
            let Some(own) = at.own else { return };
            if !is_go && !named {
                tell(own.0);
            }
            let Some(place) = found else { return };
            if is_go {
                tell(place.0);
            }
            let Some(next) = self.result(index, place, &at) else { return };
            at = next;
        }
    }

    /// What a member, function or variable gives.
    fn result(&self, index: &Index<'a>, place: Place, on: &Known<'a>) -> Option<Known<'a>> {
        let one = definition(index, place)?;
        if is_type(one.kind) {
            return Some(Known { own: Some(place), inner: None, head: &one.name });
        }
        let next = self.read(index, place.0, one.type_name.as_deref()?);
        // A type parameter stands for what the receiver was given.
        let parameter = |known: &Known<'_>| {
            known.own.is_none() && known.inner.is_none() && known.head.len() <= 2 && !known.head.contains('.')
        };
        if parameter(&next) {
            return on.inner.map(|(file, text)| self.read(index, file, text));
        }
        if let Some((file, inner)) = next.inner
            && next.own.is_none()
            && parameter(&self.read(index, file, inner))
        {
            return Some(Known { inner: on.inner, ..next });
        }
        Some(next)
    }

    /// A type as file `id` writes it.
    fn read(&self, index: &Index<'a>, id: u32, text: &'a str) -> Known<'a> {
        let (head, inner) = match text.split_once('<') {
            Some((head, rest)) => (head, Some((id, rest.strip_suffix('>').unwrap_or(rest)))),
            None => (text, None),
        };
        Known { own: self.type_at(index, id, head), inner, head }
    }

    /// The definition of a type's name as file `id` writes it.
    fn type_at(&self, index: &Index<'a>, id: u32, name: &'a str) -> Option<Place> {
        if name.is_empty() {
            return None;
        }
        if let Some(known) = self.types.borrow().get(&(id, name)) {
            return *known;
        }
        let found = match index.family(id) {
            Some(Family::Go) => self.go.places(index, id, name).into_iter().find_map(|(folder, name)| {
                self.go
                    .files(index, &folder)
                    .filter(|file| index.defines(*file, name))
                    .find_map(|file| named(index, file, name))
            }),
            _ => {
                let simple = name.rsplit('.').next().unwrap_or(name);
                let own = index.facts.get(id as usize).and_then(|facts| {
                    facts.definitions.iter().position(|one| {
                        is_type(one.kind) && (one.name == name || name.contains('.') && one.qualified == name)
                    })
                });
                match own {
                    Some(at) => Some((id, at as u32)),
                    None => {
                        let scope = self.scope(index, id);
                        let file = namespaces::type_files(index, id, name, &scope).first().copied();
                        file.and_then(|file| named(index, file, simple))
                    }
                }
            }
        };
        self.types.borrow_mut().insert((id, name), found);
        found
    }

    fn scope(&self, index: &Index<'a>, id: u32) -> Rc<Scope> {
        if let Some(known) = self.scopes.borrow().get(&id) {
            return Rc::clone(known);
        }
        let scope = Rc::new(namespaces::scope_of(index, id));
        self.scopes.borrow_mut().insert(id, Rc::clone(&scope));
        scope
    }

    /// A function or variable of the own package.
    fn package_member(&self, index: &Index<'a>, id: u32, name: &str) -> Option<Known<'a>> {
        let place = *self.of_package.get(&(index.folder(id), "", name))?;
        self.result(index, place, &Known { own: None, inner: None, head: "" })
    }

    /// A member of a type, or of what the type extends or embeds.
    fn member(&self, index: &Index<'a>, (file, at): Place, name: &str, depth: u8) -> Option<Place> {
        let depth = depth.checked_sub(1)?;
        let one = definition(index, (file, at))?;
        let go = index.family(file) == Some(Family::Go);
        let found = if go {
            // what is no type stands for what it gives
            if !is_type(one.kind) {
                let given = self.read(index, file, one.type_name.as_deref()?);
                return given.own.and_then(|own| self.member(index, own, name, depth));
            }
            self.of_package.get(&(index.folder(file), one.name.as_str(), name)).copied()
        } else {
            self.declared(index, file, at, name)
        };
        if found.is_some() {
            return found;
        }
        let bases = one.type_name.as_deref()?;
        bases.split(',').find_map(|base| {
            let place = self.type_at(index, file, base)?;
            if go && base.rsplit('.').next() == Some(name) {
                return Some(place);
            }
            (place != (file, at)).then(|| self.member(index, place, name, depth)).flatten()
        })
    }

    fn declared(&self, index: &Index<'a>, file: u32, parent: u32, name: &str) -> Option<Place> {
        let sorted = self.by_parent.get(file as usize)?;
        let definitions = &index.facts.get(file as usize)?.definitions;
        let key = |at: &u32| {
            let one = &definitions[*at as usize];
            (one.parent, one.name.as_str())
        };
        let find = |name: &str| {
            let from = sorted.partition_point(|at| key(at) < (Some(parent), name));
            sorted.get(from).filter(|at| key(at) == (Some(parent), name)).map(|at| (file, *at))
        };
        // an accessor that is generated from the field
        find(name).or_else(|| {
            let rest = name.strip_prefix("get").filter(|rest| rest.starts_with(char::is_uppercase))?;
            let mut field = rest.to_string();
            field.get_mut(..1)?.make_ascii_lowercase();
            find(&field)
        })
    }
}

fn definition<'a>(index: &Index<'a>, (file, at): Place) -> Option<&'a Definition> {
    index.facts.get(file as usize)?.definitions.get(at as usize)
}

/// The definition of a simple name in a file: the outermost type first.
fn named(index: &Index<'_>, file: u32, name: &str) -> Option<Place> {
    let definitions = &index.facts.get(file as usize)?.definitions;
    let types = definitions.iter().position(|one| one.name == name && is_type(one.kind));
    types.or_else(|| definitions.iter().position(|one| one.name == name)).map(|at| (file, at as u32))
}

fn is_type(kind: DefinitionKind) -> bool {
    use DefinitionKind::{Alias, Class, Enum, Interface};
    matches!(kind, Class | Interface | Enum | Alias)
}
