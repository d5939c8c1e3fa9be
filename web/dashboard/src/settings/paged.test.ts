// Reading a long list page by page.
import { ApiError } from "@hark/api-client";
import { expect, test, vi } from "vitest";
import { Paged, type PageOf } from "./paged.svelte.ts";

const page = (entries: number[], cursor?: string): PageOf<number> => ({ entries, cursor });

test("pages follow one another until there is none", async () => {
  const read = vi.fn().mockResolvedValueOnce(page([5, 4], "4")).mockResolvedValueOnce(page([3]));
  const list = new Paged<number>(read);
  await list.restart();
  expect([list.entries, list.more]).toEqual([[5, 4], true]);
  await list.next();
  expect([list.entries, list.more]).toEqual([[5, 4, 3], false]);
  await list.next();
  expect(read.mock.calls.map(([cursor]) => cursor)).toEqual([undefined, "4"]);
});

test("two wishes for more are one reading", async () => {
  const read = vi.fn().mockResolvedValueOnce(page([2], "2")).mockResolvedValueOnce(page([1]));
  const list = new Paged<number>(read);
  await list.restart();
  await Promise.all([list.next(), list.next()]);
  expect(list.entries).toEqual([2, 1]);
});

test("an answer to a question that nobody asks any more is not shown", async () => {
  let answer: (page: PageOf<number>) => void = () => undefined;
  const read = vi.fn().mockReturnValueOnce(new Promise((resolve) => (answer = resolve))).mockResolvedValueOnce(page([1]));
  const list = new Paged<number>(read);
  const first = list.restart();
  await list.restart();
  answer(page([9]));
  await first;
  expect(list.entries).toEqual([1]);
});

test("a page that could not be read is tried again, and what was read stays", async () => {
  const refused = new ApiError("fault", "the disk is full");
  const read = vi.fn().mockResolvedValueOnce(page([2], "2")).mockRejectedValueOnce(refused).mockResolvedValueOnce(page([1]));
  const list = new Paged<number>(read);
  await list.restart();
  await list.next();
  expect([list.state, list.error, list.entries]).toEqual(["failed", refused, [2]]);
  await list.again();
  expect([list.state, list.entries]).toEqual(["ready", [2, 1]]);
});
