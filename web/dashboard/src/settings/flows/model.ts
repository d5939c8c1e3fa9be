// Feedback flows and surveys: what the messenger asks, and how the editor begins new ones.
import { readConfig, saveConfig, type Config, type Revised } from "../config.ts";

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
  options?: { value: string; label: string }[];
  other?: boolean;
  link?: string;
  screenshot?: boolean;
  recording?: boolean;
  conditions?: { match?: "all" | "any"; rules: Rule[] };
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
}

export type Flows = Record<string, Flow>;

const flowsOf = (config: Config) => (config.projectActions ?? {}) as Flows;

export function readFlows(signal?: AbortSignal): Promise<Revised<Flows>> {
  return readConfig(flowsOf, signal);
}

/** Saves one; `null` takes it away. */
export function saveFlow(id: string, flow: Flow | null, etag: string | undefined): Promise<Revised<Flows>> {
  return saveConfig({ projectActions: { [id]: flow } } as Config, etag, flowsOf);
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

/** A key that none of these has, made of a title. */
export function keyOf(title: string, taken: readonly string[]): string {
  const plain = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 48);
  const base = plain || "question";
  for (let n = 1; ; n++) {
    const key = n === 1 ? base : `${base}_${n}`;
    if (!taken.includes(key)) return key;
  }
}

/** Values of a choice, made of their labels and without doubles. */
export function valued(options: readonly { value: string; label: string }[]): { value: string; label: string }[] {
  const taken: string[] = [];
  return options.map(({ value, label }) => {
    const own = value || keyOf(label, taken);
    taken.push(own);
    return { value: own, label };
  });
}
