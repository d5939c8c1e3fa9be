// Loads the editor, which is much script: what it stands on is asked for on its own, so that it is run in a task of its own.

/** The editor's module. */
export function loadEditor(): Promise<typeof import("./editor.ts")> {
  // That fails as the editor does, which says so.
  import("@tiptap/pm/view").catch(() => undefined);
  return import("./editor.ts");
}
