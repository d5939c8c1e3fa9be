// Writes src/schema.ts, the types of our own API, from a running server's /openapi.json.
//
//   npm run generate -w api-client            HARK_URL says where the server is (http://localhost:8080)
//   npm run outdated -w api-client            fails when the committed file is not what the server says
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const file = new URL("../src/schema.ts", import.meta.url);
const server = (process.env.HARK_URL ?? "http://localhost:8080").replace(/\/+$/, "");

const response = await fetch(`${server}/openapi.json`);
if (!response.ok) throw new Error(`${server}/openapi.json answered ${response.status}`);
const now = await types(await response.json());

if (!process.argv.includes("--check")) {
  await writeFile(file, now);
} else if ((await readFile(file, "utf8")) !== now) {
  console.error(
    "web/api-client/src/schema.ts is not what the server describes:\n" +
      "run `HARK_URL=<server> npm run generate -w api-client` in web/ and commit the file",
  );
  process.exitCode = 1;
}

/** The types of a description, without what is the same for every operation. */
async function types(description) {
  for (const operations of Object.values(description.paths)) {
    for (const operation of Object.values(operations)) {
      // The client knows errors and headers by itself: they are the same everywhere.
      operation.responses = Object.fromEntries(
        Object.entries(operation.responses)
          .filter(([status]) => status < "300")
          .map(([status, { headers: _, ...rest }]) => [status, rest]),
      );
      operation.parameters = operation.parameters?.filter((parameter) => parameter.in !== "header");
    }
  }
  // Paths in one order, so that a route that moves in the table of operations changes nothing here.
  description.paths = Object.fromEntries(Object.entries(description.paths).sort(byName));
  description.components = { schemas: description.components.schemas };
  const text = astToString(await openapiTS(description, { emptyObjectsUnknown: true, defaultNonNullable: false }))
    .replace(/^ *(get|put|post|delete|options|head|patch|trace|query|header|path|cookie|requestBody)\?: never;\n/gm, "")
    .replace(/^ *headers: \{\n *\[name: string\]: unknown;\n *\};\n/gm, "")
    .replace(/^ *parameters: \{\n *\};\n/gm, "");
  return `// The types of our own API. Written by \`npm run generate\`, never by hand.\n${text}`;
}

function byName([one], [other]) {
  return one < other ? -1 : 1;
}
