import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeStorage } from '../../client/testing/fake-storage.ts';
import { LastVisit } from './last-visit.ts';
import { Room } from './room.ts';

const NOW = 1_800_000_000_000;
const alice = 'alice';
const byBob = (seq: number) => ({
  ...{ seq, at: NOW - 1, id: `bob:${seq}`, text: 'hi' },
  actor: { id: 'bob', name: 'bob' },
});
let host: { server: string; room: string };
let seen: number;
let visit: LastVisit;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  vi.stubGlobal('localStorage', new FakeStorage());
  host = { server: 'https://api.example', room: 'lobby' };
  seen = 3;
  visit = new LastVisit(host, () => ({ epoch: 'e1', seq: seen }));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function enter(room: string): void {
  host.room = room;
  visit.enter();
}

test('a room that was left for another is marked where it was left', () => {
  enter('lobby');
  enter('garden');
  seen = 9;
  enter('lobby');
  expect(visit.seenUpTo([byBob(5), byBob(3)], 'e1', alice)).toBe(3);
  enter('garden');
  expect(visit.seenUpTo([byBob(10), byBob(9)], 'e1', alice)).toBe(9);
});

test('a slash at the end of the server changes nothing', () => {
  enter('lobby');
  enter('garden');
  host.server += '/';
  enter('lobby');
  expect(visit.seenUpTo([byBob(5), byBob(3)], 'e1', alice)).toBe(3);
});

test('a box that leaves the page before it shows a room remembers nothing', () => {
  visit.look(false);
  expect(localStorage.length).toBe(0);
});

test('a box that is put back into its page is marked where it was taken out', async () => {
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('document', { hidden: false });
  const element = { isConnected: true, addController() {}, removeController() {}, requestUpdate() {} };
  const room = new Room({ ...element, updateComplete: Promise.resolve(true) }, vi.fn(), (shown) => visit.look(shown));
  room.hostConnected();
  visit.enter();
  room.hostDisconnected();
  vi.setSystemTime(NOW + 60_000);
  const meanwhile = { ...byBob(5), at: NOW + 30_000 };
  expect(visit.seenUpTo([meanwhile, byBob(3)], 'e1', alice)).toBeUndefined();
  room.hostConnected();
  expect(visit.seenUpTo([meanwhile, byBob(3)], 'e1', alice)).toBe(3);
});
