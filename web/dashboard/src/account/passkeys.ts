// Passkeys in the browser: from the server's options to an answer that it can check.
import type { Schemas } from "@hark/api-client";

/** Whether this browser can use passkeys here. */
export const available = (): boolean =>
  typeof PublicKeyCredential !== "undefined" && typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function";

/** Signs in with a passkey; `undefined` when the person gave up. The options are those of the server, as they are. */
export async function use(options: unknown): Promise<Schemas["UsedPasskey"] | undefined> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
  return answer<Schemas["UsedPasskey"]>(navigator.credentials.get({ publicKey }));
}

/** Makes a passkey; `undefined` when the person gave up. */
export async function make(options: unknown): Promise<Schemas["NewPasskey"] | undefined> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON);
  return answer<Schemas["NewPasskey"]>(navigator.credentials.create({ publicKey }));
}

async function answer<T>(asked: Promise<Credential | null>): Promise<T | undefined> {
  try {
    const credential = await asked;
    return credential instanceof PublicKeyCredential ? (credential.toJSON() as T) : undefined;
  } catch (error) {
    // NotAllowedError says both "given up" and "too late"; neither is anybody's fault.
    if (error instanceof DOMException && ["NotAllowedError", "AbortError"].includes(error.name)) return undefined;
    throw error;
  }
}

/** A name for a new passkey that tells it from others: what this browser runs on. */
export function deviceName(agent = navigator.userAgent): string {
  const systems: [RegExp, string][] = [
    [/iPhone/, "iPhone"],
    [/iPad/, "iPad"],
    [/Android/, "Android"],
    [/Windows/, "Windows"],
    [/Mac OS X/, "Mac"],
    [/Linux/, "Linux"],
  ];
  const browsers: [RegExp, string][] = [
    [/Edg\//, "Edge"],
    [/Firefox\//, "Firefox"],
    [/Chrome\//, "Chrome"],
    [/Safari\//, "Safari"],
  ];
  const find = (names: [RegExp, string][]) => names.find(([is]) => is.test(agent))?.[1];
  return [find(systems), find(browsers)].filter(Boolean).join(", ");
}
