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

/** Gives an element a tip. */
export function tip(node: HTMLElement, given: Tip | undefined) {
  let says = given;
  const enter = (event: PointerEvent) => {
    if (event.pointerType !== "mouse") return;
    clearTimeout(timer);
    timer = setTimeout(() => says && node.isConnected && show(node, says), DELAY_MS);
  };
  const focus = () => says && node.matches(":focus-visible") && show(node, says);
  node.addEventListener("pointerenter", enter);
  node.addEventListener("focus", focus);
  for (const gone of ["pointerleave", "pointerdown", "blur", "click"]) node.addEventListener(gone, hide);
  return {
    update: (next: Tip | undefined) => (says = next),
    destroy: hide,
  };
}
