// The addresses under which files are shown: those of our media host get the token of a file session in projects
// that show files only to whom they belong. This is the one place that knows these tokens and that host.
import { untrack } from "svelte";
import { fileOf, opened, type FileSession } from "./fileaddress.ts";
import { api, session } from "./session.svelte.ts";

/** A file session is asked for anew when it is this old: it lasts much longer. */
const RENEW_MS = 20 * 60_000;
/** After an attempt that failed. */
const AGAIN_MS = 30_000;

interface Kept {
  /** `undefined` until the first answer. */
  session: FileSession | undefined;
  asked: number;
  timer?: ReturnType<typeof setTimeout>;
}

class Files {
  /** Counted up when addresses have to be written anew. */
  private written = $state(0);
  /** The origin of the media host; the usual one until the server has said it. */
  private host = $state(`${location.protocol}//media.${location.host}`);
  private learnt = false;
  private readonly kept = new Map<string, Kept>();
  /** What was given out, so that a picture is not loaded again and a film does not begin again. */
  private readonly given = new Map<string, { address: string; until: number }>();

  constructor() {
    // A tab that slept has missed its timers.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.kept.forEach((kept, project) => Date.now() - kept.asked > RENEW_MS && void this.ask(project));
    });
    // A file that was refused is asked for with a new session: the old one is over, or the project protects files only now.
    addEventListener("error", (event) => void this.refused(event.target), true);
  }

  /** The origin under which files are. */
  get origin(): string {
    if (!this.learnt) {
      this.learnt = true;
      void api
        .get("/v3/server", { project: null })
        .then(({ urls }) => (this.host = new URL(urls.banner).origin))
        .catch(() => (this.learnt = false));
    }
    return this.host;
  }

  /** The address from which a picture, film or page is loaded; `undefined` until it is known how. */
  source(address: string | undefined): string | undefined {
    void this.written;
    if (!address) return undefined;
    const given = this.given.get(address);
    if (given && given.until > Date.now()) return given.address;
    const found = this.open(address);
    if (found?.until) this.given.set(address, { address: found.address, until: found.until });
    return found?.address;
  }

  /** The address of a link to a file, which stays good for as long as the page is open. */
  link(address: string | undefined): string | undefined {
    void this.written;
    return address ? (this.open(address)?.address ?? address) : undefined;
  }

  /** Learns what is new, as after the project's settings were changed. */
  renew(): void {
    for (const project of this.kept.keys()) void this.ask(project);
  }

  /** Forgets everything, as when somebody signs out. */
  forget(): void {
    for (const kept of this.kept.values()) clearTimeout(kept.timer);
    this.kept.clear();
    this.given.clear();
  }

  private open(address: string): { address: string; until: number } | undefined {
    const file = fileOf(address);
    // Only those who are in a project see files of it; whatever else is shown is not ours.
    if (!file || !session.projects.some((one) => one.id === file.project)) return { address, until: 0 };
    const kept = this.kept.get(file.project);
    if (!kept) {
      untrack(() => void this.ask(file.project));
      return undefined;
    }
    if (!kept.session) return kept.timer ? { address, until: 0 } : undefined;
    return { address: opened(address, kept.session), until: Date.parse(kept.session.expiresAt ?? "") || 0 };
  }

  private async ask(project: string): Promise<void> {
    const kept: Kept = this.kept.get(project) ?? { session: undefined, asked: 0 };
    this.kept.set(project, kept);
    clearTimeout(kept.timer);
    kept.asked = Date.now();
    let wait = RENEW_MS;
    try {
      kept.session = await api.post("/v3/files/session", { project });
      this.host = new URL(kept.session.origin).origin;
      this.learnt = true;
    } catch {
      // Without it files are asked for as they are, which most projects allow.
      wait = AGAIN_MS;
    }
    if (this.kept.get(project) !== kept) return;
    kept.timer = setTimeout(() => void this.ask(project), wait);
    this.written += 1;
  }

  private async refused(element: EventTarget | null): Promise<void> {
    if (!(element instanceof HTMLImageElement || element instanceof HTMLMediaElement)) return;
    const file = fileOf(element.src);
    const kept = file && this.kept.get(file.project);
    if (!file || !kept || Date.now() - kept.asked < AGAIN_MS) return;
    for (const [address, given] of this.given) if (given.address === element.src) this.given.delete(address);
    await this.ask(file.project);
  }
}

/** The files of this page. */
export const files = new Files();
