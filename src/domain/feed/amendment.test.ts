import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventBody, Message } from '../schema.generated.ts';
import { amend, amendment, type Changes, type Content } from './amendment.ts';
import { applyAmendment, emptyFeed, evolve, type Feed, mergePage } from './feed.ts';

const actor = { id: 'a'.repeat(22), name: 'alice' };
const idOf = (seq: number) => `${actor.id}:${seq}`;

/** Made-up changes of each kind that `Changes` allows: flags, versioned values and deletions. */
const changes: fc.Arbitrary<Changes> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<Changes>({ deleted: true }, { deleted: true, byModerator: true }) },
  { weight: 3, arbitrary: fc.constantFrom<Changes>({ important: true }, { pinned: true }) },
  {
    weight: 4,
    arbitrary: fc.record({
      edited: fc.record({ version: fc.integer({ min: 1, max: 3 }), text: fc.constantFrom('one', 'two') }),
    }),
  },
);
const content = (text: string): Content => ({ text });
const shuffled = <T>(items: readonly T[]) =>
  fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });

describe('the changes of a message', () => {
  it('come to the same in whatever order and however often they are applied', () => {
    const orders = fc
      .array(changes, { maxLength: 6 })
      .chain((all) => fc.tuple(shuffled(all), shuffled(all), fc.subarray(all)));
    fc.assert(
      fc.property(orders, ([once, again, some]) => {
        const first = once.reduce<Content>(amend, content('hi'));
        expect([...some, ...again, ...some].reduce<Content>(amend, content('hi'))).toEqual(first);
        expect(once.reduce<Content>(amend, first)).toBe(first);
      }),
    );
  });

  it('may be put together before they are applied', () => {
    fc.assert(
      fc.property(fc.array(changes, { minLength: 1, maxLength: 6 }), (all) => {
        const together = all.reduce<Content>(amend, {});
        expect(amend(content('hi'), together)).toEqual(all.reduce<Content>(amend, content('hi')));
      }),
    );
  });

  it('leave nothing that a deleted message said', () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 5 }), (all) => {
        const { byModerator: _, ...left } = [...all, { deleted: true }, ...all].reduce<Content>(
          amend,
          content('secret'),
        );
        expect(left).toEqual({ deleted: true });
      }),
    );
  });

  it('set a flag, and keep the value of the greater version', () => {
    expect(amend({ text: 'hi' }, { important: true })).toEqual({ text: 'hi', important: true });
    const second = amend<Content>({ text: 'hi' }, { edited: { version: 2, text: 'second' } });
    expect(amend(second, { edited: { version: 1, text: 'first' } })).toBe(second);
    expect(amend(second, { edited: { version: 10, text: 'tenth' } })).toMatchObject({ edited: { text: 'tenth' } });
    const none: Content = { edited: null };
    expect(amend(none, { edited: { version: 1, text: 'first' } })).toBe(none);
  });

  it('change nothing of what was voided, and take what a deletion has left', () => {
    const voided: Content = { voided: true };
    expect(amend(voided, { deleted: true })).toBe(voided);
    expect(amend<Content>({ deleted: true, text: 'left' }, { deleted: true })).toEqual({ deleted: true });
    expect(amend<Content>({ voided: false, text: 'hi' }, { deleted: true })).toEqual({ deleted: true });
  });
});

describe('a feed', () => {
  interface Amending {
    seq: number;
    changes: Changes;
  }
  /** Made-up logs: the number of posts, and the amendments of these posts in the order of their appends. */
  const logs = fc
    .integer({ min: 1, max: 5 })
    .chain((posts) =>
      fc.tuple(
        fc.constant(posts),
        fc.array(fc.record({ seq: fc.integer({ min: 1, max: posts }), changes }), { maxLength: 8 }),
      ),
    );
  const post = (seq: number) => (feed: Feed) =>
    evolve(feed, { seq, id: idOf(seq), type: 'MessagePosted', at: seq, actor, data: { text: `text ${seq}` } });
  const change = (amending: Amending) => (feed: Feed) =>
    applyAmendment(feed, { target: idOf(amending.seq), changes: amending.changes });
  /** Merges a page that was read when the given amendments had been appended. Its messages already show them. */
  const page = (seqs: readonly number[], amendings: readonly Amending[]) => (feed: Feed) =>
    mergePage(
      feed,
      seqs.map((seq) => {
        const before: Content = { text: `text ${seq}` };
        const now = amendings.filter((one) => one.seq === seq).reduce<Content>((a, b) => amend(a, b.changes), before);
        return { seq, id: idOf(seq), at: seq, actor, ...now } as Message;
      }),
    );

  it('ends equal in every order of events, changes and pages, whatever a page shows already', () => {
    const histories = logs.chain(([posts, amendings]) => {
      const seqs = Array.from({ length: posts }, (_, index) => index + 1);
      const pages = fc.array(fc.tuple(fc.subarray(seqs), fc.nat({ max: amendings.length })), { maxLength: 3 });
      return pages.chain((read) => {
        const live = [...seqs.map(post), ...amendings.map(change)];
        const steps = [...live, ...read.map(([some, upTo]) => page(some, amendings.slice(0, upTo)))];
        return fc.tuple(fc.constant(live), shuffled(steps), fc.subarray(steps).chain(shuffled));
      });
    });
    fc.assert(
      fc.property(histories, ([live, steps, again]) => {
        const fold = (all: readonly ((feed: Feed) => Feed)[]) => all.reduce((feed, step) => step(feed), emptyFeed);
        expect(fold([...steps, ...again])).toEqual(fold(live));
      }),
    );
  });

  it('keeps at most 1,000 changes of messages that it does not have, the latest', () => {
    const orphans = Array.from({ length: 1_500 }, (_, index) => change({ seq: index + 1, changes: { deleted: true } }));
    const feed = orphans.reduce((before, step) => step(before), emptyFeed);
    expect(feed.pending.size).toBe(1_000);
    expect(feed.pending.has(idOf(1_500))).toBe(true);
    expect(feed.pending.has(idOf(500))).toBe(false);
  });

  it('lets go of a change when its message is there', () => {
    expect(post(1)(change({ seq: 1, changes: { deleted: true } })(emptyFeed)).pending.size).toBe(0);
  });
});

describe('an event', () => {
  it('that deletes amends its target; one that posts amends nothing', () => {
    const deletion: EventBody = { type: 'MessageDeleted', data: { target: idOf(1), by: actor.id } };
    expect(amendment(deletion)).toEqual({ target: idOf(1), changes: { deleted: true } });
    const byOther: EventBody = { type: 'MessageDeleted', data: { target: idOf(1), by: 'm'.repeat(22) } };
    expect(amendment(byOther)).toEqual({ target: idOf(1), changes: { deleted: true, byModerator: true } });
    expect(amendment({ type: 'MessagePosted', data: { text: 'hi' } })).toBeUndefined();
  });

  it('of a type to come, or without a target, amends nothing', () => {
    expect(amendment({ type: 'RoomLocked', data: {} } as unknown as EventBody)).toBeUndefined();
    const deletion = (target: unknown, by: unknown) =>
      amendment({ type: 'MessageDeleted', data: { target, by } } as unknown as EventBody);
    expect(deletion(5, actor.id)).toBeUndefined();
    expect(deletion(idOf(1), undefined)).toEqual({ target: idOf(1), changes: { deleted: true } });
  });
});
