// The texts of signing in and of the own account.
import { texts } from "../app/i18n.svelte.ts";
import de from "../locales/de/account.ts";
import en from "../locales/en/account.ts";

export const t = texts({ en, de });
