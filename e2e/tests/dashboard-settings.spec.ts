// The settings in an administrator's hands: each page saves, says what is wrong where it is wrong, and passes axe.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
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

type Look = NonNullable<Parameters<Browser["newContext"]>[0]>;

/** A page of the settings, as the owner sees it. */
async function settings(browser: Browser, hark: Hark, project: Project, page: string, look: Look = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, locale: "en-GB", ...look });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: `http://${hark.host}` });
  await context.addInitScript((value) => {
    if (window === window.top) localStorage.setItem("hark.token", value);
  }, token);
  const tab = await context.newPage();
  await tab.goto(`http://${hark.host}/p/${project.project.id}/settings/${page}`);
  return tab;
}

/** A call in the owner's name, where a service account may not. */
async function owner(hark: Hark, project: Project, method: string, path: string, body?: unknown): Promise<any> {
  const response = await fetch(`http://${hark.host}/v3${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, Project: project.project.id, "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

const saved = (page: Page) => expect(page.getByText("Saved", { exact: true }).first()).toBeVisible();
const pages = ["project", "widget", "flows", "tickets", "members", "teams", "roles", "sla", "templates", "workflows", "tokens", "identity", "webhooks", "limits", "organisation", "audit"];

test("every page can be used by everybody: light, dark, German, and on a phone", async ({ browser, hark, project }) => {
  test.setTimeout(180_000);
  const looks: [string, Look][] = [
    ["light", {}],
    ["dark", { colorScheme: "dark", locale: "de-AT" }],
    ["phone", { viewport: { width: 390, height: 844 } }],
  ];
  for (const [name, look] of looks) {
    const page = await settings(browser, hark, project, "project", look);
    for (const one of pages) {
      await page.goto(`http://${hark.host}/p/${project.project.id}/settings/${one}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      await expectAccessible(page, `${one}, ${name}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect(wide, `${one} is wider than the screen of ${name}`).toBe(false);
    }
    await page.context().close();
  }
});

test("the project is renamed, and unsaved changes are not lost by a click", async ({ browser, hark, project }) => {
  const page = await settings(browser, hark, project, "project");
  await page.getByLabel("Name", { exact: true }).fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("Name is missing or empty");
  await page.getByLabel("Name", { exact: true }).fill("Lumen");
  let asked = "";
  page.once("dialog", (dialog) => {
    asked = dialog.message();
    void dialog.dismiss();
  });
  await page.getByRole("link", { name: "Members" }).click();
  expect(asked).toContain("unsaved changes");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Lumen");
  await page.getByRole("button", { name: "Save" }).click();
  await saved(page);
  expect((await hark.rest(project, "GET", "/projects/current")).name).toBe("Lumen");
  await page.getByRole("button", { name: "Replace" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Replace" }).click();
  const dialog = page.getByRole("dialog", { name: "The new secret token" });
  const secret = (await dialog.locator("code").textContent()) ?? "";
  const good = await fetch(`http://${hark.host}/admin/auth`, { headers: { "Api-Token": secret } });
  expect(good.status).toBe(200);
});

test("the messenger's looks show in the real messenger at once, and reach SDKs when saved", async ({ browser, hark, project }) => {
  const page = await settings(browser, hark, project, "widget");
  const frame = page.frameLocator("iframe");
  await expect(frame.getByText("Send us a message")).toBeVisible();
  await page.getByRole("tab", { name: "Content" }).click();
  await page.getByLabel("Greeting").fill("Welcome to Lumen");
  await expect(frame.getByText("Welcome to Lumen")).toBeVisible();
  await page.getByRole("tab", { name: "Looks" }).click();
  await page.getByRole("textbox", { name: "Main colour", exact: true }).fill("#AA3366");
  await page.getByRole("button", { name: "Save" }).click();
  await saved(page);
  const config = await (await fetch(`http://${hark.host}/config/${project.sdkKey}`)).json();
  expect(config.flowConfig).toMatchObject({ color: "#AA3366", welcomeText: "Welcome to Lumen" });
  await page.getByRole("textbox", { name: "Main colour", exact: true }).fill("red");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("Colour has to be a colour");
});

test("texts are written in the languages of visitors, and other words of a language stay", async ({ browser, hark, project }) => {
  await hark.rest(project, "PUT", "/projects/config", { translations: { ar: { home: "البداية" } } });
  const page = await settings(browser, hark, project, "widget");
  await page.getByRole("tab", { name: "Content" }).click();
  await page.getByLabel("Greeting").fill("Welcome to Lumen");
  const choose = page.getByLabel("In other languages");
  await choose.selectOption({ label: "Arabic" });
  await choose.selectOption({ label: "German" });
  const arabic = page.getByRole("group", { name: "Arabic" });
  await arabic.getByLabel("Greeting").fill("أهلاً بك");
  await page.getByRole("group", { name: "German" }).getByLabel("Greeting").fill("Willkommen bei Lumen");
  await expect(page.frameLocator("iframe").getByText("Welcome to Lumen")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await saved(page);
  const given = async (lang: string) => (await (await fetch(`http://${hark.host}/config/${project.sdkKey}?lang=${lang}`)).json()).flowConfig;
  expect((await given("ar")).staticTranslations).toMatchObject({ home: "البداية", welcomeText: "أهلاً بك" });
  expect((await given("de")).staticTranslations).toMatchObject({ welcomeText: "Willkommen bei Lumen" });
  const english = await given("en");
  expect(english.welcomeText).toBe("Welcome to Lumen");
  expect(english.staticTranslations).not.toHaveProperty("welcomeText");
  await page.getByRole("button", { name: "Remove Arabic" }).click();
  await expect(arabic).toBeHidden();
  await page.getByRole("button", { name: "Save" }).click();
  await saved(page);
  const { translations } = await hark.rest(project, "GET", "/projects/config");
  expect(translations).toEqual({ ar: { home: "البداية" }, de: { welcomeText: "Willkommen bei Lumen" } });
});

test("a feedback flow is made from a template, with a question of its own, and reaches the messenger", async ({ browser, hark, project }) => {
  const page = await settings(browser, hark, project, "flows");
  await page.getByRole("button", { name: "New flow" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Bug report" }).click();
  await page.getByRole("button", { name: "Add a question" }).click();
  await page.getByRole("menuitem", { name: "One of several" }).click();
  await page.getByLabel("Question", { exact: true }).fill("How bad is it?");
  await page.getByRole("textbox", { name: "Choice 1" }).fill("A little");
  await page.getByRole("textbox", { name: "Choice 2" }).fill("Very");
  await page.getByRole("button", { name: "Move How bad is it? up" }).click();
  await expectAccessible(page, "flow");
  await page.getByRole("button", { name: "Create flow" }).click();
  await expect(page.getByRole("button", { name: "Create flow" })).toBeHidden();
  await expect(page).toHaveURL(/settings\/flows\/bugreporting$/);
  const config = await (await fetch(`http://${hark.host}/config/${project.sdkKey}`)).json();
  const titles = config.projectActions.bugreporting.form.map((question: { title: string }) => question.title);
  expect(titles).toEqual(["Your e-mail", "What happened?", "How bad is it?", "Show us"]);
  await page.getByLabel("Title", { exact: true }).fill("Tell us what broke");
  await page.getByRole("button", { name: "Save" }).click();
  await saved(page);
  await page.getByRole("link", { name: "All flows" }).click();
  await expect(page.getByText("Tell us what broke")).toBeVisible();
});

test("the words of a flow are written in the languages of visitors, and follow what is renamed", async ({ browser, hark, project }) => {
  const order = {
    title: "Trouble with an order",
    form: [{ key: "kind", type: "select", title: "What is it?", options: [{ value: "late", label: "Late" }, { value: "broken", label: "Broken" }] }],
  };
  await hark.rest(project, "PUT", "/projects/config", { projectActions: { order }, translations: { de: { home: "Anfang", "flow.order.hint": "Hinweis" } } });
  const page = await settings(browser, hark, project, "flows/order");
  await page.getByLabel("In other languages").selectOption({ label: "German" });
  const german = page.getByRole("group", { name: "German" });
  await german.getByLabel("Title", { exact: true }).fill("Ärger mit einer Bestellung");
  await german.getByLabel("What is it?").fill("Was ist es?");
  await german.getByLabel("Late", { exact: true }).fill("Zu spät");
  await expectAccessible(page, "words of a flow");
  await page.getByRole("button", { name: "Save" }).click();
  await saved(page);
  const words = async () => (await hark.rest(project, "GET", "/projects/config")).translations.de;
  expect(await words()).toEqual({
    home: "Anfang",
    "flow.order.hint": "Hinweis",
    "flow.order.title": "Ärger mit einer Bestellung",
    "flow.order.kind.title": "Was ist es?",
    "flow.order.kind.option.late": "Zu spät",
  });
  // What the server finds wrong with one of them is said of the whole, and marks no field that has its name.
  await german.getByLabel("What is it?").fill("Was <b>ist</b> es?");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("region", { name: "State of the form" })).toContainText("A text in another language (de)");
  await expect(page.locator("[aria-invalid=true]")).toHaveCount(0);
  await german.getByLabel("What is it?").fill("Was ist es?");
  await page.getByRole("button", { name: /^What is it\?/ }).click();
  await page.getByLabel("Key", { exact: true }).fill("sort");
  await german.getByLabel("Late", { exact: true }).fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(async () => Object.keys(await words()).toSorted()).toEqual(["flow.order.hint", "flow.order.sort.title", "flow.order.title", "home"]);
  await page.reload();
  await expect(german.getByLabel("What is it?")).toHaveValue("Was ist es?");
  await page.getByRole("button", { name: "Delete Trouble with an order" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect.poll(words).toEqual({ home: "Anfang" });
});

test("a ticket type gets lanes, and two editors do not overwrite each other", async ({ browser, hark, project }) => {
  const page = await settings(browser, hark, project, "tickets");
  await page.getByRole("button", { name: "Describe" }).first().click();
  await page.getByRole("button", { name: "Add a lane" }).click();
  await page.getByLabel("Name of lane 4").fill("Verified");
  await page.getByRole("button", { name: "Move Verified up" }).click();
  await expectAccessible(page, "ticket type");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Verified")).toBeVisible();
  const [type] = await hark.rest(project, "GET", "/ticket-types");
  expect(type.lanes.map((lane: { title: string }) => lane.title)).toEqual(["Open", "In progress", "Verified", "Done"]);

  await page.getByRole("button", { name: /^Bug reports/ }).click();
  const name = page.getByRole("dialog").getByLabel("Name", { exact: true });
  await expect(name).toHaveValue("Bug reports");
  await hark.rest(project, "PUT", `/ticket-types/${type.id}`, { title: "Defects" });
  await name.fill("Faults");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Somebody else changed this meanwhile.")).toBeVisible();
  await page.getByRole("button", { name: "Show theirs" }).click();
  await expect(name).toHaveValue("Defects");
  await name.fill("Faults");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  expect((await hark.rest(project, "GET", `/ticket-types/${type.id}`)).title).toBe("Faults");
});

test("people are invited, roles are made, teams get members and hours", async ({ browser, hark, project }) => {
  const page = await settings(browser, hark, project, "members");
  await page.getByRole("button", { name: "Invite people" }).click();
  await page.getByLabel("E-mail addresses").fill("not an address");
  await page.getByRole("button", { name: "Send invitations" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByLabel("E-mail addresses").fill("ben@lumen.example, lea@lumen.example");
  await page.getByRole("button", { name: "Send invitations" }).click();
  const links = page.getByRole("dialog", { name: "Links of the invitations" });
  await expect(links).toContainText("/invitations/");
  await links.getByRole("button", { name: "I have kept it" }).click();
  await expect(page.getByText("ben@lumen.example")).toBeVisible();
  await page.getByRole("listitem").filter({ hasText: "lea@lumen.example" }).getByRole("button", { name: "Take back" }).click();
  await expect(page.getByText("lea@lumen.example")).toBeHidden();

  await page.getByRole("link", { name: "Roles" }).click();
  await page.getByRole("button", { name: "New role" }).click();
  await page.getByLabel("Name", { exact: true }).fill(`Importer ${project.sdkKey.slice(0, 6)}`);
  await page.getByRole("checkbox", { name: "Import contacts" }).check();
  await expectAccessible(page, "role");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("columnheader", { name: /^Importer/ }).first()).toBeVisible();

  await page.getByRole("link", { name: "Teams" }).click();
  await page.getByRole("button", { name: "New team" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Support");
  await page.getByRole("button", { name: "Members" }).click();
  await page.getByRole("option").first().click();
  await page.keyboard.press("Escape");
  await page.getByLabel("Handing out tickets").selectOption("circular");
  await page.getByRole("switch", { name: "Working hours" }).click();
  await page.getByLabel("Opens on Monday").fill("08:30");
  await expectAccessible(page, "team");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: /^Support/ })).toBeVisible();
  const [team] = await hark.rest(project, "GET", "/teams");
  expect(team).toMatchObject({ name: "Support", assignmentMethod: "circular" });
  expect(team.members).toHaveLength(1);
  expect(team.operatingHours.openingTimes[0]).toMatchObject({ day: "monday", openingTime: "08:30" });
});

test("service levels are made and put into order", async ({ browser, hark, project }) => {
  const page = await settings(browser, hark, project, "sla");
  for (const name of ["Everybody", "Paying customers"]) {
    await page.getByRole("button", { name: "New service level" }).click();
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("First answer within").fill("2");
    await page.getByRole("button", { name: "Pause in these statuses" }).click();
    await page.getByRole("option", { name: "In progress" }).click();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "Pause in these statuses: In progress" })).toBeVisible();
    await expectAccessible(page, "service level");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("button", { name: new RegExp(`^${name}`) })).toBeVisible();
  }
  await page.getByRole("button", { name: "Move Paying customers up" }).click();
  await expect
    .poll(async () => (await hark.rest(project, "GET", "/sla-policies?sort=order")).map((one: { name: string }) => one.name))
    .toEqual(["Paying customers", "Everybody"]);
  const [policy] = await hark.rest(project, "GET", "/sla-policies?sort=order");
  expect(policy.firstResponse).toBe(7_200);
  expect(policy.pauseStatuses).toEqual(["INPROGRESS"]);
});

test("a workflow is tried on the past, and switched on", async ({ browser, hark, project }) => {
  await hark.rest(project, "POST", "/tickets", { title: "Broken button", type: "BUG" });
  await hark.rest(project, "POST", "/tickets", { title: "A question", type: "INQUIRY" });
  const flow = await hark.rest(project, "POST", "/workflows", {
    name: "Bugs first",
    triggers: [{ type: "ticket_created" }],
    conditions: { all: [{ path: "type", op: "is", value: "BUG" }] },
    actions: [{ type: "set_priority", data: { priority: "HIGH" } }],
  });
  const page = await settings(browser, hark, project, "workflows");
  await page.getByRole("button", { name: /^Bugs first/ }).click();
  await page.getByRole("button", { name: "Start dry run" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Broken button" })).toBeVisible();
  await page.getByRole("tab", { name: "held back" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "A question" })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Broken button" })).toBeHidden();
  await expectAccessible(page, "dry run");
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("switch", { name: "Switch Bugs first on" }).click();
  await expect(page.getByText("The workflow is on")).toBeVisible();
  expect((await hark.rest(project, "GET", `/workflows/${flow.id}`)).status).toBe("published");
});

test("an API key is shown once, works, is replaced and revoked", async ({ browser, hark, project }) => {
  const page = await settings(browser, hark, project, "tokens");
  await page.getByRole("button", { name: "New API key" }).click();
  await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Warehouse");
  await page.getByRole("dialog").getByLabel("Role").selectOption("VIEWER");
  await expectAccessible(page, "new key");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "The new API key" });
  const works = async (key: string) =>
    (await fetch(`http://${hark.host}/v3/tickets`, { headers: { Authorization: `Bearer ${key}`, Project: project.project.id } })).status;
  const first = (await dialog.locator("code").first().textContent()) ?? "";
  expect(await works(first)).toBe(200);
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  await page.getByRole("button", { name: "Actions for Warehouse" }).click();
  await page.getByRole("menuitem", { name: "Replace" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Replace" }).click();
  const second = (await dialog.locator("code").first().textContent()) ?? "";
  expect(second).not.toBe(first);
  await expect.poll(() => works(first)).toBe(401);
  expect(await works(second)).toBe(200);
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  await page.getByRole("button", { name: "Actions for Warehouse" }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("cell", { name: "Warehouse", exact: true })).toBeHidden();
  await expect.poll(() => works(second)).toBe(401);
});

test("identities have to be signed once that is switched on", async ({ browser, hark, project }) => {
  const page = await settings(browser, hark, project, "identity");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByRole("button", { name: "Copy Identity secret" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(project.identitySecret);
  await page.getByRole("tab", { name: "Python" }).click();
  await expect(page.getByText("hmac.new(secret.encode(), user.id.encode(), hashlib.sha256)")).toBeVisible();
  await expectAccessible(page, "identity");
  await page.getByRole("switch", { name: "Refuse identities without a signature" }).click();
  await page.getByLabel("Allowed domains").fill("shop.lumen.example\n*.lumen.test");
  await page.getByRole("button", { name: "Save" }).click();
  await saved(page);
  expect(await hark.rest(project, "GET", "/projects/config")).toMatchObject({
    enforceIdentityVerification: true,
    allowedDomains: ["shop.lumen.example", "*.lumen.test"],
  });
  await page.getByLabel("Allowed domains").fill("not a domain!");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").first()).toContainText("omain");
});

test("a webhook is sent a test, its ledger shows what came back, and it is sent again", async ({ browser, hark, project }) => {
  await hark.restart("--allow-private", "127.0.0.0/8");
  const heard: string[] = [];
  let status = 500;
  const server: Server = createServer((request, response) => {
    request.on("data", (chunk) => heard.push(String(chunk)));
    request.on("end", () => response.writeHead(status).end("hello"));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const page = await settings(browser, hark, project, "webhooks");
  await page.getByRole("button", { name: "New webhook" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Lake");
  await page.getByLabel("Address").fill("ftp://example.com");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("Address must be a web address");
  await page.getByLabel("Address").fill(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`);
  await page.getByRole("button", { name: "Only of these ticket types" }).click();
  await page.getByRole("option", { name: "Bug" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Only of these ticket types: Bug" })).toBeVisible();
  await expectAccessible(page, "new webhook");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Lake" })).toBeVisible();
  expect((await hark.rest(project, "GET", "/webhooks"))[0].filters.ticketTypes).toEqual(["BUG"]);
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect.poll(() => heard.length).toBe(1);
  const first = page.getByRole("button", { name: /Waiting|Failed|Delivered/ }).first();
  await first.click();
  await expect(page.getByText("500")).toBeVisible();
  await expectAccessible(page, "deliveries");
  status = 204;
  await page.getByRole("button", { name: "Send again" }).click();
  await expect.poll(() => heard.length).toBeGreaterThan(1);
  await expect(page.getByText("Delivered").first()).toBeVisible();
  await page.getByRole("link", { name: "All webhooks" }).click();
  await page.getByRole("switch", { name: "Switch Lake on" }).click();
  await expect.poll(async () => (await hark.rest(project, "GET", "/webhooks"))[0].enabled).toBe(false);
  await new Promise<void>((done) => server.close(() => done()));
});

test("what is wrong in a form is said at its field and in German, by the page and by the server", async ({ browser, hark, project }) => {
  const page = await settings(browser, hark, project, "webhooks", { locale: "de-DE" });
  await page.getByRole("button", { name: "Neuer Webhook" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name", { exact: true }).fill("Lager");
  await form.getByLabel("Adresse").fill("lager");
  await form.getByRole("button", { name: "Speichern" }).click();
  await expect(form.getByRole("alert")).toHaveText("Das ist keine Webadresse. Sie beginnt mit https://");
  await expect(form.getByLabel("Adresse")).toBeFocused();
  await form.getByLabel("Adresse").fill("ftp://lager.example");
  await expect(form.getByRole("alert")).toHaveCount(0);
  await form.getByRole("button", { name: "Speichern" }).click();
  await expect(form.getByRole("alert")).toHaveText(/^Die Adresse muss mit https:\/\/ beginnen/);
  // What the page writes itself is not missing any more, either.
  await page.goto(`http://${hark.host}/p/${project.project.id}/settings/tickets`);
  await page.getByRole("button", { name: "Neue Ticketart" }).click();
  const type = page.getByRole("dialog");
  await type.getByRole("button", { name: "Speichern" }).click();
  await expect(type.getByText("Das fehlt noch")).toHaveCount(2);
  await type.getByLabel("Name", { exact: true }).fill("Lob");
  await expect(type.getByLabel("Kurzname")).toHaveValue("LOB");
  await expect(type.getByText("Das fehlt noch")).toHaveCount(0);
  await expect(type.locator("[aria-invalid=true]")).toHaveCount(0);
  await page.goto(`http://${hark.host}/p/${project.project.id}/settings/organisation`);
  const sso = page.locator("form.sso");
  await sso.getByLabel("Aussteller").fill("login");
  await sso.getByRole("button", { name: "Speichern" }).click();
  await expect(sso.getByText("Das ist keine Webadresse. Sie beginnt mit https://")).toBeVisible();
  await expect(sso.getByText("Das fehlt noch").first()).toBeVisible();
  await expect(sso.getByLabel("Aussteller")).toBeFocused();
});

test("the audit log is filtered by the server, checked and taken out", async ({ browser, hark, project }) => {
  await owner(hark, project, "POST", "/tokens", { name: "One" });
  await owner(hark, project, "PUT", "/projects/config", { sdkDisabled: true });
  const page = await settings(browser, hark, project, "audit");
  await expect(page.getByText("changed settings of the messenger")).toBeVisible();
  await page.getByLabel("What", { exact: true }).selectOption({ label: "API keys" });
  await expect(page.getByText("changed settings of the messenger")).toBeHidden();
  await page.getByRole("button", { name: /created an API key/ }).first().click();
  await expect(page.getByText(/^[0-9a-f]{64}$/)).toBeVisible();
  await expectAccessible(page, "audit log");
  await page.getByLabel("To what").fill("nothing of this name");
  await expect(page.getByText("Nothing found")).toBeVisible();
  const [entry] = await owner(hark, project, "GET", "/audit-log?order=newest&limit=1&action=token.created");
  await page.getByLabel("To what").fill(entry.target);
  await expect(page.getByRole("button", { name: /created an API key One/ })).toHaveCount(1);
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect(page.getByText("changed settings of the messenger")).toBeVisible();
  await page.getByLabel("Until").fill("2020-01-01");
  await expect(page.getByText("Nothing found")).toBeVisible();
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await page.getByRole("button", { name: "Check" }).click();
  // All entries of the company are read for it, also those of the tests before.
  await expect(page.getByText(/complete and unchanged/)).toBeVisible({ timeout: 40_000 });
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export" }).click()]);
  expect(file.suggestedFilename()).toMatch(/^audit-.*\.ndjson$/);
});

test("a long audit log is read on while somebody scrolls", async ({ browser, hark, project }) => {
  for (let at = 0; at < 105; at++) await hark.rest(project, "POST", "/teams", { name: `Team ${at}` });
  const asked: URL[] = [];
  const page = await settings(browser, hark, project, "audit");
  const entries = page.getByRole("button", { name: /created a team/ });
  // What the page asks before it is loaded again is not counted.
  await expect(entries).toHaveCount(100);
  page.on("request", (request) => request.url().includes("/audit-log?") && asked.push(new URL(request.url())));
  await page.reload();
  await expect(entries).toHaveCount(100);
  await entries.last().scrollIntoViewIfNeeded();
  await expect(entries).toHaveCount(105);
  await expect(page.getByRole("button", { name: "Show older entries" })).toBeHidden();
  expect(asked.map((url) => url.searchParams.has("cursor"))).toEqual([false, true]);
  expect(asked.every((url) => url.searchParams.get("order") === "newest")).toBe(true);
});

test("a project takes fewer calls than the server allows, and says so within its bounds", async ({ browser, hark, project }) => {
  const limits = () => owner(hark, project, "GET", "/projects/limits");
  const { rest: before } = await limits();
  const page = await settings(browser, hark, project, "limits");
  const own = page.getByLabel("Own limit, calls a minute");
  await expect(own).toHaveCount(3);
  await expect(page.getByText(/used in this minute/)).toHaveCount(3);
  await own.first().fill(String(before.max + 1));
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText(/rest/i);
  await expectAccessible(page, "limits");
  await own.first().fill("1200");
  await page.getByRole("button", { name: "Save" }).click();
  await saved(page);
  expect((await limits()).rest).toMatchObject({ perMinute: 1200, own: true });

  // Somebody else changes the same meanwhile.
  await owner(hark, project, "PUT", "/projects/limits", { sdk: 900 });
  await own.first().fill("1300");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Somebody else changed this meanwhile.")).toBeVisible();
  await page.getByRole("button", { name: "Show theirs" }).click();
  await expect(own.nth(1)).toHaveValue("900");
  await expect(own.first()).toHaveValue("1200");
  await own.first().fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await saved(page);
  expect((await limits()).rest).toMatchObject({ perMinute: before.max, own: false });
});

test("somebody who may not change settings sees them without the buttons", async ({ browser, hark, project }) => {
  const made = await owner(hark, project, "POST", "/tokens", { name: "Viewer", role: "VIEWER" });
  const own = token;
  token = made.token;
  try {
    const page = await settings(browser, hark, project, "tickets");
    await expect(page.getByRole("button", { name: "New ticket type" })).toBeDisabled();
    await page.getByRole("link", { name: "API keys" }).click();
    await expect(page.getByText("You may not see this")).toBeVisible();
    await expectAccessible(page, "forbidden");
  } finally {
    token = own;
  }
});
