// The whole story in two windows: a visitor asks and reports, an agent sees, answers and closes, the visitor rates.
import type { Browser, Page } from "@playwright/test";
import type { Hark, Project } from "../support/hark.ts";
import { Messenger } from "../support/messenger.ts";
import { expect, sdk, test } from "../support/test.ts";

const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC",
  "base64",
);

test.setTimeout(180_000);

/** An agent who signs in by hand and looks at the open conversations of a project. */
async function atTheDesk(browser: Browser, hark: Hark, project: Project): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`http://${hark.host}/p/${project.project.id}/inbox/all`);
  await page.getByLabel("E-mail").fill(hark.owner.email);
  await page.getByLabel("Password", { exact: true }).fill(hark.owner.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/inbox/);
  await page.goto(`http://${hark.host}/p/${project.project.id}/inbox/all`);
  await expect(page.getByText("Nothing here")).toBeVisible();
  // Whatever the page shows from here on, it shows without being loaded again.
  await page.evaluate(() => ((window as any).loadedOnce = true));
  return page;
}

/** What makes the visitor's page a shop with something to see, to log and to break. */
async function furnish(page: Page): Promise<void> {
  await page.evaluate(async () => {
    (window as any).Gleap.startNetworkLogger();
    document.body.innerHTML = `<h1>Seed shop</h1><p>Courgettes, 2.40</p><button id="buy">Buy</button>`;
    document.querySelector("#buy")!.addEventListener("click", () => {
      console.error("the basket could not be reached");
      void fetch("/basket?coupon=spring", { method: "POST", body: JSON.stringify({ seeds: 3 }) });
    });
  });
}

test("a visitor asks, an agent helps, and the visitor rates it", async ({ browser, hark, project, visit }) => {
  const desk = await atTheDesk(browser, hark, project);
  const row = (text: string) => desk.getByRole("listitem").filter({ hasText: text });
  const thread = desk.getByRole("log", { name: "Messages" });
  const reply = async (text: string) => {
    await desk.getByRole("textbox", { name: "Message" }).fill(text);
    await desk.getByRole("button", { name: "Send", exact: true }).click();
    await expect(thread.getByRole("article").filter({ hasText: text })).toHaveCount(1);
  };

  await hark.rest(project, "PUT", "/projects/config", { flowConfig: { enableWebReplays: true } });
  const site = await visit();
  await sdk(site, "identify", "grower-1", { name: "Juniper Thistledown", email: "juniper@thistledown.example" });
  await furnish(site);
  const messenger = await Messenger.on(site);

  await test.step("the visitor writes and attaches a file", async () => {
    await messenger.open();
    await messenger.button(/Send us a message/).click();
    const choose = site.waitForEvent("filechooser");
    await messenger.button("Attach a file").click();
    await (await choose).setFiles([{ name: "leaf.png", mimeType: "image/png", buffer: PICTURE }]);
    await messenger.write("What are the white spots on this leaf?");
    await expect(messenger.log.getByText("Sent", { exact: true })).toBeAttached();
  });

  await test.step("the agent sees it appear, with the file, and answers", async () => {
    await expect(row("Juniper Thistledown")).toContainText("white spots");
    await row("Juniper Thistledown").getByRole("link").click();
    await expect(thread).toContainText("What are the white spots on this leaf?");
    const picture = thread.getByRole("img", { name: "leaf.png" });
    await expect(picture).toBeVisible();
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(10);
    await reply("That is mildew, and not dangerous.");
    await expect(messenger.log.getByText("That is mildew, and not dangerous.")).toBeVisible({ timeout: 20_000 });
    await expect(thread).toContainText("Seen");
  });

  await test.step("the visitor reports a bug and marks the place", async () => {
    await messenger.button("Back").click();
    await messenger.button("Close").click();
    await site.locator("#buy").click();
    await messenger.open();
    await messenger.button(/Report a problem/).click();
    await messenger.frame.getByRole("textbox", { name: "What went wrong?" }).fill("The buy button does nothing");
    await messenger.button("Mark the page").click();
    await messenger.draw([40, 120], [260, 180]);
    await expect(messenger.frame.getByText("Your marks are attached")).toBeVisible();
    // It slides back to where it was.
    await messenger.still();
    await messenger.button("Send").click();
    await expect(messenger.frame.getByText("Thank you")).toBeVisible();
  });

  await test.step("the agent reads what was captured", async () => {
    await row("The buy button does nothing").getByRole("link").click();
    await desk.getByRole("button", { name: "Open the report" }).click();
    const report = desk.getByRole("region", { name: "Bug report" });
    const part = (name: RegExp) => report.getByRole("tab", { name }).click({ timeout: 15_000 });

    await part(/^Screen/);
    const page = report.frameLocator("iframe");
    await expect(page.getByRole("heading", { name: "Seed shop" })).toBeVisible();
    await expect(page.locator("svg.bb-capture-svg rect")).toBeVisible();
    // What was in our frame was not captured, so it must not cover the page.
    await expect(page.locator(".gleap-frame-container").first()).toBeAttached();
    await expect(page.locator(".gleap-frame-container").first()).toBeHidden();

    await part(/^Console/);
    await expect(report.getByRole("list", { name: "Lines of the console" })).toContainText("the basket could not be reached");
    await part(/^Network/);
    const call = report.getByRole("list", { name: "Calls of the network" }).getByRole("listitem").filter({ hasText: "basket" });
    await expect(call).toContainText("POST");
    await call.getByRole("button").click();
    const details = report.getByRole("region", { name: /^The call basket/ });
    await expect(details).toContainText("/basket?coupon=spring");
    await details.getByRole("tab", { name: "Request" }).click();
    await expect(details.locator("pre")).toContainText('"seeds": 3');

    await part(/^Replay/);
    const replay = report.getByRole("region", { name: "Replay" });
    const position = replay.getByRole("slider", { name: "Position" });
    const start = await position.inputValue();
    await replay.getByRole("button", { name: "Play", exact: true }).first().click();
    const recorded = replay.frameLocator("iframe").frameLocator("iframe");
    await expect(recorded.getByRole("heading", { name: "Seed shop" })).toBeVisible();
    // It runs, and is not only a picture of the page.
    await expect.poll(() => position.inputValue()).not.toBe(start);
  });

  await test.step("the agent answers, takes it and closes it", async () => {
    await desk.getByRole("tab", { name: "Conversation" }).click();
    await messenger.button("Open the conversation").click();
    await reply("It works again, thank you for the report.");
    await expect(messenger.log.getByText("It works again, thank you for the report.")).toBeVisible({ timeout: 20_000 });
    await desk.getByRole("button", { name: "Assignee: Nobody" }).click();
    await desk.getByRole("option", { name: /\(you\)/ }).click();
    await expect(thread).toContainText("took it");
    await desk.getByRole("region", { name: /^Conversation:/ }).getByRole("button", { name: "Close", exact: true }).click();
    await expect(row("The buy button does nothing")).toHaveCount(0);
    // What is closed is the report alone.
    await expect(row("white spots")).toHaveCount(1);
  });

  await test.step("the visitor rates it, and the agent sees how", async () => {
    await messenger.button("Great").click();
    await expect(messenger.frame.getByText("Thank you for your rating")).toBeVisible();
    await desk.getByRole("navigation", { name: "Lists" }).getByRole("link", { name: "Closed" }).click();
    await row("The buy button does nothing").getByRole("link").click();
    await expect(thread).toContainText("rated the conversation");
    const { tickets } = await hark.rest(project, "GET", "/tickets?limit=10");
    const rated = tickets.find((ticket: any) => ticket.type === "BUG");
    expect(rated).toMatchObject({ conversationRating: 5, status: "DONE", processingUser: { id: hark.owner.id } });
  });

  expect(await desk.evaluate(() => (window as any).loadedOnce)).toBe(true);
  await desk.context().close();
});
