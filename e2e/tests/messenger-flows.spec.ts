// Feedback flows and surveys: questions, conditions, marks on the page, and what arrives.
import { expect, sdk, test } from "../support/test.ts";
import { Messenger, onlyTicket } from "../support/messenger.ts";
import type { Hark, Project } from "../support/hark.ts";

const flows = {
  order: {
    title: "Trouble with an order",
    feedbackType: "BUG",
    layout: "steps",
    excludeData: { networkLogs: true, screenshot: true },
    form: [
      { key: "kind", type: "select", title: "What is it?", required: true, options: [{ value: "late", label: "Late" }, { value: "broken", label: "Broken" }] },
      { key: "parts", type: "multiselect", title: "What is broken?", required: true, options: [{ value: "plate", label: "Plate" }, { value: "bowl", label: "Bowl" }], conditions: { rules: [{ key: "kind", op: "is", value: "broken" }] } },
      { key: "description", type: "textarea", title: "Tell us more", required: true, minLength: 5 },
    ],
    thanksTitle: "We are on it",
  },
  everything: {
    title: "Everything",
    feedbackType: "INQUIRY",
    home: false,
    form: [
      { key: "line", type: "text", title: "A line", required: true },
      { key: "mail", type: "email", title: "An address" },
      { key: "count", type: "number", title: "A number", min: 1, max: 5 },
      { key: "one", type: "select", title: "One of many", options: "abcdefghi".split("").map((value) => ({ value, label: value.toUpperCase() })), other: true },
      { key: "stars", type: "rating", title: "Stars" },
      { key: "mood", type: "emoji", title: "Mood" },
      { key: "nps", type: "scale", title: "Scale" },
      { key: "files", type: "upload", title: "Files" },
      { key: "agree", type: "consent", title: "I agree", required: true, link: "https://example.com/privacy" },
    ],
  },
  nps: {
    title: "One question",
    kind: "survey",
    feedbackType: "INQUIRY",
    form: [{ key: "score", type: "scale", title: "Would you recommend us?", required: true }],
  },
};

/** Gives the project these flows. */
async function configure(hark: Hark, project: Project): Promise<void> {
  await hark.rest(project, "PUT", "/projects/config", { projectActions: flows });
}

test("a problem is reported with marks on the page", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  const { page } = messenger;
  await page.evaluate(() => {
    (window as any).fired = [];
    for (const name of ["flow-started", "feedback-sent"]) (window as any).Gleap.on(name, () => (window as any).fired.push(name));
  });
  await messenger.open();
  await messenger.button(/Report a problem/).click();
  await expect.poll(() => page.evaluate(() => (window as any).fired)).toEqual(["flow-started"]);
  await messenger.button("Send").click();
  await expect(messenger.frame.getByText("Please answer this")).toBeVisible();
  await messenger.frame.getByRole("textbox", { name: "What went wrong?" }).fill("The buy button does nothing\nI tried twice");
  await messenger.frame.getByRole("textbox", { name: "E-mail address" }).fill("ada@example.com");

  await messenger.button("Mark the page").click();
  expect((await messenger.hasSaid("start-screen-drawing")).data).toBe("screenshot");
  await messenger.draw([200, 200], [400, 320]);
  await expect(messenger.frame.getByText("Your marks are attached")).toBeVisible();
  // Nothing that was written got lost while the widget was away.
  await expect(messenger.frame.getByRole("textbox", { name: "What went wrong?" })).toHaveValue(/buy button/);

  await messenger.still();
  const sent = page.waitForRequest(/\/bugs\/v2$/);
  await messenger.button("Send").click();
  expect((await sent).postDataJSON().screenshotData.html).toContain("bb-capture-svg");
  await expect(messenger.frame.getByText("Thank you")).toBeVisible();
  // What was drawn is in the report, and the page is free of it.
  await expect(page.locator(".bb-capture-svg")).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => (window as any).fired)).toEqual(["flow-started", "feedback-sent"]);
  const ticket = await onlyTicket(hark, project);
  expect(ticket).toMatchObject({ type: "BUG", title: "The buy button does nothing" });
  expect(ticket.formData).toMatchObject({ reportedBy: "ada@example.com" });
  await messenger.button("Open the conversation").click();
  await messenger.write("It is still there");
  await expect(messenger.log.getByText("Sent", { exact: true })).toBeAttached();
  // The report said it.
  await expect(messenger.frame.getByText("Who are we talking to?")).toBeHidden();
});

test("marks can be taken back, and the picture of the page left out", async ({ visit }) => {
  const messenger = await Messenger.on(await visit());
  const { page } = messenger;
  await messenger.open();
  await messenger.button(/Report a problem/).click();
  await messenger.button("Mark the page").click();
  await page.locator(".bb-capture-button-next").click();
  await expect(messenger.frame.getByText("Your marks are attached")).toBeVisible();
  await messenger.still();
  await messenger.button("Remove").click();
  await messenger.hasSaid("cleanup-drawings");
  await expect(messenger.button("Mark the page")).toBeVisible();
  await messenger.frame.getByRole("checkbox", { name: "Send a picture of this page along" }).uncheck();
  await messenger.frame.getByRole("textbox", { name: "What went wrong?" }).fill("Nothing to see");
  const sent = page.waitForRequest(/\/bugs\/v2$/);
  await messenger.button("Send").click();
  expect((await sent).postDataJSON().screenshotData).toBeUndefined();
  await expect(messenger.frame.getByText("Thank you")).toBeVisible();
});

test("the SDK's recorder is opened", async ({ visit }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Report a problem/).click();
  await messenger.button("Record the screen").click();
  expect((await messenger.hasSaid("start-screen-drawing")).data).toBe("capture");
  await expect(messenger.page.locator(".bb-capture-toolbar")).toBeVisible();
  await expect(messenger.page.locator(".gleap-frame-container")).toBeHidden();
  await messenger.page.locator(".bb-capture-dismiss").click();
  await expect(messenger.frame.getByRole("textbox", { name: "What went wrong?" })).toBeVisible();
});

/** Records the screen for a moment, with what Chromium shows in place of one. */
async function record(messenger: Messenger): Promise<void> {
  const { page } = messenger;
  await messenger.button("Record the screen").click();
  const recording = page.locator('.bb-capture-toolbar-item[data-type="recording"]');
  await recording.click();
  // The clock of the recorder runs.
  await expect(page.locator(".bb-capture-toolbar-item-timer")).toHaveText("1:58");
  await recording.click();
  await page.locator(".bb-capture-preview").getByText("Next").click();
  await expect(messenger.frame.getByText("Your recording is attached")).toBeVisible();
  await messenger.still();
}

test("a film of the screen arrives with the report", async ({ hark, project, visit, context }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.show("startFeedbackFlow", "bugreporting");
  await messenger.frame.getByRole("textbox", { name: "What went wrong?" }).fill("See the film");
  await record(messenger);
  await messenger.button("Send").click();
  await expect(messenger.frame.getByText("Thank you")).toBeVisible();
  const { screenRecordingUrl } = await onlyTicket(hark, project);
  const page = await context.newPage();
  await page.goto(screenRecordingUrl);
  const film = page.locator("video");
  await expect.poll(() => film.evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0);
});

test("a film arrives also when the flow is left while it is sent", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Report a problem/).click();
  await messenger.frame.getByRole("textbox", { name: "What went wrong?" }).fill("See the film");
  await record(messenger);
  const told = async () => (await messenger.said("notify-event")).filter(({ data }) => data.type === "flow-started").length;
  const before = await told();
  const sent = messenger.page.waitForResponse(/\/bugs\/v2$/);
  // Both at once: before the SDK has made the report.
  await messenger.frame.locator("main.screen").evaluate((screen) => {
    screen.querySelector<HTMLElement>("form button[type=submit]")!.click();
    screen.querySelector<HTMLElement>("button.back")!.click();
  });
  await sent;
  // What was filmed is in the report, and not in whatever is sent next.
  await expect.poll(told).toBe(before + 1);
  expect((await onlyTicket(hark, project)).screenRecordingUrl).toBeTruthy();
});

test("a browser that films no screens is not asked to", async ({ visit, context }) => {
  await context.addInitScript(() => delete (MediaDevices.prototype as any).getDisplayMedia);
  const messenger = await Messenger.on(await visit());
  await messenger.show("startFeedbackFlow", "bugreporting");
  await expect(messenger.button("Mark the page")).toBeVisible();
  await expect(messenger.button("Record the screen")).toBeHidden();
});

test("a film that was taken back is not sent", async ({ hark, project, visit, context }) => {
  const messenger = await Messenger.on(await visit());
  const uploads: string[] = [];
  context.on("request", (request) => {
    if (request.url().endsWith("/uploads/sdk")) uploads.push(request.url());
  });
  await messenger.show("startFeedbackFlow", "bugreporting");
  await messenger.frame.getByRole("textbox", { name: "What went wrong?" }).fill("No film, please");
  await record(messenger);
  await messenger.button("Remove").click();
  await expect(messenger.button("Record the screen")).toBeVisible();
  await messenger.button("Send").click();
  await expect(messenger.frame.getByText("Thank you")).toBeVisible();
  expect(await onlyTicket(hark, project)).not.toHaveProperty("screenRecordingUrl");
  expect(uploads).toEqual([]);
});

test("one question a page, with conditions, and without what is excluded", async ({ hark, project, visit }) => {
  await configure(hark, project);
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Trouble with an order/).click();
  const { frame } = messenger;
  await messenger.button("Next").click();
  await expect(frame.getByText("Please answer this")).toBeVisible();
  await frame.getByRole("radio", { name: "Broken" }).check();
  await expect(frame.getByRole("progressbar", { name: "Step 1 of 3" })).toBeVisible();
  await messenger.button("Next").click();
  await frame.getByRole("checkbox", { name: "Bowl" }).check();
  await messenger.button("Back").last().click();
  await frame.getByRole("radio", { name: "Late" }).check();
  await expect(frame.getByRole("progressbar", { name: "Step 1 of 2" })).toBeVisible();
  await messenger.button("Next").click();
  const text = frame.getByRole("textbox", { name: "Tell us more" });
  await text.fill("abc");
  await messenger.button("Send").click();
  await expect(frame.getByText("Please write at least 5 characters")).toBeVisible();
  await expect(text).toBeFocused();
  await text.fill("It never came");
  const sent = messenger.page.waitForRequest(/\/bugs\/v2$/);
  await messenger.button("Send").click();
  const body = (await sent).postDataJSON();
  expect(body.formData).toMatchObject({ kind: "late", description: "It never came" });
  expect(body.formData).not.toHaveProperty("parts");
  expect(body).not.toHaveProperty("networkLogs");
  expect(body).not.toHaveProperty("screenshotData");
  await expect(frame.getByText("We are on it")).toBeVisible();
});

test("a flow speaks the visitor's language, and its answers stay what they are", async ({ hark, project, visit, context }) => {
  await configure(hark, project);
  const words = { "flow.order.title": "Ärger mit einer Bestellung", "flow.order.kind.title": "Was ist es?", "flow.order.kind.option.late": "Zu spät" };
  await hark.rest(project, "PUT", "/projects/config", { translations: { de: words } });
  await context.addInitScript(() => document.addEventListener("DOMContentLoaded", () => (document.documentElement.lang = "de")));
  const messenger = await Messenger.on(await visit());
  const { frame } = messenger;
  await messenger.open();
  await messenger.button(/Ärger mit einer Bestellung/).click();
  await expect(frame.getByRole("group", { name: "Was ist es?" })).toBeVisible();
  await frame.getByRole("radio", { name: "Zu spät" }).check();
  await messenger.button("Weiter").click();
  await frame.getByRole("textbox", { name: "Tell us more" }).fill("Sie kam nie an");
  const sent = messenger.page.waitForRequest(/\/bugs\/v2$/);
  await messenger.button("Absenden").click();
  expect((await sent).postDataJSON().formData).toMatchObject({ kind: "late", description: "Sie kam nie an" });
});

test("every kind of question on one page", async ({ hark, project, visit }) => {
  await configure(hark, project);
  const messenger = await Messenger.on(await visit());
  await sdk(messenger.page, "preFillForm", { line: "from the site" });
  await messenger.open();
  await expect(messenger.frame.getByText("Everything")).toBeHidden();
  await messenger.show("startFeedbackFlow", "everything", true);
  const { frame } = messenger;
  await expect(frame.getByRole("textbox", { name: "A line" })).toHaveValue("from the site");
  await frame.getByRole("textbox", { name: "An address" }).fill("nobody");
  await frame.getByRole("textbox", { name: "A number" }).fill("7");
  await messenger.button("Send").click();
  await expect(frame.getByText("Please give a full e-mail address")).toBeVisible();
  await expect(frame.getByText("5 is the most")).toBeVisible();
  await expect(frame.getByText("Please agree to go on")).toBeVisible();
  await messenger.expectAccessible();
  await frame.getByRole("textbox", { name: "An address" }).fill("ada@example.com");
  await frame.getByRole("textbox", { name: "A number" }).fill("4");
  await frame.getByRole("combobox", { name: "One of many" }).selectOption({ label: "Other" });
  await frame.getByRole("textbox", { name: "Your answer" }).fill("Z");
  await frame.getByRole("group", { name: "Stars" }).getByRole("radio", { name: "4" }).check({ force: true });
  await frame.getByRole("group", { name: "Mood" }).getByRole("radio", { name: "Great" }).check({ force: true });
  // With the keyboard alone.
  await frame.getByRole("group", { name: "Scale" }).getByRole("radio", { name: "0", exact: true }).focus();
  for (let turn = 0; turn < 9; turn += 1) await messenger.page.keyboard.press("ArrowRight");
  const choose = messenger.page.waitForEvent("filechooser");
  await messenger.button(/Add files/).click();
  await (await choose).setFiles([{ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("x") }]);
  await frame.getByRole("checkbox", { name: "I agree" }).check();
  const sent = messenger.page.waitForRequest(/\/bugs\/v2$/);
  await messenger.button("Send").click();
  const { formData } = (await sent).postDataJSON();
  expect(formData).toMatchObject({ line: "from the site", mail: "ada@example.com", count: 4, one: "Z", stars: 4, mood: 5, nps: 9, agree: true });
  expect(formData.files).toEqual([expect.objectContaining({ name: "a.txt", type: "text/plain" })]);
});

test("what could not be sent stays to be sent again", async ({ visit, context }) => {
  const messenger = await Messenger.on(await visit());
  await context.route(/\/bugs\/v2$/, (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  await messenger.show("startFeedbackFlow", "bugreporting");
  await messenger.frame.getByRole("textbox", { name: "What went wrong?" }).fill("Keep me");
  await messenger.button("Send").click();
  await expect(messenger.frame.getByText("It could not be sent. Please try again.")).toBeVisible();
  await expect(messenger.frame.getByRole("textbox", { name: "What went wrong?" })).toHaveValue("Keep me");
  await context.unroute(/\/bugs\/v2$/);
  await messenger.button("Send").click();
  await expect(messenger.frame.getByText("Thank you")).toBeVisible();
});

for (const format of ["survey", "survey_full", "survey_web"] as const) {
  test(`a survey as ${format}`, async ({ hark, project, visit }) => {
    await configure(hark, project);
    const messenger = await Messenger.on(await visit());
    const { page, frame } = messenger;
    await page.evaluate(() => (window as any).Gleap.on("outbound-sent", (data: unknown) => ((window as any).outbound = data)));
    await messenger.show("showSurvey", "nps", format);
    await expect(frame.getByText("Would you recommend us?")).toBeVisible();
    await expect(messenger.button("Back")).toBeHidden();
    await messenger.expectAccessible();
    const container = page.locator(".gleap-frame-container");
    // As high as what is in it, and no higher.
    expect((await messenger.hasSaid("height-update")).data).toBeGreaterThan(150);
    const inner = page.locator(".gleap-frame-container-inner");
    const over = async () => Math.round((await inner.boundingBox())?.height ?? 0) - (await messenger.said("height-update")).at(-1)!.data;
    await expect.poll(over).toBeLessThan(4);
    await frame.getByRole("radio", { name: "9" }).check({ force: true });
    const sent = page.waitForRequest(/\/bugs\/v2$/);
    await messenger.button("Send").click();
    expect((await sent).postDataJSON()).toMatchObject({ outbound: "nps", formData: { score: 9 } });
    await expect(frame.getByText("Thank you")).toBeVisible();
    await expect.poll(() => page.evaluate(() => (window as any).outbound !== undefined)).toBe(true);
    if (format === "survey_web") return;
    // Thanks need less room: the frame shrinks, and what is in it moves.
    await expect.poll(over).toBeLessThan(4);
    await messenger.still(".gleap-frame-container-inner");
    if (format === "survey") await messenger.button("Close").click();
    else void page.keyboard.press("Escape").catch(() => undefined);
    await messenger.hasSaid("close-widget");
    await expect(container).toBeHidden();
    await messenger.open();
    await expect(messenger.heading).toHaveText(/How can we help/);
  });
}
