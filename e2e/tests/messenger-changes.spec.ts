// What the visitor writes stays its own, and is not lost, when the visitor gets a name or the screen changes meanwhile.
import type { BrowserContext, Page } from "@playwright/test";
import { expect, sdk, session, start, test } from "../support/test.ts";
import { Messenger, messagesOf, onlyTicket } from "../support/messenger.ts";
import type { Project } from "../support/hark.ts";

/** Cuts the line for messages, and returns what mends it. */
async function cut(context: BrowserContext): Promise<() => Promise<void>> {
  const where = /\/conversations(\/[^/]+\/messages)?$/;
  await context.route(where, (route) => (route.request().method() === "POST" ? route.abort("connectionrefused") : route.continue()));
  return () => context.unroute(where);
}

/** Makes a user known to the project from another browser. */
async function ada(elsewhere: Page): Promise<void> {
  await named(elsewhere, { name: "Ada", email: "ada@example.com" });
  await elsewhere.context().close();
}

/** Identifies the visitor of a page as that user, and waits until it is. */
async function named(page: Page, traits: object = {}): Promise<void> {
  await sdk(page, "identify", "user-1", traits);
  await expect.poll(() => sdk(page, "isUserIdentified")).toBe(true);
}

/** Makes the visitor of a page a guest whom nobody knows, and waits until it is. */
async function gone(page: Page, project: Project): Promise<void> {
  const before = (await session(page, project)).gleapId;
  await sdk(page, "clearIdentity");
  await expect
    .poll(async () => {
      const now = await session(page, project);
      return now?.gleapId !== undefined && now.gleapId !== before;
    })
    .toBe(true);
}

/** Under which names the tab keeps what was begun. */
async function keptOf(page: Page): Promise<string[]> {
  return page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.includes(":draft:")));
}

test("what a guest wrote over a bad line is sent once by the user that it turns out to be", async ({ hark, project, visit, context, browser }) => {
  await ada(await visit(await browser.newContext()));

  const messenger = await Messenger.on(await visit());
  await messenger.open();
  const mended = await cut(context);
  await messenger.button(/Send us a message/).click();
  await messenger.write("I cannot log in");
  await messenger.write("Now I can");
  await messenger.composer.fill("and by the way");
  await expect(messenger.log.getByText("Sending").first()).toBeVisible();
  await named(messenger.page);
  await expect(messenger.log.getByText("I cannot log in")).toBeVisible();
  await mended();

  const ticket = await onlyTicket(hark, project);
  await expect(messenger.log.getByText("Sent", { exact: true })).toBeAttached();
  await expect(messenger.log.locator(".own")).toHaveCount(2);
  await expect(messenger.composer).toHaveValue("and by the way");
  await expect.poll(async () => (await messagesOf(hark, project, ticket.id)).length).toBe(2);
  const contact = await hark.rest(project, "GET", `/sessions/${ticket.session.id ?? ticket.session}`);
  expect(contact).toMatchObject({ userId: "user-1", email: "ada@example.com" });
  await onlyTicket(hark, project);
});

test("it is sent as well when the guest logs in on the next page", async ({ hark, project, visit, context, browser, sdk: version }) => {
  test.skip(version !== "gleap-16", "a frame of another site has no storage in the private windows of these tests");
  await ada(await visit(await browser.newContext()));
  const page = await visit();
  const messenger = await Messenger.on(page);
  await messenger.open();
  const mended = await cut(context);
  await messenger.button(/Send us a message/).click();
  await messenger.write("I cannot log in");
  await expect(messenger.log.getByText("Sending")).toBeVisible();
  await page.close();
  await mended();

  // The messenger comes when the guest has a name already, and hears nothing of the guest.
  let come = (): void => {};
  const mayCome = new Promise<void>((resolve) => (come = resolve));
  await context.route(
    (url) => url.host.startsWith("messenger."),
    async (route) => {
      await mayCome;
      await route.continue();
    },
  );
  const next = await visit();
  await named(next);
  come();
  await (await Messenger.on(next)).open();
  const ticket = await onlyTicket(hark, project);
  expect(ticket.title).toBe("I cannot log in");
});

test("nobody sees or sends what another user began", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  await sdk(messenger.page, "identify", "user-1", { name: "Ada" });
  await messenger.show("startConversation");
  await messenger.composer.fill("my secret");
  await sdk(messenger.page, "identify", "user-2", { name: "Bea" });
  await expect(messenger.heading).not.toHaveText(/team/i);
  await messenger.show("startConversation");
  await expect(messenger.composer).toHaveValue("");
  await messenger.composer.fill("another secret");
  await sdk(messenger.page, "clearIdentity");
  await messenger.show("startConversation");
  await expect(messenger.composer).toHaveValue("");
  expect((await hark.rest(project, "GET", "/tickets?limit=1")).tickets).toEqual([]);
});

test("what is begun for a new conversation stays there when another one is opened", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.show("startConversation");
  await messenger.write("The first");
  const ticket = await onlyTicket(hark, project);
  await expect(messenger.log.getByText("Sent", { exact: true })).toBeAttached();

  await messenger.show("startConversation");
  await messenger.composer.fill("for the new one");
  const choose = messenger.page.waitForEvent("filechooser");
  await messenger.button("Attach a file").click();
  await (await choose).setFiles({ name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
  await expect(messenger.button("Remove note.txt")).toBeVisible();
  await messenger.show("openConversation", ticket.shareToken);
  await expect(messenger.log.getByText("The first")).toBeVisible();
  await expect(messenger.composer).toHaveValue("");
  await expect(messenger.button("Remove note.txt")).toBeHidden();
  await messenger.composer.fill("for the first one");

  await messenger.show("startConversation");
  await expect(messenger.composer).toHaveValue("for the new one");
  await expect(messenger.button("Remove note.txt")).toBeVisible();
  await messenger.show("openConversation", ticket.shareToken);
  await expect(messenger.composer).toHaveValue("for the first one");
  await messenger.button("Back").click();
  await messenger.button("Send").click();
  await expect.poll(async () => (await hark.rest(project, "GET", "/tickets?limit=9")).tickets.length).toBe(2);
  const { tickets } = await hark.rest(project, "GET", "/tickets?limit=9");
  const other = tickets.find((one: any) => one.id !== ticket.id);
  expect(other.title).toBe("for the new one");
  expect(await messagesOf(hark, project, other.id)).toMatchObject([{ attachments: [{ name: "note.txt" }] }]);
});

test("what is begun outlives the page, for whoever wrote it", async ({ hark, project, visit, sdk: version }) => {
  test.skip(version !== "gleap-16", "a frame of another site has no storage in the private windows of these tests");
  const page = await visit();
  const messenger = await Messenger.on(page);
  await messenger.show("startConversation");
  await messenger.composer.fill("half a sent");
  const choose = page.waitForEvent("filechooser");
  await messenger.button("Attach a file").click();
  await (await choose).setFiles({ name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
  await expect(messenger.button("Send")).toBeEnabled();
  const again = async (): Promise<Messenger> => {
    await page.reload();
    await start(page, hark, project);
    const next = await Messenger.on(page);
    await next.show("startConversation");
    return next;
  };
  const next = await again();
  await expect(next.composer).toHaveValue("half a sent");
  await expect(next.button("Remove note.txt")).toBeVisible();
  await next.write("half a sentence");
  await expect(next.log.getByText("Sent", { exact: true })).toBeAttached();
  const ticket = await onlyTicket(hark, project);
  expect(await messagesOf(hark, project, ticket.id)).toMatchObject([{ attachments: [{ name: "note.txt" }] }]);
  // What was sent is not begun any more.
  const last = await again();
  await expect(last.composer).toHaveValue("");
  await last.composer.fill("my secret");
  await expect.poll(async () => (await keptOf(page)).length).toBe(1);
  await sdk(page, "clearIdentity");
  await expect.poll(() => keptOf(page)).toEqual([]);
});

test("what a guest began is there for the user that it turns out to be on the next page, and not for the next one", async ({ hark, project, visit, browser, sdk: version }) => {
  test.skip(version !== "gleap-16", "a frame of another site has no storage in the private windows of these tests");
  await ada(await visit(await browser.newContext()));
  const page = await visit();
  const messenger = await Messenger.on(page);
  await messenger.show("startConversation");
  await messenger.composer.fill("half a sent");
  await expect.poll(async () => (await keptOf(page)).length).toBe(1);
  const [guests] = await keptOf(page);
  await page.reload();
  await start(page, hark, project);
  await named(page);
  const next = await Messenger.on(page);
  await next.show("startConversation");
  await expect(next.composer).toHaveValue("half a sent");
  await expect.poll(async () => (await keptOf(page)).length).toBe(1);
  expect(await keptOf(page)).not.toEqual([guests]);

  // Somebody else, in a document that never met the one before.
  await page.reload();
  await start(page, hark, project);
  await gone(page, project);
  const other = await Messenger.on(page);
  await other.show("startConversation");
  await expect(other.composer).toHaveValue("");
  await expect.poll(() => keptOf(page)).toEqual([]);
});

test("what was begun is sent once, however often the site shows the conversation", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  const { composer, log } = messenger;
  /** Shows the screen that is there once more. */
  const again = async (...words: [string, ...unknown[]]): Promise<void> => {
    const times = (await messenger.said("page-changed")).length;
    await messenger.show(...words);
    await messenger.hasSaid("page-changed", times + 1);
  };
  await messenger.show("startConversation");
  await composer.fill("Hello");
  await again("startConversation");
  await expect(composer).toHaveValue("Hello");
  await composer.fill("Hello world");
  await again("startConversation");
  await expect(composer).toHaveValue("Hello world");
  await messenger.button("Send").click();
  await expect(log.getByText("Hello world")).toBeVisible();
  const { shareToken } = await onlyTicket(hark, project);
  await messenger.show("startConversation");
  await expect(log.getByText("Hello world")).toBeHidden();
  await expect(composer).toHaveValue("");

  await messenger.show("openConversation", shareToken);
  await expect(log.getByText("Hello world")).toBeVisible();
  await composer.fill("one more thing");
  await again("openConversation", shareToken);
  await expect(composer).toHaveValue("one more thing");
  await messenger.button("Send").click();
  await expect(log.getByText("one more thing")).toBeVisible();
  await messenger.show("startConversation");
  await expect(log.getByText("one more thing")).toBeHidden();
  await messenger.show("openConversation", shareToken);
  await expect(log.getByText("one more thing")).toBeVisible();
  await expect(composer).toHaveValue("");
});

test("what was begun before a question of the site stays, and what was begun beside it goes with it", async ({ hark, project, visit, sdk: version }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.show("startConversation");
  await messenger.composer.fill("for later");
  await messenger.show("askAI", "Where is the exit?");
  await expect(messenger.log.getByText("Where is the exit?")).toBeVisible();
  await expect(messenger.composer).toHaveValue("");
  await messenger.composer.fill("and please");
  // The tab keeps both, where it keeps anything.
  if (version === "gleap-16") await expect.poll(async () => (await keptOf(messenger.page)).length).toBe(2);
  const { shareToken } = await onlyTicket(hark, project);
  await expect(messenger.log.getByText("Sent", { exact: true })).toBeAttached();
  await messenger.show("startConversation");
  await expect(messenger.composer).toHaveValue("for later");
  await messenger.show("openConversation", shareToken);
  await expect(messenger.composer).toHaveValue("and please");
});

test("whoever became somebody else before the messenger came writes as that one", async ({ hark, project, visit }) => {
  const page = await visit();
  await gone(page, project);
  const messenger = await Messenger.on(page);
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  await messenger.write("Is anybody there?");
  await expect(messenger.log.getByText("Sent", { exact: true })).toBeAttached();
  expect((await onlyTicket(hark, project)).title).toBe("Is anybody there?");
});

test("a question of the site is asked, whatever conversation is on the screen", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.show("startConversation");
  await messenger.write("The first");
  await onlyTicket(hark, project);
  await messenger.show("askAI", "Where is the exit?");
  await expect(messenger.log.getByText("Where is the exit?")).toBeVisible();
  await messenger.show("askAI", "And the way in?");
  await expect(messenger.log.getByText("And the way in?")).toBeVisible();
  const titles = async () => (await hark.rest(project, "GET", "/tickets?limit=9")).tickets.map((one: any) => one.title).toSorted();
  await expect.poll(titles).toEqual(["And the way in?", "The first", "Where is the exit?"]);
});

test("a screen that cannot be loaded says so, and comes when it is asked for again", async ({ visit, context }) => {
  await context.route(/\/assets\/Conversation-/, (route) => route.abort("connectionrefused"));
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  await expect(messenger.frame.getByRole("alert")).toHaveText("This could not be loaded");
  await expect(messenger.button("Close")).toBeVisible();
  await context.unroute(/\/assets\/Conversation-/);
  await messenger.button("Try again").click();
  await expect(messenger.composer).toBeVisible();
});
