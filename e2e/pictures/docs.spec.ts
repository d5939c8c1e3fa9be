// The pictures of the documentation: the made-up company of `hark demo` on the screens that people ask for first.
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { test as base, expect, type Page } from "@playwright/test";
import { Hark, type Project } from "../support/hark.ts";

const folder = fileURLToPath(new URL("../../docs/images/", import.meta.url));
/** Bytes of a picture at most: a README loads all of them. */
const BYTES_MAX = 300 * 1024;
const sdk = fileURLToPath(new URL("../node_modules/gleap-16/build/browser/index.js", import.meta.url));

interface Company {
  hark: Hark;
  project: Project;
  token: string;
}

const test = base.extend<object, { company: Company }>({
  company: [
    async ({}, use) => {
      const { hark, project } = await Hark.withCompany("--demo", "--demo-sdk", sdk);
      await use({ hark, project, token: await hark.signIn() });
      await hark.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

/** Opens a page of the dashboard of the owner. */
async function open(page: Page, { hark, project, token }: Company, path: string): Promise<void> {
  await page.addInitScript((value) => localStorage.setItem("hark.token", value), token);
  await page.goto(`http://${hark.host}/p/${project.project.id}/${path}`);
}

async function picture(page: Page, name: string): Promise<void> {
  // What moves comes to its end, and neither pointer nor focus is anywhere.
  await page.mouse.move(0, 0);
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    const ending = document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity);
    return Promise.all(ending.map((one) => one.finished.catch(() => {})));
  });
  const path = `${folder}${name}.png`;
  await page.screenshot({ path, animations: "disabled" });
  expect((await stat(path)).size, `${name}.png is larger than ${BYTES_MAX} bytes`).toBeLessThan(BYTES_MAX);
}

/** A ticket of the company with this title. */
async function ticket({ hark, project }: Company, title: string): Promise<string> {
  const { tickets } = await hark.rest(project, "GET", "/tickets?limit=200&sort=-lastNotification");
  return tickets.find((one: any) => one.title === title).id;
}

test("the inbox", async ({ page, company }) => {
  await open(page, company, `inbox/all/${await ticket(company, "Packets in the box are mixed up")}`);
  await expect(page.getByRole("log", { name: "Messages" })).toContainText("They forgive you");
  // The counts of lists and the bell come last.
  await page.waitForLoadState("networkidle");
  await picture(page, "inbox");
});

test("a bug report", async ({ page, company }) => {
  await open(page, company, `bugs/${await ticket(company, "Saving my plan fails")}?part=replay`);
  const replay = page.getByRole("region", { name: "Replay" });
  await expect(replay.frameLocator("iframe").frameLocator("iframe").getByText("Kitchen garden")).toBeVisible();
  await replay.getByRole("slider").fill("14500");
  await expect(replay.frameLocator("iframe").frameLocator("iframe").getByText("Something went wrong")).toBeVisible();
  await picture(page, "bug-report");
});

test("the board in the dark", async ({ page, company }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await open(page, company, "board/BUG");
  await expect(page.getByText("Saving my plan fails").first()).toBeVisible();
  await picture(page, "board-dark");
});

test("a contact", async ({ page, company }) => {
  const { hark, project } = company;
  const id = await ticket(company, "White spots on my courgette leaves");
  const { session } = await hark.rest(project, "GET", `/tickets/${id}`);
  await open(page, company, `contacts/${session.id}`);
  await expect(page.getByRole("heading", { name: session.name })).toBeVisible();
  await expect(page.getByRole("tabpanel", { name: "Timeline" }).getByRole("listitem").first()).toBeVisible();
  await picture(page, "contact");
});

test("the settings of the messenger", async ({ page, company }) => {
  await open(page, company, "settings/widget");
  await expect(page.frameLocator("iframe").getByText("How does your garden grow?")).toBeVisible();
  await picture(page, "settings");
});

test("the messenger on a page", async ({ page, company }) => {
  await page.goto(`http://${company.hark.host}/demo`);
  await page.waitForFunction(() => (window as any).Gleap?.getInstance?.().initialized);
  await page.evaluate(() => (window as any).Gleap.open());
  await expect(page.frameLocator(".gleap-frame").getByRole("heading", { level: 1 })).toBeVisible();
  await picture(page, "messenger");
});
