import { describe, expect, it } from 'vitest';
import type { SequencedEvent } from '../schema.generated.ts';
import { newestRun, runDown, settledUpTo, vacant } from './vacancy.ts';

const NOW = 1_700_000_000_000;
const down = (...seqs: number[]) => seqs.map((seq) => ({ seq }) as SequencedEvent);

describe('a missing number', () => {
  it('is vacant once a higher one was given more than a minute ago', () => {
    const given = (age: number) => [{ seq: 5, numberedAt: NOW - age }];
    expect(settledUpTo(given(60_000), NOW)).toBe(0);
    expect(settledUpTo(given(60_001), NOW)).toBe(5);
  });

  it('that is vacant itself, and no higher one, is passed over', () => {
    expect(newestRun(down(7, 5, 4), 6)).toEqual({ top: 7, run: down(7, 5, 4) });
    expect(newestRun(down(7, 5, 4), 5)).toEqual({ top: 5, run: down(5, 4) });
    expect(runDown(down(5, 4), 6, 6)).toEqual(down(5, 4));
    expect(runDown(down(5, 4), 6, 5)).toEqual([]);
  });

  it('has a placeholder by nobody', () => {
    expect(vacant(3)).toEqual({
      ...{ seq: 3, id: 'vacant:3', type: 'NumberVacant', at: 0, data: {} },
      actor: { id: '----------------------', name: 'nobody' },
    });
  });
});
