// Pictures and films of apps, whose SDKs are played by the test: they are asked for, marked, and arrive.
import type { Page } from "@playwright/test";
import { App } from "../support/app.ts";
import { expect, test } from "../support/test.ts";
import { messagesOf } from "../support/messenger.ts";
import type { Hark, Project } from "../support/hark.ts";

test.beforeEach(({ sdk }) => test.skip(sdk !== "gleap-16", "no SDK of the web is used"));

const CAPABLE = { version: 1, platform: "ios", sdkType: "NATIVE", sdkVersion: "19.2.0", screenshot: true, recording: true, recordingMethod: "frames", maxRecordingSec: 60, annotate: true, microphone: false };

/** A picture of one colour, made in the page. */
async function picture(page: Page, type: "image/png" | "image/jpeg", colour = "#ffffff"): Promise<string> {
  return page.evaluate(
    ([mime, fill]) => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 200, height: 400 });
      const context = canvas.getContext("2d")!;
      context.fillStyle = fill!;
      context.fillRect(0, 0, 200, 400);
      return canvas.toDataURL(mime);
    },
    [type, colour],
  );
}

/** How many pixels of a picture are red. */
async function redIn(page: Page, url: string): Promise<number> {
  return page.evaluate(async (src) => {
    const image = Object.assign(new Image(), { src });
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.naturalWidth, height: image.naturalHeight });
    const context = canvas.getContext("2d")!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let red = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at]! > 180 && data[at + 1]! < 90 && data[at + 2]! < 90) red += 1;
    return red;
  }, url);
}

/** Draws a line on the picture. */
async function drawOn(page: Page): Promise<void> {
  const sheet = page.locator("dialog canvas");
  await expect(page.getByRole("button", { name: "Done" })).toBeEnabled();
  const box = (await sheet.boundingBox())!;
  // All of it can be reached.
  expect(box.y + box.height).toBeLessThanOrEqual(page.viewportSize()!.height);
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.3);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.6, { steps: 6 });
  await page.mouse.up();
}

/** A conversation of the app's contact, opened. */
async function talk(app: App, hark: Hark, project: Project): Promise<any> {
  await app.tell("start-bot", { botId: "", hideBackButton: true });
  await app.page.getByRole("textbox", { name: "Write a message" }).fill("The list jumps");
  await app.page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(app.page.getByRole("log").getByText("Sent", { exact: true })).toBeAttached();
  return (await hark.rest(project, "GET", "/tickets?limit=2")).tickets[0];
}

test("the picture that any app took is marked, and the marks are taken back", async ({ hark, project, context }) => {
  const app = await App.android(context, hark, project);
  const { page } = app;
  await app.answer();
  await app.tell("screenshot-update", await picture(page, "image/png"));
  await app.tell("start-feedbackflow", { flow: "bugreporting", hideBackButton: true });
  await expect(page.getByRole("button", { name: "Another picture" })).toBeHidden();
  await page.getByRole("button", { name: "Mark the picture" }).click();
  await drawOn(page);
  await app.expectAccessible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Undo" })).toBeDisabled();
  await drawOn(page);
  await page.getByRole("button", { name: "Done" }).click();
  const marked = (await app.hasSaid("screenshot-updated")).data;
  expect(marked).toMatch(/^data:image\/png;base64,/);
  expect(await redIn(page, marked)).toBeGreaterThan(200);
  await expect(page.getByText("Your marks are attached")).toBeVisible();
  await expect(page.getByRole("img", { name: "Picture of this app" })).toHaveAttribute("src", marked);
  await app.expectAccessible();
  await page.getByRole("button", { name: "Remove" }).click();
  await app.hasSaid("cleanup-drawings");
  await expect(page.getByRole("button", { name: "Mark the picture" })).toBeVisible();

  // Whoever gives up drawing is where it was, with the messenger open.
  await page.getByRole("button", { name: "Mark the picture" }).click();
  await expect(page.getByRole("button", { name: "Done" })).toBeEnabled();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByRole("button", { name: "Mark the picture" })).toBeFocused();
  expect(await app.said("close-widget")).toEqual([]);
  expect(await app.said("capture-cancel")).toEqual([]);
});

test("another picture is taken for a report, and what was written stays", async ({ hark, project, context }) => {
  const app = await App.ios(context, hark, project);
  const { page } = app;
  await app.answer(CAPABLE);
  await app.tell("start-feedbackflow", { flow: "bugreporting", hideBackButton: true });
  await page.getByRole("textbox", { name: "What went wrong?" }).fill("The list jumps");
  // Films belong to conversations, and there is none yet.
  await expect(page.getByRole("button", { name: "Record the screen" })).toBeHidden();
  await page.getByRole("button", { name: "Take a picture" }).click();
  const start = (await app.hasSaid("capture-start")).data;
  expect(start).toMatchObject({ kind: "screenshot", ticketShareToken: "", options: { annotate: true, audio: false, attachLogs: false, maxDurationSec: 60 } });
  expect(start.requestId).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  expect(start.labels).toMatchObject({ barCapture: "Take a picture", barCancel: "Cancel" });
  const { requestId } = start;
  await app.tell("capture-state", { requestId, state: "bar" });
  await app.tell("widget-status-update", { isWidgetOpen: false });
  await app.tell("capture-state", { requestId: "somebody-else", state: "failed" });
  await app.tell("widget-status-update", { isWidgetOpen: true });
  await app.tell("capture-image", { requestId, dataUrl: await picture(page, "image/jpeg", "#dde8ff"), width: 200, height: 400, method: "frames", platform: "ios", sdkType: "NATIVE", sdkVersion: "19.2.0" });
  await app.tell("capture-state", { requestId, state: "preview" });
  await drawOn(page);
  expect((await app.said("capture-editor")).map(({ data }) => data)).toEqual([{ requestId, open: true }]);
  await page.getByRole("button", { name: "Done" }).click();
  expect(await redIn(page, (await app.hasSaid("screenshot-updated")).data)).toBeGreaterThan(200);
  expect((await app.hasSaid("capture-done")).data).toEqual({ requestId });
  expect((await app.said("capture-editor")).map(({ data }) => data.open)).toEqual([true, false]);
  await expect(page.getByRole("textbox", { name: "What went wrong?" })).toHaveValue("The list jumps");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  expect((await app.hasSaid("send-feedback")).data.formData).toMatchObject({ description: "The list jumps" });
});

test("an app that begins the messenger anew brings the visitor back to what was begun", async ({ hark, project, context }) => {
  const app = await App.android(context, hark, project);
  const { page } = app;
  await app.answer(CAPABLE);
  await app.tell("start-feedbackflow", { flow: "bugreporting", hideBackButton: false });
  await page.getByRole("textbox", { name: "What went wrong?" }).fill("The list jumps");
  const choose = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Add files" }).click();
  await (await choose).setFiles({ name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
  await expect(page.getByRole("button", { name: "Remove note.txt" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeEnabled();
  await page.getByRole("button", { name: "Take a picture" }).click();
  const { requestId } = (await app.hasSaid("capture-start")).data;
  await app.again(CAPABLE);
  await app.tell("capture-image", { requestId, dataUrl: await picture(page, "image/jpeg") });
  await app.tell("capture-state", { requestId, state: "preview" });
  await drawOn(page);
  await page.getByRole("button", { name: "Done" }).click();
  await app.hasSaid("screenshot-updated");
  await expect(page.getByText("Your marks are attached")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "What went wrong?" })).toHaveValue("The list jumps");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  expect((await app.hasSaid("send-feedback")).data.formData).toMatchObject({ description: "The list jumps", files: [{ name: "note.txt" }] });
  // What has ended does not come back.
  await app.again(CAPABLE);
  await app.tell("capture-state", { requestId, state: "cancelled" });
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/How can we help/);
});

test("a picture is taken for a message", async ({ hark, project, context }) => {
  const app = await App.ios(context, hark, project);
  const { page } = app;
  await app.answer(CAPABLE);
  const ticket = await talk(app, hark, project);
  await page.getByRole("textbox", { name: "Write a message" }).fill("See here");
  await page.getByRole("button", { name: "Take a picture" }).click();
  const start = (await app.hasSaid("capture-start")).data;
  expect(start).toMatchObject({ kind: "screenshot", ticketShareToken: ticket.shareToken });
  // The app opens the conversation again before it hands the picture over.
  await app.again(CAPABLE);
  await app.tell("open-conversation", { shareToken: ticket.shareToken, hideBackButton: true });
  await app.tell("capture-image", { requestId: start.requestId, dataUrl: await picture(page, "image/jpeg") });
  await drawOn(page);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("button", { name: "Remove picture.png" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Write a message" })).toHaveValue("See here");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect.poll(async () => (await messagesOf(hark, project, ticket.id)).length).toBe(2);
  const written = await messagesOf(hark, project, ticket.id);
  expect(written.at(-1)).toMatchObject({ attachments: [{ name: "picture.png", type: "image/png" }] });
});

test("a film arrives in the conversation, also after a report", async ({ hark, project, context }) => {
  const app = await App.ios(context, hark, project);
  const { page } = app;
  await app.answer(CAPABLE);
  const ticket = await talk(app, hark, project);
  await app.expectAccessible();
  await page.getByRole("button", { name: "Record the screen" }).click();
  const start = (await app.hasSaid("capture-start")).data;
  expect(start).toMatchObject({ kind: "recording", ticketShareToken: ticket.shareToken });
  expect(start.labels).toMatchObject({ barStart: "Start", barStop: "Stop", previewSend: "Send", uploading: "Uploading" });
  for (const state of ["bar", "recording", "preview", "uploading"]) await app.tell("capture-state", { requestId: start.requestId, state });
  await app.sendFilm(start.requestId);
  await app.tell("capture-state", { requestId: start.requestId, state: "done" });
  await expect(page.getByRole("log").locator("video")).toHaveCount(1);

  // A report is a conversation as soon as it is there.
  await app.tell("start-feedbackflow", { flow: "bugreporting", hideBackButton: true });
  await page.getByRole("textbox", { name: "What went wrong?" }).fill("The list jumps");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await app.hasSaid("send-feedback");
  await app.tell("feedback-sent", { shareToken: ticket.shareToken });
  await page.getByRole("button", { name: "Record the screen" }).click();
  const again = (await app.hasSaid("capture-start", 2)).data;
  expect(again.requestId).not.toBe(start.requestId);
  await app.sendFilm(again.requestId);
  await app.tell("capture-state", { requestId: again.requestId, state: "done" });
  await expect(page.getByRole("log").locator("video")).toHaveCount(2);
  expect((await messagesOf(hark, project, ticket.id)).length).toBe(3);
});

test("what comes to nothing says so, and what the visitor gives up does not", async ({ hark, project, context }) => {
  const app = await App.ios(context, hark, project);
  const { page } = app;
  await app.answer(CAPABLE);
  await talk(app, hark, project);
  const problem = page.getByText("That did not work here.", { exact: false });
  for (const [turn, state, isProblem] of [
    [1, "cancelled", false],
    [2, "unsupported", true],
    [3, "failed", true],
  ] as const) {
    await page.getByRole("button", { name: "Take a picture" }).click();
    const { requestId } = (await app.hasSaid("capture-start", turn)).data;
    await expect(problem).toBeHidden();
    await app.tell("capture-state", { requestId, state });
    await expect(problem).toBeVisible({ visible: isProblem });
  }
  await page.getByRole("button", { name: "Take a picture" }).click();
  const { requestId } = (await app.hasSaid("capture-start", 4)).data;
  await app.tell("capture-image", { requestId, dataUrl: await picture(page, "image/jpeg") });
  await expect(page.getByRole("dialog", { name: "Mark the picture" })).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();
  expect((await app.hasSaid("capture-cancel")).data).toEqual({ requestId });
  await expect(page.getByRole("button", { name: /^Remove/ })).toBeHidden();
  // A picture that is none.
  await page.getByRole("button", { name: "Take a picture" }).click();
  const broken = (await app.hasSaid("capture-start", 5)).data.requestId;
  await app.tell("capture-image", { requestId: broken, dataUrl: "data:image/jpeg;base64,AAAA" });
  await expect(problem).toBeVisible();
  await expect(page.getByRole("dialog")).toBeHidden();

  // Whoever is gone leaves nothing to the next.
  await page.getByRole("button", { name: "Take a picture" }).click();
  const left = (await app.hasSaid("capture-start", 6)).data.requestId;
  await app.tell("session-cleared");
  expect((await app.hasSaid("capture-cancel", 3)).data).toEqual({ requestId: left });
  await app.tell("capture-image", { requestId: left, dataUrl: await picture(page, "image/jpeg") });
  await expect(page.getByRole("dialog")).toBeHidden();
});
