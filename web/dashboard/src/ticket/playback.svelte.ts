// A replay that plays: one set of controls for the recording of a page and for the frames of an app.
import { MARK, readMessage, type FromPlayer, type Idle, type Story, type ToPlayer, type Visited } from "@hark/replay/protocol";
import { api } from "../app/session.svelte.ts";
import { ReplayClock } from "./clock.ts";
import { readFrames, type FrameReplay } from "./frames.ts";

/** Recordings have many megabytes. */
const TIMEOUT_MS = 120_000;
/** What is shown while there is nothing to play. */
export type Nothing = "none" | "empty" | "broken" | "failed";

export class Playback {
  /** `page` and `frames` say what plays; a page is `loading` until its player has it. */
  state = $state<"loading" | "page" | "frames" | Nothing>("loading");
  /** The position, milliseconds since the start. */
  ms = $state(0);
  playing = $state(false);
  speed = $state(1);
  skipIdle = $state(true);
  frames = $state.raw<FrameReplay>();
  /** The player of pages is needed: its frame shows. */
  needsPlayer = $state(false);
  private story = $state.raw<Story>();
  private recording: ArrayBuffer | undefined;
  private player: { window: Window; origin: string } | undefined;
  private clock: ReplayClock | undefined;
  private drawing = 0;
  private readonly ending = new AbortController();

  constructor(private readonly ticketId: string) {}

  /** Milliseconds that it takes; 0 until it is known. */
  readonly length = $derived.by(() => this.story?.length ?? this.frames?.length ?? 0);
  /** When it starts, unix milliseconds. */
  readonly start = $derived.by(() => this.story?.start ?? this.frames?.start);
  /** The moment that it shows, unix milliseconds; undefined while nothing can be shown. */
  readonly now = $derived.by(() => (this.start === undefined || this.length === 0 ? undefined : this.start + this.ms));
  readonly idle = $derived.by<readonly Idle[]>(() => this.story?.idle ?? []);
  readonly pages = $derived.by<readonly Visited[]>(() => this.story?.pages ?? []);
  readonly isAtEnd = $derived.by(() => this.length > 0 && this.ms >= this.length);

  async load(): Promise<void> {
    this.state = "loading";
    try {
      const path = { ticketId: this.ticketId };
      const answer = await api.call("get", "/v3/tickets/{ticketId}/replay", { path, as: "blob", signal: this.ending.signal, timeout: TIMEOUT_MS });
      this.take(await (answer.data as unknown as Blob).arrayBuffer());
    } catch {
      if (!this.ending.signal.aborted) this.state = "failed";
    }
  }

  private take(bytes: ArrayBuffer): void {
    // The recording of a page may be very large, so only its player reads it as a whole.
    if (new TextDecoder().decode(bytes.slice(0, 10)).startsWith('{"events"')) {
      this.recording = bytes;
      this.needsPlayer = true;
      this.hand();
      return;
    }
    const body: unknown = JSON.parse(new TextDecoder().decode(bytes));
    this.frames = readFrames(body);
    if (!this.frames) {
      this.state = "none";
      return;
    }
    this.clock = new ReplayClock(this.frames.length);
    this.state = "frames";
  }

  /** Talks to the frame of the player of pages; returns what ends that. */
  attach(window: Window, origin: string): () => void {
    const listen = ({ source, origin: from, data }: MessageEvent) => {
      if (source !== window || from !== origin) return;
      const message = readMessage<FromPlayer>(data);
      if (message) this.hear(message, window, origin);
    };
    addEventListener("message", listen);
    return () => {
      removeEventListener("message", listen);
      this.player = undefined;
    };
  }

  private hear(message: FromPlayer, window: Window, origin: string): void {
    switch (message.type) {
      case "hello":
        this.player = { window, origin };
        return this.hand();
      case "loaded":
        this.story = message.story;
        this.state = "page";
        return;
      case "time":
        this.playing = message.playing;
        this.ms = Math.min(message.ms, this.length);
        return this.passIdle();
      case "failed":
        this.needsPlayer = false;
        this.state = message.reason;
    }
  }

  /** Hands the recording over once both are there. */
  private hand(): void {
    if (!this.recording || !this.player) return;
    const scheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    // A copy, so that a player that is opened again gets it, too.
    this.say({ type: "load", recording: this.recording.slice(0), scheme: (document.documentElement.dataset.theme as "dark" | "light" | undefined) ?? scheme });
  }

  private say(message: ToPlayer): void {
    const transfer = message.type === "load" ? [message.recording] : [];
    this.player?.window.postMessage({ ...message, mark: MARK }, this.player.origin, transfer);
  }

  private passIdle(): void {
    if (!this.skipIdle || !this.playing) return;
    const pause = this.idle.find(([from, to]) => this.ms >= from && this.ms < to - 50);
    if (pause) this.seek(pause[1]);
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  play(): void {
    if (this.length === 0) return;
    if (this.isAtEnd) this.seek(0);
    this.playing = true;
    if (this.clock) {
      this.clock.play(performance.now());
      this.draw();
    } else this.say({ type: "play" });
  }

  pause(): void {
    this.playing = false;
    if (this.clock) this.clock.pause(performance.now());
    else this.say({ type: "pause" });
  }

  seek(ms: number): void {
    this.ms = Math.min(Math.max(0, ms), this.length);
    if (this.clock) this.clock.seek(this.ms, performance.now());
    else this.say({ type: "seek", ms: this.ms });
  }

  /** Goes to a moment, unix milliseconds. */
  show(moment: number): void {
    if (this.start !== undefined) this.seek(moment - this.start);
  }

  setSpeed(rate: number): void {
    this.speed = rate;
    if (this.clock) this.clock.setSpeed(rate, performance.now());
    else this.say({ type: "speed", rate });
  }

  /** Stops for good. */
  end(): void {
    this.ending.abort();
    cancelAnimationFrame(this.drawing);
  }

  private draw(): void {
    cancelAnimationFrame(this.drawing);
    this.drawing = requestAnimationFrame((now) => {
      if (!this.clock) return;
      this.ms = this.clock.at(now);
      this.playing = this.clock.isRunning;
      if (this.playing) this.draw();
    });
  }
}
