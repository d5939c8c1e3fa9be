// The dashboard in somebody's hands: a page of their own whose network can be cut.
import type { Browser, Page } from "@playwright/test";
import type { Hark, Project } from "./hark.ts";

export interface Desk {
  page: Page;
  /** Cuts the network of the page, or gives it back. */
  cut: (away: boolean) => Promise<void>;
}

/** The dashboard of somebody with a token. */
export async function desk(browser: Browser, hark: Hark, token: string, path: string, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Desk> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB", ...options });
  await context.addInitScript((value) => localStorage.setItem("hark.token", value), token);
  const page = await context.newPage();
  const sockets = new Set<{ close: () => Promise<void> }>();
  let away = false;
  await page.routeWebSocket(/\/app\//, (socket) => {
    if (away) return void socket.close();
    socket.connectToServer();
    sockets.add(socket);
  });
  await page.goto(`http://${hark.host}${path}`);
  return {
    page,
    cut: async (gone) => {
      away = gone;
      await context.setOffline(gone);
      if (!gone) return;
      for (const socket of sockets) await socket.close();
      sockets.clear();
    },
  };
}

export const inboxOf = (project: Project, rest = "all") => `/p/${project.project.id}/inbox/${rest}`;
export const row = (page: Page, title: string) => page.getByRole("listitem").filter({ hasText: title });
export const thread = (page: Page) => page.getByRole("log", { name: "Messages" });
export const writing = (page: Page) => page.getByRole("textbox", { name: "Message" });
