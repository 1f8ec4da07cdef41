import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SequencedEvent } from '../schema.generated.ts';
import { encodeEvents, encodeRound, MAX_FRAME_BYTES, MAX_ROUND_BYTES } from './frames.ts';

const actor = { id: 'a'.repeat(22), name: 'alice' };

function posted(seq: number, text: string): SequencedEvent {
  return { seq, id: `${actor.id}:m${seq}`, type: 'MessagePosted', at: 1, actor, data: { text } };
}

const decode = (body: Uint8Array) => JSON.parse(new TextDecoder().decode(body));

describe('encodeEvents', () => {
  it('puts a burst of 90 short messages into one frame', () => {
    const events = Array.from({ length: 90 }, (_, i) => posted(i + 1, 'hello, world'));
    const frames = encodeEvents('lobby', 'e', events);
    expect(frames).toHaveLength(1);
    expect(decode(frames[0]!.body)).toEqual({ type: 'events', room: 'lobby', epoch: 'e', events });
  });

  it('keeps every frame within the limit, every event once and in order, whatever the texts', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 400 }), { maxLength: 60 }), (texts) => {
        const events = texts.map((text, i) => posted(i + 1, text));
        const frames = encodeEvents('lobby', 'epoch', events, 2_048);
        const oversized = frames.filter(({ body }) => body.length > 2_048 && decode(body).events.length > 1);
        expect(oversized).toEqual([]);
        expect(frames.flatMap(({ body }) => decode(body).events)).toEqual(JSON.parse(JSON.stringify(events)));
      }),
    );
  });

  it('fills a frame to the last byte before it begins another', () => {
    const bytes = (n: number) => encodeEvents('lobby', 'e', [posted(1, 'x'.repeat(n))])[0]!.body.length;
    const exact = MAX_FRAME_BYTES - bytes(0);
    const [frame, ...more] = encodeEvents('lobby', 'e', [posted(1, 'x'.repeat(exact))]);
    expect(frame?.body.length).toBe(MAX_FRAME_BYTES);
    expect(more).toEqual([]);
    const two = (n: number) => encodeEvents('lobby', 'e', [posted(1, 'x'.repeat(200)), posted(2, 'x'.repeat(n))]);
    const rest = MAX_FRAME_BYTES - two(0)[0]!.body.length;
    expect(two(rest).map(({ body }) => body.length)).toEqual([MAX_FRAME_BYTES]);
    expect(two(rest + 1)).toHaveLength(2);
  });

  it('leaves storage attributes out of what is sent', () => {
    const stored = { ...posted(1, 'hi'), trace: 'Root=1-2', room: 'lobby', v: 1 };
    expect(Object.keys(decode(encodeEvents('lobby', 'e', [stored])[0]!.body).events[0])).toEqual([
      'seq',
      'id',
      'type',
      'at',
      'actor',
      'data',
    ]);
  });
});

describe('a round', () => {
  it('is its events up to 64 KB, and the head alone beyond, as a pong that every client understands', () => {
    const events = Array.from({ length: 400 }, (_, i) => posted(i + 1, 'x'.repeat(100)));
    const round = encodeRound('lobby', 'e', events.slice(0, 250));
    expect(round.flatMap(({ body }) => decode(body).events)).toHaveLength(250);
    expect(encodeRound('lobby', 'e', events).map(({ body }) => decode(body))).toEqual([
      { type: 'pong', epoch: 'e', head: 400 },
    ]);
  });

  it('of 64 KB to the last byte is its events', () => {
    const round = (n: number) =>
      encodeRound(
        'lobby',
        'e',
        [1, 2, 3].map((seq) => posted(seq, 'x'.repeat(seq < 3 ? 29_000 : n))),
      );
    const bytes = (n: number) => round(n).reduce((sum, { body }) => sum + body.length, 0);
    const rest = 5_000 + MAX_ROUND_BYTES - bytes(5_000);
    expect([round(rest).length, bytes(rest)]).toEqual([3, MAX_ROUND_BYTES]);
    expect(round(rest + 1).map(({ body }) => decode(body).type)).toEqual(['pong']);
  });

  it('of nothing is nothing', () => expect(encodeRound('lobby', 'e', [])).toEqual([]));
});

describe('the number of people', () => {
  it('is in every frame of a round, within its limit, if it is known', () => {
    const events = Array.from({ length: 250 }, (_, i) => posted(i + 1, 'x'.repeat(100)));
    const round = encodeRound('lobby', 'e', events, 1_234);
    expect(round.length).toBeGreaterThan(1);
    for (const { body } of round) expect([decode(body).people, body.length <= MAX_FRAME_BYTES]).toEqual([1_234, true]);
    const [head] = encodeRound('lobby', 'e', [...events, ...events], 1_234);
    expect(decode(head!.body)).toMatchObject({ type: 'pong', people: 1_234 });
  });
});
