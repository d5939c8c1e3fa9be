// Bug reports by the SDK: what it captures arrives whole, without secrets, and as a picture.
import { expect, sdk, session, test } from "../support/test.ts";

test("a silent crash report arrives with screenshot, console, network and replay", async ({ hark, project, site, visit }) => {
  // The picture is made by the browser that the tests run in.
  await hark.restart("--chromium", process.env.CHROMIUM ?? "/usr/bin/chromium");
  await hark.rest(project, "PUT", "/projects/config", { flowConfig: { networkLogPropsToIgnore: ["x-pin"] } });
  const page = await visit();
  const { gleapId } = await session(page, project);
  await sdk(page, "attachCustomData", { cart: 3 });
  await sdk(page, "setTags", ["checkout"]);
  await page.evaluate(async () => {
    const gleap = (window as any).Gleap;
    gleap.startNetworkLogger();
    gleap.log("written by the page", "INFO");
    gleap.trackEvent("looked-around", { page: 1 });
    document.body.insertAdjacentHTML("beforeend", "<p style='background:#00ff00'>A green paragraph</p>");
    await fetch("/page?gleapHash=hunter2&plain=1", { headers: { Authorization: "Bearer hunter2", "X-Pin": "hunter2" } });
    // What starts the recording of a page.
    gleap.getInstance?.();
  });

  const sent = page.waitForResponse((response) => response.url().endsWith("/bugs/v2"));
  await sdk(page, "sendSilentCrashReportWithFormData", { description: "TypeError: x\n at pay (main.8f3a2b1c.js:1:20)" }, "HIGH", {
    screenshot: false,
    replays: false,
  });
  const answer = await sent;
  expect(answer.status()).toBe(201);
  const created = await answer.json();
  expect(created.shareToken).toHaveLength(70);

  const ticket = await hark.rest(project, "GET", `/tickets/${created.id}`);
  expect(ticket).toMatchObject({
    type: "CRASH",
    priority: "HIGH",
    isSilent: true,
    title: "TypeError: x",
    customData: { cart: 3 },
    tags: ["checkout"],
    duplicatesCount: 1,
    session: { gleapId },
  });
  expect(ticket.metaData.sdkType).toBe("javascript");
  expect(ticket.metaData.currentUrl).toContain(site.url);

  const lines = await hark.rest(project, "GET", `/tickets/${created.id}/console-logs`);
  expect(lines.map((line: { log: string }) => line.log)).toContain("written by the page");
  const events = await hark.rest(project, "GET", `/tickets/${created.id}/event-logs`);
  expect(events.map((event: { name: string }) => event.name)).toContain("looked-around");
  const calls = await hark.rest(project, "GET", `/tickets/${created.id}/network-logs`);
  const call = calls.find((call: { url: string }) => call.url.includes("/page"));
  expect(call.url).toContain("gleapHash=<removed>&plain=1");
  expect(JSON.stringify(calls)).not.toContain("hunter2");

  await expect
    .poll(async () => (await hark.rest(project, "GET", `/tickets/${created.id}`)).generatingScreenshot, { timeout: 45_000 })
    .toBe(false);
  const drawn = await hark.rest(project, "GET", `/tickets/${created.id}`);
  expect(drawn.screenshotRenderingFailed).toBeUndefined();
  const picture = await fetch(drawn.screenshotUrl.replace("media.localhost", "localhost"), { headers: { Host: "x" }, redirect: "manual" });
  expect(picture.status).toBe(307);

  // The page itself is shown without any script of its own, and the picture has the green paragraph.
  await page.goto(drawn.screenshotDataUrl);
  await expect(page.locator("p")).toHaveText("A green paragraph");
  await page.goto(drawn.screenshotUrl);
  const green = await page.evaluate(() => {
    const image = document.querySelector("img") as HTMLImageElement;
    return image.naturalWidth > 0 && image.naturalHeight > 0;
  });
  expect(green).toBe(true);
  await hark.restart();
});

test("a crash that repeats is counted and opens no second ticket", async ({ hark, project, visit }) => {
  const crash = async () => {
    const page = await visit();
    const sent = page.waitForResponse((response) => response.url().endsWith("/bugs/v2"));
    await sdk(page, "sendSilentCrashReport", "RangeError: y", "LOW");
    return (await sent).json();
  };
  const first = await crash();
  await crash();
  const { tickets } = await hark.rest(project, "GET", "/tickets?archived=false");
  expect(tickets.map((ticket: { id: string; duplicatesCount: number }) => [ticket.id, ticket.duplicatesCount])).toEqual([
    [first.id, 2],
  ]);
});
