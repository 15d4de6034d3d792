//! What an address in code is for, where neither its key nor its callee says it: declared defaults, constants that are used
//! elsewhere, examples in descriptions, content policies, pages where people sign in, health checks of oneself.

use super::Kind;
use super::address::{self, Address};
use super::detect::Detect;
use super::keys::words;
use super::sites::Hit;
use crate::facts::{Call, Context, DefinitionKind, FileFacts, SourceFile, Span};

/// Keys and names of arguments that hold the default of what stands around them.
const DEFAULT_KEYS: [&str; 6] = ["default", "defaultvalue", "default_value", "defaultsto", "fallback", "initialvalue"];

/// The name of the option that a value is the default of: `host` of `options.host.default`.
pub fn option_of(path: &str) -> Option<&str> {
    let (outer, last) = path.rsplit_once('.')?;
    let named = outer.rsplit('.').find(|part| part.parse::<u32>().is_err())?;
    DEFAULT_KEYS.contains(&last.to_ascii_lowercase().as_str()).then_some(named)
}

/// True for the name of an environment variable: capitals and an underscore.
pub fn is_variable(name: &str) -> bool {
    name.contains('_') && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// The constant's literal, where an address is put together from a constant that is one by itself: the constant is what
/// has to be changed.
pub fn constant_of(text: &str, at: Span, facts: &FileFacts) -> Option<Span> {
    let scheme = text.find("://")?;
    // Written out here it is no constant's.
    if (at.end - at.start) as usize >= text.len() {
        return None;
    }
    let candidates = facts.literals.iter().filter(|other| {
        !at.contains(&other.span)
            && !other.span.contains(&at)
            && matches!(other.context, Context::Assigned { .. } | Context::Default { .. })
            && other.value.as_str().is_some_and(|value| {
                // With its host, not the scheme alone.
                value.len() > scheme + 4 && text.starts_with(value)
            })
    });
    candidates.max_by_key(|other| other.value.as_str().map_or(0, str::len)).map(|other| other.span)
}

/// `const localhost = "localhost"`, `LOOPBACK = "127.0.0.1"`: a name for the literal itself. Whoever dials it is found there.
pub fn only_names_itself(name: &str, text: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let loopback = matches!(text, "localhost" | "127.0.0.1" | "::1");
    let name = name.rsplit('.').next().unwrap_or(name);
    let words = words(name);
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let only = words.iter().all(|word| {
        matches!(
            word.as_str(),
            "local" | "localhost" | "loopback" | "host" | "ip" | "ipv4" | "ipv6" | "v4" | "v6" | "address"
        )
    });
    plain(name) == plain(text)
        || (loopback && only && (any(&["localhost", "loopback"]) || (any(&["local"]) && words.len() > 1)))
}

/// `servers.url` of a map that also says `openapi: "3.0.0"`: the description of an interface names servers as examples.
pub fn in_interface_description(path: &str, facts: &FileFacts) -> bool {
    let Some(at) = path.find("servers") else { return false };
    let outer = &path[..at];
    facts.literals.iter().any(|other| match &other.context {
        Context::Keyed { path } => {
            path.strip_prefix(outer).is_some_and(|key| matches!(key, "openapi" | "swagger" | "asyncapi"))
        }
        _ => false,
    })
}

/// Names of the directives of a content security policy: what a browser may load or call.
pub fn is_content_policy(name: &str) -> bool {
    let words = words(name);
    let [.., first, last] = words.as_slice() else { return false };
    match last.as_str() {
        "src" | "source" | "sources" => matches!(
            first.as_str(),
            "connect"
                | "script"
                | "style"
                | "font"
                | "img"
                | "image"
                | "frame"
                | "media"
                | "object"
                | "worker"
                | "child"
                | "default"
                | "manifest"
                | "prefetch"
        ),
        "ancestors" => first == "frame",
        "action" => first == "form",
        _ => false,
    }
}

/// True for the address of a page where a person signs in and agrees: the browser is sent there, the program never dials it.
pub fn is_sign_in(key: &str, address: &Address) -> bool {
    if address.is_local() {
        return false;
    }
    let words = words(key.rsplit('.').next().unwrap_or(key));
    let named = words.iter().any(|word| matches!(word.as_str(), "authorize" | "authorise" | "authorization"))
        && words
            .last()
            .is_some_and(|word| matches!(word.as_str(), "url" | "uri" | "endpoint" | "path" | "authorize" | "page"));
    let path = address.path.to_ascii_lowercase();
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    named
        || path.ends_with("/authorize")
        || path.ends_with("/oauth2/auth")
        || path.ends_with("/dialog/oauth")
        || path.ends_with("/oauth2/v2/auth")
}

/// Leaves out the container's own loopback in a program that says, by its name or its text, that it is its health check.
pub fn drop_health_checks(file: &SourceFile, text: &str, detect: &Detect, hits: &mut Vec<Hit>) {
    if !hits.iter().any(|hit| hit.kind == Kind::ENDPOINT) {
        return;
    }
    let stem = file.path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
    let named = matches!(
        words(stem).join("").as_str(),
        "healthcheck" | "livenessprobe" | "readinessprobe" | "liveness" | "readiness" | "dockerhealthcheck"
    );
    if named || (text.len() < 20_000 && text.contains("HEALTHCHECK")) {
        let own = |subject: &str| address::parse(subject, detect).is_some_and(|address| address.is_loopback());
        hits.retain(|hit| hit.kind != Kind::ENDPOINT || !own(&hit.subject));
    }
}

/// The name of the function around a call, where it only hands out an address: `default_index_url`, `base_url`.
pub fn handed_out_by<'f>(call: &Call, facts: &'f FileFacts) -> Option<&'f str> {
    let definition = facts.definitions.get(call.inside? as usize)?;
    let function = matches!(definition.kind, DefinitionKind::Function | DefinitionKind::Method);
    let short = definition.span.end_line.saturating_sub(definition.span.line) <= 4;
    (function && short).then_some(definition.name.as_str())
}

/// `site` of `client_options`: where an OAuth client asks for its tokens.
pub fn is_token_site(path: &str) -> bool {
    let mut parts = path.rsplit('.');
    parts.next() == Some("site") && parts.next().is_some_and(|outer| outer.contains("client_options"))
}

/// Texts of addresses in words of one language are no settings; a folder of that name that holds code is something else.
pub fn has_code(facts: &FileFacts) -> bool {
    facts
        .definitions
        .iter()
        .any(|definition| matches!(definition.kind, DefinitionKind::Function | DefinitionKind::Method))
}

/// True for `localhost` under a name that says address; `mail_domain` says none.
pub fn is_local_word(key: &str, text: &str) -> bool {
    let named = words(key).last().is_some_and(|word| {
        matches!(word.as_str(), "address" | "addresses" | "ip" | "interface" | "node" | "listen" | "db" | "database")
    });
    named && (text == "localhost" || address::ipv4(text).is_some_and(|[first, ..]| first == 127))
}
