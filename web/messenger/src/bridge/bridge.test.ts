// The three ways to an SDK.
import { expect, test } from "vitest";
import { Bridge, transport } from "./bridge";
import type { Incoming } from "./protocol";

interface Event {
  source: unknown;
  data: unknown;
}

function frame() {
  const posted: unknown[] = [];
  const listeners: ((event: Event) => void)[] = [];
  const parent = { postMessage: (message: unknown, target: string) => posted.push([message, target]) };
  const host = { parent, addEventListener: (_: string, hear: (event: Event) => void) => listeners.push(hear) };
  const say = (data: unknown, source: unknown = parent) => listeners.forEach((hear) => hear({ source, data }));
  return { host: host as unknown as Window, posted, say };
}

test("a frame greets once, hears its parent alone, and speaks JSON", () => {
  const { host, posted, say } = frame();
  const bridge = new Bridge(transport(host));
  const heard: Incoming[] = [];
  bridge.start((message) => heard.push(message));
  bridge.start((message) => heard.push(message));
  expect(posted).toEqual([['{"name":"ping"}', "*"]]);
  expect(bridge.isNative).toBe(false);
  say('{"name":"reset-routes","data":{}}', {});
  say("no JSON");
  expect(heard).toEqual([]);
  say('{"name":"reset-routes","data":{}}');
  expect(heard).toEqual([{ name: "reset-routes" }]);
});

test("a window without a frame around it talks to nobody", () => {
  const { host, posted } = frame();
  Object.assign(host, { parent: host });
  new Bridge(transport(host)).start(() => {});
  expect(posted).toEqual([]);
});

test("apps call a function that is there before they are greeted", () => {
  const greeted: boolean[] = [];
  const { host, posted, say } = frame();
  const native = host as unknown as { GleapJSBridge: object; sendMessage?: (message: unknown) => void };
  const sent: string[] = [];
  native.GleapJSBridge = {
    gleapCallback: (text: string) => {
      greeted.push(native.sendMessage !== undefined);
      sent.push(text);
    },
  };
  const bridge = new Bridge(transport(host));
  const heard: Incoming[] = [];
  bridge.start((message) => heard.push(message));
  expect(bridge.isNative).toBe(true);
  expect(greeted).toEqual([true]);
  expect(sent).toEqual(['{"name":"ping"}']);
  native.sendMessage?.({ name: "session-cleared" });
  // Pages in a web view cannot speak for the app.
  say('{"name":"reset-routes"}');
  expect(heard).toEqual([{ name: "session-cleared" }]);
  expect(posted).toEqual([]);
});

test("iOS gets objects", () => {
  const { host } = frame();
  const sent: unknown[] = [];
  Object.assign(host, { webkit: { messageHandlers: { gleapCallback: { postMessage: (message: unknown) => sent.push(message) } } } });
  const bridge = new Bridge(transport(host));
  bridge.start(() => {});
  bridge.send("open-url", "https://a.example/", { newTab: true });
  expect(sent).toEqual([{ name: "ping" }, { name: "open-url", data: "https://a.example/", newTab: true }]);
});
