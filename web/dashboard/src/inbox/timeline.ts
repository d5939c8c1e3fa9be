// A conversation in the order in which it happened: days, messages, and what was done with the ticket between them.
import type { Activity, Message } from "./types.ts";

export type Line =
  | { kind: "day"; key: string; at: string }
  | { kind: "message"; key: string; message: Message; /** Follows another of the same sender closely. */ joined: boolean }
  | { kind: "events"; key: string; events: Activity[] };

/** Messages of one sender within this time belong together. */
const JOIN_MS = 4 * 60_000;
/** What messages show themselves, or what nobody needs to read. */
const HIDDEN = new Set(["COMMENT_CREATED", "TICKET_REPLY", "NOTE_CREATED", "MESSAGE_UPDATED"]);
const TOLD = new Set(["status", "processingUser", "processingTeam", "priority", "type", "tags", "archived", "isSpam", "snoozed", "title", "conversationRating"]);

/** Whether something that happened is worth a line between the messages. */
function isTold(event: Activity): boolean {
  if (HIDDEN.has(event.action)) return false;
  return event.property ? TOLD.has(event.property) : event.action !== "TICKET_UPDATED";
}

function sender(message: Message): string {
  return `${message.type === "NOTE" ? "note" : message.senderType} ${message.user?.id ?? message.session?.id ?? ""}`;
}

/** The lines of a conversation; while older messages are unread, nothing that happened before the first is told. */
export function timeline(messages: readonly Message[], activity: readonly Activity[], more: boolean): Line[] {
  const first = messages[0]?.createdAt;
  const events = activity.filter((event) => isTold(event) && (!more || (first !== undefined && event.createdAt >= first)));
  const items = [
    ...messages.map((message) => ({ at: message.createdAt, order: 1, message, event: undefined })),
    ...events.map((event) => ({ at: event.createdAt, order: event.action === "CREATE_TICKET" ? 0 : 2, message: undefined, event })),
  ].sort((left, right) => left.at.localeCompare(right.at) || left.order - right.order);
  const lines: Line[] = [];
  let day = "";
  let before: Message | undefined;
  for (const { at, message, event } of items) {
    const today = new Date(at).toDateString();
    if (today !== day) {
      lines.push({ kind: "day", key: `day ${today}`, at });
      day = today;
      before = undefined;
    }
    if (message) {
      const close = before && new Date(at).getTime() - new Date(before.createdAt).getTime() < JOIN_MS;
      lines.push({ kind: "message", key: message.id, message, joined: Boolean(before && close && sender(before) === sender(message)) });
      before = message;
    } else if (event) {
      const last = lines.at(-1);
      if (last?.kind === "events" && last.events.length < 6) last.events.push(event);
      else lines.push({ kind: "events", key: event.id, events: [event] });
      before = undefined;
    }
  }
  return lines;
}

/** The messages that were changed after they were sent, as far as the timeline tells. */
export function editedIn(activity: readonly Activity[]): Set<string> {
  const ids = activity.filter(({ action }) => action === "MESSAGE_UPDATED").map(({ data }) => (data as { message?: unknown } | null | undefined)?.message);
  return new Set(ids.filter((id): id is string => typeof id === "string"));
}
