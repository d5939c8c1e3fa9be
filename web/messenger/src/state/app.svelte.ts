// The messenger as a whole: what the SDK told it, which screen it shows, and what commands do.
import { Bridge } from "../bridge/bridge";
import type { CaptureTool, Command, Fields, Incoming, Session, SurveyFormat, TicketData } from "../bridge/protocol";
import { isFields } from "../bridge/protocol";
import type { Answers } from "../flow/answers";
import { readFlows, type Flow } from "../flow/model";
import { localeOf, wordsOf } from "../i18n/words";
import { reveal } from "../lib/focus";
import { keep, placeOf, recall } from "../lib/storage";
import { Captures, type Place as CapturePlace } from "./captures.svelte";
import { Contact, waitingOf } from "./contact.svelte";
import { BESIDE_QUESTION, Drafts } from "./drafts.svelte";
import { lookOf } from "./look";
import type { Waiting } from "./outbox";
import { FILES_MAX, Uploads } from "./uploads.svelte";

/** Milliseconds that the SDK has to say what it knows of the page. */
const TICKET_DATA_MS = 400;
/** Milliseconds in which the SDK slides the widget away. */
const CLOSING_MS = 400;
/** Bytes of the page's data that go with a conversation. */
const TICKET_DATA_MAX = 48 * 1024;

/** Where the visitor is. */
export type Screen =
  | { name: "home" }
  | { name: "conversations" }
  /** A conversation by its share token or the id of its unsent first message; none yet for a new one. */
  | { name: "conversation"; token?: string; question?: string }
  /** A flow, with what was answered before the visitor left it for a picture. */
  | { name: "flow"; flow: string; survey?: SurveyFormat; step?: number; answers?: Answers };

/** A screen, and whether a way back is shown. */
interface Place {
  screen: Screen;
  hideBack: boolean;
  /** Another one for each time that the visitor goes somewhere, whatever the place is called meanwhile. */
  visit: number;
}

/** Screens that the way back leads through. */
const PLACES_MAX = 20;

const HOME: Place = { screen: { name: "home" }, hideBack: false, visit: 0 };

/** What a running flow is told by the SDK. */
export type FlowNews = Extract<
  Incoming,
  { name: "feedback-sent" | "feedback-sending-failed" | "set-form-data" }
>;

export class App {
  readonly bridge = new Bridge();
  /** What was begun and not sent. Others for another person. */
  drafts = this.newDrafts();
  config = $state.raw<Fields>({});
  hasConfig = $state(false);
  override = $state("");
  contact = $state.raw<Contact>();
  isOpen = $state(false);
  isApp = $state(false);
  /** Whether the visitor made the widget wide. */
  isWide = $state(false);
  /** Whether it can be: newer SDKs say so, and have a message of their own for it. */
  private isExpandable = $state<boolean>();
  prefill = $state.raw<Fields>({});
  readonly captures: Captures = new Captures({
    bridge: this.bridge,
    say: () => this.say,
    left: (place) => {
      this.isCapturing = true;
      this.leftFor = place;
    },
    show: (place) => this.showCaptured(place),
    filmId: (token) => this.contact?.client.capture(token) ?? Promise.reject(new Error("nobody is here")),
    filmed: (token) => void this.contact?.refresh(token).catch(() => {}),
  });
  /** The picture that an app took when the widget was opened. */
  screenshot = $state("");
  /** The one that the visitor marked or took instead, which goes along with the next report. */
  marked = $state("");
  safeArea = $state.raw({ top: 0, right: 0, bottom: 0, left: 0 });
  offline = $state(false);
  prefersDark = $state(false);
  /** Flows of the project; nothing before they are loaded. */
  flows = $state.raw<Flow[]>();
  private places = $state.raw<Place[]>([HOME]);
  private visits = 0;
  /** Whether the SDK said that whoever was there is gone. */
  private isCleared = false;
  /** Whether an SDK on a page answers the greeting still: at its end it says that the widget is open. */
  private isGreeting = !this.bridge.isNative;
  /** Whether the flow on the screen makes room for another one that the SDK starts. */
  private isReplaced = false;
  /** Takes away what such a flow left on the page, unless the SDK did. */
  private leftovers: (() => void) | undefined;
  /** Whether the SDK hides the widget because the visitor marks the page. */
  private isCapturing = false;
  /** What was begun in this document, of a capture that is under way. */
  private leftFor: CapturePlace | undefined;
  /** Leaves the survey that was closed. */
  private endSurvey: (() => void) | undefined;
  /** Those who show a flow, or wait for what becomes of one that was left. */
  private readonly flowListeners = new Set<(news: FlowNews) => boolean>();
  /** What the SDK said about a flow whose screen is not there yet. */
  private earlyNews: FlowNews | undefined;
  private ticketDataAsked: ((data: TicketData) => void)[] = [];

  /** The language in which everything is said. */
  language = $derived(this.override || text(this.config.language) || navigator.language || "en");
  locale = $derived(localeOf(this.language, navigator.languages));
  /** The project's words in this language. */
  private words = $derived<Fields>(isFields(this.config.staticTranslations) ? this.config.staticTranslations : {});
  say = $derived(wordsOf(this.language, this.words));
  look = $derived(lookOf(this.config, this.prefersDark));
  /** How soon and where answers come. */
  subtitle = $derived(text(this.words.subtitleText) || text(this.config.subtitleText) || this.say("newConversationHint"));
  /** The question of the first screen; `{{name}}` is whom it is asked. */
  welcome = $derived(text(this.words.welcomeText) || text(this.config.welcomeText) || this.say("howCanWeHelp"));
  privacyPolicy = $derived(/^https?:\/\//i.test(text(this.config.privacyPolicyUrl)) ? text(this.config.privacyPolicyUrl) : "");
  isRtl = $derived(isFields(this.config.localizationOptions) && this.config.localizationOptions.rtl === true);
  place = $derived(this.places.at(-1) ?? HOME);
  screen = $derived(this.place.screen);
  hasBack = $derived(this.screen.name !== "home" && !this.place.hideBack);
  /** Whether this is one of the main screens, with the tabs below it. */
  hasTabs = $derived(this.screen.name === "home" || (this.screen.name === "conversations" && this.hasBack));
  /** The survey that has the frame to itself. */
  survey = $derived(this.screen.name === "flow" ? this.screen.survey : undefined);
  /** Whether the SDK makes the frame as high as what is in it; those of apps give a full survey the whole screen. */
  fits = $derived(this.survey === "survey" || (this.survey !== undefined && !this.bridge.isNative));
  canWiden = $derived(
    !this.bridge.isNative && !this.isApp && this.isExpandable !== false && this.screen.name === "conversation" && this.config.hideExpandButton !== true,
  );

  start(): void {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    this.prefersDark = dark.matches;
    dark.addEventListener("change", () => (this.prefersDark = dark.matches));
    this.offline = !navigator.onLine;
    addEventListener("offline", () => (this.offline = true));
    addEventListener("online", () => (this.offline = false));
    // Android apps say in the address what others say in messages.
    const query = new URLSearchParams(location.search);
    if (this.bridge.isNative) {
      this.override = query.get("lang") ?? "";
      const flow = query.get("startFlow");
      if (flow) this.go({ name: "flow", flow }, false);
    }
    this.bridge.start((message) => this.hear(message));
  }

  // --- moving between screens --------------------------------------------------------------------

  go(screen: Screen, hideBack: boolean): void {
    this.leave(screen.name === "flow");
    // A command begins anew; whoever comes from a screen finds back to it.
    const before = hideBack ? [] : this.places.filter((place) => !place.hideBack).slice(-PLACES_MAX);
    this.visits += 1;
    this.places = [...before, { screen, hideBack, visit: this.visits }];
    this.tellPage();
  }

  /** The new conversation on the screen has a first message of this id. */
  settle(id: string): void {
    const { screen } = this.place;
    if (screen.name !== "conversation" || screen.token !== undefined) return;
    if (screen.question !== undefined) this.drafts.rename(BESIDE_QUESTION, id);
    this.places = [...this.places.slice(0, -1), { ...this.place, screen: { name: "conversation", token: id } }];
  }

  /** One of the two main screens. */
  tab(name: "home" | "conversations"): void {
    this.leave();
    this.places = name === "home" ? [HOME] : [HOME, { ...HOME, screen: { name } }];
    this.tellPage();
  }

  back(): void {
    this.leave();
    this.places = this.places.length > 1 ? this.places.slice(0, -1) : [HOME];
    this.tellPage();
  }

  close(): void {
    if (this.survey !== "survey_web") this.bridge.send("close-widget");
  }

  widen(isWide: boolean): void {
    this.isWide = isWide;
    if (this.isExpandable) this.bridge.send("set-widget-expanded", { expanded: isWide });
    this.tellPage();
  }

  private leave(isReplaced = false): void {
    this.isReplaced = isReplaced;
    if (this.screen.name === "conversation" && this.screen.token) this.contact?.stopsTyping(this.screen.token);
    this.earlyNews = undefined;
    this.captures.hasFailed = false;
  }

  private tellPage(): void {
    const name = this.isWide && this.canWiden ? "appextended" : this.screen.name;
    this.bridge.send("page-changed", { name });
  }

  /** A screen appeared: whoever moves on in the messenger goes on there. */
  readonly land = (screen: HTMLElement): void => {
    if (this.isOpen && !this.survey) reveal(screen);
  };

  // --- for the screens ---------------------------------------------------------------------------

  openUrl(url: string, newTab = true): void {
    this.bridge.send("open-url", url, { newTab });
  }

  /** Shows a picture in full, where the SDK can. */
  openImage(url: string): void {
    if (this.bridge.isNative) this.openUrl(url);
    else this.bridge.send("open-image", { url });
  }

  /** The address of a file of ours, for projects that show them to their contact alone. */
  fileUrl(url: string): string {
    const token = this.contact?.session.data.fileAccessToken;
    const host = text(this.config.mediaUrl);
    // The token is for our own host alone, whatever other addresses look like.
    if (!token || !host || !url.startsWith(`${host}/media/`)) return url;
    return `${url}${url.includes("?") ? "&" : "?"}fileSession=${encodeURIComponent(token)}`;
  }

  /** Lets the visitor mark the page or record the screen. */
  capture(tool: CaptureTool): void {
    this.leftovers = undefined;
    this.isCapturing = true;
    this.bridge.send("start-screen-drawing", tool);
  }

  /** A marked picture for the next report. */
  replaceScreenshot(image: string): void {
    this.marked = image;
    this.bridge.send("screenshot-updated", image);
  }

  /** Takes marks and pictures back. */
  cleanUp(): void {
    this.marked = "";
    this.bridge.send("cleanup-drawings");
  }

  /** Whoever shows a flow is told what the SDK says about it, and says whether that was meant for it; returns how to hear no more. */
  onFlowNews(listener: (news: FlowNews) => boolean): () => void {
    this.flowListeners.add(listener);
    if (this.earlyNews) listener(this.earlyNews);
    this.earlyNews = undefined;
    return () => this.flowListeners.delete(listener);
  }

  /**
   * A flow is not on the screen any more. When the SDK starts another one, the visitor may draw for that one already:
   * then the SDK says that the widget is hidden, and what was drawn before is gone.
   */
  leftFlow(tidy: () => void): void {
    if (this.isReplaced && !this.bridge.isNative) this.leftovers = tidy;
    else tidy();
  }

  private shown(isOpen: boolean): void {
    const tidy = this.leftovers;
    this.leftovers = undefined;
    if (isOpen) tidy?.();
  }

  /** Asks for the flows, once for each session and language. */
  async loadFlows(): Promise<void> {
    const contact = this.contact;
    if (!contact) return;
    if (this.bridge.isNative) {
      // Apps were given them with the configuration.
      this.flows ??= [];
      return;
    }
    try {
      const { actions, words } = await contact.client.flows(this.language);
      if (this.contact === contact) this.flows = readFlows(actions, words);
    } catch {
      // The built-in one is there; the next session asks again.
      this.flows ??= [];
    }
  }

  /** What the SDK knows about the page, if it says so soon. */
  ticketData(): Promise<Fields | undefined> {
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(undefined), TICKET_DATA_MS);
      this.ticketDataAsked.push((data) => {
        clearTimeout(late);
        const { customData, metaData, formData, tags } = data;
        const part = { customData, metaData, formData, tags };
        resolve(JSON.stringify(part).length <= TICKET_DATA_MAX ? part : undefined);
      });
      this.bridge.send("collect-ticket-data");
    });
  }

  // --- what the SDK says -------------------------------------------------------------------------

  private hear(message: Incoming): void {
    switch (message.name) {
      case "config-update":
        this.config = message.config;
        this.hasConfig = true;
        if (message.overrideLanguage) this.override = message.overrideLanguage;
        this.isApp = message.isApp;
        if (message.actions) this.flows = readFlows(message.actions, this.words);
        return;
      case "session-update":
        return this.meet(message.session);
      case "session-cleared":
        // SDKs say what happened before the messenger was there only after the session that came of it.
        if (this.contact && this.isGreeting) return;
        if (this.contact) keep(guestPlace(this.contact.session), undefined);
        this.contact?.end();
        this.contact = undefined;
        this.isCleared = true;
        this.startAfresh();
        return this.tab("home");
      case "widget-status-update":
        this.isGreeting = false;
        this.shown(message.isWidgetOpen);
        return this.setOpen(message.isWidgetOpen);
      case "reset-routes":
        return this.tab("home");
      case "prefill-form-data":
        this.prefill = { ...this.prefill, ...message.values };
        return;
      case "collect-ticket-data":
        this.ticketDataAsked.splice(0).forEach((resolve) => resolve(message.data));
        return;
      case "feedback-sent":
      case "feedback-sending-failed":
      case "set-form-data":
        if (message.name === "set-form-data") this.leftovers = undefined;
        // One that waits for it is asked before those that came later.
        if (![...this.flowListeners].some((listener) => listener(message))) this.earlyNews = message;
        return;
      case "capture-state":
      case "capture-image":
        this.captures.hear(message);
        return;
      case "screenshot-update":
        this.screenshot = message.image;
        return;
      case "safe-area-update":
        this.safeArea = message;
        return;
      case "widget-size-update":
        this.isExpandable = message.expandable;
        this.isWide = message.expanded;
        return;
      case "capture-capabilities":
        this.captures.capabilities = message.capabilities;
        return;
      default:
        return this.command(message);
    }
  }

  private command(command: Command): void {
    switch (command.name) {
      case "start-feedbackflow":
        return this.go({ name: "flow", flow: command.flow }, command.hideBackButton);
      case "start-survey":
        return this.go({ name: "flow", flow: command.flow, survey: command.format }, true);
      case "start-bot":
        return this.go({ name: "conversation" }, command.hideBackButton);
      case "ask-ai":
        return this.go({ name: "conversation", ...(command.question && { question: command.question }) }, command.hideBackButton);
      case "open-conversations":
        return command.hideBackButton ? this.go({ name: "conversations" }, true) : this.tab("conversations");
      case "open-conversation":
        return this.go({ name: "conversation", token: command.shareToken }, command.hideBackButton);
      case "open-home":
        return this.tab("home");
    }
  }

  private meet(session: Session): void {
    const known = this.contact?.session;
    const isSame =
      known?.apiUrl === session.apiUrl &&
      known.sdkKey === session.sdkKey &&
      known.data.gleapId === session.data.gleapId &&
      known.data.gleapHash === session.data.gleapHash &&
      known.data.userId === session.data.userId &&
      known.data.fileAccessToken === session.data.fileAccessToken;
    if (isSame) {
      if (session.data.email && this.contact) this.contact.email = session.data.email;
      return;
    }
    const guest = this.contact || this.isCleared ? undefined : guestBefore(session);
    const inherited = this.inherited(session, guest);
    if (!inherited) {
      // Somebody else sees nothing of what was open.
      this.startAfresh();
      if (this.screen.name !== "flow") this.tab("home");
    }
    const around = {
      ticketData: () => this.ticketData(),
      named: (id: string, shareToken: string) => this.named(id, shareToken),
      arrived: (shareToken: string) => this.arrived(shareToken),
    };
    this.contact = new Contact(session, around, inherited ?? []);
    this.contact.start();
    this.drafts.belongTo(session, guest);
    this.captures.meet(session);
    this.isCleared = false;
    keep(guestPlace(session), session.data.userId ? undefined : session.data.gleapId);
    if (this.isOpen) this.contact.setOpen(true);
    void this.loadFlows();
  }

  private newDrafts(): Drafts {
    return new Drafts((files) => new Uploads(this, FILES_MAX, files));
  }

  /** Forgets what was begun: somebody else is here. */
  private startAfresh(): void {
    this.drafts.end();
    this.drafts = this.newDrafts();
    this.prefill = {};
    this.marked = "";
    this.captures.forget();
  }

  /** Leads to where a capture belongs, unless the visitor is there still. */
  private showCaptured(place: CapturePlace): void {
    this.isCapturing = false;
    const { screen } = this;
    if (place.name === "flow") {
      if (screen.name === "flow" && screen.flow === place.flow) return;
      const { flow, survey, step, answers } = place;
      return this.go({ name: "flow", flow, step, answers, ...(survey && { survey }) }, survey !== undefined);
    }
    const { token, text, files } = place;
    // A messenger that began anew may have nothing of what was written.
    const draft = this.drafts.of(token ?? "");
    if (this.leftFor !== place && draft.isEmpty) draft.fill(text, files);
    if (screen.name === "conversation" && screen.token === token) return;
    this.tab("home");
    this.go({ name: "conversation", ...(token !== undefined && { token }) }, false);
  }

  /**
   * Ends the contact that was there. What waits is returned when the new session is the same person's: a
   * guest who is known by name now, also when that happened on the page before.
   */
  private inherited(session: Session, guest: string | undefined): Waiting[] | undefined {
    const before = this.contact;
    if (!before) return guest === undefined ? [] : waitingOf(session, guest);
    const { apiUrl, sdkKey, data } = before.session;
    const isSame = apiUrl === session.apiUrl && sdkKey === session.sdkKey && (!data.userId || data.gleapId === session.data.gleapId);
    if (isSame) return before.handOver();
    before.end();
    return undefined;
  }

  private setOpen(isOpen: boolean): void {
    // The SDK hides the widget while the visitor marks the page, and shows it again.
    if (isOpen) this.isCapturing = false;
    if (this.isOpen === isOpen || this.isCapturing) return;
    this.isOpen = isOpen;
    this.contact?.setOpen(isOpen);
    // A survey is shown once; what is opened next is the messenger.
    this.endSurvey?.();
    if (isOpen || !this.survey) return;
    const survey = this.place;
    this.endSurvey = () => {
      clearTimeout(slidAway);
      this.endSurvey = undefined;
      if (this.place === survey) this.tab("home");
    };
    const slidAway = setTimeout(this.endSurvey, CLOSING_MS);
  }

  private named(id: string, shareToken: string): void {
    this.drafts.rename(id, shareToken);
    this.places = this.places.map((place) =>
      place.screen.name === "conversation" && place.screen.token === id
        ? { ...place, screen: { name: "conversation" as const, token: shareToken } }
        : place,
    );
  }

  private arrived(shareToken: string): void {
    const isSeen = this.screen.name === "conversation" && this.screen.token === shareToken && document.hasFocus();
    if (this.isOpen && !isSeen) this.bridge.send("play-ping");
  }
}

/** Where the browser keeps who the guest is that writes, until it is known by name. */
function guestPlace({ apiUrl, sdkKey }: Session): string {
  return placeOf("guest", apiUrl, sdkKey, "");
}

/** The guest who was here on the page before, and is somebody else now. */
function guestBefore(session: Session): string | undefined {
  const guest = recall(guestPlace(session));
  return typeof guest === "string" && guest !== session.data.gleapId ? guest : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
