// Changes many contacts, some at a time, and tells what could not be changed.

const AT_ONCE = 4;

/** What came of a change of many. */
export interface BulkResult<T> {
  done: T[];
  failed: { entry: T; error: unknown }[];
}

/** Runs `work` for each entry; `onstep` is told how many are through. */
export async function forEach<T>(entries: readonly T[], work: (entry: T) => Promise<unknown>, onstep: (through: number) => void): Promise<BulkResult<T>> {
  const result: BulkResult<T> = { done: [], failed: [] };
  let next = 0;
  let through = 0;
  const worker = async () => {
    while (next < entries.length) {
      const entry = entries[next++] as T;
      try {
        await work(entry);
        result.done.push(entry);
      } catch (error) {
        result.failed.push({ entry, error });
      }
      onstep((through += 1));
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, entries.length) }, worker));
  return result;
}
