// The registry of keyboard shortcuts: single keys, chords such as `Mod+K`, and sequences such as `g i`.
import { untrack } from "svelte";
import { showShortcutsThat } from "@hark/ui";

/** A shortcut. */
export interface Shortcut {
  /** `c`, `Shift+E`, `Mod+Enter`, `g i`; Mod is Command on Apple's machines and Control elsewhere. */
  keys: string;
  /** What it does, for the help. */
  label: string;
  /** The heading under which the help shows it. */
  group: string;
  run: (event: KeyboardEvent) => void;
  /** Whether it works now; always, unless said. */
  when?: () => boolean;
  /** Works while somebody writes, too. */
  inText?: boolean;
  /** Works but is not shown in the help. */
  hidden?: boolean;
}

const SEQUENCE_MS = 1200;
const STORED = "hark.keys";

/** Whether a shortcut begins with a character alone: whoever dictates, or slips, presses it without meaning it. */
export function isCharacter(keys: string): boolean {
  const [first = ""] = normal(keys).split(" ");
  return [...first.replace(/^Shift\+/, "")].length === 1;
}

/** The spelling of a pressed key in the registry's words. */
export function strokeOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const mod = event.ctrlKey || event.metaKey;
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const letter = event.key.length === 1 && event.key.toLowerCase() !== event.key.toUpperCase();
  // The shift that makes `?` out of another key belongs to the key.
  const shift = event.shiftKey && (letter || event.key.length > 1);
  return `${mod ? "Mod+" : ""}${event.altKey ? "Alt+" : ""}${shift ? "Shift+" : ""}${key}`;
}

/** The same spelling for both, however somebody wrote it. */
export function normal(keys: string): string {
  return keys
    .split(" ")
    .map((stroke) => stroke.replace(/(^|\+)([A-Z])$/, (_, before: string, key: string) => before + key.toLowerCase()))
    .join(" ");
}

class Keys {
  /** Whether shortcuts of single characters work; the others always do. */
  characters = $state(globalThis.localStorage?.getItem(STORED) !== "off");
  private list = $state.raw<Shortcut[]>([]);
  private pending = "";
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** What there is where the reader is, and whether it works now; of the same keys the one that would run. */
  get shown(): { shortcut: Shortcut; works: boolean }[] {
    const best = new Map<string, { works: boolean }>();
    const offered = this.list.filter((one) => !one.hidden && this.usable(one)).map((shortcut) => ({ shortcut, works: this.works(shortcut) }));
    for (const one of offered) {
      const is = normal(one.shortcut.keys);
      if (one.works || !best.get(is)?.works) best.set(is, one);
    }
    return offered.filter((one) => best.get(normal(one.shortcut.keys)) === one);
  }

  /** Adds shortcuts; returns what takes them away, as an effect wants it. */
  add(...shortcuts: Shortcut[]): () => void {
    // An effect that adds must not be run again by what it changes here.
    this.list = [...untrack(() => this.list), ...shortcuts];
    return () => {
      this.list = untrack(() => this.list).filter((one) => !shortcuts.includes(one));
    };
  }

  /** Switches shortcuts of single characters on or off, on this device. */
  useCharacters(on: boolean): void {
    this.characters = on;
    if (on) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, "off");
  }

  /** Whether the reader wants a shortcut at all. */
  usable({ keys }: Pick<Shortcut, "keys">): boolean {
    return this.characters || !isCharacter(keys);
  }

  private works(one: Shortcut): boolean {
    return this.usable(one) && (one.when?.() ?? true);
  }

  /** Listens to the page; returns what stops it. */
  listen(): () => void {
    addEventListener("keydown", this.press);
    return () => removeEventListener("keydown", this.press);
  }

  /** Finds and runs what a pressed key means. */
  readonly press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || ["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
    const stroke = strokeOf(event);
    const text = isText(event.target);
    const whole = this.pending ? `${this.pending} ${stroke}` : stroke;
    const usable = this.list.filter(
      (one) => (!text || one.inText === true) && this.works(one) && (one.inText || !isBehind(event.target)),
    );
    const found = usable.findLast((one) => normal(one.keys) === whole) ?? usable.findLast((one) => normal(one.keys) === stroke);
    clearTimeout(this.timer);
    this.pending = "";
    if (found) {
      event.preventDefault();
      found.run(event);
    } else if (!text && usable.some((one) => normal(one.keys).startsWith(`${stroke} `))) {
      this.pending = stroke;
      this.timer = setTimeout(() => (this.pending = ""), SEQUENCE_MS);
    }
  };
}

/** Whether what is typed goes into a text. */
function isText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "range"].includes(target.type);
}

/** Whether a dialog or a menu is before the page: keys belong to it. */
function isBehind(target: EventTarget | null): boolean {
  return Boolean(document.querySelector("dialog[open]")) || (target instanceof Element && Boolean(target.closest("[popover]")));
}

/** The shortcuts of the page. */
export const keys = new Keys();
showShortcutsThat((shown) => keys.usable({ keys: shown }));
