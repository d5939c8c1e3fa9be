// Builds the page of a banner or modal out of elements: no HTML of others is parsed.
import { inkOn, type Content } from "./content";
import type { Kind, Outgoing } from "./protocol";

/** Shows the content in place of whatever was shown. */
export function render(kind: Kind, content: Content, root: HTMLElement, send: (message: Outgoing) => void): void {
  const page = document.documentElement;
  // A banner is a bar in the project's colour, a modal a card on the project's ground.
  const ground = kind === "banner" ? content.colour : content.ground;
  page.style.setProperty("--ground", ground);
  page.style.setProperty("--ink", inkOn(ground));
  page.style.setProperty("--button", kind === "banner" ? inkOn(ground) : content.colour);
  page.style.setProperty("--on-button", kind === "banner" ? ground : inkOn(content.colour));
  page.dir = content.isRtl ? "rtl" : "ltr";

  const box = element("section", "box");
  box.setAttribute("role", kind === "modal" ? "dialog" : "region");
  box.setAttribute("aria-label", content.title || content.text);
  if (content.image) {
    const image = element("img", "image");
    image.src = content.image;
    image.alt = content.imageAlt;
    // One that does not load leaves no gap, and no room for itself around the way out.
    image.addEventListener("error", () => image.remove());
    box.append(image);
  }
  const texts = element("div", "texts");
  if (content.title) texts.append(element(kind === "modal" ? "h1" : "strong", "title", content.title));
  if (content.text) texts.append(element("p", "text", content.text));
  box.append(texts);
  if (content.buttons.length > 0) {
    const buttons = element("div", "buttons");
    for (const { label, action } of content.buttons) {
      const button = element("button", "button", label);
      button.type = "button";
      button.addEventListener("click", () => send(action));
      buttons.append(button);
    }
    box.append(buttons);
  }
  if (content.hasClose) {
    const close = element("button", "close", "×");
    close.type = "button";
    close.setAttribute("aria-label", content.closeLabel);
    close.addEventListener("click", () => send({ name: "close" }));
    box.append(close);
  }
  root.replaceChildren(box);
  // A modal is over everything: keys are meant for it. A banner takes nobody's cursor away.
  if (kind === "modal") {
    box.tabIndex = -1;
    box.focus({ preventScroll: true });
  }
}

function element<K extends keyof HTMLElementTagNameMap>(name: K, className: string, text?: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
