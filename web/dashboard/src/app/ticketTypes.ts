// What the usual types of tickets are called in the reader's language.
import { texts } from "./i18n.svelte.ts";

const t = texts({
  en: { INQUIRY: "Conversation", BUG: "Bug", FEATURE_REQUEST: "Feature request", CRASH: "Crash", idea: "Idea", OPEN: "Open", INPROGRESS: "In progress", DONE: "Done" },
  de: { INQUIRY: "Gespräch", BUG: "Fehler", FEATURE_REQUEST: "Wunsch", CRASH: "Absturz", idea: "Idee", OPEN: "Offen", INPROGRESS: "In Arbeit", DONE: "Erledigt" },
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

/** Every type that tickets can have, with its name. */
export function typeOptions(types: readonly { type?: string | null; title?: string | null }[]): { value: string; label: string }[] {
  const own = types.flatMap(({ type, title }) => (type ? [[type, typeTitle(type, title)] as const] : []));
  return [...new Map([...USUAL_TYPES.map((type) => [type as string, typeTitle(type)] as const), ...own])].map(([value, label]) => ({ value, label }));
}

/** Statuses that tickets of types without lanes have, and what they are called where nobody renamed them. */
const USUAL_STATUSES = { OPEN: "Open", INPROGRESS: "In progress", DONE: "Done" } as const;

/** Every status that tickets can have, with its name. */
export function statusOptions(types: readonly { lanes?: readonly { id?: string | null; title?: string | null }[] | null }[]): { value: string; label: string }[] {
  const names = new Map<string, string>(Object.keys(USUAL_STATUSES).map((id) => [id, t(id as keyof typeof USUAL_STATUSES)]));
  for (const { id, title } of types.flatMap((type) => type.lanes ?? [])) {
    const usual = Object.entries(USUAL_STATUSES).some(([own, name]) => own === id && name === title);
    if (id && !usual) names.set(id, title || id);
  }
  return [...names].map(([value, label]) => ({ value, label }));
}
