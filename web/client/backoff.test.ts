import { describe, expect, it } from 'vitest';
import { dialWait, readTurn } from './backoff.ts';

const HALF = () => 0.5;

describe('the wait before a client connects again', () => {
  it('grows where it is unknown how many are in the room', () => {
    expect([0, 1, 2, 9].map((attempt) => dialWait(attempt, 0, HALF))).toEqual([500, 1_000, 2_000, 15_000]);
  });

  it('is spread over everybody who may have been cut', () => {
    expect(dialWait(0, 10_000, HALF)).toBe(12_500);
    expect(dialWait(0, 10_000, () => 0.999)).toBeLessThan(25_000);
  });

  it('is short in a small room, also after many attempts', () => {
    expect(dialWait(0, 3, HALF)).toBe(500);
    expect(dialWait(20, 3, HALF, 10)).toBe(2_490);
    expect(dialWait(20, 1_000, HALF, 10)).toBe(2_490);
  });

  it('keeps a client’s turn, whenever its attempt ended', () => {
    for (const sinceDial of [0, 20, 24_999, 25_001, 61_000]) {
      const wait = dialWait(1, 10_000, HALF, sinceDial);
      expect((sinceDial + wait) % 25_000).toBe(0);
      expect(wait).toBeGreaterThan(0);
    }
  });
});

describe('the time in which everybody can read', () => {
  it('is nothing for a few, and never more than a minute', () => {
    expect([0, 7, 7_000, 10_000_000].map(readTurn)).toEqual([0, 10, 10_000, 60_000]);
  });
});
