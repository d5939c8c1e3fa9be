// Pictures and films of the app or page: asked of the SDK, marked, and put where the visitor wanted them.
//
// The visitor leaves the messenger for them, and the SDKs of some systems begin it anew when it comes back. So
// what was begun is kept until the SDK says how it ended.
import type { Attachment } from "../api/types";
import type { Bridge } from "../bridge/bridge";
import type { CaptureCapabilities, CaptureKind, Incoming, Session, SurveyFormat } from "../bridge/protocol";
import { isFields } from "../bridge/protocol";
import type { Answers } from "../flow/answers";
import type { Say } from "../i18n/words";
import { newId } from "../lib/id";
import { keep, placeOf, recall } from "../lib/storage";

/** Milliseconds for which SDKs keep what was captured. */
const KEPT_MS = 10 * 60_000;
/** Seconds of a film at most, and where an SDK says less. */
const FILM_MAX = 120;
const FILM_MIN = 5;

/** Where a capture belongs, and what was begun there. */
export type Place =
  | { name: "flow"; flow: string; survey?: SurveyFormat; step: number; answers: Answers }
  /** None for a conversation that begins. */
  | { name: "conversation"; token?: string; text: string; files: Attachment[] };

interface Request {
  id: string;
  place: Place;
  /** When it was asked for, by the calendar. */
  at: number;
}

/** A picture on which the visitor draws. */
export interface Editing {
  /** The request that it answers; none for the picture that an app took by itself. */
  request?: string;
  image: string;
  place: Place;
}

/** What captures need of the messenger around them. */
export interface Around {
  bridge: Bridge;
  say(): Say;
  /** The visitor leaves the messenger for something that belongs here. */
  left(place: Place): void;
  /** Shows the place where a capture belongs, as it was left. */
  show(place: Place): void;
  /** An id under which the server takes a film for a conversation. */
  filmId(token: string): Promise<string>;
  /** A film arrived in a conversation. */
  filmed(token: string): void;
}

export class Captures {
  capabilities = $state.raw<CaptureCapabilities>();
  /** The picture that is being marked. */
  editing = $state.raw<Editing>();
  /** A picture that is ready (PNG), until the screen that it belongs to takes it. */
  ready = $state.raw<{ place: Place; image: string }>();
  /** Whether the last attempt came to nothing. */
  hasFailed = $state(false);

  /** Whether the server is asked for an id. */
  private isAsking = false;
  private request: Request | undefined;
  private kept = "";

  constructor(private readonly around: Around) {}

  get canPicture(): boolean {
    return this.capabilities?.screenshot === true;
  }

  get canFilm(): boolean {
    return this.capabilities?.recording === true;
  }

  /** Takes what an earlier document of this contact began. */
  meet({ apiUrl, sdkKey, data }: Session): void {
    const before = this.kept;
    this.kept = placeOf("capture", apiUrl, sdkKey, data.gleapId);
    if (!this.request) {
      this.request = readRequest(recall(this.kept), Date.now());
    } else if (before !== this.kept) {
      keep(before, undefined);
      keep(this.kept, this.request);
    }
  }

  /** Ends what is under way: somebody else is here. */
  forget(): void {
    const id = this.editing?.request ?? this.request?.id;
    if (id) this.around.bridge.send("capture-cancel", { requestId: id });
    this.close();
    this.ready = undefined;
    this.hasFailed = false;
    this.end();
  }

  /** Leaves the messenger for a picture. */
  picture(place: Place): void {
    this.start("screenshot", newId(), place);
  }

  /** Leaves the messenger for a film, which the SDK sends into the conversation by itself. */
  async film(place: Place & { token: string }): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    this.hasFailed = false;
    const kept = this.kept;
    try {
      const id = await this.around.filmId(place.token);
      // Meanwhile somebody else may be here.
      if (this.kept === kept) this.start("recording", id, place);
    } catch {
      this.hasFailed = true;
    } finally {
      this.isAsking = false;
    }
  }

  private start(kind: CaptureKind, id: string, place: Place): void {
    const token = place.name === "conversation" ? (place.token ?? "") : "";
    this.hasFailed = false;
    this.around.left(place);
    this.request = { id, place, at: Date.now() };
    keep(this.kept, this.request);
    const seconds = this.capabilities?.maxRecordingSec || FILM_MAX;
    this.around.bridge.send("capture-start", {
      requestId: id,
      kind,
      ticketShareToken: token,
      options: {
        annotate: true,
        audio: false,
        // Reports and conversations bring what the SDK knows by themselves.
        attachLogs: false,
        maxDurationSec: Math.max(FILM_MIN, Math.min(seconds, FILM_MAX)),
      },
      labels: labels(this.around.say()),
    });
  }

  /** Lets the visitor draw on a picture that is there already. */
  mark(image: string, place: Place): void {
    this.hasFailed = false;
    this.editing = { image, place };
  }

  hear(message: Extract<Incoming, { name: "capture-state" | "capture-image" }>): void {
    const request = this.request;
    if (!request || request.id !== message.requestId) return;
    if (message.name === "capture-image") {
      this.around.show(request.place);
      this.end();
      this.editing = { request: request.id, image: message.dataUrl, place: request.place };
      this.around.bridge.send("capture-editor", { requestId: request.id, open: true });
      return;
    }
    switch (message.state) {
      case "done":
        this.end();
        this.around.show(request.place);
        if (request.place.name === "conversation" && request.place.token) this.around.filmed(request.place.token);
        return;
      case "cancelled":
      case "failed":
      case "unsupported":
        this.end();
        this.around.show(request.place);
        this.hasFailed = message.state !== "cancelled";
        return;
      default:
        // The SDK shows by itself how far it is.
        return;
    }
  }

  /** The picture was marked. */
  finish(image: string): void {
    const editing = this.editing;
    if (!editing) return;
    this.close();
    if (editing.request) this.around.bridge.send("capture-done", { requestId: editing.request });
    this.ready = { place: editing.place, image };
  }

  /** The visitor does not want the picture, or it cannot be marked. */
  drop(hasFailed = false): void {
    const id = this.editing?.request;
    this.close();
    if (id) this.around.bridge.send("capture-cancel", { requestId: id });
    this.hasFailed = hasFailed;
  }

  private close(): void {
    const id = this.editing?.request;
    this.editing = undefined;
    if (id) this.around.bridge.send("capture-editor", { requestId: id, open: false });
  }

  private end(): void {
    this.request = undefined;
    if (this.kept) keep(this.kept, undefined);
  }
}

/** What an earlier document kept; nothing when the SDK has forgotten it. */
export function readRequest(value: unknown, now: number): Request | undefined {
  if (!isFields(value) || typeof value.id !== "string" || !isFields(value.place)) return undefined;
  const age = typeof value.at === "number" ? now - value.at : Infinity;
  const isPlace = value.place.name === "flow" || value.place.name === "conversation";
  return isPlace && age >= 0 && age < KEPT_MS ? (value as unknown as Request) : undefined;
}

/** The words of what the SDK shows while the messenger is away. */
function labels(say: Say): Record<string, string> {
  return {
    barScreenshotHint: say("captureHint"),
    barCapture: say("takePicture"),
    barRecordHint: say("recordHint"),
    barStart: say("recordStart"),
    barStop: say("recordStop"),
    barRecording: say("recording"),
    barCancel: say("cancel"),
    previewTitle: say("recordSend"),
    previewSend: say("send"),
    previewRetake: say("tryAgain"),
    uploading: say("uploading"),
    failed: say("sendFailed"),
  };
}
