// Coming in: signing up and in, second factors, passkeys, a company's own sign-in, invitations and the first steps.
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { expectAccessible } from "../support/axe.ts";
import type { Hark, Owner } from "../support/hark.ts";
import { Provider } from "../support/provider.ts";
import { expect, test } from "../support/test.ts";
import { totp } from "../support/totp.ts";

const password = "seven quiet lighthouses";
let people = 0;

/** Somebody with a confirmed address, and the page of the session that confirming it began. */
async function newcomer(browser: Browser, hark: Hark, next = ""): Promise<{ page: Page; email: string }> {
  const email = `person${++people}-${Date.now()}@lumen.example`;
  const page = await visitor(browser);
  await page.goto(`http://${hark.host}/sign-up${next}`);
  await page.getByLabel("Your name").fill("Ada Keller");
  await page.getByLabel("Work e-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
  await page.getByLabel("Code from the e-mail").fill(await code(hark, email, 0));
  return { page, email };
}

/** The digits of somebody's letter of this number. */
async function code(hark: Hark, email: string, number: number): Promise<string> {
  await expect.poll(() => hark.letters(email).length).toBeGreaterThan(number);
  return /text="(\d{6})/.exec(hark.letters(email)[number] ?? "")?.[1] ?? "";
}

async function visitor(browser: Browser, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: "en-GB", ...options });
  return context.newPage();
}

async function signIn(page: Page, hark: Hark, who: Pick<Owner, "email" | "password">): Promise<void> {
  await page.goto(`http://${hark.host}/sign-in`);
  await page.getByLabel("E-mail", { exact: true }).fill(who.email);
  await page.getByLabel("Password", { exact: true }).fill(who.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** A device with a fingerprint sensor that always agrees. */
async function withSensor(context: BrowserContext, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

test.afterEach(async ({ browser }) => {
  for (const context of browser.contexts()) await context.close();
});

test("a newcomer signs up with the code, makes a project, and sees that the SDK arrived", async ({ browser, hark }) => {
  const { page } = await newcomer(browser, hark);
  await expect(page.getByRole("heading", { name: "Hello, Ada" })).toBeVisible();
  await expectAccessible(page, "first steps");
  await page.getByLabel("Name of the project").fill("Lumen Shop");
  await page.getByLabel("Name of your company").fill("Lumen");
  await page.getByRole("button", { name: "Create project" }).click();
  await expect(page.getByRole("heading", { name: "Bring Hark into your product" })).toBeVisible();
  const code = page.locator("pre").filter({ hasText: "Gleap.initialize" });
  await expect(code).toContainText(`Gleap.setApiUrl("http://${hark.host}");`);
  await expect(code).toContainText(`Gleap.setFrameUrl("http://messenger.${hark.host}");`);
  const key = /initialize\("([0-9a-f]+)"\)/.exec((await code.textContent()) ?? "")?.[1];
  for (const platform of ["iOS", "Android", "React Native", "Flutter"]) {
    await page.getByRole("tab", { name: platform }).click();
    await expect(page.locator("pre").filter({ hasText: key! })).toBeVisible();
  }
  await expectAccessible(page, "install");
  await expect(page.getByText("Waiting for your SDK")).toBeVisible();
  const started = await fetch(`http://${hark.host}/sessions`, {
    method: "POST",
    headers: { "Api-Token": key!, "Content-Type": "application/json" },
    body: JSON.stringify({ lang: "en" }),
  });
  expect(started.ok).toBe(true);
  await expect(page.getByText("We see your SDK")).toBeVisible();
  await page.getByRole("link", { name: "Open the inbox" }).click();
  await expect(page).toHaveURL(/\/p\/[0-9a-f]{24}\/inbox/);
});

test("a wrong code is said at once, and another one can be had", async ({ browser, hark }) => {
  const email = `late-${Date.now()}@lumen.example`;
  const page = await visitor(browser);
  await page.goto(`http://${hark.host}/sign-up`);
  await page.getByLabel("Your name").fill("Noah Brandt");
  await page.getByLabel("Work e-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert")).toContainText("between 8 and");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  const first = await code(hark, email, 0);
  await page.getByLabel("Code from the e-mail").fill(first === "000000" ? "111111" : "000000");
  await expect(page.getByRole("alert")).toContainText("code is wrong");
  await expectAccessible(page, "code");
  await page.getByRole("button", { name: "Send another code" }).click();
  await page.getByLabel("Code from the e-mail").fill(await code(hark, email, 1));
  await expect(page.getByRole("heading", { name: "Hello, Noah" })).toBeVisible();
});

test("signing in leads to where somebody wanted to go, and a wrong password stays", async ({ browser, hark, project }) => {
  const page = await visitor(browser);
  const wanted = `/p/${project.project.id}/settings/members`;
  await page.goto(`http://${hark.host}${wanted}`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await expectAccessible(page, "sign in");
  await page.getByLabel("E-mail", { exact: true }).fill(hark.owner.email);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("password");
  await page.getByLabel("Password", { exact: true }).fill(hark.owner.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`${wanted}$`));
  await expect(page.getByRole("heading", { name: "Members" })).toBeVisible();
});

test("a wrong password is told in German", async ({ browser, hark }) => {
  const page = await visitor(browser, { locale: "de-DE" });
  await page.goto(`http://${hark.host}/sign-in`);
  await page.getByLabel("E-Mail", { exact: true }).fill(hark.owner.email);
  await page.getByLabel("Passwort", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Anmelden", exact: true }).click();
  await expect(page.getByRole("alert")).toHaveText("Die Adresse oder das Passwort ist falsch.");
});

test("a forgotten password is replaced by mail, and ends other sessions", async ({ browser, hark }) => {
  const { page: other, email } = await newcomer(browser, hark);
  await expect(other.getByRole("heading", { name: "Hello, Ada" })).toBeVisible();
  const page = await visitor(browser);
  await page.goto(`http://${hark.host}/sign-in/forgot`);
  await page.getByLabel("E-mail", { exact: true }).fill(email);
  await expectAccessible(page, "forgotten password");
  await page.getByRole("button", { name: "Send code" }).click();
  await expect.poll(() => hark.letters(email).length).toBe(2);
  const letter = /text="([^ ]+)/.exec(hark.letters(email)[1] ?? "")?.[1] ?? "";
  await page.getByLabel("Code from the e-mail").fill(letter);
  await page.getByLabel("New password", { exact: true }).fill("nine louder lighthouses");
  await page.getByRole("button", { name: "Set password and sign in" }).click();
  await expect(page.getByRole("heading", { name: "Hello, Ada" })).toBeVisible();
  await other.reload();
  await expect(other).toHaveURL(/\/sign-in/);
});

test("an authenticator is set up, asked for, and replaced by a recovery code", async ({ browser, hark }) => {
  const { page, email } = await newcomer(browser, hark);
  await expect(page.getByRole("heading", { name: "Hello, Ada" })).toBeVisible();
  await page.goto(`http://${hark.host}/account/security`);
  await page.getByRole("button", { name: "Set up" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("img", { name: "Code to scan" })).toBeVisible();
  const secret = ((await dialog.locator("pre").textContent()) ?? "").trim();
  await expectAccessible(page, "authenticator");
  await dialog.getByLabel("First code that it shows").fill(totp(secret));
  const codes = page.getByRole("dialog", { name: "Keep your recovery codes" });
  await expect(codes.getByRole("listitem")).toHaveCount(10);
  const recovery = await codes.getByRole("listitem").allTextContents();
  await expectAccessible(page, "recovery codes");
  await codes.getByText("I keep them in a safe place").click();
  await codes.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText("10 codes left")).toBeVisible();
  await expectAccessible(page, "security");

  const elsewhere = await visitor(browser);
  await signIn(elsewhere, hark, { email, password });
  await expect(elsewhere.getByRole("heading", { name: "Prove it is you" })).toBeVisible();
  await expectAccessible(elsewhere, "second factor");
  await elsewhere.getByLabel("Code from your authenticator").fill("000000");
  await expect(elsewhere.getByRole("alert")).toContainText("code");
  // A code counts once: the one that set the authenticator up is spent.
  await elsewhere.getByLabel("Code from your authenticator").fill(totp(secret, Date.now() + 30_000));
  await expect(elsewhere.getByRole("heading", { name: "Hello, Ada" })).toBeVisible();

  const third = await visitor(browser);
  await signIn(third, hark, { email, password });
  await third.getByRole("button", { name: "Use a recovery code" }).click();
  await third.getByLabel("Recovery code").fill(recovery[0]!);
  await third.getByRole("button", { name: "Continue" }).click();
  await expect(third.getByRole("heading", { name: "Hello, Ada" })).toBeVisible();
  await third.goto(`http://${hark.host}/account/security`);
  await expect(third.getByText("9 codes left")).toBeVisible();
});

test("a passkey is added, signs in by itself, and is removed", async ({ browser, hark }) => {
  const { page } = await newcomer(browser, hark);
  await expect(page.getByRole("heading", { name: "Hello, Ada" })).toBeVisible();
  await withSensor(page.context(), page);
  await page.goto(`http://${hark.host}/account/security`);
  await page.getByRole("button", { name: "Add passkey" }).click();
  const codes = page.getByRole("dialog", { name: "Keep your recovery codes" });
  await codes.getByText("I keep them in a safe place").click();
  await codes.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: /^Rename / }).click();
  await page.getByLabel("Name", { exact: true }).fill("Work laptop");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await expect(page.getByText("Work laptop")).toBeVisible();
  await expectAccessible(page, "passkeys");
  await page.getByRole("navigation").getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in to Hark" })).toBeVisible();
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("heading", { name: "Sign in to Hark" })).toBeHidden();
  await page.goto(`http://${hark.host}/account/security`);
  await page.getByRole("button", { name: "Remove Work laptop" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByText("Work laptop")).toBeHidden();
});

test("signing out everywhere ends the other browser, too", async ({ browser, hark }) => {
  const { page, email } = await newcomer(browser, hark);
  await expect(page.getByRole("heading", { name: "Hello, Ada" })).toBeVisible();
  const other = await visitor(browser);
  await signIn(other, hark, { email, password });
  await expect(other.getByRole("heading", { name: "Hello, Ada" })).toBeVisible();
  await page.goto(`http://${hark.host}/account/security`);
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await other.reload();
  await expect(other).toHaveURL(/\/sign-in/);
});

test("an invitation leads a stranger into the project", async ({ browser, hark, project }) => {
  const email = `guest-${Date.now()}@lumen.example`;
  const token = await hark.signIn();
  const answer = await fetch(`http://${hark.host}/v3/invitations/projects`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, Project: project.project.id, "Content-Type": "application/json" },
    body: JSON.stringify({ emails: [email], role: "VIEWER" }),
  });
  const [{ link }] = (await answer.json()) as [{ link: string }];
  const page = await visitor(browser);
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Join Site" })).toBeVisible();
  await expectAccessible(page, "invitation");
  await page.getByRole("link", { name: "Create an account" }).click();
  await expect(page.getByLabel("Work e-mail")).toHaveValue(email);
  await page.getByLabel("Your name").fill("Gil Guest");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByLabel("Code from the e-mail").fill(/text="(\d{6})/.exec(await lastLetter(hark, email))?.[1] ?? "");
  await page.getByRole("button", { name: "Accept" }).click();
  await expect(page).toHaveURL(new RegExp(`/p/${project.project.id}/inbox`));
});

async function lastLetter(hark: Hark, email: string): Promise<string> {
  const codes = () => hark.letters(email).filter((letter) => /text="\d{6}/.test(letter));
  await expect.poll(() => codes().length).toBeGreaterThan(0);
  return codes().at(-1) ?? "";
}

test("a profile is changed and the page speaks German", async ({ browser, hark }) => {
  const { page } = await newcomer(browser, hark);
  await expect(page.getByRole("heading", { name: "Hello, Ada" })).toBeVisible();
  await page.goto(`http://${hark.host}/account`);
  await page.getByLabel("Last name").fill("Lovelace");
  await expect(page.getByText("Unsaved changes")).toBeVisible();
  await page.keyboard.press("Control+s");
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Last name")).toHaveValue("Lovelace");
  await page.getByLabel("Language").selectOption("de");
  await expect(page.getByRole("heading", { name: "Profil", exact: true })).toBeVisible();
  await expectAccessible(page, "profile");
  await page.getByRole("link", { name: "Benachrichtigungen" }).click();
  await page.getByRole("checkbox", { name: "Jedes neue Ticket: Dashboard" }).check();
  await page.getByRole("button", { name: "Speichern" }).click();
  await expect(page.getByText("Gespeichert", { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("checkbox", { name: "Jedes neue Ticket: Dashboard" })).toBeChecked();
  await expectAccessible(page, "notifications");
});

/** A call in the name of whoever is signed in on a page. */
async function callAs(page: Page, hark: Hark, method: string, path: string, body?: unknown, project?: string): Promise<any> {
  const token = await page.evaluate(() => localStorage.getItem("hark.token"));
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...(project && { Project: project }) };
  const response = await fetch(`http://${hark.host}/v3${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
  return response.json();
}

/** Sets up a second factor for whoever is signed in on a page, and asks it of everybody in their organisation. */
async function requireFactor(hark: Hark, page: Page, organisation: string): Promise<void> {
  const { secret } = await callAs(page, hark, "POST", "/users/me/totp");
  await callAs(page, hark, "POST", "/users/me/totp/confirm", { code: totp(secret) });
  const { id } = (await callAs(page, hark, "GET", "/organisations")).find((one: any) => one.name === organisation);
  await callAs(page, hark, "PUT", `/organisations/${id}/security`, { requireSecondFactor: true });
}

test("where everybody needs a second factor, whoever has none is led to it and back to work", async ({ browser, hark }) => {
  const { page: boss } = await newcomer(browser, hark);
  const { page, email } = await newcomer(browser, hark);
  const { id: organisation } = await callAs(boss, hark, "POST", "/organisations", { name: "Beacon" });
  const { project } = await callAs(boss, hark, "POST", "/projects", { name: "Beacon", organisation });
  await callAs(boss, hark, "POST", "/invitations/projects", { emails: [email], role: "ADMIN" }, project.id);
  const [invitation] = await callAs(page, hark, "GET", "/invitations");
  await callAs(page, hark, "PUT", `/invitations/${invitation.id}`, { accept: true });
  await page.goto(`http://${hark.host}/p/${project.id}/contacts`);
  await expect(page.getByRole("heading", { name: "Contacts", level: 1 })).toBeVisible();

  // It counts at once, also for those who are at work.
  await requireFactor(hark, boss, "Beacon");
  await page.getByRole("link", { name: "Board" }).click();
  await expect(page.getByRole("heading", { name: "Beacon wants a second factor" })).toBeVisible();
  await expectAccessible(page, "second factor wanted");
  await page.reload();
  await page.getByRole("link", { name: "Set it up" }).click();
  await expect(page.getByText("Beacon wants a second factor from everybody.")).toBeVisible();
  await page.getByRole("button", { name: "Set up" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("First code that it shows").fill(totp(((await dialog.locator("pre").textContent()) ?? "").trim()));
  const codes = page.getByRole("dialog", { name: "Keep your recovery codes" });
  await codes.getByText("I keep them in a safe place").click();
  await codes.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Go to work" }).click();
  await expect(page).toHaveURL(new RegExp(`/p/${project.id}/inbox`));
  await expect(page.getByRole("heading", { name: "Assigned to me", exact: true })).toBeVisible();
});

test.describe("a company's own sign-in", () => {
  let provider: Provider;
  test.beforeAll(async () => {
    provider = await Provider.start();
  });
  test.afterAll(() => provider.stop());

  test("is set up by the owner and lets a colleague in", async ({ browser, hark }) => {
    // Nothing but loopback is there to be asked; operators have to allow that.
    await hark.restart("--allow-private", "127.0.0.0/8");
    const { page } = await newcomer(browser, hark);
    await page.getByLabel("Name of the project").fill("Lumen");
    await page.getByLabel("Name of your company").fill("Lumen");
    await page.getByRole("button", { name: "Create project" }).click();
    await expect(page).toHaveURL(/project=([0-9a-f]{24})/);
    const project = /project=([0-9a-f]{24})/.exec(page.url())?.[1] ?? "";
    await page.goto(`http://${hark.host}/p/${project}/settings/organisation`);
    provider.redirectUri = (await page.getByLabel("Redirect address", { exact: true }).textContent()) ?? "";
    await page.getByLabel("Issuer").fill(provider.issuer);
    await page.getByLabel("Client id").fill(provider.clientId);
    await page.getByLabel("Client secret").fill(provider.clientSecret);
    await page.getByLabel("E-mail domains").fill("lumen.example");
    await page.locator("form.sso").getByRole("combobox").selectOption("ADMIN");
    await page.getByRole("switch", { name: "Switched on" }).click();
    await page.locator("form.sso").getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Leave empty to keep the one that is stored.")).toBeVisible();
    await expectAccessible(page, "organisation");

    // Until the operator confirmed it, the domain is nobody's.
    await expect(page.getByText("lumen.example waits for the operator").first()).toBeVisible();
    const confirm = (await page.getByLabel("lumen.example waits for the operator", { exact: true }).textContent()) ?? "";
    await hark.command(...confirm.trim().split(" ").slice(1));

    const colleague = `colleague-${Date.now()}@lumen.example`;
    const other = await visitor(browser);
    await other.goto(`http://${hark.host}/sign-in`);
    await other.getByLabel("E-mail", { exact: true }).fill(colleague);
    await other.getByRole("button", { name: "Single sign-on" }).click();
    await expect(other.getByRole("heading", { name: "This sign-in did not work" })).toBeVisible();
    await expectAccessible(other, "refused sign-on");

    provider.person = { sub: "c-1", email: colleague, name: "Cleo Colleague" };
    await other.getByRole("link", { name: "Back to signing in" }).click();
    await other.getByLabel("E-mail", { exact: true }).fill(colleague);
    await other.getByRole("button", { name: "Single sign-on" }).click();
    await expect(other).toHaveURL(new RegExp(`/p/${project}/inbox|/welcome|/inbox`));
    await other.goto(`http://${hark.host}/account/security`);
    await expect(other.getByText(colleague).first()).toBeVisible();

    // What the company's provider checks is enough where everybody needs a second factor.
    await requireFactor(hark, page, "Lumen");
    await other.goto(`http://${hark.host}/p/${project}/contacts`);
    await expect(other.getByRole("heading", { name: "Contacts", level: 1 })).toBeVisible();
    await other.goto(`http://${hark.host}/account/security`);
    await expect(other.getByText(colleague).first()).toBeVisible();
    await expect(other.getByText("wants a second factor")).toHaveCount(0);
  });
});
