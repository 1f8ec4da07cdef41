import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPace } from './pace.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const { signal } = new AbortController();

/** Measures how long one wait takes if `wake` is not called. */
async function waited(pace: ReturnType<typeof createPace>): Promise<number> {
  const before = Date.now();
  const done = pace.wait(signal);
  await vi.advanceTimersToNextTimerAsync();
  await done;
  return Date.now() - before;
}

describe('the pace of polling', () => {
  it('slows down to four polls a second while there is nothing to read', async () => {
    const pace = createPace();
    const waits = [];
    for (let i = 0; i < 10; i++) waits.push(await waited(pace));
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 250, 250, 250]);
  });

  it('is fast again after there was something to read', async () => {
    const pace = createPace();
    for (let i = 0; i < 8; i++) await waited(pace);
    pace.wake();
    expect(await waited(pace)).toBe(2);
  });

  it('ends a wait at once when woken', async () => {
    const pace = createPace();
    for (let i = 0; i < 8; i++) await waited(pace);
    const before = Date.now();
    const done = pace.wait(signal);
    pace.wake();
    await done;
    expect(Date.now()).toBe(before);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer behind when it is stopped', async () => {
    const stop = new AbortController();
    const done = createPace().wait(stop.signal);
    stop.abort(new Error('stopped'));
    await expect(done).rejects.toThrow('stopped');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not start to wait after it was stopped', async () => {
    await expect(createPace().wait(AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  });
});
