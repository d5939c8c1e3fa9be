// What templates can name in double braces, and what that stands for in a conversation.
import { contactName, type Ticket } from "./types.ts";

/** The names, in the order in which they are offered. */
export const PLACEHOLDERS = ["contact.firstName", "contact.name", "contact.email", "agent.firstName", "agent.name", "ticket.id", "ticket.title"] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** What the names stand for; `guest` is what a contact without a name is called. */
export function valuesOf(ticket: Ticket, agent: { name: string; firstName?: string | null | undefined }, guest: string): Record<Placeholder | "name", string> {
  const contact = contactName(ticket.session, guest);
  return {
    "contact.firstName": contact.split(" ")[0] ?? "",
    "contact.name": contact,
    "contact.email": ticket.session?.email ?? "",
    "agent.firstName": agent.firstName || agent.name,
    "agent.name": agent.name,
    "ticket.id": String(ticket.bugId),
    "ticket.title": ticket.title,
    name: contact,
  };
}
