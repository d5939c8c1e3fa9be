// The texts of the inbox.
import { texts } from "../app/i18n.svelte.ts";
import de from "../locales/de/inbox.ts";
import en from "../locales/en/inbox.ts";

export const t = texts({ en, de });
