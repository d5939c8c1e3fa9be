// The title of the browser's tab: what is shown, and how much news there is that nobody has read.

class Title {
  /** What is shown; empty where it says nothing of itself. */
  text = $state("");
  /** Unread notifications. */
  unread = $state(0);

  /** Says what is shown; returns what takes it back. */
  say(text: string): () => void {
    this.text = text;
    return () => {
      if (this.text === text) this.text = "";
    };
  }

  /** How it reads. */
  get whole(): string {
    return `${this.unread ? `(${this.unread > 99 ? "99+" : this.unread}) ` : ""}${this.text ? `${this.text} · ` : ""}Hark`;
  }
}

/** The title of this tab. */
export const title = new Title();
