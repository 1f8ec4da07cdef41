import { describe, expect, it } from 'vitest';
import type { ChatHistoryPage, EventsPage, SequencedEvent } from '../../src/domain/schema.generated.ts';
import type { Api } from './api.ts';
import { Replica } from './replica.ts';
import { settle, VirtualClock } from './testing/clock.ts';
import { alice } from './testing/room.ts';

const idOf = (seq: number) => `${alice.id}:m${seq}`;
const posted = (seq: number): SequencedEvent => ({
  ...{ seq, id: idOf(seq), type: 'MessagePosted', at: seq, actor: alice, data: { text: `text ${seq}` } },
});
const posts = (...seqs: number[]) => seqs.map(posted);
const vacant = (seq: number): SequencedEvent => ({
  ...posted(seq),
  ...{ id: `vacant:${seq}`, type: 'NumberVacant', data: {} },
});
const page = (head: number, more: Partial<ChatHistoryPage> = {}): ChatHistoryPage => ({
  ...{ epoch: 'e', head, nextBefore: null },
  messages: [{ seq: head, id: idOf(head), at: head, actor: alice, text: `text ${head}` }],
  ...more,
});
const answer = (head: number, ...events: SequencedEvent[]): EventsPage => ({ epoch: 'e', head, events });
type Change = Parameters<ConstructorParameters<typeof Replica>[1]['changed']>[0];

/** Creates a replica, and records its requests and changes. A test can replace the functions of `server`. */
function replica({ people = 0, random = 0.5 } = {}) {
  const clock = new VirtualClock();
  const start = clock.now();
  const changes: Change[] = [];
  const asked: [what: string, from: number | undefined, at: number][] = [];
  const server = {
    history: async (_before?: number): Promise<ChatHistoryPage> => page(3),
    events: async (_after: number): Promise<EventsPage> => answer(3),
  };
  const api = {
    history: (_life: unknown, before?: number) => {
      asked.push(['history', before, clock.now() - start]);
      return server.history(before);
    },
    events: (_life: unknown, after: number) => {
      asked.push(['events', after, clock.now() - start]);
      return server.events(after);
    },
  } as unknown as Api;
  const one = new Replica(api, {
    changed: (change) => changes.push(change),
    timers: clock,
    random: () => random,
    people: () => people,
  });
  const shown = () => one.state.feed.messages.map(({ seq }) => seq);
  return { one, state: one.state, clock, changes, asked, server, shown };
}

/**
 * Creates a replica, opens it, and loads its first page. The room's newest event has the number 3. The requests and
 * changes so far are dropped from the records.
 */
async function loaded(options?: Parameters<typeof replica>[0]) {
  const r = replica(options);
  r.one.open();
  await settle();
  r.changes.length = r.asked.length = 0;
  return r;
}

describe('a replica that opens and closes', () => {
  it('begins with nothing, asks for its first page once, and shows it', async () => {
    const { one, state, asked, changes, clock } = replica();
    expect([one.behind, one.catchingUp]).toEqual([true, true]);
    expect(state).toMatchObject({ failing: false, syncing: false, holding: 'no', vacant: [] });
    one.close();
    one.open();
    one.open();
    expect(changes).toEqual([{}]);
    await settle();
    expect(asked).toEqual([['history', undefined, 0]]);
    expect(changes.slice(1)).toEqual([{ shown: [idOf(3)], loaded: true }, {}]);
    expect([one.behind, one.catchingUp, clock.pending]).toEqual([false, false, 0]);
  });

  it('asks for nothing when it opens again and nothing is missing, and for what is missing otherwise', async () => {
    const { one, asked, server, changes, clock } = await loaded();
    one.close();
    one.open();
    await settle();
    expect([asked, changes, clock.pending]).toEqual([[], [], 0]);
    one.close();
    one.receive('e', posts(5));
    expect([clock.pending, one.state.holding]).toEqual([0, 'no']);
    server.events = async () => answer(5, ...posts(4, 5));
    one.open();
    await settle();
    expect(asked.map(([what]) => what)).toEqual(['events']);
  });

  it('takes in no answer that comes after its end, and asks no more', async () => {
    const { one, state, asked, clock, changes, server } = replica();
    const late = Promise.withResolvers<ChatHistoryPage>();
    server.history = () => late.promise;
    one.open();
    one.close();
    changes.length = 0;
    late.resolve(page(3));
    await settle();
    expect([state.loaded, state.syncing, state.failing, changes]).toEqual([false, false, false, []]);
    server.history = () => Promise.reject(new Error('no'));
    one.open();
    await settle();
    expect([state.failing, clock.pending]).toEqual([true, 1]);
    one.close();
    await settle();
    expect([asked.length, state.syncing, clock.pending]).toEqual([2, false, 0]);
  });

  it.each([
    [{}, true],
    [{ refused: true }, false],
  ])('is failing where its first page fails, unless it is refused: %o', async (error, failing) => {
    const { one, state, server, changes } = replica();
    server.history = () => Promise.reject(Object.assign(new Error('no'), error));
    one.open();
    await settle();
    expect(state.failing).toBe(failing);
    expect(changes).toHaveLength(2);
    server.history = async () => page(3);
  });

  it('whose first page fails after its end is not failing', async () => {
    const { one, state, server } = replica();
    const late = Promise.withResolvers<ChatHistoryPage>();
    server.history = () => late.promise;
    one.open();
    one.close();
    late.reject(new Error('aborted'));
    await settle();
    expect(state.failing).toBe(false);
  });
});

describe('what comes before the first page', () => {
  it('is kept, at most a thousand frames of it, and asked for where the page does not have it', async () => {
    const { one, state, asked, clock, server } = replica();
    for (let n = 0; n < 1_000; n++) one.compare('e', 5);
    expect(state.early).toHaveLength(1_000);
    one.receive('e', posts(4));
    expect(state.early).toHaveLength(1_000);
    expect(state.early.at(-1)).toEqual({ epoch: 'e', events: posts(4) });
    server.events = async () => answer(5, ...posts(5));
    one.open();
    await clock.advance(1_000);
    expect(asked.map(([what, from]) => [what, from])).toEqual([
      ['history', undefined],
      ['events', 4],
    ]);
    expect([state.cursor.last, state.early]).toEqual([5, []]);
  });
});

describe('what is missing', () => {
  it('is waited for once, a moment, and asked for', async () => {
    const { one, state, asked, clock, server } = await loaded();
    server.events = async () => answer(6, ...posts(4, 5, 6));
    one.receive('e', posts(5));
    expect(state.holding).toBe('briefly');
    await clock.advance(100);
    one.receive('e', posts(6));
    expect(clock.pending).toBe(1);
    await clock.advance(124);
    expect(asked).toEqual([]);
    await clock.advance(1);
    expect(asked).toEqual([['events', 3, 225]]);
    expect([state.holding, state.syncing, state.cursor.last]).toEqual(['no', false, 6]);
  });

  it('is not asked for where it comes by itself, nor is anything waited for where nothing is missing', async () => {
    const { one, state, asked, clock, changes } = await loaded();
    one.receive('e', posts(4));
    expect([state.holding, clock.pending]).toEqual(['no', 0]);
    one.receive('e', posts(6));
    one.receive('e', posts(5));
    one.receive('e', posts(8));
    expect(clock.pending).toBe(1);
    one.receive('e', posts(7));
    const { length } = changes;
    await clock.advance(10_000);
    expect([asked, changes.length, one.behind]).toEqual([[], length, false]);
  });

  it('is not waited for while it is asked for', async () => {
    const { one, state, clock, server } = await loaded();
    const late = Promise.withResolvers<EventsPage>();
    server.events = () => late.promise;
    one.receive('e', posts(5));
    await clock.advance(225);
    expect(state.syncing).toBe(true);
    one.receive('e', posts(6));
    expect([state.holding, clock.pending]).toEqual(['no', 0]);
  });

  it('by everybody is asked for in turn, which is told; by one reader at once', async () => {
    const { one, state, asked, clock, changes } = await loaded({ people: 7_000 });
    one.receive('e', posts(5));
    await clock.advance(225);
    expect([state.holding, one.catchingUp, asked]).toEqual(['in-turn', true, []]);
    expect(changes.at(-1)).toEqual({});
    await clock.advance(4_999);
    expect(asked).toEqual([]);
    await clock.advance(1);
    expect(asked).toEqual([['events', 3, 5_225]]);
    const other = await loaded({ people: 7_000 });
    other.one.compare('e', 5);
    await other.clock.advance(225);
    expect(other.asked).toHaveLength(1);
    const together = await loaded({ people: 7_000 });
    together.one.compare('e', 5, true);
    await together.clock.advance(225);
    expect([together.state.holding, together.asked]).toEqual(['in-turn', []]);
  });

  it('has a turn as soon as a turn is as long as the moment', async () => {
    const { one, state, clock } = await loaded({ people: 210 });
    one.receive('e', posts(5));
    await clock.advance(225);
    expect(state.holding).toBe('in-turn');
  });

  it('and came before the turn, is not asked for', async () => {
    const { one, state, asked, clock } = await loaded({ people: 7_000 });
    one.receive('e', posts(5));
    await clock.advance(1_000);
    one.receive('e', posts(4));
    expect([state.holding, clock.pending]).toEqual(['no', 0]);
    await clock.advance(10_000);
    expect(asked).toEqual([]);
  });

  it('is asked for until it is all there', async () => {
    const { one, asked, clock, server } = await loaded();
    server.events = async (after) => answer(7, ...posts(after + 1, after + 2));
    one.receive('e', posts(5));
    await clock.advance(225);
    expect(asked.map(([, from]) => from)).toEqual([3, 5]);
  });

  it('for more than 2,000 numbers is loaded anew; for 2,000 it is fetched', async () => {
    for (const [head, what] of [
      [2_003, 'events'],
      [2_004, 'history'],
    ] as const) {
      const { one, asked, clock } = await loaded();
      one.compare('e', head);
      await clock.advance(225);
      expect(asked[0]![0]).toBe(what);
    }
  });

  it('is loaded anew after 21 answers that bring nothing, but not because of failures', async () => {
    const { one, asked, clock, server } = await loaded();
    server.events = async () => answer(5);
    one.compare('e', 5);
    server.history = async () => page(5);
    await clock.advance(600_000);
    expect(asked.map(([what]) => what)).toEqual([...Array(21).fill('events'), 'history']);
    const failing = await loaded();
    failing.server.events = () => Promise.reject(new Error('no'));
    failing.one.compare('e', 5);
    await failing.clock.advance(600_000);
    expect(failing.asked.length).toBeGreaterThan(30);
    expect(failing.asked.every(([what]) => what === 'events')).toBe(true);
  });

  it('is asked for again the later the more people there are', async () => {
    const { one, asked, clock, server } = await loaded({ people: 1_400 });
    server.events = () => Promise.reject(new Error('no'));
    one.compare('e', 5);
    await clock.advance(225 + 1_500);
    expect(asked.map(([, , at]) => at)).toEqual([225, 1_725]);
  });
});

describe('an answer of another numbering', () => {
  it('drops the feed, and nothing of it is applied', async () => {
    const { one, state, changes, clock, server } = await loaded();
    state.loadingOlder = true;
    one.receive('e', [vacant(4)]);
    server.events = async () => ({ ...answer(9, ...posts(1, 2)), epoch: 'f' });
    const again = Promise.withResolvers<ChatHistoryPage>();
    server.history = () => again.promise;
    one.compare('e', 5);
    changes.length = 0;
    await clock.advance(60_000);
    expect([state.loaded, state.loadingOlder, state.vacant]).toEqual([false, false, []]);
    expect(state.cursor).toEqual({ epoch: '', last: 0, held: [] });
    expect(changes.filter(({ reset }) => reset)).toHaveLength(1);
    expect(changes.flatMap(({ arrived = [] }) => arrived)).toEqual([]);
  });
});

describe('asking while there is no socket', () => {
  it('is one request, and what it shows to be missing is not of everybody', async () => {
    const { one, asked, clock, server, shown } = await loaded({ people: 7_000 });
    server.events = async () => answer(5, ...posts(4));
    one.poll();
    await settle();
    expect(shown()).toEqual([4, 3]);
    await clock.advance(225);
    expect(asked.map(([what, from]) => [what, from])).toEqual([
      ['events', 3],
      ['events', 4],
    ]);
    const { length } = asked;
    one.poll();
    expect(asked).toHaveLength(length);
  });

  it('fails without a consequence, and is not done by a closed replica, nor taken in by one', async () => {
    const { one, asked, server, shown, state } = await loaded();
    server.events = () => Promise.reject(new Error('no'));
    one.poll();
    await settle();
    const late = Promise.withResolvers<EventsPage>();
    server.events = () => late.promise;
    one.poll();
    one.close();
    one.poll();
    late.resolve(answer(5, ...posts(4, 5)));
    await settle();
    expect([asked.length, shown(), state.head]).toEqual([2, [3], 0]);
  });
});

describe('numbers that are vacant', () => {
  it('are asked for once more, run by run, a minute or two later', async () => {
    const { one, state, asked, clock, server, changes, shown } = await loaded();
    one.receive('e', [vacant(4), vacant(5), posted(6), vacant(7)]);
    expect([state.vacant, clock.pending]).toEqual([[4, 7], 1]);
    one.receive('e', [posted(8), vacant(9)]);
    expect([state.vacant, clock.pending]).toEqual([[4, 7, 9], 1]);
    server.events = async (after) => answer(9, ...(after === 3 ? [...posts(4), vacant(5), ...posts(6, 7)] : []));
    changes.length = 0;
    await clock.advance(89_999);
    expect(asked).toEqual([]);
    await clock.advance(1);
    expect(asked.map(([, from]) => from)).toEqual([3, 8]);
    expect(shown()).toEqual([8, 7, 6, 4, 3]);
    expect(changes).toEqual([{ shown: [idOf(4), 'vacant:5', idOf(6), idOf(7)] }]);
    expect([state.vacant, clock.pending]).toEqual([[], 0]);
  });

  it('above the place of the reader are left to come', async () => {
    const { one, state, clock, server, shown } = await loaded();
    one.receive('e', [vacant(4), vacant(5)]);
    server.events = async () => answer(6, vacant(4), ...posts(5, 6));
    await clock.advance(90_000);
    expect([shown(), state.cursor.last]).toEqual([[5, 3], 5]);
  });

  it('are remembered up to a thousand runs, and asked for ten times at most', async () => {
    const { one, state, asked, clock, server } = await loaded();
    one.receive(
      'e',
      Array.from({ length: 2_002 }, (_, index) => (index % 2 ? vacant(index + 4) : posted(index + 4))),
    );
    expect(state.vacant).toHaveLength(1_000);
    server.events = async () => answer(2_005);
    await clock.advance(90_000);
    expect(asked).toHaveLength(10);
  });

  it('are asked for again where the request failed, with those that came meanwhile', async () => {
    const { one, state, asked, clock, server, shown } = await loaded();
    one.receive('e', [vacant(4), posted(5), vacant(6)]);
    server.events = async (after) => {
      if (after === 3) return answer(6, ...posts(4));
      one.receive('e', [vacant(7)]);
      throw new Error('offline');
    };
    await clock.advance(90_000);
    expect([asked.map(([, from]) => from), state.vacant, clock.pending]).toEqual([[3, 5], [6, 7], 1]);
    server.events = async () => answer(7, ...posts(6, 7));
    await clock.advance(90_000);
    expect([shown(), state.vacant, clock.pending]).toEqual([[7, 6, 5, 4, 3], [], 0]);
  });

  it('are asked for again where nothing else came, and where the replica was closed meanwhile', async () => {
    const { one, state, asked, clock, server } = await loaded();
    one.receive('e', [vacant(4)]);
    server.events = async () => {
      throw new Error('offline');
    };
    await clock.advance(90_000);
    expect([state.vacant, clock.pending]).toEqual([[4], 1]);
    server.events = async () => {
      one.close();
      throw new Error('aborted');
    };
    await clock.advance(90_000);
    expect([state.vacant, clock.pending]).toEqual([[4], 0]);
    server.events = async () => answer(4, vacant(4));
    one.open();
    await clock.advance(90_000);
    expect([asked.length, state.vacant, clock.pending]).toEqual([3, [], 0]);
  });

  it('are asked for by a replica that was closed meanwhile and opened again', async () => {
    const { one, asked, clock } = await loaded();
    one.receive('e', [vacant(4)]);
    one.close();
    expect(clock.pending).toBe(0);
    one.open();
    await clock.advance(90_000);
    expect(asked.map(([, from]) => from)).toEqual([3]);
  });

  type Loaded = Awaited<ReturnType<typeof loaded>>;
  const dropAndLoad = async ({ one, server, clock }: Loaded) => {
    server.history = async () => page(6);
    one.compare('f', 1);
    await clock.advance(300);
  };

  it.each<[string, (r: Loaded) => unknown, epoch: string]>([
    ['the replica was closed', ({ one }) => one.close(), 'e'],
    [
      'the feed was dropped',
      ({ one, server }) => {
        server.history = () => new Promise(() => {});
        one.compare('f', 1);
      },
      'e',
    ],
    ['the feed was dropped and loaded again', dropAndLoad, 'e'],
    ['numbering has begun anew', () => {}, 'f'],
  ])('are of no more interest where %s', async (_what, happens, epoch) => {
    const r = await loaded();
    r.one.receive('e', [vacant(4), posted(5), vacant(6)]);
    const late = Promise.withResolvers<EventsPage>();
    r.server.events = () => late.promise;
    await r.clock.advance(90_000);
    await happens(r);
    r.asked.splice(1);
    r.changes.length = 0;
    const before = r.shown();
    late.resolve({ ...answer(6, ...posts(4)), epoch });
    await settle();
    expect([r.asked.length, r.shown(), r.changes.filter(({ shown }) => shown)]).toEqual([1, before, []]);
  });

  it('are forgotten where the feed was dropped and loaded again before the request failed', async () => {
    const r = await loaded();
    r.one.receive('e', [vacant(4)]);
    const late = Promise.withResolvers<EventsPage>();
    r.server.events = () => late.promise;
    await r.clock.advance(90_000);
    await dropAndLoad(r);
    late.reject(new Error('no answer'));
    await settle();
    expect([r.state.vacant, r.clock.pending]).toEqual([[], 0]);
  });
});

describe('older messages', () => {
  const older = async () => {
    const r = replica();
    r.server.history = async () => page(3, { nextBefore: 3 });
    r.one.open();
    await settle();
    r.changes.length = r.asked.length = 0;
    return r;
  };

  it('are told as shown, and loaded to the end of the log past pages without any', async () => {
    const { one, state, changes, server, asked, shown } = await older();
    server.history = async () => page(2, { head: 3, nextBefore: 2 });
    await one.loadOlder();
    expect([shown(), state.loadingOlder]).toEqual([[3, 2], false]);
    expect(changes.filter(({ shown }) => shown?.length)).toEqual([{ shown: [idOf(2)] }]);
    server.history = async () => page(3, { messages: [], nextBefore: null });
    await one.loadOlder();
    await one.loadOlder();
    expect(asked.map(([, before]) => before)).toEqual([3, 2]);
  });

  it.each<[string, (r: Awaited<ReturnType<typeof older>>) => void]>([
    ['closed', ({ one }) => one.close()],
    [
      'closed and opened again',
      ({ one }) => {
        one.close();
        one.open();
      },
    ],
    [
      'dropped',
      ({ one, server }) => {
        server.history = () => new Promise(() => {});
        one.compare('f', 1);
      },
    ],
  ])('are not taken in by a feed that was %s meanwhile', async (_what, happens) => {
    const r = await older();
    const late = Promise.withResolvers<ChatHistoryPage>();
    r.server.history = () => late.promise;
    const loading = r.one.loadOlder();
    happens(r);
    const [before, { length }] = [r.shown(), r.changes];
    late.resolve(page(2, { head: 3 }));
    await loading;
    expect([r.shown(), r.changes.length]).toEqual([before, length]);
  });
});
