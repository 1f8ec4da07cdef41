import { describe, expect, it } from 'vitest';
import type { Count, LastCount, People } from '../ports/people.ts';
import { countPeople } from './count-people.ts';

const MINUTE = 60_000;

/**
 * A room of three people, and a fourth whose token has expired. Stores the count of people, and records how often the
 * connections are listed.
 */
function room(kept?: Count) {
  let count: LastCount | undefined = kept;
  let now = 10 * MINUTE;
  let listed = 0;
  const people: People = {
    find: async () => count,
    keep: async (_, next) => {
      count = next;
    },
    claim: async (_, seen, at) => {
      if (seen?.at !== count?.at) return false;
      count = { people: count?.people, at };
      return true;
    },
  };
  const connections = {
    async *inRoom() {
      listed++;
      yield ['a', 'b'].map((id) => ({ id, room: 'lobby', connectedAt: 0, tokenExpiresAt: 100 * MINUTE }));
      yield [];
      yield [{ id: 'late', room: 'lobby', connectedAt: 0, tokenExpiresAt: now }];
      yield [{ id: 'c', room: 'lobby', connectedAt: 0 }];
    },
  };
  return {
    ask: () => countPeople('lobby', { people, connections, now: () => now }),
    listed: () => listed,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('how many people are in a room', () => {
  it('is counted by the first ping that finds no count, or an old one, and known to the others for a minute', async () => {
    const { ask, listed, pass } = room();
    expect(await ask()).toBe(3);
    pass(MINUTE - 1);
    expect([await ask(), listed()]).toEqual([3, 1]);
    pass(1);
    expect([await ask(), listed()]).toEqual([3, 2]);
  });

  it('leaves out whose token has ended, as a delivery does', async () => {
    const { ask, pass } = room();
    pass(90 * MINUTE);
    expect(await ask()).toBe(1);
  });

  it('is counted by one ping only, however many ask at once', async () => {
    const { ask, listed } = room({ people: 7, at: 0 });
    const answers = await Promise.all(Array.from({ length: 50 }, ask));
    expect(listed()).toBe(1);
    expect(answers.filter((answer) => answer === 3)).toHaveLength(1);
    expect(answers.filter((answer) => answer === 7)).toHaveLength(49);
  });

  it('is not known to a ping that comes while the first one counts', async () => {
    const { ask, listed } = room();
    const counts = ask();
    // One of these pings reads the count before the first ping's `claim`, the other after it.
    const meanwhile = [ask(), Promise.resolve().then(ask)];
    expect(await Promise.all([counts, ...meanwhile])).toEqual([3, undefined, undefined]);
    expect(listed()).toBe(1);
  });
});
