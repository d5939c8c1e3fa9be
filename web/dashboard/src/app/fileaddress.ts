// Addresses of files: which project's they are, and how they look within a file session.
import type { Schemas } from "@hark/api-client";

export type FileSession = Schemas["FileSessionView"];

/** Characters of a file's token that are the project's id. */
const PROJECT_CHARS = 16;
const FILE = /^\/media\/([\w-]{43})\//;

/** The project of a file, as its address names it; `undefined` for what is no file of any server like ours. */
export function fileOf(address: string): { project: string } | undefined {
  const token = FILE.exec(parsed(address)?.pathname ?? "")?.[1];
  if (!token) return undefined;
  const bytes = atob(token.slice(0, PROJECT_CHARS).replaceAll("-", "+").replaceAll("_", "/"));
  return { project: Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("") };
}

/** An address with the token of a file session, if it is one of the media host and the project asks for it. */
export function opened(address: string, { origin, token }: FileSession): string {
  const url = parsed(address);
  if (!token || !url || url.origin !== parsed(origin)?.origin) return address;
  url.searchParams.set("fileSession", token);
  return url.href;
}

function parsed(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined;
}
