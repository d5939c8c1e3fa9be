// What the messenger understands of the SDK, and what it says to it.
import { describe, expect, test } from "vitest";
import { envelope, read, type CommandName } from "./protocol";

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

test("a configuration brings tools in the spellings of both SDKs", () => {
  const tool = { name: "t", description: "d", executionType: "auto", parameters: [{ name: "p", type: "string", required: true, enums: ["a", 1] }] };
  const wanted = { name: "t", description: "d", executionType: "auto", parameters: [{ name: "p", description: "", type: "string", required: true, enum: ["a"] }] };
  const message = told("config-update", { config: { color: "#112233" }, aiTools: [tool], overrideLanguage: "de" });
  expect(message).toEqual({
    name: "config-update",
    config: { color: "#112233" },
    overrideLanguage: "de",
    tools: [wanted],
    actions: undefined,
    isApp: false,
  });
  expect(told("config-update", { agentTools: [{ name: "t" }, { name: "" }, 4], actions: { f: {} }, isApp: true })).toMatchObject({
    config: {},
    tools: [{ name: "t", parameters: [] }],
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
  expect(told("feedback-sending-failed", "No")).toEqual({ name: "feedback-sending-failed", reason: "No" });
  expect(told("frontend-tool-result", { toolCallId: "1", name: "t", result: "r" })).toEqual({
    name: "frontend-tool-result",
    toolCallId: "1",
    toolName: "t",
    result: "r",
  });
  expect(told("collect-ticket-data", { customData: { a: 1 }, tags: ["x", 2], consoleLog: null })).toEqual({
    name: "collect-ticket-data",
    data: { customData: { a: 1 }, metaData: {}, formData: {}, consoleLog: [], networkLogs: [], customEventLog: [], tags: ["x"] },
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
  expect(told("capture-capabilities", { screenshot: true, maxRecordingSec: 180 })).toMatchObject({
    capabilities: { screenshot: true, recording: false, maxRecordingSec: 180 },
  });
  expect(told("capture-state", { requestId: "r", state: "done" })).toMatchObject({ state: "done", error: "" });
  expect(told("capture-image", { requestId: "r", dataUrl: "javascript:1" })).toBeUndefined();
});

describe("commands", () => {
  const commands: [CommandName, object, object][] = [
    ["start-feedbackflow", { flow: "f", hideBackButton: true }, { flow: "f", hideBackButton: true }],
    ["start-survey", { flow: "f", hideBackButton: true, format: "survey_full" }, { flow: "f", format: "survey_full", hideBackButton: true }],
    ["start-bot", { botId: "", hideBackButton: false }, { botId: "", hideBackButton: false }],
    ["ask-ai", { question: "q" }, { question: "q", hideBackButton: false }],
    ["open-conversations", {}, { hideBackButton: false }],
    ["open-conversation", { shareToken: "s", hideBackButton: true }, { shareToken: "s", hideBackButton: true }],
    ["open-helpcenter", {}, { hideBackButton: false }],
    ["open-helpcenter-search", { term: "t" }, { term: "t", hideBackButton: false }],
    ["open-help-collection", { collectionId: 5 }, { collectionId: "5", hideBackButton: false }],
    ["open-help-article", { articleId: "a" }, { articleId: "a", hideBackButton: false }],
    ["open-news", {}, { hideBackButton: false }],
    ["open-news-article", { id: "n" }, { id: "n", hideBackButton: false }],
    ["open-feature-requests", {}, { hideBackButton: false }],
    ["open-checklists", {}, { hideBackButton: false }],
    ["open-checklist", { id: "c" }, { id: "c", hideBackButton: false }],
    ["start-checklist", { outboundId: "o", sharedKey: "k" }, { outboundId: "o", sharedKey: "k", hideBackButton: false }],
  ];
  test.each(commands)("%s", (name, data, wanted) => {
    expect(told(name, data)).toEqual({ name, ...wanted });
  });

  test("formats that there are not fall back, and what is missing is no command", () => {
    expect(told("start-survey", { flow: "f", format: "survey_page" })).toMatchObject({ format: "survey" });
    expect(told("start-feedbackflow", {})).toMatchObject({ flow: "bugreporting" });
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
  expect(envelope("run-custom-action", "x", { shareToken: "s" })).toEqual({ name: "run-custom-action", data: "x", shareToken: "s" });
});
