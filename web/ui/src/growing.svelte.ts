// How much of something long is drawn while it comes up: a few more in each task, so that the page answers in between.
import { breath } from "./breath.ts";

/** A bound that grows by a step in each task, until there is nothing left that it keeps back. */
export class Growing {
  /** How many may be drawn now. */
  most = $state(0);
  private runs = 0;

  constructor(private readonly step: number) {
    this.most = step;
  }

  /** Begins with the first step, for something that is drawn anew; `needed` says how many there are. */
  async begin(needed: () => number): Promise<void> {
    const run = ++this.runs;
    this.most = this.step;
    while (this.most < needed()) {
      await breath();
      if (run !== this.runs) return;
      this.most += this.step;
    }
    this.most = Infinity;
  }

  /** Keeps nothing back any more. */
  all(): void {
    this.runs++;
    this.most = Infinity;
  }
}
