// The page in which a recording plays: an origin where nobody is signed in, under a policy that loads nothing.
import { Replayer } from "rrweb";
import { cleanEvent } from "./clean.ts";
import { MARK, readMessage, type FromPlayer, type ToPlayer } from "./protocol.ts";
import { readEvents, tell } from "./story.ts";

/** How often the dashboard is told where the player stands, in milliseconds. */
const REPORT_MS = 100;
const stage = document.getElementById("stage") as HTMLElement;

let replayer: Replayer | undefined;
let reporting: ReturnType<typeof setInterval> | undefined;
let size = { width: 0, height: 0 };

function say(message: FromPlayer): void {
  // What is said is no secret; who may frame this page says its policy.
  parent.postMessage({ ...message, mark: MARK }, "*");
}

function load(recording: ArrayBuffer, scheme: "light" | "dark"): void {
  document.documentElement.style.colorScheme = scheme;
  replayer?.destroy();
  stage.replaceChildren();
  let events;
  try {
    events = readEvents(JSON.parse(new TextDecoder().decode(recording)));
  } catch {
    return say({ type: "failed", reason: "broken" });
  }
  const story = tell(events);
  if (!story) return say({ type: "failed", reason: "empty" });
  try {
    events.forEach(cleanEvent);
    replayer = new Replayer(events as ConstructorParameters<typeof Replayer>[0], {
      root: stage,
      skipInactive: false,
      mouseTail: false,
      showWarning: false,
      triggerFocus: false,
      UNSAFE_replayCanvas: false,
      // Videos of the recorded site are not loaded.
      loadTimeout: 0,
    });
  } catch {
    return say({ type: "failed", reason: "broken" });
  }
  replayer.iframe.title = document.title;
  replayer.iframe.tabIndex = -1;
  replayer.on("resize", (to) => fit(to as typeof size));
  replayer.on("finish", () => report(false));
  fit({ width: story.width || 1280, height: story.height || 720 });
  say({ type: "loaded", story });
  seek(0);
}

/** Shows the whole of the recorded page, in the middle. */
function fit(to: typeof size): void {
  size = to;
  const wrapper = stage.querySelector<HTMLElement>(".replayer-wrapper");
  if (!wrapper || size.width === 0 || size.height === 0) return;
  const scale = Math.min(stage.clientWidth / size.width, stage.clientHeight / size.height, 1);
  const [x, y] = [(stage.clientWidth - size.width * scale) / 2, (stage.clientHeight - size.height * scale) / 2];
  wrapper.style.transform = `translate(${Math.max(0, x)}px, ${Math.max(0, y)}px) scale(${scale})`;
  wrapper.style.width = `${size.width}px`;
  wrapper.style.height = `${size.height}px`;
}

function isPlaying(): boolean {
  return replayer?.service.state.matches("playing") ?? false;
}

function report(playing = isPlaying()): void {
  if (!replayer) return;
  if (!playing) {
    clearInterval(reporting);
    reporting = undefined;
  }
  say({ type: "time", ms: replayer.getCurrentTime(), playing });
}

function play(at?: number): void {
  if (!replayer) return;
  replayer.play(at ?? replayer.getCurrentTime());
  reporting ??= setInterval(() => report(), REPORT_MS);
  report(true);
}

function seek(ms: number): void {
  if (isPlaying()) return play(ms);
  replayer?.pause(ms);
  report(false);
}

addEventListener("message", ({ source, data }) => {
  if (source !== parent) return;
  const message = readMessage<ToPlayer>(data);
  switch (message?.type) {
    case "load":
      return load(message.recording, message.scheme);
    case "play":
      return play();
    case "pause":
      replayer?.pause();
      return report(false);
    case "seek":
      return seek(message.ms);
    case "speed":
      return replayer?.setConfig({ speed: message.rate });
  }
});
addEventListener("resize", () => fit(size));
say({ type: "hello" });
