// The texts of notifications.
import { texts } from "../app/i18n.svelte.ts";
import de from "../locales/de/notifications.ts";
import en from "../locales/en/notifications.ts";

export const t = texts({ en, de });
