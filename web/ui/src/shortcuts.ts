// Which shortcuts are shown beside what they do: the page says which of them work.
let works: (keys: string) => boolean = () => true;

/** Shows from now on only the shortcuts of which `decide` says that they work; it may read state. */
export function showShortcutsThat(decide: (keys: string) => boolean): void {
  works = decide;
}

/** A shortcut if it is to be shown. */
export function shownKeys(keys: string | undefined): string | undefined {
  return keys && works(keys) ? keys : undefined;
}
