// The bug view's texts in the language of the page.
import { texts } from "../app/i18n.svelte.ts";
import de from "../locales/de/bug.ts";
import en from "../locales/en/bug.ts";

export const t = texts({ en, de });
