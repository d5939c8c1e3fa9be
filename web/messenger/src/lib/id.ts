// Ids that a device chooses for what it sends.

/** 128 random bits as hex digits. `randomUUID` is not there on pages without https. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
