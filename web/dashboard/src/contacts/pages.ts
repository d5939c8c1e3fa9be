// A list of any length of which only pages near what is seen are loaded.

/** Loads some entries from `skip` on, with how many there are altogether. */
export type Loader<T> = (skip: number, limit: number, signal: AbortSignal) => Promise<{ entries: T[]; total: number }>;

interface Options<T> {
  load: Loader<T>;
  /** Told after each change. */
  onchange: () => void;
  onerror: (error: unknown) => void;
  page?: number;
  /** Pages that are kept. */
  kept?: number;
}

export class Pages<T extends { id: string }> {
  /** How many entries there are; undefined until the first page is here. */
  total: number | undefined;
  private readonly pages = new Map<number, T[]>();
  private readonly waiting = new Map<number, AbortController>();
  private readonly size: number;
  private readonly kept: number;
  private wanted: [from: number, to: number] = [0, 0];
  private ended = false;

  constructor(private readonly options: Options<T>) {
    this.size = options.page ?? 100;
    this.kept = options.kept ?? 40;
  }

  /** The entry at a place, if it is here. */
  at(index: number): T | undefined {
    return this.pages.get(Math.floor(index / this.size))?.[index % this.size];
  }

  /** Everything that is here, in no order. */
  here(): T[] {
    return [...this.pages.values()].flat();
  }

  find(id: string): T | undefined {
    for (const page of this.pages.values()) {
      const found = page.find((entry) => entry.id === id);
      if (found) return found;
    }
    return undefined;
  }

  /** Where an entry is, if it is here. */
  indexOf(id: string): number {
    for (const [number, page] of this.pages) {
      const at = page.findIndex((entry) => entry.id === id);
      if (at !== -1) return number * this.size + at;
    }
    return -1;
  }

  /** Loads what is missing of some rows, and gives up what is no longer wanted. */
  want(from: number, to: number): void {
    this.wanted = [from, to];
    const [first, last] = this.range();
    for (const [number, ending] of this.waiting) {
      if (number < first || number > last) {
        ending.abort();
        this.waiting.delete(number);
      }
    }
    for (let number = first; number <= last; number += 1) if (!this.pages.has(number) && !this.waiting.has(number)) void this.load(number);
  }

  /** Loads what is seen anew, keeping it in sight meanwhile. */
  async refresh(): Promise<void> {
    const [first, last] = this.range();
    for (const number of this.pages.keys()) if (number < first || number > last) this.pages.delete(number);
    const numbers = Array.from({ length: last - first + 1 }, (_, at) => first + at);
    await Promise.all(numbers.map((number) => this.load(number)));
  }

  /** Changes an entry where it is here. */
  put(entry: T): void {
    for (const page of this.pages.values()) {
      const at = page.findIndex((one) => one.id === entry.id);
      if (at !== -1) {
        page[at] = entry;
        this.options.onchange();
      }
    }
  }

  /** Takes an entry out; those behind it move up. Returns what puts it back. */
  remove(id: string): () => void {
    const before = new Map([...this.pages].map(([number, page]) => [number, [...page]]));
    const total = this.total;
    const index = this.indexOf(id);
    if (index === -1) return () => undefined;
    const number = Math.floor(index / this.size);
    this.pages.get(number)?.splice(index % this.size, 1);
    this.total = total === undefined ? undefined : total - 1;
    // Pages behind it have moved by one, and are asked for again when they are seen.
    for (const other of this.pages.keys()) if (other > number) this.pages.delete(other);
    this.options.onchange();
    return () => {
      this.pages.clear();
      for (const [number, page] of before) this.pages.set(number, page);
      this.total = total;
      this.options.onchange();
    };
  }

  end(): void {
    this.ended = true;
    for (const ending of this.waiting.values()) ending.abort();
    this.waiting.clear();
  }

  private range(): [first: number, last: number] {
    const [from, to] = this.wanted;
    const end = this.total === undefined ? this.size : Math.max(1, this.total);
    const last = Math.max(from, Math.min(to, end) - 1);
    return [Math.floor(from / this.size), Math.floor(last / this.size)];
  }

  private async load(number: number): Promise<void> {
    this.waiting.get(number)?.abort();
    const ending = new AbortController();
    this.waiting.set(number, ending);
    try {
      const { entries, total } = await this.options.load(number * this.size, this.size, ending.signal);
      if (ending.signal.aborted || this.ended) return;
      this.pages.set(number, entries);
      const isFirst = this.total === undefined;
      this.total = total;
      // Only now it is known how far the rows go that were wanted.
      if (isFirst) this.want(...this.wanted);
      this.forget();
      this.options.onchange();
    } catch (error) {
      if (!ending.signal.aborted && !this.ended) this.options.onerror(error);
    } finally {
      if (this.waiting.get(number) === ending) this.waiting.delete(number);
    }
  }

  /** Forgets the pages that are farthest from what is seen. */
  private forget(): void {
    const [first, last] = this.range();
    const distance = (number: number) => Math.max(first - number, number - last, 0);
    const far = [...this.pages.keys()].sort((a, b) => distance(b) - distance(a));
    for (const number of far.slice(0, Math.max(0, this.pages.size - this.kept))) this.pages.delete(number);
  }
}
