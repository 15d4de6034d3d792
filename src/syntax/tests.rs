//! Small sources and the facts that they must give.

use super::extract;
use crate::facts::{Call, Context, FileFacts, KeepAll, Language, RefKind, Value};

fn facts(language: &'static str, text: &str) -> FileFacts {
    extract(Language(language), "a", text, &KeepAll)
}

fn call<'f>(facts: &'f FileFacts, name: &str) -> &'f Call {
    let names: Vec<&str> = facts.calls.iter().map(|c| c.name.as_str()).collect();
    facts.calls.iter().find(|c| c.name == name).unwrap_or_else(|| panic!("{name} not in {names:?}"))
}

fn context<'f>(facts: &'f FileFacts, text: &str) -> &'f Context {
    let found = facts.literals.iter().find(|l| l.value.template().as_deref() == Some(text));
    &found.unwrap_or_else(|| panic!("{text} not in {:?}", facts.literals)).context
}

fn refers(facts: &FileFacts, name: &str, kind: RefKind) -> bool {
    facts.references.iter().any(|r| r.name == name && r.kind == kind)
}

fn text(value: &Value) -> String {
    value.template().unwrap_or_else(|| panic!("no text: {value:?}"))
}

const JAVA: &str = r#"
package a.b;
import java.io.*;
import java.nio.file.Files;
import java.nio.file.Paths;
import org.x.Base;
/* breakbulk:ignore file-write because */
@Service("name")
public class Store extends Base implements Closeable {
    private static final String DIR = "/var/data";
    private final File root = new File(DIR + "/x");
    @Value("${a.b:http://h}") private String url;
    void save(String name, Helper h) throws IOException {
        Files.write(Paths.get(DIR, name), name.getBytes());
        root.delete();
        h.run();
        unknown.go();
        FileWriter w = new FileWriter("/tmp/" + name, true);
        BufferedWriter b = new BufferedWriter(new FileWriter(name));
        String host = System.getenv("DB_HOST");
        String p = System.getProperty("dir", "/srv");
        Paths.get("/a").toFile().mkdirs();
        other().mkdirs();
        mail.setHost("smtp.corp");
        if (name.equals("x") || name == "cmp") return;
        map.put("k", "v"); // not "code"
    }
    private File other() { return null; }
}
"#;

#[test]
fn java_calls_have_qualified_names_receivers_and_values() {
    let f = facts("java", JAVA);
    assert!(!f.partial);
    assert_eq!(f.namespace, "a.b");
    let write = call(&f, "java.nio.file.Files.write");
    assert_eq!(write.args.len(), 2);
    assert_eq!(write.args[0].type_name.as_deref(), Some("java.nio.file.Path"));
    let delete = call(&f, "File#delete");
    assert!(delete.also.iter().any(|n| n == "java.io.File#delete"), "{:?}", delete.also);
    assert!(
        matches!(&delete.receiver_value, Value::Call { construct: true, args, .. } if text(&args[0]) == "/var/data/x")
    );
    call(&f, "Helper#run");
    call(&f, "?#go");
    call(&f, "java.io.File#mkdirs");
    call(&f, "File#mkdirs");
    let inner = f.calls.iter().filter(|c| c.name == "FileWriter").nth(1).unwrap();
    assert_eq!(f.calls[inner.parent.unwrap() as usize].name, "BufferedWriter");
    assert_eq!(f.calls.iter().find(|c| c.name == "FileWriter").unwrap().assigned_to, "w");
}

#[test]
fn java_literals_have_contexts() {
    let f = facts("java", JAVA);
    assert!(matches!(context(&f, "/var/data"), Context::Assigned { name } if name == "DIR"));
    assert!(matches!(context(&f, "smtp.corp"), Context::Argument { callee, index: 0, .. } if callee == "?#setHost"));
    assert!(matches!(context(&f, "/srv"), Context::EnvDefault { name } if name == "dir"));
    assert!(matches!(context(&f, "cmp"), Context::Compared));
    assert!(matches!(context(&f, "v"), Context::Argument { index: 1, .. }));
    assert!(
        matches!(context(&f, "${a.b:http://h}"), Context::Annotation { name, element } if name == "Value" && element == "value")
    );
    assert!(f.literals.iter().all(|l| l.value.template().as_deref() != Some("code")));
    assert_eq!(f.pragmas.len(), 1);
    assert_eq!(f.pragmas[0].0, 7);
}

#[test]
fn java_references_and_definitions() {
    let f = facts("java", JAVA);
    assert!(refers(&f, "Base", RefKind::Inherit));
    assert!(refers(&f, "Closeable", RefKind::Inherit));
    assert!(refers(&f, "Helper", RefKind::Type));
    assert!(refers(&f, "Files", RefKind::Call));
    assert!(refers(&f, "File", RefKind::Create));
    assert!(refers(&f, "Service", RefKind::Annotation));
    assert_eq!(f.imports.len(), 4);
    let names: Vec<&str> = f.definitions.iter().map(|d| d.qualified.as_str()).collect();
    assert_eq!(
        names,
        ["a.b.Store", "a.b.Store.DIR", "a.b.Store.root", "a.b.Store.url", "a.b.Store.save", "a.b.Store.other"]
    );
    assert_eq!(text(&f.definitions[1].value), "/var/data");
}

#[test]
fn deep_nesting_does_not_overflow() {
    let source = format!("class A {{ int a = {}1{}; }}", "(".repeat(20_000), ")".repeat(20_000));
    facts("java", &source);
    let source = format!("class A {{ String a = {}\"b\"; }}", "\"a\" + ".repeat(5_000));
    facts("java", &source);
}

#[test]
fn php_names_values_and_contexts() {
    let f = facts(
        "php",
        r#"<?php
namespace App\Model;
use Monolog\Handler\StreamHandler;
use App\Lib\{Mailer, Store as S};
define('ROOT', '/r');
require_once __DIR__ . '/../x.php';
class User extends Base {
    use Loggable;
    const DIR = '/var/log';
    private $path = self::DIR . '/app.log';
    public function __construct(private Mailer $mailer, S $store) {
        $this->fs = new \Acme\Filesystem();
        $h = new StreamHandler($this->path);
        file_put_contents($this->path, "x {$y}", FILE_APPEND);
        $this->fs->delete('/a');
        $store->save();
        S::open('b'); unlink(ROOT . '/c');
        $mail->Host = 'smtp.corp';
        $config['db']['host'] = 'dbsrv01';
        $e = getenv('DB') ?: 'localhost';
        $this->load->model('catalog/product');
        $this->load->controller('common/header|index');
        $u = $_ENV['URL'] ?? 'http://h';
        return ['redis' => ['host' => 'cache-1', 'port' => 6379]];
    }
}
"#,
    );
    assert_eq!(f.namespace, "App.Model");
    let write = call(&f, "file_put_contents");
    assert_eq!(text(&write.args[0].value), "/var/log/app.log");
    call(&f, "Monolog.Handler.StreamHandler");
    call(&f, "Acme.Filesystem#delete");
    call(&f, "App.Lib.Store#save");
    call(&f, "App.Lib.Store.open");
    call(&f, "?#Host");
    assert_eq!(text(&call(&f, "unlink").args[0].value), "/r/c");
    assert!(matches!(context(&f, "dbsrv01"), Context::Keyed { path } if path == "config.db.host"));
    assert!(matches!(context(&f, "localhost"), Context::EnvDefault { name } if name == "DB"));
    assert!(matches!(context(&f, "http://h"), Context::EnvDefault { name } if name == "URL"));
    assert!(matches!(context(&f, "cache-1"), Context::Keyed { path } if path == "redis.host"));
    assert!(refers(&f, "Base", RefKind::Inherit));
    assert!(refers(&f, "Loggable", RefKind::Inherit));
    assert!(refers(&f, "S", RefKind::Call));
    assert!(refers(&f, "StreamHandler", RefKind::Create));
    assert!(refers(&f, "model/catalog/product", RefKind::Loader));
    assert!(refers(&f, "controller/common/header", RefKind::Loader));
    assert_eq!(f.imports.len(), 4);
    assert_eq!(f.imports[3].path, "{}/../x.php");
}

#[test]
fn python_names_values_and_contexts() {
    let f = facts(
        "python",
        r#"
"""Module docs: http://docs"""
import os, logging.handlers
from os import remove as rm
from pathlib import Path
from ..models import Order
if TYPE_CHECKING:
    from x import Y
BASE = "/srv"
CONF = {"db": {"host": "db1"}}
class Store(Order, metaclass=M):
    def __init__(self, root: Path):
        self.root = Path(BASE + "/d")
    def save(self, p: Path, name):
        rm("/tmp/x")
        os.makedirs(os.path.join(BASE, "a"), exist_ok=True)
        with open(p, "w") as f:
            f.write("x")
        self.root.write_text("y")
        p.unlink()
        (self.root / name).unlink()
        url = os.environ.get("URL", "http://dflt")
        other = os.environ["B"] or "alt"
        logging.handlers.RotatingFileHandler(filename="/var/log/a.log")
        print(f"http://{name}/x")
        host = conf.get("host") or "db9"
        [entry.rmdir() for entry in p.iterdir()]
"#,
    );
    call(&f, "os.remove");
    assert_eq!(call(&f, "os.makedirs").args[1].name.as_deref(), Some("exist_ok"));
    let open = call(&f, "open");
    assert_eq!(open.args[0].type_name.as_deref(), Some("pathlib.Path"));
    call(&f, "io.TextIOWrapper#write");
    call(&f, "pathlib.Path#write_text");
    assert_eq!(f.calls.iter().filter(|c| c.name == "pathlib.Path#unlink").count(), 2);
    call(&f, "logging.handlers.RotatingFileHandler");
    call(&f, "?#rmdir");
    assert!(matches!(context(&f, "http://dflt"), Context::EnvDefault { name } if name == "URL"));
    assert!(matches!(context(&f, "alt"), Context::EnvDefault { name } if name == "B"));
    assert!(matches!(context(&f, "db9"), Context::Default { .. }));
    assert!(matches!(context(&f, "db1"), Context::Keyed { path } if path == "CONF.db.host"));
    assert!(matches!(context(&f, "/var/log/a.log"), Context::Argument { name: Some(n), .. } if n == "filename"));
    context(&f, "http://{}/x");
    assert!(f.literals.iter().all(|l| !l.value.template().unwrap_or_default().contains("docs")));
    assert!(refers(&f, "Order", RefKind::Inherit));
    assert!(f.imports.iter().any(|i| i.path == "..models" && i.item.as_deref() == Some("Order")));
    assert!(f.imports.iter().any(|i| i.path == "x" && i.type_only));
    assert!(f.definitions.iter().any(|d| d.qualified == "BASE" && d.value == Value::Str("/srv".into())));
}

#[test]
fn javascript_names_values_and_contexts() {
    let f = facts(
        "javascript",
        r#"
'use strict';
import winston, { format as fmt } from 'winston';
export { a as b } from './lib';
const fs = require('node:fs');
const { writeFile, unlink: rm } = require('fs').promises;
const util = require('util');
const mk = util.promisify(fs.mkdir);
const local = require('./local');
const URL_ = process.env.API || 'http://api';
const cfg = { db: { host: 'db1', port: 5432 } };
class A extends local.Base {
  run(p) {
    fs.writeFileSync(`${p}/x.log`, 'd');
    fs.promises.rename('a', 'b');
    writeFile('c'); rm('d'); mk('e');
    new winston.transports.File({ filename: 'app.log' });
    fetch('http://svc:80/' + p);
    const s = fs.createWriteStream('f');
    s.write('g');
    local.go();
    import('./dyn'); files.forEach(x => x.remove());
    this.host = 'h1';
  }
}
"#,
    );
    assert_eq!(text(&call(&f, "fs.writeFileSync").args[0].value), "{}/x.log");
    for name in ["fs/promises.rename", "fs/promises.writeFile", "fs/promises.unlink", "fs.mkdir", "fetch", "?#remove"] {
        call(&f, name);
    }
    let file = call(&f, "winston.transports.File");
    assert!(matches!(&file.args[0].value, Value::Map(pairs) if pairs[0].0 == "filename"));
    call(&f, "fs.WriteStream#write");
    assert!(matches!(context(&f, "http://api"), Context::EnvDefault { name } if name == "API"));
    assert!(matches!(context(&f, "db1"), Context::Keyed { path } if path == "cfg.db.host"));
    assert!(matches!(context(&f, "h1"), Context::Assigned { name } if name == "host"));
    context(&f, "http://svc:80/{}");
    assert!(refers(&f, "local.Base", RefKind::Inherit));
    assert!(refers(&f, "local.go", RefKind::Call));
    for path in ["winston", "./lib", "node:fs", "./local", "./dyn"] {
        assert!(f.imports.iter().any(|i| i.path == path), "{path}: {:?}", f.imports);
    }
}

#[test]
fn typescript_types_of_parameters_and_members() {
    let f = facts(
        "typescript",
        r#"
import type { T } from './t';
import { Mailer } from './mailer';
export class Svc implements T {
  private url: string = 'http://u';
  constructor(private mailer: Mailer, x: T) { this.mailer.send('a'); mailer.send('b'); }
}
export enum E { A = 'a' }
"#,
    );
    assert!(!f.partial);
    assert!(f.imports[0].type_only);
    assert_eq!(f.calls.iter().filter(|c| c.name == "./mailer.Mailer#send").count(), 2, "{:?}", f.calls);
    assert!(matches!(context(&f, "http://u"), Context::Assigned { name } if name == "url"));
    assert!(refers(&f, "Mailer", RefKind::Type));
    assert!(refers(&f, "T", RefKind::Inherit));
}

/// Reads real sources where they are given: `BREAKBULK_CORPUS=<folder> cargo test -- --ignored`.
#[test]
#[ignore = "needs a folder of sources"]
fn corpus_does_not_panic() {
    let root = std::env::var("BREAKBULK_CORPUS").unwrap_or_default();
    let mut totals = std::collections::BTreeMap::new();
    for entry in walkdir::WalkDir::new(root).into_iter().flatten() {
        let path = entry.path().to_string_lossy().to_string();
        let ending = path.rsplit('.').next().unwrap_or("");
        let known = super::languages().iter().find(|l| l.patterns.iter().any(|p| p.strip_prefix("*.") == Some(ending)));
        let (Some(language), Ok(source)) = (known, std::fs::read_to_string(entry.path())) else { continue };
        if source.len() > 1_000_000 {
            continue;
        }
        let f = extract(Language(language.id), &path, &source, &KeepAll);
        let total = totals.entry(language.id).or_insert([0; 7]);
        let known = f.calls.iter().filter(|c| !c.name.starts_with('?')).count();
        let counts =
            [1, f.partial as usize, f.calls.len(), known, f.literals.len(), f.references.len(), f.imports.len()];
        for (sum, count) in total.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    println!("files partial calls named literals references imports\n{totals:#?}");
}

#[test]
fn the_module_path_of_go_is_an_entry() {
    let text = "// c\nmodule corp.io/shop\n\ngo 1.22\n\nrequire (\n\tgithub.com/x/y v1.0.0\n)\n";
    let f = extract(Language("directive"), "go.mod", text, &KeepAll);
    assert!(f.entries.iter().any(|e| e.key == "module" && e.value == "corp.io/shop"), "{:?}", f.entries);
    assert!(!f.partial);
    let directive = super::languages().iter().find(|one| one.id == "directive");
    assert!(directive.is_some_and(|one| one.patterns.iter().any(|pattern| pattern == "go.mod")));
}

#[test]
fn javascript_modules_before_import() {
    let f = facts(
        "javascript",
        "define('shop/cart', ['api', './row'], function (api, row) { api.get('/x'); row.draw(); });",
    );
    assert_eq!(f.namespace, "shop/cart");
    let imports: Vec<_> = f.imports.iter().map(|i| (i.path.as_str(), i.alias.as_deref())).collect();
    assert_eq!(imports, [("api", Some("api")), ("./row", Some("row"))]);
    assert!(refers(&f, "api.get", RefKind::Call), "{:?}", f.references);

    let f = facts(
        "javascript",
        "const db = require('../db');\nconst { a, b: c } = require('./m');\nrequire('./n')(db);\ndb.get(a, c);",
    );
    let imports: Vec<_> = f.imports.iter().map(|i| (i.path.as_str(), i.item.as_deref(), i.alias.as_deref())).collect();
    assert_eq!(
        imports,
        [("../db", None, Some("db")), ("./m", Some("a"), None), ("./m", Some("b"), Some("c")), ("./n", None, None)]
    );
    assert!(refers(&f, "db.get", RefKind::Call), "{:?}", f.references);
}

#[test]
fn generated_files_are_told_from_files_that_speak_of_generating() {
    let generated = |comment: &str| facts("java", &format!("/* {comment} */ class A {{}}")).generated;
    assert!(generated("Code generated by protoc. DO NOT EDIT."));
    assert!(generated("Generated by the ANTLR tool"));
    assert!(generated("This class was automatically generated by wsimport"));
    assert!(!generated("TODO Auto-generated method stub"));
    assert!(!generated("Reads the price of a random stock (generated by TradeConfig)"));
}
