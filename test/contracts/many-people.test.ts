import { expect, it } from 'vitest';
import { countPeople } from '../../src/domain/presence/count-people.ts';
import { DynamoConnections } from '../../src/infra/dynamodb/connections.ts';
import { RoomPeople } from '../../src/infra/dynamodb/room-people.ts';
import { inMemoryClient } from '../in-memory/dynamodb/client.ts';
import { InMemoryDynamoDB } from '../in-memory/dynamodb/engine.ts';
import { STATE_TABLE, tableResources } from '../tables.ts';

const VIEWERS = 100_000;
const START = 1_700_000_000_000;
const PING_INTERVAL_MS = 240_000;
/** Number of pings that the test sends, spread evenly over {@link PING_INTERVAL_MS}. */
const PINGS = 2_400;
/** Time limit of the test, reached only if the test hangs. */
const HANGING_MS = 120_000;

function room() {
  const engine = InMemoryDynamoDB.from(tableResources(), { pageItems: 10_000 });
  const counts = { listings: 0, writes: 0 };
  let now = START;
  const client = inMemoryClient(
    () => engine,
    async (command, input, execute) => {
      if (command === 'QueryCommand' && !('ExclusiveStartKey' in input && input.ExclusiveStartKey)) counts.listings++;
      if (command === 'UpdateCommand') counts.writes++;
      return execute();
    },
  );
  const ports = {
    people: new RoomPeople(client, STATE_TABLE),
    connections: new DynamoConnections(client, STATE_TABLE, 20, () => now),
    now: () => now,
  };
  const keyOf = (n: number) => ({ pk: `CONN#${String(n).padStart(6, '0')}`, sk: 'CONN' });
  const table = engine.table(STATE_TABLE);
  return {
    counts,
    comes(n: number) {
      const [connectedAt, expiresAt] = [START, START / 1_000 + 7_200];
      const key = keyOf(n);
      engine.write(table, key, { ...key, connectionId: key.pk.slice(5), room: 'lobby', connectedAt, expiresAt });
    },
    goes: (n: number) => engine.write(table, keyOf(n), undefined),
    ping(atMs: number) {
      now = START + atMs;
      return countPeople('lobby', ports);
    },
  };
}

it('of 100,000 viewers, and of those who are left, everybody knows within 1 % after one ping interval', {
  timeout: HANGING_MS,
}, async () => {
  const { counts, comes, goes, ping } = room();
  for (let n = 0; n < VIEWERS; n++) comes(n);
  expect(await ping(0)).toBe(VIEWERS);
  const left = 0.7 * VIEWERS;
  for (let n = VIEWERS - 1; n >= left; n--) goes(n);
  const answers: (number | undefined)[] = [];
  for (let n = 1; n <= PINGS; n++) answers.push(await ping((n / PINGS) * PING_INTERVAL_MS));
  expect(answers[0]).toBe(VIEWERS);
  // A minute after the others went, each ping is answered with the new count. A viewer pings once per interval, so
  // everybody has this count one interval later.
  for (const answer of answers.slice(PINGS / 4)) expect(Math.abs(answer! - left) / left).toBeLessThan(0.01);
  // However many pings come, the connections are listed once a minute: here at minutes 0, 1, 2, 3 and 4. Each listing
  // has two writes: `claim`, so that only one ping counts the connections, and `keep`, which stores the count.
  expect(counts).toEqual({ listings: 5, writes: 10 });
});
