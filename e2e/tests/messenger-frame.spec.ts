// Every command and message between the SDK and the messenger in its frame.
import { expect, sdk, session, start, test } from "../support/test.ts";
import { Messenger, onlyTicket } from "../support/messenger.ts";

/** Counts how often the SDK fires an event on the page, and with what. */
async function listen(messenger: Messenger, event: string): Promise<() => Promise<any[]>> {
  await messenger.page.evaluate((name) => {
    const fired: unknown[] = [];
    ((window as any).fired ??= {})[name] = fired;
    (window as any).Gleap.on(name, (data: unknown) => fired.push(data ?? null));
  }, event);
  return () => messenger.page.evaluate((name) => (window as any).fired[name], event);
}

test("the frame greets once, and goes on where it was when it is opened again", async ({ visit }) => {
  const messenger = await Messenger.on(await visit());
  const opened = await listen(messenger, "open");
  await messenger.open();
  await expect.poll(async () => (await opened()).length).toBe(1);
  await messenger.button("Messages").click();
  await expect(messenger.heading).toHaveText("Messages");
  await messenger.button("Close").click();
  await messenger.hasSaid("close-widget");
  await expect(messenger.page.locator(".gleap-frame-container")).toBeHidden();
  await messenger.show("open");
  await expect(messenger.heading).toHaveText("Messages");
  await sdk(messenger.page, "close", true);
  await messenger.show("open");
  await expect(messenger.heading).toHaveText(/How can we help/);
  expect(await messenger.said("ping")).toHaveLength(1);
});

test("Escape closes the widget from inside, but not a survey that has to be answered", async ({ visit }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await expect(messenger.heading).toBeFocused();
  await messenger.page.keyboard.press("Escape");
  await messenger.hasSaid("close-widget");
  await expect(messenger.page.locator(".gleap-frame-container")).toBeHidden();

  await messenger.show("showSurvey", "bugreporting", "survey_web");
  const text = messenger.frame.getByRole("textbox", { name: "What went wrong?" });
  await text.click();
  await messenger.page.keyboard.press("Escape");
  await expect(text).toBeVisible();
  await expect(messenger.button("Close")).toBeHidden();
  expect(await messenger.said("close-widget")).toHaveLength(1);
});

test("each command shows its screen, with or without a way back", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  const { page, heading } = messenger;
  const back = messenger.button("Back");

  await messenger.show("openConversations", false);
  await expect(heading).toHaveText("Messages");
  await expect(messenger.frame.getByRole("navigation")).toBeHidden();
  await messenger.show("openConversations", true);
  await expect(messenger.frame.getByRole("navigation")).toBeVisible();

  for (const [method, ...words] of [["startConversation", true], ["startBot", "b1", true]] as const) {
    await messenger.show(method, ...words);
    await expect(messenger.composer).toBeVisible();
    await expect(back).toBeVisible();
    await back.click();
  }
  await messenger.show("startBot", "b1", false);
  await expect(messenger.composer).toBeVisible();
  await expect(back).toBeHidden();

  await messenger.show("askAI", "Do you ship to Chile?", true);
  await expect(messenger.log.getByText("Do you ship to Chile?")).toBeVisible();
  const ticket = await onlyTicket(hark, project);
  await messenger.show("openConversations", true);
  await messenger.show("openConversation", ticket.shareToken);
  await expect(messenger.log.getByText("Do you ship to Chile?")).toBeVisible();
  await messenger.show("openConversation", "x".repeat(70));
  await expect(messenger.frame.getByText("This could not be loaded")).toBeVisible();

  await messenger.show("startFeedbackFlow", "bugreporting", true);
  await expect(heading).toHaveText("Report a problem");
  await expect(back).toBeVisible();
  await messenger.show("startClassicForm", "bugreporting", false);
  await expect(back).toBeHidden();
  await messenger.show("startFeedbackFlow", "none-of-this-name", false);
  await expect(messenger.frame.getByText("This form is not available any more")).toBeVisible();

  // What has no screen yet leads home.
  for (const [method, ...words] of [
    ["openHelpCenter"],
    ["searchHelpCenter", "x"],
    ["openHelpCenterArticle", "a"],
    ["openHelpCenterCollection", "c"],
    ["openNews"],
    ["openNewsArticle", "n"],
    ["openFeatureRequests"],
    ["openChecklists"],
    ["openChecklist", "c"],
    ["startChecklist", "o"],
  ] as const) {
    await messenger.show("startConversation");
    await expect(messenger.composer).toBeVisible();
    await sdk(page, method, ...words);
    await expect(heading, method).toHaveText(/How can we help/);
  }
});

test("the messenger names its screens, and can be made wide", async ({ visit }) => {
  const messenger = await Messenger.on(await visit());
  const container = messenger.page.locator(".gleap-frame-container");
  const width = async () => (await container.boundingBox())?.width;
  await messenger.open();
  await messenger.button("Messages").click();
  expect((await messenger.hasSaid("page-changed")).data).toEqual({ name: "conversations" });
  await messenger.button(/Send us a message/).click();
  await messenger.button("Wider").click();
  expect((await messenger.hasSaid("page-changed", 3)).data).toEqual({ name: "appextended" });
  await expect.poll(width).toBe(690);
  await messenger.button("Narrower").click();
  await expect.poll(width).toBe(410);
  await messenger.button("Wider").click();
  await expect.poll(width).toBe(690);
  await messenger.still();
  await messenger.button("Back").click();
  await expect.poll(width).toBe(410);
});

test("a session that changes shows its own conversations and nothing of the other's", async ({ project, visit }) => {
  const messenger = await Messenger.on(await visit());
  const { page } = messenger;
  await sdk(page, "identify", "ada", { name: "Ada Abel", email: "ada@example.com" });
  await expect.poll(async () => (await session(page, project)).userId).toBe("ada");
  await messenger.open();
  await expect(messenger.heading).toHaveText(/Hello Ada/);
  await messenger.button(/Send us a message/).click();
  await messenger.write("Ada's secret");
  await expect(messenger.log.getByText("Sent", { exact: true })).toBeAttached();

  await sdk(page, "clearIdentity");
  await messenger.show("open");
  await expect(messenger.heading).toHaveText("Hello How can we help?");
  await expect(messenger.frame.getByText("Ada's secret")).toBeHidden();
  await messenger.button("Messages").click();
  await expect(messenger.frame.getByText("No conversations yet")).toBeVisible();

  await sdk(page, "identify", "ada", { name: "Ada Abel", email: "ada@example.com" });
  await expect(messenger.frame.getByRole("button", { name: /Ada's secret/ })).toBeVisible();
});

test("the page's data goes with a conversation", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  await sdk(messenger.page, "setCustomData", "cart", 3);
  await sdk(messenger.page, "setTicketAttribute", "seat", "12A");
  await sdk(messenger.page, "setTags", ["shop"]);
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  const asked = messenger.page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/conversations"));
  await messenger.write("Hello");
  const { data } = (await asked).postDataJSON();
  await messenger.hasSaid("collect-ticket-data");
  expect(data.customData).toEqual({ cart: 3 });
  expect(data.metaData.currentUrl).toContain("site.localhost");
  expect(await onlyTicket(hark, project)).toMatchObject({ customData: { cart: 3 }, formData: { seat: "12A" }, tags: ["shop"] });
});

test("links of the home screen reach the site", async ({ hark, project, visit }) => {
  const homeLinks = [
    { title: "Status", url: "https://status.example/" },
    { title: "Call me", action: "call-me" },
    { title: "Tour", tour: "t1" },
    { title: "Shop", url: "https://shop.example/", newTab: false },
    { title: "Bad", url: "ftp://files.example/" },
  ];
  await hark.rest(project, "PUT", "/projects/config", { flowConfig: { homeLinks } });
  const messenger = await Messenger.on(await visit());
  const { page } = messenger;
  await page.evaluate(() => {
    const gleap = (window as any).Gleap;
    gleap.setUrlHandler((url: string, newTab: boolean) => ((window as any).opened = [url, newTab]));
    gleap.registerCustomAction((action: unknown) => ((window as any).action = action));
  });
  await messenger.open();
  await expect(messenger.button("Bad")).toBeHidden();
  await messenger.button(/Status/).click();
  await expect.poll(() => page.evaluate(() => (window as any).opened)).toEqual(["https://status.example/", true]);
  await messenger.button("Shop").click();
  await expect.poll(() => page.evaluate(() => (window as any).opened)).toEqual(["https://shop.example/", false]);
  await messenger.button("Call me").click();
  await expect.poll(() => page.evaluate(() => (window as any).action?.name)).toBe("call-me");
  const tour = page.waitForRequest(/\/outbound\/producttours$/);
  await messenger.button("Tour").click();
  expect((await tour).postDataJSON()).toEqual({ outboundId: "t1" });
});

test("a sound is played for a message that is not on the screen", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  await messenger.write("Hello");
  const ticket = await onlyTicket(hark, project);
  await messenger.button("Back").click();
  await hark.rest(project, "POST", "/messages", { ticket: ticket.id, comment: "Ping" });
  await messenger.hasSaid("play-ping");
});

test("another language makes a new frame that speaks it", async ({ hark, project, visit }) => {
  await hark.rest(project, "PUT", "/projects/config", { translations: { ar: { home: "الرئيسية", howCanWeHelp: "كيف يمكننا المساعدة؟" } } });
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  for (const [language, home, direction] of [
    ["de-AT", "Start", "ltr"],
    ["ar", "الرئيسية", "rtl"],
    ["xx", "Home", "ltr"],
  ] as const) {
    const asked = messenger.page.waitForResponse((response) => response.url().includes(`lang=${language.toLowerCase()}`));
    await sdk(messenger.page, "setLanguage", language);
    await asked;
    await expect
      .poll(async () => {
        await sdk(messenger.page, "open");
        return messenger.button(home).isVisible();
      })
      .toBe(true);
    await expect(messenger.frame.locator("html")).toHaveAttribute("dir", direction);
    // What is written in another language stands where the page's own words begin.
    const title = messenger.button(/Report a problem|Problem melden/).locator(".title");
    await expect(title).toHaveCSS("text-align", direction === "rtl" ? "right" : "left");
  }
});

test("tools and other news of the configuration leave the screen as it is", async ({ visit }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  // Another configuration than the first does not lose the screen.
  await messenger.button("Messages").click();
  const tool = { name: "order", description: "Finds an order", executionType: "auto", parameters: [] };
  await sdk(messenger.page, "setAiTools", [tool]);
  await expect(messenger.heading).toHaveText("Messages");
});

test("a document that cannot be fetched is loaded as a frame of its own", async ({ hark, project, site, page, sdk: version }) => {
  test.skip(version !== "gleap-16", "older SDKs always load a frame of its own");
  await page.route(`http://messenger.${hark.host}/`, (route) =>
    route.request().resourceType() === "fetch" || route.request().resourceType() === "xhr" ? route.abort() : route.continue(),
  );
  await page.goto(site.url);
  await start(page, hark, project);
  const messenger = await Messenger.on(page);
  await messenger.open();
  const frame = await messenger.inside();
  expect(new URL(frame.url()).host).toBe(`messenger.${hark.host}`);
});
