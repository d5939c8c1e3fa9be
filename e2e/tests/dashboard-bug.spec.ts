// A report of the unmodified SDK in an agent's hands: screen, console, network, timeline, details, and the replay in step.
import { deflateSync } from "node:zlib";
import type { Browser, Page } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import type { Hark, Project } from "../support/hark.ts";
import { expect, sdk, test } from "../support/test.ts";

/** The dashboard of the owner at the report of a ticket, and every address that it asked for. */
async function open(browser: Browser, hark: Hark, project: Project, ticket: string, options: Parameters<Browser["newContext"]>[0] = {}): Promise<{ page: Page; asked: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB", permissions: ["clipboard-read", "clipboard-write"], ...options });
  const token = await hark.signIn();
  const own = `http://${hark.host}`;
  await context.addInitScript(([origin, value]) => location.origin === origin && localStorage.setItem("hark.token", value!), [own, token]);
  const page = await context.newPage();
  const asked: string[] = [];
  context.on("request", (request) => asked.push(request.url()));
  await page.goto(`${own}/p/${project.project.id}/bugs/${ticket}`);
  return { page, asked };
}

const tab = (page: Page, name: string) => page.getByRole("tab", { name: new RegExp(`^${name}`) });
const console_ = (page: Page) => page.getByRole("list", { name: "Lines of the console" }).getByRole("listitem");
const recorded = (page: Page) => page.frameLocator('iframe[title="The recorded page"]').frameLocator("iframe");

/** A visitor types a voucher, pays, and the payment fails; answers the ticket of the crash that is reported. */
async function crash(hark: Hark, project: Project, visit: () => Promise<Page>, site: string): Promise<string> {
  await hark.rest(project, "PUT", "/projects/config", { flowConfig: { enableWebReplays: true, enableNetworkLogs: true } });
  const page = await visit();
  await page.route("**/api/pay**", (route) => route.fulfill({ status: 502, contentType: "application/json", body: '{"error":"no answer","retry":[1,2]}' }));
  await page.evaluate(() => {
    const gleap = (window as any).Gleap;
    gleap.startNetworkLogger();
    document.body.insertAdjacentHTML(
      "beforeend",
      `<label>Voucher <input id="voucher"></label><button id="pay">Pay now</button><p id="said"></p>
       <img src="/secret-pixel.png" alt="A pixel" onerror="window.ran = true"><link rel="preconnect" href="http://spy.localhost:9">`,
    );
    gleap.trackEvent("cart-viewed", { items: 3 });
    gleap.log("cart loaded", "INFO");
    document.getElementById("pay")!.onclick = async () => {
      const answer = await fetch("/api/pay?cart=3", { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"cart":3}' });
      document.getElementById("said")!.textContent = "Payment failed";
      gleap.log(`payment failed with ${answer.status}`, "WARNING");
      gleap.log("TypeError: token is undefined\n    at pay (checkout.js:41:17)", "ERROR");
    };
  });
  await page.fill("#voucher", "WELCOME10");
  await page.click("#pay");
  await expect(page.locator("#said")).toHaveText("Payment failed");
  // What the messenger says when a form is opened: from then on the recording belongs to the report.
  await sdk(page, "setFrameUrl", new URL(site).origin);
  await page.evaluate(() => {
    const told = new Promise((done) => addEventListener("message", done, { once: true }));
    postMessage(JSON.stringify({ name: "notify-event", data: { type: "flow-started" } }), "*");
    return told.then(() => undefined);
  });
  const sent = page.waitForResponse((response) => response.url().endsWith("/bugs/v2"));
  await sdk(page, "sendSilentCrashReportWithFormData", { description: "Payment fails with a voucher" }, "HIGH", { screenshot: false, replays: false });
  const { id } = await (await sent).json();
  return id;
}

for (const version of ["gleap-15", "gleap-16"]) {
  test.describe(version, () => {
    test.use({ sdk: version });

    test("a crash report shows its logs, and its replay plays with them in step", async ({ browser, hark, project, site, visit }) => {
      const ticket = await crash(hark, project, visit, site.url);
      const { page, asked } = await open(browser, hark, project, ticket);
      await expect(page.getByRole("heading", { name: "Payment fails with a voucher" })).toBeVisible();

      // The console: every line, then those of a level, then those with a word.
      await expect(console_(page).filter({ hasText: "cart loaded" })).toBeVisible();
      await page.getByRole("button", { name: /^Errors/ }).click();
      await expect(console_(page)).toHaveCount(1);
      await expect(console_(page)).toContainText("at pay (checkout.js:41:17)");
      await page.getByRole("button", { name: /^Errors/ }).click();
      await page.getByRole("searchbox", { name: "Search" }).fill("FAILED 502");
      await expect(console_(page)).toHaveCount(1);
      await expect(console_(page).locator("mark").first()).toHaveText("failed");

      // The network: what failed, its body, and the same call as a command.
      await tab(page, "Network").click();
      await page.getByRole("button", { name: /^Failed only/ }).click();
      const calls = page.getByRole("list", { name: "Calls of the network" }).getByRole("listitem");
      await expect(calls.filter({ hasText: "502" })).toHaveCount(1);
      await calls.filter({ hasText: "502" }).getByRole("button").click();
      const details = page.getByRole("region", { name: /^The call pay/ });
      await expect(details).toContainText("/api/pay?cart=3");
      await details.getByRole("tab", { name: "Response" }).click();
      await expect(details.locator("pre")).toContainText('"error": "no answer"');
      await details.getByRole("button", { name: "Copy as cURL" }).click();
      await expect(details.getByRole("button", { name: "Copied" })).toBeVisible();
      const command = await page.evaluate(() => navigator.clipboard.readText());
      expect(command).toContain(`curl '${site.url}api/pay?cart=3'`);
      expect(command).toContain(`--data-raw '{"cart":3}'`);

      // What happened, and on what.
      await tab(page, "Timeline").click();
      await expect(page.getByRole("list", { name: "What happened before the report" })).toContainText("cart-viewed");
      await tab(page, "Details").click();
      await expect(page.getByRole("region", { name: "Details" })).toContainText(`javascript ${version === "gleap-15" ? "15.3.2" : "16.4.0"}`);
      await expectAccessible(page, "details");

      // The replay plays to its end, shows what was typed, and the logs go with it.
      await tab(page, "Console").click();
      await page.getByRole("searchbox", { name: "Search" }).fill("");
      // The captured page may still show pictures of the site; the replay loads nothing.
      asked.length = 0;
      await tab(page, "Replay").click();
      const position = page.getByRole("slider", { name: "Position in the replay" });
      await expect(position).toBeEnabled();
      await position.press("Home");
      await expect(recorded(page).locator("h1")).toHaveText("Site");
      await expect(recorded(page).locator("#said")).toHaveCount(0);
      await expect(console_(page).filter({ hasText: "TypeError" })).not.toHaveAttribute("aria-current");
      await page.getByRole("button", { name: "Play", exact: true }).first().click();
      await expect(recorded(page).locator("#said")).toHaveText("Payment failed");
      await expect(recorded(page).locator("#voucher")).toHaveValue("WELCOME10");
      await expect(console_(page).filter({ hasText: "TypeError" })).toHaveAttribute("aria-current", "step");
      await expect(page.getByRole("button", { name: "Play again" }).first()).toBeVisible({ timeout: 30_000 });
      await expectAccessible(page, "replay");

      // A line of the log leads to its moment.
      await console_(page).filter({ hasText: "cart loaded" }).getByRole("button", { name: /^\d/ }).click();
      await expect(console_(page).filter({ hasText: "TypeError" })).not.toHaveAttribute("aria-current");

      // Nothing of the recorded page runs or reaches out.
      const own = new URL(`http://${hark.host}`).port;
      expect(asked.filter((address) => address.startsWith("http") && new URL(address).port !== own)).toEqual([]);
      for (const frame of page.frames()) expect(await frame.evaluate(() => (window as any).ran).catch(() => undefined)).toBeUndefined();
      expect(await page.locator('iframe[title="The recorded page"]').getAttribute("src")).toBe(`http://media.${hark.host}/replay`);
    });
  });
}

test("the captured page is shown without scripts of its own, and beside a narrow column everything is there, too", async ({ browser, hark, project, site, visit }) => {
  const ticket = await crash(hark, project, visit, site.url);
  const { page } = await open(browser, hark, project, ticket, { viewport: { width: 390, height: 800 }, hasTouch: true, colorScheme: "dark", locale: "de-DE" });
  const shown = page.frameLocator('iframe[title="Die Seite zum Zeitpunkt des Berichts, ohne ihre Skripte"]');
  await expect(shown.locator("#said")).toHaveText("Payment failed");
  await expect(shown.locator("#voucher")).toHaveValue("WELCOME10");
  // Laid out as in the visitor's window, and all of it in sight; in full size on a click.
  const frame = page.locator('iframe[title="Die Seite zum Zeitpunkt des Berichts, ohne ihre Skripte"]');
  expect(await shown.locator("html").evaluate(() => [innerWidth, innerHeight])).toEqual([1280, 720]);
  const whole = await frame.boundingBox();
  expect(whole!.x).toBeGreaterThanOrEqual(0);
  expect(whole!.x + whole!.width).toBeLessThanOrEqual(390);
  expect(whole!.height / whole!.width).toBeCloseTo(720 / 1280, 2);
  await expectAccessible(page, "screen, dark, on a phone, in German");
  const larger = page.getByRole("region", { name: "Seite", exact: true }).getByRole("button");
  await larger.click();
  expect((await frame.boundingBox())!.width).toBe(1280);
  await expect(larger).toHaveCount(0);
  for (const name of ["Konsole", "Netzwerk", "Verlauf", "Details"]) {
    await tab(page, name).click();
    await expectAccessible(page, `${name}, dark, on a phone, in German`);
  }
  await tab(page, "Aufzeichnung").click();
  await expect(page.getByRole("slider", { name: "Stelle der Aufzeichnung" })).toBeEnabled();
  await page.getByRole("button", { name: "Abspielen", exact: true }).first().click();
  await expect(recordedIn(page).locator("#said")).toHaveText("Payment failed");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

const recordedIn = (page: Page) => page.frameLocator('iframe[title="Die aufgezeichnete Seite"]').frameLocator("iframe");

test("the frames of an app play, with what was touched", async ({ browser, hark, project }) => {
  const ticket = await reportOfApp(hark, project);
  const { page } = await open(browser, hark, project, ticket);
  const image = page.getByRole("img", { name: /^The screen of the app/ });
  await expect(image).toBeVisible();
  await expect(page.getByText("Frame 1 of 3 · Start")).toBeVisible();
  await page.getByRole("slider", { name: "Position in the replay" }).focus();
  await page.keyboard.press("k");
  await expect(page.getByText("Frame 2 of 3 · Cart")).toBeVisible();
  await expect(page.locator(".touch")).toHaveCount(1);
  await expect(page.getByText("Frame 3 of 3 · Cart")).toBeVisible();
  await expectAccessible(page, "frames of an app");
});

test("a report without anything captured says so", async ({ browser, hark, project }) => {
  const { id } = await hark.rest(project, "POST", "/tickets", { title: "Typed by hand", type: "BUG" });
  const { page } = await open(browser, hark, project, id);
  await expect(page.getByText("No screen was captured")).toBeVisible();
  await expect(page.getByText("The console was empty")).toBeVisible();
  await expect(tab(page, "Replay")).toHaveCount(0);
  await expectAccessible(page, "empty report");

  // What cannot be loaded can be tried again.
  await page.route("**/console-logs", (route) => route.abort(), { times: 3 });
  await page.reload();
  await expect(page.getByText("This could not be loaded")).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("The console was empty")).toBeVisible();
});

/** What an app sends: three frames, the newest first, and a touch. */
async function reportOfApp(hark: Hark, project: Project): Promise<string> {
  const base = `http://${hark.host}`;
  const key = { "Api-Token": project.sdkKey };
  const session = await (await fetch(`${base}/sessions`, { method: "POST", headers: { ...key, "Content-Type": "application/json" }, body: "{}" })).json();
  const headers = { ...key, "Gleap-Id": session.gleapId, "Gleap-Hash": session.gleapHash };
  const form = new FormData();
  for (const shade of [40, 120, 200]) form.append("file", new Blob([new Uint8Array(png(90, 160, shade))], { type: "image/png" }), `step_${shade}.png`);
  const { fileUrls } = await (await fetch(`${base}/uploads/sdksteps`, { method: "POST", headers, body: form })).json();
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
  const touch = { x: 0.5, y: 0.25, date: at(1.2), type: "TD" };
  const frames = [
    { url: fileUrls[2], screenname: "Cart", date: at(2), interactions: [] },
    { url: fileUrls[1], screenname: "Cart", date: at(1), interactions: [touch] },
    { url: fileUrls[0], screenname: "Start", date: at(0), interactions: [] },
  ];
  const body = { type: "BUG", formData: { description: "The app stops" }, replay: { interval: 1000, frames }, metaData: { sdkType: "Android" } };
  const answer = await fetch(`${base}/bugs/v2`, { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) });
  expect(answer.status).toBe(201);
  return (await answer.json()).id;
}

/** A picture of one shade of grey. */
function png(width: number, height: number, shade: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width, shade)]);
  const rows = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

function crc32(data: Buffer): number {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
