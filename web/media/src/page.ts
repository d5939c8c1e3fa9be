// A banner's or modal's page: greets the SDK, shows what it is told, and says how high that is.
import { readContent } from "./content";
import { connect, type Kind } from "./protocol";
import { render } from "./render";
import "./media.css";

export function start(kind: Kind): void {
  const root = document.getElementById("content");
  if (!root) return;
  const send = connect(kind, (data) => {
    const content = readContent(data, navigator.language);
    render(kind, content, root, send);
    // A banner has no size before this, because the SDK keeps it hidden.
    send({ name: "data-set" });
    // What is shown in its place later may be another kind.
    onkeydown = (event) => {
      if (content.hasClose && event.key === "Escape") send({ name: "close" });
    };
  });
  new ResizeObserver(() => {
    const height = Math.ceil(root.getBoundingClientRect().height);
    if (height > 0) send({ name: "height", data: { height } });
  }).observe(root);
}
