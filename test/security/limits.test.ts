import { DeleteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { FRAMES_PER_CONNECTION } from '../../src/domain/admission/rate-limit.ts';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { DynamoEventLog } from '../../src/infra/dynamodb/event-log.ts';
import { runtime } from '../../src/infra/runtime.ts';
import { EVENTS_TABLE, STATE_TABLE } from '../dynamodb.ts';
import { BackEnd, type Frame } from './back-end.ts';

const BURST = 10;
const MAX_CONNECTIONS = 20;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let backEnd: BackEnd;

beforeAll(async () => {
  // Time stands still unless a test moves it: what may pass is then an exact number.
  vi.useFakeTimers({ toFake: ['Date'] });
  backEnd = await BackEnd.start({
    GUESTS: 'true',
    RATE_BURST: String(BURST),
    RATE_PER_SECOND: '1',
    MAX_CONNECTIONS_PER_PERSON: String(MAX_CONNECTIONS),
  });
});
afterAll(async () => {
  await backEnd.stop();
  vi.useRealTimers();
});
afterEach(() => backEnd.log.expectClean());

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

/** Does it so many times, many at once; not all at once, for time stands still and DynamoDB's time-outs do not. */
async function attempt<T>(count: number, act: (n: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  let next = 0;
  const one = async () => {
    while (next < count) answers.push(await act(next++));
  };
  await Promise.all(Array.from({ length: 40 }, one));
  return answers;
}

function flood(ids: readonly string[], count: number, frame: (n: number) => unknown): Promise<Frame[]> {
  return attempt(count, (n) => backEnd.send(ids[n % ids.length]!, frame(n)));
}

const message = (n: number) => ({ action: 'sendMessage', text: `flooding the room, ${n}`, clientMessageId: `m${n}` });
const limited = (frames: readonly Frame[]) => frames.filter(({ code }) => code === 'rate_limited');

describe('500 messages in a second from one person, over five connections (ASVS 5 2.4.1, OWASP WebSocket Security, DoS)', () => {
  it('a burst passes; the rest is told when to come back, and nothing of it is in the log', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => backEnd.connectedAs('mallory')));
    const answers = await flood(ids, 500, message);
    const acked = answers.filter(({ type }) => type === 'ack').map(({ id }) => id);
    expect(acked).toHaveLength(BURST);
    for (const { code, retryAfterMs, clientMessageId } of answers.filter(({ type }) => type !== 'ack')) {
      expect({ code, retryAfterMs }).toEqual({ code: 'rate_limited', retryAfterMs: SECOND });
      expect(clientMessageId).toMatch(/^m\d+$/);
    }
    expect((await backEnd.eventsInLog()).map(({ id }) => id).sort()).toEqual(acked.sort());
  });

  it('the wait it names is exact, and a new connection does not shorten it', async () => {
    const [id] = await Promise.all([backEnd.connectedAs('mallory')]);
    const [refusal] = limited(await flood([id], 1, message));
    later(refusal!.retryAfterMs! - 1);
    expect(limited(await flood([await backEnd.connectedAs('mallory')], 1, message))[0]).toMatchObject({
      retryAfterMs: 1,
    });
    later(1);
    expect(limited(await flood([id], 2, (n) => message(1_000 + n)))).toHaveLength(1);
  });

  it('nobody else is slowed down', async () => {
    const id = await backEnd.connectedAs('alice');
    expect(limited(await flood([id], BURST, message))).toEqual([]);
  });

  it('a flood that goes on gets one message a second through', async () => {
    const id = await backEnd.connectedAs('trent');
    let passed = 0;
    for (let second = 0; second < 10; second++) {
      const answers = await flood([id], 25, (n) => message(second * 25 + n));
      passed += answers.length - limited(answers).length;
      later(SECOND);
    }
    expect(passed).toBe(BURST + 9);
  });

  it('deletions count as well', async () => {
    const id = await backEnd.connectedAs('peggy');
    const answers = await flood([id], 50, (n) => ({ action: 'deleteMessage', target: `${'x'.repeat(22)}:${n}` }));
    expect(limited(answers)).toHaveLength(50 - BURST);
  });
});

describe('100 other frames at once on one connection (ASVS 5 2.4.1)', () => {
  const garbage = [
    { what: 'pings', frame: () => ({ action: 'ping' }) },
    { what: 'bad tokens', frame: () => ({ action: 'authenticate', token: 'a.b.c' }) },
    { what: 'unknown actions', frame: () => ({ action: 'constructor' }) },
    { what: 'no JSON', frame: (n: number) => `garbage number ${n}` },
  ];

  it.each([
    ...garbage.map((row) => ({ ...row, who: 'a guest', open: () => backEnd.guest() })),
    ...garbage.map((row) => ({ ...row, who: 'a person', open: () => backEnd.connectedAs('victor') })),
  ])('$who sending $what is told when to come back, and nothing is in the log', async ({ frame, open }) => {
    const id = await open();
    const before = await backEnd.eventsInLog();
    const refused = limited(await flood([id], 100, frame));
    expect(refused).toHaveLength(100 - FRAMES_PER_CONNECTION.burst);
    expect(new Set(refused.map(({ retryAfterMs }) => retryAfterMs))).toEqual(new Set([SECOND]));
    expect(await backEnd.eventsInLog()).toEqual(before);
    later(SECOND);
    expect(limited(await flood([id], 2, frame))).toHaveLength(1);
    await backEnd.disconnect(id);
  });

  it('what a client sends in two hours is never refused: pings on opening, after 5 s, every 4 min and on each look at the tab', async () => {
    const id = await backEnd.guest();
    const answers: Frame[] = [];
    const ping = async () => answers.push(await backEnd.send(id, { action: 'ping' }));
    await ping();
    later(5 * SECOND);
    await ping();
    for (let minutes = 0; minutes < 116; minutes += 4) {
      for (let looks = 0; looks < 5; looks++) {
        later(2 * SECOND);
        await ping();
      }
      later(4 * MINUTE - 10 * SECOND);
      await ping();
    }
    expect(new Set(answers.map(({ type }) => type))).toEqual(new Set(['pong']));
  });

  it('a ping costs one read and one write beside the head it asks for; a refused one, one read and one refused write', async () => {
    const id = await backEnd.guest();
    // A room that nobody ever wrote in costs a look at the index as well.
    const tables = { eventsTable: EVENTS_TABLE, stateTable: STATE_TABLE };
    await new DynamoEventLog(documentClient(), tables, runtime).openHead('lobby');
    const sent = vi.spyOn(DynamoDBDocumentClient.prototype, 'send');
    const commands = () => sent.mock.calls.splice(0).map(([command]) => command.constructor.name);
    await backEnd.send(id, { action: 'ping' });
    expect(commands()).toEqual(['GetCommand', 'UpdateCommand', 'GetCommand']);
    await flood([id], FRAMES_PER_CONNECTION.burst, () => ({ action: 'ping' }));
    commands();
    await backEnd.send(id, { action: 'ping' });
    expect(commands()).toEqual(['GetCommand', 'UpdateCommand']);
    sent.mockRestore();
  });
});

describe('connections of one person (OWASP WebSocket Security, DoS; ASVS 5 15.4.2)', () => {
  const open = async (sub: string, count: number) => {
    const token = backEnd.token({ sub });
    const attempts = await attempt(count, () => backEnd.connect({ token }));
    return {
      ids: attempts.filter(({ answer }) => answer.statusCode === 200).map(({ id }) => id),
      refused: attempts.filter(({ answer }) => answer.statusCode === 429).length,
    };
  };

  it('of 100 opened at once exactly the allowed number stays, and each closed one makes room for one', async () => {
    const { ids, refused } = await open('oscar', 100);
    expect([ids.length, refused]).toEqual([MAX_CONNECTIONS, 100 - MAX_CONNECTIONS]);
    expect(await backEnd.connectionIds()).toEqual(expect.arrayContaining(ids));
    await Promise.all(ids.slice(0, 5).map((id) => backEnd.disconnect(id)));
    expect((await open('oscar', 10)).ids).toHaveLength(5);
  });

  it('refused ones leave nothing behind', async () => {
    const { ids } = await open('olivia', MAX_CONNECTIONS);
    const before = (await backEnd.connectionIds()).sort();
    const { answer } = await backEnd.connect({ token: backEnd.token({ sub: 'olivia' }) });
    expect(answer).toMatchObject({ statusCode: 429 });
    expect(JSON.parse(answer.body!)).toMatchObject({ code: 'rate_limited' });
    expect((await backEnd.connectionIds()).sort()).toEqual(before);
    expect(before).toEqual(expect.arrayContaining(ids));
  });

  it('those whose $disconnect never came do not count once their rows are gone', async () => {
    const { ids } = await open('sybil', MAX_CONNECTIONS);
    for (const id of ids) {
      const Key = { pk: `CONN#${id}`, sk: 'CONN' };
      await documentClient().send(new DeleteCommand({ TableName: STATE_TABLE, Key }));
    }
    expect((await open('sybil', MAX_CONNECTIONS + 5)).ids).toHaveLength(MAX_CONNECTIONS);
  });

  it('a guest who signs in counts, and stays a guest where there is no room', async () => {
    await open('heidi', MAX_CONNECTIONS);
    const guest = await backEnd.guest();
    const token = backEnd.token({ sub: 'heidi' });
    expect(await backEnd.send(guest, { action: 'authenticate', token })).toMatchObject({ code: 'rate_limited' });
    expect(await backEnd.send(guest, { action: 'sendMessage', text: 'as a guest still' })).toMatchObject({
      code: 'unauthenticated',
    });
  });

  it('two people who want one guest’s connection: one gets it, and the other has lost no place', async () => {
    const guest = await backEnd.guest();
    const people = ['judy', 'niaj'];
    const answers = await Promise.all(
      people.map((sub) => backEnd.send(guest, { action: 'authenticate', token: backEnd.token({ sub }) })),
    );
    expect(answers.map(({ type, code }) => code ?? type).sort()).toEqual(['authenticated', 'forbidden']);
    const loser = people[answers.findIndex(({ code }) => code === 'forbidden')]!;
    expect((await open(loser, MAX_CONNECTIONS + 5)).ids).toHaveLength(MAX_CONNECTIONS);
  });
});
