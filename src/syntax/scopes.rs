//! Local names inside a file: what a variable, field or parameter is declared as and initialised with.

use rustc_hash::FxHashMap;
use tree_sitter::Node;

use crate::facts::Name;

/// Where a variable's type is written.
#[derive(Debug, Clone, Default)]
pub enum TypeSource<'t> {
    /// Nowhere; perhaps the initial value tells.
    #[default]
    None,
    /// A type node, read when it is asked for.
    Node(Node<'t>),
}

/// A name of a scope. Values are read only when a rule's call needs them, so nodes are kept, not values.
#[derive(Debug, Clone, Default)]
pub struct Var<'t> {
    pub ty: TypeSource<'t>,
    /// Initial value.
    pub init: Option<Node<'t>>,
    /// A later assignment, where there is exactly one that matters.
    pub again: Option<Node<'t>>,
    /// The variable stands for this module, function or type.
    pub alias: Option<Name>,
    /// A parameter: its value comes from outside.
    pub param: bool,
    /// A loop variable or an element of what `init` holds: `init` is not its value.
    pub element: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeKind {
    File,
    Class,
    Function,
}

/// One scope: a file, a class (its members), or a function.
#[derive(Debug)]
pub struct Scope<'t> {
    pub kind: ScopeKind,
    pub vars: FxHashMap<&'t str, Var<'t>>,
    /// Return types of the class's methods or the file's functions.
    pub returns: FxHashMap<&'t str, Node<'t>>,
    /// Lists of parameters of the class's methods or the file's functions.
    pub parameters: FxHashMap<&'t str, Vec<Node<'t>>>,
    /// Lists of parameters of the class's constructors.
    pub constructors: Vec<Node<'t>>,
    /// Qualified name of the class.
    pub class: Name,
}

/// The scopes that are open at a point of the walk, outermost first.
#[derive(Debug, Default)]
pub struct Scopes<'t> {
    open: Vec<Scope<'t>>,
}

impl<'t> Scopes<'t> {
    pub fn push(&mut self, kind: ScopeKind, class: Name) {
        self.open.push(Scope {
            kind,
            vars: FxHashMap::default(),
            returns: FxHashMap::default(),
            parameters: FxHashMap::default(),
            constructors: Vec::new(),
            class,
        });
    }

    pub fn pop(&mut self) {
        self.open.pop();
    }

    /// The innermost scope.
    pub fn top(&mut self) -> Option<&mut Scope<'t>> {
        self.open.last_mut()
    }

    /// The innermost class.
    pub fn class(&self) -> Option<&Scope<'t>> {
        self.open.iter().rev().find(|s| s.kind == ScopeKind::Class)
    }

    pub fn class_mut(&mut self) -> Option<&mut Scope<'t>> {
        self.open.iter_mut().rev().find(|s| s.kind == ScopeKind::Class)
    }

    /// The class of this qualified name, where the walk is inside it.
    pub fn class_named(&self, name: &str) -> Option<&Scope<'t>> {
        self.open.iter().rev().find(|s| s.kind == ScopeKind::Class && s.class == name)
    }

    pub fn in_function(&self) -> bool {
        self.open.last().is_some_and(|s| s.kind == ScopeKind::Function)
    }

    /// True directly in a class body.
    pub fn in_class(&self) -> bool {
        self.open.last().is_some_and(|s| s.kind == ScopeKind::Class)
    }

    /// Declares a name in the innermost scope; a later declaration of the same name (another block) replaces it.
    pub fn declare(&mut self, name: &'t str, var: Var<'t>) {
        if let Some(scope) = self.open.last_mut() {
            scope.vars.insert(name, var);
        }
    }

    /// A variable by its bare name; members of classes only where the language names them bare.
    pub fn find(&self, name: &str, members: bool) -> Option<&Var<'t>> {
        self.open.iter().rev().filter(|s| members || s.kind != ScopeKind::Class).find_map(|s| s.vars.get(name))
    }

    /// The return type of a function or method of this file that is visible here.
    pub fn returns(&self, name: &str) -> Option<Node<'t>> {
        self.open.iter().rev().find_map(|s| s.returns.get(name)).copied()
    }

    /// Lists of parameters of the functions or methods of this name that are visible here.
    pub fn parameters(&self, name: &str) -> Option<&Vec<Node<'t>>> {
        self.open.iter().rev().find_map(|s| s.parameters.get(name))
    }

    /// A plain assignment: declares the name where it is new (languages without declarations), else notes the second value.
    pub fn assign(&mut self, name: &'t str, value: Node<'t>, members: bool) {
        let found = self.open.iter_mut().rev().filter(|s| members || s.kind != ScopeKind::Class);
        for scope in found {
            if let Some(var) = scope.vars.get_mut(name) {
                update(var, value);
                return;
            }
        }
        self.declare(name, Var { init: Some(value), ..Var::default() });
    }

    /// The same for a member of the innermost class (`this.x = …`), with the type of what it is given, where that is known.
    pub fn assign_member(&mut self, name: &'t str, value: Node<'t>, ty: TypeSource<'t>) {
        if let Some(scope) = self.class_mut() {
            let var = scope.vars.entry(name).or_default();
            if let (TypeSource::None, TypeSource::Node(_)) = (&var.ty, &ty) {
                var.ty = ty;
            }
            update(var, value);
        }
    }
}

fn update<'t>(var: &mut Var<'t>, value: Node<'t>) {
    match var.init {
        None => var.init = Some(value),
        Some(init) if init.id() == value.id() => {}
        Some(_) => var.again = Some(value),
    }
}
