// Loads the editor, which is much script: what it stands on is asked for on its own, so that it is run in a task of its own.

/** How long it takes until it is tried again, unless the line is back before, in milliseconds. */
const PAUSE_MS = 5_000;

/** The editor's module; again until it is there, so that it comes also when the line was away at first. */
export async function loadEditor(): Promise<typeof import("./editor.ts")> {
  for (;;) {
    // That fails as the editor does, which says so.
    import("@tiptap/pm/view").catch(() => undefined);
    try {
      return await import("./editor.ts");
    } catch (error) {
      console.warn(error);
      await new Promise<void>((resolve) => {
        addEventListener("online", () => resolve(), { once: true });
        setTimeout(resolve, PAUSE_MS);
      });
    }
  }
}
