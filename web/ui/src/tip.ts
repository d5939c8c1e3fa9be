// A tip above or below an element after a short while of hovering or at once on keyboard focus; one for the whole page.

import { shownKeys } from "./shortcuts.ts";

/** What a tip says. */
export interface Tip {
  text: string;
  /** A shortcut in the spelling of the key registry, such as `g i`. */
  keys?: string | undefined;
}

const DELAY_MS = 450;
let box: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

function bubble(): HTMLElement {
  if (!box) {
    box = document.createElement("div");
    box.className = "hark-tip";
    box.setAttribute("popover", "manual");
    box.setAttribute("aria-hidden", "true");
    document.body.append(box);
  }
  return box;
}

function show(node: HTMLElement, { text, keys }: Tip): void {
  const tip = bubble();
  tip.replaceChildren(text);
  for (const key of shownKeys(keys)?.split(" ") ?? []) {
    const kbd = document.createElement("kbd");
    kbd.textContent = key;
    tip.append(kbd);
  }
  if (!tip.matches(":popover-open")) tip.showPopover?.();
  const at = node.getBoundingClientRect();
  const size = tip.getBoundingClientRect();
  const below = at.bottom + 6 + size.height < innerHeight;
  const left = Math.min(Math.max(6, at.left + at.width / 2 - size.width / 2), innerWidth - size.width - 6);
  tip.style.left = `${left}px`;
  tip.style.top = `${below ? at.bottom + 6 : at.top - size.height - 6}px`;
}

function hide(): void {
  clearTimeout(timer);
  if (box?.matches(":popover-open")) box.hidePopover();
}

const tips = new WeakMap<Node, Tip | undefined>();
/** What the pointer is on. */
let pointed: Node | undefined;

/** The element with a tip that something is in. */
function holderOf(target: EventTarget | null): HTMLElement | undefined {
  for (let node = target instanceof Node ? target : null; node; node = node.parentNode) {
    if (tips.has(node)) return node as HTMLElement;
  }
  return undefined;
}

function point(event: PointerEvent, target: EventTarget | null): void {
  const node = holderOf(target);
  if (node === pointed) return;
  pointed = node;
  hide();
  if (!node || event.pointerType !== "mouse") return;
  timer = setTimeout(() => {
    const says = tips.get(node);
    if (says && node.isConnected) show(node, says);
  }, DELAY_MS);
}

function focused(event: FocusEvent): void {
  const node = event.target as HTMLElement;
  const says = tips.get(node);
  if (says && node.matches(":focus-visible")) show(node, says);
}

let listens = false;
/** Listens once for the whole page: a page has many tips, and few are ever read. */
function listen(): void {
  if (listens) return;
  listens = true;
  const capture = { capture: true, passive: true };
  document.addEventListener("pointerover", (event) => point(event, event.target), capture);
  // Out of the page.
  document.addEventListener("pointerout", (event) => event.relatedTarget || point(event, null), capture);
  document.addEventListener("focusin", focused, capture);
  for (const gone of ["pointerdown", "click", "focusout"]) document.addEventListener(gone, hide, capture);
}

/** Gives an element a tip. */
export function tip(node: HTMLElement, given: Tip | undefined) {
  listen();
  tips.set(node, given);
  return {
    update: (next: Tip | undefined) => void tips.set(node, next),
    destroy: () => {
      tips.delete(node);
      hide();
    },
  };
}
