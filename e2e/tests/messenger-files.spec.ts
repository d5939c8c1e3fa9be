// Files in the messenger: who the visitor is, is told to our own host of files and to nobody else.
import { createHmac } from "node:crypto";
import { expect, sdk, session, test } from "../support/test.ts";
import { Messenger, messagesOf, onlyTicket } from "../support/messenger.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC",
  "base64",
);

test("a file that does not arrive says why, and is sent again where that helps", async ({ hark, project, visit, context }) => {
  let status = 413;
  await context.route(/\/uploads\/attachments$/, (route) =>
    route.request().method() === "POST" && status ? route.fulfill({ status, headers: { "Access-Control-Allow-Origin": "*" }, body: "no" }) : route.continue(),
  );
  const messenger = await Messenger.on(await visit());
  await messenger.show("startConversation");
  const attach = async (name: string): Promise<void> => {
    const choose = messenger.page.waitForEvent("filechooser");
    await messenger.button("Attach a file").click();
    await (await choose).setFiles({ name, mimeType: "text/plain", buffer: Buffer.from("x") });
  };
  await attach("film.mov");
  await expect(messenger.frame.getByText("film.mov is too large")).toBeVisible();
  await expect(messenger.button("Try again")).toBeHidden();
  await expect(messenger.button("Send")).toBeDisabled();
  status = 502;
  await attach("note.txt");
  await expect(messenger.frame.getByText("note.txt could not be uploaded")).toBeVisible();
  await messenger.expectAccessible();
  status = 0;
  await messenger.button("Try again").click();
  await expect(messenger.frame.getByText("note.txt could not be uploaded")).toBeHidden();
  await messenger.button("Send").click();
  const ticket = await onlyTicket(hark, project);
  await expect(messenger.frame.getByText("film.mov is too large")).toBeHidden();
  expect(await messagesOf(hark, project, ticket.id)).toMatchObject([{ attachments: [{ name: "note.txt" }] }]);
});

test("the token for files goes to our own host, with the first request, and to no other", async ({ hark, project, visit, context }) => {
  await hark.rest(project, "PUT", "/projects/config", { authenticatedFiles: true });
  const asked: URL[] = [];
  context.on("request", (request) => asked.push(new URL(request.url())));
  await context.route("https://cdn.example/**", (route) => route.fulfill({ contentType: "image/png", body: PNG }));
  const messenger = await Messenger.on(await visit());
  const userHash = createHmac("sha256", project.identitySecret).update("user-1").digest("hex");
  await sdk(messenger.page, "identify", "user-1", { name: "Ada" }, userHash);
  await expect.poll(async () => (await session(messenger.page, project)).fileAccessToken).toBeTruthy();
  await messenger.show("startConversation");
  const choose = messenger.page.waitForEvent("filechooser");
  await messenger.button("Attach a file").click();
  await (await choose).setFiles({ name: "own.png", mimeType: "image/png", buffer: PNG });
  await expect(messenger.button("Send")).toBeEnabled();
  await messenger.button("Send").click();
  const ticket = await onlyTicket(hark, project);
  const [{ attachments }] = await messagesOf(hark, project, ticket.id);
  const own: string = attachments[0].url;

  const image = (src: string) => ({ type: "image", attrs: { src, alt: "" } });
  await hark.rest(project, "POST", "/messages", {
    ticket: ticket.id,
    comment: { type: "doc", content: [image("https://cdn.example/media/logo.png"), image(`${own}?again`)] },
    attachments: [{ name: "b.png", url: "https://cdn.example/media/b.png", type: "image/png" }],
  });
  const pictures = messenger.log.locator("img");
  await expect(pictures).toHaveCount(4);
  await expect.poll(() => pictures.evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth))).toEqual([10, 10, 10, 10]);

  const to = (host: string) => asked.filter((url) => url.host === host && url.pathname.startsWith("/media/"));
  const strangers = to("cdn.example");
  expect(strangers.map((url) => url.href).toSorted()).toEqual(["https://cdn.example/media/b.png", "https://cdn.example/media/logo.png"]);
  const ours = to(new URL(own).host);
  expect(ours.length).toBeGreaterThan(1);
  expect(ours.filter((url) => !url.searchParams.get("fileSession")).map((url) => url.href)).toEqual([]);
});
