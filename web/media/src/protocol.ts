// The messages of banner and modal pages, and the way to the SDK: a page's frame, or the web view of an app.

export type Fields = Record<string, unknown>;
export type Kind = "banner" | "modal";

/** What a button does, as a message to the SDK; both pages know the same ones. */
export type Action =
  | { name: "start-conversation"; data: { botId: string } }
  | { name: "start-custom-action"; data: { action: string } }
  | { name: "start-product-tour"; data: { tourId: string } }
  | { name: "open-url"; data: string; newTab: boolean }
  | { name: "show-form"; data: { formId: string } }
  | { name: "show-survey"; data: { formId: string; surveyFormat: "survey" | "survey_full" | "survey_web" } }
  | { name: "show-news-article"; data: { articleId: string } }
  | { name: "show-help-article"; data: { articleId: string } }
  | { name: "show-checklist"; data: { checklistId: string; sharedKey?: string } }
  | { name: "close" };

/** Messages to the SDK, without the kind of page in their names. */
export type Outgoing =
  | { name: "loaded" }
  | { name: "data-set" }
  | { name: "height"; data: { height: number } }
  | Action;

/** Names that are the same for both pages; the others begin with the page's kind. */
const OWN = new Set(["loaded", "data-set", "height", "close"]);

/** The message as it is sent. */
export function envelope(kind: Kind, message: Outgoing): Fields {
  const name = OWN.has(message.name) ? `${kind}-${message.name}` : message.name;
  return { ...message, type: kind.toUpperCase(), name };
}

/** The content in a message of the SDK, if it is one for this page. */
export function readData(kind: Kind, message: unknown): Fields | undefined {
  let parsed = message;
  if (typeof message === "string") {
    try {
      parsed = JSON.parse(message);
    } catch {
      return undefined;
    }
  }
  if (!isFields(parsed) || parsed.name !== `${kind}-data` || !isFields(parsed.data)) return undefined;
  // Apps do not say for whom a message is.
  return parsed.type === undefined || parsed.type === kind ? parsed.data : undefined;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

interface Handler {
  postMessage(message: unknown): void;
}

/** What apps put into the page's `window`, by the kind of page. */
interface NativeWindow {
  GleapBannerJSBridge?: { gleapBannerCallback(message: string): void };
  GleapModalJSBridge?: { gleapModalCallback(message: string): void };
  webkit?: { messageHandlers?: { gleapBannerCallback?: Handler; gleapModalCallback?: Handler } };
  appMessage?: (message: unknown) => void;
}

/** Listens for the content, then says that the page is there; returns how to send. */
export function connect(kind: Kind, show: (data: Fields) => void, host: Window = window): (message: Outgoing) => void {
  const native = host as unknown as NativeWindow;
  const handlers = native.webkit?.messageHandlers;
  const ios = kind === "banner" ? handlers?.gleapBannerCallback : handlers?.gleapModalCallback;
  const android = (text: string): boolean => {
    if (kind === "banner") native.GleapBannerJSBridge?.gleapBannerCallback(text);
    else native.GleapModalJSBridge?.gleapModalCallback(text);
    return (kind === "banner" ? native.GleapBannerJSBridge : native.GleapModalJSBridge) !== undefined;
  };
  const send = (message: Outgoing): void => {
    const whole = envelope(kind, message);
    if (android(JSON.stringify(whole))) return;
    if (ios) ios.postMessage(whole);
    else if (host.parent !== host) host.parent.postMessage(JSON.stringify(whole), "*");
  };
  const hear = (message: unknown): void => {
    const data = readData(kind, message);
    if (data) show(data);
  };
  native.appMessage = hear;
  host.addEventListener("message", (event) => {
    if (event.source === host.parent && host.parent !== host) hear(event.data);
  });
  send({ name: "loaded" });
  return send;
}
