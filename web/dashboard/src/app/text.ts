// The texts of the shell.
import de from "../locales/de/app.ts";
import en from "../locales/en/app.ts";
import { texts } from "./i18n.svelte.ts";

export const t = texts({ en, de });
