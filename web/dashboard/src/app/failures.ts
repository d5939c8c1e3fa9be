// What went wrong with a call, in the reader's language where the server speaks another one.
import { ApiError, type ApiErrorKind } from "@hark/api-client";
import { i18n } from "./i18n.svelte.ts";
import { t } from "./text.ts";

/** Failures that have nothing to do with what was sent; of the others the server knows more. */
const TOLD = ["offline", "timeout", "limited", "fault"] as const satisfies readonly ApiErrorKind[];
/** How the server begins where nobody is signed in any more, or a permission is missing: it refuses for other reasons, too. */
const REFUSED = { unauthenticated: /^(the bearer token|send your api key)/, forbidden: /^this needs the permission/ };

/** The words of the page for a failure: none where the server's own are in the reader's language, or say more. */
export function wordsOf({ kind, status, message }: Pick<ApiError, "kind" | "status" | "message">): string | undefined {
  // A fault without a status is of the page's own making, and says itself what it is.
  if (i18n.language === "en" || (kind === "fault" && status === 0)) return undefined;
  if (kind === "unauthenticated" || kind === "forbidden") return REFUSED[kind].test(message) ? t(`failure.${kind}`) : undefined;
  const told = TOLD.find((one) => one === kind);
  return told && t(`failure.${told}`, { status });
}

ApiError.words = wordsOf;
