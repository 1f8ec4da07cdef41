import { parseArgs } from 'node:util';
import type { BanPerson, ChangeRoom, DeleteMessage, Reason, UnbanPerson } from '../../src/domain/schema.generated.ts';
import { MESSAGE_ID, PERSON_ID, ROOM, withIdsMarked } from '../ids.ts';
import { stackArguments } from '../options.ts';

/** An act of moderation that an operator asks for. */
export type Act =
  | { kind: 'reports' | 'log' | 'words' }
  | { kind: 'change words'; add: readonly string[]; remove: readonly string[] }
  | { kind: 'command'; frame: DeleteMessage | BanPerson | UnbanPerson | ChangeRoom };

export interface Asked {
  room: string;
  json: boolean;
  act: Act;
  /** The arguments that name the stack: `--stage` and `--region`. Empty for the stack on this machine. */
  stack: readonly string[];
}

export const USAGE = `npm run moderate -- [--stage NAME] [--room ROOM] ACT [--json]

  reports                             what was reported and is still shown, and the bans in force
  log                                 what moderators did last
  delete ID [--reason R]              removes a message
  ban PERSON [--for 10m|2h|1d] [--hide] [--reason R]
                                      for good without --for; --hide hides what they said before
  unban PERSON
  slow SECONDS                        between two messages of one person; 0 ends it
  lock | unlock                       only moderators write
  pin ID | unpin                      a message on top
  words [add WORD… | remove WORD…]    blocked words; a phrase in quotes

The room is lobby without --room.
Reasons: spam, abuse, off_topic, personal_data, illegal, other`;

const REASONS: readonly string[] = ['spam', 'abuse', 'off_topic', 'personal_data', 'illegal', 'other'];
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Reads the arguments. @throws Error that says what is wrong; with the usage if the act is missing or unknown */
export function readAct(args: readonly string[]): Asked {
  const { values, positionals } = parseArgs({
    args: withIdsMarked(args),
    allowPositionals: true,
    options: {
      ...{ stage: { type: 'string' }, region: { type: 'string' }, room: { type: 'string', default: 'lobby' } },
      ...{ for: { type: 'string' }, hide: { type: 'boolean' }, reason: { type: 'string' }, json: { type: 'boolean' } },
    },
  });
  const { room, json = false } = values;
  if (!ROOM.test(room)) throw new Error(`"${room}" cannot be a room.`);
  return { room, json, stack: stackArguments(values), act: actOf(positionals, values) };
}

interface Given {
  for?: string | undefined;
  hide?: boolean | undefined;
  reason?: string | undefined;
}

/** By act, the options that only some acts take. */
const OPTIONS = new Map<string, readonly (keyof Given)[]>([
  ['delete', ['reason']],
  ['ban', ['for', 'hide', 'reason']],
]);

function actOf([name, ...rest]: readonly string[], given: Given): Act {
  for (const option of ['for', 'hide', 'reason'] as const) {
    if (name !== undefined && given[option] !== undefined && !OPTIONS.get(name)?.includes(option))
      throw new Error(`The act ${name} takes no --${option}.`);
  }
  const reason = given.reason === undefined ? {} : { reason: reasonOf(given.reason) };
  const command = (frame: (Act & { kind: 'command' })['frame']): Act => ({ kind: 'command', frame });
  switch (name) {
    case 'reports':
    case 'log':
      nothingMore(rest);
      return { kind: name };
    case 'delete':
      return command({ action: 'deleteMessage', target: only(rest, MESSAGE_ID, 'the id of a message'), ...reason });
    case 'ban': {
      const person = only(rest, PERSON_ID, 'the id of a person');
      const seconds = given.for === undefined ? {} : { seconds: secondsOf(given.for) };
      return command({ action: 'banPerson', person, ...seconds, ...(given.hide ? { hide: true } : {}), ...reason });
    }
    case 'unban':
      return command({ action: 'unbanPerson', person: only(rest, PERSON_ID, 'the id of a person') });
    case 'slow':
      return command({
        action: 'changeRoom',
        slow: Number(only(rest, /^(\d{1,3}|[12]\d{3}|3[0-5]\d\d|3600)$/, 'seconds from 0 to 3600')),
      });
    case 'lock':
    case 'unlock':
      nothingMore(rest);
      return command({ action: 'changeRoom', locked: name === 'lock' });
    case 'pin':
      return command({ action: 'changeRoom', pinned: only(rest, MESSAGE_ID, 'the id of a message') });
    case 'unpin':
      nothingMore(rest);
      return command({ action: 'changeRoom', pinned: null });
    case 'words': {
      const [change, ...words] = rest;
      if (change === undefined) return { kind: 'words' };
      if (words.length === 0 || !['add', 'remove'].includes(change))
        throw new Error('Say words add WORD… or words remove WORD….');
      return { kind: 'change words', add: change === 'add' ? words : [], remove: change === 'remove' ? words : [] };
    }
    default:
      throw new Error(name === undefined ? USAGE : `There is no act "${name}".\n\n${USAGE}`);
  }
}

/** Refuses extra words. In `lock garden`, for example, `garden` is meant as the room, but the lobby would be locked. */
function nothingMore(rest: readonly string[]): void {
  if (rest.length > 0)
    throw new Error(`This act takes nothing more, not "${rest.join(' ')}". Name the room with --room.`);
}

function only(rest: readonly string[], form: RegExp, what: string): string {
  const [value = ''] = rest;
  if (rest.length !== 1 || !form.test(value))
    throw new Error(`Give ${what}, and nothing more${value ? `; not "${rest.join(' ')}"` : ''}.`);
  return value;
}

function secondsOf(duration: string): number {
  const [, count, unit] = /^([1-9]\d{0,4})([smhd])$/.exec(duration) ?? [];
  const seconds = Number(count) * (SECONDS[unit ?? ''] ?? Number.NaN);
  if (!(seconds <= 366 * 86_400))
    throw new Error(`--for is a time such as 10m, 2h or 1d, a year at most, not "${duration}".`);
  return seconds;
}

function reasonOf(reason: string): Reason {
  if (!REASONS.includes(reason)) throw new Error(`--reason is one of ${REASONS.join(', ')}, not "${reason}".`);
  return reason as Reason;
}
