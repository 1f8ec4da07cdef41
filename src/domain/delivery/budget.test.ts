import { describe, expect, it } from 'vitest';
import { startBudget, untilAborted } from './budget.ts';

function clock() {
  let now = 1_000;
  const timers: { ms: number; callback: () => void; closed: boolean }[] = [];
  return {
    timers,
    pass: (ms: number) => {
      now += ms;
    },
    now: () => now,
    startTimer: (ms: number, callback: () => void) => {
      const timer = { ms, callback, closed: false };
      timers.push(timer);
      return { refresh: () => {}, close: () => (timer.closed = true) };
    },
  };
}

describe('the budget of a delivery', () => {
  it.each([
    [60_000, 10_000],
    [12_000, 7_000],
    [5_000, 0],
    [1_000, 0],
  ])('with %i ms left of the invocation is %i ms', (remaining, ms) => {
    const time = clock();
    expect(startBudget(remaining, time).left()).toBe(ms);
    expect(time.timers[0]?.ms).toBe(ms);
  });

  it('is no more than a worker was given', () => expect(startBudget(30_000, clock(), 4_000).left()).toBe(4_000));

  it('aborts its signal when it is used up, and leaves no timer behind', () => {
    const time = clock();
    const budget = startBudget(60_000, time);
    time.pass(4_000);
    expect([budget.left(), budget.signal.aborted]).toEqual([6_000, false]);
    time.timers[0]!.callback();
    expect(budget.signal.aborted).toBe(true);
    budget.end();
    expect(time.timers[0]!.closed).toBe(true);
  });
});

describe('a listing', () => {
  const over = () => new AbortController();
  async function* pages(...all: (number | Error)[]) {
    for (const page of all) {
      if (typeof page !== 'number') throw page;
      yield page;
    }
  }
  const listed = async (source: AsyncIterable<number>, signal: AbortSignal, after = () => {}) => {
    const found: number[] = [];
    for await (const page of untilAborted(source, signal)) {
      found.push(page);
      after();
    }
    return found;
  };

  it('is whole where there is time', async () => {
    expect(await listed(pages(1, 2, 3), over().signal)).toEqual([1, 2, 3]);
  });

  it('ends where the time does, also in the midst of a page', async () => {
    const cut = over();
    expect(await listed(pages(1, 2, 3), cut.signal, () => cut.abort())).toEqual([1]);
    const late = over();
    const aborting = (async function* () {
      yield 1;
      late.abort();
      throw new Error('aborted');
    })();
    expect(await listed(aborting, late.signal)).toEqual([1]);
  });

  it('fails where it fails, and where nothing at all was read in time', async () => {
    await expect(listed(pages(1, new Error('throttled')), over().signal)).rejects.toThrow('throttled');
    const late = over();
    late.abort();
    await expect(listed(pages(new Error('aborted')), late.signal)).rejects.toThrow('aborted');
  });
});
