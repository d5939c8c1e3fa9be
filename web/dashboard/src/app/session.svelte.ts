// Who is signed in, with which projects and permissions, and the API's client and live socket in their name.
import { ApiError, createClient, openLive, type Live, type LiveState, type Position, type Schemas } from "@hark/api-client";
import { factorWantedBy } from "./factor.ts";
import { whyOf } from "./failures.ts";
import { ownAddress, router } from "./router.svelte.ts";

const TOKEN = "hark.token";
const PROJECT = "hark.project";
/** How long the page waits for where the live stream stands, in milliseconds; without it more is read twice. */
const POSITION_MS = 3_000;

export type Project = Schemas["ProjectView"];
export type User = Schemas["UserView"];

class Session {
  /** `starting` until it is known whether the token still holds; `failed` when the server could not be asked. */
  state = $state<"starting" | "out" | "in" | "failed">("starting");
  user = $state.raw<User>();
  projects = $state.raw<Project[]>([]);
  /** Why the server could not be asked. */
  trouble = $state("");
  /** Whether what happens is told at once; see the client's `LiveState`. */
  liveState = $state<LiveState>("connecting");
  /** The organisations that want a second factor of the user, who has none. */
  requiredBy = $state.raw<readonly { id: string; name: string }[]>([]);
  private token = localStorage.getItem(TOKEN) ?? undefined;
  private rights = $state.raw<Record<string, readonly string[]>>({});
  private readonly lives = new Map<string, Live>();
  /** Where the stream of the address's project stood before anything of it was read. */
  private stood: { project: string; position: Position } | undefined;

  readonly api = createClient({
    token: () => this.token,
    project: () => router.place.projectId,
    onUnauthenticated: (_, token) => this.refused(token),
    onSecondFactor: () => void this.askFactor().catch(() => undefined),
  });

  /** The project of the address, or the one that was used last where the address names none. */
  readonly project = $derived.by(() => {
    const named = router.place.projectId;
    if (named) return this.projects.find((one) => one.id === named);
    const last = localStorage.getItem(PROJECT);
    return this.projects.find((one) => one.id === last) ?? this.projects[0];
  });

  /** How the user is called. */
  readonly name = $derived(
    [this.user?.firstName, this.user?.lastName].filter(Boolean).join(" ") || (this.user?.email ?? ""),
  );

  /** Whether the user has a permission in the project at hand, as far as it is known; unknown ones are allowed. */
  may(permission: string): boolean {
    const own = this.project && this.rights[this.project.id];
    return !own || own.includes(permission);
  }

  /** The organisation that keeps the user out of a project, or of everything, until there is a second factor. */
  barredBy(projectId: string | undefined): { id: string; name: string } | undefined {
    const by = (organisation: string) => this.requiredBy.find((one) => one.id === organisation);
    if (projectId) return by(this.projects.find((one) => one.id === projectId)?.organisation ?? "");
    return this.projects.every((one) => by(one.organisation)) ? this.requiredBy[0] : undefined;
  }

  /** Learns who wants a second factor of the user, after somebody was refused for want of one. */
  async askFactor(): Promise<void> {
    this.requiredBy = factorWantedBy(await this.api.get("/v3/users/me/sign-in-methods", { project: null }));
  }

  /** Finds out who is signed in. */
  async start(): Promise<void> {
    if (!this.token) {
      this.state = "out";
      return;
    }
    const here = router.place.projectId;
    try {
      const [user, projects, position] = await Promise.all([
        this.api.get("/v3/users/me", { project: null }),
        this.api.get("/v3/projects", { project: null, query: { sort: "name" } }),
        here ? this.positionOf(here) : undefined,
      ]);
      this.stood = here && position ? { project: here, position } : undefined;
      this.user = user;
      this.projects = projects;
      this.state = "in";
    } catch (error) {
      if (error instanceof ApiError && error.kind === "unauthenticated") return;
      this.trouble = whyOf(error);
      this.state = "failed";
    }
  }

  /** Takes the token of a sign-in and goes to work: where somebody wanted to go, or to the inbox. */
  async enter(token: string): Promise<void> {
    this.token = token;
    localStorage.setItem(TOKEN, token);
    await this.start();
    if (this.state === "in") router.go(ownAddress(router.query.get("next"), location.href), { replace: true });
  }

  /** Reads the projects anew, as after one was created. */
  async refresh(): Promise<void> {
    this.projects = await this.api.get("/v3/projects", { project: null, query: { sort: "name" } });
  }

  /** Replaces what is known of the user, as after it was changed. */
  became(user: User): void {
    this.user = user;
  }

  /** Ends this session on the server and here. */
  async leave(): Promise<void> {
    await this.api.post("/v3/users/logout", { project: null }).catch(() => undefined);
    this.ended();
  }

  /** The project's live socket, opened when it is first asked for. */
  live(project: Project): Live {
    let live = this.lives.get(project.id);
    if (!live || live.state === "ended") {
      const from = this.stood?.project === project.id ? this.stood.position : undefined;
      this.stood = undefined;
      live = openLive({ api: this.api, sdkKey: project.sdkKey, project: project.id, from });
      this.lives.set(project.id, live);
      live.onState((state) => {
        if (this.project?.id === project.id) this.liveState = state;
      });
    }
    return live;
  }

  /** Where a project's stream stands now; undefined where that cannot be said. */
  private async positionOf(project: string): Promise<Position | undefined> {
    try {
      const { epoch, seq } = await this.api.get("/v3/changes", { project, query: { stream: "project", limit: 1 }, timeout: POSITION_MS });
      return { epoch, seq };
    } catch {
      return undefined;
    }
  }

  /** Remembers the project and learns what the user may do in it. */
  async entered(project: Project): Promise<void> {
    if (localStorage.getItem(PROJECT) !== project.id) localStorage.setItem(PROJECT, project.id);
    this.liveState = this.live(project).state;
    if (this.rights[project.id]) return;
    const { permissions } = await this.api.get("/v3/users/me/permissions", { project: project.id });
    this.rights = { ...this.rights, [project.id]: permissions };
  }

  /** Follows what other tabs do: who is out goes in with them, and out when they end this session. Returns what ends that. */
  listen(): () => void {
    const told = ({ key, oldValue, newValue }: StorageEvent) => {
      if (key !== TOKEN) return;
      if (newValue === null && oldValue === this.token) this.ended();
      else if (newValue && this.state === "out") void this.enter(newValue);
    };
    addEventListener("storage", told);
    return () => removeEventListener("storage", told);
  }

  /** The server knows a token no more: a newer one of another tab takes its place. */
  private refused(token: string): void {
    // An answer to a call of before tells nothing about the session of now.
    if (token !== this.token) return;
    const newer = localStorage.getItem(TOKEN) ?? undefined;
    this.ended();
    if (!newer || newer === token) return;
    this.token = newer;
    this.state = "starting";
    void this.start();
  }

  private ended(): void {
    if (localStorage.getItem(TOKEN) === this.token) localStorage.removeItem(TOKEN);
    this.token = undefined;
    for (const live of this.lives.values()) live.close();
    this.lives.clear();
    this.user = undefined;
    this.projects = [];
    this.rights = {};
    this.requiredBy = [];
    this.state = "out";
  }
}

/** The session of this page. */
export const session = new Session();
export const api = session.api;
