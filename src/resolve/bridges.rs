//! Uses that no language resolves and a framework or a service does: classes named in configuration, views named by
//! controllers, addresses called in scripts and the routes that serve them, queues, stored procedures. They are edges of the
//! kind `loader`: no dependency of the language, but one of the program.

use rustc_hash::FxHashMap;

use super::index::{ends_with_path, split};
use super::{Links, Uses};
use crate::facts::{
    Call, CallKind, Context, DefinitionKind, FileFacts, FileId, Language, Name, RefKind, Reference, SourceFile, Value,
};
use crate::graph::Dependency;

/// What a file says to another one without naming it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignalKind {
    /// A class named in configuration (`<bean class="a.B">`, `App\Service\X:`).
    Class,
    /// A view that a controller shows, by name or path.
    View,
    /// The path of an address that a script calls.
    Address,
    /// A topic or queue that is written to.
    Sends,
    /// A topic or queue that is read from.
    Receives,
    /// A stored procedure that is defined here.
    Procedure,
    /// A stored procedure that is called.
    Calls,
}

/// One signal of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signal {
    /// What is said.
    pub kind: SignalKind,
    /// The name: class, view, path, topic, procedure.
    pub key: Name,
    /// Line, from 1.
    pub line: u32,
}

/// Calls whose first text is the name of a view.
const VIEWS: [&str; 9] = [
    "ModelAndView",
    "View",
    "render",
    "renderTemplate",
    "renderView",
    "render_template",
    "render_to_response",
    "render_to_string",
    "view",
];
/// Calls of scripts whose first text is an address.
const REQUESTS: [&str; 9] = ["ajax", "axios", "delete", "fetch", "get", "getJSON", "patch", "post", "put"];
/// Calls whose first text is the topic or queue that is written to.
const SENDS: [&str; 7] =
    ["basicPublish", "basic_publish", "convertAndSend", "publish", "send", "sendToQueue", "send_task"];
/// Calls and annotations that name the topic or queue that is read from.
const RECEIVES: [&str; 8] = [
    "JmsListener",
    "KafkaListener",
    "RabbitListener",
    "SqsListener",
    "basicConsume",
    "basic_consume",
    "consume",
    "subscribe",
];
/// Endings of templates.
const TEMPLATES: [&str; 22] = [
    "blade.php",
    "cshtml",
    "ejs",
    "erb",
    "ftl",
    "ftlh",
    "haml",
    "handlebars",
    "hbs",
    "htm",
    "html",
    "j2",
    "jade",
    "jinja",
    "jinja2",
    "jsp",
    "mustache",
    "phtml",
    "pug",
    "slim",
    "tpl",
    "twig",
];
/// More files than this for one view, route or topic tell none.
const AMBIGUOUS: usize = 4;

/// True when calls of this name may give a signal.
pub(super) fn wants(last_segment: &str) -> bool {
    [VIEWS.as_slice(), SENDS.as_slice(), RECEIVES.as_slice()].iter().any(|list| list.contains(&last_segment))
        || matches!(last_segment, "ajax" | "axios" | "fetch" | "getJSON")
}

/// The signals of a file; `text` is its source.
#[must_use]
pub fn signals_of(facts: &FileFacts, language: Language, path: &str, text: &str) -> Vec<Signal> {
    let mut out: Vec<Signal> = Vec::new();
    let mut add = |kind: SignalKind, key: &str, line: u32| out.push(Signal { kind, key: key.into(), line });
    let configuration = matches!(language.0, "xml" | "yaml" | "properties" | "json" | "ini");
    for entry in facts.entries.iter().filter(|_| configuration) {
        let key = entry.key.rsplit(['/', '#']).next().unwrap_or_default();
        for name in [entry.value.as_str(), key] {
            if let Some(class) = class_name(name) {
                add(SignalKind::Class, &class, entry.span.line);
            }
        }
    }
    let script = matches!(language.0, "javascript" | "typescript");
    for call in &facts.calls {
        let last = call.last();
        let first = || first_text(call);
        if VIEWS.contains(&last)
            && call.kind != CallKind::Assign
            && let Some(view) = first().filter(|view| is_view(view))
        {
            add(SignalKind::View, &view, call.span.line);
        }
        if script
            && REQUESTS.contains(&last)
            && let Some(path) = call.args.first().and_then(|arg| arg.value.template()).as_deref().and_then(address)
        {
            add(SignalKind::Address, &path, call.span.line);
        }
        if SENDS.contains(&last)
            && call.kind == CallKind::Call
            && let Some(topic) = first().filter(|topic| is_topic(topic))
        {
            add(SignalKind::Sends, &topic, call.span.line);
        }
        if RECEIVES.contains(&last) {
            let named = call.args.iter().filter_map(|arg| match &arg.value {
                Value::List(items) => items.first().and_then(Value::as_str),
                value => value.as_str(),
            });
            named.filter(|topic| is_topic(topic)).for_each(|topic| add(SignalKind::Receives, topic, call.span.line));
        }
    }
    for literal in &facts.literals {
        let Some(text) = literal.value.template() else { continue };
        if let Context::Returned { .. } = literal.context
            && language.0 == "java"
            && is_view(&text)
            && text.contains('/')
        {
            add(SignalKind::View, text.trim_start_matches("redirect:"), literal.span.line);
        }
        if let Some(name) = called_procedure(&text) {
            add(SignalKind::Calls, &name, literal.span.line);
        }
    }
    if path.ends_with(".sql") {
        for (line, name) in procedures(text) {
            add(SignalKind::Procedure, &name, line);
        }
    }
    out.sort_unstable();
    out.dedup_by(|later, first| later.kind == first.kind && later.key == first.key);
    out
}

fn first_text(call: &Call) -> Option<String> {
    call.args.iter().take(2).find_map(|arg| arg.value.as_str()).map(str::to_string)
}

/// A qualified name of a class as dots, `None` for other text.
fn class_name(text: &str) -> Option<String> {
    let dotted = text.trim().trim_start_matches(['\\', '@']).replace('\\', ".");
    let dotted = dotted.split([':', '#']).next().unwrap_or_default();
    let (front, last) = dotted.rsplit_once('.')?;
    let word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$');
    let fits = last.starts_with(char::is_uppercase) && word(last) && front.split('.').all(word) && dotted.len() < 200;
    fits.then(|| dotted.replace('$', "."))
}

fn is_view(text: &str) -> bool {
    text.len() > 2
        && text.len() < 120
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | ':' | '@'))
        && text.contains(char::is_alphabetic)
}

fn is_topic(text: &str) -> bool {
    text.len() > 3
        && text.len() < 120
        && !text.contains(char::is_whitespace)
        && text.contains(['.', '-', '_', '/', ':'])
}

/// The path of an address within the program: `/api/x/{}`.
fn address(text: &str) -> Option<String> {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let path = path.strip_prefix("{}").unwrap_or(path);
    let parts = parts_of(path);
    (path.starts_with('/') && !path.starts_with("//") && parts.iter().any(|part| part.as_str() != "*"))
        .then(|| parts.join("/"))
}

/// The parts of a route or path; what varies is `*`.
fn parts_of(path: &str) -> Vec<String> {
    let varies = |part: &str| part.contains(['{', '<', '*', '$', '(']) || part.starts_with(':');
    path.split('/')
        .filter(|part| !part.is_empty())
        .map(|part| if varies(part) { "*".to_string() } else { part.to_ascii_lowercase() })
        .collect()
}

/// `CALL name(…)`, `{call name}`, `EXEC name`.
fn called_procedure(text: &str) -> Option<String> {
    let text = text.trim_start().trim_start_matches(['{', '?', '=', ' ']);
    let (word, rest) = text.split_once(char::is_whitespace)?;
    if !["call", "exec", "execute"].iter().any(|known| word.eq_ignore_ascii_case(known)) {
        return None;
    }
    procedure_name(rest)
}

fn procedure_name(text: &str) -> Option<String> {
    let end = text.trim_start().find(|c: char| !(c.is_alphanumeric() || "_.`\"[]".contains(c)));
    let text = text.trim_start();
    let name = text.get(..end.unwrap_or(text.len()))?.rsplit('.').next()?;
    let name = name.trim_matches(['`', '"', '[', ']']).to_ascii_lowercase();
    (name.len() > 2 && name.starts_with(char::is_alphabetic)).then_some(name)
}

/// The procedures and functions that SQL text creates, with their lines.
fn procedures(text: &str) -> Vec<(u32, String)> {
    let mut out = Vec::new();
    for (line, number) in text.lines().zip(1u32..) {
        let mut words = line.split_whitespace().map(str::to_ascii_lowercase);
        if !matches!(words.next().as_deref(), Some("create" | "alter")) {
            continue;
        }
        let lower = line.to_ascii_lowercase();
        let found = ["procedure ", "function ", " proc "].iter().find_map(|word| {
            let at = lower.find(word)? + word.len();
            line.get(at..)
        });
        out.extend(found.and_then(procedure_name).map(|name| (number, name)));
    }
    out
}

/// Adds the edges that the signals make to `links`; `routes` are the entry points as (file, phrase that ends in the path).
pub fn bridge(
    files: &[SourceFile],
    facts: &[FileFacts],
    signals: &[(FileId, Signal)],
    routes: &[(FileId, &str)],
    links: &mut Links,
) {
    let mut edges: Vec<Dependency> = Vec::new();
    let mut targets = Targets::new(files, facts, signals, routes);
    for of_file in signals.chunk_by(|a, b| a.0 == b.0) {
        let Some((from, _)) = of_file.first() else { continue };
        let mut uses = Uses::new(&FileFacts::default());
        for (_, signal) in of_file {
            let reference =
                Reference { name: Name::default(), kind: RefKind::Loader, line: signal.line.max(1), count: 1 };
            for to in targets.of(files, from.0, signal) {
                uses.reference(to, &reference);
            }
        }
        uses.finish(from.0, &mut edges);
    }
    merge(&mut links.edges, edges);
}

/// Adds sorted edges to sorted edges; where there is one already, it gets the further uses.
fn merge(all: &mut Vec<Dependency>, more: Vec<Dependency>) {
    let known = all.len();
    for edge in more {
        let place =
            all.get(..known).unwrap_or_default().binary_search_by_key(&(edge.from, edge.to), |one| (one.from, one.to));
        match place {
            Ok(at) => {
                if let Some(one) = all.get_mut(at) {
                    one.kinds.loader = one.kinds.loader.saturating_add(edge.kinds.loader);
                }
            }
            Err(_) => all.push(edge),
        }
    }
    all.sort_by_key(|edge| (edge.from, edge.to));
}

/// The parts of a route and the file that serves it.
type Route = (Vec<String>, u32);

/// Where signals lead.
struct Targets {
    classes: FxHashMap<String, Vec<u32>>,
    templates: FxHashMap<String, Vec<u32>>,
    receivers: FxHashMap<String, Vec<u32>>,
    procedures: FxHashMap<String, Vec<u32>>,
    /// Routes by their number of parts and first fixed part.
    routes: FxHashMap<(usize, String), Vec<Route>>,
}

impl Targets {
    fn new(
        files: &[SourceFile],
        facts: &[FileFacts],
        signals: &[(FileId, Signal)],
        routes: &[(FileId, &str)],
    ) -> Targets {
        let mut targets = Targets {
            classes: FxHashMap::default(),
            templates: FxHashMap::default(),
            receivers: FxHashMap::default(),
            procedures: FxHashMap::default(),
            routes: FxHashMap::default(),
        };
        for (file, signal) in signals {
            match signal.kind {
                SignalKind::Class => drop(targets.classes.entry(signal.key.to_string()).or_default()),
                SignalKind::Receives => targets.receivers.entry(signal.key.to_string()).or_default().push(file.0),
                SignalKind::Procedure => targets.procedures.entry(signal.key.to_string()).or_default().push(file.0),
                _ => {}
            }
        }
        for (one, id) in facts.iter().zip(0u32..) {
            for definition in &one.definitions {
                let kind = definition.kind;
                if matches!(kind, DefinitionKind::Class | DefinitionKind::Interface | DefinitionKind::Enum)
                    && let Some(list) = targets.classes.get_mut(definition.qualified.as_str())
                {
                    list.push(id);
                }
            }
        }
        for (file, id) in files.iter().zip(0u32..) {
            if let Some(stem) = template_stem(&file.path) {
                targets.templates.entry(split(stem).1.to_string()).or_default().push(id);
            }
        }
        for (file, phrase) in routes {
            let Some(path) = phrase.split_whitespace().find(|word| word.starts_with('/')) else { continue };
            let parts = parts_of(path);
            if let Some(first) = parts.iter().find(|part| part.as_str() != "*") {
                targets.routes.entry((parts.len(), first.clone())).or_default().push((parts.clone(), file.0));
            }
        }
        targets
    }

    fn of(&mut self, files: &[SourceFile], from: u32, signal: &Signal) -> Vec<u32> {
        let key = signal.key.as_str();
        let mut found = match signal.kind {
            SignalKind::Class => self.classes.get(key).cloned().unwrap_or_default(),
            SignalKind::Sends => self.receivers.get(key).cloned().unwrap_or_default(),
            SignalKind::Calls => self.procedures.get(key).cloned().unwrap_or_default(),
            SignalKind::View => self.view(files, from, key),
            SignalKind::Address => self.route(key),
            SignalKind::Receives | SignalKind::Procedure => Vec::new(),
        };
        found.sort_unstable();
        found.dedup();
        if found.len() > AMBIGUOUS {
            found.clear();
        }
        found
    }

    /// The template that a name means: the one whose path ends so, the nearest of several.
    fn view(&self, files: &[SourceFile], from: u32, key: &str) -> Vec<u32> {
        let key = key.rsplit([':', '@']).next().unwrap_or(key).trim_start_matches('/');
        let stem = template_stem(key).unwrap_or(key);
        let slashed = if stem.contains('/') { stem.to_string() } else { stem.replace('.', "/") };
        let Some(all) = self.templates.get(split(&slashed).1) else { return Vec::new() };
        let path = |id: u32| files.get(id as usize).map_or("", |file| file.path.as_str());
        let own = path(from);
        let fitting =
            all.iter().copied().filter(|id| template_stem(path(*id)).is_some_and(|p| ends_with_path(p, &slashed)));
        let common = |id: u32| own.bytes().zip(path(id).bytes()).take_while(|(a, b)| a == b).count();
        fitting.max_by_key(|id| (common(*id), std::cmp::Reverse(*id))).into_iter().collect()
    }

    /// The files that serve a path.
    fn route(&self, key: &str) -> Vec<u32> {
        let parts: Vec<&str> = key.split('/').collect();
        let fits = |route: &[String]| {
            route.len() == parts.len() && route.iter().zip(&parts).all(|(a, b)| a == b || a == "*" || *b == "*")
        };
        let mut found = Vec::new();
        for first in parts.iter().filter(|part| **part != "*") {
            let key = (parts.len(), (*first).to_string());
            let routes = self.routes.get(&key).into_iter().flatten();
            found.extend(routes.filter(|(route, _)| fits(route)).map(|(_, file)| *file));
        }
        found
    }
}

/// The path of a template without its endings.
fn template_stem(path: &str) -> Option<&str> {
    let mut stem = path;
    loop {
        let end = TEMPLATES.iter().find(|end| {
            stem.strip_suffix(**end).is_some_and(|rest| rest.ends_with('.') && rest.len() > 1 && !rest.ends_with("/."))
        });
        match end {
            Some(end) => stem = stem.get(..stem.len() - end.len() - 1)?,
            None => break,
        }
    }
    (stem.len() < path.len()).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::{address, called_procedure, class_name, parts_of, procedures, template_stem};

    #[test]
    fn names_of_classes_addresses_procedures_and_templates() {
        assert_eq!(class_name("a.b.OrderService").as_deref(), Some("a.b.OrderService"));
        assert_eq!(class_name("App\\Service\\Mailer").as_deref(), Some("App.Service.Mailer"));
        assert_eq!(class_name("org.example"), None);
        assert_eq!(class_name("Hello there. World"), None);
        assert_eq!(address("/api/orders/{}/lines?x=1").as_deref(), Some("api/orders/*/lines"));
        assert_eq!(address("//cdn/x"), None);
        assert_eq!(parts_of("/Orders/:id/<int:n>"), ["orders", "*", "*"]);
        assert_eq!(called_procedure("{call close_month(?)}").as_deref(), Some("close_month"));
        assert_eq!(called_procedure("EXEC dbo.Close_Month @x").as_deref(), Some("close_month"));
        assert_eq!(called_procedure("calling all"), None);
        assert_eq!(
            procedures("-- x\nCREATE OR REPLACE PROCEDURE app.close_month(x int)\n"),
            [(2, "close_month".into())]
        );
        assert_eq!(template_stem("views/books/show.blade.php"), Some("views/books/show"));
        assert_eq!(template_stem("app/books.php"), None);
    }
}
