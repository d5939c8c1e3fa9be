// A conversation as rows: days, the place where the new ones begin, and messages in groups.
import type { Attachment, Message } from "../api/types";
import { isSameDay } from "../lib/time";
import type { Waiting } from "../state/outbox";

/** Milliseconds after which the same sender begins a new group. */
const GROUP_MS = 5 * 60_000;

/** A message on the screen, sent or waiting. */
export interface Bubble {
  kind: "message";
  /** The same before and after it was sent. */
  key: string;
  isOwn: boolean;
  isSystem: boolean;
  isFirst: boolean;
  isLast: boolean;
  text: string;
  /** Safe HTML of the server; none while it waits. */
  html: string;
  attachments: Attachment[];
  createdAt: string;
  sender: Message["sender"];
  /** Of one that waits: its id, and why the server does not take it. */
  waiting?: { id: string; refused: string | undefined };
}

export type Row = { kind: "day"; key: string; date: string } | { kind: "new"; key: string } | Bubble;

/** The rows of sent messages and those that wait; `newFrom` is the place of the first that was not read. */
export function rowsOf(messages: Message[], waiting: Waiting[], newFrom: number | undefined): Row[] {
  const sent = messages.map((message) => ({ bubble: ofMessage(message), index: message.index }));
  const known = new Set(sent.map(({ bubble }) => bubble.key));
  const unsent = waiting.filter((item) => !known.has(item.id)).map((item) => ({ bubble: ofWaiting(item), index: undefined }));

  const rows: Row[] = [];
  let last: Bubble | undefined;
  for (const { bubble, index } of [...sent, ...unsent]) {
    const isNewDay = !last || !isSameDay(last.createdAt, bubble.createdAt);
    if (isNewDay) rows.push({ kind: "day", key: `day ${bubble.key}`, date: bubble.createdAt });
    const isNew = newFrom !== undefined && index === newFrom;
    if (isNew) rows.push({ kind: "new", key: "new" });
    if (last && !isNewDay && !isNew && belongs(last, bubble)) {
      last.isLast = false;
      bubble.isFirst = false;
    }
    rows.push(bubble);
    last = bubble;
  }
  return rows;
}

/** The place of the first message that was not read: so many of others' messages from the end. */
export function firstUnread(messages: Message[], unread: number): number | undefined {
  const theirs = messages.filter((message) => message.senderType !== "user");
  return unread > 0 ? theirs.at(-Math.min(unread, theirs.length))?.index : undefined;
}

function belongs(one: Bubble, next: Bubble): boolean {
  return (
    one.isOwn === next.isOwn &&
    !one.isSystem &&
    !next.isSystem &&
    one.sender.name === next.sender.name &&
    Date.parse(next.createdAt) - Date.parse(one.createdAt) < GROUP_MS
  );
}

function ofMessage(message: Message): Bubble {
  return {
    kind: "message",
    key: message.ref ?? message.id,
    isOwn: message.senderType === "user",
    isSystem: message.senderType === "system",
    isFirst: true,
    isLast: true,
    text: message.text,
    html: message.html,
    attachments: message.attachments,
    createdAt: message.createdAt,
    sender: message.sender,
  };
}

function ofWaiting(item: Waiting): Bubble {
  return {
    kind: "message",
    key: item.id,
    isOwn: true,
    isSystem: false,
    isFirst: true,
    isLast: true,
    text: item.comment,
    html: "",
    attachments: item.attachments,
    createdAt: item.at,
    sender: { name: "", profileImageUrl: "" },
    waiting: { id: item.id, refused: item.refused },
  };
}
