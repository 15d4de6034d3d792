//! What stands around a string and says that it is a default: of the environment, read by whatever helper, or of an option.

use tree_sitter::Node;

use super::extract::Walk;
use super::mapping::{Role, Slot};
use crate::facts::{Context, Name, Value};

/// Prefixes that build tools give to the variables of the environment that they hand to a browser.
const BUILD_PREFIXES: [&str; 8] =
    ["NEXT_PUBLIC_", "VITE_", "REACT_APP_", "NUXT_PUBLIC_", "EXPO_PUBLIC_", "GATSBY_", "VUE_APP_", "PUBLIC_"];
/// Keys and names of arguments that hold a default.
const DEFAULT_KEYS: [&str; 6] = ["default", "defaultValue", "default_value", "defaultsTo", "fallback", "Default"];
/// Longest function, in bytes, that is looked through for the variable that it hands on.
const SHORT_FUNCTION: usize = 700;

/// Keys beside a default value that name the environment variable.
const ENV_KEYS: [&str; 12] = [
    "EnvKey", "EnvVar", "EnvVars", "EnvName", "Envar", "Env", "envVar", "envKey", "envvar", "env", "env_var", "envName",
];

/// `API_URL`: written as variables of the environment are.
fn is_variable(text: &str) -> bool {
    text.len() > 1
        && text.bytes().any(|b| b.is_ascii_uppercase())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// `env`, `getEnv`, `env_or`, `readEnvironment`: named for the environment.
fn says_env(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let bytes = name.as_bytes();
    lower.match_indices("env").any(|(at, _)| {
        let before = at == 0
            || bytes[at - 1] == b'_'
            || bytes[at].is_ascii_uppercase()
            || lower[..at].ends_with("get")
            || lower[..at].ends_with("read");
        let rest = &name[at + 3..];
        let after = rest.is_empty()
            || rest.starts_with(|c: char| c == '_' || c.is_ascii_uppercase() || c == '.')
            || lower[at + 3..].starts_with("iron")
            || lower[at + 3..].starts_with("var");
        before && after
    })
}

/// Functions that give their second argument where the first is nothing: `defaultIfBlank`, `cmp.Or`, `firstNonEmpty`.
fn falls_back(last: &str) -> bool {
    let lower = last.to_ascii_lowercase();
    lower == "or"
        || lower.ends_with("_or")
        || lower.starts_with("or_")
        || last.ends_with("Or")
        || last.starts_with("orElse")
        || lower == "first"
        || [
            "default", "orelse", "or_else", "empty", "blank", "coalesce", "fallback", "ifnull", "nvl", "firstof",
            "first_of",
        ]
        .iter()
        .any(|part| lower.contains(part))
}

/// The variable of the environment that a value is taken from, through helpers of the repository's own too.
fn variable_of(value: &Value) -> Option<Name> {
    match value {
        Value::Env { name, .. } => Some(name.clone()),
        Value::OneOf(values) => values.iter().find_map(variable_of),
        Value::Name(name) => {
            let (outer, last) = name.rsplit_once('.').unwrap_or(("", name));
            let holder = outer.rsplit(['.', '/']).next().unwrap_or_default();
            let known = outer.contains("$env/")
                || says_env(holder) && holder.len() <= 10
                || BUILD_PREFIXES.iter().any(|prefix| last.starts_with(prefix));
            (known && is_variable(last)).then(|| Name::from(last))
        }
        Value::Call { name, args, construct: false } => {
            let last = name.rsplit(['.', '#']).next().unwrap_or(name);
            match args.first() {
                Some(Value::Str(key)) if says_env(last) && is_variable(key) => Some(key.clone()),
                // a function that is called like the variable it reads
                None if is_variable(last) && last.contains('_') => Some(Name::from(last)),
                Some(first) if !matches!(first, Value::Str(_)) => variable_of(first),
                _ => None,
            }
        }
        _ => None,
    }
}

impl<'t> Walk<'t> {
    /// True for a text of code that reads the environment.
    fn mentions_environment(&self, text: &str) -> bool {
        self.map.options.env_maps.iter().any(|map| text.contains(map.as_str()))
            || self.map.env.keys().any(|key| {
                let last = key.rsplit(['.', '#']).next().unwrap_or(key);
                if says_env(last) { text.contains(last) } else { says_env(key) && text.contains(key.as_str()) }
            })
    }

    /// The environment as what a string is the default of: `$value` of `$value ?: "x"`.
    pub fn default_of(&self, left: Node<'t>) -> Context {
        let value = self.value_of(left);
        if let Some(name) = variable_of(&value) {
            return Context::EnvDefault { name };
        }
        let text = self.text(left);
        if text.len() < 200 && self.mentions_environment(text) {
            return Context::EnvDefault { name: Name::default() };
        }
        // `conf.get('db:host') || 'x'`: what is looked up says what the default is for.
        let asked = looked_up(&value).or_else(|| self.left_path(left));
        Context::Default { of: asked.unwrap_or_else(|| self.dotted(left)) }
    }

    /// True where the other branch of a choice is read from the environment.
    pub fn is_environment(&self, node: Node<'t>) -> bool {
        variable_of(&self.value_of(node)).is_some()
    }

    /// The default of the environment that an argument is: behind the variable's name in a helper's call, behind a look-up in
    /// a function that falls back, or in a method of what was looked up (`Optional.ofNullable(env).orElse("x")`).
    pub fn environment_beside(&self, call: Node<'t>, callee: &str, index: usize, args: &[Node<'t>]) -> Option<Context> {
        let last = callee.rsplit(['.', '#']).next().unwrap_or(callee);
        let object = self.map.slot(call, Slot::Object).or_else(|| {
            let function = self.map.slot(call, Slot::Function)?;
            self.map.slot(function, Slot::Object)
        });
        let of = |name| Some(Context::EnvDefault { name });
        if index == 0 {
            let object = object.filter(|_| falls_back(last))?;
            let text = self.text(object);
            return match variable_of(&self.value_of(object)) {
                Some(name) => of(name),
                None if text.len() < 300 && self.mentions_environment(text) => of(Name::default()),
                None => None,
            };
        }
        let key = [self.value_of(*args.first()?)];
        if let Some(object) = object
            && let Some(Value::Env { name, .. }) = self.environment_entry(object, callee, &key)
        {
            return of(name);
        }
        let lower = last.to_ascii_lowercase();
        let sets = (lower.starts_with("set") && !lower.starts_with("setdefault")) || lower.starts_with("put");
        let holder = object.is_some_and(|object| self.text(object).len() <= 40 && says_env(self.text(object)));
        if (says_env(last) || holder)
            && !sets
            && let Some(key) = key[0].as_str().filter(|key| is_variable(key))
        {
            return of(Name::from(key));
        }
        let first = falls_back(last).then(|| args.iter().take(index).find_map(|arg| variable_of(&self.value_of(*arg))));
        first.flatten().and_then(of)
    }

    /// The environment, where a short function hands on a variable and a string otherwise:
    /// `if v := os.Getenv("X"); v != "" { return v }; return "http://…"`.
    pub fn handed_on(&self, ancestors: impl Iterator<Item = (Role, Node<'t>)>) -> bool {
        for (role, node) in ancestors {
            if matches!(role, Role::Function | Role::Method | Role::Lambda) {
                return node.byte_range().len() <= SHORT_FUNCTION && self.mentions_environment(self.text(node));
            }
        }
        false
    }

    /// True for a block behind a look-up in the environment: `ENV.fetch("X") { "y" }`.
    pub fn is_fallback_block(&self, above: Node<'t>, block: Node<'t>) -> bool {
        let call = if matches!(self.map.role(above), Role::Call) { Some(above) } else { above.parent() };
        let Some(call) = call.filter(|call| self.map.role(*call) == Role::Call) else { return false };
        let head = self.text(call).get(..block.start_byte().saturating_sub(call.start_byte())).unwrap_or_default();
        let direct = self.map.role(above) == Role::Call || falls_back(self.called_as(call));
        direct && head.len() < 200 && self.mentions_environment(head)
    }

    /// The environment, where a variable holds a look-up and a string where that gives nothing.
    pub fn assigned_from_environment(&self, name: &str) -> bool {
        let Some(var) = self.variable(name) else { return false };
        [var.init, var.again].into_iter().flatten().any(|node| self.is_environment(node))
    }

    /// The environment variable that a neighbour of this entry names: `{EnvVar: "X", Value: "http://…"}`.
    pub fn env_sibling(&self, pair: Node<'t>) -> Option<Name> {
        let list = pair.parent()?;
        for i in 0..list.named_child_count().min(24) {
            let Some(other) = list.named_child(i as u32) else { continue };
            if other.id() == pair.id() || self.map.role(other) != Role::Pair {
                continue;
            }
            let named = self.pair_key(other).is_some_and(|key| ENV_KEYS.contains(&key.trim_matches(['"', '\''])));
            if named && let Some(value) = self.pair_value(other) {
                let value = self.value_of(value);
                let name = match &value {
                    Value::List(items) => items.first().and_then(Value::as_str),
                    other => other.as_str(),
                };
                return name.filter(|name| !name.is_empty()).map(Name::from);
            }
        }
        None
    }

    /// The other branch of `a ? a : "x"`, where the condition asks about that branch: the string is its default.
    pub fn defaulted(&self, ternary: Node<'t>, child: Node<'t>) -> Option<Node<'t>> {
        let condition = self.map.slot(ternary, Slot::Condition).or_else(|| ternary.named_child(0))?;
        let other = self.other_branch(ternary, child)?;
        let named = matches!(self.map.role(other), Role::Name | Role::Member | Role::Index);
        let same = named && self.text(condition).contains(self.text(other));
        (same || self.value_of(other).from_env()).then_some(other)
    }

    /// The last child of a body that is no comment.
    pub fn last_expression(&self, body: Node<'t>) -> Option<Node<'t>> {
        let mut cursor = body.walk();
        body.named_children(&mut cursor).filter(|n| self.map.role(*n) != Role::Comment).last()
    }

    /// The branch of a choice that is not this one.
    pub fn other_branch(&self, ternary: Node<'t>, child: Node<'t>) -> Option<Node<'t>> {
        let condition = self.map.slot(ternary, Slot::Condition).or_else(|| ternary.named_child(0))?;
        let mut cursor = ternary.walk();
        let mut branches = ternary.named_children(&mut cursor).filter(|n| n.id() != condition.id() && !n.is_extra());
        branches.find(|n| n.id() != child.id())
    }

    /// The option that a default belongs to: `mail_host` of `preference :mail_host, :string, default: "x"` and of
    /// `.option("mail_host", { default: "x" })`.
    pub fn option_of(&self, call: Node<'t>, key: &str) -> Option<Context> {
        if !DEFAULT_KEYS.contains(&key.trim_matches([':', '"', '\''])) {
            return None;
        }
        let named = self.arguments(call).into_iter().find_map(|arg| {
            let value = self.value_of(arg);
            value.as_str().filter(|text| text.bytes().any(|b| b.is_ascii_alphabetic())).map(Name::from)
        })?;
        // `-h, --mail-host <host>`
        let named =
            named.split([',', ' ']).filter(|word| !word.starts_with(['<', '['])).max_by_key(|word| word.len())?;
        let named = named.trim_start_matches(['-', ':']);
        (!named.is_empty()).then(|| Context::Default { of: Name::from(named) })
    }
}

/// The key that a look-up names; of a chain of look-ups, the last one's.
fn looked_up(value: &Value) -> Option<Name> {
    match value {
        Value::Call { args, construct: false, .. } => args.first().and_then(Value::as_str).map(Name::from),
        Value::OneOf(values) => values.iter().rev().find_map(looked_up),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_environment_are_told() {
        for name in ["env", "getEnv", "getenv", "env_or", "EnvString", "readEnvironment", "get_env_var", "serverEnv"] {
            assert!(says_env(name), "{name}");
        }
        for name in ["sentence", "envelope", "event", "inventory", "convention", "envy"] {
            assert!(!says_env(name), "{name}");
        }
    }

    #[test]
    fn functions_that_fall_back_are_told() {
        for name in ["defaultIfBlank", "Or", "orElse", "unwrap_or", "coalesce", "env_default_when_empty", "first"] {
            assert!(falls_back(name), "{name}");
        }
        for name in ["connect", "author", "Redis", "order", "for"] {
            assert!(!falls_back(name), "{name}");
        }
    }
}
