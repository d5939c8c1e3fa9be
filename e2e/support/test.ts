// The tests' own `test`: a server for the whole run, a fresh project and site for each test.
import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";
import { Hark, type Engine, type Project } from "./hark.ts";
import { Site } from "./site.ts";

export interface Options {
  /** The folder of the SDK under node_modules. */
  sdk: string;
}

interface Fixtures {
  project: Project;
  site: Site;
  /** Opens the site in a new tab and starts the SDK. */
  visit: (context?: BrowserContext) => Promise<Page>;
}

export interface WorkerOptions {
  /** Where the server keeps its data. */
  engine: Engine;
}

interface WorkerFixtures extends WorkerOptions {
  hark: Hark;
}

/** What the SDK keeps of a session in the browser. */
export interface Session {
  gleapId: string;
  gleapHash: string;
  userId?: string;
  name?: string;
  [property: string]: unknown;
}

export const test = base.extend<Options & Fixtures, WorkerFixtures>({
  sdk: ["gleap-16", { option: true }],
  engine: ["sqlite", { option: true, scope: "worker" }],
  hark: [
    async ({ engine }, use) => {
      const hark = await Hark.start(engine);
      await use(hark);
      await hark.stop();
    },
    { scope: "worker" },
  ],
  project: async ({ hark }, use) => use(await hark.project()),
  site: async ({ sdk }, use) => {
    const site = await Site.start(sdk);
    await use(site);
    await site.stop();
  },
  visit: async ({ hark, project, site, context }, use) => {
    await use(async (other) => {
      const page = await (other ?? context).newPage();
      await page.goto(site.url);
      await start(page, hark, project);
      return page;
    });
  },
});

/** Points the SDK at the server and initialises it, and waits until it says that it is. */
export async function start(page: Page, hark: Hark, project: Project): Promise<void> {
  await page.evaluate(
    ([host, key]) => {
      const sdk = (window as any).Gleap;
      sdk.setApiUrl(`http://${host}`);
      sdk.setWSApiUrl(`ws://${host}/ws`);
      sdk.setFrameUrl(`http://messenger.${host}`);
      sdk.setBannerUrl(`http://media.${host}/banner`);
      sdk.setModalUrl(`http://media.${host}/modal`);
      const initialised = new Promise<void>((done) => sdk.on("initialized", () => done()));
      sdk.initialize(key);
      return initialised;
    },
    [hark.host, project.sdkKey] as const,
  );
}

/** Calls a static method of the SDK in the page. */
export async function sdk(page: Page, method: string, ...words: unknown[]): Promise<any> {
  return page.evaluate(([name, list]) => (window as any).Gleap[name as string](...(list as unknown[])), [
    method,
    words,
  ] as const);
}

/** The session as the browser stores it. */
export async function session(page: Page, project: Project): Promise<Session> {
  const text = await page.evaluate((key) => localStorage.getItem(key), `gleap-widget-session-${project.sdkKey}`);
  return JSON.parse(text ?? "{}");
}

export { expect };
