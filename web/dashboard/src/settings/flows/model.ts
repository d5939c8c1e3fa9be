// Feedback flows and surveys: what the messenger asks, and how the editor begins new ones.
import { readConfig, saveConfig, type Config, type Revised } from "../config.ts";
import type { Translations } from "../languages.ts";
import { changeOf, withoutWords, type Words } from "./words.ts";

export const questionTypes = [
  "text",
  "textarea",
  "email",
  "number",
  "select",
  "multiselect",
  "rating",
  "emoji",
  "scale",
  "upload",
  "capture",
  "consent",
] as const;
export type QuestionType = (typeof questionTypes)[number];
export const operators = ["is", "isNot", "contains", "greater", "less", "answered", "unanswered"] as const;
export const captured = ["screenshot", "consoleLog", "networkLogs", "replays", "customEventLog", "metaData", "customData", "attachments"] as const;
export const icons = ["bug", "idea", "chat", "star", "heart", "question"] as const;

export interface Rule {
  key: string;
  op: (typeof operators)[number];
  value?: string | number | boolean;
}

export interface Option {
  value: string;
  label: string;
  /** What it is in other languages, while it is edited. */
  words?: Words;
}

export interface Question {
  key: string;
  type: QuestionType;
  title: string;
  description?: string;
  placeholder?: string;
  required?: boolean;
  hideIfKnown?: boolean;
  minLength?: number;
  maxLength?: number;
  min?: number;
  max?: number;
  lowLabel?: string;
  highLabel?: string;
  options?: Option[];
  other?: boolean;
  link?: string;
  screenshot?: boolean;
  recording?: boolean;
  conditions?: { match?: "all" | "any"; rules: Rule[] };
  /** What it says in other languages, while it is edited. */
  words?: Words;
}

export interface Flow {
  title: string;
  description?: string;
  feedbackType?: string;
  kind?: "form" | "survey";
  layout?: "steps" | "page";
  home?: boolean;
  icon?: (typeof icons)[number];
  excludeData?: Partial<Record<(typeof captured)[number], boolean>>;
  submitText?: string;
  thanksTitle?: string;
  thanksText?: string;
  form: Question[];
  /** What it says in other languages, while it is edited. */
  words?: Words;
}

/** The flows of a project, and its words in other languages, of which theirs are some. */
export interface Flows {
  flows: Record<string, Flow>;
  translations: Translations;
}

const flowsOf = (config: Config): Flows => ({
  flows: (config.projectActions ?? {}) as Flows["flows"],
  translations: (config.translations ?? {}) as Translations,
});

export function readFlows(signal?: AbortSignal): Promise<Revised<Flows>> {
  return readConfig(flowsOf, signal);
}

/** Saves one with its words, if the configuration still is what was read; `null` takes it away, and no `read` means in any case. */
export async function saveFlow(id: string, flow: Flow | null, read?: Revised<Flows>): Promise<Revised<Flows>> {
  // The words of a language are sent as a whole: those of others among them are the ones that are there now.
  const { data, etag } = read ?? (await readFlows());
  const body = { projectActions: { [id]: flow && withoutWords(flow) }, translations: changeOf(id, flow, data) };
  return saveConfig(body as Config, etag, flowsOf);
}

/** A flow without what is empty, as the API wants it. */
export function tidy(flow: Flow): Flow {
  const form = flow.form.map((question) => {
    const { options, conditions, ...rest } = question;
    return {
      ...filled(rest),
      ...(["select", "multiselect"].includes(question.type) && { options: (options ?? []).filter((option) => option.label) }),
      ...(conditions?.rules.length && { conditions }),
    } as Question;
  });
  return { ...filled(flow), form } as Flow;
}

function filled<T extends object>(thing: T): Partial<T> {
  return Object.fromEntries(Object.entries(thing).filter(([, value]) => value !== "" && value !== undefined && value !== null)) as Partial<T>;
}
