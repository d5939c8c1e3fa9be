// Feedback flows and surveys as a project configures them, read with care: what is not understood is left out.
import { isFields, type ExcludeData, type Fields } from "../bridge/protocol";

/** What a question asks for. */
export const QUESTION_TYPES = [
  "text",
  "textarea",
  "email",
  "number",
  "upload",
  "capture",
  "select",
  "multiselect",
  "rating",
  "emoji",
  "scale",
  "consent",
] as const;
export type QuestionType = (typeof QUESTION_TYPES)[number];

export interface Option {
  value: string;
  label: string;
}

export const OPS = ["is", "isNot", "contains", "greater", "less", "answered", "unanswered"] as const;
export type Op = (typeof OPS)[number];

export interface Rule {
  /** The key of another question. */
  key: string;
  op: Op;
  value?: string | number | boolean;
}

export interface Conditions {
  match: "all" | "any";
  rules: Rule[];
}

export interface Question {
  key: string;
  type: QuestionType;
  title: string;
  description: string;
  placeholder: string;
  required: boolean;
  /** Not asked when the contact, or what the site filled in, has it already. */
  hideIfKnown: boolean;
  minLength?: number;
  maxLength?: number;
  min?: number;
  max?: number;
  lowLabel: string;
  highLabel: string;
  options: Option[];
  /** Whether an answer of the visitor's own can be given. */
  other: boolean;
  /** What is agreed to. */
  link: string;
  screenshot: boolean;
  recording: boolean;
  conditions?: Conditions;
}

export const ICONS = ["bug", "idea", "chat", "star", "heart", "question"] as const;
export type FlowIcon = (typeof ICONS)[number];

export interface Flow {
  id: string;
  title: string;
  description: string;
  /** What the home screen says of it. */
  hint: string;
  /** The type of the ticket that is made. */
  feedbackType: string;
  isSurvey: boolean;
  /** One question a page, or all on one. */
  layout: "steps" | "page";
  /** Whether the home screen offers it. */
  home: boolean;
  icon: FlowIcon;
  excludeData: ExcludeData;
  submitText: string;
  thanksTitle: string;
  thanksText: string;
  form: Question[];
}

const EXCLUDABLE = [
  "customData",
  "metaData",
  "attachments",
  "consoleLog",
  "networkLogs",
  "customEventLog",
  "screenshot",
  "replays",
] as const;

/** Says a text in the visitor's language, when the project has it there, else as it stands in the flow. */
type Texts = (where: string, given: unknown) => string;

/**
 * The flows of a project, by id in what it was given.
 *
 * @param words the project's words in the visitor's language; those of flows begin with `flow.` and the id
 */
export function readFlows(actions: Fields, words: Fields = {}): Flow[] {
  return Object.entries(actions)
    .map(([id, flow]) => readFlow(id, flow, words))
    .filter((flow) => flow !== undefined);
}

export function readFlow(id: string, value: unknown, words: Fields = {}): Flow | undefined {
  if (!isFields(value)) return undefined;
  const texts: Texts = (where, given) => text(words[`flow.${id}.${where}`]) || text(given);
  const form = (Array.isArray(value.form) ? value.form : []).flatMap((one) => readQuestion(one, texts) ?? []);
  const title = texts("title", value.title);
  if (!title || form.length === 0) return undefined;
  const exclude = isFields(value.excludeData) ? value.excludeData : {};
  const excludeData: ExcludeData = {};
  for (const name of EXCLUDABLE) if (exclude[name] === true) excludeData[name] = true;
  return {
    id,
    title,
    description: texts("description", value.description),
    hint: texts("hint", value.hint) || texts("description", value.description),
    feedbackType: text(value.feedbackType) || "BUG",
    isSurvey: value.kind === "survey",
    layout: value.layout === "steps" ? "steps" : "page",
    home: value.home !== false,
    icon: oneOf(ICONS, value.icon) ?? "chat",
    excludeData,
    submitText: texts("submitText", value.submitText),
    thanksTitle: texts("thanksTitle", value.thanksTitle),
    thanksText: texts("thanksText", value.thanksText),
    form,
  };
}

function readQuestion(value: unknown, texts: Texts): Question | undefined {
  if (!isFields(value)) return undefined;
  const type = oneOf(QUESTION_TYPES, value.type);
  const key = text(value.key);
  if (!type || !key) return undefined;
  const conditions = readConditions(value.conditions);
  const link = text(value.link);
  return {
    key,
    type,
    title: texts(`${key}.title`, value.title),
    description: texts(`${key}.description`, value.description),
    placeholder: texts(`${key}.placeholder`, value.placeholder),
    required: value.required === true,
    hideIfKnown: value.hideIfKnown === true,
    ...number("minLength", value),
    ...number("maxLength", value),
    ...number("min", value),
    ...number("max", value),
    lowLabel: texts(`${key}.lowLabel`, value.lowLabel),
    highLabel: texts(`${key}.highLabel`, value.highLabel),
    options: (Array.isArray(value.options) ? value.options : [])
      .filter(isFields)
      .map((option) => ({ value: text(option.value), label: texts(`${key}.option.${text(option.value)}`, option.label) || text(option.value) }))
      .filter((option) => option.value !== ""),
    other: value.other === true,
    link: /^https?:\/\//i.test(link) ? link : "",
    screenshot: value.screenshot !== false,
    recording: value.recording !== false,
    ...(conditions && { conditions }),
  };
}

function readConditions(value: unknown): Conditions | undefined {
  if (!isFields(value) || !Array.isArray(value.rules)) return undefined;
  const rules = value.rules.filter(isFields).flatMap((rule): Rule[] => {
    const op = oneOf(OPS, rule.op);
    const key = text(rule.key);
    if (!op || !key) return [];
    const given = rule.value;
    const isPlain = typeof given === "string" || typeof given === "number" || typeof given === "boolean";
    return [{ key, op, ...(isPlain && { value: given }) }];
  });
  return rules.length > 0 ? { match: value.match === "any" ? "any" : "all", rules } : undefined;
}

function number<K extends string>(name: K, value: Fields): Partial<Record<K, number>> {
  const given = value[name];
  return (typeof given === "number" && Number.isFinite(given) ? { [name]: given } : {}) as Partial<Record<K, number>>;
}

function oneOf<T extends string>(words: readonly T[], value: unknown): T | undefined {
  return words.find((word) => word === value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
