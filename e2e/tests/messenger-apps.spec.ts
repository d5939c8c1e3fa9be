// The messenger in the web views of apps, whose SDKs are played by the test.
import type { Page } from "@playwright/test";
import { expect, test } from "../support/test.ts";
import type { Hark, Project } from "../support/hark.ts";

/** What the page said to the app. */
const said = (page: Page) => page.evaluate(() => (window as any).said as { name: string; data?: any }[]);
const names = async (page: Page) => (await said(page)).map(({ name }) => name);
const tell = (page: Page, name: string, data?: unknown) =>
  page.evaluate((message) => (window as any).sendMessage(message), { name, data });

/** A visitor of an app, as its SDK starts one. */
async function visitor(hark: Hark, project: Project): Promise<any> {
  const response = await fetch(`http://${hark.host}/sessions`, {
    method: "POST",
    headers: { "Api-Token": project.sdkKey, "Content-Type": "application/json" },
    body: JSON.stringify({ lang: "de", deviceType: "mobile", platform: "android" }),
  });
  return response.json();
}

/** What an app says after it was greeted. */
async function answer(page: Page, hark: Hark, project: Project, sessionData: any): Promise<void> {
  const actions = { idea: { title: "An idea", form: [{ key: "description", type: "textarea", title: "What is it?", required: true }] } };
  const config = { color: "#1D5FD1", headerColor: "#1D5FD1", backgroundColor: "#FFFFFF" };
  await tell(page, "config-update", { config, actions, overrideLanguage: "", isApp: true });
  // iOS says null where there is nothing.
  await tell(page, "session-update", { sessionData: { ...sessionData, name: null }, apiUrl: `http://${hark.host}`, sdkKey: project.sdkKey });
  await tell(page, "widget-status-update", { isWidgetOpen: true });
}

test.beforeEach(({ sdk }) => test.skip(sdk !== "gleap-16", "no SDK of the web is used"));

test("an Android app", async ({ hark, project, context }) => {
  await context.addInitScript(() => {
    const said: unknown[] = [];
    (window as any).said = said;
    (window as any).GleapJSBridge = { gleapCallback: (text: string) => said.push(JSON.parse(text)) };
  });
  const page = await context.newPage();
  const person = await visitor(hark, project);
  await page.goto(`http://messenger.${hark.host}/appnew?lang=de&gleapId=${person.gleapId}&gleapHash=${person.gleapHash}`);
  await expect.poll(() => names(page)).toEqual(["ping"]);
  await answer(page, hark, project, person);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/Wie können wir helfen/);
  await tell(page, "safe-area-update", { top: 40, right: 0, bottom: 20, left: 0 });
  await page.getByRole("button", { name: /Schreiben Sie uns/ }).click();
  await expect(page.getByRole("button", { name: "Breiter" })).toBeHidden();
  await page.getByRole("textbox", { name: "Nachricht schreiben" }).fill("Aus der App");
  await page.getByRole("button", { name: "Senden" }).click();
  await expect(page.getByRole("log").getByText("Gesendet", { exact: true })).toBeAttached();
  const { tickets } = await hark.rest(project, "GET", "/tickets?limit=2");
  expect(tickets.map((ticket: any) => ticket.title)).toEqual(["Aus der App"]);

  // Flows come with the configuration; the app sends the report.
  await tell(page, "screenshot-update", "data:image/png;base64,iVBORw0KGgo=");
  await tell(page, "start-feedbackflow", { flow: "idea", hideBackButton: true });
  await page.getByRole("textbox", { name: "What is it?" }).fill("Dark plates");
  await page.getByRole("button", { name: "Absenden" }).click();
  await expect.poll(() => names(page)).toContain("send-feedback");
  const report = (await said(page)).find(({ name }) => name === "send-feedback");
  expect(report?.data).toMatchObject({ formData: { description: "Dark plates" }, action: { feedbackType: "BUG" } });
  await tell(page, "feedback-sending-failed", "no line");
  await expect(page.getByText("Das konnte nicht gesendet werden", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Absenden" }).click();
  await expect.poll(async () => (await names(page)).filter((name) => name === "send-feedback").length).toBe(2);
  await tell(page, "feedback-sent", { shareToken: tickets[0].shareToken });
  await page.getByRole("button", { name: "Unterhaltung öffnen" }).click();
  await expect(page.getByRole("log").getByText("Aus der App")).toBeVisible();
  await page.getByRole("button", { name: "Schließen" }).click();
  await expect.poll(() => names(page)).toContain("close-widget");
});

test("an iOS app gets objects, and opens pictures and links itself", async ({ hark, project, context }) => {
  await context.addInitScript(() => {
    const said: unknown[] = [];
    (window as any).said = said;
    (window as any).webkit = { messageHandlers: { gleapCallback: { postMessage: (message: unknown) => said.push(message) } } };
  });
  const page = await context.newPage();
  const person = await visitor(hark, project);
  await page.goto(`http://messenger.${hark.host}/appnew`);
  await expect.poll(() => said(page)).toEqual([{ name: "ping" }]);
  await answer(page, hark, project, person);
  await tell(page, "start-bot", { botId: "", hideBackButton: true });
  await page.getByRole("textbox", { name: "Write a message" }).fill("Hello");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByRole("log").getByText("Sent", { exact: true })).toBeAttached();
  const [ticket] = (await hark.rest(project, "GET", "/tickets?limit=2")).tickets;
  const link = { type: "link", attrs: { href: "https://a.example/" } };
  const comment = { type: "doc", content: [{ type: "paragraph", content: [{ type: "text", text: "here", marks: [link] }] }] };
  await hark.rest(project, "POST", "/messages", { ticket: ticket.id, comment });
  await page.getByRole("link", { name: "here" }).click();
  await expect.poll(async () => (await said(page)).at(-1)).toEqual({ name: "open-url", data: "https://a.example/", newTab: true });

  // Another visitor of the same app sees nothing of the first.
  await tell(page, "session-cleared");
  await answer(page, hark, project, await visitor(hark, project));
  await page.getByRole("button", { name: "Messages" }).click();
  await expect(page.getByText("No conversations yet")).toBeVisible();
});
