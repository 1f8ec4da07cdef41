import { expect, test } from 'vitest';
import { Lookalikes } from './lookalikes.ts';

const person = (id: string, name: string, skeleton?: string) => ({
  id: id.padEnd(22, '0'),
  name,
  ...(skeleton && { skeleton }),
});
const alice = person('AbCd', 'alice', 'h1');
const lookalike = person('XyZw', 'аlice', 'h1');
const bob = person('BoBo', 'bob', 'h2');

const tags = (...people: ReturnType<typeof person>[]) => {
  const lookalikes = new Lookalikes();
  for (const one of people) lookalikes.see(one);
  return people.map(({ id }) => lookalikes.tagOf(id));
};

test('people whose names look different have no tag, however often they are seen', () => {
  expect(tags(alice, bob, alice, { ...alice })).toEqual([undefined, undefined, undefined, undefined]);
});

test('two people whose names look the same are both tagged', () => {
  expect(tags(alice, bob, lookalike)).toEqual(['AbCd', undefined, 'XyZw']);
});

test('one person under two names that look the same is one person', () => {
  expect(tags(alice, { ...alice, name: 'аlice' })).toEqual([undefined, undefined]);
});

test('without skeletons, as in older events, equal names count as alike', () => {
  expect(tags(person('Old1', 'alice'), person('Old2', 'alice'))).toEqual(['Old1', 'Old2']);
});

test('ids that begin alike are told apart by as many characters as it takes', () => {
  expect(tags(person('AbCdEf', 'alice', 'h1'), person('AbCdEx', 'alice', 'h1'), person('Z', 'alice', 'h1'))).toEqual([
    'AbCdEf',
    'AbCdEx',
    'Z000',
  ]);
});

test('a tag stays when its reason is out of sight', () => {
  const lookalikes = new Lookalikes();
  lookalikes.see(alice);
  lookalikes.see(lookalike);
  lookalikes.see(bob);
  expect(lookalikes.tagOf(alice.id)).toBe('AbCd');
});
