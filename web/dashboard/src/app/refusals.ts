// The server's sentences in the reader's language. It is loaded with the first of them, see failures.ts.
import deProperties from "../locales/de/properties.ts";
import de from "../locales/de/refusals.ts";
import enProperties from "../locales/en/properties.ts";
import en from "../locales/en/refusals.ts";
import { i18n, say, type Language, type Values } from "./i18n.svelte.ts";
import { t } from "./text.ts";

const tables = { en, de };
const properties: Record<Language, Record<string, string>> = { en: enProperties, de: deProperties };

interface Known {
  /** Fits the sentence, and has its gaps in groups. */
  pattern: RegExp;
  gaps: string[];
  /** What is said in its place. */
  text: string;
}
const known = new Map<Language, Known[]>();

/** A sentence of the server in the reader's words; `undefined` when there are none for it. */
export function inWords(sentence: string, language: Language = i18n.language): string | undefined {
  for (const { pattern, gaps, text } of sentences(language)) {
    const found = pattern.exec(sentence);
    if (!found) continue;
    const values: Values = {};
    for (const [at, gap] of gaps.entries()) {
      const value = filled(gap, found[at + 1]!, language);
      if (value === undefined) return undefined;
      values[gap] = value;
    }
    return say(text, language, values);
  }
  return undefined;
}

/** What stands in a gap: properties have names, sentences are translated, and numbers are written as the language does. */
function filled(gap: string, value: string, language: Language): string | number | undefined {
  if (gap === "field") return named(value, language);
  if (gap === "problem") return inWords(value, language);
  return /^\d{1,15}$/.test(value) && gap !== "name" ? Number(value) : value;
}

/** What people call a property; `a.b[2].c` is known by the last of its names that has one. */
export function labelOf(property: string, language: Language = i18n.language): string | undefined {
  const names = property.split(/[^A-Za-z]+/);
  const name = names.findLast((one) => Object.hasOwn(properties[language], one));
  return name === undefined ? undefined : properties[language][name];
}

function named(property: string, language: Language): string {
  const label = labelOf(property, language);
  if (label === undefined) return t("failure.value");
  return language === "de" ? `„${label}“` : label;
}

/** The server's own sentence with the names that people know, where it names properties that have such; other code stays as it is. */
export function withNames(sentence: string, language: Language = i18n.language): string {
  return sentence.replace(/`([^`]*)`/g, (_, code: string) => (/^[\w.[\]]+$/.test(code) ? labelOf(code, language) : undefined) ?? code);
}

/** The sentences of a language, those that say most first: what fits several means the narrower one. */
function sentences(language: Language): Known[] {
  let all = known.get(language);
  if (!all) {
    const said = ([sentence]: [string, string]) => sentence.replace(/\{\w+\}/g, "").length;
    all = Object.entries(tables[language])
      .toSorted((a, b) => said(b) - said(a))
      .map(([sentence, text]) => ({ ...patternOf(sentence), text }));
    known.set(language, all);
  }
  return all;
}

/** A sentence with gaps such as `{max}` as a pattern. */
export function patternOf(sentence: string): { pattern: RegExp; gaps: string[] } {
  const gaps: string[] = [];
  const source = sentence
    .split(/(\{\w+\})/)
    .map((part, at) => {
      if (at % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      gaps.push(part.slice(1, -1));
      return "([^]+?)";
    })
    .join("");
  return { pattern: new RegExp(`^${source}$`), gaps };
}
