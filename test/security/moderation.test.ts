import { DeleteCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { exampleOf } from '../../schemas/examples.ts';
import * as commands from '../../src/domain/commands/commands.ts';
import { erase } from '../../src/domain/erasure/erase.ts';
import { OPERATOR } from '../../src/domain/governance/operator.ts';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { DynamoEventLog } from '../../src/infra/dynamodb/event-log.ts';
import { DynamoStoredItems } from '../../src/infra/dynamodb/stored-items.ts';
import { runtime } from '../../src/infra/runtime.ts';
import { EVENTS_TABLE, STATE_TABLE } from '../dynamodb.ts';
import { BackEnd, type Frame } from './back-end.ts';
import { Gateway } from './gateway.ts';
import { base64url } from './issuer.ts';

const SECOND = 1_000;
let backEnd: BackEnd;
let gateway: Gateway;
let rooms = 0;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  gateway = await Gateway.start();
  backEnd = await BackEnd.start({
    ...{
      MODERATORS: 'moderator',
      RATE_BURST: '1000',
      MAX_CONNECTIONS_PER_PERSON: '1000',
      CONNECTIONS_ENDPOINT: gateway.endpoint,
      GUESTS: 'true',
    },
    ROOMS: '*,club=signed-in,team=members,staff=moderator,news=everyone/moderator',
  });
});
afterAll(async () => {
  await Promise.all([backEnd.stop(), gateway.stop()]);
  vi.useRealTimers();
});
afterEach(() => backEnd.log.expectClean());

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
const newRoom = () => `room-${rooms++}`;
const tokenOf = (sub: string, claims: Record<string, unknown> = {}) =>
  backEnd.token({ sub, exp: Math.floor(Date.now() / SECOND) + 600, ...claims });
const MODERATOR = { roles: ['moderator'] };
const connect = (sub: string, room: string, claims = {}) =>
  backEnd.connected({ token: tokenOf(sub, claims), query: { room } });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function say(connection: string, text = 'hello'): Promise<Frame> {
  return backEnd.send(connection, { action: 'sendMessage', text });
}

/** Sends a command, and numbers its event. */
async function act(connection: string, frame: object): Promise<Frame> {
  const answer = await backEnd.send(connection, frame);
  if (answer.type === 'ack' && answer.id) await backEnd.stream(answer.id);
  // Lets the cached rules expire. Rules are cached for a second.
  later(SECOND);
  return answer;
}

async function eventOf(id: string | undefined): Promise<Record<string, unknown>> {
  return (await backEnd.eventsInLog()).find((item) => item.id === id)!;
}

/** Opens a room with a moderator and a person who has posted a message. */
async function scene(room = newRoom()) {
  const [moderator, mallory] = [await connect('mod', room, MODERATOR), await connect('mallory', room)];
  const { id: message } = await act(mallory, { action: 'sendMessage', text: 'something bad' });
  const person = message!.split(':')[0]!;
  const ban = { action: 'banPerson', person };
  return { room, moderator, mallory, message: message!, person, ban };
}

type Scene = Awaited<ReturnType<typeof scene>>;
/**
 * Commands for everyone who may write. The tests count `deleteMessage` among the moderators' commands, because its
 * example deletes somebody else's message.
 */
const FOR_EVERYONE = ['sendMessage'];
const forModerators = Object.keys(commands)
  .filter((name) => !FOR_EVERYONE.includes(name))
  .map((name) => ({ name, frame: ({ message, person }: Scene) => exampleOf(name, { message, person }) }));

describe.each(forModerators)('$name is the moderators’ (ASVS 5 8.2.1, 8.3.1)', ({ frame }) => {
  const nothingHappened = async (room: string, before: number) =>
    expect((await backEnd.eventsInLog()).filter((item) => item.room === room)).toHaveLength(before);

  it('no role: refused, and nothing is appended', async () => {
    const all = await scene();
    const eve = await connect('eve', all.room);
    expect(await backEnd.send(eve, frame(all))).toMatchObject({ type: 'error', code: 'forbidden' });
    await nothingHappened(all.room, 1);
  });

  it('a guest: refused', async () => {
    const all = await scene();
    expect(await backEnd.send(await backEnd.guest(all.room), frame(all))).toMatchObject({ code: 'unauthenticated' });
    await nothingHappened(all.room, 1);
  });

  it('a role in the frame: refused', async () => {
    const all = await scene();
    const eve = await connect('eve', all.room);
    for (const more of [{ role: 'moderator' }, { actor: { id: all.person, role: 'moderator' } }, { by: OPERATOR.id }]) {
      expect(await backEnd.send(eve, { ...frame(all), ...more })).toMatchObject({ code: 'invalid_message' });
    }
    await nothingHappened(all.room, 1);
  });

  it('a forged role: no connection to send it over', async () => {
    const all = await scene();
    const [header, , signature] = tokenOf('eve').split('.');
    const forged = `${header}.${base64url(JSON.stringify(backEnd.issuer.claims(MODERATOR)))}.${signature}`;
    expect((await backEnd.connect({ token: forged, query: { room: all.room } })).answer.statusCode).toBe(401);
  });

  it('an expired role: refused', async () => {
    const all = await scene();
    later(601 * SECOND);
    expect(await backEnd.send(all.moderator, frame(all))).toMatchObject({ code: 'unauthenticated' });
    await nothingHappened(all.room, 1);
  });

  it('in another room: what it names is not there, and this room stays as it is', async () => {
    const all = await scene();
    const elsewhere = await connect('mod', newRoom(), MODERATOR);
    await act(elsewhere, frame(all));
    expect(await say(all.mallory)).toMatchObject({ type: 'ack' });
    expect((await eventOf(all.message)).data).toEqual({ text: 'something bad' });
  });

  it('a moderator: done', async () => {
    const all = await scene();
    expect(await act(all.moderator, frame(all))).toMatchObject({ type: 'ack' });
  });
});

describe('a ban', () => {
  it('refuses what is said after it, says until when, and ends with its time', async () => {
    const { moderator, mallory, ban } = await scene();
    await act(moderator, { ...ban, seconds: 60 });
    const refused = { code: 'forbidden', rule: 'banned', until: expect.any(Number) };
    expect(await say(mallory)).toMatchObject(refused);
    later(60 * SECOND);
    expect(await say(mallory)).toMatchObject({ type: 'ack' });
  });

  it('voids what was acked and has a higher number, on every page, and after it is ended', async () => {
    const { room, moderator, mallory, ban, person } = await scene();
    const { id: early } = await say(mallory, 'said before the ban was known');
    const { id: banned } = await backEnd.send(moderator, ban);
    await backEnd.stream(banned);
    await backEnd.stream(early);
    expect((await eventOf(early)).data).toEqual({ voided: true });
    later(SECOND);
    await act(moderator, { action: 'unbanPerson', person });
    const texts = async () => {
      const { messages } = JSON.parse((await backEnd.get('chatHistory', { room })).body!);
      const { events } = JSON.parse((await backEnd.get('events', { room, after: '0' })).body!);
      return JSON.stringify([messages, events]);
    };
    await vi.waitFor(async () => expect(await texts()).toContain('PersonUnbanned'), 20_000);
    expect(await texts()).not.toContain('said before the ban was known');
    expect(await texts()).toContain('something bad');
    expect(await say(mallory)).toMatchObject({ type: 'ack' });
  });

  it('that hides hides what was said before, and ending it does not bring it back', async () => {
    const { room, moderator, ban, person, message } = await scene();
    await act(moderator, { ...ban, hide: true });
    await act(moderator, { action: 'unbanPerson', person });
    const page = async () => JSON.parse((await backEnd.get('chatHistory', { room })).body!);
    await vi.waitFor(async () => expect((await page()).head).toBe(3), 20_000);
    expect((await page()).messages).toMatchObject([{ id: message, deleted: true, byModerator: true }]);
    expect((await backEnd.get('events', { room, after: '0' })).body).not.toContain('something bad');
  });

  it('survives the loss of the whole State table', async () => {
    const { room, moderator, ban } = await scene();
    await act(moderator, ban);
    const { Items = [] } = await documentClient().send(new ScanCommand({ TableName: STATE_TABLE }));
    for (const { pk, sk } of Items) {
      await documentClient().send(new DeleteCommand({ TableName: STATE_TABLE, Key: { pk, sk } }));
    }
    expect(await say(await connect('mallory', room))).toMatchObject({ rule: 'banned' });
  });

  it('is acknowledged again when its answer was lost, also to who lost the role since', async () => {
    const { room, moderator, ban } = await scene();
    const frame = { ...ban, seconds: 60, clientMessageId: 'ban-1' };
    await act(moderator, frame);
    expect(await backEnd.send(moderator, frame)).toMatchObject({ type: 'ack' });
    expect(await backEnd.send(await connect('mod', room), frame)).toMatchObject({ type: 'ack' });
  });

  it('of a moderator by a moderator does not bind, nor hide; by the operator it does both', async () => {
    const { room, moderator } = await scene();
    const other = await connect('other', room, MODERATOR);
    const { id } = await act(other, { action: 'sendMessage', text: 'as a moderator' });
    const person = id!.split(':')[0]!;
    await act(moderator, { action: 'banPerson', person, hide: true });
    const next = await act(other, { action: 'sendMessage', text: 'still here' });
    expect((await eventOf(next.id)).data).toEqual({ text: 'still here' });
    const ban = { room, id: `${OPERATOR.id}:1`, type: 'PersonBanned', v: 1, at: Date.now(), actor: OPERATOR };
    const Item = { ...ban, data: { person, hide: true } };
    await documentClient().send(new PutCommand({ TableName: EVENTS_TABLE, Item }));
    await backEnd.stream(ban.id);
    later(SECOND);
    expect(await say(other)).toMatchObject({ rule: 'banned' });
    expect(await backEnd.send(other, { action: 'unbanPerson', person })).toMatchObject({ code: 'forbidden' });
    expect(await backEnd.send(moderator, { action: 'unbanPerson', person })).toMatchObject({ code: 'forbidden' });
    const shown = (await backEnd.get('chatHistory', { room })).body!;
    expect(shown).not.toContain('as a moderator');
  });

  it('lets nobody ban themselves or the operator', async () => {
    const { moderator } = await scene();
    const { id } = await say(moderator);
    for (const person of [id!.split(':')[0]!, OPERATOR.id]) {
      expect(await backEnd.send(moderator, { action: 'banPerson', person })).toMatchObject({ code: 'invalid_message' });
    }
  });

  it('from a room that is not for everyone closes its person’s connections there, and keeps them from reading', async () => {
    const { moderator, mallory, ban } = await scene('club');
    const elsewhere = await connect('mallory', newRoom());
    await act(moderator, { ...ban, seconds: 60 });
    expect(gateway.closed).toContain(mallory);
    expect(gateway.closed).not.toContain(elsewhere);
    const token = tokenOf('mallory');
    const { answer } = await backEnd.connect({ token, query: { room: 'club' } });
    expect([answer.statusCode, JSON.parse(answer.body!).rule]).toEqual([403, 'banned']);
    for (const read of ['chatHistory', 'events'] as const) {
      const after = read === 'events' ? { after: '0' } : {};
      expect((await backEnd.get(read, { room: 'club', ...after }, bearer(token))).statusCode).toBe(403);
    }
    later(60 * SECOND);
    expect((await backEnd.connect({ token, query: { room: 'club' } })).answer.statusCode).toBe(200);
  });
});

describe('a ban that comes while its person connects', () => {
  it('keeps them out of a room that is not for everyone, and leaves no connection behind', async () => {
    const { moderator, ban, person } = await scene('club');
    const connections = async () => {
      const { Items = [] } = await documentClient().send(new ScanCommand({ TableName: STATE_TABLE }));
      return Items.filter(({ sk, room, actor }) => sk === 'CONN' && room === 'club' && actor?.id === person).length;
    };
    expect(await connections()).toBeGreaterThan(0);
    // `act` would move the clock, so it is not used here: `connect` must first check cached rules that lack the ban.
    const { id } = await backEnd.send(moderator, ban);
    await backEnd.stream(id!);
    const { answer } = await backEnd.connect({ token: tokenOf('mallory'), query: { room: 'club' } });
    expect([answer.statusCode, JSON.parse(answer.body!).rule]).toEqual([403, 'banned']);
    expect(await connections(), 'the ban removes the others').toBe(0);
    later(SECOND);
    await act(moderator, { action: 'unbanPerson', person });
  });
});

describe('rules of a room', () => {
  it('a locked room is the moderators’, and everybody still deletes their own', async () => {
    const { moderator, mallory, message } = await scene();
    await act(moderator, { action: 'changeRoom', locked: true });
    expect(await say(mallory)).toMatchObject({ code: 'forbidden', rule: 'locked' });
    expect(await say(moderator)).toMatchObject({ type: 'ack' });
    expect(await backEnd.send(mallory, { action: 'deleteMessage', target: message })).toMatchObject({ type: 'ack' });
  });

  it('of eight messages that a person sends at once over two connections in slow mode, one is acked', async () => {
    const { moderator, mallory, room } = await scene();
    await act(moderator, { action: 'changeRoom', slow: 60 });
    const other = await connect('mallory', room);
    const answers = await Promise.all([0, 1, 2, 3].flatMap((n) => [say(mallory, `a${n}`), say(other, `b${n}`)]));
    const refused = answers.filter(({ type }) => type !== 'ack');
    expect(refused).toEqual(Array(7).fill(expect.objectContaining({ code: 'rate_limited', rule: 'slow' })));
  });

  it('slow mode keeps a person’s messages apart over all their connections, and no moderator’s', async () => {
    const { room, moderator, mallory } = await scene();
    await act(moderator, { action: 'changeRoom', slow: 10 });
    expect(await say(mallory)).toMatchObject({ type: 'ack' });
    const again = await connect('mallory', room);
    expect(await say(again)).toMatchObject({ code: 'rate_limited', rule: 'slow', retryAfterMs: 10 * SECOND });
    expect([await say(moderator), await say(moderator)]).toMatchObject([{ type: 'ack' }, { type: 'ack' }]);
    later(10 * SECOND);
    expect(await say(again)).toMatchObject({ type: 'ack' });
  });

  it('a blocked word is refused without naming it, in no other room', async () => {
    const { room, moderator, mallory } = await scene();
    const Item = { pk: `ROOM#${room}`, sk: 'WORDS', words: ['idiot'] };
    await documentClient().send(new PutCommand({ TableName: STATE_TABLE, Item }));
    later(SECOND);
    for (const connection of [mallory, moderator]) {
      const refused = await say(connection, 'you i.d.i.o.t');
      expect(refused).toMatchObject({ code: 'forbidden', rule: 'words' });
      expect(refused.message).not.toContain('idiot');
    }
    expect(await say(mallory, 'you genius')).toMatchObject({ type: 'ack' });
    expect(await say(await connect('mallory', newRoom()), 'you idiot')).toMatchObject({ type: 'ack' });
    expect(JSON.stringify(await backEnd.eventsInLog())).not.toContain('i.d.i.o.t');
  });

  it('what they show is on the newest page for everyone, and who is banned is on none', async () => {
    const { room, moderator, message, person, ban } = await scene();
    await act(moderator, { action: 'changeRoom', slow: 5, pinned: message });
    await act(moderator, ban);
    const page = JSON.parse((await backEnd.get('chatHistory', { room })).body!);
    expect(page.rules).toEqual({ at: 3, slow: 5, pinned: { id: message, seq: 1 } });
    expect(JSON.stringify(page.rules)).not.toContain(`"${person}"`);
  });
});

describe('reports are the moderators’ (ASVS 5 8.2.2)', () => {
  it('are kept once for each person, in no log, in no frame, and only moderators of the room read them', async () => {
    const { room, moderator, mallory, message } = await scene();
    const alice = await connect('alice', room);
    const log = await backEnd.eventsInLog();
    const report = { action: 'reportMessage', target: message, reason: 'abuse' };
    for (let n = 0; n < 2; n++) {
      expect(await backEnd.send(alice, report)).toMatchObject({ type: 'ack', id: message });
    }
    expect(await backEnd.send(mallory, { ...report, reason: 'other' })).toMatchObject({ type: 'ack' });
    expect(await backEnd.eventsInLog()).toEqual(log);
    expect(JSON.stringify(gateway.postedTo(moderator))).not.toContain('abuse');

    const read = (headers = {}) => backEnd.get('reports', { room }, headers);
    expect((await read()).statusCode).toBe(401);
    expect((await read(bearer(tokenOf('alice')))).statusCode).toBe(403);
    const answer = await read(bearer(tokenOf('mod', MODERATOR)));
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store' });
    const { reports } = JSON.parse(answer.body!);
    expect(reports).toMatchObject([{ message: { id: message, text: 'something bad' } }]);
    expect(reports[0].reports.map(({ reason }: { reason: string }) => reason).sort()).toEqual(['abuse', 'other']);

    await act(moderator, { action: 'deleteMessage', target: message });
    // Reports again, like a client that did not receive the answer to its first report.
    expect(await backEnd.send(alice, report)).toMatchObject({ type: 'ack', id: message, deleted: true });
    expect(JSON.parse((await read(bearer(tokenOf('mod', MODERATOR)))).body!).reports).toEqual([]);
  });

  it('nobody reports what is not there, as a guest, or without end', async () => {
    const { room, person } = await scene();
    const alice = await connect('alice', room);
    const report = (target: string) => ({ action: 'reportMessage', target });
    expect(await backEnd.send(alice, report(`${person}:nothing`))).toMatchObject({ code: 'invalid_message' });
    expect(await backEnd.send(await backEnd.guest(room), report(`${person}:x`))).toMatchObject({
      code: 'unauthenticated',
    });
  });

  it('tell moderators who is banned, by name, and until when', async () => {
    const { room, moderator, person, ban } = await scene();
    await act(moderator, { ...ban, seconds: 60 });
    const read = async () => {
      const answer = await backEnd.get('reports', { room }, bearer(tokenOf('mod', MODERATOR)));
      return JSON.parse(answer.body!).bans;
    };
    expect(await read()).toEqual([{ person, name: expect.any(String), until: expect.any(Number) }]);
    later(60 * SECOND);
    expect(await read()).toEqual([]);
  });
});

describe('a room is for whom ROOMS says, on every path (ASVS 5 8.2.2, 8.3.1)', () => {
  const get = async (room: string, token?: string) =>
    Promise.all(
      (['chatHistory', 'events'] as const).map(async (read) => {
        const after = read === 'events' ? { after: '0' } : {};
        return (await backEnd.get(read, { room, ...after }, token ? bearer(token) : {})).statusCode;
      }),
    );
  const dial = async (room: string, token: string) =>
    (await backEnd.connect({ token, query: { room } })).answer.statusCode;

  it.each([
    { room: 'staff', claims: {}, status: 403 },
    { room: 'staff', claims: { roles: ['members'] }, status: 403 },
    { room: 'staff', claims: MODERATOR, status: 200 },
    { room: 'team', claims: {}, status: 403 },
    { room: 'team', claims: { groups: ['members'] }, status: 403 },
    { room: 'team', claims: { roles: ['members'] }, status: 200 },
    { room: 'smoke', claims: {}, status: 200 },
  ])('$room, with $claims: $status', async ({ room, claims, status }) => {
    const token = tokenOf('alice', claims);
    expect([await dial(room, token), ...(await get(room, token))]).toEqual([status, status, status]);
  });

  it('a guest reads what is for everyone, and signs in for the rest', async () => {
    expect(await get('club')).toEqual([401, 401]);
    expect(await get('staff')).toEqual([403, 403]);
    const headers = { Origin: 'https://example.org' };
    expect((await backEnd.connect({ headers, query: { room: 'club' } })).answer.statusCode).toBe(401);
  });

  it('who may read may not always write', async () => {
    const alice = await connect('alice', 'news');
    expect(await say(alice)).toMatchObject({ code: 'forbidden', rule: 'access' });
    expect(await say(await connect('mod', 'news', MODERATOR))).toMatchObject({ type: 'ack' });
  });

  it('who may not write any more is told so, and what is in the log is acknowledged again', async () => {
    const once = { action: 'sendMessage', text: 'hello', clientMessageId: 'once' };
    const mod = await connect('mod', 'news', MODERATOR);
    const ack = await backEnd.send(mod, once);
    expect(ack).toMatchObject({ type: 'ack', clientMessageId: 'once' });
    await backEnd.send(mod, { action: 'authenticate', token: tokenOf('mod') });
    expect(await backEnd.send(mod, once)).toEqual(ack);
    expect(await say(mod)).toMatchObject({ code: 'forbidden', rule: 'access' });
  });

  it('a role that a renewal does not have any more does not renew a connection to its room', async () => {
    const alice = await connect('alice', 'team', { roles: ['members'] });
    const renewed = await backEnd.send(alice, { action: 'authenticate', token: tokenOf('alice') });
    expect(renewed).toMatchObject({ code: 'forbidden', rule: 'access' });
    later(601 * SECOND);
    expect(await say(alice)).toMatchObject({ code: 'unauthenticated' });
  });
});

describe('erasing is the operator’s, from a terminal only (ASVS 5 8.2.1, 14.2.4)', () => {
  it.each(['erasePerson', 'personErased', 'PersonErased', 'erase'])(
    '%s is no frame, not even a moderator’s',
    async (action) => {
      const { room, moderator, person } = await scene();
      expect(await backEnd.send(moderator, { action, person })).toMatchObject({ code: 'unknown_action' });
      expect((await backEnd.eventsInLog()).filter((item) => item.room === room)).toHaveLength(1);
    },
  );

  it('what was erased does not come back by sending it again', async () => {
    const { room, mallory, message } = await scene();
    const db = documentClient();
    const tables = { eventsTable: EVENTS_TABLE, stateTable: STATE_TABLE };
    const log = new DynamoEventLog(db, tables, runtime);
    const items = new DynamoStoredItems(db, tables);
    const erased = await erase({ room, message }, { ...runtime, log, items }, () => {});
    expect(erased).toMatchObject({ proven: true, events: 1 });
    const clientMessageId = message.split(':')[1];
    const again = { action: 'sendMessage', text: 'something bad', clientMessageId };
    expect(await backEnd.send(mallory, again)).toMatchObject({ type: 'ack', id: message, deleted: true });
    expect(await eventOf(message)).toMatchObject({
      room,
      data: { deleted: true },
      actor: { name: expect.stringMatching(/^guest-/) },
    });
  });
});
