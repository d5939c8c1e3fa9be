// Keeps what somebody looks at, or is about to click on, in its place while a list changes its order.

/** Rows that are asked where they went: one of them alone may have been moved itself. */
const ASKED = 3;

/**
 * By how many rows a list has to scroll so that the rows from `at` on stay where they were. `before` are the ids in their
 * old order, from `first` on; `indexOf` is their place now, or -1.
 */
export function rowsMoved(before: readonly string[], first: number, at: number, indexOf: (id: string) => number): number {
  const moves: number[] = [];
  for (let index = Math.max(at, first); index < first + before.length && moves.length < ASKED; index++) {
    const now = indexOf(before[index - first]!);
    if (now >= 0) moves.push(now - index);
  }
  return moves.toSorted((a, b) => a - b)[moves.length >> 1] ?? 0;
}
