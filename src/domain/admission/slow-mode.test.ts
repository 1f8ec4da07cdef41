import { describe, expect, it } from 'vitest';
import { ShoutError } from '../errors.ts';
import { takeTurn } from './slow-mode.ts';

const turn = (take: () => Promise<void>) => takeTurn({ take }, 'lobby', 'alice', 10);

describe('a turn in slow mode', () => {
  it('is one message in so many seconds, by room, person and rule', async () => {
    const taken: unknown[][] = [];
    const limiter = { take: async (...args: unknown[]) => void taken.push(args) };
    await takeTurn(limiter, 'lobby', 'alice', 10);
    expect(taken).toEqual([['SLOW#lobby#10#alice', { burst: 1, perSecond: 0.1 }]]);
  });

  it('that is not there yet is refused with the rule and the wait', async () => {
    const cause = new ShoutError('rate_limited', 'Too fast.', { retryAfterMs: 900 });
    await expect(turn(() => Promise.reject(cause))).rejects.toMatchObject({
      ...{ code: 'rate_limited', rule: 'slow', retryAfterMs: 900, cause, message: expect.stringMatching(/10 s apart/) },
    });
  });

  it.each([new ShoutError('unavailable', 'The table is busy.'), new Error('broken')])(
    'that cannot be counted fails as it fails: %s',
    async (error) => await expect(turn(() => Promise.reject(error))).rejects.toBe(error),
  );
});
