// Where the cursor goes when a screen appears.

/** Moves the focus into a screen: to what wants it most, else to its title. */
export function reveal(root: HTMLElement): void {
  // On touch screens a focused field opens the keyboard over the screen.
  const canType = matchMedia("(hover: hover)").matches;
  const wanted = canType ? root.querySelector<HTMLElement>("[data-first]") : null;
  (wanted ?? root.querySelector<HTMLElement>("h1"))?.focus({ preventScroll: true });
}
