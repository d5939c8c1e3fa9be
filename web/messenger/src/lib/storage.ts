// What a browser keeps for us, where it lets us. In SDK 16 the storage is that of the page around, so
// every key has a prefix, and what is read is not trusted.

const PREFIX = "hark-messenger";

/** Names a place for one contact of one project on one server. */
export function placeOf(what: string, apiUrl: string, sdkKey: string, gleapId: string): string {
  return [PREFIX, what, apiUrl, sdkKey, gleapId].join(":");
}

export function recall(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** Everything that is kept under keys with this beginning. */
export function recallAll(beginning: string): unknown[] {
  try {
    const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? "");
    return keys.filter((key) => key.startsWith(beginning)).map(recall);
  } catch {
    return [];
  }
}

/** Keeps a value, or forgets the key when it is `undefined`; without room it is not kept. */
export function keep(key: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Frames may have no storage, apps forget theirs: what is kept is a convenience.
  }
}
