// Parses every mermaid block of the files named with the real parser.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";
const dom = new JSDOM("<!doctype html><body></body>");
globalThis.window = dom.window; globalThis.document = dom.window.document;
const mermaid = (await import("mermaid")).default;
let seen = 0, bad = 0;
for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, "utf8");
  const blocks = file.endsWith(".mmd") ? [text] : [...text.matchAll(/^```mermaid\n([\s\S]*?)^```/gm)].map((m) => m[1]);
  for (const block of blocks) {
    seen += 1;
    try { await mermaid.parse(block); } catch (error) { bad += 1; console.error(`${file}: ${error.message ?? error}`); }
  }
}
console.log(`${seen - bad} passed, ${bad} failed`);
process.exit(bad || !seen ? 1 : 0);
