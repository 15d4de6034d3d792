//! What this stage wants the extractors to keep: names of calls and keys of literals that name tables and entry points.

use crate::facts::Language;

/// Annotations and calls that declare tables or entry points, in any language.
const CALLS: &[&str] = &[
    "ApiController",
    "CollectionTable",
    "Command",
    "Cron",
    "Delete",
    "DeleteMapping",
    "Document",
    "Entity",
    "EventPattern",
    "Get",
    "GetMapping",
    "Handle",
    "HandleFunc",
    "HttpDelete",
    "HttpGet",
    "HttpPatch",
    "HttpPost",
    "HttpPut",
    "JmsListener",
    "JoinTable",
    "KafkaListener",
    "MapControllerRoute",
    "MapGet",
    "MapPost",
    "MessagePattern",
    "Patch",
    "PatchMapping",
    "Path",
    "Post",
    "PostMapping",
    "Put",
    "PutMapping",
    "RabbitListener",
    "RequestMapping",
    "Route",
    "Scheduled",
    "SqsListener",
    "Table",
    "ToTable",
    "WebServlet",
    "add_column",
    "add_index",
    "api_view",
    "collection",
    "create_table",
    "define",
    "diesel",
    "drop_table",
    "knex",
    "periodic_task",
    "re_path",
    "rename_table",
    "route",
    "shared_task",
    "table",
    "table_name",
];

/// Names that are common for other things: asked for only in the languages whose routers and builders use them.
const ROUTER_CALLS: &[&str] = &[
    "DELETE",
    "GET",
    "PATCH",
    "POST",
    "PUT",
    "all",
    "any",
    "create",
    "delete",
    "get",
    "match",
    "model",
    "patch",
    "path",
    "post",
    "put",
    "resource",
    "resources",
    "root",
    "task",
    "url",
];

/// Keys whose literals name a table.
const KEYS: &[&str] = &["TableName", "__tablename__", "db_table", "table", "tableName", "table_name"];

/// True when a call, construction or annotation with this last name segment may declare a table or an entry point.
#[must_use]
pub fn wants_call(language: Language, last_segment: &str) -> bool {
    CALLS.binary_search(&last_segment).is_ok()
        || super::bridges::wants(last_segment)
        || (!matches!(language.0, "java" | "csharp" | "rust") && ROUTER_CALLS.binary_search(&last_segment).is_ok())
}

/// True when the literal below this key may name a table.
#[must_use]
pub fn wants_literal(key: &str) -> bool {
    KEYS.binary_search(&key.trim_start_matches('$')).is_ok()
}

/// True for files whose settings say how names find files: kept until all files are linked.
#[must_use]
pub fn needs_entries(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let script = name.ends_with(".json") && (name.starts_with("tsconfig") || name.starts_with("jsconfig"));
    script || matches!(name, "package.json" | "composer.json" | "Cargo.toml" | "go.mod" | "pom.xml")
}

#[cfg(test)]
mod tests {
    use super::{CALLS, KEYS, ROUTER_CALLS};

    #[test]
    fn the_tables_are_sorted_for_the_search() {
        for table in [CALLS, ROUTER_CALLS, KEYS] {
            assert!(table.is_sorted(), "{table:?}");
        }
    }
}
