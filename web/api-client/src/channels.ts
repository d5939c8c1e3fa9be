// What is followed over the live socket: numbered streams without gaps, and places with who is there.
import type { ApiError } from "./error";

/** A place in a numbered stream. */
export interface Position {
  /** Tells the stream from a lost one of the same name. */
  epoch: string;
  seq: number;
}

/** Something changed. */
export interface Change extends Position {
  /** What happened: `ticket.updated`, `message.created`, `contact.deleted`, `notification`. */
  event: string;
  /** The document that it happened to. */
  id?: string;
  /** Who did it: `user:<id>`, `contact:<id>`, `system`. */
  actor: string;
  at: string;
  /** What else the event says. */
  [more: string]: unknown;
}

export interface FollowHandlers {
  /** Each change once and in order, also after sleep, a lost network or a restart of the server. */
  change?(change: Change): void;
  /** What was missed is too long ago to be told: read everything anew. */
  reset?(): void;
  /** The user may not follow, or not any more. */
  refused?(error: RefusedChannel): void;
}

/** Why a channel is not followed. */
export type RefusedChannel = ApiError | Error;

/** A stream that is followed. */
export interface Followed {
  /**
   * Resolves when following has begun. Read what you show after that: whatever changes from then on is told.
   * Never resolves when the channel is refused or left before.
   */
  readonly ready: Promise<void>;
  /** Whether it has begun by now, so that what was read since need not be read again. */
  readonly begun: boolean;
  stop(): void;
}

/** Somebody who is there: a user's id, or `contact:<id>`. */
export interface Member {
  id: string;
  name: string;
}

export interface PlaceHandlers {
  /** Who is there, whenever that changes; oneself included. */
  members?(members: readonly Member[]): void;
  /** Somebody else types, or stopped to. Forget it after ten seconds without another sign. */
  typing?(who: string, typing: boolean, data: Record<string, unknown>): void;
  /** Somebody else looks at something else here, or stopped to. */
  viewing?(who: string, data: Record<string, unknown>): void;
  refused?(error: RefusedChannel): void;
}

/** A place that was joined. */
export interface Place {
  readonly members: readonly Member[];
  /** Tells the others; does nothing while the socket is down. */
  typing(typing: boolean): void;
  viewing(data: Record<string, unknown>): void;
  leave(): void;
}

/** A channel as the socket's side needs it. */
export interface Channel {
  readonly name: string;
  /** Where to go on, for streams. */
  position?: Position | undefined;
  /** The name of the stream for those who ask instead of listening; `undefined` for places. */
  readonly stream?: "project" | "user";
  /** Nobody needs it any more. */
  readonly idle: boolean;
  subscribed(data: unknown): void;
  received(event: string, data: unknown, who: string | undefined): void;
  refused(error: RefusedChannel): void;
  /** The socket is gone. */
  lost(): void;
}

/** A numbered stream with everybody on this page who follows it. */
export class Stream implements Channel {
  position: Position | undefined;
  private readonly followers = new Map<FollowHandlers, () => void>();
  private begun = false;

  constructor(
    readonly name: string,
    readonly stream: "project" | "user",
  ) {}

  get idle(): boolean {
    return this.followers.size === 0;
  }

  follow(handlers: FollowHandlers, stopped: () => void): Followed {
    // A copy: the same handlers may follow twice.
    const own = { ...bound(handlers) };
    const ready = new Promise<void>((resolve) => this.followers.set(own, resolve));
    if (this.begun) this.followers.get(own)?.();
    const stream = this;
    return {
      ready,
      get begun() {
        return stream.begun;
      },
      stop: () => {
        if (this.followers.delete(own)) stopped();
      },
    };
  }

  subscribed(data: unknown): void {
    // Whoever goes on is told from its own position, not from the present one.
    if (isPosition(data)) this.begin(this.position ?? { epoch: data.epoch, seq: data.seq });
  }

  /** Following begins here. */
  begin(position: Position): void {
    this.position = position;
    if (this.begun) return;
    this.begun = true;
    for (const resolve of this.followers.values()) resolve();
  }

  received(event: string, data: unknown): void {
    if (!isPosition(data)) return;
    if (event === "hark:reset") return this.reset(data);
    this.accept({ ...data, event } as Change);
  }

  /** Tells a change, unless it was told already. */
  accept(change: Change): void {
    const seen = this.position;
    if (seen && seen.epoch === change.epoch && change.seq <= seen.seq) return;
    this.position = { epoch: change.epoch, seq: change.seq };
    for (const handlers of [...this.followers.keys()]) guarded(() => handlers.change?.(change));
  }

  reset(position: Position): void {
    this.begin({ epoch: position.epoch, seq: position.seq });
    this.position = { epoch: position.epoch, seq: position.seq };
    for (const handlers of [...this.followers.keys()]) guarded(() => handlers.reset?.());
  }

  refused(error: RefusedChannel): void {
    for (const handlers of [...this.followers.keys()]) guarded(() => handlers.refused?.(error));
  }

  lost(): void {}
}

/** A presence channel with everybody on this page who is interested. */
export class Room implements Channel {
  private here = new Map<string, Member>();
  private readonly guests = new Set<PlaceHandlers>();
  private entered = false;

  constructor(
    readonly name: string,
    private readonly send: (event: string, channel: string, data: unknown) => void,
  ) {}

  get idle(): boolean {
    return this.guests.size === 0;
  }

  get members(): readonly Member[] {
    return [...this.here.values()];
  }

  join(handlers: PlaceHandlers, left: () => void): Place {
    const own = { ...bound(handlers) };
    this.guests.add(own);
    if (this.entered) guarded(() => own.members?.(this.members));
    const room = this;
    return {
      get members() {
        return room.members;
      },
      typing: (typing) => this.send("client-typing", this.name, { typing }),
      viewing: (data) => this.send("client-viewing", this.name, data),
      leave: () => {
        if (this.guests.delete(own)) left();
      },
    };
  }

  subscribed(data: unknown): void {
    const hash = (data as { presence?: { hash?: Record<string, unknown> } } | null)?.presence?.hash ?? {};
    this.here = new Map(Object.entries(hash).map(([id, info]) => [id, member(id, info)]));
    this.entered = true;
    this.tell();
  }

  received(event: string, data: unknown, who: string | undefined): void {
    const about = (typeof data === "object" && data !== null ? data : {}) as Record<string, unknown>;
    const id = String(about.user_id ?? "");
    if (event === "pusher_internal:member_added") {
      this.here.set(id, member(id, about.user_info));
      this.tell();
    } else if (event === "pusher_internal:member_removed") {
      if (this.here.delete(id)) this.tell();
    } else if (event === "client-typing" && who) {
      for (const guest of [...this.guests]) guarded(() => guest.typing?.(who, about.typing === true, about));
    } else if (event === "client-viewing" && who) {
      for (const guest of [...this.guests]) guarded(() => guest.viewing?.(who, about));
    }
  }

  refused(error: RefusedChannel): void {
    for (const guest of [...this.guests]) guarded(() => guest.refused?.(error));
  }

  lost(): void {
    // Nobody can be said to be there, the others least of all to type.
    this.entered = false;
    if (this.here.size === 0) return;
    this.here.clear();
    this.tell();
  }

  private tell(): void {
    const members = this.members;
    for (const guest of [...this.guests]) guarded(() => guest.members?.(members));
  }
}

export function isPosition(data: unknown): data is Position {
  const position = data as Partial<Position> | null;
  return typeof position === "object" && typeof position?.epoch === "string" && typeof position.seq === "number";
}

function member(id: string, info: unknown): Member {
  const name = (info as { name?: unknown } | null | undefined)?.name;
  return { id, name: typeof name === "string" ? name : "" };
}

/** Handlers that keep their `this` when they are copied. */
function bound<H extends object>(handlers: H): H {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(handlers)) {
    copy[name] = typeof value === "function" ? value.bind(handlers) : value;
  }
  return copy as H;
}

/** One handler's mistake must not keep the others from what happened. */
function guarded(tell: () => void): void {
  try {
    tell();
  } catch (error) {
    console.error(error);
  }
}
