// What an agent is told while looking elsewhere: the bell, its list, lines in passing, the tab's title, the desktop.
import type { Page } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import { populate, talks } from "../support/company.ts";
import { desk, inboxOf, thread } from "../support/desk.ts";
import type { Hark, Project } from "../support/hark.ts";
import { expect, test } from "../support/test.ts";

let token: string;
test.beforeAll(async ({ hark }) => {
  token = await hark.signIn();
});

test.afterEach(async ({ browser }) => {
  for (const context of browser.contexts()) await context.close();
});

const bell = (page: Page, unread: number) => page.getByRole("button", { name: unread ? `Notifications, ${unread} unread` : "Notifications", exact: true });

/** Goes to an address, and on when the page follows what is new. */
async function follow(page: Page, hark: Hark, path: string): Promise<void> {
  const read = page.waitForResponse((response) => response.url().includes("/v3/notifications?") && response.ok());
  await page.goto(`http://${hark.host}${path}`);
  await read;
}

/** A note of a colleague that names the owner. */
async function mention(hark: Hark, project: Project, ticket: string, words: string): Promise<void> {
  const content = [{ type: "mention", attrs: { id: hark.owner.id, label: "you" } }, { type: "text", text: ` ${words}` }];
  await hark.rest(project, "POST", "/messages", { ticket, isNote: true, comment: { type: "doc", content: [{ type: "paragraph", content }] } });
}

test("a mention rings while another conversation is open, and what is looked at is read", async ({ browser, hark, project }) => {
  const [first, second] = await populate(hark, project, talks.slice(0, 2));
  const { page } = await desk(browser, hark, token, "/sign-in");
  await follow(page, hark, inboxOf(project, `all/${first.id}`));
  await expect(thread(page)).toContainText(talks[0]!.said[0]!);
  await expect(bell(page, 0)).toBeVisible();

  await mention(hark, project, second.id, "can you look at the invoice?");
  await expect(bell(page, 1)).toBeVisible();
  await expect(page).toHaveTitle(/^\(1\) /);
  await expect(page.getByRole("region", { name: "Messages" })).toContainText(second.title);

  await page.locator("body").press("g");
  await page.locator("body").press("n");
  const panel = page.getByRole("dialog", { name: "Notifications" });
  await expect(panel.getByRole("link", { name: /can you look at the invoice/ })).toContainText("Unread");
  await expectAccessible(page, "the list of notifications");
  await panel.getByRole("link", { name: /can you look at the invoice/ }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/inbox/all/${second.id}$`));
  await expect(panel).toBeHidden();
  await expect(bell(page, 0)).toBeVisible();
  await expect(page).not.toHaveTitle(/^\(/);

  // It is on the screen: read at once, and nothing is said in passing.
  await expect(page.getByRole("region", { name: "Messages" })).not.toContainText(second.title);
  const marked = page.waitForResponse((response) => response.url().endsWith("/v3/notifications/read") && response.ok());
  await mention(hark, project, second.id, "never mind");
  expect(await (await marked).json()).toEqual({ unread: 0 });
  await expect(bell(page, 0)).toBeVisible();
  await expect(page.getByRole("region", { name: "Messages" })).not.toContainText(second.title);

  await hark.rest(project, "PUT", `/tickets/${first.id}`, { processingUser: hark.owner.id });
  await bell(page, 1).click();
  await panel.getByRole("button", { name: "Mark all as read" }).click();
  await expect(panel.getByText("Unread")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(bell(page, 0)).toBeFocused();
  await page.reload();
  await expect(bell(page, 0)).toBeVisible();
});

test("only what works is offered, and the desktop tells in one tab of several", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, "/sign-in");
  const context = page.context();
  // The system's own notifications cannot be seen by a test: this page keeps what it would show, and nobody looks at it.
  await context.addInitScript(() => {
    class Kept extends EventTarget {
      static permission = localStorage.getItem("test.permission") ?? "default";
      static async requestPermission() {
        localStorage.setItem("test.permission", (Kept.permission = "granted"));
        return "granted";
      }
      constructor(title: string) {
        super();
        localStorage.setItem("test.shown", `${localStorage.getItem("test.shown") ?? ""}${title}\n`);
      }
    }
    (window as any).Notification = Kept;
    document.hasFocus = () => false;
  });
  await page.goto(`http://${hark.host}/account/notifications`);
  await expect(page.getByRole("checkbox", { name: "You are mentioned: Dashboard" })).toBeChecked();
  await expect(page.getByText("This server has no mail server")).toBeVisible();
  await expect(page.getByRole("checkbox", { name: /E-mail|Push/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Show them here" }).click();
  await expect(page.getByText("They are shown in this browser.")).toBeVisible();
  await expectAccessible(page, "preferences");

  await follow(page, hark, inboxOf(project));
  const other = await context.newPage();
  await follow(other, hark, inboxOf(project));
  await mention(hark, project, ticket.id, "hello?");
  for (const tab of [page, other]) await expect(bell(tab, 1)).toBeVisible();
  const shown = () => page.evaluate(() => localStorage.getItem("test.shown")?.split("\n").filter(Boolean) ?? []);
  await expect.poll(async () => (await shown()).length).toBe(1);
  // Read in one tab is read in the other.
  await bell(other, 1).click();
  await other.getByRole("button", { name: "Mark all as read" }).click();
  await expect(bell(page, 0)).toBeVisible();
  expect(await shown()).toHaveLength(1);
});
