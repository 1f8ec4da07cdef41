import { describe, expect, it } from 'vitest';
import { noRules } from '../governance/rules.ts';
import type { NewEvent } from '../ports/event-log.ts';
import type { Parked } from '../ports/parking.ts';
import { type ServeOrParkPorts, serveOrPark } from './serve-or-park.ts';

const actor = { id: 'aaaaaaaaaaaaaaaaaaaaaa', name: 'alice' };
const events: NewEvent[] = [1, 2].map((n) => ({
  ...{ room: 'lobby', id: `${actor.id}:${n}`, type: 'MessagePosted', v: 1, at: n, actor, data: { text: 'hi' } },
}));

/** A room whose storage fails the given number of times, and then works. */
function room(failures: number) {
  let left = failures;
  let now = 1_000_000;
  const parked: Parked[] = [];
  const delays: number[] = [];
  const sleeps: number[] = [];
  let tries = 0;
  const ports: ServeOrParkPorts = {
    log: {
      batchSize: 90,
      openHead: async () => {
        tries++;
        if (left-- > 0) throw new Error('throttled');
        return { epoch: 'e', seq: 0, numberedAt: 0 };
      },
      rules: async () => noRules,
      assign: async () => ({ kind: 'assigned' }),
      scrub: async () => {},
    },
    connections: {
      async *inRoom() {
        yield [{ id: 'c', room: 'lobby', connectedAt: 0 }];
      },
      forget: async () => {},
      remove: async () => {},
      ofPerson: async () => [],
    },
    isForEveryone: () => true,
    gateway: { post: async () => 'delivered', close: async () => {} },
    concurrency: 1,
    startTimer: () => ({ refresh: () => {}, close: () => {} }),
    parking: {
      park: async (some, seconds) => {
        parked.push(some);
        delays.push(seconds);
      },
    },
    troubled: new Map(),
    now: () => now,
    random: () => 0.5,
    sleep: async (ms) => {
      sleeps.push(ms);
      now += ms;
    },
  };
  return {
    ports,
    parked,
    delays,
    sleeps,
    tries: () => tries,
    pass: (ms: number) => {
      now += ms;
    },
    serve: (remaining = 60_000) => serveOrPark('lobby', events, ports, () => remaining),
  };
}

describe('a room whose storage is in trouble', () => {
  it('is served after a retry, if the trouble passes', async () => {
    const { serve, parked, sleeps } = room(2);
    expect(await serve()).toMatchObject({ sequenced: { assigned: 2 }, delivery: { delivered: 1 } });
    expect(sleeps).toEqual([200, 400]);
    expect(parked).toEqual([]);
  });

  it('is parked if the trouble lasts', async () => {
    const { serve, parked, tries } = room(99);
    expect(await serve()).toMatchObject({ parked: 2, error: { message: 'throttled' } });
    expect(parked).toEqual([{ room: 'lobby', ids: events.map(({ id }) => id), attempt: 0 }]);
    expect(tries()).toBe(3);
  });

  it('is parked in parts that one transaction can number, for the shortest time', async () => {
    const { serve, ports, parked, delays } = room(99);
    ports.log = { ...ports.log, batchSize: 1 };
    expect(await serve()).toMatchObject({ parked: 2 });
    expect(parked.map(({ ids }) => ids)).toEqual(events.map(({ id }) => [id]));
    expect(delays).toEqual([1, 1]);
  });

  it('is one of at most 10,000 that are remembered', async () => {
    const { serve, ports } = room(99);
    for (let n = 0; n < 9_999; n++) ports.troubled.set(`room ${n}`, 2_000_000);
    await serve();
    expect(ports.troubled.size).toBe(10_000);
    await serve();
    expect([...ports.troubled.keys()]).toEqual(['lobby']);
  });

  it('keeps the next batches waiting for a single try, until it was quiet for a while', async () => {
    const { serve, tries, pass } = room(99);
    await serve();
    await serve();
    expect(tries()).toBe(4);
    pass(30_000);
    await serve();
    expect(tries()).toBe(7);
  });

  it('gets all its tries again once it was served', async () => {
    const { serve, ports, tries } = room(3);
    await serve();
    expect(await serve()).toMatchObject({ sequenced: { assigned: 2 } });
    expect([tries(), ports.troubled.size]).toEqual([4, 0]);
  });

  it('begins no second try that might outlast the invocation', async () => {
    const { ports, parked, sleeps } = room(99);
    let left = 60_000;
    ports.log.openHead = async () => {
      left = 45_000;
      throw new Error('throttled');
    };
    await serveOrPark('lobby', events, ports, () => left);
    expect([sleeps, parked.length]).toEqual([[], 1]);
  });

  it('begins no try that might outlast the invocation', async () => {
    const { serve, tries } = room(99);
    await serve(44_000);
    expect(tries()).toBe(0);
  });

  it('fails if it cannot be parked either', async () => {
    const { serve, ports } = room(99);
    ports.parking.park = async () => {
      throw new Error('the queue is away');
    };
    await expect(serve()).rejects.toThrow('the queue is away');
  });
});
