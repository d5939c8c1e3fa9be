// Answers to a flow: which questions are asked, whether an answer is one, and what is sent.
import type { Attachment } from "../api/types";
import type { Fields } from "../bridge/protocol";
import type { Say } from "../i18n/words";
import type { Flow, Question, Rule } from "./model";

/** An answer by type: texts, numbers, agreement, choices, files. */
export type Answer = string | number | boolean | string[] | Attachment[];
/** Answers by the keys of their questions. */
export type Answers = Record<string, Answer | undefined>;

/** Characters of an answer at most, where the question sets no bound. */
export const TEXT_MAX = 10_000;

/** Whether there is an answer at all. */
export function isAnswered(answer: unknown): boolean {
  if (answer === undefined || answer === null || answer === false) return false;
  if (typeof answer === "string") return answer.trim() !== "";
  return Array.isArray(answer) ? answer.length > 0 : true;
}

/**
 * The questions that are asked now. A question depends on the answers of those that are asked
 * themselves: the answer to one that is hidden again counts for nothing.
 *
 * @param known what need not be asked where the question says so
 */
export function asked(flow: Flow, answers: Answers, known: Fields): Question[] {
  const visible: Question[] = [];
  const counted: Answers = {};
  for (const question of flow.form) {
    if (question.hideIfKnown && isAnswered(known[question.key])) {
      counted[question.key] = known[question.key] as Answer;
      continue;
    }
    const { conditions } = question;
    if (conditions) {
      const holds = (rule: Rule) => passes(rule, counted[rule.key]);
      if (!(conditions.match === "any" ? conditions.rules.some(holds) : conditions.rules.every(holds))) continue;
    }
    visible.push(question);
    counted[question.key] = answers[question.key];
  }
  return visible;
}

function passes(rule: Rule, answer: Answer | undefined): boolean {
  const values = choices(answer);
  const wanted = String(rule.value ?? "").toLowerCase();
  switch (rule.op) {
    case "is":
      return values.includes(wanted);
    case "isNot":
      return !values.includes(wanted);
    case "contains":
      return values.some((value) => value.includes(wanted));
    case "greater":
      return isAnswered(answer) && Number(answer) > Number(rule.value);
    case "less":
      return isAnswered(answer) && Number(answer) < Number(rule.value);
    case "answered":
      return isAnswered(answer);
    case "unanswered":
      return !isAnswered(answer);
  }
}

/** What was answered, as texts to compare. */
function choices(answer: Answer | undefined): string[] {
  if (answer === undefined) return [];
  const list: (string | number | boolean | Attachment)[] = Array.isArray(answer) ? answer : [answer];
  return list.map((value) => (typeof value === "object" ? value.name : String(value)).trim().toLowerCase());
}

/** What is wrong with an answer, in words; nothing when it is good. */
export function problem(question: Question, answer: Answer | undefined, say: Say): string | undefined {
  if (!isAnswered(answer)) {
    if (!question.required) return undefined;
    return question.type === "consent" ? say("consentNeeded") : say("required");
  }
  switch (question.type) {
    case "text":
    case "textarea": {
      const length = String(answer).trim().length;
      if (question.minLength !== undefined && length < question.minLength) return say("tooShort", { count: question.minLength });
      const max = question.maxLength ?? TEXT_MAX;
      return length > max ? say("tooLong", { count: max }) : undefined;
    }
    case "email":
      return isEmail(String(answer)) ? undefined : say("invalidEmail");
    case "number": {
      const number = Number(String(answer).replace(",", "."));
      if (!Number.isFinite(number)) return say("invalidNumber");
      if (question.min !== undefined && number < question.min) return say("tooSmall", { count: question.min });
      return question.max !== undefined && number > question.max ? say("tooBig", { count: question.max }) : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a text looks like an address that mail can reach. */
export function isEmail(text: string): boolean {
  return /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/.test(text.trim()) && text.trim().length <= 254;
}

/** The form as it is sent: answers to what was asked, and what was known instead. */
export function formData(flow: Flow, answers: Answers, known: Fields): Fields {
  const data: Fields = {};
  for (const question of flow.form) {
    if (question.hideIfKnown && isAnswered(known[question.key])) data[question.key] = known[question.key];
  }
  for (const question of asked(flow, answers, known)) {
    const answer = answers[question.key];
    if (question.type === "capture" || !isAnswered(answer)) continue;
    if (question.type === "number") data[question.key] = Number(String(answer).replace(",", "."));
    else data[question.key] = typeof answer === "string" ? answer.trim() : answer;
  }
  return data;
}

/** The points of a scale, the lowest first. */
export function points(question: Question): number[] {
  const first = Math.round(Math.min(question.min ?? 0, question.max ?? 10));
  const last = Math.round(Math.max(question.min ?? 0, question.max ?? 10));
  return Array.from({ length: Math.min(last - first, 10) + 1 }, (_, index) => first + index);
}
