// The messenger in the web views of apps, whose SDKs are played by the test.
import { App } from "../support/app.ts";
import { expect, test } from "../support/test.ts";

test.beforeEach(({ sdk }) => test.skip(sdk !== "gleap-16", "no SDK of the web is used"));

test("an Android app", async ({ hark, project, context }) => {
  const app = await App.android(context, hark, project, "de");
  const { page } = app;
  await app.answer();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/Wie können wir helfen/);
  await app.tell("safe-area-update", { top: 40, right: 0, bottom: 20, left: 0 });
  await expect(page.locator("header").first()).toHaveCSS("padding-top", "54px");
  await app.knows({ customData: { cart: 3 }, metaData: {}, formData: { seat: "12A" }, tags: ["app"], consoleLog: null });
  await page.getByRole("button", { name: /Schreiben Sie uns/ }).click();
  await expect(page.getByRole("button", { name: "Breiter" })).toBeHidden();
  // What this app cannot do is not offered.
  await expect(page.getByRole("button", { name: "Video aufnehmen" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Bild aufnehmen" })).toBeHidden();
  await page.getByRole("textbox", { name: "Nachricht schreiben" }).fill("Aus der App");
  await page.getByRole("button", { name: "Senden" }).click();
  await expect(page.getByRole("log").getByText("Gesendet", { exact: true })).toBeAttached();
  const { tickets } = await hark.rest(project, "GET", "/tickets?limit=2");
  expect(tickets).toMatchObject([{ title: "Aus der App", customData: { cart: 3 }, formData: { seat: "12A" }, tags: ["app"] }]);

  // Flows come with the configuration; the app sends the report.
  await app.tell("prefill-form-data", { description: "Dark plates" });
  await app.tell("start-feedbackflow", { flow: "idea", hideBackButton: true });
  await expect(page.getByRole("textbox", { name: "What is it?" })).toHaveValue("Dark plates");
  expect((await app.hasSaid("notify-event")).data).toMatchObject({ type: "flow-started" });
  await page.getByRole("button", { name: "Absenden" }).click();
  const report = await app.hasSaid("send-feedback");
  expect(report.data).toMatchObject({ formData: { description: "Dark plates" }, action: { feedbackType: "BUG" } });
  await app.tell("feedback-sending-failed", "no line");
  await expect(page.getByText("Das konnte nicht gesendet werden", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Absenden" }).click();
  await app.hasSaid("send-feedback", 2);
  await app.tell("feedback-sent", { shareToken: tickets[0].shareToken });
  await page.getByRole("button", { name: "Unterhaltung öffnen" }).click();
  await expect(page.getByRole("log").getByText("Aus der App")).toBeVisible();
  await page.getByRole("button", { name: "Schließen" }).click();
  await app.hasSaid("close-widget");
});

test("an iOS app gets objects, and opens pictures and links itself", async ({ hark, project, context }) => {
  const app = await App.ios(context, hark, project);
  const { page } = app;
  await app.answer();
  await app.tell("start-bot", { botId: "", hideBackButton: true });
  await page.getByRole("textbox", { name: "Write a message" }).fill("Hello");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByRole("log").getByText("Sent", { exact: true })).toBeAttached();
  const [ticket] = (await hark.rest(project, "GET", "/tickets?limit=2")).tickets;
  const link = { type: "link", attrs: { href: "https://a.example/" } };
  const comment = { type: "doc", content: [{ type: "paragraph", content: [{ type: "text", text: "here", marks: [link] }] }] };
  await hark.rest(project, "POST", "/messages", { ticket: ticket.id, comment });
  await page.getByRole("link", { name: "here" }).click();
  expect(await app.hasSaid("open-url")).toEqual({ name: "open-url", data: "https://a.example/", newTab: true });

  // Another visitor of the same app sees nothing of the first.
  await app.tell("session-cleared");
  await app.next();
  await page.getByRole("button", { name: "Messages" }).click();
  await expect(page.getByText("No conversations yet")).toBeVisible();
});

test("an app opens a form by its address, is as high as a survey, and does what links of the home screen ask for", async ({ hark, project, context }) => {
  const app = await App.android(context, hark, project, "en", "&startFlow=idea");
  const { page } = app;
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  await app.answer();
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText("An idea");
  expect(await app.said("height-update")).toEqual([]);

  await app.tell("start-survey", { isSurvey: true, flow: "idea", format: "survey", hideBackButton: true });
  expect((await app.hasSaid("height-update")).data).toBeGreaterThan(150);
  await page.getByRole("textbox", { name: "What is it?" }).fill("Dark plates");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  expect((await app.hasSaid("send-feedback")).data).toMatchObject({ outboundId: "idea", formData: { description: "Dark plates" } });
  await app.tell("feedback-sent", {});
  await expect(page.getByText("Thank you")).toBeVisible();
  await app.tell("reset-routes");

  const homeLinks = [{ title: "Call me", action: "call-me" }, { title: "Status", url: "https://status.example/" }, { title: "Tour", tour: "t1" }];
  await app.tell("config-update", { config: { homeLinks }, overrideLanguage: "", isApp: true, aiTools: [{ name: "order" }] });
  await page.getByRole("button", { name: "Call me" }).click();
  expect(await app.hasSaid("run-custom-action")).toEqual({ name: "run-custom-action", data: "call-me" });
  await page.getByRole("button", { name: /Status/ }).click();
  expect(await app.hasSaid("open-url")).toMatchObject({ data: "https://status.example/" });
  // Apps have no tours.
  await expect(page.getByRole("button", { name: "Tour" })).toBeHidden();

  // What newer apps say about what the messenger does not have.
  for (const name of ["frontend-tool-result", "survey-safe-area", "checklist", "of-another-version"]) await app.tell(name, null);
  await page.evaluate(() => (window as any).sendMessage("no JSON"));
  await expect(heading).toHaveText(/How can we help/);
  expect(wrong).toEqual([]);
});

test("every command opens a screen, those without one the first", async ({ hark, project, context }) => {
  const app = await App.ios(context, hark, project);
  const { page } = app;
  await app.answer();
  const heading = page.getByRole("heading", { level: 1 });
  const composer = page.getByRole("textbox", { name: "Write a message" });
  await app.tell("start-feedbackflow", { flow: "idea", hideBackButton: true });
  await expect(heading).toHaveText("An idea");
  await expect(page.getByRole("button", { name: "Back", exact: true })).toBeHidden();
  await app.tell("start-feedbackflow", {});
  await expect(heading).toHaveText("Report a problem");
  await app.tell("start-survey", { isSurvey: true, flow: "idea", format: "survey_full" });
  await expect(heading).toHaveText("An idea");
  await app.tell("start-bot", { botId: "b", hideBackButton: false });
  await expect(composer).toBeVisible();
  await app.tell("open-conversations", { hideBackButton: false });
  await expect(heading).toHaveText("Messages");
  await app.tell("ask-ai", { question: "Where is the exit?", hideBackButton: false });
  await expect(page.getByRole("log").getByText("Where is the exit?")).toBeVisible();
  await expect(page.getByRole("log").getByText("Sent", { exact: true })).toBeAttached();
  const [ticket] = (await hark.rest(project, "GET", "/tickets?limit=2")).tickets;
  for (const [name, data] of [
    ["open-helpcenter", {}],
    ["open-helpcenter-search", { term: "exit" }],
    ["open-help-collection", { collectionId: "c" }],
    ["open-help-article", { articleId: "a" }],
    ["open-news", {}],
    ["open-news-article", { id: "n" }],
    ["open-feature-requests", {}],
    ["open-checklists", {}],
    ["open-checklist", { id: "c" }],
    ["start-checklist", { outboundId: "o" }],
  ] as const) {
    await app.tell("open-conversation", { shareToken: ticket.shareToken, hideBackButton: true });
    await expect(page.getByRole("log").getByText("Where is the exit?")).toBeVisible();
    await app.tell(name, { ...data, hideBackButton: true });
    await expect(heading, name).toHaveText(/How can we help/);
  }
  await app.tell("open-conversations", { hideBackButton: true });
  await expect(heading).toHaveText("Messages");
  await app.tell("reset-routes", {});
  await expect(heading).toHaveText(/How can we help/);
});
