// The messenger's looks: accessible in every dress, still while it loads, and alone with its server.
import type { BrowserContext } from "@playwright/test";
import { expect, test } from "../support/test.ts";
import { Messenger, onlyTicket } from "../support/messenger.ts";

/** How much of a screen may move by itself, as browsers measure it. */
const MOVED_MAX = 0.01;

/** Notes what moves by itself and which rules of the policy are broken, in every frame. */
async function watch(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const moved: number[] = [];
    (window as any).moved = moved;
    // A click excuses what moves half a second after it; here nothing is excused.
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as any[]) moved.push(entry.value);
    }).observe({ type: "layout-shift", buffered: true });
    const broken: string[] = [];
    (window as any).broken = broken;
    document.addEventListener("securitypolicyviolation", (event) => broken.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
}

/** How much moved since the last time. */
async function moved(messenger: Messenger): Promise<number> {
  const frame = await messenger.inside();
  const all: number[] = await frame.evaluate(() => (window as any).moved.splice(0));
  return all.reduce((sum, value) => sum + value, 0);
}

const DRESSES = [
  { name: "light", flowConfig: {} },
  { name: "dark", flowConfig: { colorScheme: "dark" } },
  { name: "yellow on black", flowConfig: { color: "#FFE600", headerColor: "#FFE600", backgroundColor: "#000000" } },
  { name: "pale on cream", flowConfig: { color: "#F5C2E7", headerColor: "#F5C2E7", backgroundColor: "#FFF6E5" } },
];

for (const { name, flowConfig } of DRESSES) {
  test(`every screen is accessible: ${name}`, async ({ hark, project, visit }) => {
    const homeLinks = [{ title: "Status", url: "https://status.example/" }];
    await hark.rest(project, "PUT", "/projects/config", { flowConfig: { ...flowConfig, homeLinks } });
    const messenger = await Messenger.on(await visit());
    await messenger.open();
    await messenger.expectAccessible();
    await messenger.button("Messages").click();
    await expect(messenger.frame.getByText("No conversations yet")).toBeVisible();
    await messenger.expectAccessible();
    await messenger.button(/Send us a message/).click();
    await messenger.expectAccessible();
    await messenger.write("Hello");
    const ticket = await onlyTicket(hark, project);
    await hark.rest(project, "POST", "/messages", { ticket: ticket.id, comment: "Hello you" });
    await expect(messenger.log.getByText("Hello you")).toBeVisible();
    await messenger.expectAccessible();
    await messenger.button("Back").click();
    await messenger.expectAccessible();
    await messenger.button("Messages").click();
    await expect(messenger.frame.getByRole("button", { name: /Hello you/ })).toBeVisible();
    await messenger.expectAccessible();
    await messenger.show("startFeedbackFlow", "bugreporting");
    await expect(messenger.heading).toHaveText("Report a problem");
    await messenger.expectAccessible();
    await messenger.button("Send").click();
    await messenger.expectAccessible();
    await messenger.frame.getByRole("textbox", { name: "What went wrong?" }).fill("This");
    await messenger.button("Send").click();
    await expect(messenger.frame.getByText("Thank you")).toBeVisible();
    await messenger.expectAccessible();
  });
}

test("the visitor's preference decides where the project lets it", async ({ hark, project, visit }) => {
  await hark.rest(project, "PUT", "/projects/config", { flowConfig: { colorScheme: "auto" } });
  const page = await visit();
  await page.emulateMedia({ colorScheme: "dark" });
  const messenger = await Messenger.on(page);
  await messenger.open();
  await expect(messenger.frame.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.emulateMedia({ colorScheme: "light" });
  await expect(messenger.frame.locator("html")).toHaveAttribute("data-theme", "light");
});

test("everything is reached with the keyboard", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  const { page } = messenger;
  await messenger.open();
  await expect(messenger.heading).toBeFocused();
  const press = async (key: string, times = 1) => {
    for (let turn = 0; turn < times; turn += 1) await page.keyboard.press(key);
  };
  await press("Tab");
  await expect(messenger.button(/Send us a message/)).toBeFocused();
  await press("Enter");
  await expect(messenger.composer).toBeFocused();
  await page.keyboard.type("Only keys");
  await press("Shift+Enter");
  await page.keyboard.type("and a second line");
  await press("Enter");
  await expect(messenger.log.getByText("Only keys")).toBeVisible();
  await expect(messenger.composer).toBeFocused();
  expect((await onlyTicket(hark, project)).title).toBe("Only keys");
  await press("Escape");
  await expect(page.locator(".gleap-frame-container")).toBeHidden();
});

test("nothing moves while it loads, nothing is asked of others, and no policy is broken", async ({ hark, visit, context }) => {
  const foreign: string[] = [];
  const own = [`${hark.host}`, `messenger.${hark.host}`, `media.${hark.host}`];
  context.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && !own.includes(host) && !host.startsWith("site.localhost")) foreign.push(request.url());
  });
  await watch(context);
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  expect(await moved(messenger), "the first screen").toBeLessThan(MOVED_MAX);
  await messenger.button(/Send us a message/).click();
  await expect(messenger.composer).toBeVisible();
  await messenger.write("Hello");
  await expect(messenger.log.getByText("Sent", { exact: true })).toBeAttached();
  expect(await moved(messenger), "a new conversation").toBeLessThan(MOVED_MAX);
  await messenger.show("startFeedbackFlow", "bugreporting");
  await expect(messenger.heading).toHaveText("Report a problem");
  expect(await moved(messenger), "a flow").toBeLessThan(MOVED_MAX);
  const broken = await (await messenger.inside()).evaluate(() => (window as any).broken ?? []);
  expect(broken).toEqual([]);
  // The SDK asks its maker for a sound; the messenger asks nobody.
  expect(foreign.filter((url) => !url.includes("js.gleap.io"))).toEqual([]);
});

test("a conversation and its list stay still while they load", async ({ hark, project, visit, context }) => {
  await watch(context);
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  await messenger.write("Hello");
  const ticket = await onlyTicket(hark, project);
  for (let number = 1; number <= 12; number += 1) {
    await hark.rest(project, "POST", "/messages", { ticket: ticket.id, comment: `Line ${number}` });
  }
  await expect(messenger.log.getByText("Line 12", { exact: true })).toBeVisible();
  const next = await Messenger.on(await visit());
  await next.open();
  await expect(next.frame.getByRole("button", { name: /Line 12/ })).toBeVisible();
  expect(await moved(next), "the first screen with a conversation").toBeLessThan(MOVED_MAX);
  await next.button(/^Messages/).click();
  await expect(next.heading).toHaveText("Messages");
  expect(await moved(next), "the list").toBeLessThan(MOVED_MAX);
  await next.frame.getByRole("button", { name: /Line 12/ }).click();
  await expect(next.log.getByText("Line 12", { exact: true })).toBeInViewport();
  expect(await moved(next), "the conversation").toBeLessThan(MOVED_MAX);
});

test("on a phone the composer and the fields do not make the page zoom", async ({ hark, project, browser, site }) => {
  const { start } = await import("../support/test.ts");
  const context = await browser.newContext({ viewport: { width: 390, height: 740 }, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await page.goto(site.url);
  await start(page, hark, project);
  const messenger = await Messenger.on(page);
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  const size = await messenger.composer.evaluate((area) => Number.parseFloat(getComputedStyle(area).fontSize));
  expect(size).toBeGreaterThanOrEqual(16);
  await expect(messenger.composer).not.toBeFocused();
  await messenger.expectAccessible();
  await context.close();
});
