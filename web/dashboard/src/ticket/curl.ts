// A captured call as a command for a terminal.
import type { Call } from "./network.ts";

/** Headers that curl sets by itself or that would be wrong for another connection. */
const OWN = new Set(["host", "content-length", "connection", "accept-encoding"]);

/** The command that makes the same call. What the SDK or server took out (`<removed>`) stays a mark to fill in. */
export function toCurl(call: Call): string {
  const parts = [`curl ${quoted(call.url)}`];
  const hasBody = call.requestBody !== "" && !/^<[a-z_]+>$/.test(call.requestBody.trim());
  if (call.method !== (hasBody ? "POST" : "GET")) parts.push(`-X ${quoted(call.method)}`);
  for (const [name, value] of call.requestHeaders) {
    // Names that begin with a colon are the protocol's own.
    if (!OWN.has(name.toLowerCase()) && !name.startsWith(":")) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  }
  if (hasBody) parts.push(`--data-raw ${quoted(call.requestBody)}`);
  return parts.join(" \\\n  ");
}

/** A word for a POSIX shell in which nothing has a meaning. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
