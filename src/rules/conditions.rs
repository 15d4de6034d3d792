//! Places and tests on one call: finds the value that a condition names, and says yes, no, or "cannot be told".

use std::borrow::Cow;

use super::compile::{Condition, Place, Test, last_segment};
use crate::facts::{Arg, Call, CallKind, FileFacts, Receiver, Span, Value};

/// Answer of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    No,
    /// The value is not known.
    Unsure,
    Yes,
}

/// What stands at a place.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    pub value: Cow<'a, Value>,
    pub type_name: Option<&'a str>,
    pub span: Option<Span>,
    /// The receiver as written, beside the value that is known of it.
    pub written: Option<&'a str>,
}

/// Calls whose result names the same place as their arguments: paths and addresses that are wrapped or joined.
const PATH_MAKERS: [&str; 30] = [
    "File",
    "Path",
    "PurePath",
    "PosixPath",
    "get",
    "of",
    "join",
    "Join",
    "resolve",
    "Combine",
    "URL",
    "URI",
    "Uri",
    "create",
    "parse",
    "new",
    "from",
    "expand_path",
    "normalize",
    "abspath",
    "realpath",
    "toString",
    "as_str",
    "to_s",
    "FileInfo",
    "DirectoryInfo",
    "Pathname",
    "String",
    "InetSocketAddress",
    "resolve_path",
];

/// Types of paths and files that are not open.
const PATH_TYPES: [&str; 7] = ["String", "string", "File", "Path", "FileInfo", "PathBuf", "Utf8PathBuf"];

/// The text of a value with `{}` for unknown parts, also through calls that only wrap or join a path or address.
pub fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Str(_) => value.template(),
        Value::Joined(parts) => {
            let known = parts.iter().any(|part| text_of(part).is_some());
            known.then(|| parts.iter().map(|part| text_of(part).unwrap_or_else(|| "{}".to_owned())).collect())
        }
        Value::OneOf(values) => values.iter().find_map(text_of),
        Value::Constant { value, .. } => text_of(value),
        Value::Call { name, args, .. } if !args.is_empty() && makes_path(name) => {
            let texts: Vec<Option<String>> = args.iter().map(text_of).collect();
            if texts.iter().all(Option::is_none) {
                return None;
            }
            let joined: Vec<String> = texts.into_iter().map(|text| text.unwrap_or_else(|| "{}".to_owned())).collect();
            Some(joined.join("/"))
        }
        _ => None,
    }
}

/// True for calls whose result names the same place as their arguments.
pub fn makes_path(name: &str) -> bool {
    PATH_MAKERS.contains(&last_segment(name)) && !is_look_up(name)
}

/// `config.get("redis.url")`: the argument names the value and is none; `Paths.get("/x")` is a path.
fn is_look_up(name: &str) -> bool {
    last_segment(name) == "get" && !name.contains("Path") && !name.contains("FileSystem")
}

/// What stands at a place of a call; `None` where nothing does.
pub fn find<'a>(place: &Place, call: &'a Call, facts: &'a FileFacts) -> Option<Found<'a>> {
    match place {
        Place::Arg { index, name, key } => {
            let found = argument(call, *index, name.as_deref()).and_then(|found| below(found, key.as_deref()));
            found.or_else(|| field(call, key.as_deref()?))
        }
        Place::Any { key } => any(call, key.as_deref()).next(),
        Place::Last { key } => below(from_arg(call.args.last()?), key.as_deref()),
        Place::Receiver => match (&call.receiver_value, &call.receiver) {
            (Value::Unknown, Receiver::Unknown(text)) => Some(owned(Value::Name(text.clone()))),
            (Value::Unknown, Receiver::None) => None,
            (value, _) => Some(Found {
                value: Cow::Borrowed(value),
                type_name: call.name.split_once('#').map(|(owner, _)| owner).filter(|owner| *owner != "?"),
                span: None,
                written: match &call.receiver {
                    Receiver::Unknown(text) => Some(text.as_str()),
                    _ => None,
                },
            }),
        },
        Place::Assigned => (!call.assigned_to.is_empty()).then(|| owned(Value::Str(call.assigned_to.clone()))),
        Place::Parent => {
            let parent = facts.calls.get(call.parent? as usize)?;
            Some(owned(Value::Name(parent.name.clone())))
        }
    }
}

fn owned<'a>(value: Value) -> Found<'a> {
    Found { value: Cow::Owned(value), type_name: None, span: None, written: None }
}

fn from_arg(arg: &Arg) -> Found<'_> {
    let span = (arg.span.line > 0).then_some(arg.span);
    Found { value: Cow::Borrowed(&arg.value), type_name: arg.type_name.as_deref(), span, written: None }
}

/// The named argument wins over the position; a position counts only arguments without a name.
fn argument<'a>(call: &'a Call, index: Option<usize>, name: Option<&str>) -> Option<Found<'a>> {
    if let Some(name) = name
        && let Some(arg) = call.args.iter().find(|arg| arg.name.as_deref() == Some(name))
    {
        return Some(from_arg(arg));
    }
    call.args.get(index?).filter(|arg| arg.name.is_none()).map(from_arg)
}

/// The field of a struct literal or an object initialiser: what is an entry of a map elsewhere is a named argument there.
fn field<'a>(call: &'a Call, key: &str) -> Option<Found<'a>> {
    let named = |arg: &&Arg| arg.name.as_deref() == Some(key);
    call.args.iter().filter(|_| call.kind == CallKind::Construct).find(named).map(from_arg)
}

/// Below a dotted key of a map.
fn below<'a>(found: Found<'a>, key: Option<&str>) -> Option<Found<'a>> {
    let Some(key) = key else { return Some(found) };
    let value = descend(&found.value, key)?.clone();
    Some(Found { value: Cow::Owned(value), type_name: None, span: found.span, written: None })
}

fn descend<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    let entries = match value {
        Value::Map(entries) => entries,
        Value::List(values) => {
            let (head, rest) = key.split_once('.').unwrap_or((key, ""));
            let value = values.get(head.parse::<usize>().ok()?)?;
            return if rest.is_empty() { Some(value) } else { descend(value, rest) };
        }
        _ => return None,
    };
    let clean = |text: &str| text.trim_matches(['"', '\'', ':']).to_owned();
    if let Some((_, value)) = entries.iter().find(|(k, _)| clean(k) == key) {
        return Some(value);
    }
    let (head, rest) = key.split_once('.')?;
    entries.iter().find(|(k, _)| clean(k) == head).and_then(|(_, value)| descend(value, rest))
}

fn any<'a>(call: &'a Call, key: Option<&str>) -> impl Iterator<Item = Found<'a>> {
    let key = key.map(str::to_owned);
    call.args.iter().filter_map(move |arg| match key.as_deref() {
        Some(key) if arg.name.as_deref() == Some(key) => Some(from_arg(arg)),
        key => below(from_arg(arg), key),
    })
}

/// Evaluates one condition. `when` decides what an unknown value means: in `when` it holds and lowers the confidence
/// (unless `assume` says otherwise), in `unless` it does not fire.
pub fn holds(condition: &Condition, call: &Call, facts: &FileFacts) -> Truth {
    judge(condition, call, facts, false)
}

/// True where a condition of `unless` fires. A value that may be one of several excludes a call only where all of them do:
/// `fopen($name ?: 'php://stdout', 'w')` may open a file.
pub fn excludes(condition: &Condition, call: &Call, facts: &FileFacts) -> bool {
    judge(condition, call, facts, true) == Truth::Yes
}

fn judge(condition: &Condition, call: &Call, facts: &FileFacts, every: bool) -> Truth {
    let (place, tests, assume, default) = match condition {
        Condition::Args { min, max } => {
            let count = call.args.len();
            return if *min <= count && count <= *max { Truth::Yes } else { Truth::No };
        }
        Condition::At { place, tests, assume, default } => (place, tests, assume, default),
    };
    let truth = if let Place::Any { key } = place {
        let missing_only = tests.iter().any(|test| matches!(test, Test::Missing(true)));
        let found: Vec<Found> = any(call, key.as_deref()).collect();
        if found.is_empty() || missing_only {
            all(tests, found.first(), every)
        } else {
            found.iter().map(|found| all(tests, Some(found), every)).max().unwrap_or(Truth::No)
        }
    } else {
        match (find(place, call, facts), default) {
            (None, Some(text)) => all(tests, Some(&owned(Value::Str(text.as_str().into()))), every),
            (found, _) => all(tests, found.as_ref(), every),
        }
    };
    match (truth, assume) {
        (Truth::Unsure, Some(true)) => Truth::Yes,
        (Truth::Unsure, Some(false)) => Truth::No,
        (truth, _) => truth,
    }
}

fn all(tests: &[Test], found: Option<&Found>, every: bool) -> Truth {
    tests.iter().map(|test| one(test, found, every)).min().unwrap_or(Truth::Yes)
}

fn truth(yes: bool) -> Truth {
    if yes { Truth::Yes } else { Truth::No }
}

fn one(test: &Test, found: Option<&Found>, every: bool) -> Truth {
    if let Test::Missing(missing) = test {
        return truth(*missing == found.is_none());
    }
    let Some(found) = found else { return Truth::No };
    match test {
        Test::Missing(_) => Truth::Yes,
        Test::Is(wanted) => is(&found.value, wanted),
        Test::Has(wanted) => has(&found.value, wanted),
        Test::Chars(chars) => match leaf(&found.value, &|text| text.contains(|c| chars.contains(c))) {
            // `mode + 'b'`: the part that is not known may say it.
            Truth::No if text_of(&found.value).is_some_and(|text| text.contains("{}")) => Truth::Unsure,
            truth => truth,
        },
        Test::Matches(regex) => match &*found.value {
            Value::OneOf(values) if every => {
                values.iter().map(|value| leaf(value, &|text| regex.is_match(text))).min().unwrap_or(Truth::No)
            }
            Value::List(values) => {
                values.iter().map(|value| leaf(value, &|text| regex.is_match(text))).max().unwrap_or(Truth::No)
            }
            value => leaf(value, &|text| regex.is_match(text)),
        },
        Test::Type(wanted) => type_is(found, wanted),
        Test::Literal(wanted) => truth(*wanted == text_of(&found.value).is_some_and(|text| text != "{}")),
        // A name says nothing more where the type is known to be that of a path.
        Test::NameMatches(_) if found.type_name.is_some_and(|name| PATH_TYPES.contains(&last_segment(name))) => {
            Truth::No
        }
        Test::NameMatches(regex) if found.written.is_some_and(|name| regex.is_match(name)) => Truth::Yes,
        Test::NameMatches(regex) => match &*found.value {
            Value::Name(name) | Value::Constant { name, .. } | Value::Call { name, .. } => truth(regex.is_match(name)),
            Value::Joined(parts) => {
                truth(parts.iter().any(|part| matches!(part, Value::Name(name) if regex.is_match(name))))
            }
            Value::Unknown => Truth::Unsure,
            _ => Truth::No,
        },
    }
}

/// Text of a scalar as rules compare it.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Constant { value, .. } => scalar(value),
        Value::Int(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null => Some("null".to_owned()),
        other => text_of(other),
    }
}

fn leaf(value: &Value, test: &dyn Fn(&str) -> bool) -> Truth {
    match value {
        Value::OneOf(values) => values.iter().map(|value| leaf(value, test)).max().unwrap_or(Truth::No),
        Value::Constant { value, .. } => leaf(value, test),
        Value::List(_) | Value::Map(_) => Truth::No,
        value => scalar(value).map_or(Truth::Unsure, |text| truth(test(&text))),
    }
}

/// True for names that are themselves the value (`FileMode.Open`, `O_RDONLY`), false for variables.
fn is_symbol(name: &str) -> bool {
    last_segment(name).starts_with(|c: char| c.is_uppercase())
}

fn name_is(name: &str, wanted: &str) -> bool {
    name == wanted
        || name.strip_suffix(wanted).is_some_and(|rest| rest.ends_with(['.', '#']))
        // a static import; a variable called `out` is not `System.out`
        || (is_symbol(name) && wanted.contains('.') && wanted.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')))
}

fn is(value: &Value, wanted: &[String]) -> Truth {
    match value {
        Value::OneOf(values) => values.iter().map(|value| is(value, wanted)).max().unwrap_or(Truth::No),
        Value::Constant { name, value } => is(&Value::Name(name.clone()), wanted).max(is(value, wanted)),
        Value::Name(name) if wanted.iter().any(|wanted| name_is(name, wanted)) => Truth::Yes,
        Value::Name(name) if is_symbol(name) && wanted.iter().any(|wanted| is_symbol(wanted)) => Truth::No,
        Value::Call { name, .. } if wanted.iter().any(|wanted| name_is(name, wanted)) => Truth::Yes,
        Value::List(_) | Value::Map(_) => Truth::No,
        value => scalar(value).map_or(Truth::Unsure, |text| truth(wanted.contains(&text))),
    }
}

fn has(value: &Value, wanted: &[String]) -> Truth {
    match value {
        Value::List(values) | Value::OneOf(values) | Value::Joined(values) => {
            values.iter().map(|value| has(value, wanted)).max().unwrap_or(Truth::No)
        }
        Value::Call { args, .. } if !args.is_empty() && is(value, wanted) != Truth::Yes => {
            // `EnumSet.of(…)`, `Set.of(…)`, `[…].concat(…)`
            args.iter().map(|value| has(value, wanted)).max().unwrap_or(Truth::Unsure)
        }
        Value::Map(entries) => truth(
            entries.iter().any(|(key, value)| wanted.iter().any(|w| w == key.as_str()) && *value != Value::Bool(false)),
        ),
        value => is(value, wanted),
    }
}

fn type_is(found: &Found, wanted: &[String]) -> Truth {
    let name = match (&*found.value, found.type_name) {
        (Value::Call { name, construct: true, .. }, _) => name.as_str(),
        (_, Some(name)) => name,
        (Value::Constant { value, .. }, None) => {
            return type_is(&Found { value: Cow::Borrowed(value), type_name: None, span: None, written: None }, wanted);
        }
        (Value::Str(_) | Value::Joined(_), None) => "String",
        (Value::Int(_), None) => "int",
        (Value::Bool(_), None) => "boolean",
        (Value::List(_) | Value::Map(_), None) => "[]",
        _ => return Truth::Unsure,
    };
    truth(wanted.iter().any(|wanted| match wanted.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => {
            let unqualified = !name.contains('.') || !wanted.contains('.');
            name == wanted || (unqualified && last_segment(name).eq_ignore_ascii_case(last_segment(wanted)))
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::lazy::LazyRegex;

    fn call(args: Vec<Value>) -> Call {
        Call {
            name: "open".into(),
            also: vec![],
            kind: crate::facts::CallKind::Call,
            receiver: Receiver::None,
            receiver_value: Value::Unknown,
            args: args.into_iter().map(|value| Arg { value, ..Arg::default() }).collect(),
            span: Span::default(),
            parent: None,
            inside: None,
            assigned_to: "".into(),
        }
    }

    fn at(index: usize, test: Test, default: Option<&str>) -> Condition {
        let place = Place::Arg { index: Some(index), name: Some("mode".into()), key: None };
        Condition::At { place, tests: vec![test], assume: None, default: default.map(str::to_owned) }
    }

    #[test]
    fn modes_are_told_from_text_name_and_default() {
        let facts = FileFacts::default();
        let test = |args, default| holds(&at(1, Test::Chars("wa+".into()), default), &call(args), &facts);
        assert_eq!(test(vec![Value::Null, Value::Str("wb".into())], None), Truth::Yes);
        assert_eq!(test(vec![Value::Null, Value::Str("rb".into())], None), Truth::No);
        assert_eq!(test(vec![Value::Null, Value::Name("mode".into())], None), Truth::Unsure);
        assert_eq!(test(vec![Value::Null], Some("r")), Truth::No);
        let mut named = call(vec![Value::Null, Value::Str("r".into())]);
        named.args[1].name = Some("mode".into());
        assert_eq!(holds(&at(7, Test::Is(vec!["r".into()]), None), &named, &facts), Truth::Yes);
    }

    #[test]
    fn symbols_are_known_and_variables_are_not() {
        let wanted = ["FileMode.Create".to_owned()];
        assert_eq!(is(&Value::Name("System.IO.FileMode.Create".into()), &wanted), Truth::Yes);
        assert_eq!(is(&Value::Name("FileMode.Open".into()), &wanted), Truth::No);
        assert_eq!(is(&Value::Name("mode".into()), &wanted), Truth::Unsure);
        let flags = Value::OneOf(vec![Value::Name("os.O_RDWR".into()), Value::Name("os.O_CREATE".into())]);
        assert_eq!(has(&flags, &["O_CREATE".to_owned()]), Truth::Yes);
    }

    #[test]
    fn wrapped_paths_have_a_text() {
        let file =
            Value::Call { name: "java.io.File".into(), construct: true, args: vec![Value::Str("/x/a.log".into())] };
        assert_eq!(text_of(&file).as_deref(), Some("/x/a.log"));
        let join = Value::Call {
            name: "path.join".into(),
            construct: false,
            args: vec![Value::Name("__dirname".into()), Value::Str("logs".into())],
        };
        assert_eq!(text_of(&join).as_deref(), Some("{}/logs"));
        assert_eq!(leaf(&join, &|text| LazyRegex::new("logs$").is_match(text)), Truth::Yes);
        let other = Value::Call { name: "lookup".into(), construct: false, args: vec![Value::Str("x".into())] };
        assert_eq!(text_of(&other), None);
    }

    #[test]
    fn types_match_by_declaration_construction_and_wildcard() {
        let construct = Value::Call { name: "java.io.FileWriter".into(), construct: true, args: vec![] };
        let found = |value| Found { value: Cow::Owned(value), type_name: None, span: None, written: None };
        assert_eq!(type_is(&found(construct.clone()), &["java.io.*".into()]), Truth::Yes);
        assert_eq!(type_is(&found(construct), &["java.lang.String".into()]), Truth::No);
        assert_eq!(type_is(&found(Value::Str("x".into())), &["java.lang.String".into()]), Truth::Yes);
        assert_eq!(type_is(&found(Value::Name("x".into())), &["java.io.Writer".into()]), Truth::Unsure);
    }
}
