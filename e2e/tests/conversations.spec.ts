// An agent's answer on the visitor's pages: a bubble and a count, on every tab, and once.
import { expect, sdk, session, test } from "../support/test.ts";
import type { Page } from "@playwright/test";
import type { Project } from "../support/hark.ts";

/** Remembers each unread count that the SDK tells the page. */
async function counts(page: Page): Promise<void> {
  await page.evaluate(() => {
    const counts: number[] = [];
    (window as any).counts = counts;
    (window as any).Gleap.on("unread-count-changed", (count: number) => counts.push(count));
  });
}

const lastCount = (page: Page) => page.evaluate(() => (window as any).counts.at(-1));

/** Calls the messenger's API as the page's visitor. */
async function asVisitor(host: string, project: Project, page: Page, path: string, body: unknown): Promise<any> {
  const { gleapId, gleapHash } = await session(page, project);
  const response = await fetch(`http://${host}${path}`, {
    method: "POST",
    headers: { "Api-Token": project.sdkKey, "Gleap-Id": gleapId, "Gleap-Hash": gleapHash },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return response.json();
}

test("an agent's answer is shown on every tab, counted, and gone when it was read", async ({ hark, project, visit }) => {
  const first = await visit();
  await sdk(first, "identify", "user-1", { name: "Ada Abel" });
  await expect.poll(async () => (await session(first, project)).userId).toBe("user-1");
  const second = await visit();
  const tabs = [first, second];
  for (const tab of tabs) await counts(tab);

  const { conversation } = await asVisitor(hark.host, project, first, "/conversations", { id: "q1", comment: "Where is my invoice?" });
  const [ticket] = (await hark.rest(project, "GET", `/tickets?shareToken=${conversation.shareToken}`)).tickets;
  await hark.rest(project, "POST", "/messages", { ticket: ticket.id, comment: "It is on its way, <b>Ada</b>" });
  for (const tab of tabs) {
    await expect(tab.getByText("It is on its way, <b>Ada</b>")).toBeVisible();
    await expect.poll(() => lastCount(tab)).toBe(1);
  }
  await asVisitor(hark.host, project, first, `/conversations/${conversation.shareToken}/read`, {});
  for (const tab of tabs) await expect.poll(() => lastCount(tab)).toBe(0);
});

test("what was answered while no page was open is shown on the next one", async ({ hark, project, visit }) => {
  const before = await visit();
  const { conversation } = await asVisitor(hark.host, project, before, "/conversations", { id: "q1", comment: "Hello?" });
  const [ticket] = (await hark.rest(project, "GET", `/tickets?shareToken=${conversation.shareToken}`)).tickets;
  await before.close();
  await hark.rest(project, "POST", "/messages", { ticket: ticket.id, comment: "Hello, here we are" });
  const after = await visit();
  await expect(after.getByText("Hello, here we are")).toBeVisible();
});
