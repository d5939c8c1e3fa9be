// The live socket of a project: connects, comes back, and goes on where it was, so that nothing of what
// happened is missing or told twice. It speaks the Pusher protocol with our `resume`.
import { Room, Stream, type Channel, type Followed, type FollowHandlers, type Place, type PlaceHandlers, type Position } from "./channels";
import type { Client } from "./client";
import { ApiError } from "./error";

export type { Change, Position } from "./channels";

/**
 * `connecting`: nothing is told yet, or the connection was lost a moment ago. `live`: what happens is told at once.
 * `waiting`: there is no connection; what happens is asked for every few seconds where that is possible.
 * `ended`: it does not come back by itself, because nobody is signed in any more or the project is gone.
 */
export type LiveState = "connecting" | "live" | "waiting" | "ended";

export interface LiveOptions {
  api: Client;
  /** The project's SDK key, which says what the connection is about. */
  sdkKey: string;
  /** The project's id. */
  project: string;
  /** The server; the page's own origin unless said. */
  base?: string;
  /** Where the project's stream stood before anything was read that is shown: following it begins there, at once. */
  from?: Position | undefined;
  /** For tests. */
  WebSocket?: typeof WebSocket;
}

export interface Live {
  readonly state: LiveState;
  /** Tells the state now and whenever it changes; the result ends that. */
  onState(listener: (state: LiveState) => void): () => void;
  /** Follows what changes in the project. */
  follow(handlers: FollowHandlers): Followed;
  /** Follows a user's own notifications in the project. */
  followUser(user: string, handlers: FollowHandlers): Followed;
  /** Joins those who have the project open. */
  joinProject(handlers: PlaceHandlers): Place;
  /** Joins those who look at a ticket. */
  joinTicket(ticket: string, handlers: PlaceHandlers): Place;
  close(): void;
}

/** Milliseconds. */
const CONNECT_MAX = 10_000;
const LOOK_EVERY = 5_000;
/** A look that comes this much late says that the machine slept. */
const SLEPT = 10_000;
const PING_AFTER_SILENCE = 30_000;
const PONG_MAX = 10_000;
/** The patience after something happened that often ends connections. */
const PONG_SOON = 4_000;
const BACK_MIN = 500;
const BACK_MAX = 8_000;
const CROWDED_BACK = 60_000;
const ASK_EVERY = 10_000;
/** A connection that is gone no longer than this is not worth a word. */
const QUIET = 3_000;
const CHANGES_PER_CALL = 500;

export function openLive(options: LiveOptions): Live {
  return new Connection(options);
}

/** What the socket knows of a channel. */
interface Entry {
  channel: Channel;
  status: "idle" | "asking" | "sent" | "on" | "refused";
  retry?: ReturnType<typeof setTimeout>;
}

interface Frame {
  event: string;
  channel?: string;
  data?: unknown;
  user_id?: string;
}

class Connection implements Live {
  state: LiveState = "connecting";
  private readonly url: string;
  private readonly channels = new Map<string, Entry>();
  /** Answers to come of channels that were asked for on this socket: only the last one counts. */
  private awaited = new Map<string, number>();
  private readonly listeners = new Set<(state: LiveState) => void>();
  private socket: WebSocket | undefined;
  private socketId: string | undefined;
  private attempts = 0;
  private heard = 0;
  private looked = Date.now();
  /** Until when the server has to say something. */
  private answerBy: number | undefined;
  private comeBack: ReturnType<typeof setTimeout> | undefined;
  private hush: ReturnType<typeof setTimeout> | undefined;
  private asking = false;
  private askedAt = 0;
  private lostAt = Date.now();
  private readonly looking: ReturnType<typeof setInterval>;
  private readonly forget: () => void;
  /** Where the project's stream begins for those who follow it first. */
  private from: Position | undefined;

  constructor(private readonly options: LiveOptions) {
    this.from = options.from;
    const base = options.base || (typeof location === "undefined" ? "" : location.origin);
    this.url = `${base.replace(/^http/, "ws").replace(/\/+$/, "")}/app/${encodeURIComponent(options.sdkKey)}?protocol=7&client=hark`;
    this.looking = setInterval(() => this.look(), LOOK_EVERY);
    this.forget = this.listenToPage();
  }

  onState(listener: (state: LiveState) => void): () => void {
    this.listeners.add(listener);
    listener(this.state);
    return () => this.listeners.delete(listener);
  }

  follow(handlers: FollowHandlers): Followed {
    return this.stream(`private-project-${this.options.project}`, "project", handlers);
  }

  followUser(user: string, handlers: FollowHandlers): Followed {
    return this.stream(`private-user-${user}`, "user", handlers);
  }

  joinProject(handlers: PlaceHandlers): Place {
    return this.room(`presence-project-${this.options.project}`, handlers);
  }

  joinTicket(ticket: string, handlers: PlaceHandlers): Place {
    return this.room(`presence-ticket-${ticket}`, handlers);
  }

  close(): void {
    this.end();
    this.listeners.clear();
    this.channels.clear();
  }

  private stream(name: string, stream: "project" | "user", handlers: FollowHandlers): Followed {
    const known = this.channels.get(name)?.channel;
    const channel = known instanceof Stream ? known : new Stream(name, stream);
    if (stream === "project" && this.from) {
      channel.begin(this.from);
      this.from = undefined;
    }
    const followed = channel.follow(handlers, () => this.leaveIfIdle(channel));
    this.add(channel);
    return followed;
  }

  private room(name: string, handlers: PlaceHandlers): Place {
    const known = this.channels.get(name)?.channel;
    const say = (event: string, channel: string, data: unknown) => {
      if (this.channels.get(channel)?.status === "on") this.send({ event, channel, data });
    };
    const channel = known instanceof Room ? known : new Room(name, say);
    const place = channel.join(handlers, () => this.leaveIfIdle(channel));
    this.add(channel);
    return place;
  }

  private add(channel: Channel): void {
    let entry = this.channels.get(channel.name);
    if (!entry) this.channels.set(channel.name, (entry = { channel, status: "idle" }));
    // Another wish for what was refused is worth another question.
    if (entry.status === "refused") entry.status = "idle";
    // The server keeps no connection on which nothing is followed, so there is none before.
    if (!this.socket && this.comeBack === undefined && this.state !== "ended") this.connect();
    void this.subscribe(entry);
  }

  private leaveIfIdle(channel: Channel): void {
    const entry = this.channels.get(channel.name);
    if (entry?.channel !== channel || !channel.idle) return;
    clearTimeout(entry.retry);
    this.channels.delete(channel.name);
    if (entry.status === "sent" || entry.status === "on") {
      this.send({ event: "pusher:unsubscribe", data: { channel: channel.name } });
    }
  }

  /** Asks for a ticket and hands it to the socket. */
  private async subscribe(entry: Entry): Promise<void> {
    const { channel } = entry;
    const socketId = this.socketId;
    if (!socketId || entry.status !== "idle") return;
    entry.status = "asking";
    const stale = () => this.socketId !== socketId || this.channels.get(channel.name) !== entry;
    try {
      const ticket = await this.options.api.post("/v3/users/me/session-channel-auth", {
        body: { socket_id: socketId, channel_name: channel.name },
        project: this.options.project,
        timeout: CONNECT_MAX,
      });
      if (stale()) return;
      entry.status = "sent";
      this.awaited.set(channel.name, (this.awaited.get(channel.name) ?? 0) + 1);
      const data = { channel: channel.name, ...ticket, ...(channel.position && { resume: channel.position }) };
      this.send({ event: "pusher:subscribe", data });
    } catch (error) {
      if (stale()) return;
      if (error instanceof ApiError && error.kind === "unauthenticated") return this.end();
      if (error instanceof ApiError && ["forbidden", "missing", "invalid"].includes(error.kind)) {
        return this.refuse(entry, error);
      }
      this.again(entry, error instanceof ApiError ? error.retryAfter : undefined);
    }
  }

  private again(entry: Entry, seconds: number | undefined): void {
    entry.status = "idle";
    clearTimeout(entry.retry);
    entry.retry = setTimeout(() => void this.subscribe(entry), Math.max(2_000, (seconds ?? 0) * 1000));
  }

  private connect(): void {
    clearTimeout(this.comeBack);
    this.comeBack = undefined;
    const socket = new (this.options.WebSocket ?? WebSocket)(this.url);
    this.socket = socket;
    this.heard = Date.now();
    this.answerBy = Date.now() + CONNECT_MAX;
    const mine = () => this.socket === socket;
    socket.onmessage = (message) => {
      if (mine()) this.received(String(message.data));
    };
    socket.onclose = ({ code }) => {
      if (mine()) this.lost(code);
    };
  }

  private received(text: string): void {
    this.heard = Date.now();
    this.answerBy = undefined;
    const frame = parsed(text) as Frame | undefined;
    if (!frame) return;
    const data = typeof frame.data === "string" ? parsed(frame.data) : frame.data;
    switch (frame.event) {
      case "pusher:connection_established":
        return this.established(String((data as { socket_id?: unknown }).socket_id));
      case "pusher:ping":
        return this.send({ event: "pusher:pong", data: {} });
      case "pusher:pong":
      case "pusher:error":
        // What ends the connection is said again when it closes.
        return;
    }
    const entry = frame.channel === undefined ? undefined : this.channels.get(frame.channel);
    if (frame.event === "pusher_internal:subscription_succeeded" || frame.event === "pusher:subscription_error") {
      return this.answered(frame.channel ?? "", frame.event === "pusher:subscription_error", entry, data);
    }
    if (entry?.status === "on") entry.channel.received(frame.event, data, frame.user_id);
  }

  private established(socketId: string): void {
    this.socketId = socketId;
    for (const entry of this.channels.values()) void this.subscribe(entry);
  }

  private answered(name: string, failed: boolean, entry: Entry | undefined, data: unknown): void {
    const { error, status } = (data ?? {}) as { error?: string; status?: number };
    if (failed && entry?.status === "on") {
      // Not an answer: the user's rights are not what they were.
      entry.channel.lost();
      return this.refuse(entry, new Error(error));
    }
    const left = (this.awaited.get(name) ?? 1) - 1;
    this.awaited.set(name, left);
    if (left > 0 || entry?.status !== "sent") return;
    if (!failed) {
      entry.status = "on";
      entry.channel.subscribed(data);
      return this.settle();
    }
    if (status === 401 || status === 429) return this.again(entry, undefined);
    this.refuse(entry, new Error(error));
  }

  private refuse(entry: Entry, error: Error): void {
    entry.status = "refused";
    entry.channel.refused(error);
    this.settle();
  }

  /** Says that everything is told at once, when that is so. */
  private settle(): void {
    const settled = (entry: Entry) => entry.status === "on" || entry.status === "refused";
    if (!this.socketId || ![...this.channels.values()].every(settled)) return;
    this.attempts = 0;
    clearTimeout(this.hush);
    this.hush = undefined;
    this.tell("live");
  }

  /** The connection is gone: comes back as the code says, unless it is for good. */
  private lost(code: number): void {
    this.detach();
    // No such project, or another protocol: the same would be said again.
    if (code === 4001 || code === 4007) return this.end();
    const crowded = code === 4004 ? CROWDED_BACK : 0;
    const soon = code >= 4200 && code < 4300 && this.attempts === 0;
    const back = soon ? BACK_MIN / 2 : Math.min(BACK_MAX, BACK_MIN * 2 ** this.attempts);
    this.attempts++;
    if (this.channels.size === 0) return this.tell("connecting");
    this.comeBack = setTimeout(() => this.connect(), Math.max(crowded, back * (0.75 + Math.random() / 2)));
    this.hush ??= setTimeout(() => this.tell("waiting"), QUIET);
    if (this.state === "live") this.tell("connecting");
  }

  private detach(): void {
    const socket = this.socket;
    this.socket = undefined;
    if (socket) {
      socket.onmessage = socket.onclose = null;
      socket.close();
    }
    if (this.socketId) this.lostAt = Date.now();
    this.socketId = undefined;
    this.answerBy = undefined;
    this.awaited.clear();
    for (const entry of this.channels.values()) {
      clearTimeout(entry.retry);
      const was = entry.status;
      if (was !== "refused") entry.status = "idle";
      if (was === "on") entry.channel.lost();
    }
  }

  private end(): void {
    clearInterval(this.looking);
    clearTimeout(this.comeBack);
    clearTimeout(this.hush);
    this.comeBack = undefined;
    this.forget();
    this.detach();
    this.tell("ended");
  }

  /** Looks now and then whether the connection still lives, and asks for news while there is none. */
  private look(): void {
    const now = Date.now();
    const slept = now - this.looked > LOOK_EVERY + SLEPT;
    this.looked = now;
    if (slept) this.probe();
    else if (this.answerBy !== undefined && now > this.answerBy) this.lost(0);
    else if (this.socketId && now - this.heard > PING_AFTER_SILENCE) this.ping(PONG_MAX);
    const away = this.state !== "live" && now - this.lostAt > QUIET;
    if (away && now - this.askedAt >= ASK_EVERY) void this.ask();
  }

  /** Something happened after which a connection is often dead without saying so. */
  private probe(): void {
    if (this.state === "ended") return;
    if (this.socketId) return this.ping(PONG_SOON);
    this.attempts = 0;
    if (this.comeBack !== undefined) this.connect();
  }

  private ping(patience: number): void {
    const by = Date.now() + patience;
    if (this.answerBy !== undefined && this.answerBy <= by) return;
    this.answerBy = by;
    this.send({ event: "pusher:ping", data: {} });
    setTimeout(() => {
      if (this.answerBy === by) this.lost(0);
    }, patience + 50);
  }

  /** Asks what changed, for as long as no socket tells it. */
  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    this.askedAt = Date.now();
    try {
      for (const { channel, status } of [...this.channels.values()]) {
        if (channel instanceof Stream && status !== "refused") await this.askStream(channel);
      }
    } catch (error) {
      if (error instanceof ApiError && error.kind === "unauthenticated") this.end();
    } finally {
      this.asking = false;
    }
  }

  private async askStream(channel: Stream): Promise<void> {
    for (let more = true; more && !channel.idle && this.state !== "ended"; ) {
      const from = channel.position;
      const page = await this.options.api.get("/v3/changes", {
        query: { stream: channel.stream, limit: CHANGES_PER_CALL, after: from?.seq, epoch: from?.epoch },
        project: this.options.project,
      });
      // The socket may have told some of it meanwhile: what is known is passed over.
      if (channel.position?.epoch !== from?.epoch) return;
      if (page.reset) return channel.reset(page);
      for (const { data, ...change } of page.changes) {
        channel.accept({ ...(data as object | undefined), ...change, epoch: page.epoch } as Parameters<Stream["accept"]>[0]);
      }
      if (!channel.position || page.seq > channel.position.seq) channel.begin({ epoch: page.epoch, seq: page.seq });
      more = page.more;
    }
  }

  private send(frame: Frame): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame));
  }

  private tell(state: LiveState): void {
    if (this.state === state || this.state === "ended") return;
    this.state = state;
    for (const listener of [...this.listeners]) listener(state);
  }

  private listenToPage(): () => void {
    if (typeof window === "undefined") return () => {};
    const probe = () => this.probe();
    const seen = () => {
      if (document.visibilityState === "visible") this.probe();
    };
    const events = ["online", "offline", "pageshow", "focus"] as const;
    for (const event of events) window.addEventListener(event, probe);
    document.addEventListener("visibilitychange", seen);
    return () => {
      for (const event of events) window.removeEventListener(event, probe);
      document.removeEventListener("visibilitychange", seen);
    };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
