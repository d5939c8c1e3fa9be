// Measures what a visitor loads before the first paint, and fails the build when it is too much.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** Bytes of script and style, compressed, that may be loaded before the first paint. */
const FIRST_PAINT_MAX = 45 * 1024;

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const size = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;

const html = readFileSync(join(dist, "index.html"), "utf8");
const first = new Set([...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(([, file]) => file));
// What the first scripts import at once is loaded with them, and named in the document so that nobody waits for it.
const unnamed = new Set();
for (const file of first) {
  if (!file.endsWith(".js")) continue;
  const script = readFileSync(join(dist, file), "utf8");
  for (const [, imported] of script.matchAll(/(?:^|[;}\s])(?:import|export)[^"'()]*["']\.\/([^"']+\.js)["']/g)) {
    if (!first.has(`assets/${imported}`)) unnamed.add(imported);
    first.add(`assets/${imported}`);
  }
}

const lazy = readdirSync(join(dist, "assets")).map((name) => `assets/${name}`).filter((file) => !first.has(file));
const total = [...first].reduce((sum, file) => sum + size(file), 0);
for (const file of first) console.log(`  first  ${kib(size(file)).padStart(9)}  ${file}`);
for (const file of lazy) console.log(`  later  ${kib(size(file)).padStart(9)}  ${file}`);
console.log(`first paint: ${kib(total)} gzip of script and style, ${kib(FIRST_PAINT_MAX)} at most`);
if (first.size === 0 || total > FIRST_PAINT_MAX) {
  console.error("the messenger is too big: load more of it later");
  process.exit(1);
}
if (unnamed.size > 0) {
  console.error(`the document does not name what its first script imports: ${[...unnamed].join(", ")}`);
  process.exit(1);
}
