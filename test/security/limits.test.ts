import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { limitsOf, MAX_EARLY_FRAMES } from '../../src/domain/admission/limits.ts';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { DynamoEventLog } from '../../src/infra/dynamodb/event-log.ts';
import { runtime } from '../../src/infra/runtime.ts';
import { EVENTS_TABLE, STATE_TABLE } from '../dynamodb.ts';
import { BackEnd, type Frame } from './back-end.ts';
import { Gateway } from './gateway.ts';

const BURST = 10;
const LIMITS = limitsOf({ burst: BURST, perSecond: 1 });
/** How long a connection with an empty bucket must wait before its next frame, ms. */
const FRAME_WAIT = 1_000 / LIMITS.frames.perSecond;
const MAX_CONNECTIONS = 20;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let backEnd: BackEnd;
let gateway: Gateway;

beforeAll(async () => {
  // Time stands still unless a test moves it, so that the number of frames that pass is exact.
  vi.useFakeTimers({ toFake: ['Date'] });
  gateway = await Gateway.start();
  backEnd = await BackEnd.start({
    CONNECTIONS_ENDPOINT: gateway.endpoint,
    GUESTS: 'true',
    RATE_BURST: String(BURST),
    RATE_PER_SECOND: '1',
    MAX_CONNECTIONS_PER_PERSON: String(MAX_CONNECTIONS),
  });
});
afterAll(async () => {
  await Promise.all([backEnd.stop(), gateway.stop()]);
  vi.useRealTimers();
});
afterEach(() => backEnd.log.expectClean());

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

/**
 * Runs `act` `count` times, at most `atOnce` at once. If all ran at once, a request to DynamoDB could time out on a
 * busy machine. The SDK would then repeat the request, and one call of `act` would be counted twice.
 */
async function attempt<T>(count: number, act: (n: number) => Promise<T>, atOnce = 12): Promise<T[]> {
  const answers: T[] = [];
  let next = 0;
  const one = async () => {
    while (next < count) answers.push(await act(next++));
  };
  await Promise.all(Array.from({ length: atOnce }, one));
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
      expect({ code, retryAfterMs }).toEqual({ code: 'rate_limited', retryAfterMs: expect.any(Number) });
      expect(clientMessageId).toMatch(/^m\d+$/);
    }
    expect(gateway.closed).toEqual(expect.arrayContaining(ids));
    expect((await backEnd.eventsInLog()).map(({ id }) => id).sort()).toEqual(acked.sort());
  });

  it('a room near the ceiling of its partition takes nothing for a moment, whoever writes; moderation goes on', async () => {
    const fullAt = Date.now() + 2 * SECOND;
    const Item = { pk: 'RATE#ROOM#lobby', sk: 'BUCKET', fullAt, expiresAt: Math.ceil(fullAt / 1_000) + 60 };
    const row = { TableName: STATE_TABLE, Key: { pk: Item.pk, sk: Item.sk } };
    const { id: mine } = await backEnd.send(await backEnd.connectedAs('quiet'), message(1));
    await documentClient().send(new PutCommand({ TableName: STATE_TABLE, Item }));
    const id = await backEnd.connectedAs('quiet');
    const { code, retryAfterMs, clientMessageId } = await backEnd.send(id, message(2));
    expect({ code, clientMessageId }).toEqual({ code: 'rate_limited', clientMessageId: 'm2' });
    expect(retryAfterMs).toBeGreaterThanOrEqual(4);
    expect(retryAfterMs).toBeLessThanOrEqual(4 + SECOND);
    expect(await backEnd.send(id, { action: 'deleteMessage', target: mine })).toMatchObject({ type: 'ack' });
    later(retryAfterMs!);
    expect(await backEnd.send(id, message(2))).toMatchObject({ type: 'ack' });
    await documentClient().send(new DeleteCommand(row));
  });

  it('the wait it names is exact, and a new connection does not shorten it', async () => {
    const id = await backEnd.connectedAs('mallet');
    const [refusal] = limited(await flood([id], BURST + 1, message));
    later(refusal!.retryAfterMs! - 1);
    expect(limited(await flood([await backEnd.connectedAs('mallet')], 1, message))[0]).toMatchObject({
      retryAfterMs: 1,
    });
    later(1);
    expect(limited(await flood([id], 2, (n) => message(1_000 + n)))).toHaveLength(1);
  });

  it('nobody else is slowed down', async () => {
    const id = await backEnd.connectedAs('alice');
    expect(limited(await flood([id], BURST, message))).toEqual([]);
  });

  it('a flood that goes on over one connection after the other gets one message a second through', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => backEnd.connectedAs('trent')));
    let passed = 0;
    for (const [second, id] of ids.entries()) {
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
    ...garbage.map((row) => ({ ...row, who: 'a person', open: () => backEnd.connectedAs(`victor with ${row.what}`) })),
    { what: 'messages', frame: message, who: 'a guest', open: () => backEnd.guest() },
    {
      what: 'pings',
      frame: garbage[0]!.frame,
      who: 'a person whose token has expired',
      open: () => expired('late victor'),
    },
  ])(
    '$who sending $what is told when to come back and then closed, and nothing is in the log',
    async ({ frame, open }) => {
      const id = await open();
      const before = await backEnd.eventsInLog();
      const refused = limited(await flood([id], 100, frame));
      expect(refused).toHaveLength(100 - LIMITS.frames.burst);
      expect(refused.map(({ retryAfterMs }) => retryAfterMs)).toContain(FRAME_WAIT);
      expect(gateway.closed).toContain(id);
      expect(await backEnd.eventsInLog()).toEqual(before);
      await backEnd.disconnect(id);
    },
  );

  /** Opens a person's connection and lets their token expire. @returns the connection's id */
  async function expired(sub: string): Promise<string> {
    const exp = Math.floor(Date.now() / SECOND) + 60;
    const id = await backEnd.connected({ token: backEnd.token({ sub, exp }) });
    later(2 * MINUTE);
    return id;
  }

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

  it('a ping costs one write beside the head and the count it answers; a refused one a write, the last one two; one over a closed connection nothing', async () => {
    const id = await backEnd.guest();
    // Creates the row with the room's last number. Without the row, a ping also reads the index to find that number.
    const tables = { eventsTable: EVENTS_TABLE, stateTable: STATE_TABLE };
    await new DynamoEventLog(documentClient(), tables, runtime).openHead('lobby');
    // Another guest sends the first ping of this minute, because that ping also counts the room's connections.
    await backEnd.send(await backEnd.guest(), { action: 'ping' });
    using sent = vi.spyOn(DynamoDBDocumentClient.prototype, 'send');
    const costOf = async (act: () => Promise<unknown>) => {
      sent.mockClear();
      await act();
      return sent.mock.calls.map(([command]) => command.constructor.name);
    };
    const ping = () => backEnd.send(id, { action: 'ping' });
    expect(await costOf(ping)).toEqual(['UpdateCommand', 'GetCommand', 'GetCommand']);
    await flood([id], LIMITS.frames.burst, () => ({ action: 'ping' }));
    const lines = backEnd.log.entries().length;
    for (let early = 1; early < MAX_EARLY_FRAMES; early++) expect(await costOf(ping)).toEqual(['UpdateCommand']);
    // The ping that closes the connection costs a second write, which makes the guest's address wait before it can
    // connect again.
    expect(await costOf(ping)).toEqual(['UpdateCommand', 'UpdateCommand']);
    expect(await costOf(ping)).toEqual([]);
    expect(gateway.closed).toContain(id);
    expect(backEnd.log.entries().length).toBe(lines);
  });

  it('five frames before the wait is over close the connection; as many, each when it may come, do not', async () => {
    const [patient, hasty] = [await backEnd.guest(), await backEnd.guest()];
    for (const id of [patient, hasty]) await flood([id], LIMITS.frames.burst + 1, () => ({ action: 'ping' }));
    for (let n = 0; n < 2 * MAX_EARLY_FRAMES; n++) {
      later(FRAME_WAIT);
      expect(limited(await flood([patient], 2, () => ({ action: 'ping' })))).toHaveLength(1);
    }
    expect(gateway.closed).not.toContain(patient);
    later(-2 * MAX_EARLY_FRAMES * FRAME_WAIT);
    for (let n = 1; n < MAX_EARLY_FRAMES; n++) await backEnd.send(hasty, { action: 'ping' });
    expect(gateway.closed).not.toContain(hasty);
    await backEnd.send(hasty, { action: 'ping' });
    expect(gateway.closed).toContain(hasty);
  });
});

describe('what is opened and read (ASVS 5 2.4.1)', () => {
  const status = (answers: readonly { statusCode: number }[], code: number) =>
    answers.filter(({ statusCode }) => statusCode === code).length;
  const dial = async (handshake: Parameters<BackEnd['connect']>[0]) => {
    const { id, answer } = await backEnd.connect(handshake);
    if (answer.statusCode === 200) await backEnd.disconnect(id);
    return answer;
  };
  const guestAt = (sourceIp: string) => ({ sourceIp, headers: { Origin: 'https://example.org' } });

  it('who connects and closes in a loop is told when to come back, on every connection they try', async () => {
    const token = backEnd.token({ sub: 'walter' });
    const answers = await attempt(LIMITS.dials.burst + 50, () => dial({ token }), MAX_CONNECTIONS / 2);
    expect([status(answers, 200), status(answers, 429)]).toEqual([LIMITS.dials.burst, 50]);
    expect(answers.find(({ statusCode }) => statusCode === 429)!.headers).toMatchObject({ 'retry-after': '1' });
    later(SECOND);
    expect(status(await attempt(2, () => dial({ token })), 200)).toBe(1);
  });

  it('guests who do are counted by their address, and no other address with them', async () => {
    const answers = await attempt(LIMITS.address.burst + 50, () => dial(guestAt('198.51.100.1')));
    expect([status(answers, 200), status(answers, 429)]).toEqual([LIMITS.address.burst, 50]);
    expect((await dial(guestAt('198.51.100.2'))).statusCode).toBe(200);
    expect((await dial({ sourceIp: '198.51.100.1', token: backEnd.token({ sub: 'yolanda' }) })).statusCode).toBe(200);
  });

  it('refused tokens are counted by the address they come from', async () => {
    const answers = await attempt(LIMITS.address.burst + 50, () => dial({ sourceIp: '198.51.100.3', token: 'a.b.c' }));
    expect([status(answers, 401), status(answers, 429)]).toEqual([LIMITS.address.burst, 50]);
  });

  it('an address that a guest makes up is not believed', async () => {
    const at = (n: number) => ({
      sourceIp: '198.51.100.4',
      headers: { Origin: 'https://example.org', 'X-Forwarded-For': `192.0.2.${n}` },
    });
    const answers = await attempt(LIMITS.address.burst + 50, (n) => dial(at(n % 256)));
    expect(status(answers, 429)).toBe(50);
  });

  it.each(['chatHistory', 'events'] as const)(
    'requests to %s are counted by person and by address',
    async (handler) => {
      const get = (headers: Record<string, string>, sourceIp: string) => () =>
        backEnd.get(handler, handler === 'events' ? { after: '0' } : {}, headers, sourceIp);
      const address = handler === 'events' ? '198.51.100.5' : '198.51.100.6';
      const guests = await attempt(LIMITS.address.burst + 50, get({}, address));
      expect([status(guests, 200), status(guests, 429)]).toEqual([LIMITS.address.burst, 50]);
      const headers = { authorization: `Bearer ${backEnd.token({ sub: `reader-${handler}` })}` };
      const reader = await attempt(LIMITS.reads.burst + 50, get(headers, address));
      expect([status(reader, 200), status(reader, 429)]).toEqual([LIMITS.reads.burst, 50]);
      using sent = vi.spyOn(DynamoDBDocumentClient.prototype, 'send');
      expect((await get({}, address)()).statusCode).toBe(429);
      expect(sent).not.toHaveBeenCalled();
    },
  );
});

describe('who floods cannot come back at once (ASVS 5 2.4.1)', () => {
  const floodOver = async (ids: readonly string[]) => {
    for (const id of ids) await flood([id], LIMITS.frames.burst + 2 * MAX_EARLY_FRAMES, () => ({ action: 'ping' }));
    expect(gateway.closed).toEqual(expect.arrayContaining([...ids]));
  };
  const connects = async (handshake: Parameters<BackEnd['connect']>[0]) => {
    const { id, answer } = await backEnd.connect(handshake);
    if (answer.statusCode === 200) await backEnd.disconnect(id);
    return { status: answer.statusCode, seconds: Number(answer.headers?.['retry-after'] ?? 0) };
  };
  const as = (sub: string, sourceIp = '198.51.100.20') => ({ sourceIp, token: backEnd.token({ sub }) });
  const guestAt = (sourceIp: string) => ({ sourceIp, headers: { Origin: 'https://example.org' } });

  it('a person waits a minute for each connection that was closed; nobody else does', async () => {
    await floodOver(await Promise.all([1, 2, 3].map(() => backEnd.connectedAs('trudy'))));
    expect(await connects(as('trudy'))).toEqual({ status: 429, seconds: 3 * 60 + 1 });
    expect(await connects(as('ursula'))).toMatchObject({ status: 200 });
    later(3 * MINUTE + SECOND);
    expect(await connects(as('trudy'))).toMatchObject({ status: 200 });
  });

  it('a guest’s address waits for guests, and nobody at another; people at that address do not', async () => {
    await floodOver([await backEnd.guest('lobby', '198.51.100.21')]);
    expect(await connects(guestAt('198.51.100.21'))).toEqual({ status: 429, seconds: 61 });
    expect(await connects(guestAt('198.51.100.22'))).toMatchObject({ status: 200 });
    expect(await connects(as('ursula', '198.51.100.21'))).toMatchObject({ status: 200 });
  });

  it('a person who has to wait does not come back as a guest who signs in', async () => {
    await floodOver([await backEnd.connectedAs('tamara')]);
    const id = await backEnd.guest('lobby', '198.51.100.24');
    const signIn = () => backEnd.send(id, { action: 'authenticate', token: backEnd.token({ sub: 'tamara' }) });
    expect(await signIn()).toMatchObject({ code: 'rate_limited', retryAfterMs: 61_000 });
    later(MINUTE + SECOND);
    expect(await signIn()).toMatchObject({ type: 'authenticated' });
  });

  it('who came as a guest and signed in is charged as both', async () => {
    const id = await backEnd.guest('lobby', '198.51.100.23');
    await backEnd.send(id, { action: 'authenticate', token: backEnd.token({ sub: 'trixie' }) });
    await floodOver([id]);
    expect(await connects(as('trixie', '198.51.100.23'))).toMatchObject({ status: 429 });
    expect(await connects(guestAt('198.51.100.23'))).toMatchObject({ status: 429 });
  });
});

describe('connections of one person (OWASP WebSocket Security, DoS; ASVS 5 15.4.2)', () => {
  const open = async (sub: string, count: number) => {
    const token = backEnd.token({ sub });
    const dialled = await attempt(count, () => backEnd.connect({ token }), count);
    expect(dialled.map(({ answer }) => answer.statusCode)).toEqual(Array(count).fill(200));
    return dialled.map(({ id }) => id);
  };
  /**
   * Returns the ids of the connections that are still open. Expects that each of the others was told `replaced` and
   * closed.
   */
  const kept = async (ids: readonly string[]) => {
    const all = await backEnd.connectionIds();
    const lost = ids.filter((id) => !all.includes(id));
    expect(gateway.closed).toEqual(expect.arrayContaining(lost));
    for (const id of lost) expect(gateway.postedTo(id)).toEqual([expect.objectContaining({ code: 'replaced' })]);
    return ids.filter((id) => all.includes(id));
  };

  it('of 40 opened at once exactly the allowed number stays, and each closed one makes room for one', async () => {
    const ids = await open('oscar', 40);
    const left = await kept(ids);
    expect(left).toHaveLength(MAX_CONNECTIONS);
    await Promise.all(left.slice(0, 5).map((id) => backEnd.disconnect(id)));
    const full = [...left.slice(5), ...(await open('oscar', 5))];
    expect(await kept(full)).toEqual(full);
    await open('oscar', 1);
    expect(await kept(full)).toHaveLength(MAX_CONNECTIONS - 1);
  });

  it('one too many replaces the oldest, and nobody else’s', async () => {
    const others = await open('oswald', MAX_CONNECTIONS);
    const [oldest] = await open('olivia', 1);
    later(SECOND);
    const ids = await open('olivia', MAX_CONNECTIONS);
    expect(await kept([oldest!, ...ids])).toEqual(ids);
    expect(await kept(others)).toEqual(others);
    // The row of a replaced connection is gone, so its frames belong to nobody.
    expect(await backEnd.send(oldest!, { action: 'ping' })).toMatchObject({ code: 'unauthenticated' });
  });

  it('those whose $disconnect never came do not count once their rows are gone', async () => {
    for (const id of await open('sybil', MAX_CONNECTIONS)) {
      const Key = { pk: `CONN#${id}`, sk: 'CONN' };
      await documentClient().send(new DeleteCommand({ TableName: STATE_TABLE, Key }));
    }
    const ids = await open('sybil', MAX_CONNECTIONS);
    expect(await kept(ids)).toEqual(ids);
  });

  it('a guest who signs in counts, and replaces the oldest', async () => {
    const [oldest] = await open('heidi', 1);
    later(SECOND);
    const ids = await open('heidi', MAX_CONNECTIONS - 1);
    const guest = await backEnd.guest();
    const token = backEnd.token({ sub: 'heidi' });
    expect(await backEnd.send(guest, { action: 'authenticate', token })).toMatchObject({ type: 'authenticated' });
    expect(await kept([oldest!, ...ids, guest])).toEqual([...ids, guest]);
  });

  it('two people who want one guest’s connection: one gets it, and the other has lost no place', async () => {
    const guest = await backEnd.guest();
    const people = ['judy', 'niaj'];
    const answers = await Promise.all(
      people.map((sub) => backEnd.send(guest, { action: 'authenticate', token: backEnd.token({ sub }) })),
    );
    expect(answers.map(({ type, code }) => code ?? type).sort()).toEqual(['authenticated', 'forbidden']);
    const loser = people[answers.findIndex(({ code }) => code === 'forbidden')]!;
    const ids = await open(loser, MAX_CONNECTIONS);
    expect(await kept(ids)).toEqual(ids);
  });
});
