import type { Erased } from '../../src/domain/erasure/erase.ts';
import type { Target } from '../../src/domain/erasure/without.ts';

const count = (n: number, what: string) => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;

/** Returns the plan in one sentence, to show before anything is erased. */
export function sayPlan(target: Target, where: string): string {
  if ('message' in target) {
    return `This erases the message ${target.message} of the room ${target.room} on ${where}: its text, and the name and picture at it.`;
  }
  return `This erases what ${target.person} said in every room on ${where}: every text, and their name and picture.`;
}

/** Returns the result in sentences. */
export function say(target: Target, { proven, looked, events, rows, rooms, untold, mentions }: Erased): string {
  const whose = 'message' in target ? 'of this message' : 'of this person';
  const done =
    events + rows === 0
      ? `Nothing ${whose} was left to erase.`
      : `Erased: ${count(events, 'event')} of the log, ${count(rows, 'row')} of state.`;
  return [
    done,
    proven
      ? `Proven: ${count(looked, 'item')} of both tables and every page of ${rooms.length === 1 ? `the room ${rooms[0]}` : count(rooms.length, 'room')} were looked at, and nothing ${whose} was found.`
      : `Not proven: there is still something ${whose}. If they are writing on, ban them first, and run this again.`,
    ...(untold.length > 0
      ? [`The readers of ${untold.join(', ')} were not told: is the fan-out running? Run this again.`]
      : []),
    ...(mentions.length > 0
      ? [
          'Messages of others hold the name; --message erases one:',
          ...mentions.map(({ room, id }) => `  --room ${room} --message ${id}`),
        ]
      : []),
  ].join('\n');
}
