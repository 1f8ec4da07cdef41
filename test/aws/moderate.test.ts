import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Claim, claimDataDir, type LocalAddresses, writeAddresses } from '../../local/data-dir.ts';
import { OPERATOR } from '../../src/domain/governance/operator.ts';
import { sequence } from '../../src/domain/numbering/sequence.ts';
import type { NewEvent } from '../../src/domain/ports/event-log.ts';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { DynamoEventLog } from '../../src/infra/dynamodb/event-log.ts';
import { unnumberedEvents } from '../../src/infra/dynamodb/unnumbered-events.ts';
import { runtime } from '../../src/infra/runtime.ts';
import { EVENTS_TABLE, STATE_TABLE, startDynamoDB, type TestDynamoDB } from '../dynamodb.ts';

const bob = { id: 'bbbbbbbbbbbbbbbbbbbbbb', name: 'bob' };
const message: NewEvent = {
  ...{ room: 'lobby', id: `${bob.id}:1`, type: 'MessagePosted', v: 1, at: 1, actor: bob, data: { text: 'bad' } },
};

let db: TestDynamoDB;
let log: DynamoEventLog;
let dataDir: string;
let claim: Claim;

beforeAll(async () => {
  db = await startDynamoDB();
  log = new DynamoEventLog(documentClient(), { eventsTable: EVENTS_TABLE, stateTable: STATE_TABLE }, runtime);
  dataDir = await mkdtemp(join(tmpdir(), 'shout-box-moderate-'));
  claim = await claimDataDir(dataDir);
  const addresses = { ws: 'ws://127.0.0.1:9', dynamodb: db.endpoint, pid: process.pid };
  await writeAddresses(dataDir, addresses as LocalAddresses);
  await log.append(message);
  await sequence(log, 'lobby', [message]);
});
afterAll(async () => {
  await db.stop();
  await claim.release();
  await rm(dataDir, { recursive: true });
});

/** Runs `deploy/moderate.ts`, and meanwhile numbers the event that it appends, as the fan-out would. */
async function moderate(...args: string[]): Promise<{ code: number; out: string }> {
  const env = { ...process.env, SHOUT_DATA_DIR: dataDir };
  let ended = false;
  const run = promisify(execFile)(process.execPath, ['deploy/moderate.ts', ...args], { env }).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    ({ code, stdout, stderr }) => ({ code: code as number, out: `${stdout}${stderr}` }),
  );
  void run.finally(() => {
    ended = true;
  });
  while (!ended) {
    for await (const event of unnumberedEvents(documentClient(), EVENTS_TABLE, () => {})) {
      await sequence(log, event.room, [event]);
    }
    await runtime.sleep(50);
  }
  return run;
}

test('the operator runs a room from the terminal, through the domain of moderators', async () => {
  expect(await moderate('reports')).toEqual({ code: 0, out: expect.stringContaining('Nobody is banned') });
  expect(await moderate('ban', bob.id, '--for', '1d', '--hide')).toEqual({
    code: 0,
    out: expect.stringMatching(/^Done\. It holds from number 2 on/),
  });
  const { bans } = await log.rules('lobby', await log.head('lobby'));
  expect(bans).toEqual({ [bob.id]: { until: expect.any(Number), byOperator: true } });
  expect((await moderate('reports')).out).toMatch(/bob, banned until .* by the operator/);
  expect((await moderate('delete', message.id, '--reason', 'abuse')).code).toBe(0);
  expect((await log.find('lobby', message.id))?.data).toEqual({ deleted: true, byModerator: true });
  expect((await moderate('words', 'add', 'idiot', 'kill yourself')).out).toBe('idiot\nkill yourself\n');
  expect(JSON.parse((await moderate('words', 'remove', 'idiot', '--json')).out)).toEqual({
    ...{ kind: 'words', words: ['kill yourself'] },
  });
  const acts = JSON.parse((await moderate('log', '--json')).out).events;
  expect(acts.map(({ type, actor }: NewEvent) => [type, actor.id])).toEqual([
    ['MessageDeleted', OPERATOR.id],
    ['PersonBanned', OPERATOR.id],
  ]);
});

test('what cannot be done is one sentence and a non-zero exit', async () => {
  expect(await moderate('pin', `${bob.id}:nothing`)).toEqual({
    code: 1,
    out: '\nThere is no such message in this room.\n',
  });
  expect((await moderate('dance')).code).toBe(1);
  const phrase = 'one two three four five six';
  expect(await moderate('words', 'add', phrase)).toEqual({ code: 1, out: `\n"${phrase}" has more than 5 words.\n` });
});
