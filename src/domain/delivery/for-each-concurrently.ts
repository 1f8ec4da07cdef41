import { allEnded } from './all-ended.ts';

/**
 * Calls `visit` with each item of all pages, for at most `concurrency` items at the same time. Loads a page only when
 * its items are needed.
 * @throws what a page or a visit throws, once no visit is running any more
 */
export async function forEachConcurrently<T>(
  pages: AsyncIterable<readonly T[]>,
  concurrency: number,
  visit: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = pages[Symbol.asyncIterator]();
  let page: readonly T[] = [];
  let next = 0;
  let done = false;
  let loading: Promise<void> | undefined;
  const load = async () => {
    const result = await iterator.next();
    loading = undefined;
    done = result.done === true;
    page = result.done ? [] : result.value;
    next = 0;
  };
  const worker = async () => {
    for (;;) {
      while (next >= page.length) {
        if (done) return;
        loading ??= load();
        await loading;
      }
      await visit(page[next++]!);
    }
  };
  await allEnded(Array.from({ length: concurrency }, worker));
}
