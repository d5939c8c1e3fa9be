// What went wrong with a call, in the reader's language: the one place where errors become sentences for people.
import { ApiError, type ApiErrorKind } from "@hark/api-client";
import { i18n } from "./i18n.svelte.ts";
import { t } from "./text.ts";

/** Failures that have nothing to do with what was sent: what the server says about them does not help more. */
const TOLD = ["offline", "timeout", "limited", "fault"] as const satisfies readonly ApiErrorKind[];

let words: typeof import("./refusals.ts") | undefined;

/** Loads the words for the server's sentences, which few visits need; whoever reads an error's sentence has them by then. */
export async function ready(): Promise<void> {
  words ??= await import("./refusals.ts");
}

/** The words of the page for a failure: none where the server's own are in the reader's language. */
export function wordsOf({ kind, status, message, field }: Pick<ApiError, "kind" | "status" | "message" | "field">): string | undefined {
  // What the page makes up itself, it says in its own words.
  if (status === 0 && kind !== "offline" && kind !== "timeout") return undefined;
  const translated = words?.inWords(message);
  if (translated !== undefined) return translated;
  if (i18n.language === "en") return words?.withNames(message);
  const told = TOLD.find((one) => one === kind);
  if (told) return t(`failure.${told}`, { status });
  // What has no translation is said as a whole, with the server's sentence for whoever has to look closer.
  const detail = message.replaceAll("`", "");
  const label = field && words?.labelOf(field);
  return label ? t("failure.field", { field: label, detail }) : t(`failure.${kind as Exclude<ApiErrorKind, (typeof TOLD)[number]>}`, { detail });
}

/** Why something failed, for the person who wanted it. */
export function whyOf(error: unknown): string {
  return error instanceof ApiError ? error.sentence : String(error);
}

/** A sentence of the server that came in an answer, such as why a row was not imported: as it is without words for it; call `ready` before. */
export function translated(sentence: string): string {
  return words?.inWords(sentence) ?? words?.withNames(sentence) ?? sentence;
}

ApiError.words = wordsOf;
ApiError.ready = ready;
