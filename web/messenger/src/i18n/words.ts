// Which words are shown: the project's own, else ours in the visitor's language, else English.
import type { Fields } from "../bridge/protocol";
import { de } from "./de";
import { en } from "./en";
import type { laterEn } from "./later.en";

/** The keys of all words; those behind the first screen are there when a screen imported `later`. */
export type Word = keyof typeof en | keyof typeof laterEn;
type Words = Partial<Record<Word, string>>;

const LANGUAGES: Record<string, Words> = { en, de };

/** Adds words to the languages. */
export function learn(more: Record<string, Words>): void {
  for (const [language, words] of Object.entries(more)) LANGUAGES[language] = { ...LANGUAGES[language], ...words };
}

/** Looks words up and fills their placeholders in. */
export type Say = (word: Word, values?: Record<string, string | number>) => string;

/** The words of a language (`de-ch`), with the project's texts for this language before them. */
export function wordsOf(language: string, own: Fields): Say {
  return (word, values = {}) => {
    const set = own[word];
    const ours = LANGUAGES[base(language)]?.[word] ?? LANGUAGES.en?.[word] ?? "";
    const text = typeof set === "string" && set !== "" ? set : ours;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
}

/** The language without its region. */
export function base(language: string): string {
  return language.toLowerCase().split(/[-_]/)[0] ?? "";
}

/**
 * A language that `Intl` knows, with the region of the visitor where it names none: clocks and dates differ by region.
 *
 * @param visitors what the visitor's browser prefers
 */
export function localeOf(language: string, visitors: readonly string[] = []): string {
  const tag = language.replace(/_/g, "-");
  const regional = tag.includes("-") ? undefined : visitors.find((one) => base(one) === tag.toLowerCase());
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([regional ?? tag, tag])[0] ?? "en";
  } catch {
    return "en";
  }
}
