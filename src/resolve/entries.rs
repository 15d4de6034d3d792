//! Ways into the program: routes, mains, scheduled jobs and message listeners.

use crate::facts::{Call, CallKind, DefinitionKind, FileFacts, Language, Receiver, Value};

/// The entry points that a file shows, as (line, phrase), sorted by line.
#[must_use]
pub fn entry_points(facts: &FileFacts, language: Language) -> Vec<(u32, String)> {
    let mut out: Vec<(u32, String)> =
        facts.calls.iter().filter_map(|call| Some((call.span.line, phrase(call, language)?))).collect();
    for definition in &facts.definitions {
        let main = match language.0 {
            "java" => definition.name == "main" && definition.kind == DefinitionKind::Method && !definition.private,
            "csharp" => definition.name == "Main" && definition.kind == DefinitionKind::Method,
            "go" => {
                definition.name == "main" && definition.kind == DefinitionKind::Function && facts.namespace == "main"
            }
            "rust" => {
                definition.name == "main" && definition.kind == DefinitionKind::Function && definition.parent.is_none()
            }
            _ => false,
        };
        if main {
            out.push((definition.span.line, "main program".into()));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn phrase(call: &Call, language: Language) -> Option<String> {
    let last = call.last();
    let path = call.args.iter().find_map(|arg| match &arg.value {
        Value::List(items) => items.first().and_then(Value::template),
        value => value.template(),
    });
    let route = |method: &str| {
        let path = path.as_deref().unwrap_or_default();
        format!("{method} route {path}").replace("ANY ", "").trim().to_string()
    };
    if call.kind == CallKind::Annotation {
        return Some(match last {
            "GetMapping" | "HttpGet" => route("GET"),
            "PostMapping" | "HttpPost" => route("POST"),
            "PutMapping" | "HttpPut" => route("PUT"),
            "PatchMapping" | "HttpPatch" => route("PATCH"),
            "DeleteMapping" | "HttpDelete" => route("DELETE"),
            "RequestMapping" | "Route" | "route" | "api_view" | "WebServlet" | "ApiController" => route("ANY"),
            "Path" if call.name.contains(".ws.rs.") => route("ANY"),
            "Get" | "Post" | "Put" | "Delete" | "Patch"
                if matches!(language.0, "typescript" | "javascript" | "java") =>
            {
                route(&last.to_uppercase())
            }
            "get" | "post" | "put" | "delete" | "patch"
                if path.as_deref().is_some_and(|path| path.starts_with('/')) =>
            {
                route(&last.to_uppercase())
            }
            "Scheduled" | "Cron" | "periodic_task" => "scheduled job".into(),
            "shared_task" | "task" if language.0 == "python" => "background task".into(),
            "KafkaListener" | "RabbitListener" | "JmsListener" | "SqsListener" | "EventPattern" | "MessagePattern" => {
                "message listener".into()
            }
            "Command" if language.0 == "php" || language.0 == "typescript" => "console command".into(),
            _ => return None,
        });
    }
    if call.kind != CallKind::Call {
        return None;
    }
    let text = path.as_deref()?;
    let head = match &call.receiver {
        Receiver::Unknown(receiver) => receiver.as_str(),
        _ => call.name.split(['.', '#']).next().unwrap_or_default(),
    }
    .to_ascii_lowercase();
    let router = ["app", "router", "route", "server", "mux", "fastify", "api", "http", "r", "e", "g", "engine"]
        .iter()
        .any(|name| head == *name || head.ends_with(&format!(".{name}")))
        || head.ends_with("router")
        || call.name.to_ascii_lowercase().contains("express");
    match last {
        "get" | "post" | "put" | "patch" | "delete" | "all" | "any" | "GET" | "POST" | "PUT" | "PATCH" | "DELETE"
            if router && call.args.len() > 1 && (text.starts_with('/') || head == "route") =>
        {
            Some(route(&last.to_uppercase()))
        }
        "HandleFunc" | "Handle" | "MapGet" | "MapPost" | "MapControllerRoute" => Some(route("ANY")),
        "path" | "re_path" | "url" if call.name.starts_with("django.") => Some(route("ANY")),
        "get" | "post" | "put" | "patch" | "delete" | "match" | "resources" | "resource" | "root"
            if language.0 == "ruby" && call.receiver == Receiver::None =>
        {
            Some(
                route(if last.len() > 6 || matches!(last, "match" | "root") { "ANY" } else { last })
                    .replace("get ", "GET ")
                    .replace("post ", "POST "),
            )
        }
        _ => None,
    }
}
