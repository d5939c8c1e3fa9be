// What can be chosen in a list.
import type { IconName } from "./icons.ts";

/** Something to choose. */
export interface Choice {
  value: string;
  label: string;
  hint?: string | undefined;
  icon?: IconName | undefined;
  /** A person: shown with letters or the picture. */
  person?: { src?: string | undefined; name?: string } | undefined;
  /** A CSS colour for a dot. */
  colour?: string | undefined;
  keywords?: string | undefined;
}

/** The choices, and behind them what is chosen and no choice any more, so that it can be taken out. */
export function withChosen(choices: readonly Choice[], chosen: readonly string[]): readonly Choice[] {
  const known = new Set(choices.map(({ value }) => value));
  const gone = chosen.filter((value) => value && !known.has(value));
  return gone.length ? [...choices, ...gone.map((value) => ({ value, label: value }))] : choices;
}
