// Files of a project that shows them only to whom they belong, in an agent's hands.
import { randomUUID } from "node:crypto";
import { expect, test } from "../support/test.ts";

/** A picture of ten by ten pixels. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC",
  "base64",
);

test("agents see what a contact attached, with a token that goes to the media host alone", async ({ browser, hark, project }) => {
  await hark.rest(project, "PUT", "/projects/config", { authenticatedFiles: true });
  const own = `http://${hark.host}`;
  const post = async (path: string, headers: Record<string, string>, body: FormData | string) =>
    (await fetch(`${own}${path}`, { method: "POST", headers: typeof body === "string" ? { ...headers, "Content-Type": "application/json" } : headers, body })).json();
  const { gleapId, gleapHash } = await post("/sessions", { "Api-Token": project.sdkKey }, "{}");
  const contact = { "Api-Token": project.sdkKey, "Gleap-Id": gleapId, "Gleap-Hash": gleapHash };
  const form = new FormData();
  form.append("file", new Blob([PNG], { type: "image/png" }), "leaf.png");
  const { fileUrls } = await post("/uploads/attachments", contact, form);
  const url: string = fileUrls[0];
  await post("/conversations", contact, JSON.stringify({ id: randomUUID(), comment: "See this", attachments: [{ name: "leaf.png", type: "image/png", url }] }));
  const { tickets } = await hark.rest(project, "GET", "/tickets?limit=1");

  // Only browsers know where the media host of a test is.
  const stranger = await browser.newPage();
  const status = async (address: string) => (await stranger.goto(address))?.status();
  expect(await status(url), "whoever merely has the address").toBe(401);

  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
  const token = await hark.signIn();
  await context.addInitScript((value) => localStorage.setItem("hark.token", value), token);
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${own}/p/${project.project.id}/inbox/all/${tickets[0].id}`);
  const picture = page.getByRole("img", { name: "leaf.png" });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(10);
  const files = asked.filter((address) => address.includes("fileSession="));
  expect(files.length).toBeGreaterThan(0);
  expect(files.every((address) => new URL(address).origin === new URL(url).origin)).toBe(true);
  expect(asked.some((address) => address.includes(token))).toBe(false);

  // The link opens too, and everything ends when the agent signs out.
  const link = await page.getByRole("link", { name: "leaf.png" }).getAttribute("href");
  expect(await status(link!)).toBe(200);
  await page.evaluate((value) => fetch("/v3/users/logout", { method: "POST", headers: { Authorization: `Bearer ${value}` } }), token);
  // Browsers may keep what they have seen.
  await expect.poll(() => status(link!.replace("leaf.png", "another.png"))).toBe(401);
  await Promise.all([stranger.close(), context.close()]);
});
