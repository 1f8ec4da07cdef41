import { describe, expect, it } from 'vitest';
import type { Connection, OpenLink } from './connection.ts';
import type { Credentials } from './credentials.ts';
import { Lifetime } from './lifetime.ts';
import { Renewal } from './renewal.ts';
import { settle, VirtualClock } from './testing/clock.ts';
import { token } from './testing/room.ts';

const FIRST = token({ nonce: 1 });
const NEXT = token({ nonce: 2 });

/** Creates a `Renewal` for somebody whose socket is open, and a record of the calls that it makes. */
function renewal() {
  const clock = new VirtualClock();
  const told: unknown[] = [];
  const link: OpenLink = {
    ...{ status: 'open', token: FIRST, offered: undefined, progress: 'complete', networkLost: false, heard: true },
  };
  const surroundings = {
    life: new Lifetime(clock) as Lifetime | undefined,
    next: async (): Promise<string | undefined> => NEXT,
  };
  const credentials = {
    token: FIRST as string | undefined,
    acquire: () => {
      told.push('asks');
      return surroundings.next();
    },
    accepted: () => told.push('accepted'),
  };
  const connection = {
    openLink: link as OpenLink | undefined,
    send: (frame: unknown) => told.push(frame),
    open: async () => void told.push('opens'),
    /** The status of `link` while `openLink` is undefined. */
    status: 'waiting' as Connection['link']['status'],
    get link() {
      return this.openLink ?? { status: this.status };
    },
  };
  const one = new Renewal(credentials as unknown as Credentials, connection as unknown as Connection, {
    life: () => surroundings.life,
    changed: () => told.push('changed'),
    now: clock.now,
    random: () => 0.5,
  });
  const forbidden = { type: 'error', code: 'forbidden', message: 'No.' } as const;
  return { one, clock, told, link, surroundings, credentials, connection, forbidden };
}
const offer = (jwt: string) => ({ action: 'authenticate', token: jwt });

describe('a renewal', () => {
  it.each([
    [600_000, 540_000],
    [240_000, 180_000],
    [40_000, 30_000],
    [1_000, 10_000],
  ])('of a token that has %i ms left comes after %i ms', async (left, ms) => {
    const { one, clock, told } = renewal();
    one.schedule(clock.now() + 5_000);
    one.schedule(clock.now() + left);
    expect(clock.pending).toBe(1);
    await clock.advance(ms - 1);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual(['asks', 'changed', offer(NEXT)]);
  });

  it('follows the token’s own expiry where the server names none', async () => {
    const { one, clock, credentials, told } = renewal();
    credentials.token = token({ exp: (clock.now() + 600_000) / 1_000 });
    one.schedule();
    await clock.advance(540_000);
    expect(told[0]).toBe('asks');
  });

  it('is none for a guest, for a token that does not end, and for a closed client', () => {
    const { one, clock, credentials, surroundings } = renewal();
    one.schedule();
    credentials.token = undefined;
    one.schedule(clock.now() + 600_000);
    credentials.token = FIRST;
    surroundings.life = undefined;
    one.schedule(clock.now() + 600_000);
    expect(clock.pending).toBe(0);
  });

  it('waits for the next socket where none is open', async () => {
    const { one, clock, told, connection } = renewal();
    one.schedule(clock.now() + 600_000);
    connection.openLink = undefined;
    await clock.advance(600_000);
    expect(told).toEqual([]);
  });

  it('that is overdue comes when the machine wakes, and not before it is due', async () => {
    const { one, clock, told } = renewal();
    one.wake();
    const timers = clock.setTimeout;
    Object.assign(clock, { setTimeout: () => 0 });
    one.schedule(clock.now() + 600_000);
    Object.assign(clock, { setTimeout: timers });
    await clock.advance(539_999);
    one.wake();
    expect(told).toEqual([]);
    await clock.advance(1);
    one.wake();
    expect(told).toEqual(['asks']);
  });

  it('that fails is tried again, ever less often, and soon again after one that did not', async () => {
    const { one, clock, told, surroundings } = renewal();
    const fails = () => Promise.reject(new Error('no answer'));
    surroundings.next = fails;
    await one.renew();
    for (const seconds of [15, 20, 30, 40, 40]) {
      told.length = 0;
      await clock.advance(seconds * 1_000 - 1);
      expect(told).toEqual([]);
      await clock.advance(1);
      expect(told).toEqual(['asks']);
    }
    surroundings.next = async () => undefined;
    await one.renew();
    surroundings.next = fails;
    await one.renew();
    told.length = 0;
    await clock.advance(15_000);
    expect(told).toEqual(['asks']);
  });

  it('that fails is not tried again while the connection asks by itself, or rests', async () => {
    const { one, clock, told, surroundings, connection } = renewal();
    surroundings.next = () => Promise.reject(new Error('no answer'));
    connection.openLink = undefined;
    for (const status of ['dialling', 'resting', 'waiting', 'closed'] as const) {
      connection.status = status;
      await one.renew();
      told.length = 0;
      await clock.advance(60_000);
      expect(told.length > 0).toBe(status === 'waiting' || status === 'closed');
    }
  });

  it('that brings no token connects nobody who was not connecting', async () => {
    const { one, told, surroundings, connection } = renewal();
    surroundings.next = async () => undefined;
    connection.openLink = undefined;
    for (const status of ['resting', 'closed', 'waiting', 'dialling'] as const) {
      told.length = 0;
      connection.status = status;
      await one.renew();
      expect(told.includes('opens')).toBe(status === 'waiting' || status === 'dialling');
    }
  });

  it('ends with the client', async () => {
    const { one, told, surroundings } = renewal();
    surroundings.next = () => Promise.reject(new Error('no answer'));
    await one.renew();
    surroundings.life!.end();
    surroundings.next = async () => NEXT;
    await one.renew();
    expect(told).toEqual(['asks', 'asks']);
    surroundings.life = undefined;
    await one.renew();
    expect(told).toHaveLength(2);
  });

  it('plans the next one by the token that it got', async () => {
    const { one, clock, told, credentials, link } = renewal();
    credentials.token = token({ exp: (clock.now() + 600_000) / 1_000 });
    link.token = NEXT;
    await one.renew();
    await clock.advance(539_999);
    expect(told).toEqual(['asks', 'changed']);
    await clock.advance(1);
    expect(told.slice(2)).toEqual(['asks', 'changed']);
  });

  it('offers a token once, and none that the socket has', async () => {
    const { one, told, link, surroundings } = renewal();
    await one.renew();
    await one.renew();
    expect(told.filter((what) => typeof what === 'object')).toEqual([offer(NEXT)]);
    expect(link.offered).toBe(NEXT);
    link.offered = undefined;
    surroundings.next = async () => FIRST;
    await one.renew();
    expect(link.offered).toBeUndefined();
  });

  it.each<[string, string | undefined, string | undefined, unknown]>([
    ['the same person', FIRST, NEXT, offer(NEXT)],
    ['a guest who has signed in', undefined, NEXT, offer(NEXT)],
    ['another person', FIRST, token({ sub: 'other' }), 'opens'],
    ['a person who has signed out', FIRST, undefined, 'opens'],
    ['a guest who stays one', undefined, undefined, 'changed'],
  ])('of %s is sent or needs another socket', async (_who, has, gets, last) => {
    const { one, told, link, surroundings } = renewal();
    link.token = has;
    surroundings.next = async () => gets;
    await one.renew();
    expect(told.at(-1)).toEqual(last);
  });

  it('opens a socket where none is open', async () => {
    const { one, told, connection } = renewal();
    connection.openLink = undefined;
    await one.renew();
    expect(told).toEqual(['asks', 'changed', 'opens']);
  });

  it('without an answer is begun again after ten seconds, but not for another socket or another token', async () => {
    const { one, clock, told, link } = renewal();
    await one.renew();
    await clock.advance(9_999);
    expect(link.offered).toBe(NEXT);
    await clock.advance(1);
    expect(told).toEqual(['asks', 'changed', offer(NEXT), 'asks', 'changed', offer(NEXT)]);
    one.authenticated({ type: 'authenticated', expiresAt: clock.now() + 3_600_000 });
    told.length = 0;
    await clock.advance(60_000);
    expect(told).toEqual([]);
    const other = renewal();
    await other.one.renew();
    other.connection.openLink = { ...other.link };
    other.told.length = 0;
    await other.clock.advance(60_000);
    expect(other.told).toEqual([]);
  });
});

describe('the answer to a renewal', () => {
  it('makes the token that was offered the one of the socket, and says when it ends', async () => {
    const { one, clock, told, link } = renewal();
    link.offered = NEXT;
    one.authenticated({ type: 'authenticated', expiresAt: clock.now() + 600_000 });
    expect([link.token, link.offered, told, clock.pending]).toEqual([NEXT, undefined, ['accepted'], 1]);
    one.authenticated({ type: 'authenticated', expiresAt: clock.now() + 600_000 });
    expect(link.token).toBe(NEXT);
  });

  it('changes nothing where no socket is open', () => {
    const { one, clock, connection, forbidden, told } = renewal();
    connection.openLink = undefined;
    one.authenticated({ type: 'authenticated', expiresAt: clock.now() + 600_000 });
    expect(one.refused(forbidden)).toBe(false);
    expect(told).toEqual(['accepted']);
  });

  it('that it is forbidden leads to another socket, where it is about a token and no command', async () => {
    const { one, told, link, forbidden } = renewal();
    expect(one.refused(forbidden)).toBe(false);
    link.offered = NEXT;
    expect(one.refused({ ...forbidden, code: 'unavailable' })).toBe(false);
    expect(one.refused({ ...forbidden, clientMessageId: 'c1' })).toBe(false);
    expect(told).toEqual([]);
    expect(one.refused(forbidden)).toBe(true);
    await settle();
    expect(told).toEqual(['opens']);
  });
});
