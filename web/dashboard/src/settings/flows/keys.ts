// Names of flows, answers and choices, made of what people call them.
import type { Option } from "./model.ts";

/** Characters of a key: those of a flow, a question and a choice stand together in the names of words, which have 64 at most. */
const KEY_CHARS = 16;

/** A key that none of these has, made of a title. */
export function keyOf(title: string, taken: readonly string[]): string {
  const plain = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const base = plain || "question";
  for (let n = 1; ; n++) {
    const end = n === 1 ? "" : `_${n}`;
    const key = base.slice(0, KEY_CHARS - end.length).replace(/_+$/, "") + end;
    if (!taken.includes(key)) return key;
  }
}

/** Values of a choice, made of their labels and without doubles. */
export function valued(options: readonly Option[]): Option[] {
  const taken: string[] = [];
  return options.map((option) => {
    const value = option.value || keyOf(option.label, taken);
    taken.push(value);
    return { ...option, value };
  });
}
