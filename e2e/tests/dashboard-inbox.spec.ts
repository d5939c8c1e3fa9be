// The inbox in agents' hands: reading, answering, many at once, two agents, offline and back, keys alone, axe.
import type { Page } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import { populate, talks } from "../support/company.ts";
import { desk, inboxOf, row, thread, writing } from "../support/desk.ts";
import { expect, test } from "../support/test.ts";

const count = (page: Page, list: string) => page.getByRole("navigation", { name: "Lists" }).getByRole("link", { name: list }).locator(".count");

let token: string;
test.beforeAll(async ({ hark }) => {
  token = await hark.signIn();
});

test.afterEach(async ({ browser }) => {
  for (const context of browser.contexts()) await context.close();
});

test("an agent reads, answers, takes a reply back, and closes", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project);
  const { page } = await desk(browser, hark, token, inboxOf(project));
  await expect(row(page, "The export stops")).toBeVisible();
  await expect(count(page, "All open")).toHaveText("7");
  await row(page, "The export stops").getByRole("link").click();
  await expect(thread(page)).toContainText("We have 2,300 orders.");
  await expect(thread(page)).toContainText("Delivered");

  // A reply waits a moment, and comes back to the composer when it is taken back.
  await writing(page).fill("We found it.");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(thread(page)).toContainText("Sent in a moment");
  await thread(page).getByRole("button", { name: "Undo" }).click();
  await expect(writing(page)).toHaveText("We found it.");
  await expect(thread(page)).not.toContainText("We found it.");

  await writing(page).press("Control+Enter");
  await expect(thread(page).getByRole("article").filter({ hasText: "We found it." })).toHaveCount(1);
  await expect.poll(async () => (await hark.rest(project, "GET", `/messages?ticket=${ticket.id}`)).at(-1).text, { timeout: 20_000 }).toBe("We found it.");
  await expect(thread(page)).not.toContainText("Sent in a moment");
  await expect(thread(page).getByRole("article").filter({ hasText: "We found it." })).toHaveCount(1);

  await page.getByRole("button", { name: "Close", exact: true }).click();
  await expect(count(page, "All open")).toHaveText("6");
  await page.getByRole("region", { name: "Messages" }).getByRole("button", { name: "Undo" }).click();
  await expect(count(page, "All open")).toHaveText("7");
});

test("an own message is changed and deleted, others are not; the contact's words stay as they are", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const owner = async (method: string, path: string, body: unknown) => {
    const headers = { Authorization: `Bearer ${token}`, Project: project.project.id, "Content-Type": "application/json" };
    expect((await fetch(`http://${hark.host}/v3${path}`, { method, headers, body: JSON.stringify(body) })).ok).toBe(true);
  };
  await owner("POST", "/messages", { ticket: ticket.id, comment: "It is fixd now." });
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  const own = thread(page).getByRole("article").filter({ hasText: /It is fix/ });
  await own.hover();
  await own.getByRole("button", { name: "Actions of the message" }).click();
  await page.getByRole("menuitem", { name: "Edit message" }).click();
  const box = page.getByRole("textbox", { name: "Change the message" });
  await expect(box).toBeFocused();
  await expectAccessible(page, "editing a message");
  await box.fill("It is fixed now, in version 5.");
  await page.keyboard.press("Control+Enter");
  await expect(thread(page)).toContainText("It is fixed now, in version 5.");
  await expect(own.getByText("Edited")).toBeVisible();
  await expect(box).toHaveCount(0);

  // Leaving with Escape changes nothing.
  await own.hover();
  await own.getByRole("button", { name: "Actions of the message" }).click();
  await page.getByRole("menuitem", { name: "Edit message" }).click();
  await box.fill("Nonsense");
  await page.keyboard.press("Escape");
  await expect(thread(page)).toContainText("It is fixed now, in version 5.");

  const contacts = thread(page).getByRole("article").filter({ hasText: "2,300 orders" });
  await contacts.hover();
  await contacts.getByRole("button", { name: "Actions of the message" }).click();
  await expect(page.getByRole("menuitem", { name: "Quote in a reply" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Edit message" })).toHaveCount(0);
  await page.keyboard.press("Escape");

  await own.hover();
  await own.getByRole("button", { name: "Actions of the message" }).click();
  await page.getByRole("menuitem", { name: "Delete message" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete message" }).click();
  await expect(own).toHaveCount(0);
  await expect(thread(page)).toContainText("deleted a message");
  expect(await hark.rest(project, "GET", `/messages?ticket=${ticket.id}`)).toHaveLength(talks[0]!.said.length);
});

test("what a contact writes appears without reloading, and is unread until somebody looks", async ({ browser, hark, project }) => {
  const [first, second] = await populate(hark, project, talks.slice(0, 2));
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${first.id}`));
  await expect(thread(page)).toContainText("2,300 orders");
  await hark.rest(project, "POST", "/messages", { ticket: first.id, session: first.session.id, comment: "Any news?" });
  await expect(thread(page)).toContainText("Any news?");
  await hark.rest(project, "POST", "/messages", { ticket: second.id, session: second.session.id, comment: "Hello again" });
  await expect(row(page, "Hello again")).toContainText("Unread");
  // What was touched last comes first.
  await expect(page.getByRole("list", { name: "All open" }).getByRole("listitem").first()).toContainText("Hello again");
  await row(page, "Hello again").getByRole("link").click();
  await expect(row(page, "Hello again")).not.toContainText("Unread");
  await expect.poll(async () => (await hark.rest(project, "GET", `/tickets/${second.id}`)).notificationsUnread).toBe(false);
});

test("two agents see one another, what the other types, and what the other does", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 2));
  const { page: mine } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  const { page: theirs } = await desk(browser, hark, project.apiToken, inboxOf(project, `all/${ticket.id}`));
  await expect(mine.getByRole("list", { name: "Also here" })).toContainText("looks at this");
  await expect(theirs.getByRole("list", { name: "Also here" })).toContainText("Owner looks at this");
  await writing(mine).pressSequentially("I look into");
  await expect(theirs.getByText("Owner types")).toBeVisible();
  await writing(mine).press("Control+a");
  await writing(mine).press("Delete");

  // A note of one is read by the other; a change of one is seen by the other.
  await writing(theirs).click();
  await theirs.getByText("Note", { exact: true }).first().click();
  await writing(theirs).fill("This is the limit of the last release");
  await theirs.getByRole("button", { name: "Add note" }).click();
  await expect(thread(mine)).toContainText("This is the limit of the last release");
  await mine.getByRole("complementary", { name: "Details" }).getByRole("button", { name: "Priority" }).click();
  await mine.getByRole("option", { name: "Low" }).click();
  await expect(theirs.getByRole("complementary", { name: "Details" })).toContainText("Low");
  await expect(thread(theirs)).toContainText("Owner set the priority to Low");
});

test("offline and back: nothing is missing or doubled, and what was not sent is sent again", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 2));
  const { page, cut } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  await expect(thread(page)).toContainText("2,300 orders");
  await cut(true);
  await expect(page.getByText("You are offline")).toBeVisible();
  for (const comment of ["First while away", "Second while away"]) {
    await hark.rest(project, "POST", "/messages", { ticket: ticket.id, session: ticket.session.id, comment });
  }
  await writing(page).fill("Written while away");
  await writing(page).press("Control+Enter");
  await expect(thread(page)).toContainText("Not sent: The server cannot be reached.");
  await page.getByRole("button", { name: "Snooze" }).click();
  await page.getByRole("option", { name: "Tomorrow morning" }).click();
  await expect(page.getByText("Taken back: The server cannot be reached.")).toBeVisible();
  await cut(false);
  for (const text of ["First while away", "Second while away"]) {
    await expect(thread(page).getByRole("article").filter({ hasText: text })).toHaveCount(1, { timeout: 30_000 });
  }
  await expect.poll(async () => (await hark.rest(project, "GET", `/messages?ticket=${ticket.id}`)).filter((one: any) => one.text === "Written while away").length, { timeout: 20_000 }).toBe(1);
  await expect(thread(page).getByRole("article").filter({ hasText: "Written while away" })).toHaveCount(1);
});

test("an action that the server refuses is taken back and explained", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  const details = page.getByRole("complementary", { name: "Details" });
  await expect(details).toContainText("High");
  await page.route(/\/v3\/tickets\/[0-9a-f]+$/, async (route) => {
    if (route.request().method() !== "PUT") return route.fallback();
    await route.fulfill({ status: 403, contentType: "application/json", body: JSON.stringify({ message: "the permission tickets.write is missing" }) });
  });
  await page.keyboard.press("p");
  await page.getByRole("option", { name: "Low" }).click();
  await expect(page.getByText("Taken back: The permission tickets.write is missing.")).toBeVisible();
  await expect(details).toContainText("High");
});

test("keys alone: move, select many, assign, tag, close and undo", async ({ browser, hark, project }) => {
  const tickets = await populate(hark, project);
  const { page } = await desk(browser, hark, token, inboxOf(project));
  await expect(row(page, "data residency")).toBeVisible();
  const press = (...strokes: string[]) => strokes.reduce((before, stroke) => before.then(() => page.keyboard.press(stroke)), Promise.resolve());
  const read = (id: string) => hark.rest(project, "GET", `/tickets/${id}`);

  await press("j");
  await expect(page.getByRole("heading", { name: "App crashes when I rotate" })).toBeVisible();
  await press("j");
  await expect(page.getByRole("heading", { name: "data residency" })).toBeVisible();
  await press("x", "j", "x");
  await expect(page.getByText("2 selected")).toBeVisible();
  await press("i");
  await expect.poll(async () => (await read(tickets[6].id)).processingUser?.id).toBe(hark.owner.id);
  await expect.poll(async () => (await read(tickets[4].id)).processingUser?.id).toBe(hark.owner.id);
  await press("l");
  await page.getByPlaceholder("Type to narrow").fill("urgent");
  await press("Enter");
  await expect.poll(async () => (await read(tickets[6].id)).tags).toContain("urgent");
  await press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await press("d");
  await expect.poll(async () => (await read(tickets[4].id)).status).toBe("DONE");
  await expect(row(page, "data residency")).toHaveCount(0);
  await press("z");
  await expect(row(page, "data residency")).toBeVisible();
  await expect.poll(async () => (await read(tickets[6].id)).status).toBe("OPEN");

  // Going places, writing and coming back.
  await press("g", "u");
  await expect(page.getByRole("heading", { name: "Unassigned", exact: true })).toBeVisible();
  await expect(page.getByRole("list", { name: "Unassigned" }).getByRole("link", { name: "App crashes" })).toBeVisible();
  await press("j");
  await expect(page.getByRole("heading", { name: "App crashes when I rotate" })).toBeVisible();
  await press("n");
  await expect(writing(page)).toBeFocused();
  await page.keyboard.type("Only for us");
  await press("Control+Enter");
  await expect(thread(page)).toContainText("Only for us");
  await press("Escape");
  await expect(writing(page)).not.toBeFocused();
  await press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await press("Escape");
  await press("s");
  await page.keyboard.type("tomorrow");
  await press("Enter");
  await expect(page.getByText("Snoozed", { exact: true }).last()).toBeVisible();
});

test("all tickets of a list are changed, also those that were never seen; failures are named, and undo takes it back", async ({ browser, hark, project }) => {
  const contact = await hark.rest(project, "POST", "/sessions", { name: "Ada", userId: "ada" });
  const made: any[] = [];
  for (let at = 0; at < 70; at++) made.push(await hark.rest(project, "POST", "/tickets", { title: `Order ${at}`, type: "INQUIRY", session: contact.id }));
  await hark.rest(project, "POST", "/tickets", { title: "Of another kind", type: "BUG", session: contact.id });
  const low = async () => (await hark.rest(project, "GET", "/tickets?priority=LOW&limit=100")).totalCount;
  const refused = made[3];
  let refuses = true;
  const { page } = await desk(browser, hark, token, inboxOf(project, "type-INQUIRY"));
  await page.route(`**/v3/tickets/${refused.id}`, (route) =>
    refuses && route.request().method() === "PUT" ? route.fulfill({ status: 400, json: { message: "the lane is closed" } }) : route.continue(),
  );
  await expect(row(page, "Order 69")).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.getByRole("button", { name: "Select all 70" }).click();
  await expect(page.getByText("70 selected")).toBeVisible();
  await expectAccessible(page, "many selected");
  await page.keyboard.press("p");
  await page.getByRole("option", { name: "Low" }).click();
  await expect(page.getByText("Priority of 69 changed")).toBeVisible();
  expect(await low()).toBe(69);

  await page.getByText("1 could not be changed").click();
  await expect(page.getByText(`#${refused.bugId} ${refused.title} The lane is closed.`)).toBeVisible();
  await expectAccessible(page, "many changed");
  refuses = false;
  await page.getByRole("button", { name: "Try these again" }).click();
  await expect.poll(low).toBe(70);
  await page.getByRole("button", { name: "Close", exact: true }).last().click();

  // The key takes back all that was done at first.
  await page.keyboard.press("z");
  await expect(page.getByText("69 taken back")).toBeVisible();
  expect(await low()).toBe(1);
});

test("a change of many is stopped, and what it has done is taken back", async ({ browser, hark, project }) => {
  const contact = await hark.rest(project, "POST", "/sessions", { name: "Ada", userId: "ada" });
  for (let at = 0; at < 40; at++) await hark.rest(project, "POST", "/tickets", { title: `Order ${at}`, type: "INQUIRY", session: contact.id });
  const tagged = async () => (await hark.rest(project, "GET", "/tickets?tags=spring&limit=100")).totalCount;
  const { page } = await desk(browser, hark, token, inboxOf(project));
  // The first ten tickets are changed, however often one is tried; the others wait.
  const held: (() => void)[] = [];
  const first = new Set<string>();
  let holds = true;
  await page.route("**/v3/tickets/*", async (route) => {
    if (holds && route.request().postData()?.includes("spring")) {
      if (first.size < 10) first.add(route.request().url());
      if (!first.has(route.request().url())) await new Promise<void>((go) => held.push(go));
    }
    await route.continue();
  });
  await expect(row(page, "Order 39")).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.getByRole("button", { name: "Select all 40" }).click();
  await page.keyboard.press("l");
  await page.getByPlaceholder("Type to narrow").fill("spring");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(page.getByText("10 of 40")).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).click();
  holds = false;
  for (const go of held) go();
  await expect(page.getByText("Stopped after 15 of 40.")).toBeVisible();
  expect(await tagged()).toBe(15);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(tagged).toBe(0);
});

test("filters become a view with a count that stays true", async ({ browser, hark, project }) => {
  await populate(hark, project);
  const filter = JSON.stringify({ all: [{ path: "tags", op: "in", value: ["enterprise", "billing"] }] });
  const { page } = await desk(browser, hark, token, `${inboxOf(project)}?filter=${encodeURIComponent(filter)}`);
  await expect(row(page, "data residency")).toBeVisible();
  await expect(page.getByRole("list", { name: "All open" }).getByRole("listitem")).toHaveCount(2);
  await page.getByRole("button", { name: "Save as view" }).click();
  await page.getByLabel("Name").fill("Money and law");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Money and law", exact: true })).toBeVisible();
  await expect(count(page, "Money and law")).toHaveText("2");
  await hark.rest(project, "POST", "/tickets", { title: "One more bill", tags: ["billing"] });
  await expect(count(page, "Money and law")).toHaveText("3");
  await expect(row(page, "One more bill")).toBeVisible();
  await page.getByRole("link", { name: "Money and law" }).hover();
  await page.getByRole("button", { name: "Actions of the view Money and law" }).click();
  await page.getByRole("menuitem", { name: "Delete view" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete view" }).click();
  await expect(page.getByRole("link", { name: "Money and law" })).toHaveCount(0);
});

test("the palette finds what was written, with the words marked", async ({ browser, hark, project }) => {
  await populate(hark, project);
  const { page } = await desk(browser, hark, token, inboxOf(project));
  await expect(row(page, "data residency")).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("recovery codes");
  const hit = page.getByRole("option", { name: "Cannot sign in on the new phone" });
  await expect(hit.locator("mark").first()).toHaveText("recovery");
  await page.keyboard.press("Enter");
  await expect(thread(page)).toContainText("I never wrote them down");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("mina");
  await expect(page.getByRole("option", { name: "Mina Okafor mina@okafor.example" })).toBeVisible();
});

test("templates, mentions, drafts on the server, and messages that are sent later", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  await hark.rest(project, "POST", "/message-templates", { title: "Greeting", content: "Hello {{contact.firstName}}, thank you for writing.", isPublic: true, actions: [{ type: "tag", data: { tag: "greeted" } }] });
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  await writing(page).click();
  await page.keyboard.type("/greet");
  await page.getByRole("option", { name: "Greeting" }).click();
  await expect(writing(page)).toContainText("Hello Ada, thank you for writing.");
  await expect.poll(async () => (await hark.rest(project, "GET", `/tickets/${ticket.id}`)).tags).toContain("greeted");
  await expect(page.getByText("Draft kept")).toBeVisible();
  await page.reload();
  await expect(writing(page)).toContainText("Hello Ada, thank you for writing.");

  await page.getByRole("button", { name: "Other ways to send" }).click();
  await page.getByRole("menuitem", { name: "In three hours" }).click();
  await expect(thread(page)).toContainText("Is sent");
  await expect(writing(page)).toHaveText("");
  // What waits is listed, and is written on without a word being lost.
  const lists = page.getByRole("navigation", { name: "Lists" });
  await lists.getByRole("link", { name: "Scheduled 1" }).click();
  await expect(row(page, "The export stops")).toBeVisible();
  await page.goBack();
  await thread(page).getByRole("button", { name: "Edit" }).click();
  await expect(writing(page)).toContainText("Hello Ada, thank you for writing.");
  await expect(thread(page)).not.toContainText("Is sent");
  await expect(lists.getByRole("link", { name: "Scheduled" })).toHaveCount(0);

  // At a moment of one's own, then at another one, then now.
  const waiting = async () => (await hark.rest(project, "GET", `/scheduled-messages?ticket=${ticket.id}`)).map((one: any) => one.sendAt);
  await page.getByRole("button", { name: "Other ways to send" }).click();
  await page.getByRole("menuitem", { name: "Another moment" }).click();
  const inDays = (days: number) => `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T10:30`;
  const at = async (days: number) => [await page.evaluate((local) => new Date(local).toISOString(), inDays(days))];
  await page.getByLabel("Another moment").fill(inDays(5));
  await page.getByRole("button", { name: "Schedule" }).click();
  await expect.poll(waiting).toEqual(await at(5));
  await thread(page).getByRole("button", { name: "Other moment" }).click();
  await page.getByRole("menuitem", { name: "Another moment" }).click();
  await page.getByLabel("Another moment").fill(inDays(6));
  await page.getByRole("button", { name: "Schedule" }).click();
  await expect.poll(waiting).toEqual(await at(6));
  await page.reload();
  await thread(page).getByRole("button", { name: "Send now" }).click();
  await expect(thread(page)).toContainText("Sent in a moment");
  await expect(thread(page).getByRole("article").filter({ hasText: "Hello Ada" }).getByText("Delivered")).toBeVisible({ timeout: 20_000 });
  expect(await waiting()).toEqual([]);
});

test("a message that a colleague sends later says who does, and is the colleague's", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const sendAt = new Date(Date.now() + 86_400_000).toISOString();
  await hark.rest(project, "POST", "/scheduled-messages", { ticket: ticket.id, comment: "From somebody else", sendAt });
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  const waiting = thread(page).getByRole("article").filter({ hasText: "From somebody else" });
  await expect(waiting).toContainText("sends this");
  await expect(waiting.getByRole("button")).toHaveCount(0);
});

test("files go with a reply", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`));
  await expect(writing(page)).toBeVisible();
  await page.locator('input[type="file"]').setInputFiles({ name: "orders.csv", mimeType: "text/csv", buffer: Buffer.from("id,total\n1,20\n") });
  await expect(page.getByRole("button", { name: "Remove orders.csv" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeEnabled();
  await writing(page).press("Control+Enter");
  await expect(thread(page).getByRole("link", { name: "orders.csv" })).toBeVisible({ timeout: 20_000 });
});

test("conversations are merged and parted again, and linked", async ({ browser, hark, project }) => {
  const [first, second, third] = await populate(hark, project, talks.slice(0, 3));
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${first.id}`));
  await expect(thread(page)).toContainText("2,300 orders");
  await page.keyboard.press("Shift+l");
  await page.getByPlaceholder("Search by words").fill(`#${third.bugId}`);
  await page.getByRole("option", { name: "Cannot sign in" }).click();
  const details = page.getByRole("complementary", { name: "Details" });
  await expect(details.getByRole("link", { name: "Cannot sign in" })).toBeVisible();

  await row(page, "pay by invoice").getByRole("link").click();
  await expect(thread(page)).toContainText("Our accounting asks");
  await page.keyboard.press("m");
  await page.getByPlaceholder("Search by words").fill("export");
  await page.getByRole("option", { name: "The export stops" }).click();
  await expect(row(page, "pay by invoice")).toHaveCount(0);
  // The conversation goes on where it was merged into, and what is left says where that is.
  await expect(page.getByRole("heading", { name: "The export stops" })).toBeVisible();
  await expect(thread(page)).toContainText("Our accounting asks");
  await details.getByRole("link", { name: `#${second.bugId} Can we pay by invoice?` }).click();
  await expect(page.getByRole("heading", { name: "Can we pay by invoice?" })).toBeVisible();
  await page.getByText("Merged into").getByRole("link", { name: "The export stops" }).click();
  await expect(thread(page)).toContainText("Our accounting asks");
  await details.getByRole("button", { name: "Un-merge" }).click();
  await expect(row(page, "pay by invoice")).toBeVisible();
  await expect(thread(page)).not.toContainText("Our accounting asks");
  expect((await hark.rest(project, "GET", `/tickets/${second.id}`)).archived).toBe(false);

  // Also from what is left.
  await hark.rest(project, "PUT", "/tickets/merge", { ticketsToMergeIds: [second.id], targetTicketId: first.id });
  await page.goto(`http://${hark.host}${inboxOf(project, `all/${second.id}`)}`);
  await expect(thread(page)).not.toContainText("Our accounting asks");
  await page.getByRole("button", { name: "Un-merge" }).click();
  await expect(thread(page)).toContainText("Our accounting asks");
  await expect(page.getByText("Merged into")).toHaveCount(0);
});

test("the box of a ticket shows whether it is selected, however it was clicked", async ({ browser, hark, project }) => {
  await populate(hark, project, talks.slice(0, 4));
  const { page } = await desk(browser, hark, token, inboxOf(project));
  const box = (title: string) => row(page, title).getByRole("checkbox");
  await box("The export stops").click();
  await expect(page.getByText("1 selected")).toBeVisible();
  await expect(box("The export stops")).toBeChecked();
  await box("Dark mode").click({ modifiers: ["Shift"] });
  await expect(page.getByText("4 selected")).toBeVisible();
  for (const { title } of talks.slice(0, 4)) await expect(box(title)).toBeChecked();
  // Once more with Shift: what is selected stays so.
  await box("pay by invoice").click({ modifiers: ["Shift"] });
  await expect(box("pay by invoice")).toBeChecked();
  await box("pay by invoice").click();
  await expect(page.getByText("3 selected")).toBeVisible();
  await expect(box("pay by invoice")).not.toBeChecked();
});

test("the board: a ticket is dragged to another lane, moved by keys, and put back", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project);
  const { page } = await desk(browser, hark, token, `/p/${project.project.id}/board/BUG`);
  const lane = (name: string) => page.getByRole("region", { name: new RegExp(`^${name},`) });
  const status = async () => (await hark.rest(project, "GET", `/tickets/${ticket.id}`)).status;
  await expect(lane("Open")).toContainText("The export stops");
  await lane("Open").getByRole("listitem").filter({ hasText: "The export stops" }).dragTo(lane("In progress").getByRole("listitem").first());
  await expect(lane("In progress")).toContainText("The export stops");
  await expect.poll(status).toBe("INPROGRESS");
  await lane("In progress").getByRole("link", { name: "The export stops" }).focus();
  await page.keyboard.press("Shift+ArrowRight");
  await expect(lane("Done")).toContainText("The export stops");
  await expect.poll(status).toBe("DONE");
  await page.getByRole("group", { name: "Moved to Done" }).getByRole("button", { name: "Undo" }).click();
  await expect(lane("In progress")).toContainText("The export stops");
  // What others do shows without reloading.
  await hark.rest(project, "PUT", `/tickets/${ticket.id}`, { status: "OPEN" });
  await expect(lane("Open")).toContainText("The export stops");
});

test("the inbox over all projects opens and answers conversations of each", async ({ browser, hark, project }) => {
  // More projects than are followed at once; those that come last are not among them.
  for (let count = 0; count < 20; count += 1) await hark.project();
  const other = await hark.project();
  const [here] = await populate(hark, project, talks.slice(0, 1));
  const [there] = await populate(hark, other, talks.slice(1, 2));
  const { page } = await desk(browser, hark, token, "/inbox");
  await row(page, "The export stops").first().getByRole("link").click();
  await expect(thread(page)).toContainText("2,300 orders");
  expect(page.url()).toContain(here.id);
  await row(page, "pay by invoice").first().getByRole("link").click();
  await expect(thread(page)).toContainText("Our accounting asks");
  await hark.rest(other, "POST", "/messages", { ticket: there.id, session: there.session.id, comment: "Still waiting" });
  await expect(thread(page)).toContainText("Still waiting");
  await page.keyboard.press("d");
  await expect.poll(async () => (await hark.rest(other, "GET", `/tickets/${there.id}`)).status).toBe("DONE");
});

test("a list of 100,000 tickets draws only what is seen, and reads only what is scrolled to", async ({ browser, hark, project }) => {
  const total = 100_000;
  const asked: number[] = [];
  const { page } = await desk(browser, hark, token, "/sign-in");
  await page.route(/\/v3\/tickets\?/, async (route) => {
    const query = new URL(route.request().url()).searchParams;
    const skip = Number(query.get("skip") ?? 0);
    asked.push(skip);
    const tickets = Array.from({ length: Math.min(50, total - skip) }, (_, at) => ({
      id: (skip + at).toString(16).padStart(24, "0"),
      project: project.project.id,
      title: `Ticket ${skip + at}`,
      bugId: skip + at,
      type: "INQUIRY",
      status: "OPEN",
      priority: "LOW",
      updatedAt: "2026-01-01T00:00:00.000Z",
      createdAt: "2026-01-01T00:00:00.000Z",
      linkedTickets: [],
      formData: {},
    }));
    await route.fulfill({ json: { tickets, count: tickets.length, totalCount: total } });
  });
  await page.goto(`http://${hark.host}${inboxOf(project)}`);
  await expect(row(page, "Ticket 0").first()).toBeVisible();
  const list = page.getByRole("list", { name: "All open" });
  const scroll = (part: number) => list.evaluate((box, to) => (box.scrollTop = to * box.scrollHeight), part);
  // A fast way down: what is only passed by is not read.
  for (let part = 0.05; part < 0.8; part += 0.05) await scroll(part);
  await scroll(1);
  await expect(row(page, `Ticket ${total - 1}`)).toBeVisible();
  expect(await list.getByRole("listitem").count()).toBeLessThan(60);
  expect(new Set(asked).size).toBeLessThan(100);
  await scroll(0);
  await expect(row(page, "Ticket 0").first()).toBeVisible();
});

for (const look of ["light", "dark"] as const) {
  test(`axe finds nothing in the inbox and on the board, ${look}`, async ({ browser, hark, project }) => {
      const tickets = await populate(hark, project);
    await hark.rest(project, "POST", "/messages", { ticket: tickets[0].id, comment: "Only for us", isNote: true });
    await hark.rest(project, "PUT", `/tickets/${tickets[0].id}`, { processingUser: hark.owner.id });
    const { page } = await desk(browser, hark, token, inboxOf(project), { colorScheme: look });
    await expect(row(page, "data residency")).toBeVisible();
    await expectAccessible(page, "the list");
    await row(page, "The export stops").getByRole("link").click();
    await expect(thread(page)).toContainText("Only for us");
    await expect(writing(page)).toBeVisible();
    await expectAccessible(page, "a conversation");
    await page.keyboard.press("x");
    await expectAccessible(page, "with a selection");
    await page.keyboard.press("Escape");
    for (const [keys, name] of [["a", "assign"], ["s", "snooze"], ["l", "tags"], ["m", "merge"], ["c", "new"], ["?", "help"], ["#", "delete"]] as const) {
      await page.keyboard.press(keys);
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectAccessible(page, name);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
    }
    await page.keyboard.press("Control+k");
    await page.keyboard.type("export");
    await expect(page.getByRole("option", { name: "The export stops" })).toBeVisible();
    await expectAccessible(page, "the palette");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "More actions" }).click();
    await expectAccessible(page, "a menu");
    await page.keyboard.press("Escape");
    await page.goto(`http://${hark.host}/p/${project.project.id}/board/BUG`);
    await expect(page.getByText("Webhook is sent twice")).toBeVisible();
    await expectAccessible(page, "the board");
    await page.goto(`http://${hark.host}/inbox`);
    await expect(row(page, "data residency").first()).toBeVisible();
    await expectAccessible(page, "all projects");
  });
}

test("on a phone the list and the conversation take turns, also in German", async ({ browser, hark, project }) => {
  await populate(hark, project);
  const { page } = await desk(browser, hark, token, inboxOf(project), { viewport: { width: 390, height: 844 }, locale: "de-DE", hasTouch: true });
  await row(page, "data residency").getByRole("link").tap();
  await expect(page.getByRole("log", { name: "Nachrichten" })).toContainText("Where is our data kept");
  await expect(row(page, "data residency")).toHaveCount(0);
  await expectAccessible(page, "a conversation on a phone");
  await page.getByRole("button", { name: "Zurück zur Liste" }).tap();
  await expect(row(page, "data residency")).toBeVisible();
  await page.getByRole("button", { name: "Listen" }).tap();
  await page.getByRole("link", { name: "Erledigt" }).tap();
  await expect(row(page, "How do I invite")).toBeVisible();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await expectAccessible(page, "a list on a phone");
});
