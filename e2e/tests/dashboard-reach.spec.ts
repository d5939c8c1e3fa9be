// The dashboard for everybody: by keys alone, with a screen reader, with a pointer that is about to click, on small
// screens; and how much it asks of the server for that.
import type { Page } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import { populate, talks, type Talk } from "../support/company.ts";
import { desk, inboxOf, row, thread, writing } from "../support/desk.ts";
import { expect, test } from "../support/test.ts";

const talk = (title: string): Talk => ({ title, from: { name: "Ada Keller", email: "ada@lumen.example" }, said: ["Hello"] });
const link = (page: Page, title: string) => row(page, title).getByRole("link");
const first = (page: Page) => page.getByRole("list", { name: "All open" }).getByRole("listitem").first();

let token: string;
test.beforeAll(async ({ hark }) => {
  token = await hark.signIn();
});

test.afterEach(async ({ browser }) => {
  for (const context of browser.contexts()) await context.close();
});

test("j and k move the focus, a row that moves keeps it, and Escape comes back to it", async ({ browser, hark, project }) => {
  const [, second] = await populate(hark, project, [talk("Written first"), talk("Written second"), talk("Written third")]);
  const { page } = await desk(browser, hark, token, inboxOf(project));
  await expect(link(page, "Written third")).toBeVisible();
  await page.keyboard.press("j");
  await expect(link(page, "Written third")).toBeFocused();
  await page.keyboard.press("j");
  await expect(link(page, "Written second")).toBeFocused();
  await expect(page).toHaveTitle("Written second · All open · Hark");
  // Tab leads to one row of the list, and on from it.
  await expect(page.locator('[data-ticket] a[tabindex="0"]')).toHaveCount(1);

  await hark.rest(project, "POST", "/messages", { ticket: second.id, session: second.session.id, comment: "Once more" });
  await expect(first(page)).toContainText("Written second");
  await expect(link(page, "Written second")).toBeFocused();

  // From the composer to what was said, and from there to the list.
  await page.keyboard.press("r");
  await expect(writing(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(thread(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/inbox\/all$/);
  await expect(page).toHaveTitle("All open · Hark");
  await expect(link(page, "Written second")).toBeFocused();
  await expectAccessible(page, "a list with the focus in it");
  await page.keyboard.press("j");
  await expect(link(page, "Written second")).toBeFocused();
});

test("in the contacts the keys move the focus as well, also out of the search", async ({ browser, hark, project }) => {
  for (const name of ["Ada Keller", "Noah Brandt"]) await hark.rest(project, "POST", "/sessions", { name, userId: name });
  const { page } = await desk(browser, hark, token, `/p/${project.project.id}/contacts`);
  const contact = (name: string) => page.getByRole("row").getByRole("link", { name });
  await expect(contact("Ada Keller")).toBeVisible();
  const [first, second] = await page.getByRole("row").getByRole("link").all();
  await page.keyboard.press("j");
  await expect(first!).toBeFocused();
  await page.keyboard.press("j");
  await expect(second!).toBeFocused();
  await page.keyboard.press("/");
  await page.keyboard.press("ArrowDown");
  await expect(first!).toBeFocused();
  await expectAccessible(page, "contacts with the focus in them");
});

test("a row that somebody is about to click stays under the pointer when another comes to the top", async ({ browser, hark, project }) => {
  const [oldest] = await populate(hark, project, ["Apples", "Beans", "Figs", "Grapes", "Hops", "Iris", "Carrots", "Dill", "Endive"].map(talk));
  const { page } = await desk(browser, hark, token, inboxOf(project));
  await expect(first(page)).toContainText("Endive");
  const box = (await row(page, "Carrots").boundingBox())!;
  const list = page.getByRole("list", { name: "All open" });
  // Room to scroll by a row: a short window over a list of nine.
  await page.setViewportSize({ width: 1440, height: 400 });
  await expect.poll(() => list.evaluate((element) => element.scrollHeight - element.clientHeight)).toBeGreaterThan(box.height);
  await page.mouse.move(box.x + 100, box.y + 20);
  // The pointer keeps moving a little while the message arrives.
  let aside = 0;
  const moving = setInterval(() => void page.mouse.move(box.x + 100 + (aside++ % 5), box.y + 20).catch(() => undefined), 100);
  try {
    await hark.rest(project, "POST", "/messages", { ticket: oldest.id, session: oldest.session.id, comment: "Up" });
    await expect(first(page)).toContainText("Apples");
    expect((await row(page, "Carrots").boundingBox())!.y).toBeCloseTo(box.y, 0);
  } finally {
    clearInterval(moving);
  }
  // Once it has been still for a while the newest is in sight again.
  await expect.poll(() => list.evaluate((element) => element.scrollTop)).toBe(0);
  await expect(first(page)).toBeInViewport();
});

test("shortcuts of single keys can be switched off, and stay so", async ({ browser, hark, project }) => {
  await populate(hark, project, [talk("Stays closed")]);
  const { page } = await desk(browser, hark, token, "/account");
  const choice = page.getByRole("switch", { name: "Shortcuts of single keys" });
  await choice.click();
  await expect(choice).not.toBeChecked();
  await expectAccessible(page, "the own account");
  await page.goto(`http://${hark.host}${inboxOf(project)}`);
  await expect(row(page, "Stays closed")).toBeVisible();
  for (const key of ["j", "c", "?", "Shift+T", "g", "b"]) await page.keyboard.press(key);
  // What follows is handled after them.
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "Search and commands" })).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(/\/inbox\/all$/);
  // Keys that nobody dictates still work.
  await page.keyboard.press("ArrowDown");
  await expect(link(page, "Stays closed")).toBeFocused();
  // What does not work is not shown beside what it would do.
  await page.keyboard.press("Enter");
  const more = page.getByRole("button", { name: "More actions", exact: true });
  await more.click();
  await expect(page.getByRole("menuitem", { name: "Archive" })).toHaveText("Archive");
  await page.keyboard.press("Escape");

  await page.goto(`http://${hark.host}/account`);
  await expect(choice).not.toBeChecked();
  await choice.click();
  await page.goto(`http://${hark.host}${inboxOf(project)}`);
  await expect(row(page, "Stays closed")).toBeVisible();
  await page.keyboard.press("c");
  await expect(page.getByRole("dialog")).toBeVisible();
});

test("pages name themselves, and fit into 320 pixels", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const of = `/p/${project.project.id}`;
  const pages: [string, RegExp][] = [
    ["/sign-in", /^Sign in to Hark · Hark$/],
    [`${of}/inbox/all`, /^All open · Hark$/],
    [`${of}/inbox/all/${ticket.id}`, /^The export stops after 50 rows · All open · Hark$/],
    ["/inbox", /^All projects · Hark$/],
    [`${of}/board/BUG`, /^Board · Hark$/],
    [`${of}/contacts`, /^Contacts · Hark$/],
    [`${of}/contacts/${ticket.session.id}`, /^Ada Keller · Contacts · Hark$/],
    [`${of}/contacts/import`, /^Import contacts · Hark$/],
    [`${of}/bugs/${ticket.id}`, /^The export stops after 50 rows · Hark$/],
    [`${of}/settings/project`, /^Project · Settings · Hark$/],
    [`${of}/settings/roles`, /^Roles · Settings · Hark$/],
    ["/account/profile", /^Profile · Account · Hark$/],
    ["/account/security", /^Sign-in and security · Account · Hark$/],
  ];
  for (const language of ["en-GB", "de-DE"]) {
    const small = { viewport: { width: 320, height: 640 }, locale: language };
    const { page: inside } = await desk(browser, hark, token, "/sign-in", small);
    const outside = await (await browser.newContext(small)).newPage();
    for (const [address, title] of pages) {
      const page = address === "/sign-in" ? outside : inside;
      await page.goto(`http://${hark.host}${address}`);
      if (language === "en-GB") await expect(page, address).toHaveTitle(title);
      await page.waitForLoadState("networkidle");
      const beyond = await page.evaluate(() => {
        const { scrollWidth } = document.documentElement;
        const shell = [...document.querySelectorAll("nav, main, header, h1")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
        return { scrollWidth, shell: shell.map((one) => one.tagName) };
      });
      expect(beyond, `${address} in ${language}`).toEqual({ scrollWidth: 320, shell: [] });
    }
    await Promise.all([inside, outside].map((page) => page.context().close()));
  }
});

test("on a phone a contact begins with what happened, roles are stacked, and the board names its lanes", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project);
  const of = `http://${hark.host}/p/${project.project.id}`;
  const { page } = await desk(browser, hark, token, "/sign-in", { viewport: { width: 360, height: 720 }, hasTouch: true });

  await page.goto(`${of}/contacts/${ticket.session.id}`);
  await expect(page.getByRole("tabpanel", { name: "Timeline" })).toContainText("First seen");
  await expect(page.getByRole("complementary", { name: "Properties" })).toHaveCount(0);
  await page.getByRole("tab", { name: "Properties" }).click();
  await expect(page.getByRole("tabpanel", { name: "Properties" })).toContainText("ada@lumen.example");
  await expectAccessible(page, "the properties of a contact on a phone");

  await page.goto(`${of}/contacts`);
  const search = page.getByRole("searchbox");
  await expect(search).toBeVisible();
  expect((await search.boundingBox())!.width).toBeGreaterThan(250);
  await expectAccessible(page, "contacts on a phone");

  await page.goto(`${of}/settings/roles`);
  const right = page.getByRole("rowheader", { name: "Export contacts" }).or(page.getByText("Export contacts", { exact: true }));
  await expect(right.first()).toBeVisible();
  expect((await right.first().boundingBox())!.width).toBeGreaterThan(250);
  await expectAccessible(page, "roles on a phone");

  await page.goto(`${of}/board/BUG`);
  const lanes = page.getByRole("navigation", { name: "Lanes" });
  await expect(lanes.getByRole("button").first()).toHaveAttribute("aria-current", "true");
  await lanes.getByRole("button", { name: "In progress" }).click();
  await expect(lanes.getByRole("button", { name: "In progress" })).toHaveAttribute("aria-current", "true");
  await expect(page.getByText("Webhook is sent twice")).toBeInViewport();
  await expectAccessible(page, "the board on a phone");
});

test("whoever manages the settings changes views of others, and nobody else does", async ({ browser, hark, project }) => {
  await populate(hark, project, talks.slice(0, 1));
  await hark.rest(project, "POST", "/ticket-views", { name: "Made by a service", isPublic: true, conditions: { path: "type", op: "is", value: "BUG" } });
  const tools = (page: Page) => page.getByRole("button", { name: "Actions of the view Made by a service" });
  const { page: owner } = await desk(browser, hark, token, inboxOf(project));
  await expect(owner.getByRole("link", { name: "Made by a service" })).toBeVisible();
  await expect(tools(owner)).toHaveCount(1);

  const headers = { Authorization: `Bearer ${token}`, Project: project.project.id, "Content-Type": "application/json" };
  const made = await (await fetch(`http://${hark.host}/v3/tokens`, { method: "POST", headers, body: JSON.stringify({ name: "Viewer", role: "VIEWER" }) })).json();
  const { page: viewer } = await desk(browser, hark, made.token, "/sign-in");
  const rights = viewer.waitForResponse(/\/v3\/users\/me\/permissions/);
  await viewer.goto(`http://${hark.host}${inboxOf(project)}`);
  await rights;
  await expect(viewer.getByRole("link", { name: "Made by a service" })).toBeVisible();
  await expect(tools(viewer)).toHaveCount(0);
});

test("opening the inbox counts each list once, and the contacts are read once before they are followed", async ({ browser, hark, project }) => {
  await populate(hark, project, talks.slice(0, 2));
  const { page } = await desk(browser, hark, token, "/sign-in");
  const counted: string[] = [];
  const ended: string[] = [];
  page.on("request", (request) => request.url().includes("ticketscount") && counted.push(new URL(request.url()).search));
  page.on("requestfailed", (request) => ended.push(new URL(request.url()).pathname));
  await page.goto(`http://${hark.host}${inboxOf(project)}`);
  await expect(row(page, "The export stops")).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(counted.length).toBeGreaterThan(5);
  // What is counted again after the project is followed comes later, all of it.
  const rounds = new Set(counted.map((one) => counted.filter((other) => other === one).length));
  expect([...rounds], "each as often as the others").toHaveLength(1);
  await page.goto(`http://${hark.host}/p/${project.project.id}/contacts`);
  await expect(page.getByText("Ada Keller")).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(ended.filter((path) => path === "/v3/sessions")).toEqual([]);
});

test("opening a conversation asks for each thing once", async ({ browser, hark, project }) => {
  const tickets = await populate(hark, project, talks.slice(0, 4));
  const { page } = await desk(browser, hark, token, inboxOf(project));
  await expect(row(page, "The export stops")).toBeVisible();
  await page.waitForLoadState("networkidle");
  const asked: string[] = [];
  page.on("request", (request) => {
    const { pathname, searchParams } = new URL(request.url());
    // Neighbours of what is open are read ahead, and lists are read again when something is read for the first time.
    if (request.method() === "GET" && (request.url().includes(tickets[0].id) || searchParams.has("session"))) asked.push(pathname.replace(tickets[0].id, "{id}"));
  });
  await link(page, "The export stops").click();
  await expect(writing(page)).toHaveAttribute("contenteditable", "true");
  await expect(thread(page)).toContainText("2,300 orders");
  await page.waitForLoadState("networkidle");
  const once = ["/v3/messages", "/v3/scheduled-messages", "/v3/tickets", "/v3/tickets/{id}/activity-logs", "/v3/message-drafts", "/v3/tickets/{id}/sla"];
  for (const path of once) expect(asked.filter((one) => one === path), path).toHaveLength(1);
  // Nothing was merged, so nobody asks what.
  expect(asked).not.toContain("/v3/tickets/{id}/merges");
});
