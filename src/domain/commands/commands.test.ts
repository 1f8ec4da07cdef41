import { describe, expect, it } from 'vitest';
import clientSchema from '../../../schemas/client.json' with { type: 'json' };
import { amendment } from '../feed/amendment.ts';
import type { StoredEvent } from '../ports/event-log.ts';
import type { Command, Context } from './command.ts';
import { commands } from './commands.ts';
import { deleteMessage } from './delete-message.ts';

const actor = { id: 'a'.repeat(22), name: 'alice' };
const context: Context = { room: 'lobby', actor, clientMessageId: 'd1', at: 42, limits: { textGraphemes: 500 } };
/** Frames that append no event. */
const APPENDS_NOTHING = ['reportMessage', 'ping', 'authenticate'];

describe('the list of commands', () => {
  it('has one for each frame that appends an event, by its action', () => {
    const actions = Object.values(clientSchema.$defs)
      .map((frame) => (frame as { properties?: { action?: { const: string } } }).properties?.action?.const)
      .filter((action) => action !== undefined && !APPENDS_NOTHING.includes(action));
    expect(commands.map(({ name }) => name).sort()).toEqual(actions.sort());
  });

  it('says of each that a rule may refuse that it needs the rules', () => {
    for (const { name, refusal, needs } of commands as readonly Command<unknown>[]) {
      expect([name, needs?.rules ?? false]).toEqual([name, refusal !== undefined]);
    }
  });

  it('says of a deletion alone that it amends its target, as its event does', () => {
    const target = { id: `${actor.id}:m1`, type: 'MessagePosted', data: { text: 'hello' } } as StoredEvent;
    const deletion = deleteMessage.decide({ action: 'deleteMessage', target: target.id }, { target }, context);
    expect(amendment(deletion)?.target).toBe(target.id);
    expect(commands.filter(({ amends }) => amends)).toEqual([deleteMessage]);
  });
});
