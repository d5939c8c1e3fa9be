// Packs what was built, so that the server has it ready for every browser: <file>.br and <file>.gz.
import { readdirSync, readFileSync, statSync, writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = fileURLToPath(new URL(".", import.meta.url));
/** What is not packed already by its own format. */
const packable = /\.(html|js|mjs|css|json|svg|txt|webmanifest|wasm)$/;
/** Below this many bytes the headers of an answer are larger than what is saved. */
const worthwhile = 512;

for (const { name } of readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  const dist = join(root, name, "dist");
  if (!existsSync(dist) || name === "node_modules") continue;
  const sizes = { plain: 0, gzip: 0, brotli: 0 };
  for (const path of readdirSync(dist, { recursive: true })) {
    const file = join(dist, path);
    if (!packable.test(path) || !statSync(file).isFile()) continue;
    const plain = readFileSync(file);
    if (plain.length < worthwhile) continue;
    const gzip = gzipSync(plain, { level: 9 });
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    };
    const brotli = brotliCompressSync(plain, { params });
    writeFileSync(`${file}.gz`, gzip);
    writeFileSync(`${file}.br`, brotli);
    sizes.plain += plain.length;
    sizes.gzip += gzip.length;
    sizes.brotli += brotli.length;
  }
  const kilobytes = (bytes) => `${Math.round(bytes / 1024)} KB`;
  console.log(`${name}: ${kilobytes(sizes.plain)}, gzip ${kilobytes(sizes.gzip)}, brotli ${kilobytes(sizes.brotli)}`);
}
