// The part of a text in which the words of a search stand.

const CHARS_BEFORE = 34;
const CHARS = 130;

/** The part of a text around the first of the words, with the words between ‹ and ›. */
export function snippet(text: string, searched: string): string {
  const words = searched.toLowerCase().split(/\s+/).filter((word) => word.length > 1);
  const plain = text.replace(/[‹›\s]+/g, " ").trim();
  const lower = plain.toLowerCase();
  const first = Math.min(...words.map((word) => lower.indexOf(word)).filter((at) => at >= 0));
  const from = Number.isFinite(first) ? Math.max(0, first - CHARS_BEFORE) : 0;
  const part = `${from > 0 ? "…" : ""}${plain.slice(from, from + CHARS)}${plain.length > from + CHARS ? "…" : ""}`;
  if (words.length === 0) return part;
  const any = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "giu");
  return part.replace(any, "‹$1›");
}
