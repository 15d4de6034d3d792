//! Members used through values whose type another file declares: `order.customer().rename()` uses the class that declares
//! `customer` and, without naming it, the class of what `customer` returns. One file cannot say which those are; it notes the
//! chain, and `resolve` follows it.
//!
//! A chain is a type or name as written, then the members, joined by `#`: `Order#customer#rename`. The last type argument
//! stands behind the type (`Map<List<Order>>`), as that is what most containers give.

use tree_sitter::Node;

use super::extract::{MAX_NAME, Walk, starts_upper};
use super::mapping::{Role, Slot};
use super::scopes::{TypeSource, Var};
use crate::facts::{Name, RefKind};

/// Longest chain, in nodes, that is followed.
const DEPTH: u8 = 14;
/// What stands for the members of a file's own package or module.
const OWN: &str = "";

impl<'t> Walk<'t> {
    /// Notes the chain that a call or member ends, unless a longer one goes on from it.
    pub fn chain(&mut self, node: Node<'t>) {
        let options = &self.map.options;
        if options.chains == 0 {
            return;
        }
        if let Some(frame) = self.stack.last() {
            let inner = match frame.role {
                Role::Member => self.map.slot(frame.node, Slot::Object),
                Role::Call => {
                    self.map.slot(frame.node, Slot::Function).or_else(|| self.map.slot(frame.node, Slot::Object))
                }
                _ => None,
            };
            if inner.is_some_and(|inner| inner.id() == node.id()) {
                return;
            }
        }
        let least = options.chains as usize;
        let kind = if self.map.role(node) == Role::Call { RefKind::Call } else { RefKind::Name };
        let Some(chain) = self.chain_of(node, DEPTH) else { return };
        if chain.bytes().filter(|b| *b == b'#').count() >= least {
            self.refer(chain, kind, node);
        }
    }

    fn chain_of(&self, node: Node<'t>, depth: u8) -> Option<Name> {
        let depth = depth.checked_sub(1)?;
        let map = self.map;
        match map.role(node) {
            Role::This => self.own_class(),
            Role::Name | Role::Type | Role::TypeOf => {
                if self.is_this(node) {
                    return self.own_class();
                }
                let text = self.text(node);
                if let Some(var) = self.variable(text) {
                    return self.chain_of_variable(var, depth);
                }
                if map.options.capital_types && starts_upper(text) || self.names.contains_key(text) {
                    return Some(Name::from(text.split('<').next().unwrap_or(text)));
                }
                self.own_member(text)
            }
            Role::Member => {
                let (object, name) = (map.slot(node, Slot::Object)?, map.slot(node, Slot::Name)?);
                let name = self.text(name);
                // a member of an imported package is a name of its own, no member of a value
                if !map.options.capital_types && map.role(object) == Role::Name {
                    let text = self.text(object);
                    if self.names.contains_key(text) && self.variable(text).is_none() {
                        return Some(Name::from(format!("{text}.{name}")));
                    }
                }
                join(&self.chain_of(object, depth)?, name)
            }
            Role::Call => match map.slot(node, Slot::Function) {
                Some(function) if map.role(function) == Role::Name => self.chain_of_bare(function),
                Some(function) => self.chain_of(function, depth),
                None => {
                    let name = map.slot(node, Slot::Name)?;
                    match map.slot(node, Slot::Object) {
                        Some(object) => join(&self.chain_of(object, depth)?, self.text(name)),
                        None => self.chain_of_bare(name),
                    }
                }
            },
            Role::Construct | Role::Cast => map.slot(node, Slot::Type).and_then(|ty| shape(self.text(ty))),
            Role::Paren => self.inner(node).and_then(|inner| self.chain_of(inner, depth)),
            Role::Index => {
                let object = map.slot(node, Slot::Object).or_else(|| node.named_child(0))?;
                join(&self.chain_of(object, depth)?, "[]")
            }
            Role::Ternary => node.named_child(1).and_then(|second| self.chain_of(second, depth)),
            _ => None,
        }
    }

    fn chain_of_variable(&self, var: &Var<'t>, depth: u8) -> Option<Name> {
        let inferred = || var.init.and_then(|init| self.chain_of(init, depth));
        match &var.ty {
            TypeSource::Node(node) if self.text(*node) == "var" => inferred(),
            TypeSource::Node(node) => shape(self.text(*node)),
            TypeSource::None => inferred(),
        }
    }

    /// The chain of `f()`: a member of the own class or package, or one that is imported.
    fn chain_of_bare(&self, name: Node<'t>) -> Option<Name> {
        let text = self.text(name);
        match self.names.get(text).and_then(|full| full.rsplit_once('.')) {
            Some((class, member)) if self.map.options.bare_members => join(class, member),
            _ => self.own_member(text),
        }
    }

    fn own_class(&self) -> Option<Name> {
        self.scopes.class().map(|class| class.class.clone()).filter(|name| !name.is_empty())
    }

    fn own_member(&self, name: &str) -> Option<Name> {
        if self.map.options.bare_members { join(&self.own_class()?, name) } else { join(OWN, name) }
    }

    /// The type that a declaration is noted with: as written, with its last type argument.
    pub fn shape_at(&self, node: Node<'t>) -> Option<Name> {
        if self.map.options.chains == 0 { self.type_at(node) } else { shape(self.text(node)) }
    }
}

fn join(chain: &str, member: &str) -> Option<Name> {
    let member = member.split('<').next().unwrap_or(member);
    (chain.len() + member.len() < MAX_NAME).then(|| Name::from(format!("{chain}#{member}")))
}

/// A type as written → its name and its last type argument: `Map<String, List<? extends B>>` → `Map<List<B>>`,
/// `map[string][]*a.B` → `<<a.B>>`, `(*a.B, error)` → `a.B`. `None` for what has no members of its own.
pub fn shape(text: &str) -> Option<Name> {
    let mut out = String::new();
    let mut open = 0;
    let mut rest = text.trim();
    for _ in 0..8 {
        rest = rest.trim_start_matches(['*', '&', '?', ' ', '\n', '\t']);
        rest = ["extends ", "super ", "final ", "chan ", "<-chan ", "global::", "readonly ", "ref "]
            .iter()
            .find_map(|word| rest.strip_prefix(word))
            .unwrap_or(rest)
            .trim_start_matches(['*', '&', ' ']);
        if let Some(annotated) = rest.strip_prefix('@') {
            let end = annotated.find(char::is_whitespace)?;
            rest = &annotated[end..];
        } else if let Some(list) = rest.strip_prefix('(') {
            // several results: the first one is what is worked with; it may have a name
            let first = top_level(list, |c| matches!(c, ',' | ')')).0.trim();
            rest = match first.split_once(' ') {
                Some((word, ty)) if word.chars().all(|c| c.is_alphanumeric() || c == '_') && word != "chan" => ty,
                _ => first,
            };
        } else if let Some(inner) = rest.strip_prefix("...") {
            out.push('<');
            open += 1;
            rest = inner;
        } else if let Some(list) = rest.strip_prefix("map[").or_else(|| rest.strip_prefix('[')) {
            out.push('<');
            open += 1;
            rest = top_level(list, |c| c == ']').1;
        } else {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '$'))).unwrap_or(rest.len());
            let (head, after) = rest.split_at(end);
            let head = head.trim_matches('.');
            if matches!(head, "func" | "struct" | "interface" | "void" | "var") || head.is_empty() && out.is_empty() {
                return None;
            }
            out.push_str(head);
            let Some(args) = after.trim_start().strip_prefix('<') else { break };
            let mut last = "";
            let mut args = args;
            loop {
                let (arg, more) = top_level(args, |c| matches!(c, ',' | '>'));
                last = if arg.trim().is_empty() { last } else { arg };
                let ended = !args[arg.len()..].starts_with(',');
                args = more;
                if ended || more.is_empty() {
                    break;
                }
            }
            if last.is_empty() {
                break;
            }
            out.push('<');
            open += 1;
            rest = last.trim();
        }
    }
    out.extend(std::iter::repeat_n('>', open));
    (out.len() <= MAX_NAME && out.bytes().any(|b| b.is_ascii_alphanumeric())).then(|| Name::from(out))
}

/// The text before the first character outside of brackets that `stop` wants, and the text behind it.
fn top_level(text: &str, stop: impl Fn(char) -> bool) -> (&str, &str) {
    let mut depth = 0u32;
    for (at, c) in text.char_indices() {
        if depth == 0 && stop(c) {
            return (&text[..at], &text[at + c.len_utf8()..]);
        }
        match c {
            '<' | '(' | '[' => depth += 1,
            '>' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::shape;
    use crate::facts::{KeepAll, Language};

    #[test]
    fn shapes_keep_the_name_and_the_last_argument() {
        let cases = [
            ("Map<String, List<? extends B>>", Some("Map<List<B>>")),
            ("a.b.C[]", Some("a.b.C")),
            ("@Nullable C", Some("C")),
            ("Task<C>", Some("Task<C>")),
            ("map[string][]*a.B", Some("<<a.B>>")),
            ("(*a.B, error)", Some("a.B")),
            ("(b *a.B, err error)", Some("a.B")),
            ("func(int) string", None),
            ("var", None),
        ];
        for (text, expected) in cases {
            assert_eq!(shape(text).as_deref(), expected, "{text}");
        }
    }

    fn chains(language: &'static str, path: &str, text: &str) -> Vec<String> {
        let facts = crate::syntax::extract(Language(language), path, text, &KeepAll);
        facts.references.iter().filter(|one| one.name.contains('#')).map(|one| one.name.to_string()).collect()
    }

    #[test]
    fn java_chains_begin_at_declared_types_and_own_members() {
        let found = chains(
            "java",
            "A.java",
            "package p; import static q.Util.make; class A extends Base { Service s; void f(List<Order> all) { s.find(1).run(); \
             helper().name.trim(); make().go(); for (Order o : all) { o.customer().rename(); } var x = s.find(2); x.stop(); ((B) y).c().d(); } }",
        );
        for chain in [
            "Service#find#run",
            "p.A#helper#name#trim",
            "q.Util#make#go",
            "Order#customer#rename",
            "Service#find#stop",
            "B#c#d",
        ] {
            assert!(found.iter().any(|one| one == chain), "{chain} in {found:?}");
        }
    }

    #[test]
    fn go_chains_begin_at_packages_variables_and_receivers() {
        let found = chains(
            "go",
            "a.go",
            "package a\nimport \"x/db\"\ntype S struct { repo *db.Repo }\nfunc (s *S) f(c *Context) { u, err := db.Load(1); u.Save(); \
             s.repo.Get().Name(); c.JSON(1); local().Run(); q := &T{}; q.Do(); _ = err }",
        );
        for chain in ["db.Load#Save", "S#repo#Get#Name", "Context#JSON", "#local#Run", "T#Do"] {
            assert!(found.iter().any(|one| one == chain), "{chain} in {found:?}");
        }
    }
}
