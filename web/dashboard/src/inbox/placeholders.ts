// What templates can name in double braces, and what that stands for in a conversation.
import { contactName, type Ticket } from "./types.ts";

/** The names, in the order in which they are offered. */
export const PLACEHOLDERS = ["contact.firstName", "contact.name", "contact.email", "agent.firstName", "agent.name", "ticket.id", "ticket.title"] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** What the names stand for; `guest` is what a contact without a name is called. */
export function valuesOf(ticket: Ticket, agent: { name: string; firstName?: string | null | undefined }, guest: string): Record<string, string> {
  const contact = contactName(ticket.session, guest);
  const known: Record<Placeholder, string> = {
    "contact.firstName": contact.split(" ")[0] ?? "",
    "contact.name": contact,
    "contact.email": ticket.session?.email ?? "",
    "agent.firstName": agent.firstName || agent.name,
    "agent.name": agent.name,
    "ticket.id": String(ticket.bugId),
    "ticket.title": ticket.title,
  };
  // Contacts are sessions in the API, and templates that came through it may call them so.
  const session = { "session.name": contact, "session.firstName": known["contact.firstName"], "session.email": known["contact.email"] };
  return { ...known, ...session, name: contact };
}
