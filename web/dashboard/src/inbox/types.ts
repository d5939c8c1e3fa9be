// Tickets and messages as the inbox reads them: what is described, and the further properties that it shows.
import type { Data, Schemas } from "@hark/api-client";

export interface Person {
  id: string;
  email?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  profileImageUrl?: string | null;
}

export interface Reporter {
  id: string;
  gleapId?: string | null;
  userId?: string | null;
  name?: string | null;
  email?: string | null;
  lastActivity?: string;
  lang?: string;
  plan?: string;
  companyName?: string;
  phone?: string;
  value?: number;
  customData?: Record<string, unknown>;
}

/** The last message of a ticket, as tickets carry it. */
export interface Latest {
  id: string;
  type: string;
  text?: string;
  senderType?: string;
  createdAt?: string;
}

export interface Linked {
  id: string;
  title?: string;
  bugId?: number;
  status?: string;
  type?: string;
}

export interface Attachment {
  name: string;
  url: string;
  type?: string | null;
}

export interface Ticket {
  id: string;
  project: string;
  createdAt: string;
  updatedAt: string;
  bugId: number;
  title: string;
  type: string;
  status: string;
  priority: string;
  priorityOrder: number;
  session?: Reporter | null;
  processingUser?: Person | null;
  processingTeam?: { id: string; name?: string } | null;
  shareToken: string;
  lexorank: string;
  formData: Record<string, unknown>;
  latestComment?: Latest | null;
  latestPublicComment?: Latest | null;
  linkedTickets: (Linked | string)[];
  tags?: string[];
  archived?: boolean;
  isSpam?: boolean;
  snoozed?: boolean;
  snoozedUntil?: string;
  closedAt?: string;
  notificationsUnread?: boolean;
  sessionNotificationsUnread?: boolean;
  hasAgentReply?: boolean;
  lastNotification?: string;
  dueDate?: string;
  slaBreached?: boolean;
  duplicateOf?: string | { id: string } | null;
  messagesCount?: number;
  description?: string;
  plainContent?: string;
  screenshotUrl?: string;
  attachments?: Attachment[];
  metaData?: Record<string, unknown>;
  customData?: Record<string, unknown>;
  conversationRating?: number;
  conversationClosed?: boolean;
  mentions?: unknown[];
  [more: string]: unknown;
}

export interface Message {
  id: string;
  ticket: string;
  createdAt: string;
  updatedAt: string;
  index: number;
  type: string;
  senderType: string;
  bot: boolean;
  data: { content: unknown };
  text: string;
  user?: Person | null;
  session?: Reporter | null;
  attachments?: Attachment[];
  fallbackUser?: { username?: string; email?: string; imageUrl?: string };
}

export type Activity = Schemas["ActivityView"];
export type Member = Schemas["MemberView"];
export type Team = Schemas["TeamView"];
export type Template = Schemas["TemplateView"];
export type SavedView = Data<"get", "/v3/ticket-views">[number];
/** A message that waits to be sent; `user` is who wrote it. */
export type Scheduled = Data<"get", "/v3/scheduled-messages">[number];
export type TicketType = Data<"get", "/v3/ticket-types">[number];
export type Property = Data<"get", "/v3/properties">[number];

/** How a person is called. */
export function nameOf(person: Person | null | undefined): string {
  if (!person) return "";
  return [person.firstName, person.lastName].filter(Boolean).join(" ") || (person.email ?? "");
}

/** How a contact is called; guests have the first letters of their id. */
export function contactName(contact: Reporter | null | undefined, guest: string): string {
  if (!contact) return guest;
  return contact.name || contact.email || contact.userId || `${guest} ${(contact.gleapId ?? contact.id).slice(0, 4)}`;
}

/** Properties of a contact that are shown beside a conversation. */
const FACTS_MAX = 6;
const OWN_FACTS = ["companyName", "plan", "value", "phone"] as const;

/** A property of a contact; those that the project invented carry their name as `label`. */
export interface ContactFact {
  key: string;
  label?: string;
  value: string | number | boolean;
}

/** What is known of a contact that helps to answer: the first few properties, and how many there are beyond them. */
export function contactFacts(contact: Reporter): { shown: ContactFact[]; more: number } {
  const plain = (value: unknown): value is string | number | boolean => (typeof value === "string" ? value.trim() !== "" : typeof value === "boolean" || typeof value === "number");
  const facts: ContactFact[] = [];
  for (const key of OWN_FACTS) {
    const value = contact[key];
    // Everybody has a value, and most have none.
    if (plain(value) && value !== 0) facts.push({ key, value });
  }
  for (const [label, value] of Object.entries(contact.customData ?? {})) if (plain(value)) facts.push({ key: `custom ${label}`, label, value });
  return { shown: facts.slice(0, FACTS_MAX), more: Math.max(0, facts.length - FACTS_MAX) };
}
