// A small company with conversations, for tests that look at the dashboard: people, tickets and messages through REST.
import type { Hark, Project } from "./hark.ts";

/** A conversation to be made. */
export interface Talk {
  title: string;
  from: { name: string; email: string };
  type?: string;
  priority?: string;
  tags?: string[];
  status?: string;
  /** What was written, in turn: the contact begins. */
  said: string[];
}

export const talks: Talk[] = [
  { title: "The export stops after 50 rows", from: { name: "Ada Keller", email: "ada@lumen.example" }, type: "BUG", priority: "HIGH", tags: ["export"], said: ["Since yesterday the CSV export stops after 50 rows. We have 2,300 orders.", "Thank you for telling us. Does it happen with every filter?", "Yes, with all of them. I tried Firefox and Chrome."] },
  { title: "Can we pay by invoice?", from: { name: "Noah Brandt", email: "noah@brandt.example" }, tags: ["billing"], said: ["Our accounting asks for an invoice instead of card payments. Is that possible on the team plan?"] },
  { title: "Cannot sign in on the new phone", from: { name: "Mina Okafor", email: "mina@okafor.example" }, priority: "HIGH", said: ["My authenticator was on the old phone.", "Do you still have one of the recovery codes?", "No, I never wrote them down. What now?"] },
  { title: "Dark mode for the reports", from: { name: "Lucas Moreau", email: "lucas@moreau.example" }, type: "FEATURE_REQUEST", tags: ["ui"], said: ["I work at night. A dark mode for the printed reports would be lovely."] },
  { title: "Webhook is sent twice", from: { name: "Priya Raman", email: "priya@raman.example" }, type: "BUG", tags: ["api", "webhooks"], status: "INPROGRESS", said: ["We receive each order.created twice within a second.", "We see it in the log and are on it."] },
  { title: "How do I invite a colleague?", from: { name: "Jonas Weber", email: "jonas@weber.example" }, status: "DONE", said: ["Where do I invite somebody?", "Settings, then Users. The button is at the top right.", "Found it, thanks!"] },
  { title: "Question about data residency", from: { name: "Elif Aydin", email: "elif@aydin.example" }, tags: ["legal", "enterprise"], said: ["Where is our data kept, and can it stay in the EU?"] },
  { title: "App crashes when I rotate the tablet", from: { name: "Tom Fischer", email: "tom@fischer.example" }, type: "CRASH", priority: "HIGH", said: ["It closes whenever I turn the tablet while a photo uploads."] },
];

/** Makes the conversations and answers their tickets, in the same order. */
export async function populate(hark: Hark, project: Project, list: Talk[] = talks): Promise<any[]> {
  const tickets: any[] = [];
  for (const talk of list) {
    const contact = await hark.rest(project, "POST", "/sessions", talk.from);
    const { title, type = "INQUIRY", priority = "MEDIUM", tags = [] } = talk;
    const ticket = await hark.rest(project, "POST", "/tickets", { title, type, priority, tags, session: contact.id });
    for (const [at, comment] of talk.said.entries()) {
      await hark.rest(project, "POST", "/messages", { ticket: ticket.id, comment, ...(at % 2 === 0 && { session: contact.id }) });
    }
    if (talk.status) await hark.rest(project, "PUT", `/tickets/${ticket.id}`, { status: talk.status });
    tickets.push(ticket);
  }
  return tickets;
}
