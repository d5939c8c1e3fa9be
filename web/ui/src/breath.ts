// Pauses in long work, so that what the reader does and what is to be painted comes first.

/** Resolves when the browser has had its turn: what follows is a task of its own. */
export function breath(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: { yield?: () => Promise<void> } };
  return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
}

/** Resolves when the browser has nothing else to do, or after `most` milliseconds. */
export function idle(most = 500): Promise<void> {
  const { requestIdleCallback: ask } = globalThis as { requestIdleCallback?: typeof requestIdleCallback };
  return new Promise((resolve) => (ask ? ask(() => resolve(), { timeout: most }) : setTimeout(resolve, 50)));
}
