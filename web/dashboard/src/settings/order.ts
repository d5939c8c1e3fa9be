// Moving things within a list.

/** The list with the thing at one place moved to another. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [thing] = next.splice(from, 1);
  if (thing !== undefined) next.splice(Math.max(0, to), 0, thing);
  return next;
}
