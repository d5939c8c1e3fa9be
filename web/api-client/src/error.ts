// What went wrong with a call, in the server's own words.

/** What kind of failure it is, for whoever has to decide what to do about it. */
export type ApiErrorKind =
  /** The server could not be reached. */
  | "offline"
  /** The server did not answer in time. */
  | "timeout"
  /** 401: nobody is signed in any more. */
  | "unauthenticated"
  /** 403: the permission is missing. */
  | "forbidden"
  /** 404 */
  | "missing"
  /** 409, 412: it is taken, or was changed meanwhile. */
  | "conflict"
  /** 400, 413: what was sent breaks a rule. */
  | "invalid"
  /** 429: too many calls, or an overloaded server; see `retryAfter`. */
  | "limited"
  /** Anything else: a fault of the server or of what stands before it. */
  | "fault";

/** A call that failed. `message` is the server's sentence, lower case and without a full stop. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** What to say in place of the message, in the reader's language, where a page has words of its own: the server speaks English. */
  static words: (error: ApiError) => string | undefined = () => undefined;
  /** Waited for before an error is thrown that the server answered: a page may load its words then. */
  static ready: () => Promise<void> = () => Promise.resolve();
  readonly kind: ApiErrorKind;
  /** The status code; 0 when there was no answer. */
  readonly status: number;
  /** Seconds after which to try again, when the server says so. */
  readonly retryAfter: number | undefined;
  /** The number under which the server's log knows the call. */
  readonly requestId: string | undefined;
  /** A word for programs, where the server has one: `reauthenticate`, `second_factor_required`, `connect_first`. */
  readonly code: string | undefined;

  constructor(
    kind: ApiErrorKind,
    message: string,
    details: { status?: number; retryAfter?: number | undefined; requestId?: string | undefined; code?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.status = details.status ?? 0;
    this.retryAfter = details.retryAfter;
    this.requestId = details.requestId;
    this.code = details.code;
  }

  /**
   * The property that the sentence is about: errors of input name it first, between backquotes, or at the end when it is taken.
   * Forms show the sentence at that field; `undefined` belongs to the form as a whole.
   */
  get field(): string | undefined {
    if (this.kind !== "invalid" && this.kind !== "conflict") return undefined;
    return (/`([^`]+)`/.exec(this.message) ?? /^another .+ already has this (\w+)$/.exec(this.message))?.[1];
  }

  /** The sentence with a capital letter and a full stop, for showing it alone. */
  get sentence(): string {
    const text = ApiError.words(this) ?? this.message.replaceAll("`", "");
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
  }

  /** The error that an answer means. */
  static async of(response: Response): Promise<ApiError> {
    const { message, code } = said(await response.text().catch(() => ""));
    await ApiError.ready().catch(() => {});
    const retryAfter = Number(response.headers.get("Retry-After") ?? Number.NaN);
    return new ApiError(kind(response.status), message || `the server answered ${response.status}`, {
      status: response.status,
      retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined,
      requestId: response.headers.get("X-Request-Id") ?? undefined,
      code,
    });
  }
}

function kind(status: number): ApiErrorKind {
  switch (status) {
    case 400:
    case 413:
      return "invalid";
    case 401:
      return "unauthenticated";
    case 403:
      return "forbidden";
    case 404:
      return "missing";
    case 409:
    case 412:
      return "conflict";
    case 429:
      return "limited";
    default:
      return "fault";
  }
}

/** The sentence of an answer, and a word for programs: the one error shape, or the plain text that some calls answer. */
function said(text: string): { message: string; code: string | undefined } {
  try {
    const problem = JSON.parse(text) as { message?: unknown; error?: { code?: unknown } } | null;
    const code = problem?.error?.code;
    return { message: String(problem?.message ?? ""), code: typeof code === "string" ? code : undefined };
  } catch {
    // A page of a proxy is no sentence.
    const isPage = text.length > 300 || text.trimStart().startsWith("<");
    return { message: isPage ? "" : text.trim(), code: undefined };
  }
}
