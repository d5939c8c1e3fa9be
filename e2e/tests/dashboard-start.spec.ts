// How the dashboard comes up: what it asks of the server at first, and what a phone draws of it.
import { populate, talks } from "../support/company.ts";
import { desk, inboxOf, row, thread, writing } from "../support/desk.ts";
import { expect, test } from "../support/test.ts";

let token: string;
test.beforeAll(async ({ hark }) => {
  token = await hark.signIn();
});

test.afterEach(async ({ browser }) => {
  for (const context of browser.contexts()) await context.close();
});

test("following goes on from where the stream stood before anything was read", async ({ browser, hark, project }) => {
  await populate(hark, project, talks.slice(0, 1));
  const { page } = await desk(browser, hark, token, inboxOf(project));
  await expect(row(page, "The export stops")).toBeVisible();
  let told: (frame: string) => void;
  const subscribed = new Promise<string>((resolve) => (told = resolve));
  await page.routeWebSocket(/\/app\//, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((frame) => {
      if (String(frame).includes(`private-project-${project.project.id}`)) told(String(frame));
      server.send(frame);
    });
  });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.reload();
  expect(JSON.parse(await subscribed).data.resume).toEqual({ epoch: expect.any(String), seq: expect.any(Number) });
  await expect(row(page, "The export stops")).toBeVisible();
  expect(asked.indexOf("/v3/changes")).toBeGreaterThanOrEqual(0);
  expect(asked.indexOf("/v3/changes")).toBeLessThan(asked.indexOf("/v3/tickets"));
});

test("a phone that opens a conversation by its address draws the list on the way back, with the focus where it was", async ({ browser, hark, project }) => {
  const [ticket] = await populate(hark, project);
  const { page } = await desk(browser, hark, token, inboxOf(project, `all/${ticket.id}`), { viewport: { width: 412, height: 823 } });
  await expect(thread(page)).toContainText("We have 2,300 orders.");
  await expect(writing(page)).toBeVisible();
  await expect(page.locator("[data-ticket]")).toHaveCount(0);
  await page.getByRole("button", { name: "Back to the list" }).click();
  await expect(row(page, "The export stops").getByRole("link")).toBeFocused();
  // The lists are behind a button, and counted when somebody asks for them.
  const counted = () => page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.includes("/ticketscount")).length);
  expect(await counted()).toBe(0);
  await page.getByRole("button", { name: "Lists", exact: true }).click();
  await expect(page.getByRole("navigation", { name: "Lists" }).getByRole("link", { name: "All open" }).locator(".count")).toHaveText("7");
});
