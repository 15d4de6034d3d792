//! The invariants of ARCHITECTURE.md that a machine can check: who may import what, how long a file is, what it says first.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::Visit;

/// Longest hand-written source file, in lines.
const MAX_LINES: usize = 600;

/// Which folder may use which other folders of the crate. `text` and `facts` know nobody.
const ARROWS: &[(&str, &[&str])] = &[
    ("facts", &[]),
    ("text", &["assets"]),
    ("assets", &[]),
    ("config", &["text"]),
    ("walk", &["facts", "assets", "syntax", "git", "analysis"]),
    ("syntax", &["facts", "assets"]),
    // `graph` owns the vocabulary of edges that `resolve` hands over.
    ("resolve", &["facts", "graph"]),
    ("rules", &["facts", "assets", "text"]),
    ("git", &["facts"]),
    ("graph", &["facts", "git", "resolve"]),
    ("split", &["facts", "assets", "git", "graph", "rules", "text"]),
    ("principles", &["facts", "assets", "git", "graph", "rules", "split", "text", "analysis"]),
    ("checks", &["assets", "facts", "git", "graph", "rules"]),
    ("plan", &["facts", "assets", "git", "graph", "rules", "split", "principles", "text", "analysis"]),
    (
        "analysis",
        &["checks", "facts", "git", "graph", "plan", "principles", "resolve", "rules", "split", "syntax", "walk"],
    ),
    ("report", &["analysis", "assets", "facts", "git", "graph", "plan", "principles", "rules", "split", "text"]),
    (
        "tui",
        &[
            "analysis",
            "assets",
            "facts",
            "git",
            "graph",
            "plan",
            "principles",
            "report",
            "rules",
            "split",
            "syntax",
            "text",
            "walk",
        ],
    ),
];

/// Crates that one folder alone may name.
const CRATES: &[(&str, &[&str])] = &[
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
    ("nucleo_matcher", &["tui"]),
    ("terminal_colorsaurus", &["tui"]),
    ("tree_sitter", &["syntax"]),
    ("syn", &["syntax"]),
    ("proc_macro2", &["syntax"]),
    ("git2", &["git"]),
    ("walkdir", &["walk"]),
    ("ignore", &["walk"]),
    ("encoding_rs", &["walk"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("tracing_subscriber", &["cli"]),
    ("rayon", &["analysis"]),
    ("minijinja", &["report"]),
    ("sha2", &["report"]),
    ("base64", &["report"]),
    ("serde_json", &["report"]),
];

/// Folders that do no input or output and read neither clock nor environment.
const PURE: &[&str] =
    &["facts", "text", "syntax", "resolve", "rules", "graph", "split", "principles", "plan", "report", "checks"];

/// What pure folders may not name.
const IMPURE: &[&[&str]] = &[
    &["std", "fs"],
    &["std", "env"],
    &["std", "process"],
    &["std", "net", "TcpStream"],
    &["std", "net", "TcpListener"],
    &["std", "net", "UdpSocket"],
    &["std", "net", "ToSocketAddrs"],
    &["std", "time", "SystemTime"],
    &["std", "time", "Instant"],
    &["std", "thread", "sleep"],
];

struct Source {
    /// The first folder below `src`, or the file's stem.
    folder: String,
    path: PathBuf,
    text: String,
    paths: Vec<(Vec<String>, bool)>,
}

/// Collects every path of a file: uses flattened, expressions and types as written; the flag says "inside tests".
#[derive(Default)]
struct Paths {
    found: Vec<(Vec<String>, bool)>,
    in_tests: bool,
}

impl Paths {
    fn tree(&mut self, prefix: &[String], tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => {
                let mut prefix = prefix.to_vec();
                prefix.push(path.ident.to_string());
                self.tree(&prefix, &path.tree);
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(prefix, item)),
            syn::UseTree::Name(name) => self.leaf(prefix, Some(name.ident.to_string())),
            syn::UseTree::Rename(name) => self.leaf(prefix, Some(name.ident.to_string())),
            _ => self.leaf(prefix, None),
        }
    }

    fn leaf(&mut self, prefix: &[String], last: Option<String>) {
        let path = prefix.iter().cloned().chain(last).collect();
        self.found.push((path, self.in_tests));
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            self.found.push((path.segments.iter().map(|part| part.ident.to_string()).collect(), self.in_tests));
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let before = self.in_tests;
        self.in_tests |= is_test(&item.attrs);
        syn::visit::visit_item_mod(self, item);
        self.in_tests = before;
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string().contains("test"),
        _ => false,
    })
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let relative = path.strip_prefix(&root).unwrap().to_path_buf();
            let first = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
            let mut paths = Paths { in_tests: relative.ends_with("tests.rs"), ..Paths::default() };
            paths.visit_file(&syn::parse_file(&text).unwrap());
            Source { folder: first.trim_end_matches(".rs").to_string(), path: relative, text, paths: paths.found }
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn folders_import_only_along_the_arrows() {
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(allowed) = arrows.get(source.folder.as_str()) else { continue };
        for (path, in_tests) in &source.paths {
            if let [first, second, ..] = path.as_slice()
                && first == "crate"
                && !in_tests
                && *second != source.folder
                && !allowed.contains(&second.as_str())
            {
                wrong.push(format!("{}: {}", source.path.display(), path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "imports against the arrows:\n{}", wrong.join("\n"));
}

#[test]
fn each_outer_crate_has_its_folder() {
    let crates: BTreeMap<&str, &[&str]> = CRATES.iter().copied().collect();
    let mut wrong = Vec::new();
    for source in sources() {
        for (path, in_tests) in &source.paths {
            let first = path.first().map(String::as_str).unwrap_or_default();
            let name = if first.starts_with("tree_sitter") { "tree_sitter" } else { first };
            if let Some(folders) = crates.get(name)
                && !in_tests
                && !folders.contains(&source.folder.as_str())
            {
                wrong.push(format!("{}: {}", source.path.display(), path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "crates outside their folder:\n{}", wrong.join("\n"));
}

#[test]
fn pure_folders_touch_nothing_outside() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| PURE.contains(&source.folder.as_str())) {
        for (path, in_tests) in &source.paths {
            let impure = IMPURE.iter().any(|start| {
                path.len() >= start.len() && start.iter().zip(path).all(|(known, found)| *known == found.as_str())
            });
            if impure && !in_tests {
                wrong.push(format!("{}: {}", source.path.display(), path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "input, output, clock or environment in pure folders:\n{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for_and_stays_short() {
    let mut wrong = Vec::new();
    for source in sources() {
        if !source.text.starts_with("//!") {
            wrong.push(format!("{}: does not start with //!", source.path.display()));
        }
        let lines = source.text.lines().count();
        if lines > MAX_LINES {
            wrong.push(format!("{}: {lines} lines", source.path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_map_of_architecture_md_says_what_the_folders_say() {
    let map = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.path.ends_with("mod.rs") && source.path.iter().count() == 2) {
        let first = source.text.lines().next().unwrap_or_default().trim_start_matches("//!").trim();
        if !map.contains(&format!("| `{}` | {first} |", source.folder)) {
            wrong.push(format!("| `{}` | {first} |", source.folder));
        }
    }
    assert!(wrong.is_empty(), "lines missing in ARCHITECTURE.md:\n{}", wrong.join("\n"));
}
