import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message, RoomChanged, SequencedEvent } from '../schema.generated.ts';
import { emptyFeed, evolve, type Feed, mergePage } from './feed.ts';

const actor = { id: 'a'.repeat(22), name: 'alice' };
const idOf = (seq: number) => `${actor.id}:${seq}`;

function posted(seq: number, text: string | undefined = `text ${seq}`): SequencedEvent {
  return { seq, id: idOf(seq), type: 'MessagePosted', at: seq, actor, data: text === undefined ? {} : { text } };
}

function deleted(seq: number, target: string): SequencedEvent {
  return { seq, id: idOf(seq), type: 'MessageDeleted', at: seq, actor, data: { target, by: actor.id } };
}

const fold = (events: readonly SequencedEvent[], feed: Feed = emptyFeed) => events.reduce(evolve, feed);

/** Made-up logs of posts, deletions and events of an unknown type. The target of a deletion may be missing. */
const log = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant('post' as const) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 40 }) },
      { weight: 1, arbitrary: fc.constant('unknown' as const) },
    ),
    { maxLength: 40 },
  )
  .map((kinds) =>
    kinds.map((kind, index): SequencedEvent => {
      const seq = index + 1;
      if (kind === 'post') return posted(seq);
      if (kind === 'unknown')
        return { ...posted(seq), type: 'MessageReacted', data: { emoji: '🎉' } } as unknown as SequencedEvent;
      return deleted(seq, idOf(kind));
    }),
  );

/** Returns the messages that a reader should see, computed in the simplest way. */
function expected(events: readonly SequencedEvent[]): Message[] {
  const gone = new Set(events.flatMap((event) => (event.type === 'MessageDeleted' ? [event.data.target] : [])));
  return events
    .flatMap((event) => (event.type === 'MessagePosted' ? [event] : []))
    .map(({ seq, id, at, actor, data }) =>
      gone.has(id) ? { seq, id, at, actor, deleted: true as const } : { seq, id, at, actor, text: data.text! },
    )
    .sort((a, b) => b.seq - a.seq);
}

const shuffled = <T>(items: readonly T[]) =>
  fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });

describe('the rules of the room', () => {
  const changed = (seq: number, data: RoomChanged['data']): SequencedEvent => ({
    ...posted(seq),
    type: 'RoomChanged',
    data,
  });

  it('change one by one, and stay what the page of history said where it knew the change', () => {
    const page: Feed = { ...emptyFeed, rules: { at: 5, slow: 10 } };
    const pinned = { id: idOf(1), seq: 1 };
    const feed = fold(
      [changed(4, { slow: 60 }), changed(5, { slow: 60 }), changed(6, { locked: true }), changed(7, { pinned })],
      page,
    );
    expect(feed.rules).toEqual({ at: 7, slow: 10, locked: true, pinned });
    expect(fold([changed(8, { pinned: null })], feed).rules).toEqual({ at: 8, slow: 10, locked: true, pinned: null });
  });

  it('are what the first change says, and none where none was ever set', () => {
    expect(fold([changed(1, { slow: 5 })]).rules).toEqual({ at: 1, slow: 5 });
    expect(fold([posted(1), deleted(2, idOf(1))])).not.toHaveProperty('rules');
  });
});

describe('the feed', () => {
  it('is the posts, newest first, without the texts of deleted ones', () => {
    fc.assert(
      fc.property(log, (events) => {
        expect(fold(events).messages).toEqual(expected(events));
      }),
    );
  });

  it('is the same in whatever order the events come, and however often', () => {
    const arrivals = log.chain((events) =>
      fc.tuple(fc.constant(events), shuffled(events), fc.subarray(events).chain(shuffled)),
    );
    fc.assert(
      fc.property(arrivals, ([events, once, again]) => {
        expect(fold([...again, ...once, ...again]).messages).toEqual(expected(events));
      }),
    );
  });

  it('is the same whether a part comes as a page of messages or as events', () => {
    const split = log.chain((events) => fc.tuple(fc.constant(events), fc.subarray(events)));
    fc.assert(
      fc.property(split, ([events, rest]) => {
        const page = expected(events);
        expect(mergePage(fold(rest), page).messages).toEqual(page);
        expect(fold(rest, mergePage(emptyFeed, page)).messages).toEqual(page);
      }),
    );
  });

  it('never changes what it was given', () => {
    fc.assert(
      fc.property(log, log, (before, after) => {
        const feed = fold(before);
        const kept = structuredClone(feed);
        fold(after, feed);
        expect(feed).toEqual(kept);
      }),
    );
  });

  it('never throws, whatever an event holds', () => {
    const anything = fc.record({
      seq: fc.integer({ min: 1 }),
      id: fc.string(),
      type: fc.oneof(fc.string(), fc.constantFrom('MessagePosted', 'MessageDeleted', '__proto__', 'constructor')),
      at: fc.integer(),
      actor: fc.constant(actor),
      data: fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('text', 'target')), fc.anything()),
    });
    fc.assert(fc.property(fc.array(anything), (events) => void fold(events as SequencedEvent[])));
  });

  it('shows an event whose text was scrubbed as deleted, also before its deletion is seen', () => {
    const { id, at } = posted(1);
    expect(fold([{ ...posted(1), type: 'MessagePosted', data: {} }]).messages).toEqual([
      { seq: 1, id, at, actor, deleted: true },
    ]);
  });

  it('is the very same object where nothing changed, so that nobody draws it again', () => {
    const feed = fold([posted(1), deleted(2, idOf(1)), deleted(3, idOf(9))]);
    expect(evolve(feed, posted(1))).toBe(feed);
    expect(evolve(feed, deleted(2, idOf(1)))).toBe(feed);
    expect(evolve(feed, deleted(3, idOf(9)))).toBe(feed);
    expect(evolve(feed, { ...posted(4), type: 'MessageReacted' } as unknown as SequencedEvent)).toBe(feed);
  });
});

describe('bans', () => {
  const moderator = { id: 'm'.repeat(22), name: 'moderator', role: 'moderator' as const };
  const hiding = (seq: number, hide?: true): SequencedEvent => ({
    ...{ seq, id: `${moderator.id}:${seq}`, type: 'PersonBanned', at: seq, actor: moderator },
    data: { person: actor.id, ...(hide ? { hide } : {}) },
  });
  const shown = ({ messages }: Feed) => messages.map(({ seq, text }) => [seq, text]);

  it('that hide take the text of what was said before them, whatever is loaded or arrives later', () => {
    const said = [posted(1), posted(2), posted(4)];
    const hidden = [
      [4, 'text 4'],
      [2, undefined],
      [1, undefined],
    ];
    const page = fold([posted(1)]).messages;
    for (const feed of [
      fold([...said, hiding(3, true)]),
      fold([hiding(3, true), ...said]),
      fold([hiding(3, true), ...said, hiding(3, true)]),
      mergePage(fold([posted(2), hiding(3, true), posted(4)]), page),
    ]) {
      expect(shown(feed)).toEqual(hidden);
      expect(feed.messages[1]).toMatchObject({ deleted: true, byModerator: true });
    }
  });

  it('and erasures take name and picture too, of what was said below them', () => {
    const erasing = {
      ...{ seq: 3, id: `${moderator.id}:3`, type: 'PersonErased', at: 3, data: { person: actor.id } },
      actor: { id: 'operator'.padEnd(22, '-'), name: 'operator', role: 'moderator' },
    } as SequencedEvent;
    const page = fold([posted(1)]).messages;
    const feed = mergePage(fold([posted(2), hiding(5, true), erasing, posted(4), posted(6)]), page);
    expect(shown(feed)).toEqual([
      [6, 'text 6'],
      [4, undefined],
      [2, undefined],
      [1, undefined],
    ]);
    expect(feed.messages.map(({ actor: { name } }) => name)).toEqual(['alice', 'alice', 'guest-aaaa', 'guest-aaaa']);
    expect(fold([erasing, posted(1)]).messages).toEqual(fold([posted(1), erasing]).messages);
  });

  it('that do not hide change nothing that is shown', () => {
    expect(shown(fold([posted(1), hiding(2)]))).toEqual([[1, 'text 1']]);
  });

  it('leave no place for a message that was voided, and a deletion of it makes none', () => {
    const voided = { ...posted(2), data: { voided: true } } as SequencedEvent;
    expect(shown(fold([posted(1), voided, deleted(3, voided.id)]))).toEqual([[1, 'text 1']]);
  });
});
