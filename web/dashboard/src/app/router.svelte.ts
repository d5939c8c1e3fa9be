// Where the dashboard is: the address, its parts, and moving on without loading the page again.

/** What an address means. */
export interface Place {
  /** The area that shows it, `inbox` for `/p/{projectId}/inbox/...`; empty for an address that no area has. */
  area: string;
  /** The project, for addresses under `/p/`. */
  projectId: string | undefined;
  /** The parts behind the area. */
  rest: string[];
}

/** Areas whose addresses name no project; the sign-in pages are the account's. */
const BARE: Record<string, string> = {
  "sign-in": "account",
  "sign-up": "account",
  welcome: "account",
  invitations: "account",
  account: "account",
  inbox: "inbox",
};

/** Reads an address; `/sign-in` keeps its name as the first part, so that the account's area can tell. */
export function placeOf(path: string): Place {
  const parts = path.split("/").filter(Boolean).map(part);
  const [first = "", second, third = "", ...rest] = parts;
  if (first === "p" && second) return { area: third || "inbox", projectId: second, rest };
  const area = BARE[first] ?? "";
  const own = parts.slice(first === area ? 1 : 0);
  return { area, projectId: undefined, rest: own };
}

function part(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An address of this page's own origin as it was given; the front page instead of any other. */
export function ownAddress(given: string | null | undefined, here: string): string {
  if (!given?.startsWith("/")) return "/";
  try {
    return new URL(given, here).origin === new URL(here).origin ? given : "/";
  } catch {
    return "/";
  }
}

class Router {
  path = $state(globalThis.location?.pathname ?? "/");
  search = $state(globalThis.location?.search ?? "");
  readonly place = $derived(placeOf(this.path));
  readonly query = $derived(new URLSearchParams(this.search));
  private readonly guards = new Set<() => boolean>();

  /** Goes to an address of the dashboard; `replace` leaves no step to go back to. */
  go(address: string, options: { replace?: boolean } = {}): void {
    const url = new URL(address, location.href);
    if (url.href === location.href) return;
    if (url.pathname !== this.path && [...this.guards].some((stays) => stays())) return;
    history[options.replace ? "replaceState" : "pushState"](null, "", url);
    this.read();
  }

  /** Asks before the page is left; true keeps the page. Returns what takes the question away. */
  guard(stays: () => boolean): () => void {
    this.guards.add(stays);
    return () => this.guards.delete(stays);
  }

  /** Takes over links within the dashboard; returns what lets them go. */
  listen(): () => void {
    const back = () => this.read();
    addEventListener("popstate", back);
    document.addEventListener("click", this.click);
    return () => {
      removeEventListener("popstate", back);
      document.removeEventListener("click", this.click);
    };
  }

  private read(): void {
    this.path = location.pathname;
    this.search = location.search;
  }

  private readonly click = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.("a");
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.getAttribute("href")?.startsWith("#") || (placeOf(link.pathname).area === "" && link.pathname !== "/")) return;
    event.preventDefault();
    this.go(link.href);
  };
}

/** Where the dashboard is. */
export const router = new Router();
