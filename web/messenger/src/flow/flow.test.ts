// Flows as they are configured, which of their questions are asked, and what is sent.
import { describe, expect, test } from "vitest";
import "../i18n/later";
import { wordsOf } from "../i18n/words";
import { asked, formData, isEmail, points, problem, type Answer, type Answers } from "./answers";
import { bugReporting } from "./builtin";
import { readFlow, readFlows, type Flow, type Question } from "./model";

const say = wordsOf("en", {});
const flow = (...form: object[]): Flow => {
  const read = readFlow("f", { title: "F", form });
  if (!read) throw new Error("no flow");
  return read;
};
const keys = (questions: Question[]) => questions.map(({ key }) => key);
const question = (fields: object): Question => {
  const [first] = flow({ key: "q", title: "Q", ...fields }).form;
  if (!first) throw new Error("no question");
  return first;
};

test("texts in the visitor's language come before those of the flow", () => {
  const options = [{ value: "late", label: "Late" }, { value: "lost", label: "Lost" }];
  const order = { title: "Order", description: "About it", form: [{ key: "description", type: "select", title: "What is it?", options }] };
  const words = {
    "flow.order.title": "Bestellung",
    "flow.order.description.title": "Was ist es?",
    "flow.order.description.option.late": "Zu spät",
    "flow.order.thanksTitle": "",
    "flow.other.title": "Anderes",
    "flow.order.description.placeholder": 4,
  };
  const [read] = readFlows({ order }, words);
  expect(read).toMatchObject({ title: "Bestellung", description: "About it", hint: "About it", thanksTitle: "" });
  expect(read?.form[0]).toMatchObject({
    title: "Was ist es?",
    placeholder: "",
    options: [{ value: "late", label: "Zu spät" }, { value: "lost", label: "Lost" }],
  });
});

test("what is not understood is left out", () => {
  const flows = readFlows({
    good: { title: "Good", form: [{ key: "a", type: "text" }, { key: "b", type: "hologram" }, { type: "text" }, 4] },
    empty: { title: "Empty", form: [] },
    nameless: { form: [{ key: "a", type: "text" }] },
    none: null,
  });
  expect(flows.map(({ id, form }) => [id, keys(form)])).toEqual([["good", ["a"]]]);
  expect(flows[0]).toMatchObject({ feedbackType: "BUG", layout: "page", home: true, isSurvey: false, excludeData: {} });
  expect(question({ type: "consent", link: "javascript:alert(1)" }).link).toBe("");
  expect(readFlow("f", { title: "F", excludeData: { screenshot: true, replays: 1, x: true }, form: [{ key: "a", type: "text" }] })?.excludeData).toEqual({
    screenshot: true,
  });
});

describe("conditions", () => {
  const when = (op: string, value?: unknown, match?: string) => ({ match, rules: [{ key: "a", op, value }] });
  const shows = (answer: Answer | undefined, conditions: object) =>
    keys(asked(flow({ key: "a", type: "text" }, { key: "b", type: "text", conditions }), { a: answer }, {})).includes("b");

  test.each([
    ["is", "Yes", "yes", true],
    ["is", "no", "yes", false],
    ["is", ["x", "yes"], "yes", true],
    ["is", 3, 3, true],
    ["is", true, true, true],
    ["isNot", "no", "yes", true],
    ["isNot", undefined, "yes", true],
    ["contains", "oh yes!", "yes", true],
    ["contains", undefined, "yes", false],
    ["greater", 4, 3, true],
    ["greater", undefined, -1, false],
    ["less", 2, 3, true],
    ["less", 3, 3, false],
    ["answered", "x", undefined, true],
    ["answered", " ", undefined, false],
    ["unanswered", undefined, undefined, true],
  ])("%s of %j to %j: %j", (op, answer, value, wanted) => {
    expect(shows(answer as Answer | undefined, when(op, value))).toBe(wanted);
  });

  test("all or any", () => {
    const rules = [
      { key: "a", op: "is", value: "1" },
      { key: "a", op: "is", value: "2" },
    ];
    expect(shows("1", { rules })).toBe(false);
    expect(shows("1", { match: "any", rules })).toBe(true);
  });

  test("the answer to a question that is hidden again counts for nothing", () => {
    const of = flow(
      { key: "a", type: "text" },
      { key: "b", type: "text", conditions: when("is", "show") },
      { key: "c", type: "text", conditions: { rules: [{ key: "b", op: "answered" }] } },
    );
    const answers: Answers = { a: "show", b: "x", c: "y" };
    expect(keys(asked(of, answers, {}))).toEqual(["a", "b", "c"]);
    expect(keys(asked(of, { ...answers, a: "hide" }, {}))).toEqual(["a"]);
    expect(formData(of, { ...answers, a: "hide" }, {})).toEqual({ a: "hide" });
  });
});

test("what is known is not asked and sent all the same", () => {
  const of = flow({ key: "reportedBy", type: "email", hideIfKnown: true }, { key: "description", type: "textarea" });
  expect(keys(asked(of, {}, { reportedBy: "a@b.example" }))).toEqual(["description"]);
  expect(formData(of, { description: " x " }, { reportedBy: "a@b.example" })).toEqual({ reportedBy: "a@b.example", description: "x" });
  expect(keys(asked(of, {}, { reportedBy: "" }))).toEqual(["reportedBy", "description"]);
});

test("answers are checked by their question", () => {
  const wrong = (fields: object, answer: Answer | undefined) => problem(question(fields), answer, say) !== undefined;
  expect(wrong({ type: "text" }, undefined)).toBe(false);
  expect(wrong({ type: "text", required: true }, "  ")).toBe(true);
  expect(wrong({ type: "text", minLength: 3 }, "ab")).toBe(true);
  expect(wrong({ type: "textarea", maxLength: 3 }, "abcd")).toBe(true);
  expect(wrong({ type: "email" }, "a@b")).toBe(true);
  expect(wrong({ type: "email" }, "a@b.example")).toBe(false);
  expect(wrong({ type: "number" }, "1,5")).toBe(false);
  expect(wrong({ type: "number" }, "x")).toBe(true);
  expect(wrong({ type: "number", min: 2 }, "1")).toBe(true);
  expect(wrong({ type: "number", max: 2 }, "3")).toBe(true);
  expect(wrong({ type: "consent", required: true }, false)).toBe(true);
  expect(wrong({ type: "consent" }, false)).toBe(false);
  expect(wrong({ type: "multiselect", required: true }, [])).toBe(true);
  expect(wrong({ type: "rating", required: true }, 1)).toBe(false);
});

test("numbers travel as numbers, agreement as true, files as they are, pictures not at all", () => {
  const of = flow(
    { key: "n", type: "number" },
    { key: "c", type: "consent" },
    { key: "m", type: "multiselect" },
    { key: "u", type: "upload" },
    { key: "s", type: "capture" },
    { key: "e", type: "text" },
  );
  const file = { name: "a.png", url: "https://x/a.png" };
  expect(formData(of, { n: "1,5", c: true, m: ["a"], u: [file], s: "screenshot", e: "" }, {})).toEqual({
    n: 1.5,
    c: true,
    m: ["a"],
    u: [file],
  });
});

test("addresses and scales", () => {
  for (const good of ["a@b.example", " a.b+c@sub.b.example "]) expect(isEmail(good)).toBe(true);
  for (const bad of ["", "a", "a@b", "a b@c.example", "a@b..example", "@b.example"]) expect(isEmail(bad)).toBe(false);
  expect(points(question({ type: "scale" }))).toHaveLength(11);
  expect(points(question({ type: "scale", min: 1, max: 5 }))).toEqual([1, 2, 3, 4, 5]);
  expect(points(question({ type: "scale", min: 0, max: 5000 }))).toHaveLength(11);
});

test("the built-in flow for bugs is one in every language", () => {
  for (const language of ["en", "de", "xx"]) {
    const built = bugReporting(wordsOf(language, {}));
    expect(keys(built.form)).toEqual(["reportedBy", "description", "capture", "files"]);
    expect(built.feedbackType).toBe("BUG");
  }
});
