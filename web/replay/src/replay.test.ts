import { describe, expect, it } from "vitest";
import { cleanEvent, PICTURE } from "./clean.ts";
import { readMessage } from "./protocol.ts";
import { readEvents, tell } from "./story.ts";

const element = (tagName: string, attributes: object, ...childNodes: object[]) => ({ type: 2, tagName, attributes, childNodes });
const page = (...nodes: object[]) => ({ type: 2, timestamp: 1, data: { node: element("html", {}, ...nodes) } });

function cleaned(...nodes: object[]): any[] {
  const event = page(...nodes);
  cleanEvent(event);
  return event.data.node.childNodes.map((node: any) => node.attributes);
}

describe("a recording is cleaned of", () => {
  it("what loads or runs", () => {
    expect(
      cleaned(
        element("img", { src: "https://site.example/a.png", srcset: "a 1x", alt: "A", onerror: "alert(1)" }),
        element("img", { src: "data:image/png;base64,AA", class: "b" }),
        element("video", { src: "https://site.example/v.mp4", poster: "https://site.example/p.png" }),
        element("iframe", { src: "data:text/html,<script>1</script>", srcdoc: "<p>", width: "5" }),
        element("link", { rel: "preconnect", href: "https://site.example" }),
        element("link", { rel: "stylesheet", href: "https://site.example/a.css" }),
        element("link", { rel: "preload stylesheet", _cssText: "p{}" }),
        element("meta", { "http-equiv": "refresh", content: "0;url=https://site.example" }),
        element("meta", { name: "viewport", content: "width=1" }),
        element("base", { href: "https://site.example" }),
        element("image", { "xlink:href": "https://site.example/a.svg" }),
        element("use", { href: "#icon" }),
        element("a", { href: "https://site.example", OnClick: "x()" }),
      ),
    ).toEqual([
      { src: PICTURE, alt: "A" },
      { src: "data:image/png;base64,AA", class: "b" },
      {},
      { width: "5" },
      {},
      { rel: "stylesheet", href: "https://site.example/a.css" },
      { rel: "preload stylesheet", _cssText: "p{}" },
      {},
      { name: "viewport", content: "width=1" },
      {},
      {},
      { href: "#icon" },
      { href: "https://site.example" },
    ]);
  });

  it("the same in later changes", () => {
    const attributes = { src: "https://site.example/b.png", class: "x", onload: "y()" };
    const add = element("div", {}, element("img", { src: "//site.example/c.png" }));
    const change = { type: 3, timestamp: 2, data: { source: 0, adds: [{ node: add }], attributes: [{ id: 1, attributes }] } };
    cleanEvent(change);
    expect(attributes).toEqual({ src: PICTURE, class: "x" });
    expect((add.childNodes[0] as any).attributes).toEqual({ src: PICTURE });
    for (const odd of [null, 5, { type: 2 }, { type: 3, data: { source: 0, adds: 7 } }]) expect(() => cleanEvent(odd)).not.toThrow();
  });

  it("however deep a page is", () => {
    let deep = element("img", { src: "https://site.example/d.png" });
    const last = deep;
    for (let level = 0; level < 20_000; level += 1) deep = element("div", {}, deep);
    cleanEvent(page(deep));
    expect(last.attributes).toEqual({ src: PICTURE });
  });
});

describe("a recording tells", () => {
  const at = (timestamp: number, type: number, data: object = {}) => ({ timestamp: 1e12 + timestamp, type, data });

  it("its time, pages and pauses", () => {
    const events = readEvents({
      events: [
        at(0, 4, { href: "https://a/", width: 800, height: 600 }),
        "no event",
        at(9000, 3, { source: 2 }),
        at(1000, 3, { source: 1 }),
        at(5000, 3, { source: 0 }),
        at(9500, 4, { href: "https://a/b", width: 400, height: 300 }),
        at(9600, 4, { href: "https://a/b" }),
        at(20_000, 3, { source: 0 }),
      ],
    });
    expect(tell(events)).toEqual({
      start: 1e12,
      length: 20_000,
      width: 800,
      height: 600,
      idle: [[1800, 8200], [9800, 19_200]],
      pages: [{ ms: 0, href: "https://a/" }, { ms: 9500, href: "https://a/b" }],
    });
  });

  it("nothing when there is nothing", () => {
    expect(tell(readEvents({ events: [at(0, 4)] }))).toBeUndefined();
    expect(tell(readEvents({}))).toBeUndefined();
    expect(tell(readEvents(null))).toBeUndefined();
  });

  it("and messages of others are not read", () => {
    expect(readMessage({ type: "load" })).toBeUndefined();
    expect(readMessage("load")).toBeUndefined();
    expect(readMessage({ mark: "hark-replay", type: "play" })).toMatchObject({ type: "play" });
  });
});
