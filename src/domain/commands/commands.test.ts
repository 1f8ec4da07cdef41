import { describe, expect, it } from 'vitest';
import clientSchema from '../../../schemas/client.json' with { type: 'json' };
import { exampleOf } from '../../../schemas/examples.ts';
import { amendment } from '../feed/amendment.ts';
import { noRules } from '../governance/rules.ts';
import type { StoredEvent } from '../ports/event-log.ts';
import type { Actor } from '../schema.generated.ts';
import type { Command, Context } from './command.ts';
import * as exported from './commands.ts';

const actor: Actor = { id: 'a'.repeat(22), name: 'alice', role: 'moderator' };
const context: Context = { room: 'lobby', actor, clientMessageId: 'd1', at: 42, limits: { textGraphemes: 500 } };
/** Actions whose frames append no event. */
const APPENDS_NOTHING = ['reportMessage', 'ping', 'authenticate'];

const commands = Object.values(exported) as readonly Command<unknown>[];

describe('the list of commands', () => {
  it('has one for each frame that appends an event, by its action', () => {
    const actions = Object.values(clientSchema.$defs)
      .map((frame) => (frame as { properties?: { action?: { const: string } } }).properties?.action?.const)
      .filter((action) => action !== undefined && !APPENDS_NOTHING.includes(action));
    expect(Object.keys(exported)).toEqual(actions.sort());
    for (const [name, command] of Object.entries(exported)) expect(command.name).toBe(name);
  });

  it.each(commands)('$name needs the rules if one may refuse it', (command) => {
    let asked = false;
    const state = {
      get rules() {
        asked = true;
        return noRules;
      },
    };
    command.refusal?.(exampleOf(command.name), state, context);
    expect(command.needs?.rules ?? false).toBe(asked);
  });

  it.each(commands)('$name says whether its event amends its target', (command) => {
    const frame = exampleOf(command.name);
    const target = {
      id: command.needs?.target?.(frame),
      type: 'MessagePosted',
      seq: 1,
      data: { text: 'hello' },
    } as StoredEvent;
    const event = command.decide(frame, { target, rules: noRules }, context);
    expect(amendment(event)?.target).toBe(command.amends && target.id);
  });
});
