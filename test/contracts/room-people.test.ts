import { expect, it } from 'vitest';
import { RoomPeople } from '../../src/infra/dynamodb/room-people.ts';
import { inMemoryClient } from '../in-memory/dynamodb/client.ts';
import { InMemoryDynamoDB } from '../in-memory/dynamodb/engine.ts';
import { STATE_TABLE, tableResources } from '../tables.ts';

const NOW = 1_700_000_000_000;

function store(): RoomPeople {
  const engine = InMemoryDynamoDB.from(tableResources());
  return new RoomPeople(
    inMemoryClient(() => engine),
    STATE_TABLE,
  );
}

it('a count is kept no more than once a second', async () => {
  const people = store();
  expect(await people.find('lobby')).toBeUndefined();
  await people.keep('lobby', { people: 3, at: NOW });
  await people.keep('lobby', { people: 4, at: NOW + 999 });
  expect(await people.find('lobby')).toEqual({ people: 3, at: NOW });
  await people.keep('lobby', { people: 5, at: NOW + 1_000 });
  expect(await people.find('lobby')).toEqual({ people: 5, at: NOW + 1_000 });
  expect(await people.find('attic')).toBeUndefined();
});

it('the turn to count is one caller’s, who may keep the count at once', async () => {
  const people = store();
  const claims = () => Promise.all([1, 2, 3].map(() => people.claim('lobby', undefined, NOW)));
  expect((await claims()).filter(Boolean)).toHaveLength(1);
  expect((await claims()).filter(Boolean)).toHaveLength(0);
  expect((await people.find('lobby'))?.people, 'nobody has counted yet').toBeUndefined();
  await people.keep('lobby', { people: 3, at: NOW });
  const seen = await people.find('lobby');
  expect(seen).toEqual({ people: 3, at: NOW });
  const later = NOW + 60_000;
  const again = await Promise.all([1, 2, 3].map(() => people.claim('lobby', seen, later)));
  expect(again.filter(Boolean)).toHaveLength(1);
  // Until the caller with the claim has counted, the last count stands.
  expect(await people.find('lobby')).toMatchObject({ people: 3 });
});
