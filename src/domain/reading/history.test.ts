import { describe, expect, it } from 'vitest';
import type { Head } from '../ports/event-log.ts';
import type { SequencedEvent } from '../schema.generated.ts';
import { chatHistory, eventsAfter } from './history.ts';

const actor = { id: 'a'.repeat(22), name: 'alice' };
const posted = (seq: number): SequencedEvent => ({
  seq,
  id: `${actor.id}:m${seq}`,
  type: 'MessagePosted',
  at: seq,
  actor,
  data: { text: `text ${seq}` },
});
const deleted = (seq: number, target: number): SequencedEvent => ({
  ...posted(seq),
  type: 'MessageDeleted',
  data: { target: `${actor.id}:m${target}`, by: actor.id },
});

/** A log whose index shows what it is given, and counts how often it is read. */
function logOf(events: SequencedEvent[], head: Head = { epoch: 'e', seq: events.at(-1)?.seq ?? 0 }) {
  const log = {
    reads: 0,
    head: async () => head,
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

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const seqs = (items: readonly { seq: number }[]) => items.map(({ seq }) => seq);

describe('chatHistory', () => {
  it('is empty and at its end in a room nobody wrote in', async () => {
    const page = await chatHistory(logOf([], { epoch: '', seq: 0 }), 'lobby', undefined, 10);
    expect(page).toEqual({ epoch: '', head: 0, messages: [], nextBefore: null });
  });

  it('walks the whole log in pages, newest first, each message once', async () => {
    const log = logOf(range(1, 25).map(posted));
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
    const page = await chatHistory(logOf(range(1, 10).map(posted)), 'lobby', undefined, 10);
    expect(page.messages).toHaveLength(10);
    expect(page.nextBefore).toBeNull();
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
    const events = [...range(1, 5).map(posted), ...range(6, 10).map((seq) => deleted(seq, seq - 5))];
    const { messages } = await chatHistory(logOf(events), 'lobby', undefined, 3);
    expect(seqs(messages)).toEqual([5, 4, 3]);
  });

  it('leads past 10,000 events that are not messages in few pages, each of a bounded number of reads', async () => {
    const log = logOf([...range(1, 5).map(posted), ...range(6, 10_005).map((seq) => deleted(seq, seq + 1))]);
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

  it('begins below a hole at the lagging end of the index, and says so in its head', async () => {
    const events = [...range(1, 7).map(posted), posted(9)];
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
    const events = [...range(1, 3).map(posted), ...range(5, 9).map(posted)];
    const page = await chatHistory(logOf(events, { epoch: 'e', seq: 9 }), 'lobby', 8, 5);
    expect(seqs(page.messages)).toEqual([7, 6, 5]);
    expect(page.nextBefore).toBe(5);
  });

  it('takes a cursor beyond the head for the head', async () => {
    const page = await chatHistory(logOf(range(1, 3).map(posted)), 'lobby', 999_999, 10);
    expect(seqs(page.messages)).toEqual([3, 2, 1]);
    expect(page.nextBefore).toBeNull();
  });

  it('reads one page of the log for one page of messages, however long the log', async () => {
    const log = logOf(range(1, 10_000).map(posted));
    await chatHistory(log, 'lobby', 5_000, 50);
    expect(log.reads).toBe(1);
  });
});

describe('eventsAfter', () => {
  it('is ascending, contiguous and exclusive', async () => {
    const page = await eventsAfter(logOf(range(1, 10).map(posted)), 'lobby', 4, 3);
    expect(seqs(page.events)).toEqual([5, 6, 7]);
    expect(page).toMatchObject({ epoch: 'e', head: 10 });
  });

  it('stops before a hole', async () => {
    const events = [...range(1, 5).map(posted), posted(7)];
    expect(seqs((await eventsAfter(logOf(events), 'lobby', 3, 10)).events)).toEqual([4, 5]);
    expect((await eventsAfter(logOf(events), 'lobby', 5, 10)).events).toEqual([]);
  });

  it('does not read the log for someone who has it all', async () => {
    const log = logOf(range(1, 5).map(posted));
    expect((await eventsAfter(log, 'lobby', 5, 10)).events).toEqual([]);
    expect(log.reads).toBe(0);
  });
});
