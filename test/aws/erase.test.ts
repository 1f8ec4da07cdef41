import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sequence } from '../../src/domain/numbering/sequence.ts';
import type { NewEvent } from '../../src/domain/ports/event-log.ts';
import type { Actor } from '../../src/domain/schema.generated.ts';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { unnumberedEvents } from '../../src/infra/dynamodb/unnumbered-events.ts';
import { runtime } from '../../src/infra/runtime.ts';
import { exception, on } from '../faults/proxies/dynamodb.ts';
import { reset } from '../faults/proxies/http-proxy.ts';
import { type OperatorStage, startOperatorStage } from './operator-stage.ts';

const bob = {
  id: 'b'.repeat(22),
  name: 'Bob Berlin',
  picture: 'https://pictures.example/bob.png',
  skeleton: 'sk3l3ton',
};
const carol = { id: 'c'.repeat(22), name: 'Carol' };

let stage: OperatorStage;
beforeAll(async () => {
  stage = await startOperatorStage();
});
afterAll(() => stage.stop());

let count = 0;
async function said(room: string, actor: Actor, words: string): Promise<NewEvent> {
  const id = `${actor.id}:${count++}`;
  const event: NewEvent = { room, id, type: 'MessagePosted', v: 1, at: 1, actor, data: { text: words } };
  await stage.log.append(event);
  await sequence(stage.log, room, [event]);
  return event;
}

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the command, and meanwhile numbers events as the fan-out would. */
async function run(args: readonly string[], env: NodeJS.ProcessEnv, ends?: (kill: () => void) => void): Promise<Ended> {
  const child = spawn(process.execPath, ['deploy/erase.ts', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  ends?.(() => child.kill('SIGKILL'));
  let ended = false;
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  void exit.then(() => {
    ended = true;
  });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  while (!ended) {
    for await (const event of unnumberedEvents(documentClient(), stage.eventsTable, () => {})) {
      await sequence(stage.log, event.room, [event]);
    }
    await runtime.sleep(50);
  }
  const [out, err] = await said;
  return { code: await exit, out, err };
}

async function everything(): Promise<string> {
  const tables = [stage.eventsTable, stage.stateTable];
  const scans = tables.map((TableName) => documentClient().send(new ScanCommand({ TableName })));
  return JSON.stringify((await Promise.all(scans)).map(({ Items }) => Items));
}

test('a person is erased from a stage, whatever is throttled and where it is killed, and told so', async () => {
  for (let n = 0; n < 30; n++) await said(n % 3 ? 'lobby' : 'garden', n % 2 ? bob : carol, `words ${n}`);
  const mention = await said('lobby', carol, 'Bob Berlin was here');
  const row = { pk: 'CONN#1', sk: 'CONN', connectionId: '1', room: 'lobby', actor: bob };
  await documentClient().send(new PutCommand({ TableName: stage.stateTable, Item: row }));
  const args = ['--stage', 'prod', '--person', bob.id, '--yes'];

  // Kills the command at its fifth `UpdateItem`.
  let writes = 0;
  let restored = () => {};
  const killed = await run(args, stage.onAws, (kill) => {
    restored = stage.proxy.intervene(
      on(['UpdateItem'], async (call, forward) => {
        if (++writes < 5) return forward(call);
        kill();
        throw reset;
      }),
    );
  });
  restored();
  expect(killed.code).toBeNull();
  expect(await everything()).toMatch(/pictures\.example/);

  // Throttles each write once, and the first write four times. The Lambda functions give up after four attempts, but
  // this command must go on.
  const tries = new Map<string, number>();
  const relieved = stage.proxy.intervene(
    on(['UpdateItem', 'PutItem'], async (call, forward) => {
      const write = call.body.toString();
      tries.set(write, (tries.get(write) ?? 0) + 1);
      const most = write === [...tries.keys()][0] ? 4 : 1;
      return tries.get(write)! <= most ? exception('ThrottlingException') : forward(call);
    }),
  );
  const { code, out, err } = await run(args, stage.onAws);
  relieved();

  expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^Round \d: \d+ items looked at/) });
  expect([...tries.values()]).toEqual([5, ...Array(tries.size - 1).fill(2)]);
  expect(out).toMatch(
    /^Erased: \d+ events of the log, 1 row of state\.\nProven: \d+ items of both tables and every page of 2 rooms/,
  );
  expect(out).toContain(`--room lobby --message ${mention.id}`);
  expect((await everything()).replace('Bob Berlin was here', '')).not.toMatch(
    /Berlin|pictures\.example|sk3l3ton|words 29/,
  );
  const events = await stage.log.readAfter('lobby', 0, 100);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.filter(({ type }) => type === 'PersonErased')).toHaveLength(1);

  const again = JSON.parse((await run([...args, '--json'], stage.onAws)).out);
  expect(again).toMatchObject({ proven: true, events: 0, rows: 0, untold: [] });
}, 240_000);

test('a message is erased on a stage', async () => {
  const { id } = await said('lobby', carol, 'my address');
  const { code, out } = await run(['--stage', 'prod', '--message', id, '--yes'], stage.onAws);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('every page of the room lobby') });
  expect(await everything()).not.toContain('my address');
});

test.each([
  ['nothing', [], /npm run erase/],
  ['both', ['--person', bob.id, '--message', `${bob.id}:1`], /not both/],
  ['no id of a person', ['--person', 'bob'], /id of 22 characters, not "bob"/],
  ['no id of a message', ['--message', 'bob'], /not "bob"/],
  ['a person in a room', ['--person', bob.id, '--room', 'lobby'], /leave --room out/],
  ['the operator', ['--person', 'operator'.padEnd(22, '-')], /The operator/],
  ['an option that is none', ['--persno', bob.id], /persno/],
  ['no answer to the question', ['--person', bob.id], /cannot be undone\. Say --yes/],
  ['a message that is not there', ['--message', `${bob.id}:nothing`, '--yes'], /There is no message/],
  ['a stage that is not there', ['--stage', 'other', '--person', bob.id, '--yes'], /There is no stack shout-box-other/],
])(
  '%s is one sentence and a non-zero exit',
  async (_, args, sentence) => {
    const env = args.includes('--stage') ? stage.onAws : stage.onThisMachine;
    const { code, out, err } = await run(args, env);
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: expect.stringMatching(sentence) });
  },
  30_000,
);
