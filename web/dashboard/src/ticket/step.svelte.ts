// Keeps a log in step with the replay: the entry of the moment stays in sight, until the reader scrolls away.
import { untrack } from "svelte";

/** How long the reader's own scrolling is left alone, in milliseconds. */
const LEAVE_MS = 4000;

export class Step {
  private left = 0;

  /** `list` is the element that scrolls, its children are the entries; `current` is the entry of the moment. */
  constructor(list: () => HTMLElement | undefined, current: () => number | undefined) {
    $effect(() => {
      const box = list();
      const at = current();
      if (!box || at === undefined) return;
      untrack(() => this.bring(box, Math.max(0, at)));
    });
  }

  /** The reader scrolls by hand. */
  readonly leave = (): void => {
    this.left = performance.now();
  };

  private bring(box: HTMLElement, at: number): void {
    if (performance.now() - this.left < LEAVE_MS && this.left > 0) return;
    const entry = box.children[at] as HTMLElement | undefined;
    if (!entry) return;
    const [seen, own] = [box.getBoundingClientRect(), entry.getBoundingClientRect()];
    const room = seen.height / 3;
    if (own.top < seen.top + 8) box.scrollTop -= seen.top + room - own.top;
    else if (own.bottom > seen.bottom - 8) box.scrollTop += own.bottom - seen.bottom + room;
  }
}
