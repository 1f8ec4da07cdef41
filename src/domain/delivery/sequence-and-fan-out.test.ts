import { describe, expect, it } from 'vitest';
import { noRules, type Rules } from '../governance/rules.ts';
import type { Connection } from '../ports/connections.ts';
import type { Head, NewEvent, StoredEvent } from '../ports/event-log.ts';
import type { Count } from '../ports/people.ts';
import type { Slice } from '../ports/workers.ts';
import type { Actor, EventBody } from '../schema.generated.ts';
import { ATTEMPT_MS, type SequenceAndFanOutPorts, sequenceAndFanOut } from './sequence-and-fan-out.ts';

const alice: Actor = { id: 'a'.repeat(22), name: 'alice' };
const moderator: Actor = { id: 'm'.repeat(22), name: 'moderator', role: 'moderator' };
const NOW = 1_000_000;
const said = (
  n: number,
  body: EventBody = { type: 'MessagePosted', data: { text: 'hi' } },
  actor = alice,
): NewEvent => ({
  ...{ room: 'club', id: `${actor.id}:${n}`, v: 1, at: n, actor },
  ...body,
});
const ban = said(9, { type: 'PersonBanned', data: { person: alice.id, hide: true } }, moderator);

function room(
  options: { connections?: number; count?: Count | undefined; forEveryone?: boolean; large?: number } = {},
) {
  const open: Connection[] = Array.from({ length: options.connections ?? 2 }, (_, n) => ({
    ...{ id: `c${n}`, room: 'club', connectedAt: 0, actor: alice },
  }));
  const posted: [string, { type: string; people?: number }][] = [];
  const closed: string[] = [];
  const scrubbed: string[] = [];
  const kept: Count[] = [];
  const slices: Slice[] = [];
  const timers: { ended: boolean }[] = [];
  let abort = () => {};
  let now = NOW;
  const log = {
    batchSize: 90,
    openHead: async (): Promise<Head> => ({ epoch: 'e', seq: 0, numberedAt: 0 }),
    rules: async (): Promise<Rules> => noRules,
    assign: async () => ({ kind: 'assigned' }) as const,
    scrub: async (_room: string, { person }: { person: string }) => void scrubbed.push(person),
  };
  const ports: SequenceAndFanOutPorts = {
    log,
    connections: {
      async *inRoom() {
        yield open;
      },
      forget: async () => {},
      remove: async () => {},
      ofPerson: async (person) => open.filter(({ actor }) => actor?.id === person),
    },
    gateway: {
      post: async (id, { body }) => {
        posted.push([id, JSON.parse(new TextDecoder().decode(body))]);
        return 'delivered';
      },
      close: async (id) => void closed.push(id),
    },
    concurrency: 2,
    now: () => now,
    startTimer: (_ms, run) => {
      const timer = { ended: false };
      timers.push(timer);
      abort = run;
      return { refresh: () => {}, close: () => (timer.ended = true) };
    },
    isForEveryone: () => options.forEveryone ?? true,
    people: {
      find: async () => options.count,
      keep: async (_room, count) => void kept.push(count),
      claim: async () => true,
    },
    ...(options.large === undefined
      ? {}
      : {
          largeRooms: {
            ...{ threshold: options.large, postsPerSecond: 9_000 },
            workers: {
              fanOut: async (slice: Slice) => {
                slices.push(slice);
                return { delivered: slice.connections.length, gone: 0, failed: 0, expired: 0 };
              },
            },
          },
        }),
  };
  const serve = (events: readonly StoredEvent[] = [said(1)], remaining = 60_000) =>
    sequenceAndFanOut('club', events, ports, () => remaining);
  return {
    ...{ serve, ports, posted, closed, scrubbed, kept, slices, timers },
    abort: () => abort(),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('new events of a room', () => {
  it('are numbered, and posted to everyone who is in it', async () => {
    const { serve, posted, timers } = room();
    const { sequenced, delivery } = await serve();
    expect(sequenced).toMatchObject({ epoch: 'e', assigned: 1, events: [{ seq: 1 }] });
    expect(delivery).toEqual({ delivered: 2, gone: 0, failed: 0, expired: 0 });
    expect(posted.map(([id]) => id)).toEqual(['c0', 'c1']);
    expect(timers).toEqual([{ ended: true }]);
  });

  it('that are none are posted to nobody', async () => {
    const { serve, posted, kept, timers } = room();
    expect((await serve([])).delivery).toEqual({ delivered: 0, gone: 0, failed: 0, expired: 0 });
    expect([posted, kept, timers]).toEqual([[], [], []]);
  });

  it('are not numbered where the invocation may end before', async () => {
    const { serve, posted } = room();
    await expect(serve([said(1)], ATTEMPT_MS)).rejects.toMatchObject({ code: 'unavailable' });
    expect(posted).toEqual([]);
    expect((await serve([said(1)], ATTEMPT_MS + 1)).sequenced.assigned).toBe(1);
  });

  it('have been posted when it fails because the scrubbing does', async () => {
    const { serve, ports, posted } = room();
    const { post } = ports.gateway;
    ports.gateway.post = async (...args) => {
      await new Promise(setImmediate);
      return post(...args);
    };
    ports.log.scrub = async () => {
      throw new Error('The table is busy.');
    };
    await expect(serve([ban])).rejects.toThrow('The table is busy.');
    expect(posted.map(([id]) => id)).toEqual(['c0', 'c1']);
  });

  it('are posted by workers where the room is larger than the threshold, and only then', async () => {
    for (const [large, handed] of [
      [2, 0],
      [1, 2],
    ] as const) {
      const { serve, posted, slices } = room({ large });
      expect((await serve()).delivery.delivered).toBe(2);
      expect(slices.flatMap(({ connections }) => connections)).toHaveLength(handed);
      expect(posted).toHaveLength(2 - handed);
    }
  });

  it('leave no timer behind where the connections cannot be listed', async () => {
    const { serve, ports, timers } = room();
    ports.connections.inRoom = () => {
      throw new Error('throttled');
    };
    await expect(serve()).rejects.toThrow('throttled');
    expect(timers).toEqual([{ ended: true }]);
  });
});

describe('a ban among them', () => {
  it('closes the connections of its person where the room is not for everyone', async () => {
    const club = room({ forEveryone: false });
    await club.serve([ban]);
    expect(club.closed).toEqual(['c0', 'c1']);
    const lobby = room({ forEveryone: true });
    await lobby.serve([ban]);
    expect(lobby.closed).toEqual([]);
  });

  it('that hides has the texts scrubbed', async () => {
    const { serve, scrubbed } = room();
    await serve([said(1), ban]);
    expect(scrubbed).toEqual([alice.id]);
  });
});

describe('the count of people', () => {
  it('is told with the events, and kept anew where it has changed', async () => {
    const { serve, posted, kept } = room({ connections: 3, count: { people: 2, at: NOW - 1_000 } });
    await serve();
    expect(posted.map(([, { people }]) => people)).toEqual([2, 2, 2]);
    expect(kept).toEqual([{ people: 3, at: NOW }]);
  });

  it('is kept the first time, and with those that could not be reached', async () => {
    const { serve, ports, posted, kept } = room();
    ports.gateway.post = async () => ({ cause: 'throttled', reason: '429' });
    await serve();
    expect(kept).toEqual([{ people: 2, at: NOW }]);
    expect(posted).toEqual([]);
  });

  it.each([
    ['is not kept again within a second', { people: 1, at: NOW - 999 }, 0],
    ['that has not changed is not kept again', { people: 2, at: NOW - 29_999 }, 0],
    ['that has not changed is confirmed after half a minute', { people: 2, at: NOW - 30_000 }, 1],
  ])('%s', async (_what, count, times) => {
    const { serve, kept } = room({ count });
    await serve();
    expect(kept).toHaveLength(times);
  });

  it('holds up nothing where it cannot be read or kept, or nobody wants it', async () => {
    const broken = room();
    const fails = () => Promise.reject(new Error('slow'));
    broken.ports.people = { find: fails, keep: fails, claim: fails };
    expect((await broken.serve()).delivery.delivered).toBe(2);
    const none = room();
    delete none.ports.people;
    expect((await none.serve()).delivery.delivered).toBe(2);
  });

  it('is not kept where the time was over before everyone was posted to', async () => {
    const { serve, ports, kept, abort } = room();
    const { post } = ports.gateway;
    ports.gateway.post = (id, frame, signal) => {
      abort();
      return post(id, frame, signal);
    };
    await serve();
    expect(kept).toEqual([]);
  });
});
