import { describe, expect, it } from 'vitest';
import { Refusals } from './refusals.ts';

describe('refusals', () => {
  it('are kept until their wait is over, and no longer', () => {
    const refusals = new Refusals();
    refusals.remember('a', 900, 100);
    expect([refusals.retryAfter('a', 999), refusals.retryAfter('a', 1_000), refusals.retryAfter('b', 0)]).toEqual([
      1, 0, 0,
    ]);
    refusals.remember('a', 900, 100);
    expect(refusals.retryAfter('a', 5_000)).toBe(0);
  });

  it('are forgotten by a clock that was set back', () => {
    const refusals = new Refusals();
    refusals.remember('a', 1_000, 3_600_000);
    expect(refusals.retryAfter('a', 0)).toBe(0);
    expect(refusals.retryAfter('a', 3_600_000)).toBe(0);
  });

  it('are at most 1,000, the latest', () => {
    const refusals = new Refusals();
    for (let n = 0; n < 1_001; n++) refusals.remember(String(n), 1_000, 0);
    expect([refusals.retryAfter('0', 0), refusals.retryAfter('1', 0), refusals.retryAfter('1000', 0)]).toEqual([
      0, 1_000, 1_000,
    ]);
  });

  it('that are renewed are among the latest', () => {
    const refusals = new Refusals();
    for (let n = 0; n < 1_000; n++) refusals.remember(String(n), 1_000, 0);
    refusals.remember('0', 2_000, 0);
    refusals.remember('1000', 1_000, 0);
    expect([refusals.retryAfter('0', 0), refusals.retryAfter('1', 0)]).toEqual([2_000, 0]);
  });
});
