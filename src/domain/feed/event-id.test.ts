import { expect, it } from 'vitest';
import { authorOf, clientMessageIdOf, eventId } from './event-id.ts';

it('an event’s id names its author and what their client called it', () => {
  const id = eventId('alice', 'c1');
  expect([id, authorOf(id), clientMessageIdOf(id)]).toEqual(['alice:c1', 'alice', 'c1']);
  expect(clientMessageIdOf('alice:c:1')).toBe('c:1');
});
