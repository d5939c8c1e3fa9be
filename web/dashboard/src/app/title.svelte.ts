// The title of the browser's tab: how much news there is that nobody has read, and what is shown.

/** A number that is shown up to this. */
const SHOWN_MAX = 99;

class Title {
  /** Unread notifications. */
  unread = $state(0);

  /** The title of a page, from what it shows to where that is; parts that are not known yet are left out. */
  of(...parts: (string | undefined)[]): string {
    const count = this.unread > SHOWN_MAX ? `${SHOWN_MAX}+` : this.unread;
    return `${count ? `(${count}) ` : ""}${[...parts, "Hark"].filter(Boolean).join(" · ")}`;
  }
}

/** The title of this tab. */
export const title = new Title();
