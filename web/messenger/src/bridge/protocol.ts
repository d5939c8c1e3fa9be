// Every message between the messenger and the SDK around it, in both directions, as types and readers.
//
// The names and fields are those of the official SDKs. Messages travel as JSON texts
// `{ name, data }`; on iOS ours are objects. What comes in is somebody else's: it is read with care,
// and what is not understood is left out.

/** A value as JSON knows it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** An object of the wire whose fields have not been looked at. */
export type Fields = Record<string, unknown>;

/** The format in which a flow is shown: the panel that slides in, or one over the whole page. */
export type SurveyFormat = "survey" | "survey_full" | "survey_web";

/** The tools of the SDK with which a visitor captures the page. */
export type CaptureTool = "screenshot" | "capture";

/** What is left out of a report; keys are those of the report's body. */
export type ExcludeData = Partial<
  Record<
    "customData" | "metaData" | "attachments" | "consoleLog" | "networkLogs" | "customEventLog" | "screenshot" | "replays",
    boolean
  >
>;

/** What is captured: a picture of the app or page, or a film of it. */
export type CaptureKind = "screenshot" | "recording";

/** How a capture is to be made. */
export interface CaptureOptions {
  annotate: boolean;
  audio: boolean;
  /** Whether the SDK sends its logs by itself as well. */
  attachLogs: boolean;
  /** Seconds of a film at most, from 5 to 180. */
  maxDurationSec: number;
}

// --- from the messenger to the SDK ---------------------------------------------------------------

/** Messages to the SDK by name, with what stands in `data`. */
export interface Outgoing {
  /** The handshake: once per document, when the messenger is ready to listen. */
  ping: undefined;
  "close-widget": undefined;
  /** Which screen is shown; two of the names make the widget wide. */
  "page-changed": { name: string };
  /** The height that the panel of a survey needs, in pixels. */
  "height-update": number;
  /** Fires an event on the site; `flow-started` makes the SDK keep the replay of what led here. */
  "notify-event": { type: string; data?: Json };
  "send-feedback": {
    formData: Fields;
    action: { feedbackType: string; excludeData: ExcludeData } & Fields;
    outboundId?: string;
  };
  "collect-ticket-data": undefined;
  "start-screen-drawing": CaptureTool;
  "cleanup-drawings": undefined;
  "open-url": string;
  "open-image": { url: string };
  "run-custom-action": string;
  "start-product-tour": { tourId: string };
  "play-ping": undefined;
  /** Newer SDKs: makes the widget wide or narrow. */
  "set-widget-expanded": { expanded: boolean };
  /** Apps: a marked picture (PNG) takes the place of the one that was taken, until `cleanup-drawings`. */
  "screenshot-updated": string;
  /** Newer SDKs: leaves the messenger for a picture or a film, with the words of what is shown meanwhile. */
  "capture-start": {
    requestId: string;
    kind: CaptureKind;
    ticketShareToken: string;
    options: CaptureOptions;
    labels: Record<string, string>;
  };
  /** The visitor does not want it any more. */
  "capture-cancel": { requestId: string };
  /** What was captured is where it belongs. */
  "capture-done": { requestId: string };
  /** The picture is being marked, which needs room. */
  "capture-editor": { requestId: string; open: boolean };
}

export type OutgoingName = keyof Outgoing;

/** Fields that stand beside `data`. */
export interface Beside {
  /** `open-url`: in a new tab. */
  newTab?: boolean;
}

/** The message as it is sent. */
export function envelope<N extends OutgoingName>(name: N, data?: Outgoing[N], beside: Beside = {}): Fields {
  return data === undefined ? { name, ...beside } : { name, data, ...beside };
}

// --- from the SDK to the messenger ---------------------------------------------------------------

/** Who the visitor is, as the SDK keeps it. */
export interface SessionData {
  gleapId: string;
  gleapHash: string;
  userId: string;
  name: string;
  email: string;
  /** The token for files, in projects that want one. */
  fileAccessToken: string;
}

/** A session and where the server is. */
export interface Session {
  data: SessionData;
  apiUrl: string;
  sdkKey: string;
}

/** What a command asks the messenger to show. All of them also open the widget. */
export type Command =
  | { name: "start-feedbackflow"; flow: string; hideBackButton: boolean }
  | { name: "start-survey"; flow: string; format: SurveyFormat }
  | { name: "start-bot"; hideBackButton: boolean }
  | { name: "ask-ai"; question: string; hideBackButton: boolean }
  | { name: "open-conversations"; hideBackButton: boolean }
  | { name: "open-conversation"; shareToken: string; hideBackButton: boolean }
  /** Any command for what this messenger has no screen for. */
  | { name: "open-home" };

/** What the SDK knows that belongs to a ticket. */
export interface TicketData {
  customData: Fields;
  metaData: Fields;
  formData: Fields;
  tags: string[];
}

/** What the SDK can capture. */
export interface CaptureCapabilities {
  screenshot: boolean;
  recording: boolean;
  /** Seconds of a film at most. */
  maxRecordingSec: number;
}

/** How far a capture is; the last four are its ends. */
export const CAPTURE_STATES = [
  "bar",
  "capturing",
  "recording",
  "preview",
  "uploading",
  "done",
  "cancelled",
  "failed",
  "unsupported",
] as const;
export type CaptureState = (typeof CAPTURE_STATES)[number];

/** Messages from the SDK, read. */
export type Incoming =
  | {
      name: "config-update";
      config: Fields;
      overrideLanguage: string;
      /** Apps are given the flows here; web pages ask the server for them. */
      actions: Fields | undefined;
      isApp: boolean;
    }
  | { name: "session-update"; session: Session }
  | { name: "session-cleared" }
  | { name: "widget-status-update"; isWidgetOpen: boolean }
  | { name: "reset-routes" }
  | { name: "prefill-form-data"; values: Fields }
  | { name: "collect-ticket-data"; data: TicketData }
  | { name: "set-form-data"; formKey: string; value: unknown }
  | { name: "feedback-sent"; reply: Fields }
  | { name: "feedback-sending-failed" }
  | { name: "screenshot-update"; image: string }
  | { name: "safe-area-update"; top: number; right: number; bottom: number; left: number }
  | { name: "widget-size-update"; expandable: boolean; expanded: boolean }
  | { name: "capture-capabilities"; capabilities: CaptureCapabilities }
  | { name: "capture-state"; requestId: string; state: CaptureState }
  | { name: "capture-image"; requestId: string; dataUrl: string }
  | Command;

/** Reads a message: a JSON text, or an object from an app. `undefined` for what is none that is known. */
export function read(message: unknown): Incoming | undefined {
  let parsed = message;
  if (typeof message === "string") {
    try {
      parsed = JSON.parse(message);
    } catch {
      return undefined;
    }
  }
  if (!isFields(parsed) || typeof parsed.name !== "string") return undefined;
  // Messages to other frames of the SDK are marked with their type.
  if (parsed.type !== undefined) return undefined;
  const reader = Object.hasOwn(readers, parsed.name) ? readers[parsed.name] : undefined;
  return reader?.(isFields(parsed.data) ? parsed.data : {}, parsed.data);
}

type Reader = (data: Fields, whole: unknown) => Incoming | undefined;

const readers: Record<string, Reader | undefined> = {
  "config-update": (data) => ({
    name: "config-update",
    config: fields(data.config),
    overrideLanguage: text(data.overrideLanguage),
    actions: isFields(data.actions) ? data.actions : undefined,
    isApp: data.isApp === true,
  }),
  "session-update": (data) => {
    const known = fields(data.sessionData);
    const apiUrl = webAddress(data.apiUrl);
    const sdkKey = text(data.sdkKey);
    const session: SessionData = {
      gleapId: text(known.gleapId),
      gleapHash: text(known.gleapHash),
      userId: text(known.userId),
      name: text(known.name),
      email: text(known.email),
      fileAccessToken: text(known.fileAccessToken),
    };
    if (!apiUrl || !sdkKey || !session.gleapId || !session.gleapHash) return undefined;
    return { name: "session-update", session: { data: session, apiUrl, sdkKey } };
  },
  "session-cleared": () => ({ name: "session-cleared" }),
  "widget-status-update": (data) => ({ name: "widget-status-update", isWidgetOpen: data.isWidgetOpen === true }),
  "reset-routes": () => ({ name: "reset-routes" }),
  "prefill-form-data": (data) => ({ name: "prefill-form-data", values: data }),
  "collect-ticket-data": (data) => ({
    name: "collect-ticket-data",
    data: {
      customData: fields(data.customData),
      metaData: fields(data.metaData),
      formData: fields(data.formData),
      tags: list(data.tags).filter((tag) => typeof tag === "string"),
    },
  }),
  "set-form-data": (data) => ({
    name: "set-form-data",
    formKey: text(data.formKey),
    value: fields(data.data).value,
  }),
  "feedback-sent": (data) => ({ name: "feedback-sent", reply: data }),
  "feedback-sending-failed": () => ({ name: "feedback-sending-failed" }),
  "screenshot-update": (_, whole) => {
    const image = text(whole);
    return image.startsWith("data:image/") ? { name: "screenshot-update", image } : undefined;
  },
  "safe-area-update": (data) => ({
    name: "safe-area-update",
    top: pixels(data.top),
    right: pixels(data.right),
    bottom: pixels(data.bottom),
    left: pixels(data.left),
  }),
  "widget-size-update": (data) => ({
    name: "widget-size-update",
    expandable: data.expandable === true,
    expanded: data.expanded === true,
  }),
  "capture-capabilities": (data) => ({
    name: "capture-capabilities",
    capabilities: {
      screenshot: data.screenshot === true,
      recording: data.recording === true,
      maxRecordingSec: typeof data.maxRecordingSec === "number" ? data.maxRecordingSec : 0,
    },
  }),
  "capture-state": (data) => {
    const state = CAPTURE_STATES.find((one) => one === data.state);
    return state && { name: "capture-state", requestId: text(data.requestId), state };
  },
  "capture-image": (data) => {
    const dataUrl = text(data.dataUrl);
    if (!dataUrl.startsWith("data:image/")) return undefined;
    return { name: "capture-image", requestId: text(data.requestId), dataUrl };
  },
  "start-feedbackflow": (data) => {
    // Older apps name no flow when they mean the one for bugs. A format says nothing here: SDKs show flows in the widget.
    return { name: "start-feedbackflow", flow: text(data.flow) || "bugreporting", ...back(data) };
  },
  "start-survey": (data) => {
    const flow = text(data.flow);
    const format = optionalFormat(data.format) ?? "survey";
    return flow ? { name: "start-survey", flow, format } : undefined;
  },
  "start-bot": (data) => ({ name: "start-bot", ...back(data) }),
  "ask-ai": (data) => ({ name: "ask-ai", question: text(data.question), ...back(data) }),
  "open-conversations": (data) => ({ name: "open-conversations", ...back(data) }),
  "open-conversation": (data) => {
    const shareToken = text(data.shareToken);
    return shareToken ? { name: "open-conversation", shareToken, ...back(data) } : undefined;
  },
  "open-helpcenter": home,
  "open-helpcenter-search": home,
  "open-help-collection": home,
  "open-help-article": home,
  "open-news": home,
  "open-news-article": home,
  "open-feature-requests": home,
  "open-checklists": home,
  "open-checklist": home,
  "start-checklist": home,
};

/** The SDK opens the widget for these; it is opened at its beginning. */
function home(): Command {
  return { name: "open-home" };
}

/** Whether a value is an object with fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text; numbers that stand for ids are taken as texts. */
function text(value: unknown): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value : "";
}

function pixels(value: unknown): number {
  return typeof value === "number" && value >= 0 && value < 1000 ? value : 0;
}

/** The address of a server without the slash at its end, or nothing when it is no address of the web. */
function webAddress(value: unknown): string {
  try {
    const url = new URL(text(value));
    return url.protocol === "https:" || url.protocol === "http:" ? text(value).replace(/\/+$/, "") : "";
  } catch {
    return "";
  }
}

function back(data: Fields): { hideBackButton: boolean } {
  return { hideBackButton: data.hideBackButton === true };
}

function optionalFormat(value: unknown): SurveyFormat | undefined {
  return value === "survey" || value === "survey_full" || value === "survey_web" ? value : undefined;
}
