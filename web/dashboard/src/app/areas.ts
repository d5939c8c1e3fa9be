// The areas of the dashboard; each is loaded when it is first opened.
import type { Component } from "svelte";

/** What an area's component is given. */
export interface AreaProps {
  /** The project of the address; undefined for addresses without one. */
  projectId: string | undefined;
  /** The parts of the address behind the area. */
  rest: string[];
}

type Loader = () => Promise<{ default: Component<AreaProps> }>;

const found = import.meta.glob<{ default: Component<AreaProps> }>([
  "../inbox/Inbox.svelte",
  "../inbox/Board.svelte",
  "../contacts/Contacts.svelte",
  "../ticket/Bug.svelte",
  "../settings/Settings.svelte",
  "../account/Account.svelte",
]);

const files: Record<string, string> = {
  inbox: "../inbox/Inbox.svelte",
  board: "../inbox/Board.svelte",
  bugs: "../ticket/Bug.svelte",
  contacts: "../contacts/Contacts.svelte",
  settings: "../settings/Settings.svelte",
  account: "../account/Account.svelte",
};

/** What loads an area; undefined for one that does not exist. */
export function loaderOf(area: string): Loader | undefined {
  const file = files[area];
  return file ? (found[file] as Loader | undefined) : undefined;
}
