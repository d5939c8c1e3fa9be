// The types of the front ends' client are what this server describes.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "../support/test.ts";

const script = fileURLToPath(new URL("../../web/api-client/scripts/schema.mjs", import.meta.url));

test("the committed types of the API are up to date", async ({ hark }) => {
  const env = { ...process.env, HARK_URL: `http://${hark.host}` };
  const check = promisify(execFile)(process.execPath, [script, "--check"], { env });
  await expect(check).resolves.toMatchObject({ stderr: "" });
});
