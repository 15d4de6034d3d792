// Reference edges of JavaScript and TypeScript by dependency-cruiser: `npm install dependency-cruiser typescript`.
//
// npx depcruise --no-config [--ts-config tsconfig.json] --ts-pre-compilation-deps -T json FOLDER... | node tests/edges/javascript_cruiser.mjs PREFIX > edges.tsv
//
// PREFIX is the folder that depcruise ran in, relative to the checkout (empty for the checkout itself).
import { readFileSync } from "node:fs";
import { posix } from "node:path";

const prefix = process.argv[2] ?? "";
const at = (path) => posix.normalize(posix.join(prefix, path));
const lines = new Set();
for (const module of JSON.parse(readFileSync(0, "utf8")).modules) {
  if (module.source.includes("node_modules") || module.coreModule || module.couldNotResolve) continue;
  lines.add(at(module.source));
  for (const used of module.dependencies) {
    if (used.coreModule || used.couldNotResolve || used.resolved.includes("node_modules")) continue;
    lines.add(`${at(module.source)}\t${at(used.resolved)}`);
  }
}
console.log([...lines].sort().join("\n"));
