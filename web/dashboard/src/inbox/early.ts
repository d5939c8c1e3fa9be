// What was typed into a plain field until the editor was there: its text and its caret, taken over into the document.
import { Fragment, Slice, type Node as Block } from "@tiptap/pm/model";
import { Selection, TextSelection, type EditorState, type Transaction } from "@tiptap/pm/state";
import { documentOf, ENDS_LINE } from "./rich.ts";

/** A plain field. */
export type Early = Pick<HTMLTextAreaElement, "value" | "selectionStart" | "selectionEnd">;

/** Changes a document as its plain text was changed in a field that began with it: what was not touched keeps its looks. */
export function carried(state: EditorState, before: string, { value, selectionStart, selectionEnd }: Early): Transaction {
  const places = placesOf(state.doc);
  const shorter = Math.min(before.length, value.length);
  let start = 0;
  while (start < shorter && before[start] === value[start]) start++;
  let rest = 0;
  while (rest < shorter - start && before.at(-1 - rest) === value.at(-1 - rest)) rest++;
  const end = before.length - rest;
  if (start === end && start === value.length - rest) {
    return state.tr.setSelection(TextSelection.between(state.doc.resolve(places(selectionStart)), state.doc.resolve(places(selectionEnd))));
  }
  const caret = Math.min(Math.max(selectionEnd, start), value.length - rest);
  const tr = written(state, places(start), places(end), value.slice(start, caret), value.slice(caret, value.length - rest));
  // A caret beside what was written stays where it was.
  const beside = selectionEnd < start ? selectionEnd : selectionEnd > caret ? end + selectionEnd - caret : undefined;
  return beside === undefined ? tr : tr.setSelection(near(tr.doc, tr.mapping.map(places(beside))));
}

/** Adds what was typed into an empty field behind a document, as paragraphs of its own. */
export function appended(state: EditorState, { value, selectionEnd }: Early): Transaction {
  const end = Selection.atEnd(state.doc).to;
  const gap = state.doc.textContent ? "\n\n" : "";
  return written(state, end, end, gap + value.slice(0, selectionEnd), value.slice(selectionEnd));
}

/** Writes texts before and behind the caret, in place of what stands there. */
function written(state: EditorState, from: number, to: number, before: string, behind: string): Transaction {
  const tr = state.tr.replace(from, to, sliceOf(state, before));
  const at = tr.mapping.map(to);
  if (behind) tr.replace(at, at, sliceOf(state, behind));
  return tr.setSelection(near(tr.doc, at)).scrollIntoView();
}

const near = (doc: Block, at: number) => Selection.near(doc.resolve(at), -1);

/** A text as a part of a document that goes on in the paragraphs before and behind it. */
function sliceOf({ schema }: EditorState, text: string): Slice {
  const blocks = (documentOf(text).content ?? []).map((node) => schema.nodeFromJSON(node));
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
