// Conversations in the messenger: writing, files, answers, typing, rating, and never twice over a bad line.
import { expect, sdk, test } from "../support/test.ts";
import { Agent } from "../support/agent.ts";
import { Messenger, messagesOf, onlyTicket } from "../support/messenger.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC",
  "base64",
);

test("a visitor writes, an agent answers, and both see it at once", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  await messenger.write("Where is my order?");
  await expect(messenger.log.getByText("Where is my order?")).toBeVisible();
  await expect(messenger.log.getByText("Sent", { exact: true })).toBeAttached();

  const ticket = await onlyTicket(hark, project);
  expect(ticket).toMatchObject({ type: "INQUIRY", title: "Where is my order?" });
  const word = (text: string, mark?: object) => ({ type: "text", text, ...(mark && { marks: [mark] }) });
  const link = { type: "link", attrs: { href: "https://track.example/4711" } };
  const content = [word("It is "), word("on its way", { type: "bold" }), word(", "), word("see", link)];
  await hark.rest(project, "POST", "/messages", {
    ticket: ticket.id,
    comment: { type: "doc", content: [{ type: "paragraph", content }] },
  });
  await expect(messenger.log.locator("strong", { hasText: "on its way" })).toBeVisible();
  // It was read, because it is on the screen.
  await expect.poll(async () => (await hark.rest(project, "GET", `/tickets/${ticket.id}`)).sessionNotificationsUnread).toBe(false);

  await messenger.page.evaluate(() => {
    (window as any).Gleap.setUrlHandler((url: string, newTab: boolean) => ((window as any).opened = [url, newTab]));
  });
  await messenger.log.getByRole("link", { name: "see" }).click();
  await expect.poll(() => messenger.page.evaluate(() => (window as any).opened)).toEqual(["https://track.example/4711", true]);

  await messenger.button("Back").click();
  await expect(messenger.frame.getByRole("button", { name: /It is on its way/ })).toBeVisible();
  await messenger.button("Messages").click();
  await messenger.frame.getByRole("button", { name: /It is on its way/ }).click();
  await expect(messenger.log.getByText("Where is my order?")).toBeVisible();
});

test("an answer while the widget is closed is counted, marked as new, and read when it is seen", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  await messenger.write("Hello?");
  const ticket = await onlyTicket(hark, project);
  await messenger.button("Back").click();
  await messenger.button("Close").click();
  await expect(messenger.page.locator(".gleap-frame-container")).toBeHidden();
  await hark.rest(project, "POST", "/messages", { ticket: ticket.id, comment: "Good morning" });
  await expect(messenger.page.getByText("Good morning").first()).toBeVisible();
  await messenger.open();
  await expect(messenger.frame.getByRole("navigation").getByText("1", { exact: true })).toBeVisible();
  await messenger.frame.getByRole("button", { name: /Good morning/ }).click();
  await expect(messenger.log.getByText("New", { exact: true })).toBeVisible();
  await messenger.button("Back").click();
  await expect(messenger.frame.getByRole("navigation").getByText("1", { exact: true })).toBeHidden();
});

test("files are attached, shown and opened", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  const choose = messenger.page.waitForEvent("filechooser");
  await messenger.button("Attach a file").click();
  await (await choose).setFiles([
    { name: "broken.png", mimeType: "image/png", buffer: PNG },
    { name: "invoice.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4 ") },
    { name: "wrong.txt", mimeType: "text/plain", buffer: Buffer.from("x") },
  ]);
  await messenger.button("Remove wrong.txt").click();
  await expect(messenger.button("Send")).toBeEnabled();
  await messenger.button("Send").click();
  await expect(messenger.log.getByText("Sent", { exact: true })).toBeAttached();

  const ticket = await onlyTicket(hark, project);
  const [message] = await messagesOf(hark, project, ticket.id);
  expect(message.attachments.map((file: any) => [file.name, file.type])).toEqual([
    ["broken.png", "image/png"],
    ["invoice.pdf", "application/pdf"],
  ]);
  await messenger.page.evaluate(() => (window as any).Gleap.setUrlHandler(() => {}));
  await messenger.button("Open invoice.pdf").click();
  expect(await messenger.hasSaid("open-url")).toMatchObject({ data: message.attachments[1].url, newTab: true });
  await messenger.button("Open the picture broken.png").click();
  expect((await messenger.hasSaid("open-image")).data.url).toBe(message.attachments[0].url);
  await expect(messenger.page.locator(".gleap-image-view-image")).toHaveAttribute("src", message.attachments[0].url);
});

test("an agent sees the visitor type", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  await messenger.write("Hello");
  const ticket = await onlyTicket(hark, project);
  const agent = new Agent(hark, project);
  try {
    const channel = await agent.join(ticket.id);
    const typing: boolean[] = [];
    channel.bind("client-typing", (data: { typing: boolean }) => typing.push(data.typing));
    await messenger.composer.pressSequentially("I am ty");
    await expect.poll(() => typing).toEqual([true]);
    await messenger.composer.fill("");
    await expect.poll(() => typing).toEqual([true, false]);
  } finally {
    agent.leave();
  }
});

test("the visitor sees an agent type until the answer is there", async ({ hark, project, visit, context }) => {
  let tell = (_: object): void => {};
  await context.routeWebSocket(/sdkVersion=messenger/, (socket) => {
    socket.connectToServer();
    tell = (frame) => socket.send(JSON.stringify(frame));
  });
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  await messenger.write("Hello");
  const ticket = await onlyTicket(hark, project);
  await expect(messenger.log.getByText("Sent", { exact: true })).toBeAttached();
  const sender = { name: "Grace", profileImageUrl: "" };
  tell({ name: "typing", data: { shareToken: "another", typing: true, sender } });
  tell({ name: "typing", data: { shareToken: ticket.shareToken, typing: true, sender } });
  await expect(messenger.frame.getByText("Grace is typing")).toBeAttached();
  await hark.rest(project, "POST", "/messages", { ticket: ticket.id, comment: "Good morning" });
  await expect(messenger.log.getByText("Good morning")).toBeVisible();
  await expect(messenger.frame.getByText("Grace is typing")).toBeHidden();
});

test("a solved conversation is rated, and the rating can be changed", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  await messenger.write("It does not work");
  const ticket = await onlyTicket(hark, project);
  await hark.rest(project, "POST", "/messages", { ticket: ticket.id, comment: "Now it does" });
  await hark.rest(project, "PUT", `/tickets/${ticket.id}`, { status: "DONE" });
  await hark.rest(project, "POST", "/messages", { ticket: ticket.id, comment: "Bye" });
  await messenger.button("Bad").click();
  await messenger.button("Great").click();
  await expect(messenger.button("Great")).toHaveAttribute("aria-pressed", "true");
  await expect(messenger.frame.getByText("Thank you for your rating")).toBeVisible();
  await expect.poll(async () => (await hark.rest(project, "GET", `/tickets/${ticket.id}`)).conversationRating).toBe(5);
  await messenger.expectAccessible();
});

test("a guest is asked for an address, once, and somebody known is not", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  await messenger.write("Hello");
  const email = messenger.frame.getByRole("textbox", { name: "Who are we talking to?" });
  await email.fill("ada@");
  await messenger.button("Save").click();
  await expect(messenger.frame.getByText("Please give a full e-mail address")).toBeVisible();
  await email.fill("ada@example.com");
  await messenger.button("Save").click();
  const given = messenger.frame.getByText("We know you as ada@example.com");
  await expect(given).toBeVisible();
  await expect(email).toBeHidden();
  // It is said where it was given, and not again and again.
  await messenger.write("So, hello");
  await expect(messenger.log.getByText("So, hello")).toBeVisible();
  await expect(given).toBeHidden();
  const ticket = await onlyTicket(hark, project);
  await expect
    .poll(async () => (await hark.rest(project, "GET", `/sessions/${ticket.session.id ?? ticket.session}`)).email)
    .toBe("ada@example.com");

  await sdk(messenger.page, "identify", "user-1", { name: "Bea", email: "bea@example.com" });
  await messenger.show("startConversation");
  await messenger.write("Hello again");
  await expect(messenger.log.getByText("Sent", { exact: true })).toBeAttached();
  await expect(email).toBeHidden();
});

test("what is written offline is sent once when the line is back, also when answers got lost", async ({ hark, project, visit, context }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  await context.setOffline(true);
  await expect(messenger.frame.getByText("You are offline.", { exact: false })).toBeVisible();
  await messenger.write("one");
  await messenger.write("two");
  await expect(messenger.log.getByText("Will be sent when you are back online")).toBeVisible();
  expect((await hark.rest(project, "GET", "/tickets?limit=1")).tickets).toEqual([]);

  // The first answers get lost on the way, after the server has written what it was sent.
  const lost = new Set<string>();
  await context.route(/\/conversations(\/[^/]+\/messages)?$/, async (route) => {
    const request = route.request();
    const { id } = request.method() === "POST" ? request.postDataJSON() : { id: "" };
    if (!id || lost.has(id)) return route.continue();
    lost.add(id);
    await route.fetch();
    await route.abort("connectionreset");
  });
  await context.setOffline(false);
  const ticket = await onlyTicket(hark, project);
  await expect(messenger.log.getByText("Sent", { exact: true })).toBeAttached();
  await expect(messenger.log.getByText("Will be sent", { exact: false })).toBeHidden();
  await expect(messenger.frame.getByText("You are offline.", { exact: false })).toBeHidden();
  expect(lost.size).toBe(2);
  await expect.poll(async () => (await messagesOf(hark, project, ticket.id)).length).toBe(2);
  await expect(messenger.log.locator(".own")).toHaveCount(2);
  await onlyTicket(hark, project);
});

test("what waits outlives the page", async ({ hark, project, visit, context, sdk: version }) => {
  test.skip(version !== "gleap-16", "a frame of another site has no storage in the private windows of these tests");
  const page = await visit();
  const messenger = await Messenger.on(page);
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  await context.route(/\/conversations$/, (route) =>
    route.request().method() === "POST" ? route.abort("connectionrefused") : route.continue(),
  );
  await messenger.write("Do not forget me");
  await expect(messenger.log.getByText("Sending")).toBeVisible();
  await page.close();
  await context.unroute(/\/conversations$/);
  const next = await Messenger.on(await visit());
  await next.open();
  const ticket = await onlyTicket(hark, project);
  expect(ticket.title).toBe("Do not forget me");
  await expect(next.frame.getByRole("button", { name: /Do not forget me/ })).toBeVisible();
});

test("without a socket answers come all the same", async ({ hark, project, visit, context }) => {
  await context.routeWebSocket(/sdkVersion=messenger/, (socket) => socket.close());
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  await messenger.write("Hello");
  const ticket = await onlyTicket(hark, project);
  await hark.rest(project, "POST", "/messages", { ticket: ticket.id, comment: "Heard without a socket" });
  await expect(messenger.log.getByText("Heard without a socket")).toBeVisible();
});

test("a line that died without a word is found out, and another one taken", async ({ hark, project, visit, context }) => {
  let sockets = 0;
  let isDead = false;
  const asked: string[] = [];
  await context.routeWebSocket(/sdkVersion=messenger/, (socket) => {
    sockets += 1;
    // The line that is there dies; the one that is taken in its place is good.
    const mine = sockets;
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      asked.push(String(text));
      if (!(isDead && mine === 1)) server.send(text);
    });
    server.onMessage((text) => {
      if (!(isDead && mine === 1)) socket.send(text);
    });
  });
  await context.clock.install();
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  await messenger.write("Hello");
  const ticket = await onlyTicket(hark, project);
  await expect(messenger.log.getByText("Sent", { exact: true })).toBeAttached();
  await expect.poll(() => sockets).toBe(1);
  // In steps, so that answers come between them.
  const passes = async (): Promise<void> => context.clock.fastForward(6_000);
  await expect
    .poll(async () => {
      await passes();
      return asked.length;
    })
    .toBeGreaterThan(1);
  // A server that is there answers, and is believed.
  expect(new Set(asked)).toEqual(new Set(['{"name":"ping"}']));
  expect(sockets).toBe(1);
  isDead = true;
  await hark.rest(project, "POST", "/messages", { ticket: ticket.id, comment: "Told to a dead line" });
  await expect
    .poll(async () => {
      await passes();
      return sockets;
    })
    .toBe(2);
  await expect(messenger.log.getByText("Told to a dead line")).toBeVisible();
  await hark.rest(project, "POST", "/messages", { ticket: ticket.id, comment: "Told to the new one" });
  await expect(messenger.log.getByText("Told to the new one")).toBeVisible();
});

test("a long conversation is read back to its beginning", async ({ hark, project, visit }) => {
  const messenger = await Messenger.on(await visit());
  await messenger.open();
  await messenger.button(/Send us a message/).click();
  await messenger.write("The beginning");
  const ticket = await onlyTicket(hark, project);
  for (let number = 1; number <= 70; number += 1) {
    await hark.rest(project, "POST", "/messages", { ticket: ticket.id, comment: `Line ${number}` });
  }
  await expect(messenger.log.getByText("Line 70", { exact: true })).toBeInViewport();
  await messenger.button("Back").click();
  await messenger.frame.getByRole("button", { name: /Line 70/ }).click();
  await expect(messenger.log.getByText("Line 70", { exact: true })).toBeInViewport();
  const readBack = async () => {
    await messenger.log.evaluate((log) => (log.scrollTop = 0));
    return messenger.log.getByText("The beginning").count();
  };
  await expect.poll(readBack).toBe(1);
  await expect(messenger.log.getByText(/^Line \d+$/)).toHaveCount(70);
  await messenger.button("Jump to the latest message").click();
  await expect(messenger.log.getByText("Line 70", { exact: true })).toBeInViewport();
});
