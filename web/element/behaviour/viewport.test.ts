import type { ReactiveControllerHost } from 'lit';
import { expect, test } from 'vitest';
import type { Message } from '../../../src/domain/schema.generated.ts';
import { MAX_ROWS, Viewport } from './viewport.ts';

const host: ReactiveControllerHost = {
  addController() {},
  removeController() {},
  requestUpdate() {},
  updateComplete: Promise.resolve(true),
};
const actor = { id: 'bob', name: 'bob' };
const upTo = (newest: number): Message[] =>
  Array.from({ length: newest }, (_, index) => ({ seq: newest - index, id: `bob:${index}`, at: 0, actor, text: '' }));
const seqs = (viewport: Viewport, newest: number) => {
  const { rows, waiting } = viewport.select(upTo(newest));
  return { first: rows[0]?.seq, rows: rows.length, waiting: waiting.length };
};

test('flows while nobody reads', () => {
  const viewport = new Viewport(host);
  expect(seqs(viewport, 3)).toEqual({ first: 3, rows: 3, waiting: 0 });
  expect(seqs(viewport, 5)).toEqual({ first: 5, rows: 5, waiting: 0 });
});

test('stands still while there is a reason, until the last one ends', () => {
  const viewport = new Viewport(host);
  seqs(viewport, 3);
  viewport.hold('hovered', true);
  viewport.hold('focused', true);
  expect(seqs(viewport, 5)).toEqual({ first: 3, rows: 3, waiting: 2 });
  viewport.hold('hovered', false);
  expect(seqs(viewport, 6)).toMatchObject({ first: 3, waiting: 3 });
  viewport.hold('focused', false);
  expect(seqs(viewport, 6)).toMatchObject({ first: 6, waiting: 0 });
});

test('a released pause holds again from the new place on', () => {
  const viewport = new Viewport(host);
  seqs(viewport, 3);
  viewport.hold('paused', true);
  seqs(viewport, 5);
  viewport.release();
  expect(seqs(viewport, 5)).toMatchObject({ first: 5, waiting: 0 });
  expect(seqs(viewport, 7)).toMatchObject({ first: 5, waiting: 2 });
});

test("one's own message is let in with what came before it", () => {
  const viewport = new Viewport(host);
  seqs(viewport, 3);
  viewport.hold('paused', true);
  seqs(viewport, 3);
  viewport.admit(5);
  expect(seqs(viewport, 6)).toMatchObject({ first: 5, waiting: 1 });
});

test('grows to the cap and then moves down, never losing the oldest', () => {
  const viewport = new Viewport(host);
  seqs(viewport, 2_000);
  let last = seqs(viewport, 2_000);
  while (viewport.grow()) {
    last = seqs(viewport, 2_000);
    expect(last.rows).toBeLessThanOrEqual(MAX_ROWS);
  }
  const { rows } = viewport.select(upTo(2_000));
  expect(rows.at(-1)?.seq).toBe(1);
  expect(viewport.windowed).toBe(true);
});
