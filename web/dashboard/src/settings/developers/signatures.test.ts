import { expect, it } from "vitest";
import { signerOf, signers, type Signer } from "./signatures.ts";

it("signs as the server checks: the user's id, with HMAC and SHA-256, in hexadecimal digits", () => {
  const said: string[] = [];
  const hash = { update: (text: string) => (said.push(text), hash), digest: (form: string) => (said.push(form), "signed") };
  const required = () => ({ createHmac: (...given: string[]) => (said.push(...given), hash) });
  const run = new Function("require", "process", "user", `${signerOf("Node.js")}\nreturn userHash;`) as (...given: unknown[]) => string;
  expect(run(required, { env: { HARK_IDENTITY_SECRET: "a secret" } }, { id: "ada" })).toBe("signed");
  expect(said).toEqual(["sha256", "a secret", "ada", "hex"]);
});

it("reads the secret from the environment in each language, and names the same rule", () => {
  for (const language of Object.keys(signers) as Signer[]) {
    expect(signerOf(language)).toContain("HARK_IDENTITY_SECRET");
    expect(signerOf(language)).toMatch(/sha-?256/i);
  }
});
