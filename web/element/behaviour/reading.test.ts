import type { ReactiveControllerHost } from 'lit';
import { expect, test } from 'vitest';
import type { Message } from '../../../src/domain/schema.generated.ts';
import { MAX_ROWS, Reading } from './reading.ts';

const host: ReactiveControllerHost = {
  addController() {},
  removeController() {},
  requestUpdate() {},
  updateComplete: Promise.resolve(true),
};
const actor = { id: 'bob', name: 'bob' };
const upTo = (newest: number): Message[] =>
  Array.from({ length: newest }, (_, index) => ({ seq: newest - index, id: `bob:${index}`, at: 0, actor, text: '' }));
const seqs = (reading: Reading, newest: number) => {
  const { rows, waiting } = reading.select(upTo(newest));
  return { first: rows[0]?.seq, rows: rows.length, waiting: waiting.length };
};

test('flows while nobody reads', () => {
  const reading = new Reading(host);
  expect(seqs(reading, 3)).toEqual({ first: 3, rows: 3, waiting: 0 });
  expect(seqs(reading, 5)).toEqual({ first: 5, rows: 5, waiting: 0 });
});

test('stands still while there is a reason, until the last one ends', () => {
  const reading = new Reading(host);
  seqs(reading, 3);
  reading.hold('hovered', true);
  reading.hold('focused', true);
  expect(seqs(reading, 5)).toEqual({ first: 3, rows: 3, waiting: 2 });
  reading.hold('hovered', false);
  expect(seqs(reading, 6)).toMatchObject({ first: 3, waiting: 3 });
  reading.hold('focused', false);
  expect(seqs(reading, 6)).toMatchObject({ first: 6, waiting: 0 });
});

test('a released pause holds again from the new place on', () => {
  const reading = new Reading(host);
  seqs(reading, 3);
  reading.hold('paused', true);
  seqs(reading, 5);
  reading.release();
  expect(seqs(reading, 5)).toMatchObject({ first: 5, waiting: 0 });
  expect(seqs(reading, 7)).toMatchObject({ first: 5, waiting: 2 });
});

test("one's own message is let in with what came before it", () => {
  const reading = new Reading(host);
  seqs(reading, 3);
  reading.hold('paused', true);
  seqs(reading, 3);
  reading.admit(5);
  expect(seqs(reading, 6)).toMatchObject({ first: 5, waiting: 1 });
});

test('grows to the cap and then moves down, never losing the oldest', () => {
  const reading = new Reading(host);
  seqs(reading, 2_000);
  let last = seqs(reading, 2_000);
  while (reading.grow()) {
    last = seqs(reading, 2_000);
    expect(last.rows).toBeLessThanOrEqual(MAX_ROWS);
  }
  const { rows } = reading.select(upTo(2_000));
  expect(rows.at(-1)?.seq).toBe(1);
  expect(reading.windowed).toBe(true);
});
