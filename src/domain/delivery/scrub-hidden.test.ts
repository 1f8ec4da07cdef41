import { expect, it } from 'vitest';
import { OPERATOR } from '../governance/operator.ts';
import type { HiddenMessages } from '../ports/event-log.ts';
import type { Actor, SequencedEvent } from '../schema.generated.ts';
import { scrubHidden } from './scrub-hidden.ts';

const moderator: Actor = { id: 'm'.repeat(22), name: 'moderator', role: 'moderator' };
const person = 'b'.repeat(22);
const ban = (seq: number, actor: Actor, hide?: true): SequencedEvent => ({
  ...{ seq, id: `${actor.id}:${seq}`, type: 'PersonBanned', at: 1, actor },
  data: { person, ...(hide ? { hide } : {}) },
});

it('scrubs what bans hide, below their numbers, what moderators said for the operator only, while there is time', async () => {
  const scrubbed: HiddenMessages[] = [];
  let left = 6_000;
  const log = {
    scrub: async (_room: string, hidden: HiddenMessages, proceed: () => boolean) => {
      if (!proceed()) throw new Error('no time');
      scrubbed.push(hidden);
    },
  };
  const events = [ban(4, moderator), ban(5, moderator, true), ban(6, OPERATOR, true)];
  events.push({ ...ban(7, moderator, true), type: 'PersonUnbanned' } as SequencedEvent);
  await scrubHidden('lobby', events, log, () => left);
  expect(scrubbed).toEqual([
    { person, before: 5, always: false },
    { person, before: 6, always: true },
  ]);
  left = 5_000;
  await expect(scrubHidden('lobby', events, log, () => left)).rejects.toThrow('no time');
});
