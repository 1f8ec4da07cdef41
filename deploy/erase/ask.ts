import { parseArgs } from 'node:util';
import type { Target } from '../../src/domain/erasure/without.ts';
import { OPERATOR } from '../../src/domain/governance/operator.ts';
import { MESSAGE_ID, PERSON_ID, ROOM, withIdsMarked } from '../ids.ts';
import { stackArguments } from '../options.ts';

/** An operator's request to erase a person or a message. */
export interface Asked {
  target: Target;
  json: boolean;
  /** Whether to erase without asking for confirmation. */
  yes: boolean;
  /** The arguments that name the stack: `--stage` and `--region`. Empty for the stack on this machine. */
  stack: readonly string[];
}

export const USAGE = `npm run erase -- [--stage NAME] --person PERSON | --message ID [--room ROOM]  [--yes] [--json]

  --person PERSON   text, name and picture of everything that this person said, in every room, for good
  --message ID      one message of a room (lobby, unless --room names another), with its author's name

Ids are shown by npm run moderate -- reports, and stand in the answers of GET /chat-history.`;

/** Reads the arguments. @throws Error that says what is wrong; it is {@link USAGE} if nothing to erase is named */
export function readAsked(args: readonly string[]): Asked {
  const { values } = parseArgs({
    args: withIdsMarked(args),
    options: {
      ...{ stage: { type: 'string' }, region: { type: 'string' }, room: { type: 'string' } },
      ...{ person: { type: 'string' }, message: { type: 'string' } },
      ...{ yes: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
    },
  });
  const { yes, json } = values;
  return { target: targetOf(values), json, yes, stack: stackArguments(values) };
}

interface Given {
  person?: string | undefined;
  message?: string | undefined;
  room?: string | undefined;
}

function targetOf({ person, message, room }: Given): Target {
  if (person === undefined && message === undefined) throw new Error(USAGE);
  if (person !== undefined && message !== undefined) throw new Error('Say --person or --message, not both.');
  if (person !== undefined) {
    if (room !== undefined) throw new Error('A person is erased in every room: leave --room out.');
    if (!PERSON_ID.test(person)) throw new Error(`--person is an id of 22 characters, not "${person}".`);
    if (person === OPERATOR.id) throw new Error('The operator is nobody who could be erased.');
    return { person };
  }
  if (!MESSAGE_ID.test(message!)) throw new Error(`--message is the id of a message, PERSON:ID, not "${message}".`);
  if (!ROOM.test(room ?? 'lobby')) throw new Error(`"${room}" cannot be a room.`);
  return { room: room ?? 'lobby', message: message! };
}
