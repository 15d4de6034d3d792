//! The mapping of a grammar: `assets/languages/<id>.toml` as written, and compiled to tables indexed by node kind.

use rustc_hash::FxHashMap;
use serde::Deserialize;
use tree_sitter::{Language as Grammar, Node};

use crate::facts::Name;

/// What a node kind means to the shared walk. Named in the `[nodes]` table of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Nothing of its own; its children are still visited.
    #[default]
    None,
    /// Handled by the language's hook alone (`Hooks::enter`, `Hooks::value`).
    Hook,
    Namespace,
    Import,
    Class,
    Interface,
    Enum,
    Module,
    Function,
    Method,
    /// A function without a name: a scope, not a definition.
    Lambda,
    Alias,
    /// Member declaration: type and declarators, or name and value in the node itself.
    Field,
    /// Variable declaration: type and declarators, or name and value in the node itself.
    Local,
    /// One name of a declaration, with its value.
    Declarator,
    Param,
    Assign,
    Call,
    Construct,
    Annotation,
    /// `object.name`.
    Member,
    /// `object[key]`.
    Index,
    /// An identifier in an expression.
    Name,
    /// The object itself: `this`, `self`.
    This,
    /// A name that can only be a type.
    Type,
    /// A type that is put together (`List<X>`, `A.B`); the head is what counts.
    TypeOf,
    /// Every type inside is inherited from.
    Inherit,
    String,
    Int,
    True,
    False,
    Null,
    Binary,
    Ternary,
    /// Has the value of its (`value` slot or first named) child: parentheses, `await`, one-element wrappers.
    Paren,
    Cast,
    List,
    Map,
    Pair,
    Arguments,
    /// An argument as a node of its own around the value; `name` where it is named.
    Argument,
    Return,
    /// An expression as a statement: a string directly in it is documentation or a directive.
    Statement,
    Case,
    Comment,
}

/// Slots: the grammar's fields under names that are the same for all languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    Name,
    Object,
    /// The callee as one expression (`f`, `a.f`), where the grammar has no object and name.
    Function,
    Args,
    Type,
    Value,
    Left,
    Right,
    Body,
    Operator,
    Condition,
    Key,
    Returns,
}

const SLOTS: [(&str, &str); 13] = [
    ("name", "name"),
    ("object", "object"),
    ("function", "function"),
    ("args", "arguments"),
    ("type", "type"),
    ("value", "value"),
    ("left", "left"),
    ("right", "right"),
    ("body", "body"),
    ("operator", "operator"),
    ("condition", "condition"),
    ("key", "key"),
    ("returns", "return_type"),
];

/// Slots from here on are positions among the named children.
const NUMBERED: u16 = 0x8000;

/// A language's asset as written; the header is read elsewhere.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Written {
    /// Node kind → role.
    nodes: FxHashMap<String, Role>,
    /// Further node kinds that only some variants of the grammar have (JSX).
    variants: FxHashMap<String, Role>,
    /// Node kind (or `default`) → slot → field of the grammar.
    slots: FxHashMap<String, FxHashMap<String, String>>,
    options: Options,
    /// Qualified callee or member → qualified type of the result.
    returns: FxHashMap<String, String>,
    /// Qualified callee → position of the variable's name; the default follows it.
    env: FxHashMap<String, u8>,
    /// Operators by what they do.
    operators: Operators,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Members can be named without their object (Java, C#).
    pub bare_members: bool,
    /// Members of modules can be kept in variables (`p = fs.promises`, `join = os.path.join`).
    pub module_members: bool,
    /// Objects and modules that are there without a declaration (`process`, `window`).
    pub globals: Vec<String>,
    /// An undeclared identifier with a capital is a type (Java, C#, Ruby, PHP).
    pub capital_types: bool,
    /// Undeclared identifiers are worth a reference only where imports name them.
    pub references_imported_only: bool,
    /// An assignment outside of a function defines a name.
    pub assignments_define: bool,
    /// Maps that hold the environment: `process.env`.
    pub env_maps: Vec<String>,
    /// `$` is part of names (JavaScript), not a sign before them.
    pub dollar_names: bool,
    /// Packages whose types need no import.
    pub implicit: Vec<Name>,
    /// Words for the object itself, where the grammar takes them for variables.
    pub this: Vec<String>,
    /// Fewest members of a chain that is noted for `resolve` to follow; 0 for none.
    pub chains: u8,
    /// A function gives its last expression without a word for it (Ruby).
    pub tail_returns: bool,
    /// Callables that fill a template with `%s`, `{}`: their first argument is the template.
    pub format: Vec<String>,
    /// Methods and functions whose result is the text of their object or first argument, or nearly so: `strip`, `rtrim`.
    pub same_text: Vec<String>,
    /// Functions that put a path together out of their arguments, by their last name: `join`, `storage_path`.
    pub path_makers: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Operators {
    concat: Vec<String>,
    or_else: Vec<String>,
    flags: Vec<String>,
    compare: Vec<String>,
}

/// What a binary operator does to values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Concat,
    OrElse,
    Flags,
    Compare,
    Other,
}

#[derive(Debug, Clone, Copy, Default)]
struct Rule {
    role: Role,
    slots: [u16; SLOTS.len()],
}

/// A mapping ready for the walk: nothing in it is looked up by text on the hot path.
pub struct Mapping {
    pub grammar: Grammar,
    rules: Vec<Rule>,
    operators: FxHashMap<u16, Operator>,
    pub options: Options,
    pub returns: FxHashMap<String, Name>,
    pub env: FxHashMap<String, u8>,
}

impl Mapping {
    /// Compiles a language's asset for a grammar; the message says what is wrong with the asset.
    pub fn compile(grammar: Grammar, text: &str) -> Result<Mapping, String> {
        let written: Written = toml::from_str(text).map_err(|error| error.to_string())?;
        let default = written.slots.get("default");
        let mut rules = vec![Rule::default(); grammar.node_kind_count()];
        for (id, rule) in rules.iter_mut().enumerate() {
            let id = id as u16;
            if !grammar.node_kind_is_named(id) {
                continue;
            }
            let Some(kind) = grammar.node_kind_for_id(id) else { continue };
            rule.role = written.nodes.get(kind).or_else(|| written.variants.get(kind)).copied().unwrap_or_default();
            let own = written.slots.get(kind);
            for (index, (slot, usual)) in SLOTS.iter().enumerate() {
                let field = own.and_then(|s| s.get(*slot)).or_else(|| default.and_then(|s| s.get(*slot)));
                let field = field.map_or(*usual, |f| f.as_str());
                // `#n` is the n-th named child, for grammars without a field there
                let numbered = field.strip_prefix('#').and_then(|n| n.parse::<u16>().ok());
                rule.slots[index] = match numbered {
                    Some(number) => NUMBERED + number,
                    None => grammar.field_id_for_name(field).map_or(0, |f| f.get()),
                };
            }
        }
        let mut unknown: Vec<&str> = written
            .nodes
            .keys()
            .chain(written.slots.keys().filter(|k| *k != "default" && !written.variants.contains_key(*k)))
            .map(String::as_str)
            .filter(|kind| grammar.id_for_node_kind(kind, true) == 0)
            .collect();
        if !unknown.is_empty() {
            unknown.sort_unstable();
            return Err(format!("node kinds that the grammar does not have: {}", unknown.join(", ")));
        }
        let mut operators = FxHashMap::default();
        let lists = [
            (&written.operators.concat, Operator::Concat),
            (&written.operators.or_else, Operator::OrElse),
            (&written.operators.flags, Operator::Flags),
            (&written.operators.compare, Operator::Compare),
        ];
        for (tokens, meaning) in lists {
            for token in tokens {
                operators.insert(grammar.id_for_node_kind(token, false), meaning);
            }
        }
        let returns = written.returns.into_iter().map(|(k, v)| (k, Name::from(v))).collect();
        Ok(Mapping { grammar, rules, operators, options: written.options, returns, env: written.env })
    }

    /// What a node means.
    pub fn role(&self, node: Node<'_>) -> Role {
        self.rules.get(node.kind_id() as usize).map_or(Role::None, |rule| rule.role)
    }

    /// The child in a slot.
    pub fn slot<'t>(&self, node: Node<'t>, slot: Slot) -> Option<Node<'t>> {
        let field = self.rules.get(node.kind_id() as usize)?.slots[slot as usize];
        match field {
            0 => None,
            NUMBERED.. => node.named_child(u32::from(field - NUMBERED)),
            _ => node.child_by_field_id(field),
        }
    }

    /// What a binary (or assignment) node's operator does.
    pub fn operator(&self, node: Node<'_>) -> Operator {
        let token = self.slot(node, Slot::Operator).or_else(|| node.child(1));
        token.and_then(|t| self.operators.get(&t.kind_id()).copied()).unwrap_or(Operator::Other)
    }
}
