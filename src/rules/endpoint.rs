//! Addresses in code: the shape of a literal says that it may be an address, its use says whether anybody dials it.

use super::address::{self, Address, Form};
use super::compile::last_segment;
use super::conditions::text_of;
use super::detect::Detect;
use super::keys::words;
use super::proposal::proposal;
use super::sites::Hit;
use super::{Confidence, Kind, purpose};
use crate::facts::{Call, CallKind, Context, FileFacts, Name, SourceFile, Span, Value};

/// How an address is used, as far as key, callee and context tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    /// Nobody dials it.
    Never,
    /// A link for people, if it is public.
    Link,
    Unknown,
    /// A key that says URL and no more.
    Url,
    /// A key or callee that says that it is dialled.
    Dialled,
    /// A key that says host.
    Host,
}

/// Adds the addresses that stand in literals, and in calls that store a value under a key.
pub fn hits(detect: &Detect, file: &SourceFile, facts: &FileFacts, hits: &mut Vec<Hit>) {
    // Configuration has entries and no literals; pages, which are no code, have those of their scripts.
    if facts.literals.is_empty() && facts.calls.is_empty() || silent_code(detect, file, facts) {
        return;
    }
    for literal in &facts.literals {
        let Some(text) = literal.value.template() else { continue };
        if literal.value.from_env() {
            continue;
        }
        let (mut usage, key) = usage(detect, &literal.context);
        if usage == Use::Unknown && is_fetched(&text, &literal.context) {
            usage = Use::Url;
        }
        if usage == Use::Never || !(address::may_be(&text) || usage == Use::Host || usage == Use::Dialled) {
            continue;
        }
        let mut tags = Vec::new();
        let keyed = matches!(&literal.context, Context::Keyed { path } if purpose::option_of(path).is_some());
        if keyed || matches!(literal.context, Context::Default { .. }) {
            tags.push(Name::from("default"));
        }
        let described =
            matches!(&literal.context, Context::Keyed { path } if purpose::in_interface_description(path, facts));
        if described || purpose::only_names_itself(&key, &text) {
            continue;
        }
        // The constant that holds the host is what has to be changed, wherever it is joined to a path.
        let span = purpose::constant_of(&text, literal.span, facts).unwrap_or(literal.span);
        push(detect, &text, usage, &key, span, tags, hits);
    }
    for call in &facts.calls {
        if !detect.setters.contains(call.last()) || call.args.len() < 2 {
            continue;
        }
        let Some(key) = call.args[0].value.as_str() else { continue };
        let value = &call.args[1].value;
        if value.from_env() {
            continue;
        }
        if let Value::Str(text) = value {
            push(detect, text, key_usage(detect, key), key, call.span, Vec::new(), hits);
        }
    }
}

/// `getUrl`, `fetchPage`, `downloadFile`, `sendHttpRequest`: own functions that say that they dial.
fn fetches(name: &str) -> bool {
    let words = words(name);
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    words.first().is_some_and(|verb| matches!(verb.as_str(), "fetch" | "download" | "crawl" | "curl" | "request"))
        || (any(&["get", "load", "read", "send", "post", "make"])
            && any(&["url", "http", "remote", "feed", "webpage", "request"])
            && !any(&["link", "redirect", "add", "param", "params"]))
}

/// True for the first argument of `client.get("https://…")`: nobody looks an address up in a table.
fn is_fetched(text: &str, context: &Context) -> bool {
    let Context::Argument { callee, index: 0, name: None } = context else { return false };
    text.starts_with("http") && text.contains("://") && matches!(last_segment(callee), "get" | "head" | "delete")
}

fn push(detect: &Detect, text: &str, usage: Use, key: &str, span: Span, tags: Vec<Name>, hits: &mut Vec<Hit>) {
    if usage == Use::Never {
        return;
    }
    let Some(address) = address::parse(text, detect).or_else(|| keyed_word(detect, key, text, usage)) else { return };
    if purpose::is_sign_in(key, &address) {
        return;
    }
    // A list of public addresses is asked about a caller; what is dialled has a name.
    let listed = address.form == Form::Ip
        && !address.is_local()
        && words(key)
            .last()
            .is_some_and(|w| matches!(w.as_str(), "ips" | "addresses" | "ranges" | "networks" | "cidrs"));
    let usage = if listed { Use::Unknown } else { usage };
    let Some((confidence, doubt)) = judge(detect, &address, usage) else { return };
    let proposal = proposal(detect, key, &address);
    hits.push(hit(&address, "literal", confidence, doubt, span, tags, proposal));
}

/// A hit of one of the rules that are code.
pub fn hit(
    address: &Address,
    place: &str,
    confidence: Confidence,
    doubt: &str,
    span: Span,
    tags: Vec<Name>,
    proposal: Option<Name>,
) -> Hit {
    let shape = match address.form {
        Form::Web => "web-url",
        Form::Dialled => "url",
        Form::Connection => "connection-string",
        Form::HostPort => "host-port",
        Form::Ip => "ip",
        Form::Word => "host-name",
    };
    let hit = Hit::of(Kind::ENDPOINT, format!("{}/{place}/{shape}", Kind::ENDPOINT.0), span, address.text.clone());
    Hit { tags, proposal, ..hit.doubted(confidence, doubt) }
}

/// True for files that hold words for people or describe something else than the application.
pub fn silent_file(detect: &Detect, path: &str) -> bool {
    let lower = format!("/{}", path.to_ascii_lowercase());
    let name = lower.rsplit('/').next().unwrap_or_default();
    detect.silent_files.contains(name)
        || is_translation(name)
        || detect.silent_paths.iter().any(|part| lower.contains(&part.to_ascii_lowercase()))
}

/// The same for source code: words of one language, unless the folder only is called like that and holds functions.
fn silent_code(detect: &Detect, file: &SourceFile, facts: &FileFacts) -> bool {
    let lower = format!("/{}", file.path.to_ascii_lowercase());
    let name = lower.rsplit('/').next().unwrap_or_default();
    is_translation(name)
        || detect.silent_code_paths.iter().any(|part| lower.contains(part.as_str()))
        || (detect.silent_text_paths.iter().any(|part| lower.contains(part.as_str())) && !purpose::has_code(facts))
}

/// `messages_de.properties`, `messages.pt_br.yml`, `de.json`: texts of one language.
fn is_translation(name: &str) -> bool {
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    if !matches!(ending, "properties" | "yml" | "yaml" | "json" | "xml" | "resx" | "ini" | "php") {
        return false;
    }
    if stem.starts_with("messages") || stem.starts_with("translations") {
        return true;
    }
    const LANGUAGES: [&str; 26] = [
        "ar", "bg", "ca", "cs", "da", "de", "el", "es", "fi", "fr", "he", "hu", "it", "ja", "ko", "nb", "nl", "pl",
        "pt", "ro", "ru", "sr", "sv", "tr", "uk", "zh",
    ];
    let mut parts = stem.rsplit(['_', '.', '-']);
    let last = parts.next().unwrap_or_default();
    LANGUAGES.contains(&last) || (last.len() == 2 && parts.next().is_some_and(|part| LANGUAGES.contains(&part)))
}

fn usage(detect: &Detect, context: &Context) -> (Use, String) {
    match context {
        Context::EnvDefault { .. } | Context::Compared => (Use::Never, String::new()),
        Context::Other => (Use::Unknown, String::new()),
        Context::Assigned { name } | Context::Default { of: name } => (key_usage(detect, name), name.to_string()),
        Context::Returned { function } => (key_usage(detect, function), function.to_string()),
        // `AZURE_HOST: str({ default: "…" })`: a schema of environment variables.
        Context::Keyed { path } if purpose::option_of(path).is_some_and(purpose::is_variable) => {
            (Use::Never, path.to_string())
        }
        Context::Keyed { path } => {
            let last = path.rsplit('.').find(|part| part.parse::<u32>().is_err()).unwrap_or_default();
            let last = purpose::option_of(path).unwrap_or(last);
            let own = if purpose::is_token_site(path) { Use::Dialled } else { key_usage(detect, last) };
            // A schema or a table of options declares the default, and is no schema's identifier.
            let whole = if purpose::option_of(path).is_some() { own } else { key_usage(detect, path) };
            // What stands further out can silence (`cors.origins.0`), and can say that a bare `url` is dialled.
            let outer = path.len().checked_sub(last.len() + 1).and_then(|end| path.get(..end)).unwrap_or_default();
            let usage = if whole == Use::Never {
                Use::Never
            } else if own == Use::Url && whole == Use::Host {
                Use::Dialled
            } else if own == Use::Unknown && key_usage(detect, outer) >= Use::Url {
                // `endpoints: { live: "…" }`
                Use::Url
            } else {
                own
            };
            (usage, path.to_string())
        }
        Context::Annotation { name, element } => {
            let silent = detect.silent_annotations.iter().any(|part| name.contains(part.as_str()));
            (if silent { Use::Never } else { key_usage(detect, element).min(Use::Dialled) }, element.to_string())
        }
        Context::Argument { callee, index, name } => {
            let last = last_segment(callee);
            if detect.silent_callees.contains(last) {
                return (Use::Never, String::new());
            }
            // The second argument of `new URL(path, base)` only serves the parser.
            if *index > 0 && matches!(last, "URL" | "urljoin" | "URI") {
                return (Use::Never, String::new());
            }
            if let Some(name) = name {
                return (key_usage(detect, name), name.to_string());
            }
            if detect.dialling_callees.contains(last) {
                return (Use::Dialled, String::new());
            }
            if *index == 0 && fetches(last) {
                return (Use::Dialled, String::new());
            }
            // Put into a collection, or sent as an event: the verb says nothing of what it is.
            if matches!(last, "push" | "unshift" | "append" | "emit" | "on" | "once" | "has" | "trigger") {
                return (Use::Unknown, String::new());
            }
            // The second argument of a look-up is its default; what is looked up says nothing here.
            let verb = words(last).into_iter().next().unwrap_or_default();
            if *index > 0 && matches!(verb.as_str(), "get" | "opt" | "lookup" | "fetch" | "find" | "read") {
                return (Use::Url, String::new());
            }
            // `SocketAddr::new`: the type says more than the word.
            let telling = match last {
                "new" | "from" | "create" | "of" | "build" => {
                    callee[..callee.len() - last.len()].trim_end_matches(['.', '#']).rsplit(['.', '#']).next()
                }
                _ => None,
            };
            let usage = key_usage(detect, telling.filter(|name| !name.is_empty()).unwrap_or(last));
            // The name of a method says less than the name of a variable: `getServer("a.b")` may mean anything.
            let sets = ["set", "with", "add", "use"].iter().any(|verb| words(last).first().is_some_and(|w| w == verb));
            let asks = words(last).iter().any(|word| matches!(word.as_str(), "request" | "fetch" | "curl" | "ping"));
            let usage = match usage {
                Use::Host | Use::Dialled | Use::Url | Use::Unknown if asks => Use::Dialled,
                Use::Host | Use::Dialled if sets => Use::Dialled,
                Use::Host | Use::Dialled | Use::Url => Use::Url,
                other => other,
            };
            (usage, String::new())
        }
    }
}

/// What a key or variable name says about the address below it.
fn key_usage(detect: &Detect, key: &str) -> Use {
    let words = words(key);
    if words.is_empty() {
        return Use::Unknown;
    }
    let any = |list: &rustc_hash::FxHashSet<String>| words.iter().any(|word| list.contains(word.as_str()));
    let last = words.last().map(String::as_str).unwrap_or_default();
    // A base that only serves to put a query together.
    if matches!(words.as_slice(), [only] if only == "query") {
        return Use::Never;
    }
    // The whole name says that a person follows it: a property `Link`, `help_link`.
    if matches!(words.as_slice(), [.., only] if only == "link" && strong_free(detect, &words)) {
        return Use::Never;
    }
    // An identifier of a party (SAML, OAuth), whatever it looks like; what a browser may load.
    if any(&detect.never_words)
        || purpose::is_content_policy(key)
        || matches!(words.as_slice(), [.., entity, id] if entity == "entity" && id == "id")
    {
        return Use::Never;
    }
    let strong = words.iter().rposition(|word| detect.dial_words.contains(word.as_str()));
    // What a browser loads, `localhost` too: `assetBaseUrl`, `asset_host`.
    let asset = words.iter().rposition(|word| matches!(word.as_str(), "asset" | "assets" | "cdn"));
    if asset.is_some_and(|asset| {
        words[asset + 1..].iter().all(|w| detect.vague_dial_words.contains(w) || detect.url_words.contains(w))
    }) {
        return Use::Never;
    }
    // `test_server_url` is one; `test_text` is none.
    if strong.is_none() && any(&detect.mild_never_words) {
        return Use::Never;
    }
    if detect.host_words.contains(last) {
        return Use::Host;
    }
    let link = words.iter().rposition(|word| detect.link_words.contains(word.as_str()));
    match (link, strong) {
        // What stands later says more: `implementation_id_connection_url`. A base alone may be one of pages.
        (Some(link), Some(strong)) if strong > link && !detect.vague_dial_words.contains(&words[strong]) => {
            return Use::Dialled;
        }
        (Some(_), _) => return Use::Link,
        (None, Some(_)) => return Use::Dialled,
        (None, None) => {}
    }
    if any(&detect.url_words) || last.ends_with("url") || last.ends_with("uri") {
        return Use::Url;
    }
    if last.ends_with("host") || (last.ends_with("server") && last != "observer") { Use::Host } else { Use::Unknown }
}

/// True where no word says that something is dialled.
fn strong_free(detect: &Detect, words: &[String]) -> bool {
    !words.iter().any(|word| detect.dial_words.contains(word.as_str()))
}

/// A bare word below a key that says host.
fn keyed_word(detect: &Detect, key: &str, text: &str, usage: Use) -> Option<Address> {
    let local = usage == Use::Dialled && purpose::is_local_word(key, text);
    if usage != Use::Host && !local {
        return None;
    }
    address::word(text, detect)
}

/// How sure it is that the address is dialled; `None` where it is not.
fn judge(detect: &Detect, address: &Address, usage: Use) -> Option<(Confidence, &'static str)> {
    const UNUSED: &str = "nothing says that this address is dialled";
    let sure = |confidence| {
        Some((
            confidence,
            if confidence == Confidence::Low {
                UNUSED
            } else {
                "only name and shape say that it is an address that is dialled"
            },
        ))
    };
    let local = address.is_local();
    match address.form {
        Form::Web => {
            if is_identifier(detect, address) {
                return None;
            }
            let people = is_for_people(detect, address)
                || (is_link_template(address) && !is_called(address))
                || (usage == Use::Url && is_front_page(address));
            match usage {
                Use::Never => None,
                // `latestReleaseUrl = 'https://api.…'`: what answers there is a program, whatever the name says.
                Use::Link if local || (is_called(address) && !is_for_people(detect, address)) => {
                    sure(Confidence::Medium)
                }
                // a list for programs, whatever it is called: `repositoryUrl = "https://…/manifest.json"`
                Use::Link if address.path.to_ascii_lowercase().ends_with(".json") => sure(Confidence::Medium),
                Use::Link => None,
                Use::Dialled | Use::Host if local || !people => sure(Confidence::High),
                Use::Dialled | Use::Host => sure(Confidence::Medium),
                Use::Url if local => sure(Confidence::High),
                Use::Url if !people || is_program(address) => sure(Confidence::Medium),
                Use::Url => sure(Confidence::Low),
                Use::Unknown if local || (!people && is_called(address)) => sure(Confidence::Medium),
                Use::Unknown => sure(Confidence::Low),
            }
        }
        Form::Dialled | Form::Connection => match usage {
            Use::Never => None,
            _ => sure(Confidence::High),
        },
        Form::HostPort => match usage {
            Use::Never => None,
            Use::Host | Use::Dialled | Use::Url => sure(Confidence::High),
            _ if address.is_loopback() || address::ipv4(&address.host).is_some() => sure(Confidence::Medium),
            _ if address.host.contains('.') => sure(Confidence::Medium),
            _ => None,
        },
        Form::Ip if is_network(address) => None,
        Form::Ip => match usage {
            Use::Never | Use::Link => None,
            Use::Host | Use::Dialled | Use::Url => sure(Confidence::High),
            Use::Unknown if local && !address.is_loopback() => sure(Confidence::Medium),
            Use::Unknown => sure(Confidence::Low),
        },
        Form::Word => {
            let telling = address.host == "localhost"
                || detect.service_names.contains(&address.host)
                || address.host.contains('.')
                || address.host.contains(|c: char| c.is_ascii_digit() || c == '-');
            let people = !is_called(address) && detect.people_hosts.iter().any(|host| address.is_at(host));
            if telling && !people { sure(Confidence::High) } else { sure(Confidence::Low) }
        }
    }
}

/// `10.0.0.0`, `10.255.255.255`, `64:ff9b::`: the address or the end of a network, which nobody dials.
fn is_network(address: &Address) -> bool {
    address.form == Form::Ip && [".0", ".255", "::"].iter().any(|end| address.host.ends_with(end))
}

/// `https://carrier.com/track/:number`: a link that is filled in for people.
fn is_link_template(address: &Address) -> bool {
    let mut parts = address.path.split(['/', '=', '&', '?', '#']);
    parts.any(|part| part.strip_prefix(':').is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())))
}

/// True where the literal of an address that is only parsed (`new Uri("…")`) stands under a key that says that nobody dials
/// it: the call itself says nothing more.
pub fn is_unused(detect: &Detect, address: &Address, call: &Call, facts: &FileFacts, subject: Option<Span>) -> bool {
    // `ky.create({ prefixUrl: … })` makes a client, not an address.
    let options = call.args.first().is_some_and(|arg| matches!(arg.value, Value::Map(_)));
    if options || !matches!(call.last(), "Uri" | "URL" | "URI" | "parse" | "Parse" | "create") {
        return false;
    }
    let Some(subject) = subject else { return false };
    let Some(literal) = facts.literals.iter().find(|literal| subject.contains(&literal.span)) else { return false };
    match usage(detect, &literal.context).0 {
        Use::Never => true,
        Use::Link => !address.is_local(),
        _ => false,
    }
}

/// True where the address is only parsed (`new Uri(…)`), not handed on to what dials, and is one for people.
pub fn is_parsed_link(detect: &Detect, address: &Address, call: &Call, facts: &FileFacts) -> bool {
    let parent = call.parent.and_then(|at| facts.calls.get(at as usize));
    // `fn default_index_url() -> Url { Url::parse("…").unwrap() }`
    if purpose::handed_out_by(call, facts).is_some_and(|function| !names_link(detect, function)) {
        return false;
    }
    // Java's `URL` is made to be opened; `URI` and the others may be only named.
    matches!(call.last(), "Uri" | "URI" | "parse")
        && parent.is_none_or(|parent| parent.kind == CallKind::Assign && names_link(detect, parent.last()))
        && (call.assigned_to.is_empty() || names_link(detect, &call.assigned_to))
        && address.form == Form::Web
        && !address.is_local()
        && is_for_people(detect, address)
}

/// A property or variable that holds an address and does not say that it is dialled (`Url`, `license`; not `BaseAddress`).
fn names_link(detect: &Detect, key: &str) -> bool {
    match key_usage(detect, key) {
        Use::Never | Use::Link => true,
        Use::Url => words(key).len() == 1,
        _ => false,
    }
}

/// Namespaces, schemas, licences: identifiers that look like addresses.
pub fn is_identifier(detect: &Detect, address: &Address) -> bool {
    let path = address.path.to_ascii_lowercase();
    detect.identifier_hosts.iter().any(|host| address.is_at(host))
        || path.ends_with(".dtd")
        || path.ends_with(".xsd")
        || path.contains("/xmlns")
        || path.contains("/licenses/")
        || path.contains("/ns/")
        || path.ends_with("/context.json")
        || path.ends_with(".jsonld")
}

/// True when host or path say that a program answers there.
fn is_called(address: &Address) -> bool {
    let path = address.path.to_ascii_lowercase();
    let telling = [
        "/api",
        "/rest",
        "/rpc",
        "/graphql",
        "/services/",
        "/ws/",
        "/soap",
        ".json",
        ".asmx",
        ".svc",
        "wsdl",
        "apikey=",
        "api_key=",
        ".git",
        "/v1",
        "/v2",
        "/oauth",
        "feed",
        "/rss",
        ".xml",
        ".yml",
        ".txt",
        ".csv",
        ".zip",
        ".gz",
        ".tar",
        ".phar",
        "/check",
        "/ping",
        "/verify",
    ];
    telling.iter().any(|part| path.contains(part))
        || address.host.split('.').any(|label| label.ends_with("api"))
        || ["api.", "api-", "ws.", "rest.", "graph.", "raw.", "feeds.", "download.", "updates."]
            .iter()
            .any(|start| address.host.starts_with(start))
}

/// True where the path names a program that answers forms and gateways.
fn is_program(address: &Address) -> bool {
    let path = address.path.to_ascii_lowercase();
    let file = path.split(['?', '#']).next().unwrap_or_default();
    path.contains("/cgi-bin/")
        || [".php", ".asp", ".aspx", ".ashx", ".do", ".dll", ".cgi", ".action", ".xml"]
            .iter()
            .any(|end| file.ends_with(end))
}

/// Pages, documents, and sites that are mostly linked to.
pub fn is_for_people(detect: &Detect, address: &Address) -> bool {
    let path = address.path.to_ascii_lowercase();
    let file = path.split(['?', '#']).next().unwrap_or_default();
    if detect.page_endings.iter().any(|ending| file.ends_with(ending.as_str()))
        || path.contains('#')
        || path.contains("/redirect")
    {
        return true;
    }
    let label = address.host.split('.').next().unwrap_or_default();
    // Documentation stays documentation, whatever it tells of: `www.corp.com/docs/api/endpoints/send`.
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    if [label, first].iter().any(|part| matches!(*part, "docs" | "doc" | "documentation" | "help" | "wiki" | "blog")) {
        return true;
    }
    if is_called(address) {
        return false;
    }
    detect.people_labels.contains(label)
        || file.split('/').any(|segment| detect.people_segments.contains(segment))
        || detect.people_hosts.iter().any(|host| address.is_at(host))
}

/// The front page of a site, or a page near it: `https://corp.com/`, `https://corp.com/enterprise`. A program that answers
/// there would have a name of its own, or the path would say what it answers.
fn is_front_page(address: &Address) -> bool {
    let bare = address.host.split('.').count() == 2 && !address.has_port && !address.host.contains('{');
    bare && !is_called(address)
        && !address.path.contains(['?', '{', '='])
        && !address.path.trim_matches('/').contains('/')
}

/// The address that an argument of a dialling API holds: any shape, and a bare word too.
pub fn sink(detect: &Detect, value: &Value) -> Option<Address> {
    if let Value::List(values) = value {
        return values.iter().find_map(|value| sink(detect, value));
    }
    let text = text_of(value)?;
    if let Some(address) = address::parse(&text, detect) {
        return (!is_identifier(detect, &address) && !is_network(&address)).then_some(address);
    }
    if text.contains("{}") || text.contains("://") {
        return None;
    }
    address::word(&text, detect)
}

/// Where the address of a dialling call stands: the argument, or, where a constant holds it, the constant's literal.
pub fn sink_span(call: &Call, facts: &FileFacts, subject: Option<Span>, text: &str, source: &str) -> Span {
    let Some(subject) = subject else { return call.span };
    // Written here: literals are kept where they tell something by themselves, so the same one elsewhere is another site.
    let here = source.get(subject.start as usize..subject.end as usize).is_some_and(|code| code.contains(text));
    let same = |literal: &&crate::facts::Literal| literal.value.template().is_some_and(|known| known == text);
    let mut elsewhere = None;
    for literal in facts.literals.iter().filter(same) {
        if subject.contains(&literal.span) {
            return literal.span;
        }
        elsewhere = elsewhere.or(Some(literal.span).filter(|_| !here));
    }
    let elsewhere = purpose::constant_of(text, elsewhere.unwrap_or(subject), facts).or(elsewhere);
    match elsewhere {
        Some(span) if !call.span.contains(&span) => span,
        _ => subject,
    }
}
