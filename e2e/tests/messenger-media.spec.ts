// Banners and modals: shown by the SDK, as high as what is in them, and with buttons that reach it.
import type { BrowserContext, Page } from "@playwright/test";
import { expect, sdk, test } from "../support/test.ts";
import { Messenger } from "../support/messenger.ts";
import type { Hark } from "../support/hark.ts";

const button = (label: string, action: object) => ({ label, action });

/** What buttons do, and what the frame says to the SDK for each. */
const ACTIONS: [action: { type: string; [field: string]: unknown }, said: { name: string; [field: string]: unknown }][] = [
  [{ type: "conversation", botId: "b1" }, { name: "start-conversation", data: { botId: "b1" } }],
  [{ type: "custom", action: "call-me" }, { name: "start-custom-action", data: { action: "call-me" } }],
  [{ type: "tour", tourId: "t1" }, { name: "start-product-tour", data: { tourId: "t1" } }],
  [{ type: "url", url: "https://a.example/", newTab: false }, { name: "open-url", data: "https://a.example/", newTab: false }],
  [{ type: "form", formId: "bugreporting" }, { name: "show-form", data: { formId: "bugreporting" } }],
  [{ type: "survey", formId: "bugreporting", surveyFormat: "survey_full" }, { name: "show-survey", data: { formId: "bugreporting", surveyFormat: "survey_full" } }],
  [{ type: "news", articleId: "n1" }, { name: "show-news-article", data: { articleId: "n1" } }],
  [{ type: "help", articleId: "a1" }, { name: "show-help-article", data: { articleId: "a1" } }],
  [{ type: "checklist", checklistId: "c1", sharedKey: "k" }, { name: "show-checklist", data: { checklistId: "c1", sharedKey: "k" } }],
];

const KINDS = {
  banner: { method: "showBanner", frame: ".gleap-b-frame", action: (config: object, outbound: string) => ({ actionType: "banner", outbound, config }) },
  modal: { method: "showModal", frame: ".gleap-modal-frame", action: (config: object, outbound: string) => ({ actionType: "modal", outbound, config }) },
};

for (const [kind, { method, frame, action }] of Object.entries(KINDS)) {
  test(`every button of a ${kind} reaches the SDK once, and what it asks for is shown`, async ({ visit }) => {
    const messenger = await Messenger.on(await visit());
    const { page, heading } = messenger;
    await page.evaluate(() => {
      const gleap = (window as any).Gleap;
      (window as any).done = [];
      gleap.setUrlHandler((url: string, newTab: boolean) => (window as any).done.push([url, newTab]));
      gleap.registerCustomAction(({ name }: { name: string }) => (window as any).done.push(name));
    });
    const tour = page.waitForRequest(/\/outbound\/producttours$/);
    const shown = async (type: string): Promise<void> => {
      if (type === "conversation") return expect(messenger.composer).toBeVisible();
      if (type === "form" || type === "survey") return expect(heading, type).toHaveText("Report a problem");
      // What has no screen yet leads home.
      if (["news", "help", "checklist"].includes(type)) return expect(heading, type).toHaveText(/How can we help/);
      if (type === "tour") expect((await tour).postDataJSON()).toEqual({ outboundId: "t1" });
    };
    // As many at a time as there is room for.
    for (let first = 0; first < ACTIONS.length; first += 4) {
      const some = ACTIONS.slice(first, first + 4);
      const content = { title: `Part ${first}`, buttons: some.map(([what]) => button(what.type, what)) };
      await sdk(page, method, action(content, `o${first}`));
      const inner = page.frameLocator(frame);
      await expect(inner.getByText(`Part ${first}`)).toBeVisible();
      for (const [what, said] of some) {
        // The messenger may lie over it, and is not what is tested here.
        await inner.getByRole("button", { name: what.type, exact: true }).dispatchEvent("click");
        const heard = await messenger.hasSaid(said.name);
        expect(heard).toEqual({ ...said, type: kind.toUpperCase() });
        await shown(what.type);
      }
      if (kind === "modal") await inner.getByRole("button", { name: "Close" }).dispatchEvent("click");
    }
    expect(await page.evaluate(() => (window as any).done)).toEqual(["call-me", ["https://a.example/", false]]);
    for (const [, { name }] of ACTIONS) expect(await messenger.said(name), name).toHaveLength(1);
  });
}

test("a banner shows what it is told, and its buttons act", async ({ visit }) => {
  const messenger = await Messenger.on(await visit());
  const { page } = messenger;
  await sdk(page, "showBanner", {
    actionType: "banner",
    format: "floating",
    outbound: "b1",
    config: { title: "Sale", text: "<b>All</b> bowls", buttons: [button("Write to us", { type: "conversation" })] },
  });
  const banner = page.frameLocator(".gleap-b-frame");
  // Texts are texts.
  await expect(banner.getByText("<b>All</b> bowls")).toBeVisible();
  await messenger.fits(".gleap-b-frame", "banner-height");
  await messenger.expectAccessible(".gleap-b-frame");
  await banner.getByRole("button", { name: "Write to us" }).click();
  await expect(messenger.composer).toBeVisible();

  await sdk(page, "showBanner", { actionType: "banner", outbound: "b2", config: { text: "Another one" } });
  await expect(banner.getByText("Another one")).toBeVisible();
  await banner.getByRole("button", { name: "Close" }).click();
  await expect(page.locator(".gleap-b-frame")).toBeHidden();
});

test("a modal shows what it is told, and closes with Escape when it may be closed", async ({ visit }) => {
  const messenger = await Messenger.on(await visit());
  const { page } = messenger;
  await page.evaluate(() => (window as any).Gleap.setUrlHandler((url: string) => ((window as any).opened = url)));
  const buttons = [button("Read", { type: "url", url: "https://a.example/" }), button("Bad", { type: "url", url: "javascript:alert(1)" })];
  const config = { title: "News", text: "A new glaze", buttons };
  await sdk(page, "showModal", { actionType: "modal", outbound: "m1", config });
  const modal = page.frameLocator(".gleap-modal-frame");
  await expect(modal.getByRole("heading", { name: "News" })).toBeVisible();
  await expect(modal.getByRole("button", { name: "Bad" })).toBeHidden();
  await messenger.fits(".gleap-modal-frame", "modal-height");
  await modal.getByRole("button", { name: "Read" }).click();
  await expect.poll(() => page.evaluate(() => (window as any).opened)).toBe("https://a.example/");

  await messenger.expectAccessible(".gleap-modal-frame");
  await sdk(page, "showModal", { actionType: "modal", outbound: "m2", config });
  await expect(modal.getByRole("dialog", { name: "News" })).toBeFocused();
  // The frame goes with the key, so that nobody is left to confirm the stroke.
  void page.keyboard.press("Escape").catch(() => undefined);
  await expect(page.locator(".gleap-modal-frame")).toBeHidden();
});

test("a modal that has to be answered stays, in the project's colours and the direction of its words", async ({ hark, project, visit }) => {
  await hark.rest(project, "PUT", "/projects/config", { flowConfig: { color: "#FFE600", backgroundColor: "#101418" } });
  const messenger = await Messenger.on(await visit());
  const { page } = messenger;
  const config = { title: "أخبار", text: "كل الأوعية", imageUrl: "http://site.localhost:1/none.png", showCloseButton: false, buttons: [button("تم", { type: "close" })] };
  await sdk(page, "showModal", { actionType: "modal", outbound: "m1", config });
  const modal = page.frameLocator(".gleap-modal-frame");
  const dialog = modal.getByRole("dialog", { name: "أخبار" });
  await expect(dialog).toBeFocused();
  await expect(dialog).toHaveCSS("background-color", "rgb(16, 20, 24)");
  await expect(modal.getByRole("button", { name: "تم" })).toHaveCSS("background-color", "rgb(255, 230, 0)");
  await expect(modal.locator("html")).toHaveAttribute("dir", "rtl");
  // A picture that is not there leaves no gap.
  await expect(modal.locator("img")).toHaveCount(0);
  await messenger.expectAccessible(".gleap-modal-frame");
  await page.keyboard.press("Escape");
  await expect(modal.getByRole("button")).toHaveCount(1);
  await modal.getByRole("button", { name: "تم" }).click();
  await expect(page.locator(".gleap-modal-frame")).toBeHidden();
  // The button's, and none of the key's before it.
  expect(await messenger.said("modal-close")).toHaveLength(1);
});

/** A page of an app's web view, with the bridge that the system has for it. */
async function inApp(context: BrowserContext, hark: Hark, kind: string, system: "android" | "ios"): Promise<Page> {
  await context.addInitScript(
    ([name, isAndroid]) => {
      const said: unknown[] = [];
      const call = `gleap${name}Callback`;
      if (isAndroid) Object.assign(window, { said, [`Gleap${name}JSBridge`]: { [call]: (text: string) => said.push(JSON.parse(text)) } });
      else Object.assign(window, { said, webkit: { messageHandlers: { [call]: { postMessage: (message: unknown) => said.push(message) } } } });
    },
    [kind === "banner" ? "Banner" : "Modal", system === "android"] as const,
  );
  const page = await context.newPage();
  await page.goto(`http://media.${hark.host}/${kind}`);
  return page;
}

for (const [kind, system] of [["banner", "android"], ["modal", "ios"]] as const) {
  test(`a ${kind} in the web view of an app (${system})`, async ({ hark, context, sdk: version }) => {
    test.skip(version !== "gleap-16", "no SDK of the web is used");
    const page = await inApp(context, hark, kind, system);
    const said = () => page.evaluate(() => (window as any).said as { name: string; data?: any }[]);
    const names = async () => (await said()).map(({ name }) => name);
    await expect.poll(names).toEqual([`${kind}-loaded`]);
    const config = { title: "Sale", buttons: [button("Read", { type: "url", url: "https://a.example/" })] };
    const data = kind === "banner" ? { actionType: "banner", config } : { ...config, primaryColor: "#112233", backgroundColor: "#FFFFFF" };
    await page.evaluate((message) => (window as any).appMessage(message), { name: `${kind}-data`, data });
    await expect.poll(names).toEqual([`${kind}-loaded`, `${kind}-data-set`, `${kind}-height`]);
    expect((await said())[2]!.data.height).toBeGreaterThan(40);
    await page.getByRole("button", { name: "Read" }).click();
    await page.getByRole("button", { name: "Close" }).click();
    expect((await said()).slice(3)).toMatchObject([{ name: "open-url", data: "https://a.example/" }, { name: `${kind}-close` }]);
  });
}
