import { describe, expect, it } from 'vitest';
import type { Connection } from '../ports/connections.ts';
import type { Slice } from '../ports/workers.ts';
import type { Budget } from './budget.ts';
import { encode } from './frames.ts';
import { fanOutInSlices, readUpTo } from './large-room.ts';

const frames = [encode({ type: 'events', room: 'stadium', epoch: 'é', events: [] })];

const AMPLE: Budget = { signal: new AbortController().signal, left: () => 9_500, end: () => {} };

function pagesOf(...sizes: number[]): Connection[][] {
  let id = 0;
  return sizes.map((size) => Array.from({ length: size }, () => ({ id: `c${id++}`, room: 'stadium', connectedAt: 0 })));
}

async function* listed(pages: readonly Connection[][]) {
  yield* pages;
}

describe('listing a room', () => {
  it.each([
    ['a room of the threshold', [2_000, 3_000]],
    ['an empty room', []],
    ['empty pages', [0, 10, 0]],
  ])('%s is all there, with nothing to come', async (_, sizes) => {
    const pages = pagesOf(...sizes);
    expect(await readUpTo(5_000, listed(pages))).toEqual({ first: pages.flat(), rest: undefined });
  });

  it('a larger one is read no further than where that is known', async () => {
    let read = 0;
    async function* counted() {
      for (const page of pagesOf(4_000, 4_000, 4_000)) {
        read++;
        yield page;
      }
    }
    const { first, rest } = await readUpTo(5_000, counted());
    expect([first.length, read]).toEqual([8_000, 2]);
    expect(((await rest!.next()).value as Connection[]).length).toBe(4_000);
  });
});

describe('a large room', () => {
  /** Workers that record the slices that they get, and answer in a later turn of the event loop. */
  function workers(deliver: (slice: Slice) => Promise<void> = async () => {}) {
    const slices: Slice[] = [];
    let atWork = 0;
    let most = 0;
    return {
      slices,
      most: () => most,
      largeRooms: {
        threshold: 5_000,
        postsPerSecond: 9_000,
        workers: {
          fanOut: async (slice: Slice) => {
            slices.push(slice);
            most = Math.max(most, ++atWork);
            await new Promise(setImmediate);
            atWork--;
            await deliver(slice);
            return { delivered: slice.connections.length - 1, gone: 1, failed: 0, expired: 0 };
          },
        },
      },
    };
  }
  const run = async (
    pages: Connection[][],
    { largeRooms }: Pick<ReturnType<typeof workers>, 'largeRooms'>,
    budget: Budget = AMPLE,
  ) => {
    const { first, rest } = await readUpTo(largeRooms.threshold, listed(pages));
    return fanOutInSlices(first, rest!, frames, largeRooms, budget);
  };

  it('is served whole, by few workers that share the quota, each connection by one', async () => {
    const pages = pagesOf(5_100, 5_100, 0, 5_100, 5_100, 1);
    const crew = workers();
    expect(await run(pages, crew)).toStrictEqual({ delivered: 20_401 - 9, gone: 9, failed: 0, expired: 0 });
    const served = crew.slices.flatMap(({ connections }) => connections.map(({ id }) => id));
    expect(served.sort()).toEqual(
      pages
        .flat()
        .map(({ id }) => id)
        .sort(),
    );
    expect(crew.most()).toBe(4);
    expect(Math.max(...crew.slices.map(({ connections }) => connections.length))).toBe(2_500);
    for (const { postsPerSecond } of crew.slices) expect(postsPerSecond * crew.most()).toBe(9_000);
    expect(crew.slices[0]!.frames).toEqual([new TextDecoder().decode(frames[0]!.body)]);
  });

  it('of whole slices gives no worker an empty one', async () => {
    const crew = workers();
    await run(pagesOf(5_001, 2_499), crew);
    expect(crew.slices.map(({ connections }) => connections.length)).toEqual([2_500, 2_500, 2_500]);
  });

  it('loses no more than the slice of a worker that fails', async () => {
    const crew = workers(async ({ connections }) => {
      if (connections[0]!.id === 'c2500') throw new Error('out of memory');
    });
    expect(await run(pagesOf(5_001), crew)).toEqual({
      ...{ delivered: 2_499, gone: 2, failed: 2_500, expired: 0 },
      ...{ causes: { broken: 2_500 }, reason: 'Error: out of memory' },
    });
  });

  it('is served for no longer than the budget, of which each worker gets what is left', async () => {
    let left = 10_000;
    const crew = workers(async () => {
      left = 1_000;
    });
    const budget: Budget = { ...AMPLE, left: () => left };
    expect(await run(pagesOf(15_000), crew, budget)).toMatchObject({
      failed: 5_000,
      causes: { late: 5_000 },
    });
    expect(crew.slices.map(({ budgetMs }) => budgetMs)).toEqual([9_000, 9_000, 9_000, 9_000]);
  });

  it('fails where its connections cannot be listed to the end', async () => {
    async function* failing() {
      yield pagesOf(6_000)[0]!;
      throw new Error('throttled');
    }
    const { first, rest } = await readUpTo(5_000, failing());
    await expect(fanOutInSlices(first, rest!, frames, workers().largeRooms, AMPLE)).rejects.toThrow('throttled');
  });
});
