// What the command palette offers: actions of the page, and what a search finds.
import { untrack } from "svelte";
import type { IconName } from "@hark/ui";

/** A line of the palette. */
export interface Command {
  id: string;
  label: string;
  group: string;
  icon?: IconName | undefined;
  /** A second line; the parts that match a search are between ‹ and ›. */
  hint?: string | undefined;
  /** At the end of the line. */
  aside?: string | undefined;
  keys?: string | undefined;
  /** Words that find it beside its label. */
  words?: string | undefined;
  run: () => void;
}

/** Finds more for what is typed, over the network. */
export type Finder = (text: string, signal: AbortSignal) => Promise<Command[]>;

class Commands {
  open = $state(false);
  /** What the palette is opened with. */
  text = $state("");
  private sources = $state.raw<(() => Command[])[]>([]);
  private finders = $state.raw<Finder[]>([]);

  /** Everything that can be done now. */
  get list(): Command[] {
    return this.sources.flatMap((source) => source());
  }

  get searches(): readonly Finder[] {
    return this.finders;
  }

  /** Offers actions, read again each time the palette shows; returns what takes them away. */
  offer(source: () => Command[]): () => void {
    // An effect that offers must not be run again by what it changes here.
    this.sources = [...untrack(() => this.sources), source];
    return () => (this.sources = untrack(() => this.sources).filter((one) => one !== source));
  }

  /** Searches while somebody types; returns what stops it. */
  find(finder: Finder): () => void {
    this.finders = [...untrack(() => this.finders), finder];
    return () => (this.finders = untrack(() => this.finders).filter((one) => one !== finder));
  }

  show(text = ""): void {
    this.text = text;
    this.open = true;
  }
}

/** What the palette offers. */
export const commands = new Commands();
