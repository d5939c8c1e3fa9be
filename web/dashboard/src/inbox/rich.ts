// The documents in which messages are written: their nodes, which addresses may be followed, and plain text.

export interface Node {
  type: string;
  text?: string;
  attrs?: Record<string, unknown>;
  marks?: { type: string; attrs?: Record<string, unknown> }[];
  content?: Node[];
}

/** The nodes within a node; none of what is no node. */
export function childrenOf(content: unknown): Node[] {
  const nodes = (content as Node | null | undefined)?.content;
  return Array.isArray(nodes) ? nodes.filter((node) => typeof node === "object" && node !== null && typeof node.type === "string") : [];
}

/** The marks of a text, links outermost; links that may not be followed are left out. */
export function marksOf(node: Node): { type: string; href: string | undefined }[] {
  const marks = (node.marks ?? []).map((mark) => ({ type: mark.type, href: mark.type === "link" ? linkAddress(mark.attrs?.href) : undefined }));
  return marks
    .filter((mark) => mark.type !== "link" || mark.href)
    .sort((left, right) => Number(right.type === "link") - Number(left.type === "link"));
}

/** An address that may be followed. */
export function linkAddress(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  return /^(https?:\/\/|mailto:|tel:)/i.test(value.trim()) ? value.trim() : undefined;
}

/** An address from which an image may be loaded. */
export function imageAddress(value: unknown): string | undefined {
  return typeof value === "string" && /^(https?:\/\/|\/(?!\/))/i.test(value) ? value : undefined;
}

const ADDRESS = /(?:https?:\/\/|www\.)[^\s<>"']*[^\s<>"'.,;:!?)\]}]/gi;

/** A text in pieces, those that are web addresses with where they lead. */
export function linked(text: string): { text: string; href?: string }[] {
  const parts: { text: string; href?: string }[] = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index) });
    const found = match[0];
    parts.push({ text: found, href: found.startsWith("www.") ? `https://${found}` : found });
    at = match.index + found.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}

/** Nodes that end a line of plain text. */
export const ENDS_LINE: ReadonlySet<string> = new Set(["paragraph", "heading", "listItem", "blockquote", "codeBlock"]);

/** A document as plain text. */
export function plainOf(content: unknown): string {
  if (typeof content === "string") return content;
  let text = "";
  const walk = (node: Node) => {
    if (node.text) text += node.text;
    else if (node.type === "hardBreak") text += "\n";
    else if (node.type === "mention") text += `@${String(node.attrs?.label ?? "")}`;
    for (const child of childrenOf(node)) walk(child);
    if (ENDS_LINE.has(node.type) && text && !text.endsWith("\n")) text += "\n";
  };
  for (const node of childrenOf(content)) walk(node);
  return text.trim();
}

/** Whether a document says nothing. */
export function isEmpty(content: unknown): boolean {
  if (plainOf(content)) return false;
  const shows = (node: Node): boolean => ["image", "imageBlock", "youtube"].includes(node.type) || childrenOf(node).some(shows);
  return !childrenOf(content).some(shows);
}

/** A text as a document. */
export function documentOf(content: unknown): Node {
  if (typeof content !== "string") return (content as Node | null) ?? { type: "doc", content: [] };
  const lines = content.split(/\n{2,}/).map((paragraph): Node => ({
    type: "paragraph",
    content: paragraph
      .split("\n")
      .flatMap((line, at): Node[] => [...(at ? [{ type: "hardBreak" }] : []), ...(line ? [{ type: "text", text: line }] : [])]),
  }));
  return { type: "doc", content: lines };
}

/** Whether a draft is what was saved while something was written that has been sent since: its text up to some moment. */
export function remains(draft: { comment?: unknown; attachments?: { url: string }[] }, sent: { text: string; attachments: { url: string }[] }): boolean {
  const files = draft.attachments ?? [];
  return sent.text.startsWith(plainOf(draft.comment)) && files.every((file) => sent.attachments.some((one) => one.url === file.url));
}

/** A document in which `{{name}}` and the like are replaced by what they stand for; unknown ones stay. */
export function filled(content: unknown, values: Record<string, string>): Node {
  const walk = (node: Node): Node => ({
    ...node,
    ...(node.text !== undefined && {
      text: node.text.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (whole, name: string) => values[name] || whole),
    }),
    ...(node.content && { content: node.content.map(walk) }),
  });
  return walk(documentOf(content));
}
