// Whose host an address leads to, without asking anybody.

/** Whether what is there can be shown at once: it is on one of these origins, or in the page already. */
export function isOurs(address: string, origins: readonly string[], base: string): boolean {
  try {
    const { protocol, origin } = new URL(address, base);
    return protocol === "data:" || protocol === "blob:" || origins.includes(origin);
  } catch {
    return false;
  }
}

/** The host of an address, for people; empty for what is no address. */
export function hostOf(address: string): string {
  try {
    return new URL(address).host;
  } catch {
    return "";
  }
}
