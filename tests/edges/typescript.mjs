// Reference edges of TypeScript and JavaScript by the compiler's own module resolution (`npm install typescript@5`): imports,
// re-exports, dynamic imports and requires, with the settings of the nearest tsconfig.
//
// NODE_PATH=… node tests/edges/typescript.mjs CHECKOUT FOLDER... > edges.tsv
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";

const require = createRequire(resolve(process.env.NODE_PATH ?? ".", "x.js"));
const ts = require("typescript");
const root = resolve(process.argv[2]);
const paths = [];
const list = (folder) => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!["node_modules", ".git", "dist", "build"].includes(entry.name)) list(path);
    } else if (/\.(ts|tsx|js|jsx|mjs|cjs|mts|cts)$/.test(path)) paths.push(path);
  }
};
process.argv.slice(3).forEach((folder) => list(join(root, folder)));
const settings = new Map();
const optionsOf = (folder) => {
  if (settings.has(folder)) return settings.get(folder);
  const file = ["tsconfig.json", "jsconfig.json"].map((n) => join(folder, n)).find((p) => existsSync(p));
  let options;
  if (file) {
    const read = ts.readConfigFile(file, ts.sys.readFile);
    options = ts.parseJsonConfigFileContent({ ...read.config, files: [], include: [] }, { ...ts.sys, readDirectory: () => [] }, folder).options;
    options = { ...options, allowJs: true, moduleResolution: options.moduleResolution ?? ts.ModuleResolutionKind.Node10 };
  } else {
    options = folder === root || folder === "/" ? { allowJs: true, moduleResolution: ts.ModuleResolutionKind.Node10 } : optionsOf(dirname(folder));
  }
  settings.set(folder, options);
  return options;
};
const lines = new Set();
for (const path of paths) {
  const from = relative(root, path);
  lines.add(from);
  const info = ts.preProcessFile(readFileSync(path, "utf8"), true, true);
  for (const { fileName } of info.importedFiles) {
    const found = ts.resolveModuleName(fileName, path, optionsOf(dirname(path)), ts.sys).resolvedModule?.resolvedFileName;
    if (found && !found.includes("node_modules")) {
      const to = relative(root, found);
      if (!to.startsWith("..") && to !== from) lines.add(`${from}\t${to}`);
    }
  }
}
console.log([...lines].sort().join("\n"));
