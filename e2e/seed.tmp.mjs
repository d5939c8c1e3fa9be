import { chromium } from "@playwright/test";
import { createServer } from "node:http";
import { readFileSync, writeFileSync } from "node:fs";
const P = JSON.parse(readFileSync("/tmp/contacts/init.json"));
const host = "localhost:8531";
const which = process.argv[2] ?? "gleap-16";
const script = readFileSync(new URL(`./node_modules/${which}/build/browser/index.js`, import.meta.url));
const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Nordwind checkout</title><style>
body{margin:0;font:16px/1.5 system-ui;background:#f6f5f2;color:#222}header{padding:18px 40px;background:#1d3b34;color:#fff;font-weight:700;font-size:20px}
main{max-width:880px;margin:32px auto;display:grid;grid-template-columns:1fr 300px;gap:28px}article{background:#fff;border-radius:12px;padding:20px;margin-bottom:14px;display:flex;gap:16px;align-items:center;box-shadow:0 1px 3px #0001}
article div{width:72px;height:72px;border-radius:8px;background:linear-gradient(135deg,#d9a066,#8f563b)}aside{background:#fff;border-radius:12px;padding:20px;align-self:start;box-shadow:0 1px 3px #0001}
button{border:0;background:#1d6b58;color:#fff;font:600 16px system-ui;padding:12px;border-radius:8px;width:100%}input{width:100%;box-sizing:border-box;padding:10px;border:1px solid #ccc;border-radius:8px;margin:8px 0 14px}.err{color:#b3261e;margin-top:10px}</style></head>
<body><header>Nordwind</header><main><section><h1>Your cart</h1><article><div></div><p><b>Oak stool</b><br>€ 89.00</p></article><article><div></div><p><b>Linen lamp</b><br>€ 129.00</p></article><article><div></div><p><b>Wool blanket</b><br>€ 64.00</p></article></section>
<aside><h2>Pay</h2><label>Voucher<input id="v"></label><p>Total <b>€ 282.00</b></p><button id="pay">Pay now</button><p class="err"></p></aside></main><script src="/sdk.js"></script></body></html>`;
const server = createServer((q, r) => {
  if (q.url === "/sdk.js") { r.setHeader("Content-Type", "text/javascript"); r.end(script); }
  else if (q.url.startsWith("/api/pay")) { setTimeout(() => { r.statusCode = 502; r.setHeader("Content-Type", "application/json"); r.end('{"error":"payment provider did not answer","provider":"acme","retry":false,"trace":["gateway","ledger"]}'); }, 420); }
  else if (q.url.startsWith("/api/")) { setTimeout(() => { r.setHeader("Content-Type", "application/json"); r.end(JSON.stringify({ ok: true, items: [{ sku: "A-1", price: 89 }, { sku: "B-7", price: 129 }] })); }, 60 + Math.random() * 180); }
  else { r.setHeader("Content-Type", "text/html"); r.end(html); }
});
await new Promise((d) => server.listen(0, "127.0.0.1", d));
const origin = `http://site.localhost:${server.address().port}`;
const rest = async (method, path, body) => { const r = await fetch(`http://${host}/v3${path}`, { method, headers: { Authorization: `Bearer ${P.apiToken}`, Project: P.project.id, "Content-Type": "application/json" }, body: body && JSON.stringify(body) }); const t = await r.text(); if (!r.ok) throw new Error(`${method} ${path} ${r.status} ${t}`); return t ? JSON.parse(t) : undefined; };
await rest("PUT", "/projects/config", { flowConfig: { enableWebReplays: true, enableReplays: true, enableNetworkLogs: true, enableConsoleLogs: true, sendNetworkResources: true } });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await page.goto(origin + "/cart");
await page.evaluate(([host, key]) => { const s = window.Gleap; s.setApiUrl(`http://${host}`); s.setWSApiUrl(`ws://${host}/ws`); s.setFrameUrl(`http://messenger.${host}`); s.setBannerUrl(`http://media.${host}/banner`); s.setModalUrl(`http://media.${host}/modal`); const i = new Promise((d) => s.on("initialized", () => d())); s.initialize(key); return i; }, [host, P.sdkKey]);
const sdk = (n, ...w) => page.evaluate(([n, w]) => window.Gleap[n](...w), [n, w]);
await sdk("identify", "user-" + which, { name: "Marlene Vogt", email: "marlene@nordwind.example", plan: "team", companyName: "Nordwind", value: 2400, customData: { cart: 3, tier: "gold" } });
await sdk("attachCustomData", { cart: 3, basket: { items: 3, total: 282 }, experiment: "checkout-b" });
const wait = (ms) => new Promise((d) => setTimeout(d, ms));
await page.evaluate(() => {
  console.log("cart loaded", JSON.stringify({ items: 3 })); console.info("feature flags: checkout-b, lamps-v2"); 
  window.Gleap.trackEvent("cart-viewed", { items: 3, total: 282 });
  document.getElementById("pay").onclick = async () => {
    window.Gleap.trackEvent("payment-started", { provider: "acme" });
    await fetch("/api/session?locale=de"); await fetch("/api/prices?sku=A-1&sku=B-7", { headers: { "X-Client": "web" } });
    const r = await fetch("/api/pay?cart=3", { method: "POST", headers: { "Content-Type": "application/json", Authorization: "Bearer secret" }, body: JSON.stringify({ cart: 3, voucher: document.getElementById("v").value, method: "card" }) });
    if (!r.ok) { document.querySelector(".err").textContent = "Payment failed. Please try again."; console.warn("payment failed with", r.status); console.error("TypeError: Cannot read properties of undefined (reading 'token')\n    at pay (checkout.8f3a2b1c.js:41:17)\n    at async HTMLButtonElement.onclick (checkout.8f3a2b1c.js:88:5)"); window.Gleap.trackEvent("payment-failed", { status: r.status }); }
  };
});
await page.mouse.move(300, 200, { steps: 12 }); await wait(600); await page.mouse.move(700, 300, { steps: 12 });
await page.click("#v"); await page.type("#v", "WELCOME10", { delay: 120 }); await wait(800);
if (process.argv[3] !== "fast") await wait(9000);
await page.mouse.move(900, 420, { steps: 16 }); await page.click("#pay"); await wait(1600);
await page.evaluate(async () => { console.debug?.("retrying"); await fetch("/api/prices?sku=C-9"); });
await page.mouse.move(400, 500, { steps: 16 }); await wait(700);
await sdk("setFrameUrl", origin);
await page.evaluate(() => window.postMessage(JSON.stringify({ name: "notify-event", data: { type: "flow-started" } }), "*")); await wait(200);
const sent = page.waitForResponse((r) => r.url().endsWith("/bugs/v2"));
await sdk("sendSilentCrashReportWithFormData", { description: "Payment fails with a voucher\nTypeError: Cannot read properties of undefined (reading 'token')\n at pay (checkout.8f3a2b1c.js:41:17)" + which }, "HIGH", { screenshot: false, replays: false });
const created = await (await sent).json();
await browser.close(); server.close();
const t = await rest("GET", `/tickets/${created.id}`);
console.log(created.id, t.replayDataUrl, t.hasWebReplay, t.screenshotUrl);
writeFileSync(`/tmp/contacts/ticket-${which}.json`, JSON.stringify(t, null, 1));
