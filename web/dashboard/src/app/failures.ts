// What went wrong with a call, in the reader's language where the server speaks another one.
import { ApiError, type ApiErrorKind } from "@hark/api-client";
import { i18n } from "./i18n.svelte.ts";
import { t } from "./text.ts";

/** Failures that have nothing to do with what was sent; of the others the server knows more. */
const TOLD = ["offline", "timeout", "unauthenticated", "forbidden", "limited", "fault"] as const satisfies readonly ApiErrorKind[];

/** The words of the page for a failure: none where the server's own are in the reader's language, or say more. */
export function wordsOf({ kind, status }: Pick<ApiError, "kind" | "status">): string | undefined {
  const told = TOLD.find((one) => one === kind);
  return told && i18n.language !== "en" ? t(`failure.${told}`, { status }) : undefined;
}

ApiError.words = wordsOf;
