// The messages of a conversation that are known, put together from pages of the server's answers.
import { PAGE } from "../api/client";
import type { Message, Whole } from "../api/types";

/** Messages in order, and whether there are earlier ones. */
export interface History {
  messages: Message[];
  hasEarlier: boolean;
}

/** With the last page of a conversation. What lies between it and what is known was missed: then only the page stays. */
export function withLatest(known: History | undefined, page: Whole): History {
  const first = page.messages[0];
  const last = known?.messages.at(-1);
  const isFull = page.messages.length >= PAGE;
  if (!known || !first || !last || (isFull && first.index > last.index)) {
    return { messages: page.messages, hasEarlier: isFull };
  }
  // From the page's start on the page is right: messages may have been changed or deleted.
  const before = isFull ? known.messages.filter((message) => message.index < first.index) : [];
  return { messages: [...before, ...page.messages], hasEarlier: isFull && known.hasEarlier };
}

/** With the page before what is known. */
export function withEarlier(known: History, page: Whole): History {
  const ids = new Set(known.messages.map((message) => message.id));
  const earlier = page.messages.filter((message) => !ids.has(message.id));
  return { messages: [...earlier, ...known.messages], hasEarlier: page.messages.length >= PAGE };
}

/** With one message that the server just took. */
export function withWritten(known: History | undefined, message: Message): History {
  const others = (known?.messages ?? []).filter((other) => other.id !== message.id);
  const messages = [...others, message].sort((a, b) => a.index - b.index);
  return { messages, hasEarlier: known?.hasEarlier ?? false };
}
