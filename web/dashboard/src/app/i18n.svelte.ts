// The dashboard's languages: typed catalogues, plurals, and numbers and dates as the reader writes them.

export type Language = "en" | "de";

/** A text, or one for each kind of count that a language has. */
export type Text = string | { one: string; other: string };

/** A catalogue of another language: exactly the same keys. */
export type Same<C> = { [K in keyof C]: C[K] extends string ? string : { one: string; other: string } };

/** What is put into the places in braces; `count` chooses the plural. */
export type Values = Record<string, string | number>;

const KEY = "hark.language";
export const languages: Record<Language, string> = { en: "English", de: "Deutsch" };

function chosen(): Language {
  const stored = globalThis.localStorage?.getItem(KEY);
  if (stored === "en" || stored === "de") return stored;
  return globalThis.navigator?.language?.toLowerCase().startsWith("de") ? "de" : "en";
}

class I18n {
  language = $state<Language>(chosen());

  choose(language: Language): void {
    this.language = language;
    localStorage.setItem(KEY, language);
  }
}

/** The language of the page. */
export const i18n = new I18n();

/** A function that says a key of a catalogue in the language of the page. */
export function texts<C extends Record<string, Text>>(catalogues: { en: C; de: Same<C> }): (key: keyof C & string, values?: Values) => string {
  return (key, values) => say((catalogues[i18n.language] as C)[key], i18n.language, values);
}

/** A text with its places filled. */
export function say(text: Text | undefined, language: Language, values: Values = {}): string {
  if (text === undefined) return "";
  const form = typeof text === "string" ? text : text[isOne(Number(values.count ?? 0)) ? "one" : "other"];
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number(value, language) : value;
  });
}

/** Whether a count takes the singular, which English and German do alike. */
function isOne(count: number): boolean {
  return Math.abs(count) === 1;
}

/** What stands between the thousands. */
const GROUPS: Record<Language, string> = { en: ",", de: "." };
const numbers = new Map<Language, Intl.NumberFormat>();

/** A number as the language writes it. */
export function number(value: number, language: Language = i18n.language): string {
  // Whole ones are written by hand: a page shows them at once, and the first formatter takes a slow machine long to make.
  if (Number.isSafeInteger(value)) return String(value).replace(/\B(?=(?:\d{3})+$)/g, GROUPS[language]);
  let own = numbers.get(language);
  if (!own) numbers.set(language, (own = new Intl.NumberFormat(language)));
  return own.format(value);
}
