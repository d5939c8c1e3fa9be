// The texts of flows in other languages. The editor keeps them with what they translate, so that they move, are renamed
// and vanish with it; the configuration keeps them among the project's words, under names such as `flow.order.kind.title`.
import type { Translations } from "../languages.ts";
import { keyOf } from "./keys.ts";
import type { Flow, Flows, Option, Question } from "./model.ts";

/** Texts by language and name; a language without any is one that was just added. */
export type Words = Translations;

/** Something with texts: where they are kept, how long they may be, and what they are in the flow itself. */
export interface Told {
  thing: { words?: Words };
  /** What the thing is called above its texts; none for the flow itself. */
  title?: string;
  texts: { name: string; word: string; given: string; max: number }[];
}

/** Characters of a word's name that the server takes. */
export const NAME_MAX = 64;
const FLOW_TEXTS = { title: 120, description: 500, submitText: 60, thanksTitle: 120, thanksText: 500 } as const;
const QUESTION_TEXTS = { title: 300, description: 500, placeholder: 200, lowLabel: 60, highLabel: 60 } as const;
const LABEL_MAX = 200;

/** Everything in a flow that has texts, in the order of the editor. */
export function told(id: string, flow: Flow): Told[] {
  const start = `flow.${id}`;
  return [
    toldOf(flow, start, FLOW_TEXTS),
    ...flow.form.flatMap((question) => {
      const place = `${start}.${question.key}`;
      const { options = [], title, type } = question;
      const choices = ["select", "multiselect"].includes(type) ? options : [];
      return [{ ...toldOf(question, place, QUESTION_TEXTS), title }, ...choices.map((option) => labelOf(option, place))];
    }),
  ];
}

function toldOf(thing: Flow | Question, place: string, lengths: Record<string, number>): Told {
  const texts = Object.entries(lengths).map(([name, max]) => {
    const given = (thing as unknown as Record<string, unknown>)[name];
    return { name, word: `${place}.${name}`, given: typeof given === "string" ? given : "", max };
  });
  return { thing, texts };
}

function labelOf(option: Option, place: string): Told {
  const word = `${place}.option.${option.value || keyOf(option.label, [])}`;
  return { thing: option, texts: [{ name: "label", word, given: option.label, max: LABEL_MAX }] };
}

/** The flow with its texts in other languages beside them. */
export function withWords(id: string, flow: Flow, translations: Translations): Flow {
  const copy = JSON.parse(JSON.stringify(flow)) as Flow;
  for (const { thing, texts } of told(id, copy)) {
    for (const [language, words] of Object.entries(translations)) {
      for (const { name, word } of texts) {
        const text = words[word];
        if (text !== undefined) ((thing.words ??= {})[language] ??= {})[name] = text;
      }
    }
  }
  return copy;
}

/** The languages in which something of a flow is told. */
export function languagesOf(id: string, flow: Flow): string[] {
  const all = [flow.words, ...told(id, flow).map(({ thing }) => thing.words)];
  return [...new Set(all.flatMap((words) => Object.keys(words ?? {})))].toSorted();
}

/** Without the texts of a language. */
export function withoutLanguage(flow: Flow, language: string): Flow {
  const left = (words: Words) => Object.fromEntries(Object.entries(words).filter(([one]) => one !== language));
  // As they were before the language came: without a place for words where there are none, and in the same order.
  const without = <T extends { words?: Words }>(thing: T): T => {
    const copy = { ...thing };
    if (copy.words) copy.words = left(copy.words);
    if (copy.words && Object.keys(copy.words).length === 0) delete copy.words;
    return copy;
  };
  const form = flow.form.map((question) => without({ ...question, ...(question.options && { options: question.options.map(without) }) }));
  return { ...flow, form, ...(flow.words && { words: left(flow.words) }) };
}

/** The flow as the API knows it. */
export function withoutWords(flow: Flow): Flow {
  const without = <T extends { words?: Words }>({ words: _, ...rest }: T) => rest;
  const form = flow.form.map((question) => without({ ...question, ...(question.options && { options: question.options.map(without) }) }));
  return without({ ...flow, form }) as Flow;
}

/**
 * The change of the project's words that saving a flow, or taking it away, means: all words of the languages that it changes,
 * and null for a language that has none any more.
 */
export function changeOf(id: string, flow: Flow | null, { flows, translations }: Flows): Record<string, Record<string, string> | null> {
  const parts = flow ? told(id, flow) : [];
  const languages = new Set([...Object.keys(translations), ...(flow ? languagesOf(id, flow) : [])]);
  // Words that are none of the editor's stay, as long as there is the flow.
  const edited = new Set(flows[id] && told(id, flows[id]).flatMap(({ texts }) => texts.map(({ word }) => word)));
  const stays = (word: string) => (flow ? !edited.has(word) : !word.startsWith(`flow.${id}.`));
  const changes: Record<string, Record<string, string> | null> = {};
  for (const language of languages) {
    const before = translations[language] ?? {};
    const words = Object.fromEntries(Object.entries(before).filter(([word]) => stays(word)));
    for (const { thing, texts } of parts) {
      for (const { name, word } of texts) {
        const text = thing.words?.[language]?.[name]?.trim();
        if (text && word.length <= NAME_MAX) words[word] = text;
      }
    }
    const same = Object.keys(words).length === Object.keys(before).length && Object.entries(words).every(([word, text]) => before[word] === text);
    if (!same) changes[language] = Object.keys(words).length > 0 ? words : null;
  }
  return changes;
}
