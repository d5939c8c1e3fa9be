// Changing many things: bounded, stoppable, and honest about what failed.
import { ApiError } from "@hark/api-client";
import { expect, test, vi } from "vitest";
import { Batch, batches, MOST, PAGE, readAll } from "./batch.svelte.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);
const said = String;

test("a few run at a time, and what fails is listed with its reason", async () => {
  let running = 0;
  let most = 0;
  const batch = new Batch({
    entries: numbers(50),
    said,
    work: async (entry) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      if (entry === 7) throw new ApiError("invalid", "the lane is gone");
    },
  });
  await batch.run();
  expect(most).toBe(5);
  expect([batch.done.length, batch.through, batch.state]).toEqual([49, 50, "ended"]);
  expect(batch.failed).toEqual([{ entry: 7, why: "The lane is gone." }]);
});

test("nothing is begun after somebody stopped it", async () => {
  const batch: Batch<number> = new Batch({ entries: numbers(100), said, work: async (entry) => entry === 10 && batch.stop() });
  await batch.run();
  expect(batch.stopped).toBe(true);
  expect(batch.through).toBeLessThan(20);
});

test("undo takes back what was done, once, and stops the rest", async () => {
  const back = vi.fn();
  let undone: Promise<void> | undefined;
  const work = async (entry: number) => {
    if (entry === 10) undone = batch.undo();
  };
  const batch: Batch<number> = new Batch({ entries: numbers(100), said, back, work });
  await batch.run();
  await undone;
  await batch.undo();
  expect(back).toHaveBeenCalledTimes(1);
  expect(back.mock.calls[0]![0]).toEqual(batch.done);
});

test("too many calls mean waiting, not failing", async () => {
  const pause = vi.fn(async () => undefined);
  let calls = 0;
  const work = async () => {
    if (++calls === 1) throw new ApiError("limited", "too many calls", { status: 429, retryAfter: 3 });
  };
  const batch = new Batch({ entries: [1], said, work, pause });
  await batch.run();
  expect([batch.done, batch.failed]).toEqual([[1], []]);
  expect(pause).toHaveBeenCalledWith(3000);
});

test("changes come one after the other", async () => {
  const order: string[] = [];
  const work = (name: string) => async (entry: number) => {
    await Promise.resolve();
    order.push(`${name}${entry}`);
  };
  const first = batches.start({ entries: [1, 2], said, work: work("a") });
  const second = batches.start({ entries: [1], said, work: work("b") });
  const never = batches.start({ entries: [1], said, work: work("c") });
  never.stop();
  await Promise.all([first.ended, second.ended, never.ended]);
  expect(order).toEqual(["a1", "a2", "b1"]);
  for (const batch of [first, second, never]) batches.close(batch);
  expect(batches.list).toEqual([]);
});

test("everything is read page by page, up to a bound", async () => {
  const steps: number[] = [];
  const read = async (cursor: string | undefined, limit: number) => {
    const from = Number(cursor ?? 0);
    return { entries: numbers(limit), cursor: String(from + limit) };
  };
  expect(await readAll(read, (count) => steps.push(count))).toHaveLength(MOST);
  expect([steps[0], steps.at(-1)]).toEqual([PAGE, MOST]);
  expect(await readAll(async () => ({ entries: [1], cursor: undefined }), said)).toEqual([1]);
});
