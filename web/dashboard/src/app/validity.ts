// What is said at fields that are empty or hold something else than they should, in the reader's language.
import { validity, type Control } from "@hark/ui";
import { t } from "./text.ts";

/** The words for the first rule that the content of a control breaks. */
export function wordsFor({ validity: state, type, ...control }: Pick<Control, "validity" | "type"> & { min?: string; max?: string }): string {
  if (state.valueMissing) return t("field.missing");
  if (state.typeMismatch) return t(type === "email" ? "field.email" : "field.url");
  if (state.rangeUnderflow) return t("field.min", { min: control.min ?? "" });
  if (state.rangeOverflow) return t("field.max", { max: control.max ?? "" });
  if (state.badInput || state.stepMismatch) return t("field.number");
  return t("field.form");
}

validity.words = (control) => {
  const { min, max } = control as HTMLInputElement;
  return wordsFor({ validity: control.validity, type: control.type, min, max });
};
