import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoAdmission } from '../../src/infra/dynamodb/admission.ts';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { DynamoConnections } from '../../src/infra/dynamodb/connections.ts';
import { DynamoRateLimiter } from '../../src/infra/dynamodb/rate-limiter.ts';
import { admissionContract, FRAMES } from '../contracts/admission.ts';
import { connectionsContract, MAX_PER_PERSON } from '../contracts/connections.ts';
import { BUCKET, rateLimiterContract } from '../contracts/rate-limiter.ts';
import { STATE_TABLE, startDynamoDB, type TestDynamoDB } from '../dynamodb.ts';

let engine: TestDynamoDB;
let time = Date.now();
const now = () => time;
const pass = (ms: number) => {
  time += ms;
};

beforeAll(async () => {
  engine = await startDynamoDB();
});
afterAll(() => engine.stop());

describe('connections on DynamoDB', () => {
  let connections: DynamoConnections;

  beforeAll(() => {
    connections = new DynamoConnections(documentClient(), STATE_TABLE, MAX_PER_PERSON, now);
  });

  const admission = () => new DynamoAdmission(documentClient(), STATE_TABLE, FRAMES, now);
  const find = (id: string) => admission().admit(id);
  // `settled` does not wait, because the indexes of the local engines do not lag.
  connectionsContract(() => ({ connections, find, now, pass, settled: async () => {} }));
  admissionContract(() => ({ admission, connections, now, pass }));

  it('given frames at once of which the second is first at the table, then every frame is counted', async () => {
    const connection = { id: `overtaken-${process.pid}`, room: 'lobby', connectedAt: now() };
    await connections.add(connection);
    const db = documentClient();
    const send = db.send.bind(db) as (command: unknown) => Promise<unknown>;
    const answers: PromiseWithResolvers<void>[] = Array.from({ length: 3 }, () => Promise.withResolvers());
    // The first request waits for the answer to the second, and the third for the answer to the first.
    const waitsFor = [answers[1], undefined, answers[0]];
    let requests = 0;
    db.send = async (command: unknown) => {
      const request = requests++;
      await waitsFor[request]?.promise;
      return send(command).finally(() => answers[request]?.resolve()) as never;
    };
    const overtaken = new DynamoAdmission(db, STATE_TABLE, FRAMES, now);
    const refusals = await Promise.all([overtaken.refused(connection.id, 500), overtaken.refused(connection.id, 500)]);
    expect(refusals.map(({ early }) => early)).toEqual([0, 1]);
  });

  it('given more than fill a page of 1 MB, then they are listed whole', async () => {
    const room = `many-${process.pid}`;
    const id = (i: number) => `${'n'.repeat(64)}${room}-${i}`;
    const many = Array.from({ length: 7_000 }, (_, i) => ({
      id: id(i),
      room,
      connectedAt: time,
      tokenExpiresAt: time,
    }));
    for (let i = 0; i < many.length; i += 200) {
      await Promise.all(many.slice(i, i + 200).map((one) => connections.add(one)));
    }
    let pages = 0;
    const found = new Set<string>();
    for await (const page of connections.inRoom(room, new AbortController().signal)) {
      pages++;
      for (const { id } of page) found.add(id);
    }
    expect(found.size).toBe(7_000);
    expect(pages).toBeGreaterThan(1);
  });
});

describe('the rate limiter on DynamoDB', () => {
  let limiter: DynamoRateLimiter;

  beforeAll(() => {
    limiter = new DynamoRateLimiter(documentClient(), STATE_TABLE, BUCKET, now);
  });

  rateLimiterContract(() => ({ limiter, pass }));

  it('given a bucket that becomes full again while many take at once, then nobody is refused', async () => {
    // Each read of the clock advances it by a millisecond, and the bucket gains a token every four milliseconds.
    const ticking = () => time++;
    const fast = new DynamoRateLimiter(documentClient(), STATE_TABLE, { burst: 500, perSecond: 250 }, ticking);
    const refused = await Promise.allSettled(Array.from({ length: 100 }, () => fast.take('fast')));
    expect(refused.filter(({ status }) => status === 'rejected')).toEqual([]);
  });
});
