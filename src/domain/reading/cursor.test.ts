import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SequencedEvent } from '../schema.generated.ts';
import { at, type Cursor, compare, PAST, receive, start } from './cursor.ts';

const actor = { id: 'a'.repeat(22), name: 'alice' };
const event = (seq: number): SequencedEvent => ({
  seq,
  id: `${actor.id}:${seq}`,
  type: 'MessagePosted',
  at: seq,
  actor,
  data: { text: String(seq) },
});
const events = (seqs: readonly number[]) => seqs.map(event);
const run = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** Receives frames one after the other. Throws if the cursor is reset. */
function readAll(cursor: Cursor, epoch: string, frames: readonly (readonly number[])[]) {
  const applied: number[] = [];
  let behind = false;
  for (const frame of frames) {
    const step = receive(cursor, epoch, events(frame));
    if (step.kind === 'reset') throw new Error('reset');
    applied.push(...step.events.map(({ seq }) => seq));
    ({ cursor, behind } = step);
  }
  return { cursor, applied, behind };
}

/** Frames of events with the numbers 1–40 in any order. Some numbers may occur several times, some never. */
const frames = fc.array(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 }), { maxLength: 30 });
const place = fc.integer({ min: 0, max: 40 });

describe('a cursor', () => {
  it('lets out last+1, last+2, … and nothing else, whatever comes in (I4)', () => {
    fc.assert(
      fc.property(place, frames, (last, frames) => {
        const { cursor, applied } = readAll(at('e', last), 'e', frames);
        expect(applied).toEqual(run(last + 1, cursor.last));
      }),
    );
  });

  it('lets out as much as has come in without a hole, and is behind exactly where there is one', () => {
    fc.assert(
      fc.property(place, frames, (last, frames) => {
        const came = new Set(frames.flat());
        let reachable = last;
        while (came.has(reachable + 1)) reachable++;
        const { cursor, behind } = readAll(at('e', last), 'e', frames);
        expect(cursor.last).toBe(reachable);
        expect(behind).toBe([...came].some((seq) => seq > reachable));
        expect(cursor.held.map(({ seq }) => seq)).toEqual(
          [...came].filter((seq) => seq > reachable).sort((a, b) => a - b),
        );
      }),
    );
  });

  it('arrives at the same place whatever the order and however it was cut into frames', () => {
    const all = run(1, 40);
    const order = fc.shuffledSubarray(all, { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(order, fc.integer({ min: 1, max: 40 }), (order, size) => {
        const frames = Array.from({ length: Math.ceil(40 / size) }, (_, i) => order.slice(i * size, (i + 1) * size));
        const { cursor, applied, behind } = readAll(start, 'e', frames);
        expect(applied).toEqual(all);
        expect({ cursor, behind }).toEqual({ cursor: { epoch: 'e', last: 40, held: [] }, behind: false });
      }),
    );
  });

  it('says that its place means nothing in another numbering, and never applies an event of it (I7)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), frames, fc.nat(), (last, frames, head) => {
        const step = receive(at('old', last), 'new', events(frames.flat()));
        expect(step).toEqual({ kind: 'reset' });
        expect(compare(at('old', last), 'new', head)).toEqual({ kind: 'reset' });
      }),
    );
  });

  it('takes the numbering of the first event it sees', () => {
    expect(receive(start, 'e', events([1]))).toMatchObject({ kind: 'advance', cursor: { epoch: 'e', last: 1 } });
    expect(compare(start, '', 0)).toMatchObject({ kind: 'advance', cursor: start, behind: false });
  });

  it('is behind the head exactly where the head is beyond its place, and never steps back', () => {
    fc.assert(
      fc.property(place, place, (last, head) => {
        expect(compare(at('e', last), 'e', head)).toEqual({
          kind: 'advance',
          cursor: at('e', last),
          events: [],
          behind: head > last,
        });
      }),
    );
  });

  it('stays where it is when the server names no numbering, because the room’s head is lost for a moment', () => {
    const there = at('e', 5);
    expect(receive(there, '', [])).toEqual({ kind: 'advance', cursor: there, events: [], behind: false });
    expect(compare(there, '', 0)).toEqual({ kind: 'advance', cursor: there, events: [], behind: false });
  });

  it('begins before the first number, of no numbering', () => expect(start).toEqual({ epoch: '', last: 0, held: [] }));

  it('holds a bounded number of events, the nearest ones', () => {
    const { cursor, behind } = readAll(start, 'e', [run(2, 5_000)]);
    expect(cursor.held.map(({ seq }) => seq)).toEqual(run(2, 1_001));
    expect(behind).toBe(true);
  });

  it('never changes what it was given', () => {
    fc.assert(
      fc.property(frames, frames, (before, after) => {
        const { cursor } = readAll(start, 'e', before);
        const kept = structuredClone(cursor);
        readAll(cursor, 'e', after);
        expect(cursor).toEqual(kept);
      }),
    );
  });
});

it('a reader of a room that was empty loads it anew, too, when what it asks for has expired', () => {
  expect(receive(at('e', 0), PAST, [])).toEqual({ kind: 'reset' });
  expect(receive(start, 'e', []).kind).toBe('advance');
});
