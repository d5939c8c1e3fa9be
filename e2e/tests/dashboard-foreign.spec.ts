// What visitors send leads nowhere by itself: an agent's browser asks no other host before the agent says so.
import type { Browser } from "@playwright/test";
import { desk, inboxOf, thread } from "../support/desk.ts";
import type { Hark, Project } from "../support/hark.ts";
import { expect, test } from "../support/test.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC",
  "base64",
);
const STRANGE = "https://tracker.invalid";

let token: string;
test.beforeAll(async ({ hark }) => {
  token = await hark.signIn();
});

/** A page of the dashboard, and what it asked strangers for. */
async function watched(browser: Browser, hark: Hark, address: string) {
  const { page } = await desk(browser, hark, token, "/account/profile");
  const asked: string[] = [];
  await page.context().route(
    (url) => url.host !== hark.host && !url.host.endsWith(`.${hark.host}`),
    (route) => {
      asked.push(route.request().url());
      return route.fulfill({ contentType: "image/png", body: PNG });
    },
  );
  await page.goto(`http://${hark.host}${address}`);
  return { page, asked };
}

async function contact(hark: Hark, project: Project): Promise<any> {
  return hark.rest(project, "POST", "/sessions", { userId: "ada", name: "Ada Pixel", avatar: `${STRANGE}/face.png` });
}

test("pictures of other hosts in a conversation are loaded after a click", async ({ browser, hark, project }) => {
  const ada = await contact(hark, project);
  const ticket = await hark.rest(project, "POST", "/tickets", { type: "INQUIRY", title: "See this", session: ada.id });
  const image = { type: "image", attrs: { src: `${STRANGE}/inline.png`, alt: "" } };
  const own = `http://media.${hark.host}/shared/avatar.png`;
  await hark.rest(project, "POST", "/messages", {
    ticket: ticket.id,
    comment: { type: "doc", content: [{ type: "paragraph", content: [{ type: "text", text: "Look" }] }, image] },
    attachments: [
      { name: "pixel.png", url: `${STRANGE}/attached.png`, type: "image/png" },
      { name: "own.png", url: own, type: "image/png" },
      { name: "invoice.pdf", url: `${STRANGE}/login`, type: "application/pdf" },
    ],
  });
  const { page, asked } = await watched(browser, hark, inboxOf(project, `all/${ticket.id}`));
  await expect(thread(page)).toContainText("Look");
  await expect(thread(page).locator(`img[src="${own}"]`)).toHaveCount(1);
  const show = thread(page).getByRole("button", { name: "Show the picture from tracker.invalid" });
  await expect(show).toHaveCount(2);
  // Where a file is that is not here is said before somebody goes there.
  await expect(thread(page).getByRole("link", { name: "invoice.pdf (tracker.invalid)" })).toBeVisible();
  expect(asked).toEqual([]);
  await show.last().click();
  await expect.poll(() => asked).toEqual([`${STRANGE}/attached.png`]);
  await expect(show).toHaveCount(1);
});

test("attachments of other hosts in a report and faces of contacts are not loaded", async ({ browser, hark, project }) => {
  const ada = await contact(hark, project);
  const ticket = await hark.rest(project, "POST", "/tickets", {
    type: "BUG",
    title: "It broke",
    session: ada.id,
    attachments: [{ name: "more.png", url: `${STRANGE}/more.png`, type: "image/png" }],
  });
  const { page, asked } = await watched(browser, hark, `/p/${project.project.id}/bugs/${ticket.id}`);
  await expect(page.getByRole("link", { name: "more.png (tracker.invalid)" })).toBeVisible();
  await page.goto(`http://${hark.host}/p/${project.project.id}/contacts`);
  await expect(page.getByText("Ada Pixel").first()).toBeVisible();
  await page.goto(`http://${hark.host}/p/${project.project.id}/contacts/${ada.id}`);
  await expect(page.getByRole("heading", { name: "Ada Pixel" })).toBeVisible();
  expect(asked).toEqual([]);
});
