import { describe, expect, test } from 'vitest';
import type { Message } from '../../../src/domain/schema.generated.ts';
import { type Reader, rowsOf, same } from './row.ts';

const alice = { id: 'alice'.padEnd(22, '0'), name: 'alice' };
const bob = { id: 'bob'.padEnd(22, '0'), name: 'bob' };
const NOON = new Date(2026, 10, 24, 12).getTime();
const MINUTE = 60_000;

const reader: Reader = {
  user: undefined,
  now: NOON,
  locale: 'en',
  mayWrite: true,
  active: undefined,
  confirming: undefined,
  expanded: new Set(),
  since: 0,
  seenUpTo: undefined,
  tagOf: () => undefined,
};

/** Creates messages, newest first. */
function messages(...said: Partial<Message>[]): Message[] {
  return said.map((message, index) => {
    const seq = said.length - index;
    return { seq, id: `alice:${seq}`, at: NOON - index * MINUTE, actor: alice, text: 'hi', ...message };
  });
}

const [hi] = messages({});

test('a row carries all that its message says, so a flag that is new needs no mention', () => {
  const important = { ...hi!, important: true } as Message;
  const [before] = rowsOf([hi!], [], reader);
  const [after] = rowsOf([important], [], reader);
  expect(after).toMatchObject({ important: true });
  expect(same(before!, after!)).toBe(false);
  expect(same(after!, before!)).toBe(false);
});

test.each<[string, Partial<Reader>, Message]>([
  ['its time', { now: NOON + 5 * MINUTE }, hi!],
  ['who reads', { user: alice }, hi!],
  ['what it asks', { confirming: { key: 'alice:1', action: 'delete' } }, hi!],
  ['its text', {}, { ...hi!, text: 'ho' }],
])('a row is another where %s is another, and the same otherwise', (_, changes, message) => {
  const [before] = rowsOf([hi!], [], reader);
  expect(same(before!, rowsOf([hi!], [], { ...reader })[0]!)).toBe(true);
  expect(same(before!, rowsOf([message], [], { ...reader, ...changes })[0]!)).toBe(false);
});

test('a message on its way has the key it will have in the log', () => {
  const outgoing = { clientMessageId: 'c1', text: 'ho', at: NOON, state: 'sending' } as const;
  const [row] = rowsOf([], [outgoing], { ...reader, user: alice });
  expect(row).toMatchObject({ key: `${alice.id}:c1`, delivery: 'sending', own: true, actor: alice });
});

test('one row is in the tab order: the chosen one, or the first where that is not here', () => {
  const active = (key: string) => rowsOf(messages({}, {}, {}), [], { ...reader, active: key }).map((row) => row.active);
  expect(active('alice:2')).toEqual([false, true, false]);
  expect(active('gone')).toEqual([true, false, false]);
});

describe('a row follows the one above', () => {
  const follows = (said: Partial<Message>[], changes: Partial<Reader> = {}) =>
    rowsOf(messages(...said), [], { ...reader, ...changes }).map((row) => row.follows);

  test('where the same person said it soon after', () => {
    expect(follows([{}, {}, {}])).toEqual([false, true, true]);
    expect(follows([{}, { at: NOON - 10 * MINUTE }])).toEqual([false, false]);
  });

  test('but not where another person, or another name, stands above', () => {
    expect(follows([{ actor: bob }, {}])).toEqual([false, false]);
    expect(follows([{ actor: { ...alice, name: 'Alice' } }, {}])).toEqual([false, false]);
  });

  test('nor after a deleted message, a new day or the end of what is new', () => {
    expect(follows([{ deleted: true }, {}])).toEqual([false, false]);
    const midnight = new Date(2026, 10, 24).getTime();
    expect(follows([{ at: midnight + 1_000 }, { at: midnight - 1_000 }])).toEqual([false, false]);
    expect(follows([{}, {}], { seenUpTo: 1 })).toEqual([false, false]);
  });
});

test('what was seen before begins below the newest message that was', () => {
  const seen = (seenUpTo: number) => rowsOf(messages({}, {}, {}), [], { ...reader, seenUpTo }).map((row) => row.seen);
  expect(seen(2)).toEqual([false, true, false]);
  expect(seen(3)).toEqual([false, false, false]);
  expect(seen(0)).toEqual([false, false, false]);
});
