// Searches everything for the command palette: conversations by what was written, tickets, and contacts.
import { api } from "../app/session.svelte.ts";
import type { Command } from "../app/commands.svelte.ts";
import { router } from "../app/router.svelte.ts";
import { short } from "../app/time.svelte.ts";
import { kindOf } from "./kinds.ts";
import { snippet } from "./snippet.ts";
import type { Inbox } from "./store.svelte.ts";
import { t } from "./text.ts";
import { contactName, type Message, type Reporter, type Ticket } from "./types.ts";

/** What a search finds, as lines of the palette. */
export async function find(inbox: Inbox, text: string, signal: AbortSignal): Promise<Command[]> {
  const of = { signal, ...inbox.of };
  const base = `/p/${inbox.project.id}`;
  const number = /^#?(\d{1,9})$/.exec(text)?.[1];
  const [numbered, tickets, messages, contacts] = await Promise.all([
    number ? api.get("/v3/tickets", { query: { bugId: number, limit: 1 }, ...of }).then((page) => page.tickets as Ticket[]) : [],
    api.get("/v3/tickets/search", { query: { searchTerm: text, limit: 8 }, ...of }).then((list) => list as Ticket[]),
    api.get("/v3/messages/search", { query: { searchTerm: text, limit: 12 }, ...of }).then((found) => found.hits as Message[]),
    api.get("/v3/sessions/search", { query: { searchTerm: text, limit: 5 }, ...of }).then((list) => list as Reporter[]),
  ]);
  const found = [...numbered, ...tickets.filter((one) => !numbered.some((other) => other.id === one.id))];
  inbox.keep(found);
  // The best message of each ticket; of tickets that are not known yet, their titles are asked for.
  const best = new Map<string, Message>();
  for (const message of messages) if (!best.has(message.ticket)) best.set(message.ticket, message);
  const unknown = [...best.keys()].filter((id) => !inbox.ticket(id));
  if (unknown.length) {
    const page = await api.get("/v3/tickets", { query: { id: unknown, limit: unknown.length }, ...of });
    inbox.keep(page.tickets as Ticket[]);
  }
  const line = (ticket: Ticket, said: string): Command => ({
    id: `ticket-${ticket.id}`,
    label: ticket.title || t("row.untitled"),
    group: t("search.conversations"),
    icon: kindOf(inbox, ticket.type).icon,
    hint: `${contactName(ticket.session, t("guest"))}${said ? ` · ${snippet(said, text)}` : ""}`,
    aside: `#${ticket.bugId} · ${short(ticket.lastNotification ?? ticket.updatedAt)}`,
    run: () => router.go(`${base}/inbox/all/${ticket.id}`),
  });
  const lines = found.map((ticket) => line(ticket, best.get(ticket.id)?.text ?? ticket.latestComment?.text ?? ticket.description ?? ""));
  for (const [id, message] of best) {
    const ticket = inbox.ticket(id);
    if (ticket && !found.some((one) => one.id === id)) lines.push(line(ticket, message.text));
  }
  return [
    ...lines.slice(0, 14),
    ...contacts.map((contact) => ({
      id: `contact-${contact.id}`,
      label: contactName(contact, t("guest")),
      group: t("search.contacts"),
      icon: "user" as const,
      hint: contact.email ?? "",
      run: () => router.go(`${base}/contacts/${contact.id}`),
    })),
  ];
}
