import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SqsParking } from '../../src/infra/sqs/sqs-parking.ts';
import { freePort } from '../ports.ts';
import { type Message, messagesIn, Queue, type QueuePolicy } from './queue.ts';
import { serveQueue } from './server.ts';
import { queuedFunctionOf } from './settings.ts';

const policy: QueuePolicy = { visibilityMs: 1_000, maxReceives: 3 };
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Creates a queue with its own clock, and records what becomes of its messages. */
function queueing(invoke: (body: string, at: number) => void = () => {}, kept: Message[] = []) {
  let now = 0;
  let timers: { at: number; callback: () => void }[] = [];
  const invoked: [body: string, at: number][] = [];
  const givenUp: string[] = [];
  let saved: readonly Message[] = kept;
  let full = false;
  let held: PromiseWithResolvers<void> | undefined;
  const troubles: string[] = [];
  const queue = new Queue(
    policy,
    {
      invoke: async (body) => {
        invoked.push([body, now]);
        invoke(body, now);
      },
      giveUp: async (body) => void givenUp.push(body),
      now: () => now,
      after: (ms, callback) => {
        const timer = { at: now + ms, callback };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
      save: async (messages) => {
        if (full) throw new Error('no space left');
        const reason = held;
        held = undefined;
        if (reason) await reason.promise;
        saved = structuredClone(messages);
      },
      troubled: ({ message }) => void troubles.push(message),
    },
    kept,
  );
  const pass = async (ms: number) => {
    const until = now + ms;
    for (await settled(); timers.some(({ at }) => at <= until); await settled()) {
      const next = timers.toSorted((a, b) => a.at - b.at)[0]!;
      timers = timers.filter((other) => other !== next);
      now = Math.max(now, next.at);
      next.callback();
    }
    now = until;
  };
  const fill = (on: boolean) => {
    full = on;
  };
  /** Holds the next save. @returns a function that makes it fail */
  const hold = () => {
    held = Promise.withResolvers<void>();
    return held.reject;
  };
  return { queue, invoked, givenUp, pass, saved: () => saved, troubles, fill, hold };
}
const boom = () => {
  throw new Error('boom');
};

describe('a queue', () => {
  it('passes each message on when its delay is over, and then has it no more', async () => {
    const { queue, invoked, pass, saved } = queueing();
    await queue.send('late', 500);
    await queue.send('soon', 0);
    await pass(400);
    expect(saved().map(({ body }) => body)).toEqual(['late']);
    await pass(400);
    expect(invoked).toEqual([
      ['soon', 0],
      ['late', 500],
    ]);
    expect(saved()).toEqual([]);
  });

  it('passes a message on again after the visibility timeout, until that succeeds', async () => {
    const { queue, invoked, pass } = queueing((_, at) => at < 1_000 && boom());
    await queue.send('a', 0);
    await pass(5_000);
    expect(invoked).toEqual([
      ['a', 0],
      ['a', 1_000],
    ]);
  });

  it('leaves what fails too often to the other queue', async () => {
    const { queue, invoked, givenUp, pass, saved } = queueing(boom);
    await queue.send('a', 0);
    await pass(10_000);
    expect(invoked).toHaveLength(3);
    expect(givenUp).toEqual(['a']);
    expect(saved()).toEqual([]);
  });

  it('takes what a function sends while it runs', async () => {
    const { queue, invoked, pass } = queueing((body) => body === 'a' && void queue.send('b', 2_000));
    await queue.send('a', 0);
    await pass(3_000);
    expect(invoked).toEqual([
      ['a', 0],
      ['b', 2_000],
    ]);
  });

  it('begins with what an earlier run has left', async () => {
    const { invoked, pass } = queueing(undefined, [{ body: 'a', visibleAt: 0, receives: 1 }]);
    await pass(1);
    expect(invoked).toEqual([['a', 0]]);
  });

  it('goes on where its messages cannot be kept, and says so', async () => {
    const { queue, invoked, pass, saved, troubles, fill } = queueing();
    await queue.send('a', 1);
    await queue.send('b', 1);
    fill(true);
    await pass(1);
    expect(troubles[0]).toBe('no space left');
    fill(false);
    await queue.send('c', 1);
    await pass(1);
    expect(invoked.map(([body]) => body)).toEqual(['a', 'b', 'c']);
    expect(saved()).toEqual([]);
  });

  it('does not process a message that it refused because it could not keep it', async () => {
    const { queue, invoked, pass, fill } = queueing();
    fill(true);
    await expect(queue.send('a', 0)).rejects.toThrow('no space left');
    fill(false);
    await queue.send('a', 0);
    await pass(1);
    expect(invoked).toEqual([['a', 0]]);
  });

  it('neither processes a message while it is being kept, nor loses another where that fails', async () => {
    const { queue, invoked, pass, saved, hold } = queueing();
    await queue.send('later', 600);
    await queue.send('first', 0);
    const fail = hold();
    const refused = expect(queue.send('a', 0)).rejects.toThrow('no space left');
    await pass(100);
    fail(new Error('no space left'));
    await refused;
    expect(saved().map(({ body }) => body)).toContain('later');
    await pass(1_000);
    expect(invoked).toEqual([
      ['first', 0],
      ['later', 600],
    ]);
    expect(saved()).toEqual([]);
  });

  it('starts nothing after it was stopped', async () => {
    const { queue, invoked, pass } = queueing();
    await queue.send('a', 0);
    await queue.stop();
    await pass(10);
    expect(invoked).toEqual([]);
  });
});

describe('its file', () => {
  it('survives a restart, and no message is hidden then', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'queue-'));
    const file = join(dir, 'new/queue.json');
    const { save, load } = messagesIn(file);
    expect(await load()).toEqual([]);
    await Promise.all([save([]), save([{ body: 'a', visibleAt: 9e15, receives: 1 }])]);
    expect(await messagesIn(file).load()).toEqual([{ body: 'a', visibleAt: 0, receives: 1 }]);
    await rm(dir, { recursive: true });
  });
});

it('does not begin anew where its file cannot be read', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'queue-'));
  await expect(messagesIn(dir).load()).rejects.toThrow('EISDIR');
  await rm(dir, { recursive: true });
});

describe('its address', () => {
  let stop = () => {};
  afterEach(() => stop());

  it('answers 500 to what is no JSON, and to what it cannot keep, and goes on', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    const stop = await serveQueue(url, async () => {
      throw new Error('no space left');
    });
    const headers = { 'x-amz-target': 'AmazonSQS.SendMessage' };
    for (const body of ['no JSON', '{"MessageBody":"kept"}']) {
      expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(500);
    }
    stop();
  });

  it('takes what the functions park', async () => {
    const url = `http://127.0.0.1:${await freePort()}/parked-events`;
    const sent: [body: string, delayMs: number][] = [];
    stop = await serveQueue(url, async (...message) => void sent.push(message));
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const parking = new SqsParking({ url, region: 'eu-central-1', credentials });
    const parked = { room: 'lobby', ids: ['aaaaaaaaaaaaaaaaaaaaaa:1'], attempt: 0 };
    await parking.park(parked, 7);
    expect(sent).toEqual([[JSON.stringify(parked), 7_000]]);
  });
});

describe('the queue of serverless.yml', () => {
  const arn = { 'Fn::GetAtt': ['ParkedEvents', 'Arn'] };
  const resources = {
    ParkedEvents: {
      Type: 'AWS::SQS::Queue',
      Properties: { VisibilityTimeout: 360, RedrivePolicy: { maxReceiveCount: 5 } },
    },
  };
  it('is played as its resource says', () => {
    const functions = { fanOut: { events: [{}] }, redrive: { events: [{ sqs: { arn, batchSize: 1 } }] } };
    expect(queuedFunctionOf(functions, resources)).toEqual({
      functionKey: 'redrive',
      policy: { visibilityMs: 360_000, maxReceives: 5 },
    });
    expect(queuedFunctionOf({ fanOut: {} }, resources)).toBeUndefined();
  });

  it.each([
    ['two messages at a time', { arn, batchSize: 2 }, resources, 'batchSize 1'],
    ['no limit of tries', { arn, batchSize: 1 }, { ParkedEvents: { Type: '', Properties: {} } }, 'RedrivePolicy'],
  ])('is refused with %s', (_, sqs, known, message) => {
    expect(() => queuedFunctionOf({ redrive: { events: [{ sqs }] } }, known)).toThrow(message);
  });
});
