// A contact as the API answers it, and how people call it.
import type { Schemas } from "@hark/api-client";

export type Contact = Schemas["SessionView"];

/** How a contact is called: its name, address or id; a guest by the last letters of its id. */
export function nameOf(contact: Pick<Contact, "id"> & Partial<Contact>, guest: string): string {
  return contact.name || contact.email || contact.userId || `${guest} ${contact.id.slice(-4)}`;
}

/** Whether nobody has told yet who it is. */
export function isGuest(contact: Partial<Contact>): boolean {
  return !contact.userId;
}

/** A value as a form shows it. */
export function plain(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What somebody typed as the kind of value that it replaces: a number stays a number, a boolean a boolean. */
export function typedLike(text: string, before: unknown): string | number | boolean | null {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (typeof before === "boolean" && /^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === "true";
  if (typeof before === "number" && Number.isFinite(Number(trimmed))) return Number(trimmed);
  return trimmed;
}

/** What somebody typed for a new property: numbers and booleans are taken for what they are. */
export function guessed(text: string): string | number | boolean {
  const trimmed = text.trim();
  if (trimmed === "true" || trimmed === "false") return trimmed === "true";
  // Telephone numbers and ids with a zero in front are texts.
  if (/^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  return trimmed;
}
