// What was typed before the editor was there, in the document.
import { getSchema } from "@tiptap/core";
import { Mention } from "@tiptap/extension-mention";
import { EditorState } from "@tiptap/pm/state";
import { StarterKit } from "@tiptap/starter-kit";
import { expect, it } from "vitest";
import { appended, carried } from "./early.ts";
import { documentOf, plainOf } from "./rich.ts";

const schema = getSchema([StarterKit.configure({ trailingNode: false }), Mention]);
const stateOf = (content: unknown) => EditorState.create({ schema, doc: schema.nodeFromJSON(documentOf(content)) });
/** A field in which `|` is the caret. */
const field = (text: string) => {
  const at = text.indexOf("|");
  return { value: text.replace("|", ""), selectionStart: at, selectionEnd: at };
};
/** A document's text with its caret. */
const shown = (state: EditorState) => plainOf(state.apply(state.tr.insertText("|", state.selection.to)).doc.toJSON());

const rich = {
  type: "doc",
  content: [
    { type: "paragraph", content: [{ type: "text", text: "Dear " }, { type: "mention", attrs: { id: "1", label: "Mina" } }, { type: "text", text: ", " }, { type: "text", text: "thanks", marks: [{ type: "bold" }] }] },
    { type: "bulletList", content: [{ type: "listItem", content: [{ type: "paragraph", content: [{ type: "text", text: "one" }] }] }] },
    { type: "paragraph", content: [{ type: "text", text: "Bye" }] },
  ],
};

it("keeps what was not touched as it is, wherever something was written", () => {
  const before = plainOf(rich);
  expect(before).toBe("Dear @Mina, thanks\none\nBye");
  for (const after of ["Oh dear |Dear @Mina, thanks\none\nBye", "Dear @Mina, many thanks|\none\nBye", "Dear @Mina, thanks\none and two|\nBye", "Dear @Mina, thanks\none\nBye now|"]) {
    const state = stateOf(rich);
    const next = state.apply(carried(state, before, field(after)));
    expect(shown(next)).toBe(after);
    expect(JSON.stringify(next.doc.toJSON())).toContain('"bulletList"');
    expect(JSON.stringify(next.doc.toJSON())).toContain('"bold"');
    expect(JSON.stringify(next.doc.toJSON())).toContain('"mention"');
  }
});

it("puts the caret where it was, beside what was written and where nothing was", () => {
  const before = plainOf(rich);
  for (const after of ["De|ar @Mina, thanks\none\nBye", "Dear @Mina, thanks\none\n|Bye", "D|ear @Mina, thanks\none\nBye now", "My dear @Mina, thanks\non|e\nBye"]) {
    const state = stateOf(rich);
    expect(shown(state.apply(carried(state, before, field(after))))).toBe(after);
  }
});

it("takes away what was taken away, up to all", () => {
  const before = plainOf(rich);
  const state = stateOf(rich);
  expect(shown(state.apply(carried(state, before, field("Dear @Mina|\nBye"))))).toBe("Dear @Mina|\nBye");
  expect(plainOf(state.apply(carried(state, before, field("|"))).doc.toJSON())).toBe("");
});

it("adds what was typed in an empty field behind a draft, with its caret", () => {
  const empty = stateOf({ type: "doc", content: [{ type: "paragraph" }] });
  const first = empty.apply(appended(empty, field("Hel|lo\n\nthere")));
  expect(first.doc.toJSON().content).toHaveLength(2);
  expect(shown(first)).toBe("Hel|lo\nthere");
  const draft = stateOf("A draft");
  const both = draft.apply(appended(draft, field("typed| since")));
  expect(both.doc.toJSON().content).toHaveLength(2);
  expect(shown(both)).toBe("A draft\ntyped| since");
});
