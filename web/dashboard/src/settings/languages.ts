// The languages in which a project has texts of its own, kept among its translations; those of the messenger's home are here.

/** Words by language and key, as the configuration has them; null takes a language back. */
export type Translations = Record<string, Record<string, string>>;

/** The texts that a project writes itself; the keys are those of the general ones. */
export const OWN_TEXTS = ["welcomeText", "subtitleText", "widgetButtonText"] as const;

/** Languages that are offered. English is none of them: whoever has no texts is given its own as well, over the general ones. */
const LANGUAGES =
  "ar bg bn ca cs da de el es et fa fi fr he hi hr hu id it ja ko lt lv ms nb nl pl pt pt-br ro ru sk sl sr sv sw ta th tr uk ur vi zh zh-tw".split(" ");

/** The languages in which there are own texts. */
export function written(translations: Translations): string[] {
  return Object.keys(translations).filter((language) => OWN_TEXTS.some((key) => translations[language]?.[key] !== undefined));
}

/** The languages that can be added to those that are there, by their names in the reader's language. */
export function offered(languages: readonly string[], reader: string): string[] {
  const there = new Set(languages);
  const byName = (a: string, b: string) => nameOf(a, reader).localeCompare(nameOf(b, reader), reader);
  return LANGUAGES.filter((language) => !there.has(language)).toSorted(byName);
}

export function withLanguage(translations: Translations, language: string): Translations {
  const empty = Object.fromEntries(OWN_TEXTS.map((key) => [key, ""]));
  return { ...translations, [language]: { ...empty, ...translations[language] } };
}

/** Without the texts of a language; its other words stay. */
export function withoutLanguage(translations: Translations, language: string): Translations {
  const others = Object.entries(translations[language] ?? {}).filter(([key]) => !OWN_TEXTS.some((own) => own === key));
  return { ...translations, [language]: Object.fromEntries(others) };
}

/** The change for the API: empty texts are left out, and languages without words are taken back. */
export function change(translations: Translations): Record<string, Record<string, string> | null> {
  return Object.fromEntries(
    Object.entries(translations).map(([language, words]) => {
      const full = Object.entries(words).filter(([, text]) => text.trim() !== "");
      return [language, full.length > 0 ? Object.fromEntries(full) : null];
    }),
  );
}

/** What a visitor with this language is given, as the server chooses it. */
export function wordsFor(translations: Translations, language: string): Record<string, string> {
  const filled = (words: Record<string, string> = {}) => Object.entries(words).filter(([, text]) => text.trim() !== "");
  const all = ["en", language.split("-")[0] ?? "", language].flatMap((one) => filled(translations[one]));
  return Object.fromEntries(all);
}

/** The name of a language in the reader's. */
export function nameOf(language: string, reader: string): string {
  return new Intl.DisplayNames([reader], { type: "language" }).of(language) ?? language;
}
