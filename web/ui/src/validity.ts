// What is said at a field whose content breaks a rule of its own, in place of the browser's bubble.

export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** The words for what is wrong with a control; the page that has languages puts its own here. */
export const validity = { words: (control: Control): string => control.validationMessage };
