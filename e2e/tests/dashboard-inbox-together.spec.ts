// The inbox where others work at the same time, over several projects, and where something is refused.
import type { Page } from "@playwright/test";
import { populate, talks, type Talk } from "../support/company.ts";
import { desk, inboxOf, row } from "../support/desk.ts";
import { expect, test } from "../support/test.ts";

const talk = (title: string, more: Partial<Talk> = {}): Talk => ({ title, from: { name: "Ada Keller", email: "ada@lumen.example" }, said: ["Hello"], ...more });
const refuse = (page: Page, address: RegExp, method = "GET") =>
  page.route(address, (route) =>
    route.request().method() === method
      ? route.fulfill({ status: 403, contentType: "application/json", body: JSON.stringify({ message: "your role may not do this" }) })
      : route.fallback(),
  );
const select = (page: Page, title: string) => row(page, title).getByRole("checkbox").click({ force: true });
/** Chooses two tickets once nothing is chosen any more: what is chosen goes only when the chooser has closed. */
async function selectBoth(page: Page): Promise<void> {
  await expect(page.getByText(/\d selected/)).toHaveCount(0);
  await select(page, "Over here");
  await select(page, "Over there");
  for (const title of ["Over here", "Over there"]) await expect(row(page, title).getByRole("checkbox")).toBeChecked();
  await expect(page.getByText("2 selected")).toBeVisible();
}

let token: string;
test.beforeAll(async ({ hark }) => {
  token = await hark.signIn();
});

test.afterEach(async ({ browser }) => {
  for (const context of browser.contexts()) await context.close();
});

test("assigning to oneself works before the people of the project are known", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, "/sign-in");
  await refuse(page, /\/v3\/projects\/users/);
  await page.goto(`http://${hark.host}${inboxOf(project, `all/${ticket.id}`)}`);
  await expect(row(page, ticket.title)).toBeVisible();
  await page.keyboard.press("i");
  await expect.poll(async () => (await hark.rest(project, "GET", `/tickets/${ticket.id}`)).processingUser?.id).toBe(hark.owner.id);
});

test("choosing, undoing and deleting work for tickets of several projects at once", async ({ browser, hark, project }) => {
  const other = await hark.project();
  const [first] = await populate(hark, project, [talk("Over here", { priority: "HIGH" })]);
  const [second] = await populate(hark, other, [talk("Over there")]);
  const priorities = async () => [(await hark.rest(project, "GET", `/tickets/${first.id}`)).priority, (await hark.rest(other, "GET", `/tickets/${second.id}`)).priority];
  const { page } = await desk(browser, hark, token, "/inbox");
  await selectBoth(page);
  await page.keyboard.press("p");
  await page.getByRole("option", { name: "Low" }).click();
  await expect.poll(priorities).toEqual(["LOW", "LOW"]);
  await expect(page.getByRole("region", { name: "Messages" })).toContainText("Priority of 2 changed");
  await page.keyboard.press("z");
  await expect.poll(priorities).toEqual(["HIGH", "MEDIUM"]);

  await selectBoth(page);
  // Tickets of different projects can be assigned to who works in both, and not be merged.
  await page.keyboard.press("a");
  await page.getByRole("option", { name: "(you)" }).click();
  await expect.poll(async () => (await hark.rest(other, "GET", `/tickets/${second.id}`)).processingUser?.id).toBe(hark.owner.id);
  await selectBoth(page);
  await page.keyboard.press("m");
  await expect(page.getByRole("region", { name: "Messages" })).toContainText("different projects");
  await page.keyboard.press("#");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(row(page, "Over here")).toHaveCount(0);
  await expect(row(page, "Over there")).toHaveCount(0);
  for (const [owner, ticket] of [[project, first], [other, second]] as const) {
    await expect.poll(async () => hark.rest(owner, "GET", `/tickets/${ticket.id}`).then(() => "there", (error) => String(error))).toContain("404");
  }
});

test("deleting says what could not be deleted", async ({ browser, hark, project }) => {
  const [first, second] = await populate(hark, project, [talk("Stays"), talk("Goes")]);
  const { page } = await desk(browser, hark, token, inboxOf(project));
  await refuse(page, new RegExp(`/v3/tickets/${first.id}$`), "DELETE");
  await select(page, "Stays");
  await select(page, "Goes");
  await page.keyboard.press("#");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("region", { name: "Messages" })).toContainText(`Not deleted: #${first.bugId} Stays. Your role may not do this.`);
  await expect(row(page, "Goes")).toHaveCount(0);
  await expect(row(page, "Stays")).toBeVisible();
  expect(second.id).not.toBe(first.id);
});

test("the palette finds conversations from every page, and without the right to read contacts", async ({ browser, hark, project }) => {
  await populate(hark, project, talks.slice(0, 3));
  const { page } = await desk(browser, hark, token, `/p/${project.project.id}/contacts`);
  await expect(page.getByText("Ada Keller").first()).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("export");
  await expect(page.getByRole("option", { name: "The export stops" })).toBeVisible();
  await page.keyboard.press("Escape");

  await page.goto(`http://${hark.host}/p/${project.project.id}/settings/project`);
  await refuse(page, /\/v3\/sessions\/search/);
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("export");
  await page.getByRole("option", { name: "The export stops" }).click();
  await expect(page).toHaveURL(/\/inbox\/all\//);
});

test("a tag that somebody else gives at the same moment stays", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, [talk("Both tag this", { tags: ["first"] })]);
  const tags = async () => (await hark.rest(project, "GET", `/tickets/${ticket.id}`)).tags.sort();
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  await expect(row(page, "Both tag this")).toBeVisible();
  let overtaken = false;
  await page.route(new RegExp(`/v3/tickets/${ticket.id}$`), async (route) => {
    if (!overtaken && route.request().postData()?.includes("mine")) {
      overtaken = true;
      await hark.rest(project, "PUT", `/tickets/${ticket.id}`, { tags: ["first", "theirs"] });
    }
    await route.fallback();
  });
  await page.keyboard.press("l");
  await page.keyboard.type("mine");
  await page.keyboard.press("Enter");
  await expect.poll(tags).toEqual(["first", "mine", "theirs"]);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  // Taking it back takes only the own one.
  await page.keyboard.press("z");
  await expect.poll(tags).toEqual(["first", "theirs"]);
});

test("undo leaves what somebody else has changed since", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, [talk("Who decides", { priority: "MEDIUM" })]);
  const priority = async () => (await hark.rest(project, "GET", `/tickets/${ticket.id}`)).priority;
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  await expect(row(page, "Who decides")).toBeVisible();
  await page.keyboard.press("p");
  await page.getByRole("option", { name: "Low" }).click();
  await expect.poll(priority).toBe("LOW");
  await expect(page.getByRole("region", { name: "Messages" })).toContainText("Priority changed");
  await hark.rest(project, "PUT", `/tickets/${ticket.id}`, { priority: "HIGH" });
  await page.keyboard.press("z");
  await expect(page.getByRole("region", { name: "Messages" })).toContainText("was changed since and stays as it is");
  expect(await priority()).toBe("HIGH");
});

test("the board shows after a drag what others did during it", async ({ browser, hark, project }) => {
  const bugs = talks.filter(({ type }) => type === "BUG");
  const tickets = await populate(hark, project, bugs);
  const { page } = await desk(browser, hark, token, `/p/${project.project.id}/board/BUG`);
  const cards = page.locator("li.card");
  await expect(cards).toHaveCount(2);
  const box = (await cards.first().boundingBox())!;
  await page.mouse.move(box.x + 60, box.y + box.height - 8);
  await page.mouse.down();
  await page.mouse.move(box.x + 90, box.y + box.height + 30, { steps: 5 });
  await expect(page.locator("li.card.dragged")).toHaveCount(1);
  const asked = page.waitForResponse((response) => response.url().includes("/v3/tickets/board"));
  await hark.rest(project, "POST", "/tickets", { title: "Found meanwhile", type: "BUG", session: tickets[0].session.id });
  await asked;
  await page.mouse.up();
  await expect(cards.filter({ hasText: "Found meanwhile" })).toHaveCount(1);
});

test("the board reads again once it is followed, and leads on from a lane that has more", async ({ browser, hark, project }) => {
  const tickets = await populate(hark, project, [talk("On the board", { type: "BUG" })]);
  const { page } = await desk(browser, hark, token, "/sign-in");
  let reads = 0;
  // The socket comes late: what happens before it does is told by nobody.
  let follow = () => {};
  const followed = new Promise<void>((resolve) => (follow = resolve));
  await page.routeWebSocket(/\/app\//, async (socket) => {
    await followed;
    socket.connectToServer();
  });
  await page.route(/\/v3\/tickets\/board/, async (route) => {
    reads++;
    const response = await route.fetch();
    const board = await response.json();
    board.lanes[0].count += 7;
    await route.fulfill({ response, json: board });
  });
  await page.goto(`http://${hark.host}/p/${project.project.id}/board/BUG`);
  await expect(page.getByText("On the board")).toBeVisible();
  await hark.rest(project, "POST", "/tickets", { title: "Before the socket", type: "BUG", session: tickets[0].session.id });
  expect(reads).toBe(1);
  follow();
  await expect(page.getByText("Before the socket")).toBeVisible();
  await page.getByRole("link", { name: "And 7 more" }).click();
  await expect(page).toHaveURL(/\/inbox\/all\?filter=/);
  await expect(row(page, "Before the socket")).toBeVisible();
  await expect(row(page, "On the board")).toBeVisible();
});

test("the board names and colours its lanes as the types say, whenever those come", async ({ browser, hark, project }) => {
  const lanes = [{ title: "Later", color: "#0a7d4f" }, { id: "OPEN", title: "Reported", color: "#b3261e" }, { id: "DONE", title: "Gone", closed: true }];
  await hark.rest(project, "POST", "/ticket-types", { type: "BUG", title: "Bug", enabled: true, lanes });
  const { page } = await desk(browser, hark, token, "/sign-in");
  let answer = () => {};
  const wanted = new Promise<void>((resolve) => (answer = resolve));
  await page.route(/\/v3\/ticket-types/, async (route) => {
    await wanted;
    await route.continue();
  });
  await page.goto(`http://${hark.host}/p/${project.project.id}/board/BUG`);
  await expect(page.getByRole("heading", { level: 2 })).toHaveCount(3);
  await expect(page.getByRole("heading", { name: "Later" })).toBeVisible();
  answer();
  const reported = page.getByRole("heading", { name: "Reported" });
  await expect(reported).toBeVisible();
  await expect(reported.locator(".dot")).toHaveCSS("background-color", "rgb(179, 38, 30)");
  await expect(page.getByRole("heading", { name: "Later" }).locator(".dot")).toHaveCSS("background-color", "rgb(10, 125, 79)");
});

test("the list of what is planned shows nothing else while it is read, and stays when others plan something", async ({ browser, hark, project }) => {
  const [first, second, third] = await populate(hark, project, [talk("Planned first"), talk("Planned later"), talk("Not planned")]);
  const plan = (ticket: string): Promise<{ id: string }> => hark.rest(project, "POST", "/scheduled-messages", { ticket, comment: "Later", sendAt: new Date(Date.now() + 86_400_000).toISOString() });
  const waiting = [await plan(first.id)];
  const { page } = await desk(browser, hark, token, "/sign-in");
  const filters: string[] = [];
  page.on("request", (request) => {
    const address = new URL(request.url());
    if (address.pathname.endsWith("/v3/tickets")) filters.push(address.searchParams.get("filter") ?? "");
  });
  await page.goto(`http://${hark.host}${inboxOf(project, "scheduled")}`);
  await expect(row(page, "Planned first")).toBeVisible();
  await select(page, "Planned first");
  await expect(page.getByText("1 selected")).toBeVisible();
  waiting.push(await plan(second.id));
  await expect(row(page, "Planned later")).toBeVisible();
  await expect(page.getByText("1 selected")).toBeVisible();
  for (const { id } of waiting) await hark.rest(project, "DELETE", `/scheduled-messages/${id}`);
  await expect(row(page, "Planned first")).toHaveCount(0);
  await expect(row(page, "Planned later")).toHaveCount(0);
  await expect(row(page, third.title)).toHaveCount(0);
  await expect(page.getByRole("navigation", { name: "Lists" }).getByRole("link", { name: "Scheduled" })).toHaveAttribute("aria-current", "page");
  expect(filters.filter((filter) => !filter.includes(`"path":"id"`))).toEqual([]);
});

test("where a ticket was merged into is read once, however often the other one changes", async ({ browser, hark, project }) => {
  const [target, source] = await populate(hark, project, [talk("The one that stays"), talk("The one that goes")]);
  await hark.rest(project, "PUT", "/tickets/merge", { ticketsToMergeIds: [source.id], targetTicketId: target.id });
  const { page } = await desk(browser, hark, token, "/sign-in");
  let reads = 0;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname.endsWith(`/v3/tickets/${target.id}/merges`)) reads++;
  });
  await page.goto(`http://${hark.host}${inboxOf(project, `all/${source.id}`)}`);
  const line = page.getByText("Merged into");
  await expect(line).toContainText("The one that stays");
  const before = reads;
  for (const title of ["Renamed once", "Renamed twice"]) {
    await hark.rest(project, "PUT", `/tickets/${target.id}`, { title });
    await expect(line).toContainText(title);
  }
  expect(reads).toBe(before);
});
