import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleOptions } from '../../deploy/bundle-plugin.ts';
import { noRules } from '../../src/domain/governance/rules.ts';
import type { NewEvent } from '../../src/domain/ports/event-log.ts';
import type { SequencedEvent } from '../../src/domain/schema.generated.ts';
import { traceFanOut } from '../../src/infra/xray.ts';
import { startDynamoDB, type TestDynamoDB } from '../dynamodb.ts';
import { startXRayDaemon } from './xray-daemon.ts';

let daemon: Awaited<ReturnType<typeof startXRayDaemon>>;
let db: TestDynamoDB;

beforeAll(async () => {
  daemon = await startXRayDaemon();
  db = await startDynamoDB();
});
afterAll(async () => {
  daemon.stop();
  await db.stop();
});

const actor = { id: 'aaaaaaaaaaaaaaaaaaaaaa', name: 'alice' };
const event = (id: string, trace?: string): NewEvent => ({
  ...{ room: 'lobby', id: `${actor.id}:${id}`, type: 'MessagePosted', v: 1, at: 0, actor, data: { text: 'hi' } },
  ...(trace && { trace }),
});

test('a fan-out shows in the trace of each sampled append it serves', async () => {
  const events = [
    event('sampled', 'Root=1-aaaaaaaa-aaaaaaaaaaaaaaaaaaaaaaaa;Parent=bbbbbbbbbbbbbbbb;Sampled=1;Lineage=1:x:0'),
    event('not-sampled', 'Root=1-cccccccc-cccccccccccccccccccccccc;Parent=dddddddddddddddd;Sampled=0'),
    event('untraced'),
  ];
  const numbered = events.map(
    ({ room: _, v: __, trace: ___, ...rest }, index) => ({ seq: index + 7, ...rest }) as SequencedEvent,
  );
  const env = { AWS_XRAY_DAEMON_ADDRESS: daemon.address, _X_AMZN_TRACE_ID: 'Root=1-eeeeeeee-0;Parent=f;Sampled=1' };

  await traceFanOut(
    events,
    { epoch: 'e', rules: noRules, events: numbered, assigned: 3 },
    { startedAt: 1_000, endedAt: 2_000 },
    Math.random,
    env,
  );

  expect(await daemon.hear(1)).toEqual([
    expect.objectContaining({
      trace_id: '1-aaaaaaaa-aaaaaaaaaaaaaaaaaaaaaaaa',
      parent_id: 'bbbbbbbbbbbbbbbb',
      type: 'subsegment',
      name: 'fanOut',
      start_time: 1,
      annotations: { room: 'lobby', epoch: 'e', seq: 7, fan_out_trace: '1-eeeeeeee-0' },
    }),
  ]);
});

test('the read API shows its DynamoDB calls in its trace, in every invocation', async () => {
  const outdir = await mkdtemp(join(tmpdir(), 'shout-box-trace-'));
  await build({ ...bundleOptions, entryPoints: ['src/handlers/chatHistory.ts'], outdir });
  const invoke = `
    const { handler } = require(${JSON.stringify(join(outdir, 'chatHistory.cjs'))});
    const request = { headers: {}, requestContext: { http: { sourceIp: '203.0.113.7' } } };
    const answers = [];
    (async () => {
      for (const trace of ['1-11111111-111111111111111111111111', '1-22222222-222222222222222222222222']) {
        process.env._X_AMZN_TRACE_ID = 'Root=' + trace + ';Parent=1234567890abcdef;Sampled=1';
        await new Promise((resolve) => setImmediate(async () => resolve(answers.push(await handler(request, {})))));
      }
      console.error(answers.map(({ statusCode }) => statusCode).join());
    })();`;
  const env = {
    ...process.env,
    ...{ AWS_XRAY_DAEMON_ADDRESS: daemon.address, LAMBDA_TASK_ROOT: outdir, AWS_EMF_NAMESPACE: 'test' },
    ...{ ISSUER: 'https://issuer.example', AUDIENCE: 'box', ALLOWED_ORIGINS: '*', GUESTS: 'true' },
  };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['-e', invoke], { env });
  expect(stderr, stdout).toBe('200,200\n');

  const subsegments = (await daemon.hear(3)).filter(({ name }) => name === 'DynamoDB');
  expect(subsegments.map(({ trace_id, aws }) => [trace_id, aws?.operation])).toEqual(
    expect.arrayContaining([
      ['1-11111111-111111111111111111111111', 'GetItem'],
      ['1-22222222-222222222222222222222222', 'GetItem'],
    ]),
  );
});
