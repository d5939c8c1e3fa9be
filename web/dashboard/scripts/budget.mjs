// Measures the script that the dashboard's pages need at first, packed with gzip, and fails when it is too much.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const BUDGET_BYTES = 250 * 1024;
/** What an area may need in all before it shows: a phone reads each kilobyte and pays for each file. */
const AREAS = {
  "src/account/Account.svelte": { kilobytes: 84, files: 7 },
  "src/inbox/Inbox.svelte": { kilobytes: 122, files: 6 },
  "src/inbox/Board.svelte": { kilobytes: 95, files: 6 },
  "src/contacts/Contacts.svelte": { kilobytes: 110, files: 5 },
  "src/settings/Settings.svelte": { kilobytes: 88, files: 4 },
};
/** Loaded when somebody is about to write, and never before a page shows. */
const LATER = ["src/inbox/editor.ts", "src/ticket/BugView.svelte", "src/inbox/search.ts"];
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
const faults = [];
if (total > BUDGET_BYTES) faults.push("the initial script is over its budget: load something later, or leave it out");
for (const [name, { kilobytes: most, files: many }] of Object.entries(AREAS)) {
  if (!manifest[name]) {
    faults.push(`${name} is not loaded on its own any more`);
    continue;
  }
  const files = new Set([...start, ...needed(name)]);
  const bytes = await packed(files);
  console.log(`${name}: ${kilobytes(bytes)} of ${most} KB in ${files.size} of ${many} files`);
  if (bytes > most * 1024) faults.push(`${name} needs more script at first than its budget: load something later, or leave it out`);
  if (files.size > many) faults.push(`${name} needs more files at first than it may: see the groups in vite.config.ts`);
  for (const late of LATER) {
    if (!manifest[late]) faults.push(`${late} is not loaded on its own any more`);
    else if (files.has(manifest[late].file)) faults.push(`${name} loads ${late} at once`);
  }
}
for (const fault of new Set(faults)) console.error(fault);
if (faults.length) process.exit(1);
