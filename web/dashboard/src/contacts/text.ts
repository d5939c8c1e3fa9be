// The texts of contacts in the language of the page.
import { texts } from "../app/i18n.svelte.ts";
import de from "../locales/de/contacts.ts";
import en from "../locales/en/contacts.ts";

export const t = texts({ en, de });

/** A text's name. */
export type Key = keyof typeof en;
