// Messages for what the messenger does not have, of newer SDKs, and in a bad shape: none does harm, and those that mean
// something without it are heeded.
import { expect, sdk, test } from "../support/test.ts";
import { Messenger, onlyTicket } from "../support/messenger.ts";

/** What goes wrong on a page from here on, in each of its frames. */
function troubles(messenger: Messenger): string[] {
  const found: string[] = [];
  messenger.page.on("pageerror", (error) => found.push(error.message));
  messenger.page.on("console", (line) => {
    // The SDK asks its maker for a sound.
    if (line.type() === "error" && !line.location().url.includes("js.gleap.io")) found.push(`${line.text()} ${line.location().url}`);
  });
  return found;
}

/** What SDKs say to frames that have tools, checklists, a chat bar, or agents' conversations. */
const FOREIGN = [
  { name: "frontend-tool-result", data: { toolCallId: "t1", name: "order", result: "shipped" } },
  { name: "chatbar-notification", data: { sender: "Ada", text: "Hi", shareToken: "s" } },
  { name: "chatbar-notification-clear" },
  { name: "chatbar-outside-click" },
  { name: "chatbar-start-agent", data: { agentId: "kai", agentName: "Kai", context: {}, initialQuestion: "?" } },
  { name: "checklist", data: { id: "c", status: "done", completedSteps: ["a"], steps: [] } },
  { name: "survey-safe-area", data: { top: 9, right: 9, bottom: 9, left: 9 } },
  { type: "agent-conversation", name: "agent-conv-data", data: { agentId: "a" } },
  { type: "agent-conversation", name: "agent-conv-clear", data: {} },
  { type: "banner", name: "banner-data", data: { config: { title: "Not here" } } },
  { type: "modal", name: "modal-data", data: { title: "Not here" } },
];

/** What is no message, and messages that lack what they need. */
const BROKEN = [
  ...["", "{", "null", "[]", '"ping"', "9", "PING"],
  ...[{}, { name: 5 }, { name: "constructor" }, { name: "__proto__", data: {} }, { name: "of-another-version", data: { a: 1 } }],
  ...["session-update", "prefill-form-data", "collect-ticket-data", "set-form-data", "feedback-sent", "feedback-sending-failed"].map((name) => ({ name, data: null })),
  ...["screenshot-update", "safe-area-update", "capture-capabilities", "capture-state", "capture-image"].map((name) => ({ name, data: 7 })),
  ...["open-conversation", "start-survey"].map((name) => ({ name, data: {} })),
];

test("what the messenger does not have, and what is no message, leaves it as it was", async ({ hark, project, visit, sdk: version }) => {
  const messenger = await Messenger.on(await visit());
  const { page } = messenger;
  await messenger.open();
  await messenger.button("Messages").click();
  await expect(messenger.heading).toHaveText("Messages");
  const found = troubles(messenger);

  // Tools, as sites register them, and the answer of the SDK to whoever asks for one.
  await sdk(page, "setAiTools", [{ name: "order", description: "Finds an order", executionType: "auto", parameters: [] }]);
  const frame = await messenger.inside();
  await frame.evaluate(() => {
    const heard: string[] = [];
    (window as any).heard = heard;
    addEventListener("message", (event) => heard.push(String(event.data)));
    parent.postMessage(JSON.stringify({ name: "frontend-tool-execute", data: { toolCallId: "t0", name: "nothing", params: {} } }), "*");
  });
  const heard = (what: string) => frame.evaluate((text) => (window as any).heard.some((one: string) => one.includes(text)), what);
  if (version === "gleap-16") await expect.poll(() => heard("frontend-tool-result")).toBe(true);
  await messenger.tell(...FOREIGN, ...BROKEN, "the last one");
  await expect.poll(() => heard("the last one")).toBe(true);

  await expect(messenger.heading).toHaveText("Messages");
  await messenger.button(/Send us a message/).click();
  await messenger.write("Still there");
  await expect(messenger.log.getByText("Sent", { exact: true })).toBeAttached();
  expect((await onlyTicket(hark, project)).title).toBe("Still there");
  expect(found).toEqual([]);
  expect(await messenger.said("close-widget")).toEqual([]);
});

test("newer SDKs are told by a message of its own that the widget is to be wide", async ({ visit }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.show("startConversation");
  await messenger.tell({ name: "widget-size-update", data: { expandable: true, expanded: false } });
  await messenger.button("Wider").click();
  expect((await messenger.hasSaid("set-widget-expanded")).data).toEqual({ expanded: true });
  await expect(messenger.button("Narrower")).toBeVisible();
  // The SDK made it narrow by itself.
  await messenger.tell({ name: "widget-size-update", data: { expandable: true, expanded: false } });
  await expect(messenger.button("Wider")).toBeVisible();
  // There is no room for more.
  await messenger.tell({ name: "widget-size-update", data: { expandable: false, expanded: false } });
  await expect(messenger.button("Wider")).toBeHidden();
});

test("links on the page of the site show screens", async ({ visit }) => {
  const messenger = await Messenger.on(await visit());
  const { page, heading } = messenger;
  const links = { flow: "bugreporting", bot: "b1", article: "a1", collection: "c1", news: "n1", checklist: "c1/key" };
  await page.evaluate((all) => {
    document.body.innerHTML = Object.entries(all).map(([type, id]) => `<p><a href="gleap://${type}/${id}">${type}</a></p>`).join("");
  }, links);
  for (const type of Object.keys(links)) {
    await messenger.show("openConversations");
    await expect(heading).toHaveText("Messages");
    await page.getByRole("link", { name: type, exact: true }).click();
    await messenger.still();
    if (type === "bot") await expect(messenger.composer).toBeVisible();
    else await expect(heading, type).toHaveText(type === "flow" ? "Report a problem" : /How can we help/);
  }
});

test("a flow is shown in the widget, whatever format the site names", async ({ visit }) => {
  const messenger = await Messenger.on(await visit());
  const { page } = messenger;
  await messenger.show("startFeedbackFlowWithOptions", "bugreporting", { format: "survey", hideBackButton: false });
  await expect(messenger.heading).toHaveText("Report a problem");
  await expect(messenger.button("Back")).toBeVisible();
  await expect.poll(async () => (await page.locator(".gleap-frame").boundingBox())?.height).toBeGreaterThan(500);
  expect(await messenger.said("height-update")).toEqual([]);
});

/** Starts a report with drawing, as the SDK does for a shortcut, and draws. */
async function drawFirst(messenger: Messenger): Promise<void> {
  await sdk(messenger.page, "startFeedbackFlowWithOptions", "bugreporting", { autostartDrawing: true });
  await messenger.draw([200, 200], [400, 320]);
}

test("what was drawn while the form was still loading is in it", async ({ visit, context }) => {
  let loads = (): void => {};
  const mayLoad = new Promise<void>((resolve) => (loads = resolve));
  await context.route(/\/assets\/FlowScreen-/, async (route) => {
    await mayLoad;
    await route.continue();
  });
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await drawFirst(messenger);
  await messenger.still();
  loads();
  await expect(messenger.frame.getByText("Your marks are attached")).toBeVisible();
});

test("what was drawn before the messenger was ever opened is sent, and not left on the page", async ({ visit }) => {
  const messenger = await Messenger.on(await visit());
  const { page } = messenger;
  await drawFirst(messenger);
  await messenger.still();
  await messenger.frame.getByRole("textbox", { name: "What went wrong?" }).fill("See what I drew");
  await expect(page.locator(".bb-capture-svg")).toHaveCount(1);
  const sent = page.waitForRequest(/\/bugs\/v2$/);
  await messenger.button("Send").click();
  expect((await sent).postDataJSON().screenshotData.html).toContain("bb-capture-svg");
  await expect(messenger.frame.getByText("Thank you")).toBeVisible();
  await expect(page.locator(".bb-capture-svg")).toHaveCount(0);
});

test("marks for another report are made after one was sent", async ({ visit }) => {
  const messenger = await Messenger.on(await visit());
  const { page, frame } = messenger;
  await drawFirst(messenger);
  await messenger.still();
  await frame.getByRole("textbox", { name: "What went wrong?" }).fill("See what I drew");
  await messenger.button("Send").click();
  await expect(frame.getByText("Thank you")).toBeVisible();
  await messenger.hasSaid("cleanup-drawings");
  await messenger.button("Close").click();
  await expect(page.locator(".gleap-frame-container")).toBeHidden();

  const starts = (await messenger.said("notify-event")).length;
  await sdk(page, "startFeedbackFlowWithOptions", "bugreporting", { autostartDrawing: true });
  // The form of the next report is there, behind the page.
  await messenger.hasSaid("notify-event", starts + 1);
  await messenger.draw([200, 200], [400, 320]);
  await expect(frame.getByText("Your marks are attached")).toBeVisible();
  await expect(page.locator(".bb-capture-svg")).toHaveCount(1);
  expect(await messenger.said("cleanup-drawings")).toHaveLength(1);
});

test("a report in which nothing was drawn has no marks of the one before", async ({ visit }) => {
  const messenger = await Messenger.on(await visit());
  const { page, frame } = messenger;
  await drawFirst(messenger);
  await messenger.still();
  await expect(frame.getByRole("textbox", { name: "What went wrong?" })).toBeVisible();
  await expect(page.locator(".bb-capture-svg")).toHaveCount(1);
  await messenger.show("startFeedbackFlow", "bugreporting");
  await expect(messenger.button("Mark the page")).toBeVisible();
  await expect(page.locator(".bb-capture-svg")).toHaveCount(0);
});

test("no marks stay when the form is left while it is sent", async ({ visit }) => {
  const messenger = await Messenger.on(await visit());
  const { page, frame } = messenger;
  let go = (): void => {};
  const mayGo = new Promise<void>((resolve) => (go = resolve));
  await page.route(/\/bugs\/v2$/, async (route) => {
    await mayGo;
    await route.continue();
  });
  await messenger.open();
  await messenger.show("startFeedbackFlowWithOptions", "bugreporting", { hideBackButton: false });
  await messenger.button("Mark the page").click();
  await messenger.draw([200, 200], [400, 320]);
  await messenger.still();
  await frame.getByRole("textbox", { name: "What went wrong?" }).fill("See what I drew");
  const sent = page.waitForRequest(/\/bugs\/v2$/);
  await messenger.button("Send").click();
  expect((await sent).postDataJSON().screenshotData.html).toContain("bb-capture-svg");
  await messenger.button("Back").click();
  await expect(messenger.heading).toHaveText(/How can we help/);
  go();
  await expect(page.locator(".bb-capture-svg")).toHaveCount(0);
});
