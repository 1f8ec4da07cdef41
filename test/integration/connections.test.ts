import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/domain/ports/connections.ts';
import { documentClient } from '../../src/infra/dynamodb/client.ts';
import { DynamoConnections } from '../../src/infra/dynamodb/connections.ts';
import { DynamoRateLimiter } from '../../src/infra/dynamodb/rate-limiter.ts';
import { STATE_TABLE, startDynamoDB, type TestDynamoDB } from '../dynamodb.ts';

let engine: TestDynamoDB;
let now = Date.now();
let connections: DynamoConnections;
const ids = counter();

beforeAll(async () => {
  engine = await startDynamoDB();
  connections = new DynamoConnections(documentClient(), STATE_TABLE, 3, () => now);
});
afterAll(() => engine.stop());

function* counter() {
  for (let id = 0; ; id++) yield `${process.pid}-${id}`;
}
const unique = () => ids.next().value as string;
const person = () => ({ id: unique().padEnd(22, 'x'), name: 'somebody' });

function connection(overrides: Partial<Connection> = {}): Connection {
  return { id: unique(), room: 'lobby', connectedAt: now, ...overrides };
}

async function idsInRoom(room: string): Promise<string[]> {
  const found: string[] = [];
  for await (const page of connections.inRoom(room)) found.push(...page.map(({ id }) => id));
  return found.sort();
}

describe('connections', () => {
  it('are found by id and listed by room until they are removed', async () => {
    const room = unique();
    const one = connection({ room, actor: person(), tokenExpiresAt: now + 1_000 });
    const other = connection({ room });
    await connections.add(one);
    await connections.add(other);
    await connections.add(connection());
    expect(await connections.find(one.id)).toEqual(one);
    expect(await idsInRoom(room)).toEqual([one.id, other.id].sort());
    await connections.remove(one);
    await connections.remove(one);
    expect(await connections.find(one.id)).toBeUndefined();
    expect(await idsInRoom(room)).toEqual([other.id]);
  });

  it('are forgotten many at once, and free their person when the cap is reached', async () => {
    const room = unique();
    const actor = person();
    const held = Array.from({ length: 3 }, () => connection({ room, actor, tokenExpiresAt: now + 1_000 }));
    const guests = Array.from({ length: 60 }, () => connection({ room }));
    for (const one of [...held, ...guests]) await connections.add(one);
    await connections.forget([...held, ...guests.slice(1)].map(({ id }) => id));
    await connections.forget([]);
    expect(await idsInRoom(room)).toEqual([guests[0]!.id]);
    await connections.add(connection({ room, actor, tokenExpiresAt: now + 1_000 }));
  });

  it('are listed whole when they fill several pages of 1 MB', async () => {
    const room = unique();
    const long = 'n'.repeat(64);
    const many = Array.from({ length: 7_000 }, (_, i) =>
      connection({ id: `${long}${room}-${i}`, room, tokenExpiresAt: now }),
    );
    for (let i = 0; i < many.length; i += 200) {
      await Promise.all(many.slice(i, i + 200).map((one) => connections.add(one)));
    }
    let pages = 0;
    const found = new Set<string>();
    for await (const page of connections.inRoom(room)) {
      pages++;
      for (const { id } of page) found.add(id);
    }
    expect(found.size).toBe(7_000);
    expect(pages).toBeGreaterThan(1);
  });

  it('that outlived their two hours are not read, though TTL has not deleted them yet', async () => {
    const room = unique();
    const one = connection({ room });
    await connections.add(one);
    now += 2 * 3_600_000 + 2_000;
    expect(await connections.find(one.id)).toBeUndefined();
    expect(await idsInRoom(room)).toEqual([]);
  });
});

describe('the cap per person', () => {
  it('holds exactly when many connect at once', async () => {
    const actor = person();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => connections.add(connection({ actor, tokenExpiresAt: now + 1_000 }))),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });

  it('gives a place back when a connection is removed', async () => {
    const actor = person();
    const open = [1, 2, 3].map(() => connection({ actor }));
    for (const one of open) await connections.add(one);
    await expect(connections.add(connection({ actor }))).rejects.toMatchObject({ code: 'rate_limited' });
    await connections.remove(open[0]!);
    await expect(connections.add(connection({ actor }))).resolves.toBeUndefined();
  });

  it('does not count connections whose $disconnect never came, once their time is over', async () => {
    const actor = person();
    for (const one of [1, 2, 3].map(() => connection({ actor }))) await connections.add(one);
    now += 2 * 3_600_000 + 2_000;
    await expect(connections.add(connection({ actor }))).resolves.toBeUndefined();
  });
});

describe('authenticate', () => {
  it('renews the same person and never makes one person another', async () => {
    const actor = person();
    const one = connection({ actor, tokenExpiresAt: now + 1_000 });
    await connections.add(one);
    expect(await connections.authenticate(one, { ...actor, name: 'renamed' }, now + 9_000)).toBe(true);
    expect(await connections.find(one.id)).toMatchObject({ actor: { name: 'renamed' }, tokenExpiresAt: now + 9_000 });
    expect(await connections.authenticate(one, person(), now + 9_000)).toBe(false);
    // What the caller read may be old: the store decides.
    const { actor: _actor, ...asGuest } = one;
    expect(await connections.authenticate(asGuest, person(), now + 9_000)).toBe(false);
  });

  it('signs a guest in and counts the connection as theirs', async () => {
    const actor = person();
    const guest = connection();
    await connections.add(guest);
    expect(await connections.authenticate(guest, actor, now + 9_000)).toBe(true);
    expect(await connections.find(guest.id)).toMatchObject({ actor });
    await connections.add(connection({ actor }));
    await connections.add(connection({ actor }));
    await expect(connections.add(connection({ actor }))).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('says false for a connection that is gone', async () => {
    expect(await connections.authenticate(connection(), person(), now)).toBe(false);
  });
});

describe('the rate limiter', () => {
  it('lets a burst through, then one per second, and says when', async () => {
    const limiter = new DynamoRateLimiter(documentClient(), STATE_TABLE, { burst: 3, perSecond: 1 }, () => now);
    const key = unique();
    for (let i = 0; i < 3; i++) await limiter.take(key);
    await expect(limiter.take(key)).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 1_000 });
    now += 1_000;
    await limiter.take(key);
    await expect(limiter.take(key)).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('never gives out more than the burst when many take at once', async () => {
    const limiter = new DynamoRateLimiter(documentClient(), STATE_TABLE, { burst: 5, perSecond: 1 }, () => now);
    const key = unique();
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => limiter.take(key)));
    const taken = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThanOrEqual(5);
  });
});
