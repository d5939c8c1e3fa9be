import { open, p, shot, wait, browser } from "./shot.tmp.mjs";
import { readFileSync } from "node:fs";
const id = JSON.parse(readFileSync("/tmp/contacts/ticket-gleap-16.json")).id;
let page = await open(p(`bugs/${id}`));
await wait(6000); await shot(page, "dbg"); await wait(1000); console.log("click"); await page.getByRole("tab", { name: "Network" }).click(); await wait(700); console.log("click2"); await page.getByRole("tab", { name: /Replay/ }).first().click(); await wait(3000);
await browser.close();
