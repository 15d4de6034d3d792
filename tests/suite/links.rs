//! From source text to dependencies: what the languages' extractors say, put together by `resolve` and `graph`.

use breakbulk::facts::{FileFacts, KeepAll, Language, Scope, SourceFile};
use breakbulk::{graph, resolve, syntax};

/// The edges between files given as (language, path, text), and the same summed up by modules.
fn edges(sources: &[(&'static str, &str, &str)]) -> Vec<String> {
    let files: Vec<SourceFile> = sources
        .iter()
        .map(|(language, path, text)| SourceFile {
            path: (*path).into(),
            language: Some(Language(language)),
            is_code: !matches!(*language, "json" | "toml"),
            scope: Scope::Main,
            bytes: text.len() as u64,
            lines: 1,
        })
        .collect();
    let facts: Vec<FileFacts> = sources
        .iter()
        .map(|(language, path, text)| syntax::extract(Language(language), path, text, &KeepAll))
        .collect();
    let graph = graph::build(&files, resolve::link(&files, &facts), Vec::new());
    assert_eq!(graph.module_of.len(), files.len());
    graph
        .edges
        .iter()
        .map(|edge| format!("{} > {}", files[edge.from.index()].path, files[edge.to.index()].path))
        .collect()
}

#[test]
fn java_text() {
    let found = edges(&[
        (
            "java",
            "a/Order.java",
            "package a;\nimport b.*;\nimport java.util.List;\nimport static c.Money.round;\n// uses Ghost\nclass Order extends Base { List<Item> items; int sum() { String s = \"Ghost\"; return round(Tax.of(1)); } }\n",
        ),
        ("java", "a/Tax.java", "package a;\nclass Tax { static int of(int x) { return x; } }\n"),
        ("java", "b/Base.java", "package b;\npublic class Base {}\n"),
        ("java", "b/Ghost.java", "package b;\npublic class Ghost {}\n"),
        ("java", "b/Item.java", "package b;\npublic class Item {}\n"),
        ("java", "c/Money.java", "package c;\npublic class Money { public static int round(int x) { return x; } }\n"),
    ]);
    assert_eq!(
        found,
        [
            "a/Order.java > a/Tax.java",
            "a/Order.java > b/Base.java",
            "a/Order.java > b/Item.java",
            "a/Order.java > c/Money.java"
        ]
    );
}

#[test]
fn rust_text() {
    let found = edges(&[
        ("toml", "core/Cargo.toml", "[package]\nname = \"shop-core\"\n"),
        ("rust", "core/src/lib.rs", "pub mod cart;\npub use cart::Cart;\n"),
        (
            "rust",
            "core/src/cart.rs",
            "use crate::cart::tax::rate;\nmod tax;\npub struct Cart;\nimpl Cart { pub fn sum(&self) -> u32 { rate() } }\n",
        ),
        ("rust", "core/src/cart/tax.rs", "pub fn rate() -> u32 { 19 }\n"),
        ("toml", "web/Cargo.toml", "[package]\nname = \"web\"\n"),
        ("rust", "web/src/main.rs", "use shop_core::Cart;\nfn main() { let c = Cart; println!(\"{}\", c.sum()); }\n"),
    ]);
    assert_eq!(
        found,
        [
            "core/src/lib.rs > core/src/cart.rs",
            "core/src/cart.rs > core/src/cart/tax.rs",
            "web/src/main.rs > core/src/cart.rs",
        ]
    );
}
