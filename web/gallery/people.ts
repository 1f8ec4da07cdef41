import type { Actor, Message } from '../../src/domain/schema.generated.ts';

const person = (name: string): Actor => ({ id: name.padEnd(22, '_').slice(0, 22), name });

export const alice = person('alice');
export const bob = person('bob');
export const me = person('me');
export const people: readonly Actor[] = [alice, bob, person('carol'), person('dave'), person('erin'), me];

const MINUTE = 60_000;

/** Makes a message of each line. The lines are newest first. A line without a text becomes a deleted message. */
export function conversation(lines: readonly (readonly [Actor, string | undefined, minutesAgo: number])[]): Message[] {
  const now = Date.now();
  return lines.map(([actor, text, minutesAgo], index) => {
    const seq = lines.length - index;
    const message = { seq, id: `${actor.id}:m${seq}`, at: now - minutesAgo * MINUTE, actor };
    return text === undefined ? { ...message, deleted: true } : { ...message, text };
  });
}

/** Returns `count` messages, newest first. `last` is the number (`seq`) of the newest, and `at` its time. */
export function crowd(count: number, last = count, at = Date.now()): Message[] {
  return Array.from({ length: count }, (_, index) => {
    const seq = last - index;
    const actor = people[(seq * 7) % (people.length - 1)]!;
    return { seq, id: `${actor.id}:c${seq}`, at: at - index * MINUTE, actor, text: `Message number ${seq}` };
  });
}
