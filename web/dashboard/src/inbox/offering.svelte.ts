// What is offered while somebody writes, such as people to mention: which of it is chosen, and the keys for it.
import { session } from "../app/session.svelte.ts";
import type { Offer, Offers } from "./editor.ts";
import type { Inbox } from "./store.svelte.ts";
import { nameOf } from "./types.ts";

/** Things that are offered at once. */
export const OFFERED_MAX = 8;

export class Offering {
  offers = $state.raw<Offers>();
  chosen = $state(0);

  /** Shows what is offered, or nothing. */
  show(next: Offers | undefined): void {
    this.offers = next?.list.length ? next : undefined;
    this.chosen = 0;
  }

  /** A key while something is offered; true when it was taken. */
  key(event: KeyboardEvent): boolean {
    if (!this.offers) return false;
    const { list, take } = this.offers;
    if (event.key === "ArrowDown") this.chosen = (this.chosen + 1) % list.length;
    else if (event.key === "ArrowUp") this.chosen = (this.chosen - 1 + list.length) % list.length;
    else if (event.key === "Escape") this.offers = undefined;
    else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey) {
      const offer = list[this.chosen];
      if (offer) take(offer);
    } else return false;
    event.stopPropagation();
    return true;
  }
}

/** The colleagues who can be mentioned with these letters. */
export function peopleOf(inbox: Inbox, text: string): Offer[] {
  const words = text.toLowerCase();
  return inbox.members
    .filter((member) => member.userType !== "service_account" && member.id !== session.user?.id)
    .map((member) => ({ id: member.id, label: nameOf(member), hint: member.email }))
    .filter((one) => `${one.label} ${one.hint}`.toLowerCase().includes(words))
    .slice(0, OFFERED_MAX);
}
