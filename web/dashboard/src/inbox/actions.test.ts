// What is told about merging, when not everything goes well.
import { beforeEach, expect, it, vi } from "vitest";
import type { Inbox } from "./store.svelte.ts";

const api = vi.hoisted(() => ({ get: vi.fn(), put: vi.fn() }));
const show = vi.hoisted(() => vi.fn(() => () => undefined));
vi.mock("../app/session.svelte.ts", () => ({ api, session: {} }));
vi.mock("@hark/ui", () => ({ toasts: { show, fail: vi.fn() } }));

const { Actions } = await import("./actions.svelte.ts");

const inbox = { of: { project: "p" }, refresh: vi.fn(), conversation: () => ({ outdated: () => undefined }) } as unknown as Inbox;

beforeEach(() => vi.clearAllMocks());

it("offers to undo what was merged", async () => {
  api.get.mockResolvedValue([{ id: "m", sources: [] }]);
  await new Actions(inbox).merge("a", ["b"]);
  expect(show).toHaveBeenCalledWith("Merged", expect.objectContaining({ action: expect.anything() }));
});

it("says that it is merged, even if nobody says how that is undone", async () => {
  api.get.mockRejectedValue(new Error("offline"));
  await new Actions(inbox).merge("a", ["b"]);
  expect(show).toHaveBeenCalledExactlyOnceWith("Merged", { tone: "good" });
});
