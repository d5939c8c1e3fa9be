// Which tickets of a list are chosen for something that is done with many at once.
import { SvelteSet } from "svelte/reactivity";

export class Selection {
  private readonly ids = new SvelteSet<string>();
  private anchor: string | undefined;

  get size(): number {
    return this.ids.size;
  }

  get list(): string[] {
    return [...this.ids];
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Chooses a ticket or leaves it; with `range` everything between it and the last one that was chosen. */
  toggle(id: string, range: boolean, order: readonly string[]): void {
    const from = this.anchor === undefined ? -1 : order.indexOf(this.anchor);
    const to = order.indexOf(id);
    if (range && from >= 0 && to >= 0) {
      for (const one of order.slice(Math.min(from, to), Math.max(from, to) + 1)) this.ids.add(one);
    } else if (!this.ids.delete(id)) this.ids.add(id);
    this.anchor = id;
  }

  all(order: readonly string[]): void {
    for (const id of order) this.ids.add(id);
  }

  clear(): void {
    this.ids.clear();
    this.anchor = undefined;
  }
}
