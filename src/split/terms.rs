//! Domain terms: what the files of a candidate are about, from file, folder, class and table names.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::facts::Name;

/// Words that name a layer, a technology or a folder convention instead of a part of the business.
const LAYER_WORDS: &[&str] = &[
    "abstract",
    "action",
    "actions",
    "adapter",
    "add",
    "added",
    "additional",
    "admin",
    "advice",
    "ajax",
    "all",
    "alter",
    "and",
    "annotation",
    "api",
    "app",
    "application",
    "apply",
    "apps",
    "arg",
    "args",
    "argument",
    "array",
    "asgi",
    "aspect",
    "asset",
    "assets",
    "async",
    "attr",
    "attribute",
    "auto",
    "base",
    "bean",
    "bin",
    "blank",
    "bool",
    "boolean",
    "buffer",
    "builder",
    "bulk",
    "bundle",
    "bundles",
    "button",
    "callback",
    "changed",
    "check",
    "class",
    "classes",
    "clean",
    "cleaner",
    "cleaners",
    "cleanup",
    "clear",
    "client",
    "close",
    "cmd",
    "collection",
    "column",
    "com",
    "command",
    "common",
    "component",
    "components",
    "concern",
    "concerns",
    "conf",
    "config",
    "configuration",
    "console",
    "constant",
    "constants",
    "content",
    "context",
    "controller",
    "controllers",
    "convert",
    "converter",
    "copy",
    "core",
    "count",
    "create",
    "created",
    "creator",
    "crud",
    "css",
    "csv",
    "ctrl",
    "custom",
    "dao",
    "data",
    "database",
    "datepicker",
    "datetime",
    "decorator",
    "def",
    "default",
    "defined",
    "definition",
    "delete",
    "deleted",
    "dependency",
    "descriptor",
    "detail",
    "detailed",
    "dialog",
    "directive",
    "dispatch",
    "dispatcher",
    "display",
    "dom",
    "dropdown",
    "dto",
    "dtos",
    "dynamic",
    "edit",
    "element",
    "empty",
    "enable",
    "enabled",
    "encoder",
    "engine",
    "entities",
    "entity",
    "enum",
    "enums",
    "env",
    "environment",
    "err",
    "error",
    "event",
    "exception",
    "exceptions",
    "execute",
    "executor",
    "exist",
    "ext",
    "extension",
    "extensions",
    "extra",
    "factory",
    "fetch",
    "fetcher",
    "field",
    "fields",
    "file",
    "files",
    "filter",
    "find",
    "finder",
    "flag",
    "footer",
    "for",
    "form",
    "format",
    "formatter",
    "forms",
    "framework",
    "from",
    "func",
    "function",
    "functions",
    "general",
    "generic",
    "get",
    "getter",
    "global",
    "gui",
    "handler",
    "handlers",
    "header",
    "headers",
    "helper",
    "helpers",
    "hibernate",
    "hook",
    "hooks",
    "html",
    "http",
    "icon",
    "identifier",
    "impl",
    "inc",
    "include",
    "includes",
    "index",
    "inf",
    "info",
    "init",
    "initial",
    "initializer",
    "inner",
    "input",
    "instance",
    "integer",
    "interface",
    "interfaces",
    "internal",
    "into",
    "invalid",
    "item",
    "items",
    "iterator",
    "java",
    "javascript",
    "job",
    "jobs",
    "jpa",
    "jquery",
    "json",
    "jsp",
    "jsps",
    "key",
    "kotlin",
    "label",
    "layer",
    "layout",
    "lazy",
    "length",
    "lib",
    "libs",
    "lifecycle",
    "list",
    "listener",
    "load",
    "loader",
    "local",
    "locale",
    "locales",
    "localization",
    "log",
    "logger",
    "logging",
    "lookup",
    "main",
    "maker",
    "manager",
    "managers",
    "map",
    "mapper",
    "master",
    "meta",
    "metadata",
    "method",
    "middleware",
    "migration",
    "migrations",
    "misc",
    "mixin",
    "mixins",
    "mod",
    "modal",
    "mode",
    "model",
    "models",
    "module",
    "modules",
    "mutation",
    "mysql",
    "name",
    "navigation",
    "new",
    "node",
    "not",
    "null",
    "number",
    "object",
    "objects",
    "open",
    "operation",
    "operator",
    "option",
    "org",
    "orm",
    "output",
    "package",
    "packages",
    "page",
    "pager",
    "pages",
    "panel",
    "param",
    "parameter",
    "parse",
    "parser",
    "partial",
    "patch",
    "path",
    "php",
    "pkg",
    "plugin",
    "plugins",
    "pool",
    "popup",
    "postgre",
    "postgres",
    "postgresql",
    "presenter",
    "print",
    "private",
    "problem",
    "processor",
    "prop",
    "property",
    "provider",
    "providers",
    "public",
    "put",
    "python",
    "query",
    "react",
    "read",
    "reader",
    "record",
    "ref",
    "reference",
    "refresh",
    "regex",
    "related",
    "remove",
    "removed",
    "rename",
    "render",
    "renderer",
    "repo",
    "repositories",
    "repository",
    "request",
    "reset",
    "resolver",
    "resource",
    "resources",
    "response",
    "rest",
    "result",
    "root",
    "route",
    "router",
    "routes",
    "routing",
    "ruby",
    "run",
    "runner",
    "runtime",
    "rust",
    "sample",
    "save",
    "saved",
    "scheduled",
    "schema",
    "scripts",
    "scss",
    "selection",
    "selector",
    "serializer",
    "serializers",
    "server",
    "service",
    "services",
    "servlet",
    "set",
    "setting",
    "settings",
    "setup",
    "shared",
    "show",
    "simple",
    "singleton",
    "site",
    "sort",
    "spec",
    "spring",
    "sql",
    "src",
    "start",
    "startup",
    "state",
    "static",
    "status",
    "stop",
    "store",
    "strategy",
    "string",
    "struct",
    "strut",
    "stub",
    "stuff",
    "style",
    "sub",
    "support",
    "system",
    "tab",
    "table",
    "tabs",
    "tag",
    "task",
    "tasks",
    "temp",
    "template",
    "templates",
    "test",
    "tests",
    "text",
    "the",
    "thread",
    "tile",
    "tiles",
    "tmp",
    "tool",
    "tools",
    "trait",
    "transform",
    "transformer",
    "type",
    "types",
    "typescript",
    "update",
    "updated",
    "updater",
    "url",
    "use",
    "using",
    "util",
    "utilities",
    "utility",
    "utils",
    "valid",
    "validate",
    "validation",
    "validator",
    "validators",
    "value",
    "var",
    "variable",
    "vendor",
    "version",
    "view",
    "views",
    "vue",
    "web",
    "webapp",
    "where",
    "widget",
    "with",
    "without",
    "worker",
    "wrapper",
    "write",
    "writer",
    "www",
    "xml",
    "yaml",
    "yml",
];

/// Splits names into lower-case words: `OrderItem`, `order_item`, `HTMLReport`, plural `s` removed, layer words dropped.
#[must_use]
pub fn words(text: &str) -> Vec<Name> {
    let mut found = Vec::new();
    for part in text.split(|c: char| !c.is_alphabetic()) {
        let chars: Vec<char> = part.chars().collect();
        let mut start = 0;
        for index in 1..=chars.len() {
            let ends = index == chars.len()
                || (chars[index].is_uppercase()
                    && (chars[index - 1].is_lowercase()
                        || chars.get(index + 1).is_some_and(|next| next.is_lowercase())));
            if ends {
                let word: String = chars[start..index].iter().flat_map(|c| c.to_lowercase()).collect();
                start = index;
                if let Some(word) = telling(&word) {
                    found.push(word);
                }
            }
        }
    }
    found
}

/// The word in its singular, unless it is too short or names a layer.
fn telling(word: &str) -> Option<Name> {
    if word.chars().count() < 3 || is_layer(word) {
        return None;
    }
    let single = if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        format!("{stem}y")
    } else if word.len() > 3 && word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)) {
        word[..word.len() - 1].to_owned()
    } else {
        word.to_owned()
    };
    (!is_layer(&single)).then(|| Name::from(single))
}

fn is_layer(word: &str) -> bool {
    LAYER_WORDS.binary_search(&word).is_ok()
}

/// The words of one file: of its own name and its definitions twice, of its folders once. Sorted, with weights.
#[must_use]
pub fn of_file(path: &str, names: &[Name], tables: &[&Name]) -> Vec<(Name, u32)> {
    let mut weights: BTreeMap<Name, u32> = BTreeMap::new();
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.split('.').next().unwrap_or(file);
    for word in words(stem) {
        weights.insert(word, 2);
    }
    // the first names are the top-level definitions; more than a few only repeat the file
    for name in names.iter().take(8).map(Name::as_str).chain(tables.iter().take(8).map(|table| table.as_str())) {
        for word in words(name) {
            weights.insert(word, 2);
        }
    }
    for word in words(folder) {
        weights.entry(word).or_insert(1);
    }
    weights.into_iter().collect()
}

/// The most telling terms of each group, best first: TF-IDF, groups being the documents.
///
/// tf is the weight of the term over the number of files of the group; idf is `ln((1 + groups) / groups with the term)`,
/// where a group has the term when at least a tenth of its files do.
#[must_use]
pub fn telling_terms(files: &[Vec<(Name, u32)>], groups: &[Vec<u32>], keep: usize) -> Vec<Vec<Name>> {
    let mut frequency: FxHashMap<&Name, u32> = FxHashMap::default();
    let mut counted: Vec<BTreeMap<&Name, (u32, u32)>> = Vec::with_capacity(groups.len());
    for group in groups {
        let mut counts: BTreeMap<&Name, (u32, u32)> = BTreeMap::new();
        for &file in group {
            for (word, weight) in &files[file as usize] {
                let slot = counts.entry(word).or_default();
                slot.0 += weight;
                slot.1 += 1;
            }
        }
        for (word, (_, uses)) in &counts {
            if *uses as usize * 10 >= group.len() {
                *frequency.entry(word).or_default() += 1;
            }
        }
        counted.push(counts);
    }
    let total = groups.len() as f64;
    counted
        .iter()
        .zip(groups)
        .map(|(counts, group)| {
            let mut scored: Vec<(f64, &Name)> = counts
                .iter()
                .map(|(word, (weight, _))| {
                    let idf = ((1.0 + total) / f64::from(*frequency.get(word).unwrap_or(&1))).ln();
                    (f64::from(*weight) / group.len().max(1) as f64 * idf, *word)
                })
                .collect();
            scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
            scored.into_iter().take(keep).map(|(_, word)| word.clone()).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{LAYER_WORDS, of_file, telling_terms, words};

    #[test]
    fn splits_names_and_drops_layers() {
        assert_eq!(words("OrderItemController"), ["order"]);
        assert_eq!(words("HTMLReports_categories"), ["report", "category"]);
        assert_eq!(words("billing_address2"), ["billing", "address"]);
        assert_eq!(words("WEB-INF/jsps/CreateInvoiceOptions"), ["invoice"]);
        assert!(LAYER_WORDS.is_sorted());
    }

    #[test]
    fn terms_that_every_group_has_come_last() {
        let files: Vec<_> = ["acme/order/Order.java", "acme/order/Cart.java", "acme/bill/Bill.java"]
            .iter()
            .map(|path| of_file(path, &[], &[]))
            .collect();
        let terms = telling_terms(&files, &[vec![0, 1], vec![2]], 3);
        assert_eq!(terms[0][0], "order");
        assert_eq!(terms[1][0], "bill");
        assert_eq!(terms[1][1], "acme");
    }
}
