// Typed calls of the API: headers, errors, time limits, and second tries of calls that are safe.
import { ApiError } from "./error";
import type { Body, Data, Method, Path, PathValues } from "./types";

/** Milliseconds that a call may take. */
const TIMEOUT_MS = 20_000;
/** Second tries of a safe call. */
const RETRIES_MAX = 2;
/** A wait that is longer than this is the user's to decide. */
const WAIT_MAX_MS = 4_000;
const PAUSE_MS = 300;

/**
 * A query: properties with their values, where a list means any of them and `undefined` is left out.
 * `null` sends the key alone, which is how the list language writes strict comparisons: `{"seats>10": null}`.
 */
export type Query = Record<string, string | number | boolean | readonly (string | number)[] | null | undefined>;

export interface ClientOptions {
  /** Where the server is; the page's own origin unless said. */
  base?: string;
  /** The bearer token of whoever is signed in, asked before each call. */
  token?: () => string | undefined;
  /** The project that calls are about unless they say it, asked before each call. */
  project?: () => string | undefined;
  /** Further headers of each call, such as those of the messenger. */
  headers?: () => Record<string, string>;
  /** Told when the server says 401 to a call that carried a token, and which. */
  onUnauthenticated?: (error: ApiError, token: string) => void;
  /** For tests. */
  fetch?: typeof fetch;
}

interface Common {
  query?: Query | string;
  /** The project of this call; `null` for none. */
  project?: string | null;
  /** The `etag` that the document must still have: otherwise the call fails with the kind `conflict`. */
  ifMatch?: string | undefined;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** Milliseconds that the call may take. */
  timeout?: number;
  /** Lets the call outlive the page. */
  keepalive?: boolean;
  /** A body that is no JSON: a file, a form, a text with its type. Replaces `body`. */
  raw?: Blob | FormData;
  /** How to read the answer; JSON unless said. */
  as?: "json" | "text" | "blob";
}

/** What belongs to a call beside its path. */
export type CallOptions<M extends Method, P extends Path<M>> = Common &
  PathValues<P> & { body?: Body<M, P> };

/** An answer with what its headers say. */
export interface Answer<T> {
  data: T;
  /** The document's revision, for `ifMatch`. */
  etag: string | undefined;
  /** How many documents match, for lists. */
  total: number | undefined;
  /** The `cursor` of the next page; `undefined` on the last one. */
  cursor: string | undefined;
  /** Properties of the body that the operation does not know. */
  ignored: string[];
  /** The budget of calls that is nearest to its end, for calls that have one. */
  budget: { calls: number; left: number; resetsIn: number } | undefined;
  status: number;
}

/** Options may be left out where the path has no names. */
type Rest<M extends Method, P extends Path<M>> =
  PathValues<P> extends { path: unknown } ? [options: CallOptions<M, P>] : [options?: CallOptions<M, P>];

export interface Client {
  /** Calls and returns what the call answers. All fail with an `ApiError`, or with the reason of an abort. */
  get<P extends Path<"get">>(path: P, ...rest: Rest<"get", P>): Promise<Data<"get", P>>;
  post<P extends Path<"post">>(path: P, ...rest: Rest<"post", P>): Promise<Data<"post", P>>;
  put<P extends Path<"put">>(path: P, ...rest: Rest<"put", P>): Promise<Data<"put", P>>;
  delete<P extends Path<"delete">>(path: P, ...rest: Rest<"delete", P>): Promise<Data<"delete", P>>;
  /** The same with what the headers say: revision, total, next cursor. */
  call<M extends Method, P extends Path<M>>(method: M, path: P, ...rest: Rest<M, P>): Promise<Answer<Data<M, P>>>;
  /** The address of a path, for links and uploads. */
  address(path: string, query?: Query | string): string;
}

export function createClient(options: ClientOptions = {}): Client {
  const base = (options.base ?? "").replace(/\/+$/, "");

  const address = (path: string, query?: Query | string): string => {
    const text = typeof query === "string" ? query.replace(/^\?/, "") : written(query ?? {});
    return `${base}${path}${text ? `?${text}` : ""}`;
  };

  const call = async (method: Method, template: string, more: Common & { path?: object; body?: unknown } = {}) => {
    const url = address(filled(template, (more.path ?? {}) as Record<string, string>), more.query);
    const token = options.token?.();
    const headers: Record<string, string> = { Accept: "application/json", ...options.headers?.(), ...more.headers };
    if (token) headers.Authorization = `Bearer ${token}`;
    const project = more.project === undefined ? options.project?.() : more.project;
    if (project) headers.Project = project;
    if (more.ifMatch) headers["If-Match"] = more.ifMatch;
    const init: RequestInit = { method: method.toUpperCase(), headers };
    if (more.raw) init.body = more.raw;
    else if (more.body !== undefined) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(more.body);
    }
    if (more.keepalive) init.keepalive = true;
    try {
      return await tried(method === "get" ? RETRIES_MAX : 0, more.signal, () =>
        once(options.fetch ?? fetch, url, init, more),
      );
    } catch (error) {
      if (token && error instanceof ApiError && error.kind === "unauthenticated") options.onUnauthenticated?.(error, token);
      throw error;
    }
  };

  const data = (method: Method) => async (path: string, more?: Common) => (await call(method, path, more)).data;
  return {
    get: data("get"),
    post: data("post"),
    put: data("put"),
    delete: data("delete"),
    call,
    address,
  } as unknown as Client;
}

/** Calls once, within the time that the call has. */
async function once(send: typeof fetch, url: string, init: RequestInit, more: Common): Promise<Answer<unknown>> {
  const ending = new AbortController();
  const abort = () => ending.abort(more.signal?.reason);
  if (more.signal?.aborted) abort();
  more.signal?.addEventListener("abort", abort);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    ending.abort();
  }, more.timeout ?? TIMEOUT_MS);
  try {
    const response = await send(url, { ...init, signal: ending.signal });
    if (!response.ok) throw await ApiError.of(response);
    return await read(response, more.as ?? "json");
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if (more.signal?.aborted) throw more.signal.reason;
    if (late) throw new ApiError("timeout", "the server did not answer in time", { cause: error });
    throw new ApiError("offline", "the server cannot be reached", { cause: error });
  } finally {
    clearTimeout(timer);
    more.signal?.removeEventListener("abort", abort);
  }
}

async function read(response: Response, as: "json" | "text" | "blob"): Promise<Answer<unknown>> {
  const header = (name: string) => response.headers.get(name) ?? undefined;
  const total = header("X-Total-Count");
  const calls = header("RateLimit-Limit");
  const number = (name: string) => Number(header(name) ?? 0);
  return {
    data: as === "blob" ? await response.blob() : parsed(await response.text(), as),
    etag: header("ETag"),
    total: total === undefined ? undefined : Number(total),
    cursor: header("X-Next-Cursor"),
    ignored: header("Hark-Ignored-Fields")?.split(/, */) ?? [],
    budget:
      calls === undefined
        ? undefined
        : { calls: Number(calls), left: number("RateLimit-Remaining"), resetsIn: number("RateLimit-Reset") },
    status: response.status,
  };
}

function parsed(text: string, as: "json" | "text"): unknown {
  if (as === "text") return text;
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError("fault", "the server's answer could not be read");
  }
}

/** Tries again what failed for a reason that passes. */
async function tried<T>(retries: number, signal: AbortSignal | undefined, attempt: () => Promise<T>): Promise<T> {
  for (let at = 0; ; at++) {
    try {
      return await attempt();
    } catch (error) {
      const wait = at < retries && error instanceof ApiError ? pause(error, at) : undefined;
      if (wait === undefined) throw error;
      await sleep(wait, signal);
    }
  }
}

/** Milliseconds to wait before another try; `undefined` when there should be none. */
function pause(error: ApiError, at: number): number | undefined {
  const passes = error.kind === "offline" || error.kind === "limited" || [502, 503, 504].includes(error.status);
  if (!passes) return undefined;
  const wait = error.retryAfter === undefined ? PAUSE_MS * 3 ** at * (0.75 + Math.random() / 2) : error.retryAfter * 1000;
  return wait <= WAIT_MAX_MS ? wait : undefined;
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done, failed) => {
    if (signal?.aborted) return failed(signal.reason);
    const end = () => {
      clearTimeout(timer);
      failed(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      done();
    }, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
}

/** A path with its names replaced by values. */
function filled(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (!value) throw new TypeError(`${template} needs a value for ${name}`);
    return encodeURIComponent(value);
  });
}

function written(query: Query): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    const key = encodeURIComponent(name);
    // An encoded comma would belong to the value.
    const text = [value].flat().map((one) => encodeURIComponent(String(one))).join(",");
    parts.push(value === null ? key : `${key}=${text}`);
  }
  return parts.join("&");
}
