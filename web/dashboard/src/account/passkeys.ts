// Passkeys in the browser: from the server's options to an answer that it can check.

/** Whether this browser can use passkeys here. */
export const available = (): boolean =>
  typeof PublicKeyCredential !== "undefined" && typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function";

/** Signs in with a passkey; `undefined` when the person gave up. */
export async function use(options: PublicKeyCredentialRequestOptionsJSON, signal?: AbortSignal): Promise<unknown> {
  return answer(
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
      ...(signal && { signal }),
    }),
  );
}

/** Makes a passkey; `undefined` when the person gave up. */
export async function make(options: PublicKeyCredentialCreationOptionsJSON): Promise<unknown> {
  return answer(navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }));
}

async function answer(asked: Promise<Credential | null>): Promise<unknown> {
  try {
    const credential = await asked;
    return credential instanceof PublicKeyCredential ? credential.toJSON() : undefined;
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
