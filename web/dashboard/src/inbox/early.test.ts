// What was typed before the editor was there, in the document.
import { getSchema } from "@tiptap/core";
import { Mention } from "@tiptap/extension-mention";
import { EditorState } from "@tiptap/pm/state";
import { StarterKit } from "@tiptap/starter-kit";
import { expect, it } from "vitest";
import { appended, carried } from "./early.ts";
import { documentOf, plainOf } from "./rich.ts";
import { Trail } from "./trail.ts";

const schema = getSchema([StarterKit.configure({ trailingNode: false }), Mention]);
const stateOf = (content: unknown) => EditorState.create({ schema, doc: schema.nodeFromJSON(documentOf(content)) });
/** A field in which `|` is the caret. */
const field = (text: string) => {
  const at = text.indexOf("|");
  return { value: text.replace("|", ""), selectionStart: at, selectionEnd: at };
};
/** The document after the field went through these, one after the other. */
function after(content: unknown, ...texts: string[]): EditorState {
  const state = stateOf(content);
  const trail = Trail.of(content);
  for (const text of texts) trail.take(field(text).value);
  return state.apply(carried(state, trail, field(texts.at(-1)!)));
}
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
  expect(plainOf(rich)).toBe("Dear @Mina, thanks\none\nBye");
  for (const text of ["Oh dear |Dear @Mina, thanks\none\nBye", "Dear @Mina, many thanks|\none\nBye", "Dear @Mina, thanks\none and two|\nBye", "Dear @Mina, thanks\none\nBye now|"]) {
    const next = after(rich, text);
    expect(shown(next)).toBe(text);
    expect(JSON.stringify(next.doc.toJSON())).toContain('"bulletList"');
    expect(JSON.stringify(next.doc.toJSON())).toContain('"bold"');
    expect(JSON.stringify(next.doc.toJSON())).toContain('"mention"');
  }
});

it("puts the caret where it was, beside what was written and where nothing was", () => {
  for (const text of ["De|ar @Mina, thanks\none\nBye", "Dear @Mina, thanks\none\n|Bye", "D|ear @Mina, thanks\none\nBye now", "My dear @Mina, thanks\non|e\nBye"]) {
    expect(shown(after(rich, text))).toBe(text);
  }
});

it("keeps its place in a text with blank lines", () => {
  const text = "Dear Mina,\n\nit is fixed.\nAll of it.\n\n\nBye";
  const plain = "Dear Mina,\nit is fixed.\nAll of it.\nBye";
  expect(Trail.of(text).before).toBe(plain);
  for (const place of ["Bye", "it is", "All"]) {
    const typed = plain.replace(place, `well, |${place}`);
    const next = after(text, typed);
    expect(shown(next)).toBe(typed);
    expect(next.doc.childCount).toBe(3);
  }
});

it("keeps what stands between two changes", () => {
  const next = after(rich, "Dear @Mina, thanks\none\nBye now|", "Oh, |Dear @Mina, thanks\none\nBye now");
  expect(shown(next)).toBe("Oh, |Dear @Mina, thanks\none\nBye now");
  for (const kept of ["bulletList", "bold", "mention"]) expect(JSON.stringify(next.doc.toJSON())).toContain(`"${kept}"`);
});

it("takes away what was taken away, up to all", () => {
  expect(shown(after(rich, "Dear @Mina|\nBye"))).toBe("Dear @Mina|\nBye");
  expect(plainOf(after(rich, "|").doc.toJSON())).toBe("");
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
