// What the usual types of tickets are called in the reader's language.
import { texts } from "./i18n.svelte.ts";

const t = texts({
  en: { INQUIRY: "Conversation", BUG: "Bug", FEATURE_REQUEST: "Feature request", CRASH: "Crash", idea: "Idea" },
  de: { INQUIRY: "Gespräch", BUG: "Fehler", FEATURE_REQUEST: "Wunsch", CRASH: "Absturz", idea: "Idee" },
});

/** Types that tickets can have before anybody described them. */
export const USUAL_TYPES = ["INQUIRY", "BUG", "FEATURE_REQUEST", "CRASH"] as const;
type Usual = (typeof USUAL_TYPES)[number];

/** Titles that are usual and not somebody's own. */
const TITLES: Record<Usual, Record<string, Usual | "idea">> = {
  INQUIRY: { Conversation: "INQUIRY" },
  BUG: { Bug: "BUG" },
  FEATURE_REQUEST: { "Feature request": "FEATURE_REQUEST", Idea: "idea" },
  CRASH: { Crash: "CRASH" },
};

/** The name of a type: a usual one in the reader's language, any other as somebody wrote it. */
export function typeTitle(type: string, title?: string | null): string {
  const usual = USUAL_TYPES.find((one) => one === type);
  if (!usual) return title || type;
  if (!title) return t(usual);
  const known = TITLES[usual][title];
  return known ? t(known) : title;
}
