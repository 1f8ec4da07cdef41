import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Claim, claimDataDir, type LocalAddresses, writeAddresses } from '../../local/data-dir.ts';
import { sequence } from '../../src/domain/numbering/sequence.ts';
import type { NewEvent } from '../../src/domain/ports/event-log.ts';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { DynamoEventLog } from '../../src/infra/dynamodb/event-log.ts';
import { runtime } from '../../src/infra/runtime.ts';
import { EVENTS_TABLE, STATE_TABLE, startDynamoDB, type TestDynamoDB } from '../dynamodb.ts';

const actor = { id: 'aaaaaaaaaaaaaaaaaaaaaa', name: 'alice' };

let db: TestDynamoDB;
let log: DynamoEventLog;
let dataDir: string;
let claim: Claim;
/** Frames that were posted to connections. */
const posted: { room: string; events: { seq: number }[] }[] = [];
const gateway = createServer(async (request, response) => {
  posted.push((await json(request)) as (typeof posted)[number]);
  response.end();
});

beforeAll(async () => {
  db = await startDynamoDB();
  log = new DynamoEventLog(documentClient(), { eventsTable: EVENTS_TABLE, stateTable: STATE_TABLE }, runtime);
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  dataDir = await mkdtemp(join(tmpdir(), 'shout-box-redrive-'));
  claim = await claimDataDir(dataDir);
  const ws = `ws://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
  await writeAddresses(dataDir, { ws, dynamodb: db.endpoint, pid: process.pid } as LocalAddresses);
});
afterAll(async () => {
  gateway.closeAllConnections();
  gateway.close();
  await db.stop();
  await claim.release();
  await rm(dataDir, { recursive: true });
});

/** Appends a message with the time `at`. Its text is `at`, too. */
async function append(room: string, at: number): Promise<NewEvent> {
  const id = `${actor.id}:${randomUUID()}`;
  const event: NewEvent = { room, id, type: 'MessagePosted', v: 1, at, actor, data: { text: `${at}` } };
  await log.append(event);
  return event;
}

async function redrive(): Promise<string> {
  const env = { ...process.env, SHOUT_DATA_DIR: dataDir };
  return (await promisify(execFile)(process.execPath, ['deploy/redrive.ts'], { env })).stdout;
}

test('events left without a number are numbered in the order they came, and delivered; others keep theirs', async () => {
  await sequence(log, 'lobby', [await append('lobby', 1)]);
  for (let at = 2; at <= 120; at++) await append('lobby', at);
  await append('backstage', 7);
  const connection = { pk: 'CONN#x', sk: 'CONN', connectionId: 'x', room: 'lobby', connectedAt: 0 };
  const Item = { ...connection, expiresAt: Math.ceil(Date.now() / 1_000) + 60 };
  await documentClient().send(new PutCommand({ TableName: STATE_TABLE, Item }));

  await documentClient().send(new PutCommand({ TableName: EVENTS_TABLE, Item: { room: 'lobby', id: 'no event' } }));

  const said = await redrive();

  expect(said).toContain('lobby: 90 without a number, 90 numbered now');
  expect(said).toContain('lobby: 29 without a number, 29 numbered now');
  expect(said).toContain('120 events were redriven.');
  const events = await log.readAfter('lobby', 0, 200);
  expect(events.map(({ seq, at }) => [seq, at])).toEqual(Array.from({ length: 120 }, (_, i) => [i + 1, i + 1]));
  expect(await log.readAfter('backstage', 0, 10)).toHaveLength(1);
  expect(posted.flatMap((frame) => frame.events.map(({ seq }) => seq))).toEqual(
    Array.from({ length: 119 }, (_, i) => i + 2),
  );

  expect(await redrive()).toBe('Every event has its number.\n');
});

test('where no stack runs it says so', async () => {
  const env = { ...process.env, SHOUT_DATA_DIR: join(dataDir, 'nothing-here') };
  const failed = promisify(execFile)(process.execPath, ['deploy/redrive.ts'], { env });
  await expect(failed).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('No stack is running') });
});
