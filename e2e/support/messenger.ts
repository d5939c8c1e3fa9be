// The messenger in the frame that the SDK opened on the site, as a visitor and as a spy on its messages.
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import type { Frame, FrameLocator, Locator, Page } from "@playwright/test";
import { expect, sdk } from "./test.ts";
import type { Hark, Project } from "./hark.ts";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A message between the frame and the SDK. */
export interface Said {
  name: string;
  data?: any;
  [beside: string]: unknown;
}

export class Messenger {
  private constructor(readonly page: Page) {}

  /** On a page on which the SDK has started. */
  static async on(page: Page): Promise<Messenger> {
    await page.evaluate(() => {
      const said: unknown[] = [];
      (window as any).saidByFrames = said;
      window.addEventListener("message", (event) => {
        try {
          said.push(JSON.parse(event.data));
        } catch {
          // Somebody else's.
        }
      });
    });
    return new Messenger(page);
  }

  /** Opens the widget on its first screen. */
  async open(): Promise<void> {
    await this.show("open");
    await expect(this.heading).toBeVisible();
  }

  /** Calls a method of the SDK that shows the widget, and waits until it can be clicked. */
  async show(method: string, ...words: unknown[]): Promise<void> {
    await sdk(this.page, method, ...words);
    await this.still();
  }

  /** Waits until the widget, or another frame, has slid to its place: clicks would miss it on its way. */
  async still(selector = ".gleap-frame-container"): Promise<void> {
    const container = this.page.locator(selector);
    let before = "";
    await expect
      .poll(async () => {
        const last = before;
        before = await container.evaluate((box) => {
          // What is around a frame may be what slides.
          const moves = document.getAnimations().some(({ playState, effect }) => {
            const target = effect instanceof KeyframeEffect ? effect.target : null;
            return playState === "running" && target?.contains(box) === true;
          });
          const { x, y, width, height } = box.getBoundingClientRect();
          return moves || width === 0 ? "" : [x, y, width, height].join(" ");
        });
        return before !== "" && before === last;
      })
      .toBe(true);
  }

  get frame(): FrameLocator {
    return this.page.frameLocator(".gleap-frame");
  }

  get heading(): Locator {
    return this.frame.getByRole("heading", { level: 1 });
  }

  get composer(): Locator {
    return this.frame.getByRole("textbox", { name: "Write a message" });
  }

  get log(): Locator {
    return this.frame.getByRole("log");
  }

  button(name: string | RegExp): Locator {
    return this.frame.getByRole("button", { name, exact: typeof name === "string" });
  }

  async write(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.button("Send").click();
  }

  /** Draws on the site's page with the SDK's tool, from one place to another, and goes on in the messenger. */
  async draw([x, y]: [number, number], [toX, toY]: [number, number]): Promise<void> {
    const { mouse } = this.page;
    await this.page.locator(".bb-capture-toolbar").waitFor();
    await mouse.move(x, y);
    await mouse.down();
    await mouse.move(toX, toY, { steps: 8 });
    await mouse.up();
    await this.page.locator(".bb-capture-button-next").click();
  }

  /** What the frame said to the SDK so far, under a name. */
  async said(name: string): Promise<Said[]> {
    return this.page.evaluate((wanted) => (window as any).saidByFrames.filter((one: any) => one.name === wanted), name);
  }

  /** Waits until the frame has said something under a name, and returns the last. */
  async hasSaid(name: string, times = 1): Promise<Said> {
    await expect.poll(async () => (await this.said(name)).length, { message: name }).toBeGreaterThanOrEqual(times);
    return (await this.said(name)).at(-1)!;
  }

  /** Waits until a frame on the page is as high as what is in it said last, and where it stays. */
  async fits(selector: string, name: string): Promise<void> {
    await this.hasSaid(name);
    await expect
      .poll(async () => {
        const height = (await this.page.locator(selector).boundingBox())?.height;
        const wanted = (await this.said(name)).at(-1)!.data.height;
        return height === wanted ? "fits" : `${height} instead of ${wanted}`;
      })
      .toBe("fits");
    await this.still(selector);
  }

  /** The frame itself, or another one of the SDK's, for what locators cannot do. */
  async inside(selector = ".gleap-frame"): Promise<Frame> {
    const element = await this.page.waitForSelector(selector, { state: "attached" });
    return (await element.contentFrame())!;
  }

  /** Says things to the frame as an SDK does, one after the other: JSON, or texts as they are. */
  async tell(...messages: unknown[]): Promise<void> {
    await this.page.evaluate((all) => {
      const { contentWindow } = document.querySelector<HTMLIFrameElement>(".gleap-frame")!;
      for (const one of all) contentWindow!.postMessage(typeof one === "string" ? one : JSON.stringify(one), "*");
    }, messages);
  }

  /** Fails when axe finds something on the screen, or in another frame of the SDK's. */
  async expectAccessible(selector?: string): Promise<void> {
    const frame = await this.inside(selector);
    await this.settled(frame);
    await frame.evaluate(axe);
    // A bar on the page is not a page.
    const isPage = selector !== ".gleap-b-frame";
    const found = await frame.evaluate(async (hasHeading) => {
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
      // A frame has no page around it that could have landmarks of its own.
      const rules = { region: { enabled: false }, "page-has-heading-one": { enabled: hasHeading } };
      const { violations } = await (window as any).axe.run(document, { runOnly: tags, rules });
      return violations.map((one: any) => `${one.id}: ${one.nodes.map((node: any) => `${node.target} ${node.failureSummary}`).join("; ")}`);
    }, isPage);
    expect(found).toEqual([]);
  }

  /** Waits for what moves on the screen: axe would measure colours on their way. */
  private async settled(frame: Frame): Promise<void> {
    await frame.evaluate(() =>
      Promise.all(
        document
          .getAnimations()
          .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
          .map((animation) => animation.finished.catch(() => {})),
      ),
    );
  }
}

/** Waits for the contact's only ticket, which the agent sees. */
export async function onlyTicket(hark: Hark, project: Project): Promise<any> {
  let tickets: any[] = [];
  await expect
    .poll(async () => {
      ({ tickets } = await hark.rest(project, "GET", "/tickets?limit=10"));
      return tickets.length;
    })
    .toBe(1);
  return tickets[0];
}

/** What was written in a ticket, the oldest first. */
export async function messagesOf(hark: Hark, project: Project, ticket: string): Promise<any[]> {
  return hark.rest(project, "GET", `/messages?ticket=${ticket}`);
}
