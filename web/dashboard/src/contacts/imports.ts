// Imports as the API answers them, and what people want to know of one.
import type { Schemas } from "@hark/api-client";
import { written } from "./csv.ts";
import type { Key } from "./text.ts";

export type Import = Schemas["ImportView"];

/** Whether it goes on by itself. */
export function isMoving({ status }: Import): boolean {
  return status === "receiving" || status === "waiting" || status === "running";
}

/** How much of it is done, 0 to 1; undefined when nobody knows how much there is. */
export function partDone({ count, total, status }: Import): number | undefined {
  if (status === "finished") return 1;
  return total ? Math.min(1, (count ?? 0) / total) : undefined;
}

export const STATUS: Record<Import["status"], { text: Key; tone: "plain" | "info" | "good" | "bad" | "warn" }> = {
  receiving: { text: "statusReceiving", tone: "info" },
  waiting: { text: "statusWaiting", tone: "plain" },
  running: { text: "statusRunning", tone: "info" },
  finished: { text: "statusFinished", tone: "good" },
  failed: { text: "statusFailed", tone: "bad" },
  cancelled: { text: "statusCancelled", tone: "warn" },
};

/** The errors of rows as a file, with which people mend their own. */
export function errorsCsv(errors: NonNullable<Import["errors"]>): Blob {
  const rows = errors.map(({ row, record, message }) => written([String(row), guarded(record ?? ""), guarded(message)], ","));
  return new Blob([written(["row", "record", "message"], ","), ...rows], { type: "text/csv" });
}

/** Spreadsheets run what begins like a formula. */
function guarded(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
