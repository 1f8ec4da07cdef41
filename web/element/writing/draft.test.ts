import { expect, test } from 'vitest';
import { Draft, forgetDrafts } from './draft.ts';

test('forgets the drafts of a person and of guests in every room of a server, and of no server on another port', () => {
  const draft = (place: string, author?: string) => {
    const made = new Draft(place, author);
    made.write('text');
    return made;
  };
  const mine = [draft('https://chat.example:lobby', 'issuer anna'), draft('https://chat.example:garden')];
  const others = [
    draft('https://chat.example:lobby', 'issuer bob'),
    draft('https://chat.example:3000:lobby', 'issuer anna'),
  ];
  forgetDrafts('https://chat.example', 'issuer anna');
  expect(mine.map((each) => each.read())).toEqual(['', '']);
  expect(others.map((each) => each.read())).toEqual(['text', 'text']);
});
