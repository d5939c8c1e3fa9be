// The socket on which the server tells what is new for the contact, and what stands in when there is none.
//
// The socket only says that something changed; what it is, is asked over HTTP. So a lost message costs
// nothing but time, and the fallback is the same question asked by the clock.
import { isFields, type Fields, type Session } from "../bridge/protocol";
import type { Sender } from "./types";

/** Milliseconds between two questions while no socket is open, and with one, for what got lost. */
const POLL_MS = 5_000;
const POLL_WITH_SOCKET_MS = 60_000;
/** Milliseconds before the first and the last reconnection. */
const RETRY_FIRST_MS = 1_000;
const RETRY_LAST_MS = 30_000;

/** Milliseconds of silence after which the server is asked whether it is there, and which it has to answer in. */
const BEAT_MS = 25_000;
/** The same after something happened that often ends lines. */
const ANSWER_SOON_MS = 4_000;
/** What asks for an answer: pages do not see the pings of the protocol. */
const PING = '{"name":"ping"}';

/** What was told. */
export type News =
  /** Something may be new anywhere. */
  | { kind: "check" }
  /** A message arrived in, or something changed about, a conversation. */
  | { kind: "conversation"; shareToken: string; isMessage: boolean }
  | { kind: "typing"; shareToken: string; typing: boolean; sender: Sender };

/** What a frame of the socket tells. */
export function readFrame(text: unknown): News[] {
  let frame: unknown;
  try {
    frame = JSON.parse(String(text));
  } catch {
    return [];
  }
  if (!isFields(frame) || !isFields(frame.data)) return [];
  const data = frame.data;
  if (frame.name === "typing") {
    const sender = isFields(data.sender) ? data.sender : {};
    const shareToken = data.shareToken;
    if (typeof shareToken !== "string") return [];
    return [
      {
        kind: "typing",
        shareToken,
        typing: data.typing === true,
        sender: { name: name(sender.name), profileImageUrl: name(sender.profileImageUrl) },
      },
    ];
  }
  if (frame.name !== "update") return [];
  const tokens = new Map<string, boolean>();
  for (const action of Array.isArray(data.a) ? data.a : []) {
    const token = conversationOf(action);
    if (token) tokens.set(token, true);
  }
  for (const token of [data.rc, data.c]) {
    if (typeof token === "string" && token && !tokens.has(token)) tokens.set(token, false);
  }
  return [...tokens].map(([shareToken, isMessage]) => ({ kind: "conversation", shareToken, isMessage }));
}

function conversationOf(action: unknown): string | undefined {
  if (!isFields(action) || !isFields(action.data) || !isFields(action.data.conversation)) return undefined;
  const token = (action.data.conversation as Fields).shareToken;
  return typeof token === "string" ? token : undefined;
}

function name(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Listens for news while it is started. */
export class Live {
  private socket: WebSocket | undefined;
  private poll: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  /** When the fallback last asked, by the page's clock in milliseconds. */
  private asked = 0;
  private running = false;
  /** Asks the server, or gives the socket up. */
  private beat: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly session: Session,
    private readonly hear: (news: News) => void,
  ) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    this.asked = performance.now();
    this.connect();
    this.plan();
    addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.poll);
    clearTimeout(this.retry);
    removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    this.drop();
  }

  /** Looks at once after sleep or a lost line. */
  private readonly wake = (event: Event): void => {
    if (!this.running || document.visibilityState === "hidden") return;
    this.hear({ kind: "check" });
    // Whoever slept, or was on another line, may have lost this one without a word.
    if (event.type !== "online" && this.socket?.readyState === WebSocket.OPEN) return this.ask(ANSWER_SOON_MS);
    this.failures = 0;
    clearTimeout(this.retry);
    this.connect();
  };

  /** Something came from the server: it is there for a beat. */
  private heard(): void {
    clearTimeout(this.beat);
    this.beat = setTimeout(() => this.ask(BEAT_MS), BEAT_MS);
  }

  /** Asks whether the server is there, and takes another socket when it does not answer within these milliseconds. */
  private ask(patience: number): void {
    clearTimeout(this.beat);
    this.beat = setTimeout(() => this.connect(), patience);
    this.socket?.send(PING);
  }

  private connect(): void {
    this.drop();
    const { apiUrl, sdkKey, data } = this.session;
    const query = new URLSearchParams({
      gleapId: data.gleapId,
      gleapHash: data.gleapHash,
      apiKey: sdkKey,
      sdkVersion: "messenger",
    });
    let socket: WebSocket;
    try {
      socket = new WebSocket(`${apiUrl.replace(/^http/, "ws")}/ws?${query}`);
    } catch {
      // The policy of the page around may forbid it.
      this.again();
      return;
    }
    this.socket = socket;
    socket.onopen = () => {
      // What happened before it was open was told to nobody.
      this.hear({ kind: "check" });
      this.heard();
      this.plan();
    };
    socket.onmessage = (event) => {
      // Something between us and the server may open a socket and close it at once, for ever.
      this.failures = 0;
      this.heard();
      readFrame(event.data).forEach(this.hear);
    };
    socket.onclose = () => {
      clearTimeout(this.beat);
      this.socket = undefined;
      this.again();
    };
  }

  private drop(): void {
    clearTimeout(this.beat);
    const socket = this.socket;
    this.socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private again(): void {
    if (!this.running) return;
    const pause = Math.min(RETRY_FIRST_MS * 2 ** this.failures, RETRY_LAST_MS);
    this.failures += 1;
    // Spread, because all visitors lose a server at the same moment.
    this.retry = setTimeout(() => this.connect(), pause * (0.5 + Math.random()));
    this.plan();
  }

  /** Sets the clock of the fallback. Counts from when it last asked, so that failing attempts to connect do not put it off. */
  private plan(): void {
    clearTimeout(this.poll);
    const pause = this.socket?.readyState === WebSocket.OPEN ? POLL_WITH_SOCKET_MS : POLL_MS;
    const ask = (): void => {
      this.asked = performance.now();
      if (document.visibilityState !== "hidden") this.hear({ kind: "check" });
      this.plan();
    };
    this.poll = setTimeout(ask, Math.max(0, this.asked + pause - performance.now()));
  }
}
