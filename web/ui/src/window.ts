// Which rows of a long list are near what is seen; rows have one height, and very long lists are scaled so that no
// browser's limit on the height of an element matters.

/** The tallest element that every engine draws. */
export const HEIGHT_MAX = 8_000_000;

/** What to draw of a list. */
export interface Window {
  /** The first row to draw, and the one after the last. */
  from: number;
  to: number;
  /** Where the first drawn row lies, in pixels from the top of the scrolled content. */
  offset: number;
  /** The height of the scrolled content in pixels. */
  height: number;
}

/** The rows around a scroll position of a list of `count` rows of `row` pixels in a box of `box` pixels. */
export function windowOf(count: number, row: number, box: number, scroll: number, spare = 8): Window {
  const real = count * row;
  const height = Math.min(real, HEIGHT_MAX);
  const scale = height > box && real > height ? (real - box) / (height - box) : 1;
  const top = Math.max(0, Math.min(scroll, height - box)) * scale;
  const from = Math.max(0, Math.floor(top / row) - spare);
  const to = Math.min(count, Math.ceil((top + box) / row) + spare);
  return { from, to, offset: Math.max(0, Math.min(scroll, Math.max(0, height - box))) - (top - from * row), height };
}

/** The scroll position that shows a row, or the one given if it is seen already. */
export function scrollTo(index: number, count: number, row: number, box: number, scroll: number): number {
  const real = count * row;
  const height = Math.min(real, HEIGHT_MAX);
  const scale = height > box && real > height ? (real - box) / (height - box) : 1;
  const top = scroll * scale;
  if (index * row < top) return (index * row) / scale;
  if ((index + 1) * row > top + box) return ((index + 1) * row - box) / scale;
  return scroll;
}
