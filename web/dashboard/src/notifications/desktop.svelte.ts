// Notifications of the desktop, for those who switched them on in this browser: shown while no tab of the dashboard
// is looked at, by one tab only.

import { SvelteMap } from "svelte/reactivity";
import { session } from "../app/session.svelte.ts";

const CHOICE = "hark.desktop";
/** How long a tab that is not looked at waits for one that is, and how long a notification is its own, in milliseconds. */
const YIELD_MS = 400;
const HELD_MS = 10_000;

class Desktop {
  /** Whether this browser can, and what its user decided: `default` before anybody was asked. */
  permission = $state<NotificationPermission | "unsupported">("Notification" in globalThis ? Notification.permission : "unsupported");
  private readonly choices = new SvelteMap<string, boolean>();
  private readonly shown = new Set<Notification>();

  /** Whether whoever is signed in has them shown in this browser. */
  get on(): boolean {
    const user = session.user?.id;
    if (!user || this.permission !== "granted") return false;
    return this.choices.get(user) ?? localStorage.getItem(`${CHOICE}.${user}`) === "yes";
  }

  /** Switches them on or off in this browser; asks whoever was never asked. To be called by a press only. */
  async choose(on: boolean): Promise<void> {
    const user = session.user?.id;
    if (!user) return;
    if (on && this.permission === "default") this.permission = await Notification.requestPermission();
    const chosen = on && this.permission === "granted";
    this.choices.set(user, chosen);
    localStorage.setItem(`${CHOICE}.${user}`, chosen ? "yes" : "no");
  }

  /** Closes what is shown, as when its user goes. */
  close(): void {
    for (const one of this.shown) one.close();
    this.shown.clear();
  }

  /**
   * Tells of a piece of news. The first tab that asks has it: those that are looked at ask at once and show it
   * themselves, the others ask a little later.
   */
  async tell(id: string, text: string, body: string, open: () => void): Promise<void> {
    const user = session.user?.id;
    if (isWatched()) return this.take(id);
    await new Promise((resolve) => setTimeout(resolve, YIELD_MS));
    await this.take(id, () => {
      if (this.on && session.user?.id === user) this.show(id, text, body, open);
    });
  }

  /** Has a piece of news for a while, unless another tab has it. */
  async take(id: string, taken?: () => void): Promise<void> {
    if (!navigator.locks) return;
    await navigator.locks.request(`hark.notification.${id}`, { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      taken?.();
      await new Promise((resolve) => setTimeout(resolve, HELD_MS));
    });
  }

  private show(id: string, text: string, body: string, open: () => void): void {
    const shown = new Notification(text, { body, tag: id });
    this.shown.add(shown);
    shown.onclose = () => this.shown.delete(shown);
    shown.onclick = () => {
      shown.close();
      window.focus();
      open();
    };
  }
}

/** Whether somebody looks at this tab. */
export function isWatched(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

/** Notifications of this browser's desktop. */
export const desktop = new Desktop();
