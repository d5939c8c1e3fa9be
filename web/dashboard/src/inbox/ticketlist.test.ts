import { describe, expect, it, vi } from "vitest";
import { TicketList } from "./ticketlist.svelte.ts";
import type { Ticket } from "./types.ts";

const ticket = (id: number) => ({ id: `t${id}` }) as Ticket;

function listOf(source: () => Ticket[]) {
  const calls: [number, number][] = [];
  const list = new TicketList(
    async (skip, limit) => {
      calls.push([skip, limit]);
      return { tickets: source().slice(skip, skip + limit), total: source().length };
    },
    () => {},
  );
  return { list, calls };
}

describe("TicketList", () => {
  it("reads the pages in sight and no others", async () => {
    const all = Array.from({ length: 100_000 }, (_, at) => ticket(at));
    const { list, calls } = listOf(() => all);
    list.look(0, 20);
    await vi.waitFor(() => expect(list.state).toBe("ready"));
    expect(list.total).toBe(100_000);
    list.look(80_000, 80_020);
    await vi.waitFor(() => expect(list.at(80_010)).toBe("t80010"));
    expect(calls).toEqual([
      [0, 50],
      [80_000, 50],
    ]);
    expect(list.at(60)).toBeUndefined();
  });

  it("reads again what is in sight after a change, and shows no ticket twice", async () => {
    let all = Array.from({ length: 120 }, (_, at) => ticket(at));
    const { list } = listOf(() => all);
    list.look(0, 100);
    await vi.waitFor(() => expect(list.at(99)).toBe("t99"));
    all = [ticket(119), ...all.slice(0, 119)];
    list.look(0, 10);
    list.refresh();
    await vi.waitFor(() => expect(list.at(0)).toBe("t119"));
    expect(list.indexOf("t49")).toBe(-1);
    list.look(40, 60);
    await vi.waitFor(() => expect(list.at(50)).toBe("t49"));
    expect(new Set(list.known).size).toBe(list.known.length);
  });

  it("does not bring back what was taken out while an older answer was on its way", async () => {
    let all = [ticket(1), ticket(2)];
    const answers: (() => void)[] = [];
    const list = new TicketList(
      async () => {
        const tickets = all;
        await new Promise<void>((go) => answers.push(go));
        return { tickets, total: tickets.length };
      },
      () => {},
    );
    const answer = async () => {
      await vi.waitFor(() => expect(answers.length).toBeGreaterThan(0));
      answers.shift()!();
    };
    list.look(0, 10);
    await answer();
    await vi.waitFor(() => expect(list.total).toBe(2));
    list.drop(new Set(["t1"]));
    list.refresh();
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    // The server tells that it is gone after it was asked, and before it has answered.
    all = [ticket(2)];
    list.drop(new Set(["t1"]));
    await answer();
    await answer();
    await vi.waitFor(() => expect(list.known).toEqual(["t2"]));
  });

  it("reads a page again that came back into sight before its reading had ended", async () => {
    const all = Array.from({ length: 500 }, (_, at) => ticket(at));
    let first = true;
    const list = new TicketList(
      async (skip, limit, signal) => {
        const slow = skip === 200 && first;
        if (slow) {
          first = false;
          await new Promise((_, fail) => signal.addEventListener("abort", () => setTimeout(() => fail(new Error("aborted")), 100)));
        }
        return { tickets: all.slice(skip, skip + limit), total: all.length };
      },
      () => {},
    );
    list.look(0, 20);
    await vi.waitFor(() => expect(list.state).toBe("ready"));
    list.look(200, 220);
    await vi.waitFor(() => expect(first).toBe(false));
    list.look(400, 420);
    await vi.waitFor(() => expect(list.at(400)).toBe("t400"));
    list.look(200, 220);
    await vi.waitFor(() => expect(list.at(200)).toBe("t200"));
  });

  it("takes tickets out at once", async () => {
    const { list } = listOf(() => [ticket(1), ticket(2), ticket(3)]);
    list.look(0, 10);
    await vi.waitFor(() => expect(list.total).toBe(3));
    list.drop(new Set(["t2"]));
    expect(list.known).toEqual(["t1", "t3"]);
    expect(list.total).toBe(2);
  });
});
