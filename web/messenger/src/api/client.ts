// Calls the server as the contact that the SDK named.
import type { Fields, Session } from "../bridge/protocol";
import type { Attachment, Conversation, Draft, Whole, Written } from "./types";

/** Milliseconds after which a call is given up. */
const TIMEOUT_MS = 20_000;
/** The same for uploads, which can be large. */
const UPLOAD_TIMEOUT_MS = 300_000;
/** Messages of a page of history. */
export const PAGE = 30;
/** Conversations of a page of the list. */
export const LIST_PAGE = 20;

/** A call that did not succeed. */
export class Failure extends Error {
  constructor(
    /** The status, 0 when no answer came. */
    readonly status: number,
    message: string,
    /** Milliseconds that the server asks to wait. */
    readonly retryAfter = 0,
  ) {
    super(message);
  }

  /** Whether the same call can succeed later. A session that is not valid is renewed by the SDK. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status >= 500 || [401, 403, 408, 425, 429].includes(this.status);
  }
}

/** A page of conversations. */
export interface ConversationPage {
  conversations: Conversation[];
  next: string | undefined;
}

export class Client {
  constructor(
    readonly session: Session,
    private readonly send: typeof fetch = (...call) => fetch(...call),
  ) {}

  async conversations(cursor?: string): Promise<ConversationPage> {
    const query = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const response = await this.call("GET", `/conversations?limit=${LIST_PAGE}${query}`);
    return {
      conversations: await response.json(),
      next: response.headers.get("x-next-cursor") ?? undefined,
    };
  }

  /** A conversation with its last messages, or those before a place. */
  async conversation(token: string, before?: number): Promise<Whole> {
    const query = before === undefined ? "" : `&before=${before}`;
    return this.json("GET", `${path(token)}?limit=${PAGE}${query}`);
  }

  /** Begins a conversation, with what the SDK knows about the page around it. */
  open(draft: Draft, data?: Fields): Promise<Written> {
    return this.json("POST", "/conversations", data ? { ...draft, data } : draft);
  }

  write(token: string, draft: Draft): Promise<Written> {
    return this.json("POST", `${path(token)}/messages`, draft);
  }

  async read(token: string): Promise<void> {
    await this.call("POST", `${path(token)}/read`, {});
  }

  async typing(token: string, typing: boolean): Promise<void> {
    await this.call("POST", `${path(token)}/typing`, { typing });
  }

  rate(token: string, rating: number): Promise<Conversation> {
    return this.json("POST", `${path(token)}/rating`, { rating });
  }

  /** An id under which the SDK may send a film of the app into a conversation. */
  async capture(token: string): Promise<string> {
    const { id } = await this.json<{ id: string }>("POST", `${path(token)}/captures`, {});
    return id;
  }

  /** Tells the server the address of a guest. */
  async setEmail(email: string): Promise<void> {
    await this.call("POST", "/sessions/partialupdate", { data: { email } });
  }

  /** The flows of the project, and its words in a language. */
  async flows(language: string): Promise<{ actions: Fields; words: Fields }> {
    const { sdkKey } = this.session;
    const response = await this.call("GET", `/config/${sdkKey}?lang=${encodeURIComponent(language)}`);
    const config = (await response.json()) as { projectActions?: Fields; flowConfig?: { staticTranslations?: Fields } };
    return { actions: config.projectActions ?? {}, words: config.flowConfig?.staticTranslations ?? {} };
  }

  async upload(file: File): Promise<Attachment> {
    const form = new FormData();
    form.append("file", file, file.name);
    const response = await this.call("POST", "/uploads/attachments", form);
    const { fileUrls } = (await response.json()) as { fileUrls: string[] };
    const url = fileUrls[0];
    if (!url) throw new Failure(0, "the upload got no address");
    return { name: file.name, url, ...(file.type && { type: file.type }) };
  }

  private async json<T>(method: string, where: string, body?: unknown): Promise<T> {
    const response = await this.call(method, where, body);
    return (await response.json()) as T;
  }

  private async call(method: string, where: string, body?: unknown): Promise<Response> {
    const { apiUrl, sdkKey, data } = this.session;
    const headers: Record<string, string> = {
      "Api-Token": sdkKey,
      "Gleap-Id": data.gleapId,
      "Gleap-Hash": data.gleapHash,
    };
    const isForm = body instanceof FormData;
    if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
    let response: Response;
    try {
      response = await this.send(`${apiUrl}${where}`, {
        method,
        headers,
        credentials: "omit",
        signal: AbortSignal.timeout(isForm ? UPLOAD_TIMEOUT_MS : TIMEOUT_MS),
        ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      });
    } catch {
      throw new Failure(0, "the server cannot be reached");
    }
    if (response.ok) return response;
    throw new Failure(response.status, await sentence(response), retryAfter(response));
  }
}

function path(token: string): string {
  return `/conversations/${encodeURIComponent(token)}`;
}

/** The server's sentence about what went wrong. */
async function sentence(response: Response): Promise<string> {
  const text = await response.text().catch(() => "");
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === "string" ? message : "";
  } catch {
    return text.slice(0, 200);
  }
}

function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get("retry-after"));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}
