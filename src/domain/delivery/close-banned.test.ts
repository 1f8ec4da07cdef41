import { describe, expect, it } from 'vitest';
import { noRules, type Rules } from '../governance/rules.ts';
import type { Connection } from '../ports/connections.ts';
import type { Actor, SequencedEvent } from '../schema.generated.ts';
import { closeBanned } from './close-banned.ts';

const moderator: Actor = { id: 'm'.repeat(22), name: 'moderator', role: 'moderator' };
const bob: Actor = { id: 'b'.repeat(22), name: 'bob' };
const ban: SequencedEvent = {
  ...{ seq: 1, id: `${moderator.id}:1`, type: 'PersonBanned', at: 1, actor: moderator },
  data: { person: bob.id },
};
const banned: Rules = { ...noRules, at: 1, bans: { [bob.id]: { until: 1_000 } } };
const open: Connection[] = [
  { id: 'here', room: 'club', actor: bob, connectedAt: 0 },
  { id: 'elsewhere', room: 'lobby', actor: bob, connectedAt: 0 },
  { id: 'as a moderator', room: 'club', actor: { ...bob, role: 'moderator' }, connectedAt: 0 },
];

async function closedBy(events: readonly SequencedEvent[], rules: Rules, now = 999): Promise<string[]> {
  const removed: string[] = [];
  const closed: string[] = [];
  await closeBanned('club', events, rules, {
    connections: {
      ofPerson: async (id) => open.filter(({ actor }) => actor?.id === id),
      remove: async ({ id }) => void removed.push(id),
    },
    gateway: { close: async (id) => void closed.push(id) },
    now: () => now,
  });
  expect(removed, 'no row is left of what may not have been closed').toEqual(closed);
  return closed;
}

describe('a ban', () => {
  it('closes the connections of its person in that room, and no others', async () => {
    expect(await closedBy([ban], banned)).toEqual(['here']);
  });

  it('that is over, or was ended, closes none when it is delivered again', async () => {
    expect(await closedBy([ban], banned, 1_000)).toEqual([]);
    expect(await closedBy([ban], noRules)).toEqual([]);
  });

  it('is the only event that does', async () => {
    expect(await closedBy([{ ...ban, type: 'PersonUnbanned' } as SequencedEvent], banned)).toEqual([]);
  });
});
