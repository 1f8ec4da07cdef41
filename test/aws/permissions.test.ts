import { randomUUID } from 'node:crypto';
import { DeleteCommand, GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json, Template } from '../../deploy/check/stack.ts';
import { exampleOf } from '../../schemas/examples.ts';
import type { Command } from '../../src/domain/commands/command.ts';
import * as exported from '../../src/domain/commands/commands.ts';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { EVENTS_TABLE, STATE_TABLE, startDynamoDB, type TestDynamoDB } from '../dynamodb.ts';
import { AUDIENCE, TestIssuer } from '../security/issuer.ts';
import { compiledStack } from './compiled-stack.ts';
import { loadFunctions } from './functions.ts';
import { denied, functionNames, unused } from './policies.ts';
import { Recorder } from './recorder.ts';

const commands = Object.values(exported) as readonly Command<unknown>[];
const ORIGIN = 'https://www.example.org';
/**
 * Age of the connections that tests store with `openSince`, ms. It is over 30 s, because the fan-out does not forget a
 * younger connection after a 410. It is under 2 h, because API Gateway closes connections at that age.
 */
const HOUR = 3_600_000;

let template: Template;
let db: TestDynamoDB;
let issuer: TestIssuer;
let recorder: Recorder;
let invoke: Awaited<ReturnType<typeof loadFunctions>>;

beforeAll(async () => {
  const stack = await compiledStack();
  ({ template } = stack);
  [db, issuer] = await Promise.all([startDynamoDB(), TestIssuer.start()]);
  recorder = await Recorder.start(db.endpoint);
  invoke = await loadFunctions(stack, {
    DYNAMODB_ENDPOINT: recorder.url,
    CONNECTIONS_ENDPOINT: `${recorder.url}/prod`,
    WEBSOCKET_URL: 'wss://box.example/prod',
    ORIGIN_SECRETS: '',
    LAMBDA_ENDPOINT: recorder.url,
    PARKING_QUEUE: `${recorder.url}/123456789012/parked-events`,
    LARGE_ROOM: '20',
    ...{ ISSUER: issuer.url, AUDIENCE, ALLOWED_ORIGINS: ORIGIN, MAX_CONNECTIONS_PER_PERSON: '2' },
    ...{ MODERATORS: 'moderator', ROOMS: '*,attic=signed-in,club=signed-in' },
  });
}, 180_000);

afterAll(async () => {
  recorder.stop();
  await Promise.all([db.stop(), issuer.stop()]);
});

const token = (sub: string) => issuer.token({ claims: { sub } });
const moderatorToken = (sub: string) => issuer.token({ claims: { sub, roles: ['moderator'] } });
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
let visitors = 1;
const GET = { headers: {}, requestContext: { http: { sourceIp: '203.0.113.1' } } };

const frameOf = (answer: Json) => JSON.parse(answer.body);

async function connect(headers: Record<string, string>, room = 'lobby'): Promise<{ id: string; status: number }> {
  const id = randomUUID();
  // Each visitor has their own address, because a guest's flood is charged to the address.
  const identity = { sourceIp: `203.0.113.${++visitors}` };
  const requestContext = { eventType: 'CONNECT', connectionId: id, identity };
  const { statusCode } = await invoke.connect!({ headers, requestContext, queryStringParameters: { room } });
  return { id, status: statusCode };
}
const connectAs = (sub: string) => connect({ Authorization: `Bearer ${token(sub)}` });
const connectGuest = () => connect({ Origin: ORIGIN });
const disconnect = (connectionId: string) =>
  invoke.disconnect!({ requestContext: { eventType: 'DISCONNECT', connectionId } });

async function send(name: string, connectionId: string, frame: object): Promise<Json> {
  const requestContext = { eventType: 'MESSAGE', connectionId };
  return frameOf(await invoke[name]!({ requestContext, body: JSON.stringify(frame) }));
}

/** Returns all events of the log as records that the stream would pass to the fan-out. */
async function stream(): Promise<Json> {
  const { Items = [] } = await documentClient().send(new ScanCommand({ TableName: EVENTS_TABLE }));
  return {
    Records: Items.map((item, index) => ({
      eventName: 'INSERT',
      dynamodb: { SequenceNumber: String(index + 1), NewImage: marshall(item) },
    })),
  };
}

/** Stores a connection opened at `connectedAt`, as $connect would. @returns its id */
async function openSince(connectedAt: number, rest: object): Promise<string> {
  const connectionId = randomUUID();
  const expiresAt = Math.ceil((Date.now() + HOUR) / 1_000);
  const Item = { pk: `CONN#${connectionId}`, sk: 'CONN', connectionId, room: 'lobby', connectedAt, expiresAt, ...rest };
  await documentClient().send(new PutCommand({ TableName: STATE_TABLE, Item }));
  return connectionId;
}

describe('every function does its work with what its role allows', () => {
  test('alice connects once too often, and again after one connection was lost', async () => {
    const first = await connectAs('alice');
    const second = await connectAs('alice');
    expect([first.status, second.status, (await connectAs('alice')).status]).toEqual([200, 200, 200]);
    await disconnect(second.id);
    expect((await connectAs('alice')).status).toBe(200);
  });

  test('a moderator sends every command, and asks where the room is', async () => {
    const { id } = await connect(bearer(moderatorToken('bob')));
    const say = (connectionId: string) => send('sendMessage', connectionId, { action: 'sendMessage', text: 'hi' });
    const { id: said } = await say(id);
    await invoke.fanOut!(await stream());
    for (const { name } of commands) {
      // Uses another moderator for each command, so that no moderator exceeds the rate of one person.
      const moderator = await connect(bearer(moderatorToken(`moderator of ${name}`)));
      const frame = exampleOf(name);
      const target = frame.target && (await say(moderator.id)).id;
      const named = { ...(target ? { target } : {}), ...(frame.pinned ? { pinned: said } : {}) };
      expect(await send(name, moderator.id, { ...frame, ...named })).toMatchObject({ type: 'ack' });
      await disconnect(moderator.id);
    }
    const report = { action: 'reportMessage', target: said };
    expect(await send('reportMessage', id, report)).toMatchObject({ type: 'ack', id: said });
    expect(await send('default', id, { action: 'dance' })).toMatchObject({ code: 'unknown_action' });
  });

  test('the first ping in a room counts who is there', async () => {
    const { id } = await connect({ Origin: ORIGIN }, 'quiet');
    expect(await send('ping', id, { action: 'ping' })).toMatchObject({ type: 'pong', people: 1 });
  });

  test('whom a rule refuses is looked for in the log first', async () => {
    const bob = await connect(bearer(moderatorToken('bob')), 'locked');
    await send('changeRoom', bob.id, { action: 'changeRoom', locked: true });
    await invoke.fanOut!(await stream());
    const { id } = await connect(bearer(token('frank')), 'locked');
    for (const { name } of commands.filter(({ needs }) => needs?.rules)) {
      const { pinned: _, ...frame } = exampleOf(name);
      expect(await send(name, id, frame)).toMatchObject({ code: 'forbidden' });
    }
  });

  test('who is banned from a room that is not for everyone is closed there, and reads it no more', async () => {
    const grace = await connect(bearer(token('grace')), 'club');
    const { id: said } = await send('sendMessage', grace.id, { action: 'sendMessage', text: 'hi' });
    expect(await send('authenticate', grace.id, { action: 'authenticate', token: token('grace') })).toMatchObject({
      type: 'authenticated',
    });
    const mod = await connect(bearer(moderatorToken('heidi')), 'club');
    await send('banPerson', mod.id, { action: 'banPerson', person: said.split(':')[0] });
    await invoke.fanOut!(await stream());
    const closed = recorder.calls.filter(({ resource }) => resource.endsWith(`/DELETE/@connections/${grace.id}`));
    expect(closed.map((call) => call.function)).toContain('fanOut');
    const read = (name: string, who: string, query = {}) =>
      invoke[name]!({ ...GET, headers: bearer(who), queryStringParameters: { room: 'club', ...query } });
    for (const [name, query] of [
      ['chatHistory', {}],
      ['events', { after: '0' }],
    ] as const) {
      expect((await read(name, token('ivan'), query)).statusCode).toBe(200);
    }
    const reports = frameOf(await read('reports', moderatorToken('heidi')));
    expect(reports.bans).toEqual([expect.objectContaining({ person: said.split(':')[0] })]);
  });

  test('whoever floods is closed, on every route', async () => {
    const frames = {
      ...Object.fromEntries(commands.map(({ name }) => [name, name])),
      ping: 'ping',
      reportMessage: 'reportMessage',
      authenticate: 'authenticate',
      default: 'dance',
    };
    for (const [name, action] of Object.entries(frames)) {
      const { id } = await connectGuest();
      const isClosed = () =>
        recorder.calls.some((call) => call.function === name && call.resource.endsWith(`/DELETE/@connections/${id}`));
      // Sends up to 500 frames, because a busy machine sends slowly, and some frames then stay within the rate.
      for (let n = 0; n < 500 && !isClosed(); n++) await send(name, id, { action });
      expect(isClosed()).toBe(true);
    }
  });

  test('guests sign in, one too often', async () => {
    const answers: string[] = [];
    for (let guest = 1; guest <= 3; guest++) {
      const { id } = await connectGuest();
      const { type, code } = await send('authenticate', id, { action: 'authenticate', token: token('carol') });
      answers.push(code ?? type);
    }
    expect(answers).toEqual(['authenticated', 'authenticated', 'authenticated']);
  });

  test('the fan-out numbers and delivers, tidies up the gone and closes the expired', async () => {
    const actor = { id: 'aaaaaaaaaaaaaaaaaaaaaa', name: 'dave' };
    recorder.gone.add(await openSince(Date.now() - HOUR, { actor }));
    const expired = await openSince(Date.now() - HOUR, { actor, tokenExpiresAt: Date.now() - 1 });

    expect(await invoke.fanOut!(await stream())).toEqual({ batchItemFailures: [] });

    const closed = recorder.calls
      .filter((call) => call.function === 'fanOut' && call.resource.includes('/DELETE/'))
      .map(({ resource }) => resource);
    // `closed` has other connections, too, because `recorder` keeps the calls of earlier tests, and `stream()` passes
    // the bans of earlier tests again.
    expect(closed).toContainEqual(expect.stringContaining(expired));
  });

  test('what cannot be numbered is parked, parked again, and in the end numbered and delivered', async () => {
    const actor = { id: 'aaaaaaaaaaaaaaaaaaaaaa', name: 'erin' };
    const room = 'attic';
    // The event is a ban, so that `redrive` also writes the room's rules, together with the event's number.
    const data = { person: 'bbbbbbbbbbbbbbbbbbbbbb' };
    const event = { room, id: `${actor.id}:1`, type: 'PersonBanned', v: 1, at: 1, actor, data };
    await documentClient().send(new PutCommand({ TableName: EVENTS_TABLE, Item: event }));
    const banned = await openSince(Date.now() - HOUR, { room, actor: { id: data.person, name: 'judy' } });
    const row = { pk: `PERSON#${data.person}`, sk: 'CONNECTIONS', connectionIds: new Set([banned]) };
    await documentClient().send(new PutCommand({ TableName: STATE_TABLE, Item: row }));
    await openSince(Date.now() - HOUR, { room, actor });
    recorder.gone.add(await openSince(Date.now() - HOUR, { room, actor }));
    await openSince(Date.now() - HOUR, { room, actor, tokenExpiresAt: Date.now() - 1 });
    const dynamodb = { SequenceNumber: '1', NewImage: marshall(event) };

    recorder.refusesTransactions = true;
    const answer = await invoke.fanOut!({ Records: [{ eventName: 'INSERT', dynamodb }] });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(recorder.parked).toEqual([{ room, ids: [event.id], attempt: 0 }]);
    const redrive = () => invoke.redrive!({ Records: [{ body: JSON.stringify(recorder.parked.at(-1)) }] });
    await documentClient().send(new DeleteCommand({ TableName: STATE_TABLE, Key: { pk: 'ROOM#attic', sk: 'HEAD' } }));
    await redrive();
    expect(recorder.parked.at(-1)).toEqual({ room, ids: [event.id], attempt: 1 });

    recorder.refusesTransactions = false;
    await redrive();
    expect(recorder.parked).toHaveLength(2);
    const { Item } = await documentClient().send(
      new GetCommand({ TableName: EVENTS_TABLE, Key: { room, id: event.id } }),
    );
    expect(Item?.seq).toBe(1);
  });

  test('a large room is delivered by workers', async () => {
    const slices: Json[] = [];
    recorder.invoke = async (_, slice) => {
      slices.push(slice);
      return { delivered: slice.connections.length, gone: 0, failed: 0, expired: 0 };
    };
    const opened = Array.from({ length: 25 }, () => openSince(Date.now() - HOUR, {}));
    recorder.gone.add((await Promise.all(opened))[0]!);
    await openSince(Date.now() - HOUR, { tokenExpiresAt: Date.now() - 1 });

    expect(await invoke.fanOut!(await stream())).toEqual({ batchItemFailures: [] });
    expect(slices).toHaveLength(1);
    const delivery = await invoke.deliver!(slices[0]);
    expect(delivery).toMatchObject({ gone: expect.any(Number), expired: expect.any(Number), failed: 0 });
    expect(delivery.gone).toBeGreaterThan(0);
    expect(delivery.expired).toBeGreaterThan(0);
  });

  test('anyone reads', async () => {
    const { head, messages } = frameOf(await invoke.chatHistory!(GET));
    expect(messages).toContainEqual(expect.objectContaining({ deleted: true }));
    const after = { ...GET, queryStringParameters: { after: '0' } };
    expect(frameOf(await invoke.events!(after)).events).toHaveLength(head);
    expect(frameOf(await invoke.config!(GET))).toMatchObject({ webSocketUrl: 'wss://box.example/prod' });
  });

  test('whoever reads past the messages that are over notes where the room begins now', async () => {
    const now = Date.now();
    const actor = { id: 'aaaaaaaaaaaaaaaaaaaaaa', name: 'kim' };
    for (const [name, query] of [
      ['chatHistory', {}],
      ['events', { after: '0' }],
    ] as const) {
      const room = `kept-${name.toLowerCase()}`;
      for (const [seq, expiresAt] of [
        [1, Math.floor(now / 1_000) - 60],
        [2, Math.ceil((now + HOUR) / 1_000)],
      ] as const) {
        const event = {
          room,
          id: `${actor.id}:${seq}`,
          type: 'MessagePosted',
          v: 1,
          at: now,
          actor,
          data: { text: 'hi' },
        };
        const Item = { ...event, seq, numberedAt: now, expiresAt };
        await documentClient().send(new PutCommand({ TableName: EVENTS_TABLE, Item }));
      }
      const Key = { pk: `ROOM#${room}`, sk: 'HEAD' };
      const head = { ...Key, epoch: 'kept', seq: 2, numberedAt: now };
      await documentClient().send(new PutCommand({ TableName: STATE_TABLE, Item: head }));
      const from = recorder.calls.length;
      expect((await invoke[name]!({ ...GET, queryStringParameters: { room, ...query } })).statusCode).toBe(200);
      const { Item } = await documentClient().send(new GetCommand({ TableName: STATE_TABLE, Key }));
      expect(Item).toEqual({ ...head, floor: 1 });
      expect(recorder.calls.slice(from).map((call) => [call.function, call.action])).toContainEqual([
        ...[name, 'dynamodb:UpdateItem'],
      ]);
    }
  });

  test('whoever reads a room whose head was lost makes it anew', async () => {
    const Key = { pk: 'ROOM#lobby', sk: 'HEAD' };
    const loseHead = () => documentClient().send(new DeleteCommand({ TableName: STATE_TABLE, Key }));
    const { id } = await connectGuest();
    const { head } = await send('ping', id, { action: 'ping' });
    await loseHead();
    const anew = head + 1_000;
    expect(await send('ping', id, { action: 'ping' })).toMatchObject({ head: anew });
    await loseHead();
    expect(frameOf(await invoke.chatHistory!(GET))).toMatchObject({ head });
    await loseHead();
    const after = { ...GET, queryStringParameters: { after: String(head) } };
    expect(frameOf(await invoke.events!(after))).toMatchObject({ head: anew });
    await loseHead();
    expect((await invoke.reports!({ ...GET, headers: bearer(moderatorToken('bob')) })).statusCode).toBe(200);
  });

  test('and no call was beyond a role', () => {
    expect(recorder.calls.length).toBeGreaterThan(50);
    expect(denied(template, recorder.calls)).toEqual([]);
  });

  test('and no role allows what was never needed', () => expect(unused(template, recorder.calls)).toEqual([]));
});

describe('the proof would notice', () => {
  const statementsOf = (copy: Template, role: string): Json[] =>
    copy.Resources[role]!.Properties.Policies[0].PolicyDocument.Statement;

  test('any one permission that is missing', () => {
    for (const name of functionNames(template)) {
      const role = `${name[0]!.toUpperCase()}${name.slice(1)}Role`;
      for (const [index, { Action }] of statementsOf(template, role).entries()) {
        if (![Action].flat().some((action: string) => /^(dynamodb:\w+Item|dynamodb:Query|execute-api)/.test(action)))
          continue;
        const copy = structuredClone(template);
        statementsOf(copy, role).splice(index, 1);
        expect(denied(copy, recorder.calls).map((call) => call.function)).toContain(name);
      }
    }
  });

  test('a permission nobody needs', () => {
    const copy = structuredClone(template);
    const Resource = { 'Fn::GetAtt': ['EventsTable', 'Arn'] };
    statementsOf(copy, 'PingRole').push({ Effect: 'Allow', Action: ['dynamodb:DeleteItem'], Resource });
    expect(unused(copy, recorder.calls)).toEqual([
      expect.objectContaining({ function: 'ping', action: 'dynamodb:DeleteItem' }),
    ]);
  });
});
