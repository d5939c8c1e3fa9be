// Measures the script that the dashboard's first page needs, packed with gzip, and fails when it is too much.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const BUDGET_BYTES = 250 * 1024;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8"));

/** The files that a chunk cannot start without. */
function needed(name, files = new Set()) {
  const chunk = manifest[name];
  if (!chunk || files.has(chunk.file)) return files;
  files.add(chunk.file);
  for (const other of chunk.imports ?? []) needed(other, files);
  return files;
}

async function packed(files) {
  let bytes = 0;
  for (const file of files) bytes += gzipSync(await readFile(new URL(file, dist)), { level: 9 }).length;
  return bytes;
}

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
const start = needed("index.html");
const total = await packed(start);
console.log(`initial script: ${kilobytes(total)} gzip of ${kilobytes(BUDGET_BYTES)}`);
for (const [name, chunk] of Object.entries(manifest)) {
  if (!chunk.isDynamicEntry) continue;
  const more = [...needed(name)].filter((file) => !start.has(file));
  console.log(`  ${name}: ${kilobytes(await packed(more))} more`);
}
if (total > BUDGET_BYTES) {
  console.error("the initial script is over its budget: load something later, or leave it out");
  process.exit(1);
}
