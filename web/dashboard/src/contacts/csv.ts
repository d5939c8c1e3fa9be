// The head and first rows of a file of contacts, to show before it is sent, and new names for its columns.

/** What a file begins with. */
export interface Preview {
  separator: string;
  head: string[];
  rows: string[][];
  /** Bytes of the head with its line end, as they are in the file. */
  headBytes: number;
}

/** The separator that occurs most in the head; the server chooses the same way. */
function separatorOf(head: string): string {
  const count = (separator: string) => head.split(separator).length - 1;
  return ["\t", ";", ","].reduce((best, separator) => (count(separator) >= count(best) ? separator : best));
}

/** Reads the beginning of a file. */
export function preview(text: string, rowsMax = 5): Preview | undefined {
  const body = text.replace(/^\uFEFF/, "");
  const end = lineEnd(body, 0);
  if (body.slice(0, end).trim() === "") return undefined;
  const separator = separatorOf(body.slice(0, body.indexOf("\n") === -1 ? body.length : body.indexOf("\n")));
  const rows: string[][] = [];
  let from = end;
  while (from < body.length && rows.length < rowsMax) {
    const to = lineEnd(body, from);
    const cells = cellsOf(body.slice(from, to), separator);
    if (cells.some((cell) => cell !== "")) rows.push(cells);
    from = to;
  }
  const headText = text.slice(0, text.length - body.length + end);
  return { separator, head: cellsOf(body.slice(0, end), separator), rows, headBytes: new TextEncoder().encode(headText).length };
}

/** Where a row ends, its line break included; breaks within quotes belong to their cell. */
function lineEnd(text: string, from: number): number {
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === "\n" && !quoted) return at + 1;
  }
  return text.length;
}

function cellsOf(row: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  const text = row.replace(/\r?\n$/, "");
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted && letter === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (letter === '"') quoted = !quoted;
    else if (letter === separator && !quoted) {
      cells.push(cell);
      cell = "";
    } else cell += letter;
  }
  cells.push(cell);
  return cells.map((one) => one.trim());
}

/** A row as a file holds it. */
export function written(cells: readonly string[], separator: string): string {
  const cell = (text: string) => (/["\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text);
  return `${cells.map(cell).join(separator)}\n`;
}

/** The file with other names for its columns; what is below the head stays as it is. */
export function renamed(file: Blob, { separator, headBytes }: Preview, head: readonly string[]): Blob {
  return new Blob([written(head, separator), file.slice(headBytes)], { type: "text/csv" });
}

/** Names of columns that the server knows under another one, folded to letters and digits. */
const ALSO: Record<string, string> = {
  emailaddress: "email",
  mail: "email",
  externalid: "userId",
  fullname: "name",
  phonenumber: "phone",
  mobile: "phone",
  company: "companyName",
  language: "lang",
  labels: "tags",
};
const PROPERTIES = ["userId", "name", "email", "phone", "avatar", "lang", "companyId", "companyName", "plan", "value", "sla", "tags", "createdAt", "lastActivity", "blocked", "unsubscribed"];

/** The properties that a column can become. */
export const TARGETS: readonly string[] = PROPERTIES;

/** Which property a column becomes by its name; a custom one when none is called so. */
export function targetOf(name: string): string | undefined {
  const folded = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return ALSO[folded] ?? PROPERTIES.find((property) => property.toLowerCase() === folded);
}
