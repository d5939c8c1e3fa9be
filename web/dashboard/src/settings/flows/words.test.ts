// The texts of flows in other languages: found, moved with what they translate, and sent without touching other words.
import { expect, it, vi } from "vitest";
import { keyOf, valued } from "./keys.ts";
import type { Flow, Flows } from "./model.ts";
import { changeOf, languagesOf, NAME_MAX, told, withoutLanguage, withoutWords, withWords } from "./words.ts";

vi.mock("../../app/session.svelte.ts", () => ({ api: {} }));

const order: Flow = {
  title: "Trouble with an order",
  form: [{ key: "kind", type: "select", title: "What is it?", options: [{ value: "late", label: "Late" }, { value: "broken", label: "Broken" }] }],
};
const read: Flows = {
  flows: { order },
  translations: {
    de: {
      home: "Anfang",
      "flow.order.title": "Ärger mit einer Bestellung",
      "flow.order.kind.option.late": "Zu spät",
      "flow.order.submitText": "Ab damit",
      "flow.order.hint": "Nur ein Hinweis",
      "flow.orders.title": "Andere",
    },
    fr: { next: "Suite" },
  },
};
const edited = () => withWords("order", order, read.translations);

it("keeps the texts beside what they translate, those of the messenger's own words too", () => {
  const flow = edited();
  expect(flow.words).toEqual({ de: { title: "Ärger mit einer Bestellung", submitText: "Ab damit" } });
  expect(flow.form[0]!.options![0]!.words).toEqual({ de: { label: "Zu spät" } });
  expect(languagesOf("order", flow)).toEqual(["de"]);
  expect(withoutWords(flow)).toEqual(order);
});

it("sends nothing when nothing changed, and all words of a language when one did", () => {
  const flow = edited();
  expect(changeOf("order", flow, read)).toEqual({});
  flow.form[0]!.words = { fr: { title: "C'est quoi ?" }, es: { title: " " } };
  expect(changeOf("order", flow, read)).toEqual({ fr: { next: "Suite", "flow.order.kind.title": "C'est quoi ?" } });
});

it("lets texts follow what is renamed, and go with what is taken away", () => {
  const flow = edited();
  flow.form[0]!.key = "sort";
  expect(changeOf("order", flow, read).de).toMatchObject({ "flow.order.sort.option.late": "Zu spät" });
  expect(changeOf("order", flow, read).de).not.toHaveProperty(["flow.order.kind.option.late"]);
  flow.form = [];
  expect(changeOf("order", flow, read).de).toEqual({
    home: "Anfang",
    "flow.order.hint": "Nur ein Hinweis",
    "flow.orders.title": "Andere",
    "flow.order.submitText": "Ab damit",
    "flow.order.title": "Ärger mit einer Bestellung",
  });
  expect(changeOf("order", null, read).de).toEqual({ home: "Anfang", "flow.orders.title": "Andere" });
});

it("takes a language back, and with its last word the language", () => {
  const only = { flows: { order }, translations: { de: { "flow.order.title": "Ärger" } } };
  const flow = withoutLanguage(withWords("order", order, only.translations), "de");
  expect(languagesOf("order", flow)).toEqual([]);
  expect(changeOf("order", flow, only)).toEqual({ de: null });
});

it("leaves a flow as it was when a language came and went", () => {
  const flow = { words: {}, ...withWords("order", order, { fr: { "flow.order.kind.title": "Quoi ?" } }) };
  const before = JSON.stringify(flow);
  const [question] = flow.form;
  flow.words = { de: { title: "Ärger" } };
  question!.words!.de = { title: "Was?" };
  question!.options![1]!.words = { de: { label: "Kaputt" } };
  expect(JSON.stringify(withoutLanguage(flow, "de"))).toBe(before);
});

it("makes keys that leave room for each other in the names of words", () => {
  const long = "Why did you not like what we sent you?";
  const question = { key: keyOf(long, []), type: "select" as const, title: long, options: valued([{ value: "", label: long }, { value: "", label: long }]) };
  const words = told(keyOf(long, []), { title: long, form: [question] }).flatMap(({ texts }) => texts.map(({ word }) => word));
  expect(words.every((word) => word.length <= NAME_MAX)).toBe(true);
  expect(question.options.map(({ value }) => value)).toEqual(["why_did_you_not", "why_did_you_no_2"]);
});
