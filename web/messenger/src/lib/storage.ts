// What a browser keeps for us, where it lets us. In SDK 16 the storage is that of the page around, so
// every key has a prefix, and what is read is not trusted.

const PREFIX = "hark-messenger";

/** Where something is kept. A call, because browsers that keep nothing refuse to name it. */
type Where = () => Storage;
/** For this browser, until it is forgotten. */
const inBrowser: Where = () => localStorage;
/** For this tab, until it is closed. */
export const inTab: Where = () => sessionStorage;

/** Names a place for one contact of one project on one server. */
export function placeOf(what: string, apiUrl: string, sdkKey: string, gleapId: string): string {
  return [PREFIX, what, apiUrl, sdkKey, gleapId].join(":");
}

export function recall(key: string, where = inBrowser): unknown {
  try {
    return JSON.parse(where().getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** Everything that is kept under keys with this beginning. */
export function recallAll(beginning: string): unknown[] {
  return keysOf(beginning, inBrowser).map((key) => recall(key));
}

/** Keeps a value, or forgets the key when it is `undefined`; without room it is not kept. */
export function keep(key: string, value: unknown, where = inBrowser): void {
  try {
    if (value === undefined) where().removeItem(key);
    else where().setItem(key, JSON.stringify(value));
  } catch {
    // Frames may have no storage, apps forget theirs: what is kept is a convenience.
  }
}

/** Forgets everything under keys with this beginning, or keeps it under another one; what has a third one stays. */
export function moveAll(beginning: string, to: string | undefined, where: Where, except?: string): void {
  for (const key of keysOf(beginning, where)) {
    if (except !== undefined && key.startsWith(except)) continue;
    if (to !== undefined) keep(to + key.slice(beginning.length), recall(key, where), where);
    keep(key, undefined, where);
  }
}

function keysOf(beginning: string, where: Where): string[] {
  try {
    const storage = where();
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
    return keys.filter((key) => key.startsWith(beginning));
  } catch {
    return [];
  }
}
