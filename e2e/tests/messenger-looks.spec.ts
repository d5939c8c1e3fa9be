// The messenger's looks: accessible in every dress, still while it loads, and alone with its server.
import { expect, test } from "../support/test.ts";
import { Messenger, onlyTicket } from "../support/messenger.ts";

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
  await context.addInitScript(() => {
    const moved: number[] = [];
    (window as any).moved = moved;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as any[]) if (!entry.hadRecentInput) moved.push(entry.value);
    }).observe({ type: "layout-shift", buffered: true });
    const broken: string[] = [];
    (window as any).broken = broken;
    document.addEventListener("securitypolicyviolation", (event) => broken.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  await messenger.write("Hello");
  await expect(messenger.log.getByText("Sent", { exact: true })).toBeAttached();
  await messenger.show("startFeedbackFlow", "bugreporting");
  await expect(messenger.heading).toHaveText("Report a problem");
  const frame = await messenger.inside();
  const { moved, broken } = await frame.evaluate(() => ({ moved: (window as any).moved ?? [], broken: (window as any).broken ?? [] }));
  expect(moved.reduce((sum: number, value: number) => sum + value, 0)).toBeLessThan(0.02);
  expect(broken).toEqual([]);
  // The SDK asks its maker for a sound; the messenger asks nobody.
  expect(foreign.filter((url) => !url.includes("js.gleap.io"))).toEqual([]);
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
