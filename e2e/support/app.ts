// An app with the messenger in its web view. Its SDK is played here, as the official ones behave.
import type { BrowserContext, Page } from "@playwright/test";
import { expectAccessible } from "./axe.ts";
import { expect } from "./test.ts";
import type { Hark, Project } from "./hark.ts";
import type { Said } from "./messenger.ts";

const FILM = Buffer.from("AAAAGGZ0eXBtcDQyAAAAAG1wNDJpc29t", "base64");

export class App {
  private constructor(
    readonly page: Page,
    private readonly hark: Hark,
    private readonly project: Project,
    /** The contact, as the server answered it. */
    public contact: any,
  ) {}

  /** An app that hears texts, and names the contact in the page's address. */
  static async android(context: BrowserContext, hark: Hark, project: Project, lang = "en", more = ""): Promise<App> {
    await context.addInitScript(() => {
      const said: unknown[] = [];
      (window as any).said = said;
      (window as any).GleapJSBridge = { gleapCallback: (text: string) => said.push(JSON.parse(text)) };
    });
    const contact = await visitor(hark, project);
    return App.load(context, hark, project, contact, `?lang=${lang}&gleapId=${contact.gleapId}&gleapHash=${contact.gleapHash}${more}`);
  }

  /** An app that hears objects. */
  static async ios(context: BrowserContext, hark: Hark, project: Project): Promise<App> {
    await context.addInitScript(() => {
      const said: unknown[] = [];
      (window as any).said = said;
      (window as any).webkit = { messageHandlers: { gleapCallback: { postMessage: (message: unknown) => said.push(message) } } };
    });
    return App.load(context, hark, project, await visitor(hark, project), "");
  }

  private static async load(context: BrowserContext, hark: Hark, project: Project, contact: any, query: string): Promise<App> {
    const page = await context.newPage();
    const app = new App(page, hark, project, contact);
    await page.goto(`http://messenger.${hark.host}/appnew${query}`);
    await app.hasSaid("ping");
    return app;
  }

  /** Says something to the messenger. */
  async tell(name: string, data?: unknown): Promise<void> {
    await this.page.evaluate((message) => (window as any).sendMessage(message), { name, data });
  }

  /** Says what apps say when they were greeted, those that can capture that as well. */
  async answer(capabilities?: object): Promise<void> {
    const actions = { idea: { title: "An idea", form: [{ key: "description", type: "textarea", title: "What is it?", required: true }] } };
    const config = { color: "#1D5FD1", headerColor: "#1D5FD1", backgroundColor: "#FFFFFF" };
    await this.tell("config-update", { config, actions, overrideLanguage: "", isApp: true });
    // iOS says null where there is nothing.
    const session = { sessionData: { ...this.contact, name: null }, apiUrl: `http://${this.hark.host}`, sdkKey: this.project.sdkKey };
    await this.tell("session-update", session);
    if (capabilities) await this.tell("capture-capabilities", capabilities);
    await this.tell("widget-status-update", { isWidgetOpen: true });
  }

  /** Says what it knows of a ticket whenever it is asked. */
  async knows(data: object): Promise<void> {
    await this.page.evaluate((known) => {
      const { said } = window as any;
      const push = said.push.bind(said);
      said.push = (message: { name: string }) => {
        if (message.name === "collect-ticket-data") (window as any).sendMessage({ name: "collect-ticket-data", data: known });
        return push(message);
      };
    }, data);
  }

  /** Begins the messenger anew, as some systems do when the visitor comes back to it. */
  async again(capabilities?: object): Promise<void> {
    await this.page.reload();
    await this.hasSaid("ping");
    await this.answer(capabilities);
  }

  /** Another visitor uses the same app. */
  async next(): Promise<void> {
    this.contact = await visitor(this.hark, this.project);
    await this.answer();
  }

  /** Uploads a film and sends it under the id of a capture, as SDKs do. */
  async sendFilm(requestId: string): Promise<void> {
    const headers = { "Api-Token": this.project.sdkKey, "Gleap-Id": this.contact.gleapId, "Gleap-Hash": this.contact.gleapHash };
    const form = new FormData();
    form.append("file", new Blob([FILM], { type: "video/mp4" }), "screen-recording.mp4");
    const uploaded = await fetch(`http://${this.hark.host}/uploads/attachments`, { method: "POST", headers, body: form });
    const { fileUrls } = (await uploaded.json()) as { fileUrls: string[] };
    const file = { url: fileUrls[0], name: "screen-recording.mp4", type: "video/mp4", size: FILM.length, width: 200, height: 400, durationMs: 900 };
    const completed = await fetch(`http://${this.hark.host}/v3/shared/capture-requests/${requestId}/complete`, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify({ files: [file], method: "frames", platform: "ios", deviceId: "d" }),
    });
    expect(completed.status).toBe(200);
  }

  /** What the messenger said so far under a name, in this document. */
  async said(name: string): Promise<Said[]> {
    return this.page.evaluate((wanted) => (window as any).said.filter((one: any) => one.name === wanted), name);
  }

  /** Waits until the messenger has said something so often, and returns the last. */
  async hasSaid(name: string, times = 1): Promise<Said> {
    await expect.poll(async () => (await this.said(name)).length, { message: name }).toBeGreaterThanOrEqual(times);
    return (await this.said(name)).at(-1)!;
  }

  async expectAccessible(): Promise<void> {
    await expectAccessible(this.page, "the messenger in an app");
  }
}

/** A visitor of an app, as its SDK starts one. */
async function visitor(hark: Hark, project: Project): Promise<any> {
  const response = await fetch(`http://${hark.host}/sessions`, {
    method: "POST",
    headers: { "Api-Token": project.sdkKey, "Content-Type": "application/json" },
    body: JSON.stringify({ lang: "de", deviceType: "mobile", platform: "android" }),
  });
  return response.json();
}
