// Light or dark: as the system is, or as somebody chose.

export type Choice = "system" | "light" | "dark";
const KEY = "hark.theme";

class Theme {
  choice = $state<Choice>((globalThis.localStorage?.getItem(KEY) as Choice | null) ?? "system");

  choose(choice: Choice): void {
    this.choice = choice;
    if (choice === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
    this.apply();
  }

  /** The other one of what is seen now. */
  flip(): void {
    const dark = this.choice === "dark" || (this.choice === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
    this.choose(dark ? "light" : "dark");
  }

  apply(): void {
    const root = document.documentElement;
    if (this.choice === "light" || this.choice === "dark") root.dataset.theme = this.choice;
    else delete root.dataset.theme;
  }
}

export const theme = new Theme();
