// Contacts in agents' hands: the list and its filters, segments, profiles, merging, imports, deletion, and many of them.
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import type { Hark, Project } from "../support/hark.ts";
import { expect, test } from "../support/test.ts";

let token: string;
test.beforeAll(async ({ hark }) => {
  token = await hark.signIn();
});

test.afterEach(async ({ browser }) => {
  for (const context of browser.contexts()) await context.close();
});

async function open(browser: Browser, hark: Hark, project: Project, rest = "", options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB", permissions: ["clipboard-read", "clipboard-write"], ...options });
  await context.addInitScript((value) => localStorage.setItem("hark.token", value), token);
  const page = await context.newPage();
  await page.goto(`http://${hark.host}/p/${project.project.id}/contacts${rest}`);
  return page;
}

const people = [
  { userId: "u1", name: "Ada Keller", email: "ada@lumen.example", companyName: "Lumen", plan: "team", value: 2400, tags: ["vip"], customData: { tier: "gold", seats: 12 } },
  { userId: "u2", name: "Noah Brandt", email: "noah@brandt.example", companyName: "Brandt", plan: "free", value: 0, customData: { tier: "bronze", seats: 1 } },
  { userId: "u3", name: "Mina Okafor", email: "mina@okafor.example", companyName: "Okafor", plan: "team", value: 890, tags: ["beta"], customData: { tier: "silver", seats: 4 } },
  { userId: "u4", name: "Lucas Moreau", email: "lucas@moreau.example", companyName: "Moreau", plan: "business", value: 12000, customData: { tier: "gold", seats: 80 } },
];

/** The people above, and a guest who wrote. */
async function populate(hark: Hark, project: Project): Promise<{ ids: string[]; guest: string }> {
  const ids: string[] = [];
  for (const one of people) ids.push((await hark.rest(project, "POST", "/sessions", one)).id);
  const guest = await hark.rest(project, "POST", "/sessions", { email: "ada.private@mail.example" });
  await hark.rest(project, "POST", "/tickets", { title: "Where is my invoice?", type: "INQUIRY", session: guest.id });
  return { ids, guest: guest.id };
}

const rows = (page: Page) => page.getByRole("row").filter({ has: page.getByRole("link") });
const row = (page: Page, name: string) => rows(page).filter({ hasText: name });

test("the list is searched, filtered, ordered and shows chosen columns", async ({ browser, hark, project }) => {
  await populate(hark, project);
  const page = await open(browser, hark, project);
  await expect(rows(page)).toHaveCount(5);
  await expectAccessible(page, "list");

  await page.keyboard.press("/");
  await page.keyboard.type("okaf");
  await expect(rows(page)).toHaveCount(1);
  await expect(row(page, "Mina Okafor")).toBeVisible();
  await page.getByRole("searchbox", { name: "Search contacts" }).fill("");
  await expect(rows(page)).toHaveCount(5);

  // A filter of chips: plan is team, and more than 1,000 in value; then one of them is enough.
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.keyboard.type("plan");
  await page.keyboard.press("Enter");
  const form = page.getByRole("dialog", { name: "Change the filter" });
  await form.getByRole("option", { name: "team" }).click();
  await form.getByRole("button", { name: "Done" }).click();
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.keyboard.type("value");
  await page.keyboard.press("Enter");
  await form.getByRole("combobox", { name: "Comparison" }).selectOption({ label: "is more than" });
  await form.getByRole("spinbutton", { name: "Value" }).fill("1000");
  await expectAccessible(page, "filter");
  await form.getByRole("button", { name: "Done" }).click();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("button", { name: /All filters must match/ }).click();
  await expect(rows(page)).toHaveCount(3);
  await page.reload();
  await expect(rows(page)).toHaveCount(3);
  await expect(page.getByRole("button", { name: "Plan is team" })).toBeVisible();
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(rows(page)).toHaveCount(5);

  // Order and columns.
  await page.getByRole("columnheader", { name: "Value" }).getByRole("button").click();
  await page.getByRole("columnheader", { name: "Value" }).getByRole("button").click();
  await expect(page.getByRole("columnheader", { name: "Value" })).toHaveAttribute("aria-sort", "descending");
  await expect(rows(page).first()).toContainText("Lucas Moreau");
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("menuitemcheckbox", { name: "seats" }).click();
  await expect(page.getByRole("columnheader", { name: "seats" })).toBeVisible();
  await expect(rows(page).first()).toContainText("80");
  await page.reload();
  await expect(page.getByRole("columnheader", { name: "seats" })).toBeVisible();

  await expect(rows(page)).toHaveCount(5);

  // Keys alone: down, select, down, open, and back to where the list was.
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(page.getByRole("region", { name: "1 selected" })).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Ada Keller" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("region", { name: "1 selected" })).toBeVisible();

  // Many at once, and back.
  await page.getByRole("button", { name: "Add a tag" }).click();
  await page.keyboard.type("partner");
  await page.keyboard.press("Enter");
  await expect(page.getByText("1 contact changed")).toBeVisible();
  await expect(row(page, "Lucas Moreau")).toContainText("partner");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row(page, "Lucas Moreau")).not.toContainText("partner");

  // What is exported is what is seen.
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Export these contacts as CSV" }).click();
  const text = await readFile(await (await saved).path(), "utf8");
  expect(text.split("\n")[0]).toContain("customData.seats");
  expect(text).toContain("Lucas Moreau");
});

test("a press anywhere in a row opens the contact, and one on its box does not", async ({ browser, hark, project }) => {
  await hark.rest(project, "POST", "/sessions", { name: "Ada Keller", userId: "ada", plan: "Team" });
  const page = await open(browser, hark, project);
  await page.getByRole("checkbox", { name: "Select Ada Keller" }).click();
  await expect(page.getByText("1 selected")).toBeVisible();
  // Right beside the box is the box as well.
  const beside = page.getByRole("gridcell").filter({ has: page.getByRole("checkbox") });
  await beside.click({ position: { x: 3, y: 3 } });
  await expect(page.getByRole("checkbox", { name: "Select Ada Keller" })).not.toBeChecked();
  await beside.click({ position: { x: 3, y: 3 } });
  await expect(page.getByRole("checkbox", { name: "Select Ada Keller" })).toBeChecked();
  const cell = page.getByRole("gridcell", { name: "Team", exact: true });
  const opened = page.context().waitForEvent("page");
  await cell.click({ modifiers: ["ControlOrMeta"] });
  const tab = await opened;
  await expect(tab).toHaveURL(/\/contacts\/[0-9a-f]{24}$/);
  await tab.close();
  await expect(page.getByText("1 selected")).toBeVisible();
  await cell.click();
  await expect(page.getByRole("heading", { name: "Ada Keller" })).toBeVisible();
});

test("a new contact appears without reloading, and a change elsewhere shows", async ({ browser, hark, project }) => {
  const { ids } = await populate(hark, project);
  const page = await open(browser, hark, project);
  await expect(rows(page)).toHaveCount(5);
  await hark.rest(project, "POST", "/sessions", { userId: "u9", name: "Elif Aydin" });
  await expect(row(page, "Elif Aydin")).toBeVisible();
  await hark.rest(project, "PUT", `/sessions/${ids[0]}`, { companyName: "Lumen Labs" });
  await expect(row(page, "Ada Keller")).toContainText("Lumen Labs");

  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog", { name: "New contact" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Tom Fischer");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByRole("alert")).toHaveText("Give a user id or an email.");
  await expectAccessible(page, "new contact");
  await dialog.getByRole("textbox", { name: "Email" }).fill("tom@fischer.example");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Tom Fischer" })).toBeVisible();
});

test("all contacts of a list are changed, also those that were never seen, and changed back", async ({ browser, hark, project }) => {
  for (let at = 0; at < 115; at++) await hark.rest(project, "POST", "/sessions", { name: `Person ${at}`, userId: `p${at}`, plan: at < 110 ? "team" : "free" });
  const page = await open(browser, hark, project, `?filter=${encodeURIComponent(JSON.stringify({ path: "plan", op: "is", value: "team" }))}`);
  await page.getByRole("checkbox").first().check();
  await page.getByRole("button", { name: "Select all 110" }).click();
  await expect(page.getByText("110 selected")).toBeVisible();
  await page.getByRole("button", { name: "Block", exact: true }).click();
  await expect(page.getByText("110 contacts changed")).toBeVisible();
  const blocked = async () => (await hark.rest(project, "GET", "/sessions?blocked=true&limit=200")).length;
  expect(await blocked()).toBe(110);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(blocked).toBe(0);
});

test("segments keep filters under a name", async ({ browser, hark, project }) => {
  await populate(hark, project);
  const filter = encodeURIComponent(JSON.stringify({ all: [{ path: "customData.tier", op: "in", value: ["gold"] }] }));
  const page = await open(browser, hark, project, `?filter=${filter}`);
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole("button", { name: "Save as segment" }).click();
  const dialog = page.getByRole("dialog", { name: "New segment" });
  await dialog.getByRole("textbox", { name: "Name of the segment" }).fill("Gold");
  await expectAccessible(page, "new segment");
  await dialog.getByRole("button", { name: "Save" }).click();
  const lists = page.getByRole("navigation", { name: "Lists" });
  await expect(lists.getByRole("button", { name: /^Gold/ })).toContainText("2");
  await expect(page.getByRole("heading", { level: 1, name: "Gold" })).toBeVisible();
  await lists.getByRole("button", { name: /^All contacts/ }).click();
  await expect(rows(page)).toHaveCount(5);
  await page.reload();
  await lists.getByRole("button", { name: /^Gold/ }).click();
  await expect(rows(page)).toHaveCount(2);
  await lists.getByRole("button", { name: "More about the segment Gold" }).click();
  await page.getByRole("menuitem", { name: "Delete the segment" }).click();
  await expect(lists.getByRole("button", { name: /^Gold/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(lists.getByRole("button", { name: /^Gold/ })).toBeVisible();
});

test("a profile is changed where it stands, and what fails goes back with a reason", async ({ browser, hark, project }) => {
  const { ids } = await populate(hark, project);
  const page = await open(browser, hark, project, `/${ids[0]}`);
  const properties = page.getByRole("complementary", { name: "Properties" });
  await expect(properties).toContainText("ada@lumen.example");
  await expectAccessible(page, "profile");

  await properties.getByRole("button", { name: /^Change: Plan/ }).click();
  await page.keyboard.type("business");
  await page.keyboard.press("Enter");
  await expect(properties).toContainText("business");
  await expect.poll(async () => (await hark.rest(project, "GET", `/sessions/${ids[0]}`)).plan).toBe("business");

  await properties.getByRole("button", { name: /^Change: Name/ }).click();
  await page.keyboard.type("Nobody");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ada Keller");

  // The server says no: the old value is back, with the server's sentence.
  await page.route("**/v3/sessions/*", (route) =>
    route.request().method() === "PUT" ? route.fulfill({ status: 400, contentType: "application/json", body: '{"message":"`name` is not allowed today"}' }) : route.fallback(),
  );
  await properties.getByRole("button", { name: /^Change: Name/ }).click();
  await page.keyboard.type("Eve");
  await page.keyboard.press("Enter");
  await expect(page.getByText("the old value is back: Name is not allowed today.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ada Keller");
  await page.unroute("**/v3/sessions/*");

  // Custom properties keep their kinds.
  await properties.getByRole("button", { name: "Add a property" }).click();
  await properties.getByRole("textbox", { name: "Name of the property" }).fill("floors");
  await properties.getByRole("textbox", { name: "Value", exact: true }).fill("3");
  await page.keyboard.press("Enter");
  await expect(properties.getByRole("button", { name: /^Change: floors/ })).toBeVisible();
  await properties.getByRole("button", { name: /^Change: seats/ }).click();
  await page.keyboard.type("14");
  await page.keyboard.press("Enter");
  await properties.getByRole("button", { name: "Remove the property tier" }).click();
  await expect.poll(async () => (await hark.rest(project, "GET", `/sessions/${ids[0]}`)).customData).toEqual({ seats: 14, floors: 3 });

  await properties.getByRole("button", { name: "Remove the tag vip" }).click();
  await properties.getByRole("button", { name: "Add a tag" }).click();
  await page.keyboard.type("partner");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await hark.rest(project, "GET", `/sessions/${ids[0]}`)).tags).toEqual(["partner"]);

  // Block, and back.
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: /^Block/ }).click();
  await expect(page.getByRole("banner").or(page.locator("header")).getByText("Blocked").first()).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await hark.rest(project, "GET", `/sessions/${ids[0]}`)).blocked).toBe(false);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: /^Unsubscribe/ }).click();
  await expect(page.getByText("gets no outbound messages any more")).toBeVisible();
  await expect.poll(async () => (await hark.rest(project, "GET", `/sessions/${ids[0]}`)).unsubscribed).toBe(true);
});

test("notes, memory and the timeline of a contact", async ({ browser, hark, project }) => {
  const { ids } = await populate(hark, project);
  await fetch(`http://${hark.host}/admin/track`, {
    method: "POST",
    headers: { "Api-Token": project.secretApiToken, "Content-Type": "application/json" },
    body: JSON.stringify({ events: [{ userId: "u1", name: "invoice-paid", data: { amount: 240 } }] }),
  });
  const page = await open(browser, hark, project, `/${ids[0]}`);
  await expect(page.getByRole("tabpanel")).toContainText("invoice-paid");
  await expect(page.getByRole("tabpanel")).toContainText("amount: 240");

  await page.getByRole("tab", { name: "Notes" }).click();
  await page.getByRole("button", { name: "Add a note" }).click();
  await page.getByRole("textbox", { name: "What it is about" }).fill("Renewal");
  await page.getByRole("textbox", { name: "Note", exact: true }).fill("Wants two more seats in March.");
  await page.getByRole("combobox", { name: "Kind" }).selectOption({ label: "Phone call" });
  await page.getByRole("button", { name: "Save" }).click();
  const panel = page.getByRole("tabpanel");
  await expect(panel).toContainText("Wants two more seats in March.");
  await expectAccessible(page, "notes");
  await panel.getByRole("button", { name: "Delete the note Renewal" }).click();
  await expect(panel).toContainText("No notes");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(panel).toContainText("Wants two more seats in March.");

  await page.getByRole("tab", { name: "Memory" }).click();
  await page.getByRole("button", { name: "Add an entry" }).click();
  const dialog = page.getByRole("dialog", { name: "Add an entry" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("language");
  await dialog.getByRole("textbox", { name: "What to remember" }).fill("Prefers German, informal.");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(panel).toContainText("Prefers German, informal.");
  await expectAccessible(page, "memory");
  await panel.getByRole("button", { name: "Forget language" }).click();
  await expect(panel).toContainText("Nothing is remembered");
});

test("a guest is merged into a contact, and comes back", async ({ browser, hark, project }) => {
  const { ids } = await populate(hark, project);
  const page = await open(browser, hark, project, `/${ids[0]}`);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Merge…" }).click();
  const dialog = page.getByRole("dialog", { name: "Merge contacts" });
  await dialog.getByRole("searchbox", { name: "Find a guest" }).fill("private");
  await dialog.getByRole("button", { name: /ada\.private/ }).click();
  await expectAccessible(page, "merge");
  await dialog.getByRole("button", { name: "Merge", exact: true }).click();
  await expect(page.getByText("ada.private@mail.example is now part of Ada Keller")).toBeVisible();
  await page.getByRole("tab", { name: "Tickets" }).click();
  await expect(page.getByRole("tabpanel")).toContainText("Where is my invoice?");
  await expectAccessible(page, "tickets");

  await page.getByRole("tab", { name: "Identity" }).click();
  await expectAccessible(page, "identity");
  await page.getByRole("button", { name: "Undo the merge" }).click();
  await expect(page.getByText("is there again")).toBeVisible();
  await expect(page.getByRole("tabpanel")).toContainText("undone");
  await page.getByRole("tab", { name: "Tickets" }).click();
  await expect(page.getByRole("tabpanel")).toContainText("No tickets");
});

test("a deletion is asked for in words, and leaves a receipt", async ({ browser, hark, project }) => {
  const { guest } = await populate(hark, project);
  const page = await open(browser, hark, project);
  await row(page, "ada.private@mail.example").getByRole("link").click();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  const ask = page.getByRole("dialog", { name: "Delete ada.private@mail.example?" });
  await expect(ask.getByRole("button", { name: "Delete for good" })).toBeDisabled();
  await expectAccessible(page, "deletion");
  await ask.getByRole("textbox", { name: "To go on, type delete" }).fill("delete");
  await ask.getByRole("button", { name: "Delete for good" }).click();
  const receipt = page.getByRole("dialog", { name: "Receipt of the deletion" });
  await expect(receipt).toContainText(guest);
  await expect(receipt).toContainText("Tickets 1");
  await expectAccessible(page, "receipt");
  await receipt.getByRole("button", { name: "Close" }).last().click();
  await expect(rows(page)).toHaveCount(4);
});

test("a file is imported with other names for its columns, and its bad rows are told", async ({ browser, hark, project }) => {
  const page = await open(browser, hark, project);
  await expect(page.getByText("No contacts yet")).toBeVisible();
  await expectAccessible(page, "no contacts");
  await page.getByRole("link", { name: "Import" }).click();
  const csv = "Customer number,Mail address,Called,Team size\nc1,ann@x.example,Ann,3\nc2,bob@x.example,Bob,5\n,,Nobody,1\n";
  await page.locator('input[type="file"]').setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await expect(page.getByText("No column is the user id or the email")).toBeVisible();
  await page.getByRole("combobox", { name: "Customer number: Becomes" }).selectOption({ label: "User id" });
  await page.getByRole("combobox", { name: "Mail address: Becomes" }).selectOption({ label: "Email" });
  await page.getByRole("combobox", { name: "Called: Becomes" }).selectOption({ label: "Name" });
  await expectAccessible(page, "columns of a file");
  await page.getByRole("button", { name: "Start the import" }).click();
  const imports = page.getByRole("region", { name: "Imports so far" });
  await expect(imports).toContainText("Finished", { timeout: 30_000 });
  await expect(imports).toContainText("2 new contacts");
  // Also without the words for what is wrong, whose script cannot be loaded.
  await page.route(/\/assets\/refusals-/, (route) => route.abort());
  const bad = imports.getByRole("button", { name: "1 row brought no contact" });
  await bad.click();
  await expect(imports.getByRole("table")).toContainText("`");
  await bad.click();
  await expect(imports.getByRole("table")).toHaveCount(0);
  await page.unroute(/\/assets\/refusals-/);
  await bad.click();
  await expect(imports.getByRole("table")).toContainText("4");
  // Why is said with the names that people know.
  await expect(imports.getByRole("table")).not.toContainText("`");
  await expectAccessible(page, "import with errors");
  await page.getByRole("button", { name: "Back to the list" }).click();
  await expect(rows(page)).toHaveCount(2);
  const { customData } = await hark.rest(project, "GET", "/sessions/by-user-id/c1");
  expect(customData).toEqual({ "Team size": "3" });
});

test("other products are asked for what they need, and say what is wrong", async ({ browser, hark, project }) => {
  const page = await open(browser, hark, project, "/import");
  await page.getByRole("radio", { name: /From Zendesk/ }).check({ force: true });
  await page.getByRole("textbox", { name: "Subdomain" }).fill("not a subdomain!");
  await page.getByRole("textbox", { name: "Email of the agent" }).fill("agent@acme.example");
  await page.getByRole("textbox", { name: "API token" }).fill("secret");
  await page.getByRole("button", { name: "Start the import" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page, "import from a product");
});

test("thousands of contacts scroll to their end, on a phone, in the dark and in German, too", async ({ browser, hark, project }) => {
  test.slow();
  const lines = Array.from({ length: 3000 }, (_, at) => JSON.stringify({ userId: `n${at}`, name: `Person ${String(at).padStart(4, "0")}` }));
  await fetch(`http://${hark.host}/v3/sessions/importer`, {
    method: "POST",
    headers: { Authorization: `Bearer ${project.apiToken}`, Project: project.project.id, "Content-Type": "application/x-ndjson" },
    body: lines.join("\n"),
  });
  await expect.poll(async () => (await hark.rest(project, "GET", "/imports"))[0].status, { timeout: 50_000 }).toBe("finished");
  const page = await open(browser, hark, project, "?sort=name", { viewport: { width: 390, height: 780 }, hasTouch: true, colorScheme: "dark", locale: "de-DE" });
  await expect(row(page, "Person 0000")).toBeVisible();
  await expectAccessible(page, "list, dark, on a phone, in German");
  await page.getByRole("rowgroup").evaluate((box) => (box.scrollTop = box.scrollHeight));
  await expect(row(page, "Person 2999")).toBeVisible();
  expect(await rows(page).count()).toBeLessThan(60);
  await page.getByRole("button", { name: "Listen" }).click();
  await expect(page.getByRole("navigation", { name: "Listen" })).toBeVisible();
  await expectAccessible(page, "lists on a phone");
  await page.getByRole("button", { name: /^Alle Kontakte/ }).click();
  await row(page, "Person 0000").getByRole("link").or(rows(page).first().getByRole("link")).first().click();
  await page.getByRole("tab", { name: "Eigenschaften" }).click();
  await expect(page.getByRole("tabpanel", { name: "Eigenschaften" })).toBeVisible();
  await expectAccessible(page, "profile, dark, on a phone, in German");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
