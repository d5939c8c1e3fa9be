// Device and page data as groups of facts, in an order that people look for them.
import { asText } from "./console.ts";
import type en from "../locales/en/bug.ts";

export type FactGroup = "factsPage" | "factsDevice" | "factsApp" | "factsCustom" | "factsForm" | "factsOther";

/** A fact: its name, or the key of a text that names it. */
export interface Fact {
  name: string;
  text?: keyof typeof en;
  value: string;
  /** An address that can be opened. */
  href?: string;
}

export interface Facts {
  group: FactGroup;
  facts: Fact[];
}

type Data = Record<string, unknown>;

/** What is known of the metadata, by group; SDKs of other platforms use other names for the same. */
const KNOWN: Record<string, [FactGroup, keyof typeof en]> = {
  currentUrl: ["factsPage", "currentUrl"],
  sessionDuration: ["factsPage", "sessionDuration"],
  language: ["factsPage", "language"],
  preferredUserLocale: ["factsPage", "language"],
  browserName: ["factsDevice", "browser"],
  systemName: ["factsDevice", "system"],
  systemVersion: ["factsDevice", "system"],
  deviceModel: ["factsDevice", "deviceModel"],
  deviceName: ["factsDevice", "deviceModel"],
  screen: ["factsDevice", "screen"],
  window: ["factsDevice", "window"],
  devicePixelRatio: ["factsDevice", "pixelRatio"],
  mobile: ["factsDevice", "mobile"],
  batteryLevel: ["factsDevice", "battery"],
  networkStatus: ["factsDevice", "networkState"],
  userAgent: ["factsDevice", "userAgent"],
  sdk: ["factsApp", "sdk"],
  releaseVersionNumber: ["factsApp", "appVersion"],
  buildVersionNumber: ["factsApp", "build"],
  environment: ["factsApp", "environment"],
};
const ORDER: FactGroup[] = ["factsForm", "factsPage", "factsDevice", "factsApp", "factsCustom", "factsOther"];

/** The facts of a ticket; `yes` and `no` are the reader's words. */
export function readFacts(ticket: { metaData?: unknown; customData?: unknown; form?: unknown }, words: { yes: string; no: string }): Facts[] {
  const groups = new Map<FactGroup, Fact[]>();
  const add = (group: FactGroup, fact: Fact) => {
    if (fact.value !== "") groups.set(group, [...(groups.get(group) ?? []), fact]);
  };
  const say = (value: unknown) => (typeof value === "boolean" ? (value ? words.yes : words.no) : asText(value));

  const meta = joined(data(ticket.metaData));
  for (const name of Object.keys(KNOWN)) {
    const [group, text] = KNOWN[name] as [FactGroup, keyof typeof en];
    if (meta[name] === undefined) continue;
    const value = name === "sessionDuration" ? duration(meta[name]) : name === "browserName" ? browser(asText(meta[name])) : say(meta[name]);
    const href = webAddress(value);
    add(group, { name, text, value, ...(href ? { href } : {}) });
  }
  for (const [name, value] of Object.entries(meta)) if (!(name in KNOWN)) add("factsOther", { name, value: say(value) });
  for (const [name, value] of Object.entries(data(ticket.customData))) add("factsCustom", { name, value: say(value) });
  for (const [name, field] of Object.entries(data(ticket.form))) {
    const { title, value } = data(field);
    if (name !== "description") add("factsForm", { name: asText(title) || name, value: say(value) });
  }
  return ORDER.flatMap((group) => {
    const facts = groups.get(group);
    return facts ? [{ group, facts }] : [];
  });
}

function data(value: unknown): Data {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Data) : {};
}

/** Values that belong together as one: `1280 × 720`, `javascript 16.4.0`. */
function joined(meta: Data): Data {
  const { screenWidth, screenHeight, innerWidth, innerHeight, sdkType, sdkVersion, browser: _, ...rest } = meta;
  const size = (width: unknown, height: unknown) => (width && height ? `${asText(width)} × ${asText(height)}` : undefined);
  const sdk = [asText(sdkType), asText(sdkVersion)].filter(Boolean).join(" ");
  const one: Data = { ...rest, screen: size(screenWidth, screenHeight), window: size(innerWidth, innerHeight), sdk: sdk || undefined };
  if (rest["systemName"] && rest["systemVersion"]) {
    one["systemName"] = `${asText(rest["systemName"])} ${asText(rest["systemVersion"])}`;
    delete one["systemVersion"];
  }
  return one;
}

/** `Chrome(156.0.0.0)` as `Chrome 156`. */
function browser(name: string): string {
  const [, brand, major] = /^(.+?)\((\d+)[\d.]*\)$/.exec(name) ?? [];
  return brand && major ? `${brand} ${major}` : name;
}

/** Seconds as `1:05 min`. */
function duration(value: unknown): string {
  const seconds = Number(value);
  if (!Number.isFinite(seconds)) return asText(value);
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const two = (part: number) => String(part).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.round(seconds) % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)} h` : `${m}:${two(s)} min`;
}

/** The value if it is an address on the web; only such are ever links. */
export function webAddress(value: string): string | undefined {
  return /^https?:\/\/\S+$/i.test(value) ? value : undefined;
}
