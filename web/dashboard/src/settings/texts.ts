// The texts of the settings.
import { texts } from "../app/i18n.svelte.ts";
import de from "../locales/de/settings.ts";
import en from "../locales/en/settings.ts";

export const t = texts({ en, de });
