// Banners and modals: shown by the SDK, as high as what is in them, and with buttons that reach it.
import { expect, sdk, test } from "../support/test.ts";
import { Messenger } from "../support/messenger.ts";

const button = (label: string, action: object) => ({ label, action });

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

  await sdk(page, "showModal", { actionType: "modal", outbound: "m2", config });
  await modal.getByRole("button", { name: "Close" }).focus();
  // The frame goes with the key, so that nobody is left to confirm the stroke.
  void page.keyboard.press("Escape").catch(() => undefined);
  await expect(page.locator(".gleap-modal-frame")).toBeHidden();
});
