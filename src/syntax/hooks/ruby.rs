//! Ruby: requires, constants, `Foo.new`, `ENV`, symbols, setters, and the macros that name classes.

use tree_sitter::Node;

use super::Hooks;
use crate::facts::{Arg, CallKind, DefinitionKind, Import, ImportKind, Name, Receiver, RefKind, Value};
use crate::syntax::extract::{Walk, starts_upper};
use crate::syntax::mapping::Role;
use crate::syntax::scopes::{TypeSource, Var};
use crate::syntax::values::{Target, joined};

pub struct Ruby;

impl Hooks for Ruby {
    fn enter<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>) {
        if node.kind() == "subshell" {
            walk.command_text(node, "Kernel.`");
        }
    }

    fn predeclare<'t>(&self, walk: &mut Walk<'t>, body: Node<'t>) {
        // The name of a class or module is no use of it: modules are reopened in many files.
        let class = if matches!(body.kind(), "class" | "module") {
            Some(body)
        } else {
            walk.stack.last().map(|frame| frame.node)
        };
        if let Some(name) = class.and_then(|class| class.child_by_field_name("name")) {
            walk.counted = name.id();
        }
        for statement in children(body) {
            match statement.kind() {
                "assignment" => constant(walk, statement),
                "method" if walk.scopes.class().is_some() => instance_variables(walk, statement),
                _ => {}
            }
        }
    }

    fn asked_as<'t>(&self, walk: &mut Walk<'t>, node: Node<'t>, last: &'t str) -> Option<&'t str> {
        if let Some(parent) = walk.stack.last().map(|frame| frame.node)
            && parent.kind() == "assignment"
            && parent.child_by_field_name("left").is_some_and(|left| left.id() == node.id())
        {
            setter(walk, node, parent, last);
            return None;
        }
        match node.child_by_field_name("receiver") {
            None => macros(walk, node, last),
            Some(receiver) if last == "new" => {
                // What is made decides whether a rule wants it; an unknown class is asked for as `new`.
                if walk.map.role(receiver) == Role::Type {
                    let text = walk.text(receiver);
                    return Some(text.rsplit(':').next().unwrap_or(text));
                }
            }
            Some(_) => {}
        }
        Some(last)
    }

    fn value<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Value> {
        match node.kind() {
            "simple_symbol" => Some(Value::Str(Name::from(walk.text(node).trim_start_matches(':')))),
            "delimited_symbol" => {
                Some(Value::Str(Name::from(walk.text(node).trim_start_matches(':').trim_matches('"'))))
            }
            "chained_string" => Some(joined(children(node).into_iter().map(|part| walk.value_of(part)).collect())),
            "constant" | "scope_resolution" => {
                let known = walk.variable(walk.text(node)).and_then(|var| var.init).map(|init| walk.value_of(init));
                Some(known.filter(|value| *value != Value::Unknown).unwrap_or_else(|| Value::Name(walk.dotted(node))))
            }
            "element_reference" => {
                let object = node.child_by_field_name("object").filter(|object| walk.text(*object) == "ENV")?;
                let key = node.named_child(1).filter(|key| key.id() != object.id())?;
                let name = walk.value_of(key).as_str().map(Name::from)?;
                Some(Value::Env { name, default: None })
            }
            "call" => self.value_of_call(walk, node),
            _ => None,
        }
    }

    fn type_of<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Name> {
        let receiver = node.child_by_field_name("receiver")?;
        let method = node.child_by_field_name("method").map(|method| walk.text(method))?;
        (method == "new" && walk.map.role(receiver) == Role::Type).then(|| walk.qualify(&walk.dotted(receiver)))
    }

    fn string<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Value> {
        if node.kind() != "heredoc_body" {
            return None;
        }
        let parts =
            children(node).into_iter().filter(|part| part.kind() != "heredoc_end").map(|part| match part.kind() {
                "interpolation" => part.named_child(0).map_or(Value::Unknown, |inner| walk.value_of(inner)),
                _ => Value::Str(Name::from(walk.text(part))),
            });
        Some(joined(parts.collect()))
    }

    fn normalise(&self, name: Name) -> Name {
        let name = name.strip_prefix('.').map_or_else(|| name.clone(), Name::from);
        match name.strip_suffix(".new") {
            Some(class) if class.rsplit('.').next().is_some_and(starts_upper) => Name::from(class),
            _ => name,
        }
    }

    fn constructs(&self, _walk: &Walk<'_>, name: &str, target: Option<&Target>) -> bool {
        // `Foo.new` was normalised to `Foo`, which no other call on a constant gives.
        matches!(target, Some(Target::Static(class)) if class == name)
    }

    fn candidates(&self, _walk: &Walk<'_>, _name: &str) -> Vec<Name> {
        Vec::new()
    }
}

impl Ruby {
    /// `Foo.new`, and paths that are put together: `File.join(a, "b")`, `Rails.root.join("log", "x")`.
    fn value_of_call<'t>(&self, walk: &Walk<'t>, node: Node<'t>) -> Option<Value> {
        let receiver = node.child_by_field_name("receiver")?;
        let method = node.child_by_field_name("method").map(|method| walk.text(method))?;
        let args = || walk.arguments(node).into_iter().map(|arg| walk.value_of(arg)).collect::<Vec<_>>();
        match method {
            "new" => {
                let name = self.type_of(walk, node)?;
                Some(Value::Call { name, construct: true, args: args() })
            }
            "join" if walk.text(receiver) == "File" => Some(path(args())),
            "join" if matches!(walk.text(receiver), "Rails.root" | "Rails.public_path") => {
                let mut parts = vec![Value::Name(Name::from(walk.text(receiver)))];
                parts.extend(args());
                Some(path(parts))
            }
            "to_s" | "to_str" | "freeze" | "to_path" | "strip" | "dup" | "presence" => Some(walk.value_of(receiver)),
            _ => None,
        }
    }
}

/// The parts of a path joined by slashes.
fn path(parts: Vec<Value>) -> Value {
    let mut all = Vec::with_capacity(parts.len() * 2);
    for (index, part) in parts.into_iter().enumerate() {
        if index > 0 && !part.as_str().is_some_and(|text| text.starts_with('/')) {
            all.push(Value::Str(Name::const_new("/")));
        }
        all.push(part);
    }
    joined(all)
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).collect()
}

/// `NAME = value` in a file or class body.
fn constant<'t>(walk: &mut Walk<'t>, node: Node<'t>) {
    let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
        return;
    };
    if left.kind() != "constant" {
        return;
    }
    let name = walk.text(left);
    walk.scopes.declare(name, Var { init: Some(right), ..Var::default() });
    let (value, ty) = (walk.value_of(right), walk.type_of(right));
    walk.define(node, name, DefinitionKind::Constant, ty, value);
}

/// `@x = …` in a method, known to the whole class.
fn instance_variables<'t>(walk: &mut Walk<'t>, method: Node<'t>) {
    let Some(body) = method.child_by_field_name("body") else { return };
    for statement in children(body).into_iter().filter(|statement| statement.kind() == "assignment") {
        let (Some(left), Some(right)) = (statement.child_by_field_name("left"), statement.child_by_field_name("right"))
        else {
            continue;
        };
        if left.kind() == "instance_variable" {
            let name = walk.text(left);
            walk.scopes.assign_member(name, right, TypeSource::None);
        }
    }
}

/// `object.name = value`: an assignment to a property, though the grammar sees a call.
fn setter<'t>(walk: &mut Walk<'t>, node: Node<'t>, assignment: Node<'t>, last: &'t str) {
    let Some(right) = assignment.child_by_field_name("right") else { return };
    if !walk.interest.call(last) {
        return;
    }
    let Some(callee) = walk.callee(node) else { return };
    let receiver = match &callee.target {
        Some(Target::Static(_)) => Receiver::Static,
        Some(Target::Typed(_)) => Receiver::Typed,
        _ => Receiver::Unknown(callee.object.map_or_else(Name::default, |object| {
            let text = walk.text(object);
            Name::from(&text[..text.floor_char_boundary(60)])
        })),
    };
    let index = walk.record(assignment, callee.name, CallKind::Assign, receiver, Value::Unknown);
    let arg = Arg { name: None, value: walk.value_of(right), type_name: walk.type_of(right), span: walk.span(right) };
    if let Some(call) = walk.facts.calls.get_mut(index as usize) {
        call.args = vec![arg];
    }
}

/// Methods that `include FileUtils` makes callable without a receiver.
const FILE_UTILS: [&str; 22] = [
    "mkdir",
    "mkdir_p",
    "makedirs",
    "mkpath",
    "touch",
    "cp",
    "cp_r",
    "copy",
    "copy_file",
    "mv",
    "move",
    "rm",
    "rm_f",
    "rm_r",
    "rm_rf",
    "rmtree",
    "rmdir",
    "remove",
    "remove_entry",
    "ln",
    "ln_s",
    "install",
];

/// Calls without a receiver that bring names in.
fn macros<'t>(walk: &mut Walk<'t>, node: Node<'t>, last: &str) {
    let args = || walk.arguments(node);
    match last {
        "require" | "require_relative" | "load" | "autoload" | "require_dependency" => {
            let args = args();
            let Some(file) = args.get(usize::from(last == "autoload")) else { return };
            let value = walk.value_of(*file);
            let text = value.as_str().map(Name::from);
            let kind = if last == "require" { ImportKind::Name } else { ImportKind::File };
            let path = match (&text, last) {
                // Relative to the file itself, as the other languages write it.
                (Some(text), "require_relative") if !text.starts_with(['.', '/']) => Name::from(format!("./{text}")),
                (Some(text), _) => text.clone(),
                (None, _) => Name::from(walk.text(*file)),
            };
            let value = if text.is_some() { Value::Unknown } else { value };
            let line = walk.line(node);
            walk.facts.imports.push(Import { path, item: None, alias: None, kind, type_only: false, value, line });
        }
        "include" | "extend" | "prepend" => {
            for arg in args().into_iter().filter(|arg| walk.map.role(*arg) == Role::Type).collect::<Vec<_>>() {
                let name = walk.dotted(arg);
                if name == "FileUtils" || name.starts_with("FileUtils.") {
                    for method in FILE_UTILS {
                        walk.names.insert(Name::const_new(method), Name::from(format!("FileUtils.{method}")));
                    }
                }
                walk.refer(name, RefKind::Inherit, arg);
            }
        }
        "belongs_to" | "has_one" | "has_many" | "has_and_belongs_to_many" => {
            let args = args();
            let named = args.iter().find_map(|arg| {
                let key = walk.pair_key(*arg).filter(|_| arg.kind() == "pair")?;
                let value = walk.pair_value(*arg).filter(|_| key == "class_name")?;
                walk.value_of(value).as_str().map(|text| Name::from(text.trim_start_matches("::").replace("::", ".")))
            });
            let polymorphic = args.iter().any(|arg| walk.text(*arg).contains("polymorphic"));
            let symbol =
                args.first().map(|arg| walk.value_of(*arg)).and_then(|value| value.as_str().map(str::to_owned));
            let plural = last.starts_with("has_many") || last.starts_with("has_and");
            let name = named.or_else(|| symbol.filter(|_| !polymorphic).map(|symbol| class_of(&symbol, plural)));
            if let Some(name) = name {
                walk.refer(name, RefKind::Loader, node);
            }
        }
        _ => {}
    }
}

/// The class that Rails looks for behind the name of an association: `line_items` → `LineItem`.
fn class_of(symbol: &str, plural: bool) -> Name {
    let singular = match symbol {
        _ if !plural => symbol.to_owned(),
        _ if symbol.ends_with("ies") => format!("{}y", &symbol[..symbol.len() - 3]),
        _ if ["sses", "xes", "ches", "shes", "uses"].iter().any(|end| symbol.ends_with(end)) => {
            symbol[..symbol.len() - 2].to_owned()
        }
        _ => symbol.strip_suffix('s').unwrap_or(symbol).to_owned(),
    };
    singular.split('_').fold(Name::default(), |mut name, part| {
        let mut chars = part.chars();
        name.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        name.push_str(chars.as_str());
        name
    })
}

#[cfg(test)]
mod tests {
    use crate::facts::{CallKind, FileFacts, KeepAll, Language, RefKind, Value};
    use crate::syntax::extract as read;

    const SOURCE: &str = r##"
require 'json'
require_relative 'lib/store'
module Shop
  class Order < ApplicationRecord
    include Billing::Taxable
    DIR = "/var/data"
    self.table_name = 'orders'
    belongs_to :user
    has_many :line_items
    has_one :x, class_name: 'Admin::Thing'
    def initialize
      @log = Logger.new("#{DIR}/app.log")
    end
    def save(name)
      File.open(File.join(DIR, name), 'w') { |f| f.write(1) }
      FileUtils.rm_rf Rails.root.join('tmp', name)
      host = ENV['DB_HOST'] || 'db1'
      port = ENV.fetch('PORT', '1')
      @log.info host
      Net::HTTP.get(URI("http://api.corp/x"))
      Faraday.new(url: 'http://a.corp', retry: 3)
      mail.delivery = { address: 'smtp.corp' }
    end
  end
end
"##;

    fn facts() -> FileFacts {
        read(Language("ruby"), "a.rb", SOURCE, &KeepAll)
    }

    #[test]
    fn calls_constructions_and_setters() {
        let facts = facts();
        assert!(!facts.partial);
        let find = |name: &str| {
            let names: Vec<&str> = facts.calls.iter().map(|c| c.name.as_str()).collect();
            facts.calls.iter().find(|c| c.name == name).unwrap_or_else(|| panic!("{name} not in {names:?}"))
        };
        assert_eq!(find("Logger").kind, CallKind::Construct);
        assert_eq!(find("Logger").args[0].value, Value::Str("/var/data/app.log".into()));
        let open = find("File.open");
        assert_eq!(open.args[0].value.template().unwrap(), "/var/data/{}");
        assert_eq!(open.args[1].value.as_str(), Some("w"));
        assert_eq!(find("FileUtils.rm_rf").args[0].value.template().unwrap(), "{}/tmp/{}");
        assert_eq!(find("Logger#info").args.len(), 1);
        assert!(find("Logger#info").args[0].value.from_env());
        assert_eq!(find("Faraday").args[0].name.as_deref(), Some("url"));
        assert_eq!(find("Net.HTTP.get").args.len(), 1);
        assert_eq!(find("Shop.Order#table_name").kind, CallKind::Assign);
        assert_eq!(find("Shop.Order#table_name").args[0].value.as_str(), Some("orders"));
        assert_eq!(find("?#delivery").kind, CallKind::Assign);
    }

    #[test]
    fn definitions_imports_and_references() {
        let facts = facts();
        let qualified: Vec<&str> = facts.definitions.iter().map(|d| d.qualified.as_str()).collect();
        assert_eq!(qualified, ["Shop", "Shop.Order", "Shop.Order.DIR", "Shop.Order.initialize", "Shop.Order.save"]);
        let imports: Vec<&str> = facts.imports.iter().map(|i| i.path.as_str()).collect();
        assert_eq!(imports, ["json", "./lib/store"]);
        let has = |name: &str, kind| facts.references.iter().any(|r| r.name == name && r.kind == kind);
        assert!(has("ApplicationRecord", RefKind::Inherit), "{:?}", facts.references);
        assert!(has("Billing.Taxable", RefKind::Inherit));
        assert!(
            has("User", RefKind::Loader) && has("LineItem", RefKind::Loader) && has("Admin.Thing", RefKind::Loader)
        );
        assert!(has("Net.HTTP", RefKind::Call));
        assert!(!facts.references.iter().any(|r| r.name == "Shop" || r.name == "Order"), "{:?}", facts.references);
    }

    #[test]
    fn literals_and_environment() {
        let facts = facts();
        let context = |text: &str| facts.literals.iter().find(|l| l.value.as_str() == Some(text)).map(|l| &l.context);
        assert!(
            matches!(context("http://api.corp/x"), Some(crate::facts::Context::Argument { .. })),
            "{:?}",
            facts.literals
        );
        assert!(matches!(context("db1"), Some(crate::facts::Context::EnvDefault { .. })), "{:?}", context("db1"));
        assert!(
            matches!(context("smtp.corp"), Some(crate::facts::Context::Keyed { .. })),
            "{:?}",
            context("smtp.corp")
        );
    }
}
