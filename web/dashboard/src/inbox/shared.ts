// What several lists have in common.

/** The entries of the first list whose ids every other list has, too. */
export function shared<T extends { id: string }>(lists: readonly (readonly T[])[]): T[] {
  const [first = [], ...others] = lists;
  const known = others.map((list) => new Set(list.map(({ id }) => id)));
  return first.filter(({ id }) => known.every((ids) => ids.has(id)));
}
