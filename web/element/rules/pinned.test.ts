import { nothing } from 'lit/html.js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { emptyFeed } from '../../../src/domain/feed/feed.ts';
import type { Room } from '../behaviour/room.ts';
import type { Snapshot } from '../client.ts';
import { Pinned } from './pinned.ts';

const actor = { id: 'a'.repeat(22), name: 'alice' };
const messageAt = (seq: number) => ({ id: `${actor.id}:m${seq}`, seq, at: seq, actor, text: `text ${seq}` });
const pageOf = (seq: number) => ({ epoch: 'e', head: 9, messages: [messageAt(seq)], nextBefore: null });

let get: ReturnType<typeof vi.fn<(...args: unknown[]) => Promise<unknown>>>;
let pinned: Pinned;
beforeEach(() => {
  vi.useFakeTimers();
  get = vi.fn();
  pinned = new Pinned({ client: { get } } as unknown as Room, () => {});
});
afterEach(() => {
  vi.useRealTimers();
});

const placeOf = (seq: number) => ({ id: messageAt(seq).id, seq });
const places = [1, 2].map(placeOf);

/** Calls `pinned.render` while message number `seq` is pinned. @returns whether the message is shown */
async function shows(seq: number, place = places[seq - 1]!): Promise<boolean> {
  const rules = { at: 9, pinned: place };
  const snapshot = { feed: { ...emptyFeed, rules } } as unknown as Snapshot;
  const shown = pinned.render(snapshot, 'Pinned') !== nothing;
  await vi.advanceTimersByTimeAsync(0);
  return shown;
}

test('a pinned message that could not be fetched is fetched again, but not at every turn', async () => {
  get.mockRejectedValueOnce(new TypeError('network')).mockResolvedValueOnce(pageOf(1));
  for (let turns = 0; turns < 5; turns++) expect(await shows(1)).toBe(false);
  expect(get).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(10_000);
  await shows(1);
  expect(await shows(1)).toBe(true);
  expect(get).toHaveBeenCalledTimes(2);
});

test('an answer that comes after another message was pinned changes nothing', async () => {
  const late = Promise.withResolvers<unknown>();
  get.mockReturnValueOnce(late.promise).mockResolvedValueOnce(pageOf(2));
  await shows(1);
  await shows(2);
  expect(await shows(2)).toBe(true);
  late.resolve(pageOf(1));
  await vi.advanceTimersByTimeAsync(0);
  expect(await shows(2)).toBe(true);
});

test('a feed that was loaded anew does not show what was fetched before it, because it may be deleted since', async () => {
  get.mockResolvedValueOnce(pageOf(1)).mockResolvedValueOnce({ ...pageOf(1), messages: [] });
  await shows(1);
  expect(await shows(1)).toBe(true);
  const anew = placeOf(1);
  expect(await shows(1, anew)).toBe(false);
  expect(await shows(1, anew)).toBe(false);
  expect(get).toHaveBeenCalledTimes(2);
});
