// Takes out of a recording what could reach for the network or run, before it is built into a page.
//
// The page's policy and the frame's sandbox forbid all of it anyway. Without this the visitor's
// page would be full of broken pictures, and hints such as `preconnect`, which no policy covers,
// would tell its servers that somebody watches.

type Fields = Record<string, unknown>;

/** Shown in the place of a picture that is still at the recorded site. */
export const PICTURE =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64"><rect width="64" height="64" fill="#d9dedc"/><path d="M12 46l13-15 9 10 6-7 12 12z" fill="#b4bcb8"/><circle cx="43" cy="22" r="5" fill="#b4bcb8"/></svg>',
  );

/** Links that are no hints to load something ahead. */
const LINKS_KEPT = /^(stylesheet|icon|canonical|alternate)$/i;
const FRAMES = new Set(["iframe", "frame", "object", "embed", "portal"]);
const PICTURES = new Set(["img", "image", "video", "input"]);
const LOADED = new Set(["src", "srcset", "poster", "background", "data", "srcdoc", "imagesrcset", "ping", "archive", "manifest"]);

const EVENT = { fullSnapshot: 2, incremental: 3 } as const;
const MUTATION = 0;

/** Cleans an event in its place. */
export function cleanEvent(event: unknown): void {
  const { type, data } = fields(event);
  const body = fields(data);
  if (type === EVENT.fullSnapshot) cleanNode(body["node"]);
  if (type !== EVENT.incremental || body["source"] !== MUTATION) return;
  for (const add of list(body["adds"])) cleanNode(fields(add)["node"]);
  for (const change of list(body["attributes"])) cleanAttributes("", fields(fields(change)["attributes"]));
}

/** Cleans a node and all below it, without recursion: pages can be nested deeply. */
function cleanNode(root: unknown): void {
  const waiting = [root];
  while (waiting.length > 0) {
    const node = fields(waiting.pop());
    if (typeof node["tagName"] === "string") cleanElement(node, node["tagName"].toLowerCase());
    waiting.push(...list(node["childNodes"]).slice(0, 100_000));
  }
}

function cleanElement(node: Fields, tag: string): void {
  const attributes = fields(node["attributes"]);
  if (tag === "meta" && Object.keys(attributes).some((name) => name.toLowerCase() === "http-equiv")) node["attributes"] = {};
  else if (tag === "link" && !LINKS_KEPT.test(String(attributes["rel"] ?? "").trim()) && !("_cssText" in attributes)) node["attributes"] = {};
  else if (tag === "base") node["attributes"] = {};
  else cleanAttributes(tag, attributes);
}

function cleanAttributes(tag: string, attributes: Fields): void {
  for (const [name, value] of Object.entries(attributes)) {
    const lower = name.toLowerCase();
    if (lower.startsWith("on")) delete attributes[name];
    else if (typeof value === "string" && reachesOut(tag, lower, value)) {
      const isPicture = lower === "src" && (PICTURES.has(tag) || tag === "");
      if (isPicture && tag !== "video") attributes[name] = PICTURE;
      else delete attributes[name];
    }
  }
}

function reachesOut(tag: string, name: string, value: string): boolean {
  if (name === "href" || name === "xlink:href") return (tag === "image" || tag === "use") && !/^(#|data:)/i.test(value);
  if (!LOADED.has(name)) return false;
  return FRAMES.has(tag) || name === "srcdoc" || !/^(data|blob):/i.test(value.trim());
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
