// Replies of agents when things go wrong: sent once, never lost, closed only when they were taken, and nothing overwritten.
import type { Page, Route } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import { populate, talks } from "../support/company.ts";
import { desk, inboxOf, row, thread, writing } from "../support/desk.ts";
import type { Hark, Project } from "../support/hark.ts";
import { expect, test } from "../support/test.ts";

const SENDING = /\/v3\/scheduled-messages$/;

let token: string;
test.beforeAll(async ({ hark }) => {
  token = await hark.signIn();
});

test.afterEach(async ({ browser }) => {
  for (const context of browser.contexts()) await context.close();
});

/** Lets what is sent fail as `how` says, until the result is called; tells what was asked. */
async function failing(page: Page, how: (route: Route) => Promise<void>) {
  const asked: { key: string | undefined; body: string | null }[] = [];
  const handler = async (route: Route) => {
    const request = route.request();
    if (request.method() !== "POST") return route.fallback();
    asked.push({ key: request.headers()["idempotency-key"], body: request.postData() });
    await how(route);
  };
  await page.route(SENDING, handler);
  return { asked, end: () => page.unroute(SENDING, handler) };
}

const busy = (route: Route) => route.fulfill({ status: 503, contentType: "application/json", body: JSON.stringify({ message: "the server is busy" }) });
const sent = async (hark: Hark, project: Project, ticket: string, text: string) =>
  (await hark.rest(project, "GET", `/messages?ticket=${ticket}`)).filter((one: any) => one.text === text).length;

/** The button that brings a reply back into the composer: before it was sent, and after a try that came through by itself. */
const takesBack = /^(Edit|Undo)$/;

/** What waits on the server to be sent in a ticket. */
const waiting = async (hark: Hark, project: Project, ticket: string) => {
  const headers = { Authorization: `Bearer ${token}`, Project: project.project.id };
  return (await fetch(`http://${hark.host}/v3/scheduled-messages?ticket=${ticket}`, { headers })).json();
};

test("a reply names itself the same in each try", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  const trouble = await failing(page, busy);
  await writing(page).fill("We found it.");
  await writing(page).press("Control+Enter");
  await expect(thread(page)).toContainText("Not sent: The server is busy.");
  // By itself, after a while.
  await expect.poll(() => trouble.asked.length).toBeGreaterThan(1);
  expect(trouble.asked[0]!.key).toMatch(/^[0-9a-f-]{36}$/);
  expect(new Set(trouble.asked.map((one) => JSON.stringify(one))).size).toBe(1);
});

for (const kind of ["reply", "note"] as const) {
  test(`a ${kind} whose answer is lost is taken once, however often it is tried`, async ({ browser, hark, project }) => {
    const [ticket] = await populate(hark, project, talks.slice(0, 1));
    const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
    await expect(thread(page)).toContainText("2,300 orders");
    // The first two tries reach the server, and nobody hears what it says.
    let lost = 0;
    await page.route(kind === "note" ? /\/v3\/messages$/ : SENDING, async (route) => {
      if (route.request().method() !== "POST" || lost === 2) return route.fallback();
      lost++;
      await route.fetch();
      await route.abort();
    });
    if (kind === "note") await page.getByRole("radio", { name: "Note" }).check({ force: true });
    await writing(page).fill("Written once");
    await writing(page).press("Control+Enter");
    await expect.poll(() => lost, { timeout: 20_000 }).toBe(2);
    await expect(thread(page)).not.toContainText("Not sent", { timeout: 30_000 });
    await expect.poll(() => sent(hark, project, ticket.id, "Written once"), { timeout: 20_000 }).toBe(1);
    // Nothing of it waits or is to come.
    await expect.poll(() => waiting(hark, project, ticket.id), { timeout: 20_000 }).toEqual([]);
    await expect(thread(page).getByRole("article").filter({ hasText: "Written once" })).toHaveCount(1);
    expect(await sent(hark, project, ticket.id, "Written once")).toBe(1);
  });
}

test("a reply whose answer is lost and that is edited then is not sent as it was", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  await expect(thread(page)).toContainText("2,300 orders");
  let lost = false;
  await page.route(SENDING, async (route) => {
    if (route.request().method() !== "POST" || lost) return route.fallback();
    lost = true;
    await route.fetch();
    await route.abort();
  });
  await writing(page).fill("Too early");
  await writing(page).press("Control+Enter");
  await expect(thread(page)).toContainText("Not sent");
  await thread(page).getByRole("button", { name: takesBack }).click();
  await expect(writing(page)).toHaveText("Too early");
  expect(await waiting(hark, project, ticket.id)).toEqual([]);
  expect(await sent(hark, project, ticket.id, "Too early")).toBe(0);
});

test("sending and closing closes only when the reply was taken, also after a reload", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const status = async () => (await hark.rest(project, "GET", `/tickets/${ticket.id}`)).status;
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  const trouble = await failing(page, busy);
  await writing(page).fill("Done with the last release.");
  await writing(page).press("Control+Shift+Enter");
  await expect(thread(page)).toContainText("Not sent: The server is busy.");
  expect(await status()).toBe("OPEN");
  await page.reload();
  await expect(thread(page)).toContainText("Done with the last release.");
  await expect(thread(page)).toContainText("Not sent");
  await expect(writing(page)).toHaveText("");
  expect(await status()).toBe("OPEN");

  await trouble.end();
  await expect.poll(status, { timeout: 30_000 }).toBe("DONE");
  await expect.poll(() => sent(hark, project, ticket.id, "Done with the last release."), { timeout: 20_000 }).toBe(1);
});

test("what was written without a line is sent once when it is back, by itself and in turn", async ({ browser, hark, project }) => {
  const [ticket, other] = await populate(hark, project, talks.slice(0, 2));
  const { page, cut } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  await expect(thread(page)).toContainText("2,300 orders");
  await expect(row(page, "pay by invoice")).toBeVisible();
  await cut(true);
  for (const text of ["First of two", "Second of two"]) {
    await writing(page).fill(text);
    await writing(page).press("Control+Enter");
    await expect(thread(page).getByRole("article").filter({ hasText: text })).toContainText("Not sent");
  }
  await row(page, "pay by invoice").getByRole("link").click();
  await cut(false);
  const texts = async () => (await hark.rest(project, "GET", `/messages?ticket=${ticket.id}`)).slice(-2).map((one: any) => one.text);
  await expect.poll(texts, { timeout: 30_000 }).toEqual(["First of two", "Second of two"]);
  expect(await sent(hark, project, ticket.id, "First of two")).toBe(1);
  expect(await sent(hark, project, other.id, "First of two")).toBe(0);
});

test("leaving the page asks while a reply is unsent, and not afterwards", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  const trouble = await failing(page, busy);
  await writing(page).fill("Not yet");
  await writing(page).press("Control+Enter");
  await expect(thread(page)).toContainText("Not sent");
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();

  await trouble.end();
  await thread(page).getByRole("button", { name: takesBack }).click();
  await expect(writing(page)).toHaveText("Not yet");
  await expect(thread(page)).not.toContainText("Not yet");
  const closed = page.waitForEvent("close");
  await page.close({ runBeforeUnload: true });
  await closed;
});

test("taking a reply back keeps what was written since, and so does a quote", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  await writing(page).fill("First reply");
  await writing(page).press("Control+Enter");
  await expect(thread(page)).toContainText("Sent in a moment");
  await page.keyboard.type("next words");
  await thread(page).getByRole("button", { name: "Undo" }).click();
  await expect(writing(page).locator("p")).toHaveText(["First reply", "next words"]);

  await thread(page).getByRole("article").first().hover();
  await thread(page).getByRole("button", { name: "Actions of the message" }).first().click();
  await page.getByRole("menuitem", { name: "Quote in a reply" }).click();
  await expect(writing(page)).toContainText("First reply");
  await expect(writing(page)).toContainText("next words");
  await expect(writing(page).locator("blockquote")).toContainText("2,300 orders");
});

test("a reply that is taken back beside a note stays among the team", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  await writing(page).fill("For the customer");
  await writing(page).press("Control+Enter");
  await expect(thread(page)).toContainText("Sent in a moment");
  await page.getByRole("radio", { name: "Note" }).check({ force: true });
  await writing(page).fill("only for us");
  await thread(page).getByRole("button", { name: "Undo" }).click();
  await expect(writing(page).locator("p")).toHaveText(["For the customer", "only for us"]);
  await expect(page.getByRole("button", { name: "Add note" })).toBeVisible();
});

test("a draft that was continued on another device is there when somebody comes back to the page", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  await writing(page).click();
  await page.keyboard.type("Begun here");
  await expect(page.getByText("Draft kept")).toBeVisible();
  const other = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  await expect(writing(other.page)).toHaveText("Begun here");
  await writing(other.page).click();
  const kept = other.page.waitForResponse((response) => response.request().method() === "PUT" && response.url().endsWith("/draft"));
  await other.page.keyboard.type(", ended there");
  await kept;
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await expect(writing(page)).toHaveText("Begun here, ended there");
  // What is written here and not kept yet stays.
  await page.keyboard.type("!");
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await expect(page.getByText("Draft kept")).toBeVisible();
  await expect(writing(page)).toHaveText("Begun here, ended there!");
});

test("a draft that became a note elsewhere is one here, and one that was sent elsewhere is gone here", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  await writing(page).click();
  await page.keyboard.type("Only for us");
  await expect(page.getByText("Draft kept")).toBeVisible();
  const other = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  await expect(writing(other.page)).toHaveText("Only for us");
  const kept = other.page.waitForResponse((response) => response.request().method() === "PUT" && response.url().endsWith("/draft"));
  await other.page.getByRole("radio", { name: "Note" }).check({ force: true });
  await kept;
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await expect(page.getByRole("button", { name: "Add note" })).toBeVisible();
  const gone = other.page.waitForResponse((response) => response.request().method() === "DELETE" && response.url().endsWith("/draft"));
  await other.page.getByRole("button", { name: "Add note" }).click();
  await gone;
  await expect(thread(page)).toContainText("Only for us");
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await expect(writing(page)).toHaveText("");
});

test("what is typed before the editor is there is text, and no shortcut of the page", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, inboxOf(project));
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/v3\/message-drafts/, async (route) => {
    await held;
    await route.fallback();
  });
  await expect(row(page, "The export stops")).toBeVisible();
  await page.keyboard.press("j");
  await expect(thread(page)).toContainText("2,300 orders");
  await page.keyboard.press("r");
  await expect(writing(page)).toBeFocused();
  await page.keyboard.type("Der Ada,");
  for (let n = 0; n < "r Ada,".length; n++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.type("a");
  expect((await hark.rest(project, "GET", `/tickets/${ticket.id}`)).status).toBe("OPEN");
  release();
  await expect(writing(page).locator("p")).toHaveText(["Dear Ada,"]);
  await expect(writing(page)).toBeFocused();
  // The caret stands where it was.
  await page.keyboard.type("e");
  await page.keyboard.press("Backspace");
  await page.keyboard.press("End");
  await page.keyboard.type(" hello");
  await expect(writing(page)).toHaveText("Dear Ada, hello");
  await expect(page.getByText("Draft kept")).toBeVisible();
});

test("what is typed while a message's editor is still loading is kept with its caret, and the message's looks", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const comment = { type: "doc", content: [{ type: "paragraph", content: [{ type: "text", text: "It is " }, { type: "text", text: "fixed", marks: [{ type: "bold" }] }] }] };
  const headers = { Authorization: `Bearer ${token}`, Project: project.project.id, "Content-Type": "application/json" };
  await fetch(`http://${hark.host}/v3/messages`, { method: "POST", headers, body: JSON.stringify({ ticket: ticket.id, comment }) });
  const { page } = await desk(browser, hark, token, inboxOf(project, "all"));
  const failed = page.waitForEvent("requestfailed", (request) => /\/editor-/.test(request.url()));
  await page.route(/\/assets\/editor-/, (route) => route.abort());
  await page.goto(`http://${hark.host}${inboxOf(project, `all/${ticket.id}`)}`);
  await failed;
  const own = thread(page).getByRole("article").filter({ hasText: /It is/ });
  await own.hover();
  await own.getByRole("button", { name: "Actions of the message" }).click();
  await page.getByRole("menuitem", { name: "Edit message" }).click();
  const box = page.getByRole("textbox", { name: "Change the message" });
  await expect(box).toBeFocused();
  await page.keyboard.type(" now");
  await page.keyboard.press("Home");
  await page.keyboard.type("Yes: ");
  await page.unroute(/\/assets\/editor-/);
  await expect(own.locator("[contenteditable=true]")).toHaveText("Yes: It is fixed now");
  await expect(box).toBeFocused();
  await page.keyboard.type("now: ");
  await page.keyboard.press("Control+Enter");
  await expect(thread(page)).toContainText("Yes: now: It is fixed now");
  await expect(own.locator("strong", { hasText: "fixed" })).toBeVisible();
});

test("a message that came as a text with blank lines keeps its words while its editor is still loading", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const headers = { Authorization: `Bearer ${token}`, Project: project.project.id, "Content-Type": "application/json" };
  await fetch(`http://${hark.host}/v3/messages`, { method: "POST", headers, body: JSON.stringify({ ticket: ticket.id, comment: "Dear Ada,\n\nit is fixed.\n\nBye" }) });
  const { page } = await desk(browser, hark, token, inboxOf(project, "all"));
  const failed = page.waitForEvent("requestfailed", (request) => /\/editor-/.test(request.url()));
  await page.route(/\/assets\/editor-/, (route) => route.abort());
  await page.goto(`http://${hark.host}${inboxOf(project, `all/${ticket.id}`)}`);
  await failed;
  const own = thread(page).getByRole("article").filter({ hasText: /it is fixed/ });
  await own.hover();
  await own.getByRole("button", { name: "Actions of the message" }).click();
  await page.getByRole("menuitem", { name: "Edit message" }).click();
  await expect(page.getByRole("textbox", { name: "Change the message" })).toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.type("Good");
  await page.unroute(/\/assets\/editor-/);
  await expect(own.locator("[contenteditable=true] p")).toHaveText(["Dear Ada,", "it is fixed.", "GoodBye"]);
});

test("the button that sends covers nothing, however little room the composer has", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  for (const width of [1280, 1440]) {
    const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`), { viewport: { width, height: 800 }, locale: "de-DE" });
    const send = page.getByRole("button", { name: "Senden", exact: true });
    await expect(send).toBeVisible();
    const left = (await send.boundingBox())!.x;
    const tools = await page.locator(".composer .tools button:visible").all();
    expect(tools.length).toBeGreaterThan(2);
    for (const tool of tools) {
      const box = (await tool.boundingBox())!;
      expect(box.x + box.width, `at ${width} pixels`).toBeLessThanOrEqual(left);
    }
    await page.context().close();
  }
});

test("what is sent before the editor is there goes out without what is typed after it", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, "/inbox");
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/v3\/message-drafts/, async (route) => {
    await held;
    await route.fallback();
  });
  await page.goto(`http://${hark.host}${inboxOf(project, `all/${ticket.id}`)}`);
  await expect(thread(page)).toContainText("2,300 orders");
  await writing(page).fill("Sent early");
  await writing(page).press("Control+Enter");
  await page.keyboard.type("and more");
  release();
  await expect(thread(page).getByRole("article").filter({ hasText: /^Sent early/ })).toHaveCount(1);
  await expect(writing(page).locator("p")).toHaveText(["and more"]);
  await expect.poll(() => sent(hark, project, ticket.id, "Sent early"), { timeout: 20_000 }).toBe(1);
});

test("Escape closes the choice of another moment, and what is written stays in hand", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  await writing(page).fill("Later");
  await page.getByRole("button", { name: "Other ways to send" }).click();
  await page.getByRole("menuitem", { name: "Another moment" }).click();
  const dialog = page.getByRole("dialog", { name: "When to send" });
  await expect(dialog.getByLabel("Another moment")).toBeVisible();
  await dialog.getByLabel("Another moment").press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(writing(page)).toHaveText("Later");
});

test("a planned reply whose taking back was not answered is written on, and not lost", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  await writing(page).fill("Tomorrow then");
  await page.getByRole("button", { name: "Other ways to send" }).click();
  await page.getByRole("menuitem", { name: "In three hours" }).click();
  await expect(thread(page)).toContainText("Is sent");
  // The server gives it back, and nobody hears so.
  await page.route(/\/v3\/scheduled-messages\/[^/?]+$/, async (route) => {
    if (route.request().method() !== "DELETE") return route.fallback();
    await route.fetch();
    await route.abort();
  });
  await thread(page).getByRole("button", { name: "Send now" }).click();
  await expect(writing(page)).toHaveText("Tomorrow then");
  await expect(thread(page)).not.toContainText("Is sent");
  expect(await waiting(hark, project, ticket.id)).toEqual([]);
  expect(await sent(hark, project, ticket.id, "Tomorrow then")).toBe(0);
});

test("the editor comes also when its script could not be loaded at first", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, inboxOf(project, "all"));
  const failed = page.waitForEvent("requestfailed", (request) => /\/editor-/.test(request.url()));
  await page.route(/\/assets\/editor-/, (route) => route.abort());
  await page.goto(`http://${hark.host}${inboxOf(project, `all/${ticket.id}`)}`);
  await failed;
  await writing(page).fill("Half an answer");
  await page.unroute(/\/assets\/editor-/);
  await expect(page.locator("[contenteditable=true]")).toHaveText("Half an answer");
});

test("a draft that the server could not be given is there when the page is back", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page, cut } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  await expect(thread(page)).toContainText("2,300 orders");
  // The editor is there, whose script could not be loaded any more.
  await expect(writing(page)).toHaveAttribute("contenteditable", "true");
  await cut(true);
  await writing(page).fill("Half an answer");
  await expect(page.getByText("The draft is not kept")).toBeVisible();
  await cut(false);
  await page.reload();
  await expect(writing(page)).toHaveText("Half an answer");
  await expect.poll(async () => (await hark.rest(project, "GET", `/tickets/${ticket.id}`)).id).toBe(ticket.id);
  await expect(page.getByText("Draft kept")).toBeVisible();
});

test("a tab whose session has ended takes over the newer one, and leaves it to the other tab", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const old = await hark.signIn();
  const context = await browser.newContext({ locale: "en-GB" });
  const [page, other] = [await context.newPage(), await context.newPage()];
  await other.goto(`http://${hark.host}/sign-in`);
  await other.evaluate((value) => localStorage.setItem("hark.token", value), old);
  await page.goto(`http://${hark.host}${inboxOf(project, `all/${ticket.id}`)}`);
  await expect(thread(page)).toContainText("2,300 orders");
  // Somebody signs in again in the other tab, and the session of before ends.
  const newer = await hark.signIn();
  await other.evaluate((value) => localStorage.setItem("hark.token", value), newer);
  // The first call that the page makes after that is refused: its socket may make it before what is written is kept.
  const refused = page.waitForResponse((response) => response.status() === 401);
  await page.request.post(`http://${hark.host}/v3/users/logout`, { headers: { Authorization: `Bearer ${old}` } });
  await writing(page).fill("Still here");
  await refused;
  await expect(thread(page)).toContainText("2,300 orders");
  expect(await other.evaluate(() => localStorage.getItem("hark.token"))).toBe(newer);
  // Signing out in one tab signs out in the other.
  await other.evaluate(() => localStorage.removeItem("hark.token"));
  await expect(page).toHaveURL(/\/sign-in/);
});

test("signing in leads to this server and nowhere else", async ({ browser, hark }) => {
  const page = await (await browser.newContext({ locale: "en-GB" })).newPage();
  await page.goto(`http://${hark.host}/sign-in?next=/%5Cevil.example`);
  await page.getByLabel("E-mail", { exact: true }).fill(hark.owner.email);
  await page.getByLabel("Password", { exact: true }).fill(hark.owner.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/inbox/);
  await expect(page.getByRole("navigation", { name: "Lists" })).toBeVisible();
});

test("the usual types are named in the reader's language", async ({ browser, hark, project }) => {
  await hark.rest(project, "POST", "/ticket-types", { type: "BUG", title: "Bug", enabled: true });
  await hark.rest(project, "POST", "/ticket-types", { type: "FEATURE_REQUEST", title: "Idea", enabled: true });
  const { page } = await desk(browser, hark, token, `/p/${project.project.id}/board/BUG`, { locale: "de-DE" });
  await expect(page.getByText("Fehler", { exact: true }).first()).toBeVisible();
  await expect(page.getByText("Bug", { exact: true })).toHaveCount(0);
  await expect(page.getByText("Idea", { exact: true })).toHaveCount(0);
});

test("a template takes letters before its editor is there", async ({ browser, hark, project }) => {
  const { page } = await desk(browser, hark, token, `/p/${project.project.id}/settings/templates`);
  const failed = page.waitForEvent("requestfailed", (request) => /\/editor-/.test(request.url()));
  await page.route(/\/assets\/editor-/, (route) => route.abort());
  await page.getByRole("button", { name: "New template" }).click();
  const drawer = page.getByRole("dialog", { name: "New template" });
  await failed;
  await drawer.getByRole("textbox", { name: "Text" }).click();
  await page.keyboard.type("Helo");
  await page.keyboard.press("ArrowLeft");
  await expectAccessible(page, "a template without its editor");
  await page.unroute(/\/assets\/editor-/);
  const text = drawer.locator("[contenteditable=true]");
  await expect(text).toHaveText("Helo");
  await expect(text).toBeFocused();
  await page.keyboard.type("l");
  await expect(text).toHaveText("Hello");
});

test("a template is made in the settings, used in a reply, changed and deleted", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, `/p/${project.project.id}/settings/templates`);
  await expect(page.getByText("No templates yet")).toBeVisible();
  await page.getByRole("button", { name: "New template" }).click();
  const drawer = page.getByRole("dialog", { name: "New template" });
  await drawer.getByLabel("Name", { exact: true }).fill("On it");
  const text = drawer.getByRole("textbox", { name: "Text" });
  await text.click();
  await page.keyboard.type("Hello ");
  await drawer.getByRole("button", { name: "Insert a name" }).click();
  await page.getByRole("menuitem", { name: "First name of the contact" }).click();
  // The text has the focus again once it is drawn anew.
  await expect(text).toBeFocused();
  await page.keyboard.type(", we are on it.");
  await expect(text).toHaveText("Hello {{contact.firstName}}, we are on it.");
  for (const [action, label, value] of [["Add tags", "Add tags", "taken, export"], ["Set the priority", "", ""]] as const) {
    await drawer.getByRole("button", { name: "Add action" }).click();
    await page.getByRole("menuitem", { name: action }).click();
    if (label) await drawer.getByRole("textbox", { name: label }).fill(value);
  }
  await drawer.getByRole("combobox", { name: "Set the priority" }).selectOption("LOW");
  await expectAccessible(page, "the editor of a template");
  await drawer.getByRole("button", { name: "Save" }).click();
  await expect(drawer).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^On it/ })).toContainText("Everybody");

  await page.goto(`http://${hark.host}${inboxOf(project, `all/${ticket.id}`)}`);
  await writing(page).click();
  await page.keyboard.type("/on");
  await page.getByRole("option", { name: "On it" }).click();
  await expect(writing(page)).toHaveText("Hello Ada, we are on it.");
  const read = () => hark.rest(project, "GET", `/tickets/${ticket.id}`);
  await expect.poll(async () => (await read()).tags).toEqual(["export", "taken"]);
  await expect.poll(async () => (await read()).priority).toBe("LOW");

  await page.goto(`http://${hark.host}/p/${project.project.id}/settings/templates`);
  await page.getByRole("button", { name: /^On it/ }).click();
  const editor = page.getByRole("dialog", { name: "On it" });
  await editor.getByLabel("Name", { exact: true }).fill("We look into it");
  await editor.getByRole("button", { name: "Delete Add tags" }).click();
  await editor.getByRole("switch", { name: "For everybody in the project" }).click();
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: /^We look into it/ })).toContainText("Only you");
  const [saved] = await fetch(`http://${hark.host}/v3/message-templates`, { headers: { Authorization: `Bearer ${token}`, Project: project.project.id } }).then((answer) => answer.json() as any);
  expect(saved).toMatchObject({ title: "We look into it", isPublic: false, actions: [{ type: "priority", data: { priority: "LOW" } }] });

  await page.getByRole("button", { name: /^We look into it/ }).click();
  await page.getByRole("dialog", { name: "We look into it" }).getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog", { name: /^Delete/ }).getByRole("button", { name: /^Delete/ }).click();
  await expect(page.getByText("No templates yet")).toBeVisible();
});
