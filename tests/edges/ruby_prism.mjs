// Reference edges of Ruby sources by Prism, the parser of the language (`npm install @ruby/prism`), and Ruby's rules for
// constants: lexical nesting, then the ancestors that are named, then the top. Of several files that open a constant, the one
// where Zeitwerk looks for it defines it, else the nearest. Requires of files count.
//
// NODE_PATH=… node tests/edges/ruby_prism.mjs CHECKOUT [FOLDER...] > edges.tsv
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { posix, resolve as resolvePath } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(resolvePath(process.env.NODE_PATH ?? ".", "x.js"));
const { loadPrism } = await import(pathToFileURL(require.resolve("@ruby/prism")));
const parse = await loadPrism();

const root = process.argv[2];
const folders = process.argv.slice(3).length ? process.argv.slice(3) : ["."];
const skipped = /(^|\/)(spec|test|tests|node_modules|vendor|fixtures|testing_support|\.git)\//;
const paths = [];
const list = (folder) => {
  for (const entry of readdirSync(posix.join(root, folder), { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skipped.test(`${path}/`)) list(path);
    } else if (path.endsWith(".rb")) paths.push(path);
  }
};
folders.forEach(list);
paths.sort();

const name = (node) => {
  switch (node?.constructor.name) {
    case "ConstantReadNode":
    case "ConstantTargetNode":
      return node.name;
    case "ConstantPathNode":
    case "ConstantPathTargetNode": {
      if (!node.parent) return `::${node.name}`;
      const front = name(node.parent);
      return front && `${front}::${node.name}`;
    }
    default:
      return null;
  }
};
const full = (nesting, own) =>
  own.startsWith("::") ? own.slice(2) : [nesting.at(-1), own].filter(Boolean).join("::");

function read(text) {
  const file = { defined: [], uses: [], parents: [], requires: [] };
  const walk = (node, nesting) => {
    if (!node) return;
    const kind = node.constructor.name;
    if (kind === "ClassNode" || kind === "ModuleNode") {
      const own = name(node.constantPath);
      if (own) {
        const whole = full(nesting, own);
        const parent = name(node.superclass);
        const body = node.body?.body ?? [];
        const leads = body.length > 0 && !parent && body.every((n) => ["ClassNode", "ModuleNode"].includes(n.constructor.name));
        file.defined.push([whole, leads]);
        if (parent) file.parents.push([whole, parent, nesting]);
        walk(node.superclass, nesting);
        walk(node.body, [...nesting, whole]);
        return;
      }
    }
    if (kind === "ConstantWriteNode") file.defined.push([full(nesting, node.name), false]);
    const use = name(node);
    if (use) {
      if (kind !== "ConstantPathTargetNode") file.uses.push([use, nesting]);
      return;
    }
    if (kind === "CallNode" && !node.receiver) {
      const args = node.arguments_?.arguments_ ?? [];
      if (["include", "extend", "prepend"].includes(node.name) && nesting.length) {
        for (const arg of args) if (name(arg)) file.parents.push([nesting.at(-1), name(arg), nesting]);
      }
      if (["require", "require_relative", "require_dependency", "load"].includes(node.name)) {
        const text = args[0]?.constructor.name === "StringNode" ? args[0].unescaped?.value : null;
        if (text) file.requires.push([node.name, text.replace(/\.rb$/, "")]);
      }
    }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (child && typeof child === "object" && typeof child.compactChildNodes === "function") walk(child, nesting);
      }
    }
  };
  walk(parse(text).value, []);
  return file;
}

const files = new Map();
for (const path of paths) {
  try {
    files.set(path, read(readFileSync(posix.join(root, path), "utf8")));
  } catch (error) {
    console.error(`${path}: ${error.message}`);
  }
}
const snake = (constant) =>
  constant.replaceAll("::", "/").replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2").replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase();
const definers = new Map();
const ancestors = new Map();
const push = (map, key, value) => (map.has(key) ? map.get(key).push(value) : map.set(key, [value]));
for (const [path, file] of files) {
  for (const [constant, leads] of file.defined) {
    push(definers, constant, [path, leads]);
    // modules that no file opens are there all the same: folders make them
    const parts = constant.split("::");
    for (let at = 1; at < parts.length; at += 1) {
      const outer = parts.slice(0, at).join("::");
      if (!definers.has(outer)) definers.set(outer, []);
    }
  }
  for (const [constant, parent, nesting] of file.parents) push(ancestors, constant, [parent, nesting]);
}
const resolve = (use, nesting, depth = 0) => {
  let parts = use.split("::");
  let found;
  if (use.startsWith("::")) {
    parts = parts.slice(1);
    found = definers.has(parts[0]) ? parts[0] : undefined;
  } else {
    found = nesting.toReversed().map((n) => `${n}::${parts[0]}`).find((c) => definers.has(c));
    if (!found && nesting.length && depth < 6) found = inherited(nesting.at(-1), parts[0], depth);
    found ??= definers.has(parts[0]) ? parts[0] : undefined;
  }
  for (const part of parts.slice(1)) {
    if (!found) break;
    if (!definers.has(`${found}::${part}`)) {
      const inner = inherited(found, part, depth);
      if (!inner) return found;
      found = inner;
    } else found = `${found}::${part}`;
  }
  return found;
};
const inherited = (constant, part, depth) => {
  if (depth > 6) return undefined;
  for (const [parent, at] of ancestors.get(constant) ?? []) {
    const whole = resolve(parent, at.filter((n) => n !== constant), depth + 1);
    if (!whole || whole === constant) continue;
    if (definers.has(`${whole}::${part}`)) return `${whole}::${part}`;
    const above = inherited(whole, part, depth + 1);
    if (above) return above;
  }
  return undefined;
};
// What Ruby and Rails define: a file that opens it again is not what a use of it means.
const outside = /^(Array|Class|Comparable|Date|DateTime|Enumerable|Exception|File|FileUtils|Hash|Integer|Kernel|Math|Module|Numeric|Object|OpenSSL|Pathname|Proc|Range|Regexp|Set|StandardError|String|Struct|Symbol|Time|ActionCable|ActionController|ActionDispatch|ActionMailer|ActionView|ActiveJob|ActiveModel|ActiveRecord|ActiveStorage|ActiveSupport|I18n|Net|Rack|Rails)(::|$)/;
const common = (a, b) => {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
};

const roots = [...new Set(paths.map((p) => /^(.*\/)?(lib|app)\//.exec(p)?.[0]).filter(Boolean))];
const lines = new Set();
for (const [path, file] of files) {
  lines.add(path);
  for (const [use, nesting] of file.uses) {
    const constant = resolve(use, nesting);
    if (!constant || outside.test(constant)) continue;
    const all = definers.get(constant) ?? [];
    const home = all.map((d) => d[0]).filter((p) => `/${p}`.endsWith(`/${snake(constant)}.rb`));
    const targets = [...new Set(home.length ? home : all.filter((d) => !d[1]).map((d) => d[0]))];
    if (!targets.length || targets.length > 3 || targets.includes(path)) continue;
    targets.sort((a, b) => common(b, path) - common(a, path) || (a < b ? -1 : 1));
    lines.add(`${path}\t${targets[0]}`);
  }
  for (const [how, what] of file.requires) {
    const tries = how === "require_relative" ? [posix.join(posix.dirname(path), what)] : [what, ...roots.map((r) => r + what)];
    const hit = tries.map((t) => `${t}.rb`).find((t) => files.has(t));
    if (hit && hit !== path) lines.add(`${path}\t${hit}`);
  }
}
console.log([...lines].sort().join("\n"));
