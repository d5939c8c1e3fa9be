// What banner and modal pages understand and say.
import { expect, test } from "vitest";
import { inkOn, readAction, readContent } from "./content";
import { connect, envelope, readData, type Fields } from "./protocol";

test("own messages carry the kind in their name, actions do not, and all are marked", () => {
  expect(envelope("banner", { name: "loaded" })).toEqual({ type: "BANNER", name: "banner-loaded" });
  expect(envelope("modal", { name: "height", data: { height: 80 } })).toEqual({
    type: "MODAL",
    name: "modal-height",
    data: { height: 80 },
  });
  expect(envelope("modal", { name: "close" })).toEqual({ type: "MODAL", name: "modal-close" });
  expect(envelope("banner", { name: "open-url", data: "https://a.example/", newTab: true })).toEqual({
    type: "BANNER",
    name: "open-url",
    data: "https://a.example/",
    newTab: true,
  });
});

test("only content for this page is read, as a text or an object", () => {
  const data = { config: {} };
  expect(readData("banner", JSON.stringify({ type: "banner", name: "banner-data", data }))).toEqual(data);
  expect(readData("modal", { name: "modal-data", data })).toEqual(data);
  for (const other of [
    "",
    "{",
    "null",
    JSON.stringify({ type: "modal", name: "banner-data", data }),
    JSON.stringify({ type: "banner", name: "modal-data", data }),
    JSON.stringify({ type: "banner", name: "banner-data" }),
  ]) {
    expect(readData("banner", other)).toBeUndefined();
  }
});

test("a page greets once it listens, and answers only its parent", () => {
  const sent: Fields[] = [];
  const listeners: ((event: unknown) => void)[] = [];
  const parent = { postMessage: (text: string) => sent.push(JSON.parse(text)) };
  const host = { parent, addEventListener: (_: string, hear: (event: unknown) => void) => listeners.push(hear) };
  const shown: Fields[] = [];
  connect("banner", (data) => shown.push(data), host as unknown as Window);
  expect(sent).toEqual([{ type: "BANNER", name: "banner-loaded" }]);
  const data = JSON.stringify({ type: "banner", name: "banner-data", data: { config: {} } });
  listeners.forEach((hear) => hear({ source: {}, data }));
  expect(shown).toEqual([]);
  listeners.forEach((hear) => hear({ source: parent, data }));
  expect(shown).toEqual([{ config: {} }]);
});

test("the web views of apps get texts on Android and objects on iOS", () => {
  const texts: string[] = [];
  const android = { addEventListener() {}, GleapModalJSBridge: { gleapModalCallback: (text: string) => texts.push(text) } };
  connect("modal", () => {}, { ...android, parent: android } as unknown as Window);
  expect(texts).toEqual([JSON.stringify({ name: "modal-loaded", type: "MODAL" })]);

  const objects: unknown[] = [];
  const handlers = { gleapBannerCallback: { postMessage: (message: unknown) => objects.push(message) } };
  const shown: Fields[] = [];
  const ios = { addEventListener() {}, webkit: { messageHandlers: handlers } } as unknown as Window & {
    appMessage(message: unknown): void;
  };
  connect("banner", (data) => shown.push(data), ios);
  expect(objects).toEqual([{ name: "banner-loaded", type: "BANNER" }]);
  ios.appMessage({ name: "banner-data", data: { text: "Hi" } });
  expect(shown).toEqual([{ text: "Hi" }]);
});

test("every button becomes its message, and one that lacks what it needs is left out", () => {
  const made = (action: Fields) => readAction(action);
  expect(made({ type: "conversation" })).toEqual({ name: "start-conversation", data: { botId: "" } });
  expect(made({ type: "custom", action: "x" })).toEqual({ name: "start-custom-action", data: { action: "x" } });
  expect(made({ type: "tour", tourId: "t" })).toEqual({ name: "start-product-tour", data: { tourId: "t" } });
  expect(made({ type: "url", url: "https://a.example/" })).toMatchObject({ name: "open-url", newTab: true });
  expect(made({ type: "form", formId: "f" })).toEqual({ name: "show-form", data: { formId: "f" } });
  expect(made({ type: "survey", formId: "f" })).toEqual({
    name: "show-survey",
    data: { formId: "f", surveyFormat: "survey" },
  });
  expect(made({ type: "news", articleId: "a" })?.name).toBe("show-news-article");
  expect(made({ type: "help", articleId: "a" })?.name).toBe("show-help-article");
  expect(made({ type: "checklist", checklistId: "c", sharedKey: "s" })).toEqual({
    name: "show-checklist",
    data: { checklistId: "c", sharedKey: "s" },
  });
  expect(made({ type: "close" })).toEqual({ name: "close" });
  for (const wrong of [{}, { type: "url", url: "javascript:alert(1)" }, { type: "form" }, { type: "tour" }]) {
    expect(made(wrong)).toBeUndefined();
  }
});

test("content keeps to what is understood", () => {
  const content = readContent({
    format: "floating",
    primaryColor: "red",
    config: { title: " Sale ", message: "<b>x</b>", imageUrl: "data:text/html,x", buttons: [{ label: "Go" }, 1], backgroundColor: "#101010" },
  });
  expect(content).toMatchObject({ title: "Sale", text: "<b>x</b>", image: "", buttons: [], hasClose: true, ground: "#101010" });
  expect(content).toMatchObject({ isRtl: false, closeLabel: "Close" });
  expect(readContent({ title: "50% – تخفيضات" }, "de-AT")).toMatchObject({ isRtl: true, closeLabel: "Schließen" });
  expect(readContent({ text: "Shalom, שלום", closeLabel: "Fermer" }, "fr")).toMatchObject({ isRtl: false, closeLabel: "Fermer" });
  expect(inkOn("#101010")).toBe("#ffffff");
  expect(inkOn("#ffe28a")).toBe("#10131a");
});
