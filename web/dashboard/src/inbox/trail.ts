// A plain field that began with the text of a document: which of its characters are the document's, and which were typed.
import { documentOf, plainOf } from "./rich.ts";

/** Something typed in place of a part of the first text. */
export interface Gap {
  /** The part of the first text. */
  from: number;
  to: number;
  text: string;
  /** Where it stands in the text now. */
  at: number;
}

export class Trail {
  /** For each character now, where it was at first; -1 for those that were typed. */
  private origins: number[];
  private last: string;

  constructor(readonly before: string) {
    this.last = before;
    this.origins = Array.from({ length: before.length }, (_, at) => at);
  }

  /** One that begins with a message's content as its editor has it: in a text, a blank line is the end of a paragraph. */
  static of(content: unknown): Trail {
    return new Trail(plainOf(documentOf(content)));
  }

  /** Takes what the field holds now, after a change of one place. */
  take(value: string): void {
    const { last } = this;
    const shorter = Math.min(last.length, value.length);
    let start = 0;
    while (start < shorter && last[start] === value[start]) start++;
    let rest = 0;
    while (rest < shorter - start && last.at(-1 - rest) === value.at(-1 - rest)) rest++;
    const typed = Array<number>(value.length - rest - start).fill(-1);
    this.origins = [...this.origins.slice(0, start), ...typed, ...this.origins.slice(last.length - rest)];
    this.last = value;
  }

  /** Where a place in the text was at first, when the character behind it is one of the first text. */
  originOf(at: number): number {
    return this.origins[at] ?? this.before.length;
  }

  /** What was changed, from the start to the end. */
  gaps(): Gap[] {
    const gaps: Gap[] = [];
    let from = 0;
    let text = "";
    for (let at = 0; at <= this.last.length; at++) {
      const origin = this.originOf(at);
      if (origin < 0) {
        text += this.last[at];
        continue;
      }
      if (text || origin > from) gaps.push({ from, to: origin, text, at: at - text.length });
      from = origin + 1;
      text = "";
    }
    return gaps;
  }
}
