// What was typed into a plain field until the editor was there: its text and its caret, taken over into the document.
import { Fragment, Slice, type Node as Block } from "@tiptap/pm/model";
import { Selection, TextSelection, type EditorState, type Transaction } from "@tiptap/pm/state";
import { documentOf, ENDS_LINE } from "./rich.ts";
import type { Trail } from "./trail.ts";

/** A plain field. */
export type Early = Pick<HTMLTextAreaElement, "value" | "selectionStart" | "selectionEnd">;

/** Changes a document as its plain text was changed in a field that began with it: what was not touched keeps its looks. */
export function carried(state: EditorState, trail: Trail, { selectionStart, selectionEnd }: Early): Transaction {
  const places = placesOf(state.doc);
  const { tr } = state;
  const gaps = trail.gaps();
  const within = gaps.find(({ at, text }) => at <= selectionEnd && selectionEnd <= at + text.length);
  const anchor = gaps.length > 0 ? selectionEnd : selectionStart;
  if (!within) tr.setSelection(TextSelection.between(state.doc.resolve(places(trail.originOf(anchor))), state.doc.resolve(places(trail.originOf(selectionEnd)))));
  // From the end, so that the places of those before stay.
  for (const gap of gaps.toReversed()) {
    const caret = gap === within ? selectionEnd - gap.at : gap.text.length;
    const at = write(tr, places(gap.from), places(gap.to), gap.text.slice(0, caret), gap.text.slice(caret));
    if (gap === within) tr.setSelection(near(tr.doc, at));
  }
  return tr.scrollIntoView();
}

/** Adds what was typed into an empty field behind a document, as paragraphs of its own. */
export function appended({ tr, doc }: EditorState, { value, selectionEnd }: Early): Transaction {
  const end = Selection.atEnd(doc).to;
  const gap = doc.textContent ? "\n\n" : "";
  const at = write(tr, end, end, gap + value.slice(0, selectionEnd), value.slice(selectionEnd));
  return tr.setSelection(near(tr.doc, at)).scrollIntoView();
}

/** Writes texts in place of what stands there; returns where one ends and the other begins. */
function write(tr: Transaction, from: number, to: number, before: string, behind: string): number {
  const steps = tr.mapping.maps.length;
  tr.replace(from, to, sliceOf(tr.doc, before));
  const at = tr.mapping.slice(steps).map(to);
  if (behind) tr.replace(at, at, sliceOf(tr.doc, behind));
  return at;
}

const near = (doc: Block, at: number) => Selection.near(doc.resolve(at), -1);

/** A text as a part of a document that goes on in the paragraphs before and behind it. */
function sliceOf({ type }: Block, text: string): Slice {
  const blocks = (documentOf(text).content ?? []).map((node) => type.schema.nodeFromJSON(node));
  return text ? new Slice(Fragment.from(blocks), 1, 1) : Slice.empty;
}

/** Where the characters of a document's plain text stand in it, see `plainOf`. */
function placesOf(doc: Block): (offset: number) => number {
  let text = "";
  const at: number[] = [];
  const say = (said: string, place: (n: number) => number) => {
    for (let n = 0; n < said.length; n++) at.push(place(n));
    text += said;
  };
  const walk = (node: Block, start: number) => {
    if (node.isText) say(node.text ?? "", (n) => start + n);
    else if (node.type.name === "hardBreak") say("\n", () => start);
    else if (node.type.name === "mention") say(`@${String(node.attrs.label ?? "")}`, () => start);
    node.forEach((child, offset) => walk(child, start + 1 + offset));
    if (ENDS_LINE.has(node.type.name) && text && !text.endsWith("\n")) say("\n", () => start + 1 + node.content.size);
  };
  doc.forEach((child, offset) => walk(child, offset));
  const lead = text.length - text.trimStart().length;
  return (offset) => at[lead + offset] ?? Selection.atEnd(doc).to;
}
