// Where a form shows what the server finds wrong.
import { ApiError } from "@hark/api-client";
import { expect, it, vi } from "vitest";
import { Form } from "./form.svelte.ts";

vi.mock("../app/router.svelte.ts", () => ({ router: {} }));

/** What a form with these fields shows when the server refuses it. */
async function refused(fields: object, message: string) {
  const form = new Form(fields, { save: () => Promise.reject(new ApiError("invalid", message, { status: 400 })) });
  expect(await form.save()).toBe(false);
  return { fields: Object.keys(form.errors), whole: form.problem !== undefined };
}
const flow = { title: "Order", kind: "form", home: true, icon: "chat", form: [], words: {} };

it("says what is wrong at the field that shows it, which may be within what the server names", async () => {
  expect(await refused({ color: "red" }, "`flowConfig.color` is no colour")).toEqual({ fields: ["color"], whole: false });
  expect(await refused(flow, "`projectActions.order.title` is missing")).toEqual({ fields: ["title"], whole: false });
  expect(await refused({ headers: [] }, "`headers[0].key` is missing")).toEqual({ fields: ["headers.0.key"], whole: false });
});

it("says of the whole what no field shows, whatever the names in it", async () => {
  const named = [
    "`translations.de.flow.order.kind.title` has to be a text",
    "`translations.de.flow.order.title` has to be a text",
    "`translations.de.flow.home.form.title` has to be a text",
    "`projectActions.home`: question `kind`: `options` has between 1 and 60 entries",
    "`projectActions.form` has no questions",
    "`elsewhere.title` is missing",
    "`constructor` is missing",
  ];
  for (const message of named) expect(await refused(flow, message), message).toEqual({ fields: [], whole: true });
  expect(await refused({ home: "Home", translations: { de: {} } }, "`translations.de.home` has to be a text")).toEqual({ fields: [], whole: true });
});
