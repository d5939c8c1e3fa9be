// Searches everything for the command palette: conversations by what was written, tickets, and contacts.
import { api, type Project } from "../app/session.svelte.ts";
import type { Command } from "../app/commands.svelte.ts";
import { router } from "../app/router.svelte.ts";
import { short } from "../app/time.svelte.ts";
import { kindOf } from "./kinds.ts";
import { snippet } from "./snippet.ts";
import { inboxOf, type Inbox } from "./store.svelte.ts";
import { t } from "./text.ts";
import { contactName, type Message, type Reporter, type Ticket } from "./types.ts";

/** What a search finds in several projects, as lines of the palette; fails when it fails in all of them. */
export async function findIn(projects: readonly Project[], text: string, signal: AbortSignal): Promise<Command[]> {
  const several = projects.length > 1;
  const found = await settled(projects.map((project) => find(inboxOf(project), text, signal, several ? project.name : undefined)));
  return found.flat();
}

/** What a search finds in a project, as lines of the palette that name it on wish. */
async function find(inbox: Inbox, text: string, signal: AbortSignal, project: string | undefined): Promise<Command[]> {
  const of = { signal, ...inbox.of };
  const base = `/p/${inbox.project.id}`;
  const number = /^#?(\d{1,9})$/.exec(text)?.[1];
  const reads = {
    numbered: number ? orNone(api.get("/v3/tickets", { query: { bugId: number, limit: 1 }, ...of }).then((page) => page.tickets as Ticket[])) : [],
    tickets: api.get("/v3/tickets/search", { query: { searchTerm: text, limit: 8 }, ...of }).then((list) => list as Ticket[]),
    messages: api.get("/v3/messages/search", { query: { searchTerm: text, limit: 12 }, ...of }).then((found) => found.hits as Message[]),
    contacts: api.get("/v3/sessions/search", { query: { searchTerm: text, limit: 5 }, ...of }).then((list) => list as Reporter[]),
  };
  await settled<unknown>([reads.tickets, reads.messages, reads.contacts]);
  const [numbered, tickets] = [await reads.numbered, await orNone(reads.tickets)];
  const [messages, contacts] = [await orNone(reads.messages), await orNone(reads.contacts)];
  const found = [...numbered, ...tickets.filter((one) => !numbered.some((other) => other.id === one.id))];
  inbox.keep(found);
  // The best message of each ticket; of tickets that are not known yet, their titles are asked for.
  const best = new Map<string, Message>();
  for (const message of messages) if (!best.has(message.ticket)) best.set(message.ticket, message);
  const unknown = [...best.keys()].filter((id) => !inbox.ticket(id));
  if (unknown.length) {
    inbox.keep(await orNone(api.get("/v3/tickets", { query: { id: unknown, limit: unknown.length }, ...of }).then((page) => page.tickets as Ticket[])));
  }
  const line = (ticket: Ticket, said: string): Command => ({
    id: `ticket-${ticket.id}`,
    label: ticket.title || t("row.untitled"),
    group: t("search.conversations"),
    icon: kindOf(inbox, ticket.type).icon,
    hint: `${contactName(ticket.session, t("guest"))}${said ? ` · ${snippet(said, text)}` : ""}`,
    aside: [project, `#${ticket.bugId}`, short(ticket.lastNotification ?? ticket.updatedAt)].filter(Boolean).join(" · "),
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
      aside: project,
      run: () => router.go(`${base}/contacts/${contact.id}`),
    })),
  ];
}

/** Waits for all; what failed is left out, unless nothing else is left: a role may read one thing and not another. */
async function settled<T>(reads: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(reads);
  const failed = results.find((one) => one.status === "rejected");
  if (failed && results.every((one) => one.status === "rejected")) throw failed.reason;
  return results.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}

function orNone<T>(read: Promise<T[]>): Promise<T[]> {
  return read.catch(() => []);
}
