// Putting a list into another order by dragging its entries.
import { moved } from "./order.ts";

export class Drag<T> {
  /** The place of the entry that is dragged. */
  private from = $state<number>();

  /** `put` is given the list in its new order. */
  constructor(
    private readonly list: () => readonly T[],
    private readonly put: (next: T[]) => void,
  ) {}

  /** Whether an entry could be let go at a place. */
  over(at: number): boolean {
    return this.from !== undefined && this.from !== at;
  }

  /** What belongs to the element of an entry. */
  target(at: number) {
    return {
      ondragover: (event: DragEvent) => event.preventDefault(),
      ondrop: (event: DragEvent) => {
        event.preventDefault();
        if (this.from !== undefined) this.put(moved(this.list(), this.from, at));
        this.from = undefined;
      },
    };
  }

  /** What belongs to the grip of an entry, which is called like this. */
  grip(at: number, name: string, enabled = true) {
    return {
      role: "presentation",
      draggable: enabled,
      ondragstart: (event: DragEvent) => {
        this.from = at;
        event.dataTransfer?.setData("text/plain", name);
      },
      ondragend: () => (this.from = undefined),
    } as const;
  }
}
