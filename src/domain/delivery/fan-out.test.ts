import { describe, expect, it } from 'vitest';
import type { Connection } from '../ports/connections.ts';
import type { Frame, Gateway, PostOutcome } from '../ports/gateway.ts';
import { fanOut } from './fan-out.ts';
import { encodeEvents } from './frames.ts';

const NOW = 1_000_000;
const NEVER = new AbortController().signal;
const SILENT: PostOutcome = { cause: 'silent', reason: 'no answer' };
const frames: Frame[] = [1, 2, 3].flatMap((seq) =>
  encodeEvents('lobby', 'e', [
    {
      seq,
      id: `${'a'.repeat(22)}:m`,
      type: 'MessagePosted',
      at: 1,
      actor: { id: 'a'.repeat(22), name: 'alice' },
      data: {},
    },
  ]),
);

function connection(id: string, overrides: Partial<Connection> = {}): Connection {
  return { id, room: 'lobby', connectedAt: 0, ...overrides };
}

/** Pages of connections, and a gateway that gives the listed answers and records its calls. */
function room(pages: Connection[][], answers: Record<string, PostOutcome[]> = {}) {
  const posted: [string, Frame][] = [];
  const closed: string[] = [];
  const removed: string[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  const gateway: Gateway = {
    post: async (id, frame) => {
      mostInFlight = Math.max(mostInFlight, ++inFlight);
      await new Promise(setImmediate);
      inFlight--;
      posted.push([id, frame]);
      return answers[id]?.shift() ?? 'delivered';
    },
    close: async (id) => {
      closed.push(id);
    },
  };
  const connections = {
    async *inRoom() {
      yield* pages;
    },
    forget: async (ids: readonly string[]) => {
      removed.push(...ids);
    },
  };
  return { ports: { gateway, connections, now: () => NOW }, posted, closed, removed, most: () => mostInFlight };
}

describe('fanOut', () => {
  it('has ended when it says that listing the connections failed', async () => {
    const { ports, posted } = room([]);
    async function* listing() {
      yield [connection('a'), connection('b')];
      throw new Error('The table is gone.');
    }
    // With a concurrency of three and a page of two connections, the next page is read while the two are posted to.
    await expect(fanOut(listing(), frames, 3, ports, NEVER)).rejects.toThrow('The table is gone.');
    const then = posted.length;
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    expect([then, posted.length]).toEqual([6, 6]);
  });

  it('posts every frame to every connection of every page, past empty pages, in order per connection', async () => {
    const ids = Array.from({ length: 25 }, (_, i) => `c${i}`);
    const all = ids.map((id) => connection(id));
    const { ports, posted, most } = room([all.slice(0, 10), [], all.slice(10)]);
    const delivery = await fanOut(ports.connections.inRoom(), frames, 7, ports, NEVER);
    expect(delivery).toStrictEqual({ delivered: 25, gone: 0, failed: 0, expired: 0 });
    for (const id of ids) expect(posted.filter(([to]) => to === id).map(([, frame]) => frame)).toEqual(frames);
    expect(most()).toBe(7);
  });

  it('removes a connection that is gone, sends it nothing more, and serves the others', async () => {
    const { ports, posted, removed } = room([[connection('gone'), connection('here')]], { gone: ['gone'] });
    expect(await fanOut(ports.connections.inRoom(), frames, 1, ports, NEVER)).toEqual({
      delivered: 1,
      gone: 1,
      failed: 0,
      expired: 0,
    });
    expect(removed).toEqual(['gone']);
    expect(posted.filter(([id]) => id === 'gone')).toHaveLength(1);
    expect(posted.filter(([id]) => id === 'here')).toHaveLength(3);
  });

  it('keeps a connection that is only just opening, though posting to it says that it is gone', async () => {
    const { ports, removed } = room([[connection('new', { connectedAt: NOW - 50 })]], { new: ['gone'] });
    await fanOut(ports.connections.inRoom(), frames, 1, ports, NEVER);
    expect(removed).toEqual([]);
  });

  it('takes a connection for opening during the 29 s that $connect may take, and a little longer', async () => {
    const ages = [30_000, 30_001].map((age) => connection(`${age}`, { connectedAt: NOW - age }));
    const { ports, removed } = room([ages], { 30000: ['gone'], 30001: ['gone'] });
    await fanOut(ports.connections.inRoom(), frames, 1, ports, NEVER);
    expect(removed).toEqual(['30001']);
  });

  it('removes nothing once its time is over', async () => {
    const over = new AbortController();
    const { ports, removed } = room([[connection('gone')]]);
    const post = async (): Promise<PostOutcome> => {
      over.abort();
      return 'gone';
    };
    const gateway: Gateway = { ...ports.gateway, post };
    expect(await fanOut(ports.connections.inRoom(), frames, 1, { ...ports, gateway }, over.signal)).toMatchObject({
      gone: 1,
    });
    expect(removed).toEqual([]);
  });

  it('goes on where every connection is throttled: none of them is silent', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `c${i}`);
    const throttled = Object.fromEntries(ids.map((id) => [id, [{ cause: 'throttled', reason: '429' } as const]]));
    const { ports, posted } = room([ids.map((id) => connection(id))], throttled);
    await fanOut(ports.connections.inRoom(), frames, 2, ports, NEVER);
    expect(posted).toHaveLength(20);
  });

  it('leaves a connection that does not take a frame to heal itself', async () => {
    const { ports, posted, removed } = room([[connection('slow'), connection('here')]], {
      slow: ['delivered', { cause: 'throttled', reason: '429' }],
    });
    expect(await fanOut(ports.connections.inRoom(), frames, 2, ports, NEVER)).toEqual({
      delivered: 1,
      gone: 0,
      failed: 1,
      expired: 0,
      causes: { throttled: 1 },
      reason: '429',
    });
    expect(posted.filter(([id]) => id === 'slow')).toHaveLength(2);
    expect(removed).toEqual([]);
  });

  it('tells whose token has ended, closes the connection and shows it no event', async () => {
    const { ports, posted, closed } = room([
      [connection('late', { tokenExpiresAt: NOW }), connection('here', { tokenExpiresAt: NOW + 1 })],
    ]);
    expect(await fanOut(ports.connections.inRoom(), frames, 1, ports, NEVER)).toEqual({
      delivered: 1,
      gone: 0,
      failed: 0,
      expired: 1,
    });
    const told = posted
      .filter(([id]) => id === 'late')
      .map(([, { body }]) => JSON.parse(new TextDecoder().decode(body)));
    expect(told).toEqual([
      { type: 'error', code: 'unauthenticated', message: 'Your token has expired. Sign in again.' },
    ]);
    expect(closed).toEqual(['late']);
  });

  it('forgets whose token has ended once the connection is gone too, and closes nothing', async () => {
    const { ports, closed, removed } = room([[connection('late', { tokenExpiresAt: NOW }), connection('here')]], {
      late: ['gone'],
    });
    expect(await fanOut(ports.connections.inRoom(), frames, 1, ports, NEVER)).toEqual({
      delivered: 1,
      gone: 1,
      failed: 0,
      expired: 0,
    });
    expect([closed, removed]).toEqual([[], ['late']]);
  });

  it('gives up on an endpoint where as many connections in a row are silent as it posts to at once', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => `c${i}`);
    const silent: Record<string, PostOutcome[]> = Object.fromEntries(ids.map((id) => [id, [SILENT]]));
    const { ports, posted } = room([ids.map((id) => connection(id))], silent);
    expect(await fanOut(ports.connections.inRoom(), frames, 5, ports, NEVER)).toEqual({
      ...{ delivered: 0, gone: 0, failed: 50, expired: 0 },
      ...{ causes: { silent: 50 }, reason: 'no answer' },
    });
    // Five posts begin at once, and four more begin before the fifth is answered.
    expect(posted).toHaveLength(9);
    // The next delivery starts the count of silent connections again.
    for (const id of ids) silent[id] = [];
    expect(await fanOut(ports.connections.inRoom(), frames, 5, ports, NEVER)).toMatchObject({ delivered: 50 });
  });

  it('goes on where only some are silent', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => `c${i}`);
    const silent = Object.fromEntries(ids.filter((_, i) => i % 5 > 0).map((id) => [id, [SILENT]]));
    const { ports } = room([ids.map((id) => connection(id))], silent);
    expect(await fanOut(ports.connections.inRoom(), frames.slice(0, 1), 5, ports, NEVER)).toMatchObject({
      delivered: 10,
      causes: { silent: 40 },
    });
  });

  it('posts nothing more when its time is over, and counts the rest as failed', async () => {
    const over = new AbortController();
    const { ports, posted } = room([Array.from({ length: 30 }, (_, i) => connection(`c${i}`))]);
    const gateway: Gateway = {
      ...ports.gateway,
      post: async (id, frame, signal) => {
        if (posted.length === 12) over.abort();
        return ports.gateway.post(id, frame, signal);
      },
    };
    const delivery = await fanOut(ports.connections.inRoom(), frames, 3, { ...ports, gateway }, over.signal);
    expect(delivery).toMatchObject({
      delivered: 6,
      failed: 24,
      causes: { late: 24 },
      reason: 'the time of the delivery was over',
    });
    expect(posted).toHaveLength(6 * frames.length);
  });

  it('fails only when the connections cannot be listed', async () => {
    const { ports } = room([]);
    const failing = async function* () {
      yield [connection('here')];
      throw new Error('throttled');
    };
    await expect(fanOut(failing(), frames, 3, ports, NEVER)).rejects.toThrow('throttled');
  });
});
