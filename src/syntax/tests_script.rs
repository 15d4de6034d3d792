//! JavaScript and TypeScript: small sources and the facts that they must give.

use super::extract;
use crate::facts::{Call, CallKind, Context, DefinitionKind, FileFacts, ImportKind, KeepAll, Language, RefKind, Value};

fn facts(language: &'static str, path: &str, text: &str) -> FileFacts {
    extract(Language(language), path, text, &KeepAll)
}

fn js(text: &str) -> FileFacts {
    facts("javascript", "a.js", text)
}

fn ts(text: &str) -> FileFacts {
    facts("typescript", "a.ts", text)
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

fn names(facts: &FileFacts) -> Vec<(&str, DefinitionKind)> {
    facts.definitions.iter().map(|d| (d.name.as_str(), d.kind)).collect()
}

#[test]
fn modules_under_other_names_keep_their_own() {
    let f = js(r#"
import winston from 'winston';
import { writeFile as wf } from 'node:fs/promises';
const { transports, Logger } = winston;
const fs = require('fs'), fsp = require('fs').promises, p = fs.promises;
const util = require('util');
const mk = util.promisify(fs.mkdir), rm = fs.unlink.bind(fs);
const sqlite3 = require('sqlite3').verbose();
const FileStore = require('session-file-store')(session);
const { File } = require('winston').transports;
const Daily = require('winston-daily-rotate-file');
const dflt = require('mkdirp').default;
async function run(files) {
  await wf('a'); fsp.rename('a', 'b'); p.unlink('c'); mk('d'); rm('e');
  new transports.File({ filename: 'x' }); new File({}); new Daily({});
  new sqlite3.Database('f'); new FileStore({ path: 'g' });
  require('mkdirp')('h'); dflt('i');
  require('graceful-fs').writeFileSync('j');
  (await import('fs-extra')).outputFile('k');
  window.fetch('l');
  const { appendFile: af } = require('fs');
  af('m');
  files.forEach(file => file.mv('n'));
}
"#);
    assert!(!f.partial);
    for name in [
        "fs/promises.writeFile",
        "fs/promises.rename",
        "fs/promises.unlink",
        "fs.mkdir",
        "fs.unlink",
        "winston.transports.File",
        "winston-daily-rotate-file",
        "sqlite3.Database",
        "session-file-store",
        "mkdirp",
        "graceful-fs.writeFileSync",
        "fs-extra.outputFile",
        "fetch",
        "fs.appendFile",
        "?#mv",
    ] {
        call(&f, name);
    }
    assert_eq!(f.calls.iter().filter(|c| c.name == "winston.transports.File").count(), 2);
    assert_eq!(f.calls.iter().filter(|c| c.name == "mkdirp").count(), 2);
    assert_eq!(call(&f, "session-file-store").kind, CallKind::Call);
    assert!(f.calls.iter().any(|c| c.name == "session-file-store" && c.kind == CallKind::Construct));
}

#[test]
fn parameters_hide_modules_of_the_same_name() {
    let f =
        js("const fs = require('fs');\nfunction a(fs) { fs.unlink('a'); }\nfunction b({ fs }) { fs.rename('b'); }\n\
                const c = fs => fs.mkdir('c');\ntry {} catch (fs) { fs.rmdir('d'); }");
    for name in ["?#unlink", "?#rename", "?#mkdir"] {
        call(&f, name);
    }
}

#[test]
fn imports_carry_what_they_bind() {
    let f = js(r#"
import a, { b as c, default as d } from './m';
import * as ns from './n';
import './side';
export * from './all';
export * as grouped from './group';
export { x as y } from './named';
const one = require('./one');
const { two, three: drei } = require('./two');
const four = require('./four').part;
module.exports = require('./handed');
exports.lib = require('./lib');
require(__dirname + '/own'); require('path').join('x');
const load = () => import('./lazy');
"#);
    let of = |path: &str| -> Vec<(Option<&str>, Option<&str>, ImportKind)> {
        let found = f.imports.iter().filter(|i| i.path == path);
        found.map(|i| (i.item.as_deref(), i.alias.as_deref(), i.kind)).collect()
    };
    use ImportKind::{File, Name, ReExport};
    assert_eq!(
        of("./m"),
        [(Some("default"), Some("a"), Name), (Some("b"), Some("c"), Name), (Some("default"), Some("d"), Name)]
    );
    assert_eq!(of("./n"), [(None, Some("ns"), Name)]);
    assert_eq!(of("./side"), [(None, None, Name)]);
    assert_eq!(of("./all"), [(None, None, ReExport)]);
    assert_eq!(of("./group"), [(Some("*"), Some("grouped"), ReExport)]);
    assert_eq!(of("./named"), [(Some("x"), Some("y"), ReExport)]);
    assert_eq!(of("./one"), [(None, Some("one"), File)]);
    assert_eq!(of("./two"), [(Some("two"), None, File), (Some("three"), Some("drei"), File)]);
    assert_eq!(of("./four"), [(Some("part"), Some("four"), File)]);
    assert_eq!(of("./handed"), [(None, None, ReExport)]);
    assert_eq!(of("./lib"), [(None, Some("lib"), ReExport)]);
    assert_eq!(of("{}/own").len(), 1);
    assert_eq!(of("path"), [(Some("join"), None, Name)]);
    assert_eq!(of("./lazy"), [(None, None, File)]);
}

#[test]
fn values_of_objects_and_the_environment() {
    let f = js(r#"
const { DB_HOST = 'db9', PORT } = process.env;
const base = { dir: '/srv', log: { file: '/var/log/a.log' } };
const dir = process.env['DIR'] ?? '/data';
const filename = '/tmp/x';
use({ filename, host: DB_HOST, port: PORT, ...base });
use(base.log.file, dir, `${base.dir}/y`);
function f({ host = 'localhost' }, port = 'p1') {}
const { 'cache-key': hash, hostname } = await emit('meta.done');
"#);
    let args: Vec<&Value> =
        f.calls.iter().filter(|c| c.name == "use").flat_map(|c| c.args.iter().map(|a| &a.value)).collect();
    let Value::Map(entries) = args[0] else { panic!("{args:?}") };
    let entry = |key: &str| entries.iter().find(|(k, _)| k == key).map(|(_, v)| v);
    assert_eq!(entry("filename").and_then(Value::as_str), Some("/tmp/x"));
    assert!(
        matches!(entry("host"), Some(Value::Env { name, default: Some(d) }) if name == "DB_HOST" && d.as_str() == Some("db9"))
    );
    assert!(matches!(entry("port"), Some(Value::Env { name, default: None }) if name == "PORT"));
    assert_eq!(entry("dir").and_then(Value::as_str), Some("/srv"));
    assert_eq!(args[1].as_str(), Some("/var/log/a.log"));
    assert!(matches!(args[2], Value::Env { name, default: Some(_) } if name == "DIR"));
    assert_eq!(args[3].as_str(), Some("/srv/y"));
    assert!(matches!(context(&f, "db9"), Context::EnvDefault { name } if name == "DB_HOST"));
    assert!(matches!(context(&f, "/data"), Context::EnvDefault { name } if name == "DIR"));
    assert!(
        matches!(context(&f, "localhost"), Context::Default { of } if of == "host"),
        "{:?}",
        context(&f, "localhost")
    );
    assert!(matches!(context(&f, "cache-key"), Context::Compared));
    assert!(matches!(context(&f, "meta.done"), Context::Argument { callee, .. } if callee == "emit"));
    assert!(matches!(context(&f, "p1"), Context::Assigned { name } if name == "port"));
}

#[test]
fn closures_are_defined_under_the_name_they_are_given() {
    let f = js(r#"
const helper = () => 1;
class A { #secret() {} handler = async () => { go('a'); } }
module.exports = function (Topics) { Topics.create = async function (data) { go('b'); }; };
module.exports.list = { find: () => 2, all() {} };
list.forEach(function (x) { const inner = () => 3; });
"#);
    use DefinitionKind::{Class, Function, Method};
    assert_eq!(
        names(&f),
        [
            ("helper", Function),
            ("A", Class),
            ("#secret", Method),
            ("handler", Method),
            ("create", Function),
            ("find", Method),
            ("all", Method)
        ]
    );
    let inside = |arg: &str| {
        let call = f.calls.iter().find(|c| c.args.first().is_some_and(|a| a.value.as_str() == Some(arg))).unwrap();
        f.definitions[call.inside.unwrap() as usize].name.as_str()
    };
    assert_eq!((inside("a"), inside("b")), ("handler", "create"));
    let private = |name: &str| f.definitions.iter().find(|d| d.name == name).unwrap().private;
    assert!(private("helper") && private("#secret") && !private("create"));
}

#[test]
fn types_of_typescript() {
    let f = ts(r#"
import type { Opts } from './opts';
import { type Kind, Repo } from './repo';
import { Page } from 'puppeteer';
import cfg = require('./cfg');
import { Controller, Get } from '@nestjs/common';
@Controller('/items')
export class Items extends Base<Opts> implements Kind {
  constructor(private readonly repo: Repo<Kind>, page?: Page | null) { page.pdf({ path: 'a' }); }
  @Get('/list') async list(q: string): Promise<Repo> { this.repo.find(q); const r = await this.load(); r.drop(); }
  private load(): Promise<Repo> { return cfg.load('x') as any; }
}
export interface Shape { area(x: Opts): void }
export type Id = string | number;
export const enum Level { Low = 'low' }
type Fn = (url: Page) => void;
declare function outer(f: Fn): void;
export abstract class Abs<T> { protected abstract run(t: T): void; }
"#);
    assert!(!f.partial);
    for name in ["puppeteer.Page#pdf", "./repo.Repo#find", "./repo.Repo#drop", "./cfg.load"] {
        call(&f, name);
    }
    let get = f.calls.iter().find(|c| c.kind == CallKind::Annotation && c.name == "@nestjs/common.Get");
    assert_eq!(get.and_then(|c| c.args.first()).and_then(|a| a.value.as_str()), Some("/list"));
    assert!(refers(&f, "Kind", RefKind::Inherit) && refers(&f, "Repo", RefKind::Type));
    assert!(refers(&f, "Controller", RefKind::Annotation));
    assert!(!f.references.iter().any(|r| r.name == "T" || r.name == "string"), "{:?}", f.references);
    let only: Vec<(&str, bool)> = f.imports.iter().map(|i| (i.path.as_str(), i.type_only)).collect();
    assert_eq!(&only[..3], [("./opts", true), ("./repo", true), ("./repo", false)]);
    for (name, kind) in [
        ("Items", DefinitionKind::Class),
        ("Shape", DefinitionKind::Interface),
        ("Id", DefinitionKind::Alias),
        ("Level", DefinitionKind::Enum),
        ("run", DefinitionKind::Method),
    ] {
        assert!(names(&f).contains(&(name, kind)), "{name}: {:?}", names(&f));
    }
}

#[test]
fn markup_in_code() {
    for (language, path) in [("javascript", "a.jsx"), ("typescript", "a.tsx")] {
        let f = facts(
            language,
            path,
            "import { Link } from './link';\nexport const App = () => <div><Link href=\"http://a\">x</Link></div>;\n",
        );
        assert!(!f.partial);
        assert!(refers(&f, "Link", RefKind::Create), "{:?}", f.references);
        assert_eq!(f.references.iter().filter(|r| r.name == "Link").count(), 1, "{:?}", f.references);
        assert!(matches!(context(&f, "http://a"), Context::Keyed { path } if path.ends_with("href")));
    }
    assert!(!ts("const x = <Foo>bar;").partial);
}

#[test]
fn names_with_dollars() {
    let f = js("$.ajax('a'); $http.get('b'); const $q = require('q'); $q.all('c');");
    for name in ["$.ajax", "?#get", "q.all"] {
        call(&f, name);
    }
}
