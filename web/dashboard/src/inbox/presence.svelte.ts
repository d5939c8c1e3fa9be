// Who else looks at a conversation, and who types in it.
import type { Member } from "@hark/api-client";
import { session } from "../app/session.svelte.ts";
import type { Inbox } from "./store.svelte.ts";

/** How long somebody types who was not heard of again, in milliseconds. */
const TYPING_MS = 10_000;
const CONTACT = "contact:";

export class Presence {
  private members = $state.raw<readonly Member[]>([]);
  private typing = $state.raw<Record<string, number>>({});
  /** Colleagues who look at it. */
  readonly others = $derived(this.members.filter((one) => one.id !== session.user?.id && !one.id.startsWith(CONTACT)));
  /** Whether the contact has it open. */
  readonly contact = $derived(this.members.some((one) => one.id.startsWith(CONTACT)));
  private place: { typing: (types: boolean) => void } | undefined;

  /** Joins those who look at a ticket; returns what leaves them. */
  join(inbox: Inbox, ticket: string): () => void {
    const joined = inbox.live.joinTicket(ticket, {
      members: (list) => (this.members = list),
      typing: (who, types) => (this.typing = { ...this.typing, [who]: types ? Date.now() + TYPING_MS : 0 }),
    });
    this.place = joined;
    return () => {
      joined.leave();
      this.members = [];
      this.typing = {};
    };
  }

  /** Tells the others that somebody types here. */
  types(typing: boolean): void {
    this.place?.typing(typing);
  }

  /** The names of those who type at a moment; the contact's and that of strangers are given. */
  typers(now: number, contact: string, somebody: string): string[] {
    return Object.entries(this.typing)
      .filter(([who, until]) => until > now && who !== session.user?.id)
      .map(([who]) => (who.startsWith(CONTACT) ? contact : this.members.find((one) => one.id === who)?.name || somebody));
  }
}
