import { chromium } from "@playwright/test";
import { readFileSync } from "node:fs";
export const P = JSON.parse(readFileSync("/tmp/contacts/init.json"));
export const base = process.env.BASE ?? "http://localhost:8531";
const login = await (await fetch(`${base}/v3/users/login`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ email: P.owner.email, password: P.owner.password }) })).json();
export const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
export async function open(path, { width = 1440, height = 900, colorScheme = "light", locale = "en", touch = false } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale, hasTouch: touch, permissions: ["clipboard-read", "clipboard-write"] });
  await context.addInitScript((token) => { try { localStorage.setItem("hark.token", token); } catch {} }, login.token);
  const page = await context.newPage();
  const seen = new Set(); const once = (text) => { if (!seen.has(text) && seen.size < 12) { seen.add(text); console.log(text); } };
  page.on("console", (m) => { if (m.type() === "error" || m.type() === "warning") once(" console: " + m.text().slice(0, 900)); });
  page.on("pageerror", (e) => once(" pageerror: " + e.message.slice(0, 1500) + (process.env.STACK ? e.stack?.slice(0, 1200) : "")));
  await page.goto(base + path);
  return page;
}
export const p = (rest) => `/p/${P.project.id}/${rest}`;
export const wait = (ms) => new Promise((d) => setTimeout(d, ms));
export const shot = (page, name) => page.screenshot({ path: `/tmp/contacts/out/${name}.png` });
