// One contact's conversations: what is known of them, what waits to be sent, and what is new.
import { Client, Failure } from "../api/client";
import { Live, type News } from "../api/live";
import type { Attachment, Conversation, Message, Sender, Written } from "../api/types";
import type { Fields, Session } from "../bridge/protocol";
import { keep, placeOf, recall } from "../lib/storage";
import { withEarlier, withLatest, withWritten, type History } from "./messages";
import { Outbox, takeWaiting, type Waiting } from "./outbox";

/** Milliseconds after which somebody who was typing does not any more. */
const TYPING_MS = 8_000;
/** Milliseconds between two signs that the visitor types, and after the last key that it does not any more. */
const TYPING_SIGN_MS = 4_000;
/** Milliseconds for which the socket stays open after the widget was closed. */
const LINGER_MS = 15_000;

/** What the contact needs from the messenger around it. */
export interface Surroundings {
  /** What the SDK knows about the page, for a conversation that begins. */
  ticketData(): Promise<Fields | undefined>;
  /** A conversation that was known by the id of its first message has its name now. */
  named(id: string, shareToken: string): void;
  /** Somebody wrote to the contact. */
  arrived(shareToken: string): void;
}

/** What the browser kept of a contact that is not there any more, and could not send. */
export function waitingOf({ apiUrl, sdkKey }: Session, gleapId: string): Waiting[] {
  return takeWaiting(placeOf("outbox", apiUrl, sdkKey, gleapId));
}

export class Contact {
  /** Conversations, those with the latest news first; nothing before they are loaded. */
  list = $state.raw<Conversation[]>();
  /** Whether the list could not be loaded. */
  failed = $state(false);
  hasMore = $state(false);
  waiting = $state.raw<Waiting[]>([]);
  /** Conversations and their messages that are known, by share token. */
  known = $state.raw<Record<string, { conversation: Conversation; history: History } | undefined>>({});
  /** Conversations that there are not. */
  missing = $state.raw<ReadonlySet<string>>(new Set());
  typing = $state.raw<{ shareToken: string; sender: Sender }>();
  email = $state("");
  /** The conversation in which the visitor just gave it, until more is written. */
  emailGivenIn = $state<string>();
  /** Whether the question for an address was put aside. */
  emailLater = $state(false);
  unread = $derived((this.list ?? []).reduce((sum, conversation) => sum + conversation.unread, 0));

  /** The conversation on the screen. */
  watched: string | undefined;
  readonly client: Client;
  private readonly outbox: Outbox;
  private readonly live: Live;
  private readonly emailPlace: string;
  private next: string | undefined;
  private readonly busy = new Set<string>();
  private readonly again = new Set<string>();
  private typingEnds: ReturnType<typeof setTimeout> | undefined;
  private lingering: ReturnType<typeof setTimeout> | undefined;
  private saidTyping = 0;
  private typingStops: ReturnType<typeof setTimeout> | undefined;

  /** @param inherited what the same person wrote under another name and could not send */
  constructor(
    readonly session: Session,
    private readonly around: Surroundings,
    inherited: Waiting[],
  ) {
    const { apiUrl, sdkKey, data } = session;
    this.client = new Client(session);
    this.emailPlace = placeOf("email", apiUrl, sdkKey, data.gleapId);
    const asked = recall(this.emailPlace);
    this.email = data.email || (typeof asked === "string" ? asked : "");
    this.emailLater = asked === false;
    const post = {
      open: async (draft: Parameters<Client["open"]>[0]) => this.client.open(draft, await around.ticketData()),
      write: (token: string, draft: Parameters<Client["write"]>[1]) => this.client.write(token, draft),
    };
    this.outbox = new Outbox(
      post,
      placeOf("outbox", apiUrl, sdkKey, data.gleapId),
      (written, waited) => this.took(written, waited),
      () => (this.waiting = this.outbox.items),
    );
    this.outbox.inherit(inherited);
    this.waiting = this.outbox.items;
    this.live = new Live(session, (news) => this.heard(news));
  }

  /** Whether nobody knows who the visitor is. */
  get isGuest(): boolean {
    return !this.session.data.userId && !this.email;
  }

  start(): void {
    addEventListener("online", this.online);
    void this.refreshList();
    this.outbox.kick();
  }

  /** Ends, and gives away what waits to be sent. */
  handOver(): Waiting[] {
    this.end();
    return this.outbox.handOver();
  }

  end(): void {
    removeEventListener("online", this.online);
    clearTimeout(this.lingering);
    clearTimeout(this.typingEnds);
    clearTimeout(this.typingStops);
    this.live.stop();
    this.outbox.end();
  }

  /** The widget was opened or closed: a closed one needs no line of its own, because the SDK has one. */
  setOpen(isOpen: boolean): void {
    clearTimeout(this.lingering);
    if (isOpen) {
      this.live.start();
      this.outbox.kick();
      void this.refreshList();
    } else {
      this.lingering = setTimeout(() => this.live.stop(), LINGER_MS);
    }
  }

  /** What is known of a conversation in the list or by itself. */
  conversation(token: string): Conversation | undefined {
    return this.known[token]?.conversation ?? this.list?.find((one) => one.shareToken === token);
  }

  /** Asks for the conversations; several calls at a time become one more. */
  refreshList(): Promise<void> {
    return this.once("list", async () => {
      try {
        const page = await this.client.conversations();
        const fresh = new Set(page.conversations.map((one) => one.shareToken));
        const later = this.next === undefined ? [] : (this.list ?? []).filter((one) => !fresh.has(one.shareToken));
        if (later.length === 0) {
          this.next = page.next;
          this.hasMore = page.next !== undefined;
        }
        this.list = [...page.conversations, ...later];
        this.failed = false;
      } catch {
        this.failed = this.list === undefined;
      }
    });
  }

  /** Asks for the next page of conversations. */
  async moreConversations(): Promise<void> {
    if (this.next === undefined) return;
    const page = await this.client.conversations(this.next);
    const known = new Set((this.list ?? []).map((one) => one.shareToken));
    this.list = [...(this.list ?? []), ...page.conversations.filter((one) => !known.has(one.shareToken))];
    this.next = page.next;
    this.hasMore = page.next !== undefined;
  }

  /** Asks for a conversation's latest messages. */
  refresh(token: string): Promise<void> {
    return this.once(token, async () => {
      try {
        const page = await this.client.conversation(token);
        const before = this.known[token]?.history;
        const history = withLatest(before, page);
        this.set(token, page.conversation, history);
        if (before && isNewsFromThem(before, history)) this.around.arrived(token);
        if (history.messages.at(-1)?.senderType !== "user") this.stopTyping(token);
      } catch (error) {
        if (error instanceof Failure && error.status === 404) this.missing = new Set([...this.missing, token]);
        else throw error;
      }
    });
  }

  /** Asks for the messages before those that are known. */
  async earlier(token: string): Promise<void> {
    const known = this.known[token];
    const first = known?.history.messages[0];
    if (!known || !first || !known.history.hasEarlier) return;
    const page = await this.client.conversation(token, first.index);
    const now = this.known[token] ?? known;
    this.set(token, page.conversation, withEarlier(now.history, page));
  }

  /** Writes; returns the name under which the conversation is known. */
  send(to: string | undefined, comment: string, attachments: Attachment[]): string {
    this.emailGivenIn = undefined;
    this.saidTyping = 0;
    clearTimeout(this.typingStops);
    if (to === undefined) return this.outbox.open(comment, attachments);
    this.outbox.write(to, comment, attachments);
    return to;
  }

  /** Tries a refused message again. */
  retry(id: string): void {
    this.outbox.retry(id);
  }

  /** Takes a message back that was not sent. */
  discard(id: string): void {
    this.outbox.forget(id);
  }

  /** Notes that everything in a conversation was read. */
  async markRead(token: string): Promise<void> {
    const conversation = this.conversation(token);
    if (!conversation || conversation.unread === 0) return;
    this.patch(token, { unread: 0 });
    await this.client.read(token).catch(() => this.patch(token, { unread: conversation.unread }));
  }

  /** The visitor presses keys in a conversation. */
  types(token: string): void {
    const now = Date.now();
    clearTimeout(this.typingStops);
    this.typingStops = setTimeout(() => this.stopsTyping(token), TYPING_SIGN_MS);
    if (now - this.saidTyping < TYPING_SIGN_MS) return;
    this.saidTyping = now;
    this.client.typing(token, true).catch(() => {});
  }

  /** The visitor emptied the line, or went away. */
  stopsTyping(token: string): void {
    clearTimeout(this.typingStops);
    if (this.saidTyping === 0) return;
    this.saidTyping = 0;
    this.client.typing(token, false).catch(() => {});
  }

  async rate(token: string, rating: number): Promise<void> {
    const before = this.conversation(token)?.rating;
    this.patch(token, { rating });
    try {
      await this.client.rate(token, rating);
    } catch (error) {
      this.patch(token, { rating: before });
      throw error;
    }
  }

  async setEmail(email: string): Promise<void> {
    await this.client.setEmail(email);
    this.email = email;
    this.emailGivenIn = this.watched;
    keep(this.emailPlace, email);
  }

  /** Notes the address that a guest gave in a form; the server has it from there. */
  learnEmail(email: string): void {
    if (!this.isGuest) return;
    this.email = email;
    keep(this.emailPlace, email);
  }

  /** Asks for no address any more. */
  putEmailOff(): void {
    this.emailLater = true;
    keep(this.emailPlace, false);
  }

  private readonly online = (): void => this.outbox.kick();

  private heard(news: News): void {
    if (news.kind === "typing") {
      clearTimeout(this.typingEnds);
      this.typing = news.typing ? { shareToken: news.shareToken, sender: news.sender } : undefined;
      if (news.typing) this.typingEnds = setTimeout(() => (this.typing = undefined), TYPING_MS);
      return;
    }
    if (news.kind === "check") {
      void this.refreshList();
      this.outbox.kick();
      if (this.watched && this.known[this.watched]) this.refresh(this.watched).catch(() => {});
      return;
    }
    // Only this one changed: the list has it from there.
    const isFirst = this.known[news.shareToken] === undefined;
    this.refresh(news.shareToken).catch(() => {});
    if (isFirst && news.isMessage) this.around.arrived(news.shareToken);
  }

  private took({ conversation, message }: Written, waited: Waiting): void {
    const token = conversation.shareToken;
    this.set(token, conversation, withWritten(this.known[token]?.history, message));
    if (waited.opens) this.around.named(waited.id, token);
  }

  /** Keeps what was answered, in the list as well. */
  private set(token: string, conversation: Conversation, history: History): void {
    this.known = { ...this.known, [token]: { conversation, history } };
    if (!this.list) return;
    const others = this.list.filter((one) => one.shareToken !== token);
    this.list = [conversation, ...others].sort((a, b) => latest(b).localeCompare(latest(a)));
  }

  private patch(token: string, change: { [K in keyof Conversation]?: Conversation[K] | undefined }): void {
    const changed = (one: Conversation) => (one.shareToken === token ? ({ ...one, ...change } as Conversation) : one);
    this.list = this.list?.map(changed);
    const known = this.known[token];
    if (known) this.known = { ...this.known, [token]: { ...known, conversation: changed(known.conversation) } };
  }

  private stopTyping(token: string): void {
    if (this.typing?.shareToken === token) this.typing = undefined;
  }

  /** Does something that is not done twice at a time; who asks meanwhile gets one more turn. */
  private async once(what: string, work: () => Promise<void>): Promise<void> {
    if (this.busy.has(what)) {
      this.again.add(what);
      return;
    }
    this.busy.add(what);
    try {
      do {
        this.again.delete(what);
        await work();
      } while (this.again.has(what));
    } finally {
      this.busy.delete(what);
    }
  }
}

function latest(conversation: Conversation): string {
  return conversation.lastNotification ?? conversation.createdAt;
}

/** Whether somebody else wrote something that was not known before. */
function isNewsFromThem(before: History, after: History): boolean {
  const last = before.messages.at(-1)?.index ?? -1;
  return after.messages.some((message: Message) => message.index > last && message.senderType !== "user");
}
