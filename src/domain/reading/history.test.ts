import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noRules, type Rules } from '../governance/rules.ts';
import type { Head, NumberedEvent } from '../ports/event-log.ts';
import type { ChatHistoryPage } from '../schema.generated.ts';
import { PAST } from './cursor.ts';
import { chatHistory, eventsAfter } from './history.ts';

const NOW = 1_700_000_000_000;
const LONG_AGO = NOW - 60_001;
const actor = { id: 'a'.repeat(22), name: 'alice' };
const posted = (seq: number, numberedAt = NOW): NumberedEvent => ({
  numberedAt,
  seq,
  id: `${actor.id}:m${seq}`,
  type: 'MessagePosted',
  at: seq,
  actor,
  data: { text: `text ${seq}` },
});
const deleted = (seq: number, target: number): NumberedEvent => ({
  ...posted(seq),
  type: 'MessageDeleted',
  data: { target: `${actor.id}:m${target}`, by: actor.id },
});

/** A log whose index shows the given events. Counts how often the index is read. */
function logOf(
  events: NumberedEvent[],
  { epoch = 'e', seq = events.at(-1)?.seq ?? 0, numberedAt = NOW, ...rest }: Partial<Head> = {},
) {
  const log = {
    reads: 0,
    inForce: noRules,
    now: () => NOW,
    floor: undefined as number | undefined,
    head: async () => ({ epoch, seq, numberedAt, ...rest }),
    raiseFloor: async (_room: string, _head: Head, floor: number) => {
      log.floor = floor;
    },
    rules: async (): Promise<Rules> => log.inForce,
    readBefore: async (_room: string, before = Number.POSITIVE_INFINITY, limit = 0) => {
      log.reads++;
      return events
        .filter(({ seq }) => seq < before)
        .toReversed()
        .slice(0, limit);
    },
    readAfter: async (_room: string, after: number, limit: number) => {
      log.reads++;
      return events.filter(({ seq }) => seq > after).slice(0, limit);
    },
  };
  return log;
}

const aMinuteLater = <L extends object>(log: L) => ({ ...log, now: () => NOW + 60_001 });

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const posts = (from: number, to: number, numberedAt = NOW) => range(from, to).map((seq) => posted(seq, numberedAt));
const seqs = (items: readonly { seq: number }[]) => items.map(({ seq }) => seq);

describe('chatHistory', () => {
  it('is empty and at its end in a room nobody wrote in', async () => {
    const log = logOf([], { epoch: '', seq: 0 });
    expect(await chatHistory(log, 'lobby', undefined, 10)).toEqual({
      ...{ epoch: '', head: 0, messages: [], nextBefore: null },
    });
    expect(log.reads).toBe(0);
  });

  it('walks the whole log in pages, newest first, each message once', async () => {
    const log = logOf(posts(1, 25));
    const walked: number[] = [];
    let before: number | undefined;
    let pages = 0;
    do {
      const page = await chatHistory(log, 'lobby', before, 10);
      walked.push(...seqs(page.messages));
      before = page.nextBefore ?? undefined;
      pages++;
    } while (before !== undefined);
    expect(walked).toEqual(range(1, 25).toReversed());
    expect(pages).toBe(3);
  });

  it('does not offer a next page after exactly the last message', async () => {
    const page = await chatHistory(logOf(posts(1, 10)), 'lobby', undefined, 10);
    expect(page.messages).toHaveLength(10);
    expect(page.nextBefore).toBeNull();
    const withDeletion = logOf([...posts(1, 3), deleted(4, 99)]);
    expect(await chatHistory(withDeletion, 'lobby', undefined, 3)).toMatchObject({ nextBefore: null });
  });

  it('shows messages as they are now: deleted ones keep their place and lose their text', async () => {
    const { messages, head } = await chatHistory(logOf([posted(1), posted(2), deleted(3, 1)]), 'lobby', undefined, 10);
    expect(messages).toEqual([
      { seq: 2, id: `${actor.id}:m2`, at: 2, actor, text: 'text 2' },
      { seq: 1, id: `${actor.id}:m1`, at: 1, actor, deleted: true },
    ]);
    expect(head).toBe(3);
  });

  it('fills a page past events that are not messages', async () => {
    const events = [...posts(1, 5), ...range(6, 10).map((seq) => deleted(seq, seq - 5))];
    const { messages } = await chatHistory(logOf(events), 'lobby', undefined, 3);
    expect(seqs(messages)).toEqual([5, 4, 3]);
  });

  it('leads past 10,000 events that are not messages in few pages, each of a bounded number of reads', async () => {
    const log = logOf([...posts(1, 5), ...range(6, 10_005).map((seq) => deleted(seq, seq + 1))]);
    let before: number | undefined;
    let pages = 0;
    for (; ; pages++) {
      log.reads = 0;
      const page = await chatHistory(log, 'lobby', before, 50);
      expect(log.reads).toBeLessThanOrEqual(5);
      if (page.messages.length > 0) {
        expect(seqs(page.messages)).toEqual([5, 4, 3, 2, 1]);
        expect(page.nextBefore).toBeNull();
        break;
      }
      expect(page.nextBefore).toBeLessThan(before ?? Number.POSITIVE_INFINITY);
      before = page.nextBefore!;
    }
    expect(pages).toBeLessThan(10);
  });

  it('leads past events that are not messages in an old room too, where no hole can still fill', async () => {
    const events = [
      ...posts(1, 3, LONG_AGO),
      ...range(4, 203).map((seq) => ({ ...deleted(seq, 999), numberedAt: LONG_AGO })),
    ];
    const log = logOf(events, { numberedAt: LONG_AGO });
    const page = await chatHistory(log, 'lobby', undefined, 2);
    expect(page).toMatchObject({ messages: [], nextBefore: 111 });
    expect(log.reads).toBe(5);
    const next = await chatHistory(log, 'lobby', 12, 3);
    expect([seqs(next.messages), next.nextBefore]).toEqual([[3, 2, 1], null]);
  });

  it('reads the head once', async () => {
    const log = logOf(posts(1, 3));
    let heads = 0;
    const head = () => {
      heads++;
      return log.head();
    };
    await chatHistory({ ...log, head }, 'lobby', undefined, 10);
    expect(heads).toBe(1);
  });

  it('begins below a hole at the lagging end of the index, and says so in its head', async () => {
    const events = [...posts(1, 7), posted(9)];
    const page = await chatHistory(logOf(events, { epoch: 'e', seq: 9 }), 'lobby', undefined, 5);
    expect(page.head).toBe(7);
    expect(seqs(page.messages)).toEqual([7, 6, 5, 4, 3]);
  });

  it('leads on where the index does not show the first messages yet', async () => {
    const log = logOf([posted(2)], { epoch: 'e', seq: 2 });
    const newest = await chatHistory(log, 'lobby', undefined, 5);
    expect(seqs(newest.messages)).toEqual([2]);
    expect(newest.nextBefore).toBe(2);
    expect(await chatHistory(log, 'lobby', 2, 5)).toMatchObject({ messages: [], nextBefore: 2 });
  });

  it('is empty, complete up to nothing and at its end where the index shows nothing yet', async () => {
    const page = await chatHistory(logOf([], { epoch: 'e', seq: 2 }), 'lobby', undefined, 5);
    expect(page).toEqual({ epoch: 'e', head: 0, messages: [], nextBefore: null });
  });

  it('ends an older page above a hole and leads on from there', async () => {
    const events = [...posts(1, 3), ...posts(5, 9)];
    const page = await chatHistory(logOf(events, { epoch: 'e', seq: 9 }), 'lobby', 8, 5);
    expect(seqs(page.messages)).toEqual([7, 6, 5]);
    expect(page.nextBefore).toBe(5);
  });

  it('takes a cursor beyond the head for the head', async () => {
    const page = await chatHistory(logOf(posts(1, 3)), 'lobby', 999_999, 10);
    expect(seqs(page.messages)).toEqual([3, 2, 1]);
    expect(page.nextBefore).toBeNull();
  });

  it('reads one page of the log for one page of messages, however long the log', async () => {
    const log = logOf(posts(1, 10_000));
    await chatHistory(log, 'lobby', 5_000, 50);
    expect(log.reads).toBe(1);
  });
});

describe('eventsAfter', () => {
  it('is ascending, contiguous and exclusive', async () => {
    const page = await eventsAfter(logOf(posts(1, 10)), 'lobby', 4, 3);
    expect(seqs(page.events)).toEqual([5, 6, 7]);
    expect(page).toMatchObject({ epoch: 'e', head: 10 });
  });

  it('stops before a hole', async () => {
    const events = [...posts(1, 5), posted(7)];
    expect(seqs((await eventsAfter(logOf(events), 'lobby', 3, 10)).events)).toEqual([4, 5]);
    expect((await eventsAfter(logOf(events), 'lobby', 5, 10)).events).toEqual([]);
  });

  it('does not read the log for someone who has it all', async () => {
    const log = logOf(posts(1, 5));
    expect((await eventsAfter(log, 'lobby', 5, 10)).events).toEqual([]);
    expect(log.reads).toBe(0);
  });
});

describe('a number whose event is gone', () => {
  const without = (gone: readonly number[], events: readonly NumberedEvent[]) =>
    events.filter(({ seq }) => !gone.includes(seq));

  it('is passed over by the newest page as soon as a higher number is older than a minute', async () => {
    const young = logOf(without([6], posts(1, 9)));
    expect(await chatHistory(young, 'lobby', undefined, 9)).toMatchObject({ head: 5 });
    const old = logOf(without([6], posts(1, 9, LONG_AGO)));
    const page = await chatHistory(old, 'lobby', undefined, 9);
    expect(page).toMatchObject({ head: 9, nextBefore: null });
    expect(seqs(page.messages)).toEqual([9, 8, 7, 5, 4, 3, 2, 1]);
  });

  it('is passed over by an older page because of what is above the page', async () => {
    const log = logOf([...posts(1, 5), ...posts(8, 9, LONG_AGO), posts(10, 10)[0]!]);
    const page = await chatHistory(log, 'lobby', 8, 5);
    expect(seqs(page.messages)).toEqual([5, 4, 3, 2, 1]);
  });

  it('ends an older page for a minute, and the page leads on to it', async () => {
    const log = logOf([...posts(1, 5), ...posts(7, 9)]);
    expect(await chatHistory(log, 'lobby', 7, 5)).toMatchObject({ messages: [], nextBefore: 7 });
    expect(log.reads).toBe(2);
    expect(seqs((await chatHistory(aMinuteLater(log), 'lobby', 7, 5)).messages)).toEqual([5, 4, 3, 2, 1]);
  });

  it('costs no second read where the head is older than a minute', async () => {
    const log = logOf(posts(1, 8, LONG_AGO), { seq: 9, numberedAt: LONG_AGO });
    expect(seqs((await chatHistory(log, 'lobby', 10, 5)).messages)).toEqual([8, 7, 6, 5, 4]);
    expect(log.reads).toBe(1);
  });

  it('is the end where it is the first', async () => {
    const log = logOf(posts(4, 6, LONG_AGO));
    expect(await chatHistory(log, 'lobby', undefined, 9)).toMatchObject({ head: 6, nextBefore: null });
    expect(await chatHistory(log, 'lobby', 4, 9)).toMatchObject({ messages: [], nextBefore: null });
  });

  it('is counted where it is the last, a minute after the head last moved', async () => {
    const restored = posts(1, 3, LONG_AGO);
    expect(await chatHistory(logOf(restored, { seq: 8 }), 'lobby', undefined, 9)).toMatchObject({ head: 3 });
    const silent = logOf(restored, { seq: 8, numberedAt: LONG_AGO });
    expect(await chatHistory(silent, 'lobby', undefined, 9)).toMatchObject({ head: 8 });
    expect(seqs((await eventsAfter(silent, 'lobby', 3, 3)).events)).toEqual([4, 5, 6]);
    expect(seqs((await eventsAfter(silent, 'lobby', 6, 3)).events)).toEqual([7, 8]);
  });

  it('has a placeholder among the events, once a higher number is older than a minute', async () => {
    const log = logOf([...posts(1, 2), ...posts(4, 5)]);
    expect(seqs((await eventsAfter(log, 'lobby', 1, 9)).events)).toEqual([2]);
    const { events } = await eventsAfter(aMinuteLater(log), 'lobby', 1, 9);
    expect(events.map(({ seq, id, type }) => [seq, id.split(':')[0], type])).toEqual([
      [2, actor.id, 'MessagePosted'],
      [3, 'vacant', 'NumberVacant'],
      [4, actor.id, 'MessagePosted'],
      [5, actor.id, 'MessagePosted'],
    ]);
    expect(events[0]).not.toHaveProperty('numberedAt');
  });

  it('does not keep messages of a log that is ahead of its head from being paged', async () => {
    const log = logOf(posts(1, 9), { seq: 4 });
    const newest = await chatHistory(log, 'lobby', undefined, 2);
    expect(seqs(newest.messages)).toEqual([9, 8]);
    expect(seqs((await chatHistory(log, 'lobby', newest.nextBefore!, 3)).messages)).toEqual([7, 6, 5]);
  });

  const logs = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });
  const eventsOf = (there: readonly boolean[], numberedAt: number) =>
    there.flatMap((is, index) => (is ? [posted(index + 1, numberedAt)] : []));

  it('never hides another: in a busy room paging reaches every message, wherever numbers are missing (I10)', async () => {
    await fc.assert(
      fc.asyncProperty(logs, fc.integer({ min: 1, max: 5 }), async (there, limit) => {
        const end = there.length + 1;
        const events = [...eventsOf(there, LONG_AGO), posted(end, LONG_AGO), posted(end + 1), posted(end + 2)];
        const log = logOf(events);
        const walked: number[] = [];
        for (let before: number | null = end + 3; before !== null; ) {
          const page: ChatHistoryPage = await chatHistory(log, 'lobby', before, limit);
          expect(page.nextBefore ?? 0).toBeLessThan(before);
          walked.push(...seqs(page.messages));
          before = page.nextBefore;
        }
        expect(walked).toEqual(seqs(events).reverse());
      }),
    );
  });

  it('never stops a reader: from any place it gets every number up to what is settled, once (I4)', async () => {
    await fc.assert(
      fc.asyncProperty(
        logs,
        fc.boolean(),
        fc.integer({ min: 1, max: 5 }),
        fc.nat({ max: 40 }),
        async (there, silent, limit, from) => {
          const numberedAt = silent ? LONG_AGO : NOW;
          const log = logOf(eventsOf(there, numberedAt), { seq: there.length, numberedAt });
          const got: number[] = [];
          for (let last = from; ; last = got.at(-1)!) {
            const page = await eventsAfter(log, 'lobby', last, limit);
            if (page.events.length === 0) break;
            got.push(...seqs(page.events));
          }
          const firstHole = there.findIndex((is, index) => !is && index >= from);
          const end = silent || firstHole === -1 ? there.length : firstHole;
          expect(got).toEqual(range(from + 1, Math.max(from, end)));
        },
      ),
    );
  });
});

describe('rules of the room', () => {
  const hidden = { [actor.id]: { before: 3 } };
  const voided = (seq: number): NumberedEvent => ({ ...posted(seq), type: 'MessagePosted', data: { voided: true } });

  it('hide what was said, on every page and among the events, before its items are scrubbed', async () => {
    const log = Object.assign(logOf(posts(1, 4)), { inForce: { ...noRules, at: 3, hidden } });
    const { messages } = await chatHistory(log, 'lobby', undefined, 10);
    expect(messages.map(({ text }) => text)).toEqual(['text 4', 'text 3', undefined, undefined]);
    expect(messages[2]).toMatchObject({ seq: 2, deleted: true, byModerator: true });
    expect((await chatHistory(log, 'lobby', 2, 10)).messages).toMatchObject([{ seq: 1, deleted: true }]);
    const { events } = await eventsAfter(log, 'lobby', 0, 10);
    expect(events.map(({ data }) => 'text' in data)).toEqual([false, false, true, true]);
  });

  it('that came with the newest messages hide too, where the index is ahead of the head that was read', async () => {
    const log = logOf(posts(1, 4), { seq: 2 });
    const heads = [2, 4];
    log.head = async () => ({ epoch: 'e', seq: heads.shift()!, numberedAt: NOW });
    const rules = async (_room: string, { seq }: Head) => (seq < 4 ? noRules : { ...noRules, at: 4, hidden });
    const page = await chatHistory({ ...log, rules }, 'lobby', undefined, 10);
    expect(page.head).toBe(4);
    expect(page.messages.map(({ text }) => text)).toEqual(['text 4', 'text 3', undefined, undefined]);
  });

  it('are on the newest page as far as they are shown, and on no other', async () => {
    const pinned = { id: posted(1).id as string, seq: 1 };
    const inForce = { ...noRules, at: 3, bans: { [actor.id]: {} }, slow: 10, locked: true, pinned };
    const log = Object.assign(logOf(posts(1, 4)), { inForce });
    const { rules } = await chatHistory(log, 'lobby', undefined, 2);
    expect(rules).toEqual({ at: 3, slow: 10, locked: true, pinned });
    expect(await chatHistory(log, 'lobby', 3, 2)).not.toHaveProperty('rules');
    log.inForce = { ...noRules, at: 5 } as never;
    expect((await chatHistory(log, 'lobby', undefined, 2)).rules).toEqual({ at: 5 });
  });

  it('leave no place for what was voided, and paging goes on behind any number of it', async () => {
    const log = logOf([...posts(1, 3), ...range(4, 40).map(voided), posted(41)]);
    expect(seqs((await chatHistory(log, 'lobby', undefined, 3)).messages)).toEqual([41, 3, 2]);
    expect(seqs((await eventsAfter(log, 'lobby', 38, 10)).events)).toEqual([39, 40, 41]);
  });
});

describe('old events that are gone', () => {
  const DAY = 86_400_000;
  /** An event that is kept for a day after it got its number. */
  const kept = (seq: number, numberedAt: number): NumberedEvent => ({
    ...posted(seq, numberedAt),
    expiresAt: (numberedAt + DAY) / 1_000,
  });
  const old = (from: number, to: number) => range(from, to).map((seq) => kept(seq, NOW - 2 * DAY));
  const young = (from: number, to: number) => range(from, to).map((seq) => kept(seq, NOW - DAY / 2));
  const walk = async (log: ReturnType<typeof logOf>, limit: number) => {
    const walked: number[] = [];
    let before: number | null | undefined;
    for (let pages = 0; before !== null && pages < 50; pages++) {
      const page = await chatHistory(log, 'lobby', before, limit);
      walked.push(...seqs(page.messages));
      before = page.nextBefore;
    }
    expect(before).toBeNull();
    return walked;
  };

  it.each([
    ['still stored', old(1, 20)],
    ['partly deleted, in any order', old(1, 20).filter(({ seq }) => [3, 9, 15].includes(seq))],
    ['deleted', []],
  ])('end the pages at the floor where they are %s', async (_, gone) => {
    for (const limit of [3, 5, 10, 50]) {
      expect(await walk(logOf([...gone, ...young(21, 30)]), limit)).toEqual(range(21, 30).reverse());
    }
  });

  it('are on no page, also where all of them are', async () => {
    const log = logOf(old(1, 20), { seq: 20, numberedAt: NOW - 2 * DAY });
    expect(await chatHistory(log, 'lobby', undefined, 10)).toMatchObject({ head: 20, messages: [], nextBefore: null });
    expect(log.floor).toBe(20);
  });

  it('leave the newest page at the floor where the index shows nothing above it yet', async () => {
    const page = await chatHistory(logOf(old(1, 20), { seq: 21 }), 'lobby', undefined, 10);
    expect(page).toMatchObject({ head: 20, messages: [] });
    expect(await eventsAfter(logOf(old(1, 20), { seq: 21 }), 'lobby', page.head, 10)).toMatchObject({ epoch: 'e' });
  });

  it('are not read any more once the head remembers the floor', async () => {
    const log = logOf(young(21, 30), { floor: 20 });
    expect(await chatHistory(log, 'lobby', 21, 10)).toMatchObject({ messages: [], nextBefore: null });
    expect(await walk(log, 10)).toEqual(range(21, 30).reverse());
    expect(log.floor).toBeUndefined();
  });

  it.each([
    ['still stored', old(1, 20)],
    ['partly deleted, in any order', old(1, 20).filter(({ seq }) => seq % 7 === 0)],
    ['deleted', []],
  ])('answer a reader below the floor that its place is of the past, where they are %s', async (_, gone) => {
    const log = logOf([...gone, ...young(21, 30)]);
    for (const after of [0, 5, 19]) {
      expect(await eventsAfter(log, 'lobby', after, 100)).toEqual({ epoch: PAST, head: 30, events: [] });
    }
    expect(log.floor).toBe(20);
    for (const after of [20, 25]) {
      const page = await eventsAfter(log, 'lobby', after, 100);
      expect({ epoch: page.epoch, seqs: seqs(page.events) }).toEqual({ epoch: 'e', seqs: range(after + 1, 30) });
      expect(page.events[0]).not.toHaveProperty('expiresAt');
    }
  });

  it('have the highest number that was met remembered as the floor', async () => {
    const log = logOf([...old(7, 7), ...old(14, 14), ...young(21, 30)]);
    expect((await eventsAfter(log, 'lobby', 0, 100)).epoch).toBe('past');
    expect(log.floor).toBe(14);
  });

  it('are not looked for where nothing is missing', async () => {
    const log = logOf(young(21, 30));
    expect(seqs((await eventsAfter(log, 'lobby', 20, 100)).events)).toEqual(range(21, 30));
    expect([log.reads, log.floor]).toEqual([1, undefined]);
  });

  it('are not what a lagging index does not show yet: the reader keeps its place', async () => {
    const log = logOf([kept(2, NOW)]);
    expect(await eventsAfter(log, 'lobby', 0, 100)).toMatchObject({ epoch: 'e', events: [] });
    const old = logOf([kept(2, NOW - DAY / 2)]);
    expect(await eventsAfter(old, 'lobby', 0, 100)).toEqual({ epoch: PAST, head: 2, events: [] });
  });

  it('are gone from the millisecond on in which they expire', async () => {
    const log = logOf([kept(1, NOW - DAY), kept(2, NOW - DAY + 1)], { numberedAt: LONG_AGO });
    expect(seqs((await chatHistory(log, 'lobby', undefined, 10)).messages)).toEqual([2]);
  });

  it('leave a hole above the floor what it is: a vacant number', async () => {
    const log = logOf([...old(1, 20), ...young(21, 25), ...young(28, 30)]);
    const { events } = await eventsAfter(log, 'lobby', 25, 100);
    expect(events.map(({ type }) => type).slice(0, 3)).toEqual(['NumberVacant', 'NumberVacant', 'MessagePosted']);
  });

  it('hold up no reader where the floor cannot be written', async () => {
    const log = { ...logOf([...old(1, 20), ...young(21, 30)]), raiseFloor: () => Promise.reject(new Error('busy')) };
    expect((await eventsAfter(log, 'lobby', 3, 10)).epoch).toBe(PAST);
  });
});
