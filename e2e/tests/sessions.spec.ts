// The main job: a session starts, a user is identified, the contact changes, events arrive.
import { createHmac } from "node:crypto";
import { expect, sdk, session, start, test } from "../support/test.ts";

const ada = { name: "Ada Abel", email: "Ada@example.com", value: 5, plan: "team", customData: { seats: 3, beta: true } };

test("a cold start makes a guest and an identified user becomes a contact", async ({ hark, project, visit }) => {
  const page = await visit();
  const guest = await session(page, project);
  expect(guest.gleapId).toBeTruthy();
  expect(guest.gleapHash).toMatch(/^[0-9a-f]{64}$/);

  await sdk(page, "identify", "user-1", ada);
  await expect.poll(async () => (await session(page, project)).userId).toBe("user-1");
  expect(await sdk(page, "isUserIdentified")).toBe(true);
  const contact = await hark.rest(project, "GET", "/sessions/by-user-id/user-1");
  expect(contact).toMatchObject({ ...ada, gleapId: guest.gleapId, userId: "user-1", blocked: false });
});

test("a warm start resumes the session and does not identify again", async ({ project, visit }) => {
  const first = await visit();
  await sdk(first, "identify", "user-1", ada);
  await expect.poll(async () => (await session(first, project)).userId).toBe("user-1");
  const before = await session(first, project);
  await first.close();

  const identifies: string[] = [];
  const page = await visit();
  page.on("request", (request) => {
    if (request.url().endsWith("/sessions/identify")) identifies.push(request.url());
  });
  await sdk(page, "identify", "user-1", ada);
  await sdk(page, "updateContact", { customData: ada.customData, value: 5 });
  const tracked = page.waitForRequest((request) => request.url().endsWith("/sessions/events"));
  await sdk(page, "trackEvent", "after");
  await tracked;
  expect(identifies).toEqual([]);
  expect((await session(page, project)).gleapId).toBe(before.gleapId);
});

test("enforced verification refuses a wrong hash and takes the right one", async ({ hark, project, visit }) => {
  await hark.rest(project, "PUT", "/projects/config", { enforceIdentityVerification: true });
  const page = await visit();
  const guest = await session(page, project);
  const answer = page.waitForResponse((response) => response.url().endsWith("/sessions/identify"));
  await page.evaluate((data) => (window as any).Gleap.identify("user-1", data, "wrong").catch(() => {}), ada);
  expect((await answer).status()).toBe(401);
  expect((await session(page, project)).gleapId).toBe(guest.gleapId);

  const hash = createHmac("sha256", project.identitySecret).update("user-1").digest("hex");
  await sdk(page, "identify", "user-1", ada, hash);
  await expect.poll(async () => (await session(page, project)).userId).toBe("user-1");
});

test("a guest on a second device is merged into the known contact", async ({ hark, project, visit, browser }) => {
  const first = await visit();
  await sdk(first, "identify", "user-1", ada);
  await expect.poll(async () => (await session(first, project)).userId).toBe("user-1");
  const known = await session(first, project);

  const phone = await browser.newContext();
  const second = await visit(phone);
  const guest = await session(second, project);
  expect(guest.gleapId).not.toBe(known.gleapId);
  const tracked = second.waitForResponse((response) => {
    return response.url().endsWith("/sessions/events") && response.ok() && (response.request().postData() ?? "").includes("looked-around");
  });
  await sdk(second, "trackEvent", "looked-around", { page: 1 });
  await tracked;
  await sdk(second, "identify", "user-1", { name: "Ada Abel" });
  await expect.poll(async () => (await session(second, project)).gleapId).toBe(known.gleapId);

  const contact = await hark.rest(project, "GET", "/sessions/by-user-id/user-1");
  const events = await hark.rest(project, "GET", `/sessions/${contact.id}/events?limit=100`);
  expect(events.map((event: { name: string }) => event.name)).toContain("looked-around");
  const { history } = await hark.rest(project, "GET", `/sessions/${contact.id}/identity-history`);
  expect(history.length).toBeGreaterThan(0);
  expect(await hark.rest(project, "GET", `/sessions?gleapId=${guest.gleapId}`)).toEqual([]);
  await phone.close();
});

test("updateContact changes the contact and events reach its activity", async ({ hark, project, visit }) => {
  const page = await visit();
  await sdk(page, "identify", "user-1", ada);
  await expect.poll(async () => (await session(page, project)).userId).toBe("user-1");
  await sdk(page, "updateContact", { plan: "enterprise", value: 7.5, customData: { seats: 9 } });
  await expect
    .poll(async () => hark.rest(project, "GET", "/sessions/by-user-id/user-1"))
    .toMatchObject({ plan: "enterprise", value: 7.5, customData: { seats: 9, beta: true } });

  await sdk(page, "trackEvent", "invoice-paid", { amount: 12.5 });
  const contact = await hark.rest(project, "GET", "/sessions/by-user-id/user-1");
  const events = () => hark.rest(project, "GET", `/sessions/${contact.id}/events?name=invoice-paid`);
  await expect.poll(events).toMatchObject([{ name: "invoice-paid", data: { amount: 12.5 } }]);
  const activities = JSON.stringify(await hark.rest(project, "GET", `/sessions/${contact.id}/activities`));
  expect(activities).toContain("invoice-paid");
});

test("clearIdentity starts over as a new guest", async ({ hark, project, visit }) => {
  const page = await visit();
  await sdk(page, "identify", "user-1", ada);
  await expect.poll(async () => (await session(page, project)).userId).toBe("user-1");
  const known = await session(page, project);
  await sdk(page, "clearIdentity");
  await expect.poll(async () => (await session(page, project)).gleapId ?? known.gleapId).not.toBe(known.gleapId);
  expect(await sdk(page, "isUserIdentified")).toBe(false);
  const contact = await hark.rest(project, "GET", "/sessions/by-user-id/user-1");
  expect(contact.gleapId).toBe(known.gleapId);
});

test("a change of language reaches the contact and fetches the words", async ({ hark, project, visit }) => {
  const page = await visit();
  const config = page.waitForResponse((response) => response.url().includes(`/config/${project.sdkKey}?lang=de`));
  await sdk(page, "setLanguage", "de-AT");
  const { flowConfig } = await (await config).json();
  expect(flowConfig.staticTranslations.next).toBe("Weiter");
  const { gleapId } = await session(page, project);
  const contact = () => hark.rest(project, "GET", `/sessions?gleapId=${gleapId}`);
  await expect.poll(contact).toMatchObject([{ lang: "de-at" }]);
});

test("two tabs are one contact", async ({ hark, project, visit }) => {
  const first = await visit();
  const second = await visit();
  expect((await session(second, project)).gleapId).toBe((await session(first, project)).gleapId);
  await sdk(first, "identify", "user-1", ada);
  await expect.poll(async () => (await session(second, project)).userId).toBe("user-1");
  await Promise.all([sdk(first, "trackEvent", "from-first"), sdk(second, "trackEvent", "from-second")]);
  const contact = await hark.rest(project, "GET", "/sessions/by-user-id/user-1");
  const names = async () => {
    const events = await hark.rest(project, "GET", `/sessions/${contact.id}/events?limit=100`);
    return events.map((event: { name: string }) => event.name).filter((name: string) => name.startsWith("from-")).sort();
  };
  await expect.poll(names).toEqual(["from-first", "from-second"]);
});

test("the identity survives a restart of the server and events go on", async ({ hark, project, visit }) => {
  const page = await visit();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await sdk(page, "identify", "user-1", ada);
  await expect.poll(async () => (await session(page, project)).userId).toBe("user-1");
  const before = await session(page, project);

  const reconnected = page.waitForEvent("websocket");
  await hark.restart();
  await reconnected;
  await sdk(page, "trackEvent", "after-restart");
  const contact = await hark.rest(project, "GET", "/sessions/by-user-id/user-1");
  const events = () => hark.rest(project, "GET", `/sessions/${contact.id}/events?name=after-restart`);
  await expect.poll(events, { timeout: 30_000 }).toMatchObject([{ name: "after-restart" }]);
  expect((await session(page, project)).gleapId).toBe(before.gleapId);
  expect(errors).toEqual([]);
});

test("overload is answered with 429 and costs nobody their identity", async ({ hark, project, site, visit }) => {
  const page = await visit();
  await sdk(page, "identify", "user-1", ada);
  await expect.poll(async () => (await session(page, project)).userId).toBe("user-1");
  const before = await session(page, project);
  await hark.restart("--sdk-calls-per-minute", "1");
  try {
    const refused = page.waitForResponse((response) => response.url().endsWith("/sessions") && response.status() === 429);
    // The first call takes the budget, so that the start of the SDK meets an empty one.
    await fetch(`http://${hark.host}/config/${project.sdkKey}`);
    await page.goto(site.url);
    await page.evaluate(
      ([host, key]) => {
        const gleap = (window as any).Gleap;
        gleap.setApiUrl(`http://${host}`);
        gleap.setWSApiUrl(`ws://${host}/ws`);
        gleap.initialize(key);
      },
      [hark.host, project.sdkKey] as const,
    );
    await refused;
  } finally {
    await hark.restart();
  }
  await page.reload();
  await start(page, hark, project);
  const after = await session(page, project);
  expect(after.gleapId).toBe(before.gleapId);
  expect(after.userId).toBe("user-1");
});
