// Reads the calls of the network as SDKs captured them, and makes sense of their bodies.
import { asText, hasWords, moment, wordsOf } from "./console.ts";

/** What a call was for, as far as it can be told. */
export type CallKind = "data" | "document" | "script" | "style" | "image" | "font" | "media" | "other";

/** How a call ended. */
export type Outcome = "ok" | "redirect" | "failed" | "open" | "unknown";

export type Header = readonly [name: string, value: string];

/** A call of the network. */
export interface Call {
  /** Its place in the log, from 0. */
  index: number;
  /** `GET`, `POST` ...; `GET` for what the page loaded by itself. */
  method: string;
  /** Whether the page loaded it by itself, of which no bodies are known. */
  isResource: boolean;
  url: string;
  /** The last part of the path, by which people know a call. */
  name: string;
  host: string;
  kind: CallKind;
  /** When it began, unix milliseconds. */
  at: number | undefined;
  /** How long it took, in milliseconds. */
  duration: number | undefined;
  status: number | undefined;
  statusText: string;
  outcome: Outcome;
  requestHeaders: Header[];
  responseHeaders: Header[];
  requestBody: string;
  responseBody: string;
  /** Why there is no answer. */
  error: string;
}

type Fields = Record<string, unknown>;

/** How far apart two notes of one call may begin, in milliseconds. */
const SAME_MS = 1500;

/**
 * The calls of a captured log, in the order in which they began. `page` is the address of the page, from
 * which addresses without a host are told.
 */
export function readNetwork(body: unknown, page?: string): Call[] {
  if (!Array.isArray(body)) return [];
  const all = body.flatMap((entry: unknown, index): Call[] => {
    if (typeof entry !== "object" || entry === null) return [];
    return [read(entry as Fields, index, page)];
  });
  const calls = withoutDoubles(all);
  // Those without a date stay behind the one before them.
  let last = 0;
  const keyed = calls.map((call) => ({ call, at: (last = call.at ?? last) }));
  keyed.sort((a, b) => a.at - b.at || a.call.index - b.call.index);
  return keyed.map(({ call }) => call);
}

/** What pages fetch is noted twice: by the logger, and by the browser as a resource; the first one knows more. */
function withoutDoubles(calls: Call[]): Call[] {
  const noted = new Map<string, number[]>();
  for (const { isResource, url, at } of calls) {
    if (!isResource && at !== undefined) noted.set(url, [...(noted.get(url) ?? []), at]);
  }
  return calls.filter(({ isResource, url, at }) => {
    if (!isResource || at === undefined) return true;
    const near = noted.get(url)?.findIndex((other) => Math.abs(other - at) < SAME_MS) ?? -1;
    if (near === -1) return true;
    noted.get(url)?.splice(near, 1);
    return false;
  });
}

function read(entry: Fields, index: number, page: string | undefined): Call {
  const request = fields(entry["request"]);
  const response = fields(entry["response"]);
  const word = asText(entry["type"]).toUpperCase() || "GET";
  const isResource = word === "RESOURCE";
  const url = absolute(address(entry["url"]), page);
  const parts = split(url);
  const status = number(response["status"]) ?? number(entry["status"]);
  const responseHeaders = headers(response["headers"]);
  const responseBody = asText(response["responseText"] ?? response["payload"]);
  const error = asText(response["errorText"]);
  const duration = number(entry["duration"]);
  return {
    index,
    method: isResource ? "GET" : word,
    isResource,
    url,
    ...parts,
    kind: kindOf(parts.name, asText(entry["initiatorType"]), asText(response["contentType"]) || header(responseHeaders, "content-type"), isResource),
    at: moment(entry["date"]),
    duration: duration !== undefined && duration >= 0 ? duration : undefined,
    status: status === 0 ? undefined : status,
    statusText: asText(response["statusText"]),
    outcome: outcome(entry, status, responseBody, error, isResource),
    requestHeaders: headers(request["headers"]),
    responseHeaders,
    requestBody: asText(request["payload"]),
    responseBody,
    error,
  };
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function number(value: unknown): number | undefined {
  const read = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof read === "number" && Number.isFinite(read) ? read : undefined;
}

/** Some pages hand `fetch` an address object, which is sent as what JSON makes of it. */
function address(url: unknown): string {
  if (typeof url === "string") return url;
  const { href, url: inner } = fields(url);
  return asText(href ?? inner);
}

function absolute(url: string, page: string | undefined): string {
  if (url === "" || page === undefined || /^[a-z][a-z0-9+.-]*:/i.test(url)) return url;
  try {
    return new URL(url, page).href;
  } catch {
    return url;
  }
}

function split(url: string): { name: string; host: string } {
  try {
    const { host, pathname, search, protocol } = new URL(url, "http://unknown.invalid");
    if (protocol === "data:" || protocol === "blob:") return { name: url.slice(0, 40), host: protocol.slice(0, -1) };
    const last = pathname.split("/").filter((part) => part !== "").at(-1);
    return { name: (last ? decode(last) : "/") + decode(search), host: host === "unknown.invalid" ? "" : host };
  } catch {
    return { name: url, host: "" };
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Names with their values; one SDK sends the values of each as a list. */
function headers(value: unknown): Header[] {
  return Object.entries(fields(value)).flatMap(([name, value]): Header[] =>
    Array.isArray(value) ? value.map((one): Header => [name, asText(one)]) : [[name, asText(value)]],
  );
}

/** The value of a header, in any case; empty when there is none. */
export function header(headers: readonly Header[], name: string): string {
  return headers.find(([known]) => known.toLowerCase() === name)?.[1] ?? "";
}

const INITIATORS: Record<string, CallKind> = {
  script: "script",
  css: "style",
  img: "image",
  image: "image",
  imageset: "image",
  video: "media",
  audio: "media",
  track: "media",
  iframe: "document",
  frame: "document",
  navigation: "document",
  fetch: "data",
  xmlhttprequest: "data",
  beacon: "data",
};
const ENDINGS: [RegExp, CallKind][] = [
  [/\.(m?js|cjs|wasm)$/i, "script"],
  [/\.css$/i, "style"],
  [/\.(png|jpe?g|gif|webp|avif|svg|ico)$/i, "image"],
  [/\.(woff2?|ttf|otf|eot)$/i, "font"],
  [/\.(mp4|webm|mp3|ogg|wav|m3u8)$/i, "media"],
  [/\.html?$/i, "document"],
];
const TYPES: [RegExp, CallKind][] = [
  [/json|xml|form|event-stream|text\/plain/i, "data"],
  [/javascript/i, "script"],
  [/css/i, "style"],
  [/image\//i, "image"],
  [/font/i, "font"],
  [/(audio|video)\//i, "media"],
  [/html/i, "document"],
];

function kindOf(name: string, initiator: string, contentType: string, isResource: boolean): CallKind {
  const path = name.split("?")[0] ?? "";
  const ending = ENDINGS.find(([ending]) => ending.test(path))?.[1];
  const type = contentType === "" ? undefined : TYPES.find(([type]) => type.test(contentType))?.[1];
  if (!isResource) return type ?? "data";
  return ending ?? type ?? INITIATORS[initiator.toLowerCase()] ?? "other";
}

function outcome(entry: Fields, status: number | undefined, body: string, error: string, isResource: boolean): Outcome {
  if (body === "<request_still_open>") return "open";
  if (status !== undefined && status >= 400) return "failed";
  if (status !== undefined && status >= 300) return "redirect";
  if (status !== undefined && status >= 200) return "ok";
  if (error !== "" || entry["success"] === false) return "failed";
  if (entry["success"] === true) return "ok";
  return isResource ? "ok" : "unknown";
}

/** What a list of calls is narrowed to. */
export interface CallFilter {
  search: string;
  /** Only these; none means all. */
  kinds: ReadonlySet<CallKind>;
  failedOnly: boolean;
}

/** The calls that a filter lets through. The search looks at addresses, methods, states and bodies. */
export function filterCalls(calls: readonly Call[], filter: CallFilter): Call[] {
  const words = wordsOf(filter.search);
  return calls.filter((call) => {
    if (filter.failedOnly && call.outcome !== "failed") return false;
    if (filter.kinds.size > 0 && !filter.kinds.has(call.kind)) return false;
    if (words.length === 0) return true;
    return hasWords([call.method, call.url, call.status ?? "", call.error, call.requestBody, call.responseBody].join("\n"), words);
  });
}

/** A body as people read it. */
export interface Body {
  /** `nothing`: it was empty; `left out`: the SDK did not keep it, and `text` says why. */
  kind: "nothing" | "left out" | "json" | "form" | "text";
  text: string;
}

const LEFT_OUT = /^<[a-z_]+>$/;

/** A body, indented when it is JSON and one field a line when it is a form. */
export function readBody(body: string, contentType: string): Body {
  const trimmed = body.trim();
  if (trimmed === "") return { kind: "nothing", text: "" };
  if (LEFT_OUT.test(trimmed)) return { kind: "left out", text: trimmed.slice(1, -1).replaceAll("_", " ") };
  if (/^[[{]/.test(trimmed)) {
    try {
      return { kind: "json", text: JSON.stringify(JSON.parse(trimmed), undefined, 2) };
    } catch {
      // Cut off by the SDK, or no JSON after all.
      return { kind: "text", text: body };
    }
  }
  if (/x-www-form-urlencoded/i.test(contentType)) {
    const fields = [...new URLSearchParams(trimmed)].map(([name, value]) => `${name} = ${value}`);
    return { kind: "form", text: fields.join("\n") };
  }
  return { kind: "text", text: body };
}

/** The parameters in the query of an address. */
export function queryOf(url: string): Header[] {
  const at = url.indexOf("?");
  if (at === -1) return [];
  return [...new URLSearchParams(url.slice(at + 1).split("#")[0])];
}

/** What people know a size by: `1.2 KB`. */
export function sizeText(text: string): string {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
