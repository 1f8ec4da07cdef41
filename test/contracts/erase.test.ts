import { beforeEach, describe, expect, it } from 'vitest';
import { type ErasePorts, erase, type Progress } from '../../src/domain/erasure/erase.ts';
import { emptyFeed, evolve } from '../../src/domain/feed/feed.ts';
import { OPERATOR } from '../../src/domain/governance/operator.ts';
import { sequence } from '../../src/domain/numbering/sequence.ts';
import type { EventLog, NewEvent } from '../../src/domain/ports/event-log.ts';
import type { StoredItems } from '../../src/domain/ports/stored-items.ts';
import { chatHistory, eventsAfter } from '../../src/domain/reading/history.ts';
import type { Actor, EventBody } from '../../src/domain/schema.generated.ts';
import { DynamoStoredItems } from '../../src/infra/dynamodb/stored-items.ts';
import { inMemoryClient } from '../in-memory/dynamodb/client.ts';
import { InMemoryDynamoDB } from '../in-memory/dynamodb/engine.ts';
import { EVENTS_TABLE, STATE_TABLE, tableResources } from '../tables.ts';
import { dynamoEventLog } from './dynamo-event-log.ts';

const bob = { id: 'b'.repeat(22), name: 'Bob (Berlin)', picture: 'https://pictures.example/bob', skeleton: 'abcdefgh' };
const carol = { id: 'c'.repeat(22), name: 'Carol' };
const target = { person: bob.id };
const DAY = 86_400_000;

let engine: InMemoryDynamoDB;
let ports: ErasePorts;
let time: number;
let writesLeft: number;

beforeEach(() => {
  time = 1_700_000_000_000;
  engine = InMemoryDynamoDB.from(tableResources(), { pageItems: 3 });
  writesLeft = Number.POSITIVE_INFINITY;
  const db = inMemoryClient(
    () => engine,
    async (command, input, execute) => {
      if (/^(Put|Update|Transact)/.test(command) && writesLeft-- <= 0) throw new Error('killed');
      // An eventually consistent scan would not prove that everything is erased.
      if (command === 'ScanCommand') expect(input).toMatchObject({ ConsistentRead: true });
      return execute();
    },
  );
  const { log } = dynamoEventLog(db, () => time);
  const items = new DynamoStoredItems(db, { eventsTable: EVENTS_TABLE, stateTable: STATE_TABLE });
  let ids = 0;
  // Numbers new events during each sleep, as the fan-out would, because `erase` waits for the number of `PersonErased`.
  const sleep = async (ms: number) => {
    time += ms;
    await fanOut();
  };
  ports = { log, items, now: () => time, sleep, createId: () => `id-${ids++}` };
});

async function fanOut(): Promise<void> {
  const open = [...engine.table(EVENTS_TABLE).items].filter(({ seq, type }) => type && seq === undefined);
  for (const event of open as unknown as NewEvent[]) await sequence(ports.log, event.room, [event]);
}

let count = 0;
async function given(actor: Actor, body: EventBody, room = 'lobby'): Promise<NewEvent> {
  const event: NewEvent = { room, id: `${actor.id}:${count++}`, v: 1, at: time, actor, ...body };
  await ports.log.append(event);
  return event;
}
const says = (actor: Actor, text: string, room?: string) =>
  given(actor, { type: 'MessagePosted', data: { text } }, room);
const put = (row: { pk: string; sk: string } & Record<string, unknown>) =>
  engine.write(engine.table(STATE_TABLE), row, row);
const everything = () => JSON.stringify([...engine.tables.values()].flatMap(({ items }) => [...items]));
const run = (wanted: Parameters<typeof erase>[0] = target) => erase(wanted, ports, () => {});

describe('erasing a person', () => {
  it('leaves nothing of them in the log, in state and on any page, and every number', async () => {
    for (let n = 0; n < 8; n++) await says(n % 2 ? carol : bob, n % 2 ? `words ${n}` : `secret ${n}`);
    await says(bob, 'secret elsewhere', 'garden');
    await given({ ...bob, role: 'moderator' }, { type: 'PersonBanned', data: { person: carol.id, seconds: 1 } });
    await fanOut();
    put({ pk: 'CONN#1', sk: 'CONN', connectionId: '1', room: 'lobby', connectedAt: 1, actor: bob });
    put({ pk: 'REPORTS#lobby', sk: `x#${bob.id}`, by: bob, target: 'x' });

    const erased = await run();

    expect(erased).toMatchObject({ proven: true, events: 6, rows: 2, rooms: ['garden', 'lobby'], untold: [] });
    expect(everything()).not.toMatch(/secret|Berlin|pictures\.example|abcdefgh/);
    expect(everything()).toContain('words 7');
    const { events } = await eventsAfter(ports.log, 'lobby', 0, 100);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(events.at(-1)).toMatchObject({ type: 'PersonErased', actor: OPERATOR, data: { person: bob.id } });
  });

  it('tells how far it is after every page', async () => {
    for (let n = 0; n < 4; n++) await says(bob, `secret ${n}`);
    const told: Progress[] = [];
    await erase(target, ports, (at) => told.push(at));
    expect(told[0]).toEqual({ round: 1, looked: 3, erased: 3 });
    expect(told.at(-1)).toMatchObject({ round: 2, erased: 0 });
  });

  it('tells readers again of what was said afterwards', async () => {
    for (const text of ['secret', 'another secret']) {
      await says(bob, text);
      await fanOut();
      expect(await run()).toMatchObject({ proven: true, untold: [] });
    }
    const { events } = await eventsAfter(ports.log, 'lobby', 0, 100);
    expect(events.map(({ type }) => type)).toEqual(['MessagePosted', 'PersonErased', 'MessagePosted', 'PersonErased']);
  });

  it('tells readers once, up to the highest number, in whatever order items are found', async () => {
    const [first, second] = [await says(bob, 'secret 1'), await says(bob, 'secret 2')];
    for (const event of [second, first]) await sequence(ports.log, 'lobby', [event]);
    await run();
    const { events } = await eventsAfter(ports.log, 'lobby', 2, 100);
    expect(events.map(({ id }) => id)).toEqual([`${OPERATOR.id}:erased-${bob.id}-2`]);
  });

  it('names rooms in alphabetical order', async () => {
    for (const room of ['lobby', 'attic', 'garden']) await says(bob, 'secret', room);
    // A scan gives items in any order.
    const backwards = async function* () {
      for await (const page of ports.items.events()) yield page.toReversed();
    };
    const items: StoredItems = Object.assign(Object.create(ports.items), {
      events: backwards,
      rows: () => ports.items.rows(),
      replaceEvent: (...args: Parameters<StoredItems['replaceEvent']>) => ports.items.replaceEvent(...args),
    });
    expect((await erase(target, { ...ports, items }, () => {})).rooms).toEqual(['attic', 'garden', 'lobby']);
  });

  it('tells readers to drop what they have, so that they agree with a page that is loaded afterwards', async () => {
    await says(bob, 'secret');
    await says(carol, 'hello');
    await fanOut();
    const before = (await eventsAfter(ports.log, 'lobby', 0, 100)).events.reduce(evolve, emptyFeed);
    expect(JSON.stringify(before.messages)).toContain('secret');
    await run();
    const after = (await eventsAfter(ports.log, 'lobby', 2, 100)).events.reduce(evolve, before);
    expect(after.messages).toEqual((await chatHistory(ports.log, 'lobby', undefined, 100)).messages);
    expect(JSON.stringify(after.messages)).not.toMatch(/secret|Berlin|pictures\.example/);
  });

  it('once more does nothing, and tells nobody again', async () => {
    await says(bob, 'secret');
    await fanOut();
    await run();
    const before = everything();
    expect(await run()).toMatchObject({ proven: true, events: 0, rows: 0 });
    expect(everything()).toBe(before);
  });

  it('goes on where it was ended: every write may be the last', async () => {
    for (let writes = 0; writes < 14; writes++) {
      engine = InMemoryDynamoDB.from(tableResources(), { pageItems: 3 });
      for (let n = 0; n < 5; n++) await says(bob, `secret ${n}`, n % 2 ? 'lobby' : 'garden');
      await fanOut();
      writesLeft = writes;
      await run().catch(({ message }) => expect(message).toBe('killed'));
      writesLeft = Number.POSITIVE_INFINITY;
      expect(await run()).toMatchObject({ proven: true, untold: [] });
      expect(everything()).not.toMatch(/secret|Berlin/);
      for (const room of ['lobby', 'garden']) {
        const { events } = await eventsAfter(ports.log, room, 0, 100);
        expect(events.filter(({ type }) => type === 'PersonErased')).toHaveLength(1);
      }
    }
  });

  it.each([
    ['its beginning', (seq: number) => seq > 1],
    ['its end', (seq: number) => seq < 2],
  ])('waits for an index that does not show %s yet, and reads no page again and again', async (_, isShown) => {
    await says(bob, 'secret');
    await says(carol, 'hello');
    await fanOut();
    let reads = 0;
    let lags = true;
    const inIndex = (event: { seq: number }) => !lags || isShown(event.seq);
    const readBefore: EventLog['readBefore'] = async (...args) => {
      expect(++reads).toBeLessThan(10);
      return (await ports.log.readBefore(...args)).filter(inIndex);
    };
    const readAfter: EventLog['readAfter'] = async (...args) => (await ports.log.readAfter(...args)).filter(inIndex);
    const log = new Proxy(ports.log, {
      get(target, name) {
        if (name === 'readBefore') return readBefore;
        if (name === 'readAfter') return readAfter;
        const value = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const sleep = async (ms: number) => {
      await ports.sleep(ms);
      if (ms === 1_000) lags = false;
    };
    expect(await erase(target, { ...ports, log, sleep }, () => {})).toMatchObject({ proven: true, untold: [] });
    expect(lags).toBe(false);
  });

  it('finds what they write meanwhile', async () => {
    await says(bob, 'secret');
    await fanOut();
    let more = 2;
    const items: StoredItems = Object.assign(Object.create(ports.items), {
      rows: () => ports.items.rows(),
      events: () => ports.items.events(),
      replaceRow: () => Promise.resolve(true),
      replaceEvent: async (after: Parameters<StoredItems['replaceEvent']>[0]) => {
        if (more-- > 0) await says(bob, 'another secret', `room-${more}`);
        return ports.items.replaceEvent(after);
      },
    });
    expect(await erase(target, { ...ports, items }, () => {})).toMatchObject({ proven: true, events: 3 });
    expect(everything()).not.toContain('secret');
  });

  it('is not called proven where they go on writing', async () => {
    await says(bob, 'secret');
    const items: StoredItems = Object.assign(Object.create(ports.items), {
      rows: () => ports.items.rows(),
      events: () => ports.items.events(),
      replaceEvent: async (after: Parameters<StoredItems['replaceEvent']>[0]) => {
        const done = await ports.items.replaceEvent(after);
        await says(bob, 'more');
        return done;
      },
    });
    expect((await erase(target, { ...ports, items }, () => {})).proven).toBe(false);
  });

  it('says which rooms were not told because nothing numbers their events', async () => {
    await says(bob, 'secret');
    await fanOut();
    let slept = 0;
    const sleep = async (ms: number) => {
      time += ms;
      slept += ms;
    };
    expect(await erase(target, { ...ports, sleep }, () => {})).toMatchObject({ proven: true, untold: ['lobby'] });
    expect(slept).toBe(2 * 15_000);
  });

  it('does not say so of rooms that were told later, in another round', async () => {
    await says(bob, 'secret');
    await fanOut();
    const begin = time;
    const sleep = async (ms: number) => {
      time += ms;
      if (time > begin + 16_000) await fanOut();
    };
    expect(await erase(target, { ...ports, sleep }, () => {})).toMatchObject({ proven: true, untold: [] });
  });

  /**
   * Erases bob while the index lags. Until `erase` sleeps for 1 s, `read` returns the event with the number `seq` as it
   * was before the erasure.
   *
   * @returns the number of rounds
   */
  async function eraseBehind(read: 'readBefore' | 'readAfter', seq: number): Promise<number> {
    const [stale] = await ports.log.readAfter('lobby', seq - 1, 1);
    let isBehind = true;
    const reading = async (...args: [string, number, number]) => {
      const events = await ports.log[read](...args);
      return events.map((event) => (isBehind && event.seq === seq ? stale! : event));
    };
    const log: EventLog = new Proxy(ports.log, {
      get: (log, name) => {
        const value = Reflect.get(log, name, log);
        return name === read ? reading : typeof value === 'function' ? value.bind(log) : value;
      },
    });
    const sleep = async (ms: number) => {
      isBehind &&= ms < 1_000;
      await ports.sleep(ms);
    };
    const rounds = new Set<number>();
    const erased = await erase(target, { ...ports, log, sleep }, ({ round }) => rounds.add(round));
    expect(erased.proven).toBe(true);
    return rounds.size;
  }

  it.each([
    ['history', 'readBefore', 1],
    ['events', 'readAfter', 122],
  ] as const)('is proven once no page of %s shows any of it', async (_, read, seq) => {
    await says(bob, 'secret 1');
    await fanOut();
    for (let n = 2; n <= 121; n++) await says(carol, `words ${n}`);
    await fanOut();
    await says(bob, 'secret 122');
    await fanOut();
    expect(await eraseBehind(read, seq)).toBe(3);
  });

  it('is proven by what is kept where older messages are over', async () => {
    const db = inMemoryClient(() => engine);
    ports = { ...ports, log: dynamoEventLog(db, () => time, 90 * DAY).log };
    await says(carol, 'over');
    await fanOut();
    time += 91 * DAY;
    await given({ ...bob, role: 'moderator' }, { type: 'RoomChanged', data: { slow: 1 } });
    await fanOut();
    expect(await eraseBehind('readAfter', 2)).toBe(3);
  });

  it('counts what it wrote, and not what somebody else changed first', async () => {
    await says(bob, 'secret');
    await fanOut();
    put({ pk: 'CONN#1', sk: 'CONN', connectionId: '1', room: 'lobby', connectedAt: 1, actor: bob });
    const tries = { replaceEvent: 0, replaceRow: 0 };
    const items: StoredItems = Object.assign(Object.create(ports.items), {
      rows: () => ports.items.rows(),
      events: () => ports.items.events(),
      replaceEvent: async (...args: Parameters<StoredItems['replaceEvent']>) =>
        tries.replaceEvent++ > 0 && ports.items.replaceEvent(...args),
      replaceRow: async (...args: Parameters<StoredItems['replaceRow']>) =>
        tries.replaceRow++ > 0 && ports.items.replaceRow(...args),
    });
    expect(await erase(target, { ...ports, items }, () => {})).toMatchObject({ proven: true, events: 1, rows: 1 });
    expect(tries).toEqual({ replaceEvent: 2, replaceRow: 2 });
  });

  it('writes over nothing that was changed since it was read', async () => {
    const { id } = await says(bob, 'secret');
    const read = (await ports.log.find('lobby', id))!;
    expect(await ports.items.replaceEvent(read)).toBe(true);
    expect(await ports.items.replaceEvent(read)).toBe(false);
    const row = { pk: 'CONN#1', sk: 'CONN', actor: bob, room: 'lobby' };
    put(row);
    const after = { ...row, actor: carol };
    expect(await ports.items.replaceRow(row, after)).toBe(true);
    expect(await ports.items.replaceRow(row, { ...row, actor: { ...bob, name: 'Robert' } })).toBe(false);
    expect(engine.table(STATE_TABLE).get(row)).toEqual(after);
  });

  it('names the messages of others that hold the name, as a word', async () => {
    await says(bob, 'secret');
    const mention = await says(carol, 'hello bob (berlin)!');
    for (const text of ['xbob (berlin)', 'bob (berlin)x', 'bob berlin']) await says(carol, text);
    await says({ id: bob.id, name: 'Robert' }, 'another secret');
    expect((await run()).mentions).toEqual([{ room: 'lobby', id: mention.id }]);
  });

  it('names fifty of them at most, and none that hold what people without a name are called', async () => {
    await says({ id: bob.id, name: 'guest-bbbb' }, 'secret');
    await says(carol, 'hello guest-bbbb');
    expect((await run()).mentions).toEqual([]);
    await says(bob, 'secret');
    for (let n = 0; n < 60; n++) await says(carol, 'Bob (Berlin)');
    expect((await run()).mentions).toHaveLength(50);
  });
});

describe('erasing a message', () => {
  it('leaves its place and what else its author said', async () => {
    const { id } = await says(bob, 'secret');
    await says(bob, 'stays');
    await fanOut();
    const message = { room: 'lobby', message: id };
    expect(await run(message)).toMatchObject({ proven: true, events: 1, rooms: ['lobby'] });
    const { messages } = await chatHistory(ports.log, 'lobby', undefined, 100);
    expect(messages).toMatchObject([
      { seq: 2, text: 'stays', actor: bob },
      { seq: 1, deleted: true, byModerator: true, actor: { name: 'guest-bbbb' } },
    ]);
    expect(await run(message)).toMatchObject({ proven: true, events: 0 });
    await fanOut();
    const deletions = (await eventsAfter(ports.log, 'lobby', 2, 100)).events;
    const data = { target: id, by: OPERATOR.id, reason: 'personal_data' };
    expect(deletions).toMatchObject([{ type: 'MessageDeleted', actor: OPERATOR, data }]);
  });

  it('names no messages of others: what they say of its author is another question', async () => {
    const { id } = await says(bob, 'secret');
    await says(carol, 'Bob (Berlin)');
    expect((await run({ room: 'lobby', message: id })).mentions).toEqual([]);
  });

  it('tells nobody where nobody has seen it', async () => {
    const ban = await given({ ...carol, role: 'moderator' }, { type: 'PersonBanned', data: { person: bob.id } });
    await sequence(ports.log, 'lobby', [ban]);
    const { id } = await says(bob, 'secret');
    await fanOut();
    expect(await run({ room: 'lobby', message: id })).toMatchObject({ proven: true, events: 1 });
    await fanOut();
    const { events } = await eventsAfter(ports.log, 'lobby', 0, 100);
    expect(events.map(({ type }) => type)).toEqual(['PersonBanned', 'MessagePosted']);
  });

  it('is refused where there is none, and of what is no message', async () => {
    const act = await given({ ...bob, role: 'moderator' }, { type: 'RoomChanged', data: { slow: 1 } });
    for (const message of [`${bob.id}:none`, act.id])
      await expect(run({ room: 'lobby', message })).rejects.toThrow('There is no message');
  });
});

describe('on its way, erasing', () => {
  /** Returns the log with some of its methods replaced. */
  const logWith = (others: Partial<EventLog>): EventLog =>
    new Proxy(ports.log, {
      get: (log, name: keyof EventLog) => {
        const own = log[name];
        return others[name] ?? (typeof own === 'function' ? own.bind(log) : own);
      },
    });
  /** Returns a log whose index lags: the first `times` calls of `read` return the events as they are before erasing. */
  const lagging = async (read: 'readBefore' | 'readAfter', times: number) => {
    const { log } = ports;
    const ascending = await log.readAfter('lobby', 0, 10);
    const then = read === 'readAfter' ? ascending : ascending.toReversed();
    return logWith({
      [read]: async (room: string, seq: number, limit: number) => (times-- > 0 ? then : log[read](room, seq, limit)),
    });
  };
  const sleeping = () => {
    const slept: number[] = [];
    const { sleep } = ports;
    return {
      slept,
      sleep: (ms: number) => {
        slept.push(ms);
        return sleep(ms);
      },
    };
  };

  it('tells after each page in which round it is, what it has looked at, and what it has erased', async () => {
    for (let n = 0; n < 4; n++) await says(n < 3 ? bob : carol, `secret ${n}`);
    put({ pk: 'CONN#1', sk: 'CONN', connectionId: '1', room: 'lobby', connectedAt: 1, actor: bob });
    const all: Progress[] = [];
    const { looked } = await erase(target, ports, (at) => all.push(at));
    expect(all.filter(({ round }) => round === 1)).toEqual([
      { round: 1, looked: 3, erased: 3 },
      { round: 1, looked: 4, erased: 3 },
      { round: 1, looked: 5, erased: 4 },
    ]);
    expect(all.at(-1)).toEqual({ round: 2, looked, erased: 0 });
  });

  it.each(['readBefore', 'readAfter'] as const)(
    'waits a second for an index that lags, and is proven only then (%s)',
    async (read) => {
      // The author is already named like an erased person, so only the text shows whether this event is erased.
      await says({ id: bob.id, name: 'guest-bbbb' }, 'secret');
      await says(carol, 'hello');
      await fanOut();
      const { slept, sleep } = sleeping();
      const log = await lagging(read, 2);
      expect(await erase(target, { ...ports, log, sleep }, () => {})).toMatchObject({ proven: true, untold: [] });
      expect(slept.filter((ms) => ms === 1_000)).toHaveLength(2);
    },
  );

  it('is over after five rounds, proven or not', async () => {
    await says(bob, 'secret');
    await fanOut();
    const rounds = new Set<number>();
    const log = await lagging('readBefore', 100);
    expect((await erase(target, { ...ports, log }, ({ round }) => rounds.add(round))).proven).toBe(false);
    expect([...rounds]).toEqual([1, 2, 3, 4, 5]);
  });

  it('looks every 200 ms, for 15 s, whether the event that tells a room has its number', async () => {
    await says(bob, 'secret');
    await fanOut();
    const slept: number[] = [];
    let late = 75;
    const sleep = async (ms: number) => {
      slept.push(ms);
      time += ms;
      if (late-- === 0) await fanOut();
    };
    expect(await erase(target, { ...ports, sleep }, () => {})).toMatchObject({ proven: true, untold: [] });
    // The first round sleeps 75 times, until its deadline, because the `PersonErased` event has no number yet. The
    // second round sleeps once, because that event then gets its number.
    expect(slept).toEqual(Array(76).fill(200));
  });

  it('finds fifty mentions at most, of names that people chose', async () => {
    await says(bob, 'secret');
    await says({ id: bob.id, name: 'guest-bbbb' }, 'another secret');
    for (let n = 0; n < 60; n++) await says(carol, 'Bob (Berlin) said so');
    await says(carol, 'guest-bbbb said so', 'garden');
    await says(bob, 'I am Bob (Berlin)');
    const { mentions } = await run();
    expect(mentions).toHaveLength(50);
    expect(new Set(mentions.map(({ room }) => room))).toEqual(new Set(['lobby']));
  });

  it('tells a room once for everything up to the highest number', async () => {
    for (const who of [bob, carol, bob, carol]) await says(who, 'something');
    await fanOut();
    await run();
    const { events } = await eventsAfter(ports.log, 'lobby', 4, 10);
    expect(events.map(({ id }) => id)).toEqual([`operator--------------:erased-${bob.id}-3`]);
  });

  it('a message looks for no names, and one without a text is not deleted again', async () => {
    const { id } = await says(bob, 'secret');
    await says(carol, 'Bob (Berlin) said so');
    const voided = await given(bob, { type: 'MessagePosted', data: { voided: true } });
    await fanOut();
    expect((await run({ room: 'lobby', message: id })).mentions).toEqual([]);
    await run({ room: 'lobby', message: voided.id });
    await fanOut();
    expect((await eventsAfter(ports.log, 'lobby', 3, 10)).events).toHaveLength(1);
  });

  it('a message is the operator’s deletion, and for nothing else than a message', async () => {
    const { id } = await says(bob, 'secret');
    await fanOut();
    await run({ room: 'lobby', message: id });
    await fanOut();
    const { events } = await eventsAfter(ports.log, 'lobby', 1, 10);
    expect(events).toMatchObject([
      {
        ...{ type: 'MessageDeleted', at: time, id: 'operator--------------:id-0' },
        data: { target: id, by: 'operator--------------', reason: 'personal_data' },
      },
    ]);
    await expect(run({ room: 'lobby', message: events[0]!.id })).rejects.toMatchObject({
      ...{ code: 'invalid_message', message: expect.stringContaining('in the room lobby') },
    });
  });
});
