// What the messenger understands of the SDK, and what it says to it.
import { describe, expect, test } from "vitest";
import { envelope, read } from "./protocol";

const told = (name: string, data?: unknown) => read(JSON.stringify({ name, data }));

test("what is no message is left out", () => {
  for (const none of ["", "{", "null", "[]", "1", undefined, null, 3, { data: {} }, { name: 5 }, { name: "unknown" }]) {
    expect(read(none)).toBeUndefined();
  }
  // Those for other frames are marked.
  expect(read({ type: "banner", name: "reset-routes", data: {} })).toBeUndefined();
  // Names that every object has are no messages.
  for (const name of ["constructor", "toString", "__proto__"]) expect(read({ name, data: {} })).toBeUndefined();
});

test("a session needs a server, a key and a contact", () => {
  const sessionData = { gleapId: "g", gleapHash: "h", userId: 7, name: null, email: "a@b.example" };
  const whole = { sessionData, apiUrl: "https://api.example/", sdkKey: "k" };
  expect(told("session-update", whole)).toEqual({
    name: "session-update",
    session: {
      apiUrl: "https://api.example",
      sdkKey: "k",
      data: { gleapId: "g", gleapHash: "h", userId: "7", name: "", email: "a@b.example", fileAccessToken: "" },
    },
  });
  for (const wrong of [
    { ...whole, apiUrl: "javascript:alert(1)" },
    { ...whole, apiUrl: 1 },
    { ...whole, sdkKey: "" },
    { ...whole, sessionData: null },
    { ...whole, sessionData: { gleapId: "g" } },
  ]) {
    expect(told("session-update", wrong)).toBeUndefined();
  }
});

test("a configuration, of pages and of apps", () => {
  expect(told("config-update", { config: { color: "#112233" }, aiTools: [{ name: "t" }], overrideLanguage: "de" })).toEqual({
    name: "config-update",
    config: { color: "#112233" },
    overrideLanguage: "de",
    actions: undefined,
    isApp: false,
  });
  expect(told("config-update", { actions: { f: {} }, isApp: true })).toEqual({
    name: "config-update",
    config: {},
    overrideLanguage: "",
    actions: { f: {} },
    isApp: true,
  });
});

test("states and answers", () => {
  expect(told("session-cleared")).toEqual({ name: "session-cleared" });
  expect(told("widget-status-update", { isWidgetOpen: true })).toEqual({ name: "widget-status-update", isWidgetOpen: true });
  expect(told("widget-status-update", {})).toEqual({ name: "widget-status-update", isWidgetOpen: false });
  expect(told("reset-routes", {})).toEqual({ name: "reset-routes" });
  expect(told("prefill-form-data", { a: 1 })).toEqual({ name: "prefill-form-data", values: { a: 1 } });
  expect(told("set-form-data", { formKey: "capture", data: { value: "screenshot", dirty: true } })).toEqual({
    name: "set-form-data",
    formKey: "capture",
    value: "screenshot",
  });
  expect(told("feedback-sent", { shareToken: "s" })).toEqual({ name: "feedback-sent", reply: { shareToken: "s" } });
  expect(told("feedback-sending-failed", "No")).toEqual({ name: "feedback-sending-failed" });
  expect(told("collect-ticket-data", { customData: { a: 1 }, tags: ["x", 2], consoleLog: null })).toEqual({
    name: "collect-ticket-data",
    data: { customData: { a: 1 }, metaData: {}, formData: {}, tags: ["x"] },
  });
});

test("what apps say besides", () => {
  expect(told("screenshot-update", "data:image/png;base64,x")).toEqual({ name: "screenshot-update", image: "data:image/png;base64,x" });
  expect(told("screenshot-update", "https://x/")).toBeUndefined();
  expect(told("safe-area-update", { top: 47, bottom: -1, left: "x" })).toEqual({
    name: "safe-area-update",
    top: 47,
    right: 0,
    bottom: 0,
    left: 0,
  });
  expect(told("widget-size-update", { expandable: true, expanded: false })).toMatchObject({ expandable: true });
  expect(told("capture-capabilities", { version: 1, screenshot: true, recording: "yes", maxRecordingSec: 180 })).toEqual({
    name: "capture-capabilities",
    capabilities: { screenshot: true, recording: false, maxRecordingSec: 180 },
  });
  for (const state of ["bar", "capturing", "recording", "preview", "uploading", "done", "cancelled", "failed", "unsupported"]) {
    expect(told("capture-state", { requestId: "r", state, error: "x" })).toEqual({ name: "capture-state", requestId: "r", state });
  }
  expect(told("capture-state", { requestId: "r", state: "asleep" })).toBeUndefined();
  const image = { requestId: "r", dataUrl: "data:image/jpeg;base64,x" };
  expect(told("capture-image", { ...image, width: 3 })).toEqual({ name: "capture-image", ...image });
  expect(told("capture-image", { requestId: "r", dataUrl: "javascript:1" })).toBeUndefined();
});

test("what belongs to things that the messenger does not have is no message", () => {
  for (const name of ["frontend-tool-result", "checklist", "survey-safe-area", "agent-conv-data", "chatbar-notification"]) {
    expect(told(name, {})).toBeUndefined();
  }
});

describe("commands", () => {
  const commands: [string, object, object][] = [
    ["start-feedbackflow", { flow: "f", hideBackButton: true }, { flow: "f", hideBackButton: true }],
    ["start-survey", { flow: "f", hideBackButton: true, format: "survey_full" }, { flow: "f", format: "survey_full" }],
    ["start-bot", { botId: "b", hideBackButton: true }, { hideBackButton: true }],
    ["ask-ai", { question: "q" }, { question: "q", hideBackButton: false }],
    ["open-conversations", {}, { hideBackButton: false }],
    ["open-conversation", { shareToken: "s", hideBackButton: true }, { shareToken: "s", hideBackButton: true }],
  ];
  test.each(commands)("%s", (name, data, wanted) => {
    expect(told(name, data)).toEqual({ name, ...wanted });
  });

  const elsewhere = [
    "open-helpcenter",
    "open-helpcenter-search",
    "open-help-collection",
    "open-help-article",
    "open-news",
    "open-news-article",
    "open-feature-requests",
    "open-checklists",
    "open-checklist",
    "start-checklist",
  ];
  test.each(elsewhere)("%s opens the messenger at its beginning", (name) => {
    expect(told(name, { id: "x", hideBackButton: true })).toEqual({ name: "open-home" });
  });

  test("formats that there are not fall back, and what is missing is no command", () => {
    expect(told("start-survey", { flow: "f", format: "survey_page" })).toMatchObject({ format: "survey" });
    expect(told("start-feedbackflow", { format: "survey" })).toEqual({ name: "start-feedbackflow", flow: "bugreporting", hideBackButton: false });
    expect(told("start-survey", {})).toBeUndefined();
    expect(told("open-conversation", {})).toBeUndefined();
  });
});

test("what is sent", () => {
  expect(envelope("ping")).toEqual({ name: "ping" });
  expect(envelope("height-update", 300)).toEqual({ name: "height-update", data: 300 });
  expect(envelope("open-url", "https://a.example/", { newTab: true })).toEqual({
    name: "open-url",
    data: "https://a.example/",
    newTab: true,
  });
  expect(envelope("run-custom-action", "x")).toEqual({ name: "run-custom-action", data: "x" });
});
